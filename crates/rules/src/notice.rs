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

#[cfg(test)]
mod tests {
    use entitlement::Moment;

    use super::{Notice, notices};
    use crate::refusal::Over;
    use crate::sample::{Organization, actor_in, actor_with, now, seats, user_type};
    use crate::{Actor, Facts};

    const END: &str = "2027-03-01T00:00:00Z";

    /// The days of the end-date notice that an administrator is given at that time.
    fn within(at: &str) -> Option<i64> {
        let tx = ();
        let end = Moment::parse(END).unwrap();
        let facts = Organization::at_capacity().facts_at(&tx, Moment::parse(at).unwrap());
        let given = notices(&facts, &Actor::console(), Some(end));
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
            assert_eq!(notices(&facts, &actor, end), both, "{}", actor.name());
        }
        for actor in [actor_in("viewer"), actor_in("facilitator"), actor_with(&["admin.members.view_all"])] {
            assert_eq!(notices(&facts, &actor, end), [], "{}", actor.name());
        }
    }

    #[test]
    fn the_over_limit_notice_needs_no_end_and_a_compliant_organization_without_one_is_told_nothing() {
        let tx = ();
        let (facts, _, [over, _]) = over_and_ending(&tx);
        assert_eq!(notices(&facts, &Actor::console(), None), [over]);
        assert_eq!(notices(&Organization::at_capacity().facts(&tx), &Actor::console(), None), []);
    }
}
