//! The portal's own key at rest: PKCS#8 version 1 in PEM, without a passphrase, because `serve` starts with nobody there.

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use entitlement::SecretKey;
use errors::{Code, Failure};
use pkcs8::{DecodePrivateKey, LineEnding};
use zeroize::Zeroizing;

/// The text of the key's file.
///
/// # Errors
/// None in practice.
pub fn seal(key: &SecretKey) -> Result<Zeroizing<String>, Failure> {
    let pair = KeypairBytes { secret_key: *key.seed(), public_key: None };
    pair.to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| Failure::new(Code::Internal, format!("The portal's key cannot be written: {error}.")))
}

/// The key in such a file.
///
/// # Errors
/// `key-invalid`.
pub fn open(pem: &str) -> Result<SecretKey, Failure> {
    let pair = KeypairBytes::from_pkcs8_pem(pem)
        .map_err(|error| Failure::new(Code::KeyInvalid, format!("The portal's key file cannot be used: {error}.")))?;
    Ok(SecretKey::self_named(&Zeroizing::new(pair.secret_key)))
}

/// What messages call the key in a backup.
const IN_A_BACKUP: &str = "encrypted key of the portal";

/// The same, encrypted with a passphrase: for a backup, which leaves the machine.
///
/// # Errors
/// None in practice.
pub fn seal_with(key: &SecretKey, passphrase: &str) -> Result<Zeroizing<String>, Failure> {
    files::key_file::seal(key, IN_A_BACKUP, passphrase)
}

/// The key in such a file.
///
/// # Errors
/// `key-invalid`, `passphrase-wrong`.
pub fn open_with(pem: &str, passphrase: &str) -> Result<SecretKey, Failure> {
    files::key_file::open(pem, IN_A_BACKUP, passphrase).map(|seed| SecretKey::self_named(&seed))
}

#[cfg(test)]
mod tests {
    use entitlement::SecretKey;
    use errors::Code;

    #[test]
    fn a_key_is_read_back_and_another_file_is_refused() {
        let key = SecretKey::self_named(&[7; 32]);
        let text = super::seal(&key).unwrap();
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(super::open(&text).unwrap().kid(), key.kid());
        assert_eq!(super::open("hello").unwrap_err().code, Code::KeyInvalid);
    }

    #[test]
    fn a_key_in_a_backup_opens_with_its_passphrase_only() {
        let key = SecretKey::self_named(&[7; 32]);
        let text = super::seal_with(&key, "correct horse").unwrap();
        assert_eq!(super::open_with(&text, "correct horse").unwrap().kid(), key.kid());
        assert_eq!(super::open_with(&text, "correct house").unwrap_err().code, Code::PassphraseWrong);
        assert_eq!(super::open_with(&super::seal(&key).unwrap(), "x").unwrap_err().code, Code::KeyInvalid);
    }
}
