//! Return codes: signed by the computer that a lease names, for that lease.

use entitlement::*;
use serde_json::json;

use crate::fixture::*;
use crate::lease_fixture::*;

/// Signs any two texts as a line.
fn line_of(header: &str, payload: &str, seed: &[u8; 32]) -> String {
    let file = outer(&sign(header, payload, seed));
    ["protected", "payload", "signature"].map(|part| file[part].as_str().unwrap().to_owned()).join(".")
}

fn return_header() -> String {
    header(device_key().kid().as_str(), Kind::Return)
}

/// A payload signed by the computer.
fn device_signed(payload: &str) -> String {
    line_of(&return_header(), payload, &DEVICE)
}

#[test]
fn a_return_code_opens_for_its_lease_and_says_which_one_came_back() {
    let lease = opened_lease();
    let text = seal_return_code(&lease, &device_key(), now()).unwrap();
    let payload = r#"{"schema":1,"lease":"lease-0001","device":"pc-0001","iat":1797292800}"#;
    assert_eq!(text, device_signed(payload));
    for given in [text.clone(), format!(" {text}\r\n"), format!("\n{text}\n\n")] {
        let code = open_return_code(&given, &lease).unwrap();
        assert_eq!((code.lease(), code.device()), (lease.id(), &lease.device().id));
        assert_eq!(code.issued_at(), now());
    }
}

#[test]
fn a_return_code_is_made_with_the_key_that_the_lease_names() {
    let lease = opened_lease();
    let problem = "the key is not that of the computer of the lease".to_owned();
    for key in [SecretKey::self_named(&STRANGER), SecretKey::from_seed(kid("pc"), &DEVICE)] {
        let refused = seal_return_code(&lease, &key, now());
        assert_eq!(refused, Err(SealError::Invalid { problem: problem.clone() }), "{key:?}");
    }
    let lease = without_key();
    let problem = "the lease names no key of its computer".to_owned();
    assert_eq!(seal_return_code(&lease, &device_key(), now()), Err(SealError::Invalid { problem }));
}

fn without_key() -> Lease {
    let entitlement = bound();
    let mut draft = lease_draft(&entitlement);
    draft.device.key = None;
    let file = seal_lease(&draft, &portal()).unwrap();
    open_lease(file.as_bytes(), &entitlement, now(), None).unwrap()
}

#[test]
fn nobody_else_gives_a_lease_back() {
    let lease = opened_lease();
    let text = seal_return_code(&lease, &device_key(), now()).unwrap();
    let refused = open_return_code(&text, &without_key());
    assert_eq!(refused, Err(LeaseError::NoDeviceKey { lease: lease.id().clone() }));
    let payload = json!({"schema": 1, "lease": "lease-0001", "device": "pc-0001", "iat": 0}).to_string();
    let forged = line_of(&return_header(), &payload, &STRANGER);
    let refused = open_return_code(&forged, &lease);
    assert_eq!(refused, Err(OpenError::Signature { kid: device_key().kid().clone() }.into()));
    let stranger = SecretKey::self_named(&STRANGER);
    let foreign = line_of(&header(stranger.kid().as_str(), Kind::Return), &payload, &STRANGER);
    let (kid, known) = (stranger.kid().clone(), vec![device_key().kid().clone()]);
    assert_eq!(open_return_code(&foreign, &lease), Err(OpenError::KeyUnknown { kid, known }.into()));
    let by_portal = line_of(&header(portal().kid().as_str(), Kind::Return), &payload, &PORTAL);
    assert_eq!(lease_code(open_return_code(&by_portal, &lease)), "license-key-unknown");
}

#[test]
fn a_return_code_gives_back_one_lease_of_one_computer() {
    let lease = opened_lease();
    let open = |lease_id: &str, device: &str| {
        let payload = json!({"schema": 1, "lease": lease_id, "device": device, "iat": 0}).to_string();
        open_return_code(&device_signed(&payload), &lease).map(|_| ())
    };
    assert_eq!(open("lease-0001", "pc-0001"), Ok(()));
    let (expected, found) = (lease.id().clone(), LeaseId::parse("lease-0002").unwrap());
    assert_eq!(open("lease-0002", "pc-0001"), Err(LeaseError::OtherLease { expected, found }));
    let expected = Label::parse("pc-0001").unwrap();
    assert_eq!(open("lease-0001", "pc-0002"), Err(LeaseError::OtherDevice { expected, found: "pc-0002".to_owned() }));
}

#[test]
fn the_payload_of_a_return_code_is_strict() {
    let lease = opened_lease();
    let good = json!({"schema": 1, "lease": "lease-0001", "device": "pc-0001", "iat": 0});
    let open = |payload: &serde_json::Value| lease_code(open_return_code(&device_signed(&payload.to_string()), &lease));
    for name in ["schema", "lease", "device", "iat"] {
        for wrong in [json!(null), json!({}), json!(-1), json!("")] {
            let mut changed = good.clone();
            changed[name] = wrong;
            assert_eq!(open(&changed), "license-malformed", "{changed}");
        }
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(open(&without), "license-malformed", "{name}");
        let twice = good.to_string().replacen('{', &format!("{{\"{name}\":{},", good[name]), 1);
        assert_eq!(lease_code(open_return_code(&device_signed(&twice), &lease)), "license-malformed", "{name}");
    }
    let (mut more, mut later) = (good.clone(), good);
    more["note"] = json!("");
    later["schema"] = json!(2);
    assert_eq!((open(&more), open(&later)), ("license-needs-newer", "license-needs-newer"));
}

#[test]
fn a_return_code_is_three_parts_on_one_line() {
    let lease = opened_lease();
    let text = seal_return_code(&lease, &device_key(), now()).unwrap();
    let parts: Vec<&str> = text.split('.').collect();
    let [protected, payload, signature] = parts[..] else { panic!("{text}") };
    let json = json!({"protected": protected, "payload": payload, "signature": signature}).to_string();
    let long = format!("{text}{}", " ".repeat(LIMIT));
    for (wrong, code) in [
        ("", "license-empty"),
        (" \n", "license-empty"),
        (&long[..], "license-too-large"),
        ("a", "license-malformed"),
        (&format!("{protected}.{payload}"), "license-malformed"),
        (&format!("{text}."), "license-malformed"),
        (&format!(".{text}"), "license-malformed"),
        (&format!("{protected}.{payload}.{signature}="), "license-malformed"),
        (&format!("{protected}. {payload}.{signature}"), "license-signature"),
        (&format!("{protected}.{payload}\n.{signature}"), "license-signature"),
        (&json, "license-malformed"),
    ] {
        assert_eq!(lease_code(open_return_code(wrong, &lease)), code, "{wrong}");
    }
    // The same parts as a file are of the kind, and no file opens as that.
    assert_eq!(peek_kind(json.as_bytes()).unwrap().kind, Some(Kind::Return));
    assert_eq!(code(open(&json)), "license-wrong-kind");
    assert_eq!(code(peek_kind(text.as_bytes())), "license-malformed");
}

/// Every bit change of every character: refused, or read as the same.
#[test]
fn every_character_of_a_return_code_counts() {
    let lease = opened_lease();
    let text = seal_return_code(&lease, &device_key(), now()).unwrap();
    for at in 0..text.len() {
        for bit in 0..7 {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let changed = String::from_utf8(changed).unwrap();
            assert!(open_return_code(&changed, &lease).is_err(), "{changed}");
        }
    }
}
