//! The steps of opening, in their order: each refuses for its own reason, and good files open however they are laid out.

use entitlement::*;
use serde_json::{Value, json};

use crate::fixture::*;
use crate::lease_fixture::*;

#[test]
fn an_opened_file_says_what_was_sealed() {
    let draft = full_draft();
    let file = opened(&draft);
    assert_eq!(file.draft(), &draft);
    assert_eq!((file.license(), file.contract(), file.sequence()), (&draft.jti, &draft.contract, 4));
    assert_eq!((file.supersedes(), file.replaces()), (Some(&Identity::of(b"sequence 3")), &draft.replaces[..]));
    assert_eq!((file.min_trust(), file.issuer().as_str()), (7, "Example Vendor"));
    assert_eq!((file.issued_at(), file.from()), (at("2026-12-10T00:00:00Z"), at("2026-12-01T00:00:00Z")));
    assert_eq!((file.until(), file.portal()), (Some(at("2027-12-01T00:00:00Z")), Some(&portal().public())));
    assert_eq!((file.customer(), file.catalog()), (&draft.customer, &draft.catalog));
    assert_eq!((file.user_types(), file.add_ons()), (&draft.user_types[..], &draft.add_ons[..]));
    assert_eq!(file.ext().map(Ext::as_str), Some(r#"{"order":{"po":"4711"}}"#));
    assert_eq!(file.note().map(Note::as_str), Some("Renewal in autumn."));
    assert_eq!((file.kid(), file.key_revoked(), file.policy()), (&kid("vendor-a"), false, Policy::default()));
}

#[test]
fn the_identity_is_the_digest_of_the_signed_part() {
    let file = sealed(&draft());
    let outer = outer(&file);
    let signed = format!("{}.{}", outer["protected"].as_str().unwrap(), outer["payload"].as_str().unwrap());
    assert_eq!(open(&file).unwrap().identity(), &Identity::of(signed.as_bytes()));
}

#[test]
fn the_layout_of_the_outer_object_changes_nothing() {
    let file = sealed(&draft());
    let opened = open(&file).unwrap();
    let value = outer(&file);
    let member = |name: &str| format!("{}: {}", json!(name), value[name]);
    let order = ["signature", "protected", "about", "payload"].map(member);
    for layout in [
        format!("\u{feff}{file}"),
        file.replace('\n', "\r\n"),
        value.to_string(),
        format!("  \n{{\t{}\n}} \n", order.join(" ,\r\n")),
        file.replacen("\"payload\"", "\"\\u0070ayload\"", 1),
    ] {
        assert_eq!(open(&layout), Ok(opened.clone()), "{layout}");
    }
    let mut without_summary = value.clone();
    without_summary.as_object_mut().unwrap().remove("about");
    assert_eq!(open(&without_summary.to_string()), Ok(opened));
}

#[test]
fn a_file_has_at_most_262144_bytes() {
    let file = sealed(&draft());
    let padded = |size: usize| format!("{file}{}", " ".repeat(size - file.len()));
    assert_eq!(LIMIT, 262_144);
    assert_eq!(code(open(&padded(LIMIT))), "ok");
    assert_eq!(open(&padded(LIMIT + 1)), Err(OpenError::TooLarge { size: 262_145, limit: 262_144 }));
    let binary = vec![0xff; LIMIT + 1];
    let opened = open_entitlement(&binary, &trust(), Use::Importing, now());
    assert_eq!(code(opened), "license-too-large");
}

#[test]
fn an_empty_file_and_one_that_is_not_text_are_named_so() {
    for empty in ["", " ", "\r\n\t ", "\u{feff}", "\u{feff}\n"] {
        assert_eq!(open(empty), Err(OpenError::Empty), "{empty:?}");
    }
    let opened = open_entitlement(b"{\"a\xff\":1}", &trust(), Use::Importing, now());
    assert_eq!(opened, Err(OpenError::NotUtf8 { at: 3 }));
}

#[test]
fn the_outer_object_is_an_object_of_four_members_and_no_others() {
    let good = outer(&sealed(&draft()));
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        code(open(&changed.to_string()))
    };
    for name in ["payload", "protected", "signature"] {
        for value in [Value::Null, json!(1), json!([good[name]]), json!({}), json!(true)] {
            assert_eq!(with(name, value.clone()), "license-malformed", "{name} {value}");
        }
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(
            open(&without.to_string()),
            Err(malformed(
                "file",
                &format!("member `{name}` is missing at line 1 column {}", without.to_string().len())
            ))
        );
        let twice = good.to_string().replacen('{', &format!("{{\"{name}\":{},", good[name]), 1);
        let refused = open(&twice).unwrap_err();
        assert!(refused.to_string().contains(&format!("member `{name}` stands twice")), "{refused}");
        assert_eq!(refused.code(), "license-malformed");
    }
    for name in ["header", "signatures", "ABOUT", "x", ""] {
        assert_eq!(with(name, json!({})), "license-malformed", "{name}");
    }
    for text in ["[]", "null", "\"\"", "1", "{", "{}", "{}{}", "<html></html>", "hello"] {
        assert_eq!(code(open(text)), "license-malformed", "{text}");
    }
    let array = json!([good["about"], good["payload"], good["protected"], good["signature"]]);
    assert_eq!(code(open(&array.to_string())), "license-malformed");
    assert_eq!(code(open(&format!("{good}x"))), "license-malformed");
}

#[test]
fn the_encoded_members_have_one_spelling() {
    let good = outer(&sealed(&draft()));
    for name in ["payload", "protected", "signature"] {
        let text = good[name].as_str().unwrap();
        for wrong in
            [format!("{text}="), format!("{text}=="), format!("{text} "), format!("\n{text}"), format!("+/{text}")]
        {
            let mut changed = good.clone();
            changed[name] = json!(wrong);
            let refused = code(open(&changed.to_string()));
            let expected = if name == "payload" { "license-signature" } else { "license-malformed" };
            assert_eq!(refused, expected, "{name} {wrong}");
        }
    }
    let short = json!({"payload": good["payload"], "protected": good["protected"], "signature": "AAAA"});
    assert_eq!(open(&short.to_string()), Err(malformed("signature", "3 bytes where 64 are wanted")));
}

#[test]
fn a_payload_that_is_not_base64url_is_refused_after_its_signature() {
    for payload in ["e30=", "e3 0", "e31", "e", "e30\n", "{}", "\u{e9}"] {
        let file = sign_encoded(&base64url(&header("vendor-a", Kind::Entitlement)), payload, &VENDOR);
        let refused = open(&file).unwrap_err();
        assert!(matches!(refused, OpenError::Malformed { place: "payload", .. }), "{payload}: {refused}");
        assert!(refused.to_string().contains("not base64url without padding"), "{payload}: {refused}");
    }
}

#[test]
fn the_protected_header_holds_its_three_members_and_no_others() {
    let payload = payload_text(&sealed(&draft()));
    let good = json!({"alg": "EdDSA", "kid": "vendor-a", "typ": "seatwarden-entitlement+jwt"});
    let opened = |header: &Value| code(open(&sign(&header.to_string(), &payload, &VENDOR)));
    assert_eq!(opened(&good), "ok");
    let with = |name: &str, value: Value| {
        let mut header = good.clone();
        header[name] = value;
        opened(&header)
    };
    for name in ["crit", "jwk", "jku", "x5c", "x5u", "x5t", "b64", "cty", "zip", "x"] {
        assert_eq!(with(name, json!([])), "license-malformed", "{name}");
    }
    assert_eq!(with("alg", json!("Ed25519")), "ok");
    for alg in [json!("none"), json!("HS256"), json!("eddsa"), json!(""), Value::Null, json!({"EdDSA": null}), json!(1)]
    {
        assert_eq!(with("alg", alg.clone()), "license-malformed", "{alg}");
    }
    for kid in [Value::Null, json!(1), json!(""), json!("../vendor-a"), json!("a".repeat(65)), json!(["vendor-a"])] {
        assert_eq!(with("kid", kid.clone()), "license-malformed", "{kid}");
    }
    for typ in [Value::Null, json!(1), json!(["seatwarden-entitlement+jwt"])] {
        assert_eq!(with("typ", typ.clone()), "license-malformed", "{typ}");
    }
    for name in ["alg", "kid", "typ"] {
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(opened(&without), "license-malformed", "{name}");
        let twice = good.to_string().replacen('{', &format!("{{\"{name}\":{},", good[name]), 1);
        assert_eq!(code(open(&sign(&twice, &payload, &VENDOR))), "license-malformed", "{name}");
    }
    let array = json!(["EdDSA", "vendor-a", "seatwarden-entitlement+jwt"]);
    assert_eq!(opened(&array), "license-malformed");
    assert_eq!(code(open(&sign("", &payload, &VENDOR))), "license-malformed");
}

#[test]
fn a_file_of_one_kind_never_opens_as_another() {
    let payload = payload_text(&sealed(&draft()));
    // One key is root, vendor and portal at once, so that only the kind can tell the files apart.
    let everywhere = SecretKey::self_named(&VENDOR);
    let name = everywhere.kid().as_str();
    let roots = Roots::new(vec![everywhere.public()]).unwrap();
    let mut list = trust_draft();
    list.keys[0].key = everywhere.public();
    let trust_file = seal_trust_list(&list, &everywhere).unwrap();
    let trust = open_trust_list(trust_file.as_bytes(), &roots, now()).unwrap();
    let mut bound = full_draft();
    bound.portal = Some(everywhere.public());
    let file = seal_entitlement(&bound, &everywhere).unwrap();
    let license = open_entitlement(file.as_bytes(), &trust, Use::Installed, now()).unwrap();
    let mut draft = lease_draft(&license);
    draft.device.key = Some(everywhere.public());
    let file = seal_lease(&draft, &everywhere).unwrap();
    let lease = open_lease(file.as_bytes(), &license, now(), None).unwrap();
    for kind in Kind::ALL {
        let bytes = sign(&header(name, kind), &payload, &VENDOR).into_bytes();
        let found = kind.typ().to_owned();
        let wrong = |expected| OpenError::WrongKind { expected, found: found.clone() };
        if kind != Kind::Trust {
            assert_eq!(open_trust_list(&bytes, &roots, now()), Err(wrong(Kind::Trust)));
        }
        if kind != Kind::Entitlement {
            let opened = open_entitlement(&bytes, &trust, Use::Installed, now());
            assert_eq!(opened, Err(wrong(Kind::Entitlement)));
        }
        if kind != Kind::Catalog {
            assert_eq!(open_catalog(&bytes, &trust), Err(wrong(Kind::Catalog)));
        }
        if kind != Kind::Portal {
            assert_eq!(open_activation_request(&bytes, now()), Err(wrong(Kind::Portal)));
        }
        if kind != Kind::Lease {
            assert_eq!(open_lease(&bytes, &license, now(), None), Err(wrong(Kind::Lease).into()));
        }
        if kind != Kind::Return {
            let parts = outer(std::str::from_utf8(&bytes).unwrap());
            let line = ["protected", "payload", "signature"].map(|part| parts[part].as_str().unwrap().to_owned());
            assert_eq!(open_return_code(&line.join("."), &lease), Err(wrong(Kind::Return).into()));
        }
    }
    for typ in
        ["JWT", "", "seatwarden-entitlement", "Seatwarden-Entitlement+JWT", "application/seatwarden-entitlement+jwt"]
    {
        let header = json!({"alg": "EdDSA", "kid": name, "typ": typ}).to_string();
        let opened = open_entitlement(sign(&header, &payload, &VENDOR).as_bytes(), &trust, Use::Installed, now());
        assert_eq!(opened, Err(OpenError::WrongKind { expected: Kind::Entitlement, found: typ.to_owned() }));
    }
}

#[test]
fn the_kind_is_answered_before_the_key_and_the_key_before_the_signature() {
    let payload = payload_text(&sealed(&draft()));
    let lease = sign(&header("nobody", Kind::Lease), &payload, &STRANGER);
    assert_eq!(code(open(&lease)), "license-wrong-kind");
    let known = vec![kid("vendor-a"), kid("vendor-old")];
    for name in ["nobody", "root-a", "VENDOR-A"] {
        let file = sign(&header(name, Kind::Entitlement), &payload, &STRANGER);
        assert_eq!(open(&file), Err(OpenError::KeyUnknown { kid: kid(name), known: known.clone() }));
    }
    let file = sign(&header("vendor-a", Kind::Entitlement), "not even JSON", &STRANGER);
    assert_eq!(open(&file), Err(OpenError::Signature { kid: kid("vendor-a") }));
}

#[test]
fn a_bad_signature_wins_over_everything_that_the_file_says() {
    let mut bad = draft();
    bad.iat = at("2029-01-01T00:00:00Z");
    bad.min_trust = 99;
    let text = payload_text(&seal_entitlement(&bad, &old()).unwrap());
    let file = sign(&header("vendor-old", Kind::Entitlement), &text, &STRANGER);
    assert_eq!(open(&file), Err(OpenError::Signature { kid: kid("vendor-old") }));
}

#[test]
fn a_key_counts_from_its_first_instant_to_the_one_before_its_last() {
    for (iat, expected) in [
        ("2025-12-31T23:59:59Z", "license-key-not-yet-valid"),
        ("2026-01-01T00:00:00Z", "ok"),
        ("2027-12-31T23:59:59Z", "ok"),
        ("2028-01-01T00:00:00Z", "license-key-retired"),
    ] {
        let mut draft = draft();
        draft.iat = at(iat);
        let opened = open_entitlement(sealed(&draft).as_bytes(), &trust(), Use::Importing, at("2029-01-01T00:00:00Z"));
        assert_eq!(code(opened.clone()), expected, "{iat}");
        let (kid, issued_at) = (kid("vendor-a"), at(iat));
        match expected {
            "license-key-retired" => {
                let retired_at = at("2028-01-01T00:00:00Z");
                assert_eq!(opened, Err(OpenError::KeyRetired { kid, issued_at, retired_at }));
            }
            "license-key-not-yet-valid" => {
                let not_before = at("2026-01-01T00:00:00Z");
                assert_eq!(opened, Err(OpenError::KeyNotYetValid { kid, issued_at, not_before }));
            }
            _ => {}
        }
    }
}

#[test]
fn nothing_of_a_revoked_key_is_imported_and_what_it_signed_before_stays_installed() {
    let revoked_from = at("2026-12-01T00:00:00Z");
    for (iat, stays) in
        [("2026-11-30T23:59:59Z", true), ("2026-12-01T00:00:00Z", false), ("2026-12-10T00:00:00Z", false)]
    {
        let mut draft = draft();
        draft.iat = at(iat);
        let file = seal_entitlement(&draft, &old()).unwrap();
        let refused = OpenError::KeyRevoked { kid: kid("vendor-old"), issued_at: Some(at(iat)), revoked_from };
        assert_eq!(open(&file), Err(refused.clone()), "{iat}");
        match open_entitlement(file.as_bytes(), &trust(), Use::Installed, now()) {
            Ok(file) => assert!(stays && file.key_revoked(), "{iat}"),
            Err(error) => assert_eq!((stays, error), (false, refused), "{iat}"),
        }
    }
}

#[test]
fn a_file_may_be_issued_one_day_ahead_and_no_second_more() {
    for (iat, expected) in [("2026-12-16T00:00:00Z", "ok"), ("2026-12-16T00:00:01Z", "license-issued-ahead")] {
        let mut draft = draft();
        draft.iat = at(iat);
        assert_eq!(code(open(&sealed(&draft))), expected, "{iat}");
        let mut list = trust_draft();
        list.iat = at(iat);
        assert_eq!(code(open_trust(&seal_trust_list(&list, &root()).unwrap())), expected, "{iat}");
        let request = seal_activation_request(&portal(), at(iat)).unwrap();
        assert_eq!(code(open_activation_request(request.as_bytes(), now())), expected, "{iat}");
    }
    let mut draft = draft();
    draft.iat = at("2026-12-16T00:00:01Z");
    let refused = OpenError::IssuedAhead { issued_at: draft.iat, now: now() };
    assert_eq!(open(&sealed(&draft)), Err(refused));
}

#[test]
fn a_file_opens_under_its_lowest_trust_list_or_a_later_one() {
    for (min_trust, expected) in
        [(0, Ok(())), (6, Ok(())), (7, Ok(())), (8, Err(OpenError::NeedsNewerTrust { needed: 8, found: 7 }))]
    {
        let mut draft = draft();
        draft.min_trust = min_trust;
        assert_eq!(open(&sealed(&draft)).map(|_| ()), expected);
    }
}

#[test]
fn ended_and_not_begun_files_open() {
    for now in ["2026-12-10T00:00:00Z", "2035-01-01T00:00:00Z"] {
        let opened = open_entitlement(sealed(&draft()).as_bytes(), &trust(), Use::Importing, at(now));
        assert_eq!(code(opened), "ok", "{now}");
    }
}

#[test]
fn looking_into_a_file_verifies_nothing() {
    let payload = "{\"anything\": 1}";
    let file = sign(&header("nobody", Kind::Usage), payload, &STRANGER);
    let seen = peek_kind(file.as_bytes()).unwrap();
    let signed = format!("{}.{}", base64url(&header("nobody", Kind::Usage)), base64url(payload));
    assert_eq!(
        seen,
        Inspection {
            kind: Some(Kind::Usage),
            typ: "seatwarden-usage+jwt".to_owned(),
            kid: kid("nobody"),
            payload_text: payload.to_owned(),
            about: None,
            identity: Identity::of(signed.as_bytes()),
        }
    );
    let sealed = sealed(&draft());
    let about = peek_kind(sealed.as_bytes()).unwrap().about.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&about).unwrap(), outer(&sealed)["about"]);
    assert_eq!(peek_kind(b"").unwrap_err(), OpenError::Empty);
    let binary = sign_encoded(&base64url(&header("nobody", Kind::Usage)), "_w", &STRANGER);
    assert_eq!(peek_kind(binary.as_bytes()), Err(malformed("payload", "the payload is not UTF-8 text")));
    let unknown = sign(r#"{"alg":"EdDSA","kid":"a","typ":"JWT"}"#, payload, &STRANGER);
    assert_eq!(peek_kind(unknown.as_bytes()).unwrap().kind, None);
}
