//! The payload of an entitlement, member by member, signed by a trusted key: the signature is good, the content is not.

use entitlement::*;
use serde_json::{Value, json};

use crate::fixture::*;

/// The payload of the file that holds every member.
fn full() -> Value {
    serde_json::from_str(&payload_text(&sealed(&full_draft()))).unwrap()
}

fn opening(payload: &Value) -> &'static str {
    code(open(&vendor_signed(&payload.to_string())))
}

/// Every object of the payload, by the pointer to it.
const OBJECTS: [&str; 8] = ["", "/cnf", "/cnf/jwk", "/customer", "/catalog", "/user_types/0", "/add_ons/0", "/policy"];

/// The members that may be absent.
const OPTIONAL: [&str; 8] = ["supersedes", "replaces", "exp", "from", "until", "trial", "ext", "note"];

#[test]
fn the_full_payload_is_in_the_order_of_the_table() {
    let text = payload_text(&sealed(&full_draft()));
    let x = base64url_of_portal();
    let (catalog, portal) = (CatalogDigest::of(b"catalog"), portal().kid().clone());
    let supersedes = Identity::of(b"sequence 3");
    let expected = [
        r#"{"schema":1,"jti":"SW-2026-000123","contract":"city-of-example","sequence":4,"#.to_owned(),
        format!(r#""supersedes":"{supersedes}","replaces":["village-of-example"],"min_trust":7,"#),
        r#""iss":"Example Vendor","iat":1796860800,"nbf":1796083200,"exp":1827619200,"#.to_owned(),
        format!(r#""aud":"{portal}","cnf":{{"jwk":{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}}},"#),
        r#""customer":{"id":"city-of-example","name":"City of Example"},"#.to_owned(),
        format!(r#""catalog":{{"id":"arcgis","sha256":"{catalog}"}},"#),
        r#""user_types":[{"id":"viewer","count":25,"from":1798761600,"until":1801440000},"#.to_owned(),
        r#"{"id":"creator","count":5}],"#.to_owned(),
        r#""add_ons":[{"id":"arcgis-pro-standard","count":2,"from":1803859200,"until":1806537600,"trial":true}],"#
            .to_owned(),
        r#""policy":{"one_over":1,"session_minutes":30,"computers":3,"save_minutes":60,"offline":true,"#.to_owned(),
        r#""offline_days":30},"ext":{"order":{"po":"4711"}},"note":"Renewal in autumn."}"#.to_owned(),
    ];
    assert_eq!(text, expected.concat());
}

fn base64url_of_portal() -> String {
    let jwk: Value = serde_json::from_str(&portal().public().to_jwk()).unwrap();
    jwk["x"].as_str().unwrap().to_owned()
}

#[test]
fn an_unknown_member_at_any_level_needs_a_newer_reader() {
    for pointer in OBJECTS {
        for name in ["xx", "Count", "counts", "", "\u{1}"] {
            let mut payload = full();
            payload.pointer_mut(pointer).unwrap()[name] = json!(null);
            assert_eq!(opening(&payload), "license-needs-newer", "{pointer} {name:?}");
        }
    }
    let mut payload = full();
    payload["perpetual"] = json!(true);
    let refused = open(&vendor_signed(&payload.to_string())).unwrap_err();
    assert!(
        matches!(&refused, OpenError::NeedsNewer { found } if found.starts_with("unknown member \"perpetual\"")),
        "{refused:?}"
    );
}

#[test]
fn a_foreign_text_never_passes_for_an_unknown_member() {
    let mut payload = full();
    payload["sequence"] = json!("\u{1}unknown member");
    assert_eq!(opening(&payload), "license-malformed");
    payload["sequence"] = json!(4);
    payload["customer"]["id"] = json!("\u{1}unknown member");
    assert_eq!(opening(&payload), "license-malformed");
}

#[test]
fn every_member_is_needed_or_may_be_absent_and_is_never_null_nor_twice() {
    for pointer in OBJECTS {
        let names: Vec<String> = full().pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in names {
            let mut without = full();
            let removed = without.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
            let expected = if OPTIONAL.contains(&name.as_str()) { "ok" } else { "license-malformed" };
            assert_eq!(opening(&without), expected, "{pointer}/{name} absent");

            let mut null = full();
            null.pointer_mut(pointer).unwrap()[&name] = Value::Null;
            assert_eq!(opening(&null), "license-malformed", "{pointer}/{name} null");

            let mut array = full();
            array.pointer_mut(pointer).unwrap()[&name] = json!([removed.clone()]);
            assert_eq!(opening(&array), "license-malformed", "{pointer}/{name} in an array");

            let mut marked = full();
            let object = marked.pointer_mut(pointer).unwrap();
            object["\u{7f}twice"] = removed.clone();
            let twice = marked.to_string().replacen("\"\u{7f}twice\"", &json!(name).to_string(), 1);
            let refused = open(&vendor_signed(&twice)).unwrap_err();
            assert!(
                refused.to_string().contains(&format!("member `{name}` stands twice")),
                "{pointer}/{name}: {refused}"
            );
            assert_eq!(refused.code(), "license-malformed", "{pointer}/{name}");
        }
    }
}

#[test]
fn every_object_is_an_object_and_every_list_a_list() {
    for pointer in &OBJECTS[1..] {
        let mut payload = full();
        let object = payload.pointer_mut(pointer).unwrap();
        *object = Value::Array(object.as_object().unwrap().values().cloned().collect());
        assert_eq!(opening(&payload), "license-malformed", "{pointer}");
    }
    for name in ["user_types", "add_ons", "replaces"] {
        for value in [json!({}), json!("viewer"), json!([null]), json!([[]])] {
            let mut payload = full();
            payload[name] = value.clone();
            assert_eq!(opening(&payload), "license-malformed", "{name} {value}");
        }
    }
    for text in ["[]", "null", "1", "\"\"", "", "{", "{}", "\u{feff}{}"] {
        assert_eq!(code(open(&vendor_signed(text))), "license-malformed", "{text}");
    }
    let good = full().to_string();
    assert_eq!(code(open(&vendor_signed(&format!("{good} ")))), "ok");
    assert_eq!(code(open(&vendor_signed(&format!("{good},")))), "license-malformed");
}

#[test]
fn a_count_is_a_plain_number_of_32_bits() {
    let good = full().to_string();
    for at in
        ["\"count\":25", "\"count\":2,", "\"sequence\":4", "\"min_trust\":7", "\"session_minutes\":30", "\"schema\":1"]
    {
        let (name, _) = at.split_once(':').unwrap();
        let comma = if at.ends_with(',') { "," } else { "" };
        for wrong in [
            "null",
            "\"\"",
            "-1",
            "-0",
            "5.0",
            "1e3",
            "4294967296",
            "18446744073709551616",
            "\"5\"",
            "[5]",
            "{}",
            "true",
            "05",
            "+5",
            "",
        ] {
            let text = good.replacen(at, &format!("{name}:{wrong}{comma}"), 1);
            assert_ne!(text, good);
            assert_eq!(code(open(&vendor_signed(&text))), "license-malformed", "{at} {wrong}");
        }
    }
    let largest = good.replacen("\"count\":25", "\"count\":4294967295", 1);
    assert_eq!(open(&vendor_signed(&largest)).unwrap().user_types()[0].count, u32::MAX);
    let none = good.replacen("\"count\":25", "\"count\":0", 1);
    assert_eq!(open(&vendor_signed(&none)).unwrap().user_types()[0].count, 0);
}

#[test]
fn a_wrong_count_is_named_with_its_place() {
    let text = payload_text(&sealed(&draft())).replacen("\"count\":5", "\"count\":null", 1);
    let column = text.find("null").unwrap() + 4;
    let problem = format!("`user_types`: `count`: invalid type: null, expected u32 at line 1 column {column}");
    assert_eq!(open(&vendor_signed(&text)), Err(malformed("payload", &problem)));
}

#[test]
fn instants_are_whole_seconds_of_four_digit_years() {
    for name in ["iat", "nbf", "exp"] {
        for wrong in [json!(-1), json!(253_402_300_800_i64), json!(1.5), json!("2026-12-01T00:00:00Z"), json!(true)] {
            let mut payload = full();
            payload[name] = wrong.clone();
            assert_eq!(opening(&payload), "license-malformed", "{name} {wrong}");
        }
    }
    let mut payload = full();
    payload["exp"] = json!(253_402_300_799_i64);
    assert_eq!(opening(&payload), "ok");
}

#[test]
fn terms_end_after_they_begin() {
    for (begin, end, expected) in [(10, 10, "license-malformed"), (10, 9, "license-malformed"), (10, 11, "ok")] {
        let mut payload = full();
        payload["nbf"] = json!(begin);
        payload["exp"] = json!(end);
        assert_eq!(opening(&payload), expected, "file {begin} {end}");
        for list in ["user_types", "add_ons"] {
            let mut payload = full();
            payload[list][0]["from"] = json!(begin);
            payload[list][0]["until"] = json!(end);
            assert_eq!(opening(&payload), expected, "{list} {begin} {end}");
        }
    }
    let mut payload = full();
    payload["exp"] = payload["nbf"].clone();
    let refused = open(&vendor_signed(&payload.to_string()));
    assert_eq!(refused, Err(malformed("payload", "`exp` is not after `nbf`")));
    let mut payload = full();
    payload["add_ons"][0]["until"] = json!(0);
    let refused = open(&vendor_signed(&payload.to_string()));
    let problem = "`until` of a line of `arcgis-pro-standard` is not after its `from`";
    assert_eq!(refused, Err(malformed("payload", problem)));
}

#[test]
fn a_later_schema_needs_a_newer_reader_whatever_else_it_holds() {
    let with = |schema: Value| {
        let mut payload = full();
        payload["schema"] = schema;
        open(&vendor_signed(&payload.to_string()))
    };
    assert_eq!(with(json!(0)), Err(malformed("payload", "`schema` is 0")));
    let found = "`schema` is 2, and this version knows 1".to_owned();
    assert_eq!(with(json!(2)), Err(OpenError::NeedsNewer { found }));
    assert_eq!(code(with(json!(u32::MAX))), "license-needs-newer");
    let other = open(&vendor_signed(r#"{"seats":{},"schema":2}"#));
    assert_eq!(other, Err(OpenError::NeedsNewer { found: "`schema` is 2".to_owned() }));
    assert_eq!(code(open(&vendor_signed(" {\"schema\":2,\"jti\":null}"))), "license-needs-newer");
    assert_eq!(code(open(&vendor_signed(r#"{"schema":1,"jti":null}"#))), "license-malformed");
    assert_eq!(code(open(&vendor_signed("[2]"))), "license-malformed");
}

#[test]
fn the_binding_is_whole_or_absent() {
    let with = |change: fn(&mut Value)| {
        let mut payload = full();
        change(&mut payload);
        open(&vendor_signed(&payload.to_string()))
    };
    let removed = |name: &str| {
        let mut payload = full();
        payload.as_object_mut().unwrap().remove(name);
        open(&vendor_signed(&payload.to_string()))
    };
    let in_jwk = |refused: Result<Entitlement, OpenError>| match refused {
        Err(OpenError::Malformed { place: "payload", problem }) => {
            let (_, inner) = problem.split_once("`cnf`: `jwk`: ").unwrap();
            inner.split_once(" at line").unwrap().0.to_owned()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(removed("cnf"), Err(malformed("payload", "`aud` stands without `cnf`")));
    assert_eq!(removed("aud"), Err(malformed("payload", "`cnf` stands without `aud`")));
    let another = with(|payload| payload["aud"] = json!("another-portal"));
    assert_eq!(another, Err(malformed("payload", "`aud` is not the thumbprint of the key in `jwk`")));
    let kty = with(|payload| payload["cnf"]["jwk"]["kty"] = json!("EC"));
    assert_eq!(in_jwk(kty), "`kty`: \"EC\" where OKP is wanted");
    let crv = with(|payload| payload["cnf"]["jwk"]["crv"] = json!("X25519"));
    assert_eq!(in_jwk(crv), "`crv`: \"X25519\" where Ed25519 is wanted");
    let short = with(|payload| payload["cnf"]["jwk"]["x"] = json!("AAAA"));
    assert_eq!(in_jwk(short), "`x`: 3 bytes where 32 are wanted");
    // 2^255 - 1 is not a y at all: it is a second spelling of 18.
    let spelled = with(|payload| payload["cnf"]["jwk"]["x"] = json!(format!("{}8", "_".repeat(42))));
    assert_eq!(spelled, Err(malformed("payload", "`jwk`: the bytes are not an Ed25519 public key")));
    let weak = with(|payload| payload["cnf"]["jwk"]["x"] = json!("A".repeat(43)));
    assert_eq!(weak, Err(OpenError::KeyWeak { kid: portal().kid().clone() }));
}

#[test]
fn replaced_contracts_are_other_ones_each_once() {
    let with = |replaces: Value| {
        let mut payload = full();
        payload["replaces"] = replaces;
        open(&vendor_signed(&payload.to_string())).map(|file| file.replaces().len())
    };
    assert_eq!(with(json!(["a", "b"])), Ok(2));
    assert_eq!(with(json!([])), Err(malformed("payload", "`replaces` is empty")));
    assert_eq!(with(json!(["a", "b", "a"])), Err(malformed("payload", "`replaces` names a contract twice")));
    let own = Err(malformed("payload", "`replaces` names the file's own contract"));
    assert_eq!(with(json!(["a", "city-of-example"])), own);
}

#[test]
fn numbers_out_of_their_range_are_refused() {
    let with = |pointer: &str, value: u32| {
        let mut payload = full();
        *payload.pointer_mut(pointer).unwrap() = json!(value);
        open(&vendor_signed(&payload.to_string())).map(|file| file.policy().one_over)
    };
    assert_eq!(with("/policy/one_over", 0), Ok(0));
    assert_eq!(with("/policy/one_over", 1), Ok(1));
    assert_eq!(with("/policy/one_over", 2), Err(malformed("payload", "`policy`: `one_over` is more than 1")));
    assert_eq!(with("/sequence", 1), Ok(1));
    assert_eq!(with("/sequence", 0), Err(malformed("payload", "`sequence` is 0")));
}

#[test]
fn texts_are_bounded_and_hold_no_control_characters() {
    for (pointer, max) in [("/iss", 200), ("/customer/name", 200), ("/note", 2000)] {
        for (text, expected) in [
            ("\u{e9}".repeat(max), "ok"),
            ("\u{e9}".repeat(max + 1), "license-malformed"),
            (String::new(), "license-malformed"),
            ("two\nlines".to_owned(), "license-malformed"),
            ("nul\0".to_owned(), "license-malformed"),
            ("delete\u{7f}".to_owned(), "license-malformed"),
            ("left\u{202e}thgir".to_owned(), "license-malformed"),
            ("isolate\u{2066}".to_owned(), "license-malformed"),
            ("line\u{2028}".to_owned(), "license-malformed"),
        ] {
            let mut payload = full();
            *payload.pointer_mut(pointer).unwrap() = json!(text);
            assert_eq!(opening(&payload), expected, "{pointer} {text:?}");
        }
    }
    for pointer in ["/jti", "/contract", "/customer/id", "/catalog/id", "/user_types/0/id", "/add_ons/0/id"] {
        for (text, expected) in
            [("a".repeat(64), "ok"), ("a".repeat(65), "license-malformed"), ("a b".to_owned(), "license-malformed")]
        {
            let mut payload = full();
            *payload.pointer_mut(pointer).unwrap() = json!(text);
            assert_eq!(opening(&payload), expected, "{pointer} {text:?}");
        }
    }
}

#[test]
fn the_free_object_is_an_object_of_bounded_depth_without_repetitions() {
    let with = |ext: &str| {
        let text = full().to_string().replacen(r#"{"order":{"po":"4711"}}"#, ext, 1);
        open(&vendor_signed(&text)).map(|file| file.ext().map(|ext| ext.as_str().to_owned()))
    };
    let nested = |depth: usize| format!("{}{}", "{\"a\":".repeat(depth - 1) + "{", "}".repeat(depth));
    let lists = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    let anything = r#"{"a": [1, -1, 1.5, "b", true, null, {"c": {}}], "b": {"a": 1}}"#;
    for good in ["{}".to_owned(), anything.to_owned(), nested(16), lists(16)] {
        assert_eq!(with(&good), Ok(Some(good)));
    }
    for wrong in [
        "[]",
        "null",
        "\"x\"",
        "1",
        r#"{"a":1,"a":1}"#,
        r#"{"a":{"b":1,"\u0062":2}}"#,
        r#"{"a":[{"b":1,"b":1}]}"#,
        r#"{"a":1e999}"#,
        r#"{"a":"\ud800"}"#,
    ] {
        assert_eq!(code(with(wrong)), "license-malformed", "{wrong}");
    }
    let problem = "`ext`: invalid type: sequence, expected an object at line 1 column 0";
    assert_eq!(with("[]"), Err(malformed("payload", problem)));
    for wrong in [nested(17), lists(17), lists(100_000 / 2)] {
        assert_eq!(code(with(&wrong)), "license-malformed");
    }
}

#[test]
fn a_file_without_lines_licenses_nothing_and_opens() {
    let mut payload = full();
    payload["user_types"] = json!([]);
    assert_eq!(opening(&payload), "ok");
    payload["add_ons"] = json!([]);
    let file = open(&vendor_signed(&payload.to_string())).unwrap();
    assert!(file.at(now()).user_types().is_empty() && file.at(now()).add_ons().is_empty());
}
