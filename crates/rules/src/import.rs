//! A new license file over an installed one: what it would do, and who may do it (A-ENF-8; design: Seats 6, 10).

use std::collections::{BTreeMap, BTreeSet};

use catalog::enforced;
use entitlement::{AddOnId, Allotment, LicenseId, Moment, UserTypeId};

use crate::compliance;
use crate::facts::Facts;
use crate::permit::{ImportGrant, ImportPermit, Permit, TrustGrant, TrustPermit, WithdrawGrant, WithdrawPermit};
use crate::refusal::LicenseRefusal;
use crate::{Actor, Refusal};

/// What a file does to one user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeEffect {
    /// Which user type.
    pub user_type: UserTypeId,
    /// Licensed now.
    pub licensed_before: u64,
    /// Licensed under the new file.
    pub licensed_after: u64,
    /// Members.
    pub assigned: u64,
    /// Licensed under the new file less members; negative when over, never clamped.
    pub available_after: i128,
    /// People locked out under the new file.
    pub locked_out: u64,
}

/// What a file does, per user type in catalog order.
#[must_use]
pub fn effects(facts: &Facts<'_>, gives: &Allotment) -> Vec<TypeEffect> {
    effects_between(facts, facts.allotment(), gives)
}

/// What comes of other numbers after some, with the members as they are: of another file, or of a term that begins or ends.
#[must_use]
pub fn effects_between(facts: &Facts<'_>, before: &Allotment, gives: &Allotment) -> Vec<TypeEffect> {
    let now = facts.user_types();
    let ids = facts.in_order(now.iter().chain(before.user_types().keys()).chain(gives.user_types().keys()));
    ids.into_iter()
        .map(|user_type| {
            let count = facts.count(&user_type);
            let licensed_after = gives.licensed(&user_type);
            let over = compliance::is_over(count.assigned, licensed_after);
            TypeEffect {
                licensed_before: before.licensed(&user_type),
                licensed_after,
                assigned: count.assigned,
                available_after: i128::from(licensed_after) - i128::from(count.assigned),
                locked_out: if over { count.lockable } else { 0 },
                user_type,
            }
        })
        .collect()
}

impl TypeEffect {
    /// Whether it leaves the type over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        compliance::is_over(self.assigned, self.licensed_after)
    }

    /// Whether another number is licensed.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.licensed_before != self.licensed_after
    }
}

impl AddOnEffect {
    /// Whether more is assigned than licensed then, and so nobody starts a product (S49).
    #[must_use]
    pub fn is_over(&self) -> bool {
        compliance::is_over(self.assigned, self.licensed_after)
    }

    /// Whether another number is licensed.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.licensed_before != self.licensed_after
    }
}

/// What a file does to one add-on or extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnEffect {
    /// Which.
    pub add_on: AddOnId,
    /// Licensed now.
    pub licensed_before: u64,
    /// Licensed under the new file.
    pub licensed_after: u64,
    /// Assigned to members.
    pub assigned: u64,
    /// Licensed under the new file less assigned; below zero nobody starts a product any more (S46, S49).
    pub available_after: i128,
}

/// What a file does, per add-on and extension that is licensed now or then, or assigned, in catalog order.
#[must_use]
pub fn add_on_effects(facts: &Facts<'_>, gives: &Allotment) -> Vec<AddOnEffect> {
    add_on_effects_between(facts, facts.allotment(), gives)
}

/// The same of other numbers after some, as [`effects_between`].
#[must_use]
pub fn add_on_effects_between(facts: &Facts<'_>, before: &Allotment, gives: &Allotment) -> Vec<AddOnEffect> {
    let all = before.add_ons().keys().chain(gives.add_ons().keys()).chain(facts.add_ons().keys());
    let ids: BTreeSet<&AddOnId> = all.collect();
    let place = |id: &AddOnId| facts.catalog().add_ons().iter().position(|known| known.id == *id);
    let effect = |id: &AddOnId| {
        let (licensed_after, assigned) = (gives.add_on(id), facts.assigned_add_on(id));
        let available_after = i128::from(licensed_after) - i128::from(assigned);
        AddOnEffect {
            add_on: id.clone(),
            licensed_before: before.add_on(id),
            licensed_after,
            assigned,
            available_after,
        }
    };
    let mut effects: Vec<AddOnEffect> = ids.into_iter().map(effect).collect();
    effects.retain(|one| [one.licensed_before, one.licensed_after, one.assigned] != [0; 3]);
    effects.sort_by_key(|one| place(&one.add_on).unwrap_or(usize::MAX));
    effects
}

/// How a file comes in: where its term lies at that moment, and whether the vendor has revoked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// Its term runs.
    InTerm,
    /// Its term begins later: it is staged, and comes in force by itself at that instant.
    NotBegun {
        /// When.
        from: Moment,
    },
    /// Its term is over.
    Ended {
        /// Since when.
        until: Moment,
    },
    /// The trust list revokes it.
    Revoked {
        /// Which license.
        license: LicenseId,
    },
}

impl Arrival {
    /// Whether such a file is taken at all: an ended or revoked one is not put in force (design: Seats 10).
    ///
    /// # Errors
    /// `license-ended`, `license-revoked`.
    pub fn may_come(&self) -> Result<(), Refusal> {
        match self {
            Self::InTerm | Self::NotBegun { .. } => Ok(()),
            Self::Ended { until } => Err(LicenseRefusal::Ended { until: *until }.into()),
            Self::Revoked { license } => Err(LicenseRefusal::Revoked { license: license.clone() }.into()),
        }
    }

    /// When the file comes in force, where that lies ahead.
    #[must_use]
    pub fn from(&self) -> Option<Moment> {
        match self {
            Self::NotBegun { from } => Some(*from),
            Self::InTerm | Self::Ended { .. } | Self::Revoked { .. } => None,
        }
    }
}

/// Whether the file may be put in force, or be staged until its term begins; `gives` is what it gives then, and `meanwhile`
/// what the file in force gives until then under a trust list that comes along. A file that
/// leaves types over is a state, not an error, but the number of people whom it locks out must be confirmed, by a default
/// Administrator.
///
/// # Errors
/// The actor may not manage licenses; the file has ended or is revoked; the number is not confirmed; or people are locked
/// out and the actor is not a default Administrator.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    (arrival, gives, meanwhile): (&Arrival, &Allotment, Option<&Allotment>),
    confirmed: Option<u64>,
) -> Result<ImportPermit<'tx>, Refusal> {
    actor.require(enforced::MANAGE_LICENSES)?;
    arrival.may_come()?;
    let locked_out = confirmed_lockout(facts, actor, (gives, meanwhile), confirmed)?;
    Ok(Permit::given(facts, ImportGrant { locked_out, from: arrival.from() }))
}

/// Whether a trust list may be put in force by itself, under which the installed file gives so much: it may revoke that
/// file, or the key that signed it.
///
/// # Errors
/// As [`decide`], of what the installed file gives then.
pub fn decide_trust<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    gives: &Allotment,
    confirmed: Option<u64>,
) -> Result<TrustPermit<'tx>, Refusal> {
    actor.require(enforced::MANAGE_LICENSES)?;
    let locked_out = confirmed_lockout(facts, actor, (gives, None), confirmed)?;
    Ok(Permit::given(facts, TrustGrant { locked_out }))
}

/// Whether a staged file may be given up.
///
/// # Errors
/// The actor may not manage licenses.
pub fn withdraw<'tx>(facts: &Facts<'tx>, actor: &Actor) -> Result<WithdrawPermit<'tx>, Refusal> {
    actor.require(enforced::MANAGE_LICENSES)?;
    Ok(Permit::given(facts, WithdrawGrant))
}

/// The people whom a file locks out when it comes in force, and those whom a trust list beside it locks out until then:
/// each once.
#[must_use]
pub fn locked_out(facts: &Facts<'_>, gives: &Allotment, meanwhile: Option<&Allotment>) -> u64 {
    let mut by_type: BTreeMap<UserTypeId, u64> = BTreeMap::new();
    for effect in [Some(gives), meanwhile].into_iter().flatten().flat_map(|gives| effects(facts, gives)) {
        let most = by_type.entry(effect.user_type).or_default();
        *most = (*most).max(effect.locked_out);
    }
    by_type.values().sum()
}

fn confirmed_lockout(
    facts: &Facts<'_>,
    actor: &Actor,
    (gives, meanwhile): (&Allotment, Option<&Allotment>),
    confirmed: Option<u64>,
) -> Result<u64, Refusal> {
    if !facts.is_activated() {
        return Err(Refusal::NotActivated);
    }
    let locked_out = locked_out(facts, gives, meanwhile);
    if locked_out > 0 {
        actor.require_default_administrator("import a file that locks members out")?;
    }
    if confirmed.unwrap_or(0) != locked_out {
        return Err(Refusal::ImportUnconfirmed { locked_out });
    }
    Ok(locked_out)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use entitlement::{AddOnId, Allotment, Policy};

    use super::{AddOnEffect, Arrival, TypeEffect, add_on_effects, decide, decide_trust, effects, withdraw};
    use crate::permit::ImportGrant;
    use crate::refusal::LicenseRefusal;
    use crate::sample::{Organization, actor_in, actor_with, gives, seats, user_type};
    use crate::{Actor, Facts, Refusal};

    fn effect(id: &str, licensed: [u64; 2], assigned: u64, available_after: i128, locked_out: u64) -> TypeEffect {
        let [licensed_before, licensed_after] = licensed;
        TypeEffect { user_type: user_type(id), licensed_before, licensed_after, assigned, available_after, locked_out }
    }

    fn answer(
        facts: &Facts<'_>,
        actor: &Actor,
        counts: &[(&str, u64)],
        confirmed: Option<u64>,
    ) -> Result<u64, Refusal> {
        let imported = decide(facts, actor, (&Arrival::InTerm, &gives(counts), None), confirmed);
        let trusted = decide_trust(facts, actor, &gives(counts), confirmed).map(|permit| permit.grant().locked_out);
        let imported = imported.map(|permit| {
            let ImportGrant { locked_out, from } = permit.grant();
            assert_eq!(*from, None);
            *locked_out
        });
        assert_eq!(imported, trusted, "a trust list by itself is asked the same");
        imported
    }

    #[test]
    fn a_file_shows_its_effect_on_every_type_that_is_in_use_licensed_or_named() {
        let tx = ();
        let facts = Organization::at_capacity()
            .with_licensed("mobile-worker", 3)
            .with_seats("storyteller", seats(1, 0, 1))
            .facts(&tx);
        let file = gives(&[("viewer", 20), ("creator", 6), ("editor", 2), ("gis-pro-basic", 0)]);
        let shown = [
            effect("viewer", [25, 20], 25, -5, 25),
            effect("editor", [0, 2], 0, 2, 0),
            effect("mobile-worker", [3, 0], 0, 0, 0),
            effect("creator", [5, 6], 5, 1, 0),
            effect("gis-pro-basic", [0, 0], 0, 0, 0),
            effect("storyteller", [0, 0], 1, -1, 1),
        ];
        assert_eq!(effects(&facts, &file), shown);
    }

    #[test]
    fn a_file_shows_its_effect_on_every_add_on_that_is_licensed_or_assigned_below_zero_too() {
        let tx = ();
        let mut organization = Organization::at_capacity();
        let ids = |counts: &[(&str, u64)]| -> BTreeMap<AddOnId, u64> {
            counts.iter().map(|(id, count)| (id.parse().unwrap(), *count)).collect()
        };
        organization.licensed_add_ons = ids(&[("arcgis-pro-standard", 4)]);
        organization.assigned_add_ons = ids(&[("arcgis-pro-standard", 3), ("arcgis-insights", 1)]);
        let facts = organization.facts(&tx);
        let counts = ids(&[("arcgis-pro-standard", 2), ("arcgis-pro-extension", 1)]);
        let file = Allotment::from_counts(BTreeMap::new(), counts, Policy::default(), 2);
        let shown = add_on_effects(&facts, &file).into_iter().map(|one| {
            let AddOnEffect { add_on, licensed_before, licensed_after, assigned, available_after } = one;
            (add_on.to_string(), [licensed_before, licensed_after, assigned], available_after)
        });
        let expected = [
            ("arcgis-pro-standard".to_owned(), [4, 2, 3], -1),
            ("arcgis-insights".to_owned(), [0, 0, 1], -1),
            ("arcgis-pro-extension".to_owned(), [0, 1, 0], 1),
        ];
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|one| expected.iter().position(|known| known.0 == one.0));
        assert_eq!(shown, expected);
    }

    #[test]
    fn types_that_the_catalog_does_not_know_come_last() {
        let tx = ();
        let facts = Organization::at_capacity().with_seats("abolished", seats(1, 0, 1)).facts(&tx);
        let file = gives(&[("another", 1), ("storyteller", 1)]);
        let order: Vec<_> = effects(&facts, &file).into_iter().map(|effect| effect.user_type).collect();
        assert_eq!(order, ["viewer", "creator", "storyteller", "abolished", "another"].map(user_type));
    }

    #[test]
    fn numbers_of_any_size_are_told_without_clamping() {
        let tx = ();
        let facts = Organization::at_capacity().with_seats("viewer", seats(u64::MAX, 0, 0)).facts(&tx);
        let down = effects(&facts, &gives(&[("viewer", 0)]));
        assert_eq!(down.first(), Some(&effect("viewer", [25, 0], u64::MAX, -i128::from(u64::MAX), 0)));
        let up = effects(&Organization::at_capacity().facts(&tx), &gives(&[("viewer", u64::MAX)]));
        assert_eq!(up.first(), Some(&effect("viewer", [25, u64::MAX], 25, i128::from(u64::MAX) - 25, 0)));
    }

    #[test]
    fn a_file_that_locks_nobody_out_needs_no_confirmation_and_takes_no_wrong_one() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let same = [("viewer", 25), ("creator", 5)];
        let manager = actor_with(&["admin.members.manage_licenses"]);
        assert_eq!(answer(&facts, &manager, &same, None), Ok(0));
        assert_eq!(answer(&facts, &manager, &same, Some(0)), Ok(0));
        assert_eq!(answer(&facts, &manager, &same, Some(1)), Err(Refusal::ImportUnconfirmed { locked_out: 0 }));
    }

    #[test]
    fn the_people_whom_a_file_locks_out_are_counted_over_all_types_and_confirmed_exactly() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let smaller = [("viewer", 24), ("creator", 4)];
        for wrong in [None, Some(0), Some(25), Some(28), Some(30)] {
            let refusal = Refusal::ImportUnconfirmed { locked_out: 29 };
            assert_eq!(answer(&facts, &Actor::console(), &smaller, wrong), Err(refusal), "{wrong:?}");
        }
        assert_eq!(answer(&facts, &Actor::console(), &smaller, Some(29)), Ok(29));
        assert_eq!(answer(&facts, &actor_in("administrator"), &smaller, Some(29)), Ok(29));
        assert_eq!(answer(&facts, &Actor::console(), &[("viewer", 24), ("creator", 5)], Some(25)), Ok(25));
        assert_eq!(answer(&facts, &Actor::console(), &[], Some(29)), Ok(29));
    }

    #[test]
    fn managing_licenses_is_needed_and_locking_people_out_is_for_administrators() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let manager = actor_with(&["admin.members.manage_licenses"]);
        let reserved = Refusal::ReservedToAdministrators { act: "import a file that locks members out" };
        assert_eq!(answer(&facts, &manager, &[("viewer", 24), ("creator", 5)], Some(25)), Err(reserved));
        let missing = Refusal::PrivilegeMissing { privilege: "admin.members.manage_licenses" };
        assert_eq!(answer(&facts, &actor_in("publisher"), &[("viewer", 25), ("creator", 5)], None), Err(missing));
    }

    #[test]
    fn a_file_of_a_later_term_is_staged_and_an_ended_or_revoked_one_is_not_taken() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let file = gives(&[("viewer", 25), ("creator", 5)]);
        let asked = |arrival: Arrival| {
            decide(&facts, &Actor::console(), (&arrival, &file, None), None).map(|permit| permit.grant().from)
        };
        let (license, at) = ("SW-2026-000001".parse().unwrap(), crate::sample::now());
        assert_eq!(asked(Arrival::InTerm), Ok(None));
        assert_eq!(asked(Arrival::NotBegun { from: at }), Ok(Some(at)));
        assert_eq!(asked(Arrival::Ended { until: at }), Err(LicenseRefusal::Ended { until: at }.into()));
        let revoked = Arrival::Revoked { license };
        assert_eq!(asked(revoked.clone()), Err(revoked.may_come().unwrap_err()));
        assert_eq!(revoked.may_come().unwrap_err().code().row().name, "license-revoked");
    }

    #[test]
    fn a_trust_list_beside_a_file_that_waits_is_confirmed_with_whom_it_locks_out_meanwhile() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let later = Arrival::NotBegun { from: crate::sample::now() };
        let (then, nothing) = (gives(&[("viewer", 25), ("creator", 4)]), gives(&[]));
        let asked = |meanwhile, confirmed| {
            let file = (&later, &then, meanwhile);
            decide(&facts, &Actor::console(), file, confirmed).map(|permit| permit.grant().locked_out)
        };
        assert_eq!(asked(None, Some(4)), Ok(4));
        assert_eq!(asked(Some(&nothing), Some(4)), Err(Refusal::ImportUnconfirmed { locked_out: 29 }));
        assert_eq!(asked(Some(&nothing), Some(29)), Ok(29));
    }

    #[test]
    fn who_manages_licenses_gives_up_a_staged_file_and_nobody_else_does() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        assert!(withdraw(&facts, &actor_with(&["admin.members.manage_licenses"])).is_ok());
        let missing = Refusal::PrivilegeMissing { privilege: "admin.members.manage_licenses" };
        assert_eq!(withdraw(&facts, &actor_in("publisher")).unwrap_err(), missing);
    }

    #[test]
    fn the_first_file_is_activated_not_imported() {
        let tx = ();
        let mut organization = Organization::at_capacity();
        organization.activated = false;
        let facts = organization.facts(&tx);
        assert_eq!(answer(&facts, &Actor::console(), &[("viewer", 25)], None), Err(Refusal::NotActivated));
    }
}
