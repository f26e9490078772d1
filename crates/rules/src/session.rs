//! Product sessions: member, product and computer (S58 to S60, S66 to S79; A-SES-1 to A-SES-4).

use entitlement::{Moment, Policy};

use crate::Refusal;
use crate::clock;
use crate::refusal::ProductRefusal;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An administrator has ended it (S76).
    Administrator,
    /// The member has ended it from elsewhere.
    Member,
    /// Nobody used it for as long as a session lives (S70).
    Expired,
    /// The member has no licence for the product any more, or licences are over-assigned.
    LicenseLost,
    /// The member has signed out on the computer.
    SignedOut,
    /// The same computer began another one.
    Replaced,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 6] =
        [Self::Administrator, Self::Member, Self::Expired, Self::LicenseLost, Self::SignedOut, Self::Replaced];

    /// The cause as programs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "ended-by-administrator",
            Self::Member => "ended-by-member",
            Self::Expired => "expired",
            Self::LicenseLost => "license-lost",
            Self::SignedOut => "signed-out",
            Self::Replaced => "replaced",
        }
    }

    /// The cause of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}

/// One session of a member and product, as the store read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// Its id.
    pub id: String,
    /// The stable id of the computer.
    pub device: String,
    /// The name of the computer, for people.
    pub device_name: String,
    /// The request that began it: sent again, it gets the same grant.
    pub request: String,
    /// When it began (S73).
    pub created_at: Moment,
    /// When it was last used (S74).
    pub last_used: Moment,
    /// When and why it was ended; nothing while nobody has.
    pub ended: Option<(Moment, Cause)>,
}

impl SessionFacts {
    /// Until when it is active unless it is used again: the last use and the life of a session (S75).
    #[must_use]
    pub fn active_until(&self, policy: Policy) -> Moment {
        self.last_used.plus_seconds(life(policy))
    }

    /// Whether it is active: not ended, and used less than a session's life ago. At equality it is over (A-SES-1). One that
    /// was last used later than now was used under a clock that has been set right since, and is over as well.
    #[must_use]
    pub fn is_active(&self, policy: Policy, now: Moment) -> bool {
        let used_ahead = self.last_used.unix() - now.unix() > clock::STEP;
        self.ended.is_none() && !used_ahead && now < self.active_until(policy)
    }
}

/// By which cause a session ends that somebody ends; nothing where it is over already, and keeps its cause and the time to
/// save (S59, S76).
#[must_use]
pub fn end((policy, now): (Policy, Moment), session: &SessionFacts, by: By) -> Option<Cause> {
    session.is_active(policy, now).then_some(match by {
        By::Computer => Cause::SignedOut,
        By::Member => Cause::Member,
        By::Administrator => Cause::Administrator,
    })
}

/// Who ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The member, on the computer itself.
    Computer,
    /// The member, from elsewhere.
    Member,
    /// Whoever manages licenses.
    Administrator,
}

/// Whoever used a product after this instant may have an active session of it; at equality it is over (S64, A-SES-1).
#[must_use]
pub fn recently(policy: Policy, now: Moment) -> Moment {
    now.plus_seconds(-life(policy))
}

/// How long a session lives from its last use, in seconds (S68).
#[must_use]
pub fn life(policy: Policy) -> i64 {
    i64::from(policy.session_minutes) * 60
}

/// A session may begin so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The request was granted before: the same session again.
    Again {
        /// Its id.
        id: String,
    },
    /// A new one.
    New {
        /// The active session of the same computer whose place it takes.
        replaces: Option<String>,
    },
}

/// Who asks for a session, from where.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// The stable id of the computer.
    pub device: &'p str,
    /// The id of the request.
    pub request: &'p str,
}

/// Whether a member who may use the product may begin a session on a computer. `sessions` are those of this member and
/// product.
///
/// # Errors
/// The member is on as many other computers as may be; the refusal has their sessions (S58, A-SES-2, A-SES-4).
pub fn start(policy: Policy, now: Moment, sessions: &[SessionFacts], place: Place<'_>) -> Result<Start, Refusal> {
    let active: Vec<&SessionFacts> = sessions.iter().filter(|one| one.is_active(policy, now)).collect();
    if let Some(same) = active.iter().find(|one| one.request == place.request && one.device == place.device) {
        return Ok(Start::Again { id: same.id.clone() });
    }
    if let Some(here) = active.iter().find(|one| one.device == place.device) {
        return Ok(Start::New { replaces: Some(here.id.clone()) });
    }
    let others: std::collections::BTreeSet<&str> = active.iter().map(|one| one.device.as_str()).collect();
    let computers = usize::try_from(policy.computers).unwrap_or(usize::MAX);
    if others.len() >= computers {
        let sessions = active.into_iter().cloned().collect();
        return Err(ProductRefusal::SessionLimit { computers: policy.computers, sessions }.into());
    }
    Ok(Start::New { replaces: None })
}

/// Whether a session is renewed by its use, and until when it is active then: in the time to save not beyond its end.
/// `blocked_since` is when licences became over-assigned, while they are; `has_license` is whether the member still has one.
///
/// # Errors
/// [`ProductRefusal::SessionEnded`] with the cause, and until when the work may be saved (S78, S79).
pub fn renew(
    policy: Policy,
    now: Moment,
    session: &SessionFacts,
    (has_license, blocked_since): (bool, Option<Moment>),
) -> Result<Moment, Refusal> {
    if let Some((at, cause)) = session.ended {
        return Err(ended(policy, at, cause));
    }
    if !session.is_active(policy, now) {
        return Err(ended(policy, session.active_until(policy), Cause::Expired));
    }
    if !has_license {
        return Err(ended(policy, now, Cause::LicenseLost));
    }
    let longest = now.plus_seconds(life(policy));
    match blocked_since {
        // Renewal without end would evade the block (design: Add-ons 3).
        Some(since) if now >= save_until(policy, since) => Err(ended(policy, since, Cause::LicenseLost)),
        Some(since) => Ok(longest.min(save_until(policy, since))),
        None => Ok(longest),
    }
}

/// Until when work may be saved after a session has ended, or after everybody was kept out (S79, S49).
#[must_use]
pub fn save_until(policy: Policy, since: Moment) -> Moment {
    since.plus_seconds(i64::from(policy.save_minutes) * 60)
}

/// How long before its end a use must be on record at once, in seconds. Uses are noted within five seconds.
const NO_DELAY: i64 = 60;

/// After how many seconds without a use the next one must be on record at once: what a crash takes of the time that a
/// computer was told.
const AT_STAKE: i64 = 120;

/// Whether the use of an active session may be put on record some seconds late: only while nothing depends on it, which is
/// while it was used a moment ago, and would be active for a good while without this use.
#[must_use]
pub fn may_note_later(policy: Policy, now: Moment, session: &SessionFacts) -> bool {
    now < session.last_used.plus_seconds(AT_STAKE) && now.plus_seconds(NO_DELAY) < session.active_until(policy)
}

/// The refusal of a session that is over.
fn ended(policy: Policy, at: Moment, cause: Cause) -> Refusal {
    ProductRefusal::SessionEnded { cause, ended_at: at, save_until: save_until(policy, at) }.into()
}

#[cfg(test)]
mod tests;
