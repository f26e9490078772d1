//! `/products` and `/products/{id}/activity`: who may use which product, and who does (S61 to S67, S80).

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use entitlement::{Policy, ProductId};
use rules::account;
use serde::Deserialize;
use store::{ReadTx, StoreError};

use super::done::Done;
use super::visit::{Refused, Visit};
use super::{in_use, names, page, refusal};
use crate::actions::activity::{self, Activity, Part};
use crate::actions::{Caller, actor, input, settings};
use crate::api::address::{Path, Query};
use crate::pages::activity::{ActivityPage, ActivityRow, PartShown, ProductNumbers, Products};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;

/// How many members stand on one page.
const PAGE: u32 = 100;

/// What can be asked of the activity.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    state: String,
    unused_days: String,
    cursor: Option<String>,
    done: Option<Done>,
}

/// The products with their numbers.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        account::manage_licenses(&actor(tx, &caller)?)?;
        let catalog = tx.catalog()?;
        let numbers = catalog.products().iter().map(|one| numbers(tx, &caller, &catalog, &one.id));
        numbers.collect::<Result<Vec<_>, _>>()
    });
    let rows = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(page(&Products { frame: visit.frame, rows }))
}

fn numbers(
    tx: &ReadTx<'_>,
    caller: &Caller,
    catalog: &Catalog,
    product: &ProductId,
) -> Result<ProductNumbers, StoreError> {
    let activity::Numbers { members, online, offline } = activity::numbers(tx, caller, product)?;
    Ok(ProductNumbers { id: product.to_string(), name: names::product(catalog, product), members, online, offline })
}

/// The activity of one product.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let product = input::product(&id).map_err(|failure| visit.refused(failure))?;
    let (part, failure) = match Part::read(Some(&looked.state), Some(&looked.unused_days)) {
        Ok(part) => (part, None),
        Err(failure) => (Part::All, Some(failure)),
    };
    let (caller, cursor) = (visit.caller(), looked.cursor.clone());
    let read = state.read_long(move |tx| {
        let (catalog, policy) = (tx.catalog()?, tx.license()?.at(tx.now()).policy());
        let (found, next) = activity::activity(tx, &caller, (&product, part), (cursor.as_deref(), PAGE))?;
        let rows: Vec<ActivityRow> = found.iter().map(|one| row(&catalog, policy, &product, one)).collect();
        let offline_use = settings::offline(tx)?.told(policy);
        Ok((numbers(tx, &caller, &catalog, &product)?, rows, next, (offline_use, policy.session_minutes)))
    });
    let (product, rows, next, (offline_use, session_minutes)) =
        read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let content = ActivityPage {
        frame: visit.frame,
        product,
        part: PartShown { state: looked.state, unused_days: looked.unused_days },
        offline_use,
        session_minutes,
        rows,
        continued: looked.cursor.is_some(),
        next,
        problem: failure.as_ref().map(ErrorSummary::from),
        done: looked.done.and_then(Done::text),
    };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

fn row(catalog: &Catalog, policy: Policy, product: &ProductId, one: &Activity) -> ActivityRow {
    ActivityRow {
        member: names::person(catalog, &one.member),
        level: in_use::level(catalog, &one.access),
        last_used: one.last_used.map(When::from),
        online: one.is_recent,
        sessions: one.sessions.iter().map(|of| in_use::session(policy, product, of)).collect(),
        offline: one.offline.as_ref().map(in_use::offline),
    }
}
