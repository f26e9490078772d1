//! Compliance: which user types have more members than licensed (S3), and whom that locks out (S6, S26).

use entitlement::UserTypeId;

use crate::facts::{Facts, SeatCount};
use crate::refusal::Over;

/// Whether so many members are more than so many licensed: the one comparison behind compliance and lockout (S3, S25).
#[must_use]
pub fn is_over(assigned: u64, licensed: u64) -> bool {
    assigned > licensed
}

/// The user types that are over, in catalog order (S3).
#[must_use]
pub fn over(facts: &Facts<'_>) -> Vec<Over> {
    if is_compliant(facts) {
        return Vec::new();
    }
    facts.user_types().iter().filter_map(|id| over_one(id, facts.count(id), facts.licensed(id))).collect()
}

/// The type, if it is over.
pub(crate) fn over_one(user_type: &UserTypeId, count: SeatCount, licensed: u64) -> Option<Over> {
    is_over(count.assigned, licensed).then(|| Over {
        user_type: user_type.clone(),
        assigned: count.assigned,
        licensed,
        locked_out: count.lockable,
    })
}

/// Whether no user type is over (S3).
#[must_use]
pub fn is_compliant(facts: &Facts<'_>) -> bool {
    facts.seats().iter().all(|(id, count)| !is_over(count.assigned, facts.licensed(id)))
}
