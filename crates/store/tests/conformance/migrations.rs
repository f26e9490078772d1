//! Every migration, on the data of the one before it.
//!
//! `tests/data/after_0005.sql` holds the rows of a portal as migration 5 left them; each further migration gets such a
//! file of its own when the next one is written.

use std::path::Path;

use errors::Code;
use rules::{Actor, ChangeId, MemberState, ProductUse};
use rusqlite::Connection;
use serde_json::json;
use store::{Answer, FILE, LabelKind, MemberFilter, RequestKey, Store, TokenHash, Topic};

use crate::deeds::{invite, revert, run_returns};
use crate::harness::{
    DAY, Portal, START, assert_recounted, at, audit_count, change, code, count, held, import, member, only, open,
    register, seats, type_count, user_type, write,
};
use crate::products::{BASIC, PRO, add_on, assign, start, with_add_ons};

const RECORD: &str = "CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
                      sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL);";
const SPINE: &str = include_str!("../../migrations/0001_spine.sql");
const REQUESTS: &str = include_str!("../../migrations/0002_requests.sql");
const SEATS: &str = include_str!("../../migrations/0003_seats.sql");
const PRODUCTS: &str = include_str!("../../migrations/0004_products.sql");
const TRUST: &str = include_str!("../../migrations/0005_trust.sql");
const AUDIT_CHAIN: &str = include_str!("../../migrations/0006_audit_chain.sql");
const AFTER_FIRST: &str = include_str!("../data/after_0001.sql");
const AFTER_SECOND: &str = include_str!("../data/after_0002.sql");
const AFTER_THIRD: &str = include_str!("../data/after_0003.sql");
const AFTER_FOURTH: &str = include_str!("../data/after_0004.sql");
const AFTER_FIFTH: &str = include_str!("../data/after_0005.sql");
const AFTER_SIXTH: &str = include_str!("../data/after_0006.sql");
const STEPS: [&str; 7] = ["spine", "requests", "seats", "products", "trust", "audit chain", "lists"];

fn made_of(scripts: &[&str]) -> Portal {
    let portal = Portal::new();
    std::fs::create_dir(&portal.folder).unwrap();
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    db.execute_batch(&scripts.join("\n")).unwrap();
    portal
}

/// A portal whose data is at migration 1.
fn at_first() -> Portal {
    made_of(&[RECORD, SPINE, AFTER_FIRST])
}

/// A portal whose data is at migration 2.
fn at_second() -> Portal {
    made_of(&[RECORD, SPINE, REQUESTS, AFTER_SECOND])
}

/// A portal whose data is at migration 3.
fn at_third() -> Portal {
    made_of(&[RECORD, SPINE, REQUESTS, SEATS, AFTER_THIRD])
}

/// A portal whose data is at migration 4.
fn at_fourth() -> Portal {
    made_of(&[RECORD, SPINE, REQUESTS, SEATS, PRODUCTS, AFTER_FOURTH])
}

/// A portal whose data is at migration 5.
fn at_fifth() -> Portal {
    made_of(&[RECORD, SPINE, REQUESTS, SEATS, PRODUCTS, TRUST, AFTER_FIFTH])
}

fn steps(names: &[&str]) -> Vec<(u32, String)> {
    let number =
        |name: &str| if name == "lists" { 7 } else { STEPS.iter().position(|one| *one == name).map_or(0, |at| at + 1) };
    names.iter().map(|name| (u32::try_from(number(name)).unwrap(), (*name).to_owned())).collect()
}

fn recorded(portal: &Portal) -> Vec<(u32, String)> {
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    let mut statement = db.prepare("SELECT number, name FROM migrations ORDER BY number").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_data_of_the_first_migration_is_whole_after_all_others() {
    let portal = at_first();
    assert_eq!(recorded(&portal), steps(&["spine"]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((2, 2, 2), (2, 2, 1)));
    assert_recounted(&store);
    assert_eq!(audit_count(&store), 7);
    let ann = store.read(|tx| tx.member_by_username("ann")).unwrap().unwrap();
    assert_eq!((ann.user_type, ann.former.unwrap().user_type), (user_type("creator"), user_type("viewer")));
    let session = store.read(|tx| tx.session(&TokenHash::of(b"bob's token"))).unwrap().unwrap();
    assert_eq!(member(&store, &session.member.id).unwrap().username, "bob");
    assert_eq!(store.read(|tx| tx.changes(None, 9)).unwrap().len(), 1);
    assert_eq!(code(import(&store, only(seats(1, 99, 99)), None)), Code::LicenseOlder);
    assert_eq!(import(&store, only(seats(3, 3, 2)), None), Ok(store::Installation::Installed));
    register(&store, "eve", "viewer").unwrap();
}

#[test]
fn the_second_migration_brings_the_requests_that_may_be_repeated() {
    let portal = at_first();
    let store = open(&portal);
    let request = RequestKey::new("console", "key", b"");
    let answer = Answer { status: 200, body: "{}".to_owned() };
    let (kept, body) = (request.clone(), answer.clone());
    store.write_now(move |tx| tx.remember_answer(&kept, &body)).unwrap();
    assert_eq!(store.read(|tx| tx.answered(&request)).unwrap(), Some(answer));
}

#[test]
fn two_programs_that_open_old_data_at_once_migrate_it_once() {
    let portal = at_first();
    let folder = portal.folder.clone();
    let programs: Vec<_> = (0..4)
        .map(|_| {
            let (folder, opening) = (folder.clone(), portal.opening());
            std::thread::spawn(move || Store::open(&folder, opening).map(|_| ()).map_err(|error| error.to_string()))
        })
        .collect();
    for program in programs {
        assert_eq!(program.join().unwrap(), Ok(()));
    }
    assert_eq!(recorded(&portal), steps(&STEPS));
}

#[test]
fn every_migration_but_the_last_has_data_to_test_the_next_one_on() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = std::fs::read_dir(home.join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let known =
        ["0001_spine", "0002_requests", "0003_seats", "0004_products", "0005_trust", "0006_audit_chain", "0007_lists"];
    assert_eq!(names, known.map(|name| format!("{name}.sql")));
    names.pop();
    for name in names {
        let number = name.split('_').next().unwrap();
        let data = home.join(format!("tests/data/after_{number}.sql"));
        assert!(data.is_file(), "{}", data.display());
    }
}

/// The id of the change in the old data.
fn old_change(store: &Store) -> ChangeId {
    let all = store.read(|tx| tx.changes(None, 9)).unwrap();
    all.first().unwrap().id.clone()
}

#[test]
fn the_data_of_the_second_migration_is_whole_after_those_that_follow() {
    let portal = at_second();
    assert_eq!(recorded(&portal), steps(&["spine", "requests"]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 2, 0), (2, 2, 0)));
    assert_recounted(&store);
    assert_eq!(audit_count(&store), 7);
    let all = store.read(|tx| tx.members(&MemberFilter::default(), None, 9)).unwrap().items;
    let told: Vec<_> = all.iter().map(|one| (one.username.as_str(), one.state, one.archived_at)).collect();
    assert_eq!(told, ["admin", "Ann", "bob", "dan"].map(|name| (name, MemberState::Enabled, None)));
    assert!(all.iter().all(|one| !one.vendor_access));
    let request = RequestKey::new("console", "key-1", b"POST /members");
    let answer = Answer { status: 201, body: r#"{"username":"dan"}"#.to_owned() };
    assert_eq!(store.read(|tx| tx.answered(&request)).unwrap(), Some(answer));
    let preview = store.read(|tx| tx.preview("lic_00000000000000000000000001", "console")).unwrap().unwrap();
    assert_eq!(preview.files, only(seats(2, 2, 2)));
}

#[test]
fn what_the_third_migration_brings_is_empty_and_can_be_used() {
    let portal = at_second();
    let store = open(&portal);
    assert_eq!(store.read(|tx| tx.setting(Topic::Defaults)).unwrap(), None);
    assert_eq!(store.read(|tx| tx.role_records()).unwrap(), []);
    assert_eq!(store.read(|tx| tx.invitations(None, None, 9)).unwrap(), []);
    assert_eq!(store.read(|tx| tx.open_returns(9)).unwrap(), []);
    import(&store, only(seats(3, 3, 2)), None).unwrap();
    invite(&store, "eve", "viewer").unwrap();
    let bob = store.read(|tx| tx.member_by_username("bob")).unwrap().unwrap();
    let (id, label) = (bob.id.clone(), ["Field crew".to_owned()].into());
    write(&store, move |tx| tx.set_labels(&Actor::console(), &id, LabelKind::Group, &label)).unwrap();
    assert_eq!(held(&store, "viewer"), (3, 2, 1));
    assert_recounted(&store);
}

#[test]
fn a_change_of_before_there_were_states_is_read_and_taken_back() {
    let portal = at_second();
    let store = open(&portal);
    let id = old_change(&store);
    let old = store.read(|tx| tx.change(&id)).unwrap().unwrap();
    assert_eq!((old.planned_return, old.reverts, old.reverted_by), (None, None, None));
    assert_eq!(old.plan.pointer("/members/0/state"), None);
    let back = revert(&store, &id).unwrap();
    let type_of = |name: &str| store.read(|tx| tx.member_by_username(name)).unwrap().unwrap().user_type;
    assert_eq!((type_of("ann"), type_of("dan")), (user_type("viewer"), user_type("creator")));
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((2, 2, 2), (2, 2, 1)));
    let read = |id: &ChangeId| store.read(|tx| tx.change(id)).unwrap().unwrap();
    assert_eq!((read(&id).reverted_by, read(&back).reverts), (Some(back.to_string()), Some(id.to_string())));
    let written = read(&back).plan.pointer("/members/0/former").cloned();
    assert_eq!(written, Some(json!({ "user_type": "creator", "role": "viewer", "state": "enabled" })));
    assert_recounted(&store);
}

#[test]
fn a_change_of_before_there_were_states_is_stale_once_a_member_of_it_has_moved() {
    let portal = at_second();
    let store = open(&portal);
    import(&store, only(seats(3, 3, 2)), None).unwrap();
    let id = old_change(&store);
    let ann = store.read(|tx| tx.member_by_username("ann")).unwrap().unwrap();
    change(&store, &[(&ann.id, "viewer")], &[]).unwrap();
    change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    let refused = revert(&store, &id).unwrap_err();
    assert_eq!((refused.code, refused.facts.get("members")), (Code::Stale, Some(&json!(["Ann"]))));
    assert_eq!(member(&store, &ann.id).unwrap().user_type, user_type("creator"));
}

#[test]
fn the_data_of_the_third_migration_is_whole_after_the_fourth() {
    let portal = at_third();
    portal.pass(3_600);
    assert_eq!(recorded(&portal), steps(&["spine", "requests", "seats"]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_eq!((held(&store, "viewer"), count(&store, "creator")), ((3, 1, 2), (2, 3, 2)));
    assert_eq!(type_count(&store, "creator").over_since, Some(at("2026-12-15T13:00:00Z")));
    assert_recounted(&store);
    assert_eq!(audit_count(&store), 14);
    let named = |name: &str| store.read(|tx| tx.member_by_username(name)).unwrap().unwrap();
    assert_eq!((named("cat").state, named("cat").archived_at), (MemberState::Archived, Some(at(START))));
    assert_eq!(named("dan").role.as_str(), "custom-field-crew");
    let (bob, session) = (named("bob").id, TokenHash::of(b"bob's token"));
    assert_eq!(store.read(|tx| tx.labels(&bob)).unwrap().groups, ["North".to_owned()].into());
    assert_eq!(store.read(|tx| tx.session(&session)).unwrap().unwrap().member.id, bob);
    assert_eq!(store.read(|tx| tx.defaults()).unwrap().user_type, Some(user_type("viewer")));
    assert_eq!(store.read(|tx| tx.role_records()).unwrap().len(), 1);
    let waiting = store.read(|tx| tx.invitations(None, None, 9)).unwrap();
    assert_eq!(waiting.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["eve"]);
    assert_eq!((store.read(|tx| tx.changes(None, 9)).unwrap().len(), named("ann").version), (3, 2));
}

#[test]
fn a_return_that_was_planned_before_there_were_add_ons_happens_in_its_time() {
    let portal = at_third();
    let store = open(&portal);
    portal.pass(DAY);
    assert_eq!(run_returns(&store), [store::ReturnState::Done]);
    assert_eq!((held(&store, "viewer"), count(&store, "creator")), ((3, 2, 1), (2, 2, 1)));
    assert_recounted(&store);
}

#[test]
fn what_the_fourth_migration_brings_is_empty_and_can_be_used() {
    let portal = at_third();
    portal.pass(3_600);
    let store = open(&portal);
    let tallies = store.read(|tx| tx.add_on_tallies()).unwrap();
    assert!(tallies.iter().all(|one| (one.licensed, one.assigned, one.over_since) == (0, 0, None)), "{tallies:?}");
    let dan = store.read(|tx| tx.member_by_username("dan")).unwrap().unwrap().id;
    let facts = store.read(|tx| Ok(tx.member_facts(&dan)?.row().clone())).unwrap();
    assert_eq!((facts.add_ons, facts.in_use), ([].into(), ProductUse::default()));
    import(&store, only(with_add_ons(3, &[add_on(BASIC, 1)])), None).unwrap();
    assign(&store, &dan, &[BASIC]).unwrap();
    let session = start(&store, &dan, PRO, "desk").unwrap();
    assert_eq!(store.read(|tx| tx.product_session(&session.id)).unwrap().unwrap().member, dan);
    assert_recounted(&store);
}

#[test]
fn the_data_of_the_fourth_migration_is_whole_after_those_that_follow() {
    let portal = at_fourth();
    portal.pass(3_600);
    assert_eq!(recorded(&portal), steps(&["spine", "requests", "seats", "products"]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_recounted(&store);
    let dan = store.read(|tx| tx.member_by_username("dan")).unwrap().unwrap().id;
    let row = store.read(|tx| Ok(tx.member_facts(&dan)?.row().clone())).unwrap();
    assert_eq!(row.add_ons, [crate::products::add_on_id(BASIC)].into());
    assert_eq!(store.read(|tx| tx.sessions_of(&dan, &crate::products::product(PRO))).unwrap().len(), 1);
    // Who was there before the orders of lists is found by each of them, and the history begins now.
    for by in store::MemberSort::ALL {
        let order = store::MemberOrder { by, descending: false };
        assert_eq!(store.read(|tx| tx.members_in(order, &MemberFilter::default(), None, 9)).unwrap().items.len(), 4);
    }
    let name = store::MemberOrder { by: store::MemberSort::Name, descending: false };
    let first = store.read(|tx| tx.members_in(name, &MemberFilter::default(), None, 1)).unwrap();
    assert_eq!(first.next.as_deref(), Some("admin/admin"));
    assert_eq!(store.read(|tx| tx.usage(at(START), at(START))).unwrap(), []);
    let migrated = store.clone();
    store.write_now(|tx| tx.keep_usage()).unwrap();
    let days = migrated.read(|tx| tx.usage(at(START), at(START))).unwrap();
    let types: Vec<_> = days.iter().map(|one| one.user_type.as_str()).collect();
    assert_eq!(types, ["creator", "gis-pro-basic", "viewer"]);
    // What came with it stands where a portal stands that has always run in one place by one clock.
    let known = store.read(|tx| Ok((tx.epoch(), tx.clock_accepted(), tx.staged_files()?))).unwrap();
    assert_eq!(known, (0, 0, vec![]));
    assert!(!store.settle("here", 0).unwrap());
}

#[test]
fn the_data_of_the_fifth_migration_is_whole_after_the_sixth_and_its_log_is_chained_as_it_was() {
    let portal = at_fifth();
    portal.pass(3_600);
    assert_eq!(recorded(&portal), steps(&STEPS[..5]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_recounted(&store);
    let known = store.read(|tx| Ok((tx.epoch(), tx.staged_files()?.len(), tx.audit_count()?))).unwrap();
    assert_eq!(known, (1, 1, 19));
    assert_eq!(crate::chain::recomputed(&portal), crate::chain::stored(&portal));
    let (first, state) = store.read(|tx| Ok((tx.audit_row(1)?.unwrap().previous, tx.verify_audit(None)?))).unwrap();
    assert_eq!((first.as_str(), state.rows, state.fracture), ("", 19, None));
    assert_eq!(state.last, store.read(|tx| Ok(tx.audit_anchor())).unwrap());
    // The chain goes on from there.
    register(&store, "eve", "creator").unwrap();
    assert_eq!(crate::chain::recomputed(&portal), crate::chain::stored(&portal));
    assert_eq!(store.read(|tx| tx.verify_audit(state.last.as_ref())).unwrap().rows, 20);
}

#[test]
fn an_old_row_that_nobody_can_read_stops_nobody_and_is_named() {
    let portal = at_fifth();
    portal.tamper("UPDATE audit SET at = 'yesterday' WHERE seq = 7");
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    let state = store.read(|tx| tx.verify_audit(None)).unwrap();
    assert_eq!(state.fracture.unwrap().sentence(), "Row 7 is not as it was written.");
    register(&store, "eve", "creator").unwrap();
}

#[test]
fn the_data_of_the_sixth_migration_is_whole_after_the_seventh() {
    let portal = made_of(&[RECORD, SPINE, REQUESTS, SEATS, PRODUCTS, TRUST, AUDIT_CHAIN, AFTER_SIXTH]);
    portal.pass(3_600);
    assert_eq!(recorded(&portal), steps(&STEPS[..6]));
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), steps(&STEPS));
    assert_recounted(&store);
    assert_eq!(store.read(|tx| tx.verify_audit(None)).unwrap().fracture, None);
    register(&store, "eva", "viewer").unwrap();
    assert_recounted(&store);
}
