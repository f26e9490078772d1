//! Change sets: the one way in which seats move (S22 to S36; design: Change sets).
//!
//! A change set is judged on its end state. Per type the count may end at or below what it was; or, with what is
//! reserved, within the licensed number; or at one over it, by consent of a default Administrator (S23 to S28). So an
//! exchange of two members at 25 of 25 and 5 of 5 is one step that locks nobody out, and the two steps of the seed work
//! as well, in either order (A-ENF-9). A partial one judges each operation by itself, on what those before it left.
//!
//! `steps` reads one operation: names, role and type. `privileges` tells who may do it. `ledger` counts: administrators and
//! seats. `revert` makes the change set that takes another one back.

pub(crate) mod add_ons;
mod ledger;
mod privileges;
mod revert;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};

use crate::capacity::known_role;
use crate::facts::{Facts, MemberFacts};
use crate::permit::{AddOnMoves, ChangeGrant, ChangePermit, EndedReturn, Permit};
use crate::plan::{Blocker, Plan};
use crate::{Actor, MemberId, Refusal};
use ledger::Ledger;
pub use revert::{PastChange, PastMove, PlannedReturn, cancel, dismiss, may_go_back, revert};
pub(crate) use steps::misfit;
use steps::{Reader, Step};

/// One operation on one member; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whom it changes.
    pub member: MemberId,
    /// The user type to set.
    pub set_user_type: Option<UserTypeId>,
    /// The role to set.
    pub set_role: Option<RoleId>,
    /// What to do with the account.
    pub act: Option<Act>,
    /// The add-ons and extensions to assign and to unassign (S44, S45).
    pub add_ons: AddOnMoves,
    /// Whether an offline checkout that stands in the way is released.
    pub release_checkouts: bool,
}

impl Operation {
    /// An operation that sets user type and role.
    #[must_use]
    pub fn set(member: MemberId, set_user_type: Option<UserTypeId>, set_role: Option<RoleId>) -> Self {
        let (add_ons, release_checkouts) = (AddOnMoves::default(), false);
        Self { member, set_user_type, set_role, act: None, add_ons, release_checkouts }
    }

    /// An operation that does something with the account.
    #[must_use]
    pub fn act(member: MemberId, act: Act) -> Self {
        Self { act: Some(act), ..Self::set(member, None, None) }
    }

    /// An operation that assigns and unassigns add-ons and extensions.
    #[must_use]
    pub fn add_ons(member: MemberId, add_ons: AddOnMoves) -> Self {
        Self { add_ons, ..Self::set(member, None, None) }
    }

    /// Whether it names a user type or a role.
    pub(crate) fn sets(&self) -> bool {
        self.set_user_type.is_some() || self.set_role.is_some()
    }

    /// Whether it names add-ons, extensions or checkouts.
    pub(crate) fn is_about_licences(&self) -> bool {
        !self.add_ons.is_empty() || self.release_checkouts
    }
}

/// What can be done with an account. Each names where it ends; done to an account that is there already, it moves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Let the member sign in again; the seat was held all the time.
    Enable,
    /// Keep the member out; the seat stays taken (A-ENF-12).
    Disable,
    /// Take access and seat away, and remember both.
    Archive,
    /// Archive again whoever was restored, and remember what was remembered before: what taking a restoration back does.
    ArchiveAgain,
    /// Give an archived member a seat again, as a registration does.
    Restore,
    /// The same for one who was disabled, and stays so: what taking an archiving back does.
    RestoreDisabled,
    /// Remove the account for good.
    Delete,
}

impl Act {
    /// The acts that can be asked for.
    pub const ASKED: [Self; 5] = [Self::Enable, Self::Disable, Self::Archive, Self::Restore, Self::Delete];

    /// The act as programs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Archive | Self::ArchiveAgain => "archive",
            Self::Restore | Self::RestoreDisabled => "restore",
            Self::Delete => "delete",
        }
    }
}

/// Whether the operations stand or fall together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// All of them or none, judged on the end state.
    #[default]
    Atomic,
    /// Each by itself, in their order; those that cannot are left out and named. It takes no type one over.
    Partial,
}

/// Operations that are applied together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// At most one per member.
    pub operations: Vec<Operation>,
    /// Whether they stand or fall together.
    pub mode: Mode,
    /// The consent: for each type that may go one over, the number of people that locks out (S26, S28).
    pub allow_one_over: BTreeMap<UserTypeId, u64>,
    /// When the members return by themselves to what they were.
    pub revert_at: Option<Moment>,
    /// The planned return that this change is, or takes the place of: the seats it keeps are free for this change.
    pub ends: Option<EndedReturn>,
}

/// Whether the change set may be applied, with the plan of what it does.
///
/// `members` are those that the operations name, read in the same transaction as the facts; an operation on any other
/// member is refused as unknown.
///
/// # Errors
/// Nothing to do; a return that cannot be planned. Then, for each operation, as one refusal that names every one that
/// cannot be done: a member twice or unknown, an unknown type or role, an act that the account's state does not allow; an
/// act reserved to administrators; a role above its user type. A missing privilege is told by itself. Then, of all
/// operations together: the last administrator; nobody restored while any type is over; an Administrator entering a type
/// that is over afterwards; no seat; the one-over allowance exhausted, unconsented, or consented with another number.
/// Who is restored is registered, so such a change takes nothing over, consented or not. A partial change is refused only
/// when every operation is.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    members: &[MemberFacts<'tx>],
    change: &ChangeSet,
) -> Result<ChangePermit<'tx>, Refusal> {
    if change.operations.is_empty() {
        return Err(Refusal::NothingToDo);
    }
    return_is_ahead(facts, change)?;
    let (steps, mut blockers) = read(&Reader::new(facts, actor, members, change), change)?;
    let mut ledger = Ledger::open(facts, actor, change.ends.as_ref());
    let steps = match change.mode {
        Mode::Atomic => {
            if !blockers.is_empty() {
                return Err(Refusal::blocked(blockers, change.operations.len()));
            }
            ledger.admit(&steps, &change.allow_one_over)?;
            steps
        }
        Mode::Partial => {
            let admitted = each_by_itself(&mut ledger, steps, change, &mut blockers)?;
            if admitted.is_empty() {
                return Err(Refusal::blocked(blockers, change.operations.len()));
            }
            admitted
        }
    };
    blockers.sort_by_key(|blocker| blocker.operation);
    Ok(Permit::given(facts, granted(change, &ledger, &steps, blockers)))
}

/// Reads every operation; those that cannot be read or may not be done are blockers.
fn read<'f>(reader: &Reader<'f, '_>, change: &'f ChangeSet) -> Result<(Vec<Step<'f>>, Vec<Blocker>), Refusal> {
    let (mut steps, mut blockers, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, operation) in change.operations.iter().enumerate() {
        let is_new = seen.insert(&operation.member);
        match reader.step(at, operation, is_new) {
            Ok(step) => steps.push(step),
            // Who lacks a privilege lacks it for every operation of that kind: there is nothing to mend in the list.
            Err(refusal @ Refusal::PrivilegeMissing { .. }) => return Err(refusal),
            Err(refusal) => blockers.push(reader.blocker(at, operation, refusal)),
        }
    }
    Ok((steps, blockers))
}

/// Admits one step after the other, and names those that are left out.
fn each_by_itself<'f>(
    ledger: &mut Ledger<'f, '_, '_>,
    steps: Vec<Step<'f>>,
    change: &ChangeSet,
    blockers: &mut Vec<Blocker>,
) -> Result<Vec<Step<'f>>, Refusal> {
    if !change.allow_one_over.is_empty() {
        return Err(Refusal::ConfirmationMismatch { expected: BTreeMap::new() });
    }
    let mut admitted = Vec::with_capacity(steps.len());
    for step in steps {
        match ledger.admit_one(&step) {
            Ok(()) => admitted.push(step),
            Err(refusal) => blockers.push(step.blocker(refusal)),
        }
    }
    Ok(admitted)
}

fn granted(change: &ChangeSet, ledger: &Ledger<'_, '_, '_>, steps: &[Step<'_>], refused: Vec<Blocker>) -> ChangeGrant {
    let reserves = match change.revert_at {
        Some(_) => ledger.kept_for_the_return(),
        None => BTreeMap::new(),
    };
    let plan = Plan {
        types: ledger.effects(),
        add_ons: ledger.add_on_effects(),
        members: steps.iter().map(Step::effect).collect(),
        refused,
        revert_at: change.revert_at,
        reserves,
    };
    ChangeGrant {
        plan,
        moves: steps.iter().filter_map(Step::moved).collect(),
        deltas: ledger.deltas().clone(),
        add_ons: ledger.add_ons().clone(),
        administrators: ledger.administrators(),
        ends: change.ends.clone(),
    }
}

/// A return lies ahead, and is of acts that can be taken back.
fn return_is_ahead(facts: &Facts<'_>, change: &ChangeSet) -> Result<(), Refusal> {
    match change.revert_at {
        Some(at) if at <= facts.now() => Err(Refusal::ReturnNotAhead { at }),
        Some(_) | None => Ok(()),
    }
}

/// The change set by which two members exchange user type and role (A-ENF-9).
///
/// # Errors
/// Both are one member; one is archived; or one of them has the Administrator role, which is never handed over by a swap
/// (design: Change sets).
pub fn swap<'tx>(facts: &Facts<'tx>, a: &MemberFacts<'tx>, b: &MemberFacts<'tx>) -> Result<ChangeSet, Refusal> {
    if a.row().id == b.row().id {
        return Err(Refusal::SwapWithSelf);
    }
    for member in [a, b] {
        let row = member.row();
        if !row.state.holds_a_seat() {
            return Err(Refusal::WrongState { username: row.username.clone(), state: row.state });
        }
        if known_role(facts, &row.role)?.is_administrator {
            return Err(Refusal::SwapWithAdministrator { username: row.username.clone() });
        }
    }
    let to = |member: &MemberFacts<'tx>, other: &MemberFacts<'tx>| {
        let other = other.row();
        Operation::set(member.row().id.clone(), Some(other.user_type.clone()), Some(other.role.clone()))
    };
    Ok(ChangeSet { operations: vec![to(a, b), to(b, a)], ..ChangeSet::default() })
}

#[cfg(test)]
mod tests;
