//! Acts on somebody's account that move no seat.

use catalog::{Role, enforced};

use crate::{Actor, Refusal};

/// Whether the actor may give the member a new one-time password.
///
/// # Errors
/// The actor may not update members; or the member is an Administrator and the actor is not (S-reserved: only default
/// administrators reset the passwords of other default administrators).
pub fn reset_password(actor: &Actor, role_of_member: &Role) -> Result<(), Refusal> {
    actor.require(enforced::UPDATE_MEMBERS)?;
    if role_of_member.is_administrator {
        actor.require_default_administrator("reset the password of an administrator")?;
    }
    Ok(())
}

/// Whether the actor may see members, their user types and the licensed counts (S7; design: Who reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_members(actor: &Actor) -> Result<(), Refusal> {
    actor.require_any(&[
        enforced::MANAGE_LICENSES,
        enforced::VIEW_ALL_MEMBERS,
        enforced::INVITE_MEMBERS,
        enforced::UPDATE_MEMBERS,
        enforced::DELETE_MEMBERS,
        enforced::DISABLE_MEMBERS,
        enforced::CHANGE_ROLES,
    ])
}

/// Whether the actor may see the license files, the status and the counts (S7; design: Who reads).
///
/// # Errors
/// [`Refusal::PrivilegeMissing`].
pub fn see_licenses(actor: &Actor) -> Result<(), Refusal> {
    actor.require(enforced::MANAGE_LICENSES)
}
