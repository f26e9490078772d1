//! The history of seats: what a day held at most, had at least, and for how long it was over.

use store::Store;

use crate::harness::{
    DAY, Portal, at, change, delete, import, import_trust, license, line, only, open, register, seats, trust, write,
};

/// Day, user type, assigned, licensed and seconds over, of December 2026.
fn history(store: &Store) -> Vec<(String, String, u64, u64, u64)> {
    let days = store.read(|tx| tx.usage(at("2026-12-01T00:00:00Z"), at("2026-12-31T00:00:00Z"))).unwrap();
    let told = days.into_iter().map(|one| {
        let day = one.day.to_string();
        (day[8..10].to_owned(), one.user_type.to_string(), one.assigned, one.licensed, one.over_seconds)
    });
    told.collect()
}

fn of(store: &Store, user_type: &str) -> Vec<(String, u64, u64, u64)> {
    let all = history(store).into_iter().filter(|(_, of, ..)| of == user_type);
    all.map(|(day, _, assigned, licensed, over)| (day, assigned, licensed, over)).collect()
}

fn day(day: &str, assigned: u64, licensed: u64, over: u64) -> (String, u64, u64, u64) {
    (day.to_owned(), assigned, licensed, over)
}

#[test]
fn a_portal_that_was_just_activated_has_one_day_of_each_type_that_is_licensed() {
    let (_portal, store) = Portal::activated();
    assert_eq!(of(&store, "viewer"), [day("15", 0, 25, 0)]);
    assert_eq!(of(&store, "creator"), [day("15", 1, 5, 0)]);
    assert_eq!(history(&store).len(), 2);
}

#[test]
fn each_day_tells_the_most_that_were_assigned_also_those_on_which_nobody_wrote() {
    let (portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    portal.pass(2 * DAY);
    delete(&store, &ann.id).unwrap();
    portal.pass(2 * DAY);
    let viewers = [("15", 2), ("16", 2), ("17", 2), ("18", 1), ("19", 1)].map(|(on, most)| day(on, most, 25, 0));
    assert_eq!(of(&store, "viewer"), viewers);
    // The same when the rows are written, and after another start.
    write(&store, |tx| tx.keep_usage()).unwrap();
    assert_eq!(of(&store, "viewer"), viewers);
    drop(store);
    assert_eq!(of(&open(&portal), "viewer"), viewers);
}

#[test]
fn a_seat_that_is_lent_one_over_counts_to_the_second() {
    let (portal, store) = Portal::with_seats(1, 5);
    let ann = register(&store, "ann", "viewer").unwrap();
    let bob = register(&store, "bob", "creator").unwrap();
    change(&store, &[(&bob.id, "viewer")], &[("viewer", 2)]).unwrap();
    portal.pass(360);
    change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    portal.pass(DAY);
    assert_eq!(of(&store, "viewer"), [day("15", 2, 1, 360), day("16", 1, 1, 0)]);
}

#[test]
fn an_exchange_within_one_change_is_no_moment_at_which_anybody_was_over() {
    let (portal, store) = Portal::with_seats(1, 2);
    let ann = register(&store, "ann", "viewer").unwrap();
    let bob = register(&store, "bob", "creator").unwrap();
    portal.pass(60);
    change(&store, &[(&bob.id, "viewer"), (&ann.id, "creator")], &[]).unwrap();
    assert_eq!(of(&store, "viewer"), [day("15", 1, 1, 0)]);
    assert_eq!(of(&store, "creator"), [day("15", 2, 2, 0)]);
}

#[test]
fn a_change_that_is_refused_or_only_rehearsed_leaves_no_trace() {
    let (_portal, store) = Portal::with_seats(1, 5);
    register(&store, "ann", "viewer").unwrap();
    let before = history(&store);
    register(&store, "bob", "viewer").unwrap_err();
    let tried = store.rehearse_now(|tx| crate::harness::registration(tx, "cleo", "creator"));
    assert!(tried.is_ok());
    assert_eq!(history(&store), before);
}

#[test]
fn the_end_of_a_term_counts_from_its_second_although_nobody_writes_then() {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    let ends = license(|draft| {
        draft.sequence = 2;
        draft.exp = Some(at("2026-12-16T18:00:00Z"));
        draft.user_types = vec![line("viewer", 3), line("creator", 5)];
    });
    import(&store, only(ends), None).unwrap();
    portal.pass(2 * DAY);
    let expected = [day("15", 1, 3, 0), day("16", 1, 0, 21_600), day("17", 1, 0, 43_200)];
    assert_eq!(of(&store, "viewer"), expected);
    // A renewal changes nothing of what was.
    import(&store, only(seats(3, 9, 9)), None).unwrap();
    assert_eq!(of(&store, "viewer"), expected);
    portal.pass(DAY);
    assert_eq!(of(&store, "viewer").last(), Some(&day("18", 1, 9, 0)));
}

#[test]
fn a_file_that_waits_counts_from_its_day_and_not_from_the_write_that_finds_it_there() {
    let (portal, store) = Portal::activated();
    register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    let later = license(|draft| {
        draft.sequence = 2;
        draft.nbf = at("2026-12-17T00:00:00Z");
        draft.user_types = vec![line("viewer", 1), line("creator", 5)];
    });
    import(&store, only(later), Some(2)).unwrap();
    portal.pass(3 * DAY);
    write(&store, |tx| tx.keep_usage()).unwrap();
    let expected = [day("15", 2, 25, 0), day("16", 2, 25, 0), day("17", 2, 1, 86_400), day("18", 2, 1, 43_200)];
    assert_eq!(of(&store, "viewer"), expected);
}

#[test]
fn a_revocation_counts_from_when_it_came_in() {
    let (portal, store) = Portal::activated();
    portal.pass(3_600);
    let list = trust(|draft| {
        draft.version = 2;
        draft.revoked_licenses = ["SW-2026-000001".parse().unwrap()].into();
    });
    import_trust(&store, list, Some(0)).unwrap();
    portal.pass(1_800);
    assert_eq!(of(&store, "creator"), [day("15", 1, 0, 1_800)]);
}
