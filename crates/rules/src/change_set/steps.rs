//! One operation, read: whom it changes, from what to what, and whether that may be done at all.

use std::collections::BTreeMap;

use catalog::{Role, RoleId, UserType};
use entitlement::UserTypeId;

use super::add_ons::{self, Licences, Losses};
use super::privileges::{self, Deed};
use super::revert::gives_back_administrator;
use super::{Act, ChangeSet, Operation};
use crate::capacity::{known_role, known_user_type};
use crate::facts::{Facts, MemberFacts, is_lockable};
use crate::permit::{AddOnMoves, Delta, Move, Seat};
use crate::plan::{Blocker, Former, MemberEffect};
use crate::refusal::Misfit;
use crate::{Actor, MemberId, MemberRow, MemberState, Refusal};

/// What the operations are read with.
pub(super) struct Reader<'f, 'tx> {
    facts: &'f Facts<'tx>,
    actor: &'f Actor,
    rows: BTreeMap<&'f MemberId, &'f MemberRow>,
    returns: bool,
}

/// One member before and after.
pub(super) struct Step<'f> {
    at: usize,
    row: &'f MemberRow,
    /// Nothing where the catalog does not have the role any more: such a member can still be moved out.
    role_before: Option<&'f Role>,
    /// The user type afterwards; of an archived member, the remembered one.
    user_type_after: &'f UserTypeId,
    /// The role afterwards, likewise.
    role_after: &'f RoleId,
    /// Both, to be fitted to each other; nothing where the member is only let go.
    given: Option<(&'f UserType, &'f Role)>,
    /// Nothing when deleted.
    state_after: Option<MemberState>,
    /// The add-ons that come and go.
    add_ons: AddOnMoves,
    /// The products that the member may not use, or not at that level, any more.
    loses: Losses,
}

impl<'f, 'tx> Reader<'f, 'tx> {
    pub(super) fn new(
        facts: &'f Facts<'tx>,
        actor: &'f Actor,
        members: &'f [MemberFacts<'tx>],
        change: &'f ChangeSet,
    ) -> Self {
        let rows = members.iter().map(|one| (&one.row().id, one.row())).collect();
        Self { facts, actor, rows, returns: change.revert_at.is_some() }
    }

    /// Reads one operation.
    pub(super) fn step(&self, at: usize, operation: &'f Operation, is_new: bool) -> Result<Step<'f>, Refusal> {
        privileges::may_ask(self.actor, operation)?;
        if !is_new {
            return Err(Refusal::MemberTwice { member: operation.member.clone() });
        }
        let unknown = || Refusal::UnknownMember { member: operation.member.clone() };
        let row = self.rows.get(&operation.member).copied().ok_or_else(unknown)?;
        let mut step = self.end(at, row, operation)?;
        self.may_act(&step, operation)?;
        if self.returns {
            can_return(&step)?;
        }
        self.role_fits(&step)?;
        let user_type = step.given.map(|(user_type, _)| user_type);
        if user_type.is_some() || step.enters().is_none() {
            let licences = Licences { catalog: self.facts.catalog(), row, user_type };
            step.loses = licences.fit(&step.add_ons, operation.release_checkouts)?;
        }
        Ok(step)
    }

    /// Where the operation leads, by the names in it.
    fn end(&self, at: usize, row: &'f MemberRow, operation: &'f Operation) -> Result<Step<'f>, Refusal> {
        let wrong = || Refusal::WrongState { username: row.username.clone(), state: row.state };
        let role_before = self.facts.catalog().role(&row.role);
        let sets = operation.set_user_type.is_some() || operation.set_role.is_some() || !operation.add_ons.is_empty();
        let user_type_after = operation.set_user_type.as_ref().unwrap_or(&row.user_type);
        let role_after = operation.set_role.as_ref().unwrap_or(&row.role);
        let wanted = add_ons::moves(self.facts.catalog(), row, operation)?;
        let step = |given, state_after| {
            let (add_ons, loses) = (wanted.clone(), Losses::default());
            Step { at, row, role_before, user_type_after, role_after, given, state_after, add_ons, loses }
        };
        let let_go = |state_after| step(None, state_after);
        let state_after = match (operation.act, row.state) {
            (Some(Act::Archive | Act::Delete), _) if sets => return Err(Refusal::SetsWhatItTakes),
            (Some(Act::Delete), _) => return Ok(let_go(None)),
            (Some(Act::Archive | Act::ArchiveAgain), _) => return Ok(let_go(Some(MemberState::Archived))),
            (Some(Act::Restore), MemberState::Archived) => MemberState::Enabled,
            (Some(Act::RestoreDisabled), MemberState::Archived) => MemberState::Disabled,
            (Some(Act::Enable | Act::Disable) | None, MemberState::Archived) => return Err(wrong()),
            (Some(Act::Enable), _) => MemberState::Enabled,
            (Some(Act::Disable), _) if !sets => return Ok(let_go(Some(MemberState::Disabled))),
            (Some(Act::Disable), _) => MemberState::Disabled,
            (Some(Act::Restore | Act::RestoreDisabled) | None, MemberState::Enabled | MemberState::Disabled) => {
                row.state
            }
        };
        let given = (known_user_type(self.facts.catalog(), user_type_after)?, known_role(self.facts, role_after)?);
        Ok(step(Some(given), Some(state_after)))
    }

    /// Whether the actor may do it, and go the way back where one is planned.
    fn may_act(&self, step: &Step<'_>, operation: &Operation) -> Result<(), Refusal> {
        let deed = Deed {
            member: &step.row.id,
            act: operation.act,
            is_about_licences: operation.is_about_licences(),
            sets: operation.sets(),
            changes_type: step.changes_type(),
            changes_role: step.changes_role(),
            touches_an_administrator: step.touches_an_administrator(),
            returns: self.returns,
        };
        deed.may_be_done_by(self.actor)
    }

    /// The role is within the user type after the change (S95, S96, A-ENF-10).
    fn role_fits(&self, step: &Step<'_>) -> Result<(), Refusal> {
        let misfit = |(user_type, role)| misfit(self.facts, Some(&step.row.id), user_type, role);
        match step.given.filter(|(user_type, role)| !user_type.admits(role)).map(misfit) {
            Some(misfit) => Err(Refusal::RoleExceedsUserType { misfits: vec![misfit] }),
            None => Ok(()),
        }
    }

    /// The operation as one that is left out.
    pub(super) fn blocker(&self, at: usize, operation: &Operation, refusal: Refusal) -> Blocker {
        let username = self.rows.get(&operation.member).map(|row| row.username.clone());
        Blocker { operation: at, member: operation.member.clone(), username, refusal }
    }
}

/// What cannot be taken back later cannot be planned to return: a deletion, and the Administrator role, which no return
/// gives (design: Change sets).
fn can_return(step: &Step<'_>) -> Result<(), Refusal> {
    let was_administrator = step.role_before.is_some_and(|role| role.is_administrator);
    let returns = match step.to() {
        Some(to) => !(was_administrator && gives_back_administrator(&step.from(), &to)),
        None => false,
    };
    if returns { Ok(()) } else { Err(Refusal::CannotReturn { username: step.row.username.clone() }) }
}

impl Step<'_> {
    fn seat_before(&self) -> bool {
        self.row.state.holds_a_seat()
    }

    /// The user type whose seat the member holds afterwards, if any.
    pub(super) fn seat_after(&self) -> Option<&UserTypeId> {
        self.state_after.filter(|state| state.holds_a_seat()).map(|_| self.user_type_after)
    }

    pub(super) fn changes_type(&self) -> bool {
        self.seat_after().is_some_and(|after| *after != self.row.user_type)
    }

    fn changes_role(&self) -> bool {
        self.seat_after().is_some() && *self.role_after != self.row.role
    }

    pub(super) fn restores(&self) -> bool {
        !self.seat_before() && self.seat_after().is_some()
    }

    /// The role that is given; of who is only let go, the one that was held.
    fn role_then(&self) -> Option<&Role> {
        self.given.map(|(_, role)| role).or(self.role_before)
    }

    fn touches_an_administrator(&self) -> bool {
        [self.role_before, self.role_then()].into_iter().flatten().any(|role| role.is_administrator)
    }

    /// Whether an Administrator enters a user type, or somebody becomes one in it.
    pub(super) fn seats_an_administrator(&self) -> bool {
        let was = self.seat_before() && self.role_before.is_some_and(|role| role.is_administrator);
        let is = self.seat_after().is_some() && self.role_then().is_some_and(|role| role.is_administrator);
        is && (!was || self.changes_type())
    }

    /// By how much the number of enabled default Administrators changes.
    pub(super) fn administrators(&self) -> i64 {
        let counts = |role: Option<&Role>, state: Option<MemberState>| {
            i64::from(state == Some(MemberState::Enabled) && role.is_some_and(|role| role.is_administrator))
        };
        counts(self.role_then(), self.state_after) - counts(self.role_before, Some(self.row.state))
    }

    /// What leaves the count of the user type before.
    pub(super) fn leaves(&self) -> Option<(&UserTypeId, Delta)> {
        let lockable = match self.role_before {
            Some(role) => is_lockable(role, self.row.state),
            None => self.row.state == MemberState::Enabled,
        };
        self.seat_before().then(|| (&self.row.user_type, Delta { assigned: -1, lockable: -i64::from(lockable) }))
    }

    /// What enters the count of the user type after.
    pub(super) fn enters(&self) -> Option<(&UserTypeId, Delta)> {
        let (user_type, state) = (self.seat_after()?, self.state_after?);
        let lockable = self.role_then().is_some_and(|role| is_lockable(role, state));
        Some((user_type, Delta { assigned: 1, lockable: i64::from(lockable) }))
    }

    pub(super) fn blocker(&self, refusal: Refusal) -> Blocker {
        let (member, username) = (self.row.id.clone(), Some(self.row.username.clone()));
        Blocker { operation: self.at, member, username, refusal }
    }

    /// What people are shown of it.
    pub(super) fn effect(&self) -> MemberEffect {
        let former =
            Former { user_type: self.row.user_type.clone(), role: self.row.role.clone(), state: self.row.state };
        MemberEffect {
            id: self.row.id.clone(),
            username: self.row.username.clone(),
            user_type: self.seat_after().cloned(),
            role: self.role_after.clone(),
            state: self.state_after,
            assigns: self.add_ons.assign.clone(),
            unassigns: self.add_ons.unassign.clone(),
            ends_sessions_of: self.loses.sessions.clone(),
            releases: self.loses.checkouts.clone(),
            former,
        }
    }

    fn from(&self) -> Seat {
        Seat { user_type: self.row.user_type.clone(), role: self.row.role.clone(), state: self.row.state }
    }

    fn to(&self) -> Option<Seat> {
        let (user_type, role) = (self.user_type_after.clone(), self.role_after.clone());
        Some(Seat { user_type, role, state: self.state_after? })
    }

    /// The move, if anything changes.
    pub(super) fn moved(&self) -> Option<Move> {
        let (from, to) = (self.from(), self.to());
        let is_moved = to.as_ref() != Some(&from) || !self.add_ons.is_empty();
        let (add_ons, releases) = (self.add_ons.clone(), self.loses.checkouts.clone());
        let ends_sessions_of = self.loses.sessions.iter().cloned().collect();
        is_moved.then(|| Move { member: self.row.id.clone(), from, to, add_ons, ends_sessions_of, releases })
    }

    /// The add-ons that come and go.
    pub(super) fn add_ons(&self) -> &AddOnMoves {
        &self.add_ons
    }
}

/// A role above its user type, with the nearest one that fits.
pub(crate) fn misfit(facts: &Facts<'_>, member: Option<&MemberId>, user_type: &UserType, role: &Role) -> Misfit {
    Misfit {
        member: member.cloned(),
        user_type: user_type.id.clone(),
        role: role.id.clone(),
        privileges: user_type.exceeded_by(role).into_iter().map(ToString::to_string).collect(),
        proposed_role: facts.catalog().nearest_role(role, user_type).map(|one| one.id.clone()),
    }
}
