//! The doors by which members come in: registration, and invitations sent and accepted.

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::capacity::{self, Registration};

use crate::laws::{self, Growth};
use crate::oracle::{self, Power};
use crate::organization::ensure;
use crate::play::{Outcome, Play};
use crate::step::{By, RoleChoice};

impl Play {
    pub fn register(&mut self, by: &By, to: &UserTypeId, role: &RoleChoice, twice: bool) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let role = chosen(role, to, &RoleId::parse("viewer").unwrap());
        let asked = Registration { user_type: Some(to.clone()), role: Some(role.clone()) };
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

    pub fn fill(&mut self, to: &UserTypeId, most: usize) -> Result<Outcome, String> {
        for _ in 0..most {
            if let Err(refusal) = self.register(&By::Console, to, &RoleChoice::Fitting(0), false)? {
                self.events.insert(refusal.code().row().name);
            }
        }
        Ok(Ok("filled"))
    }

    pub fn invite(&mut self, by: &By, to: &UserTypeId, role: &RoleChoice) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let role = chosen(role, to, &RoleId::parse("viewer").unwrap());
        let asked = Registration { user_type: Some(to.clone()), role: Some(role.clone()) };
        let before = self.organization.clone();
        let answer = capacity::invite(&before.facts(&transaction), &actor, &asked);
        let wanted = oracle::may_register(&before, power, to, &role);
        ensure!(answer.is_ok() == wanted, "{asked:?} is answered {answer:?}, but may be invited: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        self.organization.invite(permit.spend(before.revision).map_err(|stale| stale.to_string())?)?;
        let taken = oracle::assigned(&before.members, to) + oracle::reserved(&self.organization, to);
        ensure!(taken <= oracle::licensed(&before, to), "an invitation to a seat that is not there");
        ensure!(before.members == self.organization.members, "an invitation changed a member");
        Ok(Ok("invited"))
    }

    pub fn accept(&mut self, number: usize) -> Result<Outcome, String> {
        let transaction = ();
        let before = self.organization.clone();
        let Some((at, invitation)) = before.invitation(&transaction, number) else { return Ok(Ok("no invitation")) };
        let answer = capacity::accept(&before.facts(&transaction), &invitation);
        let wanted = oracle::may_accept(&before, &before.invitations[at]);
        ensure!(answer.is_ok() == wanted, "{invitation:?} is answered {answer:?}, but may be accepted: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        let id = self.organization.accept(at, &grant)?;
        let row = &self.organization.members[&id];
        let sent = &before.invitations[at];
        ensure!((&row.user_type, &row.role) == (&sent.user_type, &sent.role), "another member came than was invited");
        laws::growth(&before, &self.organization, &Growth::Never)?;
        laws::administrators_sit(&before, &self.organization)?;
        Ok(Ok("accepted"))
    }

    pub fn revoke(&mut self, by: &By, number: usize) -> Result<Outcome, String> {
        let transaction = ();
        let (actor, power) = self.actor(by);
        let before = self.organization.clone();
        let Some((at, invitation)) = before.invitation(&transaction, number) else { return Ok(Ok("no invitation")) };
        let answer = capacity::revoke(&before.facts(&transaction), &actor, &invitation);
        let wanted = power != Power::Nothing && before.invitations[at].waits;
        ensure!(answer.is_ok() == wanted, "{invitation:?} is answered {answer:?}, but may be revoked: {wanted}");
        let permit = match answer {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(permit) => permit,
        };
        let grant = permit.spend(before.revision).map_err(|stale| stale.to_string())?;
        ensure!(grant.user_type == before.invitations[at].user_type, "the seat of another type is given back");
        self.organization.end_invitation(at)?;
        Ok(Ok("revoked"))
    }
}

/// The role that a step means, for a member of that user type.
pub fn chosen(choice: &RoleChoice, user_type: &UserTypeId, present: &RoleId) -> RoleId {
    let roles = Catalog::arcgis().roles();
    let fitting: Vec<_> = roles.iter().filter(|role| role.fits.contains(user_type)).collect();
    match choice {
        RoleChoice::Keep => present.clone(),
        RoleChoice::Fitting(index) => fitting[index % fitting.len()].id.clone(),
        RoleChoice::Any(index) => roles[index % roles.len()].id.clone(),
    }
}
