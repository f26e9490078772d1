//! What stands around every page, whoever reads it: the file in force, and the user types that are over (S11 to S13).

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Moment, UserTypeId};
use rules::account;
use rules::notice::{self, Notice};
use rules::product_access::{self, Shortfall};
use rules::refusal::Over;
use rules::{Actor, ChangeId, MemberId};
use store::{Change, Installed, KeptPlan, PlannedReturn, ReadTx, ReturnState, StoreError};

use super::overview::circumstances;
use super::settings::{self, Security, Website};

/// How many of the newest changes are looked through at most for the one that took a user type over.
const LOOKED_THROUGH: usize = 200;
/// How many of them are read at a time: as a rule it is one of the last.
const AT_A_TIME: u32 = 5;
/// How many of the returns whose time has come are looked at for those that wait.
const TOLD: u32 = 50;

/// The surroundings of a page, as far as this reader may know them.
#[derive(Debug)]
pub struct Surroundings {
    /// Whether a file was ever activated here.
    pub activated: bool,
    /// The file in force.
    pub license: Option<Arc<Installed>>,
    /// The user types that are over, for those whom it concerns; empty for everybody else.
    pub over: Vec<Excess>,
    /// The end that is near, for those whom it concerns.
    pub ends_soon: Option<EndsSoon>,
    /// What else administrators are told: the clock, the trust list, revoked keys, files that could not begin.
    pub cautions: Vec<Notice>,
    /// Which parts of the portal open for the reader.
    pub open: Sections,
    /// Whether the reader may change user types, and take such changes back.
    pub may_change: bool,
    /// Planned returns that are due and found no seat, for those who can help it.
    pub due: Vec<DueReturn>,
    /// Since when nobody may start a product, and what is over-assigned, for those who can help it (S49).
    pub blocked: Option<(Moment, Vec<Shortfall>)>,
    /// The words of the house.
    pub website: Website,
    /// The notices of the house.
    pub security: Security,
    /// The names of the ids.
    pub catalog: Arc<Catalog>,
}

/// The parts of the portal that open for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sections {
    /// The licenses.
    pub licenses: bool,
    /// The members.
    pub members: bool,
    /// The changes of seats, and what is planned.
    pub changes: bool,
    /// The invitations.
    pub invitations: bool,
    /// The roles.
    pub roles: bool,
    /// At least one topic of the settings.
    pub settings: bool,
    /// The audit log.
    pub audit: bool,
}

impl Sections {
    fn of(actor: &Actor) -> Self {
        Self {
            licenses: account::see_licenses(actor).is_ok(),
            members: account::sight(actor).is_ok(),
            changes: account::see_members(actor).is_ok(),
            invitations: account::add_members(actor).is_ok(),
            roles: account::see_roles(actor).is_ok(),
            settings: !settings::topics_of(actor).is_empty(),
            audit: account::see_audit(actor).is_ok(),
        }
    }
}

/// Something in the file in force ends soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndsSoon {
    /// When.
    pub at: Moment,
    /// The threshold that was passed, in days.
    pub within_days: i64,
}

/// A planned return whose time has come, and that found no seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReturn {
    /// The change that is to be taken back.
    pub change: ChangeId,
    /// The user names of those who are to return.
    pub members: Vec<String>,
    /// When they should have returned.
    pub since: Moment,
    /// Why they have not.
    pub problem: Option<String>,
}

/// A user type that is over, and how it came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The numbers.
    pub over: Over,
    /// Since when.
    pub since: Option<Moment>,
    /// The change that took it over, where it was a change.
    pub started: Option<Started>,
}

/// A change that took a user type over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Which change.
    pub change: ChangeId,
    /// The user name of whoever made it.
    pub by: String,
    /// The members whom it brought into the user type: the user name, and where each came from.
    pub entered: Vec<(String, UserTypeId)>,
}

/// The surroundings for a reader, or for nobody. A reader who is locked out is told no more than a stranger.
///
/// # Errors
/// What the database says.
pub fn show(tx: &ReadTx<'_>, reader: Option<&MemberId>) -> Result<Surroundings, StoreError> {
    let license = tx.license()?;
    let mut shown = Surroundings {
        activated: license.is_activated(),
        license: license.good().map(Arc::clone),
        over: Vec::new(),
        ends_soon: None,
        cautions: Vec::new(),
        open: Sections::default(),
        may_change: false,
        due: Vec::new(),
        blocked: None,
        website: settings::website(tx)?,
        security: settings::security(tx)?,
        catalog: tx.catalog()?,
    };
    let actor = match reader.map(|id| tx.actor(id)).transpose() {
        Ok(Some(actor)) => actor,
        Ok(None) | Err(StoreError::Refused(_)) => return Ok(shown),
        Err(broken) => return Err(broken),
    };
    shown.open = Sections::of(&actor);
    shown.may_change = account::change_user_types(&actor).is_ok();
    if shown.may_change {
        shown.due = due_returns(tx)?;
    }
    if account::manage_licenses(&actor).is_ok() {
        shown.blocked = blocked(tx)?;
    }
    for notice in notice::notices(&tx.facts()?, &actor, &circumstances(tx, &license)?) {
        match notice {
            Notice::OverAssigned { over } => shown.over = excesses(tx, over)?,
            Notice::EndsSoon { at, within_days } => shown.ends_soon = Some(EndsSoon { at, within_days }),
            Notice::ClockBehind { .. }
            | Notice::ClockAhead { .. }
            | Notice::TrustListExpired { .. }
            | Notice::SigningKeyRevoked { .. }
            | Notice::StagedRefused { .. } => shown.cautions.push(notice),
        }
    }
    Ok(shown)
}

fn blocked(tx: &ReadTx<'_>) -> Result<Option<(Moment, Vec<Shortfall>)>, StoreError> {
    let Some(since) = tx.blocked_since()? else { return Ok(None) };
    let facts = tx.facts()?;
    Ok(Some((since, product_access::shortfalls(facts.catalog(), facts.allotment(), facts.add_ons()))))
}

fn due_returns(tx: &ReadTx<'_>) -> Result<Vec<DueReturn>, StoreError> {
    let mut due = Vec::new();
    for id in tx.due_returns(TOLD)? {
        due.extend(tx.change(&id)?.and_then(waiting));
    }
    Ok(due)
}

fn waiting(change: Change) -> Option<DueReturn> {
    let PlannedReturn { at, state, problem } = change.planned_return?;
    let members = KeptPlan::of(&change.plan).map(|plan| plan.members).unwrap_or_default();
    let members = members.into_iter().map(|one| one.username).collect();
    (state == ReturnState::Due).then_some(DueReturn { change: change.id, members, since: at, problem })
}

/// The changes of those instants, the newest first. Nothing older than the first of them is read.
fn changes_at(tx: &ReadTx<'_>, instants: &BTreeSet<Moment>) -> Result<Vec<Change>, StoreError> {
    let Some(first) = instants.first() else { return Ok(Vec::new()) };
    let (mut found, mut seen, mut before) = (Vec::new(), 0, None);
    loop {
        let part = tx.changes(before, AT_A_TIME)?;
        seen += part.len();
        before = part.last().filter(|last| last.at >= *first && seen < LOOKED_THROUGH).map(|last| last.version);
        found.extend(part.into_iter().filter(|change| instants.contains(&change.at)));
        if before.is_none() {
            return Ok(found);
        }
    }
}

fn excesses(tx: &ReadTx<'_>, over: Vec<Over>) -> Result<Vec<Excess>, StoreError> {
    let counts = tx.headcounts()?;
    let since_when = |over: &Over| counts.iter().find(|one| one.user_type == over.user_type)?.over_since;
    let changes = changes_at(tx, &over.iter().filter_map(since_when).collect())?;
    let with_story = |over: Over| {
        let since = since_when(&over);
        let then = changes.iter().filter(|change| Some(change.at) == since);
        // The newest come first; the oldest of that second is the one that began it.
        let mut started = then.rev().filter_map(|change| {
            let plan = KeptPlan::of(&change.plan)?;
            let entered = plan.took_over(&over.user_type)?;
            let entered = entered.into_iter().map(|one| (one.username.clone(), one.former.user_type.clone()));
            Some(Started { change: change.id.clone(), by: change.actor_name.clone(), entered: entered.collect() })
        });
        Excess { since, started: started.next(), over }
    };
    Ok(over.into_iter().map(with_story).collect())
}
