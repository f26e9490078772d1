//! Plans with the names of their members, user types and roles: before a change is applied, and afterwards.

use std::collections::BTreeSet;

use catalog::{Catalog, RoleId};
use entitlement::{AddOnId, ProductId, UserTypeId};
use rules::plan::{self, Blocker};
use rules::{MemberId, MemberState};
use store::{KeptPlan, ReadTx, StoreError};

use super::names;
use crate::actions::bulk;
use crate::actions::changes::{Foreseen, Help};
use crate::pages::consent::Consent;
use crate::pages::plan::{Plan, PlanAddOn, PlanMember, PlanRefusal, PlanType};
use crate::pages::when::When;
use crate::texts::text;

/// How many members of a plan are named.
const NAMED: usize = 200;

/// A plan for people.
///
/// # Errors
/// What the database says.
pub fn plan(tx: &ReadTx<'_>, catalog: &Catalog, plan: &plan::Plan) -> Result<Plan, StoreError> {
    let types = plan.types.iter();
    let types = types.map(|one| seats(catalog, &one.id, [one.before, one.after, one.licensed, one.locked_out]));
    let add_ons = plan.add_ons.iter().map(|one| add_on(catalog, &one.id, [one.before, one.after, one.licensed]));
    let mut members = Vec::new();
    for one in plan.members.iter().take(NAMED) {
        let former = &one.former;
        let before = held(catalog, (Some(&former.user_type), &former.role), Some(former.state));
        let after = held(catalog, (one.user_type.as_ref(), &one.role), one.state);
        let (ends, releases) = (&one.ends_sessions_of, &one.releases);
        let licences = Licences { assigns: &one.assigns, unassigns: &one.unassigns, ends, releases }.told(catalog);
        members.push(member(
            tx,
            (&one.id, &one.username),
            PlanMember { before, after, licences, ..PlanMember::default() },
        )?);
    }
    let reserves = plan.reserves.iter().map(|(id, seats)| reserved(catalog, id, *seats));
    Ok(Plan {
        types: types.collect(),
        add_ons: add_ons.collect(),
        members,
        more_members: beyond(plan.members.len()),
        return_on: plan.revert_at.map(When::from),
        reserves: reserves.collect(),
        ..refused(tx, catalog, &plan.refused)?
    })
}

fn seats(catalog: &Catalog, id: &UserTypeId, [before, after, licensed, locked_out]: [u64; 4]) -> PlanType {
    PlanType { name: names::user_type(catalog, id), before, after, licensed, locked_out }
}

fn add_on(catalog: &Catalog, id: &AddOnId, [before, after, licensed]: [u64; 3]) -> PlanAddOn {
    PlanAddOn { name: names::add_on(catalog, id), before, after, licensed }
}

/// The member with the name of now, or that of then where there is no such member any more.
fn member(tx: &ReadTx<'_>, (id, username): (&MemberId, &str), effect: PlanMember) -> Result<PlanMember, StoreError> {
    let known = tx.member(id)?;
    let name = known.as_ref().map_or_else(|| username.to_owned(), names::of);
    Ok(PlanMember { id: known.map(|member| member.id.to_string()), name, ..effect })
}

/// Only the members who cannot be changed.
///
/// # Errors
/// What the database says.
pub fn refused(tx: &ReadTx<'_>, catalog: &Catalog, blockers: &[Blocker]) -> Result<Plan, StoreError> {
    let mut refused = Vec::new();
    for blocker in blockers.iter().take(NAMED) {
        let known = tx.member(&blocker.member)?;
        refused.push(PlanRefusal {
            name: known.as_ref().map_or_else(|| blocker.member.to_string(), names::of),
            reason: blocker.refusal.sentence_with(catalog),
            proposed_role: bulk::proposed_role(blocker).map(|role| names::role(catalog, role)),
        });
    }
    Ok(Plan { refused, more_refused: beyond(blockers.len()), ..Plan::default() })
}

/// The plan of an applied change.
///
/// # Errors
/// What the database says.
pub fn kept(tx: &ReadTx<'_>, catalog: &Catalog, plan: &KeptPlan) -> Result<Plan, StoreError> {
    let types = plan.types.iter();
    let types = types.map(|one| seats(catalog, &one.id, [one.before, one.after, one.licensed, one.locked_out]));
    let add_ons = plan.add_ons.iter().map(|one| add_on(catalog, &one.id, [one.before, one.after, one.licensed]));
    let mut members = Vec::new();
    for one in plan.members.iter().take(NAMED) {
        let former = &one.former;
        let before = held(catalog, (Some(&former.user_type), &former.role), Some(former.state()));
        let after = held(catalog, (one.user_type.as_ref(), &one.role), one.state);
        let (ends, releases) = (&one.ends_sessions_of, &one.releases);
        let licences = Licences { assigns: &one.assigns, unassigns: &one.unassigns, ends, releases }.told(catalog);
        members.push(member(
            tx,
            (&one.id, &one.username),
            PlanMember { before, after, licences, ..PlanMember::default() },
        )?);
    }
    let refused = plan.refused.iter().take(NAMED).map(|one| PlanRefusal {
        name: one.username.clone().unwrap_or_default(),
        reason: one.detail.clone(),
        proposed_role: None,
    });
    let reserves = plan.reserves.iter().map(|(id, seats)| reserved(catalog, id, *seats));
    Ok(Plan {
        is_done: true,
        types: types.collect(),
        add_ons: add_ons.collect(),
        members,
        more_members: beyond(plan.members.len()),
        refused: refused.collect(),
        more_refused: beyond(plan.refused.len()),
        return_on: None,
        reserves: reserves.collect(),
    })
}

/// The questions for consent that a foreseen change needs. The field of each is `allow_one_over`, with the id of the user
/// type behind a point where the form may need more than one.
#[must_use]
pub fn consents(catalog: &Catalog, foreseen: &Foreseen, only_field: Option<&str>) -> Vec<Consent> {
    let Foreseen { plan, consent, help } = foreseen;
    let instead_of = match plan.members.as_slice() {
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    let each = plan.types.iter().filter_map(|one| {
        let help: Option<&Help> = help.get(&one.id);
        let candidates = help.map(|help| help.candidates.iter().map(|member| names::person(catalog, member)));
        Some(Consent {
            field: only_field.map_or_else(|| format!("allow_one_over.{}", one.id), str::to_owned),
            locked_out: *consent.get(&one.id)?,
            name: names::user_type(catalog, &one.id),
            licensed: one.licensed,
            after: one.after,
            signed_in_now: help.map_or(0, |help| help.signed_in_now),
            instead_of: instead_of.clone(),
            candidates: candidates.map(Iterator::collect).unwrap_or_default(),
        })
    });
    each.collect()
}

/// What a change does with the add-ons, sessions and offline licences of a member.
struct Licences<'a> {
    assigns: &'a BTreeSet<AddOnId>,
    unassigns: &'a BTreeSet<AddOnId>,
    ends: &'a [ProductId],
    releases: &'a BTreeSet<ProductId>,
}

impl Licences<'_> {
    fn told(&self, catalog: &Catalog) -> Vec<String> {
        let gets = self.assigns.iter().map(|id| text("plan-gets").with("name", names::add_on(catalog, id)).plain());
        let loses = self.unassigns.iter().map(|id| text("plan-loses").with("name", names::add_on(catalog, id)).plain());
        let mut each: Vec<String> = gets.chain(loses).collect();
        let products: BTreeSet<&ProductId> = self.ends.iter().collect();
        for id in products {
            let name = names::product(catalog, id);
            let count = self.ends.iter().filter(|one| *one == id).count();
            each.push(text("plan-sessions-end").with("count", count).with("name", name).plain());
        }
        let offline = |id: &ProductId| text("plan-releases").with("name", names::product(catalog, id)).plain();
        each.extend(self.releases.iter().map(offline));
        each
    }
}

/// User type, role and state in words, such as `Viewer, Viewer, disabled`.
fn held(catalog: &Catalog, (user_type, role): (Option<&UserTypeId>, &RoleId), state: Option<MemberState>) -> String {
    let seat = user_type.map(|id| format!("{}, {}", names::user_type(catalog, id), names::role(catalog, role)));
    match (state, seat) {
        (None, _) => text("held-deleted").plain(),
        (Some(MemberState::Archived), Some(seat)) => text("held-archived-was").with("seat", seat).plain(),
        (Some(MemberState::Archived), None) => text("held-archived").plain(),
        (Some(MemberState::Disabled), seat) => text("held-disabled").with("seat", seat.unwrap_or_default()).plain(),
        (Some(MemberState::Enabled), seat) => seat.unwrap_or_default(),
    }
}

fn reserved(catalog: &Catalog, id: &UserTypeId, seats: u64) -> String {
    format!("{} {seats}", names::user_type(catalog, id))
}

fn beyond(count: usize) -> u64 {
    u64::try_from(count.saturating_sub(NAMED)).unwrap_or(u64::MAX)
}
