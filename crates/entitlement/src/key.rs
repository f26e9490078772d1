//! Keys: Ed25519 (RFC 8032), named, never weak.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::strict::{self, from_string, object};
use crate::text::cut;
use crate::{KeyId, base64url};

/// A public key and its name. Never a weak key, and never a second spelling of another key.
#[derive(Clone)]
pub struct PublicKey {
    kid: KeyId,
    bytes: [u8; 32],
    /// The point of the curve, found once for keys that verify often. Finding it takes a tenth of a verification, so the
    /// key that an entitlement only carries has none, and has it found when it verifies.
    point: Option<VerifyingKey>,
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.kid == other.kid && self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

/// Why bytes or a JWK are not a usable public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// Not the canonical form of a point of the curve.
    Invalid,
    /// Of small order: a signature under it proves nothing.
    Weak,
    /// Not a JWK of an Ed25519 public key (RFC 8037, 2).
    Jwk(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("the bytes are not an Ed25519 public key"),
            Self::Weak => f.write_str("the public key is weak: signatures under it prove nothing"),
            Self::Jwk(problem) => write!(f, "not the JWK of an Ed25519 public key: {problem}"),
        }
    }
}

impl std::error::Error for KeyError {}

impl PublicKey {
    /// A key of that name.
    ///
    /// # Errors
    /// [`KeyError::Invalid`] when the bytes are not the canonical form of a point, [`KeyError::Weak`] when the point is
    /// of small order (RFC 8032, 8.4 leaves this to the verifier; `verify_strict` would refuse its signatures later).
    pub fn new(kid: KeyId, bytes: &[u8; 32]) -> Result<Self, KeyError> {
        check_bytes(bytes)?;
        let point = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Invalid)?;
        Ok(Self { kid, bytes: *bytes, point: Some(point) })
    }

    /// A key that is carried, not used yet: named by its thumbprint, not weak. That there is no such point shows when it
    /// verifies: it then verifies nothing.
    pub(crate) fn carried(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        check_bytes(bytes)?;
        Ok(Self { kid: thumbprint(bytes), bytes: *bytes, point: None })
    }

    /// The thumbprint of bytes that may not be a usable key.
    pub(crate) fn thumbprint_of(bytes: &[u8; 32]) -> KeyId {
        thumbprint(bytes)
    }

    /// A key named by its own thumbprint, as a portal's key is.
    ///
    /// # Errors
    /// As [`PublicKey::new`].
    pub fn self_named(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Self::new(thumbprint(bytes), bytes)
    }

    /// The name.
    #[must_use]
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The 32 bytes of the key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The RFC 7638 thumbprint (SHA-256, base64url), which depends on the key alone.
    #[must_use]
    pub fn thumbprint(&self) -> KeyId {
        thumbprint(self.as_bytes())
    }

    /// The key as a JWK (RFC 8037, 2), on one line.
    #[must_use]
    pub fn to_jwk(&self) -> String {
        format!(r#"{{"crv":"Ed25519","kid":"{}","kty":"OKP","x":"{}"}}"#, self.kid, base64url::encode(self.as_bytes()))
    }

    /// Reads a JWK with a `kid`. `use` may be `sig`, `alg` may be `EdDSA` or `Ed25519`; a secret key is refused.
    ///
    /// # Errors
    /// [`KeyError`] for everything else.
    pub fn from_jwk(jwk: &str) -> Result<Self, KeyError> {
        strict::read::<NamedJwk>(jwk.as_bytes()).map_err(|fault| KeyError::Jwk(fault.sentence()))?.key()
    }

    /// Whether this key made the signature over these bytes. Signatures with an S out of range and points of small order
    /// are refused, where plain verification would differ from library to library.
    pub(crate) fn verifies(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        match &self.point {
            Some(point) => point.verify_strict(bytes, &signature).is_ok(),
            None => {
                VerifyingKey::from_bytes(&self.bytes).is_ok_and(|point| point.verify_strict(bytes, &signature).is_ok())
            }
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.kid, self.thumbprint())
    }
}

/// Refuses the spellings that are not canonical, and the points of small order.
fn check_bytes(bytes: &[u8; 32]) -> Result<(), KeyError> {
    if !is_canonical(bytes) {
        return Err(KeyError::Invalid);
    }
    let [rest @ .., last] = bytes;
    let weak = SMALL_ORDER.iter().any(|[weak @ .., weak_last]| weak == rest && *weak_last == *last & 0x7f);
    if weak { Err(KeyError::Weak) } else { Ok(()) }
}

/// Whether the y of an encoded point is below p = 2^255 - 19 (RFC 8032, 5.1.3): the other spellings of a point would be
/// other keys to some verifiers. The remaining one, a sign on x = 0, belongs to weak points only.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    *first < 0xed || *last & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

/// The y of the eight points of small order, without the sign of x: 0, 1, -1, and the two of order eight.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// RFC 7638, 3: the required members in the order of their names, without white space.
fn thumbprint(bytes: &[u8; 32]) -> KeyId {
    let jwk = [r#"{"crv":"Ed25519","kty":"OKP","x":""#, &base64url::encode(bytes), r#""}"#].concat();
    KeyId::trusted(&base64url::encode(&Sha256::digest(jwk)))
}

/// `kty` of every key here (RFC 8037, 2).
#[derive(Debug, Clone)]
pub(crate) struct OctetKeyPair;

impl Serialize for OctetKeyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("OKP")
    }
}

impl<'de> Deserialize<'de> for OctetKeyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_string(deserializer, "OKP", |text| wanted(text, "OKP").map(|()| Self))
    }
}

/// `crv` of every key here.
#[derive(Debug, Clone)]
pub(crate) struct Ed25519;

impl Serialize for Ed25519 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("Ed25519")
    }
}

impl<'de> Deserialize<'de> for Ed25519 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_string(deserializer, "Ed25519", |text| wanted(text, "Ed25519").map(|()| Self))
    }
}

/// The bytes of a public key as `x` holds them.
#[derive(Debug, Clone)]
pub(crate) struct KeyBytes(pub(crate) [u8; 32]);

impl Serialize for KeyBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for KeyBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_string(deserializer, "32 bytes as base64url", |text| base64url::decode_array(text).map(Self))
    }
}

fn wanted(text: &str, wanted: &str) -> Result<(), String> {
    if text == wanted { Ok(()) } else { Err(format!("{:?} where {wanted} is wanted", cut(text))) }
}

object! {
    /// A JWK as key files hold it.
    pub(crate) struct NamedJwk {
        required kty: OctetKeyPair,
        required crv: Ed25519,
        required x: KeyBytes,
        required kid: KeyId,
        optional alg: String,
        optional r#use: String,
    }
}

impl NamedJwk {
    pub(crate) fn key(self) -> Result<PublicKey, KeyError> {
        if self.r#use.is_some_and(|r#use| r#use != "sig") {
            return Err(KeyError::Jwk("`use` is not sig".to_owned()));
        }
        if self.alg.is_some_and(|alg| alg != "EdDSA" && alg != "Ed25519") {
            return Err(KeyError::Jwk("`alg` is neither EdDSA nor Ed25519".to_owned()));
        }
        PublicKey::new(self.kid, &self.x.0)
    }
}

object! {
    /// The JWK of a portal's key, as it is signed: nothing but what its thumbprint covers.
    #[derive(Debug, Clone)]
    pub(crate) struct BareJwk {
        required kty: OctetKeyPair,
        required crv: Ed25519,
        required x: KeyBytes,
    }
}

impl BareJwk {
    pub(crate) fn of(key: &PublicKey) -> Self {
        Self { kty: OctetKeyPair, crv: Ed25519, x: KeyBytes(*key.as_bytes()) }
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.x.0
    }
}

/// A secret key and its name. Its memory is overwritten when it is dropped, and its `Debug` shows the name only.
pub struct SecretKey {
    kid: KeyId,
    key: SigningKey,
}

impl SecretKey {
    /// The key of that seed (RFC 8032, 5.1.5) under that name.
    #[must_use]
    pub fn from_seed(kid: KeyId, seed: &[u8; 32]) -> Self {
        Self { kid, key: SigningKey::from_bytes(seed) }
    }

    /// The key of that seed, named by its thumbprint, as a portal's key is.
    #[must_use]
    pub fn self_named(seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        Self { kid: thumbprint(key.verifying_key().as_bytes()), key }
    }

    /// The seed, for key files.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The name.
    #[must_use]
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// The public half, under the same name.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey {
            kid: self.kid.clone(),
            bytes: self.key.verifying_key().to_bytes(),
            point: Some(self.key.verifying_key()),
        }
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.kid)
    }
}

#[cfg(test)]
mod tests;
