//! The clock of the machine beside the time that counts (design: Replay, rollback, clock).
//!
//! A clock that is set back lengthens no term: time goes on from the newest instant on record. Where that record is wrong,
//! because the clock ran ahead for hours, a person at the console accepts the wall clock; the time then never lies before
//! the newest file of the vendor, and the vendor sees how often it was done.

use entitlement::Moment;

use crate::facts::Facts;
use crate::permit::{ClockGrant, ClockPermit, Permit};
use crate::{Actor, Refusal};

/// Seconds by which a clock may be corrected without anybody being told: two minutes.
pub const STEP: i64 = 120;

/// What is known of the time at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// What every decision uses.
    pub now: Moment,
    /// The clock of the machine.
    pub wall: Moment,
    /// The newest instant that may go on record.
    pub newest: Moment,
    /// The latest `iat` of a vendor's file that was opened here.
    pub newest_issue: Moment,
}

/// How the clock of the machine stands to the time that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// They agree to two minutes.
    Agrees,
    /// The clock is behind: it was set back, or had run ahead before.
    Behind,
    /// The clock has jumped ahead by over a day; the jump counts, and goes on record once it has held for an hour.
    OnTrial,
}

impl Times {
    /// How the clock of the machine stands.
    #[must_use]
    pub fn stand(&self) -> Stand {
        if self.wall > self.newest {
            Stand::OnTrial
        } else if self.now.unix() - self.wall.unix() > STEP {
            Stand::Behind
        } else {
            Stand::Agrees
        }
    }

    /// What the time would be once the wall clock is accepted: never before the vendor's newest file.
    #[must_use]
    pub fn accepted(&self) -> Moment {
        self.wall.max(self.newest_issue)
    }

    /// Whether accepting the wall clock would change anything.
    #[must_use]
    pub fn may_accept(&self) -> bool {
        match self.stand() {
            Stand::OnTrial => true,
            Stand::Behind => self.accepted() < self.now,
            Stand::Agrees => false,
        }
    }
}

/// Whether the wall clock may be accepted as it is; nothing where there is nothing to accept.
///
/// # Errors
/// The actor is not a default Administrator.
pub fn accept<'tx>(facts: &Facts<'tx>, actor: &Actor, times: &Times) -> Result<Option<ClockPermit<'tx>>, Refusal> {
    actor.require_default_administrator("accept the clock")?;
    let at = times.accepted();
    Ok(times.may_accept().then(|| Permit::given(facts, ClockGrant { at })))
}

#[cfg(test)]
mod tests {
    use super::{Stand, Times, accept};
    use crate::sample::{Organization, actor_in, actor_with, now};
    use crate::{Actor, Refusal};

    const DAY: i64 = 86_400;

    /// The wall clock, the record and the vendor's newest file, in seconds from one instant.
    fn times(wall: i64, newest: i64, newest_issue: i64) -> Times {
        let [wall, newest, newest_issue] = [wall, newest, newest_issue].map(|seconds| now().plus_seconds(seconds));
        Times { now: wall.max(newest), wall, newest, newest_issue }
    }

    #[test]
    fn two_minutes_are_nothing_and_a_second_more_is_behind() {
        for (wall, newest, stand) in [
            (0, 0, Stand::Agrees),
            (-120, 0, Stand::Agrees),
            (-121, 0, Stand::Behind),
            (-400 * DAY, 0, Stand::Behind),
            (400 * DAY, 0, Stand::OnTrial),
        ] {
            assert_eq!(times(wall, newest, -DAY).stand(), stand, "{wall} {newest}");
        }
    }

    #[test]
    fn the_wall_clock_is_accepted_and_never_before_the_vendors_newest_file() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let accepted = |times: Times| {
            let permit = accept(&facts, &Actor::console(), &times).unwrap();
            permit.map(|permit| permit.grant().at.unix() - now().unix())
        };
        assert_eq!(accepted(times(0, 400 * DAY, -DAY)), Some(0));
        assert_eq!(accepted(times(-10 * DAY, 400 * DAY, -DAY)), Some(-DAY));
        assert_eq!(accepted(times(-10 * DAY, 0, 0)), None, "nothing would change");
        assert_eq!(accepted(times(400 * DAY, 0, -DAY)), Some(400 * DAY));
        assert_eq!(accepted(times(-60, 0, -DAY)), None);
    }

    #[test]
    fn only_administrators_accept_the_clock() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let behind = times(0, 400 * DAY, -DAY);
        assert!(accept(&facts, &actor_in("administrator"), &behind).is_ok());
        let reserved = Refusal::ReservedToAdministrators { act: "accept the clock" };
        let manager = actor_with(&["admin.members.manage_licenses"]);
        assert_eq!(accept(&facts, &manager, &behind).unwrap_err(), reserved);
    }
}
