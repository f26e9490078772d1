//! Refusals as pages show them: with the names of the catalog where programs read ids.

use catalog::Catalog;

use super::{full, misfit, numbers};
use crate::plan::Blocker;
use crate::refusal::{Refusal, Room};
use crate::sample::{member_id, user_type};

#[test]
fn a_page_shows_names_and_the_interface_ids() {
    let room = vec![Room { user_type: user_type("viewer"), free: 2 }];
    let blocked = Blocker {
        operation: 0,
        member: member_id(1),
        username: Some("vera".into()),
        refusal: Refusal::RoleExceedsUserType { misfits: vec![misfit(None, Some("viewer"))] },
    };
    let of_yesterday = Refusal::AdministratorInOverType { user_type: user_type("of-yesterday") };
    for (refusal, ids, names) in [
        (
            full(0, room),
            "creator is full: 5 of 5 assigned. Types with room: viewer (2 free).",
            "Creator is full: 5 of 5 assigned. Types with room: Viewer (2 free).",
        ),
        (
            Refusal::OneOverNeedsConsent { locked_out: numbers(&[("viewer", 25)]) },
            "This change takes viewer one over its limit and locks out 25 of its members until somebody else leaves it.",
            "This change takes Viewer one over its limit and locks out 25 of its members until somebody else leaves it.",
        ),
        (
            Refusal::OneOverExhausted { user_type: user_type("viewer"), assigned: 26, licensed: 25 },
            "viewer has 26 members of 25 licensed and cannot take this change.",
            "Viewer has 26 members of 25 licensed and cannot take this change.",
        ),
        (
            Refusal::ConfirmationMismatch { expected: numbers(&[("viewer", 25)]) },
            "The number of people locked out is now 25 for viewer.",
            "The number of people locked out is now 25 for Viewer.",
        ),
        (
            Refusal::Blocked { blockers: vec![blocked], operations: 2 },
            "Operation 1 of 2, vera: The role publisher gives more than the user type viewer allows. The nearest role that fits is viewer.",
            "Operation 1 of 2, vera: The role Publisher gives more than the user type Viewer allows. The nearest role that fits is Viewer.",
        ),
        (
            of_yesterday,
            "of-yesterday would be over its limit, and an administrator cannot take a seat in it.",
            "of-yesterday would be over its limit, and an administrator cannot take a seat in it.",
        ),
        (Refusal::NothingToDo, "The change has no operations.", "The change has no operations."),
    ] {
        assert_eq!((refusal.sentence().as_str(), refusal.sentence_with(Catalog::arcgis()).as_str()), (ids, names));
    }
}
