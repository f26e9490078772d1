//! Taking a change back, by hand or at the time that was planned (S35, A-ENF-10).

use std::collections::BTreeMap;

use super::privileges::Deed;
use super::{Act, ChangeSet, Operation};
use crate::facts::{Brand, Facts, MemberFacts};
use crate::permit::{AddOnMoves, CancelGrant, CancelPermit, DismissGrant, DismissPermit, EndedReturn, Permit, Seat};
use crate::{Actor, ChangeId, MemberId, MemberRow, MemberState, Refusal, account};

/// A change that was applied, as the store read it in this transaction.
#[derive(Debug)]
pub struct PastChange<'tx> {
    /// Its id.
    pub id: ChangeId,
    /// Whom it moved.
    pub moves: Vec<PastMove>,
    /// How its return stands.
    pub planned: PlannedReturn,
    _brand: Brand<'tx>,
}

/// How the return of a change stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedReturn {
    /// None was planned, or it has ended.
    Nothing,
    /// It is planned or due, and keeps its seats.
    Open(EndedReturn),
    /// It was found impossible, keeps nothing, and is told until somebody dismisses it.
    Impossible,
}

impl PlannedReturn {
    /// The return, while it keeps seats.
    #[must_use]
    pub fn open(&self) -> Option<&EndedReturn> {
        match self {
            Self::Open(open) => Some(open),
            Self::Nothing | Self::Impossible => None,
        }
    }
}

/// One member whom a change moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMove {
    /// Who.
    pub member: MemberId,
    /// The user name then.
    pub username: String,
    /// What the member held before.
    pub from: Seat,
    /// What the member held after; nothing when deleted.
    pub to: Option<Seat>,
    /// The add-ons that came and went.
    pub add_ons: AddOnMoves,
    /// Whether the change is still the last one that moved the member.
    pub is_last: bool,
}

impl<'tx> PastChange<'tx> {
    /// What the store read in the transaction of that brand.
    #[must_use]
    pub fn read_in(brand: Brand<'tx>, id: ChangeId, moves: Vec<PastMove>, planned: PlannedReturn) -> Self {
        Self { id, moves, planned, _brand: brand }
    }
}

/// The change set that takes a change back: user types, roles and states as they were before, for members who are still
/// as the change left them. A planned return ends with it.
///
/// # Errors
/// Nothing was moved; members have changed since, or are gone; an account was deleted, or the Administrator role would be
/// given back, which no revert does (design: Change sets).
pub fn revert<'tx>(
    facts: &Facts<'tx>,
    past: &PastChange<'tx>,
    members: &[MemberFacts<'tx>],
) -> Result<ChangeSet, Refusal> {
    if past.moves.is_empty() {
        return Err(Refusal::NothingToTakeBack);
    }
    if let Some(gone) = past.moves.iter().find(|one| one.to.is_none()) {
        return Err(Refusal::CannotReturn { username: gone.username.clone() });
    }
    let rows: BTreeMap<&MemberId, &MemberRow> = members.iter().map(|one| (&one.row().id, one.row())).collect();
    let is_as_left = |one: &&PastMove| one.is_last && one.to == rows.get(&one.member).map(|row| held(row));
    let changed: Vec<String> =
        past.moves.iter().filter(|one| !is_as_left(one)).map(|one| one.username.clone()).collect();
    if !changed.is_empty() {
        return Err(Refusal::ChangedSince { usernames: changed });
    }
    let operations = past.moves.iter().map(|one| back(facts, one)).collect::<Result<_, _>>()?;
    Ok(ChangeSet { operations, ends: past.planned.open().cloned(), ..ChangeSet::default() })
}

fn held(row: &MemberRow) -> Seat {
    Seat { user_type: row.user_type.clone(), role: row.role.clone(), state: row.state }
}

fn back(facts: &Facts<'_>, one: &PastMove) -> Result<Operation, Refusal> {
    let (from, Some(to)) = (&one.from, &one.to) else {
        return Err(Refusal::CannotReturn { username: one.username.clone() });
    };
    let was_administrator = facts.catalog().role(&from.role).is_some_and(|role| role.is_administrator);
    if was_administrator && gives_back_administrator(from, to) {
        return Err(Refusal::CannotReturn { username: one.username.clone() });
    }
    let (member, act) = (one.member.clone(), act_back(from, to));
    let AddOnMoves { assign, unassign } = one.add_ons.clone();
    let add_ons = match act {
        // Who is archived loses all of them in any case.
        Some(Act::ArchiveAgain) => AddOnMoves::default(),
        Some(Act::Enable | Act::Disable | Act::Archive | Act::Restore | Act::RestoreDisabled | Act::Delete) | None => {
            AddOnMoves { assign: unassign, unassign: assign }
        }
    };
    if from == to {
        return Ok(Operation::add_ons(member, add_ons));
    }
    let (set_user_type, set_role) = (Some(from.user_type.clone()), Some(from.role.clone()));
    Ok(Operation { act, add_ons, ..Operation::set(member, set_user_type, set_role) })
}

/// What the way back from `to` to `from` does with the account.
fn act_back(from: &Seat, to: &Seat) -> Option<Act> {
    match (to.state, from.state) {
        (_, MemberState::Archived) => Some(Act::ArchiveAgain),
        (MemberState::Archived, MemberState::Enabled) => Some(Act::Restore),
        (MemberState::Archived, MemberState::Disabled) => Some(Act::RestoreDisabled),
        (MemberState::Enabled, MemberState::Disabled) => Some(Act::Disable),
        (MemberState::Disabled, MemberState::Enabled) => Some(Act::Enable),
        (MemberState::Enabled, MemberState::Enabled) | (MemberState::Disabled, MemberState::Disabled) => None,
    }
}

/// Whether the way back from `to` to `from`, whose role is the Administrator's, would give that role or its use again.
pub(super) fn gives_back_administrator(from: &Seat, to: &Seat) -> bool {
    from.role != to.role || (from.state == MemberState::Enabled && to.state != MemberState::Enabled)
}

/// Whether a planned return may be given up; its seats are free then. Whoever could plan the way back may (S35).
///
/// # Errors
/// What [`may_go_back`] refuses; nothing is planned.
pub fn cancel<'tx>(facts: &Facts<'tx>, actor: &Actor, past: &PastChange<'tx>) -> Result<CancelPermit<'tx>, Refusal> {
    may_go_back(facts, actor, past)?;
    let ends = past.planned.open().cloned().ok_or(Refusal::NothingPlanned)?;
    Ok(Permit::given(facts, CancelGrant { ends }))
}

/// Whether a return that was found impossible may be put out of sight, by whoever could have given it up (S35).
///
/// # Errors
/// What [`may_go_back`] refuses; there is no such return.
pub fn dismiss<'tx>(facts: &Facts<'tx>, actor: &Actor, past: &PastChange<'tx>) -> Result<DismissPermit<'tx>, Refusal> {
    may_go_back(facts, actor, past)?;
    if past.planned != PlannedReturn::Impossible {
        return Err(Refusal::NothingPlanned);
    }
    Ok(Permit::given(facts, DismissGrant { change: past.id.clone() }))
}

/// Whether the actor may do to every member what the way back does, were there seats for it or not: S113, S173 to S179,
/// S217 to S222, S248, A-ROLE-13.
///
/// # Errors
/// The actor may not see changes; a privilege is missing, or the act is reserved to default Administrators.
pub fn may_go_back(facts: &Facts<'_>, actor: &Actor, past: &PastChange<'_>) -> Result<(), Refusal> {
    account::see_members(actor)?;
    let is_administrators = |seat: &Seat| facts.catalog().role(&seat.role).is_some_and(|role| role.is_administrator);
    past.moves.iter().try_for_each(|one| {
        // Who was deleted goes no way back: no return of that is ever planned.
        let (from, Some(to)) = (&one.from, &one.to) else { return Ok(()) };
        let is_seated = from.state.holds_a_seat();
        let deed = Deed {
            member: &one.member,
            act: act_back(from, to),
            is_about_licences: !one.add_ons.is_empty(),
            sets: from != to,
            changes_type: is_seated && from.user_type != to.user_type,
            changes_role: is_seated && from.role != to.role,
            touches_an_administrator: is_administrators(from) || is_administrators(to),
            returns: false,
        };
        deed.may_be_done_by(actor)
    })
}
