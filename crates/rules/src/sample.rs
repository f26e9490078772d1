//! Facts for the tables of cases: an organization put together by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalog::{Catalog, CustomRole, PrivilegeId, Role, RoleId};
use entitlement::{Allotment, Moment, Policy, UserTypeId};

use crate::defaults::NewMemberDefaults;
use crate::{Actor, Brand, Facts, MemberFacts, MemberId, MemberRow, MemberState, Reading, SeatCount};

/// The time of every case.
pub fn now() -> Moment {
    Moment::parse("2026-12-15T12:00:00Z").unwrap()
}

pub fn user_type(id: &str) -> UserTypeId {
    UserTypeId::parse(id).unwrap()
}

pub fn role(id: &str) -> RoleId {
    RoleId::parse(id).unwrap()
}

pub fn member_id(number: u128) -> MemberId {
    MemberId::from_bits(number)
}

pub fn seats(assigned: u64, reserved: u64, lockable: u64) -> SeatCount {
    SeatCount { assigned, reserved, lockable }
}

/// An organization: licensed numbers, counts and members, as a store would read them.
pub struct Organization {
    pub activated: bool,
    pub policy: Policy,
    pub licensed: BTreeMap<UserTypeId, u64>,
    pub seats: BTreeMap<UserTypeId, SeatCount>,
    pub administrators: u64,
    pub roles: Vec<CustomRole>,
    pub defaults: NewMemberDefaults,
}

impl Organization {
    /// The start of the scenario: 25 Viewer and 5 Creator, all taken, one Creator the administrator (S29).
    pub fn at_capacity() -> Self {
        Self {
            activated: true,
            policy: Policy::default(),
            licensed: BTreeMap::from([(user_type("viewer"), 25), (user_type("creator"), 5)]),
            seats: BTreeMap::from([(user_type("viewer"), seats(25, 0, 25)), (user_type("creator"), seats(5, 0, 4))]),
            administrators: 1,
            roles: Vec::new(),
            defaults: NewMemberDefaults::default(),
        }
    }

    pub fn with_role(mut self, custom: CustomRole) -> Self {
        self.roles.push(custom);
        self
    }

    pub fn with_licensed(mut self, id: &str, licensed: u64) -> Self {
        self.licensed.insert(user_type(id), licensed);
        self
    }

    pub fn with_seats(mut self, id: &str, count: SeatCount) -> Self {
        self.seats.insert(user_type(id), count);
        self
    }

    pub fn facts<'tx>(&self, transaction: &'tx ()) -> Facts<'tx> {
        self.facts_at(transaction, now())
    }

    pub fn facts_at<'tx>(&self, transaction: &'tx (), now: Moment) -> Facts<'tx> {
        let reading = Reading {
            now,
            activated: self.activated,
            allotment: Allotment::from_counts(self.licensed.clone(), BTreeMap::new(), self.policy, 1),
            seats: self.seats.clone(),
            enabled_administrators: self.administrators,
            revision: 7,
            catalog: Arc::new(Catalog::arcgis().with_custom_roles(&self.roles)),
            defaults: self.defaults.clone(),
        };
        Facts::read_in(Brand::of(transaction), reading)
    }
}

/// One enabled member.
pub fn member<'tx>(transaction: &'tx (), number: u128, user: &str, in_role: &str) -> MemberFacts<'tx> {
    let row = MemberRow {
        id: member_id(number),
        username: format!("member-{number}"),
        user_type: user_type(user),
        role: role(in_role),
        state: MemberState::Enabled,
    };
    MemberFacts::read_in(Brand::of(transaction), row)
}

/// The same member, disabled.
pub fn disabled<'tx>(transaction: &'tx (), facts: &MemberFacts<'_>) -> MemberFacts<'tx> {
    in_state(transaction, facts, MemberState::Disabled)
}

/// The same member, archived.
pub fn archived<'tx>(transaction: &'tx (), facts: &MemberFacts<'_>) -> MemberFacts<'tx> {
    in_state(transaction, facts, MemberState::Archived)
}

/// The same member in that state.
pub fn in_state<'tx>(transaction: &'tx (), facts: &MemberFacts<'_>, state: MemberState) -> MemberFacts<'tx> {
    MemberFacts::read_in(Brand::of(transaction), MemberRow { state, ..facts.row().clone() })
}

/// A Creator who acts with one of the default roles.
pub fn actor_in(in_role: &str) -> Actor {
    let catalog = Catalog::arcgis();
    let role = catalog.role(&role(in_role)).unwrap();
    Actor::member(member_id(99), "holder".into(), catalog.user_type(&user_type("creator")), role)
}

/// A Creator who acts with a role of exactly these privileges.
pub fn actor_with(privileges: &[&str]) -> Actor {
    let creator = Catalog::arcgis().user_type(&user_type("creator"));
    Actor::member(member_id(98), "delegate".into(), creator, &role_with(privileges))
}

/// The privileges of those ids, which the catalog has.
pub fn privileges(ids: &[&str]) -> BTreeSet<PrivilegeId> {
    let known = Catalog::arcgis().privileges().iter().map(|one| one.id.clone());
    let found: BTreeSet<PrivilegeId> = known.filter(|id| ids.contains(&id.as_str())).collect();
    assert_eq!(found.len(), ids.len(), "a privilege that the catalog does not have");
    found
}

/// A role of the organization, `custom-delegate`, with exactly these privileges.
pub fn role_with(ids: &[&str]) -> Role {
    Catalog::arcgis().in_effect(&custom_role("delegate", ids))
}

/// The role `custom-…` of the organization with exactly these privileges.
pub fn custom_role(name: &str, ids: &[&str]) -> CustomRole {
    CustomRole {
        id: role(&format!("custom-{name}")),
        name: name.to_owned(),
        description: String::new(),
        privileges: privileges(ids),
    }
}

/// The numbers of another license file.
pub fn gives(counts: &[(&str, u64)]) -> Allotment {
    let counts = counts.iter().map(|(id, count)| (user_type(id), *count)).collect();
    Allotment::from_counts(counts, BTreeMap::new(), Policy::default(), 2)
}
