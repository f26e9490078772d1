//! Opening: what is not ours, or is from a later program, is left as it is.

use std::path::Path;

use entitlement::{PublicKey, Roots, SecretKey};
use errors::Code;
use store::{FILE, LicenseState, Opening, Store, StoreError};

use crate::harness::{
    Portal, START, activate, at, code, count, import_trust, only, open, register, root, seats, trust,
};

fn refused(portal: &Portal, opening: Opening) -> Code {
    let opened = Store::open(&portal.folder, opening.clone()).map(|_| ()).map_err(StoreError::into_failure);
    let created = Store::create_or_open(&portal.folder, opening).map(|_| ()).map_err(StoreError::into_failure);
    assert_eq!(created.as_ref().unwrap_err().code, opened.unwrap_err().code);
    created.unwrap_err().code
}

fn bytes(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join(FILE)).unwrap()
}

#[test]
fn data_of_a_later_program_is_refused_and_not_touched() {
    let (portal, store) = Portal::activated();
    drop(store);
    portal.tamper("INSERT INTO migrations (number, name, sha256, applied_at) VALUES (9001, 'later', 'x', 0)");
    let before = bytes(&portal.folder);
    assert_eq!(refused(&portal, portal.opening()), Code::DatabaseNewer);
    assert_eq!(bytes(&portal.folder), before);
}

#[test]
fn data_made_under_other_roots_is_refused_and_not_touched() {
    let (portal, store) = Portal::activated();
    drop(store);
    let before = bytes(&portal.folder);
    let roots = Roots::new(vec![other_root()]).unwrap();
    assert_eq!(refused(&portal, Opening { roots, ..portal.opening() }), Code::DataForeign);
    assert_eq!(bytes(&portal.folder), before);
    register(&open(&portal), "ann", "viewer").unwrap();
}

fn other_root() -> PublicKey {
    SecretKey::from_seed("other-root".parse().unwrap(), &[3; 32]).public()
}

#[test]
fn a_build_with_one_root_more_opens_the_data_and_so_does_the_next_one_without_the_lost_root() {
    let (portal, store) = Portal::activated();
    drop(store);
    let both = Roots::new(vec![root().public(), other_root()]).unwrap();
    let only_other = Roots::new(vec![other_root()]).unwrap();
    Store::open(&portal.folder, Opening { roots: both.clone(), ..portal.opening() }).unwrap();
    // The list that the other root signed comes while both are built in; without it the file does not count any more.
    let store = Store::open(&portal.folder, Opening { roots: only_other.clone(), ..portal.opening() }).unwrap();
    assert!(
        matches!(store.read(|tx| tx.license()).unwrap(), LicenseState::Refused(why) if why.code == Code::LicenseKeyUnknown)
    );
    drop(store);
    assert_eq!(refused(&portal, portal.opening()), Code::DataForeign, "the lost root alone opens nothing any more");
    let store = Store::open(&portal.folder, Opening { roots: both, ..portal.opening() }).unwrap();
    assert!(store.read(|tx| tx.license()).unwrap().good().is_some());
}

#[test]
fn a_list_of_the_highest_version_by_a_stolen_root_stands_in_nobodys_way_once_that_root_is_dropped() {
    let (portal, store) = Portal::activated();
    drop(store);
    let other = SecretKey::from_seed("other-root".parse().unwrap(), &[3; 32]);
    let both = Roots::new(vec![root().public(), other.public()]).unwrap();
    let store = Store::open(&portal.folder, Opening { roots: both, ..portal.opening() }).unwrap();
    let by = |key: &SecretKey, version: u32| {
        let opened =
            entitlement::open_trust_list(&trust(|draft| draft.version = version), &portal.opening().roots, at(START));
        entitlement::seal_trust_list(opened.unwrap().draft(), key).unwrap().into_bytes()
    };
    import_trust(&store, by(&other, 2), None).unwrap();
    import_trust(&store, by(&root(), u32::MAX), None).unwrap();
    assert_eq!(code(import_trust(&store, by(&other, 3), None)), Code::TrustListOlder);
    drop(store);
    let kept = Roots::new(vec![other.public()]).unwrap();
    let store = Store::open(&portal.folder, Opening { roots: kept, ..portal.opening() }).unwrap();
    assert_eq!(
        code(import_trust(&store, by(&other, 1), None)),
        Code::TrustListOlder,
        "what the other root signed counts"
    );
    import_trust(&store, by(&other, 3), None).unwrap();
    assert_eq!(store.read(|tx| tx.trust_list()).unwrap().unwrap().version(), 3);
    assert!(store.read(|tx| tx.license()).unwrap().good().is_some());
}

#[test]
fn data_that_runs_somewhere_else_begins_another_epoch_and_keeps_it() {
    let (_portal, store) = Portal::activated();
    let epoch = || store.read(|tx| Ok(tx.epoch())).unwrap();
    let settle = |home: &str, seen: u64| (store.settle(home, seen).unwrap(), epoch());
    assert_eq!((settle("here", 0), settle("here", 0)), ((false, 0), (false, 0)));
    let (moved, there) = settle("there", 0);
    assert!(moved && there > 0);
    assert_eq!(settle("there", 0), (false, there));
    let (moved, back) = settle("here", 0);
    assert!(moved && back > there, "the old place is another one by now");
    let written = store.read(|tx| Ok(tx.version())).unwrap();
    assert_eq!(settle("here", written), (false, back));
    let (put_back, last) = settle("here", written + 1);
    assert!(put_back && last > back, "somebody has seen more than is there");
}

#[test]
fn a_migration_on_record_with_another_content_is_damage() {
    let (portal, store) = Portal::activated();
    drop(store);
    portal.tamper("UPDATE migrations SET sha256 = 'x' WHERE number = 1");
    assert_eq!(refused(&portal, portal.opening()), Code::DatabaseDamaged);
}

#[test]
fn a_file_that_is_no_database_is_damage_and_stays_as_it_is() {
    let (portal, store) = Portal::activated();
    drop(store);
    std::fs::write(portal.folder.join(FILE), "not a database, but some other file of somebody").unwrap();
    let before = bytes(&portal.folder);
    assert_eq!(refused(&portal, portal.opening()), Code::DatabaseDamaged);
    assert_eq!(bytes(&portal.folder), before);
}

#[test]
fn a_folder_without_data_is_no_portal_and_stays_empty() {
    let portal = Portal::new();
    std::fs::create_dir(&portal.folder).unwrap();
    let opened = Store::open(&portal.folder, portal.opening()).map(|_| ()).map_err(StoreError::into_failure);
    assert_eq!(opened.unwrap_err().code, Code::NoPortalHere);
    assert_eq!(std::fs::read_dir(&portal.folder).unwrap().count(), 0);
    std::fs::write(portal.folder.join(FILE), "").unwrap();
    let opened = Store::open(&portal.folder, portal.opening()).map(|_| ()).map_err(StoreError::into_failure);
    assert_eq!(opened.unwrap_err().code, Code::NoPortalHere);
    assert_eq!(bytes(&portal.folder), b"");
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let portal = Portal::new();
    std::fs::create_dir(&portal.folder).unwrap();
    let db = rusqlite::Connection::open(portal.folder.join(FILE)).unwrap();
    db.execute_batch("CREATE TABLE bookmarks (address TEXT)").unwrap();
    drop(db);
    let before = bytes(&portal.folder);
    assert_eq!(refused(&portal, portal.opening()), Code::DatabaseDamaged);
    assert_eq!(bytes(&portal.folder), before);
}

#[cfg(unix)]
#[test]
fn the_data_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (portal, store) = Portal::activated();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&portal.folder), 0o700);
    for entry in std::fs::read_dir(&portal.folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    drop(store);
}

#[test]
fn a_built_in_trust_list_serves_until_a_newer_one_comes() {
    let portal = Portal::new();
    let built_in =
        |version| Opening { built_in_trust: Some(trust(|draft| draft.version = version)), ..portal.opening() };
    let version = |store: &Store| store.read(|tx| tx.trust_list()).unwrap().unwrap().version();
    let store = Store::create_or_open(&portal.folder, built_in(2)).unwrap();
    activate(&store, only(seats(1, 25, 5))).unwrap();
    assert_eq!((version(&store), count(&store, "viewer").0), (2, 25));
    drop(store);
    let store = Store::create_or_open(&portal.folder, built_in(1)).unwrap();
    assert_eq!(version(&store), 2);
    drop(store);
    let store = Store::create_or_open(&portal.folder, built_in(4)).unwrap();
    assert_eq!((version(&store), count(&store, "viewer").0), (4, 25));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let portal = Portal::new();
    std::fs::write(&portal.folder, "a file in the way").unwrap();
    let inside = portal.folder.join("data");
    let failure = Store::create_or_open(&inside, portal.opening()).map(|_| ()).unwrap_err().into_failure();
    assert_eq!(failure.code, Code::FileUnwritable);
    assert_eq!(failure.facts.get("path"), Some(&serde_json::json!(inside.display().to_string())));
    std::fs::remove_file(&portal.folder).unwrap();
}
