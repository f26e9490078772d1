//! An organization in memory: what a store keeps, written only as permits grant.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use catalog::{Catalog, RoleId};
use entitlement::{Allotment, Entitlement, Moment, UserTypeId};
use rules::permit::{ActivationGrant, ChangeGrant, RegisterGrant, RemovalGrant};
use rules::{Brand, Facts, MemberFacts, MemberId, MemberRow, MemberState, Reading, SeatCount};

/// Fails a law with a sentence.
macro_rules! ensure {
    ($holds:expr, $($sentence:tt)+) => {
        if !$holds {
            return Err(format!($($sentence)+));
        }
    };
}
pub(crate) use ensure;

/// A law holds, or the sentence that says how it is broken.
pub type Held = Result<(), String>;

pub const ADMINISTRATOR: &str = "administrator";

#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    pub now: Moment,
    pub license: Option<Entitlement>,
    pub members: BTreeMap<MemberId, MemberRow>,
    /// Counts kept by deltas, never counted again.
    pub seats: BTreeMap<UserTypeId, SeatCount>,
    /// Enabled default Administrators, kept likewise.
    pub administrators: u64,
    pub revision: u64,
    pub registered: u128,
}

impl Default for Organization {
    fn default() -> Self {
        Self {
            now: Moment::parse("2026-12-01T00:00:00Z").unwrap(),
            license: None,
            members: BTreeMap::new(),
            seats: BTreeMap::new(),
            administrators: 0,
            revision: 1,
            registered: 0,
        }
    }
}

fn catalog() -> &'static Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    CATALOG.get_or_init(|| Arc::new(Catalog::parse(Catalog::arcgis_bytes()).unwrap()))
}

impl Organization {
    pub fn allotment(&self) -> Allotment {
        self.license.as_ref().map_or_else(Allotment::none, |license| license.at(self.now))
    }

    pub fn facts<'tx>(&self, transaction: &'tx ()) -> Facts<'tx> {
        let reading = Reading {
            now: self.now,
            activated: self.license.is_some(),
            allotment: self.allotment(),
            seats: self.seats.clone(),
            enabled_administrators: self.administrators,
            revision: self.revision,
            catalog: Arc::clone(catalog()),
        };
        Facts::read_in(Brand::of(transaction), reading)
    }

    pub fn member_facts<'tx>(&self, transaction: &'tx (), ids: &[MemberId]) -> Vec<MemberFacts<'tx>> {
        let rows = ids.iter().filter_map(|id| self.members.get(id).cloned());
        rows.map(|row| MemberFacts::read_in(Brand::of(transaction), row)).collect()
    }

    /// The id of the member of that number; one too high is nobody's.
    pub fn id(&self, number: usize) -> MemberId {
        let nth = number % (self.members.len() + 1);
        self.members.keys().nth(nth).cloned().unwrap_or_else(|| MemberId::from_bits(u128::MAX))
    }

    /// The counts as the member list has them.
    pub fn recount(&self) -> BTreeMap<UserTypeId, SeatCount> {
        let reserved = |count: &SeatCount| SeatCount { assigned: 0, lockable: 0, ..*count };
        let mut counts: BTreeMap<_, _> = self.seats.iter().map(|(id, count)| (id.clone(), reserved(count))).collect();
        for row in self.members.values() {
            let count = counts.entry(row.user_type.clone()).or_default();
            count.assigned += 1;
            count.lockable += u64::from(is_lockable(row));
        }
        counts
    }

    pub fn register(&mut self, grant: &RegisterGrant) -> MemberId {
        self.enter(&grant.user_type, &grant.role, grant.is_administrator)
    }

    pub fn activate(&mut self, grant: &ActivationGrant, license: Entitlement) {
        self.license = Some(license);
        self.enter(&grant.user_type, &grant.role, true);
    }

    fn enter(&mut self, user_type: &UserTypeId, role: &RoleId, is_administrator: bool) -> MemberId {
        self.registered += 1;
        self.revision += 1;
        let id = MemberId::from_bits(self.registered);
        let row = MemberRow {
            id: id.clone(),
            username: format!("member-{}", self.registered),
            user_type: user_type.clone(),
            role: role.clone(),
            state: MemberState::Enabled,
        };
        self.members.insert(id.clone(), row);
        let count = self.seats.entry(user_type.clone()).or_default();
        count.assigned += 1;
        count.lockable += u64::from(!is_administrator);
        self.administrators += u64::from(is_administrator);
        id
    }

    /// Writes a change as its grant says, and only where the members are still as they were judged.
    pub fn change(&mut self, grant: &ChangeGrant) -> Held {
        self.revision += 1;
        for one in &grant.moves {
            let row = self.members.get_mut(&one.member).ok_or("a move of nobody")?;
            ensure!(
                (&row.user_type, &row.role, row.state) == (&one.from.0, &one.from.1, one.state),
                "another member moves"
            );
            (row.user_type, row.role) = one.to.clone();
        }
        for (id, delta) in &grant.deltas {
            let count = self.seats.entry(id.clone()).or_default();
            count.assigned = count.assigned.checked_add_signed(delta.assigned).ok_or("fewer than no members")?;
            count.lockable = count.lockable.checked_add_signed(delta.lockable).ok_or("fewer than none to lock out")?;
        }
        let administrators = self.administrators.checked_add_signed(grant.administrators);
        self.administrators = administrators.ok_or("fewer than no administrators")?;
        Ok(())
    }

    pub fn remove(&mut self, grant: &RemovalGrant) -> Held {
        self.revision += 1;
        self.members.remove(&grant.member).ok_or("a deletion of nobody")?;
        let count = self.seats.entry(grant.user_type.clone()).or_default();
        count.assigned = count.assigned.checked_sub(1).ok_or("fewer than no members")?;
        count.lockable = count.lockable.checked_sub(u64::from(grant.lockable)).ok_or("fewer than none to lock out")?;
        let administrators = self.administrators.checked_sub(u64::from(grant.is_enabled_administrator));
        self.administrators = administrators.ok_or("fewer than no administrators")?;
        Ok(())
    }

    /// Disables or enables a member. No rule decides this yet, so the last enabled administrator is spared here.
    pub fn toggle(&mut self, id: &MemberId) {
        let Some(row) = self.members.get_mut(id) else { return };
        let is_administrator = row.role.as_str() == ADMINISTRATOR;
        let was_enabled = row.state == MemberState::Enabled;
        if was_enabled && is_administrator && self.administrators == 1 {
            return;
        }
        self.revision += 1;
        row.state = if was_enabled { MemberState::Disabled } else { MemberState::Enabled };
        let count = self.seats.entry(row.user_type.clone()).or_default();
        let counted = if is_administrator { &mut self.administrators } else { &mut count.lockable };
        *counted = if was_enabled { *counted - 1 } else { *counted + 1 };
    }
}

/// Enabled, and not a default Administrator (A-ENF-4).
pub fn is_lockable(row: &MemberRow) -> bool {
    row.state == MemberState::Enabled && row.role.as_str() != ADMINISTRATOR
}
