//! A portal that moves to another machine, is restored from a backup, or is copied: what stays, what never goes back, and
//! what the vendor sees of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::house::{House, Serving, ending, facts, told};
use crate::http::Client;
use crate::product_line::{self, PRO, STANDARD, with_pro};
use crate::vendor::Vendor;

/// The epoch of a lease, as anybody reads it.
fn epoch(lease: &Value) -> Value {
    let lease = lease["lease"].as_str().expect("a lease");
    let says = entitlement::peek_kind(lease.as_bytes()).expect("a lease").payload_text;
    serde_json::from_str::<Value>(&says).expect("a payload")["epoch"].clone()
}

fn checks_out(client: &Client, device: &str) -> crate::http::Answer {
    let computer = json!({"device_id": device, "computer": device});
    client.post(&format!("{PRO}/checkouts"), &computer).expect("an answer")
}

fn signs_in(serving: &Serving, user: &str) -> Client {
    Client::signed_in(&serving.address, user, product_line::PASSWORD)
}

/// A bound portal whose member bo may use Pro, and has a password.
fn office(name: &str) -> House {
    let (house, _) = product_line::house(name);
    told(&house.run(&["add-on", "assign", STANDARD, "bo", "cy"]));
    let serving = house.serve();
    product_line::signed_in(&house, &serving, "bo");
    product_line::signed_in(&house, &serving, "cy");
    house
}

fn backup(house: &House, name: &str, more: &[&str]) -> String {
    let dir = house.folder.join(name).display().to_string();
    told(&house.run(&[&["backup", "create", &dir], more].concat()));
    dir
}

fn restored(house: &House, backup: &str, more: &[&str]) -> Value {
    facts(&house.run(&[&["backup", "restore", backup, "--demo", "--json"], more].concat()))
}

fn with_key(house: &House) -> String {
    let pass = house.write("pass", b"a passphrase for the key");
    backup(house, "with-key", &["--with-key", "--passphrase-file", &pass])
}

#[test]
fn a_portal_moves_to_another_machine_with_its_key_its_members_and_its_license() {
    let old = office("move-with-key");
    let portal = old.portal_key();
    let backup = with_key(&old);
    let verified = facts(&old.run_anywhere(&["backup", "verify", &backup, "--json"]));
    assert_eq!((&verified["members"], &verified["portal"]), (&json!(3), &json!(portal.kid().as_str())));

    let new = House::empty("move-with-key-new");
    let refused = new.run(&["backup", "restore", &backup, "--demo", "--no-input"]);
    assert_eq!(ending(&refused), (Some(8), "passphrase-needed".to_owned()));
    let wrong = new.write("wrong", b"another passphrase");
    let refused = new.run(&["backup", "restore", &backup, "--demo", "--passphrase-file", &wrong]);
    assert_eq!(ending(&refused), (Some(4), "passphrase-wrong".to_owned()));
    assert!(!new.data().join("portal.db").exists());

    let pass = old.folder.join("pass").display().to_string();
    let said = restored(&new, &backup, &["--passphrase-file", &pass]);
    assert_eq!((&said["portal"], &said["new_portal"]), (&json!(portal.kid().as_str()), &json!(false)));
    let serving = new.serve();
    assert_eq!(serving.admin().get("/api/v1/licenses/current").expect("an answer").body["state"], "in-term");
    let bo = signs_in(&serving, "bo");
    // Leases that were given after the backup may still run somewhere: nobody knows.
    let held = checks_out(&bo, "laptop");
    assert_eq!((held.status, held.code()), (409, "offline-held"), "{}", held.body);
    let session = json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
    assert_eq!(bo.post(&format!("{PRO}/sessions"), &session).expect("an answer").status, 201);
    assert!(told(&new.run(&["offline", "acknowledge"])).contains("may go offline again"));
    let lease = checks_out(&bo, "laptop");
    assert_eq!((lease.status, epoch(&lease.body).as_u64() > Some(0)), (201, true), "it was restored");
}

#[test]
fn a_backup_without_the_key_makes_another_portal_that_the_vendor_binds_anew() {
    let old = office("move-without-key");
    let backup = backup(&old, "plain", &[]);
    let new = House::empty("move-without-key-new");
    let said = restored(&new, &backup, &[]);
    assert_eq!(said["new_portal"], true);
    let serving = new.serve();
    let admin = serving.admin();
    let current = admin.get("/api/v1/licenses/current").expect("an answer").body;
    assert_eq!((&current["state"], &current["problem"]["code"]), (&json!("refused"), &json!("license-wrong-portal")));
    let key = new.portal_key();
    let file = new.write("rebound.json", Vendor::demonstration().license(&with_pro(2, 2, &key)).as_bytes());
    told(&new.run(&["license", "import", &file]));
    assert_eq!(admin.get("/api/v1/licenses/current").expect("an answer").body["state"], "in-term");
    signs_in(&serving, "bo");
}

#[test]
fn a_restore_over_data_brings_the_members_back_and_nothing_that_the_vendor_has_replaced() {
    let house = office("restore-over");
    let backup = backup(&house, "monday", &[]);
    let portal = house.portal_key();
    let newer = house.write("newer.json", Vendor::demonstration().license(&with_pro(3, 2, &portal)).as_bytes());
    let list = house.write("list.json", Vendor::demonstration().trust(|list| list.version = 5).as_bytes());
    let first = house.folder.join("license.json").display().to_string();
    told(&house.run(&["license", "import", &newer, "--trust", &list]));
    told(&house.run(&["member", "delete", "cy"]));
    let serving = house.serve();
    let bo = signs_in(&serving, "bo");
    let lease = checks_out(&bo, "laptop");
    assert_eq!((lease.status, epoch(&lease.body)), (201, json!(0)));
    let running = house.run(&["backup", "restore", &backup, "--demo"]);
    assert_eq!(ending(&running), (Some(6), "already-running".to_owned()));
    drop(serving);

    let said = restored(&house, &backup, &[]);
    let kept = said["kept"].as_str().expect("a copy of what was there");
    assert!(Path::new(kept).is_file());
    let serving = house.serve();
    assert_eq!(bo.moved_to(&serving.address).get("/api/v1/me").expect("an answer").status, 401, "all sign in again");
    let admin = serving.admin();
    let names: Vec<_> = admin.members().iter().map(|one| one["username"].clone()).collect();
    assert_eq!(names, ["admin", "bo", "cy"]);
    let current = admin.get("/api/v1/licenses/current").expect("an answer").body;
    assert_eq!((&current["sequence"], &current["state"]), (&json!(3), &json!("in-term")));
    assert_eq!(admin.get("/api/v1/trust").expect("an answer").body["version"], 5);
    assert_eq!(ending(&house.run(&["license", "import", &first])), (Some(14), "license-older".to_owned()));
    // The lease that the backup did not know of still counts.
    let bo = signs_in(&serving, "bo");
    let other = checks_out(&bo, "other");
    assert_eq!((other.status, other.code()), (409, "offline-elsewhere"), "{}", other.body);
    let cy = checks_out(&signs_in(&serving, "cy"), "third");
    assert_eq!((cy.status, epoch(&cy.body).as_u64() > Some(0)), (201, true), "{}", cy.body);
}

#[test]
fn a_copied_folder_shows_by_its_epoch_and_a_moved_one_does_not() {
    let house = office("copied");
    let lease = |house: &House, user: &str| {
        let serving = house.serve();
        let made = checks_out(&signs_in(&serving, user), user);
        assert_eq!(made.status, 201, "{}", made.body);
        epoch(&made.body)
    };
    let copy = House::empty("copied-copy");
    let copied = Command::new("cp").arg("-a").arg(house.data()).arg(copy.data()).status();
    assert!(copied.is_ok_and(|status| status.success()));
    let (first, of_copy) = (lease(&house, "bo"), lease(&copy, "bo"));
    assert_eq!((&first, of_copy.as_u64() > Some(0)), (&json!(0), true));
    let moved = House::empty("copied-moved");
    fs::rename(house.data(), moved.data()).expect("the folder is moved");
    assert_eq!(lease(&moved, "cy"), json!(0));
    assert_eq!(lease(&copy, "cy"), of_copy, "an epoch begins once");
}

#[test]
fn a_backup_that_is_not_whole_or_of_another_portal_is_refused_and_nothing_is_changed() {
    let house = office("bad-backups");
    let good = backup(&house, "good", &[]);
    let exists = house.run(&["backup", "create", &good]);
    assert_eq!(ending(&exists), (Some(6), "file-exists".to_owned()));
    let verify = |dir: &str| ending(&house.run_anywhere(&["backup", "verify", dir]));
    let damaged = (Some(12), "backup-damaged".to_owned());
    assert_eq!(verify(&house.folder.display().to_string()).1, "file-not-found");

    let other = House::activated("bad-backups-other", &[("viewer", 3), ("creator", 2)]);
    let before = fs::read(other.data().join("portal.db")).expect("a database");
    let foreign = other.run(&["backup", "restore", &good, "--demo"]);
    assert_eq!(ending(&foreign), (Some(13), "backup-other-portal".to_owned()));
    assert_eq!(fs::read(other.data().join("portal.db")).expect("a database"), before);

    let database = Path::new(&good).join("portal.db");
    let whole = fs::read(&database).expect("a database");
    for at in [0, whole.len() / 2, whole.len() - 1] {
        let mut broken = whole.clone();
        broken[at] ^= 1;
        fs::write(&database, broken).expect("a broken backup");
        assert_eq!(verify(&good), damaged, "byte {at}");
        assert_eq!(ending(&house.run(&["backup", "restore", &good, "--demo"])), damaged);
    }
    fs::write(&database, &whole[..whole.len() / 2]).expect("half a backup");
    assert_eq!(verify(&good), damaged);
    fs::write(&database, &whole).expect("a whole backup");
    let sheet = Path::new(&good).join("backup.json");
    fs::write(&sheet, "{}").expect("a sheet");
    assert_eq!(verify(&good), damaged);
    assert_eq!(house.serve().admin().members().len(), 3);
}

#[test]
fn a_backup_that_is_made_while_members_come_in_holds_a_state_that_was() {
    let house = House::activated("backup-meanwhile", &[("viewer", 400), ("creator", 2)]);
    let serving = house.serve();
    let admin = serving.admin();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 0..200 {
                assert_eq!(admin.register(&format!("m-{number}"), "viewer").expect("an answer").status, 201);
            }
        });
        for number in 0..3 {
            backup(&house, &format!("copy-{number}"), &[]);
        }
        writing.join().expect("the writer ends");
    });
    for number in 0..3 {
        let new = House::empty(&format!("backup-meanwhile-{number}"));
        restored(&new, &house.folder.join(format!("copy-{number}")).display().to_string(), &[]);
        let status = facts(&new.run(&["status", "--json"]));
        let counted = told(&new.run(&["member", "list", "--format", "csv", "--type", "viewer"]));
        assert_eq!(status["user_types"][0]["assigned"], counted.lines().count() - 1, "{status}");
    }
}

#[test]
fn a_usage_report_shows_the_vendor_a_copied_portal_and_names_nobody() {
    let house = office("reported");
    let copy = House::empty("reported-copy");
    let report = |of: &House, name: &str| {
        let out = of.folder.join(name).display().to_string();
        told(&of.run(&["usage", "report", "--out", &out]));
        out
    };
    let first = report(&house, "first.json");
    let text = fs::read_to_string(&first).expect("a report");
    let says = entitlement::peek_kind(text.as_bytes()).expect("a report").payload_text;
    assert!(!says.contains("\"bo\"") && !says.contains("admin"), "{says}");
    assert!(says.contains(r#"{"id":"creator","licensed":4,"assigned":3}"#), "{says}");
    let desk = |files: &[&str]| {
        let keys = crate::vendor::keys().display().to_string();
        let args = [&["--dir", &keys, "--json", "usage", "verify"], files].concat();
        Command::new(crate::house::built("seatwarden-issuer")).args(args).output().expect("the issuer runs")
    };
    let said = facts(&desk(&[&first]));
    assert_eq!((&said["reports"][0]["epoch"], &said["copied"]), (&json!(0), &json!([])));
    assert_eq!(said["reports"][0]["findings"], json!(["The ledger has no file city, sequence 1."]));

    let copied = Command::new("cp").arg("-a").arg(house.data()).arg(copy.data()).status();
    assert!(copied.is_ok_and(|status| status.success()));
    drop(copy.serve());
    let of_copy = report(&copy, "copy.json");
    let later = report(&house, "later.json");
    let said = desk(&[&first, &of_copy, &later]);
    assert_eq!(ending(&said), (Some(13), "portal-copied".to_owned()));
    let edited = text.replacen("\"epoch\": 0", "\"epoch\": 7", 1);
    assert_ne!(edited, text);
    let edited = house.write("edited.json", edited.as_bytes());
    assert_eq!(ending(&desk(&[&edited])), (Some(15), "license-summary-edited".to_owned()));
}
