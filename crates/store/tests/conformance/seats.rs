//! Seats under contention: whatever arrives at once, the licensed number holds.

use std::sync::{Arc, Barrier};
use std::thread;

use errors::Code;
use rules::Actor;
use rules::capacity;
use store::{Member, Store, StoreError};

use crate::harness::{
    Portal, asked, assert_recounted, audit_count, code, count, delete, newcomer, open, register, registration,
};

const THREADS: usize = 64;
const REPETITIONS: usize = 50;

/// 64 threads, dealt to the handles, register at once. Answers those admitted.
fn rush(handles: &[Store], repetition: usize) -> Vec<Member> {
    let start = Arc::new(Barrier::new(THREADS));
    let racers: Vec<_> = handles
        .iter()
        .cycle()
        .take(THREADS)
        .enumerate()
        .map(|(number, store)| {
            let (store, start) = (store.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                register(&store, &format!("racer-{repetition}-{number}"), "viewer")
            })
        })
        .collect();
    let outcomes: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(|failure| failure.code);
    assert_eq!(refused.collect::<Vec<_>>(), vec![Code::SeatLimitReached; THREADS - 1]);
    outcomes.into_iter().filter_map(Result::ok).collect()
}

fn one_seat_left(handles: &[Store]) {
    let store = handles.first().unwrap();
    for number in 0..2 {
        register(store, &format!("seated-{number}"), "viewer").unwrap();
    }
    for repetition in 0..REPETITIONS {
        assert_eq!(count(store, "viewer"), (3, 2, 2));
        let admitted = rush(handles, repetition);
        assert_eq!(admitted.len(), 1);
        assert_eq!(count(store, "viewer"), (3, 3, 3));
        delete(store, &admitted.first().unwrap().id).unwrap();
    }
    assert_recounted(store);
    // The activation, the two, and one registration and one deletion each time.
    assert_eq!(audit_count(store), 3 + 2 * u64::try_from(REPETITIONS).unwrap());
}

#[test]
fn of_64_that_register_at_the_last_seat_exactly_one_is_admitted() {
    let (_portal, store) = Portal::with_seats(3, 5);
    one_seat_left(&[store]);
}

#[test]
fn of_64_that_register_through_two_writers_at_the_last_seat_exactly_one_is_admitted() {
    let (portal, store) = Portal::with_seats(3, 5);
    let other = open(&portal);
    one_seat_left(&[store, other]);
}

#[test]
fn every_seat_is_given_and_not_one_more() {
    let (_portal, store) = Portal::with_seats(3, 1);
    for username in ["ann", "bob", "cat"] {
        register(&store, username, "viewer").unwrap();
    }
    let refused = register(&store, "dan", "viewer").unwrap_err();
    assert_eq!(refused.code, Code::SeatLimitReached);
    assert_eq!(refused.facts.get("assigned"), Some(&serde_json::json!(3)));
    assert_eq!(code(register(&store, "dan", "creator")), Code::SeatLimitReached);
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((3, 3, 3), (1, 1, 0)));
    assert_eq!(audit_count(&store), 4);
}

#[test]
fn a_seat_that_becomes_free_can_be_taken_again() {
    let (_portal, store) = Portal::with_seats(1, 1);
    let ann = register(&store, "ann", "viewer").unwrap();
    delete(&store, &ann.id).unwrap();
    assert_eq!(code(delete(&store, &ann.id)), Code::NotFound);
    register(&store, "bob", "viewer").unwrap();
    assert_eq!(count(&store, "viewer"), (1, 1, 1));
}

#[test]
fn nobody_is_registered_before_a_license_is_activated() {
    let portal = Portal::new();
    let store = open(&portal);
    assert_eq!(code(register(&store, "ann", "viewer")), Code::NotActivated);
    assert_eq!(audit_count(&store), 0);
}

#[test]
fn a_user_name_that_is_taken_in_another_case_is_refused_and_takes_no_seat() {
    let (_portal, store) = Portal::with_seats(3, 1);
    register(&store, "Änne", "viewer").unwrap();
    let refused = register(&store, "äNNE", "viewer").unwrap_err();
    assert_eq!((refused.code, refused.detail.as_str()), (Code::UsernameTaken, "The user name äNNE is taken."));
    assert_eq!(count(&store, "viewer"), (3, 1, 1));
    assert_recounted(&store);
}

#[test]
fn of_two_permits_made_from_one_reading_the_second_is_refused_and_takes_the_first_back() {
    let (_portal, store) = Portal::with_seats(1, 1);
    let outcome = store.write_now(|tx| {
        let facts = tx.facts()?;
        let asked = asked("viewer", "viewer");
        let first = capacity::register(&facts, &Actor::console(), &asked)?;
        let second = capacity::register(&facts, &Actor::console(), &asked)?;
        tx.insert_member(first, &Actor::console(), &newcomer("ann"))?;
        tx.insert_member(second, &Actor::console(), &newcomer("bob"))
    });
    let cause = outcome.as_ref().unwrap_err().cause().unwrap().cause.clone();
    assert_eq!(cause, "a permit made at seat revision 1 was spent at 2");
    assert_eq!(outcome.map_err(StoreError::into_failure).unwrap_err().code, Code::Internal);
    assert_eq!(count(&store, "viewer"), (1, 0, 0));
    assert_eq!(store.read(|tx| tx.member_by_username("ann")).unwrap(), None);
    register(&store, "ann", "viewer").unwrap();
}

#[test]
fn a_decision_of_two_registrations_reads_its_facts_twice() {
    let (_portal, store) = Portal::with_seats(2, 1);
    let both = store.write_now(|tx| Ok((registration(tx, "ann", "viewer")?, registration(tx, "bob", "viewer")?)));
    assert_eq!(both.unwrap().1.username, "bob");
    let third = store.write_alone_now(|tx| registration(tx, "cat", "viewer"));
    assert_eq!(third.map_err(StoreError::into_failure).unwrap_err().code, Code::SeatLimitReached);
    assert_eq!(audit_count(&store), 3);
}
