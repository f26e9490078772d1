//! `/changes` and `/changes/{id}`: what was applied, and which returns are planned.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use entitlement::AddOnId;
use errors::{Code, Failure};
use rules::ChangeId;
use serde::Deserialize;
use store::{Change, KeptMember, KeptPlan, PlannedReturn};

use super::done::{Done, Told};
use super::visit::{Fields, Posted, Refused, Visit};
use super::{barred, names, page, plans, refusal, see_other};
use crate::actions::changes;
use crate::actions::input::invalid_at;
use crate::api::address::{Path, Query};
use crate::pages::changes::{ChangePage, ChangeRow, Changes, ReturnFacts, ReturnRow, ReturnState};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// How many changes stand on one page.
const PAGE: u32 = 50;
/// How many planned returns are told at most.
const MOST_RETURNS: u32 = 200;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    cursor: String,
    done: Option<Done>,
}

/// The list.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(State(state): State<AppState>, visit: Visit, Query(part): Query<Part>) -> Result<Response, Refused> {
    let caller = visit.caller();
    let is_first = part.cursor.is_empty();
    let before = (!is_first).then(|| part.cursor.parse::<u64>()).transpose();
    let before = before.map_err(|_| visit.refused(invalid_at("/cursor", "is none of ours")))?;
    let read = state.read_long(move |tx| {
        let rows = changes::list(tx, &caller, before, PAGE)?;
        let returns = if is_first { changes::returns(tx, &caller, MOST_RETURNS)? } else { Vec::new() };
        let catalog = tx.catalog()?;
        let mut waiting = Vec::with_capacity(returns.len());
        for change in &returns {
            waiting.extend(return_row(&catalog, change, changes::may_go_back(tx, &caller, change)?));
        }
        Ok((rows, waiting, catalog))
    });
    let (rows, returns, catalog) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let is_full = rows.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    Ok(page(&Changes {
        csrf: visit.token(),
        frame: visit.frame,
        returns,
        rows: rows.iter().map(|change| row(&catalog, change)).collect(),
        continued: !is_first,
        next: rows.last().filter(|_| is_full).map(|last| last.version.to_string()),
        done: part.done.and_then(Done::text),
    }))
}

/// A change in short.
pub(super) fn row(catalog: &Catalog, change: &Change) -> ChangeRow {
    ChangeRow {
        id: change.id.to_string(),
        at: When::from(change.at),
        by: change.actor_name.clone(),
        reason: change.reason.clone(),
        what: KeptPlan::of(&change.plan).map(|plan| what(catalog, &plan)).unwrap_or_default(),
        undone_by: change.reverted_by.clone(),
        undoes: change.reverts.clone(),
    }
}

/// What a change did, in a few words.
fn what(catalog: &Catalog, plan: &KeptPlan) -> String {
    match plan.members.as_slice() {
        [] => text("moved-nobody").plain(),
        [only] => moved(catalog, only),
        [a, b] => format!("{}; {}", moved(catalog, a), moved(catalog, b)),
        many => {
            let types = plan.types.iter().filter(|one| one.before != one.after);
            let types =
                types.map(|one| format!("{} {} → {}", names::user_type(catalog, &one.id), one.before, one.after));
            let add_ons = plan.add_ons.iter();
            let add_ons =
                add_ons.map(|one| format!("{} {} → {}", names::add_on(catalog, &one.id), one.before, one.after));
            let types: Vec<String> = types.chain(add_ons).collect();
            if types.is_empty() {
                text("members").with("count", many.len()).plain()
            } else {
                text("moved-many-what").with("count", many.len()).with("what", types.join(", ")).plain()
            }
        }
    }
}

fn moved(catalog: &Catalog, member: &KeptMember) -> String {
    let KeptMember { username, former, .. } = member;
    let from = names::user_type(catalog, &former.user_type);
    let arrow = |from: &str, to: &str| text("moved").with("who", username).with("from", from).with("to", to).plain();
    match (member.state, former.state(), &member.user_type) {
        (None, ..) => text("moved-deleted").with("who", username).plain(),
        (Some(now), then, _) if now != then => arrow(then.as_str(), now.as_str()),
        (_, _, Some(to)) if *to != former.user_type => arrow(&from, &names::user_type(catalog, to)),
        _ if member.role != former.role => {
            arrow(&names::role(catalog, &former.role), &names::role(catalog, &member.role))
        }
        _ => match (member.assigns.len(), member.unassigns.len()) {
            (0, 0) if !member.releases.is_empty() => text("moved-offline").with("who", username).plain(),
            (0, 0) => text("moved-nothing").with("who", username).plain(),
            (_, 0) => text("moved-gets").with("who", username).with("gets", add_ons(catalog, &member.assigns)).plain(),
            (0, _) => {
                text("moved-loses").with("who", username).with("loses", add_ons(catalog, &member.unassigns)).plain()
            }
            _ => {
                let (gets, loses) = (add_ons(catalog, &member.assigns), add_ons(catalog, &member.unassigns));
                text("moved-gets-loses").with("who", username).with("gets", gets).with("loses", loses).plain()
            }
        },
    }
}

fn add_ons(catalog: &Catalog, ids: &BTreeSet<AddOnId>) -> String {
    names::shortened(&ids.iter().map(|id| names::add_on(catalog, id)).collect::<Vec<_>>())
}

fn return_row(catalog: &Catalog, change: &Change, may_end: bool) -> Option<ReturnRow> {
    let planned = facts(change.planned_return.as_ref()?);
    let plan = KeptPlan::of(&change.plan)?;
    let back = plan.members.iter().filter(|one| one.is_moved());
    let back = back.map(|one| {
        text("moves-back")
            .with("who", &one.username)
            .with("to", names::user_type(catalog, &one.former.user_type))
            .plain()
    });
    let what = names::shortened(&back.collect::<Vec<_>>());
    Some(ReturnRow { change: change.id.to_string(), what, planned, may_end })
}

fn facts(planned: &PlannedReturn) -> ReturnFacts {
    let state = match planned.state {
        store::ReturnState::Planned => ReturnState::Planned,
        store::ReturnState::Due => ReturnState::Due,
        store::ReturnState::Done => ReturnState::Done,
        store::ReturnState::Cancelled => ReturnState::Cancelled,
        store::ReturnState::Stale => ReturnState::Impossible,
    };
    ReturnFacts { at: When::from(planned.at), state, problem: planned.problem.clone() }
}

/// One change.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Refused> {
    let id = change_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&content(&state, &visit, id, (None, told.text())).await?))
}

async fn content(
    state: &AppState,
    visit: &Visit,
    id: ChangeId,
    (failure, done): (Option<&Failure>, Option<String>),
) -> Result<ChangePage, Refused> {
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        let change = changes::show(tx, &caller, &id)?;
        let catalog = tx.catalog()?;
        let plan = KeptPlan::of(&change.plan).map(|plan| plans::kept(tx, &catalog, &plan)).transpose()?;
        let may_go_back = changes::may_go_back(tx, &caller, &change)?;
        let planned = change.planned_return.as_ref().map(facts);
        let is_undone = change.reverted_by.is_some();
        let barred = if is_undone { None } else { barred::undoing(tx, &caller, &change.id)? };
        Ok((row(&catalog, &change), plan.unwrap_or_default(), planned, may_go_back, barred))
    });
    let (change, plan, planned, may_go_back, barred) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(ChangePage {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        change,
        plan,
        planned,
        may_go_back,
        barred: barred.map(|why| barred::reason("undo", &why, &visit.frame)),
        problem: failure.map(ErrorSummary::from),
        done,
    })
}

/// What the button sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    csrf: String,
}

impl Fields for Sure {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Gives up a planned return; an impossible one is put out of sight.
///
/// # Errors
/// Refusals that are not about the change.
pub async fn cancel(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form: _ }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = change_id(&id).map_err(|failure| visit.refused(failure))?;
    let (caller, of) = (visit.caller(), id.clone());
    match state.store.write(move |tx| changes::cancel(tx, &caller, &of)).await {
        Ok(_) => Ok(see_other(&format!("/changes/{id}?done=cancelled"))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, id, (Some(&failure), None)).await?, &failure))
        }
    }
}

/// The id of a change in an address.
///
/// # Errors
/// `not-found`: what is no id names nothing.
pub(super) fn change_id(text: &str) -> Result<ChangeId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no change `{text}`.")))
}
