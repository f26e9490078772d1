//! More assigned than licensed: by a smaller file, by a term that ended. Since when, to the second, and what it keeps
//! everybody from.

use entitlement::{AddOnLine, Moment};
use errors::Code;
use rules::change_set::Act;
use serde_json::json;
use store::{Member, Store};

use crate::harness::{DAY, Portal, START, act, assert_recounted, at, code, import, only, open, register, trust};
use crate::products::{
    BASIC, INSIGHTS, PRO, add_on, assign, check_out, licensed, renew, start, tally, unassign, with_add_ons,
};

const HOUR: i64 = 3_600;

fn after(seconds: i64) -> Moment {
    at(START).plus_seconds(seconds)
}

/// A line in term between so many seconds after the start.
fn term(id: &str, count: u32, from: Option<i64>, until: Option<i64>) -> AddOnLine {
    AddOnLine { from: from.map(after), until: until.map(after), trial: Some(true), ..add_on(id, count) }
}

fn house(lines: &[AddOnLine], names: &[&str]) -> (Portal, Store, Vec<Member>) {
    let (portal, store) = licensed(lines);
    let people = names.iter().map(|name| register(&store, name, "creator").unwrap()).collect();
    (portal, store, people)
}

fn blocked_since(store: &Store) -> Option<Moment> {
    store.read(|tx| tx.blocked_since()).unwrap()
}

#[test]
fn a_smaller_file_leaves_fewer_than_none_since_its_import() {
    let (portal, store, people) = house(&[add_on(BASIC, 3)], &["ann", "bob", "cat"]);
    for one in &people {
        assign(&store, &one.id, &[BASIC]).unwrap();
    }
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((3, 3, None), None));
    portal.pass(100);
    import(&store, only(with_add_ons(3, &[add_on(BASIC, 1)])), None).unwrap();
    let since = Some(after(100));
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((1, 3, since), since));
    portal.pass(100);
    import(&store, only(with_add_ons(4, &[])), None).unwrap();
    assert_eq!(tally(&store, BASIC), (0, 3, since));
    import(&store, only(with_add_ons(5, &[add_on(BASIC, 1)])), None).unwrap();
    let dan = register(&store, "dan", "creator").unwrap();
    assert_eq!(code(assign(&store, &dan.id, &[BASIC])), Code::AddOnLimitReached);
    portal.pass(100);
    unassign(&store, &people[0].id, &[BASIC]).unwrap();
    let other = open(&portal);
    assert_eq!((tally(&other, BASIC), blocked_since(&other)), ((1, 2, since), since));
    act(&store, &people[1].id, Act::Archive).unwrap();
    assert_eq!((tally(&other, BASIC), blocked_since(&other)), ((1, 1, None), None));
    assert_recounted(&store);
}

#[test]
fn a_larger_file_ends_the_block_and_the_next_smaller_one_begins_another() {
    let (portal, store, people) = house(&[add_on(BASIC, 2)], &["ann", "bob"]);
    for one in &people {
        assign(&store, &one.id, &[BASIC]).unwrap();
    }
    for (sequence, count, since) in [(3, 1, Some(10)), (4, 2, None), (5, 1, Some(30)), (6, 0, Some(30))] {
        portal.pass(10);
        import(&store, only(with_add_ons(sequence, &[add_on(BASIC, count)])), None).unwrap();
        assert_eq!(tally(&store, BASIC), (u64::from(count), 2, since.map(after)), "file {sequence}");
        assert_eq!(blocked_since(&store), since.map(after), "file {sequence}");
    }
}

#[test]
fn the_holders_of_an_ended_trial_make_it_negative_from_its_last_instant_on() {
    let lines = [add_on(BASIC, 1), term(BASIC, 2, None, Some(DAY)), add_on(INSIGHTS, 1)];
    let (portal, store, people) = house(&lines, &["ann", "bob", "cat"]);
    for one in &people {
        assign(&store, &one.id, &[BASIC]).unwrap();
    }
    assign(&store, &people[0].id, &[INSIGHTS]).unwrap();
    portal.pass(DAY - 1);
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((3, 3, None), None));
    portal.pass(1);
    let since = Some(after(DAY));
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((1, 3, since), since));
    portal.pass(DAY);
    let other = open(&portal);
    assert_eq!((tally(&other, BASIC), blocked_since(&other)), ((1, 3, since), since));
    // Nobody noted it when the trial ended: the next write, of this or of anything else, keeps the date.
    unassign(&store, &people[0].id, &[INSIGHTS]).unwrap();
    assert_eq!(tally(&store, BASIC), (1, 3, since));
    unassign(&store, &people[0].id, &[BASIC]).unwrap();
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((1, 2, since), since));
    import(&store, only(with_add_ons(3, &[add_on(BASIC, 1)])), None).unwrap();
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((1, 2, since), since));
    unassign(&store, &people[1].id, &[BASIC]).unwrap();
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((1, 1, None), None));
    assert_recounted(&store);
}

#[test]
fn terms_that_follow_each_other_block_in_the_gap_and_nobody_has_to_write_for_it() {
    let lines = [term(INSIGHTS, 1, None, Some(HOUR)), term(INSIGHTS, 1, Some(2 * HOUR), Some(3 * HOUR))];
    let (portal, store, people) = house(&lines, &["ann"]);
    assign(&store, &people[0].id, &[INSIGHTS]).unwrap();
    for (licensed, since) in [(0, Some(HOUR)), (1, None), (0, Some(3 * HOUR)), (0, Some(3 * HOUR))] {
        portal.pass(HOUR);
        assert_eq!(tally(&store, INSIGHTS), (licensed, 1, since.map(after)));
        assert_eq!(blocked_since(&store), since.map(after));
    }
}

#[test]
fn the_block_is_as_old_as_the_oldest_shortfall() {
    let lines = [term(BASIC, 1, None, Some(200)), term(INSIGHTS, 1, None, Some(100))];
    let (portal, store, people) = house(&lines, &["ann"]);
    let ann = &people[0].id;
    assign(&store, ann, &[BASIC, INSIGHTS]).unwrap();
    portal.pass(300);
    assert_eq!((tally(&store, BASIC).2, tally(&store, INSIGHTS).2), (Some(after(200)), Some(after(100))));
    assert_eq!(blocked_since(&store), Some(after(100)));
    unassign(&store, ann, &[INSIGHTS]).unwrap();
    assert_eq!(blocked_since(&store), Some(after(200)));
}

#[test]
fn a_file_that_the_vendor_revokes_licenses_nothing_from_then_on() {
    let (portal, store, people) = house(&[add_on(BASIC, 1)], &["ann"]);
    assign(&store, &people[0].id, &[BASIC]).unwrap();
    portal.pass(50);
    let list = trust(|draft| {
        draft.version = 2;
        draft.revoked_licenses = ["SW-2026-000001".parse().unwrap()].into();
    });
    let locked_out = crate::harness::code(crate::harness::import_trust(&store, list.clone(), None));
    assert_eq!(locked_out, errors::Code::ConfirmationMismatch);
    crate::harness::import_trust(&store, list, Some(1)).unwrap();
    portal.pass(50);
    assert_eq!((tally(&store, BASIC), blocked_since(&store)), ((0, 1, Some(after(50))), Some(after(50))));
}

#[test]
fn while_anything_is_short_nobody_starts_or_takes_offline_and_what_runs_may_go_on_for_an_hour() {
    let (portal, store, people) = house(&[add_on(BASIC, 1), add_on(INSIGHTS, 1)], &["ann"]);
    let (ann, gil) = (&people[0].id, register(&store, "gil", "gis-pro-basic").unwrap().id);
    assign(&store, ann, &[BASIC, INSIGHTS]).unwrap();
    let runs = start(&store, &gil, PRO, "desk").unwrap();
    portal.pass(60);
    import(&store, only(with_add_ons(3, &[add_on(BASIC, 1)])), None).unwrap();
    let refused = start(&store, &gil, PRO, "laptop").unwrap_err();
    assert_eq!((refused.code, &refused.facts["add_ons"]), (Code::ProductOverAssigned, &json!([INSIGHTS])));
    assert_eq!(code(start(&store, ann, PRO, "desk")), Code::ProductOverAssigned);
    assert_eq!(code(check_out(&store, &gil, PRO, "tablet")), Code::ProductOverAssigned);
    for minutes in [20, 20, 19] {
        portal.pass(minutes * 60);
        renew(&store, &runs.id).unwrap();
    }
    portal.pass(60);
    let ended = renew(&store, &runs.id).unwrap_err();
    assert_eq!((ended.code, &ended.facts["cause"]), (Code::SessionEnded, &json!("license-lost")));
    assert_eq!(ended.facts["ended_at"], json!(after(60).to_string()));
    unassign(&store, ann, &[INSIGHTS]).unwrap();
    assert_eq!(renew(&store, &runs.id), Ok(after(60 + 60 * 60).plus_seconds(30 * 60)));
    start(&store, &gil, PRO, "laptop").unwrap();
}
