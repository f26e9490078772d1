//! The keys of a vendor over the years, at the desk and at a portal that knows nothing but its files: rotation, a stolen
//! key, a revoked license, a lost root; and two people, or a power cut, at the same list.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::builds::Build;
use crate::house::{House, ending};
use crate::issuer_desk::IssuerDesk;
use crate::vendor::{Vendor, draft};

fn ended(code: i32, name: &str) -> (Option<i32>, String) {
    (Some(code), name.to_owned())
}

fn good(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A desk with the keys of the demonstration, and a portal with the first file of that desk.
fn desk_and_portal(name: &str) -> (IssuerDesk, House) {
    let desk = IssuerDesk::of_the_demonstration(&format!("{name}-desk"));
    good(&desk.issue("demo", "a.json"));
    let house = House::empty(&format!("{name}-portal"));
    house.activate(&desk.read("a.json"), &desk.path("desk/demo.trust.json"));
    (desk, house)
}

/// Imports files of the desk into the portal.
fn import(desk: &IssuerDesk, house: &House, license: &str, trust: Option<&str>) -> (Option<i32>, String) {
    let path = |name: &str| desk.path(name).display().to_string();
    let mut args = vec!["license".to_owned(), "import".to_owned(), path(license)];
    args.extend(trust.into_iter().flat_map(|trust| ["--trust".to_owned(), path(trust)]));
    ending(&house.run(&args.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The sequence of the file in force.
fn sequence(house: &House) -> serde_json::Value {
    let shown = house.run(&["license", "show", "--json"]);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).expect("facts");
    shown["sequence"].clone()
}

#[test]
fn a_new_signing_key_reaches_a_portal_with_the_list_that_names_it() {
    let (desk, house) = desk_and_portal("rotation");
    desk.good("key rotate demo --to next --until 2099-01-01 --passphrase-file pass");
    assert_eq!(ending(&desk.issue("next", "b.json")), ended(11, "license-key-unknown"));
    let built = desk.facts("trust build --root demo-root --passphrase-file pass --out trust-2.json");
    assert_eq!((&built["version"], &built["keys"]), (&json!(2), &json!(["demo", "next"])));
    assert_eq!(built["changes"]["added"][0]["kid"], "next");
    assert_eq!(built["changes"]["moved"][0]["kid"], "demo");
    good(&desk.issue("next", "b.json"));

    assert_eq!(import(&desk, &house, "b.json", None), ended(11, "license-key-unknown"));
    assert_eq!(import(&desk, &house, "b.json", Some("trust-2.json")).0, Some(0));
    // The old key signs on until its day, under the list that says when that is.
    good(&desk.issue("demo", "c.json"));
    assert_eq!(import(&desk, &house, "c.json", None).0, Some(0));
    assert_eq!(sequence(&house), 3);
}

#[test]
fn what_a_thief_signs_is_refused_once_the_list_has_come_whatever_its_date() {
    let (desk, house) = desk_and_portal("stolen");
    // Dated 2024, as a thief would.
    let theft = Vendor::demonstration().license(&draft(7, &[("viewer", 900), ("creator", 900)]));
    fs::write(desk.path("theft.json"), theft).expect("a file");
    let revoked = desk.run(&["key", "revoke", "demo", "--reason", "the laptop was stolen", "--from", "2025-01-01"]);
    good(&revoked);
    assert_eq!(ending(&desk.issue("demo", "b.json")), ended(11, "key-revoked"));
    desk.good("key generate --id next --purpose signing --passphrase-file pass");
    let built = desk.facts("trust build --root demo-root --passphrase-file pass --out trust-2.json");
    let from = json!([{ "kid": "demo", "from": "2025-01-01T00:00:00Z" }]);
    assert_eq!(built["changes"]["revoked_keys"], from);
    good(&desk.issue("next", "b.json"));
    assert_eq!(import(&desk, &house, "b.json", Some("trust-2.json")).0, Some(0));
    assert_eq!(import(&desk, &house, "theft.json", None), ended(11, "license-key-revoked"));
    assert_eq!(import(&desk, &house, "a.json", None), ended(11, "license-key-revoked"));
    assert_eq!(sequence(&house), 2);
}

#[test]
fn a_revoked_license_and_withdrawn_files_end_with_the_list_that_says_so() {
    let desk = IssuerDesk::new("revoked-license");
    for file in ["a.json", "b.json", "c.json"] {
        good(&desk.issue("signing-1", file));
    }
    let number =
        |file: &str| desk.facts(&format!("license verify {file}"))["license"].as_str().unwrap_or("").to_owned();
    let (first, third) = (number("a.json"), number("c.json"));
    let unknown = desk.at("license revoke SW-1999-000001 --reason slip");
    assert_eq!(ending(&unknown), ended(5, "not-found"));
    desk.good(&format!("license revoke {third} --reason unpaid"));
    let last = desk.facts("license withdraw city --below 2 --reason fewer");
    assert_eq!(last["ends"], json!([first]));
    assert_eq!(ending(&desk.at("license verify c.json")), (Some(0), String::new()));
    let changes = desk.facts("trust build --root root-1 --passphrase-file pass --out trust-2.json")["changes"].clone();
    assert_eq!((&changes["against"], &changes["revoked_licenses"]), (&json!(1), &json!([third])));
    assert_eq!(changes["min_sequence"], json!([{ "contract": "city", "below": 2, "before": null }]));
    let states = ["a.json", "b.json", "c.json"].map(|file| ending(&desk.at(&format!("license verify {file}"))).1);
    assert_eq!(states, ["license-revoked", "", "license-revoked"]);
    // The list before is as good as it was; it is only old.
    assert_eq!(desk.at("license verify c.json --trust desk/trust.json").status.code(), Some(0));
}

#[test]
fn a_license_that_is_revoked_ends_at_the_portal_with_the_list_alone_and_the_next_file_repairs_it() {
    let (desk, house) = desk_and_portal("revoked-at-portal");
    let serving = house.serve();
    serving.adds("vera", "viewer");
    let vera = crate::http::Client::signed_in(&serving.address, "vera", crate::house::PASSWORD);
    let number = desk.facts("license verify a.json")["license"].as_str().unwrap_or("").to_owned();
    desk.good(&format!("license revoke {number} --reason unpaid"));
    desk.good("trust build --root demo-root --passphrase-file pass --out trust-2.json");
    let list = desk.path("trust-2.json").display().to_string();
    let said = ending(&house.run(&["trust", "import", &list]));
    assert_eq!(said, ended(8, "confirmation-mismatch"));
    assert_eq!(vera.get("/api/v1/me").expect("an answer").status, 200);
    good(&house.run(&["trust", "import", &list, "--confirm-locked-out", "1"]));
    assert_eq!(vera.get("/api/v1/me").expect("an answer").code(), "user-type-over-limit");
    assert_eq!(serving.admin().get("/api/v1/status").expect("an answer").body["license"]["state"], "revoked");
    assert_eq!(house.run(&["status", "--check"]).status.code(), Some(20));
    good(&desk.issue("demo", "b.json"));
    assert_eq!(import(&desk, &house, "b.json", None), (Some(0), String::new()));
    assert_eq!(vera.get("/api/v1/me").expect("an answer").status, 200);
}

#[test]
fn a_lost_root_is_followed_by_another_one_and_dropped_by_the_next_build() {
    let desk = IssuerDesk::new("lost-root");
    desk.good("key generate --id root-2 --purpose root --passphrase-file pass");
    fs::write(desk.path("today.json"), desk.good("key export root-1 root-2")).expect("roots");
    let revoked = desk.at("key revoke root-1 --reason lost --from 2026-01-01");
    good(&revoked);
    let said = String::from_utf8_lossy(&revoked.stderr).into_owned();
    assert!(said.contains("Next: `trust build --root root-2`") && said.contains("`key export root-2`"), "{said}");
    assert_eq!(ending(&desk.build("root-1", "trust-2.json")), ended(11, "key-revoked"));
    good(&desk.build("root-2", "trust-2.json"));
    assert_eq!(ending(&desk.at("key export root-1 root-2")), ended(11, "key-revoked"));
    fs::write(desk.path("next.json"), desk.good("key export root-2")).expect("roots");
    for (list, roots, code) in [
        ("trust-2.json", "today.json", ""),
        ("trust-2.json", "next.json", ""),
        ("desk/trust.json", "today.json", ""),
        ("desk/trust.json", "next.json", "license-key-unknown"),
    ] {
        let verified = desk.at(&format!("trust verify {list} --roots {roots}"));
        assert_eq!(ending(&verified).1, code, "{list} {roots}");
    }
    good(&desk.issue("signing-1", "a.json"));

    // The portals: one that is out today, and one of the next build.
    let portal = |name: &str, list: &str| {
        let house = House::empty(&format!("lost-root-{name}")).under(Build::of_set(desk.path(&format!("{name}.json"))));
        house.activate(&desk.read("a.json"), &desk.path(list));
        house
    };
    let (today, next) = (portal("today", "desk/trust.json"), portal("next", "trust-2.json"));
    let take =
        |house: &House, list: &str| ending(&house.run(&["trust", "import", &desk.path(list).display().to_string()]));
    assert_eq!(take(&today, "trust-2.json").0, Some(0));
    // Whatever the lost root has signed is nothing to the next build, and old to the one of today.
    assert_eq!(take(&next, "desk/trust.json"), ended(11, "license-key-unknown"));
    assert_eq!(take(&today, "desk/trust.json"), ended(14, "trust-list-older"));
    assert_eq!((sequence(&today), sequence(&next)), (json!(1), json!(1)));
}

fn building(desk: &IssuerDesk, out: &str) -> Child {
    let args = ["trust", "build", "--root", "root-1", "--passphrase-file", "pass", "--out", out];
    desk.command(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the issuer starts")
}

/// The version of a list, which must be genuine.
fn version(desk: &IssuerDesk, file: &str) -> u64 {
    desk.facts(&format!("trust verify {file}"))["version"].as_u64().expect("a version")
}

#[test]
fn of_lists_that_are_built_at_once_each_has_a_version_of_its_own() {
    let desk = IssuerDesk::new("trust-race");
    let outs: Vec<String> = (0..8).map(|number| format!("list-{number}.json")).collect();
    let children: Vec<Child> = outs.iter().map(|out| building(&desk, out)).collect();
    for child in children {
        good(&child.wait_with_output().expect("it ends"));
    }
    let versions: BTreeSet<u64> = outs.iter().map(|out| version(&desk, out)).collect();
    assert_eq!(versions, (2..=9).collect());
    for number in 2..=9 {
        assert_eq!(version(&desk, &format!("desk/{number}.trust.json")), number);
    }
    // All for one name: one gets it, and the others leave no version behind.
    let children: Vec<Child> = (0..4).map(|_| building(&desk, "one.json")).collect();
    let endings = children.into_iter().map(|child| ending(&child.wait_with_output().expect("it ends")));
    let endings: Vec<_> = endings.collect();
    assert_eq!(endings.iter().filter(|ending| **ending == (Some(0), String::new())).count(), 1, "{endings:?}");
    assert_eq!(endings.iter().filter(|ending| **ending == ended(6, "file-exists")).count(), 3, "{endings:?}");
    assert_eq!(version(&desk, "one.json"), 10);
    good(&desk.build("root-1", "next.json"));
    assert_eq!(version(&desk, "next.json"), 11);
}

#[test]
fn a_builder_that_is_killed_leaves_whole_lists_only() {
    let desk = IssuerDesk::new("trust-kill");
    let mut highest = 1;
    for round in 0..30_u32 {
        let out = format!("killed-{round}.json");
        let mut child = building(&desk, &out);
        thread::sleep(Duration::from_millis(u64::from(round) * 8));
        // One that was faster has ended well.
        let _ = child.kill();
        child.wait().expect("it ends");
        let lists = fs::read_dir(desk.path("desk")).expect("the desk").flatten();
        let lists = lists.map(|entry| entry.file_name().to_string_lossy().into_owned());
        for list in lists.filter(|name| name.ends_with("trust.json") && !name.starts_with('.')) {
            highest = highest.max(version(&desk, &format!("desk/{list}")));
        }
        if desk.path(&out).exists() {
            assert_eq!(version(&desk, &out), highest, "round {round}");
        }
    }
    good(&desk.build("root-1", "last.json"));
    assert_eq!(version(&desk, "last.json"), highest + 1);
}

/// How many files the ledger of the desk has.
fn issued(desk: &IssuerDesk) -> usize {
    let ledger = fs::read_to_string(desk.path("desk/ledger/city.json")).unwrap_or_default();
    let ledger: serde_json::Value = serde_json::from_str(&ledger).unwrap_or_default();
    ledger["issued"].as_array().map_or(0, Vec::len)
}

#[test]
fn nothing_is_issued_once_a_revocation_is_said_to_be_done() {
    let desk = IssuerDesk::new("revoke-race");
    let children: Vec<Child> = (0..12)
        .map(|number| {
            let line = format!("license issue order.toml --key signing-1 --unbound --out {number}.json");
            let args = format!("{line} --passphrase-file pass");
            let mut command = desk.command(&args.split_whitespace().collect::<Vec<_>>());
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the issuer starts")
        })
        .collect();
    thread::sleep(Duration::from_millis(60));
    desk.good("key revoke signing-1 --reason stolen --from 2025-01-01");
    let before = issued(&desk);
    let endings: Vec<_> =
        children.into_iter().map(|child| ending(&child.wait_with_output().expect("it ends"))).collect();
    let refused = endings.iter().filter(|ending| **ending == ended(11, "key-revoked")).count();
    assert_eq!((issued(&desk), 12 - refused), (before, before), "{endings:?}");
    assert!(endings.iter().all(|ending| ending.0 == Some(0) || *ending == ended(11, "key-revoked")), "{endings:?}");
}
