//! Leases: opened under the entitlement that they name, and under nothing else; never more than it allows.

use entitlement::*;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::lease_fixture::*;

#[test]
fn an_opened_lease_says_what_was_sealed() {
    let entitlement = bound();
    let draft = lease_draft(&entitlement);
    let file = seal_lease(&draft, &portal()).unwrap();
    let lease = open_lease(file.as_bytes(), &entitlement, now(), Some("pc-0001")).unwrap();
    assert_eq!(lease.draft(), &draft);
    assert_eq!((lease.id(), lease.portal()), (&draft.jti, portal().kid()));
    assert_eq!((lease.member(), lease.username()), (&draft.sub, draft.username.as_ref()));
    assert_eq!((lease.product(), lease.level()), (&draft.product, draft.level.as_ref()));
    assert_eq!((lease.extensions(), lease.device()), (&draft.extensions[..], &draft.device));
    assert_eq!((lease.usage(), lease.issued_at()), (LeaseUse::Offline, draft.iat));
    assert_eq!((lease.from(), lease.until()), (draft.nbf, draft.exp));
    assert_eq!((lease.license(), lease.epoch()), (entitlement.identity(), 3));
    let outer = outer(&file);
    let signed = format!("{}.{}", outer["protected"].as_str().unwrap(), outer["payload"].as_str().unwrap());
    assert_eq!(lease.identity(), &Identity::of(signed.as_bytes()));
    assert_eq!(seal_lease(lease.draft(), &portal()), Ok(file));
}

#[test]
fn the_payload_and_the_summary_of_a_lease_are_in_the_order_of_the_table() {
    let entitlement = bound();
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    let jwk: Value = serde_json::from_str(&device_key().public().to_jwk()).unwrap();
    let expected = [
        format!(r#"{{"schema":1,"jti":"lease-0001","iss":"{}","sub":"member-17","username":"ada","#, portal().kid()),
        r#""product":"arcgis-pro","level":"standard","extensions":["spatial-analyst"],"#.to_owned(),
        format!(
            r#""device":{{"id":"pc-0001","name":"Ada's laptop","jwk":{{"kty":"OKP","crv":"Ed25519","x":{}}}}},"#,
            jwk["x"]
        ),
        r#""use":"offline","iat":1797292800,"nbf":1797292800,"exp":1799884800,"#.to_owned(),
        format!(r#""license":"{}","epoch":3}}"#, entitlement.identity()),
    ];
    assert_eq!(payload_text(&file), expected.concat());
    let about = json!({
        "file": "Seatwarden lease, version 1. Only the signed part counts; this summary is checked against it.",
        "lease": "lease-0001", "use": "offline", "member": "ada", "product": "arcgis-pro", "level": "standard",
        "extensions": ["spatial-analyst"], "device": "Ada's laptop",
        "from": "2026-12-15T00:00:00Z", "until": "2027-01-14T00:00:00Z",
    });
    assert_eq!(outer(&file)["about"], about);
    for (name, wrong) in [("until", json!("2028-01-14T00:00:00Z")), ("member", json!("eve")), ("x", json!(1))] {
        let mut edited = outer(&file);
        edited["about"][name] = wrong;
        let refused = open_lease(edited.to_string().as_bytes(), &entitlement, now(), None);
        assert_eq!(lease_code(refused), "license-summary-edited", "{name}");
    }
}

#[test]
fn what_may_be_absent_may_be_absent_and_the_member_is_then_named_by_the_id() {
    let entitlement = bound();
    let mut draft = lease_draft(&entitlement);
    (draft.username, draft.level, draft.device.key) = (None, None, None);
    draft.extensions.clear();
    let file = seal_lease(&draft, &portal()).unwrap();
    assert_eq!(outer(&file)["about"]["member"], json!("member-17"));
    let lease = open_lease(file.as_bytes(), &entitlement, now(), None).unwrap();
    assert_eq!(lease.draft(), &draft);
}

#[test]
fn a_lease_ends_as_a_state_and_not_as_an_error() {
    let entitlement = bound();
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    for (instant, state) in [
        ("2026-12-14T23:59:59Z", TermState::NotBegun),
        ("2026-12-15T00:00:00Z", TermState::InTerm),
        ("2027-01-13T23:59:59Z", TermState::InTerm),
        ("2027-01-14T00:00:00Z", TermState::Ended),
        ("2035-01-01T00:00:00Z", TermState::Ended),
    ] {
        let lease = open_lease(file.as_bytes(), &entitlement, at(instant), None).unwrap();
        assert_eq!(lease.term_state(at(instant)), state, "{instant}");
        assert_eq!(lease.is_active_at(at(instant)), state == TermState::InTerm, "{instant}");
    }
}

#[test]
fn a_lease_is_opened_by_the_portal_of_the_entitlement_and_nobody_else() {
    let entitlement = bound();
    let draft = lease_draft(&entitlement);
    let stranger = SecretKey::self_named(&STRANGER);
    let foreign = seal_lease(&draft, &stranger).unwrap();
    let refused = open_lease(foreign.as_bytes(), &entitlement, now(), None);
    let (expected, found) = (portal().kid().clone(), stranger.kid().clone());
    assert_eq!(refused, Err(LeaseError::OtherPortal { expected, found }));
    let payload = payload_text(&seal_lease(&draft, &portal()).unwrap());
    let forged = sign(&header(portal().kid().as_str(), Kind::Lease), &payload, &STRANGER);
    let refused = open_lease(forged.as_bytes(), &entitlement, now(), None);
    assert_eq!(refused, Err(OpenError::Signature { kid: portal().kid().clone() }.into()));
    let by_vendor = sign(&header("vendor-a", Kind::Lease), &payload, &VENDOR);
    assert_eq!(lease_code(open_lease(by_vendor.as_bytes(), &entitlement, now(), None)), "lease-other-portal");
    let foreign_name = payload.replacen(portal().kid().as_str(), stranger.kid().as_str(), 1);
    let refused = open_lease(portal_signed(&foreign_name).as_bytes(), &entitlement, now(), None);
    assert_eq!(refused, Err(malformed("payload", "`iss` is not the portal that signed it").into()));
}

#[test]
fn an_unbound_entitlement_opens_no_lease() {
    let entitlement = opened(&draft());
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    let refused = open_lease(file.as_bytes(), &entitlement, now(), None);
    assert_eq!(refused, Err(LeaseError::NotBound { license: entitlement.license().clone() }));
}

#[test]
fn a_lease_opens_under_the_file_it_was_granted_under_also_after_a_renewal() {
    let (before, draft) = (bound(), lease_draft(&bound()));
    let file = seal_lease(&draft, &portal()).unwrap();
    let mut renewed = full_draft();
    renewed.sequence = 5;
    renewed.supersedes = Some(*before.identity());
    let renewed = opened(&renewed);
    let refused = open_lease(file.as_bytes(), &renewed, now(), None);
    let (expected, found) = (*renewed.identity(), *before.identity());
    assert_eq!(refused, Err(LeaseError::OtherLicense { expected, found }));
    assert_eq!(lease_code(open_lease(file.as_bytes(), &before, now(), None)), "ok");
}

#[test]
fn a_lease_lasts_as_long_as_the_policy_allows_and_no_second_more() {
    for (usage, most) in [(LeaseUse::Session, 30 * 60), (LeaseUse::Offline, 30 * 86_400)] {
        let entitlement = bound();
        let mut draft = lease_draft(&entitlement);
        draft.usage = usage;
        draft.exp = draft.iat.plus_seconds(most);
        assert_eq!(granted(&draft, &entitlement), "ok", "{usage}");
        draft.exp = draft.iat.plus_seconds(most + 1);
        let file = seal_lease(&draft, &portal()).unwrap();
        let refused = open_lease(file.as_bytes(), &entitlement, now(), None);
        assert_eq!(refused, Err(LeaseError::TooLong { usage, most, found: most + 1 }));
        // A late beginning does not make room.
        draft.nbf = draft.iat.plus_seconds(most);
        assert_eq!(granted(&draft, &entitlement), "lease-too-long", "{usage}");
    }
}

#[test]
fn the_policy_of_the_entitlement_is_the_one_that_counts() {
    let mut says = full_draft();
    (says.policy.offline_days, says.policy.session_minutes) = (u32::MAX, u32::MAX);
    says.exp = None;
    let entitlement = opened(&says);
    let mut draft = lease_draft(&entitlement);
    draft.exp = at("9999-12-31T23:59:59Z");
    assert_eq!(granted(&draft, &entitlement), "ok");
    (says.policy.offline_days, says.policy.session_minutes) = (0, 0);
    let entitlement = opened(&says);
    for usage in [LeaseUse::Session, LeaseUse::Offline] {
        let mut draft = lease_draft(&entitlement);
        (draft.usage, draft.exp) = (usage, draft.iat.plus_seconds(1));
        assert_eq!(granted(&draft, &entitlement), "lease-too-long");
    }
}

#[test]
fn without_use_offline_in_the_policy_only_sessions_open() {
    let mut says = full_draft();
    says.policy.offline = false;
    let entitlement = opened(&says);
    let mut draft = lease_draft(&entitlement);
    let file = seal_lease(&draft, &portal()).unwrap();
    let refused = open_lease(file.as_bytes(), &entitlement, now(), None);
    assert_eq!(refused, Err(LeaseError::OfflineOff { license: entitlement.license().clone() }));
    (draft.usage, draft.exp) = (LeaseUse::Session, draft.iat.plus_seconds(1800));
    assert_eq!(granted(&draft, &entitlement), "ok");
}

#[test]
fn a_lease_stays_within_the_term_of_the_entitlement() {
    let entitlement = bound();
    let term = |from: &str, until: &str| {
        let mut draft = lease_draft(&entitlement);
        (draft.iat, draft.nbf, draft.exp) = (at(from), at(from), at(until));
        let file = seal_lease(&draft, &portal()).unwrap();
        open_lease(file.as_bytes(), &entitlement, at(from), None).map(|_| ())
    };
    assert_eq!(term("2027-11-20T00:00:00Z", "2027-12-01T00:00:00Z"), Ok(()));
    let (from, until) = (at("2027-11-20T00:00:00Z"), at("2027-12-01T00:00:01Z"));
    let license = (at("2026-12-01T00:00:00Z"), Some(at("2027-12-01T00:00:00Z")));
    let refused = Err(LeaseError::OutsideTerm { from, until, license });
    assert_eq!(term("2027-11-20T00:00:00Z", "2027-12-01T00:00:01Z"), refused);
    assert_eq!(term("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"), Ok(()));
    let (from, until) = (at("2026-11-30T23:59:59Z"), at("2026-12-02T00:00:00Z"));
    assert_eq!(
        term("2026-11-30T23:59:59Z", "2026-12-02T00:00:00Z"),
        Err(LeaseError::OutsideTerm { from, until, license })
    );
}

#[test]
fn a_lease_may_be_issued_one_day_ahead_and_no_second_more() {
    let entitlement = bound();
    for (iat, expected) in [("2026-12-16T00:00:00Z", "ok"), ("2026-12-16T00:00:01Z", "license-issued-ahead")] {
        let mut draft = lease_draft(&entitlement);
        (draft.iat, draft.nbf) = (at(iat), at(iat));
        assert_eq!(granted(&draft, &entitlement), expected, "{iat}");
    }
}

#[test]
fn a_lease_is_for_one_computer_letter_for_letter() {
    let entitlement = bound();
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    for other in ["pc-0002", "PC-0001", "pc-0001 ", "", "Ada's laptop"] {
        let refused = open_lease(file.as_bytes(), &entitlement, now(), Some(other));
        let expected = Label::parse("pc-0001").unwrap();
        assert_eq!(refused, Err(LeaseError::OtherDevice { expected, found: other.to_owned() }), "{other:?}");
    }
}

#[test]
fn a_lease_that_contradicts_itself_is_neither_sealed_nor_opened() {
    let entitlement = bound();
    let good = lease_draft(&entitlement);
    let payload: Value = serde_json::from_str(&payload_text(&seal_lease(&good, &portal()).unwrap())).unwrap();
    let (iat, nbf) = (payload["iat"].as_i64().unwrap(), payload["nbf"].as_i64().unwrap());
    let extension = good.extensions[0].clone();
    type Change = Box<dyn Fn(&mut LeaseDraft)>;
    let cases: [(&str, Value, &str, Change); 4] = [
        ("nbf", json!(iat - 1), "`nbf` is before `iat`", Box::new(|draft| draft.nbf = draft.iat.plus_seconds(-1))),
        ("exp", json!(nbf), "`exp` is not after `nbf`", Box::new(|draft| draft.exp = draft.nbf)),
        ("epoch", json!(1_u64 << 53), "`epoch` is more than 2^53 - 1", Box::new(|draft| draft.epoch = 1 << 53)),
        (
            "extensions",
            json!(["spatial-analyst", "spatial-analyst"]),
            "`extensions` names an extension twice",
            Box::new(move |draft| draft.extensions.push(extension.clone())),
        ),
    ];
    for (member, value, problem, change) in cases {
        let mut draft = good.clone();
        change(&mut draft);
        let unsealed = seal_lease(&draft, &portal());
        assert_eq!(unsealed, Err(SealError::Invalid { problem: problem.to_owned() }));
        let mut wrong = payload.clone();
        wrong[member] = value;
        let refused = open_lease(portal_signed(&wrong.to_string()).as_bytes(), &entitlement, now(), None);
        assert_eq!(refused, Err(malformed("payload", problem).into()));
    }
    let mut largest = good;
    largest.epoch = (1 << 53) - 1;
    assert_eq!(granted(&largest, &entitlement), "ok");
}

#[test]
fn a_lease_is_sealed_with_keys_that_are_named_by_their_thumbprints() {
    let entitlement = bound();
    let problem = "a key is not named by its thumbprint".to_owned();
    let mut draft = lease_draft(&entitlement);
    assert_eq!(seal_lease(&draft, &vendor()), Err(SealError::Invalid { problem: problem.clone() }));
    draft.device.key = Some(vendor().public());
    assert_eq!(seal_lease(&draft, &portal()), Err(SealError::Invalid { problem }));
}

#[test]
fn every_member_of_a_lease_is_needed_or_may_be_absent_and_nothing_else_is_known() {
    let entitlement = bound();
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    let good: Value = serde_json::from_str(&payload_text(&file)).unwrap();
    let opening = |payload: &Value| {
        lease_code(open_lease(portal_signed(&payload.to_string()).as_bytes(), &entitlement, now(), None))
    };
    assert_eq!(opening(&good), "ok");
    for pointer in ["", "/device", "/device/jwk"] {
        let names: Vec<String> = good.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names {
            let object = |payload: &mut Value, value: Option<Value>| {
                let members = payload.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
                members.remove(&name);
                value.map(|value| members.insert(name.clone(), value));
            };
            let mut without = good.clone();
            object(&mut without, None);
            let optional = ["username", "level", "jwk"].contains(&name.as_str());
            assert_eq!(opening(&without), if optional { "ok" } else { "license-malformed" }, "{pointer}/{name}");
            for wrong in [Value::Null, json!({}), json!([[]]), json!(-1), json!("")] {
                let mut changed = good.clone();
                object(&mut changed, Some(wrong.clone()));
                assert_eq!(opening(&changed), "license-malformed", "{pointer}/{name} {wrong}");
            }
        }
        let mut more = good.clone();
        more.pointer_mut(pointer).unwrap()["perpetual"] = json!(true);
        assert_eq!(opening(&more), "license-needs-newer", "{pointer}");
    }
    for (schema, expected) in [(0, "license-malformed"), (2, "license-needs-newer")] {
        let mut later = good.clone();
        later["schema"] = json!(schema);
        assert_eq!(opening(&later), expected);
    }
    for usage in ["Session", "online", "offline "] {
        let mut wrong = good.clone();
        wrong["use"] = json!(usage);
        assert_eq!(opening(&wrong), "license-malformed", "{usage}");
    }
}

#[test]
fn the_key_of_a_computer_is_never_weak_nor_misspelt() {
    let entitlement = bound();
    let file = seal_lease(&lease_draft(&entitlement), &portal()).unwrap();
    let good: Value = serde_json::from_str(&payload_text(&file)).unwrap();
    let with = |x: &str| {
        let mut payload = good.clone();
        payload["device"]["jwk"]["x"] = json!(x);
        lease_code(open_lease(portal_signed(&payload.to_string()).as_bytes(), &entitlement, now(), None))
    };
    assert_eq!(with(&"A".repeat(43)), "license-key-weak");
    assert_eq!(with(&format!("{}8", "_".repeat(42))), "license-malformed");
    assert_eq!(with("AAAA"), "license-malformed");
}

#[test]
fn a_bad_signature_wins_over_everything_that_a_lease_says() {
    let entitlement = bound();
    let mut draft = lease_draft(&opened(&full_draft()));
    draft.license = Identity::of(b"another");
    draft.iat = at("2029-01-01T00:00:00Z");
    (draft.nbf, draft.exp) = (draft.iat, at("2039-01-01T00:00:00Z"));
    let text = payload_text(&seal_lease(&draft, &portal()).unwrap());
    let forged = sign(&header(portal().kid().as_str(), Kind::Lease), &text, &STRANGER);
    assert_eq!(lease_code(open_lease(forged.as_bytes(), &entitlement, now(), Some("x"))), "license-signature");
    // Then by one step after another.
    let genuine = portal_signed(&text);
    assert_eq!(lease_code(open_lease(genuine.as_bytes(), &entitlement, now(), Some("x"))), "license-issued-ahead");
    let later = at("2029-01-01T00:00:00Z");
    assert_eq!(lease_code(open_lease(genuine.as_bytes(), &entitlement, later, Some("x"))), "lease-other-license");
    draft.license = *entitlement.identity();
    let too_long = seal_lease(&draft, &portal()).unwrap();
    assert_eq!(lease_code(open_lease(too_long.as_bytes(), &entitlement, later, Some("x"))), "lease-too-long");
    draft.exp = draft.nbf.plus_seconds(1);
    let outside = seal_lease(&draft, &portal()).unwrap();
    assert_eq!(lease_code(open_lease(outside.as_bytes(), &entitlement, later, Some("x"))), "lease-outside-term");
}
