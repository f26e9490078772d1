//! The clock: set back, it never lengthens a term; it goes on from the newest instant on record.

use errors::Code;
use store::{InvitationState, Store};

use crate::deeds::{accept, invitation, invite, revoke};
use crate::harness::{
    DAY, Portal, START, assert_recounted, at, code, count, held, import, license, only, open, register,
};

fn now(store: &Store) -> String {
    store.read(|tx| Ok(tx.now().to_string())).unwrap()
}

/// A portal whose license ends five days after the start.
fn ending() -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    let file = license(|draft| {
        draft.sequence = 2;
        draft.exp = Some(at("2026-12-20T12:00:00Z"));
    });
    import(&store, only(file), None).unwrap();
    (portal, store)
}

#[test]
fn a_clock_set_back_does_not_bring_an_ended_license_back() {
    let (portal, store) = ending();
    for _ in 0..5 {
        portal.pass(DAY);
        store.write_now(|_| Ok(())).unwrap();
    }
    assert_eq!(count(&store, "viewer").0, 0);
    portal.set_wall(0);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2026-12-20T12:00:00Z", 0));
    drop(store);
    portal.restart_clock();
    portal.set_wall(-300 * DAY);
    let store = open(&portal);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2026-12-20T12:00:00Z", 0));
    assert_eq!(store.read(|tx| Ok(tx.clock().seconds_behind())).unwrap(), 305 * DAY);
    assert_eq!(code(register(&store, "ann", "viewer")), Code::CreationBlocked);
}

#[test]
fn a_term_runs_on_while_the_wall_clock_stands_in_the_past() {
    let (portal, store) = ending();
    drop(store);
    portal.restart_clock();
    portal.set_wall(-300 * DAY);
    let store = open(&portal);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), (START, 25));
    portal.pass(5 * DAY - 1);
    assert_eq!(count(&store, "viewer").0, 25);
    portal.pass(1);
    assert_eq!(count(&store, "viewer").0, 0);
}

#[test]
fn the_time_that_nobody_wrote_in_is_on_record_once_it_is_kept() {
    let (portal, store) = ending();
    portal.pass(3_600);
    store.write_now(|_| Ok(())).unwrap();
    drop(store);
    portal.restart_clock();
    portal.set_wall(0);
    assert_eq!(now(&open(&portal)), "2026-12-15T13:00:00Z");
}

#[test]
fn a_jump_of_over_a_day_counts_at_once_but_is_on_record_only_after_an_hour() {
    let (portal, store) = ending();
    portal.set_wall(40 * DAY);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2027-01-24T12:00:00Z", 0));
    assert!(store.read(|tx| Ok(tx.clock().is_on_trial())).unwrap());
    store.write_now(|_| Ok(())).unwrap();
    // Somebody notices and sets it right: the license is as it was.
    portal.set_wall(60);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2026-12-15T12:01:00Z", 25));
    portal.set_wall(40 * DAY);
    store.write_now(|_| Ok(())).unwrap();
    portal.pass(3_600);
    store.write_now(|_| Ok(())).unwrap();
    portal.set_wall(0);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2027-01-24T13:00:00Z", 0));
}

#[test]
fn a_clock_is_shared_by_two_processes_through_the_record() {
    let (portal, store) = ending();
    let slow = Portal::new();
    let other = Store::open(&portal.folder, slow.opening()).unwrap();
    portal.pass(2 * 3_600);
    store.write_now(|_| Ok(())).unwrap();
    // The other process has a clock that stands still, and still sees what this one recorded.
    assert_eq!(now(&other), "2026-12-15T14:00:00Z");
}

#[test]
fn a_jump_that_is_set_right_within_the_hour_has_ended_no_invitation() {
    let (portal, store) = Portal::with_seats(2, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    let renewed = invite(&store, "fay", "viewer").unwrap();
    portal.set_wall(40 * DAY);
    // For decisions it counts at once: the seats are free, and a write that sees it takes one.
    assert_eq!((held(&store, "viewer"), invitation(&store, &sent.id).state), ((2, 0, 0), InvitationState::Expired));
    assert_eq!(code(accept(&store, &sent.id, "eve")), Code::InvitationEnded);
    register(&store, "bob", "viewer").unwrap();
    invite(&store, "gil", "viewer").unwrap();
    assert_eq!(held(&store, "viewer"), (2, 1, 1));
    assert_recounted(&store);
    portal.set_wall(60);
    assert_eq!((held(&store, "viewer"), invitation(&store, &sent.id)), ((2, 1, 3), sent.clone()));
    assert_recounted(&store);
    assert_eq!(code(register(&store, "hal", "viewer")), Code::SeatLimitReached);
    revoke(&store, &renewed.id).unwrap();
    accept(&store, &sent.id, "eve").unwrap();
    assert_eq!(held(&store, "viewer"), (2, 2, 1));
    assert_recounted(&store);
}

#[test]
fn a_jump_that_holds_for_an_hour_ends_the_invitations_for_good() {
    let (portal, store) = Portal::with_seats(2, 2);
    let sent = invite(&store, "eve", "viewer").unwrap();
    portal.set_wall(40 * DAY);
    register(&store, "ann", "viewer").unwrap();
    portal.pass(3_600);
    register(&store, "bob", "viewer").unwrap();
    portal.set_wall(0);
    assert_eq!((held(&store, "viewer"), invitation(&store, &sent.id).state), ((2, 2, 0), InvitationState::Expired));
    assert_recounted(&store);
}

/// A person accepts the clock of the machine. Answers whether anything changed.
fn accept_clock(store: &Store) -> bool {
    let accepted = store.write_now(|tx| {
        let permit = rules::clock::accept(&tx.facts()?, &rules::Actor::console(), &tx.times())?;
        let changes = permit.is_some();
        permit.map(|permit| tx.accept_clock(permit, &rules::Actor::console())).transpose()?;
        Ok(changes)
    });
    accepted.unwrap()
}

/// A clock that ran a year ahead for so long that the record believed it, and was set right.
fn a_year_ahead_and_back() -> (Portal, Store) {
    let (portal, store) = ending();
    portal.set_wall(366 * DAY);
    let ahead = store.read(|tx| Ok(tx.clock().is_on_trial())).unwrap();
    assert!(ahead);
    portal.pass(3_601);
    store.write_now(|_| Ok(())).unwrap();
    portal.set_wall(3_700);
    (portal, store)
}

#[test]
fn after_a_clock_ran_ahead_a_person_accepts_the_right_one_and_the_license_counts_again() {
    let (portal, store) = a_year_ahead_and_back();
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2027-12-16T13:00:01Z", 0));
    let other = open(&portal);
    assert_eq!(now(&other), "2027-12-16T13:00:01Z");
    assert!(accept_clock(&store));
    for handle in [&store, &other] {
        assert_eq!((now(handle).as_str(), count(handle, "viewer").0), ("2026-12-15T13:01:40Z", 25));
    }
    register(&store, "ann", "viewer").unwrap();
    assert_eq!(store.read(|tx| Ok(tx.clock_accepted())).unwrap(), 1);
    assert!(!accept_clock(&store), "there is nothing to accept any more");
    drop((store, other));
    portal.restart_clock();
    let store = open(&portal);
    assert_eq!((now(&store).as_str(), count(&store, "viewer").0), ("2026-12-15T13:01:40Z", 25));
}

#[test]
fn no_accepted_clock_goes_below_the_vendors_newest_file() {
    let (portal, store) = a_year_ahead_and_back();
    portal.set_wall(-300 * DAY);
    assert!(accept_clock(&store));
    assert_eq!(now(&store), "2026-12-01T00:00:00Z", "when the newest file was issued");
    assert!(!accept_clock(&store));
    portal.pass(60);
    assert_eq!(now(&store), "2026-12-01T00:01:00Z");
}

#[test]
fn a_person_who_knows_that_a_jump_is_right_need_not_wait_for_an_hour() {
    let (portal, store) = ending();
    portal.set_wall(2 * DAY);
    assert!(accept_clock(&store));
    assert!(!store.read(|tx| Ok(tx.clock().is_on_trial())).unwrap());
    portal.set_wall(60);
    assert_eq!(now(&store), "2026-12-17T12:00:00Z", "it is on record now");
}

#[test]
fn accepting_is_done_once_by_two_at_once() {
    for _ in 0..50 {
        let (portal, store) = a_year_ahead_and_back();
        let other = open(&portal);
        let done: Vec<bool> = std::thread::scope(|scope| {
            let both = [&store, &other].map(|handle| scope.spawn(move || accept_clock(handle)));
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(done.iter().filter(|changed| **changed).count(), 1);
        assert_eq!(store.read(|tx| Ok(tx.clock_accepted())).unwrap(), 1);
    }
}

#[test]
fn a_token_of_a_clock_that_ran_ahead_counts_while_it_does_and_not_after() {
    let (portal, store) = ending();
    let ann = register(&store, "ann", "viewer").unwrap().id;
    let hash = store::TokenHash::of(b"ann's token");
    portal.set_wall(3 * DAY);
    let opened = hash.clone();
    store
        .write_now(move |tx| tx.open_token(&rules::Actor::console(), &opened, &ann, tx.now().plus_seconds(DAY)))
        .unwrap();
    let lives = || store.read(|tx| tx.session(&hash)).unwrap().is_some();
    assert!(lives());
    portal.set_wall(60);
    assert!(!lives(), "its end would lie three days too late");
}
