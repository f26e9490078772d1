//! What is said of changes, returns, invitations and defaults that cannot be.

use entitlement::Moment;
use serde_json::{Value, json};

use super::{assert_told, misfit};
use crate::MemberState;
use crate::plan::Blocker;
use crate::refusal::Refusal;
use crate::sample::{member_id, user_type};

fn at(pointer: &str, message: &str) -> Value {
    json!({"errors": [{"pointer": pointer, "message": message}]})
}

fn wrong(name: &str, state: MemberState) -> Refusal {
    Refusal::WrongState { username: name.into(), state }
}

fn blocker(operation: usize, username: Option<&str>, refusal: Refusal) -> Blocker {
    let number = u128::try_from(operation).unwrap() + 1;
    Blocker { operation, member: member_id(number), username: username.map(Into::into), refusal }
}

#[test]
fn an_account_in_another_state_is_named_with_it() {
    let told = |state: &str| format!("The account of ana is {state}, which does not allow this.");
    let cases = MemberState::ALL.map(|state| (wrong("ana", state), told(state.as_str()), state.as_str()));
    for (refusal, sentence, state) in cases {
        let sentence: &'static str = Box::leak(sentence.into_boxed_str());
        assert_told(vec![(refusal, "wrong-state", sentence, json!({"username": "ana", "state": state}))]);
    }
    assert_told(vec![(
        Refusal::SetsWhatItTakes,
        "validation-failed",
        "An operation that archives or deletes a member sets no user type and no role.",
        at("/operations", "sets what it takes away"),
    )]);
}

#[test]
fn what_cannot_return_or_be_taken_back_says_why() {
    let past = Moment::parse("2026-12-15T12:00:00Z").unwrap();
    let names = |many: usize| (1..=many).map(|number| format!("m{number}")).collect::<Vec<_>>();
    assert_told(vec![
        (
            Refusal::ReturnNotAhead { at: past },
            "validation-failed",
            "A return can be planned for a later time only, and 2026-12-15T12:00:00Z is past.",
            at("/revert_at", "2026-12-15T12:00:00Z is not ahead"),
        ),
        (
            Refusal::CannotReturn { username: "ana".into() },
            "cannot-revert",
            "What this change does to ana cannot be taken back: no return gives back a deleted account or the Administrator \
             role.",
            json!({"username": "ana"}),
        ),
        (
            Refusal::ChangedSince { usernames: names(1) },
            "stale",
            "Changed since by somebody else: m1.",
            json!({"members": ["m1"]}),
        ),
        (
            Refusal::ChangedSince { usernames: names(5) },
            "stale",
            "Changed since by somebody else: m1, m2, m3, m4, m5.",
            json!({"members": names(5)}),
        ),
        (
            Refusal::ChangedSince { usernames: names(120) },
            "stale",
            "Changed since by somebody else: m1, m2, m3, m4, m5 and 115 more.",
            json!({"members": names(100)}),
        ),
        (
            Refusal::NothingToTakeBack,
            "cannot-revert",
            "The change moved nobody, or did something that no revert gives back.",
            json!({}),
        ),
        (
            Refusal::NothingPlanned,
            "nothing-planned",
            "The change has no planned return, or the return is over.",
            json!({}),
        ),
    ]);
}

#[test]
fn strangers_and_the_archived_are_told_no_more_than_they_need() {
    assert_told(vec![
        (
            Refusal::InvitationEnded,
            "invitation-ended",
            "The invitation was accepted, revoked, or has expired.",
            json!({}),
        ),
        (
            Refusal::AcceptBlocked,
            "creation-blocked-not-compliant",
            "The account could not be created because of a software authorization error. \
             Contact your portal administrator for assistance.",
            json!({}),
        ),
        (
            Refusal::MemberArchived,
            "member-archived",
            "This account has been archived by an administrator and holds no seat.",
            json!({}),
        ),
    ]);
}

#[test]
fn defaults_that_cannot_be_are_pointed_at() {
    assert_told(vec![
        (
            Refusal::NoUserType,
            "validation-failed",
            "Name a user type; there is no default user type for new members.",
            at("/user_type", "names no user type"),
        ),
        (
            Refusal::DefaultAdministrator,
            "validation-failed",
            "New members never get the Administrator role by default.",
            at("/role", "is the Administrator role"),
        ),
        (
            Refusal::DefaultNotLicensed { user_type: user_type("editor") },
            "validation-failed",
            "The installed file licenses no seat of editor, so new members could not be added.",
            at("/user_type", "`editor` is not licensed"),
        ),
    ]);
}

#[test]
fn each_operation_that_cannot_be_done_is_named_and_the_first_in_the_sentence() {
    let unknown = || blocker(0, None, Refusal::UnknownMember { member: member_id(1) });
    let archived = |operation| blocker(operation, Some("bo"), wrong("bo", MemberState::Archived));
    let missing = "There is no member mem_00000000000000000000000001.";
    let state = "The account of bo is archived, which does not allow this.";
    let first = json!({
        "operation": 0, "member": "mem_00000000000000000000000001", "username": null,
        "code": "not-found", "detail": missing,
    });
    let other = |operation: usize, member: &str| {
        json!({
            "operation": operation, "member": member, "username": "bo",
            "code": "wrong-state", "detail": state, "state": "archived",
        })
    };
    let error =
        |operation: usize, message: &str| json!({"pointer": format!("/operations/{operation}"), "message": message});
    assert_told(vec![
        (
            Refusal::Blocked { blockers: vec![archived(3)], operations: 9 },
            "wrong-state",
            "Operation 4 of 9, bo: The account of bo is archived, which does not allow this.",
            json!({
                "errors": [error(3, state)], "blocked": 1,
                "blockers": [other(3, "mem_00000000000000000000000004")],
            }),
        ),
        (
            Refusal::Blocked { blockers: vec![unknown(), archived(6)], operations: 9 },
            "not-found",
            "Operation 1 of 9, mem_00000000000000000000000001: There is no member mem_00000000000000000000000001. \
             1 more cannot be done either.",
            json!({
                "errors": [error(0, missing), error(6, state)], "blocked": 2,
                "blockers": [first, other(6, "mem_00000000000000000000000007")],
            }),
        ),
    ]);
}

#[test]
fn of_a_long_list_a_hundred_are_named_and_all_are_counted() {
    let blockers: Vec<_> =
        (0..316).map(|number| blocker(number, Some("bo"), wrong("bo", MemberState::Archived))).collect();
    let refusal = Refusal::Blocked { blockers, operations: 500 };
    assert!(refusal.sentence().ends_with(" 315 more cannot be done either."), "{}", refusal.sentence());
    let told = errors::Failure::from(refusal);
    let lengths = ["errors", "blockers"].map(|name| told.facts[name].as_array().unwrap().len());
    assert_eq!((lengths, &told.facts["blocked"]), ([100, 100], &json!(316)));
}

#[test]
fn the_facts_of_a_blocker_stand_beside_its_place_and_never_hide_it() {
    let fits_not = Refusal::RoleExceedsUserType { misfits: vec![misfit(Some(1), Some("viewer"))] };
    for (refusal, username) in [
        (Refusal::UnknownMember { member: member_id(1) }, None),
        (Refusal::MemberTwice { member: member_id(1) }, Some("ana")),
        (wrong("ana", MemberState::Archived), Some("ana")),
        (fits_not, Some("ana")),
        (Refusal::CannotReturn { username: "ana".into() }, Some("ana")),
    ] {
        let shown = serde_json::to_value(blocker(0, username, refusal.clone())).unwrap();
        let place =
            json!([0, "mem_00000000000000000000000001", username, refusal.code().row().name, refusal.sentence()]);
        let told = ["operation", "member", "username", "code", "detail"].map(|name| shown[name].clone());
        assert_eq!(json!(told), place, "{refusal:?}");
    }
}

#[test]
fn a_change_of_one_operation_is_refused_in_its_own_words_and_of_none_as_nothing_to_do() {
    let one = || blocker(0, Some("ana"), wrong("ana", MemberState::Archived));
    assert_eq!(Refusal::blocked(vec![one()], 1), wrong("ana", MemberState::Archived));
    assert_eq!(Refusal::blocked(vec![one()], 2), Refusal::Blocked { blockers: vec![one()], operations: 2 });
    let unordered = Refusal::blocked(vec![blocker(2, None, Refusal::NothingPlanned), one()], 3);
    let Refusal::Blocked { blockers, .. } = unordered else { panic!("two are blocked") };
    assert_eq!(blockers.iter().map(|one| one.operation).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(Refusal::blocked(vec![], 3), Refusal::NothingToDo);
}
