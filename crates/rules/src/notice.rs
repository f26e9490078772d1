//! What administrators are told, on every page and never dismissibly (S11 to S13).

use catalog::enforced;
use entitlement::Moment;

use crate::Actor;
use crate::compliance;
use crate::facts::Facts;
use crate::refusal::Over;

/// Days before an end at which a notice begins (design: Time).
pub const DAYS_BEFORE_AN_END: [i64; 5] = [60, 30, 14, 7, 1];

const SECONDS_A_DAY: i64 = 86_400;

/// Something an administrator must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// More licenses are assigned than available (S11); the types that are over (S12).
    OverAssigned {
        /// Which types.
        over: Vec<Over>,
    },
    /// Licensed numbers fall soon.
    EndsSoon {
        /// When.
        at: Moment,
        /// The threshold that was passed: 60, 30, 14, 7 or 1 days.
        within_days: i64,
    },
}

/// The notices for this actor: the over-limit notice to default Administrators and to holders of Manage licenses
/// (A-ENF-4), the end-date notice to holders of Manage licenses (who include the former). Others get none.
///
/// `ends_at` is the next instant at which the installed file gives less.
#[must_use]
pub fn notices(facts: &Facts<'_>, actor: &Actor, ends_at: Option<Moment>) -> Vec<Notice> {
    if !actor.holds(enforced::MANAGE_LICENSES) {
        return Vec::new();
    }
    let over = compliance::over(facts);
    let over = (!over.is_empty()).then_some(Notice::OverAssigned { over });
    let soon = ends_at.and_then(|at| ends_soon(facts.now(), at));
    over.into_iter().chain(soon).collect()
}

/// The tightest threshold that the end is within; none when it is further off or past.
fn ends_soon(now: Moment, at: Moment) -> Option<Notice> {
    let left = at.unix() - now.unix();
    let within = DAYS_BEFORE_AN_END.iter().rev().find(|days| left <= **days * SECONDS_A_DAY)?;
    (left > 0).then_some(Notice::EndsSoon { at, within_days: *within })
}
