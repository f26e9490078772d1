//! Spellings: digests and folded names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// base64url without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Hexadecimal in small letters, as `sha256sum` prints it.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |of: u8| char::from_digit(u32::from(of), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The pattern that finds the text anywhere, whatever `%` and `_` stand in it; the statement says `ESCAPE '!'`.
pub(crate) fn containing(text: &str) -> String {
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

/// The form in which two spellings of one user name are equal: letters without case.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}
