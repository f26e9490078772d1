//! Every migration, on the data of the one before it.
//!
//! `tests/data/after_0001.sql` holds the rows of a portal as migration 1 left them; each further migration gets such a
//! file of its own when the next one is written.

use std::path::Path;

use errors::Code;
use rusqlite::Connection;
use store::{Answer, FILE, RequestKey, Store, TokenHash};

use crate::harness::{
    Portal, assert_recounted, audit_count, code, count, import, member, only, open, register, seats, user_type,
};

const SPINE: &str = include_str!("../../migrations/0001_spine.sql");
const ROWS: &str = include_str!("../data/after_0001.sql");
const RECORD: &str = "CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
                      sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL);";

/// A portal whose data is at migration 1.
fn at_first() -> Portal {
    let portal = Portal::new();
    std::fs::create_dir(&portal.folder).unwrap();
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    db.execute_batch(&[RECORD, SPINE, ROWS].join("\n")).unwrap();
    portal
}

fn recorded(portal: &Portal) -> Vec<(u32, String)> {
    let db = Connection::open(portal.folder.join(FILE)).unwrap();
    let mut statement = db.prepare("SELECT number, name FROM migrations ORDER BY number").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_data_of_the_first_migration_is_whole_after_the_second() {
    let portal = at_first();
    assert_eq!(recorded(&portal), [(1, "spine".to_owned())]);
    let store = Store::open(&portal.folder, portal.opening()).unwrap();
    assert_eq!(recorded(&portal), [(1, "spine".to_owned()), (2, "requests".to_owned())]);
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
    assert_eq!(recorded(&portal).len(), 2);
}

#[test]
fn every_migration_but_the_last_has_data_to_test_the_next_one_on() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = std::fs::read_dir(home.join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["0001_spine.sql", "0002_requests.sql"]);
    names.pop();
    for name in names {
        let number = name.split('_').next().unwrap();
        let data = home.join(format!("tests/data/after_{number}.sql"));
        assert!(data.is_file(), "{}", data.display());
    }
}
