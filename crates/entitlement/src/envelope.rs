//! The envelope: a JWS in flattened JSON serialization (RFC 7515, 7.2.2), opened and written. Return codes, which people
//! carry by hand, have the compact serialization (RFC 7515, 7.1) of the same three parts.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::strict::{self, Part, object};
use crate::text::cut;
use crate::{Identity, KeyId, Kind, OpenError, PublicKey, SealError, SecretKey, base64url};

/// The most bytes of a signed file.
pub const LIMIT: usize = 262_144;

object! {
    struct Outer<'de> {
        optional about: &'de RawValue,
        required payload: Part<'de>,
        required protected: Part<'de>,
        required signature: Part<'de>,
    }
}

object! {
    struct Header {
        required alg: Algorithm,
        required kid: KeyId,
        required typ: String,
    }
}

/// The one algorithm. It has two names (RFC 8037, 3.1; RFC 9864, 2.2); written is always the first, which more verifiers
/// know.
struct Algorithm;

impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("EdDSA")
    }
}

/// From a string only: a derived enum would also open from an object.
impl<'de> Deserialize<'de> for Algorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict::from_string(deserializer, "EdDSA", |name| match name {
            "EdDSA" | "Ed25519" => Ok(Self),
            other => Err(format!("{:?} where EdDSA is wanted", cut(other))),
        })
    }
}

/// A file taken apart. Nothing in it is verified yet.
pub(crate) struct Envelope<'a> {
    /// `protected "." payload`, as received.
    signed: String,
    /// Where the payload begins in it.
    payload_at: usize,
    signature: [u8; 64],
    /// The key that the file names.
    pub(crate) kid: KeyId,
    /// The kind that the file names.
    pub(crate) typ: String,
    /// The summary, as received.
    pub(crate) about: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// Steps 1 to 3 of opening: size, text, outer object, protected header.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let outer: Outer<'a> =
            strict::read_text(text_of(bytes)?).map_err(|fault| OpenError::malformed("file", fault.sentence()))?;
        if outer.about.is_some_and(|about| !about.get().starts_with('{')) {
            return Err(OpenError::malformed("about", "not an object"));
        }
        let (protected, payload) = (outer.protected.as_str(), outer.payload.as_str());
        Ok(Self { about: outer.about, ..Self::of_parts(protected, payload, outer.signature.as_str())? })
    }

    /// The same steps for the compact serialization: three parts with a full stop between them.
    pub(crate) fn parse_compact(text: &str) -> Result<Self, OpenError> {
        let mut parts = text_of(text.as_bytes())?.trim().split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(protected), Some(payload), Some(signature), None) => Self::of_parts(protected, payload, signature),
            _ => Err(OpenError::malformed("file", "not three parts with a full stop between them")),
        }
    }

    fn of_parts(protected: &str, payload: &str, signature: &str) -> Result<Self, OpenError> {
        let signature =
            base64url::decode_array(signature).map_err(|problem| OpenError::malformed("signature", problem))?;
        let header = parse_header(protected)?;
        let signed = [protected, ".", payload].concat();
        Ok(Self { signed, payload_at: protected.len() + 1, signature, kid: header.kid, typ: header.typ, about: None })
    }

    /// The end of step 3: the kind is the wanted one, letter for letter.
    pub(crate) fn of_kind(self, expected: Kind) -> Result<Self, OpenError> {
        if self.typ == expected.typ() {
            Ok(self)
        } else {
            Err(OpenError::WrongKind { expected, found: cut(&self.typ) })
        }
    }

    /// Step 5: the signature over the received bytes.
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), OpenError> {
        if key.verifies(self.signed.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(OpenError::Signature { kid: self.kid.clone() })
        }
    }

    /// The first half of step 6: the payload's bytes.
    pub(crate) fn payload(&self) -> Result<Vec<u8>, OpenError> {
        let encoded = self.signed.get(self.payload_at..).unwrap_or_default();
        base64url::decode(encoded).map_err(|problem| OpenError::malformed("payload", problem))
    }

    /// What makes the file this file.
    pub(crate) fn identity(&self) -> Identity {
        Identity::of(self.signed.as_bytes())
    }
}

/// Step 1: a text of a bearable size, without its byte order mark.
fn text_of(bytes: &[u8]) -> Result<&str, OpenError> {
    if bytes.len() > LIMIT {
        return Err(OpenError::TooLarge { size: bytes.len(), limit: LIMIT });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| OpenError::NotUtf8 { at: error.valid_up_to() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err(OpenError::Empty) } else { Ok(text) }
}

fn parse_header(protected: &str) -> Result<Header, OpenError> {
    let header = base64url::decode(protected).map_err(|problem| OpenError::malformed("protected", problem))?;
    strict::read(&header).map_err(|fault| OpenError::malformed("protected", fault.sentence()))
}

/// The file as it is written: a summary for people, then the three members of the JWS.
#[derive(Serialize)]
struct Written<'a, A> {
    about: &'a A,
    payload: &'a str,
    protected: &'a str,
    signature: &'a str,
}

/// Signs a payload and writes the file.
pub(crate) fn write(
    kind: Kind,
    key: &SecretKey,
    payload: &impl Serialize,
    about: &impl Serialize,
) -> Result<String, SealError> {
    write_bytes(kind, key, &json(payload)?, about)
}

/// The same with a key that lies elsewhere: all that is known of it is its name and that it signs.
pub(crate) fn write_with<E: From<SealError>>(
    kind: Kind,
    (kid, sign): (&KeyId, impl FnOnce(&[u8]) -> Result<[u8; 64], E>),
    payload: &impl Serialize,
    about: &impl Serialize,
) -> Result<String, E> {
    let parts = sign_with(kind, kid, &json(payload)?, sign)?;
    Ok(written(&parts, about)?)
}

/// The same for a payload that is there as bytes.
pub(crate) fn write_bytes(
    kind: Kind,
    key: &SecretKey,
    payload: &[u8],
    about: &impl Serialize,
) -> Result<String, SealError> {
    written(&sign(kind, key, payload)?, about)
}

/// The three parts as a file.
fn written([protected, payload, signature]: &[String; 3], about: &impl Serialize) -> Result<String, SealError> {
    let written = Written { about, payload, protected, signature };
    let mut file = serde_json::to_string_pretty(&written).map_err(|error| invalid(&error))?;
    file.push('\n');
    if file.len() > LIMIT { Err(SealError::TooLarge { size: file.len(), limit: LIMIT }) } else { Ok(file) }
}

/// Signs a payload and writes it on one line.
pub(crate) fn write_compact(kind: Kind, key: &SecretKey, payload: &impl Serialize) -> Result<String, SealError> {
    Ok(sign(kind, key, &json(payload)?)?.join("."))
}

/// The three encoded parts: header, payload, signature.
fn sign(kind: Kind, key: &SecretKey, payload: &[u8]) -> Result<[String; 3], SealError> {
    sign_with(kind, key.kid(), payload, |bytes| Ok(key.sign(bytes)))
}

fn sign_with<E: From<SealError>>(
    kind: Kind,
    kid: &KeyId,
    payload: &[u8],
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
) -> Result<[String; 3], E> {
    let header = Header { alg: Algorithm, kid: kid.clone(), typ: kind.typ().to_owned() };
    let protected = base64url::encode(&json(&header)?);
    let payload = base64url::encode(payload);
    let signature = base64url::encode(&sign(format!("{protected}.{payload}").as_bytes())?);
    Ok([protected, payload, signature])
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, SealError> {
    serde_json::to_vec(value).map_err(|error| invalid(&error))
}

fn invalid(error: &serde_json::Error) -> SealError {
    SealError::Invalid { problem: error.to_string() }
}
