//! Files that are imported before their terms begin.

use entitlement::EntitlementDraft;
use errors::{Code, Failure};
use rules::{Actor, import};
use store::{Action, Installation, LicenseState, StagedFile, Store};

use crate::harness::{
    DAY, Portal, START, assert_recounted, at, audit_count, code, count, import as bring, import_trust, license, line,
    only, open, register, seats, trust, type_count, with_trust, write,
};

/// A file of that sequence which begins so many days after the start, with so many Viewers.
fn later(sequence: u32, days: i64, viewers: u32) -> Vec<u8> {
    license(|draft| later_draft(draft, sequence, days, viewers))
}

fn later_draft(draft: &mut EntitlementDraft, sequence: u32, days: i64, viewers: u32) {
    draft.sequence = sequence;
    draft.jti = format!("SW-2027-00000{sequence}").parse().unwrap();
    draft.nbf = at(START).plus_seconds(days * DAY);
    draft.user_types = vec![line("viewer", viewers), line("creator", 5)];
}

fn waiting(store: &Store) -> Vec<(u32, Option<String>)> {
    let files: Vec<StagedFile> = store.read(|tx| tx.staged_files()).unwrap();
    files.into_iter().map(|one| (one.sequence, one.problem)).collect()
}

fn in_force(store: &Store) -> u32 {
    match store.read(|tx| tx.license()).unwrap() {
        LicenseState::Good(installed) => installed.entitlement().sequence(),
        other @ (LicenseState::Absent | LicenseState::Refused(_)) => panic!("{other:?}"),
    }
}

fn stage(store: &Store, file: Vec<u8>) -> Result<Installation, Failure> {
    bring(store, only(file), None)
}

#[test]
fn a_file_of_a_later_term_comes_in_force_at_its_first_second_without_anybody_being_there() {
    let (portal, store) = Portal::activated();
    assert_eq!(stage(&store, later(2, 10, 30)), Ok(Installation::Staged));
    assert_eq!(stage(&store, later(2, 10, 30)), Ok(Installation::Unchanged));
    assert_eq!((in_force(&store), count(&store, "viewer").0, waiting(&store)), (1, 25, vec![(2, None)]));
    let before = audit_count(&store);
    portal.pass(10 * DAY - 1);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (1, 25));
    portal.pass(1);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (2, 30), "whoever looks sees it, and nobody has written");
    assert_eq!(audit_count(&store), before);
    portal.pass(3_600);
    register(&store, "ann", "viewer").unwrap();
    assert_eq!((in_force(&store), waiting(&store), audit_count(&store)), (2, vec![], before + 2));
    let begun = store.read(|tx| tx.audit(None, 9)).unwrap();
    let begun = begun.iter().find(|row| row.action == Action::LicenseBegun.as_str()).unwrap();
    assert_eq!((begun.actor_kind.as_str(), begun.target.as_str()), ("schedule", "SW-2027-000002"));
    let history = store.read(|tx| tx.entitlement_history()).unwrap();
    let told: Vec<_> = history.iter().map(|one| (one.sequence, one.installed_at, one.is_current)).collect();
    assert_eq!(told, [(2, at("2026-12-25T12:00:00Z"), true), (1, at(START), false)]);
    assert_eq!(code(stage(&store, seats(1, 99, 99))), Code::LicenseOlder);
    assert_recounted(&store);
}

#[test]
fn it_comes_in_force_while_the_portal_is_stopped_and_over_members_are_over_since_that_day() {
    let (portal, store) = Portal::with_seats(2, 5);
    register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    assert_eq!(code(stage(&store, later(2, 10, 1))), Code::ConfirmationMismatch, "two would be locked out then");
    assert_eq!(bring(&store, only(later(2, 10, 1)), Some(2)), Ok(Installation::Staged));
    drop(store);
    portal.pass(30 * DAY);
    portal.restart_clock();
    let store = open(&portal);
    let since = Some(at("2026-12-25T12:00:00Z"));
    assert_eq!((count(&store, "viewer").0, type_count(&store, "viewer").over_since), (1, since));
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!((count(&store, "viewer").0, type_count(&store, "viewer").over_since), (1, since));
    assert_eq!(code(register(&store, "cat", "creator")), Code::CreationBlocked);
}

#[test]
fn a_clock_on_trial_brings_no_file_in_force_for_good() {
    let (portal, store) = Portal::activated();
    stage(&store, later(2, 400, 30)).unwrap();
    portal.set_wall(500 * DAY);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (2, 30));
    register(&store, "ann", "viewer").unwrap();
    assert_eq!(waiting(&store), [(2, None)]);
    portal.set_wall(60);
    assert_eq!((in_force(&store), count(&store, "viewer").0, waiting(&store)), (1, 25, vec![(2, None)]));
    assert_recounted(&store);
}

#[test]
fn years_that_are_imported_ahead_follow_one_another_and_a_lower_sequence_never_comes_later() {
    let (portal, store) = Portal::activated();
    stage(&store, later(3, 20, 33)).unwrap();
    stage(&store, later(2, 10, 32)).unwrap();
    assert_eq!(waiting(&store), [(2, None), (3, None)]);
    let other = license(|draft| later_draft(draft, 2, 12, 99));
    assert_eq!(code(stage(&store, other)), Code::LicenseReused);
    assert_eq!(code(stage(&store, license(|draft| later_draft(draft, 2, 25, 99)))), Code::LicenseOlder);
    portal.pass(15 * DAY);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (2, 32));
    portal.pass(15 * DAY);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (3, 33));
    store.write_now(|_| Ok(())).unwrap();
    let sequences = store.read(|tx| tx.entitlement_history()).unwrap();
    assert_eq!(sequences.iter().map(|one| one.sequence).collect::<Vec<_>>(), [3, 2, 1]);
}

#[test]
fn a_file_of_a_higher_sequence_takes_the_place_of_those_that_could_never_follow_it() {
    let (_portal, store) = Portal::activated();
    stage(&store, later(2, 10, 30)).unwrap();
    stage(&store, later(3, 20, 30)).unwrap();
    stage(&store, later(5, 15, 30)).unwrap();
    assert_eq!(waiting(&store), [(2, None), (5, None)]);
    assert_eq!(stage(&store, seats(4, 26, 5)), Ok(Installation::Installed));
    assert_eq!((in_force(&store), waiting(&store)), (4, vec![(5, None)]));
    assert_eq!(code(stage(&store, later(3, 20, 30))), Code::LicenseOlder);
}

#[test]
fn what_the_vendor_revokes_while_it_waits_does_not_come_in_force_and_says_why() {
    let (portal, store) = Portal::activated();
    stage(&store, later(2, 10, 30)).unwrap();
    let revoking = trust(|draft| {
        draft.version = 2;
        draft.revoked_licenses = ["SW-2027-000002".parse().unwrap()].into();
    });
    import_trust(&store, revoking, None).unwrap();
    portal.pass(11 * DAY);
    assert_eq!((in_force(&store), count(&store, "viewer").0), (1, 25));
    store.write_now(|_| Ok(())).unwrap();
    let told = waiting(&store);
    let problem =
        "The vendor has revoked the license SW-2027-000002.\n  Ask your vendor for a new file.\n  (license-revoked)";
    assert_eq!((in_force(&store), told), (1, vec![(2, Some(problem.to_owned()))]));
    let rows = audit_count(&store);
    store.write_now(|_| Ok(())).unwrap();
    assert_eq!(audit_count(&store), rows, "it is told once");
}

#[test]
fn a_waiting_file_is_given_up_and_may_come_again() {
    let (portal, store) = Portal::activated();
    stage(&store, later(2, 10, 30)).unwrap();
    let withdraw = || {
        write(&store, |tx| {
            let permit = import::withdraw(&tx.facts()?, &Actor::console())?;
            tx.withdraw_staged(permit, &Actor::console(), &"SW-2027-000002".parse().unwrap())
        })
    };
    assert_eq!(withdraw().unwrap().sequence, 2);
    assert_eq!((code(withdraw()), waiting(&store)), (Code::NotFound, vec![]));
    stage(&store, later(2, 10, 30)).unwrap();
    portal.pass(10 * DAY);
    assert_eq!(in_force(&store), 2);
}

#[test]
fn two_programs_that_stage_the_same_sequence_at_once_stage_one() {
    for _ in 0..50 {
        let (portal, store) = Portal::activated();
        let other = open(&portal);
        let files = [later(2, 10, 30), license(|draft| later_draft(draft, 2, 11, 31))];
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let stores = [&store, &other];
            let runs: Vec<_> =
                stores.into_iter().zip(files).map(|(at, file)| scope.spawn(move || stage(at, file))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let staged = outcomes.iter().filter(|one| **one == Ok(Installation::Staged)).count();
        let refused =
            outcomes.iter().filter(|one| one.as_ref().is_err_and(|why| why.code == Code::LicenseReused)).count();
        assert_eq!((staged, refused, waiting(&store).len()), (1, 1, 1), "{outcomes:?}");
    }
}

#[test]
fn a_trust_list_beside_a_staged_file_counts_at_once() {
    let (_portal, store) = Portal::activated();
    let newer = trust(|draft| draft.version = 2);
    assert_eq!(bring(&store, with_trust(later(2, 10, 30), newer), None), Ok(Installation::Staged));
    assert_eq!(store.read(|tx| tx.trust_list()).unwrap().unwrap().version(), 2);
    assert_eq!(in_force(&store), 1);
}

#[test]
fn a_portal_does_not_begin_with_a_file_of_a_later_term() {
    let portal = Portal::new();
    let store = open(&portal);
    let outcome = crate::harness::activate(&store, with_trust(later(1, 10, 30), trust(|_| {})));
    assert_eq!(code(outcome), Code::LicenseNotBegun);
    assert!(matches!(store.read(|tx| tx.license()).unwrap(), LicenseState::Absent));
}
