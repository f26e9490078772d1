//! `/add-ons/{id}` and `/add-ons/repair`: who holds what, and what puts an over-assignment right (S37 to S50).

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use errors::Failure;
use rules::account;
use serde::Deserialize;
use store::AddOnHolder;

use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{licenses, names, page, plans, refusal, see_other};
use crate::actions::add_ons::Holders;
use crate::actions::changes::Outlook;
use crate::actions::input::{add_on_at, reason};
use crate::actions::{actor, add_ons};
use crate::api::address::{Path, Query};
use crate::pages::add_on::{AddOnPage, Holder, ProductLink, RepairPage, RepairRow};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;

/// Which part of the holders.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    cursor: Option<String>,
}

/// One add-on, and who holds it.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let id = add_on_at("/id", &id).map_err(|failure| visit.refused(failure))?;
    let (caller, frame, cursor) = (visit.caller(), visit.frame.clone(), looked.cursor.clone());
    let read = state.read_long(move |tx| {
        let Holders { tally, members, next } = add_ons::holders(tx, &caller, &id, cursor.as_deref())?;
        let (catalog, license, now) = (tx.catalog()?, tx.license()?, tx.now());
        let known = catalog.add_on(&id);
        let product = known.and_then(|known| known.product.as_ref().or(known.requires.as_ref()));
        let user_types = known.map(|known| known.user_types.iter().map(|id| names::user_type(&catalog, id)).collect());
        Ok(AddOnPage {
            frame,
            add_on: licenses::add_on((&catalog, &license, now), &tally),
            product: product.map(|id| ProductLink { id: id.to_string(), name: names::product(&catalog, id) }),
            user_types: user_types.unwrap_or_default(),
            next,
            holders: members.iter().map(|one| holder(&catalog, one)).collect(),
            may_manage: account::manage_licenses(&actor(tx, &caller)?).is_ok(),
            continued: cursor.is_some(),
        })
    });
    Ok(page(&read.await.map_err(|error| visit.refused(failure_of(error)))?))
}

fn holder(catalog: &Catalog, one: &AddOnHolder) -> Holder {
    Holder { member: names::person(catalog, &one.member), last_used: one.last_used.map(When::from) }
}

/// What is over-assigned, and what would put it right.
///
/// # Errors
/// `privilege-missing`.
pub async fn ask_repair(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    repair_page(&state, visit, (String::new(), None)).await
}

/// Unassigns exactly what was shown.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn repair(State(state): State<AppState>, Posted { visit, form }: Posted<Pairs>) -> Result<Response, Refused> {
    let typed = form.one("reason").to_owned();
    let applied = match reason(Some(typed.clone())) {
        Ok(why) => {
            let (caller, seal) = (visit.caller(), form.one("seal").to_owned());
            state.store.write_alone(move |tx| add_ons::apply_repair(tx, &caller, (&seal, why))).await
        }
        Err(failure) => Err(failure.into()),
    };
    match applied {
        Ok(applied) => Ok(see_other(&format!("/changes/{}?done=applied", applied.id))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            repair_page(&state, visit, (typed, Some(failure))).await
        }
    }
}

async fn repair_page(
    state: &AppState,
    visit: Visit,
    (typed, failure): (String, Option<Failure>),
) -> Result<Response, Refused> {
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        let catalog = tx.catalog()?;
        let (repairs, outlook, seal) = add_ons::foresee_repair(tx, &caller)?;
        let rows: Vec<RepairRow> = repairs.iter().map(|one| row(&catalog, one)).collect();
        Ok(match outlook {
            _ if rows.is_empty() => (rows, None, None, None),
            Outlook::Possible(foreseen) => (rows, Some(plans::plan(tx, &catalog, &foreseen.plan)?), Some(seal), None),
            Outlook::Impossible { failure, blockers } => {
                (rows, Some(plans::refused(tx, &catalog, &blockers)?), None, Some(*failure))
            }
        })
    });
    let (repairs, plan, seal, impossible) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let failure = failure.or(impossible);
    let problem = failure.as_ref().map(ErrorSummary::from);
    let content = RepairPage { csrf: visit.token(), frame: visit.frame, repairs, plan, seal, reason: typed, problem };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

fn row(catalog: &Catalog, one: &add_ons::Repair) -> RepairRow {
    RepairRow {
        name: names::add_on(catalog, &one.shortfall.add_on),
        assigned: one.shortfall.assigned,
        licensed: one.shortfall.licensed,
        from: one.from.iter().map(|of| holder(catalog, of)).collect(),
    }
}
