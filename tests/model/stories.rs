//! Sequences that chance seldom finds.

use crate::play::{Events, Sequence};
use crate::words::{Act, By, CREATE, Numbers, Operation, Role, Set, Step};

fn plays(seats: [i64; 3], steps: Vec<Step>) -> Events {
    let mut events = Events::new();
    let difference = Sequence::told(seats, steps).play(None, &mut events).err();
    assert!(difference.is_none(), "{}", difference.unwrap().0);
    events
}

fn act(member: usize, act: Act) -> Operation {
    Operation { member, of: None, role: None, act: Some(act) }
}

fn change(operations: Vec<Operation>) -> Step {
    Step::Change(By::Console, Set { operations, ..Set::default() })
}

#[test]
fn a_restoration_into_another_type_is_taken_back_and_given_again() {
    let back = |change| Step::Revert(By::Console, change, Numbers::new());
    let events = plays(
        [3, 0, 2],
        vec![
            Step::Register(By::Console, Some("viewer"), None),
            change(vec![act(1, Act::Archive)]),
            change(vec![Operation { of: Some("creator"), ..act(1, Act::Restore) }]),
            back(1),
            back(2),
            back(3),
        ],
    );
    assert_eq!((events.get("taken back by hand"), events.get("stale")), (Some(&3), None));
}

#[test]
fn a_role_that_a_partial_change_left_out_is_not_in_use_by_its_return() {
    let raise = Operation { member: 1, of: None, role: Some(Role::Own(0)), act: None };
    let set = Set { operations: vec![raise, act(2, Act::Disable)], partial: true, ..Set::default() };
    let events = plays(
        [3, 0, 2],
        vec![
            Step::CreateRole(By::Console, [CREATE].into()),
            Step::Register(By::Console, Some("viewer"), None),
            Step::Register(By::Console, Some("creator"), None),
            Step::Change(By::Console, Set { revert_at: Some(crate::chance::MORNING + 60), ..set }),
            Step::DeleteRole(By::Console, Role::Own(0)),
        ],
    );
    assert_eq!((events.get("partly applied"), events.get("role deleted")), (Some(&1), Some(&1)));
}
