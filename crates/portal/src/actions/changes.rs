//! Change sets: planned, applied, taken back, shown (S22 to S36).

use std::collections::BTreeMap;

use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use rules::change_set::{self, ChangeSet, Mode, PlannedReturn};
use rules::permit::ChangePermit;
use rules::plan::{Blocker, Plan};
use rules::{Actor, ChangeId, Facts, MemberFacts, MemberId, Refusal, account};
use serde_json::{Map, Value, json};
use store::{Change, ChangeNote, Member, ReadTx, StoreError, WriteTx};

use super::members::unchanged;
use super::{Caller, actor};

/// How many members are proposed for a swap.
const PROPOSED: u32 = 5;

/// A change set as somebody asked for it.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is to change, and the consent.
    pub set: ChangeSet,
    /// Why, for the record.
    pub reason: String,
    /// The version of the only member that the caller read (`If-Match`).
    pub expected: Option<u64>,
    /// The change that this one takes back.
    pub reverts: Option<ChangeId>,
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
    /// What helps to answer the question for consent, per user type that it takes one over.
    pub help: BTreeMap<UserTypeId, Help>,
}

/// What helps to decide whether a user type is taken one over (S24, S26, S31).
#[derive(Debug, Clone)]
pub struct Help {
    /// How many of those it locks out are signed in at this moment.
    pub signed_in_now: u64,
    /// With whom a swap would lock nobody out; those first who have not signed in for the longest time.
    pub candidates: Vec<Member>,
}

/// What would become of a change set.
#[derive(Debug, Clone)]
pub enum Outlook {
    /// It can be applied, once consented to.
    Possible(Box<Foreseen>),
    /// It cannot, and these operations are why; none where it is about all of them together.
    Impossible {
        /// Why.
        failure: Box<Failure>,
        /// The operations that stand against it.
        blockers: Vec<Blocker>,
    },
}

/// What the change set would do if everything was consented to that it needs, whatever consent it carries. It is asked for
/// by pages, so that a refusal is told with the names of the catalog.
///
/// # Errors
/// As [`apply`], but never for want of consent.
pub fn foresee(tx: &ReadTx<'_>, caller: &Caller, request: &Request) -> Result<Foreseen, StoreError> {
    let catalog = tx.catalog()?;
    Ok(foreseen(tx, caller, request)?.map_err(|refusal| refusal.failure_with(&catalog))?)
}

/// The same, and names the operations that stand against it.
///
/// # Errors
/// The caller lacks a privilege, or what the database says.
pub fn outlook(tx: &ReadTx<'_>, caller: &Caller, request: &Request) -> Result<Outlook, StoreError> {
    match foreseen(tx, caller, request)? {
        Ok(foreseen) => Ok(Outlook::Possible(Box::new(foreseen))),
        Err(refusal @ Refusal::PrivilegeMissing { .. }) => Err(refusal.into()),
        Err(refusal) => {
            let failure = Box::new(refusal.failure_with(&*tx.catalog()?));
            let blockers = if let Refusal::Blocked { blockers, .. } = refusal { blockers } else { Vec::new() };
            Ok(Outlook::Impossible { failure, blockers })
        }
    }
}

fn foreseen(tx: &ReadTx<'_>, caller: &Caller, request: &Request) -> Result<Result<Foreseen, Refusal>, StoreError> {
    let actor = actor(tx, caller)?;
    let mut set = ChangeSet { allow_one_over: BTreeMap::new(), ..request.set.clone() };
    let facts = tx.facts()?;
    let members = members_of(tx, &set)?;
    let consent = match change_set::decide(&facts, &actor, &members, &set) {
        Ok(permit) => {
            let plan = permit.grant().plan.clone();
            return Ok(Ok(Foreseen { plan, consent: BTreeMap::new(), help: BTreeMap::new() }));
        }
        Err(Refusal::OneOverNeedsConsent { locked_out }) => locked_out,
        Err(other) => return Ok(Err(other)),
    };
    set.allow_one_over.clone_from(&consent);
    let plan = match change_set::decide(&facts, &actor, &members, &set) {
        Ok(permit) => permit.grant().plan.clone(),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let help = help(tx, &facts, &set, &consent)?;
    Ok(Ok(Foreseen { plan, consent, help }))
}

/// Lets two members exchange user type and role, for good or until a time, if both are still as the caller saw them.
///
/// # Errors
/// `stale`; as [`swap`] and [`apply`].
pub fn exchange(
    tx: &WriteTx<'_>,
    caller: &Caller,
    seen: &[(MemberId, u64); 2],
    (reason, until): (String, Option<Moment>),
) -> Result<Applied, StoreError> {
    let [(a, version_of_a), (b, version_of_b)] = seen;
    account::change_user_types(&actor(tx, caller)?)?;
    unchanged(tx, a, Some(*version_of_a))?;
    unchanged(tx, b, Some(*version_of_b))?;
    let set = ChangeSet { revert_at: until, ..swap(tx, a, b)? };
    apply(tx, caller, &Request { set, reason, ..Request::default() })
}

/// Applies the change set: wholly or not at all, or as far as it can when it is partial.
///
/// # Errors
/// What [`change_set::decide`] refuses; a member that has changed since it was read.
pub fn apply(tx: &WriteTx<'_>, caller: &Caller, request: &Request) -> Result<Applied, StoreError> {
    apply_telling(tx, caller, request, &mut |_, _| ())
}

/// The same, and tells after each member how many of how many are moved. Nothing is durable before all are.
///
/// # Errors
/// As [`apply`].
pub fn apply_telling(
    tx: &WriteTx<'_>,
    caller: &Caller,
    request: &Request,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<Applied, StoreError> {
    let actor = actor(tx, caller)?;
    let permit = decide(tx, &actor, request)?;
    let plan = permit.grant().plan.clone();
    let note = ChangeNote {
        reason: request.reason.clone(),
        allow_one_over: request.set.allow_one_over.clone(),
        reverts: request.reverts.clone(),
    };
    let id = tx.apply_change_telling(permit, &actor, &note, tell)?;
    Ok(Applied { id, plan })
}

/// Applies the change set, or names the operations that cannot be carried out.
///
/// # Errors
/// As [`apply`], for what concerns no single operation.
pub(super) fn apply_or_blocked(
    tx: &WriteTx<'_>,
    caller: &Caller,
    request: &Request,
) -> Result<Result<Applied, Vec<Blocker>>, StoreError> {
    let actor = actor(tx, caller)?;
    let (facts, members) = (tx.facts()?, members_of(tx, &request.set)?);
    match change_set::decide(&facts, &actor, &members, &request.set) {
        Ok(permit) => {
            let plan = permit.grant().plan.clone();
            let note = ChangeNote { reason: request.reason.clone(), ..ChangeNote::default() };
            Ok(Ok(Applied { id: tx.apply_change(permit, &actor, &note)?, plan }))
        }
        Err(refusal) => {
            let set = ChangeSet { mode: Mode::Partial, ..request.set.clone() };
            let one_by_one = change_set::decide(&facts, &actor, &members, &set);
            let left = one_by_one.map(|permit| permit.grant().plan.refused.clone());
            Ok(Err(blockers_of(refusal, left, &set)?))
        }
    }
}

/// The blockers of a change set that cannot be applied; what concerns no single operation is an error of its own.
///
/// Where it is the seats that do not suffice for all together, those are named that are left when one goes after the
/// other: nobody consents here to take a type one over.
fn blockers_of(
    refusal: Refusal,
    one_by_one: Result<Vec<Blocker>, Refusal>,
    set: &ChangeSet,
) -> Result<Vec<Blocker>, Refusal> {
    match (refusal, one_by_one) {
        (Refusal::Blocked { blockers, .. }, _) => Ok(blockers),
        (refusal @ Refusal::PrivilegeMissing { .. }, _) => Err(refusal),
        (_, Ok(left)) if !left.is_empty() => Ok(left),
        (_, Err(Refusal::Blocked { blockers, .. })) => Ok(blockers),
        (refusal, by_itself) => match set.operations.as_slice() {
            [only] => {
                let refusal = by_itself.err().unwrap_or(refusal);
                Ok(vec![Blocker { operation: 0, member: only.member.clone(), username: None, refusal }])
            }
            _ => Err(refusal),
        },
    }
}

fn decide<'tx>(tx: &ReadTx<'tx>, actor: &Actor, request: &Request) -> Result<ChangePermit<'tx>, StoreError> {
    let facts = tx.facts()?;
    let members = members_of(tx, &request.set)?;
    let decided = change_set::decide(&facts, actor, &members, &request.set);
    // Who may not do it is not told which version there is.
    let may_ask = !matches!(decided, Err(Refusal::PrivilegeMissing { .. }));
    if let [only] = request.set.operations.as_slice()
        && may_ask
    {
        unchanged(tx, &only.member, request.expected)?;
    }
    decided.map_err(|refusal| {
        let Refusal::OneOverNeedsConsent { locked_out } = refusal else { return refusal.into() };
        with_help(tx, &facts, &request.set, locked_out).unwrap_or_else(|error| error)
    })
}

/// The members that the operations name; the rule tells which of them are not there.
fn members_of<'tx>(tx: &ReadTx<'tx>, set: &ChangeSet) -> Result<Vec<MemberFacts<'tx>>, StoreError> {
    let mut members = Vec::with_capacity(set.operations.len());
    for operation in &set.operations {
        match tx.member_facts(&operation.member) {
            Ok(member) => members.push(member),
            Err(StoreError::Refused(failure)) if failure.code == Code::NotFound => {}
            Err(broken) => return Err(broken),
        }
    }
    Ok(members)
}

/// The question for consent, with what helps to answer it (S24, S26, S31).
fn with_help(
    tx: &ReadTx<'_>,
    facts: &Facts<'_>,
    set: &ChangeSet,
    locked_out: BTreeMap<UserTypeId, u64>,
) -> Result<StoreError, StoreError> {
    let (mut signed_in, mut candidates) = (Map::new(), Map::new());
    for (id, Help { signed_in_now, candidates: known }) in help(tx, facts, set, &locked_out)? {
        signed_in.insert(id.as_str().to_owned(), json!(signed_in_now));
        let told = known.iter().map(|member| {
            json!({"id": member.id.as_str(), "username": member.username, "role": member.role.as_str(),
                   "last_signed_in_at": member.last_signed_in_at.map(|at| at.to_string())})
        });
        candidates.insert(id.as_str().to_owned(), told.collect());
    }
    let failure = Failure::from(Refusal::OneOverNeedsConsent { locked_out });
    Ok(failure
        .with("signed_in_now", Value::Object(signed_in))
        .with("swap_candidates", Value::Object(candidates))
        .into())
}

/// Who of those locked out is signed in now, and with whom a swap would lock nobody out.
fn help(
    tx: &ReadTx<'_>,
    facts: &Facts<'_>,
    set: &ChangeSet,
    locked_out: &BTreeMap<UserTypeId, u64>,
) -> Result<BTreeMap<UserTypeId, Help>, StoreError> {
    let Some(administrator) = facts.catalog().administrator() else { return Ok(BTreeMap::new()) };
    let named: Vec<&MemberId> = set.operations.iter().map(|operation| &operation.member).collect();
    let each = locked_out.keys().map(|id| {
        let signed_in_now = tx.signed_in_now(id, &administrator.id)?;
        let mut candidates = tx.least_recent(id, &administrator.id, PROPOSED)?;
        candidates.retain(|member| !named.contains(&&member.id));
        Ok((id.clone(), Help { signed_in_now, candidates }))
    });
    each.collect()
}

/// The change set by which two members exchange user type and role (A-ENF-9).
///
/// # Errors
/// One is not there; what [`change_set::swap`] refuses.
pub fn swap(tx: &ReadTx<'_>, a: &MemberId, b: &MemberId) -> Result<ChangeSet, StoreError> {
    Ok(change_set::swap(&tx.facts()?, &tx.member_facts(a)?, &tx.member_facts(b)?)?)
}

/// The change that takes another one back, to be planned or applied like every other (S35). What it needs of consent is
/// asked for like that of every other.
///
/// # Errors
/// The caller may not see changes, and so learns from no refusal which there are and whom they moved; there is none of that
/// id; what [`change_set::revert`] refuses.
pub fn reverting(tx: &ReadTx<'_>, caller: &Caller, id: &ChangeId, reason: String) -> Result<Request, StoreError> {
    let change = show(tx, caller, id)?;
    let (past, members) = tx.past_change(&change)?;
    let set = change_set::revert(&tx.facts()?, &past, &members)?;
    Ok(Request { set, reason, expected: None, reverts: Some(id.clone()) })
}

/// Gives up the planned return of a change; one that was found impossible is put out of sight.
///
/// # Errors
/// The caller may not see changes, and so learns from no refusal which there are; there is no such change; what
/// [`change_set::cancel`] or [`change_set::dismiss`] refuses.
pub fn cancel(tx: &WriteTx<'_>, caller: &Caller, id: &ChangeId) -> Result<Change, StoreError> {
    let actor = actor(tx, caller)?;
    let change = show(tx, caller, id)?;
    let (past, _) = tx.past_change(&change)?;
    let facts = tx.facts()?;
    if past.planned == PlannedReturn::Impossible {
        tx.dismiss_return(change_set::dismiss(&facts, &actor, &past)?, &actor)?;
    } else {
        tx.cancel_return(change_set::cancel(&facts, &actor, &past)?, &actor, None)?;
    }
    find(tx, id)
}

/// Whether the caller may take a change back, give up its return or put an impossible one out of sight, as far as
/// privileges go: so that no page offers what would be refused.
///
/// # Errors
/// What the database says.
pub fn may_go_back(tx: &ReadTx<'_>, caller: &Caller, change: &Change) -> Result<bool, StoreError> {
    let (past, _) = tx.past_change(change)?;
    Ok(change_set::may_go_back(&tx.facts()?, &actor(tx, caller)?, &past).is_ok())
}

/// The applied change sets, newest first.
///
/// # Errors
/// The caller may not see members.
pub fn list(tx: &ReadTx<'_>, caller: &Caller, before: Option<u64>, limit: u32) -> Result<Vec<Change>, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    tx.changes(before, limit)
}

/// The changes whose return is planned, due, or found impossible; the nearest first.
///
/// # Errors
/// The caller may not see members.
pub fn returns(tx: &ReadTx<'_>, caller: &Caller, limit: u32) -> Result<Vec<Change>, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    tx.open_returns(limit)
}

/// One applied change set.
///
/// # Errors
/// The caller may not see members; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &ChangeId) -> Result<Change, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    find(tx, id)
}

fn find(tx: &ReadTx<'_>, id: &ChangeId) -> Result<Change, StoreError> {
    tx.change(id)?.ok_or_else(|| Failure::new(Code::NotFound, "There is no such change.").into())
}
