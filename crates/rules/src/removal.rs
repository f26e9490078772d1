//! Deleting a member: always possible while types are over, never for the last administrator (S115, A-ENF-8, A-ENF-11).

use catalog::enforced;

use crate::capacity::known_role;
use crate::facts::{Facts, MemberFacts, is_lockable};
use crate::permit::{Permit, RemovalGrant, RemovalPermit};
use crate::{Actor, MemberState, Refusal};

/// Whether the member may be deleted. Compliance never blocks repair, so no count is asked.
///
/// # Errors
/// The actor may not delete members; the member is an Administrator and the actor is not one; it is the last enabled one.
pub fn delete<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    member: &MemberFacts<'tx>,
) -> Result<RemovalPermit<'tx>, Refusal> {
    actor.require(enforced::DELETE_MEMBERS)?;
    let row = member.row();
    let role = known_role(facts, &row.role)?;
    if role.is_administrator {
        actor.require_default_administrator("delete an administrator")?;
    }
    let is_enabled_administrator = role.is_administrator && row.state == MemberState::Enabled;
    if is_enabled_administrator && facts.enabled_administrators() <= 1 {
        return Err(Refusal::LastAdministrator);
    }
    let grant = RemovalGrant {
        member: row.id.clone(),
        user_type: row.user_type.clone(),
        lockable: is_lockable(role, row.state),
        is_enabled_administrator,
    };
    Ok(Permit::given(facts, grant))
}
