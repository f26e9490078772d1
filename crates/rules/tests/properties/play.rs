//! Plays a sequence: asks the rules, writes what they grant, and holds every outcome against the laws.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::capacity::{self, Registration};
use rules::change_set::{self, ChangeSet, Operation};
use rules::{Actor, MemberId, Refusal, activation, import, removal};

use crate::laws::{self, Growth};
use crate::license::{Draft, user_type};
use crate::oracle::{self, Allowance, Power};
use crate::organization::{Held, Organization, ensure};
use crate::step::{By, Confirm, Consent, Op, RoleChoice, Step, Wait};

/// One sequence as it goes.
#[derive(Default)]
pub struct Play {
    organization: Organization,
    journal: Vec<String>,
    events: BTreeSet<&'static str>,
}

/// How a decision went.
type Outcome = Result<&'static str, Refusal>;

impl Play {
    /// Every step with its outcome, for people.
    pub fn journal(&self) -> String {
        self.journal.join("\n")
    }

    /// What happened at least once.
    pub fn events(&self) -> &BTreeSet<&'static str> {
        &self.events
    }

    pub fn step(&mut self, step: &Step) -> Held {
        self.journal.push(format!("{}. {step:?}", self.journal.len() + 1));
        let before = self.organization.clone();
        let outcome = match step {
            Step::Activate(file) => self.activate(file)?,
            Step::Register { by, user_type: index, role, twice } => {
                self.register(by, &user_type(*index), role, *twice)?
            }
            Step::Fill { user_type: index, most } => self.fill(&user_type(*index), *most)?,
            Step::Change { by, operations, consent } => {
                let operations = operations.iter().map(|op| self.operation(op)).collect();
                self.change(by, operations, consent)?
            }
            Step::Swap { by, first, second } => self.swap(by, *first, *second)?,
            Step::Delete { by, member } => self.delete(by, *member)?,
            Step::Import { by, file, confirm } => self.import(by, file, confirm)?,
            Step::Toggle { member } => {
                self.organization.toggle(&self.organization.id(*member));
                laws::growth(&before, &self.organization, &Growth::Never)?;
                Ok("toggled")
            }
            Step::Reserve { user_type: index, seats } => {
                self.organization.seats.entry(user_type(*index)).or_default().reserved = *seats;
                Ok("reserved")
            }
            Step::Wait(wait) => Ok(self.wait(wait)),
        };
        if let Some(line) = self.journal.last_mut() {
            line.push_str(&format!("\n   {outcome:?}"));
        }
        self.events.insert(outcome.as_ref().unwrap_or_else(|refusal| &refusal.code().row().name));
        ensure!(outcome.is_ok() || self.organization == before, "a refused step changed something");
        laws::always(&self.organization)
    }

    fn actor(&self, by: &By) -> (Actor, Power) {
        let catalog = Catalog::arcgis();
        let role_of = |id: &RoleId| catalog.role(id).unwrap().clone();
        match by {
            By::Console => (Actor::console(), Power::Full),
            By::Delegate => {
                let mut all = role_of(&RoleId::parse("publisher").unwrap());
                all.privileges = catalog.privileges().iter().map(|one| one.id.clone()).collect();
                let creator = catalog.user_type(&UserTypeId::parse("creator").unwrap());
                let id = MemberId::from_bits(u128::MAX - 1);
                (Actor::member(id, "delegate".into(), creator, &all), Power::Delegate)
            }
            By::Member(number) => match self.organization.members.get(&self.organization.id(*number)) {
                None => (Actor::console(), Power::Full),
                Some(row) => {
                    let power = if oracle::is_administrator(&row.role) { Power::Full } else { Power::Nothing };
                    let of = catalog.user_type(&row.user_type);
                    (Actor::member(row.id.clone(), row.username.clone(), of, &role_of(&row.role)), power)
                }
            },
        }
    }

    fn activate(&mut self, file: &Draft) -> Result<Outcome, String> {
        let transaction = ();
        let license = file.opened(self.organization.now);
        let facts = self.organization.facts(&transaction);
        let permit = match activation::decide(&facts, &license.at(self.organization.now), None) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        ensure!(self.organization.license.is_none(), "activated twice");
        let grant = permit.spend(self.organization.revision).map_err(|stale| stale.to_string())?;
        let before = self.organization.clone();
        self.organization.activate(&grant, license);
        laws::growth(&before, &self.organization, &Growth::Never)?;
        Ok(Ok("activated"))
    }

    fn register(&mut self, by: &By, to: &UserTypeId, role: &RoleChoice, twice: bool) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let role = chosen(role, to, &RoleId::parse("viewer").unwrap());
        let asked = Registration { user_type: to.clone(), role: Some(role.clone()) };
        let before = self.organization.clone();
        let facts = before.facts(&transaction);
        let answer = capacity::register(&facts, &actor, &asked);
        let wanted = oracle::may_register(&before, power, to, &role);
        ensure!(answer.is_ok() == wanted, "{asked:?} is answered {answer:?}, but may be registered: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let second = capacity::register(&facts, &actor, &asked);
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        let id = self.organization.register(&grant);
        let row = &self.organization.members[&id];
        ensure!((&row.user_type, &row.role) == (to, &role), "another member was registered than asked for");
        laws::growth(&before, &self.organization, &Growth::Never)?;
        laws::administrators_sit(&before, &self.organization)?;
        let (assigned, licensed) =
            (oracle::assigned(&self.organization.members, to), oracle::licensed(&self.organization, to));
        ensure!(assigned <= licensed, "registered {assigned} of {licensed}");
        if !twice {
            return Ok(Ok("registered"));
        }
        let second = second.map_err(|refusal| format!("asked twice, answered otherwise: {refusal:?}"))?;
        ensure!(second.spend(self.organization.revision).is_err(), "two permits of one reading were spent");
        Ok(Ok("stale permit"))
    }

    fn fill(&mut self, to: &UserTypeId, most: usize) -> Result<Outcome, String> {
        for _ in 0..most {
            if let Err(refusal) = self.register(&By::Console, to, &RoleChoice::Fitting(0), false)? {
                self.events.insert(refusal.code().row().name);
            }
        }
        Ok(Ok("filled"))
    }

    fn operation(&self, op: &Op) -> Operation {
        let member = self.organization.id(op.member);
        let set_user_type = op.user_type.map(user_type);
        let Some(row) = self.organization.members.get(&member) else {
            return Operation { member, set_user_type, set_role: None };
        };
        let keeps = matches!(op.role, RoleChoice::Keep);
        let after = set_user_type.as_ref().unwrap_or(&row.user_type);
        let set_role = (!keeps).then(|| chosen(&op.role, after, &row.role));
        Operation { member, set_user_type, set_role }
    }

    fn swap(&mut self, by: &By, first: usize, second: usize) -> Result<Outcome, String> {
        let transaction = ();
        let ids = [first, second].map(|number| self.organization.id(number));
        let members = self.organization.member_facts(&transaction, &ids);
        let [one, other] = members.as_slice() else { return Ok(Ok("nobody to exchange")) };
        let answer = change_set::swap(&self.organization.facts(&transaction), one, other);
        let both = one.row().id != other.row().id;
        let wanted = both && members.iter().all(|member| !oracle::is_administrator(&member.row().role));
        ensure!(answer.is_ok() == wanted, "a swap is answered {answer:?}, but may be done: {wanted}");
        let set = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(set) => set,
        };
        let rows = [one, other].map(|member| (&member.row().user_type, &member.row().role));
        let outcome = self.change(by, set.operations, &Consent::Nothing)?;
        if outcome.is_ok() {
            let after = ids.map(|id| self.organization.members.get(&id));
            let after = after.map(|row| row.map(|row| (&row.user_type, &row.role)));
            ensure!(after == [Some(rows[1]), Some(rows[0])], "a swap of {rows:?} made {after:?}");
        }
        Ok(outcome)
    }

    fn change(&mut self, by: &By, operations: Vec<Operation>, consent: &Consent) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        let mut set = ChangeSet { operations, allow_one_over: BTreeMap::new() };
        set.allow_one_over = consented(&before, &set, consent);
        let ids: Vec<MemberId> = set.operations.iter().map(|one| one.member.clone()).collect();
        let answer =
            change_set::decide(&before.facts(&transaction), &actor, &before.member_facts(&transaction, &ids), &set);
        let may = |allowance| oracle::may_change(&before, power, &set, allowance);
        let wanted = may(Allowance::OF_THE_RULES);
        if !wanted && may(Allowance { most: 2, ..Allowance::OF_THE_RULES }) {
            self.events.insert("kept from going two over");
        }
        if !wanted && may(Allowance { reserved_too: true, ..Allowance::OF_THE_RULES }) {
            self.events.insert("kept from a reserved seat");
        }
        ensure!(answer.is_ok() == wanted, "{set:?} is answered {answer:?}, but may be applied: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        self.organization.change(&grant)?;
        let after = oracle::end_state(&before, &set);
        ensure!(Some(&self.organization.members) == after.as_ref(), "the change did something else than was asked for");
        laws::growth(&before, &self.organization, &Growth::ByConsent(&set.allow_one_over))?;
        laws::administrators_sit(&before, &self.organization)?;
        for effect in &grant.plan.types {
            let planned = (effect.before, effect.after, effect.licensed, effect.locked_out);
            let hit = if oracle::over(&self.organization).contains(&effect.id) {
                oracle::lockable(&self.organization.members, &effect.id)
            } else {
                0
            };
            let [was, is] = [&before, &self.organization].map(|one| oracle::assigned(&one.members, &effect.id));
            let real = (was, is, oracle::licensed(&before, &effect.id), hit);
            ensure!(planned == real, "{} was planned as {planned:?} and became {real:?}", effect.id);
        }
        Ok(Ok(kind_of_change(&before, &self.organization, &set)))
    }

    fn delete(&mut self, by: &By, number: usize) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        let id = before.id(number);
        let members = before.member_facts(&transaction, std::slice::from_ref(&id));
        let Some(member) = members.first() else { return Ok(Ok("nobody to delete")) };
        let answer = removal::delete(&before.facts(&transaction), &actor, member);
        let wanted = oracle::may_delete(&before, power, &id);
        ensure!(answer.is_ok() == wanted, "deletion is answered {answer:?}, but may be done: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        self.organization.remove(&permit.spend(before.revision).map_err(|stale| stale.to_string())?)?;
        laws::growth(&before, &self.organization, &Growth::Never)?;
        Ok(Ok("deleted"))
    }

    fn import(&mut self, by: &By, file: &Draft, confirm: &Confirm) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        let license = file.opened(before.now);
        let after = Organization { license: Some(license.clone()), ..before.clone() };
        let locked_out = oracle::locked_out(&after);
        let confirmed = match confirm {
            Confirm::Nothing => None,
            Confirm::Right => Some(locked_out),
            Confirm::Wrong => Some(locked_out + 1),
        };
        let answer = import::decide(&before.facts(&transaction), &actor, &license.at(before.now), confirmed);
        let wanted = before.license.is_some()
            && (power == Power::Full || (power == Power::Delegate && locked_out == 0))
            && confirmed.unwrap_or(0) == locked_out;
        ensure!(answer.is_ok() == wanted, "{file:?} is answered {answer:?}, but may be imported: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        ensure!(grant.locked_out == locked_out, "{} locked out, told {}", locked_out, grant.locked_out);
        self.organization = after;
        self.organization.revision += 1;
        laws::growth(&before, &self.organization, &Growth::ByLicense)?;
        Ok(Ok(if over_by_more(&before, &self.organization) { "over by a file" } else { "imported" }))
    }

    fn wait(&mut self, wait: &Wait) -> &'static str {
        let before = self.organization.clone();
        let next = before.allotment().next_change().unwrap_or(before.now);
        self.organization.now = match wait {
            Wait::Seconds(seconds) => before.now.plus_seconds(*seconds),
            Wait::UntilTheNextChange => next,
            Wait::UntilJustBeforeIt => next.plus_seconds(-1).max(before.now),
        };
        let far = |id: &UserTypeId| {
            let organization = &self.organization;
            oracle::assigned(&organization.members, id) > oracle::licensed(organization, id) + 1
        };
        match over_by_more(&before, &self.organization) {
            true if oracle::over(&self.organization).iter().any(far) => "over by more than one",
            true => "over by the time",
            false => "waited",
        }
    }
}

/// Whether a type is over that was not.
fn over_by_more(before: &Organization, after: &Organization) -> bool {
    !oracle::over(after).is_subset(&oracle::over(before))
}

/// The role that a step means, for a member of that user type.
fn chosen(choice: &RoleChoice, user_type: &UserTypeId, present: &RoleId) -> RoleId {
    let roles = Catalog::arcgis().roles();
    let fitting: Vec<_> = roles.iter().filter(|role| role.fits.contains(user_type)).collect();
    match choice {
        RoleChoice::Keep => present.clone(),
        RoleChoice::Fitting(index) => fitting[index % fitting.len()].id.clone(),
        RoleChoice::Any(index) => roles[index % roles.len()].id.clone(),
    }
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

fn kind_of_change(before: &Organization, after: &Organization, set: &ChangeSet) -> &'static str {
    if !set.allow_one_over.is_empty() {
        return "taken one over";
    }
    let entered = set.operations.iter().filter_map(|one| {
        let (was, is) = (&before.members[&one.member].user_type, &after.members[&one.member].user_type);
        (was != is).then_some(is)
    });
    let full = |id: &UserTypeId| oracle::assigned(&before.members, id) == oracle::licensed(before, id);
    if entered.into_iter().any(full) { "exchanged at capacity" } else { "changed" }
}
