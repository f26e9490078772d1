use std::collections::BTreeMap;

use catalog::{Catalog, PrivilegeId};

use super::{Draft, Holder, Holders, RoleFacts, RoleGrant, RoleRemovalGrant, Warning, create, delete, edit, warnings};
use crate::refusal::{Misfit, RoleRefusal};
use crate::sample::{Organization, actor_in, actor_with, custom_role, member_id, privileges, role, user_type};
use crate::{Actor, Brand, Facts, Refusal};

const CONFIGURE: &str = "admin.settings.member_roles";

fn draft(name: &str, ids: &[&str]) -> Draft {
    Draft { name: name.into(), description: "For the crew.".into(), privileges: privileges(ids) }
}

/// An organization whose role `custom-crew` gives viewing and editing.
fn organization() -> Organization {
    Organization::at_capacity().with_role(custom_role("crew", &["members.view", "features.edit"]))
}

/// A role with these holders: user name and user type each.
fn held<'tx>(transaction: &'tx (), id: &str, by: &[(&str, &str)]) -> RoleFacts<'tx> {
    let mut holders = Holders::default();
    for (number, (username, of)) in (1..).zip(by) {
        holders.count += 1;
        *holders.by_type.entry(user_type(of)).or_default() += 1;
        let (username, user_type) = ((*username).to_owned(), user_type(of));
        holders.some.push(Holder { member: member_id(number), username, user_type });
    }
    RoleFacts::read_in(Brand::of(transaction), role(id), holders, vec![])
}

fn created(facts: &Facts<'_>, actor: &Actor, draft: &Draft) -> Result<RoleGrant, Refusal> {
    create(facts, actor, draft).map(|permit| permit.grant().clone())
}

fn edited<'tx>(facts: &Facts<'tx>, role: &RoleFacts<'tx>, draft: &Draft) -> Result<RoleGrant, Refusal> {
    edit(facts, &Actor::console(), role, draft).map(|permit| permit.grant().clone())
}

#[test]
fn default_administrators_and_holders_of_member_roles_make_change_and_delete_roles_and_nobody_else() {
    let tx = ();
    let facts = organization().facts(&tx);
    let crew = held(&tx, "custom-crew", &[]);
    let asked = draft("Field crew", &["members.view"]);
    let missing = Some(Refusal::PrivilegeMissing { privilege: CONFIGURE });
    for (actor, answer) in [
        (Actor::console(), None),
        (actor_in("administrator"), None),
        (actor_with(&[CONFIGURE]), None),
        (actor_with(&["admin.members.change_roles", "admin.settings.security"]), missing.clone()),
        (actor_in("facilitator"), missing),
    ] {
        assert_eq!(create(&facts, &actor, &asked).err(), answer, "{} makes one", actor.name());
        assert_eq!(edit(&facts, &actor, &crew, &asked).err(), answer, "{} changes one", actor.name());
        assert_eq!(delete(&facts, &actor, &crew).err(), answer, "{} deletes one", actor.name());
    }
}

#[test]
fn a_role_takes_any_combination_of_privileges_or_none_and_its_texts_without_spaces_around_them() {
    let tx = ();
    let facts = organization().facts(&tx);
    let all: Vec<&str> = Catalog::arcgis().privileges().iter().map(|one| one.id.as_str()).collect();
    for ids in [vec![], vec!["admin.settings.website"], all] {
        let asked = Draft {
            name: "  Web desk ".into(),
            description: " One page.\r\nNo more. ".into(),
            privileges: privileges(&ids),
        };
        let kept = Draft { name: "Web desk".into(), description: "One page.\r\nNo more.".into(), ..asked.clone() };
        let grant = created(&facts, &actor_with(&[CONFIGURE]), &asked).unwrap();
        assert_eq!(grant, RoleGrant { id: role("custom-web-desk"), draft: kept.clone() }, "{} privileges", ids.len());
        let custom = grant.custom_role();
        assert_eq!((custom.id, custom.name, custom.description), (grant.id, kept.name, kept.description));
        assert_eq!(custom.privileges, kept.privileges);
    }
}

#[test]
fn the_id_of_a_new_role_comes_from_its_name_and_is_one_of_its_own() {
    let tx = ();
    let long = "a".repeat(60);
    let cut = format!("custom-{}", "a".repeat(57));
    let organization = organization()
        .with_role(custom_role("field-crew", &[]))
        .with_role(custom_role("field-crew-2", &[]))
        .with_role(custom_role("role", &[]))
        .with_role(custom_role(&"b".repeat(57), &[]));
    let facts = organization.facts(&tx);
    let numbered = format!("custom-{}-2", "b".repeat(55));
    for (name, id) in [
        ("Web desk", "custom-web-desk"),
        ("  Web -- desk (2026)! ", "custom-web-desk-2026"),
        ("Field crew", "custom-field-crew-3"),
        ("Größe & Straße", "custom-grosse-strasse"),
        ("ÀÆÇÈÌÑÒØŒÙÝ", "custom-aaeceinoooeuy"),
        ("測量 team", "custom-team"),
        ("測量", "custom-role-2"),
        ("!?", "custom-role-2"),
        ("viewer", "custom-viewer"),
        (&long, &cut),
        (&"b".repeat(58), &numbered),
        (&format!("{} c", "a".repeat(56)), &format!("custom-{}", "a".repeat(56))),
    ] {
        // `Viewer` is the name of a default role, so this one is called differently.
        let asked = draft(&name.replace("viewer", "viewer!"), &[]);
        assert_eq!(created(&facts, &Actor::console(), &asked).map(|grant| grant.id), Ok(role(id)), "{name}");
    }
}

#[test]
fn a_name_is_short_printable_and_taken_once_whatever_its_case() {
    let tx = ();
    let facts = organization().facts(&tx);
    let text = |pointer, form| Some(Refusal::Role(RoleRefusal::TextUnusable { pointer, form }));
    let form = "The name of a role has 1 to 100 characters and no control characters or signs that nobody sees.";
    let taken =
        |name: &str, id: &str| Some(Refusal::Role(RoleRefusal::NameTaken { name: name.into(), role: role(id) }));
    for (name, answer) in [
        ("Field crew", None),
        (&"ä".repeat(100), None),
        (&"ä".repeat(101), text("/name", form)),
        ("", text("/name", form)),
        (" \t ", text("/name", form)),
        ("two\nlines", text("/name", form)),
        ("CREW", taken("CREW", "custom-crew")),
        (" Data editor ", taken("Data editor", "data-editor")),
    ] {
        assert_eq!(create(&facts, &Actor::console(), &draft(name, &[])).err(), answer, "{name:?}");
    }
    let form = "The description of a role has at most 1000 characters, and of control characters line breaks only.";
    for (description, answer) in [
        ("ä".repeat(1000), None),
        ("ä".repeat(1001), text("/description", form)),
        ("a bell \u{7}".into(), text("/description", form)),
    ] {
        let asked = Draft { description, ..draft("Field crew", &[]) };
        assert_eq!(create(&facts, &Actor::console(), &asked).err(), answer);
    }
}

#[test]
fn unknown_privileges_are_answered_with_the_known_ones_and_reserved_acts_with_their_own_sentence() {
    let tx = ();
    let facts = organization().facts(&tx);
    let ids = |ids: &[&str]| ids.iter().filter_map(|id| PrivilegeId::parse(id)).collect::<Vec<_>>();
    let known = Catalog::arcgis().privileges().iter().map(|one| one.id.clone()).collect();
    let unknown = RoleRefusal::UnknownPrivileges { asked: ids(&["content.fly", "members.veiw"]), known };
    let reserved = RoleRefusal::ReservedPrivileges { asked: ids(&["reserved.delete_admins", "reserved.reports"]) };
    for (asked, answer) in [
        (ids(&["members.veiw", "content.fly", "members.view"]), unknown),
        (ids(&["reserved.reports", "members.view", "content.fly", "reserved.delete_admins"]), reserved),
    ] {
        let asked = Draft { privileges: asked.into_iter().collect(), ..draft("Field crew", &[]) };
        let crew = held(&tx, "custom-crew", &[]);
        assert_eq!(create(&facts, &Actor::console(), &asked).err(), Some(Refusal::Role(answer.clone())));
        assert_eq!(edit(&facts, &Actor::console(), &crew, &asked).err(), Some(Refusal::Role(answer)));
    }
}

#[test]
fn an_edit_keeps_the_id_and_may_keep_the_name() {
    let tx = ();
    let facts = organization().facts(&tx);
    let crew = held(&tx, "custom-crew", &[("ana", "creator")]);
    assert_eq!((crew.id(), crew.holders().count), (&role("custom-crew"), 1));
    for name in ["crew", "Crew", "Another name altogether"] {
        let asked = draft(name, &["content.create"]);
        assert_eq!(edited(&facts, &crew, &asked), Ok(RoleGrant { id: role("custom-crew"), draft: asked.clone() }));
    }
    let taken = RoleRefusal::NameTaken { name: "viewer".into(), role: role("viewer") };
    assert_eq!(edited(&facts, &crew, &draft("viewer", &[])), Err(Refusal::Role(taken)));
}

#[test]
fn default_roles_and_roles_that_are_not_there_are_neither_changed_nor_deleted() {
    let tx = ();
    let facts = organization().facts(&tx);
    for default in Catalog::arcgis().roles() {
        let of = held(&tx, default.id.as_str(), &[]);
        let refusal = Refusal::Role(RoleRefusal::DefaultRole { role: default.id.clone() });
        assert_eq!(edited(&facts, &of, &draft("Field crew", &[])), Err(refusal.clone()), "{}", default.id);
        assert_eq!(delete(&facts, &Actor::console(), &of).err(), Some(refusal), "{}", default.id);
    }
    let gone = held(&tx, "custom-gone", &[]);
    let known = facts.catalog().roles().iter().map(|one| one.id.clone()).collect();
    let unknown = Refusal::UnknownRole { asked: role("custom-gone"), known };
    assert_eq!(edited(&facts, &gone, &draft("Field crew", &[])), Err(unknown.clone()));
    assert_eq!(delete(&facts, &Actor::console(), &gone).err(), Some(unknown));
}

#[test]
fn a_delegate_changes_every_custom_role_but_the_own_one() {
    let tx = ();
    let organization = organization().with_role(custom_role("delegate", &[CONFIGURE]));
    let facts = organization.facts(&tx);
    // The role of everybody whom `actor_with` makes is `custom-delegate`.
    let delegate = actor_with(&[CONFIGURE]);
    let own = held(&tx, "custom-delegate", &[("ana", "creator")]);
    let asked = draft("Field crew", &["admin.members.delete"]);
    let reserved = Refusal::ReservedToAdministrators { act: "change the role that they hold themselves" };
    assert_eq!(edit(&facts, &delegate, &own, &asked).err(), Some(reserved));
    assert!(edit(&facts, &delegate, &held(&tx, "custom-crew", &[]), &asked).is_ok());
    assert!(edit(&facts, &actor_in("administrator"), &own, &asked).is_ok());
}

#[test]
fn an_edit_that_gives_holders_more_than_their_user_types_allow_is_refused_with_those_holders() {
    let tx = ();
    let facts = organization().facts(&tx);
    let mut crew = held(
        &tx,
        "custom-crew",
        &[("ana", "editor"), ("bob", "creator"), ("cleo", "mobile-worker"), ("dan", "of-yesterday")],
    );
    // Only some of the holders are read by name; all of them are counted.
    crew.holders.by_type.insert(user_type("editor"), 140);
    let kept = ["members.view", "features.edit"];
    assert!(edited(&facts, &crew, &draft("crew", &[kept[0], kept[1], "features.full_edit"])).is_ok());
    let misfit = |number, of: &str, too_much: &[&str]| Misfit {
        member: Some(member_id(number)),
        user_type: user_type(of),
        role: role("custom-crew"),
        privileges: too_much.iter().map(ToString::to_string).collect(),
        proposed_role: None,
    };
    let exceeds = |by_type: &[(&str, u64)], usernames: &[&str], misfits| {
        Err(Refusal::Role(RoleRefusal::ExceedsHolders {
            role: role("custom-crew"),
            by_type: by_type.iter().map(|(id, n)| (user_type(id), *n)).collect(),
            usernames: usernames.iter().map(ToString::to_string).collect(),
            misfits,
        }))
    };
    assert_eq!(
        edited(&facts, &crew, &draft("crew", &[kept[0], kept[1], "content.create"])),
        exceeds(
            &[("editor", 140), ("mobile-worker", 1)],
            &["ana", "cleo"],
            vec![misfit(1, "editor", &["content.create"]), misfit(3, "mobile-worker", &["content.create"])],
        )
    );
    assert_eq!(
        edited(&facts, &crew, &draft("crew", &["content.view_location_tracks"])),
        exceeds(&[("editor", 140)], &["ana"], vec![misfit(1, "editor", &["content.view_location_tracks"])])
    );
}

#[test]
fn what_a_role_gives_already_is_no_hindrance_to_taking_something_out_of_it() {
    let tx = ();
    // The Viewer came into the role under another catalog; under this one its type does not allow editing.
    let facts = organization().facts(&tx);
    let crew = held(&tx, "custom-crew", &[("ana", "viewer")]);
    assert!(edited(&facts, &crew, &draft("Field crew", &["features.edit"])).is_ok());
    assert!(edited(&facts, &crew, &draft("Field crew", &["features.edit", "content.view_org"])).is_ok());
    let Err(Refusal::Role(RoleRefusal::ExceedsHolders { by_type, .. })) =
        edited(&facts, &crew, &draft("Field crew", &["features.edit", "features.full_edit"]))
    else {
        panic!("a Viewer was given more editing")
    };
    assert_eq!(by_type, BTreeMap::from([(user_type("viewer"), 1)]));
}

#[test]
fn a_role_is_deleted_when_nobody_holds_it_and_nothing_refers_to_it() {
    let tx = ();
    let facts = organization().facts(&tx);
    let console = Actor::console();
    let grant = delete(&facts, &console, &held(&tx, "custom-crew", &[])).unwrap().grant().clone();
    assert_eq!(grant, RoleRemovalGrant { id: role("custom-crew") });
    let in_use = |holders, usernames: &[&str], uses: &[&str]| {
        let texts = |of: &[&str]| of.iter().map(ToString::to_string).collect();
        let (usernames, uses) = (texts(usernames), texts(uses));
        Some(Refusal::Role(RoleRefusal::InUse { role: role("custom-crew"), holders, usernames, uses }))
    };
    let with = |holders, uses: &[&str]| {
        let uses = uses.iter().map(ToString::to_string).collect();
        RoleFacts::read_in(Brand::of(&tx), role("custom-crew"), holders, uses)
    };
    let held_by_two = held(&tx, "custom-crew", &[("ana", "viewer"), ("bob", "creator")]);
    assert_eq!(delete(&facts, &console, &held_by_two).err(), in_use(2, &["ana", "bob"], &[]));
    let archived = Holders { count: 1, ..Holders::default() };
    assert_eq!(delete(&facts, &console, &with(archived, &[])).err(), in_use(1, &[], &[]));
    let invited = "2 invitations are pending with it.";
    assert_eq!(delete(&facts, &console, &with(Holders::default(), &[invited])).err(), in_use(0, &[], &[invited]));
}

#[test]
fn the_editor_warns_of_licenses_out_of_reach_and_of_user_types_that_cannot_hold_the_role() {
    let licenses = "admin.members.manage_licenses";
    let below = |ids: &[&str]| Warning::UserTypesBelow { user_types: ids.iter().map(|id| user_type(id)).collect() };
    let three = ["viewer", "editor", "mobile-worker"];
    for (ids, expected) in [
        (vec![], vec![]),
        (vec!["members.view"], vec![]),
        (vec!["features.edit"], vec![]),
        (vec!["content.view_location_tracks"], vec![below(&three[..2])]),
        (vec![licenses], vec![Warning::LicensesWithoutMembersPage, below(&three)]),
        (vec![licenses, "members.view"], vec![below(&three)]),
    ] {
        assert_eq!(warnings(&draft("Field crew", &ids), Catalog::arcgis()), expected, "{ids:?}");
    }
    let sentences = [Warning::LicensesWithoutMembersPage, below(&three)].map(|one| one.sentence());
    assert_eq!(
        sentences,
        [
            "Holders can manage licenses through programs, but without members.view they do not see the organization page.",
            "Members of these user types cannot hold the role: viewer, editor, mobile-worker.",
        ]
    );
}
