//! The root keys: whom this build trusts in the end.

use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::key::NamedJwk;
use crate::strict::{self, object};
use crate::{KeyError, KeyId, PublicKey, base64url};

/// The root public keys of a build. There is always at least one: a verifier without a root cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots(Vec<PublicKey>);

/// Why a set of root keys cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootsError {
    /// There is no key in it.
    Empty,
    /// Two keys have the same name.
    DuplicateKid(KeyId),
    /// One of the keys cannot be used.
    Key(KeyError),
    /// Not a JWK Set (RFC 7517, 5).
    Malformed(String),
}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no root key in the set"),
            Self::DuplicateKid(kid) => write!(f, "two root keys have the name `{kid}`"),
            Self::Key(error) => write!(f, "a root key cannot be used: {error}"),
            Self::Malformed(problem) => write!(f, "not a JWK Set: {problem}"),
        }
    }
}

impl std::error::Error for RootsError {}

object! {
    struct JwkSet {
        required keys: Vec<NamedJwk>,
    }
}

impl Roots {
    /// Trusts these keys.
    ///
    /// # Errors
    /// [`RootsError`] when there is none, or when two have the same name.
    pub fn new(keys: Vec<PublicKey>) -> Result<Self, RootsError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = keys.iter().find(|key| !names.insert(key.kid())) {
            return Err(RootsError::DuplicateKid(twice.kid().clone()));
        }
        if keys.is_empty() { Err(RootsError::Empty) } else { Ok(Self(keys)) }
    }

    /// Reads a JWK Set (RFC 7517, 5), the form of `SEATWARDEN_TRUST_ROOTS`.
    ///
    /// # Errors
    /// [`RootsError`] for anything but a set of distinctly named Ed25519 public keys.
    pub fn from_jwk_set(bytes: &[u8]) -> Result<Self, RootsError> {
        let set: JwkSet = strict::read(bytes).map_err(|fault| RootsError::Malformed(fault.sentence()))?;
        let keys: Result<Vec<_>, _> = set.keys.into_iter().map(NamedJwk::key).collect();
        Self::new(keys.map_err(RootsError::Key)?)
    }

    /// The set as a JWK Set, one key a line.
    #[must_use]
    pub fn to_jwk_set(&self) -> String {
        let keys: Vec<String> = self.0.iter().map(|key| format!("  {}", key.to_jwk())).collect();
        format!("{{\"keys\":[\n{}\n]}}\n", keys.join(",\n"))
    }

    /// The keys, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter()
    }

    /// Names the set whatever its order and its key names: base64url of the SHA-256 over the sorted thumbprints, one a
    /// line. Data is made under one set and does not open under another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let thumbprints: BTreeSet<KeyId> = self.0.iter().map(PublicKey::thumbprint).collect();
        let lines: String = thumbprints.iter().map(|thumbprint| format!("{thumbprint}\n")).collect();
        base64url::encode(&Sha256::digest(lines))
    }

    pub(crate) fn find(&self, kid: &KeyId) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.kid() == kid)
    }
}
