//! A new license file over an installed one: what it would do, and who may do it (A-ENF-8; design: Seats 6, 10).

use catalog::enforced;
use entitlement::{Allotment, UserTypeId};

use crate::compliance;
use crate::facts::Facts;
use crate::permit::{ImportGrant, ImportPermit, Permit};
use crate::{Actor, Refusal};

/// What a file does to one user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeEffect {
    /// Which user type.
    pub user_type: UserTypeId,
    /// Licensed now.
    pub licensed_before: u64,
    /// Licensed under the new file.
    pub licensed_after: u64,
    /// Members.
    pub assigned: u64,
    /// Licensed under the new file less members; negative when over, never clamped.
    pub available_after: i128,
    /// People locked out under the new file.
    pub locked_out: u64,
}

/// What a file does, per user type in catalog order.
#[must_use]
pub fn effects(facts: &Facts<'_>, gives: &Allotment) -> Vec<TypeEffect> {
    let mut ids = facts.user_types();
    for id in gives.user_types().keys() {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids.into_iter()
        .map(|user_type| {
            let count = facts.count(&user_type);
            let licensed_after = gives.licensed(&user_type);
            let over = compliance::is_over(count.assigned, licensed_after);
            TypeEffect {
                licensed_before: facts.licensed(&user_type),
                licensed_after,
                assigned: count.assigned,
                available_after: i128::from(licensed_after) - i128::from(count.assigned),
                locked_out: if over { count.lockable } else { 0 },
                user_type,
            }
        })
        .collect()
}

/// Whether the file may be put in force. A file that leaves types over is a state, not an error, but the number of
/// people whom it locks out must be confirmed, by a default Administrator.
///
/// # Errors
/// The actor may not manage licenses; or the number is not confirmed; or people are locked out and the actor is not a
/// default Administrator.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    gives: &Allotment,
    confirmed: Option<u64>,
) -> Result<ImportPermit<'tx>, Refusal> {
    actor.require(enforced::MANAGE_LICENSES)?;
    if !facts.is_activated() {
        return Err(Refusal::NotActivated);
    }
    let locked_out = effects(facts, gives).iter().map(|effect| effect.locked_out).sum();
    if locked_out > 0 {
        actor.require_default_administrator("import a file that locks members out")?;
    }
    if confirmed.unwrap_or(0) != locked_out {
        return Err(Refusal::ImportUnconfirmed { locked_out });
    }
    Ok(Permit::given(facts, ImportGrant { locked_out }))
}
