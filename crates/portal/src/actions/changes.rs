//! Change sets: planned, applied, shown (S22 to S36).

use std::collections::BTreeMap;

use entitlement::UserTypeId;
use rules::change_set::{self, ChangeSet};
use rules::permit::ChangePermit;
use rules::plan::Plan;
use rules::{Actor, ChangeId, MemberFacts, MemberId, Refusal};
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

/// What a change set would do, with the consent that it needs.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// What it would do once consented to.
    pub plan: Plan,
    /// The people it locks out per user type that it takes one over; empty where it needs no consent (S26, S28).
    pub consent: BTreeMap<UserTypeId, u64>,
}

/// What the change set would do if everything was consented to that it needs, whatever consent it carries.
///
/// # Errors
/// As [`apply`], but never for want of consent.
pub fn foresee(tx: &ReadTx<'_>, caller: &Caller, request: &Request) -> Result<Foreseen, StoreError> {
    let actor = actor(tx, caller)?;
    let mut set = ChangeSet { operations: request.set.operations.clone(), ..ChangeSet::default() };
    let facts = tx.facts()?;
    let members = members_of(tx, &set)?;
    let consent = match change_set::decide(&facts, &actor, &members, &set) {
        Ok(permit) => return Ok(Foreseen { plan: permit.grant().plan.clone(), consent: BTreeMap::new() }),
        Err(Refusal::OneOverNeedsConsent { locked_out }) => locked_out,
        Err(other) => return Err(other.into()),
    };
    set.allow_one_over.clone_from(&consent);
    let permit = change_set::decide(&facts, &actor, &members, &set)?;
    Ok(Foreseen { plan: permit.grant().plan.clone(), consent })
}

/// Lets two members exchange user type and role, if both are still as the caller saw them.
///
/// # Errors
/// `stale`; as [`swap`] and [`apply`].
pub fn exchange(
    tx: &WriteTx<'_>,
    caller: &Caller,
    seen: &[(MemberId, u64); 2],
    reason: String,
) -> Result<Applied, StoreError> {
    let [(a, version_of_a), (b, version_of_b)] = seen;
    unchanged(tx, a, Some(*version_of_a))?;
    unchanged(tx, b, Some(*version_of_b))?;
    apply(tx, caller, &Request { set: swap(tx, a, b)?, reason, expected: None })
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
    Ok(change_set::decide(&facts, actor, &members_of(tx, &request.set)?, &request.set)?)
}

fn members_of<'tx>(tx: &ReadTx<'tx>, set: &ChangeSet) -> Result<Vec<MemberFacts<'tx>>, StoreError> {
    set.operations.iter().map(|operation| tx.member_facts(&operation.member)).collect()
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
