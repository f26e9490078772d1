//! `kill -9` in the middle of registrations: what was answered is there, and the books agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use store::{Opening, Store, Wall};

use crate::house::{House, Serving};
use crate::http::Client;
use crate::vendor::{self, Vendor};

const REGISTRATIONS: usize = 200;
const CALLERS: usize = 16;

/// Registers two hundred, and kills the portal once so many were answered; the names that were answered 201.
fn killed_after(serving: Serving, round: usize, enough: usize) -> BTreeSet<String> {
    let admin = serving.admin();
    let (next, answered) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    let work = |client: Client| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= REGISTRATIONS {
                return;
            }
            let name = format!("member-{round}-{number:03}");
            match client.register(&name, "viewer") {
                Ok(answer) if answer.status == 201 => {
                    answered.lock().expect("the names").insert(name);
                }
                Ok(answer) => panic!("{name}: {} {}", answer.status, answer.body),
                // The portal is gone.
                Err(_) => return,
            }
        }
    };
    let work = &work;
    thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|_| admin.beside()).map(|one| scope.spawn(move || work(one))).collect();
        while answered.lock().expect("the names").len() < enough && !callers.iter().all(|caller| caller.is_finished()) {
            thread::sleep(Duration::from_millis(1));
        }
        serving.kill();
    });
    answered.into_inner().expect("the names")
}

/// The database itself, opened by the store as the portal opens it.
pub fn store_of(house: &House) -> Store {
    let opening = Opening {
        clock: Arc::new(|| Wall { wall: vendor::now(), elapsed: 0 }),
        roots: Vendor::demonstration().roots(),
        built_in_trust: Some(fs::read(vendor::keys().join("demo.trust.json")).expect("the list of the demonstration")),
        portal: None,
    };
    Store::open(&house.data(), opening).unwrap_or_else(|error| panic!("the store opens: {error:?}"))
}

/// How often a row of the log says that a member was added, by id.
fn added_by_log(store: &Store) -> BTreeMap<String, usize> {
    let rows = store.read(|tx| {
        tx.audit_count()?;
        let chain = tx.verify_audit(None)?;
        assert_eq!((chain.rows, chain.fracture), (tx.version(), None), "the chain of the log");
        tx.audit(None, 1_000_000)
    });
    let rows = rows.unwrap_or_else(|error| panic!("the log: {error:?}"));
    let mut added = BTreeMap::new();
    for row in rows.iter().filter(|row| row.action == store::Action::MemberAdded.as_str()) {
        *added.entry(row.target.clone()).or_insert(0) += 1;
    }
    added
}

fn text(member: &Value, name: &str) -> String {
    member[name].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_portal_killed_during_registrations_loses_nobody_who_was_answered() {
    let house = House::activated("kill", &[("viewer", 1_000), ("creator", 1)]);
    let mut answered = BTreeSet::new();
    for (round, enough) in [20, 90, 160].into_iter().enumerate() {
        answered.extend(killed_after(house.serve(), round, enough));
        let serving = house.serve();
        let admin = serving.admin();
        let members: Vec<Value> = admin.members().into_iter().filter(|one| one["username"] != "admin").collect();
        let names: BTreeSet<String> = members.iter().map(|one| text(one, "username")).collect();
        let lost: Vec<&String> = answered.difference(&names).collect();
        assert!(lost.is_empty(), "answered 201 and lost: {lost:?}");
        let count = admin.get("/api/v1/user-types/viewer").expect("an answer").body;
        assert_eq!(count["assigned"], members.len(), "the headcount and a recount");
        assert_eq!(serving.ask_to_end(rustix::process::Signal::TERM), Some(0));
        let store = store_of(&house);
        let wrong = store.read(|tx| tx.recount()).unwrap_or_else(|error| panic!("a recount: {error:?}"));
        assert!(wrong.is_empty(), "{wrong:?}");
        let once: BTreeMap<String, usize> = members.iter().map(|one| (text(one, "id"), 1)).collect();
        assert_eq!(added_by_log(&store), once, "one row of the log for each member");
    }
    assert!(answered.len() >= 270, "only {} were answered", answered.len());
}
