//! Change sets that were applied: reading them, and what their members were.

use std::collections::BTreeMap;

use entitlement::{Moment, UserTypeId};
use rules::change_set::{PastChange, PastMove, PlannedReturn as Planned};
use rules::permit::EndedReturn;
use rules::{ChangeId, MemberFacts, MemberState};
use serde::Deserialize;
use serde_json::Value;

use crate::StoreError;
use crate::backend::values;
use crate::kept_plan::KeptPlan;
use crate::row::Row;
use crate::sql;
use crate::tx::ReadTx;

/// How a planned return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReturnState {
    /// It waits for its time, and keeps its seats.
    Planned,
    /// Its time has come and it found no seat; it keeps its seats and is tried again each minute.
    Due,
    /// The members are back.
    Done,
    /// Somebody gave it up.
    Cancelled,
    /// Members have changed since, so it will not happen; its seats are free.
    Stale,
}

impl ReturnState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Planned, Self::Due, Self::Done, Self::Cancelled, Self::Stale];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Due => "due",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Stale => "stale",
        }
    }

    /// Whether it may still happen, and keeps its seats.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Planned | Self::Due => true,
            Self::Done | Self::Cancelled | Self::Stale => false,
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == text);
        known.ok_or_else(|| StoreError::damaged(format!("`{text}` is not a state of a return")))
    }
}

/// The return that was planned with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReturn {
    /// When the members return.
    pub at: Moment,
    /// How it stands.
    pub state: ReturnState,
    /// Why it has not happened, in a sentence.
    pub problem: Option<String>,
}

/// An applied change set.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// The organization's version that it made; the cursor of the list.
    pub version: u64,
    /// When.
    pub at: Moment,
    /// The member who did it; nothing for the console and the schedule.
    pub actor_id: Option<String>,
    /// The user name then.
    pub actor_name: String,
    /// Why.
    pub reason: String,
    /// What it did: the plan that was shown.
    pub plan: Value,
    /// The consent.
    pub allow_one_over: Value,
    /// The return that was planned with it.
    pub planned_return: Option<PlannedReturn>,
    /// The change that it took back.
    pub reverts: Option<String>,
    /// The change that took it back.
    pub reverted_by: Option<String>,
}

impl<'tx> ReadTx<'tx> {
    /// An applied change set.
    ///
    /// # Errors
    /// What the database says.
    pub fn change(&self, id: &ChangeId) -> Result<Option<Change>, StoreError> {
        self.db().one(sql::CHANGE, values![id.as_str()], change)
    }

    /// The newest first, those of a version below `before` when it is given.
    ///
    /// # Errors
    /// What the database says.
    pub fn changes(&self, before: Option<u64>, limit: u32) -> Result<Vec<Change>, StoreError> {
        self.db().many(sql::CHANGES, values![before.unwrap_or(u64::MAX), limit], change)
    }

    /// The changes whose return is planned or due, or was found impossible and not dismissed yet; the nearest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_returns(&self, limit: u32) -> Result<Vec<Change>, StoreError> {
        self.db().many(sql::OPEN_RETURNS, values![limit], change)
    }

    /// The changes whose return is to be tried at this moment.
    ///
    /// # Errors
    /// What the database says.
    pub fn due_returns(&self, limit: u32) -> Result<Vec<ChangeId>, StoreError> {
        // One wrong start of a machine moves nobody: a jump of the clock counts here only once it is on record.
        self.db().many(sql::DUE_RETURNS, values![self.clock().newest, limit], |row| row.parsed(0))
    }

    /// A change with the members as they are now, for the decision to take it back.
    ///
    /// # Errors
    /// What the database says.
    pub fn past_change(&self, of: &Change) -> Result<(PastChange<'tx>, Vec<MemberFacts<'tx>>), StoreError> {
        let kept = KeptPlan::deserialize(&of.plan).map_err(StoreError::damaged)?;
        let (mut moves, mut members) = (Vec::new(), Vec::new());
        for member in kept.members {
            if !member.is_moved() && member.add_ons().is_empty() {
                continue;
            }
            let (from, to) = (member.before(), member.after());
            let add_ons = member.add_ons();
            let mut past = PastMove { member: member.id, username: member.username, from, to, add_ons, is_last: false };
            if let Some(now) = self.member(&past.member)? {
                past.is_last = now.former.as_ref().is_some_and(|former| former.change == of.id);
                // Which user type is remembered of whoever was archived, only the row tells.
                if let Some(to) = past.to.as_mut().filter(|to| past.is_last && to.state == MemberState::Archived) {
                    to.user_type.clone_from(&now.user_type);
                }
                members.push(self.facts_of(now)?);
            }
            moves.push(past);
        }
        // As it stands now: `of` may have been read in an earlier transaction.
        let planned = match self.return_state(&of.id)?.map(|(state, _)| state) {
            Some(ReturnState::Planned | ReturnState::Due) => {
                Planned::Open(EndedReturn { change: of.id.clone(), reserves: kept.reserves })
            }
            Some(ReturnState::Stale) => Planned::Impossible,
            Some(ReturnState::Done | ReturnState::Cancelled) | None => Planned::Nothing,
        };
        Ok((PastChange::read_in(self.brand, of.id.clone(), moves, planned), members))
    }
}

impl ReadTx<'_> {
    /// The seats that a change keeps for its return.
    pub(crate) fn kept_for(&self, change: &ChangeId) -> Result<BTreeMap<UserTypeId, u64>, StoreError> {
        let change = self.change(change)?.ok_or_else(|| StoreError::damaged("a change is not there"))?;
        Ok(KeptPlan::deserialize(&change.plan).map_err(StoreError::damaged)?.reserves)
    }

    /// How the return of a change stands, and why it has not happened; nothing where none was planned.
    pub(crate) fn return_state(&self, of: &ChangeId) -> Result<Option<(ReturnState, Option<String>)>, StoreError> {
        self.db().one(sql::RETURN, values![of.as_str()], |row| {
            Ok((ReturnState::parse(row.text(0)?)?, row.text_or_absent(1)?.map(str::to_owned)))
        })
    }
}

fn change(row: &Row<'_>) -> Result<Change, StoreError> {
    let state = row.text_or_absent(9)?.map(ReturnState::parse).transpose()?;
    let problem = row.text_or_absent(10)?.map(str::to_owned);
    let planned = row.moment_or_absent(8)?.zip(state).map(|(at, state)| PlannedReturn { at, state, problem });
    Ok(Change {
        id: row.parsed(0)?,
        version: row.count(1)?,
        at: row.moment(2)?,
        actor_id: row.text_or_absent(3)?.map(str::to_owned),
        actor_name: row.owned(4)?,
        reason: row.owned(5)?,
        plan: row.json(6)?,
        allow_one_over: row.json(7)?,
        planned_return: planned,
        reverts: row.text_or_absent(11)?.map(str::to_owned),
        reverted_by: row.text_or_absent(12)?.map(str::to_owned),
    })
}
