//! Change sets: planned, applied, shown (S22 to S36).

use rules::change_set::{self, ChangeSet};
use rules::permit::ChangePermit;
use rules::plan::Plan;
use rules::{Actor, ChangeId, MemberId};
use store::{Change, ChangeNote, ReadTx, StoreError, WriteTx};

use super::members::unchanged;
use super::{Caller, actor};

/// A change set as somebody asked for it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is to change, and the consent.
    pub set: ChangeSet,
    /// Why, for the record.
    pub reason: String,
    /// The version of the only member that the caller read (`If-Match`).
    pub expected: Option<u64>,
}

/// A change set that was applied.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Its id.
    pub id: ChangeId,
    /// What it did.
    pub plan: Plan,
}

/// What the change set would do, without doing it.
///
/// # Errors
/// The same as [`apply`].
pub fn plan(tx: &ReadTx<'_>, caller: &Caller, request: &Request) -> Result<Plan, StoreError> {
    let actor = actor(tx, caller)?;
    Ok(decide(tx, &actor, request)?.grant().plan.clone())
}

/// Applies the change set, wholly or not at all.
///
/// # Errors
/// What [`change_set::decide`] refuses; a member that has changed since it was read.
pub fn apply(tx: &WriteTx<'_>, caller: &Caller, request: &Request) -> Result<Applied, StoreError> {
    let actor = actor(tx, caller)?;
    let permit = decide(tx, &actor, request)?;
    let plan = permit.grant().plan.clone();
    let note = ChangeNote { reason: request.reason.clone(), allow_one_over: request.set.allow_one_over.clone() };
    let id = tx.apply_change(permit, &actor, &note)?;
    Ok(Applied { id, plan })
}

fn decide<'tx>(tx: &ReadTx<'tx>, actor: &Actor, request: &Request) -> Result<ChangePermit<'tx>, StoreError> {
    if let [only] = request.set.operations.as_slice() {
        unchanged(tx, &only.member, request.expected)?;
    }
    let facts = tx.facts()?;
    let mut members = Vec::with_capacity(request.set.operations.len());
    for operation in &request.set.operations {
        members.push(tx.member_facts(&operation.member)?);
    }
    Ok(change_set::decide(&facts, actor, &members, &request.set)?)
}

/// The change set by which two members exchange user type and role (A-ENF-9).
///
/// # Errors
/// One is not there; what [`change_set::swap`] refuses.
pub fn swap(tx: &ReadTx<'_>, a: &MemberId, b: &MemberId) -> Result<ChangeSet, StoreError> {
    Ok(change_set::swap(&tx.facts()?, &tx.member_facts(a)?, &tx.member_facts(b)?)?)
}

/// The applied change sets, newest first.
///
/// # Errors
/// The caller may not see members.
pub fn list(tx: &ReadTx<'_>, caller: &Caller, before: Option<u64>, limit: u32) -> Result<Vec<Change>, StoreError> {
    rules::account::see_members(&actor(tx, caller)?)?;
    tx.changes(before, limit)
}

/// One applied change set.
///
/// # Errors
/// The caller may not see members; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &ChangeId) -> Result<Change, StoreError> {
    rules::account::see_members(&actor(tx, caller)?)?;
    tx.change(id)?.ok_or_else(|| errors::Failure::plain(errors::Code::NotFound).into())
}
