//! Plays a sequence: asks the rules, writes what they grant, and holds every outcome against the laws.

use std::collections::BTreeSet;

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::change_set::ChangeSet;
use rules::import::Arrival;
use rules::{Actor, MemberId, Refusal, activation, import};

use crate::laws::{self, Growth};
use crate::license::{Draft, user_type};
use crate::oracle::{self, Power};
use crate::organization::{Held, Organization, ensure};
use crate::step::{By, Confirm, Step, Wait};

/// One sequence as it goes.
#[derive(Default)]
pub struct Play {
    pub organization: Organization,
    journal: Vec<String>,
    pub events: BTreeSet<&'static str>,
}

/// How a decision went.
pub type Outcome = Result<&'static str, Refusal>;

impl Play {
    /// Every step with its outcome, for people.
    pub fn journal(&self) -> String {
        self.journal.join("\n")
    }

    /// What happened at least once.
    pub fn reached(&self) -> &BTreeSet<&'static str> {
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
            Step::Change { by, operations, how } => {
                let operations = operations.iter().map(|op| self.operation(op)).collect();
                let returns = how.returns.map(|seconds| before.now.plus_seconds(seconds));
                let set = ChangeSet { operations, mode: how.mode, revert_at: returns, ..ChangeSet::default() };
                self.change(by, set, &how.consent)?
            }
            Step::Swap { by, first, second } => self.swap(by, *first, *second)?,
            Step::Revert { by, change, consent } => self.take_back_recent(by, *change, consent)?,
            Step::Cancel { by, change } => self.cancel(by, *change)?,
            Step::Invite { by, user_type: index, role } => self.invite(by, &user_type(*index), role)?,
            Step::Accept { invitation } => self.accept(*invitation)?,
            Step::Revoke { by, invitation } => self.revoke(by, *invitation)?,
            Step::Import { by, file, confirm } => self.import(by, file, confirm)?,
            Step::Wait(wait) => Ok(self.wait(wait)?),
        };
        if let Some(line) = self.journal.last_mut() {
            line.push_str(&format!("\n   {outcome:?}"));
        }
        self.events.insert(outcome.as_ref().unwrap_or_else(|refusal| &refusal.code().row().name));
        ensure!(outcome.is_ok() || self.organization == before, "a refused step changed something");
        laws::always(&self.organization)
    }

    pub fn actor(&self, by: &By) -> (Actor, Power) {
        let catalog = Catalog::arcgis();
        let role_of = |id: &RoleId| catalog.role(id).unwrap().clone();
        match by {
            By::Console => (Actor::console(), Power::Full),
            By::Schedule => (Actor::schedule(), Power::Full),
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
        let permit = match activation::decide(&facts, (&Arrival::InTerm, &license.at(self.organization.now)), None) {
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
        let answer = import::decide(
            &before.facts(&transaction),
            &actor,
            (&Arrival::InTerm, &license.at(before.now), None),
            confirmed,
        );
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

    /// Time passes; then what was to end has ended, and who was to return returns.
    fn wait(&mut self, wait: &Wait) -> Result<&'static str, String> {
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
        let outcome = match over_by_more(&before, &self.organization) {
            true if oracle::over(&self.organization).iter().any(far) => "over by more than one",
            true => "over by the time",
            false => "waited",
        };
        if self.organization.expire()? {
            self.events.insert("expired");
        }
        self.come_due()?;
        Ok(outcome)
    }
}

/// Whether a type is over that was not.
fn over_by_more(before: &Organization, after: &Organization) -> bool {
    !oracle::over(after).is_subset(&oracle::over(before))
}
