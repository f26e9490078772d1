//! Changes that leave out what cannot be done, and the list of what cannot.

use std::collections::BTreeMap;

use super::{blocker, change, consenting, decide_as, effect, outcome, to};
use crate::MemberState::Archived;
use crate::change_set::{Act, ChangeSet, Mode, Operation};
use crate::refusal::Room;
use crate::sample::{Organization, actor_with, archived, member, member_id, now, role, seats, user_type};
use crate::{MemberFacts, Refusal};

fn partly(operations: Vec<Operation>) -> ChangeSet {
    ChangeSet { mode: Mode::Partial, ..change(operations) }
}

fn act(number: u128, act: Act) -> Operation {
    Operation::act(member_id(number), act)
}

fn full(id: &str, licensed: u64, assigned: u64, room: Vec<Room>) -> Refusal {
    Refusal::SeatLimitReached { user_type: user_type(id), licensed, assigned, reserved: 0, types_with_room: room }
}

/// Two Viewers, two Creators.
fn four(tx: &()) -> [MemberFacts<'_>; 4] {
    [
        member(tx, 1, "viewer", "viewer"),
        member(tx, 2, "viewer", "viewer"),
        member(tx, 3, "creator", "user"),
        member(tx, 4, "creator", "user"),
    ]
}

#[test]
fn what_frees_a_seat_helps_only_what_comes_after_it() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let (up, down) = (to(1, "creator", "user"), act(3, Act::Archive));
    let grant = outcome(&facts, &four(&tx), &partly(vec![down.clone(), up.clone()])).unwrap();
    assert_eq!((grant.moves.len(), grant.plan.refused), (2, vec![]));
    assert_eq!(grant.plan.types, [effect("viewer", [25, 24, 25, 0]), effect("creator", [5, 5, 5, 0])]);
    let grant = outcome(&facts, &four(&tx), &partly(vec![up, down])).unwrap();
    assert_eq!(grant.plan.refused, [blocker(0, 1, full("creator", 5, 5, vec![]))]);
    assert_eq!(grant.moves.iter().map(|one| one.member.clone()).collect::<Vec<_>>(), [member_id(3)]);
    assert_eq!(grant.plan.members.len(), 1);
    assert_eq!(grant.plan.types, [effect("creator", [5, 4, 5, 0])]);
}

#[test]
fn an_exchange_at_capacity_cannot_be_made_one_by_one() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let blockers = vec![blocker(0, 1, full("creator", 5, 5, vec![])), blocker(1, 3, full("viewer", 25, 25, vec![]))];
    let set = partly(vec![to(1, "creator", "user"), to(3, "viewer", "viewer")]);
    assert_eq!(outcome(&facts, &four(&tx), &set), Err(Refusal::Blocked { blockers, operations: 2 }));
}

#[test]
fn what_is_left_out_is_named_with_its_place_and_the_numbers_of_that_moment() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("viewer", seats(24, 0, 24)).facts(&tx);
    let operations = vec![
        to(9, "viewer", "viewer"),
        to(3, "viewer", "viewer"),
        to(4, "viewer", "viewer"),
        to(1, "creator", "user"),
        Operation::set(member_id(2), Some(user_type("nowhere")), None),
    ];
    let grant = outcome(&facts, &four(&tx), &partly(operations)).unwrap();
    let unknown = Refusal::UnknownMember { member: member_id(9) };
    let known = facts.catalog().user_types().iter().map(|one| one.id.clone()).collect();
    let nowhere = Refusal::UnknownUserType { asked: user_type("nowhere"), known };
    let freed = vec![Room { user_type: user_type("creator"), free: 1 }];
    let mut first = blocker(0, 9, unknown);
    first.username = None;
    assert_eq!(grant.plan.refused, [first, blocker(2, 4, full("viewer", 25, 25, freed)), blocker(4, 2, nowhere)]);
    assert_eq!(grant.moves.iter().map(|one| one.member.clone()).collect::<Vec<_>>(), [member_id(3), member_id(1)]);
    assert_eq!(grant.plan.types, [effect("viewer", [24, 24, 25, 0]), effect("creator", [5, 5, 5, 0])]);
}

#[test]
fn nothing_goes_one_over_and_no_consent_is_taken() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let operations = vec![to(1, "creator", "user")];
    assert_eq!(outcome(&facts, &four(&tx), &partly(operations.clone())), Err(full("creator", 5, 5, vec![])));
    let mismatch = Err(Refusal::ConfirmationMismatch { expected: BTreeMap::new() });
    for operations in [operations, vec![act(3, Act::Disable)]] {
        let set = ChangeSet { mode: Mode::Partial, ..consenting(operations, "creator", 5) };
        assert_eq!(outcome(&facts, &four(&tx), &set), mismatch);
    }
}

#[test]
fn a_change_of_which_nothing_can_be_done_is_refused_and_of_one_operation_in_its_own_words() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let gone = [archived(&tx, &four(&tx)[0]), archived(&tx, &four(&tx)[1])];
    let wrong = |number: u128| Refusal::WrongState { username: format!("member-{number}"), state: Archived };
    assert_eq!(outcome(&facts, &gone, &partly(vec![act(1, Act::Enable)])), Err(wrong(1)));
    let all = partly(vec![act(2, Act::Enable), act(1, Act::Disable)]);
    let blockers = vec![blocker(0, 2, wrong(2)), blocker(1, 1, wrong(1))];
    assert_eq!(outcome(&facts, &gone, &all), Err(Refusal::Blocked { blockers, operations: 2 }));
    assert_eq!(outcome(&facts, &gone, &partly(vec![])), Err(Refusal::NothingToDo));
}

#[test]
fn the_last_administrator_stays_in_the_middle_of_a_list() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    organization.administrators = 2;
    let facts = organization.facts(&tx);
    let whom = [
        member(&tx, 1, "creator", "administrator"),
        member(&tx, 2, "creator", "administrator"),
        member(&tx, 3, "creator", "user"),
        member(&tx, 4, "viewer", "viewer"),
    ];
    let promote = Operation::set(member_id(3), None, Some(role("administrator")));
    let leave = |numbers: [u128; 2]| numbers.map(|number| act(number, Act::Disable));
    let [first, second] = leave([1, 2]);
    let rest = act(4, Act::Disable);
    let grant =
        outcome(&facts, &whom, &partly(vec![first.clone(), second.clone(), promote.clone(), rest.clone()])).unwrap();
    assert_eq!(grant.plan.refused, [blocker(1, 2, Refusal::LastAdministrator)]);
    assert_eq!((grant.administrators, grant.moves.len()), (0, 3));
    let grant = outcome(&facts, &whom, &partly(vec![first, promote, second, rest])).unwrap();
    assert_eq!((grant.plan.refused, grant.administrators, grant.moves.len()), (vec![], -1, 4));
}

#[test]
fn whoever_stands_twice_is_changed_once_and_a_missing_privilege_ends_the_whole() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let set = partly(vec![act(1, Act::Disable), act(1, Act::Delete)]);
    let grant = outcome(&facts, &four(&tx), &set).unwrap();
    assert_eq!(grant.plan.refused, [blocker(1, 1, Refusal::MemberTwice { member: member_id(1) })]);
    assert_eq!(grant.moves.len(), 1);
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.delete" });
    let disabler = actor_with(&["admin.members.disable"]);
    let set = partly(vec![act(9, Act::Disable), act(1, Act::Disable), act(2, Act::Delete)]);
    assert_eq!(decide_as(&facts, &disabler, &four(&tx), &set), missing);
}

#[test]
fn somebody_is_restored_after_what_brings_the_type_within_its_limit_and_not_before() {
    let tx = ();
    let facts = Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).facts(&tx);
    let back = archived(&tx, &member(&tx, 7, "viewer", "viewer"));
    let [one, two, ..] = four(&tx);
    let whom = [one, two, back];
    let (leave, other, restore) = (act(1, Act::Archive), act(2, Act::Archive), act(7, Act::Restore));
    let grant = outcome(&facts, &whom, &partly(vec![leave.clone(), other.clone(), restore.clone()])).unwrap();
    assert_eq!((grant.plan.refused, grant.plan.types), (vec![], vec![effect("viewer", [26, 25, 25, 0])]));
    let grant = outcome(&facts, &whom, &partly(vec![leave.clone(), restore.clone(), other.clone()])).unwrap();
    assert_eq!(grant.plan.refused, [blocker(1, 7, full("viewer", 25, 25, vec![]))]);
    let grant = outcome(&facts, &whom, &partly(vec![restore, leave, other])).unwrap();
    let [named] = grant.plan.refused.as_slice() else { panic!("one is left out") };
    assert!(matches!(&named.refusal, Refusal::CreationBlocked { over } if over[0].assigned == 26));
}

#[test]
fn only_what_is_done_keeps_seats_for_the_return() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let set = ChangeSet {
        revert_at: Some(now().plus_seconds(60)),
        ..partly(vec![to(1, "creator", "user"), act(3, Act::Archive), act(4, Act::Delete)])
    };
    let grant = outcome(&facts, &four(&tx), &set).unwrap();
    assert_eq!(grant.plan.reserves, BTreeMap::from([(user_type("creator"), 1)]));
    let cannot = Refusal::CannotReturn { username: "member-4".into() };
    assert_eq!(grant.plan.refused, [blocker(0, 1, full("creator", 5, 5, vec![])), blocker(2, 4, cannot)]);
}

#[test]
fn of_five_hundred_operations_exactly_the_mistaken_one_is_named() {
    let tx = ();
    let facts =
        Organization::at_capacity().with_licensed("viewer", 600).with_seats("viewer", seats(500, 0, 500)).facts(&tx);
    let whom: Vec<_> = (0..500).map(|number| member(&tx, number, "viewer", "viewer")).collect();
    let mut operations: Vec<_> = (0..500).map(|number| act(number, Act::Disable)).collect();
    operations[316] = to(316, "viewer", "publisher");
    let answer = outcome(&facts, &whom, &change(operations.clone()));
    let Err(refusal @ Refusal::Blocked { .. }) = answer else { panic!("{answer:?}") };
    let told = errors::Failure::from(refusal.clone());
    let fact = |name: &str| told.facts[name].clone();
    let pointers: Vec<_> = fact("errors").as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
    assert_eq!((pointers, fact("blocked")), (vec!["/operations/316".into()], 1.into()));
    assert_eq!(told.row().name, "role-exceeds-user-type");
    let sentence = "Operation 317 of 500, member-316: The role publisher gives more than the user type viewer allows. \
                    The nearest role that fits is viewer.";
    assert_eq!(refusal.sentence(), sentence);
    let grant = outcome(&facts, &whom, &partly(operations)).unwrap();
    assert_eq!((grant.moves.len(), grant.plan.refused.len(), grant.plan.refused[0].operation), (499, 1, 316));
}
