//! A disk that is full: what cannot be written is refused, what was there stays, and with room again all goes on.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::house::{House, ending, facts, said, told};
use crate::product_line::{self, PRO};
use crate::vendor::{self, Vendor, draft};

/// A small disk of its own; it goes with this.
struct Disk(PathBuf);

impl Disk {
    fn mount(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("processes-{name}"));
        fs::create_dir_all(&folder).expect("a folder");
        // One that a killed run left behind.
        let _ = Command::new("umount").arg(&folder).stderr(std::process::Stdio::null()).status();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "seatwarden-test"]).arg(&folder).status();
        let mounted = mounted.is_ok_and(|status| status.success());
        assert!(mounted, "no small disk could be mounted at {}; this test needs root", folder.display());
        Self(folder)
    }

    /// Fills it to the last byte.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut file = File::create(&path).expect("a file");
        for size in [65_536, 4_096, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_what_it_cannot_keep_and_loses_nothing() {
    let disk = Disk::mount("full-disk");
    let house = House::at(disk.0.join("house"));
    let license = Vendor::demonstration().license(&draft(1, &[("viewer", 100_000), ("creator", 1)]));
    house.activate(&license, &vendor::keys().join("demo.trust.json"));
    let serving = house.serve();
    let admin = serving.admin();
    assert_eq!(admin.register("before", "viewer").expect("an answer").status, 201);
    let names = || admin.members().iter().map(|one| one["username"].clone()).collect::<Vec<_>>();
    let file = || admin.get("/api/v1/licenses/1/file").expect("an answer").bytes;
    let before = names();

    let filler = disk.fill();
    // The log of the database may have room for a few more.
    let mut kept = 0;
    let refused = (0..2_000).find_map(|number| {
        let answer = admin.register(&format!("during-{number}"), "viewer").expect("an answer");
        kept += usize::from(answer.status == 201);
        (answer.status != 201).then_some(answer)
    });
    let refused = refused.expect("a full disk refuses at last");
    assert_eq!((refused.status, refused.code()), (507, "disk-full"), "{}", refused.body);
    assert_eq!(names().len(), before.len() + kept);
    assert_eq!(file(), license.as_bytes());
    let output = house.run(&["member", "add", "by-hand", "--type", "viewer"]);
    assert_eq!(ending(&output), (Some(1), "disk-full".to_owned()));
    assert_eq!(names().len(), before.len() + kept);

    fs::remove_file(filler).expect("the filler goes");
    assert_eq!(admin.register("after", "viewer").expect("an answer").status, 201);
    let count = admin.get("/api/v1/user-types/viewer").expect("an answer");
    assert_eq!(count.body["assigned"], before.len() + kept);
    assert_eq!(file(), license.as_bytes());
}

#[test]
fn a_full_disk_refuses_renewals_and_shows_who_works_all_the_same() {
    let disk = Disk::mount("full-disk-sessions");
    let house = House::at(disk.0.join("house"));
    let seats = [("viewer", 100_000), ("creator", 1), ("gis-pro-basic", 1)];
    let license = Vendor::demonstration().license(&draft(1, &seats));
    house.activate(&license, &vendor::keys().join("demo.trust.json"));
    let serving = house.serve();
    let admin = serving.admin();
    assert_eq!(admin.register("gita", "gis-pro-basic").expect("an answer").status, 201);
    let gita = product_line::signed_in(&house, &serving, "gita");
    let start = json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
    let session = gita.post(&format!("{PRO}/sessions"), &start).expect("an answer").text(201, "id");
    let renew = || gita.post(&format!("{PRO}/sessions/{session}/renew"), &json!({})).expect("an answer");
    assert_eq!(renew().status, 200);

    let filler = disk.fill();
    (0..2_000)
        .find(|number| admin.register(&format!("m-{number}"), "viewer").expect("an answer").status != 201)
        .expect("a full disk refuses at last");
    // One renewal a second has something to write, and there is no room for many.
    let mut renewals = std::iter::from_fn(|| {
        std::thread::sleep(Duration::from_millis(100));
        Some(renew())
    });
    let refused = renewals.by_ref().take(200).find(|answer| {
        for path in ["/api/v1/me/sessions", "/api/v1/me"] {
            let seen = gita.get(path).expect("an answer");
            assert_eq!(seen.status, 200, "{path}: {}", seen.body);
        }
        assert_eq!(admin.get(&format!("{PRO}/activity")).expect("an answer").status, 200);
        answer.status != 200
    });
    let refused = refused.expect("what cannot be written is not promised on and on");
    assert_eq!((refused.status, refused.code()), (507, "disk-full"), "{}", refused.body);

    fs::remove_file(filler).expect("the filler goes");
    assert_eq!(renew().status, 200);
    let mine = gita.get("/api/v1/me/sessions").expect("an answer").body;
    assert_eq!(mine["items"][0]["id"], json!(session));
}

#[test]
fn a_restore_on_a_full_disk_is_refused_and_what_is_there_stays() {
    let disk = Disk::mount("full-disk-restore");
    let house = House::at(disk.0.join("house"));
    let vendor = Vendor::demonstration();
    let trust = vendor::keys().join("demo.trust.json");
    house.activate(&vendor.license(&draft(1, &[("viewer", 2_000), ("creator", 1)])), &trust);
    let serving = house.serve();
    let admin = serving.admin();
    for number in 0..20 {
        assert_eq!(admin.register(&format!("early-{number}"), "viewer").expect("an answer").status, 201);
    }
    drop(serving);
    let backup = House::empty("full-disk-restore-backup").folder.join("monday").display().to_string();
    told(&house.run(&["backup", "create", &backup]));
    let newer = vendor.license(&draft(2, &[("viewer", 2_500), ("creator", 1)]));
    let file = house.write("newer.json", newer.as_bytes());
    told(&house.run(&["license", "import", &file]));
    told(&house.run(&["member", "add", "late", "--type", "viewer"]));

    let filler = disk.fill();
    let refused = house.run(&["backup", "restore", &backup, "--demo", "--no-input"]);
    assert_eq!(ending(&refused), (Some(1), "disk-full".to_owned()), "{}", said(&refused));

    fs::remove_file(filler).expect("the filler goes");
    let count = |house: &House| facts(&house.run(&["type", "show", "viewer", "--json"]))["assigned"].clone();
    assert_eq!(facts(&house.run(&["member", "show", "late", "--json"]))["username"], "late");
    assert_eq!((count(&house), sequence(&house)), (json!(21), json!(2)));
    told(&house.run(&["backup", "restore", &backup, "--demo", "--no-input"]));
    // The members are those of the backup, and the newer license stays.
    assert_eq!((count(&house), sequence(&house)), (json!(20), json!(2)));
}

fn sequence(house: &House) -> serde_json::Value {
    facts(&house.run(&["license", "show", "--json"]))["sequence"].clone()
}
