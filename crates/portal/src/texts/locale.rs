//! The languages, each with its texts, which are read once.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

/// The texts in English.
pub(super) const ENGLISH: &str = include_str!("../../texts/en.ftl");

type Bundle = FluentBundle<FluentResource>;

static IN_ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(ENGLISH));

#[cfg(test)]
static IN_PSEUDO: LazyLock<Bundle> = LazyLock::new(|| {
    let mut bundle = bundle(ENGLISH);
    bundle.set_transform(Some(super::pseudo::accented));
    bundle
});

#[cfg(test)]
std::thread_local! {
    static CURRENT: std::cell::Cell<Locale> = const { std::cell::Cell::new(Locale::English) };
}

/// A language that the pages can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// British English.
    English,
    /// English with accents and in brackets, which shows what is not taken from the texts.
    #[cfg(test)]
    Pseudo,
}

impl Locale {
    /// The language of whom the page is written for.
    #[cfg(not(test))]
    #[must_use]
    pub fn current() -> Self {
        Self::English
    }

    /// The language of the test.
    #[cfg(test)]
    pub fn current() -> Self {
        CURRENT.get()
    }

    /// The language as a page names it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            #[cfg(test)]
            Self::Pseudo => "en-XA",
        }
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::English => &IN_ENGLISH,
            #[cfg(test)]
            Self::Pseudo => &IN_PSEUDO,
        }
    }

    /// The text of an id, with its values in place. A page stands even where a text is missing: it shows the id.
    pub(super) fn say(self, id: &str, values: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let pattern = bundle.get_message(id).and_then(|message| message.value());
        debug_assert!(pattern.is_some(), "there is no text {id}");
        let mut errors = Vec::new();
        let said = pattern.map_or_else(|| id.into(), |pattern| bundle.format_pattern(pattern, values, &mut errors));
        debug_assert!(errors.is_empty(), "the text {id}: {errors:?}");
        match self {
            Self::English => said.into_owned(),
            #[cfg(test)]
            Self::Pseudo => format!("[{said}]"),
        }
    }
}

/// The language of the page, for its first tag.
#[must_use]
pub fn language() -> &'static str {
    Locale::current().tag()
}

fn bundle(texts: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![Locale::English.tag().parse().unwrap_or_default()]);
    // The marks that set a value off in text of two directions would be in addresses and in forms as well.
    bundle.set_use_isolating(false);
    let (resource, errors) = match FluentResource::try_new(texts.to_owned()) {
        Ok(resource) => (resource, Vec::new()),
        Err(partial) => partial,
    };
    debug_assert!(errors.is_empty(), "{errors:?}");
    let twice = bundle.add_resource(resource).err();
    debug_assert!(twice.is_none(), "{twice:?}");
    bundle
}

/// What is made in the pseudo-locale.
#[cfg(test)]
pub fn in_pseudo<T>(make: impl FnOnce() -> T) -> T {
    CURRENT.set(Locale::Pseudo);
    let made = make();
    CURRENT.set(Locale::English);
    made
}
