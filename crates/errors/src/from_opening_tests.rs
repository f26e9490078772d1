//! Every variant of the opening, as a refusal.

use entitlement::{CatalogDigest, CatalogId, ContractId, Identity, KeyId, Kind, Moment, OpenError};
use serde_json::json;

use crate::Failure;

#[test]
fn every_opening_error_has_the_row_of_its_code_and_its_values_as_facts() {
    let (kid, other) = (KeyId::parse("vendor-a").unwrap(), KeyId::parse("vendor-b").unwrap());
    let at = |text: &str| Moment::parse(text).unwrap();
    let (early, late) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    let (city, town) = (ContractId::parse("city").unwrap(), ContractId::parse("town").unwrap());
    let (one, two) = (Identity::of(b"1"), Identity::of(b"2"));
    let (first, second) = (CatalogDigest::of(b"1"), CatalogDigest::of(b"2"));
    let (id, needed) = (CatalogId::parse("arcgis").unwrap(), first);
    let day = "2026-01-01T00:00:00Z";
    let next = "2027-01-01T00:00:00Z";
    let problem = "cut off".to_owned();
    let portal = Some(other.clone());
    let summary = OpenError::SummaryEdited { member: "license".into(), signed: "A".into(), shown: "B".into() };
    let typ = "seatwarden-lease+jwt".to_owned();
    #[rustfmt::skip]
    let cases = [
        (OpenError::TooLarge { size: 3, limit: 2 }, json!({"found": 3, "expected": 2})),
        (OpenError::Empty, json!({})),
        (OpenError::NotUtf8 { at: 7 }, json!({"at": 7})),
        (OpenError::Malformed { place: "file", problem }, json!({"place": "file", "found": "cut off"})),
        (OpenError::WrongKind { expected: Kind::Trust, found: typ.clone() },
            json!({"expected": "seatwarden-trust+jwt", "found": typ})),
        (OpenError::KeyUnknown { kid: kid.clone(), known: vec![other.clone()] },
            json!({"kid": "vendor-a", "expected": ["vendor-b"]})),
        (OpenError::KeyWeak { kid: kid.clone() }, json!({"kid": "vendor-a"})),
        (OpenError::Signature { kid: kid.clone() }, json!({"kid": "vendor-a"})),
        (OpenError::NeedsNewer { found: "x".into() }, json!({"found": "x"})),
        (OpenError::KeyNotYetValid { kid: kid.clone(), issued_at: early, not_before: late },
            json!({"kid": "vendor-a", "issued_at": day, "not_before": next})),
        (OpenError::KeyRetired { kid: kid.clone(), issued_at: late, retired_at: early },
            json!({"kid": "vendor-a", "issued_at": next, "retired_at": day})),
        (OpenError::KeyRevoked { kid: kid.clone(), issued_at: Some(late), revoked_from: early },
            json!({"kid": "vendor-a", "issued_at": next, "revoked_from": day})),
        (OpenError::KeyRevoked { kid: kid.clone(), issued_at: None, revoked_from: early },
            json!({"kid": "vendor-a", "issued_at": null, "revoked_from": day})),
        (OpenError::IssuedAhead { issued_at: late, now: early }, json!({"issued_at": next, "now": day})),
        (OpenError::NeedsNewerTrust { needed: 5, found: 4 }, json!({"expected": 5, "found": 4})),
        (summary, json!({"member": "license", "expected": "A", "found": "B"})),
        (OpenError::WrongPortal { bound_to: kid.clone(), portal }, json!({"expected": "vendor-a", "found": "vendor-b"})),
        (OpenError::WrongPortal { bound_to: kid, portal: None }, json!({"expected": "vendor-a", "found": null})),
        (OpenError::CatalogMismatch { id, needed, known: vec![second] },
            json!({"catalog": "arcgis", "expected": first.to_string(), "found": [second.to_string()]})),
        (OpenError::OtherContract { installed: city.clone(), found: town }, json!({"installed": "city", "found": "town"})),
        (OpenError::Older { contract: city.clone(), installed: 4, found: 3 },
            json!({"contract": "city", "installed": 4, "found": 3})),
        (OpenError::Reused { contract: city, sequence: 4, installed: one, found: two },
            json!({"contract": "city", "sequence": 4, "installed": one.to_string(), "found": two.to_string()})),
        (OpenError::TrustListOlder { installed: 2, found: 1 }, json!({"installed": 2, "found": 1})),
    ];
    for (error, facts) in cases {
        let (name, sentence) = (error.code(), error.to_string());
        let failure = Failure::from(error);
        assert_eq!(failure.row().name, name);
        assert_eq!(failure.detail, format!("The file is refused: {sentence}."));
        assert_eq!(json!(failure.facts), facts, "{name}");
    }
}
