//! What people read when a file does not open: each sentence holds both values that disagreed.

use entitlement::*;

use crate::fixture::{at, contract, kid};

#[test]
fn every_error_says_what_disagreed() {
    let (early, late) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let (a, b) = (kid("a"), kid("b"));
    let (one, two) = (Identity::of(b"1"), Identity::of(b"2"));
    let (first, second) = (CatalogDigest::of(b"1"), CatalogDigest::of(b"2"));
    let id = CatalogId::parse("arcgis").unwrap();
    let wrong_kind = |found: &str| OpenError::WrongKind { expected: Kind::Entitlement, found: found.to_owned() };
    let summary = OpenError::SummaryEdited { member: "sequence".into(), signed: "4".into(), shown: "5".into() };
    let mismatch = |known| OpenError::CatalogMismatch { id: id.clone(), needed: first, known };
    let ahead = OpenError::IssuedAhead { issued_at: late, now: early };
    let unknown = |known| OpenError::KeyUnknown { kid: a.clone(), known };
    let revoked = |issued_at| OpenError::KeyRevoked { kid: a.clone(), issued_at, revoked_from: early };
    let bound = |portal| OpenError::WrongPortal { bound_to: a.clone(), portal };
    let city = contract("city");
    #[rustfmt::skip]
    let cases = [
        (OpenError::TooLarge { size: 9, limit: 8 }, "the file has 9 bytes; a signed file has at most 8".to_owned()),
        (OpenError::Empty, "the file is empty".to_owned()),
        (OpenError::NotUtf8 { at: 3 }, "the file is not UTF-8 text: byte 3 is not part of a character".to_owned()),
        (OpenError::Malformed { place: "about", problem: "x".into() }, "the file is not well-formed; about: x".to_owned()),
        (wrong_kind("seatwarden-lease+jwt"), "the file is of the kind `lease`; needed is the kind `entitlement`".to_owned()),
        (wrong_kind("a\n"), "the file is of a kind not known here (\"a\\n\"); needed is the kind `entitlement`".to_owned()),
        (unknown(vec![]), "the file names the key `a`, which may not sign it; keys that may: none".to_owned()),
        (unknown(vec![b.clone(), kid("c")]), "the file names the key `a`, which may not sign it; keys that may: b, c".to_owned()),
        (OpenError::KeyWeak { kid: a.clone() }, "the public key `a` is weak: signatures under it prove nothing".to_owned()),
        (OpenError::Signature { kid: a.clone() },
            "the signed part is not what the key `a` signed, or another key of that name signed it".to_owned()),
        (OpenError::NeedsNewer { found: "x".into() }, "the file was made for a newer version of Seatwarden: x".to_owned()),
        (OpenError::KeyNotYetValid { kid: a.clone(), issued_at: early, not_before: late },
            format!("issued at {early}, before the key `a` counted (from {late})")),
        (OpenError::KeyRetired { kid: a.clone(), issued_at: late, retired_at: early },
            format!("issued at {late}, after the key `a` was retired (at {early})")),
        (revoked(Some(late)),
            format!("the vendor revoked the key `a` from {early}; the file says that it was issued at {late}")),
        (revoked(None), format!("the vendor revoked the key `a` from {early}")),
        (ahead, format!("issued at {late}, and now is {early}")),
        (OpenError::NeedsNewerTrust { needed: 8, found: 7 },
            "the file needs version 8 of the trust list or a later one; at hand is version 7".to_owned()),
        (summary, "the summary was edited: `sequence` says 5, and the signed part says 4".to_owned()),
        (bound(Some(b)), "the file is bound to the portal a, and this is the portal b".to_owned()),
        (bound(None), "the file is bound to the portal a, and this portal has no key yet".to_owned()),
        (mismatch(vec![second]), format!("the file needs the catalog `arcgis` with identity {first}; at hand: {second}")),
        (mismatch(vec![]), format!("the file needs the catalog `arcgis` with identity {first}; at hand: none")),
        (OpenError::OtherContract { installed: city.clone(), found: contract("town") },
            "the file is of the contract `town` and does not replace the installed `city`".to_owned()),
        (OpenError::Older { contract: city.clone(), installed: 5, found: 4 },
            "the file is sequence 4 of `city`; sequence 5 has been installed".to_owned()),
        (OpenError::Reused { contract: city, sequence: 4, installed: one, found: two },
            format!("sequence 4 of `city` was installed as {one}, and this file is {two}")),
        (OpenError::TrustListOlder { installed: 7, found: 6 },
            "the trust list is version 6, and another one of version 7 is installed".to_owned()),
    ];
    for (error, sentence) in cases {
        assert_eq!(error.to_string(), sentence, "{}", error.code());
    }
}

#[test]
fn every_error_of_a_lease_says_what_disagreed() {
    let (early, late) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let (one, two) = (Identity::of(b"1"), Identity::of(b"2"));
    let license = LicenseId::parse("SW-1").unwrap();
    let lease = |text: &str| LeaseId::parse(text).unwrap();
    let other_device = LeaseError::OtherDevice { expected: Label::parse("pc-1").unwrap(), found: "pc-2".into() };
    let outside = |ends| LeaseError::OutsideTerm { from: early, until: late, license: (early, ends) };
    #[rustfmt::skip]
    let cases = [
        (LeaseError::File(OpenError::Empty), "the file is empty".to_owned()),
        (LeaseError::NotBound { license: license.clone() },
            "the license `SW-1` is bound to no portal, and no lease opens under it".to_owned()),
        (LeaseError::OtherPortal { expected: kid("a"), found: kid("b") },
            "the lease is of the portal b, and the license is bound to the portal a".to_owned()),
        (LeaseError::OtherLicense { expected: one, found: two },
            format!("the lease was granted under the license file {two}, and at hand is {one}")),
        (LeaseError::OfflineOff { license },
            "the lease is for use offline, which the license `SW-1` does not allow".to_owned()),
        (LeaseError::TooLong { usage: LeaseUse::Session, most: 1800, found: 1801 },
            "the lease (session) lasts 1801 seconds from its issue; the license allows 1800".to_owned()),
        (outside(Some(late)),
            format!("the lease counts from {early} until {late}, and the license from {early} until {late}")),
        (outside(None), format!("the lease counts from {early} until {late}, and the license from {early}")),
        (other_device, "the lease is for the computer \"pc-1\", and this is \"pc-2\"".to_owned()),
        (LeaseError::NoDeviceKey { lease: lease("l-1") },
            "the lease `l-1` names no key of its computer, so that nothing can be its return code".to_owned()),
        (LeaseError::OtherLease { expected: lease("l-1"), found: lease("l-2") },
            "the return code is for the lease `l-2`, and not for `l-1`".to_owned()),
    ];
    for (error, sentence) in cases {
        assert_eq!(error.to_string(), sentence, "{}", error.code());
    }
}

#[test]
fn what_cannot_be_made_says_why() {
    let invalid = SealError::Invalid { problem: "`sequence` is 0".into() };
    assert_eq!(invalid.to_string(), "the file cannot be made: `sequence` is 0");
    let large = SealError::TooLarge { size: 9, limit: 8 };
    assert_eq!(large.to_string(), "the file would have 9 bytes; a signed file has at most 8");
    assert_eq!(KeyError::Invalid.to_string(), "the bytes are not an Ed25519 public key");
    assert_eq!(KeyError::Weak.to_string(), "the public key is weak: signatures under it prove nothing");
    let jwk = KeyError::Jwk("x".into());
    assert_eq!(jwk.to_string(), "not the JWK of an Ed25519 public key: x");
    assert_eq!(RootsError::Empty.to_string(), "there is no root key in the set");
    assert_eq!(RootsError::DuplicateKid(kid("a")).to_string(), "two root keys have the name `a`");
    assert_eq!(RootsError::Malformed("x".into()).to_string(), "not a JWK Set: x");
    let weak = RootsError::Key(KeyError::Weak).to_string();
    assert_eq!(weak, "a root key cannot be used: the public key is weak: signatures under it prove nothing");
}

#[test]
fn a_long_foreign_text_is_cut_in_an_error() {
    let shown = |text: &str| UserTypeId::parse(text).unwrap_err().found;
    assert_eq!(shown(&"A".repeat(80)), "A".repeat(80));
    assert_eq!(shown(&"\u{e9}".repeat(81)), format!("{}...", "\u{e9}".repeat(80)));
}
