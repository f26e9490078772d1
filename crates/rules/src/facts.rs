//! What a rule may know: the counts, the license and the members of one locked transaction.
//!
//! Facts carry the brand of the transaction in which they were read. The brand's lifetime is invariant, so neither facts
//! nor the permits made from them leave that transaction, and none of another one can be brought in.
//!
//! ```compile_fail,E0451
//! // Facts cannot be put together by hand: the names are right, and the fields are private.
//! fn forge(brand: rules::Brand<'_>, reading: rules::Reading) -> rules::Facts<'_> {
//!     rules::Facts { brand, reading }
//! }
//! ```
//!
//! What was read can be asked for:
//!
//! ```
//! fn look(facts: &rules::Facts<'_>) -> u64 {
//!     facts.enabled_administrators()
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::sync::Arc;

use catalog::{Catalog, Role};
use entitlement::{AddOnId, Allotment, Moment, UserTypeId};

use crate::defaults::NewMemberDefaults;
use crate::{MemberRow, MemberState};

/// The mark of one transaction. Only the store makes one (the tidy test looks for others).
#[derive(Debug, Clone, Copy)]
pub struct Brand<'tx>(PhantomData<fn(&'tx ()) -> &'tx ()>);

impl<'tx> Brand<'tx> {
    /// The brand of what `_transaction` is a borrow of.
    #[must_use]
    pub fn of<T: ?Sized>(_transaction: &'tx T) -> Self {
        Self(PhantomData)
    }
}

/// The members of one user type, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeatCount {
    /// Registered members of the type: enabled and disabled, administrators too (A-ENF-12).
    pub assigned: u64,
    /// Seats held for invitations and planned returns.
    pub reserved: u64,
    /// Enabled members without the default Administrator role: whom a lockout hits (A-ENF-4).
    pub lockable: u64,
}

/// What the store read, in one transaction, at one moment.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The effective time of the decision.
    pub now: Moment,
    /// Whether a license file was ever activated here.
    pub activated: bool,
    /// What the verified file gives at `now`; nothing, when it is absent, ended, revoked or damaged.
    pub allotment: Allotment,
    /// Counts per user type; a type without members may be left out.
    pub seats: BTreeMap<UserTypeId, SeatCount>,
    /// How many of each add-on and extension are assigned; one that nobody has may be left out.
    pub add_ons: BTreeMap<AddOnId, u64>,
    /// Enabled members with the default Administrator role.
    pub enabled_administrators: u64,
    /// The transaction's count of seat changes; a permit made at an older one is refused.
    pub revision: u64,
    /// The catalog that the installed file names, with the organization's own roles.
    pub catalog: Arc<Catalog>,
    /// What a new member gets where nothing is asked (S54).
    pub defaults: NewMemberDefaults,
}

/// The facts of one decision.
#[derive(Debug)]
pub struct Facts<'tx> {
    brand: Brand<'tx>,
    reading: Reading,
}

impl<'tx> Facts<'tx> {
    /// What the store read in the transaction of that brand.
    #[must_use]
    pub fn read_in(brand: Brand<'tx>, reading: Reading) -> Self {
        Self { brand, reading }
    }

    /// The effective time of the decision.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.reading.now
    }

    /// What is licensed at this moment.
    #[must_use]
    pub fn allotment(&self) -> &Allotment {
        &self.reading.allotment
    }

    /// What user types and roles mean.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.reading.catalog
    }

    /// What a new member gets where nothing is asked (S54).
    #[must_use]
    pub fn defaults(&self) -> &NewMemberDefaults {
        &self.reading.defaults
    }

    /// Whether a license file was ever activated here.
    #[must_use]
    pub fn is_activated(&self) -> bool {
        self.reading.activated
    }

    /// Enabled members with the default Administrator role.
    #[must_use]
    pub fn enabled_administrators(&self) -> u64 {
        self.reading.enabled_administrators
    }

    /// Licensed named users of the type at this moment; 0 when the file does not name it (design: Seats 1).
    #[must_use]
    pub fn licensed(&self, user_type: &UserTypeId) -> u64 {
        self.reading.allotment.licensed(user_type)
    }

    /// How many of the add-on are assigned.
    #[must_use]
    pub fn assigned_add_on(&self, add_on: &AddOnId) -> u64 {
        self.reading.add_ons.get(add_on).copied().unwrap_or(0)
    }

    /// How many of each add-on and extension are assigned.
    #[must_use]
    pub fn add_ons(&self) -> &BTreeMap<AddOnId, u64> {
        &self.reading.add_ons
    }

    /// The counts of the type.
    #[must_use]
    pub fn count(&self, user_type: &UserTypeId) -> SeatCount {
        self.reading.seats.get(user_type).copied().unwrap_or_default()
    }

    /// The user types that anybody could ask about: those with members and those in the file, each once, in catalog
    /// order, and those that the catalog does not know at the end.
    #[must_use]
    pub fn user_types(&self) -> Vec<UserTypeId> {
        let named = self.reading.seats.keys().chain(self.reading.allotment.user_types().keys());
        self.in_order(named.filter(|id| self.licensed(id) > 0 || self.count(id) != SeatCount::default()))
    }

    /// The ids, each once, in catalog order, and those that the catalog does not know at the end.
    pub(crate) fn in_order<'id>(&self, ids: impl Iterator<Item = &'id UserTypeId>) -> Vec<UserTypeId> {
        let known = self.catalog().user_types();
        let once: BTreeSet<&UserTypeId> = ids.collect();
        let mut ids: Vec<UserTypeId> = once.into_iter().cloned().collect();
        ids.sort_by_key(|id| known.iter().position(|one| one.id == *id).unwrap_or(known.len()));
        ids
    }

    pub(crate) fn brand(&self) -> Brand<'tx> {
        self.brand
    }

    pub(crate) fn revision(&self) -> u64 {
        self.reading.revision
    }

    pub(crate) fn seats(&self) -> &BTreeMap<UserTypeId, SeatCount> {
        &self.reading.seats
    }
}

/// One member, read in the same transaction as the facts.
#[derive(Debug)]
pub struct MemberFacts<'tx> {
    row: MemberRow,
    _brand: Brand<'tx>,
}

impl<'tx> MemberFacts<'tx> {
    /// What the store read in the transaction of that brand.
    #[must_use]
    pub fn read_in(brand: Brand<'tx>, row: MemberRow) -> Self {
        Self { row, _brand: brand }
    }

    /// The member.
    #[must_use]
    pub fn row(&self) -> &MemberRow {
        &self.row
    }
}

/// Whether a member of that role and state counts among those whom a lockout of the user type hits.
#[must_use]
pub fn is_lockable(role: &Role, state: MemberState) -> bool {
    state == MemberState::Enabled && !role.is_administrator
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::{SeatCount, is_lockable};
    use crate::MemberState::{Disabled, Enabled};
    use crate::sample::{Organization, member, now, role, seats, user_type};

    #[test]
    fn facts_give_back_what_was_read() {
        let tx = ();
        let mut organization = Organization::at_capacity();
        organization.administrators = 3;
        let facts = organization.facts(&tx);
        assert_eq!((facts.now(), facts.is_activated(), facts.enabled_administrators()), (now(), true, 3));
        assert_eq!(facts.catalog().digest(), &Catalog::arcgis_digest());
        assert_eq!(facts.allotment().user_types(), &organization.licensed);
        assert_eq!((facts.licensed(&user_type("creator")), facts.count(&user_type("creator"))), (5, seats(5, 0, 4)));
        assert_eq!(
            (facts.licensed(&user_type("editor")), facts.count(&user_type("editor"))),
            (0, SeatCount::default())
        );
        organization.activated = false;
        assert!(!organization.facts(&tx).is_activated());
        assert_eq!(member(&tx, 4, "viewer", "viewer").row().username, "member-4");
    }

    #[test]
    fn the_user_types_are_those_with_seats_members_or_reservations_once_each_in_catalog_order() {
        let tx = ();
        let ids = |organization: &Organization| {
            organization.facts(&tx).user_types().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(ids(&Organization::at_capacity()), ["viewer", "creator"]);
        let more = Organization::at_capacity()
            .with_licensed("storyteller", 1)
            .with_licensed("editor", 0)
            .with_licensed("of-another-catalog", 2)
            .with_licensed("of-no-seats", 0)
            .with_seats("mobile-worker", seats(0, 1, 0))
            .with_seats("abolished", seats(3, 0, 3))
            .with_seats("insights-analyst", seats(0, 0, 0));
        let order = ["viewer", "mobile-worker", "creator", "storyteller", "abolished", "of-another-catalog"];
        assert_eq!(ids(&more), order);
    }

    #[test]
    fn a_lockout_hits_the_enabled_who_are_not_default_administrators() {
        for known in Catalog::arcgis().roles() {
            assert_eq!(is_lockable(known, Enabled), known.id != role("administrator"), "{}", known.id);
            assert!(!is_lockable(known, Disabled), "{}", known.id);
        }
    }
}
