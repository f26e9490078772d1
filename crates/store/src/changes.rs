//! Change sets: applied as their permit says, and kept with their plan.

use std::collections::BTreeMap;

use entitlement::{Moment, UserTypeId};
use rules::permit::{ChangePermit, Move};
use rules::{Actor, ChangeId};
use serde_json::{Map, Value, json};

use crate::audit::Action;
use crate::backend::values;
use crate::row::Row;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, ids, sql};

/// What people said to a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeNote {
    /// Why; may be empty.
    pub reason: String,
    /// The consent that it was applied with: people locked out per type.
    pub allow_one_over: BTreeMap<UserTypeId, u64>,
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
    /// The member who did it; nothing for the console.
    pub actor_id: Option<String>,
    /// The user name then.
    pub actor_name: String,
    /// Why.
    pub reason: String,
    /// What it did: the plan that was shown.
    pub plan: Value,
    /// The consent.
    pub allow_one_over: Value,
}

impl ReadTx<'_> {
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
}

impl<'tx> WriteTx<'tx> {
    /// Applies a change set: every member of it, the counts, the change itself and the audit row, or nothing.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn apply_change(
        &self,
        permit: ChangePermit<'tx>,
        actor: &Actor,
        note: &ChangeNote,
    ) -> Result<ChangeId, StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let id = ids::change(self.now(), self.version())?;
            for one in &grant.moves {
                self.move_member(one, &id)?;
            }
            for (user_type, delta) in &grant.deltas {
                self.change_headcount(user_type, *delta)?;
            }
            self.change_administrators(grant.administrators)?;
            let plan = serde_json::to_string(&grant.plan).map_err(StoreError::internal)?;
            let consent = note.allow_one_over.iter().map(|(id, n)| (id.as_str().to_owned(), json!(n)));
            let consent = Value::Object(consent.collect::<Map<_, _>>()).to_string();
            let actor_id = actor.id().map(rules::MemberId::as_str);
            let version = self.version() + 1;
            let row = values![id.as_str(), version, self.now(), actor_id, actor.name(), &note.reason, &plan, &consent];
            self.db().execute(sql::INSERT_CHANGE, row)?;
            let detail = json!({ "reason": note.reason, "moves": grant.moves.iter().map(told).collect::<Vec<_>>() });
            self.append_audit(actor, Action::SeatsChanged, id.as_str(), &detail)?;
            Ok(id)
        })
    }

    /// Moves a member from exactly what the rule saw.
    fn move_member(&self, one: &Move, change: &ChangeId) -> Result<(), StoreError> {
        let row = values![
            one.member.as_str(),
            one.from.0.as_str(),
            one.from.1.as_str(),
            one.to.0.as_str(),
            one.to.1.as_str(),
            change.as_str(),
            self.now(),
        ];
        match self.db().execute(sql::MOVE_MEMBER, row)? {
            1 => Ok(()),
            n => Err(StoreError::internal(format!("{n} members moved where the permit names one"))),
        }
    }
}

fn told(one: &Move) -> Value {
    json!({
        "member": one.member.as_str(),
        "user_type": { "before": one.from.0.as_str(), "after": one.to.0.as_str() },
        "role": { "before": one.from.1.as_str(), "after": one.to.1.as_str() },
    })
}

fn change(row: &Row<'_>) -> Result<Change, StoreError> {
    Ok(Change {
        id: row.parsed(0)?,
        version: row.count(1)?,
        at: row.moment(2)?,
        actor_id: row.text_or_absent(3)?.map(str::to_owned),
        actor_name: row.owned(4)?,
        reason: row.owned(5)?,
        plan: serde_json::from_str(row.text(6)?).map_err(StoreError::damaged)?,
        allow_one_over: serde_json::from_str(row.text(7)?).map_err(StoreError::damaged)?,
    })
}
