//! The desk's secret keys: made from the system's randomness, and kept under a passphrase.

use entitlement::{KeyId, SecretKey};
use errors::{Code, Failure};
use files::key_file;
use zeroize::Zeroizing;

/// A new secret key from the system's randomness.
pub(crate) fn generate(kid: &KeyId) -> Result<SecretKey, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice())
        .map_err(|error| Failure::new(Code::Internal, format!("The system gives no randomness: {error}.")))?;
    Ok(SecretKey::from_seed(kid.clone(), &seed))
}

/// The text of the key's file.
pub(crate) fn seal(key: &SecretKey, passphrase: &str) -> Result<Zeroizing<String>, Failure> {
    key_file::seal(key, &format!("key `{}`", key.kid()), passphrase)
}

/// The key in a file of that form, also one that openssl wrote.
pub(crate) fn open(pem: &str, kid: &KeyId, passphrase: &str) -> Result<SecretKey, Failure> {
    let seed = key_file::open(pem, &format!("key `{kid}`"), passphrase)?;
    Ok(SecretKey::from_seed(kid.clone(), &seed))
}
