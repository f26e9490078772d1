//! base64url without padding (RFC 4648, 5), in its one spelling: no white space, no padding, no trailing bits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The written form of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a written form, or what is wrong with it.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| format!("not base64url without padding: {error}"))
}

/// The same where the number of bytes is fixed.
pub(crate) fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(length) if length == N => Ok(bytes),
        // Said at length, which is not worth preparing for a text that is good.
        Ok(_) | Err(_) => Err(decode(text).map_or_else(|problem| problem, |bytes| other_length(&bytes, N))),
    }
}

fn other_length(bytes: &[u8], wanted: usize) -> String {
    format!("{} bytes where {wanted} are wanted", bytes.len())
}
