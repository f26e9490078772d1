//! Change sets: the one way in which members change user type and role (S22 to S36).
//!
//! A change set is judged on its end state. Per type the count may end at or below what it was; or, with what is
//! reserved, within the licensed number; or at one over it, by consent of a default Administrator (S23 to S28). So an
//! exchange of two members at 25 of 25 and 5 of 5 is one step that locks nobody out, and the two steps of the seed work
//! as well, in either order (A-ENF-9).

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Role, RoleId, UserType, enforced};
use entitlement::UserTypeId;

use crate::capacity::{known_role, known_user_type, no_seat};
use crate::compliance::is_over;
use crate::facts::{Facts, MemberFacts, SeatCount, is_lockable};
use crate::permit::{ChangeGrant, ChangePermit, Delta, Move, Permit};
use crate::plan::{Former, MemberEffect, Plan, TypeEffect};
use crate::refusal::Misfit;
use crate::{Actor, MemberId, MemberState, Refusal};

/// One operation on one member; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Whom it changes.
    pub member: MemberId,
    /// The user type to set.
    pub set_user_type: Option<UserTypeId>,
    /// The role to set.
    pub set_role: Option<RoleId>,
}

/// Operations that are applied together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// At most one per member.
    pub operations: Vec<Operation>,
    /// The consent: for each type that may go one over, the number of people that locks out (S26, S28).
    pub allow_one_over: BTreeMap<UserTypeId, u64>,
}

/// One member before and after.
struct Step<'f> {
    member: &'f MemberId,
    username: &'f str,
    state: MemberState,
    before: (&'f UserTypeId, &'f Role),
    after: (&'f UserType, &'f Role),
}

impl Step<'_> {
    fn changes_type(&self) -> bool {
        *self.before.0 != self.after.0.id
    }

    fn changes_role(&self) -> bool {
        self.before.1.id != self.after.1.id
    }
}

/// Whether the change set may be applied, with the plan of what it does.
///
/// `members` are those that the operations name, read in the same transaction as the facts; an operation on any other
/// member is refused as unknown.
///
/// # Errors
/// In this order: nothing to do, a member twice or unknown, an unknown type or role; a privilege missing or an act
/// reserved to administrators; the last administrator; a role above its user type; an Administrator entering a type that
/// is over afterwards; no seat; the one-over allowance exhausted, unconsented, or consented with another number.
pub fn decide<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    members: &[MemberFacts<'tx>],
    change: &ChangeSet,
) -> Result<ChangePermit<'tx>, Refusal> {
    let steps = steps(facts, members, change)?;
    may_act(actor, &steps)?;
    let administrators = administrators_change(facts, &steps)?;
    roles_fit(facts, &steps)?;
    let deltas = deltas(&steps);
    administrators_have_seats(facts, &steps, &deltas)?;
    let one_over = seats_suffice(facts, actor, change, &deltas)?;
    consent(&one_over, &change.allow_one_over)?;
    let plan = plan(facts, &steps, &deltas);
    let moves = steps.iter().filter(|step| step.changes_type() || step.changes_role()).map(moved).collect();
    Ok(Permit::given(facts, ChangeGrant { plan, moves, deltas, administrators }))
}

/// The change set by which two members exchange user type and role (A-ENF-9).
///
/// # Errors
/// Both are one member; or one of them has the Administrator role, which is never handed over by a swap (design: Change
/// sets).
pub fn swap<'tx>(facts: &Facts<'tx>, a: &MemberFacts<'tx>, b: &MemberFacts<'tx>) -> Result<ChangeSet, Refusal> {
    if a.row().id == b.row().id {
        return Err(Refusal::SwapWithSelf);
    }
    for member in [a, b] {
        if known_role(facts, &member.row().role)?.is_administrator {
            return Err(Refusal::SwapWithAdministrator { username: member.row().username.clone() });
        }
    }
    let to = |member: &MemberFacts<'tx>, other: &MemberFacts<'tx>| Operation {
        member: member.row().id.clone(),
        set_user_type: Some(other.row().user_type.clone()),
        set_role: Some(other.row().role.clone()),
    };
    Ok(ChangeSet { operations: vec![to(a, b), to(b, a)], ..ChangeSet::default() })
}

/// Pairs each operation with its member, and checks the names.
fn steps<'f>(
    facts: &'f Facts<'_>,
    members: &'f [MemberFacts<'_>],
    change: &'f ChangeSet,
) -> Result<Vec<Step<'f>>, Refusal> {
    if change.operations.is_empty() {
        return Err(Refusal::NothingToDo);
    }
    let rows: BTreeMap<&MemberId, &crate::MemberRow> = members.iter().map(|one| (&one.row().id, one.row())).collect();
    let mut seen = BTreeSet::new();
    let mut steps = Vec::with_capacity(change.operations.len());
    for operation in &change.operations {
        if !seen.insert(&operation.member) {
            return Err(Refusal::MemberTwice { member: operation.member.clone() });
        }
        let row = rows
            .get(&operation.member)
            .copied()
            .ok_or_else(|| Refusal::UnknownMember { member: operation.member.clone() })?;
        steps.push(Step {
            member: &row.id,
            username: &row.username,
            state: row.state,
            before: (&row.user_type, known_role(facts, &row.role)?),
            after: (
                known_user_type(facts, operation.set_user_type.as_ref().unwrap_or(&row.user_type))?,
                known_role(facts, operation.set_role.as_ref().unwrap_or(&row.role))?,
            ),
        });
    }
    Ok(steps)
}

/// Who may change what (S113, S114, A-ENF-5, A-ROLE-5).
fn may_act(actor: &Actor, steps: &[Step<'_>]) -> Result<(), Refusal> {
    for step in steps {
        if step.changes_type() {
            enforced::CHANGE_USER_TYPE.iter().try_for_each(|privilege| actor.require(privilege))?;
        } else {
            actor.require_any(&[enforced::CHANGE_ROLES, enforced::MEMBER_ROLES])?;
        }
        if step.changes_role() && (step.before.1.is_administrator || step.after.1.is_administrator) {
            actor.require_default_administrator("change a role to or from Administrator")?;
        }
        if step.changes_role() && actor.id() == Some(step.member) {
            actor.require_default_administrator("change their own role")?;
        }
    }
    Ok(())
}

/// How the number of enabled default Administrators changes; it never reaches 0 (S115, A-ENF-11).
fn administrators_change(facts: &Facts<'_>, steps: &[Step<'_>]) -> Result<i64, Refusal> {
    let enabled = |step: &&Step<'_>| step.state == MemberState::Enabled;
    let change: i64 = steps
        .iter()
        .filter(enabled)
        .map(|step| i64::from(step.after.1.is_administrator) - i64::from(step.before.1.is_administrator))
        .sum();
    if change < 0 && facts.enabled_administrators() <= change.unsigned_abs() {
        return Err(Refusal::LastAdministrator);
    }
    Ok(change)
}

/// Every changed member's role is within the user type after the change (S95, S96, A-ENF-10).
fn roles_fit(facts: &Facts<'_>, steps: &[Step<'_>]) -> Result<(), Refusal> {
    let misfits: Vec<Misfit> = steps
        .iter()
        .filter(|step| !step.after.0.admits(step.after.1))
        .map(|step| misfit(facts, Some(step.member), step.after.0, step.after.1))
        .collect();
    if misfits.is_empty() { Ok(()) } else { Err(Refusal::RoleExceedsUserType { misfits }) }
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

/// The net change of each type that a member leaves or enters, or in which a role changes.
fn deltas(steps: &[Step<'_>]) -> BTreeMap<UserTypeId, Delta> {
    let mut deltas: BTreeMap<UserTypeId, Delta> = BTreeMap::new();
    for step in steps {
        let left = deltas.entry(step.before.0.clone()).or_default();
        left.assigned -= 1;
        left.lockable -= i64::from(is_lockable(step.before.1, step.state));
        let entered = deltas.entry(step.after.0.id.clone()).or_default();
        entered.assigned += 1;
        entered.lockable += i64::from(is_lockable(step.after.1, step.state));
    }
    deltas
}

/// The count of the type after the change.
fn after(facts: &Facts<'_>, user_type: &UserTypeId, delta: Delta) -> SeatCount {
    let before = facts.count(user_type);
    SeatCount {
        assigned: before.assigned.saturating_add_signed(delta.assigned),
        reserved: before.reserved,
        lockable: before.lockable.saturating_add_signed(delta.lockable),
    }
}

/// Nobody who is an Administrator afterwards enters, or receives that role in, a type that is over afterwards; or the
/// exemption from the lockout would make every seat free (design: Seats 5).
fn administrators_have_seats(
    facts: &Facts<'_>,
    steps: &[Step<'_>],
    deltas: &BTreeMap<UserTypeId, Delta>,
) -> Result<(), Refusal> {
    let takes_a_seat =
        |step: &&Step<'_>| step.after.1.is_administrator && (step.changes_type() || !step.before.1.is_administrator);
    for step in steps.iter().filter(takes_a_seat) {
        let user_type = &step.after.0.id;
        let count = after(facts, user_type, deltas.get(user_type).copied().unwrap_or_default());
        if is_over(count.assigned, facts.licensed(user_type)) {
            return Err(Refusal::AdministratorInOverType { user_type: user_type.clone() });
        }
    }
    Ok(())
}

/// Checks every type's count; gives the types that end at one over, with the people that locks out.
fn seats_suffice(
    facts: &Facts<'_>,
    actor: &Actor,
    change: &ChangeSet,
    deltas: &BTreeMap<UserTypeId, Delta>,
) -> Result<BTreeMap<UserTypeId, u64>, Refusal> {
    let mut one_over = BTreeMap::new();
    for (user_type, delta) in deltas.iter().filter(|(_, delta)| delta.assigned > 0) {
        let count = after(facts, user_type, *delta);
        let licensed = facts.licensed(user_type);
        if count.assigned.saturating_add(count.reserved) <= licensed {
            continue;
        }
        may_go_one_over(facts, user_type, count)?;
        if change.allow_one_over.contains_key(user_type) {
            actor.require_default_administrator("take a user type over its limit")?;
        }
        if !actor.is_default_administrator() {
            return Err(no_seat(facts, user_type));
        }
        one_over.insert(user_type.clone(), count.lockable);
    }
    Ok(one_over)
}

/// One over is possible from within the limit only, on a type with licensed seats, with nothing reserved, and where the
/// file's policy allows it (S27, A-ENF-1, A-ENF-7).
fn may_go_one_over(facts: &Facts<'_>, user_type: &UserTypeId, after: SeatCount) -> Result<(), Refusal> {
    let before = facts.count(user_type).assigned;
    let licensed = facts.licensed(user_type);
    let exhausted = Refusal::OneOverExhausted { user_type: user_type.clone(), assigned: before, licensed };
    if licensed == 0 || is_over(before, licensed) || facts.allotment().policy().one_over == 0 {
        return Err(exhausted);
    }
    if after.assigned > licensed.saturating_add(1) || after.reserved > 0 {
        return Err(no_seat(facts, user_type));
    }
    Ok(())
}

/// The consent names exactly the types that go over, each with the number of people that locks out (S26, S28).
fn consent(one_over: &BTreeMap<UserTypeId, u64>, given: &BTreeMap<UserTypeId, u64>) -> Result<(), Refusal> {
    if one_over == given {
        return Ok(());
    }
    if given.is_empty() {
        return Err(Refusal::OneOverNeedsConsent { locked_out: one_over.clone() });
    }
    Err(Refusal::ConfirmationMismatch { expected: one_over.clone() })
}

/// What people are shown, before and after.
fn plan(facts: &Facts<'_>, steps: &[Step<'_>], deltas: &BTreeMap<UserTypeId, Delta>) -> Plan {
    let types = facts.in_order(deltas.keys()).into_iter().map(|id| type_effect(facts, id, deltas)).collect();
    let members = steps
        .iter()
        .map(|step| MemberEffect {
            id: step.member.clone(),
            username: step.username.to_owned(),
            user_type: step.after.0.id.clone(),
            role: step.after.1.id.clone(),
            former: Former { user_type: step.before.0.clone(), role: step.before.1.id.clone() },
        })
        .collect();
    Plan { types, members }
}

fn type_effect(facts: &Facts<'_>, id: UserTypeId, deltas: &BTreeMap<UserTypeId, Delta>) -> TypeEffect {
    let count = after(facts, &id, deltas.get(&id).copied().unwrap_or_default());
    let licensed = facts.licensed(&id);
    let locked_out = if is_over(count.assigned, licensed) { count.lockable } else { 0 };
    TypeEffect { before: facts.count(&id).assigned, after: count.assigned, licensed, locked_out, id }
}

fn moved(step: &Step<'_>) -> Move {
    Move {
        member: step.member.clone(),
        from: (step.before.0.clone(), step.before.1.id.clone()),
        to: (step.after.0.id.clone(), step.after.1.id.clone()),
        state: step.state,
    }
}

#[cfg(test)]
mod tests;
