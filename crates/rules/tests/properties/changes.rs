//! Change sets: made, planned to return, taken back and given up.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::UserTypeId;
use rules::change_set::{self, Act, ChangeSet, Mode, Operation};
use rules::permit::ChangeGrant;
use rules::{MemberId, MemberRow, MemberState, Refusal};

use crate::doors::chosen;
use crate::laws::{self, Growth};
use crate::license::user_type;
use crate::oracle::{self, Allowance, Power};
use crate::organization::{Held, Organization, ensure};
use crate::play::{Outcome, Play};
use crate::step::{By, Consent, Op, RoleChoice};

impl Play {
    pub fn operation(&self, op: &Op) -> Operation {
        let member = self.named(op);
        let (set_user_type, act) = (op.user_type.map(user_type), op.act);
        let Some(row) = self.organization.members.get(&member) else {
            return Operation { act, ..Operation::set(member, set_user_type, None) };
        };
        let keeps = matches!(op.role, RoleChoice::Keep);
        let after = set_user_type.as_ref().unwrap_or(&row.user_type);
        let set_role = (!keeps).then(|| chosen(&op.role, after, &row.role));
        Operation { act, ..Operation::set(member, set_user_type, set_role) }
    }

    /// Whom the operation names: mostly somebody for whom the act is worth something, if there is one.
    fn named(&self, op: &Op) -> MemberId {
        let is_worth = |row: &&MemberRow| match op.act {
            Some(Act::Restore) => row.state == MemberState::Archived,
            Some(Act::Enable) => row.state == MemberState::Disabled,
            Some(Act::Archive) if op.member.is_multiple_of(2) => row.state == MemberState::Disabled,
            Some(_) => row.state != MemberState::Archived && !oracle::is_administrator(&row.role),
            None => false,
        };
        let worth: Vec<_> = self.organization.members.values().filter(is_worth).collect();
        match worth.get(op.member % worth.len().max(1)) {
            Some(row) if !op.member.is_multiple_of(5) => row.id.clone(),
            Some(_) | None => self.organization.id(op.member),
        }
    }

    pub fn swap(&mut self, by: &By, first: usize, second: usize) -> Result<Outcome, String> {
        let transaction = ();
        let ids = [first, second].map(|number| self.organization.id(number));
        let members = self.organization.member_facts(&transaction, &ids);
        let [one, other] = members.as_slice() else { return Ok(Ok("nobody to exchange")) };
        let answer = change_set::swap(&self.organization.facts(&transaction), one, other);
        let both = one.row().id != other.row().id;
        let may_be = |row: &MemberRow| !oracle::is_administrator(&row.role) && row.state != MemberState::Archived;
        let wanted = both && members.iter().all(|member| may_be(member.row()));
        ensure!(answer.is_ok() == wanted, "a swap is answered {answer:?}, but may be done: {wanted}");
        let set = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(set) => set,
        };
        let rows = [one, other].map(|member| (&member.row().user_type, &member.row().role));
        let outcome = self.change(by, set, &Consent::Nothing)?;
        if outcome.is_ok() {
            let after = ids.map(|id| self.organization.members.get(&id));
            let after = after.map(|row| row.map(|row| (&row.user_type, &row.role)));
            ensure!(after == [Some(rows[1]), Some(rows[0])], "a swap of {rows:?} made {after:?}");
        }
        Ok(outcome)
    }

    pub fn change(&mut self, by: &By, mut set: ChangeSet, consent: &Consent) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        set.allow_one_over = consented(&before, &set, consent);
        let ids: Vec<MemberId> = set.operations.iter().map(|one| one.member.clone()).collect();
        let answer =
            change_set::decide(&before.facts(&transaction), &actor, &before.member_facts(&transaction, &ids), &set);
        let (left_out, after) = match set.mode {
            Mode::Atomic => (vec![], self.wanted(power, &set)),
            Mode::Partial => {
                oracle::partly(&before, power, &set).map_or((vec![], None), |(out, after)| (out, Some(after)))
            }
        };
        ensure!(answer.is_ok() == after.is_some(), "{set:?} is answered {answer:?}, but may be: {}", after.is_some());
        let permit = match answer {
            Err(refusal) => {
                blockers_are_named(&refusal, &set)?;
                return Ok(Err(refusal));
            }
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        let refused: Vec<usize> = grant.plan.refused.iter().map(|one| one.operation).collect();
        ensure!(refused == left_out, "{refused:?} are left out of {set:?}, not {left_out:?}");
        self.organization.change(&grant)?;
        ensure!(Some(&self.organization.members) == after.as_ref(), "the change did something else than was asked for");
        changed_lawfully(&before, &self.organization, &set, &grant)?;
        self.events.extend(kinds_of_change(&before, &self.organization, &set, &grant));
        Ok(Ok("changed"))
    }

    /// The members after the change as a whole, if it may be made; and what alone prevents it otherwise.
    fn wanted(&mut self, power: Power, set: &ChangeSet) -> Option<BTreeMap<MemberId, MemberRow>> {
        if oracle::may_change(&self.organization, power, set, Allowance::OF_THE_RULES) {
            return oracle::end_state(&self.organization, set);
        }
        let rules = Allowance::OF_THE_RULES;
        for (wider, event) in [
            (Allowance { most: 2, ..rules }, "kept from going two over"),
            (Allowance { reserved_too: true, ..rules }, "kept from a reserved seat"),
            (Allowance { restoring_too: true, ..rules }, "kept from restoring by going over"),
        ] {
            if oracle::may_change(&self.organization, power, set, wider) {
                self.events.insert(event);
            }
        }
        None
    }

    pub fn take_back_recent(&mut self, by: &By, number: usize, consent: &Consent) -> Result<Outcome, String> {
        let Some(at) = self.organization.changes.len().checked_sub(1 + number) else { return Ok(Ok("no change")) };
        let outcome = self.take_back(by, at, consent)?;
        self.events.extend(outcome.is_ok().then_some("taken back"));
        Ok(outcome)
    }

    /// Takes a change back, by hand or because the time has come.
    fn take_back(&mut self, by: &By, at: usize, consent: &Consent) -> Result<Outcome, String> {
        let transaction = ();
        let before = self.organization.clone();
        let ids: Vec<MemberId> = before.changes[at].moves.iter().map(|one| one.member.clone()).collect();
        let facts = before.facts(&transaction);
        let past = before.past(&transaction, at);
        let answer = change_set::revert(&facts, &past, &before.member_facts(&transaction, &ids));
        let wanted = oracle::as_before(&before, at);
        ensure!(
            answer.is_ok() == wanted.is_some(),
            "{past:?} is answered {answer:?}, but may be: {}",
            wanted.is_some()
        );
        let set = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(set) => set,
        };
        ensure!(set.ends == before.planned(at), "another return ends than was planned");
        let outcome = self.change(by, set, consent)?;
        if outcome.is_ok() {
            ensure!(Some(&self.organization.members) == wanted.as_ref(), "what was taken back is not what was");
            ensure!(self.organization.changes[at].planned.is_none(), "the return is still planned");
        }
        Ok(outcome)
    }

    /// Carries out the returns whose time has come; who cannot return yet is asked again later.
    pub fn come_due(&mut self) -> Held {
        for at in 0..self.organization.changes.len() {
            let now = self.organization.now;
            if self.organization.changes[at].planned.as_ref().is_none_or(|(due, _)| now < *due) {
                continue;
            }
            let before = self.organization.clone();
            match self.take_back(&By::Schedule, at, &Consent::Nothing)? {
                Ok(_) => {
                    laws::growth(&before, &self.organization, &Growth::Never)?;
                    self.events.insert("returned");
                }
                Err(refusal) => {
                    ensure!(before == self.organization, "a refused return changed something");
                    let name = refusal.code().row().name;
                    self.events.insert(if name == "stale" { "due and changed since" } else { "due without a seat" });
                }
            }
        }
        Ok(())
    }

    pub fn cancel(&mut self, by: &By, number: usize) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        let Some(at) = before.changes.len().checked_sub(1 + number) else { return Ok(Ok("no change")) };
        let answer = change_set::cancel(&before.facts(&transaction), &actor, &before.past(&transaction, at));
        let may = power == Power::Full || (power == Power::Delegate && !oracle::returns_an_administrator(&before, at));
        let wanted = may && before.changes[at].planned.is_some();
        ensure!(answer.is_ok() == wanted, "giving up is answered {answer:?}, but may be: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        self.organization.end_return(&grant.ends)?;
        Ok(Ok("given up"))
    }
}

/// The list of what cannot be done is in order, names each operation once, and stands for several operations only.
fn blockers_are_named(refusal: &Refusal, set: &ChangeSet) -> Held {
    let Refusal::Blocked { blockers, operations } = refusal else { return Ok(()) };
    let places: Vec<usize> = blockers.iter().map(|one| one.operation).collect();
    let once: Vec<usize> = places.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    ensure!(places == once && !places.is_empty(), "{places:?} are named");
    ensure!(*operations == set.operations.len() && *operations > 1, "{operations} operations, said of {set:?}");
    let right = |one: &rules::plan::Blocker| {
        set.operations.get(one.operation).is_some_and(|operation| operation.member == one.member)
    };
    ensure!(blockers.iter().all(right), "somebody else is named in {blockers:?}");
    Ok(())
}

/// Seats, administrators, what is kept, and what people are told.
fn changed_lawfully(before: &Organization, after: &Organization, set: &ChangeSet, grant: &ChangeGrant) -> Held {
    let restores = after.members.values().any(|row| was_restored(before, row));
    let growth = if restores { Growth::Never } else { Growth::ByConsent(&set.allow_one_over) };
    laws::growth(before, after, &growth)?;
    laws::administrators_sit(before, after)?;
    let begins_over = set.mode == Mode::Atomic && !oracle::over(before).is_empty();
    ensure!(!restores || !begins_over, "somebody was restored while a type was over");
    ensure!(!restores || oracle::over(after).is_empty(), "somebody was restored and a type is over");
    let kept = if set.revert_at.is_some() { oracle::kept(&before.members, &after.members) } else { BTreeMap::new() };
    ensure!(grant.plan.reserves == kept, "{:?} is kept, not {kept:?}", grant.plan.reserves);
    for effect in &grant.plan.types {
        let planned = (effect.before, effect.after, effect.licensed, effect.locked_out);
        let hit =
            if oracle::over(after).contains(&effect.id) { oracle::lockable(&after.members, &effect.id) } else { 0 };
        let [was, is] = [before, after].map(|one| oracle::assigned(&one.members, &effect.id));
        let real = (was, is, oracle::licensed(before, &effect.id), hit);
        ensure!(planned == real, "{} was planned as {planned:?} and became {real:?}", effect.id);
    }
    Ok(())
}

fn was_restored(before: &Organization, row: &MemberRow) -> bool {
    let archived = |state| state == MemberState::Archived;
    before.members.get(&row.id).is_some_and(|was| archived(was.state)) && !archived(row.state)
}

/// The consent that a step means, for that change.
fn consented(organization: &Organization, set: &ChangeSet, consent: &Consent) -> BTreeMap<UserTypeId, u64> {
    let after = oracle::end_state(organization, set).unwrap_or_default();
    let mut right = oracle::raised_over(organization, &after);
    match consent {
        Consent::Nothing => right.clear(),
        Consent::Right => {}
        Consent::Wrong => right.values_mut().for_each(|number| *number += 1),
        Consent::TooMuch(index) => {
            right.entry(user_type(*index)).or_insert(1);
        }
    }
    right
}

fn kinds_of_change(
    before: &Organization,
    after: &Organization,
    set: &ChangeSet,
    grant: &ChangeGrant,
) -> Vec<&'static str> {
    let mut kinds = vec![];
    let entered = set.operations.iter().filter_map(|one| {
        let (was, is) = (&before.members.get(&one.member)?.user_type, &after.members.get(&one.member)?.user_type);
        (was != is).then_some(is)
    });
    let full = |id: &UserTypeId| oracle::assigned(&before.members, id) == oracle::licensed(before, id);
    if !set.allow_one_over.is_empty() {
        kinds.push("taken one over");
    } else if entered.into_iter().any(full) {
        kinds.push("exchanged at capacity");
    }
    kinds.extend(after.members.values().any(|row| was_restored(before, row)).then_some("restored"));
    kinds.extend((!grant.plan.refused.is_empty()).then_some("partly done"));
    kinds.extend(set.revert_at.map(|_| "planned to return"));
    kinds.extend((!grant.plan.reserves.is_empty()).then_some("seats kept for a return"));
    for act in set.operations.iter().filter_map(|one| one.act) {
        kinds.push(match act {
            Act::Enable => "enabled",
            Act::Disable => "disabled",
            Act::Archive => "archived",
            Act::ArchiveAgain => "archived again",
            Act::Restore => "brought back",
            Act::RestoreDisabled => "brought back disabled",
            Act::Delete => "deleted",
        });
    }
    kinds
}
