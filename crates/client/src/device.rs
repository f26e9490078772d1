//! The computer: what it is called, and its own key, which gives leases back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use entitlement::{Label, Name, SecretKey};
use pkcs8::{DecodePrivateKey, LineEnding};
use zeroize::Zeroizing;

use crate::ClientError;

/// A computer.
#[derive(Debug)]
pub struct Device {
    id: Label,
    name: Name,
    key: SecretKey,
}

impl Device {
    /// A computer of that id (the same through all its life; a lease is for it letter for letter), that name for people,
    /// and that key.
    #[must_use]
    pub fn new(id: Label, name: Name, key: DeviceKey) -> Self {
        Self { id, name, key: key.0 }
    }

    /// Names it for programs.
    #[must_use]
    pub fn id(&self) -> &Label {
        &self.id
    }

    /// Names it for people.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    pub(crate) fn key(&self) -> &SecretKey {
        &self.key
    }

    /// The public key as the portal takes it.
    pub(crate) fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public().as_bytes())
    }
}

/// The computer's own Ed25519 key. Whoever has it can give back the leases that name it, and nothing else.
///
/// The caller keeps it, in a file that only the user can read:
///
/// ```
/// # fn main() -> Result<(), client::ClientError> {
/// let key = client::DeviceKey::generate()?;
/// let text = key.to_pem()?; // PKCS#8, as `openssl genpkey -algorithm ed25519` writes it
/// let same = client::DeviceKey::from_pem(&text)?;
/// assert_eq!(*same.to_pem()?, *text);
/// assert!(client::DeviceKey::from_pem("hello").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DeviceKey(SecretKey);

impl DeviceKey {
    /// A new key.
    ///
    /// # Errors
    /// [`ClientError::DeviceKey`] when the machine gives no randomness.
    pub fn generate() -> Result<Self, ClientError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|error| unusable(&error))?;
        Ok(Self(SecretKey::self_named(&seed)))
    }

    /// The key of a file that [`to_pem`](Self::to_pem) filled.
    ///
    /// # Errors
    /// [`ClientError::DeviceKey`].
    pub fn from_pem(pem: &str) -> Result<Self, ClientError> {
        let pair = KeypairBytes::from_pkcs8_pem(pem).map_err(|error| unusable(&error))?;
        Ok(Self(SecretKey::self_named(&Zeroizing::new(pair.secret_key))))
    }

    /// The text of the key's file: PKCS#8 version 1 in PEM, without a passphrase.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, ClientError> {
        // Without the public half: OpenSSL 3.0 does not read version 2.
        let pair = KeypairBytes { secret_key: *self.0.seed(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| unusable(&error))
    }
}

fn unusable(error: &impl std::fmt::Display) -> ClientError {
    ClientError::DeviceKey { why: error.to_string() }
}
