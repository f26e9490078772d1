//! Attacks on restores.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use store::{Store, TokenHash};

use crate::harness::{DAY, Portal, START, assert_recounted, at, count, open, register};

fn backup(portal: &Portal, store: &Store, name: &str) -> PathBuf {
    let path = portal.folder.join(name);
    store.copy_to(&path).unwrap();
    path
}

fn held(store: &Store) -> Option<entitlement::Moment> {
    store.read(|tx| tx.offline_held_until()).unwrap()
}

#[test]
fn a_second_restore_does_not_lift_the_hold_of_the_first() {
    let (old, store) = Portal::activated();
    let copy = backup(&old, &store, "monday.db");
    let new = Portal::new();
    std::fs::create_dir_all(&new.folder).unwrap();
    let restored = store::restore(&new.folder, &copy, new.opening(), at(START)).unwrap().store;
    let first = held(&restored);
    assert!(first.is_some());
    drop(restored);
    let restored = store::restore(&new.folder, &copy, new.opening(), at(START)).unwrap().store;
    assert_eq!(held(&restored), first, "nobody has acknowledged anything");
}

#[test]
fn a_restore_that_breaks_off_has_begun_an_epoch_or_not_happened() {
    let (old, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap().id;
    let hash = TokenHash::of(b"a stolen token");
    let opened = hash.clone();
    store
        .write_now(move |tx| tx.open_token(&rules::Actor::console(), &opened, &ann, tx.now().plus_seconds(DAY)))
        .unwrap();
    store.settle("here", 0).unwrap();
    let copy = backup(&old, &store, "monday.db");
    let new = Portal::new();
    std::fs::create_dir_all(&new.folder).unwrap();
    let mut opening = new.opening();
    // As if the process was killed when it first looked at the clock: after the data is in its place.
    opening.clock = Arc::new(|| panic!("killed"));
    let broken = catch_unwind(AssertUnwindSafe(|| store::restore(&new.folder, &copy, opening, at(START)).map(drop)));
    assert!(broken.is_err() || broken.is_ok_and(|outcome| outcome.is_err()));
    if !new.folder.join(store::FILE).exists() {
        return;
    }
    let after = open(&new);
    after.settle("here", 0).unwrap();
    let epoch = after.read(|tx| Ok(tx.epoch())).unwrap();
    let lives = after.read(|tx| tx.session(&hash)).unwrap().is_some();
    assert_eq!((epoch > 0, held(&after).is_some(), lives), (true, true, false), "epoch, hold, old token");
}

#[test]
fn the_log_of_a_database_that_is_gone_is_not_played_over_a_restored_one() {
    for name in ["portal.db-wal", "portal.db.restoring-wal"] {
        let (old, store) = Portal::activated();
        let copy = backup(&old, &store, "monday.db");
        for number in 0..10 {
            register(&store, &format!("later-{number}"), "viewer").unwrap();
        }
        let new = Portal::new();
        std::fs::create_dir_all(&new.folder).unwrap();
        std::fs::copy(old.folder.join("portal.db-wal"), new.folder.join(name)).unwrap();
        let restored = store::restore(&new.folder, &copy, new.opening(), at(START));
        let restored = restored.map_err(|error| panic!("{name}: {error}")).unwrap().store;
        assert_eq!(count(&restored, "viewer").1, 0, "{name}: nobody of Tuesday");
        assert_recounted(&restored);
    }
}

#[test]
fn a_file_that_was_in_force_since_the_backup_does_not_wait_again_after_a_restore() {
    use crate::harness::{import as bring, license, only};
    let (portal, store) = Portal::activated();
    let later = license(|draft| {
        draft.sequence = 2;
        draft.jti = "SW-2027-000002".parse().unwrap();
        draft.nbf = at(START).plus_seconds(10 * DAY);
    });
    bring(&store, only(later), None).unwrap();
    let copy = backup(&portal, &store, "monday.db");
    portal.pass(11 * DAY);
    store.write_now(|_| Ok(())).unwrap();
    let rows = store.read(|tx| tx.entitlement_history()).unwrap();
    let third = license(|draft| draft.sequence = 3);
    bring(&store, only(third), None).unwrap();
    drop(store);
    let restored = store::restore(&portal.folder, &copy, portal.opening(), at(START)).unwrap().store;
    let staged = restored.read(|tx| tx.staged_files()).unwrap();
    assert_eq!(staged, [], "it was in force since, and a later one followed: {rows:?}");
}

#[test]
fn a_hold_lasts_as_long_as_the_leases_of_the_file_though_it_is_bound_to_another_key_now() {
    use entitlement::{KeyId, Policy, SecretKey};
    let key = SecretKey::self_named(&[9; 32]);
    let old = Portal::new();
    let opening = |portal: &Portal, kid: Option<KeyId>| store::Opening { portal: kid, ..portal.opening() };
    let store = Store::create_or_open(&old.folder, opening(&old, Some(key.kid().clone()))).unwrap();
    let file = crate::harness::license(|draft| {
        draft.portal = Some(key.public());
        draft.policy = Policy { offline_days: 90, ..Policy::default() };
    });
    let files = crate::harness::with_trust(file, crate::harness::trust(|_| {}));
    crate::harness::activate(&store, files).unwrap();
    let copy = backup(&old, &store, "monday.db");
    let new = Portal::new();
    std::fs::create_dir_all(&new.folder).unwrap();
    let restored = store::restore(&new.folder, &copy, opening(&new, None), at(START)).unwrap().store;
    assert_eq!(held(&restored), Some(at(START).plus_seconds(90 * DAY)), "leases of 90 days may be out");
}
