//! The first file and the first administrator (S1; design: Seats 8).

use entitlement::{Allotment, UserTypeId};

use crate::Refusal;
use crate::facts::Facts;
use crate::permit::{ActivationGrant, ActivationPermit, Permit};

/// Whether the portal may be activated with a file that gives this, and in which user type its first administrator sits:
/// the wanted one, or the first in catalog order that can administer and has a seat.
///
/// The file's catalog must be the one of the facts.
///
/// # Errors
/// Activated before; or no such seat.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    gives: &Allotment,
    wanted: Option<&UserTypeId>,
) -> Result<ActivationPermit<'tx>, Refusal> {
    if facts.is_activated() {
        return Err(Refusal::AlreadyActivated);
    }
    let catalog = facts.catalog();
    let no_seat = || Refusal::NoAdministratorSeat { wanted: wanted.cloned() };
    let role = catalog.administrator().ok_or_else(no_seat)?;
    let seat = catalog
        .user_types()
        .iter()
        .filter(|one| wanted.is_none_or(|id| *id == one.id))
        .find(|one| one.admits(role) && gives.licensed(&one.id) > 0)
        .ok_or_else(no_seat)?;
    Ok(Permit::given(facts, ActivationGrant { user_type: seat.id.clone(), role: role.id.clone() }))
}
