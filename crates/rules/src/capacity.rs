//! Seats: how many members of a user type may be registered (S2, S5, S18 to S21).

use catalog::{Catalog, Role, RoleId, UserType};
use entitlement::{Moment, UserTypeId};

use crate::change_set::{add_ons, misfit};
use crate::facts::{Brand, Facts, SeatCount};
use crate::permit::{
    AcceptGrant, AcceptPermit, InviteGrant, InvitePermit, Permit, RegisterGrant, RegisterPermit, RevokeGrant,
    RevokePermit,
};
use crate::refusal::{Refusal, Room};
use crate::{Actor, InvitationId, account, compliance, defaults};

/// What nobody does who lacks privileges of the role (A-ROLE-5).
const GIVE_ABOVE_ONESELF: &str = "give a role with administrative privileges of which you lack some";

/// What is asked for a new member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registration {
    /// The user type whose seat is taken; the new-member default where none is asked for (S54).
    pub user_type: Option<UserTypeId>,
    /// The role; [`defaults::role`] where none is asked for.
    pub role: Option<RoleId>,
}

/// An invitation, as the store read it in this transaction.
#[derive(Debug)]
pub struct InvitationFacts<'tx> {
    /// Which one.
    pub id: InvitationId,
    /// The user type whose seat it holds.
    pub user_type: UserTypeId,
    /// The role of the new member.
    pub role: RoleId,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// Whether it still waits: neither accepted nor revoked nor expired.
    pub is_pending: bool,
    _brand: Brand<'tx>,
}

impl<'tx> InvitationFacts<'tx> {
    /// What the store read in the transaction of that brand: the id, seat and role, when it ends, whether it waits.
    #[must_use]
    pub fn read_in(brand: Brand<'tx>, id: InvitationId, seat: (UserTypeId, RoleId), waits: (Moment, bool)) -> Self {
        Self { id, user_type: seat.0, role: seat.1, expires_at: waits.0, is_pending: waits.1, _brand: brand }
    }
}

/// How long an invitation waits, in seconds: 14 days.
pub const INVITATION_SECONDS: i64 = 14 * 24 * 60 * 60;

/// Whether one more member may be registered, by any door (S5, S18 to S21; A-ENF-1, A-ENF-3, A-ENF-16).
///
/// Registration never uses the one-over allowance: that belongs to changes of user type only.
///
/// # Errors
/// In this order: not activated; the actor may not add members; any type is over; an unknown user type or role, or none;
/// the Administrator role asked for by somebody else; a role with administrative privileges that the actor lacks; a role
/// above the user type; no seat.
pub fn register<'tx>(facts: &Facts<'tx>, actor: &Actor, asked: &Registration) -> Result<RegisterPermit<'tx>, Refusal> {
    Ok(Permit::given(facts, admission(facts, actor, asked)?))
}

/// Whether one more member may be invited: the same question as [`register`], because an invitation holds a seat.
///
/// # Errors
/// As [`register`].
pub fn invite<'tx>(facts: &Facts<'tx>, actor: &Actor, asked: &Registration) -> Result<InvitePermit<'tx>, Refusal> {
    let RegisterGrant { user_type, role, .. } = admission(facts, actor, asked)?;
    Ok(Permit::given(facts, InviteGrant { user_type, role }))
}

/// Whether an invitation may be accepted now. Its own reservation does not count; the type must have a seat that no member
/// holds, and no type may be over. Otherwise it stays valid (design: Seats 2). A stranger is told no numbers.
///
/// # Errors
/// The invitation has ended; or the seat is not there at this moment.
pub fn accept<'tx>(facts: &Facts<'tx>, invitation: &InvitationFacts<'tx>) -> Result<AcceptPermit<'tx>, Refusal> {
    if !invitation.is_pending || invitation.expires_at <= facts.now() {
        return Err(Refusal::InvitationEnded);
    }
    let user_type = facts.catalog().user_type(&invitation.user_type).ok_or(Refusal::AcceptBlocked)?;
    let role = facts.catalog().role(&invitation.role).ok_or(Refusal::AcceptBlocked)?;
    let is_free = facts.count(&user_type.id).assigned < facts.licensed(&user_type.id);
    if !is_free || !compliance::is_compliant(facts) || !user_type.admits(role) {
        return Err(Refusal::AcceptBlocked);
    }
    let seat = seat(facts, user_type, role);
    Ok(Permit::given(facts, AcceptGrant { invitation: invitation.id.clone(), seat }))
}

/// Whether an invitation may be revoked.
///
/// # Errors
/// The actor may not add members; the invitation has ended.
pub fn revoke<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    invitation: &InvitationFacts<'tx>,
) -> Result<RevokePermit<'tx>, Refusal> {
    account::add_members(actor)?;
    if !invitation.is_pending {
        return Err(Refusal::InvitationEnded);
    }
    let (id, user_type) = (invitation.id.clone(), invitation.user_type.clone());
    Ok(Permit::given(facts, RevokeGrant { invitation: id, user_type }))
}

/// Whether an invitation may be given a new secret. Whoever is shown the secret can accept it, so the question is that of
/// sending it: nobody comes by a renewal to a role that he could not give (A-ROLE-5).
///
/// # Errors
/// The actor may not add members; the invitation has ended; an unknown role; the Administrator role, or one with
/// administrative privileges that the actor lacks.
pub fn renew(facts: &Facts<'_>, actor: &Actor, invitation: &InvitationFacts<'_>) -> Result<(), Refusal> {
    account::add_members(actor)?;
    if !invitation.is_pending {
        return Err(Refusal::InvitationEnded);
    }
    may_give(facts, actor, known_role(facts, &invitation.role)?)
}

/// Whether the actor may give somebody new the role.
fn may_give(facts: &Facts<'_>, actor: &Actor, role: &Role) -> Result<(), Refusal> {
    if role.is_administrator {
        actor.require_default_administrator("give the Administrator role")?;
    }
    actor.require_not_above(GIVE_ABOVE_ONESELF, role, facts.catalog())
}

/// Whether somebody may come in at all, by whichever door: nobody does while a user type is over (S18, A-ENF-3).
///
/// # Errors
/// [`Refusal::CreationBlocked`].
pub fn is_open(facts: &Facts<'_>) -> Result<(), Refusal> {
    let over = compliance::over(facts);
    if over.is_empty() { Ok(()) } else { Err(Refusal::CreationBlocked { over }) }
}

/// The one question of every door through which somebody comes in.
fn admission(facts: &Facts<'_>, actor: &Actor, asked: &Registration) -> Result<RegisterGrant, Refusal> {
    if !facts.is_activated() {
        return Err(Refusal::NotActivated);
    }
    account::add_members(actor)?;
    is_open(facts)?;
    let wanted = asked.user_type.as_ref().or(facts.defaults().user_type.as_ref());
    let user_type = known_user_type(facts.catalog(), wanted.ok_or(Refusal::NoUserType)?)?;
    let asked_role = asked.role.as_ref();
    let role = known_role(facts, asked_role.unwrap_or_else(|| defaults::role(facts, user_type)))?;
    may_give(facts, actor, role)?;
    if !user_type.admits(role) {
        return Err(Refusal::RoleExceedsUserType { misfits: vec![misfit(facts, None, user_type, role)] });
    }
    has_seat(facts, &user_type.id)?;
    Ok(seat(facts, user_type, role))
}

/// The seat of a new member with what comes with it. A default add-on that does not fit the user type, or of which none is
/// free, keeps nobody out: the member comes in without it.
fn seat(facts: &Facts<'_>, user_type: &UserType, role: &Role) -> RegisterGrant {
    RegisterGrant {
        user_type: user_type.id.clone(),
        role: role.id.clone(),
        is_administrator: role.is_administrator,
        add_ons: add_ons::that_fit(facts, user_type, &facts.defaults().add_ons),
    }
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
    Ok(Registration { user_type: Some(seat.id.clone()), role: Some(role.id.clone()) })
}

/// A seat is there to take while assigned and reserved together stay below licensed (S5).
fn has_seat(facts: &Facts<'_>, user_type: &UserTypeId) -> Result<(), Refusal> {
    let count = facts.count(user_type);
    let licensed = facts.licensed(user_type);
    if count.assigned.saturating_add(count.reserved) < licensed {
        return Ok(());
    }
    Err(Refusal::SeatLimitReached {
        user_type: user_type.clone(),
        licensed,
        assigned: count.assigned,
        reserved: count.reserved,
        types_with_room: room(facts),
    })
}

/// The user types that have seats to give, in catalog order.
#[must_use]
pub fn room(facts: &Facts<'_>) -> Vec<Room> {
    room_at(facts, |id| facts.count(id))
}

/// The same at other counts than the facts have.
pub(crate) fn room_at(facts: &Facts<'_>, count: impl Fn(&UserTypeId) -> SeatCount) -> Vec<Room> {
    let free = |id: &UserTypeId| {
        let SeatCount { assigned, reserved, lockable: _ } = count(id);
        facts.licensed(id).saturating_sub(assigned.saturating_add(reserved))
    };
    facts
        .user_types()
        .into_iter()
        .map(|user_type| Room { free: free(&user_type), user_type })
        .filter(|room| room.free > 0)
        .collect()
}

/// The user type that the catalog has of that id.
///
/// # Errors
/// [`Refusal::UnknownUserType`] with those that there are.
pub fn known_user_type<'c>(catalog: &'c Catalog, id: &UserTypeId) -> Result<&'c UserType, Refusal> {
    catalog.user_type(id).ok_or_else(|| Refusal::UnknownUserType {
        asked: id.clone(),
        known: catalog.user_types().iter().map(|one| one.id.clone()).collect(),
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
