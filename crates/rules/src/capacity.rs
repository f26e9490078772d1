//! Seats: how many members of a user type may be registered (S2, S5, S18 to S21).

use catalog::{RoleId, enforced};
use entitlement::UserTypeId;

use crate::Actor;
use crate::change_set::misfit;
use crate::compliance;
use crate::defaults;
use crate::facts::Facts;
use crate::permit::{Permit, RegisterGrant, RegisterPermit};
use crate::refusal::{Refusal, Room};

/// What nobody does who lacks privileges of the role (A-ROLE-5).
const GIVE_ABOVE_ONESELF: &str = "give a role with administrative privileges of which you lack some";

/// What is asked for a new member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The user type whose seat is taken.
    pub user_type: UserTypeId,
    /// The role; [`defaults::role`] where none is asked for.
    pub role: Option<RoleId>,
}

/// Whether one more member may be registered, by any door (S5, S18 to S21; A-ENF-1, A-ENF-3, A-ENF-16).
///
/// Registration never uses the one-over allowance: that belongs to changes of user type only.
///
/// # Errors
/// In this order: not activated; the actor may not add members; any type is over; an unknown user type or role; the
/// Administrator role asked for by somebody else; a role with administrative privileges that the actor lacks; a role above
/// the user type; no seat.
pub fn register<'tx>(facts: &Facts<'tx>, actor: &Actor, asked: &Registration) -> Result<RegisterPermit<'tx>, Refusal> {
    if !facts.is_activated() {
        return Err(Refusal::NotActivated);
    }
    actor.require(enforced::INVITE_MEMBERS)?;
    let over = compliance::over(facts);
    if !over.is_empty() {
        return Err(Refusal::CreationBlocked { over });
    }
    let user_type = known_user_type(facts, &asked.user_type)?;
    let asked_role = asked.role.as_ref();
    let role = known_role(facts, asked_role.unwrap_or_else(|| defaults::role(facts.catalog(), user_type)))?;
    if role.is_administrator {
        actor.require_default_administrator("give the Administrator role")?;
    }
    actor.require_not_above(GIVE_ABOVE_ONESELF, role, facts.catalog())?;
    if !user_type.admits(role) {
        return Err(Refusal::RoleExceedsUserType { misfits: vec![misfit(facts, None, user_type, role)] });
    }
    has_seat(facts, &asked.user_type)?;
    let grant = RegisterGrant {
        user_type: asked.user_type.clone(),
        role: role.id.clone(),
        is_administrator: role.is_administrator,
    };
    Ok(Permit::given(facts, grant))
}

/// Where one more administrator could sit: the wanted user type, or the first in catalog order that can administer and
/// has room. Where none has, the first that is licensed, or else that can administer at all, so that the refusal of the
/// registration names its numbers.
///
/// # Errors
/// The wanted type, or every type, cannot administer.
pub fn administrator_seat(facts: &Facts<'_>, wanted: Option<&UserTypeId>) -> Result<Registration, Refusal> {
    let none = || Refusal::NoAdministratorSeat { wanted: wanted.cloned() };
    let role = facts.catalog().administrator().ok_or_else(none)?;
    let able = || {
        let wanted = |id: &UserTypeId| wanted.is_none_or(|one| one == id);
        facts.catalog().user_types().iter().filter(move |one| wanted(&one.id) && one.admits(role))
    };
    let free = able().find(|one| has_seat(facts, &one.id).is_ok());
    let licensed = || able().find(|one| facts.licensed(&one.id) > 0);
    let seat = free.or_else(licensed).or_else(|| able().next()).ok_or_else(none)?;
    Ok(Registration { user_type: seat.id.clone(), role: Some(role.id.clone()) })
}

/// A seat is there to take while assigned and reserved together stay below licensed (S5).
fn has_seat(facts: &Facts<'_>, user_type: &UserTypeId) -> Result<(), Refusal> {
    let count = facts.count(user_type);
    let licensed = facts.licensed(user_type);
    if count.assigned.saturating_add(count.reserved) < licensed {
        return Ok(());
    }
    Err(no_seat(facts, user_type))
}

/// The refusal for a full type, with the types that have room.
pub(crate) fn no_seat(facts: &Facts<'_>, user_type: &UserTypeId) -> Refusal {
    let count = facts.count(user_type);
    Refusal::SeatLimitReached {
        user_type: user_type.clone(),
        licensed: facts.licensed(user_type),
        assigned: count.assigned,
        reserved: count.reserved,
        types_with_room: room(facts),
    }
}

/// The user types that have seats to give, in catalog order.
#[must_use]
pub fn room(facts: &Facts<'_>) -> Vec<Room> {
    let free = |id: &UserTypeId| {
        let count = facts.count(id);
        facts.licensed(id).saturating_sub(count.assigned.saturating_add(count.reserved))
    };
    facts
        .user_types()
        .into_iter()
        .map(|user_type| Room { free: free(&user_type), user_type })
        .filter(|room| room.free > 0)
        .collect()
}

/// The user type, or the list of those that there are.
pub(crate) fn known_user_type<'f>(facts: &'f Facts<'_>, id: &UserTypeId) -> Result<&'f catalog::UserType, Refusal> {
    facts.catalog().user_type(id).ok_or_else(|| Refusal::UnknownUserType {
        asked: id.clone(),
        known: facts.catalog().user_types().iter().map(|one| one.id.clone()).collect(),
    })
}

/// The role, or the list of those that there are.
pub(crate) fn known_role<'f>(facts: &'f Facts<'_>, id: &RoleId) -> Result<&'f catalog::Role, Refusal> {
    facts.catalog().role(id).ok_or_else(|| Refusal::UnknownRole {
        asked: id.clone(),
        known: facts.catalog().roles().iter().map(|one| one.id.clone()).collect(),
    })
}

#[cfg(test)]
mod tests;
