//! Spellings: digests and folded names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// base64url without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The form in which two spellings of one user name are equal: letters without case.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}
