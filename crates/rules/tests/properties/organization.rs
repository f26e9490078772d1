//! An organization in memory: what a store keeps, written only as permits grant.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use catalog::{Catalog, RoleId};
use entitlement::{Allotment, Entitlement, Moment, UserTypeId};
use rules::capacity::{INVITATION_SECONDS, InvitationFacts};
use rules::change_set::{PastChange, PastMove, PlannedReturn};
use rules::defaults::NewMemberDefaults;
use rules::permit::{AcceptGrant, ActivationGrant, ChangeGrant, EndedReturn, InviteGrant, Move, RegisterGrant};
use rules::{Brand, ChangeId, Facts, InvitationId, MemberFacts, MemberId, MemberRow, MemberState, Reading, SeatCount};

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

/// One invitation, waiting or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    pub user_type: UserTypeId,
    pub role: RoleId,
    pub expires_at: Moment,
    pub waits: bool,
}

/// One change that was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub moves: Vec<Move>,
    /// When the members return, and the seats that are kept for it.
    pub planned: Option<(Moment, BTreeMap<UserTypeId, u64>)>,
}

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
    pub invitations: Vec<Invitation>,
    pub changes: Vec<Change>,
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
            invitations: vec![],
            changes: vec![],
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
            add_ons: BTreeMap::new(),
            now: self.now,
            activated: self.license.is_some(),
            allotment: self.allotment(),
            seats: self.seats.clone(),
            enabled_administrators: self.administrators,
            revision: self.revision,
            catalog: Arc::clone(catalog()),
            defaults: NewMemberDefaults::default(),
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

    /// The counts as the lists of members, invitations and changes have them.
    pub fn recount(&self) -> BTreeMap<UserTypeId, SeatCount> {
        let mut counts: BTreeMap<UserTypeId, SeatCount> = BTreeMap::new();
        for row in self.members.values().filter(|row| row.state != MemberState::Archived) {
            let count = counts.entry(row.user_type.clone()).or_default();
            count.assigned += 1;
            count.lockable += u64::from(is_lockable(row));
        }
        for one in self.invitations.iter().filter(|one| one.waits) {
            counts.entry(one.user_type.clone()).or_default().reserved += 1;
        }
        for (_, kept) in self.changes.iter().filter_map(|one| one.planned.as_ref()) {
            kept.iter().for_each(|(id, seats)| counts.entry(id.clone()).or_default().reserved += seats);
        }
        counts
    }

    /// The invitation of that number, counted from the last one.
    pub fn invitation<'tx>(&self, transaction: &'tx (), number: usize) -> Option<(usize, InvitationFacts<'tx>)> {
        let at = self.invitations.len().checked_sub(1 + number)?;
        let Invitation { user_type, role, expires_at, waits } = self.invitations[at].clone();
        let id = InvitationId::from_bits(u128::try_from(at).ok()?);
        Some((at, InvitationFacts::read_in(Brand::of(transaction), id, (user_type, role), (expires_at, waits))))
    }

    pub fn change_id(at: usize) -> ChangeId {
        ChangeId::from_bits(u128::try_from(at).unwrap())
    }

    /// The planned return of that change.
    pub fn planned(&self, at: usize) -> Option<EndedReturn> {
        let (_, reserves) = self.changes[at].planned.clone()?;
        Some(EndedReturn { change: Self::change_id(at), reserves })
    }

    /// That change, as a store reads it.
    pub fn past<'tx>(&self, transaction: &'tx (), at: usize) -> PastChange<'tx> {
        let moves = self.changes[at].moves.iter().map(|one| PastMove {
            add_ons: one.add_ons.clone(),
            member: one.member.clone(),
            username: format!("of {}", one.member),
            from: one.from.clone(),
            to: one.to.clone(),
            is_last: self.is_last(at, &one.member),
        });
        let planned = self.planned(at).map_or(PlannedReturn::Nothing, PlannedReturn::Open);
        PastChange::read_in(Brand::of(transaction), Self::change_id(at), moves.collect(), planned)
    }

    /// Whether no later change moved the member.
    pub fn is_last(&self, at: usize, member: &MemberId) -> bool {
        !self.changes[at + 1..].iter().any(|later| later.moves.iter().any(|one| one.member == *member))
    }

    pub fn invite(&mut self, grant: InviteGrant) -> Held {
        self.revision += 1;
        self.hold(&BTreeMap::from([(grant.user_type.clone(), 1)]));
        let expires_at = self.now.plus_seconds(INVITATION_SECONDS);
        self.invitations.push(Invitation { user_type: grant.user_type, role: grant.role, expires_at, waits: true });
        Ok(())
    }

    pub fn accept(&mut self, at: usize, grant: &AcceptGrant) -> Result<MemberId, String> {
        self.end_invitation(at)?;
        Ok(self.register(&grant.seat))
    }

    /// The invitation waits no longer, and holds no seat.
    pub fn end_invitation(&mut self, at: usize) -> Held {
        ensure!(self.invitations[at].waits, "an invitation ended twice");
        self.revision += 1;
        self.invitations[at].waits = false;
        let kept = BTreeMap::from([(self.invitations[at].user_type.clone(), 1)]);
        self.release(&kept)
    }

    /// Ends the invitations whose time is over.
    pub fn expire(&mut self) -> Result<bool, String> {
        let over = |one: &Invitation| one.waits && one.expires_at <= self.now;
        let ended: Vec<_> = (0..self.invitations.len()).filter(|at| over(&self.invitations[*at])).collect();
        ended.iter().try_for_each(|at| self.end_invitation(*at))?;
        Ok(!ended.is_empty())
    }

    fn hold(&mut self, seats: &BTreeMap<UserTypeId, u64>) {
        seats.iter().for_each(|(id, more)| self.seats.entry(id.clone()).or_default().reserved += more);
    }

    fn release(&mut self, seats: &BTreeMap<UserTypeId, u64>) -> Held {
        for (id, less) in seats {
            let count = self.seats.entry(id.clone()).or_default();
            count.reserved = count.reserved.checked_sub(*less).ok_or("a seat is given back that was not kept")?;
        }
        Ok(())
    }

    /// No return is planned any more, and no seat kept for it.
    pub fn end_return(&mut self, ended: &EndedReturn) -> Held {
        self.revision += 1;
        let at = (0..self.changes.len()).find(|at| Self::change_id(*at) == ended.change).ok_or("no such change")?;
        let (_, kept) = self.changes[at].planned.take().ok_or("a return ended that was not planned")?;
        ensure!(kept == ended.reserves, "{kept:?} was kept, and {:?} given back", ended.reserves);
        self.release(&kept)
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
            add_ons: std::collections::BTreeSet::new(),
            in_use: rules::ProductUse::default(),
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
            let from = (&one.from.user_type, &one.from.role, one.from.state);
            ensure!((&row.user_type, &row.role, row.state) == from, "another member moves");
            match &one.to {
                Some(to) => (row.user_type, row.role, row.state) = (to.user_type.clone(), to.role.clone(), to.state),
                None => drop(self.members.remove(&one.member)),
            }
        }
        for (id, delta) in &grant.deltas {
            let count = self.seats.entry(id.clone()).or_default();
            count.assigned = count.assigned.checked_add_signed(delta.assigned).ok_or("fewer than no members")?;
            count.lockable = count.lockable.checked_add_signed(delta.lockable).ok_or("fewer than none to lock out")?;
        }
        let administrators = self.administrators.checked_add_signed(grant.administrators);
        self.administrators = administrators.ok_or("fewer than no administrators")?;
        if let Some(ended) = &grant.ends {
            self.end_return(ended)?;
        }
        self.hold(&grant.plan.reserves);
        let planned = grant.plan.revert_at.map(|at| (at, grant.plan.reserves.clone()));
        self.changes.push(Change { moves: grant.moves.clone(), planned });
        Ok(())
    }
}

/// Enabled, and not a default Administrator (A-ENF-4).
pub fn is_lockable(row: &MemberRow) -> bool {
    row.state == MemberState::Enabled && row.role.as_str() != ADMINISTRATOR
}
