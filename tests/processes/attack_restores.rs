//! Attacks on backups and restores, with the built programs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::house::{House, ending, facts, said, told};
use crate::product_line::{self, PRO};

fn backup(house: &House, name: &str) -> String {
    let dir = house.folder.join(name).display().to_string();
    told(&house.run(&["backup", "create", &dir]));
    dir
}

fn office(name: &str) -> House {
    let (house, _) = product_line::house(name);
    told(&house.run(&["add-on", "assign", product_line::STANDARD, "bo"]));
    let serving = house.serve();
    product_line::signed_in(&house, &serving, "bo");
    drop(serving);
    house
}

/// How a checkout of bo ends there.
fn goes_offline(house: &House) -> (u16, String) {
    let serving = house.serve();
    let bo = crate::http::Client::signed_in(&serving.address, "bo", product_line::PASSWORD);
    let computer = json!({"device_id": "laptop", "computer": "laptop"});
    let answer = bo.post(&format!("{PRO}/checkouts"), &computer).expect("an answer");
    (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
}

const HELD: (u16, &str) = (409, "offline-held");

fn is_held(house: &House) {
    let (status, code) = goes_offline(house);
    assert_eq!((status, code.as_str()), HELD);
}

fn restore(house: &House, backup: &str) -> std::process::Output {
    house.run(&["backup", "restore", backup, "--demo"])
}

#[test]
fn a_restore_beside_the_key_that_was_kept_holds_offline_use_back() {
    // What `backup create` advises: `portal.key` kept elsewhere, and put into the new folder.
    let old = office("held-with-kept-key");
    let backup = backup(&old, "monday");
    let new = House::empty("held-with-kept-key-new");
    fs::create_dir_all(new.data()).expect("a folder");
    fs::copy(old.data().join("portal.key"), new.data().join("portal.key")).expect("the key");
    let said = told(&restore(&new, &backup));
    assert!(!said.contains("What was there before"), "nothing was there before: {said}");
    is_held(&new);
}

#[test]
fn a_second_restore_does_not_lift_the_hold() {
    let old = office("held-twice");
    let backup = backup(&old, "monday");
    let new = House::empty("held-twice-new");
    fs::create_dir_all(new.data()).expect("a folder");
    let pass = old.write("pass", b"a passphrase for the key");
    let with_key = old.folder.join("with-key").display().to_string();
    told(&old.run(&["backup", "create", &with_key, "--with-key", "--passphrase-file", &pass]));
    told(&new.run(&["backup", "restore", &with_key, "--demo", "--passphrase-file", &pass]));
    is_held(&new);
    told(&restore(&new, &backup));
    is_held(&new);
}

#[test]
fn the_moment_of_a_backup_is_not_what_anybody_writes_into_its_sheet() {
    let old = office("sheet-edited");
    let pass = old.write("pass", b"a passphrase for the key");
    let dir = old.folder.join("with-key");
    told(&old.run(&["backup", "create", &dir.display().to_string(), "--with-key", "--passphrase-file", &pass]));
    let sheet = dir.join("backup.json");
    let mut says: Value = serde_json::from_slice(&fs::read(&sheet).expect("a sheet")).expect("JSON");
    says["made_at"] = json!("2001-01-01T00:00:00Z");
    fs::write(&sheet, says.to_string()).expect("a sheet");
    let new = House::empty("sheet-edited-new");
    let restored = new.run(&["backup", "restore", &dir.display().to_string(), "--demo", "--passphrase-file", &pass]);
    if restored.status.success() {
        is_held(&new);
    }
}

#[test]
fn data_that_is_damaged_is_restored_as_its_message_says() {
    let house = office("damaged");
    let backup = backup(&house, "monday");
    for name in ["portal.db-wal", "portal.db-shm"] {
        // Not there after a clean end.
        let _ = fs::remove_file(house.data().join(name));
    }
    fs::write(house.data().join("portal.db"), vec![0x5a; 40_000]).expect("a broken disk");
    let status = house.run(&["status"]);
    assert_eq!(ending(&status), (Some(1), "database-damaged".to_owned()));
    assert!(said(&status).contains("restore the last backup"));
    let restored = restore(&house, &backup);
    assert_eq!(restored.status.code(), Some(0), "{}", said(&restored));
}

#[test]
fn data_whose_key_is_gone_is_kept_before_a_backup_takes_its_place() {
    let house = office("key-gone");
    let backup = backup(&house, "monday");
    told(&house.run(&["member", "add", "of-tuesday", "--type", "viewer"]));
    fs::remove_file(house.data().join("portal.key")).expect("the key is lost");
    let restored = restore(&house, &backup);
    if restored.status.success() {
        let kept = fs::read_dir(house.data()).expect("a folder").filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("before-restore-"))
        });
        assert_eq!(kept.count(), 1, "Tuesday is gone: {}", told(&restored));
    }
}

#[test]
fn a_restore_without_the_key_can_be_repeated() {
    let old = office("repeated-restore");
    let backup = backup(&old, "monday");
    let new = House::empty("repeated-restore-new");
    told(&restore(&new, &backup));
    let again = restore(&new, &backup);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
}

#[test]
fn a_restore_that_is_killed_can_be_repeated_and_never_serves_the_old_epoch() {
    let old = office("killed-restore");
    let backup = backup(&old, "monday");
    for wait in (5..200).step_by(5) {
        let new = House::empty("killed-restore-new");
        let mut running = new.command(&["backup", "restore", &backup, "--demo"]);
        running.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut running = running.spawn().expect("the portal runs");
        std::thread::sleep(Duration::from_millis(wait));
        let _ = running.kill();
        let _ = running.wait();
        let out = new.folder.join("report.json");
        let whole = fs::metadata(new.data().join("portal.db")).is_ok_and(|meta| meta.len() > 0);
        if whole && new.run(&["usage", "report", "--out", &out.display().to_string()]).status.success() {
            let report = fs::read(&out).expect("a report");
            let says = entitlement::peek_kind(&report).expect("a report").payload_text;
            assert!(!says.contains(r#""epoch":0,"#), "killed after {wait} ms: {says}");
        }
        let again = restore(&new, &backup);
        assert_eq!(again.status.code(), Some(0), "killed after {wait} ms: {}", said(&again));
    }
}

#[test]
fn a_copied_folder_reports_another_epoch_though_it_was_never_served() {
    let house = office("copied-reports");
    let copy = House::empty("copied-reports-copy");
    let copied = Command::new("cp").arg("-a").arg(house.data()).arg(copy.data()).status();
    assert!(copied.is_ok_and(|status| status.success()));
    let out = copy.folder.join("report.json");
    told(&copy.run(&["usage", "report", "--out", &out.display().to_string()]));
    let says = entitlement::peek_kind(&fs::read(&out).expect("a report")).expect("a report").payload_text;
    assert!(!says.contains(r#""epoch":0,"#), "{says}");
}

#[test]
fn a_backup_whose_database_is_a_pipe_holds_nobody_up() {
    let house = office("piped");
    let backup = backup(&house, "monday");
    let database = Path::new(&backup).join("portal.db");
    fs::remove_file(&database).expect("it goes");
    assert!(Command::new("mkfifo").arg(&database).status().is_ok_and(|status| status.success()));
    let mut running = house.build.command();
    let mut running = running.args(["backup", "verify", &backup]).spawn().expect("the portal runs");
    let ended = (0..250).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        running.try_wait().expect("a process").is_some()
    });
    if !ended {
        let _ = running.kill();
        let _ = running.wait();
        panic!("it waits for a pipe");
    }
}

#[test]
fn a_backup_that_is_whole_can_be_restored() {
    let house = office("whole-or-not");
    let backup = backup(&house, "monday");
    let sheet = Path::new(&backup).join("backup.json");
    let mut says: Value = serde_json::from_slice(&fs::read(&sheet).expect("a sheet")).expect("JSON");
    says["made_at"] = json!("yesterday");
    fs::write(&sheet, says.to_string()).expect("a sheet");
    let verified = house.run_anywhere(&["backup", "verify", &backup]);
    let restored = restore(&House::empty("whole-or-not-new"), &backup);
    assert_eq!(verified.status.code(), restored.status.code());
}

#[test]
fn a_database_that_was_put_back_shows_to_the_vendor() {
    // docs/SECURITY-MODEL.md: "a database that was put back shows by its epoch and by the sequences of the vendor's ledger".
    let house = office("put-back");
    let copy = house.folder.join("kept.db");
    let portal = house.portal_key();
    let database = house.data().join("portal.db");
    let report = |name: &str| {
        let out = house.folder.join(name).display().to_string();
        told(&house.run(&["usage", "report", "--out", &out]));
        out
    };
    for suffix in ["", "-wal"] {
        let from = house.data().join(format!("portal.db{suffix}"));
        if from.exists() {
            fs::copy(from, format!("{}{suffix}", copy.display())).expect("a copy");
        }
    }
    let draft = product_line::with_pro(2, 1, &portal);
    let smaller = house.write("smaller.json", crate::vendor::Vendor::demonstration().license(&draft).as_bytes());
    told(&house.run(&["license", "import", &smaller]));
    let before = report("before.json");
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(house.data().join(format!("portal.db{suffix}")));
    }
    fs::copy(&copy, &database).expect("it is put back");
    drop(house.serve());
    let after = report("after.json");
    let keys = crate::vendor::keys().display().to_string();
    let said = Command::new(crate::house::built("seatwarden-issuer"))
        .args(["--dir", &keys, "--json", "usage", "verify", &before, &after])
        .output()
        .expect("the issuer runs");
    assert_ne!(said.status.code(), Some(0), "{}", String::from_utf8_lossy(&said.stdout));
}

#[test]
fn what_a_restore_writes_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let old = office("private");
    let backup = backup(&old, "monday");
    let new = House::empty("private-new");
    // A folder with other things in it keeps its permissions.
    fs::create_dir_all(new.data()).expect("a folder");
    fs::write(new.data().join("other"), "x").expect("another file");
    fs::set_permissions(new.data(), fs::Permissions::from_mode(0o755)).expect("permissions");
    told(&restore(&new, &backup));
    told(&restore(&old, &backup));
    for folder in [new.data(), old.data(), Path::new(&backup).to_owned()] {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let mode = entry.metadata().expect("metadata").permissions().mode() & 0o077;
            let name = entry.path();
            assert!(mode == 0 || name.extension().is_none_or(|ending| ending != "db"), "{}: {mode:o}", name.display());
        }
    }
}

#[test]
fn two_copies_that_were_restored_from_one_backup_show_to_the_vendor() {
    // docs/OPERATING.md: "so two copies of a portal show to the vendor".
    let old = office("restored-twice");
    let pass = old.write("pass", b"a passphrase for the key");
    let dir = old.folder.join("with-key").display().to_string();
    told(&old.run(&["backup", "create", &dir, "--with-key", "--passphrase-file", &pass]));
    let copies = ["one", "two"].map(|name| {
        let new = House::empty(&format!("restored-twice-{name}"));
        told(&new.run(&["backup", "restore", &dir, "--demo", "--passphrase-file", &pass]));
        drop(new.serve());
        new
    });
    // By turns, as two portals that both run report.
    let reports: Vec<String> = [(0, "a"), (1, "b"), (0, "c")]
        .map(|(copy, name)| {
            let out = copies[copy].folder.join(name).display().to_string();
            told(&copies[copy].run(&["usage", "report", "--out", &out]));
            out
        })
        .into();
    let keys = crate::vendor::keys().display().to_string();
    let said = Command::new(crate::house::built("seatwarden-issuer"))
        .args(["--dir", &keys, "--json", "usage", "verify"])
        .args(&reports)
        .output()
        .expect("the issuer runs");
    assert_eq!(ending(&said), (Some(13), "portal-copied".to_owned()), "{}", String::from_utf8_lossy(&said.stdout));
}

#[test]
fn a_license_whose_renewal_waits_does_not_end_soon() {
    let house = House::empty("renewed");
    let draft = crate::vendor::draft(1, &[("viewer", 3), ("creator", 2)]);
    let (now, day) = (crate::vendor::now(), 86_400);
    let first = entitlement::EntitlementDraft { exp: Some(now.plus_seconds(5 * day)), ..draft.clone() };
    house.activate(
        &crate::vendor::Vendor::demonstration().license(&first),
        &crate::vendor::keys().join("demo.trust.json"),
    );
    let renewal = entitlement::EntitlementDraft { sequence: 2, nbf: now.plus_seconds(5 * day), ..draft };
    let renewal = house.write("renewal.json", crate::vendor::Vendor::demonstration().license(&renewal).as_bytes());
    assert!(told(&house.run(&["license", "import", &renewal])).contains("waits"));
    let status = facts(&house.run(&["status", "--json"]));
    assert_eq!(status["notices"], json!([]), "the renewal gives the same from that very second");
}
