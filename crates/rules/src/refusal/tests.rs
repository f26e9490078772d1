mod changes;
mod names;
mod products;

use std::collections::BTreeMap;

use catalog::PrivilegeId;
use errors::Failure;
use serde_json::{Value, json};

use super::{Misfit, Over, Refusal, RoleRefusal, Room};
use crate::sample::{member_id, role, user_type};

/// One refusal: its code, its sentence and its facts, as a client sees them.
type Case = (Refusal, &'static str, &'static str, Value);

fn assert_told(cases: Vec<Case>) {
    for (refusal, code, sentence, facts) in cases {
        let shown = format!("{refusal:?}");
        assert_eq!(refusal.code().row().name, code, "{shown}");
        assert_eq!(refusal.sentence(), sentence, "{shown}");
        let failure = Failure::from(refusal);
        assert_eq!((failure.row().name, failure.detail.as_str()), (code, sentence), "{shown}");
        let told: serde_json::Map<String, Value> = failure.facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        assert_eq!(Value::from(told), facts, "{shown}");
    }
}

fn numbers(of: &[(&str, u64)]) -> BTreeMap<entitlement::UserTypeId, u64> {
    of.iter().map(|(id, n)| (user_type(id), *n)).collect()
}

fn full(reserved: u64, types_with_room: Vec<Room>) -> Refusal {
    Refusal::SeatLimitReached { user_type: user_type("creator"), licensed: 5, assigned: 5, reserved, types_with_room }
}

fn misfit(number: Option<u128>, proposed: Option<&str>) -> Misfit {
    Misfit {
        member: number.map(member_id),
        user_type: user_type("viewer"),
        role: role("publisher"),
        privileges: vec!["content.create".into(), "features.edit".into()],
        proposed_role: proposed.map(role),
    }
}

#[test]
fn a_full_type_is_told_with_its_numbers_and_where_there_is_room() {
    let room = vec![Room { user_type: user_type("viewer"), free: 2 }, Room { user_type: user_type("editor"), free: 1 }];
    assert_told(vec![
        (
            full(0, vec![]),
            "seat-limit-reached",
            "creator is full: 5 of 5 assigned. No user type has room.",
            json!({"user_type": "creator", "licensed": 5, "assigned": 5, "reserved": 0, "types_with_room": []}),
        ),
        (
            full(2, room),
            "seat-limit-reached",
            "creator is full: 5 of 5 assigned, 2 reserved. Types with room: viewer (2 free), editor (1 free).",
            json!({
                "user_type": "creator", "licensed": 5, "assigned": 5, "reserved": 2,
                "types_with_room": [{"id": "viewer", "free": 2}, {"id": "editor", "free": 1}],
            }),
        ),
    ]);
}

#[test]
fn whoever_is_kept_out_is_told_so_in_the_words_of_the_registry() {
    let over = vec![
        Over { user_type: user_type("viewer"), assigned: 26, licensed: 25, locked_out: 26 },
        Over { user_type: user_type("creator"), assigned: 6, licensed: 5, locked_out: 4 },
    ];
    let viewer = json!({"id": "viewer", "assigned": 26, "licensed": 25, "locked_out": 26});
    let creator = json!({"id": "creator", "assigned": 6, "licensed": 5, "locked_out": 4});
    assert_told(vec![
        (
            Refusal::CreationBlocked { over },
            "creation-blocked-not-compliant",
            "The account could not be created because of a software authorization error. \
             Contact your portal administrator for assistance.",
            json!({"over": [viewer, creator]}),
        ),
        (
            Refusal::UserTypeOverLimit,
            "user-type-over-limit",
            "You cannot use this portal at the moment because of a software authorization error. \
             Contact your portal administrator for assistance.",
            json!({}),
        ),
        (Refusal::MemberDisabled, "member-disabled", "This account has been disabled by an administrator.", json!({})),
    ]);
}

#[test]
fn a_change_that_takes_a_type_over_names_the_number_to_send_back() {
    assert_told(vec![
        (
            Refusal::OneOverNeedsConsent { locked_out: numbers(&[("viewer", 26)]) },
            "one-over-needs-consent",
            "This change takes viewer one over its limit and locks out 26 of its members until somebody else leaves it.",
            json!({"locked_out": {"viewer": 26}}),
        ),
        (
            Refusal::OneOverNeedsConsent { locked_out: numbers(&[("viewer", 26), ("creator", 1)]) },
            "one-over-needs-consent",
            "This change takes creator one over its limit and locks out 1 of its members, \
             viewer one over its limit and locks out 26 of its members until somebody else leaves it.",
            json!({"locked_out": {"creator": 1, "viewer": 26}}),
        ),
        (
            Refusal::OneOverExhausted { user_type: user_type("viewer"), assigned: 26, licensed: 25 },
            "one-over-exhausted",
            "viewer has 26 members of 25 licensed and cannot take this change.",
            json!({"user_type": "viewer", "assigned": 26, "licensed": 25}),
        ),
        (
            Refusal::OneOverExhausted { user_type: user_type("editor"), assigned: 1, licensed: 0 },
            "one-over-exhausted",
            "editor has 1 member of 0 licensed and cannot take this change.",
            json!({"user_type": "editor", "assigned": 1, "licensed": 0}),
        ),
        (
            Refusal::AdministratorInOverType { user_type: user_type("creator") },
            "administrator-in-over-type",
            "creator would be over its limit, and an administrator cannot take a seat in it.",
            json!({"user_type": "creator"}),
        ),
    ]);
}

#[test]
fn a_confirmation_of_another_number_is_answered_with_the_one_that_holds() {
    assert_told(vec![
        (
            Refusal::ConfirmationMismatch { expected: BTreeMap::new() },
            "confirmation-mismatch",
            "The change takes no user type over its limit, so there is nothing to consent to.",
            json!({"expected": {}}),
        ),
        (
            Refusal::ConfirmationMismatch { expected: numbers(&[("viewer", 26), ("creator", 5)]) },
            "confirmation-mismatch",
            "The number of people locked out is now 5 for creator, 26 for viewer.",
            json!({"expected": {"viewer": 26, "creator": 5}}),
        ),
        (
            Refusal::ImportUnconfirmed { locked_out: 29 },
            "confirmation-mismatch",
            "This file locks out 29 members; the number must be confirmed.",
            json!({"expected": 29}),
        ),
        (
            Refusal::ImportUnconfirmed { locked_out: 1 },
            "confirmation-mismatch",
            "This file locks out 1 member; the number must be confirmed.",
            json!({"expected": 1}),
        ),
        (
            Refusal::ImportUnconfirmed { locked_out: 0 },
            "confirmation-mismatch",
            "This file locks nobody out, so there is nothing to confirm.",
            json!({"expected": 0}),
        ),
    ]);
}

#[test]
fn a_role_above_its_type_is_told_with_the_privileges_and_the_proposal() {
    let one = "The role publisher gives more than the user type viewer allows. The nearest role that fits is viewer.";
    let privileges = json!(["content.create", "features.edit"]);
    let told = |id: Value, proposed: Value| json!({"id": id, "user_type": "viewer", "role": "publisher", "privileges": privileges, "proposed_role": proposed});
    let first = told(json!("mem_00000000000000000000000001"), json!("viewer"));
    let second = told(json!("mem_00000000000000000000000002"), json!(null));
    assert_told(vec![
        (
            Refusal::RoleExceedsUserType { misfits: vec![misfit(Some(1), Some("viewer"))] },
            "role-exceeds-user-type",
            one,
            json!({"members": [first], "proposed_role": "viewer"}),
        ),
        (
            Refusal::RoleExceedsUserType { misfits: vec![misfit(None, None)] },
            "role-exceeds-user-type",
            "The role publisher gives more than the user type viewer allows.",
            json!({"members": [told(json!(null), json!(null))], "proposed_role": null}),
        ),
        (
            Refusal::RoleExceedsUserType { misfits: vec![misfit(Some(1), Some("viewer")), misfit(Some(2), None)] },
            "role-exceeds-user-type",
            "The role publisher gives more than the user type viewer allows. The nearest role that fits is viewer. \
             The role publisher gives more than the user type viewer allows.",
            json!({"members": [first, second]}),
        ),
    ]);
}

#[test]
fn acts_that_are_not_for_the_caller_are_named() {
    assert_told(vec![
        (
            Refusal::LastAdministrator,
            "last-administrator",
            "The portal must keep at least one enabled administrator.",
            json!({}),
        ),
        (
            Refusal::ReservedToAdministrators { act: "delete an administrator" },
            "reserved-to-administrators",
            "Only an administrator may delete an administrator.",
            json!({"act": "delete an administrator"}),
        ),
        (
            Refusal::SwapWithAdministrator { username: "ana".into() },
            "reserved-to-administrators",
            "ana is an administrator, and a swap never hands over that role; change the two members one by one.",
            json!({"username": "ana"}),
        ),
        (
            Refusal::PrivilegeMissing { privilege: "admin.members.invite" },
            "privilege-missing",
            "Your role does not include the privilege admin.members.invite.",
            json!({"privilege": "admin.members.invite"}),
        ),
        (
            Refusal::AboveOneself {
                act: "give a role with administrative privileges of which you lack some",
                privileges: vec!["admin.members.delete".into(), "admin.settings.security".into()],
            },
            "privilege-missing",
            "You may not give a role with administrative privileges of which you lack some: \
             admin.members.delete, admin.settings.security.",
            json!({
                "act": "give a role with administrative privileges of which you lack some",
                "privileges": ["admin.members.delete", "admin.settings.security"],
            }),
        ),
    ]);
}

#[test]
fn values_that_cannot_be_used_are_pointed_at() {
    let error = |pointer: &str, message: &str| json!({"pointer": pointer, "message": message});
    let valid = |of: Value, names: &[&str]| {
        let mut of = of;
        of["valid"] = json!(names);
        json!({"errors": [of]})
    };
    let member = "mem_00000000000000000000000007";
    assert_told(vec![
        (
            Refusal::UnknownUserType {
                asked: user_type("viewr"),
                known: vec![user_type("viewer"), user_type("creator")],
            },
            "validation-failed",
            "There is no user type `viewr`. User types: viewer, creator.",
            valid(error("/user_type", "`viewr` is not one of viewer, creator"), &["viewer", "creator"]),
        ),
        (
            Refusal::UnknownRole { asked: role("boss"), known: vec![role("viewer"), role("user")] },
            "validation-failed",
            "There is no role `boss`. Roles: viewer, user.",
            valid(error("/role", "`boss` is not one of viewer, user"), &["viewer", "user"]),
        ),
        (
            Refusal::MemberTwice { member: member_id(7) },
            "validation-failed",
            "Member mem_00000000000000000000000007 stands in two operations of one change.",
            json!({"member": member, "errors": [error("/operations", "one member in two operations")]}),
        ),
        (
            Refusal::SwapWithSelf,
            "validation-failed",
            "A swap needs two different members.",
            json!({"errors": [error("/operations", "one member in both places of a swap")]}),
        ),
        (
            Refusal::NothingToDo,
            "validation-failed",
            "The change has no operations.",
            json!({"errors": [error("/operations", "no operations")]}),
        ),
        (
            Refusal::UnknownMember { member: member_id(7) },
            "not-found",
            "There is no member mem_00000000000000000000000007.",
            json!({"member": member}),
        ),
    ]);
}

#[test]
fn activation_tells_what_is_missing() {
    assert_told(vec![
        (Refusal::NotActivated, "not-activated", "No license file has been activated here yet.", json!({})),
        (
            Refusal::AlreadyActivated,
            "already-activated",
            "This portal has a license file; activation happens once.",
            json!({}),
        ),
        (
            Refusal::NoAdministratorSeat { wanted: None },
            "no-administrator-seat",
            "The file gives no seat of a user type that can administer.",
            json!({"user_type": null}),
        ),
        (
            Refusal::NoAdministratorSeat { wanted: Some(user_type("viewer")) },
            "no-administrator-seat",
            "The file gives no seat of viewer that an administrator could have.",
            json!({"user_type": "viewer"}),
        ),
    ]);
}

fn ids(ids: &[&str]) -> Vec<PrivilegeId> {
    ids.iter().filter_map(|id| PrivilegeId::parse(id)).collect()
}

#[test]
fn a_role_that_cannot_be_made_so_is_told_with_the_place_and_what_there_is() {
    let error = |pointer: &str, message: &str| json!({"errors": [{"pointer": pointer, "message": message}]});
    let form = "The name of a role has 1 to 100 characters and no control characters or signs that nobody sees.";
    let mut unknown = error("/privileges", "not in the catalog: content.fly, x");
    unknown["errors"][0]["valid"] = json!(["content.create", "members.view"]);
    let reserved = "reserved to the default Administrator role: reserved.reports";
    let cases = vec![
        (RoleRefusal::TextUnusable { pointer: "/name", form }, "validation-failed", form, error("/name", form)),
        (
            RoleRefusal::NameTaken { name: "CREW".into(), role: role("custom-crew") },
            "role-name-taken",
            "The role custom-crew is called CREW already.",
            json!({"name": "CREW", "role": "custom-crew"}),
        ),
        (
            RoleRefusal::UnknownPrivileges {
                asked: ids(&["content.fly", "x"]),
                known: ids(&["content.create", "members.view"]),
            },
            "validation-failed",
            "There is no privilege `content.fly`, `x`.",
            unknown,
        ),
        (
            RoleRefusal::ReservedPrivileges { asked: ids(&["reserved.reports"]) },
            "validation-failed",
            "Reserved to the default Administrator role, so that no other role can give it: reserved.reports.",
            error("/privileges", reserved),
        ),
        (
            RoleRefusal::DefaultRole { role: role("viewer") },
            "role-is-default",
            "viewer is a default role, which can be neither changed nor deleted.",
            json!({"role": "viewer"}),
        ),
    ];
    let told = |(refusal, code, sentence, facts)| (Refusal::Role(refusal), code, sentence, facts);
    assert_told(cases.into_iter().map(told).collect());
}

#[test]
fn a_role_that_is_held_is_told_with_its_holders_and_at_most_ten_names_in_the_sentence() {
    let names = |count: usize| (1..=count).map(|number| format!("m{number}")).collect::<Vec<_>>();
    let in_use = |holders, usernames: &[String], uses: &[&str]| {
        let uses = uses.iter().map(ToString::to_string).collect();
        Refusal::Role(RoleRefusal::InUse { role: role("custom-crew"), holders, usernames: usernames.to_vec(), uses })
    };
    let facts = |holders: u64, usernames: &[String], uses: &[&str]| json!({"role": "custom-crew", "holders": holders, "usernames": usernames, "uses": uses});
    let (invited, defaults) = ("1 invitation is pending with it.", "New members of creator get it.");
    let code = "role-in-use";
    assert_told(vec![
        (in_use(2, &names(2), &[]), code, "custom-crew is held by 2 members: m1, m2.", facts(2, &names(2), &[])),
        (
            in_use(1, &[], &[invited]),
            code,
            "custom-crew is held by 1 member. 1 invitation is pending with it.",
            facts(1, &[], &[invited]),
        ),
        (
            in_use(0, &[], &[invited, defaults]),
            code,
            "custom-crew is in use. 1 invitation is pending with it. New members of creator get it.",
            facts(0, &[], &[invited, defaults]),
        ),
        (
            in_use(140, &names(11), &[]),
            code,
            "custom-crew is held by 140 members: m1, m2, m3, m4, m5, m6, m7, m8, m9, m10 and 130 more.",
            facts(140, &names(11), &[]),
        ),
    ]);
}

#[test]
fn a_role_that_would_exceed_its_holders_types_is_told_with_all_of_them_counted_and_some_named() {
    let misfit = |number: u128| Misfit { role: role("custom-crew"), ..misfit(Some(number), None) };
    let exceeds = |by_type: &[(&str, u64)], usernames: &[&str], misfits| {
        let usernames = usernames.iter().map(ToString::to_string).collect();
        let by_type = numbers(by_type);
        Refusal::Role(RoleRefusal::ExceedsHolders { role: role("custom-crew"), by_type, usernames, misfits })
    };
    let told = |id: &str| json!({"id": id, "user_type": "viewer", "role": "custom-crew", "privileges": ["content.create", "features.edit"], "proposed_role": null});
    let (first, second) = (told("mem_00000000000000000000000001"), told("mem_00000000000000000000000002"));
    assert_told(vec![
        (
            exceeds(&[("viewer", 139), ("editor", 1)], &["ana", "bob"], vec![misfit(1), misfit(2)]),
            "role-exceeds-user-type",
            "custom-crew would give 140 members more than the user type allows: 1 of editor, 139 of viewer. \
             They are ana, bob and 138 more.",
            json!({
                "role": "custom-crew", "total": 140, "by_type": {"editor": 1, "viewer": 139},
                "usernames": ["ana", "bob"], "members": [first, second],
            }),
        ),
        (
            exceeds(&[("viewer", 1)], &[], vec![]),
            "role-exceeds-user-type",
            "custom-crew would give 1 member more than the user type allows: 1 of viewer.",
            json!({"role": "custom-crew", "total": 1, "by_type": {"viewer": 1}, "usernames": [], "members": []}),
        ),
    ]);
}
