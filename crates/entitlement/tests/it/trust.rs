//! Trust lists, activation requests and catalogs: what opens, and what does not.

use entitlement::*;
use serde_json::{Value, json};

use crate::fixture::*;

fn list() -> Value {
    serde_json::from_str(&payload_text(&seal_trust_list(&trust_draft(), &root()).unwrap())).unwrap()
}

fn opening(payload: &Value) -> &'static str {
    code(open_trust(&root_signed(&payload.to_string())))
}

#[test]
fn an_opened_trust_list_says_what_was_sealed() {
    let draft = trust_draft();
    let list = trust_of(&draft);
    assert_eq!(list.draft(), &draft);
    assert_eq!((list.version(), list.issued_at(), list.expires()), (7, draft.iat, draft.expires));
    assert_eq!((list.keys(), list.revoked_keys()), (&draft.keys[..], &draft.revoked_keys));
    assert_eq!((list.revoked_licenses(), list.signed_by()), (&draft.revoked_licenses, &kid("root-a")));
    assert_eq!(list.min_sequence(&contract("town-of-example")), Some(3));
    assert_eq!(list.min_sequence(&contract("city-of-example")), None);
    let file = seal_trust_list(&draft, &root()).unwrap();
    assert_eq!(list.identity(), &peek_kind(file.as_bytes()).unwrap().identity);
}

#[test]
fn the_payload_of_a_trust_list_is_in_the_order_of_the_table() {
    let mut draft = trust_draft();
    draft.keys.truncate(1);
    let jwk: Value = serde_json::from_str(&vendor().public().to_jwk()).unwrap();
    let expected = [
        r#"{"version":7,"iat":1796169600,"expires":1827705600,"#.to_owned(),
        format!(r#""keys":[{{"kid":"vendor-a","x":{},"nbf":1767225600,"exp":1830297600}}],"#, jwk["x"]),
        r#""revoked_keys":[{"kid":"vendor-old","from":1796083200}],"revoked_licenses":["SW-2026-000013"],"#.to_owned(),
        r#""min_sequence":{"town-of-example":3}}"#.to_owned(),
    ];
    assert_eq!(payload_text(&seal_trust_list(&draft, &root()).unwrap()), expected.concat());
}

#[test]
fn only_a_root_opens_a_trust_list() {
    let payload = list().to_string();
    let file = sign(&header("vendor-a", Kind::Trust), &payload, &VENDOR);
    assert_eq!(open_trust(&file), Err(OpenError::KeyUnknown { kid: kid("vendor-a"), known: vec![kid("root-a")] }));
    let file = sign(&header("root-a", Kind::Trust), &payload, &VENDOR);
    assert_eq!(open_trust(&file), Err(OpenError::Signature { kid: kid("root-a") }));
    let two = Roots::new(vec![SecretKey::from_seed(kid("root-b"), &STRANGER).public(), root().public()]).unwrap();
    assert_eq!(code(open_trust_list(root_signed(&payload).as_bytes(), &two, now())), "ok");
}

#[test]
fn every_member_of_a_trust_list_is_needed_once_and_typed() {
    for pointer in ["", "/keys/0", "/revoked_keys/0"] {
        let names: Vec<String> = list().pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names {
            let mut without = list();
            let removed = without.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
            assert_eq!(opening(&without), "license-malformed", "{pointer}/{name} absent");
            for wrong in [Value::Null, json!([removed]), json!(1.5)] {
                let mut changed = list();
                changed.pointer_mut(pointer).unwrap()[&name] = wrong.clone();
                assert_eq!(opening(&changed), "license-malformed", "{pointer}/{name} {wrong}");
            }
        }
        let mut added = list();
        added.pointer_mut(pointer).unwrap()["x5c"] = json!([]);
        assert_eq!(opening(&added), "license-needs-newer", "{pointer}");
    }
    assert_eq!(code(open_trust(&root_signed("[]"))), "license-malformed");
    let mut later = list();
    later["schema"] = json!(2);
    let found = "`schema` is 2".to_owned();
    assert_eq!(open_trust(&root_signed(&later.to_string())), Err(OpenError::NeedsNewer { found }));
}

#[test]
fn a_trust_list_names_nothing_twice() {
    for name in ["keys", "revoked_keys", "revoked_licenses"] {
        let mut payload = list();
        let first = payload[name][0].clone();
        payload[name].as_array_mut().unwrap().push(first);
        let refused = open_trust(&root_signed(&payload.to_string())).unwrap_err().to_string();
        assert!(refused.contains(&format!("`{name}` names `")) && refused.ends_with("` twice"), "{refused}");
    }
    let text = list().to_string().replace(r#"{"town-of-example":3}"#, r#"{"town-of-example":3,"town-of-example":4}"#);
    let refused = open_trust(&root_signed(&text)).unwrap_err().to_string();
    assert!(refused.contains("member `town-of-example` stands twice"), "{refused}");
    let array = list().to_string().replace(r#"{"town-of-example":3}"#, "[]");
    let column = array.find("[]").unwrap();
    let problem = format!("`min_sequence`: invalid type: sequence, expected an object at line 1 column {column}");
    assert_eq!(open_trust(&root_signed(&array)), Err(malformed("payload", &problem)));
}

#[test]
fn the_numbers_and_times_of_a_trust_list_are_in_their_range() {
    let with = |change: fn(&mut Value)| {
        let mut payload = list();
        change(&mut payload);
        open_trust(&root_signed(&payload.to_string())).map(|list| list.version())
    };
    assert_eq!(with(|list| list["version"] = json!(0)), Err(malformed("payload", "`version` is 0")));
    assert_eq!(with(|list| list["version"] = json!(1)), Ok(1));
    let expires = Err(malformed("payload", "`expires` is not after `iat`"));
    assert_eq!(with(|list| list["expires"] = list["iat"].clone()), expires);
    assert_eq!(with(|list| list["expires"] = json!(0)), expires);
    assert_eq!(with(|list| list["expires"] = json!(list["iat"].as_i64().unwrap() + 1)), Ok(7));
    let key = Err(malformed("payload", "`exp` of the key `vendor-a` is not after its `nbf`"));
    assert_eq!(with(|list| list["keys"][0]["exp"] = list["keys"][0]["nbf"].clone()), key);
    assert_eq!(with(|list| list["keys"][0]["exp"] = json!(list["keys"][0]["nbf"].as_i64().unwrap() + 1)), Ok(7));
    assert_eq!(with(|list| list["keys"] = json!([])), Ok(7));
}

#[test]
fn the_keys_of_a_trust_list_are_points_and_not_weak() {
    let with = |x: String| {
        let mut payload = list();
        payload["keys"][0]["x"] = json!(x);
        open_trust(&root_signed(&payload.to_string())).map(|list| list.version())
    };
    assert_eq!(with("A".repeat(43)), Err(OpenError::KeyWeak { kid: kid("vendor-a") }));
    let identity = format!("AQ{}", "A".repeat(41));
    assert_eq!(with(identity), Err(OpenError::KeyWeak { kid: kid("vendor-a") }));
    let no_point = "`x` of the key `vendor-a`: the bytes are not an Ed25519 public key";
    assert_eq!(with(format!("Ag{}", "A".repeat(41))), Err(malformed("payload", no_point)));
    let short = with("AAAA".to_owned()).unwrap_err().to_string();
    assert!(short.contains("`keys`: `x`: 3 bytes where 32 are wanted"), "{short}");
}

#[test]
fn an_opened_request_names_its_portal() {
    let file = seal_activation_request(&portal(), now()).unwrap();
    let request = open_activation_request(file.as_bytes(), now()).unwrap();
    assert_eq!((request.portal(), request.key(), request.issued_at()), (portal().kid(), &portal().public(), now()));
    let x: Value = serde_json::from_str(&portal().public().to_jwk()).unwrap();
    let expected = format!(
        r#"{{"schema":1,"portal":"{}","iat":1797292800,"jwk":{{"kty":"OKP","crv":"Ed25519","x":{}}}}}"#,
        portal().kid(),
        x["x"]
    );
    assert_eq!(payload_text(&file), expected);
}

#[test]
fn a_request_is_signed_by_the_key_that_it_names_three_times() {
    let own = portal().kid().to_string();
    let payload: Value =
        serde_json::from_str(&payload_text(&seal_activation_request(&portal(), now()).unwrap())).unwrap();
    let opening = |kid: &str, payload: &Value, seed: &[u8; 32]| {
        let file = sign(&header(kid, Kind::Portal), &payload.to_string(), seed);
        open_activation_request(file.as_bytes(), now()).map(|request| request.portal().to_string())
    };
    assert_eq!(opening(&own, &payload, &PORTAL), Ok(own.clone()));
    let kid_differs = malformed("protected", "`kid` is not the portal that the payload names");
    assert_eq!(opening("another", &payload, &PORTAL), Err(kid_differs));
    assert_eq!(opening(&own, &payload, &STRANGER), Err(OpenError::Signature { kid: portal().kid().clone() }));
    let with = |name: &str, value: Value| {
        let mut changed = payload.clone();
        changed[name] = value;
        opening(&own, &changed, &PORTAL)
    };
    let not_its_name = malformed("payload", "`portal` is not the thumbprint of the key in `jwk`");
    assert_eq!(with("portal", json!("another")), Err(not_its_name));
    assert_eq!(code(with("schema", json!(2))), "license-needs-newer");
    assert_eq!(code(with("epoch", json!(2))), "license-needs-newer");
    for name in ["schema", "portal", "iat", "jwk"] {
        assert_eq!(code(with(name, Value::Null)), "license-malformed", "{name}");
        let mut without = payload.clone();
        without.as_object_mut().unwrap().remove(name);
        assert_eq!(code(opening(&own, &without, &PORTAL)), "license-malformed", "{name}");
    }
    // A name for a y that belongs to no point: a key that verifies nothing.
    let mut two = [0; 32];
    two[0] = 2;
    let (x, name) = (format!("Ag{}", "A".repeat(41)), thumbprint(&two));
    let nobody = json!({"schema": 1, "portal": name, "iat": 1, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}});
    assert_eq!(opening(&name, &nobody, &PORTAL), Err(OpenError::Signature { kid: kid(&name) }));
    let mut weak = payload.clone();
    weak["jwk"]["x"] = json!("A".repeat(43));
    assert_eq!(opening(&own, &weak, &PORTAL), Err(OpenError::KeyWeak { kid: portal().kid().clone() }));
}

/// RFC 7638 over a key that no library would hold.
fn thumbprint(bytes: &[u8; 32]) -> String {
    use base64::Engine as _;
    let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    Identity::of(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes()).to_string()
}

#[test]
fn a_signed_catalog_is_the_bytes_that_were_signed() {
    let bytes = b"{\n  \"id\": \"arcgis\"\n}\n";
    let file = seal_catalog(bytes, &vendor()).unwrap();
    let catalog = open_catalog(file.as_bytes(), &trust()).unwrap();
    assert_eq!((catalog.bytes(), catalog.kid()), (&bytes[..], &kid("vendor-a")));
    assert_eq!(catalog.digest(), &CatalogDigest::of(bytes));
    assert_eq!(peek_kind(file.as_bytes()).unwrap().kind, Some(Kind::Catalog));
}

#[test]
fn a_catalog_needs_a_vendor_key_that_is_not_revoked_and_its_own_summary() {
    let trust = trust();
    let opening = |file: &str| open_catalog(file.as_bytes(), &trust).map(|_| ());
    let revoked_from = at("2026-12-01T00:00:00Z");
    let by_old = seal_catalog(b"{}", &old()).unwrap();
    let revoked = OpenError::KeyRevoked { kid: kid("vendor-old"), issued_at: None, revoked_from };
    assert_eq!(opening(&by_old), Err(revoked));
    assert_eq!(code(opening(&seal_catalog(b"{}", &root()).unwrap())), "license-key-unknown");
    assert_eq!(code(opening(&sign(&header("vendor-a", Kind::Catalog), "{}", &STRANGER))), "license-signature");
    assert_eq!(code(opening(&sign(&header("vendor-a", Kind::Catalog), "{}", &VENDOR))), "ok");
    let mut edited = outer(&seal_catalog(b"{}", &vendor()).unwrap());
    edited["about"]["sha256"] = json!(CatalogDigest::of(b"other").to_string());
    assert_eq!(code(opening(&edited.to_string())), "license-summary-edited");
}
