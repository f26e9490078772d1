//! What the command line says of user types, consent and the installed file, and what a refused activation leaves.

use std::fs;

use serde_json::json;

use crate::house::{House, PASSWORD, ending, said};
use crate::vendor::{self, Vendor, draft};

const SEATS: &[(&str, u32)] = &[("viewer", 2), ("creator", 2)];

fn invalid() -> (Option<i32>, String) {
    (Some(2), "validation-failed".to_owned())
}

#[test]
fn an_unknown_user_type_is_answered_with_those_that_there_are() {
    let house = House::activated("unknown-type", SEATS);
    for args in [
        &["member", "list", "--type", "wizard"][..],
        &["member", "add", "ben", "--type", "wizard"],
        &["member", "set-type", "admin", "wizard"],
        &["admin", "create", "ben", "--type", "wizard"],
    ] {
        let output = house.run(args);
        assert_eq!(ending(&output), invalid(), "{args:?}: {}", said(&output));
        assert!(said(&output).contains("no user type `wizard`. User types: viewer, "), "{}", said(&output));
    }
    let serving = house.serve();
    let answer = serving.admin().get("/api/v1/members?user_type=wizard").expect("an answer");
    assert_eq!((answer.status, answer.code()), (422, "validation-failed"));
}

#[test]
fn a_refused_activation_leaves_no_new_folder() {
    let house = House::empty("refused-activation");
    let file = house.write("license.json", Vendor::demonstration().license(&draft(1, SEATS)).as_bytes());
    let password = house.write("password", PASSWORD.as_bytes());
    let trust = vendor::keys().join("demo.trust.json").display().to_string();
    let before = fs::read_dir(&house.folder).expect("a folder").count();
    let activate = |user_type: &str| {
        let args = ["activate", &file, "--trust", &trust, "--admin", "admin", "--admin-type", user_type, "--demo"];
        house.run(&[&args[..], &["--admin-password-file", &password]].concat())
    };
    let unknown = activate("nonsense");
    assert_eq!(ending(&unknown), invalid());
    assert!(said(&unknown).contains("User types: viewer, "), "{}", said(&unknown));
    assert_eq!(ending(&activate("viewer")), (Some(31), "no-administrator-seat".to_owned()));
    assert_eq!(fs::read_dir(&house.folder).expect("a folder").count(), before);
    assert_eq!(activate("creator").status.code(), Some(0));
    assert_eq!(fs::read_dir(&house.folder).expect("a folder").count(), before + 1);
    assert_eq!(ending(&activate("creator")), (Some(6), "already-activated".to_owned()));
    assert_eq!(house.run(&["status"]).status.code(), Some(0));
}

#[test]
fn the_installed_file_is_shown_with_what_it_gives() {
    let house = House::activated("show", SEATS);
    let facts: serde_json::Value =
        serde_json::from_slice(&house.run(&["license", "show", "--json"]).stdout).expect("facts");
    assert_eq!((&facts["user_types"], &facts["add_ons"]), (&json!({"viewer": 2, "creator": 2}), &json!({})));
    let shown = String::from_utf8(house.run(&["license", "show"]).stdout).expect("text");
    let words: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words.first().and_then(|row| row.first()), Some(&"License"));
    assert!(words.contains(&vec!["User", "type", "viewer", "2"]), "{shown}");
    assert!(!shown.contains("null") && !shown.contains('{'), "{shown}");
}

#[test]
fn a_refusal_for_want_of_a_number_names_the_flag_that_gives_it() {
    let house = House::activated("consent", SEATS);
    for (user, user_type) in [("ben", "viewer"), ("cem", "viewer"), ("dan", "creator")] {
        assert_eq!(house.run(&["member", "add", user, "--type", user_type]).status.code(), Some(0));
    }
    let refused = house.run(&["member", "set-type", "dan", "viewer"]);
    assert_eq!(ending(&refused), (Some(32), "one-over-needs-consent".to_owned()));
    assert!(said(&refused).contains("Repeat with --allow-one-over 3 to consent."), "{}", said(&refused));
    let swapped = house.run(&["member", "swap", "ben", "dan", "--json"]);
    assert_eq!(swapped.status.code(), Some(0), "{}", said(&swapped));
    let fewer = house
        .write("fewer.json", Vendor::demonstration().license(&draft(2, &[("viewer", 1), ("creator", 2)])).as_bytes());
    let refused = house.run(&["license", "import", &fewer]);
    assert_eq!(ending(&refused), (Some(8), "confirmation-mismatch".to_owned()));
    assert!(said(&refused).contains("Repeat with --confirm-locked-out 2."), "{}", said(&refused));
}

/// B9: a folder that comes back with more members than its file licenses is served, says so, and lets its administrator in.
#[test]
fn a_folder_put_back_with_more_members_than_licensed_is_served_and_says_so() {
    let house = House::activated("put-back", SEATS);
    for user in ["ben", "cem"] {
        assert_eq!(house.run(&["member", "add", user, "--type", "viewer"]).status.code(), Some(0));
    }
    let fewer = Vendor::demonstration().license(&draft(2, &[("viewer", 1), ("creator", 2)]));
    let fewer = house.write("fewer.json", fewer.as_bytes());
    let imported = house.run(&["license", "import", &fewer, "--confirm-locked-out", "2"]);
    assert_eq!(imported.status.code(), Some(0), "{}", said(&imported));
    let aside = house.folder.join("aside");
    fs::rename(house.data(), &aside).expect("the folder is taken away");
    assert_ne!(house.run(&["status"]).status.code(), Some(0), "there is nothing to serve");
    fs::rename(&aside, house.data()).expect("and put back");
    let serving = house.serve();
    let status = serving.admin().get("/api/v1/status").expect("an answer");
    let over = &status.body["over"][0];
    assert_eq!((status.status, &status.body["compliant"]), (200, &json!(false)));
    assert_eq!((&over["id"], &over["assigned"], &over["licensed"]), (&json!("viewer"), &json!(2), &json!(1)));
    assert_eq!(status.body["notices"][0]["code"], json!("over-assigned"));
    let another = serving.admin().register("dan", "creator").expect("an answer");
    assert_eq!((another.status, another.code()), (403, "creation-blocked-not-compliant"));
}
