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

#[cfg(test)]
mod tests {
    use super::{is_compliant, is_over, over};
    use crate::refusal::Over;
    use crate::sample::{Organization, seats, user_type};

    #[test]
    fn over_begins_at_one_more_than_licensed() {
        for (assigned, licensed, answer) in
            [(0, 0, false), (1, 0, true), (24, 25, false), (25, 25, false), (26, 25, true), (u64::MAX, u64::MAX, false)]
        {
            assert_eq!(is_over(assigned, licensed), answer, "{assigned} of {licensed}");
        }
    }

    #[test]
    fn an_organization_at_capacity_is_compliant_and_reserved_seats_take_nothing_over() {
        let tx = ();
        for count in [seats(25, 0, 25), seats(25, 9, 25), seats(0, 26, 0)] {
            let facts = Organization::at_capacity().with_seats("viewer", count).facts(&tx);
            assert!(is_compliant(&facts), "{count:?}");
            assert_eq!(over(&facts), [], "{count:?}");
        }
    }

    #[test]
    fn each_type_that_is_over_is_named_in_catalog_order_with_the_people_it_locks_out() {
        let tx = ();
        let facts = Organization::at_capacity()
            .with_seats("viewer", seats(26, 0, 24))
            .with_seats("creator", seats(6, 0, 5))
            .with_seats("editor", seats(2, 0, 2))
            .with_licensed("editor", 2)
            .facts(&tx);
        assert!(!is_compliant(&facts));
        let viewer = Over { user_type: user_type("viewer"), assigned: 26, licensed: 25, locked_out: 24 };
        let creator = Over { user_type: user_type("creator"), assigned: 6, licensed: 5, locked_out: 5 };
        assert_eq!(over(&facts), [viewer, creator]);
    }

    #[test]
    fn members_of_a_type_that_no_file_and_no_catalog_names_are_over_and_come_last() {
        let tx = ();
        let facts = Organization::at_capacity()
            .with_seats("abolished", seats(2, 0, 1))
            .with_seats("storyteller", seats(1, 0, 0))
            .facts(&tx);
        let storyteller = Over { user_type: user_type("storyteller"), assigned: 1, licensed: 0, locked_out: 0 };
        let abolished = Over { user_type: user_type("abolished"), assigned: 2, licensed: 0, locked_out: 1 };
        assert_eq!(over(&facts), [storyteller, abolished]);
    }
}
