//! `/audit-events`: the audit log, its rows, its chain, and all of it as a file.

mod export;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Anchor, AuditRow, ChainState};

use super::address::{Path, Query, page_of};
use crate::actions::audit::{self, Asked, anchor_at};
use crate::actions::input::invalid_at;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;
pub use export::{Format, file, head, part};

/// The most rows on one page of the list.
const LONGEST_PAGE: u32 = 500;
/// How many where nothing is asked.
const PAGE: u32 = 100;

/// A row, in JSON.
#[must_use]
pub fn row(row: &AuditRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at.to_string(),
        "actor": {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name},
        "action": row.action,
        "title": audit::title(&row.action),
        "target": row.target,
        "detail": row.detail,
        "previous": row.previous,
        "hash": row.hash,
    })
}

/// How the chain stands, in JSON.
#[must_use]
pub fn chain(state: &ChainState) -> Value {
    let fracture = state
        .fracture
        .map(|fracture| json!({"seq": fracture.seq, "misfit": fracture.word(), "detail": fracture.sentence()}));
    json!({
        "state": if fracture.is_some() { "broken" } else { "intact" },
        "from": state.from,
        "rows": state.rows,
        "last": state.last.as_ref().map(anchor),
        "last_at": state.last_at.map(|at| at.to_string()),
        "fracture": fracture,
    })
}

/// An anchor, in JSON.
#[must_use]
pub fn anchor(anchor: &Anchor) -> Value {
    json!({"seq": anchor.seq, "hash": anchor.hash, "anchor": anchor.to_string()})
}

/// The filters of the list, as they stand in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    actor: Option<String>,
    action: Option<String>,
    target: Option<String>,
    from: Option<String>,
    to: Option<String>,
    text: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

impl Filters {
    fn asked(self) -> Asked {
        let Self { actor, action, target, from, to, text, .. } = self;
        Asked { actor, action, target, from, to, text }
    }
}

/// The rows that are looked for, the newest first.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    RawQuery(query): RawQuery,
    Query(filters): Query<Filters>,
) -> Result<Response, Problem> {
    let caller = session.caller();
    let limit = filters.limit.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(invalid_at("/limit", &format!("is not a number from 1 to {LONGEST_PAGE}")).into());
    }
    let before = filters.cursor.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| invalid_at("/cursor", "is none of ours"))?;
    let sought = filters.asked().read()?;
    // One row more tells whether there is another page.
    let mut rows =
        state.read_long(move |tx| audit::list(tx, &caller, &sought, (before, limit.saturating_add(1)))).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| has_more).map(|last| last.seq.to_string());
    Ok(page_of(rows.iter().map(row).collect(), next.as_deref(), query.as_deref()))
}

/// One row.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(seq): Path<String>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    Ok(Json(row(&state.store.read(|tx| audit::show(tx, &caller, &seq))?)))
}

/// What the chain is held to.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldTo {
    anchor: Option<String>,
}

/// Walks the whole chain. A broken one is an answer as well: `state` is `broken`, and the first row that does not fit is
/// named.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn verification(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(held_to): Query<HeldTo>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let anchor = held_to.anchor.as_deref().map(|given| anchor_at("/anchor", given)).transpose()?;
    let found = state.read_long(move |tx| audit::verify(tx, &caller, anchor.as_ref())).await?;
    Ok(Json(chain(&found)))
}

/// What is exported, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    #[serde(default)]
    format: Format,
    actor: Option<String>,
    action: Option<String>,
    target: Option<String>,
    from: Option<String>,
    to: Option<String>,
    text: Option<String>,
}

/// The rows that are looked for as a file, in the order in which they were written.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn export(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(exported): Query<Exported>,
) -> Result<Response, Problem> {
    let Exported { format, actor, action, target, from, to, text } = exported;
    let sought = Asked { actor, action, target, from, to, text }.read()?;
    Ok(file(state, session.caller(), sought, format).await?)
}
