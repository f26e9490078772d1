//! Keys without a passphrase: JWK, JWK Set, and the PEM of portals and computers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entitlement::{PublicKey, Roots};

use crate::promise;

/// Any of the four forms. What does not look like a text becomes the inside of a PEM.
pub fn keys(bytes: &[u8]) {
    if let Ok(roots) = Roots::from_jwk_set(bytes) {
        let again = Roots::from_jwk_set(roots.to_jwk_set().as_bytes());
        assert_eq!(again.as_ref(), Ok(&roots));
        assert_eq!(again.map(|again| again.fingerprint()), Ok(roots.fingerprint()));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        match PublicKey::from_jwk(text) {
            Ok(key) => assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        secret(text);
    }
    secret(&pem("PRIVATE KEY", bytes));
}

/// A secret key as portals and computers keep theirs.
fn secret(text: &str) {
    let portal = portal::key_file::open(text);
    let device = client::DeviceKey::from_pem(text);
    match portal {
        Ok(key) => {
            let written = portal::key_file::seal(&key).expect("a key can be written");
            let again = portal::key_file::open(&written).expect("what was written opens");
            assert_eq!(again.public(), key.public());
            let device = device.expect("both read the same form");
            assert_eq!(*device.to_pem().expect("a key can be written"), *written);
        }
        Err(failure) => {
            promise::shown(&failure);
            assert!(device.is_err(), "both read the same form");
        }
    }
}

/// Bytes as a PEM file (RFC 7468).
pub fn pem(label: &str, bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
