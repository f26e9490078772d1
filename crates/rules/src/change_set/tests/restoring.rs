//! Archived members are counted nowhere; bringing one back is a registration.

use super::{change, consenting, decide_as, effect, outcome, to};
use crate::change_set::{Act, ChangeSet, Mode, Operation, swap};
use crate::permit::Delta;
use crate::refusal::{Over, Room};
use crate::sample::{Organization, actor_with, archived, member, member_id, seats, user_type};
use crate::{MemberFacts, MemberState, Refusal};

fn act(number: u128, act: Act) -> Operation {
    Operation::act(member_id(number), act)
}

fn restore(number: u128) -> Operation {
    act(number, Act::Restore)
}

fn viewer<'tx>(tx: &'tx (), number: u128) -> MemberFacts<'tx> {
    member(tx, number, "viewer", "viewer")
}

fn full(id: &str, licensed: u64, assigned: u64, reserved: u64, room: Vec<Room>) -> Refusal {
    Refusal::SeatLimitReached { user_type: user_type(id), licensed, assigned, reserved, types_with_room: room }
}

fn viewers_over(assigned: u64) -> Refusal {
    let over = Over { user_type: user_type("viewer"), assigned, licensed: 25, locked_out: assigned };
    Refusal::CreationBlocked { over: vec![over] }
}

#[test]
fn a_restoration_takes_the_last_seat_and_none_that_is_held_or_not_there() {
    let tx = ();
    let whom = [archived(&tx, &viewer(&tx, 1))];
    for (count, room) in [
        (seats(24, 0, 24), true),
        (seats(25, 0, 25), false),
        (seats(24, 1, 24), false),
        (seats(23, 1, 23), true),
        (seats(0, 25, 0), false),
    ] {
        let facts = Organization::at_capacity().with_seats("viewer", count).facts(&tx);
        for mode in [Mode::Atomic, Mode::Partial] {
            let set = ChangeSet { mode, ..change(vec![restore(1)]) };
            let answer = outcome(&facts, &whom, &set).map(|grant| grant.deltas[&user_type("viewer")]);
            let wanted = if room {
                Ok(Delta { assigned: 1, lockable: 1 })
            } else {
                Err(full("viewer", 25, count.assigned, count.reserved, vec![]))
            };
            assert_eq!(answer, wanted, "{count:?}, {mode:?}");
        }
    }
}

#[test]
fn a_restoration_never_uses_the_one_over_whoever_consents() {
    let tx = ();
    let whom = [archived(&tx, &viewer(&tx, 1)), member(&tx, 2, "creator", "user")];
    let facts = Organization::at_capacity().facts(&tx);
    for number in [0, 25, 26] {
        let answer = outcome(&facts, &whom, &consenting(vec![restore(1)], "viewer", number));
        assert_eq!(answer, Err(full("viewer", 25, 25, 0, vec![])), "consent of {number}");
    }
    let unlicensed = [archived(&tx, &member(&tx, 1, "editor", "viewer"))];
    assert_eq!(outcome(&facts, &unlicensed, &change(vec![restore(1)])), Err(full("editor", 0, 0, 0, vec![])));
    let beside_a_move = consenting(vec![restore(1), to(2, "viewer", "viewer")], "viewer", 26);
    let room = vec![Room { user_type: user_type("viewer"), free: 1 }];
    let facts = Organization::at_capacity().with_seats("viewer", seats(24, 0, 24)).facts(&tx);
    assert_eq!(outcome(&facts, &whom, &beside_a_move), Err(full("viewer", 25, 24, 0, room)));
}

#[test]
fn a_restoration_does_not_send_somebody_else_over_to_take_the_seat_that_he_leaves() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [archived(&tx, &viewer(&tx, 1)), viewer(&tx, 2)];
    for operations in [vec![restore(1), to(2, "creator", "user")], vec![to(2, "creator", "user"), restore(1)]] {
        let set = consenting(operations, "creator", 5);
        assert_eq!(outcome(&facts, &whom, &set), Err(full("creator", 5, 5, 0, vec![])));
    }
}

#[test]
fn nobody_is_restored_into_any_type_while_one_is_over() {
    let tx = ();
    let facts =
        Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).with_licensed("editor", 9).facts(&tx);
    for user in ["viewer", "editor", "creator"] {
        let whom = [archived(&tx, &member(&tx, 1, user, "viewer"))];
        for mode in [Mode::Atomic, Mode::Partial] {
            let set = ChangeSet { mode, ..change(vec![restore(1)]) };
            assert_eq!(outcome(&facts, &whom, &set), Err(viewers_over(26)), "{user}, {mode:?}");
        }
    }
    let with_an_archiving = [archived(&tx, &viewer(&tx, 1)), viewer(&tx, 2), viewer(&tx, 3)];
    let set = change(vec![act(2, Act::Archive), act(3, Act::Archive), restore(1)]);
    assert_eq!(outcome(&facts, &with_an_archiving, &set), Err(viewers_over(26)));
    assert!(outcome(&facts, &[viewer(&tx, 1)], &change(vec![restore(1)])).is_ok(), "one who is there moves nobody");
}

#[test]
fn one_is_archived_and_another_restored_in_his_seat_in_one_step() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [viewer(&tx, 1), archived(&tx, &viewer(&tx, 2))];
    for operations in [vec![act(1, Act::Archive), restore(2)], vec![restore(2), act(1, Act::Archive)]] {
        let grant = outcome(&facts, &whom, &change(operations)).unwrap();
        assert_eq!(grant.plan.types, [effect("viewer", [25, 25, 25, 0])]);
        assert_eq!(grant.deltas[&user_type("viewer")], Delta::default());
    }
}

#[test]
fn an_administrator_is_restored_within_the_limit_only() {
    let tx = ();
    let ana = [archived(&tx, &member(&tx, 3, "creator", "administrator"))];
    let facts = Organization::at_capacity().facts(&tx);
    let refused = outcome(&facts, &ana, &change(vec![restore(3)]));
    assert_eq!(refused, Err(Refusal::AdministratorInOverType { user_type: user_type("creator") }));
    let free = Organization::at_capacity().with_seats("creator", seats(4, 0, 3)).facts(&tx);
    let grant = outcome(&free, &ana, &change(vec![restore(3)])).unwrap();
    assert_eq!((grant.administrators, grant.deltas[&user_type("creator")]), (1, Delta { assigned: 1, lockable: 0 }));
    let asleep = outcome(&free, &ana, &change(vec![act(3, Act::RestoreDisabled)])).unwrap();
    assert_eq!((asleep.administrators, asleep.deltas[&user_type("creator")]), (0, Delta { assigned: 1, lockable: 0 }));
    let held = Organization::at_capacity().with_seats("creator", seats(4, 1, 3)).facts(&tx);
    assert_eq!(outcome(&held, &ana, &change(vec![restore(3)])), Err(full("creator", 5, 4, 1, vec![])));
}

#[test]
fn an_archived_administrator_is_not_the_one_who_stays() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let last = member(&tx, 2, "creator", "administrator");
    let whom = [archived(&tx, &member(&tx, 3, "creator", "administrator")), last];
    assert_eq!(outcome(&facts, &whom, &change(vec![act(2, Act::Archive)])), Err(Refusal::LastAdministrator));
    let relieved = outcome(&facts, &whom, &change(vec![act(2, Act::Archive), restore(3)])).unwrap();
    assert_eq!((relieved.administrators, relieved.deltas[&user_type("creator")]), (0, Delta::default()));
}

#[test]
fn archiving_brings_a_type_within_its_limit_and_gives_the_seat_to_whom_it_was_wanted_for() {
    let tx = ();
    let over = Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).facts(&tx);
    let grant = outcome(&over, &[viewer(&tx, 1)], &change(vec![act(1, Act::Archive)])).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [26, 25, 25, 0])]);
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [member(&tx, 1, "creator", "user"), viewer(&tx, 2)];
    let set = change(vec![act(1, Act::Archive), to(2, "creator", "user")]);
    let grant = outcome(&facts, &whom, &set).unwrap();
    assert_eq!(grant.plan.types, [effect("viewer", [25, 24, 25, 0]), effect("creator", [5, 5, 5, 0])]);
}

#[test]
fn the_archived_are_not_swapped() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let [bo, cy] = [viewer(&tx, 1), member(&tx, 2, "creator", "user")];
    let gone = archived(&tx, &viewer(&tx, 1));
    let refused = Err(Refusal::WrongState { username: "member-1".into(), state: MemberState::Archived });
    assert_eq!(swap(&facts, &gone, &cy), refused);
    assert_eq!(swap(&facts, &cy, &gone), refused);
    assert!(swap(&facts, &cy, &bo).is_ok());
}

#[test]
fn a_restoration_is_for_who_may_add_members_and_an_archiving_for_who_may_disable_them() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let whom = [viewer(&tx, 1), archived(&tx, &viewer(&tx, 2))];
    let set = change(vec![act(1, Act::Archive), restore(2)]);
    let [invite, disable] = ["admin.members.invite", "admin.members.disable"];
    for (held, missing) in [(invite, disable), (disable, invite)] {
        let answer = decide_as(&facts, &actor_with(&[held]), &whom, &set);
        assert_eq!(answer, Err(Refusal::PrivilegeMissing { privilege: missing }), "with {held}");
    }
    assert!(decide_as(&facts, &actor_with(&[invite, disable]), &whom, &set).is_ok());
}
