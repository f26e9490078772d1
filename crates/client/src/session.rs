//! A product session as its computer sees it: used, renewed, ended (S68 to S79).

use entitlement::Moment;
use serde::Deserialize;

use crate::portal::SignedIn;
use crate::transport::Transport;
use crate::wire::{EndedFacts, moment};
use crate::{ClientError, Refusal};

/// The fewest seconds between two renewals.
const BETWEEN_RENEWALS: i64 = 60;

/// What the portal has granted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Grant {
    /// The id of the session.
    pub id: String,
    /// The product.
    pub product: String,
    /// Its level; absent where the product has none.
    pub level: Option<String>,
    /// Its extensions.
    pub extensions: Vec<String>,
    /// When the session began (S73), by the portal's clock.
    #[serde(deserialize_with = "moment")]
    pub created_at: Moment,
    /// When it was last used (S74), by the portal's clock.
    #[serde(deserialize_with = "moment")]
    pub last_used: Moment,
    /// Until when it is active unless it is used again (S75), by the portal's clock.
    #[serde(deserialize_with = "moment")]
    pub active_until: Moment,
    /// The signed lease for that time; absent where the license file is bound to no portal.
    pub lease: Option<String>,
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// An administrator has ended it (S76).
    Administrator,
    /// The member has ended it from elsewhere.
    Member,
    /// Nobody used it for its whole life (S70).
    Expired,
    /// The member has no licence any more, or more licences are assigned than there are.
    LicenseLost,
    /// The member has signed out on this computer.
    SignedOut,
    /// This computer has begun another one.
    Replaced,
    /// A cause that a later portal knows.
    Other(String),
}

impl Cause {
    fn read(name: String) -> Self {
        match name.as_str() {
            "ended-by-administrator" => Self::Administrator,
            "ended-by-member" => Self::Member,
            "expired" => Self::Expired,
            "license-lost" => Self::LicenseLost,
            "signed-out" => Self::SignedOut,
            "replaced" => Self::Replaced,
            _ => Self::Other(name),
        }
    }
}

/// What the portal has told of a session that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Why.
    pub cause: Cause,
    /// Since when, by the clock of this computer.
    pub ended_at: Moment,
    /// Until when the work may be saved (S79), by the clock of this computer. Then the product closes.
    pub save_until: Moment,
    /// The portal's sentence for the user (S78).
    pub message: String,
}

/// How a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is active until then, unless it is used again.
    Active {
        /// By the clock of this computer.
        until: Moment,
    },
    /// Nobody used it for its whole life, so it is over; the next activity starts a new one (S70, S71).
    Lapsed,
    /// The portal has ended it, for good.
    Ended(Ended),
}

/// A product session on this computer.
///
/// The product says when its user is active ([`used`](Self::used), as often as it likes) and looks after the session every
/// few seconds ([`attend`](Self::attend)). The portal is asked once a minute at most, and only after activity: whoever has
/// gone home gives the place back by doing nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductSession {
    grant: Grant,
    /// Until when it lives by the clock of this computer, which may not be the portal's.
    until: Moment,
    /// By how many seconds the clock of this computer is ahead of the portal's.
    ahead: i64,
    asked_at: Moment,
    has_been_used: bool,
    ended: Option<Ended>,
}

impl ProductSession {
    pub(crate) fn begun(grant: Grant, now: Moment) -> Self {
        let (until, ahead) = by_our_clock(&grant, now);
        Self { grant, until, ahead, asked_at: now, has_been_used: false, ended: None }
    }

    /// What was granted last.
    #[must_use]
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// Notes that the user is active. Costs nothing.
    pub fn used(&mut self) {
        self.has_been_used = true;
    }

    /// Whether the user has been active since the last renewal: after a lapse, whether a new session is wanted (S71).
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.has_been_used
    }

    /// How the session stands; asks the portal where it is time to. `now` is the time of this computer.
    ///
    /// # Errors
    /// Why it could not be renewed this time: [`ClientError::Silent`], or a refusal that ends nothing, such as
    /// `user-type-over-limit`. The session lives on to its end, and the next minute tries again.
    pub fn attend<T: Transport>(&mut self, member: &SignedIn<T>, now: Moment) -> Result<Standing, ClientError> {
        if let Some(ended) = &self.ended {
            return Ok(Standing::Ended(ended.clone()));
        }
        if self.until <= now {
            return Ok(Standing::Lapsed);
        }
        // A clock that was set back must not put the next renewal off.
        let is_time = now < self.asked_at || now.unix() - self.asked_at.unix() >= BETWEEN_RENEWALS;
        if self.has_been_used && is_time {
            self.asked_at = now;
            match member.renew(&self.grant) {
                Ok(grant) => {
                    (self.until, self.ahead) = by_our_clock(&grant, now);
                    self.grant = grant;
                    self.has_been_used = false;
                }
                Err(ClientError::Refused(refusal)) if refusal.code == "session-ended" => {
                    let ended = told(&refusal, self.ahead)?;
                    if ended.cause == Cause::Expired {
                        // It was over before this computer thought so; that takes nothing from anybody.
                        self.until = now;
                        return Ok(Standing::Lapsed);
                    }
                    self.ended = Some(ended.clone());
                    return Ok(Standing::Ended(ended));
                }
                Err(other) => return Err(other),
            }
        }
        // What was just granted may be over already: then nothing is active, whatever the portal calls it.
        Ok(if self.until <= now { Standing::Lapsed } else { Standing::Active { until: self.until } })
    }
}

/// The end of a grant by the clock of this computer, and by how many seconds that is ahead: a grant is as fresh as the
/// answer that brings it.
fn by_our_clock(grant: &Grant, now: Moment) -> (Moment, i64) {
    let ahead = now.unix() - grant.last_used.unix();
    (grant.active_until.plus_seconds(ahead), ahead)
}

fn told(refusal: &Refusal, ahead: i64) -> Result<Ended, ClientError> {
    let facts: EndedFacts = serde_json::from_value(refusal.facts.clone())
        .map_err(|error| ClientError::strange(format!("its `session-ended`: {error}")))?;
    let EndedFacts { cause, ended_at, save_until } = facts;
    let (ended_at, save_until) = (ended_at.plus_seconds(ahead), save_until.plus_seconds(ahead));
    Ok(Ended { cause: Cause::read(cause), ended_at, save_until, message: refusal.detail.clone() })
}

#[cfg(test)]
mod tests;
