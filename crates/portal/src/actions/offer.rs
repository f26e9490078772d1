//! What a form for a new member may offer to whoever opens it: user types with their room, and the new-member defaults.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::account::SettingsArea;
use rules::refusal::Room;
use rules::{account, capacity, defaults};
use store::{ReadTx, StoreError, Topic};

use super::{Caller, actor, settings};

/// What can be chosen for a new member, and what is chosen already.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The names of the ids.
    pub catalog: Arc<Catalog>,
    /// The user types with room.
    pub room: Vec<Room>,
    /// The user type to begin with: the default, or the first with room.
    pub user_type: Option<UserTypeId>,
    /// The role to begin with: the default where it fits, or the usual one of the user type.
    pub role: Option<RoleId>,
    /// The groups, for who may give others than the default ones.
    pub groups: Option<Labels>,
    /// The categories, for who may give others than the default ones.
    pub categories: Option<Labels>,
    /// Whether the vendor's own site is open by default, for who may say otherwise.
    pub vendor_access: Option<bool>,
}

/// Labels to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// All that there are.
    pub known: BTreeSet<String>,
    /// Those that are given by default.
    pub given: BTreeSet<String>,
}

/// What the caller may choose for a new member.
///
/// # Errors
/// The caller may not add members.
pub fn for_a_new_member(tx: &ReadTx<'_>, caller: &Caller) -> Result<Offer, StoreError> {
    let actor = actor(tx, caller)?;
    account::add_members(&actor)?;
    let offer = of(tx)?;
    Ok(Offer {
        groups: offer.groups.filter(|_| account::assign_groups(&actor).is_ok()),
        categories: offer.categories.filter(|_| account::update_members(&actor).is_ok()),
        vendor_access: offer.vendor_access.filter(|_| actor.is_default_administrator()),
        ..offer
    })
}

/// What can be made the default for new members.
///
/// # Errors
/// The caller may not change the defaults.
pub fn for_the_defaults(tx: &ReadTx<'_>, caller: &Caller) -> Result<Offer, StoreError> {
    account::change_settings(&actor(tx, caller)?, SettingsArea::Security)?;
    let (offer, saved) = (of(tx)?, tx.defaults()?);
    Ok(Offer { user_type: saved.user_type, role: saved.role, ..offer })
}

fn of(tx: &ReadTx<'_>) -> Result<Offer, StoreError> {
    let (facts, catalog, saved) = (tx.facts()?, tx.catalog()?, tx.defaults()?);
    let room = capacity::room(&facts);
    let user_type = saved.user_type.or_else(|| room.first().map(|room| room.user_type.clone()));
    let known = user_type.as_ref().and_then(|id| catalog.user_type(id));
    let role = known.map(|known| match saved.role {
        Some(_) => defaults::role(&facts, known).clone(),
        None => known.usual_role.clone(),
    });
    let groups = Labels { known: settings::names(tx, Topic::Groups)?, given: saved.groups };
    let categories = Labels { known: settings::names(tx, Topic::Categories)?, given: saved.categories };
    Ok(Offer {
        room,
        user_type,
        role,
        groups: Some(groups),
        categories: Some(categories),
        vendor_access: Some(saved.vendor_access),
        catalog,
    })
}
