//! Secret keys at rest: PKCS#8, encrypted with a passphrase, in PEM.
//!
//! Version 1 of PKCS#8 (RFC 5208), because OpenSSL 3.0 does not read a key with its public half inside (version 2). The
//! encryption is scrypt with N = 2^14 and AES-256-CBC, the most that OpenSSL 3.0 takes.

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use entitlement::{KeyId, SecretKey};
use errors::{Code, Failure};
use pkcs8::der::pem::PemLabel;
use pkcs8::{DecodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};
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
    let pair = KeypairBytes { secret_key: *key.seed(), public_key: None };
    pair.to_pkcs8_encrypted_pem(passphrase, LineEnding::LF)
        .map_err(|error| Failure::new(Code::Internal, format!("The key `{}` cannot be encrypted: {error}.", key.kid())))
}

/// The key in a file of that form, also one that openssl wrote.
pub(crate) fn open(pem: &str, kid: &KeyId, passphrase: &str) -> Result<SecretKey, Failure> {
    let invalid = |problem: &dyn std::fmt::Display| {
        Failure::new(Code::KeyInvalid, format!("The file of the key `{kid}` cannot be used: {problem}."))
    };
    let (label, document) = SecretDocument::from_pem(pem).map_err(|error| invalid(&error))?;
    if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
        return Err(invalid(&"it is not an encrypted secret key"));
    }
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|error| invalid(&error))?;
    // A wrong passphrase shows as bad padding, or, once in 256 times, as a key that is none.
    let wrong = |_| Failure::new(Code::PassphraseWrong, format!("The key `{kid}` does not open with this passphrase."));
    let plain = encrypted.decrypt(passphrase).map_err(wrong)?;
    let pair = KeypairBytes::from_pkcs8_der(plain.as_bytes()).map_err(wrong)?;
    Ok(SecretKey::from_seed(kid.clone(), &Zeroizing::new(pair.secret_key)))
}

#[cfg(test)]
mod tests {
    use entitlement::{KeyId, SecretKey};
    use errors::Code;

    use super::{open, seal};

    #[test]
    fn a_key_opens_with_its_passphrase_only() {
        let kid = KeyId::parse("demo").unwrap();
        let key = SecretKey::from_seed(kid.clone(), &[7; 32]);
        let pem = seal(&key, "correct horse").unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assert_eq!(open(&pem, &kid, "correct horse").unwrap().public(), key.public());
        assert_eq!(open(&pem, &kid, "correct house").unwrap_err().code, Code::PassphraseWrong);
    }

    #[test]
    fn a_file_that_is_no_encrypted_key_is_named_so() {
        let kid = KeyId::parse("demo").unwrap();
        let bare = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n-----END PRIVATE KEY-----\n";
        for bad in ["", "hello", bare] {
            assert_eq!(open(bad, &kid, "x").unwrap_err().code, Code::KeyInvalid, "{bad}");
        }
    }
}
