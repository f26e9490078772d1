//! `/`.

use axum::extract::State;
use axum::response::Response;
use store::{ReadTx, StoreError};

use super::done::Told;
use super::names;
use super::page;
use super::visit::{Refused, Visit};
use crate::actions::Caller;
use crate::actions::overview::{self, End};
use crate::api::address::Query;
use crate::pages::overview::{NextEnd, Overview, PortalState};
use crate::pages::when::When;
use crate::state::AppState;
use crate::texts::text;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// The first page: the whole portal for those who look after it, and everybody's own account.
///
/// # Errors
/// What the database says.
pub async fn show(State(state): State<AppState>, visit: Visit, Query(told): Query<Told>) -> Result<Response, Refused> {
    let caller = visit.caller();
    let whole = visit.frame.reader.as_ref().is_some_and(|reader| reader.open.licenses);
    let read = state.store.read(|tx| {
        let own = names::person(&*tx.catalog()?, &visit.session.view.member);
        let portal = if whole { Some(portal_state(tx, &caller)?) } else { None };
        Ok((own, portal))
    });
    let (own, portal) = read.map_err(|error| visit.refused(error))?;
    Ok(page(&Overview { frame: visit.frame, portal, own, done: told.text() }))
}

fn portal_state(tx: &ReadTx<'_>, caller: &Caller) -> Result<PortalState, StoreError> {
    let overview = overview::show(tx, caller)?;
    let next_end = overview.ends().into_iter().next().map(|end| NextEnd {
        at: When::from(end.at),
        what: what_ends(&overview, &end),
        days: u64::try_from((end.at.unix() - overview.now.unix()) / SECONDS_A_DAY).unwrap_or(0),
    });
    let seats = overview.user_types.iter().map(|one| names::seats(&overview.catalog, one, 0, None));
    Ok(PortalState { user_types: seats.collect(), members: overview.members, next_end })
}

fn what_ends(overview: &overview::Overview, end: &End) -> String {
    if end.all {
        return text("all-licenses").plain();
    }
    let user_types = end.user_types.iter().map(|id| names::user_type(&overview.catalog, id));
    let add_ons = end.add_ons.iter().map(|id| names::add_on(&overview.catalog, id));
    user_types.chain(add_ons).collect::<Vec<_>>().join(", ")
}
