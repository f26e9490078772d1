//! The summary at the top of a file: checked against the signed part, member by member.

use entitlement::*;
use serde_json::{Value, json};

use crate::fixture::*;

fn edited(change: impl FnOnce(&mut Value)) -> Result<Entitlement, OpenError> {
    let mut file = outer(&sealed(&draft()));
    change(&mut file["about"]);
    open(&file.to_string())
}

fn differs(member: &str, signed: &str, shown: &str) -> Result<Entitlement, OpenError> {
    Err(OpenError::SummaryEdited { member: member.to_owned(), signed: signed.to_owned(), shown: shown.to_owned() })
}

#[test]
fn the_summary_says_what_people_ask_first() {
    let file = sealed(&draft());
    let expected = r#"{
  "about": {
    "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
    "license": "SW-2026-000123",
    "sequence": 4,
    "customer": "City of Example",
    "from": "2026-12-01T00:00:00Z",
    "until": "2027-12-01T00:00:00Z",
    "user_types": {
      "creator": 5,
      "viewer": 25
    },
    "add_ons": {
      "arcgis-pro-standard": 2
    }
  },
  "payload": "ey"#;
    assert!(file.starts_with(expected), "{file}");
    assert!(file.ends_with("\"\n}\n"), "{file}");
}

#[test]
fn the_summary_adds_up_all_lines_and_leaves_terms_out() {
    let mut draft = full_draft();
    draft.user_types.push(line("viewer", u32::MAX));
    draft.exp = None;
    let file = sealed(&draft);
    let about = &outer(&file)["about"];
    assert_eq!(about["user_types"], json!({"viewer": 4_294_967_320_u64, "creator": 5}));
    assert_eq!(about.get("until"), None);
    assert_eq!(code(open(&file)), "ok");
}

#[test]
fn the_order_and_layout_of_the_summary_do_not_count() {
    let file = sealed(&draft());
    let about = r#"{"user_types": {"viewer": 25, "creator" :5}, "sequence":4, "license":"SW-2026-000123",
        "add_ons":{"arcgis-pro-standard":2}, "customer":"City of Ex\u0061mple", "until":"2027-12-01T00:00:00Z",
        "from":"2026-12-01T00:00:00Z", "file": "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it."}"#;
    let mut parts = outer(&file);
    parts["about"] = Value::Null;
    let text = parts.to_string().replacen("\"about\":null", &format!("\"about\":{about}"), 1);
    assert_eq!(open(&text), open(&file));
}

#[test]
fn every_edited_member_of_the_summary_is_named() {
    assert_eq!(edited(|about| about["license"] = json!("SW-1")), differs("license", "\"SW-2026-000123\"", "\"SW-1\""));
    assert_eq!(edited(|about| about["sequence"] = json!(5)), differs("sequence", "4", "5"));
    assert_eq!(edited(|about| about["sequence"] = json!(4.0)), differs("sequence", "4", "4.0"));
    let town = edited(|about| about["customer"] = json!("Town  of Example"));
    assert_eq!(town, differs("customer", "\"City of Example\"", "\"Town of Example\""));
    let late = edited(|about| about["from"] = json!("2026-12-01T00:00:01Z"));
    assert_eq!(late, differs("from", "\"2026-12-01T00:00:00Z\"", "\"2026-12-01T00:00:01Z\""));
    let spelled = edited(|about| about["from"] = json!("2026-12-01T00:00:00+00:00"));
    assert_eq!(spelled, differs("from", "\"2026-12-01T00:00:00Z\"", "\"2026-12-01T00:00:00+00:00\""));
    let endless = edited(|about| drop(about.as_object_mut().unwrap().remove("until")));
    assert_eq!(endless, differs("until", "\"2027-12-01T00:00:00Z\"", "nothing"));
    let more = edited(|about| about["user_types"]["viewer"] = json!(26));
    assert_eq!(more, differs("user_types", "{\"creator\":5,\"viewer\":25}", "{\"creator\":5,\"viewer\":26}"));
    let another = edited(|about| about["user_types"]["editor"] = json!(0));
    assert_eq!(code(another), "license-summary-edited");
    let none = edited(|about| about["add_ons"] = json!({}));
    assert_eq!(none, differs("add_ons", "{\"arcgis-pro-standard\":2}", "{}"));
    let name = edited(|about| about["file"] = json!(""));
    assert_eq!(code(name), "license-summary-edited");
    assert_eq!(edited(|about| about["paid"] = json!(true)), differs("paid", "nothing", "true"));
    assert_eq!(code(edited(|about| *about = json!({}))), "license-summary-edited");
}

#[test]
fn a_summary_that_is_no_object_or_repeats_itself_is_malformed() {
    for wrong in [json!(null), json!([]), json!("x"), json!(1)] {
        assert_eq!(code(edited(|about| *about = wrong.clone())), "license-malformed", "{wrong}");
    }
    let file = outer(&sealed(&draft())).to_string();
    let inner = file.replacen("{\"creator\":5,", "{\"creator\":5,\"creator\":5,", 1);
    assert_ne!(inner, file);
    let refused = open(&inner).unwrap_err();
    assert!(matches!(refused, OpenError::Malformed { place: "about", .. }), "{refused:?}");
    assert!(refused.to_string().contains("member \"creator\" stands twice"), "{refused}");
    assert_eq!(peek_kind(inner.as_bytes()).unwrap_err(), refused);
}

#[test]
fn an_edited_summary_is_found_after_the_signature_and_the_key() {
    let mut file = outer(&sealed(&draft()));
    file["about"]["sequence"] = json!(5);
    file["signature"] = json!("A".repeat(86));
    assert_eq!(code(open(&file.to_string())), "license-signature");
    let mut newer = draft();
    newer.min_trust = 8;
    let mut file = outer(&sealed(&newer));
    file["about"]["sequence"] = json!(5);
    assert_eq!(code(open(&file.to_string())), "license-needs-newer-trust");
}

#[test]
fn the_summaries_of_trust_lists_and_requests_are_checked_too() {
    let list = outer(&seal_trust_list(&trust_draft(), &root()).unwrap());
    let expected = json!({
        "file": "Seatwarden trust list. Only the signed part counts; this summary is checked against it.",
        "version": 7, "issued": "2026-12-02T00:00:00Z", "expires": "2027-12-02T00:00:00Z",
        "keys": ["vendor-a", "vendor-old"], "revoked_keys": ["vendor-old"],
    });
    assert_eq!(list["about"], expected);
    for (name, wrong) in [("version", json!(8)), ("keys", json!([])), ("revoked_keys", json!([])), ("x", json!(1))] {
        let mut edited = list.clone();
        edited["about"][name] = wrong;
        assert_eq!(code(open_trust(&edited.to_string())), "license-summary-edited", "{name}");
    }
    let request = outer(&seal_activation_request(&portal(), now()).unwrap());
    let expected = json!({
        "file": "Seatwarden activation request. Send it to your vendor; the signed part holds this portal's public key.",
        "portal": portal().kid().as_str(), "issued": "2026-12-15T00:00:00Z",
    });
    assert_eq!(request["about"], expected);
    let mut edited = request;
    edited["about"]["portal"] = json!("another");
    assert_eq!(code(open_activation_request(edited.to_string().as_bytes(), now())), "license-summary-edited");
}
