//! Keys: their names, their forms, and the ones that are refused.

use entitlement::*;

use crate::fixture::{kid, portal, root, vendor};

/// The key of RFC 8037, appendix A.1, and its thumbprint of appendix A.3.
const RFC_SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5,
    0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const RFC_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const RFC_THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

#[test]
fn the_key_of_the_rfc_has_the_thumbprint_of_the_rfc() {
    let key = SecretKey::self_named(&RFC_SEED);
    assert_eq!(key.kid().as_str(), RFC_THUMBPRINT);
    assert_eq!(key.public().thumbprint().as_str(), RFC_THUMBPRINT);
    assert_eq!(SecretKey::from_seed(kid("a"), &RFC_SEED).public().thumbprint().as_str(), RFC_THUMBPRINT);
    let jwk = format!(r#"{{"crv":"Ed25519","kid":"{RFC_THUMBPRINT}","kty":"OKP","x":"{RFC_X}"}}"#);
    assert_eq!(key.public().to_jwk(), jwk);
    assert_eq!(PublicKey::from_jwk(&jwk), Ok(key.public()));
    assert_eq!(PublicKey::self_named(key.public().as_bytes()), Ok(key.public()));
}

#[test]
fn a_secret_key_keeps_its_seed_and_shows_only_its_name() {
    let key = vendor();
    assert_eq!(*key.seed(), crate::fixture::VENDOR);
    assert_eq!((key.kid(), key.public().kid()), (&kid("vendor-a"), &kid("vendor-a")));
    assert_eq!(format!("{key:?}"), "SecretKey(vendor-a)");
    assert_eq!(format!("{:?}", key.public()), format!("PublicKey(vendor-a {})", key.public().thumbprint()));
}

#[test]
fn two_public_keys_are_the_same_when_name_and_bytes_are() {
    let key = vendor().public();
    let renamed = SecretKey::from_seed(kid("another"), &crate::fixture::VENDOR).public();
    let replaced = SecretKey::from_seed(kid("vendor-a"), &crate::fixture::PORTAL).public();
    assert_eq!(key, vendor().public());
    assert_ne!(key, renamed);
    assert_ne!(key, replaced);
}

#[test]
fn weak_and_impossible_public_keys_are_refused() {
    let new = |bytes: [u8; 32]| PublicKey::new(kid("a"), &bytes).map(|_| ());
    let with = |first: u8, last: u8| {
        let mut bytes = [0; 32];
        (bytes[0], bytes[31]) = (first, last);
        bytes
    };
    // The eight points of small order (y = 0, 1, -1 and the two of order eight, each with both signs of x).
    for y in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ] {
        let mut bytes: [u8; 32] = std::array::from_fn(|at| u8::from_str_radix(&y[2 * at..2 * at + 2], 16).unwrap());
        for sign in [0, 0x80] {
            bytes[31] |= sign;
            assert!(ed25519_dalek::VerifyingKey::from_bytes(&bytes).unwrap().is_weak(), "{y}");
            assert_eq!(new(bytes), Err(KeyError::Weak), "{y}");
        }
        bytes[15] ^= 1;
        assert_ne!(new(bytes), Err(KeyError::Weak), "{y}");
    }
    // y = 2 belongs to no point.
    assert_eq!(new(with(2, 0)), Err(KeyError::Invalid));
    // y from p = 2^255 - 19 on is another spelling of y - p, with and without a sign; p - 1 is the largest y there is.
    for first in 0xed..=0xff {
        for last in [0x7f, 0xff] {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (first, last);
            assert_eq!(new(bytes), Err(KeyError::Invalid), "{first} {last}");
        }
    }
    // Only all of these bytes together make it too large: each of these is a key.
    for (at, byte) in [(1, 0xfe), (1, 0xfb), (30, 0xfe), (30, 0xfa), (31, 0x7e), (31, 0x7c), (0, 0xeb), (0, 0xea)] {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (0xed, 0x7f);
        bytes[at] = byte;
        let is_point = ed25519_dalek::VerifyingKey::from_bytes(&bytes).is_ok();
        assert_eq!(new(bytes).is_ok(), is_point, "{at} {byte}");
    }
}

#[test]
fn a_jwk_is_of_one_public_key_of_the_one_curve() {
    let jwk = |kty: &str, crv: &str, x: &str, more: &str| {
        PublicKey::from_jwk(&format!(r#"{{"kty":"{kty}","crv":"{crv}","x":"{x}","kid":"a"{more}}}"#))
    };
    let refused = |problem: &str| Err(KeyError::Jwk(problem.to_owned()));
    let misread = |refused: Result<PublicKey, KeyError>| match refused {
        Err(KeyError::Jwk(problem)) => problem.split_once(" at line").unwrap().0.to_owned(),
        other => panic!("{other:?}"),
    };
    assert!(jwk("OKP", "Ed25519", RFC_X, "").is_ok());
    for more in [r#","use":"sig""#, r#","alg":"EdDSA""#, r#","alg":"Ed25519","use":"sig""#] {
        assert!(jwk("OKP", "Ed25519", RFC_X, more).is_ok(), "{more}");
    }
    assert_eq!(misread(jwk("EC", "Ed25519", RFC_X, "")), "`kty`: \"EC\" where OKP is wanted");
    assert_eq!(misread(jwk("OKP", "Ed448", RFC_X, "")), "`crv`: \"Ed448\" where Ed25519 is wanted");
    assert_eq!(misread(jwk("OKP", "Ed25519", "AAAA", "")), "`x`: 3 bytes where 32 are wanted");
    assert_eq!(jwk("OKP", "Ed25519", RFC_X, r#","use":"enc""#), refused("`use` is not sig"));
    assert_eq!(jwk("OKP", "Ed25519", RFC_X, r#","alg":"HS256""#), refused("`alg` is neither EdDSA nor Ed25519"));
    assert_eq!(jwk("OKP", "Ed25519", &"A".repeat(43), ""), Err(KeyError::Weak));
    let secret = jwk("OKP", "Ed25519", RFC_X, r#","d":"x""#);
    assert!(
        matches!(&secret, Err(KeyError::Jwk(problem)) if problem.starts_with("unknown member \"d\"")),
        "{secret:?}"
    );
    let twice = jwk("OKP", "Ed25519", RFC_X, r#","use":"sig","use":"sig""#);
    assert!(
        matches!(&twice, Err(KeyError::Jwk(problem)) if problem.starts_with("member `use` stands twice")),
        "{twice:?}"
    );
    let nameless = PublicKey::from_jwk(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{RFC_X}"}}"#));
    assert!(
        matches!(&nameless, Err(KeyError::Jwk(problem)) if problem.starts_with("member `kid` is missing")),
        "{nameless:?}"
    );
}

#[test]
fn roots_are_never_empty_and_have_names_of_their_own() {
    assert_eq!(Roots::new(vec![]), Err(RootsError::Empty));
    let twice = vec![root().public(), SecretKey::from_seed(kid("root-a"), &[9; 32]).public()];
    assert_eq!(Roots::new(twice), Err(RootsError::DuplicateKid(kid("root-a"))));
    assert_eq!(Roots::from_jwk_set(br#"{"keys":[]}"#), Err(RootsError::Empty));
    assert!(matches!(Roots::from_jwk_set(b"[]"), Err(RootsError::Malformed(_))));
    assert!(matches!(Roots::from_jwk_set(b""), Err(RootsError::Malformed(_))));
    let weak = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{}","kid":"a"}}]}}"#, "A".repeat(43));
    assert_eq!(Roots::from_jwk_set(weak.as_bytes()), Err(RootsError::Key(KeyError::Weak)));
}

#[test]
fn a_set_of_roots_is_written_and_read_as_a_jwk_set() {
    let roots = Roots::new(vec![root().public(), portal().public()]).unwrap();
    let set = roots.to_jwk_set();
    let (first, second) = (root().public().to_jwk(), portal().public().to_jwk());
    assert_eq!(set, format!("{{\"keys\":[\n  {first},\n  {second}\n]}}\n"));
    assert_eq!(Roots::from_jwk_set(set.as_bytes()), Ok(roots.clone()));
    assert_eq!(roots.iter().map(PublicKey::kid).collect::<Vec<_>>(), [root().kid(), portal().kid()]);
}

#[test]
fn the_fingerprint_of_roots_depends_on_the_keys_alone() {
    let one = Roots::new(vec![root().public(), portal().public()]).unwrap();
    let renamed = SecretKey::from_seed(kid("renamed"), &crate::fixture::PORTAL).public();
    let same = Roots::new(vec![renamed, root().public()]).unwrap();
    assert_eq!(one.fingerprint(), same.fingerprint());
    let mut thumbprints = [root().public().thumbprint().to_string(), portal().kid().to_string()];
    thumbprints.sort();
    let expected = Identity::of(format!("{}\n{}\n", thumbprints[0], thumbprints[1]).as_bytes()).to_string();
    assert_eq!(one.fingerprint(), expected);
    assert_ne!(one.fingerprint(), Roots::new(vec![root().public()]).unwrap().fingerprint());
}
