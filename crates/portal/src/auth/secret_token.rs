//! Opaque tokens: sessions of the pages and of the interface are both 32 random bytes that mean nothing by themselves.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use errors::{Code, Failure};
use store::TokenHash;
use zeroize::Zeroizing;

/// The text that a token begins with, so that scanners for leaked secrets can find one.
pub const PREFIX: &str = "swp_";

/// A token as its owner holds it. It is never stored and never printed: the database has its [hash](Self::hash).
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    /// A new token.
    ///
    /// # Errors
    /// `internal` when the machine gives no random bytes.
    pub fn generate() -> Result<Self, Failure> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| Failure::plain(Code::Internal))?;
        let mut text = Zeroizing::new(String::from(PREFIX));
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut text);
        Ok(Self(text))
    }

    /// The token that `text` is, in the one spelling that [`generate`](Self::generate) writes; anything else is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        let length = URL_SAFE_NO_PAD.decode_slice(text.strip_prefix(PREFIX)?, bytes.as_mut_slice()).ok()?;
        (length == bytes.len()).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The token as it travels, in the cookie or after `Bearer`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the token, which is what is stored and looked up. 256 random bits need no slower hash.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.as_bytes())
    }
}

/// Shows that there is a token, not which.
impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretToken({PREFIX}…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    #[test]
    fn a_new_token_has_the_one_spelling_and_is_like_no_other() {
        let (one, other) = (SecretToken::generate().unwrap(), SecretToken::generate().unwrap());
        assert_eq!(one.as_str().len(), 47);
        assert_eq!(SecretToken::parse(one.as_str()), Some(one.clone()));
        assert_ne!(one, other);
        assert_ne!(one.hash(), other.hash());
    }

    #[test]
    fn what_is_stored_is_sha_256_of_the_whole_text() {
        let token = SecretToken::parse(TOKEN).unwrap();
        assert_eq!(token.hash().as_str(), "HsrePMIivM8rwJd6vsA9Z0PuFH3RBMc8BI8GGZLHjMM");
    }

    #[test]
    fn any_other_spelling_is_no_token() {
        let others = [
            "",
            "swp_",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "SWP_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            " swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
            "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg",
            "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
            "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh/",
        ];
        for other in others {
            assert_eq!(SecretToken::parse(other), None, "{other}");
        }
    }

    #[test]
    fn debug_does_not_tell_the_token() {
        assert_eq!(format!("{:?}", SecretToken::parse(TOKEN).unwrap()), "SecretToken(swp_…)");
    }
}
