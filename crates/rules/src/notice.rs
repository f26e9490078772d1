//! What administrators are told, on every page and never dismissibly (S11 to S13).

use catalog::enforced;
use entitlement::{KeyId, LicenseId, Moment};

use crate::Actor;
use crate::clock::{Stand, Times};
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
    /// The clock of the machine is behind the time that counts.
    ClockBehind {
        /// The clock of the machine.
        wall: Moment,
        /// The time that counts.
        now: Moment,
        /// Whether it helps to accept the clock: it does not where the vendor's newest file is what holds the time.
        may_accept: bool,
    },
    /// The clock of the machine has jumped ahead; what counts now goes on record once the jump has held for an hour.
    ClockAhead {
        /// The clock of the machine.
        wall: Moment,
        /// The newest instant on record.
        newest: Moment,
    },
    /// A newer trust list of the vendor should have come.
    TrustListExpired {
        /// Since when.
        since: Moment,
    },
    /// The key that signed the file in force was revoked after it signed it; the file stays.
    SigningKeyRevoked {
        /// Which key.
        key: KeyId,
    },
    /// A file that waited could not come in force when its term began.
    StagedRefused {
        /// Its license.
        license: LicenseId,
        /// Why.
        problem: String,
    },
}

/// What there is to tell besides the counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The next instant at which the installed file gives less.
    pub ends_at: Option<Moment>,
    /// How the clock stands; nothing where nobody looked.
    pub times: Option<Times>,
    /// Since when the trust list has been expired.
    pub trust_expired: Option<Moment>,
    /// The key of the file in force, where it was revoked since.
    pub key_revoked: Option<KeyId>,
    /// Files that waited and could not come in force, and why.
    pub staged_refused: Vec<(LicenseId, String)>,
}

impl Circumstances {
    fn told(&self) -> Vec<Notice> {
        let mut told = Vec::new();
        if let Some(times) = &self.times {
            let Times { now, wall, newest, .. } = *times;
            match times.stand() {
                Stand::Agrees => {}
                Stand::Behind => {
                    told.push(Notice::ClockBehind { wall, now, may_accept: times.may_accept() });
                }
                Stand::OnTrial => told.push(Notice::ClockAhead { wall, newest }),
            }
        }
        told.extend(self.trust_expired.map(|since| Notice::TrustListExpired { since }));
        told.extend(self.key_revoked.clone().map(|key| Notice::SigningKeyRevoked { key }));
        let refused = self.staged_refused.iter().cloned();
        told.extend(refused.map(|(license, problem)| Notice::StagedRefused { license, problem }));
        told
    }
}

/// The notices for this actor: the over-limit notice to default Administrators and to holders of Manage licenses
/// (A-ENF-4), all others to holders of Manage licenses (who include the former). Others get none.
#[must_use]
pub fn notices(facts: &Facts<'_>, actor: &Actor, circumstances: &Circumstances) -> Vec<Notice> {
    if !actor.holds(enforced::MANAGE_LICENSES) {
        return Vec::new();
    }
    let over = compliance::over(facts);
    let over = (!over.is_empty()).then_some(Notice::OverAssigned { over });
    let soon = circumstances.ends_at.and_then(|at| ends_soon(facts.now(), at));
    over.into_iter().chain(soon).chain(circumstances.told()).collect()
}

/// The tightest threshold that the end is within; none when it is further off or past.
fn ends_soon(now: Moment, at: Moment) -> Option<Notice> {
    let left = at.unix() - now.unix();
    let within = DAYS_BEFORE_AN_END.iter().rev().find(|days| left <= **days * SECONDS_A_DAY)?;
    (left > 0).then_some(Notice::EndsSoon { at, within_days: *within })
}

#[cfg(test)]
mod tests {
    use entitlement::Moment;

    use super::{Circumstances, Notice, notices};
    use crate::refusal::Over;
    use crate::sample::{Organization, actor_in, actor_with, now, seats, user_type};
    use crate::{Actor, Facts};

    fn ending(ends_at: Option<Moment>) -> Circumstances {
        Circumstances { ends_at, ..Circumstances::default() }
    }

    const END: &str = "2027-03-01T00:00:00Z";

    /// The days of the end-date notice that an administrator is given at that time.
    fn within(at: &str) -> Option<i64> {
        let tx = ();
        let end = Moment::parse(END).unwrap();
        let facts = Organization::at_capacity().facts_at(&tx, Moment::parse(at).unwrap());
        let given = notices(&facts, &Actor::console(), &ending(Some(end)));
        match given.as_slice() {
            [] => None,
            [Notice::EndsSoon { at, within_days }] if *at == end => Some(*within_days),
            other => panic!("{at}: {other:?}"),
        }
    }

    #[test]
    fn each_notice_of_an_end_begins_at_its_second_and_the_tightest_stands() {
        for (at, days) in [
            ("2026-01-01T00:00:00Z", None),
            ("2026-12-30T23:59:59Z", None),
            ("2026-12-31T00:00:00Z", Some(60)),
            ("2026-12-31T00:00:01Z", Some(60)),
            ("2027-01-29T23:59:59Z", Some(60)),
            ("2027-01-30T00:00:00Z", Some(30)),
            ("2027-01-30T00:00:01Z", Some(30)),
            ("2027-02-14T23:59:59Z", Some(30)),
            ("2027-02-15T00:00:00Z", Some(14)),
            ("2027-02-15T00:00:01Z", Some(14)),
            ("2027-02-21T23:59:59Z", Some(14)),
            ("2027-02-22T00:00:00Z", Some(7)),
            ("2027-02-22T00:00:01Z", Some(7)),
            ("2027-02-27T23:59:59Z", Some(7)),
            ("2027-02-28T00:00:00Z", Some(1)),
            ("2027-02-28T00:00:01Z", Some(1)),
            ("2027-02-28T23:59:59Z", Some(1)),
            ("2027-03-01T00:00:00Z", None),
            ("2027-03-01T00:00:01Z", None),
            ("2028-03-01T00:00:00Z", None),
        ] {
            assert_eq!(within(at), days, "{at}, the end being {END}");
        }
    }

    fn over_and_ending(tx: &()) -> (Facts<'_>, Option<Moment>, [Notice; 2]) {
        let facts = Organization::at_capacity().with_seats("viewer", seats(26, 0, 26)).facts(tx);
        let end = now().plus_seconds(86_400);
        let over = vec![Over { user_type: user_type("viewer"), assigned: 26, licensed: 25, locked_out: 26 }];
        let both = [Notice::OverAssigned { over }, Notice::EndsSoon { at: end, within_days: 1 }];
        (facts, Some(end), both)
    }

    #[test]
    fn administrators_and_holders_of_manage_licenses_are_told_both_and_nobody_else_anything() {
        let tx = ();
        let (facts, end, both) = over_and_ending(&tx);
        for actor in [Actor::console(), actor_in("administrator"), actor_with(&["admin.members.manage_licenses"])] {
            assert_eq!(notices(&facts, &actor, &ending(end)), both, "{}", actor.name());
        }
        for actor in [actor_in("viewer"), actor_in("facilitator"), actor_with(&["admin.members.view_all"])] {
            assert_eq!(notices(&facts, &actor, &ending(end)), [], "{}", actor.name());
        }
    }

    #[test]
    fn the_clock_the_trust_list_a_revoked_key_and_a_file_that_could_not_begin_are_told() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let (wall, day) = (now(), 86_400);
        let times = |newest: i64| {
            let newest = wall.plus_seconds(newest);
            Some(crate::clock::Times { now: wall.max(newest), wall, newest, newest_issue: wall })
        };
        let told = |circumstances: &Circumstances| notices(&facts, &Actor::console(), circumstances);
        assert_eq!(told(&Circumstances { times: times(120), ..Circumstances::default() }), []);
        let behind = Circumstances { times: times(day), ..Circumstances::default() };
        assert_eq!(told(&behind), [Notice::ClockBehind { wall, now: wall.plus_seconds(day), may_accept: true }]);
        let held = times(day).map(|times| crate::clock::Times { newest_issue: times.newest, ..times });
        let held = Circumstances { times: held, ..Circumstances::default() };
        assert_eq!(told(&held), [Notice::ClockBehind { wall, now: wall.plus_seconds(day), may_accept: false }]);
        let newest = wall.plus_seconds(-day);
        let ahead = Circumstances { times: times(-day), ..Circumstances::default() };
        assert_eq!(told(&ahead), [Notice::ClockAhead { wall, newest }]);
        let (key, license) = ("signing-1".parse::<entitlement::KeyId>().unwrap(), "SW-1".parse().unwrap());
        let rest = Circumstances {
            trust_expired: Some(wall),
            key_revoked: Some(key.clone()),
            staged_refused: vec![(license, "why".to_owned())],
            ..Circumstances::default()
        };
        let [expired, revoked, refused] = told(&rest).try_into().unwrap();
        assert_eq!((expired, revoked), (Notice::TrustListExpired { since: wall }, Notice::SigningKeyRevoked { key }));
        assert!(matches!(refused, Notice::StagedRefused { problem, .. } if problem == "why"));
        assert_eq!(notices(&facts, &actor_in("viewer"), &rest), []);
    }

    #[test]
    fn the_over_limit_notice_needs_no_end_and_a_compliant_organization_without_one_is_told_nothing() {
        let tx = ();
        let (facts, _, [over, _]) = over_and_ending(&tx);
        assert_eq!(notices(&facts, &Actor::console(), &ending(None)), [over]);
        assert_eq!(notices(&Organization::at_capacity().facts(&tx), &Actor::console(), &ending(None)), []);
    }
}
