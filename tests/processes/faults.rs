//! Starts that must not succeed, and ends that must.

use std::net::TcpListener;
use std::process::Command;

use rustix::process::Signal;
use serde_json::json;

use crate::house::{House, ending, portal};

fn ended(code: i32, name: &str) -> (Option<i32>, String) {
    (Some(code), name.to_owned())
}

const SEATS: &[(&str, u32)] = &[("viewer", 2), ("creator", 1)];

#[test]
fn a_second_serve_on_the_same_data_ends_and_the_first_goes_on() {
    let house = House::activated("second-serve", SEATS);
    let first = house.serve();
    let second = house.run(&["serve", "--listen", "127.0.0.1:0", "--demo"]);
    assert_eq!(ending(&second), ended(6, "already-running"));
    assert_eq!(first.anonymous().get("/livez").expect("an answer").status, 200);
}

#[test]
fn a_killed_serve_leaves_no_lock_behind() {
    let house = House::activated("lock", SEATS);
    house.serve().kill();
    assert_eq!(house.serve().anonymous().get("/readyz").expect("an answer").status, 200);
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let house = House::activated("port", SEATS);
    let output = house.run(&["serve", "--listen", &address, "--demo"]);
    assert_eq!(ending(&output), ended(3, "port-in-use"));
    assert!(String::from_utf8_lossy(&output.stderr).contains(&address));
}

#[test]
fn data_of_a_newer_version_is_left_untouched() {
    let house = House::activated("newer", SEATS);
    let database = house.data().join(store::FILE);
    let newer = "import sqlite3, sys\n\
                 db = sqlite3.connect(sys.argv[1])\n\
                 db.execute(\"INSERT INTO migrations VALUES (9999, 'later', 'x', 0)\")\n\
                 db.commit()\n\
                 db.execute('PRAGMA wal_checkpoint(TRUNCATE)')\n\
                 db.close()\n";
    let made = Command::new("python3").args(["-c", newer]).arg(&database).status().expect("python3 runs");
    assert!(made.success());
    let before = std::fs::read(&database).expect("the database");
    for args in [&["serve", "--listen", "127.0.0.1:0", "--demo"][..], &["member", "list"], &["status"]] {
        assert_eq!(ending(&house.run(args)), ended(3, "database-newer"), "{args:?}");
    }
    assert_eq!(std::fs::read(&database).expect("the database"), before);
}

#[test]
fn a_folder_without_a_portal_is_named() {
    let house = House::empty("nothing");
    assert_eq!(ending(&house.run(&["member", "list"])), ended(5, "no-portal-here"));
}

#[test]
fn a_demonstration_listens_on_this_machine_only() {
    let house = House::activated("loopback", SEATS);
    for more in [&[][..], &["--behind-proxy"]] {
        let args = [&["serve", "--listen", "0.0.0.0:0", "--demo"], more].concat();
        let output = house.run(&args);
        assert_eq!(ending(&output), ended(3, "not-loopback"), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("--behind-proxy"), "{said}");
    }
}

#[test]
fn a_demonstration_build_says_so_before_it_does_anything() {
    let house = House::empty("demo");
    let license = house.write("license.json", b"{}");
    let request = house.folder.join("request.json").display().to_string();
    let data = house.data().display().to_string();
    let verbs: [&[&str]; 3] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["request", "--out", &request],
        &["activate", &license, "--admin", "admin"],
    ];
    for verb in verbs {
        let output = portal([verb, &["--data", &data]].concat());
        assert_eq!(ending(&output), ended(3, "demo-build"), "{verb:?}");
    }
    assert!(!house.data().exists() && !house.folder.join("request.json").exists());
}

#[test]
fn a_portal_without_a_license_is_served_and_says_that_it_is_not_activated() {
    let house = House::empty("unactivated");
    let serving = house.serve();
    let client = serving.anonymous();
    assert_eq!(client.get("/readyz").expect("an answer").status, 200);
    let answer = client.post("/api/v1/session", &json!({"username": "admin", "password": "x"})).expect("an answer");
    assert_eq!((answer.status, answer.code()), (409, "not-activated"));
    for path in ["/api/v1/me", "/api/v1/status", "/api/v1/members", "/api/v1/licenses/current"] {
        let answer = client.get(path).expect("an answer");
        assert_eq!((answer.status, answer.code()), (409, "not-activated"), "{path}");
    }
}

#[test]
fn a_portal_that_is_asked_to_end_ends_well_although_somebody_is_connected() {
    let house = House::activated("end", SEATS);
    for signal in [Signal::TERM, Signal::INT] {
        let serving = house.serve();
        let admin = serving.admin();
        assert_eq!(admin.get("/api/v1/me").expect("an answer").status, 200);
        assert_eq!(serving.ask_to_end(signal), Some(0), "{signal:?}");
        // Nothing is left to be done at the next start.
        assert!(!house.data().join(format!("{}-wal", store::FILE)).exists());
    }
}
