mod default_add_ons;
mod invitations;

use super::{Registration, administrator_seat, register, room};
use crate::permit::RegisterGrant;
use crate::refusal::{Over, Room};
use crate::sample::{Organization, actor_in, actor_with, custom_role, role, seats, user_type};
use crate::{Actor, Facts, Refusal};

fn asked(user: &str, in_role: &str) -> Registration {
    Registration { user_type: Some(user_type(user)), role: Some(role(in_role)) }
}

fn granted(user: &str, in_role: &str) -> RegisterGrant {
    let is_administrator = in_role == "administrator";
    RegisterGrant { user_type: user_type(user), role: role(in_role), is_administrator, add_ons: [].into() }
}

fn outcome(facts: &Facts<'_>, user: &str, in_role: &str) -> Result<RegisterGrant, Refusal> {
    register(facts, &Actor::console(), &asked(user, in_role)).map(|permit| permit.grant().clone())
}

#[test]
fn the_last_seat_is_given_and_the_next_member_is_refused_with_the_numbers_and_the_types_with_room() {
    let tx = ();
    let organization = Organization::at_capacity().with_licensed("editor", 3);
    let cases =
        [(seats(24, 0, 24), true), (seats(25, 0, 25), false), (seats(24, 1, 24), false), (seats(23, 1, 23), true)];
    let mut organization = organization;
    for (count, admitted) in cases {
        organization = organization.with_seats("viewer", count);
        let answer = outcome(&organization.facts(&tx), "viewer", "viewer");
        if admitted {
            let grant = granted("viewer", "viewer");
            assert_eq!(answer, Ok(grant));
        } else {
            assert_eq!(
                answer,
                Err(Refusal::SeatLimitReached {
                    user_type: user_type("viewer"),
                    licensed: 25,
                    assigned: count.assigned,
                    reserved: count.reserved,
                    types_with_room: vec![Room { user_type: user_type("editor"), free: 3 }],
                })
            );
        }
    }
}

#[test]
fn where_no_role_is_asked_for_the_default_one_is_given() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 6).facts(&tx);
    let asked = Registration { user_type: Some(user_type("creator")), role: None };
    let permit = register(&facts, &Actor::console(), &asked).unwrap();
    assert_eq!((&permit.grant().role, permit.grant().is_administrator), (&role("viewer"), false));
}

#[test]
fn registration_never_uses_the_one_over_and_is_blocked_in_every_type_while_any_is_over() {
    let tx = ();
    let organization = Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).with_licensed("editor", 3);
    let over = vec![Over { user_type: user_type("viewer"), assigned: 26, licensed: 25, locked_out: 26 }];
    for user in ["viewer", "creator", "editor"] {
        assert_eq!(
            outcome(&organization.facts(&tx), user, "viewer"),
            Err(Refusal::CreationBlocked { over: over.clone() })
        );
    }
}

#[test]
fn a_type_that_is_not_in_the_file_has_no_seat() {
    let tx = ();
    let Err(Refusal::SeatLimitReached { licensed, assigned, .. }) =
        outcome(&Organization::at_capacity().facts(&tx), "editor", "viewer")
    else {
        panic!("an unlicensed seat was given")
    };
    assert_eq!((licensed, assigned), (0, 0));
}

#[test]
fn nobody_is_registered_before_activation() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    organization.activated = false;
    assert_eq!(outcome(&organization.facts(&tx), "viewer", "viewer"), Err(Refusal::NotActivated));
}

#[test]
fn the_role_must_fit_and_only_administrators_make_administrators() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("creator", 9).with_licensed("viewer", 99).facts(&tx);
    let Err(Refusal::RoleExceedsUserType { misfits }) = outcome(&facts, "viewer", "data-editor") else {
        panic!("it fits")
    };
    assert_eq!((misfits[0].member.clone(), misfits[0].proposed_role.clone()), (None, Some(role("viewer"))));
    assert!(outcome(&facts, "creator", "administrator").unwrap().is_administrator);
    let delegate = actor_with(&["admin.members.invite"]);
    assert!(register(&facts, &delegate, &asked("creator", "user")).is_ok());
    let reserved = Refusal::ReservedToAdministrators { act: "give the Administrator role" };
    assert_eq!(register(&facts, &delegate, &asked("creator", "administrator")).err(), Some(reserved));
    let missing = Refusal::PrivilegeMissing { privilege: "admin.members.invite" };
    assert_eq!(register(&facts, &actor_in("viewer"), &asked("creator", "user")).err(), Some(missing));
}

#[test]
fn whoever_brings_in_members_gives_no_administrative_privileges_that_the_own_role_lacks() {
    let tx = ();
    let facts = Organization::at_capacity()
        .with_licensed("creator", 9)
        .with_role(custom_role("helpers", &["admin.members.update", "admin.members.invite", "members.view"]))
        .facts(&tx);
    let above = |privilege: &str| {
        Err(Refusal::AboveOneself {
            act: "give a role with administrative privileges of which you lack some",
            privileges: vec![privilege.to_owned()],
        })
    };
    let invite = "admin.members.invite";
    for (held, given, answer) in [
        (vec![invite], "publisher", Ok(())),
        (vec![invite], "facilitator", above("admin.groups.create_update_capable")),
        (vec![invite], "custom-helpers", above("admin.members.update")),
        (vec![invite, "admin.members.update"], "custom-helpers", Ok(())),
        (vec![invite, "admin.members.change_roles"], "custom-helpers", Ok(())),
        (vec![invite, "admin.settings.member_roles"], "custom-helpers", Ok(())),
    ] {
        let outcome = register(&facts, &actor_with(&held), &asked("creator", given)).map(|_| ());
        assert_eq!(outcome, answer, "{held:?} give {given}");
    }
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 26).facts(&tx);
    assert!(
        matches!(outcome(&facts, "viewr", "viewer"), Err(Refusal::UnknownUserType { known, .. }) if known.len() == 9)
    );
    assert!(matches!(outcome(&facts, "viewer", "view"), Err(Refusal::UnknownRole { known, .. }) if known.len() == 6));
}

#[test]
fn room_is_what_is_neither_assigned_nor_reserved_and_full_types_are_left_out() {
    let tx = ();
    let facts =
        Organization::at_capacity().with_licensed("viewer", 28).with_seats("viewer", seats(25, 1, 25)).facts(&tx);
    assert_eq!(room(&facts), [Room { user_type: user_type("viewer"), free: 2 }]);
}

#[test]
fn a_permit_opens_at_the_revision_of_its_facts_only() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("viewer", 26).facts(&tx);
    let permit = register(&facts, &Actor::console(), &asked("viewer", "viewer")).unwrap();
    assert_eq!(permit.spend(8).unwrap_err().to_string(), "a permit made at seat revision 7 was spent at 8");
    let permit = register(&facts, &Actor::console(), &asked("viewer", "viewer")).unwrap();
    assert_eq!(permit.spend(7).unwrap().user_type, user_type("viewer"));
}

/// The user type in which one more administrator could sit.
fn administrators_type(facts: &Facts<'_>, wanted: Option<&str>) -> Result<String, Refusal> {
    administrator_seat(facts, wanted.map(user_type).as_ref()).map(|seat| {
        assert_eq!(seat.role, Some(role("administrator")));
        seat.user_type.unwrap().to_string()
    })
}

#[test]
fn one_more_administrator_sits_where_there_is_room_else_where_the_refusal_has_numbers() {
    let tx = ();
    let room = |taken| {
        Organization::at_capacity().with_licensed("storyteller", 2).with_seats("storyteller", seats(taken, 0, taken))
    };
    assert_eq!(administrators_type(&room(1).facts(&tx), None), Ok("storyteller".into()));
    assert_eq!(administrators_type(&room(2).facts(&tx), None), Ok("creator".into()));
    let free = room(1).with_seats("creator", seats(4, 0, 4)).facts(&tx);
    assert_eq!(administrators_type(&free, None), Ok("creator".into()));
    let only_storyteller = room(2).with_licensed("creator", 0).facts(&tx);
    assert_eq!(administrators_type(&only_storyteller, None), Ok("storyteller".into()));
    let nothing = Organization::at_capacity().with_licensed("creator", 0).facts(&tx);
    assert_eq!(administrators_type(&nothing, None), Ok("creator".into()));
}

#[test]
fn the_user_type_that_is_wanted_for_an_administrator_is_taken_full_or_not_if_it_can_administer() {
    let tx = ();
    let facts = Organization::at_capacity().with_licensed("storyteller", 2).facts(&tx);
    for wanted in ["creator", "storyteller", "gis-pro-basic"] {
        assert_eq!(administrators_type(&facts, Some(wanted)), Ok(wanted.to_owned()));
    }
    for wanted in ["viewer", "creater"] {
        let refusal = Refusal::NoAdministratorSeat { wanted: Some(user_type(wanted)) };
        assert_eq!(administrators_type(&facts, Some(wanted)), Err(refusal));
    }
}

#[test]
fn where_nothing_is_asked_for_the_organizations_defaults_are_given() {
    let tx = ();
    let mut organization = Organization::at_capacity().with_licensed("creator", 9).with_licensed("viewer", 99);
    let nothing = Registration::default();
    let answer = |organization: &Organization, asked: &Registration| {
        register(&organization.facts(&tx), &Actor::console(), asked).map(|permit| {
            let RegisterGrant { user_type, role, .. } = permit.grant().clone();
            (user_type.to_string(), role.to_string())
        })
    };
    let given = |user: &str, in_role: &str| Ok((user.to_owned(), in_role.to_owned()));
    assert_eq!(answer(&organization, &nothing), Err(Refusal::NoUserType));
    organization.defaults.user_type = Some(user_type("creator"));
    assert_eq!(answer(&organization, &nothing), given("creator", "viewer"));
    organization.defaults.role = Some(role("publisher"));
    assert_eq!(answer(&organization, &nothing), given("creator", "publisher"));
    let as_user = Registration { user_type: None, role: Some(role("user")) };
    assert_eq!(answer(&organization, &as_user), given("creator", "user"));
    let as_viewer = Registration { user_type: Some(user_type("viewer")), role: None };
    assert_eq!(answer(&organization, &as_viewer), given("viewer", "viewer"));
    organization.defaults.user_type = Some(user_type("editor"));
    let refused = answer(&organization, &nothing);
    assert!(matches!(refused, Err(Refusal::SeatLimitReached { licensed: 0, .. })), "{refused:?}");
}
