//! The counts while a change set is judged: what each user type and the administrators come to.

use std::collections::BTreeMap;

use entitlement::UserTypeId;

use super::steps::Step;
use crate::capacity::room_at;
use crate::compliance::{is_over, over_one};
use crate::facts::{Facts, SeatCount};
use crate::permit::{Delta, EndedReturn};
use crate::plan::TypeEffect;
use crate::{Actor, Refusal};

/// The counts of the facts, and what the admitted steps have changed of them.
pub(super) struct Ledger<'f, 'tx, 'a> {
    facts: &'f Facts<'tx>,
    actor: &'a Actor,
    /// The seats kept for the return that this change carries out: they are its own.
    own: BTreeMap<UserTypeId, u64>,
    deltas: BTreeMap<UserTypeId, Delta>,
    administrators: i64,
}

impl<'f, 'tx, 'a> Ledger<'f, 'tx, 'a> {
    pub(super) fn open(facts: &'f Facts<'tx>, actor: &'a Actor, ends: Option<&EndedReturn>) -> Self {
        let own = ends.map(|ended| ended.reserves.clone()).unwrap_or_default();
        Self { facts, actor, own, deltas: BTreeMap::new(), administrators: 0 }
    }

    /// Admits all steps together, on their end state, with exactly the consent that this needs.
    pub(super) fn admit(&mut self, steps: &[Step<'_>], consent: &BTreeMap<UserTypeId, u64>) -> Result<(), Refusal> {
        let deltas = net(steps);
        let administrators = self.administrators_after(steps)?;
        self.nobody_is_restored_while_over(steps)?;
        self.administrators_have_seats(steps, &deltas)?;
        let one_over = self.seats_suffice(steps, &deltas, consent)?;
        consented(&one_over, consent)?;
        self.take(deltas, administrators);
        Ok(())
    }

    /// Admits one step on top of those before it; nothing goes one over.
    pub(super) fn admit_one(&mut self, step: &Step<'_>) -> Result<(), Refusal> {
        let steps = std::slice::from_ref(step);
        let deltas = net(steps);
        let administrators = self.administrators_after(steps)?;
        self.nobody_is_restored_while_over(steps)?;
        self.administrators_have_seats(steps, &deltas)?;
        for (user_type, delta) in deltas.iter().filter(|(_, delta)| delta.assigned > 0) {
            if !self.is_within(user_type, *delta) {
                return Err(self.no_seat(user_type));
            }
        }
        self.take(deltas, administrators);
        Ok(())
    }

    fn take(&mut self, deltas: BTreeMap<UserTypeId, Delta>, administrators: i64) {
        for (user_type, delta) in deltas {
            let kept = self.deltas.entry(user_type).or_default();
            kept.assigned += delta.assigned;
            kept.lockable += delta.lockable;
        }
        self.administrators = administrators;
    }

    pub(super) fn deltas(&self) -> &BTreeMap<UserTypeId, Delta> {
        &self.deltas
    }

    pub(super) fn administrators(&self) -> i64 {
        self.administrators
    }

    /// The seats that a return to the present counts needs: per user type the positive net (design: Seats 2).
    pub(super) fn kept_for_the_return(&self) -> BTreeMap<UserTypeId, u64> {
        let left = self.deltas.iter().filter(|(_, delta)| delta.assigned < 0);
        left.map(|(id, delta)| (id.clone(), delta.assigned.unsigned_abs())).collect()
    }

    /// What people are shown, per user type in catalog order.
    pub(super) fn effects(&self) -> Vec<TypeEffect> {
        let effect = |id: UserTypeId| {
            let count = self.count(&id);
            let licensed = self.facts.licensed(&id);
            let locked_out = if is_over(count.assigned, licensed) { count.lockable } else { 0 };
            TypeEffect { before: self.facts.count(&id).assigned, after: count.assigned, licensed, locked_out, id }
        };
        self.facts.in_order(self.deltas.keys()).into_iter().map(effect).collect()
    }

    /// The count of the type with the steps admitted so far; reserved without what is kept for this very change.
    fn count(&self, user_type: &UserTypeId) -> SeatCount {
        let counted = self.facts.count(user_type);
        let delta = self.deltas.get(user_type).copied().unwrap_or_default();
        let own = self.own.get(user_type).copied().unwrap_or(0);
        SeatCount {
            assigned: counted.assigned.saturating_add_signed(delta.assigned),
            reserved: counted.reserved.saturating_sub(own),
            lockable: counted.lockable.saturating_add_signed(delta.lockable),
        }
    }

    fn after(&self, user_type: &UserTypeId, delta: Delta) -> SeatCount {
        let before = self.count(user_type);
        SeatCount {
            assigned: before.assigned.saturating_add_signed(delta.assigned),
            reserved: before.reserved,
            lockable: before.lockable.saturating_add_signed(delta.lockable),
        }
    }

    /// Whether the count, with what is reserved, ends within the licensed number.
    fn is_within(&self, user_type: &UserTypeId, delta: Delta) -> bool {
        let before = self.count(user_type);
        let held = i128::from(before.assigned) + i128::from(before.reserved);
        held + i128::from(delta.assigned) <= i128::from(self.facts.licensed(user_type))
    }

    /// The type is full at the present counts, and these have room.
    fn no_seat(&self, user_type: &UserTypeId) -> Refusal {
        let SeatCount { assigned, reserved, lockable: _ } = self.count(user_type);
        Refusal::SeatLimitReached {
            user_type: user_type.clone(),
            licensed: self.facts.licensed(user_type),
            assigned,
            reserved,
            types_with_room: room_at(self.facts, |id| self.count(id)),
        }
    }

    /// Nobody is brought back while any type is over: a restoration is a registration (S18, A-ENF-3).
    fn nobody_is_restored_while_over(&self, steps: &[Step<'_>]) -> Result<(), Refusal> {
        if !steps.iter().any(Step::restores) {
            return Ok(());
        }
        let ids = self.facts.user_types();
        let over: Vec<_> = ids.iter().filter_map(|id| over_one(id, self.count(id), self.facts.licensed(id))).collect();
        if over.is_empty() { Ok(()) } else { Err(Refusal::CreationBlocked { over }) }
    }

    /// The change of the number of enabled default Administrators, which never reaches 0 by it (S115, A-ENF-11).
    fn administrators_after(&self, steps: &[Step<'_>]) -> Result<i64, Refusal> {
        let change = self.administrators + steps.iter().map(Step::administrators).sum::<i64>();
        if change < 0 && self.facts.enabled_administrators() <= change.unsigned_abs() {
            return Err(Refusal::LastAdministrator);
        }
        Ok(change)
    }

    /// Nobody who is an Administrator afterwards enters, or receives that role in, a type that is over afterwards; or the
    /// exemption from the lockout would make every seat free (design: Seats 5).
    fn administrators_have_seats(
        &self,
        steps: &[Step<'_>],
        deltas: &BTreeMap<UserTypeId, Delta>,
    ) -> Result<(), Refusal> {
        let entered = steps.iter().filter(|step| step.seats_an_administrator()).filter_map(Step::seat_after);
        for user_type in entered {
            let count = self.after(user_type, deltas.get(user_type).copied().unwrap_or_default());
            if is_over(count.assigned, self.facts.licensed(user_type)) {
                return Err(Refusal::AdministratorInOverType { user_type: user_type.clone() });
            }
        }
        Ok(())
    }

    /// Checks every type's count; gives the types that end at one over, with the people that locks out.
    fn seats_suffice(
        &self,
        steps: &[Step<'_>],
        deltas: &BTreeMap<UserTypeId, Delta>,
        consent: &BTreeMap<UserTypeId, u64>,
    ) -> Result<BTreeMap<UserTypeId, u64>, Refusal> {
        let restores = steps.iter().any(Step::restores);
        let mut one_over = BTreeMap::new();
        for (user_type, delta) in deltas.iter().filter(|(_, delta)| delta.assigned > 0) {
            if self.is_within(user_type, *delta) {
                continue;
            }
            // A restoration is a registration, and those take nothing over, not by what others leave them either (A-ENF-1).
            if restores {
                return Err(self.no_seat(user_type));
            }
            let count = self.after(user_type, *delta);
            self.may_go_one_over(user_type, count)?;
            if consent.contains_key(user_type) {
                self.actor.require_default_administrator("take a user type over its limit")?;
            }
            if !self.actor.is_default_administrator() {
                return Err(self.no_seat(user_type));
            }
            one_over.insert(user_type.clone(), count.lockable);
        }
        Ok(one_over)
    }

    /// One over is possible from within the limit only, on a type with licensed seats, with nothing reserved, and where
    /// the file's policy allows it (S27, A-ENF-1, A-ENF-7).
    fn may_go_one_over(&self, user_type: &UserTypeId, after: SeatCount) -> Result<(), Refusal> {
        let before = self.count(user_type);
        let licensed = self.facts.licensed(user_type);
        let is_forbidden = self.facts.allotment().policy().one_over == 0;
        if licensed == 0 || is_over(before.assigned, licensed) || is_forbidden {
            let (user_type, assigned) = (user_type.clone(), before.assigned);
            return Err(Refusal::OneOverExhausted { user_type, assigned, licensed });
        }
        if after.assigned > licensed.saturating_add(1) || after.reserved > 0 {
            return Err(self.no_seat(user_type));
        }
        Ok(())
    }
}

/// The net change of each type that a member leaves or enters, or in which a role or a state changes.
fn net(steps: &[Step<'_>]) -> BTreeMap<UserTypeId, Delta> {
    let mut deltas: BTreeMap<UserTypeId, Delta> = BTreeMap::new();
    for (user_type, by) in steps.iter().flat_map(|step| [step.leaves(), step.enters()]).flatten() {
        let delta = match deltas.get_mut(user_type) {
            Some(delta) => delta,
            None => deltas.entry(user_type.clone()).or_default(),
        };
        delta.assigned += by.assigned;
        delta.lockable += by.lockable;
    }
    deltas
}

/// The consent names exactly the types that go over, each with the number of people that locks out (S26, S28).
fn consented(one_over: &BTreeMap<UserTypeId, u64>, given: &BTreeMap<UserTypeId, u64>) -> Result<(), Refusal> {
    if one_over == given {
        return Ok(());
    }
    if given.is_empty() {
        return Err(Refusal::OneOverNeedsConsent { locked_out: one_over.clone() });
    }
    Err(Refusal::ConfirmationMismatch { expected: one_over.clone() })
}
