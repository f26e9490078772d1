//! What is done with accounts: from every state, by whom, and what that does to the counts.

use std::collections::BTreeSet;

use super::{change, decide_as, effect, outcome, seat, to};
use crate::MemberState::{Archived, Disabled, Enabled};
use crate::change_set::{Act, ChangeSet, Operation};
use crate::permit::{AddOnMoves, ChangeGrant, Delta, Move, Seat};
use crate::sample::{
    Organization, actor_in, actor_with, archived, disabled, in_state, member, member_id, role, seats, user_type,
};
use crate::{Actor, MemberState, Refusal};

fn done(number: u128, act: Act) -> ChangeSet {
    change(vec![Operation::act(member_id(number), act)])
}

fn delta(assigned: i64, lockable: i64) -> Delta {
    Delta { assigned, lockable }
}

/// One act on one Viewer, with a seat to spare.
fn of_a_viewer(state: MemberState, act: Act) -> Result<ChangeGrant, Refusal> {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 26).facts(&tx);
    outcome(&facts, &[in_state(&tx, &member(&tx, 1, "viewer", "viewer"), state)], &done(1, act))
}

/// Where the act leads from the state, and what that does to the counts; nothing where it moves nobody.
type Led = Option<(Option<MemberState>, (i64, i64))>;

fn moved(number: u128, from: Seat, to: Option<Seat>) -> Move {
    let (add_ons, ends_sessions_of, releases) = (AddOnMoves::default(), BTreeSet::new(), BTreeSet::new());
    Move { member: member_id(number), from, to, add_ons, ends_sessions_of, releases }
}

#[test]
fn every_act_from_every_state_leads_where_it_says_or_is_refused() {
    let wrong = Err(Refusal::WrongState { username: "member-1".into(), state: Archived });
    let cases: [(MemberState, Act, Result<Led, Refusal>); 21] = [
        (Enabled, Act::Enable, Ok(None)),
        (Enabled, Act::Disable, Ok(Some((Some(Disabled), (0, -1))))),
        (Enabled, Act::Archive, Ok(Some((Some(Archived), (-1, -1))))),
        (Enabled, Act::ArchiveAgain, Ok(Some((Some(Archived), (-1, -1))))),
        (Enabled, Act::Restore, Ok(None)),
        (Enabled, Act::RestoreDisabled, Ok(None)),
        (Enabled, Act::Delete, Ok(Some((None, (-1, -1))))),
        (Disabled, Act::Enable, Ok(Some((Some(Enabled), (0, 1))))),
        (Disabled, Act::Disable, Ok(None)),
        (Disabled, Act::Archive, Ok(Some((Some(Archived), (-1, 0))))),
        (Disabled, Act::ArchiveAgain, Ok(Some((Some(Archived), (-1, 0))))),
        (Disabled, Act::Restore, Ok(None)),
        (Disabled, Act::RestoreDisabled, Ok(None)),
        (Disabled, Act::Delete, Ok(Some((None, (-1, 0))))),
        (Archived, Act::Enable, wrong.clone()),
        (Archived, Act::Disable, wrong),
        (Archived, Act::Archive, Ok(None)),
        (Archived, Act::ArchiveAgain, Ok(None)),
        (Archived, Act::Restore, Ok(Some((Some(Enabled), (1, 1))))),
        (Archived, Act::RestoreDisabled, Ok(Some((Some(Disabled), (1, 0))))),
        (Archived, Act::Delete, Ok(Some((None, (0, 0))))),
    ];
    for (state, act, led) in cases {
        match (of_a_viewer(state, act), led) {
            (Err(refusal), led) => assert_eq!(Err(refusal), led, "{act:?} of {state:?}"),
            (Ok(grant), led) => {
                let (moves, counted) = expected(state, led.unwrap());
                let counts = grant.deltas.get(&user_type("viewer")).copied().unwrap_or_default();
                assert_eq!((grant.moves, counts), (moves, counted), "{act:?} of {state:?}");
                assert_eq!(grant.administrators, 0, "{act:?} of {state:?}");
            }
        }
    }
}

fn expected(state: MemberState, led: Led) -> (Vec<Move>, Delta) {
    let Some((after, (assigned, lockable))) = led else { return (vec![], Delta::default()) };
    let held = |state: MemberState| -> Seat { seat("viewer", "viewer", state) };
    let moved = moved(1, held(state), after.map(held));
    (vec![moved], delta(assigned, lockable))
}

#[test]
fn the_plan_shows_the_state_and_no_user_type_for_whom_is_left_without_a_seat() {
    for (act, user, state) in [
        (Act::Archive, None, Some(Archived)),
        (Act::Delete, None, None),
        (Act::Disable, Some("viewer"), Some(Disabled)),
    ] {
        let plan = of_a_viewer(Enabled, act).unwrap().plan;
        let shown = &plan.members[0];
        let wanted = (user.map(user_type), role("viewer"), state, Enabled);
        assert_eq!((shown.user_type.clone(), shown.role.clone(), shown.state, shown.former.state), wanted, "{act:?}");
        let left = if user.is_none() { 24 } else { 25 };
        assert_eq!(plan.types, [effect("viewer", [25, left, 26, 0])], "{act:?}");
    }
}

#[test]
fn who_is_archived_or_deleted_is_given_nothing_besides() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 9).facts(&tx);
    for state in MemberState::ALL {
        let whom = [in_state(&tx, &member(&tx, 1, "viewer", "viewer"), state)];
        for act in [Act::Archive, Act::Delete] {
            for (user, in_role) in [(Some("creator"), None), (None, Some("viewer")), (Some("viewer"), Some("viewer"))] {
                let set = Operation {
                    act: Some(act),
                    ..Operation::set(member_id(1), user.map(user_type), in_role.map(role))
                };
                let answer = outcome(&facts, &whom, &change(vec![set]));
                assert_eq!(answer, Err(Refusal::SetsWhatItTakes), "{act:?} of {state:?}, {user:?}, {in_role:?}");
            }
        }
    }
    let kept =
        outcome(&facts, &[archived(&tx, &member(&tx, 1, "viewer", "viewer"))], &change(vec![to(1, "creator", "user")]));
    assert_eq!(kept, Err(Refusal::WrongState { username: "member-1".into(), state: Archived }));
}

#[test]
fn a_restored_member_may_be_given_another_user_type_at_once() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 6).facts(&tx);
    let whom = [archived(&tx, &member(&tx, 1, "viewer", "viewer"))];
    let set = change(vec![Operation { act: Some(Act::Restore), ..to(1, "creator", "publisher") }]);
    let grant = outcome(&facts, &whom, &set).unwrap();
    assert_eq!(grant.moves[0].to, Some(seat("creator", "publisher", Enabled)));
    assert_eq!(grant.plan.types, [effect("creator", [5, 6, 6, 0])]);
    let inviter = actor_with(&["admin.members.invite"]);
    let missing = Err(Refusal::PrivilegeMissing { privilege: "members.view" });
    assert_eq!(decide_as(&facts, &inviter, &whom, &set), missing);
}

/// The act, the state that it is tried from, the privilege, and what it is called when it is reserved.
const RIGHTS: [(Act, MemberState, &str, &str); 7] = [
    (Act::Enable, Disabled, "admin.members.disable", "enable an administrator"),
    (Act::Disable, Enabled, "admin.members.disable", "disable an administrator"),
    (Act::Archive, Enabled, "admin.members.disable", "archive an administrator"),
    (Act::ArchiveAgain, Enabled, "admin.members.disable", "archive an administrator"),
    (Act::Restore, Archived, "admin.members.invite", "restore an administrator"),
    (Act::RestoreDisabled, Archived, "admin.members.invite", "restore an administrator"),
    (Act::Delete, Enabled, "admin.members.delete", "delete an administrator"),
];

#[test]
fn each_act_needs_its_one_privilege_and_on_an_administrator_the_default_role() {
    let tx = ();
    let mut organization = Organization::at_capacity().with_licensed("viewer", 26).with_licensed("creator", 6);
    organization.administrators = 2;
    let facts = organization.facts(&tx);
    let every: Vec<&str> = catalog::enforced::ENFORCED.to_vec();
    for (act, state, privilege, reserved) in RIGHTS {
        let viewer = [in_state(&tx, &member(&tx, 1, "viewer", "viewer"), state)];
        let administrator = [in_state(&tx, &member(&tx, 2, "creator", "administrator"), state)];
        let set = done(1, act);
        assert!(decide_as(&facts, &actor_with(&[privilege]), &viewer, &set).is_ok(), "{act:?}");
        let others: Vec<&str> = every.iter().copied().filter(|one| *one != privilege).collect();
        let missing = Err(Refusal::PrivilegeMissing { privilege });
        for lacking in [actor_with(&others), actor_in("facilitator")] {
            assert_eq!(decide_as(&facts, &lacking, &viewer, &set), missing, "{act:?} by {}", lacking.name());
        }
        let set = done(2, act);
        let refusal = Err(Refusal::ReservedToAdministrators { act: reserved });
        assert_eq!(decide_as(&facts, &actor_with(&every), &administrator, &set), refusal, "{act:?}");
        assert_eq!(decide_as(&facts, &actor_in("facilitator"), &administrator, &set), missing, "{act:?}");
        for full in [actor_in("administrator"), Actor::console(), Actor::schedule()] {
            assert!(decide_as(&facts, &full, &administrator, &set).is_ok(), "{act:?} by {}", full.name());
        }
    }
}

#[test]
fn an_archived_or_disabled_administrator_is_still_deleted_by_administrators_only() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let deleter = actor_with(&["admin.members.delete"]);
    let reserved = Err(Refusal::ReservedToAdministrators { act: "delete an administrator" });
    for state in MemberState::ALL {
        let whom = [in_state(&tx, &member(&tx, 2, "creator", "administrator"), state)];
        assert_eq!(decide_as(&facts, &deleter, &whom, &done(2, Act::Delete)), reserved, "{state:?}");
    }
}

#[test]
fn a_deletion_frees_the_seat_and_says_how_the_member_was_counted() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    organization.administrators = 2;
    let facts = organization.facts(&tx);
    for (user, in_role, state, counted, administrators) in [
        ("viewer", "viewer", Enabled, delta(-1, -1), 0),
        ("viewer", "viewer", Disabled, delta(-1, 0), 0),
        ("creator", "administrator", Enabled, delta(-1, 0), -1),
        ("creator", "administrator", Disabled, delta(-1, 0), 0),
    ] {
        let whom = [in_state(&tx, &member(&tx, 1, user, in_role), state)];
        let grant = outcome(&facts, &whom, &done(1, Act::Delete)).unwrap();
        let from = seat(user, in_role, state);
        assert_eq!(grant.moves, [moved(1, from, None)], "{in_role} {state:?}");
        assert_eq!((grant.deltas[&user_type(user)], grant.administrators), (counted, administrators), "{in_role}");
    }
}

#[test]
fn the_last_enabled_administrator_stays_and_a_disabled_one_may_go() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let last = member(&tx, 2, "creator", "administrator");
    for act in [Act::Delete, Act::Disable, Act::Archive] {
        for actor in [Actor::console(), actor_in("administrator")] {
            let whom = [member(&tx, 2, "creator", "administrator")];
            assert_eq!(decide_as(&facts, &actor, &whom, &done(2, act)), Err(Refusal::LastAdministrator), "{act:?}");
        }
        assert!(outcome(&facts, &[disabled(&tx, &last)], &done(2, act)).is_ok(), "{act:?}");
        assert!(outcome(&facts, &[archived(&tx, &last)], &done(2, Act::Delete)).is_ok());
        assert!(outcome(&facts, &[member(&tx, 3, "creator", "publisher")], &done(3, act)).is_ok(), "{act:?}");
    }
    let relief = [last, disabled(&tx, &member(&tx, 3, "creator", "administrator"))];
    let set = change(vec![Operation::act(member_id(2), Act::Disable), Operation::act(member_id(3), Act::Enable)]);
    let grant = outcome(&facts, &relief, &set).unwrap();
    assert_eq!((grant.administrators, grant.deltas[&user_type("creator")]), (0, Delta::default()));
}

#[test]
fn letting_go_works_whatever_is_over() {
    let tx = ();
    let facts =
        Organization::at_capacity().with_licensed("viewer", 0).with_seats("abolished", seats(2, 0, 2)).facts(&tx);
    for act in [Act::Delete, Act::Archive, Act::Disable] {
        for user in ["viewer", "abolished"] {
            assert!(outcome(&facts, &[member(&tx, 1, user, "viewer")], &done(1, act)).is_ok(), "{act:?} in {user}");
        }
    }
}

#[test]
fn who_has_a_role_that_the_catalog_lost_can_be_let_go_and_is_not_let_in() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 26).facts(&tx);
    let whom = member(&tx, 1, "viewer", "of-yesterday");
    for (state, act, counted) in [
        (Enabled, Act::Delete, delta(-1, -1)),
        (Enabled, Act::Archive, delta(-1, -1)),
        (Enabled, Act::Disable, delta(0, -1)),
        (Disabled, Act::Disable, delta(0, 0)),
    ] {
        let grant = outcome(&facts, &[in_state(&tx, &whom, state)], &done(1, act)).unwrap();
        assert_eq!(grant.deltas[&user_type("viewer")], counted, "{act:?} of {state:?}");
    }
    for (state, act) in [(Disabled, Act::Enable), (Archived, Act::Restore)] {
        let Err(Refusal::UnknownRole { asked, known }) = outcome(&facts, &[in_state(&tx, &whom, state)], &done(1, act))
        else {
            panic!("{act:?} in an unknown role")
        };
        assert_eq!((asked, known.len()), (role("of-yesterday"), 6));
    }
}

#[test]
fn who_has_a_role_above_the_user_type_can_be_let_go_and_is_not_let_in() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 26).facts(&tx);
    let whom = member(&tx, 1, "viewer", "publisher");
    for act in [Act::Delete, Act::Archive, Act::Disable] {
        assert!(outcome(&facts, &[in_state(&tx, &whom, Enabled)], &done(1, act)).is_ok(), "{act:?}");
    }
    for (state, act) in [(Disabled, Act::Enable), (Archived, Act::Restore)] {
        let answer = outcome(&facts, &[in_state(&tx, &whom, state)], &done(1, act));
        let Err(Refusal::RoleExceedsUserType { misfits }) = answer else { panic!("{act:?} of a misfit") };
        assert_eq!(misfits[0].proposed_role, Some(role("viewer")), "{act:?}");
    }
}

#[test]
fn the_acts_that_are_asked_for_have_names_of_their_own_and_the_inverse_ones_share_them() {
    assert_eq!(Act::ASKED.map(Act::as_str), ["enable", "disable", "archive", "restore", "delete"]);
    assert_eq!([Act::ArchiveAgain, Act::RestoreDisabled].map(Act::as_str), ["archive", "restore"]);
}
