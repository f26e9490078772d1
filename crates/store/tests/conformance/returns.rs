//! Taking changes back, by hand and at the time that was planned.

use errors::Code;
use rules::change_set::{Act, ChangeSet, Operation};
use rules::{Actor, MemberState};
use serde_json::json;
use store::{Member, PlannedReturn, ReturnState, Store};

use crate::deeds::{cancel, dismiss, give_role, lend, make_role, return_state, revert, run_return, run_returns};
use crate::harness::{
    DAY, Portal, START, act, apply, assert_recounted, at, audit_count, change, changing, code, delete, held, import,
    member, moves, only, open, register, role, seats, user_type, write,
};

/// Two Viewers of two; two Creators of four: the administrator and Dan.
fn house() -> (Portal, Store, Member, Member) {
    let (portal, store) = Portal::with_seats(2, 4);
    let ann = register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    let dan = register(&store, "dan", "creator").unwrap();
    (portal, store, ann, dan)
}

fn tomorrow() -> entitlement::Moment {
    at(START).plus_seconds(DAY)
}

fn open_returns(store: &Store) -> Vec<ReturnState> {
    let found = store.read(|tx| tx.open_returns(9)).unwrap();
    found.into_iter().map(|one| one.planned_return.unwrap().state).collect()
}

#[test]
fn a_planned_return_keeps_the_seat_and_takes_it_on_its_day() {
    let (portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 1, 1), (4, 3, 0)));
    assert_eq!(code(register(&store, "eve", "viewer")), Code::SeatLimitReached);
    let kept = store.read(|tx| tx.change(&lent)).unwrap().unwrap();
    let planned = PlannedReturn { at: tomorrow(), state: ReturnState::Planned, problem: None };
    assert_eq!(kept.planned_return, Some(planned));
    assert_eq!(kept.plan.pointer("/reserves"), Some(&json!({ "viewer": 1 })));
    assert_eq!(open_returns(&store), [ReturnState::Planned]);
    portal.pass(DAY - 1);
    assert_eq!(run_returns(&store), []);
    portal.pass(1);
    assert_eq!(run_returns(&store), [ReturnState::Done]);
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 2, 0), (4, 2, 0)));
    assert_eq!((return_state(&store, &lent), run_returns(&store)), ((ReturnState::Done, None), vec![]));
    let back = store.read(|tx| tx.changes(None, 1)).unwrap().remove(0);
    assert_eq!((back.actor_name.as_str(), back.reverts.as_deref()), ("schedule", Some(lent.as_str())));
    assert_eq!(member(&store, &ann.id).unwrap().user_type, user_type("viewer"));
    assert_recounted(&store);
}

#[test]
fn an_exchange_with_a_return_keeps_no_seat_and_goes_back_at_the_limit() {
    let (portal, store, ann, dan) = house();
    let set = moves(&[(&ann.id, "creator"), (&dan.id, "viewer")], &[]);
    let lent = apply(&store, ChangeSet { revert_at: Some(tomorrow()), ..set }).unwrap();
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 2, 0), (4, 2, 0)));
    portal.pass(DAY);
    assert_eq!((run_returns(&store), return_state(&store, &lent).0), (vec![ReturnState::Done], ReturnState::Done));
    assert_eq!(member(&store, &ann.id).unwrap().user_type, user_type("viewer"));
    assert_eq!(member(&store, &dan.id).unwrap().user_type, user_type("creator"));
    assert_recounted(&store);
}

#[test]
fn a_cancelled_return_gives_its_seat_back_once() {
    let (portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    cancel(&store, &lent).unwrap();
    assert_eq!((held(&store, "viewer"), return_state(&store, &lent).0), ((2, 1, 0), ReturnState::Cancelled));
    assert_eq!(code(cancel(&store, &lent)), Code::NothingPlanned);
    portal.pass(DAY);
    assert_eq!((run_returns(&store), open_returns(&store)), (vec![], vec![]));
    register(&store, "eve", "viewer").unwrap();
    assert_recounted(&store);
}

#[test]
fn a_return_of_somebody_who_has_moved_since_is_stale_until_it_is_dismissed() {
    let (portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    act(&store, &ann.id, Act::Disable).unwrap();
    let why = Some("Changed since by somebody else: ann.".to_owned());
    assert_eq!((return_state(&store, &lent), held(&store, "viewer")), ((ReturnState::Stale, why), (2, 1, 0)));
    portal.pass(DAY);
    assert_eq!((open_returns(&store), run_returns(&store)), (vec![ReturnState::Stale], vec![]));
    dismiss(&store, &lent).unwrap();
    assert_eq!((return_state(&store, &lent), open_returns(&store)), ((ReturnState::Cancelled, None), vec![]));
    assert_eq!(code(dismiss(&store, &lent)), Code::NothingPlanned);
    assert_recounted(&store);
}

#[test]
fn only_a_stale_return_is_dismissed_and_one_that_waits_keeps_its_seat() {
    let (_portal, store, ann, dan) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    let other = change(&store, &[(&dan.id, "creator")], &[]).unwrap();
    let version = audit_count(&store);
    for id in [&lent, &other] {
        assert_eq!(code(dismiss(&store, id)), Code::NothingPlanned);
    }
    assert_eq!((return_state(&store, &lent).0, audit_count(&store)), (ReturnState::Planned, version));
    assert_eq!(store.read(|tx| tx.change(&other)).unwrap().unwrap().planned_return, None);
    assert_recounted(&store);
}

#[test]
fn a_return_without_a_seat_stays_due_is_told_once_for_each_reason_and_happens_when_there_is_one() {
    let (portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    import(&store, only(seats(2, 1, 4)), None).unwrap();
    portal.pass(DAY);
    let version = audit_count(&store);
    for _ in 0..3 {
        assert_eq!(run_returns(&store), [ReturnState::Due]);
        portal.pass(60);
    }
    let (state, problem) = return_state(&store, &lent);
    assert_eq!((state, problem.is_some(), audit_count(&store)), (ReturnState::Due, true, version + 1));
    import(&store, only(seats(3, 0, 4)), Some(1)).unwrap();
    assert_eq!(run_returns(&store), [ReturnState::Due]);
    assert_ne!(return_state(&store, &lent).1, problem);
    assert_eq!((audit_count(&store), open_returns(&store)), (version + 3, vec![ReturnState::Due]));
    assert_eq!(held(&store, "viewer"), (0, 1, 1));
    import(&store, only(seats(4, 2, 4)), None).unwrap();
    assert_eq!(run_returns(&store), [ReturnState::Done]);
    assert_eq!((return_state(&store, &lent), held(&store, "viewer")), ((ReturnState::Done, None), (2, 2, 0)));
    assert_recounted(&store);
}

#[test]
fn a_return_that_has_ended_is_not_put_off_and_so_never_due_again() {
    let (portal, store, ann, dan) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    let other = change(&store, &[(&dan.id, "creator")], &[]).unwrap();
    cancel(&store, &lent).unwrap();
    for id in [&lent, &other] {
        let id = id.clone();
        let late = write(&store, move |tx| tx.put_off_return(&Actor::schedule(), &id, "no seat"));
        assert_eq!(code(late), Code::NothingPlanned);
    }
    portal.pass(DAY);
    assert_eq!((return_state(&store, &lent).0, run_returns(&store)), (ReturnState::Cancelled, vec![]));
    assert_eq!(store.read(|tx| tx.change(&other)).unwrap().unwrap().planned_return, None);
}

#[test]
fn a_change_that_was_read_before_its_return_ended_gives_no_seat_back_again() {
    let (_portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    let old = store.read(|tx| tx.change(&lent)).unwrap().unwrap();
    cancel(&store, &lent).unwrap();
    crate::deeds::invite(&store, "eve", "viewer").unwrap();
    let again = write(&store, move |tx| {
        let (past, _) = tx.past_change(&old)?;
        let permit = rules::change_set::cancel(&tx.facts()?, &Actor::console(), &past)?;
        tx.cancel_return(permit, &Actor::console(), None)
    });
    assert_eq!(code(again), Code::NothingPlanned);
    assert_eq!(held(&store, "viewer"), (2, 1, 1));
    assert_recounted(&store);
}

#[test]
fn a_change_is_taken_back_by_hand_before_its_day() {
    let (portal, store, ann, _) = house();
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    let back = revert(&store, &lent).unwrap();
    assert_eq!((return_state(&store, &lent).0, held(&store, "viewer")), (ReturnState::Done, (2, 2, 0)));
    let read = store.read(|tx| tx.change(&lent)).unwrap().unwrap();
    assert_eq!(read.reverted_by.as_deref(), Some(back.as_str()));
    assert_eq!(code(revert(&store, &lent)), Code::Stale);
    portal.pass(DAY);
    assert_eq!(run_returns(&store), []);
    // What was taken back can be taken back in its turn.
    revert(&store, &back).unwrap();
    assert_eq!((member(&store, &ann.id).unwrap().user_type, held(&store, "viewer")), (user_type("creator"), (2, 1, 0)));
    assert_recounted(&store);
}

#[test]
fn in_one_second_the_last_change_of_a_member_is_the_one_that_can_be_taken_back() {
    let (_portal, store, ann, dan) = house();
    let first = change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    let second = act(&store, &ann.id, Act::Disable).unwrap();
    let other = act(&store, &dan.id, Act::Disable).unwrap();
    let at = |id| store.read(|tx| tx.change(id)).unwrap().unwrap().at;
    assert_eq!((at(&first), at(&second)), (at(&other), at(&other)));
    assert_eq!(code(revert(&store, &first)), Code::Stale);
    let undone = revert(&store, &second).unwrap();
    // As it was, but by another change than the first: that one stays what it is, history.
    assert_eq!(member(&store, &ann.id).unwrap().state, MemberState::Enabled);
    assert_eq!(code(revert(&store, &first)), Code::Stale);
    revert(&store, &other).unwrap();
    assert_eq!(member(&store, &ann.id).unwrap().former.unwrap().change, undone);
    assert_recounted(&store);
}

#[test]
fn a_member_who_was_moved_away_and_back_since_is_not_as_the_change_left_him() {
    let (_portal, store, ann, _) = house();
    let first = change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    change(&store, &[(&ann.id, "viewer")], &[]).unwrap();
    change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    assert_eq!(code(revert(&store, &first)), Code::Stale);
}

#[test]
fn two_decisions_in_one_transaction_take_back_the_change_that_they_made() {
    let (_portal, store, ann, _) = house();
    let id = ann.id.clone();
    let outcome = write(&store, move |tx| {
        let moved = changing(tx, &moves(&[(&id, "creator")], &[]))?;
        crate::deeds::reverting(tx, &moved, &Actor::console())
    });
    outcome.unwrap();
    assert_eq!((member(&store, &ann.id).unwrap().user_type, held(&store, "viewer")), (user_type("viewer"), (2, 2, 0)));
    assert_recounted(&store);
}

#[test]
fn an_archiving_is_taken_back_to_the_state_that_was_before() {
    let (_portal, store, ann, dan) = house();
    act(&store, &dan.id, Act::Disable).unwrap();
    let both = vec![Operation::act(ann.id.clone(), Act::Archive), Operation::act(dan.id.clone(), Act::Archive)];
    let gone = apply(&store, ChangeSet { operations: both, ..ChangeSet::default() }).unwrap();
    let row = member(&store, &ann.id).unwrap();
    assert_eq!((row.state, row.archived_at), (MemberState::Archived, Some(at(START))));
    assert_eq!((held(&store, "viewer"), held(&store, "creator")), ((2, 1, 0), (4, 1, 0)));
    assert_recounted(&store);
    revert(&store, &gone).unwrap();
    let [ann, dan] = [&ann, &dan].map(|one| member(&store, &one.id).unwrap());
    assert_eq!((ann.state, ann.archived_at), (MemberState::Enabled, None));
    assert_eq!((dan.state, dan.archived_at), (MemberState::Disabled, None));
    assert_eq!(crate::harness::count(&store, "creator"), (4, 2, 0));
    assert_recounted(&store);
}

#[test]
fn an_archiving_with_a_return_keeps_the_seat() {
    let (portal, store, ann, _) = house();
    let operations = vec![Operation::act(ann.id.clone(), Act::Archive)];
    let away = apply(&store, ChangeSet { operations, revert_at: Some(tomorrow()), ..ChangeSet::default() }).unwrap();
    assert_eq!(held(&store, "viewer"), (2, 1, 1));
    portal.pass(DAY);
    assert_eq!((run_return(&store, &away), held(&store, "viewer")), (Ok(ReturnState::Done), (2, 2, 0)));
    assert_recounted(&store);
}

#[test]
fn what_was_deleted_does_not_return_and_a_deletion_is_not_planned_to() {
    let (portal, store, ann, dan) = house();
    let operations = vec![Operation::act(ann.id.clone(), Act::Delete)];
    let set = ChangeSet { operations, revert_at: Some(tomorrow()), ..ChangeSet::default() };
    assert_eq!(code(apply(&store, set)), Code::CannotRevert);
    let gone = act(&store, &ann.id, Act::Delete).unwrap();
    assert_eq!(code(revert(&store, &gone)), Code::CannotRevert);
    let lent = lend(&store, &dan.id, "viewer", tomorrow()).unwrap();
    assert_eq!(held(&store, "creator"), (4, 1, 1));
    delete(&store, &dan.id).unwrap();
    portal.pass(DAY);
    assert_eq!((run_returns(&store), return_state(&store, &lent).0), (vec![], ReturnState::Stale));
    assert_eq!(held(&store, "creator"), (4, 1, 0));
    assert_recounted(&store);
}

#[test]
fn a_change_that_moved_nobody_has_nothing_to_take_back() {
    let (_portal, store, ann, _) = house();
    let same = act(&store, &ann.id, Act::Enable).unwrap();
    assert_eq!((member(&store, &ann.id).unwrap(), code(revert(&store, &same))), (ann, Code::CannotRevert));
}

#[test]
fn a_return_to_a_role_of_the_organization_keeps_the_role_in_use() {
    let (portal, store, ann, _) = house();
    let crew = make_role(&store, "Field crew", &["members.view"]).unwrap();
    give_role(&store, &ann.id, &crew).unwrap();
    let set = moves(&[(&ann.id, "creator")], &[]);
    apply(&store, ChangeSet { revert_at: Some(tomorrow()), ..set }).unwrap();
    assert_eq!(member(&store, &ann.id).unwrap().role, role("viewer"));
    let refused = crate::deeds::delete_role(&store, &crew).unwrap_err();
    assert_eq!((refused.code, &refused.facts["uses"]), (Code::RoleInUse, &json!(["1 planned return"])));
    portal.pass(DAY);
    assert_eq!((run_returns(&store), member(&store, &ann.id).unwrap().role), (vec![ReturnState::Done], crew));
}

#[test]
fn planned_returns_are_there_for_another_handle_and_after_a_restart() {
    let (portal, store, ann, _) = house();
    let other = open(&portal);
    let lent = lend(&store, &ann.id, "creator", tomorrow()).unwrap();
    assert_eq!((held(&other, "viewer"), open_returns(&other)), ((2, 1, 1), vec![ReturnState::Planned]));
    drop((store, other));
    let store = open(&portal);
    portal.pass(DAY);
    assert_eq!((run_returns(&store), return_state(&store, &lent).0), (vec![ReturnState::Done], ReturnState::Done));
    assert_recounted(&store);
}
