//! Attacks on files that wait, on trust lists beside them, and on the clock around them.

use std::collections::BTreeSet;

use entitlement::EntitlementDraft;
use errors::Code;
use store::{Installation, LicenseState, Store};

use crate::harness::{
    DAY, Portal, START, at, code, count, import as bring, import_trust, license, line, only, register, seats, trust,
    with_trust,
};

fn begins(draft: &mut EntitlementDraft, sequence: u32, days: i64, viewers: u32) {
    draft.sequence = sequence;
    draft.jti = format!("SW-2027-00000{sequence}").parse().unwrap();
    draft.nbf = at(START).plus_seconds(days * DAY);
    draft.user_types = vec![line("viewer", viewers), line("creator", 5)];
}

fn in_force(store: &Store) -> (String, u32) {
    match store.read(|tx| tx.license()).unwrap() {
        LicenseState::Good(installed) => {
            (installed.entitlement().contract().to_string(), installed.entitlement().sequence())
        }
        other @ (LicenseState::Absent | LicenseState::Refused(_)) => panic!("{other:?}"),
    }
}

/// A trust list that revokes the license in force.
fn revoking() -> Vec<u8> {
    trust(|draft| {
        draft.version = 2;
        draft.revoked_licenses = BTreeSet::from(["SW-2026-000001".parse().unwrap()]);
    })
}

#[test]
fn a_trust_list_beside_a_file_that_waits_locks_nobody_out_unconfirmed() {
    let (_portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    assert_eq!(code(import_trust(&store, revoking(), None)), Code::ConfirmationMismatch, "by itself it is asked");
    let later = license(|draft| begins(draft, 2, 300, 25));
    let outcome = bring(&store, with_trust(later, revoking()), None);
    assert_eq!(count(&store, "viewer").0, 25, "ann is locked out at once, and nobody has confirmed it: {outcome:?}");
}

#[test]
fn a_newer_trust_list_beside_a_file_that_waits_already_is_taken_in() {
    let (_portal, store) = Portal::activated();
    let later = || license(|draft| begins(draft, 2, 300, 25));
    assert_eq!(bring(&store, only(later()), None), Ok(Installation::Staged));
    let newer = trust(|draft| draft.version = 2);
    let outcome = bring(&store, with_trust(later(), newer), None);
    let version = store.read(|tx| tx.trust_list()).unwrap().unwrap().version();
    assert_eq!(version, 2, "{outcome:?}");
}

#[test]
fn a_reader_sees_the_last_of_two_contracts_that_follow_each_other() {
    let (portal, store) = Portal::activated();
    let second = license(|draft| {
        begins(draft, 1, 10, 30);
        draft.contract = "second".parse().unwrap();
        draft.replaces = vec!["city-of-example".parse().unwrap()];
    });
    let third = license(|draft| {
        begins(draft, 1, 20, 7);
        draft.jti = "SW-2027-000009".parse().unwrap();
        draft.contract = "third".parse().unwrap();
        draft.replaces = vec!["second".parse().unwrap()];
    });
    assert_eq!(bring(&store, only(second), None), Ok(Installation::Staged));
    assert_eq!(bring(&store, only(third), None), Ok(Installation::Staged));
    portal.pass(30 * DAY);
    let looked = (in_force(&store), count(&store, "viewer").0);
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!(looked, (in_force(&store), count(&store, "viewer").0), "a read looks as if it had happened");
}

#[test]
fn a_file_that_a_wrong_clock_brought_in_force_leaves_a_way_back_once_the_clock_is_accepted() {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    assert_eq!(bring(&store, only(license(|draft| begins(draft, 2, 300, 25))), None), Ok(Installation::Staged));
    // The clock runs a year ahead, for an hour and a bit; then it is set right, and accepted.
    portal.set_wall(366 * DAY);
    store.write_now(|_| Ok(())).unwrap();
    portal.pass(3_700);
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!(in_force(&store).1, 2);
    portal.set_wall(4_000);
    store
        .write_now(|tx| {
            let permit = rules::clock::accept(&tx.facts()?, &rules::Actor::console(), &tx.times())?.unwrap();
            tx.accept_clock(permit, &rules::Actor::console())
        })
        .unwrap();
    let again = bring(&store, only(seats(1, 25, 5)), None);
    assert_eq!(
        count(&store, "viewer").0,
        25,
        "everybody is locked out until the vendor helps; the file before: {again:?}"
    );
}

#[test]
fn an_invitation_of_a_clock_that_ran_ahead_does_not_live_a_year_longer() {
    let (portal, store) = Portal::activated();
    portal.set_wall(366 * DAY);
    store.write_now(|_| Ok(())).unwrap();
    portal.pass(3_700);
    store.write_now(|_| Ok(())).unwrap();
    let sent = crate::deeds::invite(&store, "eve", "viewer").unwrap();
    portal.set_wall(4_000);
    store
        .write_now(|tx| {
            let permit = rules::clock::accept(&tx.facts()?, &rules::Actor::console(), &tx.times())?.unwrap();
            tx.accept_clock(permit, &rules::Actor::console())
        })
        .unwrap();
    portal.pass(300 * DAY);
    let state = crate::deeds::invitation(&store, &sent.id).state;
    assert_ne!(state, store::InvitationState::Pending, "sent ten months ago");
}

#[test]
fn a_portal_of_the_fourth_migration_accepts_no_clock_below_its_newest_file() {
    let (portal, store) = Portal::activated();
    drop(store);
    // What migration 5 leaves in the data of an older program.
    portal.tamper("UPDATE organization SET newest_issue = 0");
    portal.restart_clock();
    portal.set_wall(-4000 * DAY);
    let store = crate::harness::open(&portal);
    let lowest = store.read(|tx| Ok(tx.times().accepted())).unwrap();
    assert!(lowest >= at("2026-12-01T00:00:00Z"), "{lowest}");
}

#[test]
fn a_file_that_comes_while_the_clock_is_on_trial_is_not_in_force_before_its_term_once_the_clock_is_right() {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    portal.set_wall(366 * DAY);
    let outcome = bring(&store, only(license(|draft| begins(draft, 2, 300, 25))), None);
    portal.set_wall(60);
    let again = bring(&store, only(seats(1, 25, 5)), None);
    assert_eq!(count(&store, "viewer").0, 25, "{outcome:?}, and the file before: {again:?}");
}

#[test]
fn what_became_over_under_a_clock_on_trial_is_not_over_since_next_year() {
    let (portal, store) = Portal::with_seats(2, 5);
    register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    portal.set_wall(366 * DAY);
    bring(&store, only(seats(2, 1, 5)), Some(2)).unwrap();
    portal.set_wall(60);
    let since = crate::harness::type_count(&store, "viewer").over_since.unwrap();
    assert!(since <= store.read(|tx| Ok(tx.now())).unwrap(), "{since}");
}

/// The clock ran years ahead for so long that the record believed it, and somebody accepted the right one.
fn years_ahead_and_accepted(portal: &Portal, store: &Store, days: i64) {
    portal.set_wall(days * DAY);
    store.write_now(|_| Ok(())).unwrap();
    portal.pass(3_700);
    store.write_now(|_| Ok(())).unwrap();
    portal.set_wall(4_000);
    store
        .write_now(|tx| {
            let permit = rules::clock::accept(&tx.facts()?, &rules::Actor::console(), &tx.times())?.unwrap();
            tx.accept_clock(permit, &rules::Actor::console())
        })
        .unwrap();
}

fn waiting(store: &Store) -> Vec<u32> {
    store.read(|tx| tx.staged_files()).unwrap().iter().map(|one| one.sequence).collect()
}

#[test]
fn two_years_that_a_wrong_clock_brought_in_force_wait_again_and_come_each_in_its_time() {
    let (portal, store) = Portal::with_seats(2, 5);
    register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    bring(&store, only(license(|draft| begins(draft, 2, 300, 1))), Some(2)).unwrap();
    bring(&store, only(license(|draft| begins(draft, 3, 600, 30))), None).unwrap();
    years_ahead_and_accepted(&portal, &store, 700);
    assert_eq!((waiting(&store), count(&store, "viewer").0), (vec![2, 3], 2));
    assert_eq!(crate::harness::type_count(&store, "viewer").over_since, None);
    assert_eq!(code(bring(&store, only(seats(1, 99, 99)), None)), Code::LicenseReused);
    portal.pass(301 * DAY);
    assert_eq!((waiting(&store), count(&store, "viewer").0), (vec![2, 3], 1), "seen before anybody has written");
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!((waiting(&store), count(&store, "viewer").0), (vec![3], 1));
    portal.pass(300 * DAY);
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!((waiting(&store), count(&store, "viewer").0), (vec![], 30));
    crate::harness::assert_recounted(&store);
}

#[test]
fn what_a_contract_had_come_to_is_known_after_its_last_file_waits_again() {
    let (portal, store) = Portal::activated();
    let town = |sequence: u32, replaces: &str, from: i64| {
        license(|draft| {
            begins(draft, sequence, from, 25);
            draft.contract =
                if replaces == "city-of-example" { "town".parse().unwrap() } else { draft.contract.clone() };
            draft.replaces = vec![replaces.parse().unwrap()];
        })
    };
    bring(&store, only(town(1, "city-of-example", 0)), None).unwrap();
    bring(&store, only(town(2, "town", 300)), None).unwrap();
    years_ahead_and_accepted(&portal, &store, 400);
    assert_eq!(waiting(&store), [2]);
    // Another first file of the contract that was left, today: its first sequence was used.
    let other = license(|draft| draft.replaces = vec!["town".parse().unwrap()]);
    assert_eq!(code(bring(&store, only(other), None)), Code::LicenseReused);
}
