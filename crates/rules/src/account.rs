//! Acts on somebody's account that move no seat.

use catalog::{Catalog, Role, enforced};

use crate::{Actor, MemberId, Refusal};

/// What nobody does who lacks privileges of the member's role.
const RESET_ABOVE_ONESELF: &str =
    "reset the password of a member with administrative privileges of which you lack some";

/// Whether the actor may give the member a new one-time password.
///
/// # Errors
/// The actor may not update members; the member is an Administrator and the actor is not (S224); or the member's role
/// gives administrative privileges that the actor lacks, who would take them over with the account (A-ROLE-5).
pub fn reset_password(actor: &Actor, role_of_member: &Role, catalog: &Catalog) -> Result<(), Refusal> {
    actor.require(enforced::UPDATE_MEMBERS)?;
    if role_of_member.is_administrator {
        actor.require_default_administrator("reset the password of an administrator")?;
    }
    actor.require_to_cover(RESET_ABOVE_ONESELF, role_of_member, catalog)
}

/// How much of the members somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything about every account (S173).
    Whole,
    /// Who there is: names, user type and role (S135).
    Names,
}

/// Whether the actor may see members, and how much of them (S7, S135, S173; design: Who reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn sight(actor: &Actor) -> Result<Sight, Refusal> {
    match see_members(actor) {
        Ok(()) => Ok(Sight::Whole),
        Err(_) => actor.require(enforced::VIEW_MEMBERS).map(|()| Sight::Names),
    }
}

/// Whether the actor may see everything about members, their user types and the changes of seats (S7, S173; design: Who
/// reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require_any(&[
        enforced::VIEW_ALL_MEMBERS,
        enforced::MANAGE_LICENSES,
        enforced::INVITE_MEMBERS,
        enforced::UPDATE_MEMBERS,
        enforced::DELETE_MEMBERS,
        enforced::DISABLE_MEMBERS,
        enforced::CHANGE_ROLES,
    ])
}

/// Whether the actor may send a table of members at all: with one of the privileges that its rows can need. Without any
/// of them the table would still tell which user names there are.
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn send_table(actor: &Actor) -> Result<(), Refusal> {
    actor.require_any(&[
        enforced::INVITE_MEMBERS,
        enforced::UPDATE_MEMBERS,
        enforced::CHANGE_ROLES,
        enforced::MEMBER_ROLES,
        enforced::ASSIGN_GROUPS,
    ])
}

/// What of a member's account is to change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProfileParts {
    /// The name for people.
    pub full_name: bool,
    /// The address.
    pub email: bool,
    /// Whether the vendor's own site is open to the member.
    pub vendor_access: bool,
    /// The groups.
    pub groups: bool,
    /// The categories.
    pub categories: bool,
}

/// Whether the actor may change these parts of the member's account. Everybody may change the own name; addresses and
/// vendor-site access are for default Administrators only (S87, S174, S185, S220, S223).
///
/// # Errors
/// A privilege is missing, or the act is reserved.
pub fn change_profile(actor: &Actor, whom: &MemberId, parts: ProfileParts) -> Result<(), Refusal> {
    if parts.full_name && actor.id() != Some(whom) {
        actor.require(enforced::UPDATE_MEMBERS)?;
    }
    if parts.email {
        actor.require_default_administrator("change a member's e-mail address")?;
    }
    if parts.vendor_access {
        actor.require_default_administrator("open or close the vendor's site to a member")?;
    }
    if parts.groups {
        actor.require(enforced::ASSIGN_GROUPS)?;
    }
    if parts.categories {
        actor.require(enforced::UPDATE_MEMBERS)?;
    }
    Ok(())
}

/// Settings of the organization that are more than the new-member defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsArea {
    /// Notices and passwords (S196, S205).
    Security,
    /// The name and the words of the house (S197, S206).
    Website,
    /// The groups that there are (S185).
    Groups,
    /// The categories of members (S180).
    Categories,
    /// Whether products may be taken offline (S82, S84).
    Offline,
}

/// Whether the actor may change settings of that area.
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn change_settings(actor: &Actor, area: SettingsArea) -> Result<(), Refusal> {
    actor.require(match area {
        SettingsArea::Security => enforced::SECURITY_SETTINGS,
        SettingsArea::Website => enforced::WEBSITE_SETTINGS,
        SettingsArea::Groups => enforced::ASSIGN_GROUPS,
        SettingsArea::Categories => enforced::MANAGE_CATEGORIES,
        SettingsArea::Offline => enforced::MANAGE_LICENSES,
    })
}

/// Whether the actor may see the license files, the status and the counts (S7; design: Who reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_licenses(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::MANAGE_LICENSES)
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::{
        ProfileParts, SettingsArea, Sight, change_profile, change_settings, reset_password, see_licenses, see_members,
        send_table, sight,
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
        let changer =
            actor_with(&["admin.members.update", "admin.members.change_roles", "admin.settings.member_roles"]);
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
}
