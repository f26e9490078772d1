//! What is meant where nothing is said: the new-member defaults (S54 to S57, S204).

use std::collections::BTreeSet;

use catalog::{Catalog, RoleId, UserType};
use entitlement::{AddOnId, Allotment, UserTypeId};

use crate::account::SettingsArea;
use crate::capacity::{known_role, known_user_type};
use crate::change_set::{add_ons, misfit};
use crate::facts::Facts;
use crate::{Actor, Refusal, account};

/// The role of a new member for whom none is asked, where the catalog has it and it fits (design: `POST /members`).
const ROLE: &str = "viewer";

/// What a new member gets where nothing is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMemberDefaults {
    /// The user type; without one it has to be named for every new member (S55).
    pub user_type: Option<UserTypeId>,
    /// The role, where it fits the user type of the new member.
    pub role: Option<RoleId>,
    /// The groups.
    pub groups: BTreeSet<String>,
    /// The categories.
    pub categories: BTreeSet<String>,
    /// Whether the vendor's own site is open to the new member (S57).
    pub vendor_access: bool,
    /// The add-ons and extensions, each where the user type of the new member admits it and one is free (S56).
    pub add_ons: BTreeSet<AddOnId>,
}

/// What is asked for a new member beside seat and role; nothing where the default is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedExtras {
    /// The groups.
    pub groups: Option<BTreeSet<String>>,
    /// The categories.
    pub categories: Option<BTreeSet<String>>,
    /// Whether the vendor's own site is open to the new member.
    pub vendor_access: Option<bool>,
}

/// What a new member gets beside seat and role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenExtras {
    /// The groups.
    pub groups: BTreeSet<String>,
    /// The categories.
    pub categories: BTreeSet<String>,
    /// Whether the vendor's own site is open to the new member (S88).
    pub vendor_access: bool,
}

/// What a new member gets beside seat and role. The defaults are everybody's to give; something else is given by who may
/// give it to a member who is there (S54 to S57, S87, S88).
///
/// # Errors
/// A privilege is missing, or the act is reserved.
pub fn extras(facts: &Facts<'_>, actor: &Actor, asked: &AskedExtras) -> Result<GivenExtras, Refusal> {
    let defaults = facts.defaults();
    let groups = asked.groups.as_ref().unwrap_or(&defaults.groups);
    if *groups != defaults.groups {
        account::assign_groups(actor)?;
    }
    let categories = asked.categories.as_ref().unwrap_or(&defaults.categories);
    if *categories != defaults.categories {
        account::update_members(actor)?;
    }
    let vendor_access = asked.vendor_access.unwrap_or(defaults.vendor_access);
    if vendor_access != defaults.vendor_access {
        actor.require_default_administrator("open or close the vendor's site to a member")?;
    }
    Ok(GivenExtras { groups: groups.clone(), categories: categories.clone(), vendor_access })
}

/// The role of a new member of that user type for whom none is asked: the organization's default where it fits, or else
/// the catalog's.
#[must_use]
pub fn role<'f>(facts: &'f Facts<'_>, user_type: &'f UserType) -> &'f RoleId {
    let chosen = facts
        .defaults()
        .role
        .as_ref()
        .filter(|id| facts.catalog().role(id).is_some_and(|role| user_type.admits(role) && !role.is_administrator));
    chosen.unwrap_or_else(|| usual_role(facts.catalog(), user_type))
}

/// The catalog's role for new members of that user type: `viewer`, or else the user type's usual role.
///
/// The catalog's loader has seen that the usual role is there and fits.
#[must_use]
pub fn usual_role<'c>(catalog: &'c Catalog, user_type: &'c UserType) -> &'c RoleId {
    let default = catalog.roles().iter().find(|role| role.id.as_str() == ROLE && user_type.admits(role));
    default.map_or(&user_type.usual_role, |role| &role.id)
}

/// Whether the actor may set these defaults: somebody with the security settings (S204, A-ROLE-9), to a user type and a
/// role that fit each other and are not the Administrator's.
///
/// # Errors
/// A privilege is missing; or what [`fault`] finds.
pub fn set(facts: &Facts<'_>, actor: &Actor, wanted: &NewMemberDefaults) -> Result<(), Refusal> {
    account::change_settings(actor, SettingsArea::Security)?;
    fault(facts, wanted).map_or(Ok(()), Err)
}

/// What is wrong with the defaults under the file and the catalog in force; asked when they are set, and shown when
/// another file makes them wrong.
#[must_use]
pub fn fault(facts: &Facts<'_>, wanted: &NewMemberDefaults) -> Option<Refusal> {
    find_fault(facts, wanted, |id| facts.licensed(id)).err()
}

/// What would be wrong with the defaults under a file that is not in force yet; `after` is what it gives now, and the
/// facts understand the ids as its catalog does.
#[must_use]
pub fn fault_under(facts: &Facts<'_>, after: &Allotment, wanted: &NewMemberDefaults) -> Option<Refusal> {
    find_fault(facts, wanted, |id| after.licensed(id)).err()
}

fn find_fault(
    facts: &Facts<'_>,
    wanted: &NewMemberDefaults,
    licensed: impl Fn(&UserTypeId) -> u64,
) -> Result<(), Refusal> {
    let user_type = wanted.user_type.as_ref().map(|id| known_user_type(facts.catalog(), id)).transpose()?;
    let role = wanted.role.as_ref().map(|id| known_role(facts, id)).transpose()?;
    if role.is_some_and(|role| role.is_administrator) {
        return Err(Refusal::DefaultAdministrator);
    }
    if let Some(user_type) = user_type.filter(|one| licensed(&one.id) == 0) {
        return Err(Refusal::DefaultNotLicensed { user_type: user_type.id.clone() });
    }
    add_ons::misfit(facts.catalog(), user_type, &wanted.add_ons)?;
    match (user_type, role) {
        (Some(user_type), Some(role)) if !user_type.admits(role) => {
            Err(Refusal::RoleExceedsUserType { misfits: vec![misfit(facts, None, user_type, role)] })
        }
        (Some(_) | None, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
