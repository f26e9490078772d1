//! Sealing any bytes at all with a key that is trusted: what no honest signer does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use entitlement::Kind;

use crate::golden::Key;

/// What an input says: the payload, then behind a zero byte each the header and the summary, where they are not the usual
/// ones.
pub struct Parts<'a> {
    /// The payload.
    pub payload: &'a [u8],
    /// The header; nothing: the right one.
    pub header: Option<&'a [u8]>,
    /// The summary as JSON; nothing: none.
    pub about: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// Takes an input apart.
    pub fn of(input: &'a [u8]) -> Self {
        let mut parts = input.splitn(3, |byte| *byte == 0);
        let payload = parts.next().unwrap_or_default();
        let mut written = || parts.next().filter(|part| !part.is_empty());
        Self { payload, header: written(), about: written() }
    }

    /// The file of that kind, signed.
    pub fn file(&self, kind: Kind, key: &Key) -> Vec<u8> {
        let [protected, payload, signature] = self.signed(kind, key);
        let mut file = b"{".to_vec();
        if let Some(about) = self.about {
            file.extend_from_slice(b"\"about\":");
            file.extend_from_slice(about);
            file.push(b',');
        }
        let rest = format!(r#""payload":"{payload}","protected":"{protected}","signature":"{signature}"}}"#);
        file.extend_from_slice(rest.as_bytes());
        file
    }

    /// The same on one line.
    pub fn compact(&self, kind: Kind, key: &Key) -> String {
        self.signed(kind, key).join(".")
    }

    fn signed(&self, kind: Kind, key: &Key) -> [String; 3] {
        let usual = format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"{}"}}"#, key.kid, kind.typ());
        let protected = URL_SAFE_NO_PAD.encode(self.header.unwrap_or(usual.as_bytes()));
        let payload = URL_SAFE_NO_PAD.encode(self.payload);
        let signature = SigningKey::from_bytes(&[key.seed; 32]).sign(format!("{protected}.{payload}").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        [protected, payload, signature]
    }
}
