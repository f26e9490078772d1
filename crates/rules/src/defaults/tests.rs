use std::collections::BTreeSet;

use catalog::{Catalog, UserType};

use super::{AskedExtras, GivenExtras, NewMemberDefaults, extras, fault, fault_under, role, set, usual_role};
use crate::refusal::Misfit;
use crate::sample::{Organization, actor_in, actor_with, gives, role as a_role, user_type};
use crate::{Actor, Refusal};

fn known(id: &str) -> &'static UserType {
    Catalog::arcgis().user_type(&user_type(id)).unwrap()
}

#[test]
fn the_role_is_viewer_where_it_fits_and_else_the_usual_one() {
    let nothing = |id: &str| UserType { ceiling: BTreeSet::new(), ..known(id).clone() };
    for (case, of, expected) in [
        ("a Viewer", known("viewer").clone(), "viewer"),
        ("a Creator, whose usual role is another", known("creator").clone(), "viewer"),
        ("a Creator who may do nothing", nothing("creator"), known("creator").usual_role.as_str()),
        ("an Editor who may do nothing", nothing("editor"), known("editor").usual_role.as_str()),
    ] {
        assert_eq!(usual_role(Catalog::arcgis(), &of).as_str(), expected, "{case}");
    }
    assert_ne!(known("creator").usual_role.as_str(), "viewer");
}

#[test]
fn a_catalog_without_a_role_of_that_name_gives_the_usual_one() {
    let text = std::str::from_utf8(Catalog::arcgis_bytes()).unwrap();
    let mut whole: serde_json::Value = serde_json::from_str(text).unwrap();
    let rename = |value: &mut serde_json::Value| {
        if value == "viewer" {
            *value = "reader".into();
        }
    };
    for one in whole["roles"].as_array_mut().unwrap() {
        rename(&mut one["id"]);
    }
    for one in whole["user_types"].as_array_mut().unwrap() {
        rename(&mut one["usual_role"]);
    }
    let catalog = Catalog::parse(whole.to_string().as_bytes()).unwrap();
    for (id, expected) in [("viewer", "reader"), ("creator", known("creator").usual_role.as_str())] {
        assert_eq!(usual_role(&catalog, catalog.user_type(&user_type(id)).unwrap()).as_str(), expected, "{id}");
    }
}

fn defaults(user: Option<&str>, in_role: Option<&str>) -> NewMemberDefaults {
    NewMemberDefaults { user_type: user.map(user_type), role: in_role.map(a_role), ..NewMemberDefaults::default() }
}

#[test]
fn the_organizations_own_role_is_given_where_it_fits_and_is_no_administrators() {
    let tx = ();
    let mut organization = Organization::at_capacity();
    for (chosen, of, expected) in [
        (None, "creator", "viewer"),
        (Some("publisher"), "creator", "publisher"),
        (Some("publisher"), "viewer", "viewer"),
        (Some("data-editor"), "editor", "data-editor"),
        (Some("administrator"), "creator", "viewer"),
        (Some("of-yesterday"), "creator", "viewer"),
    ] {
        organization.defaults = defaults(None, chosen);
        let facts = organization.facts(&tx);
        let given = role(&facts, facts.catalog().user_type(&user_type(of)).unwrap());
        assert_eq!(given, &a_role(expected), "{chosen:?} for {of}");
    }
}

#[test]
fn defaults_are_of_this_catalog_licensed_fitting_and_never_an_administrators() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let known = facts.catalog();
    let unknown_type = Refusal::UnknownUserType {
        asked: user_type("creater"),
        known: known.user_types().iter().map(|one| one.id.clone()).collect(),
    };
    let unknown_role =
        Refusal::UnknownRole { asked: a_role("boss"), known: known.roles().iter().map(|one| one.id.clone()).collect() };
    let unlicensed = Refusal::DefaultNotLicensed { user_type: user_type("editor") };
    for (user, in_role, found) in [
        (None, None, None),
        (Some("creator"), None, None),
        (None, Some("publisher"), None),
        (Some("creator"), Some("publisher"), None),
        (Some("creater"), Some("boss"), Some(unknown_type)),
        (Some("editor"), Some("boss"), Some(unknown_role)),
        (Some("editor"), Some("viewer"), Some(unlicensed.clone())),
        (Some("editor"), None, Some(unlicensed)),
        (Some("creator"), Some("administrator"), Some(Refusal::DefaultAdministrator)),
        (None, Some("administrator"), Some(Refusal::DefaultAdministrator)),
    ] {
        let wanted = defaults(user, in_role);
        assert_eq!(fault(&facts, &wanted), found, "{user:?}, {in_role:?}");
        assert_eq!(set(&facts, &Actor::console(), &wanted).err(), found, "{user:?}, {in_role:?}");
    }
    let Some(Refusal::RoleExceedsUserType { misfits }) = fault(&facts, &defaults(Some("viewer"), Some("user"))) else {
        panic!("it fits")
    };
    let [Misfit { member: None, proposed_role, .. }] = misfits.as_slice() else { panic!("one role of nobody") };
    assert_eq!(proposed_role, &Some(a_role("viewer")));
}

#[test]
fn the_defaults_are_set_by_who_has_the_security_settings() {
    let tx = ();
    let facts = Organization::at_capacity().facts(&tx);
    let others: Vec<_> =
        catalog::enforced::ENFORCED.iter().copied().filter(|one| *one != "admin.settings.security").collect();
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.settings.security" });
    for (actor, answer) in [
        (Actor::console(), Ok(())),
        (actor_in("administrator"), Ok(())),
        (actor_with(&["admin.settings.security"]), Ok(())),
        (actor_with(&others), missing.clone()),
        (actor_in("facilitator"), missing),
    ] {
        assert_eq!(set(&facts, &actor, &defaults(Some("creator"), Some("user"))), answer, "{}", actor.name());
    }
    let wrong = defaults(None, Some("administrator"));
    let unasked = set(&facts, &actor_in("viewer"), &wrong);
    assert_eq!(unasked, Err(Refusal::PrivilegeMissing { privilege: "admin.settings.security" }));
}

#[test]
fn the_defaults_are_everybodys_to_give_and_anything_else_is_given_by_who_may() {
    let tx = ();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
    let mut organization = Organization::at_capacity();
    organization.defaults =
        NewMemberDefaults { groups: names(&["staff"]), vendor_access: true, ..NewMemberDefaults::default() };
    let facts = organization.facts(&tx);
    let usual = GivenExtras { groups: names(&["staff"]), categories: names(&[]), vendor_access: true };
    let nothing = AskedExtras::default();
    let other_group = AskedExtras { groups: Some(names(&["crew"])), ..nothing.clone() };
    let a_category = AskedExtras { categories: Some(names(&["field"])), ..nothing.clone() };
    let closed = AskedExtras { vendor_access: Some(false), ..nothing.clone() };
    let same = AskedExtras { groups: Some(names(&["staff"])), vendor_access: Some(true), ..nothing.clone() };
    let inviter = actor_with(&["admin.members.invite"]);
    let missing = |privilege| Err(Refusal::PrivilegeMissing { privilege });
    for (actor, asked, answer) in [
        (&inviter, &nothing, Ok(usual.clone())),
        (&inviter, &same, Ok(usual.clone())),
        (&inviter, &other_group, missing("admin.groups.assign_members")),
        (&inviter, &a_category, missing("admin.members.update")),
        (
            &inviter,
            &closed,
            Err(Refusal::ReservedToAdministrators { act: "open or close the vendor's site to a member" }),
        ),
        (
            &actor_with(&["admin.groups.assign_members"]),
            &other_group,
            Ok(GivenExtras { groups: names(&["crew"]), ..usual.clone() }),
        ),
        (
            &actor_with(&["admin.members.update"]),
            &a_category,
            Ok(GivenExtras { categories: names(&["field"]), ..usual.clone() }),
        ),
        (&actor_in("administrator"), &closed, Ok(GivenExtras { vendor_access: false, ..usual.clone() })),
    ] {
        assert_eq!(extras(&facts, actor, asked), answer, "{} {asked:?}", actor.name());
    }
}

#[test]
fn defaults_are_judged_by_the_file_in_force_and_by_one_that_is_not_yet() {
    let house = Organization::at_capacity();
    let facts = house.facts(&());
    let to = |of: &str, in_role: &str| NewMemberDefaults {
        user_type: Some(user_type(of)),
        role: Some(a_role(in_role)),
        ..NewMemberDefaults::default()
    };
    let not_licensed = |of: &str| Some(Refusal::DefaultNotLicensed { user_type: user_type(of) });
    let (smaller, wider) = (gives(&[("creator", 5)]), gives(&[("viewer", 1), ("editor", 1)]));
    assert_eq!(fault(&facts, &to("viewer", "viewer")), None);
    assert_eq!(fault_under(&facts, &smaller, &to("viewer", "viewer")), not_licensed("viewer"));
    assert_eq!(fault_under(&facts, &wider, &to("viewer", "viewer")), None);
    assert_eq!(fault(&facts, &to("editor", "viewer")), not_licensed("editor"));
    assert_eq!(fault_under(&facts, &wider, &to("editor", "viewer")), None);
    assert_eq!(fault_under(&facts, &smaller, &NewMemberDefaults::default()), None);
    let above = fault_under(&facts, &wider, &to("viewer", "publisher"));
    assert!(matches!(above, Some(Refusal::RoleExceedsUserType { .. })));
}
