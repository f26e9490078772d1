//! The verbs on products where something is refused, over, or without a license; and that they say what the interface says.

use serde_json::{Value, json};

use crate::house::{House, Serving, ending, facts, said, told};
use crate::http::Client;
use crate::product_line::{PRO, STANDARD, house, signed_in};

fn refused(code: i32, name: &str) -> (Option<i32>, String) {
    (Some(code), name.to_owned())
}

/// A session of the caller on a computer; its id.
fn start(client: &Client, computer: &str) -> String {
    let wish = json!({"device_id": computer, "computer": computer.to_uppercase(), "request_id": computer});
    client.post(&format!("{PRO}/sessions"), &wish).expect("an answer").text(201, "id")
}

/// A house with Pro for bo, who is signed in to its portal.
fn house_of_bo(name: &str) -> (House, Serving, Client) {
    let (house, _) = house(name);
    told(&house.run(&["add-on", "assign", STANDARD, "bo"]));
    let serving = house.serve();
    let bo = signed_in(&house, &serving, "bo");
    (house, serving, bo)
}

#[test]
fn what_may_still_run_offline_is_listed_whoever_has_lost_it() {
    let (house, _serving, bo) = house_of_bo("cli-still-offline");
    let wish = json!({"device_id": "field", "computer": "FIELD"});
    let id = bo.post(&format!("{PRO}/checkouts"), &wish).expect("an answer").text(201, "id");
    let kept = house.run(&["add-on", "unassign", STANDARD, "bo"]);
    assert_eq!(ending(&kept), refused(34, "checked-out"));
    assert!(said(&kept).contains("bo has arcgis-pro offline on FIELD until "), "{}", said(&kept));
    told(&house.run(&["add-on", "unassign", STANDARD, "bo", "--release"]));
    let listed = || facts(&house.run(&["offline", "list", "--product", "arcgis-pro", "--json"]))["items"].clone();
    let items = listed();
    assert_eq!(
        (&items[0]["id"], &items[0]["username"], &items[0]["state"]),
        (&json!(id), &json!("bo"), &json!("released"))
    );
    told(&house.run(&["member", "delete", "bo"]));
    assert_eq!((&listed()[0]["id"], &listed()[0]["username"]), (&json!(id), &Value::Null));
    assert_eq!(told(&house.run(&["offline", "list", "--product", "arcgis-insights"])), "Nothing is offline.\n");
    assert_eq!(ending(&house.run(&["offline", "list", "--product", "golden"])), refused(5, "not-found"));
}

#[test]
fn every_session_of_a_member_with_a_product_is_ended_at_once() {
    let (house, _serving, bo) = house_of_bo("cli-end-all");
    let (desk, laptop) = (start(&bo, "desk"), start(&bo, "laptop"));
    let end = ["session", "end", "--member", "BO", "--product", "arcgis-pro"];
    let rehearsed = told(&house.run(&[&end[..], &["-n"]].concat()));
    assert!(rehearsed.starts_with("Ended 2 sessions of bo with arcgis-pro: "), "{rehearsed}");
    assert_eq!(facts(&house.run(&["session", "list", "--json"]))["items"].as_array().map(Vec::len), Some(2));
    let ended = facts(&house.run(&[&end[..], &["--json"]].concat()));
    let mut ids: Vec<&str> =
        ended["items"].as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    ids.sort_unstable();
    let mut expected = [desk.as_str(), laptop.as_str()];
    expected.sort_unstable();
    assert_eq!(ids, expected);
    let renewed = bo.post(&format!("{PRO}/sessions/{desk}/renew"), &json!({})).expect("an answer");
    assert_eq!((renewed.status, renewed.body["cause"].as_str()), (410, Some("ended-by-administrator")));
    assert_eq!(ending(&house.run(&end)), refused(5, "not-found"));
    let over = told(&house.run(&["session", "end", &laptop]));
    assert_eq!(over, "The session of bo on LAPTOP was over already; nothing was changed.\n");
    for half in [&["session", "end"][..], &["session", "end", "--member", "bo"], &["session", "end", "--product", "x"]]
    {
        assert_eq!(house.run(half).status.code(), Some(2), "{half:?}");
    }
}

#[test]
fn programs_are_told_by_the_command_line_what_the_interface_tells_them() {
    let (house, serving, bo) = house_of_bo("cli-as-rest");
    start(&bo, "desk");
    let admin = serving.admin();
    let rest = |path: &str| admin.get(&format!("/api/v1/{path}")).expect("an answer").body;
    for (words, path) in [
        (&["add-on", "list"][..], "add-ons"),
        (&["product", "activity", "arcgis-pro"], "products/arcgis-pro/activity"),
        (&["product", "activity", "arcgis-pro", "--state", "unused"], "products/arcgis-pro/activity?state=unused"),
        (&["usage", "forecast"], "usage/forecast"),
    ] {
        assert_eq!(facts(&house.run(&[words, &["--json"]].concat())), rest(path), "{words:?}");
    }
    let mut products = facts(&house.run(&["product", "list", "--json"]));
    let first = products["items"][0].as_object_mut().expect("a product").remove("use");
    assert_eq!(first, Some(json!({"members": 1, "online": 1, "offline": 0})));
    assert_eq!(products["items"][0], rest("products")["items"][0]);
    let set = facts(&house.run(&["offline", "allow", "on", "--most-days", "14", "--json"]));
    let mut shown = rest("settings/offline");
    shown["dry_run"] = json!(false);
    assert_eq!(set, shown);
    let repair = facts(&house.run(&["add-on", "repair", "--json"]));
    assert_eq!(repair, json!({"id": null, "dry_run": false, "members": [], "types": []}));
}

#[test]
fn offline_use_that_is_switched_off_and_on_again_keeps_its_days() {
    let (house, _) = house("cli-allow");
    told(&house.run(&["offline", "allow", "on", "--most-days", "7"]));
    told(&house.run(&["offline", "allow", "off", "-n"]));
    let days = || facts(&house.run(&["settings", "show", "offline", "--json"]));
    assert_eq!((&days()["allowed"], &days()["most_days"]), (&json!(true), &json!(7)));
    told(&house.run(&["offline", "allow", "off"]));
    assert_eq!((&days()["allowed"], &days()["most_days"]), (&json!(false), &json!(7)));
    assert!(told(&house.run(&["offline", "allow", "on"])).contains(" for up to 7 days."));
    assert_eq!(ending(&house.run(&["offline", "allow", "on", "--most-days", "0"])), refused(2, "validation-failed"));
}

#[test]
fn a_portal_that_is_not_activated_has_nothing_to_give() {
    let house = House::empty("cli-no-products");
    let request = house.folder.join("request.json").display().to_string();
    told(&house.run(&["request", "--demo", "--out", &request]));
    let list = told(&house.run(&["add-on", "list", "--format", "csv"]));
    assert!(list.contains("arcgis-pro-standard,ArcGIS Pro Standard,0,0,0,\n"), "{list}");
    assert_eq!(told(&house.run(&["session", "list"])), "No session is running.\n");
    assert_eq!(told(&house.run(&["offline", "list"])), "Nothing is offline.\n");
    assert_eq!(ending(&house.run(&["add-on", "assign", STANDARD, "bo"])), refused(5, "not-found"));
    assert_eq!(ending(&house.run(&["session", "end", "ses_x"])), refused(5, "not-found"));
    assert_eq!(ending(&house.run(&["offline", "release", "out_x"])), refused(5, "not-found"));
}

#[test]
fn a_renewal_whose_body_comes_after_its_answer_leaves_the_connection_open_or_says_that_it_closes() {
    use std::io::{Read as _, Write as _};
    let house = House::activated("renewal-body", &[("creator", 1), ("gis-pro-basic", 1)]);
    let serving = house.serve();
    serving.adds("gita", "gis-pro-basic");
    let gita = crate::http::Client::signed_in(&serving.address, "gita", crate::house::PASSWORD);
    let start = serde_json::json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
    let sessions = format!("{}/sessions", crate::product_line::PRO);
    let session = gita.post(&sessions, &start).expect("an answer").text(201, "id");
    let mut stream = std::net::TcpStream::connect(gita.address()).expect("a connection");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout");
    let head = format!(
        "POST {sessions}/{session}/renew HTTP/1.1\r\nhost: portal\r\nauthorization: Bearer {}\r\ncontent-length: 2\r\n\r\n",
        gita.token()
    );
    let mut said = vec![0; 65_536];
    stream.write_all(head.as_bytes()).expect("the head is sent");
    // A portal that waits for the body answers after it.
    stream.set_read_timeout(Some(std::time::Duration::from_millis(500))).expect("a timeout");
    let early = stream.read(&mut said).unwrap_or(0);
    let closes = String::from_utf8_lossy(&said[..early]).to_lowercase().contains("connection: close");
    let _ = stream.write_all(b"{}GET /livez HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout");
    let mut rest = String::new();
    let _ = stream.read_to_string(&mut rest);
    assert!(closes || rest.contains("HTTP/1.1 200"), "closed without a word: {rest:?}");
}
