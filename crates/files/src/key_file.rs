//! Secret keys at rest: PKCS#8, encrypted with a passphrase, in PEM.
//!
//! Version 1 of PKCS#8 (RFC 5208), because OpenSSL 3.0 does not read a key with its public half inside (version 2). The
//! encryption is scrypt with N = 2^14 and AES-256-CBC, the most that OpenSSL 3.0 takes.

use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use entitlement::SecretKey;
use errors::{Code, Failure};
use pkcs8::der::pem::PemLabel;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{DecodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};
use zeroize::Zeroizing;

/// The text of the key's file; `name` is what a message calls the key.
///
/// # Errors
/// None in practice.
pub fn seal(key: &SecretKey, name: &str, passphrase: &str) -> Result<Zeroizing<String>, Failure> {
    let pair = KeypairBytes { secret_key: *key.seed(), public_key: None };
    pair.to_pkcs8_encrypted_pem(passphrase, LineEnding::LF)
        .map_err(|error| Failure::new(Code::Internal, format!("The {name} cannot be encrypted: {error}.")))
}

/// The seed of the key in a file of that form, also one that openssl wrote; `name` is what a message calls the key.
///
/// # Errors
/// `key-invalid`, `passphrase-wrong`.
pub fn open(pem: &str, name: &str, passphrase: &str) -> Result<Zeroizing<[u8; 32]>, Failure> {
    let invalid = |problem: &dyn std::fmt::Display| {
        Failure::new(Code::KeyInvalid, format!("The file of the {name} cannot be used: {problem}."))
    };
    let (label, document) = SecretDocument::from_pem(pem).map_err(|error| invalid(&error))?;
    if label != EncryptedPrivateKeyInfoRef::PEM_LABEL {
        return Err(invalid(&"it is not an encrypted secret key"));
    }
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|error| invalid(&error))?;
    check_cost(&encrypted.encryption_algorithm).map_err(|problem| invalid(&problem))?;
    // A wrong passphrase shows as bad padding, or, once in 256 times, as a key that is none.
    let wrong = |_| Failure::new(Code::PassphraseWrong, format!("The {name} does not open with this passphrase."));
    let plain = encrypted.decrypt(passphrase).map_err(wrong)?;
    KeypairBytes::from_pkcs8_der(plain.as_bytes()).map(|pair| Zeroizing::new(pair.secret_key)).map_err(wrong)
}

/// The most memory that scrypt may take: four times what this program's own files take.
const MOST_MEMORY: u64 = 64 << 20;
/// How often scrypt may go through it.
const MOST_PASSES: u16 = 16;
/// The most rounds of PBKDF2: a second or two.
const MOST_ROUNDS: u32 = 2_000_000;

/// The file says itself what a try of its passphrase costs, and a damaged one may say anything: a terabyte, hours, or
/// numbers that the derivation cannot be made with at all.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), &'static str> {
    let derivation = scheme.pbes2().map(|parameters| &parameters.kdf);
    let scrypt = derivation.and_then(Kdf::scrypt).is_none_or(|scrypt| {
        let memory = scrypt.cost_parameter.checked_mul(128 * u64::from(scrypt.block_size));
        let is_a_cost = scrypt.cost_parameter > 1 && scrypt.cost_parameter.is_power_of_two();
        is_a_cost
            && memory.is_some_and(|memory| (1..=MOST_MEMORY).contains(&memory))
            && (1..=MOST_PASSES).contains(&scrypt.parallelization)
    });
    let rounds =
        derivation.and_then(Kdf::pbkdf2).is_none_or(|pbkdf2| (1..=MOST_ROUNDS).contains(&pbkdf2.iteration_count));
    if scrypt && rounds { Ok(()) } else { Err("the cost of its passphrase is none that a good file asks for") }
}

#[cfg(test)]
mod tests {
    use entitlement::{KeyId, SecretKey};
    use errors::Code;
    use pkcs8::der::pem::PemLabel as _;
    use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};

    const NAME: &str = "key `demo`";

    fn key() -> SecretKey {
        SecretKey::from_seed(KeyId::parse("demo").unwrap(), &[7; 32])
    }

    fn seal(passphrase: &str) -> String {
        super::seal(&key(), NAME, passphrase).unwrap().to_string()
    }

    fn open(pem: &str, passphrase: &str) -> Result<SecretKey, Code> {
        let opened = super::open(pem, NAME, passphrase).map_err(|failure| failure.code)?;
        Ok(SecretKey::from_seed(KeyId::parse("demo").unwrap(), &opened))
    }

    #[test]
    fn a_key_opens_with_its_passphrase_only() {
        let pem = seal("correct horse");
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        assert_eq!(open(&pem, "correct horse").unwrap().public(), key().public());
        assert_eq!(open(&pem, "correct house").unwrap_err(), Code::PassphraseWrong);
    }

    #[test]
    fn a_file_that_is_no_encrypted_key_is_named_so() {
        let bare = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n-----END PRIVATE KEY-----\n";
        for bad in ["", "hello", bare] {
            assert_eq!(open(bad, "x").unwrap_err(), Code::KeyInvalid, "{bad}");
        }
    }

    /// The file of that key with other numbers in the place of scrypt's own (N = 2^14, r = 8, p = 1).
    fn with_cost(numbers: &[u8]) -> String {
        let pem = seal("x");
        let (_, document) = SecretDocument::from_pem(&pem).unwrap();
        let mut der = document.as_bytes().to_vec();
        let usual = [2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1];
        let at = der.windows(usual.len()).position(|window| window == usual).unwrap();
        der.splice(at..at + usual.len(), numbers.iter().copied());
        // The five lengths around it; each is one byte, the outermost behind a byte that says so.
        for length in [2, 4, 17, 19, 32] {
            der[length] = der[length] + u8::try_from(numbers.len()).unwrap() - 10;
        }
        SecretDocument::try_from(der)
            .unwrap()
            .to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF)
            .unwrap()
            .to_string()
    }

    #[test]
    fn a_file_that_asks_for_a_terabyte_for_hours_or_for_nothing_is_refused_before_the_passphrase_is_tried() {
        for (case, numbers) in [
            ("N = 2^30", [2, 4, 0x40, 0, 0, 0, 2, 1, 8, 2, 1, 1].as_slice()),
            ("N = 0", &[2, 1, 0, 2, 1, 8, 2, 1, 1]),
            ("N = 1", &[2, 1, 1, 2, 1, 8, 2, 1, 1]),
            ("N = 3", &[2, 1, 3, 2, 1, 8, 2, 1, 1]),
            ("r = 127", &[2, 2, 0x40, 0, 2, 1, 127, 2, 1, 1]),
            ("r = 0", &[2, 2, 0x40, 0, 2, 1, 0, 2, 1, 1]),
            ("p = 17", &[2, 2, 0x40, 0, 2, 1, 8, 2, 1, 17]),
            ("p = 0", &[2, 2, 0x40, 0, 2, 1, 8, 2, 1, 0]),
        ] {
            assert_eq!(open(&with_cost(numbers), "x").unwrap_err(), Code::KeyInvalid, "{case}");
        }
        for numbers in [[2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1].as_slice(), &[2, 2, 0x40, 0, 2, 1, 16, 2, 1, 2]] {
            let code = open(&with_cost(numbers), "y").unwrap_err();
            assert_eq!(code, Code::PassphraseWrong, "the usual cost and a higher one are tried");
        }
    }
}
