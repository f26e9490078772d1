//! `/add-ons`, and `PUT`/`DELETE /members/{id}/add-ons/{add_on}` as change sets of one (S37 to S48).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rules::change_set::{ChangeSet, Operation};
use rules::permit::AddOnMoves;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{AddOnHolder, AddOnTally};

use super::address::{Path, Query};
use super::changes::{DryRun, expected, one};
use super::members::member_id;
use super::precondition::Once;
use super::shape;
use crate::actions::add_ons::{self, Overview, Repair};
use crate::actions::changes::{self, Request};
use crate::actions::input::add_on_at;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// An add-on with its counts, in JSON.
pub(crate) fn tally(one: &AddOnTally, overview: &Overview) -> Value {
    let known = overview.catalog.add_on(&one.add_on);
    json!({
        "id": one.add_on.as_str(),
        "name": known.map_or(one.add_on.as_str(), |known| &known.name),
        "product": known.and_then(|known| known.product.as_ref()).map(|id| id.as_str()),
        "requires": known.and_then(|known| known.requires.as_ref()).map(|id| id.as_str()),
        "user_types": known.map(|known| known.user_types.iter().map(|id| id.as_str()).collect::<Vec<_>>()),
        "licensed": one.licensed,
        "assigned": one.assigned,
        "available": i128::from(one.licensed) - i128::from(one.assigned),
        "over_since": one.over_since.map(|at| at.to_string()),
    })
}

/// The add-ons and extensions with their counts; `available` may be negative, and then nobody starts a product (S46, S49).
///
/// # Errors
/// `privilege-missing`.
pub async fn list(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let overview = state.store.read(|tx| add_ons::overview(tx, &caller))?;
    Ok(Json(counts(&overview)))
}

/// The add-ons with their counts, and since when nobody may start a product, in JSON.
pub(crate) fn counts(overview: &Overview) -> Value {
    let items: Vec<Value> = overview.tallies.iter().map(|one| tally(one, overview)).collect();
    let blocked_since = overview.blocked_since.map(|at| at.to_string());
    json!({"items": items, "next": null, "blocked_since": blocked_since})
}

/// Where a page of holders begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageOf {
    cursor: Option<String>,
}

/// A member who holds it, in JSON.
pub(crate) fn holder(one: &AddOnHolder) -> Value {
    let mut shape = shape::name(&one.member);
    if let Value::Object(members) = &mut shape {
        members.insert("last_used".into(), json!(one.last_used.map(|at| at.to_string())));
    }
    shape
}

/// The members who hold an add-on, with the last use of its product.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn members(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(page): Query<PageOf>,
) -> Result<Json<Value>, Problem> {
    let (id, caller) = (add_on_at("", &id)?, session.caller());
    let found = state.read_uses(move |tx| add_ons::holders(tx, &caller, &id, page.cursor.as_deref())).await?;
    Ok(Json(shape::list(found.members.iter().map(holder).collect(), found.next.as_deref())))
}

/// What to unassign so that everybody may work again, least recently used first, as operations for one change set (S48).
///
/// # Errors
/// `privilege-missing`.
pub async fn repair(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let (repairs, set) = state.read_uses(move |tx| add_ons::repair(tx, &caller)).await?;
    let shown = repairs.iter().map(|Repair { shortfall, from }| {
        json!({"add_on": shortfall.add_on.as_str(), "assigned": shortfall.assigned, "licensed": shortfall.licensed,
               "from": from.iter().map(holder).collect::<Vec<_>>()})
    });
    let operations = set.operations.iter().map(|operation| {
        let ids = operation.add_ons.unassign.iter().map(|id| json!(id.as_str()));
        json!({"member": operation.member.as_str(), "unassign_add_ons": ids.collect::<Vec<_>>(),
               "release_checkouts": operation.release_checkouts})
    });
    Ok(Json(json!({"items": shown.collect::<Vec<_>>(), "operations": operations.collect::<Vec<_>>(), "next": null})))
}

/// Assigns an add-on to a member (S42).
///
/// # Errors
/// `add-on-limit-reached`, `incompatible`, `privilege-missing`, `stale`, `precondition-required`.
pub async fn assign(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((id, add_on)): Path<(String, String)>,
    Query(asked): Query<DryRun>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let add_on = add_on_at("/add_on", &add_on)?;
    let once = Once::of(&headers, &format!("PUT /members/{id}/add-ons/{add_on}"), b"")?;
    let moves = AddOnMoves { assign: [add_on].into(), ..AddOnMoves::default() };
    let request = request(&id, moves, &asked, &headers)?;
    one(&state, &session, asked, once, request).await
}

/// How an add-on is unassigned.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Whether a checkout that depends on it is released with it.
    #[serde(default)]
    release_checkouts: bool,
}

/// Unassigns an add-on from a member.
///
/// # Errors
/// `incompatible`, `checked-out`, `privilege-missing`, `stale`, `precondition-required`.
pub async fn unassign(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((id, add_on)): Path<(String, String)>,
    Query(how): Query<Release>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let moves = AddOnMoves { unassign: [add_on_at("/add_on", &add_on)?].into(), ..AddOnMoves::default() };
    let mut request = request(&id, moves, &DryRun::default(), &headers)?;
    for operation in &mut request.set.operations {
        operation.release_checkouts = how.release_checkouts;
    }
    let caller = session.caller();
    state.store.write(move |tx| changes::apply(tx, &caller, &request)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn request(id: &str, moves: AddOnMoves, asked: &DryRun, headers: &HeaderMap) -> Result<Request, Problem> {
    let set = ChangeSet { operations: vec![Operation::add_ons(member_id(id)?, moves)], ..ChangeSet::default() };
    Ok(Request { set, expected: expected(asked, headers)?, ..Request::default() })
}
