//! `/changes`, and `PUT /members/{id}/user-type` and `/role` as change sets of one.

mod sent;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use rules::ChangeId;
use rules::change_set::{ChangeSet, Operation};
use serde::Deserialize;
use serde_json::Value;
use store::{ReadTx, StoreError, WriteTx};

use super::address::{Path, Query, page_of};
use super::body::{Whole, json_body};
use super::members::member_id;
use super::precondition::{self, Once, expected_version};
use super::shape;
use crate::actions::Caller;
use crate::actions::changes::{self, Request};
use crate::actions::input::{instant_at, invalid_at, reason, role_at, user_type_at};
use crate::auth::session::{Session, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;
pub use sent::{Consents, Sent, SentRevert, SentRole, SentUserType};

/// How many changes stand on one page of the list.
const PAGE: u32 = 100;

/// How many planned returns are told at most.
const MOST_RETURNS: u32 = 500;

/// How a change is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// Only plan it.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// Applies a change set, or plans it with `?dry_run=true` (S22 to S36).
///
/// # Errors
/// Those of [`rules::change_set::decide`]; `idempotency-key-required`, `idempotency-mismatch`.
pub async fn create(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let request = json_body::<Sent>(&body)?.request()?;
    let caller = session.caller();
    if asked.dry_run {
        return planned(&state, caller, request).await;
    }
    let once = Once::required(&headers, "POST /changes", &body)?;
    applied(&state, &session, (request.set.operations.len(), once), move |_| Ok(request)).await
}

/// Applies what is asked for in the very transaction that decides on it, once. A large change set has a transaction of its
/// own.
async fn applied<F>(
    state: &AppState,
    session: &Session,
    (members, once): (usize, Once),
    ask: F,
) -> Result<Response, Problem>
where
    F: FnOnce(&WriteTx<'_>) -> Result<Request, StoreError> + Send + 'static,
{
    let (caller, by) = (session.caller(), session.member().to_string());
    let answer = state
        .write_about(members, move |tx| {
            precondition::once(tx, &by, Some(&once), |tx| {
                let request = ask(tx)?;
                let applied = changes::apply(tx, &caller, &request)?;
                Ok((StatusCode::CREATED.as_u16(), shape::plan(&applied.plan, Some(applied.id.as_str()))))
            })
        })
        .await?;
    Ok(precondition::answer(answer))
}

async fn planned(state: &AppState, caller: Caller, request: Request) -> Result<Response, Problem> {
    let plan = state.read_long(move |tx| changes::plan(tx, &caller, &request)).await?;
    Ok(Json(shape::plan(&plan, None)).into_response())
}

/// Takes a change back, or plans that with `?dry_run=true` (S35).
///
/// # Errors
/// `stale` when members have changed since, `cannot-revert`, `not-found`; those of [`create`].
pub async fn revert(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentRevert = if body.is_empty() { SentRevert::default() } else { json_body(&body)? };
    let (of, consent, why) = (change_id(&id)?, sent.allow_one_over.checked()?, reason(sent.reason)?);
    let reader = session.caller();
    let ask = move |tx: &ReadTx<'_>| {
        let mut request = changes::reverting(tx, &reader, &of, why)?;
        request.set.allow_one_over = consent;
        Ok(request)
    };
    if asked.dry_run {
        let caller = session.caller();
        let plan = state.read_long(move |tx| changes::plan(tx, &caller, &ask(tx)?)).await?;
        return Ok(Json(shape::plan(&plan, None)).into_response());
    }
    let once = Once::required(&headers, &format!("POST /changes/{id}/revert"), &body)?;
    // How many it is about stands in the change itself, so it has a transaction of its own in any case.
    applied(&state, &session, (usize::MAX, once), move |tx| ask(tx)).await
}

/// Gives up the planned return of a change.
///
/// # Errors
/// `nothing-planned`, `not-found`, `privilege-missing`.
pub async fn cancel(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (id, caller) = (change_id(&id)?, session.caller());
    let change = state.store.write(move |tx| changes::cancel(tx, &caller, &id)).await?;
    Ok(Json(shape::change(&change)))
}

fn change_id(text: &str) -> Result<ChangeId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no change `{text}`.")))
}

/// Changes the user type of one member, with the role where it is named (S23, S32 to S36).
///
/// # Errors
/// As [`create`]; `role-exceeds-user-type` with `proposed_role`; `precondition-required`, `stale`.
pub async fn set_user_type(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentUserType = json_body(&body)?;
    let user_type = user_type_at("/user_type", &sent.user_type)?;
    let role = sent.role.map(|text| role_at("/role", &text)).transpose()?;
    let set = ChangeSet {
        operations: vec![Operation::set(member_id(&id)?, Some(user_type), role)],
        allow_one_over: sent.allow_one_over.checked()?,
        revert_at: sent.revert_at.as_deref().map(|at| instant_at("/revert_at", at)).transpose()?,
        ..ChangeSet::default()
    };
    let request =
        Request { set, reason: reason(sent.reason)?, expected: expected(&asked, &headers)?, ..Request::default() };
    one(&state, &session, asked, Once::of(&headers, &format!("PUT /members/{id}/user-type"), &body)?, request).await
}

/// Changes the role of one member (S113, S114).
///
/// # Errors
/// As [`set_user_type`].
pub async fn set_role(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentRole = json_body(&body)?;
    let operation = Operation::set(member_id(&id)?, None, Some(role_at("/role", &sent.role)?));
    let set = ChangeSet { operations: vec![operation], ..ChangeSet::default() };
    let request =
        Request { set, reason: reason(sent.reason)?, expected: expected(&asked, &headers)?, ..Request::default() };
    one(&state, &session, asked, Once::of(&headers, &format!("PUT /members/{id}/role"), &body)?, request).await
}

/// The version that the caller read; a plan needs none, because it changes nothing.
pub(super) fn expected(asked: &DryRun, headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    if asked.dry_run && !headers.contains_key(header::IF_MATCH) { Ok(None) } else { expected_version(headers) }
}

pub(super) async fn one(
    state: &AppState,
    session: &Session,
    asked: DryRun,
    once: Option<Once>,
    request: Request,
) -> Result<Response, Problem> {
    if asked.dry_run {
        return planned(state, session.caller(), request).await;
    }
    let (caller, by) = (session.caller(), session.member().to_string());
    let answer = state
        .store
        .write(move |tx| {
            precondition::once(tx, &by, once.as_ref(), |tx| {
                let applied = changes::apply(tx, &caller, &request)?;
                Ok((StatusCode::OK.as_u16(), shape::plan(&applied.plan, Some(applied.id.as_str()))))
            })
        })
        .await?;
    Ok(precondition::answer(answer))
}

/// Where a page of a list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageOf {
    cursor: Option<String>,
    /// Only changes whose return is planned, due, or found impossible.
    #[serde(default)]
    returning: bool,
}

/// The applied change sets, newest first.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    RawQuery(query): RawQuery,
    Query(page): Query<PageOf>,
) -> Result<Response, Problem> {
    let caller = session.caller();
    let before =
        page.cursor.as_deref().map(str::parse).transpose().map_err(|_| invalid_at("/cursor", "is none of ours"))?;
    if page.returning {
        let open = state.read_long(move |tx| changes::returns(tx, &caller, MOST_RETURNS)).await?;
        return Ok(Json(shape::list(open.iter().map(shape::change_in_short).collect(), None)).into_response());
    }
    let changes = state.read_long(move |tx| changes::list(tx, &caller, before, PAGE)).await?;
    let more = changes.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = changes.last().filter(|_| more).map(|last| last.version.to_string());
    let items = changes.iter().map(shape::change_in_short).collect();
    Ok(page_of(items, next.as_deref(), query.as_deref()))
}

/// One applied change set.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = change_id(&id)?;
    let caller = session.caller();
    let change = state.store.read(|tx| changes::show(tx, &caller, &id))?;
    Ok(Json(shape::change(&change)))
}
