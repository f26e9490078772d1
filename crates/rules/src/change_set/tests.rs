mod acts;
mod administrators;
mod partial;
mod restoring;
mod returns;

use std::collections::BTreeMap;

use super::{ChangeSet, Operation, decide, swap};
use crate::MemberState::Enabled;
use crate::permit::{ChangeGrant, Delta, Seat};
use crate::plan::{Blocker, TypeEffect};
use crate::refusal::{Misfit, Room};
use crate::sample::{Organization, actor_in, actor_with, disabled, member, member_id, role, seats, user_type};
use crate::{Actor, Facts, MemberFacts, MemberState, Refusal};

fn to(number: u128, user: &str, in_role: &str) -> Operation {
    Operation::set(member_id(number), Some(user_type(user)), Some(role(in_role)))
}

fn change(operations: Vec<Operation>) -> ChangeSet {
    ChangeSet { operations, ..ChangeSet::default() }
}

fn consenting(operations: Vec<Operation>, id: &str, number: u64) -> ChangeSet {
    ChangeSet { operations, allow_one_over: BTreeMap::from([(user_type(id), number)]), ..ChangeSet::default() }
}

fn outcome<'tx>(facts: &Facts<'tx>, members: &[MemberFacts<'tx>], set: &ChangeSet) -> Result<ChangeGrant, Refusal> {
    decide_as(facts, &Actor::console(), members, set)
}

fn decide_as<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    members: &[MemberFacts<'tx>],
    set: &ChangeSet,
) -> Result<ChangeGrant, Refusal> {
    decide(facts, actor, members, set).map(|permit| permit.grant().clone())
}

fn seat(user: &str, in_role: &str, state: MemberState) -> Seat {
    Seat { user_type: user_type(user), role: role(in_role), state }
}

fn blocker(operation: usize, number: u128, refusal: Refusal) -> Blocker {
    let username = Some(format!("member-{number}"));
    Blocker { operation, member: member_id(number), username, refusal }
}

fn effect(id: &str, counts: [u64; 4]) -> TypeEffect {
    let [before, after, licensed, locked_out] = counts;
    TypeEffect { id: user_type(id), before, after, licensed, locked_out }
}

#[test]
fn an_exchange_at_capacity_is_one_step_that_locks_nobody_out() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer"), member(&tx, 2, "creator", "publisher")];
    let grant =
        outcome(&facts, &members, &change(vec![to(1, "creator", "publisher"), to(2, "viewer", "viewer")])).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [25, 25, 25, 0]), effect("creator", [5, 5, 5, 0])]);
    assert_eq!(grant.moves.len(), 2);
    assert_eq!(grant.moves[0].from, seat("viewer", "viewer", Enabled));
    assert_eq!(grant.moves[0].to, Some(seat("creator", "publisher", Enabled)));
    assert_eq!(grant.deltas[&user_type("viewer")], Delta::default());
    assert_eq!(grant.administrators, 0);
    assert_eq!(grant.plan.members[1].former.role, role("publisher"));
}

#[test]
fn demoting_first_takes_viewer_one_over_with_the_consent_of_26_people() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let members = [member(&tx, 2, "creator", "publisher")];
    let operations = vec![to(2, "viewer", "viewer")];
    let needed = Refusal::OneOverNeedsConsent { locked_out: BTreeMap::from([(user_type("viewer"), 26)]) };
    assert_eq!(outcome(&facts, &members, &change(operations.clone())), Err(needed));
    let mismatch = Refusal::ConfirmationMismatch { expected: BTreeMap::from([(user_type("viewer"), 26)]) };
    for wrong in [25, 27, 0] {
        assert_eq!(outcome(&facts, &members, &consenting(operations.clone(), "viewer", wrong)), Err(mismatch.clone()));
    }
    let grant = outcome(&facts, &members, &consenting(operations, "viewer", 26)).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [25, 26, 25, 26]), effect("creator", [5, 4, 5, 0])]);
    assert_eq!(grant.deltas[&user_type("viewer")], Delta { assigned: 1, lockable: 1 });
    assert_eq!(grant.deltas[&user_type("creator")], Delta { assigned: -1, lockable: -1 });
}

#[test]
fn promoting_first_takes_creator_one_over_and_counts_no_administrator() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer")];
    let grant = outcome(&facts, &members, &consenting(vec![to(1, "creator", "publisher")], "creator", 5)).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [25, 24, 25, 0]), effect("creator", [5, 6, 5, 5])]);
}

#[test]
fn a_type_is_exceeded_by_one_and_never_by_two() {
    let tx = ();
    let members = [member(&tx, 1, "viewer", "viewer"), member(&tx, 2, "viewer", "viewer")];
    let two = vec![to(1, "creator", "publisher"), to(2, "creator", "publisher")];
    let facts = Organization::at_capacity().facts(&tx);
    let full = |assigned| Refusal::SeatLimitReached {
        user_type: user_type("creator"),
        licensed: 5,
        assigned,
        reserved: 0,
        types_with_room: vec![],
    };
    assert_eq!(outcome(&facts, &members, &consenting(two, "creator", 6)), Err(full(5)));
    let over = Organization::at_capacity().with_seats("creator", seats(6, 0, 5)).facts(&tx);
    let exhausted = Refusal::OneOverExhausted { user_type: user_type("creator"), assigned: 6, licensed: 5 };
    assert_eq!(
        outcome(&over, &members, &consenting(vec![to(1, "creator", "publisher")], "creator", 6)),
        Err(exhausted)
    );
    let room = Organization::at_capacity().with_seats("creator", seats(4, 0, 3)).facts(&tx);
    let one_over =
        outcome(&room, &members, &consenting(vec![to(1, "creator", "user"), to(2, "creator", "user")], "creator", 5));
    assert_eq!(one_over.unwrap().plan.types[1], effect("creator", [4, 6, 5, 5]));
}

#[test]
fn a_type_that_is_over_takes_one_in_for_one_out_and_lets_everybody_out() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("viewer", seats(28, 0, 28)).facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer"), member(&tx, 2, "creator", "user")];
    assert!(outcome(&facts, &members, &change(vec![to(1, "creator", "user"), to(2, "viewer", "viewer")])).is_ok());
    let room = Organization::at_capacity()
        .with_seats("viewer", seats(28, 0, 28))
        .with_seats("creator", seats(4, 0, 3))
        .facts(&tx);
    assert!(outcome(&room, &members, &change(vec![to(1, "creator", "user")])).is_ok());
}

#[test]
fn consent_for_a_type_that_does_not_go_over_is_a_mismatch() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 6).facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer")];
    let mismatch = Refusal::ConfirmationMismatch { expected: BTreeMap::new() };
    assert_eq!(outcome(&facts, &members, &consenting(vec![to(1, "creator", "user")], "creator", 5)), Err(mismatch));
}

#[test]
fn an_unlicensed_or_forbidden_one_over_is_exhausted_at_once() {
    let tx = ();
    let members = [member(&tx, 1, "viewer", "viewer")];
    let exhausted =
        |id: &str, assigned, licensed| Refusal::OneOverExhausted { user_type: user_type(id), assigned, licensed };
    let facts = Organization::at_capacity().facts(&tx);
    assert_eq!(outcome(&facts, &members, &change(vec![to(1, "editor", "viewer")])), Err(exhausted("editor", 0, 0)));
    let mut strict = Organization::at_capacity();
    strict.policy.one_over = 0;
    let facts = strict.facts(&tx);
    assert_eq!(outcome(&facts, &members, &change(vec![to(1, "creator", "user")])), Err(exhausted("creator", 5, 5)));
}

#[test]
fn reserved_seats_count_against_moves_in_and_leave_no_one_over() {
    let tx = ();
    let members = [member(&tx, 1, "viewer", "viewer")];
    let into = change(vec![to(1, "creator", "user")]);
    let held = Organization::at_capacity().with_seats("creator", seats(4, 1, 3)).with_licensed("editor", 2).facts(&tx);
    let refusal = Refusal::SeatLimitReached {
        user_type: user_type("creator"),
        licensed: 5,
        assigned: 4,
        reserved: 1,
        types_with_room: vec![Room { user_type: user_type("editor"), free: 2 }],
    };
    assert_eq!(outcome(&held, &members, &into), Err(refusal));
    let free = Organization::at_capacity().with_seats("creator", seats(3, 1, 2)).facts(&tx);
    assert!(outcome(&free, &members, &into).is_ok());
}

#[test]
fn a_role_must_fit_the_new_type_and_the_nearest_one_is_proposed() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("viewer", seats(24, 0, 24)).facts(&tx);
    let members = [member(&tx, 2, "creator", "publisher")];
    let keep = Operation::set(member_id(2), Some(user_type("viewer")), None);
    let Err(Refusal::RoleExceedsUserType { misfits }) = outcome(&facts, &members, &change(vec![keep])) else {
        panic!("the role was accepted")
    };
    let [Misfit { member, user_type: after, role: kept, privileges, proposed_role }] = misfits.as_slice() else {
        panic!("one member")
    };
    assert_eq!((member, after, kept), (&Some(member_id(2)), &user_type("viewer"), &role("publisher")));
    assert_eq!(proposed_role, &Some(role("viewer")));
    assert!(
        privileges.contains(&"content.publish_features".to_owned())
            && !privileges.contains(&"content.view_org".to_owned())
    );
}

#[test]
fn the_last_administrator_keeps_the_role_and_a_second_one_may_lose_it() {
    let tx = ();
    let members = [member(&tx, 3, "creator", "administrator"), member(&tx, 4, "creator", "administrator")];
    let demote = |number| Operation::set(member_id(number), None, Some(role("user")));
    let mut organization = Organization::at_capacity();
    assert_eq!(
        outcome(&organization.facts(&tx), &members[..1], &change(vec![demote(3)])),
        Err(Refusal::LastAdministrator)
    );
    organization.administrators = 2;
    let grant = outcome(&organization.facts(&tx), &members[..1], &change(vec![demote(3)])).unwrap();
    assert_eq!((grant.administrators, grant.deltas[&user_type("creator")]), (-1, Delta { assigned: 0, lockable: 1 }));
    assert_eq!(
        outcome(&organization.facts(&tx), &members, &change(vec![demote(3), demote(4)])),
        Err(Refusal::LastAdministrator)
    );
    let asleep = [disabled(&tx, &members[0])];
    organization.administrators = 1;
    assert_eq!(outcome(&organization.facts(&tx), &asleep, &change(vec![demote(3)])).unwrap().administrators, 0);
}

#[test]
fn an_administrator_takes_no_seat_that_is_not_there() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    organization.administrators = 2;
    let enter = [member(&tx, 3, "storyteller", "administrator")];
    let refused = Err(Refusal::AdministratorInOverType { user_type: user_type("creator") });
    let facts = organization.facts(&tx);
    assert_eq!(outcome(&facts, &enter, &consenting(vec![to(3, "creator", "administrator")], "creator", 4)), refused);
    let over = Organization::at_capacity().with_seats("creator", seats(6, 0, 5)).facts(&tx);
    let receive = Operation::set(member_id(2), None, Some(role("administrator")));
    assert_eq!(outcome(&over, &[member(&tx, 2, "creator", "user")], &change(vec![receive.clone()])), refused);
    let grant = outcome(&facts, &[member(&tx, 2, "creator", "user")], &change(vec![receive])).unwrap();
    assert_eq!((grant.administrators, grant.deltas[&user_type("creator")].lockable), (1, -1));
}

#[test]
fn who_may_change_what() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 6).facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer"), member(&tx, 98, "creator", "user")];
    let set = change(vec![to(1, "creator", "user")]);
    let missing = |privilege| Err(Refusal::PrivilegeMissing { privilege });
    assert_eq!(decide_as(&facts, &actor_in("publisher"), &members, &set), missing("admin.members.view_all"));
    let five = [
        "members.view",
        "admin.members.view_all",
        "admin.members.update",
        "admin.members.change_roles",
        "admin.members.manage_licenses",
    ];
    for left_out in five {
        let four: Vec<&str> = five.iter().copied().filter(|one| *one != left_out).collect();
        assert_eq!(decide_as(&facts, &actor_with(&four), &members, &set), missing(left_out));
    }
    let delegate = actor_with(&five);
    assert!(decide_as(&facts, &delegate, &members, &set).is_ok());
    let reserved = |act| Err(Refusal::ReservedToAdministrators { act });
    let promote = change(vec![to(1, "creator", "administrator")]);
    assert_eq!(decide_as(&facts, &delegate, &members, &promote), reserved("change a role to or from Administrator"));
    let own = Operation::set(member_id(98), None, Some(role("publisher")));
    assert_eq!(decide_as(&facts, &delegate, &members, &change(vec![own])), reserved("change their own role"));
    let other = Operation::set(member_id(1), None, Some(role("viewer")));
    assert_eq!(
        decide_as(&facts, &actor_with(&five[..3]), &members, &change(vec![other.clone()])),
        missing("admin.members.change_roles")
    );
    assert!(decide_as(&facts, &actor_with(&["admin.settings.member_roles"]), &members, &change(vec![other])).is_ok());
}

#[test]
fn only_an_administrator_takes_a_type_one_over() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer")];
    let delegate = actor_with(&[
        "members.view",
        "admin.members.view_all",
        "admin.members.update",
        "admin.members.change_roles",
        "admin.members.manage_licenses",
    ]);
    let operations = vec![to(1, "creator", "user")];
    let full = Refusal::SeatLimitReached {
        user_type: user_type("creator"),
        licensed: 5,
        assigned: 5,
        reserved: 0,
        types_with_room: vec![],
    };
    assert_eq!(decide_as(&facts, &delegate, &members, &change(operations.clone())), Err(full));
    let reserved = Refusal::ReservedToAdministrators { act: "take a user type over its limit" };
    assert_eq!(decide_as(&facts, &delegate, &members, &consenting(operations, "creator", 5)), Err(reserved));
}

#[test]
fn a_change_that_cannot_be_read_is_refused_before_anything_is_judged() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer")];
    assert_eq!(outcome(&facts, &members, &change(vec![])), Err(Refusal::NothingToDo));
    let twice = change(vec![to(1, "creator", "user"), to(1, "viewer", "viewer")]);
    let second = blocker(1, 1, Refusal::MemberTwice { member: member_id(1) });
    assert_eq!(outcome(&facts, &members, &twice), Err(Refusal::Blocked { blockers: vec![second], operations: 2 }));
    assert_eq!(
        outcome(&facts, &members, &change(vec![to(5, "creator", "user")])),
        Err(Refusal::UnknownMember { member: member_id(5) })
    );
    let Err(Refusal::UnknownUserType { asked, known }) =
        outcome(&facts, &members, &change(vec![to(1, "creater", "user")]))
    else {
        panic!()
    };
    assert_eq!((asked, known.len()), (user_type("creater"), 9));
    let Err(Refusal::UnknownRole { asked, known }) = outcome(&facts, &members, &change(vec![to(1, "creator", "boss")]))
    else {
        panic!()
    };
    assert_eq!((asked, known.len()), (role("boss"), 6));
}

#[test]
fn a_change_to_what_is_there_already_moves_nobody() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let grant =
        outcome(&facts, &[member(&tx, 1, "viewer", "viewer")], &change(vec![to(1, "viewer", "viewer")])).unwrap();
    assert_eq!((grant.moves.len(), grant.plan.types), (0, vec![effect("viewer", [25, 25, 25, 0])]));
}

#[test]
fn whoever_changes_type_or_role_or_both_moves_and_who_changes_neither_does_not() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("storyteller", 9).facts(&tx);
    let members = [1, 2, 3, 4].map(|number| member(&tx, number, "creator", "user"));
    let set = change(vec![
        to(1, "creator", "publisher"),
        to(2, "creator", "user"),
        to(3, "storyteller", "user"),
        to(4, "storyteller", "publisher"),
    ]);
    let moved = outcome(&facts, &members, &set).unwrap().moves;
    let moved: Vec<_> = moved.iter().map(|one| (&one.member, one.to.clone().unwrap())).collect();
    assert_eq!(
        moved,
        [
            (&member_id(1), seat("creator", "publisher", Enabled)),
            (&member_id(3), seat("storyteller", "user", Enabled)),
            (&member_id(4), seat("storyteller", "publisher", Enabled)),
        ]
    );
}

#[test]
fn without_any_enabled_administrator_everything_but_losing_one_goes_on() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    organization.administrators = 0;
    let facts = organization.facts(&tx);
    let members = [member(&tx, 1, "viewer", "viewer"), member(&tx, 2, "creator", "user")];
    let exchange = change(vec![to(1, "creator", "user"), to(2, "viewer", "viewer")]);
    assert_eq!(outcome(&facts, &members, &exchange).unwrap().administrators, 0);
    let promotion = change(vec![to(2, "creator", "administrator")]);
    assert_eq!(outcome(&facts, &members, &promotion).unwrap().administrators, 1);
}

#[test]
fn a_swap_exchanges_type_and_role_and_never_hands_over_the_administrator_role() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let [bo, cy] = [member(&tx, 1, "viewer", "viewer"), member(&tx, 2, "creator", "publisher")];
    assert_eq!(swap(&facts, &bo, &cy), Ok(change(vec![to(1, "creator", "publisher"), to(2, "viewer", "viewer")])));
    let ana = member(&tx, 3, "creator", "administrator");
    let refused = Err(Refusal::SwapWithAdministrator { username: "member-3".into() });
    assert_eq!(swap(&facts, &bo, &ana), refused);
    assert_eq!(swap(&facts, &ana, &bo), refused);
}

#[test]
fn a_member_is_not_swapped_with_himself() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    for in_role in ["publisher", "administrator"] {
        let cy = member(&tx, 2, "creator", in_role);
        assert_eq!(swap(&facts, &cy, &member(&tx, 2, "creator", in_role)), Err(Refusal::SwapWithSelf), "{in_role}");
    }
}
