//! `audit …` as somebody types it: found, written out, verified, and held to an anchor that was kept elsewhere.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::house::{House, ending, facts, said, told};

const SEATS: &[(&str, u32)] = &[("viewer", 5), ("creator", 2)];

/// A house with two viewers, one of whom became a creator.
fn house(name: &str) -> House {
    let house = House::activated(name, SEATS);
    told(&house.run(&["member", "add", "ben", "--type", "viewer"]));
    told(&house.run(&["member", "add", "cem", "--type", "viewer"]));
    told(&house.run(&["member", "set-type", "ben", "creator", "--reason", "urgent request"]));
    house
}

/// Somebody changes the data behind the program's back.
fn tampers(house: &House, sql: &str) {
    let script = "import sqlite3, sys\n\
                  db = sqlite3.connect(sys.argv[1])\n\
                  assert db.execute(sys.argv[2]).rowcount > 0\n\
                  db.commit()\n\
                  db.close()\n";
    let database = house.data().join(store::FILE);
    let done = Command::new("python3").args(["-c", script]).arg(&database).arg(sql).status().expect("python3 runs");
    assert!(done.success(), "{sql}");
}

#[test]
fn the_log_is_looked_through_and_written_out_once() {
    let house = house("audit-search");
    let table = told(&house.run(&["audit", "search", "--target", "ben"]));
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("Row  When ") && lines.len() == 3, "{table}");
    assert!(
        lines[1].contains("Seats, roles or add-ons changed") && lines[1].contains("ben, user type: Viewer → Creator")
    );
    assert!(lines[1].contains("Reason: urgent request") && lines[2].contains("Member added"), "{table}");
    let list = facts(&house.run(&["audit", "search", "--action", "member.add", "--actor", "console", "--json"]));
    let rows = list["items"].as_array().expect("a list");
    assert_eq!((rows.len(), &rows[0]["detail"]["username"]), (2, &json!("cem")));
    assert_eq!(told(&house.run(&["audit", "search", "--text", "no such text"])), "No row is like that.\n");
    assert_eq!(told(&house.run(&["audit", "search", "--limit", "1", "--format", "csv"])).lines().count(), 2);
    let refused = house.run(&["audit", "search", "--action", "member"]);
    assert_eq!(ending(&refused), (Some(2), "validation-failed".to_owned()));

    let all = facts(&house.run(&["audit", "search", "--json"]))["items"].as_array().expect("a list").clone();
    let out = house.folder.join("audit.jsonl").display().to_string();
    let written = told(&house.run(&["audit", "export", "--out", &out]));
    assert_eq!(written, format!("{} rows were written to {out}.\n", all.len()));
    let mut lines: Vec<Value> = fs::read_to_string(&out)
        .expect("the file")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    lines.reverse();
    assert_eq!(lines, all);
    let before = fs::read(&out).expect("the file");
    assert_eq!(ending(&house.run(&["audit", "export", "--out", &out])), (Some(6), "file-exists".to_owned()));
    assert_eq!(fs::read(&out).expect("the file"), before);
    let table = house.folder.join("audit.csv").display().to_string();
    told(&house.run(&["audit", "export", "--out", &table, "--as", "csv", "--action", "member.add"]));
    assert_eq!(fs::read_to_string(&table).expect("the file").lines().count(), 3);
}

#[test]
fn a_broken_chain_ends_with_exit_40_and_names_the_row() {
    let house = house("audit-broken");
    let intact = told(&house.run(&["audit", "verify"]));
    assert!(intact.starts_with("The chain is intact over all ") && intact.contains("written at "), "{intact}");
    let serving = house.serve();
    assert_eq!(facts(&house.run(&["audit", "verify", "--json"]))["state"], "intact", "beside a portal that serves");
    drop(serving);
    tampers(&house, "UPDATE audit SET actor_name = 'mallory' WHERE seq = 3");
    let broken = house.run(&["audit", "verify"]);
    assert_eq!(ending(&broken), (Some(40), "audit-broken".to_owned()));
    assert!(said(&broken).contains("Row 3 is not as it was written."), "{}", said(&broken));
    // Whoever works goes on working, and sees it on the page.
    let page = house.serve().admin().get("/api/v1/audit-events/verification").expect("an answer");
    assert_eq!((page.status, &page.body["fracture"]["seq"]), (200, &json!(3)));
    tampers(&house, "DELETE FROM audit WHERE seq = 2");
    assert!(said(&house.run(&["audit", "verify"])).contains("Row 2 is missing."));
}

#[test]
fn an_anchor_that_was_kept_elsewhere_holds_while_the_log_goes_on_and_finds_one_that_was_restored() {
    let house = house("audit-anchor");
    let backup = house.folder.join("backup").display().to_string();
    told(&house.run(&["backup", "create", &backup]));
    let early = told(&house.run(&["audit", "anchor"])).trim().to_owned();
    let as_facts = facts(&house.run(&["audit", "anchor", "--json"]));
    assert_eq!(as_facts["anchor"], json!(early));
    told(&house.run(&["member", "add", "dan", "--type", "viewer"]));
    let late = told(&house.run(&["audit", "anchor"])).trim().to_owned();
    for anchor in [&early, &late] {
        let held = told(&house.run(&["audit", "verify", "--anchor", anchor]));
        assert!(held.contains("is another than when the anchor was kept."), "{held}");
    }
    let seq = late.split(':').next().expect("a number");
    let forged = format!("{seq}:{}", "0".repeat(64));
    let refused = house.run(&["audit", "verify", "--anchor", &forged]);
    assert_eq!(ending(&refused), (Some(40), "audit-broken".to_owned()));
    assert!(said(&refused).contains(&format!("Row {seq} is another one than the anchor names")), "{}", said(&refused));
    assert_eq!(ending(&house.run(&["audit", "verify", "--anchor", "7"])), (Some(2), "validation-failed".to_owned()));

    told(&house.run(&["backup", "restore", &backup, "--demo", "--no-input"]));
    told(&house.run(&["audit", "verify", "--anchor", &early]));
    assert_eq!(ending(&house.run(&["audit", "verify", "--anchor", &late])), (Some(40), "audit-broken".to_owned()));
    let restored = facts(&house.run(&["audit", "search", "--action", "portal.restore", "--json"]));
    assert_eq!(restored["items"][0]["detail"]["log_given_up"], json!(late));
}
