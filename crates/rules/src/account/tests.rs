use catalog::Catalog;

use super::{
    Abilities, ProfileParts, SettingsArea, Sight, add_members, assign_groups, change_profile, change_roles,
    change_settings, change_user_types, configure_roles, delete_members, disable_members, introspect, look_after,
    reset_password, see_audit, see_licenses, see_members, see_roles, send_table, sight, update_members,
};
use crate::sample::{actor_in, actor_with, custom_role, member_id, role};
use crate::{Actor, Refusal};

fn reset(actor: &Actor, of: &str) -> Result<(), Refusal> {
    let catalog = Catalog::arcgis().with_custom_roles(&[custom_role("helpers", &["admin.members.delete"])]);
    reset_password(actor, catalog.role(&role(of)).unwrap(), &catalog)
}

#[test]
fn a_password_is_reset_by_who_updates_members_and_an_administrators_by_an_administrator_only() {
    let updater = actor_with(&["admin.members.update"]);
    let changer = actor_with(&["admin.members.update", "admin.members.change_roles", "admin.settings.member_roles"]);
    let above = |privilege: &str| {
        Err(Refusal::AboveOneself {
            act: "reset the password of a member with administrative privileges of which you lack some",
            privileges: vec![privilege.to_owned()],
        })
    };
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.update" });
    let reserved = Err(Refusal::ReservedToAdministrators { act: "reset the password of an administrator" });
    for (actor, of, answer) in [
        (&Actor::console(), "administrator", Ok(())),
        (&actor_in("administrator"), "administrator", Ok(())),
        (&actor_in("administrator"), "viewer", Ok(())),
        (&updater, "publisher", Ok(())),
        (&updater, "facilitator", above("admin.groups.create_update_capable")),
        (&updater, "custom-helpers", above("admin.members.delete")),
        (&changer, "custom-helpers", above("admin.members.delete")),
        (&actor_with(&["admin.members.update", "admin.members.delete"]), "custom-helpers", Ok(())),
        (&actor_in("administrator"), "custom-helpers", Ok(())),
        (&updater, "administrator", reserved),
        (&actor_in("facilitator"), "viewer", missing.clone()),
        (&actor_in("facilitator"), "administrator", missing),
    ] {
        assert_eq!(reset(actor, of), answer, "{} resets a {of}", actor.name());
    }
}

#[test]
fn any_one_of_the_privileges_over_members_shows_the_members() {
    for privilege in [
        "admin.members.manage_licenses",
        "admin.members.view_all",
        "admin.members.invite",
        "admin.members.update",
        "admin.members.delete",
        "admin.members.disable",
        "admin.members.change_roles",
    ] {
        assert_eq!(see_members(&actor_with(&[privilege])), Ok(()), "{privilege}");
    }
    assert_eq!(see_members(&actor_in("administrator")), Ok(()));
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.view_all" });
    assert_eq!(see_members(&actor_with(&["members.view", "admin.settings.security"])), missing);
    assert_eq!(see_members(&actor_in("facilitator")), missing);
}

#[test]
fn the_view_of_members_shows_names_and_every_privilege_over_members_shows_all() {
    assert_eq!(sight(&actor_with(&["members.view"])), Ok(Sight::Names));
    assert_eq!(sight(&actor_in("publisher")), Ok(Sight::Names));
    assert_eq!(sight(&actor_with(&["admin.members.view_all"])), Ok(Sight::Whole));
    assert_eq!(sight(&actor_in("administrator")), Ok(Sight::Whole));
    let missing = Err(Refusal::PrivilegeMissing { privilege: "members.view" });
    assert_eq!(sight(&actor_in("viewer")), missing);
}

#[test]
fn each_part_of_a_profile_is_changed_by_who_may_and_the_own_name_by_everybody() {
    let all = ProfileParts::default();
    let reserved = |act| Err(Refusal::ReservedToAdministrators { act });
    let missing = |privilege| Err(Refusal::PrivilegeMissing { privilege });
    let (updater, grouper) = (actor_with(&["admin.members.update"]), actor_with(&["admin.groups.assign_members"]));
    let (viewer, administrator) = (actor_in("viewer"), actor_in("administrator"));
    for (actor, parts, answer) in [
        (&viewer, ProfileParts { full_name: true, ..all }, missing("admin.members.update")),
        (&updater, ProfileParts { full_name: true, categories: true, ..all }, Ok(())),
        (&updater, ProfileParts { email: true, ..all }, reserved("change a member's e-mail address")),
        (
            &updater,
            ProfileParts { vendor_access: true, ..all },
            reserved("open or close the vendor's site to a member"),
        ),
        (&updater, ProfileParts { groups: true, ..all }, missing("admin.groups.assign_members")),
        (&grouper, ProfileParts { groups: true, ..all }, Ok(())),
        (&grouper, ProfileParts { categories: true, ..all }, missing("admin.members.update")),
        (
            &administrator,
            ProfileParts { full_name: true, email: true, vendor_access: true, groups: true, categories: true },
            Ok(()),
        ),
        (&viewer, all, Ok(())),
    ] {
        assert_eq!(change_profile(actor, &member_id(4), parts), answer, "{} {parts:?}", actor.name());
    }
    assert_eq!(change_profile(&viewer, &member_id(99), ProfileParts { full_name: true, ..all }), Ok(()));
}

#[test]
fn each_area_of_settings_has_its_privilege() {
    for (area, privilege) in [
        (SettingsArea::Security, "admin.settings.security"),
        (SettingsArea::Website, "admin.settings.website"),
        (SettingsArea::Groups, "admin.groups.assign_members"),
        (SettingsArea::Categories, "admin.members.manage_categories"),
        (SettingsArea::Offline, "admin.members.manage_licenses"),
    ] {
        assert_eq!(change_settings(&actor_with(&[privilege]), area), Ok(()));
        assert_eq!(change_settings(&actor_in("facilitator"), area), Err(Refusal::PrivilegeMissing { privilege }));
    }
}

#[test]
fn a_table_of_members_is_sent_by_who_holds_one_of_the_privileges_of_its_rows() {
    for privilege in [
        "admin.members.invite",
        "admin.members.update",
        "admin.members.change_roles",
        "admin.settings.member_roles",
        "admin.groups.assign_members",
    ] {
        assert_eq!(send_table(&actor_with(&[privilege])), Ok(()), "{privilege}");
    }
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.invite" });
    assert_eq!(send_table(&actor_with(&["members.view", "admin.members.view_all"])), missing);
}

#[test]
fn managing_licenses_and_nothing_else_shows_the_licenses() {
    assert_eq!(see_licenses(&Actor::console()), Ok(()));
    assert_eq!(see_licenses(&actor_with(&["admin.members.manage_licenses"])), Ok(()));
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.manage_licenses" });
    assert_eq!(see_licenses(&actor_with(&["admin.members.view_all", "admin.members.update"])), missing);
}

#[test]
fn each_thing_to_do_with_members_and_roles_takes_its_one_privilege() {
    type Rule = fn(&Actor) -> Result<(), Refusal>;
    let rules: [(Rule, &'static str); 7] = [
        (add_members, "admin.members.invite"),
        (delete_members, "admin.members.delete"),
        (disable_members, "admin.members.disable"),
        (update_members, "admin.members.update"),
        (assign_groups, "admin.groups.assign_members"),
        (configure_roles, "admin.settings.member_roles"),
        (introspect, "admin.members.view_all"),
    ];
    for (may, privilege) in rules {
        assert_eq!((may(&actor_with(&[privilege])), may(&Actor::console())), (Ok(()), Ok(())), "{privilege}");
        let others: Vec<&str> = catalog::enforced::ENFORCED.iter().copied().filter(|one| *one != privilege).collect();
        assert_eq!(may(&actor_with(&others)), Err(Refusal::PrivilegeMissing { privilege }));
    }
}

#[test]
fn the_audit_log_is_read_with_the_privileges_of_looking_at_reports_and_with_no_other() {
    let three = catalog::enforced::SUBSCRIPTION_REPORTS;
    assert_eq!((see_audit(&actor_with(three)), see_audit(&Actor::console())), (Ok(()), Ok(())));
    for lacking in three {
        let every = catalog::enforced::ENFORCED.iter().chain(three).copied().filter(|one| one != lacking);
        let others: Vec<&str> = every.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        assert_eq!(see_audit(&actor_with(&others)), Err(Refusal::PrivilegeMissing { privilege: lacking }));
    }
    let workflow = catalog::Catalog::arcgis().workflows().iter().find(|one| one.id.as_str() == "subscription-reports");
    let required: Vec<&str> = workflow.unwrap().required.iter().map(|id| id.as_str()).collect();
    assert!(three.iter().all(|one| required.contains(one)) && required.len() == three.len(), "{required:?}");
}

#[test]
fn roles_are_changed_by_either_privilege_and_user_types_by_all_five() {
    let (changes, configures) = ("admin.members.change_roles", "admin.settings.member_roles");
    assert_eq!([changes, configures].map(|one| change_roles(&actor_with(&[one]))), [Ok(()), Ok(())]);
    let missing = |privilege| Err(Refusal::PrivilegeMissing { privilege });
    assert_eq!(change_roles(&actor_with(&["members.view"])), missing(changes));
    let five = catalog::enforced::CHANGE_USER_TYPE;
    assert_eq!(change_user_types(&actor_with(five)), Ok(()));
    for lacking in five {
        let four: Vec<&str> = five.iter().copied().filter(|one| one != lacking).collect();
        assert_eq!(change_user_types(&actor_with(&four)), missing(lacking));
    }
}

#[test]
fn roles_are_seen_by_who_sees_members_and_by_who_makes_roles() {
    for privilege in ["admin.settings.member_roles", "admin.members.view_all", "admin.members.delete"] {
        assert_eq!(see_roles(&actor_with(&[privilege])), Ok(()), "{privilege}");
    }
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.view_all" });
    assert_eq!(see_roles(&actor_with(&["members.view", "admin.settings.security"])), missing);
}

#[test]
fn what_somebody_is_offered_is_what_the_rules_let_him_do() {
    let all = Abilities {
        add: true,
        tables: true,
        change: true,
        delete: true,
        roles: true,
        disable: true,
        update: true,
        licenses: true,
        groups: true,
        all: true,
        whole: true,
    };
    assert_eq!(Abilities::of(&Actor::console()), all);
    assert_eq!(Abilities::of(&actor_with(catalog::enforced::ENFORCED)), Abilities { all: false, ..all });
    let none = Abilities::of(&actor_with(&["members.view"]));
    assert_eq!(none, Abilities::default());
    let one = |privilege| Abilities::of(&actor_with(&[privilege]));
    let whole = Abilities { whole: true, ..none };
    assert_eq!(one("admin.members.delete"), Abilities { delete: true, ..whole });
    assert_eq!(one("admin.members.disable"), Abilities { disable: true, ..whole });
    assert_eq!(one("admin.members.invite"), Abilities { add: true, tables: true, ..whole });
    assert_eq!(one("admin.members.manage_licenses"), Abilities { licenses: true, ..whole });
    assert_eq!(one("admin.members.update"), Abilities { update: true, tables: true, ..whole });
    assert_eq!(one("admin.members.change_roles"), Abilities { roles: true, tables: true, ..whole });
    assert_eq!(one("admin.settings.member_roles"), Abilities { roles: true, tables: true, ..none });
    assert_eq!(one("admin.groups.assign_members"), Abilities { groups: true, tables: true, ..none });
}

#[test]
fn everybody_looks_after_the_own_sessions_and_who_manages_licenses_after_all() {
    let (own, other) = (member_id(99), member_id(4));
    let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.manage_licenses" });
    let viewer = actor_in("viewer");
    assert_eq!(viewer.id(), Some(&own));
    assert_eq!([Some(&own), Some(&other), None].map(|of| look_after(&viewer, of)), [Ok(()), missing.clone(), missing]);
    let manager = actor_with(&["admin.members.manage_licenses"]);
    assert_eq!([Some(&other), None].map(|of| look_after(&manager, of)), [Ok(()), Ok(())]);
    assert_eq!([Some(&other), None].map(|of| look_after(&Actor::console(), of)), [Ok(()), Ok(())]);
}
