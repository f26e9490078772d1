//! Who sees what of members, roles and licenses, and who may do what with them; acts that move no seat.

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
    update_members(actor)?;
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
        update_members(actor)?;
    }
    if parts.email {
        actor.require_default_administrator("change a member's e-mail address")?;
    }
    if parts.vendor_access {
        actor.require_default_administrator("open or close the vendor's site to a member")?;
    }
    if parts.groups {
        assign_groups(actor)?;
    }
    if parts.categories {
        update_members(actor)?;
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

/// Whether the actor may read the audit log. It tells of every member, so it takes what the catalog's workflow for looking at
/// reports takes; making reports is reserved, reading what happened is not (S218, S242; A-ROLE-10).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_audit(actor: &Actor) -> Result<(), Refusal> {
    actor.require_all(enforced::SUBSCRIPTION_REPORTS)
}

/// Whether the actor may see the license files, the status and the counts (S7; design: Who reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_licenses(actor: &Actor) -> Result<(), Refusal> {
    manage_licenses(actor)
}

/// Whether the actor may give and take add-ons, end sessions of others and release their offline licences (S63, S76, S84).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn manage_licenses(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::MANAGE_LICENSES)
}

/// Whether the actor may see and end what a member has in use: one's own everybody may, and anybody's whoever manages
/// licenses (S59, S66, A-SES-9). Of nobody's, that it is not there is told only to who manages licenses.
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn look_after(actor: &Actor, whose: Option<&MemberId>) -> Result<(), Refusal> {
    if whose.is_some() && actor.id() == whose { Ok(()) } else { manage_licenses(actor) }
}

/// Whether the actor may bring in members in any way, and see and end invitations (S176, A-ROLE-13).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn add_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::INVITE_MEMBERS)
}

/// Whether the actor may delete members (S175).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn delete_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::DELETE_MEMBERS)
}

/// Whether the actor may disable, enable and archive members (S177).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn disable_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::DISABLE_MEMBERS)
}

/// Whether the actor may change names and categories of members (S174).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn update_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::UPDATE_MEMBERS)
}

/// Whether the actor may put members into groups and take them out (S185).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn assign_groups(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::ASSIGN_GROUPS)
}

/// Whether the actor may change roles of members: either privilege will do (S113, S178, A-ROLE-6).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn change_roles(actor: &Actor) -> Result<(), Refusal> {
    actor.require_any(&[enforced::CHANGE_ROLES, enforced::MEMBER_ROLES])
}

/// Whether the actor may change user types of members: all privileges of that workflow (S248, A-ENF-5).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn change_user_types(actor: &Actor) -> Result<(), Refusal> {
    actor.require_all(enforced::CHANGE_USER_TYPE)
}

/// Whether the actor may make and change the organization's own roles (S128, S200).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn configure_roles(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::MEMBER_ROLES)
}

/// Whether the actor may see the roles: whoever makes them, and whoever sees members (S173, S200).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_roles(actor: &Actor) -> Result<(), Refusal> {
    configure_roles(actor).or_else(|_| see_members(actor))
}

/// Whether the actor may ask about tokens of others (S173).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn introspect(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::VIEW_ALL_MEMBERS)
}

/// What somebody may do with members at all, so that no page offers what would be refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abilities {
    /// [`add_members`].
    pub add: bool,
    /// [`send_table`].
    pub tables: bool,
    /// [`change_user_types`].
    pub change: bool,
    /// [`delete_members`].
    pub delete: bool,
    /// [`change_roles`].
    pub roles: bool,
    /// [`disable_members`].
    pub disable: bool,
    /// [`update_members`].
    pub update: bool,
    /// [`manage_licenses`].
    pub licenses: bool,
    /// [`assign_groups`].
    pub groups: bool,
    /// What is reserved to default Administrators (S217).
    pub all: bool,
    /// [`see_members`].
    pub whole: bool,
}

impl Abilities {
    /// Those of the actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self {
            add: add_members(actor).is_ok(),
            tables: send_table(actor).is_ok(),
            change: change_user_types(actor).is_ok(),
            delete: delete_members(actor).is_ok(),
            roles: change_roles(actor).is_ok(),
            disable: disable_members(actor).is_ok(),
            update: update_members(actor).is_ok(),
            licenses: manage_licenses(actor).is_ok(),
            groups: assign_groups(actor).is_ok(),
            all: actor.is_default_administrator(),
            whole: see_members(actor).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests;
