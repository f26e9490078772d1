//! What is in force at one moment.

use std::collections::BTreeMap;

use crate::term::{Line, Term};
use crate::{AddOnId, EntitlementDraft, Moment, Policy, UserTypeId};

/// The licensed numbers at one moment: what the rules take as facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotment {
    user_types: BTreeMap<UserTypeId, u64>,
    add_ons: BTreeMap<AddOnId, u64>,
    policy: Policy,
    sequence: u32,
    next_change: Option<Moment>,
}

impl Allotment {
    /// Numbers that come from no file: for tests, and for a portal without one.
    #[must_use]
    pub fn from_counts(
        user_types: BTreeMap<UserTypeId, u64>,
        add_ons: BTreeMap<AddOnId, u64>,
        policy: Policy,
        sequence: u32,
    ) -> Self {
        Self { user_types, add_ons, policy, sequence, next_change: None }
    }

    /// Nothing is licensed.
    #[must_use]
    pub fn none() -> Self {
        Self::from_counts(BTreeMap::new(), BTreeMap::new(), Policy::default(), 0)
    }

    pub(crate) fn of(says: &EntitlementDraft, now: Moment) -> Self {
        let term = Term { from: says.nbf, until: says.exp };
        let changes = [next_change(&says.user_types, term, now), next_change(&says.add_ons, term, now)];
        Self {
            user_types: counts(&says.user_types, term, now),
            add_ons: counts(&says.add_ons, term, now),
            policy: says.policy,
            sequence: says.sequence,
            next_change: changes.into_iter().flatten().min(),
        }
    }

    /// Licensed named users per user type. A user type that the file names stays here at 0 while no line of it counts.
    #[must_use]
    pub fn user_types(&self) -> &BTreeMap<UserTypeId, u64> {
        &self.user_types
    }

    /// Licensed named users of one user type; 0 where the file does not name it.
    #[must_use]
    pub fn licensed(&self, user_type: &UserTypeId) -> u64 {
        self.user_types.get(user_type).copied().unwrap_or(0)
    }

    /// Licenses per add-on, in the same way.
    #[must_use]
    pub fn add_ons(&self) -> &BTreeMap<AddOnId, u64> {
        &self.add_ons
    }

    /// Licenses of one add-on; 0 where the file does not name it.
    #[must_use]
    pub fn add_on(&self, add_on: &AddOnId) -> u64 {
        self.add_ons.get(add_on).copied().unwrap_or(0)
    }

    /// The numbers of the rules.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The sequence of the file; 0 where there is none.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// The next instant at which any number changes; nothing when none ever does.
    #[must_use]
    pub fn next_change(&self) -> Option<Moment> {
        self.next_change
    }
}

/// Per id the sum of the lines in term, in u64 so that no sum of u32 overflows.
fn counts<L: Line>(lines: &[L], term: Term, now: Moment) -> BTreeMap<L::Id, u64> {
    let mut counts = BTreeMap::new();
    for line in lines {
        let (from, until) = line.bounds();
        let counted = term.narrowed(from, until).holds(now);
        let sum = counts.entry(line.id().clone()).or_insert(0);
        *sum += if counted { u64::from(line.count()) } else { 0 };
    }
    counts
}

/// The first instant after now at which the sum of an id differs from the sum before it.
fn next_change<L: Line>(lines: &[L], term: Term, now: Moment) -> Option<Moment> {
    let mut steps: BTreeMap<Moment, BTreeMap<&L::Id, i64>> = BTreeMap::new();
    for line in lines {
        let (from, until) = line.bounds();
        let term = term.narrowed(from, until);
        *steps.entry(term.from).or_default().entry(line.id()).or_insert(0) += i64::from(line.count());
        if let Some(until) = term.until {
            *steps.entry(until).or_default().entry(line.id()).or_insert(0) -= i64::from(line.count());
        }
    }
    let changes = |step: &BTreeMap<&L::Id, i64>| step.values().any(|change| *change != 0);
    steps.into_iter().find(|(at, step)| *at > now && changes(step)).map(|(at, _)| at)
}
