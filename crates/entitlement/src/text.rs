//! Texts for people, bounded so that they can be shown anywhere.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::strict::from_string;

/// A text of 1 to `MAX` characters without control characters and without marks that reorder what stands around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MAX: usize>(Box<str>);

/// The name of a vendor or of a licensee.
pub type Name = Text<200>;

/// Something that another program names: a member, a computer, the level of a product.
pub type Label = Text<128>;

/// Signed text for the administrator.
pub type Note = Text<2000>;

/// A text that cannot be shown everywhere, or is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadText {
    /// The most characters allowed.
    pub max: usize,
}

impl fmt::Display for BadText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a text of 1 to {} characters without control characters", self.max)
    }
}

impl std::error::Error for BadText {}

impl<const MAX: usize> Text<MAX> {
    /// Takes the text as it stands.
    ///
    /// # Errors
    /// [`BadText`] when it is empty, longer than `MAX` characters, or holds a control or reordering character.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let fits = (1..=MAX).contains(&text.chars().count());
        if fits && !text.chars().any(misleads) { Ok(Self(text.into())) } else { Err(BadText { max: MAX }) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters break lines and terminals; the explicit directional marks (Unicode UAX 9, 2) make a name read as
/// another one.
fn misleads(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_string(deserializer, "a text", Self::parse)
    }
}

/// The most characters of a foreign text that an error repeats.
const SHOWN: usize = 80;

/// A foreign text as an error shows it: not longer than a line.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
