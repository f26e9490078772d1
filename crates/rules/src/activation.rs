//! The first file and the first administrator (S1; design: Seats 8).

use entitlement::{Allotment, UserTypeId};

use crate::Refusal;
use crate::facts::Facts;
use crate::import::Arrival;
use crate::permit::{ActivationGrant, ActivationPermit, Permit};
use crate::refusal::LicenseRefusal;

/// Whether the portal may be activated with a file that gives this, and in which user type its first administrator sits:
/// the wanted one, or the first in catalog order that can administer and has a seat.
///
/// The file's catalog must be the one of the facts.
///
/// # Errors
/// Activated before; the term of the file does not run; or no such seat.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    (arrival, gives): (&Arrival, &Allotment),
    wanted: Option<&UserTypeId>,
) -> Result<ActivationPermit<'tx>, Refusal> {
    if facts.is_activated() {
        return Err(Refusal::AlreadyActivated);
    }
    arrival.may_come()?;
    if let Some(from) = arrival.from() {
        return Err(LicenseRefusal::NotBegun { from }.into());
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

#[cfg(test)]
mod tests {
    use entitlement::Allotment;

    use super::decide;
    use crate::Refusal;
    use crate::import::Arrival;
    use crate::permit::ActivationGrant;
    use crate::sample::{Organization, gives, role, user_type};

    fn seat(facts: &crate::Facts<'_>, gives: &Allotment, wanted: Option<&str>) -> Result<ActivationGrant, Refusal> {
        decide(facts, (&Arrival::InTerm, gives), wanted.map(user_type).as_ref()).map(|permit| permit.grant().clone())
    }

    fn fresh() -> Organization {
        Organization {
            activated: false,
            policy: entitlement::Policy::default(),
            licensed: [].into(),
            seats: [].into(),
            administrators: 0,
            roles: Vec::new(),
            defaults: crate::defaults::NewMemberDefaults::default(),
            licensed_add_ons: [].into(),
            assigned_add_ons: [].into(),
        }
    }

    #[test]
    fn the_first_administrator_sits_in_the_first_type_that_can_administer_and_has_a_seat() {
        let tx = ();
        let facts = fresh().facts(&tx);
        for (counts, wanted, chosen) in [
            (&[("viewer", 25), ("creator", 5)][..], None, Some("creator")),
            (&[("storyteller", 1), ("gis-pro-basic", 1)], None, Some("gis-pro-basic")),
            (&[("creator", 0), ("storyteller", 1)], None, Some("storyteller")),
            (&[("creator", 5), ("storyteller", 1)], Some("storyteller"), Some("storyteller")),
            (&[("creator", 5), ("storyteller", 0)], Some("storyteller"), None),
            (&[("creator", 5)], Some("storyteller"), None),
            (&[("creator", 5), ("viewer", 5)], Some("viewer"), None),
            (&[("creator", 5)], Some("creater"), None),
            (&[("viewer", 25), ("editor", 5), ("mobile-worker", 5)], None, None),
            (&[], None, None),
        ] {
            let wants = wanted.map(user_type);
            let answer = match chosen {
                Some(id) => Ok(ActivationGrant { user_type: user_type(id), role: role("administrator") }),
                None => Err(Refusal::NoAdministratorSeat { wanted: wants }),
            };
            assert_eq!(seat(&facts, &gives(counts), wanted), answer, "{counts:?}, {wanted:?}");
        }
    }

    #[test]
    fn a_portal_begins_with_a_file_whose_term_runs() {
        let tx = ();
        let (facts, at) = (fresh().facts(&tx), crate::sample::now());
        let refused = |arrival| {
            let decided = decide(&facts, (&arrival, &gives(&[("creator", 5)])), None);
            decided.map(|permit| permit.grant().clone()).unwrap_err().code().row().name
        };
        assert_eq!(refused(Arrival::NotBegun { from: at }), "license-not-begun");
        assert_eq!(refused(Arrival::Ended { until: at }), "license-ended");
    }

    #[test]
    fn a_portal_is_activated_once_whatever_the_second_file_gives() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        for counts in [&[("creator", 5)][..], &[]] {
            assert_eq!(seat(&facts, &gives(counts), None), Err(Refusal::AlreadyActivated));
        }
    }
}
