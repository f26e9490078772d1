//! `POST /members/import` and `GET /members/export`: members as CSV (design: Doors).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::address::Query;
use super::body::Whole;
use super::members::Filters;
use super::precondition::{self, Freshness, Once};
use crate::actions::Caller;
use crate::actions::input::{invalid_at, reason};
use crate::actions::member_table::{self, Filling, Outcome, Report, Table};
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The content type of a table.
pub const CSV: &str = "text/csv; charset=utf-8";
/// The name of a table of refused rows.
const FILE: &str = "refused.csv";
/// Where such a table is remembered, for a request that is repeated.
const REFUSED: &str = "refused_rows";

/// How a table is brought in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct How {
    #[serde(default)]
    dry_run: bool,
    mode: Option<String>,
    reason: Option<String>,
}

impl How {
    fn filling(&self) -> Result<Filling, Failure> {
        match self.mode.as_deref() {
            None | Some("atomic") => Ok(Filling::Atomic),
            Some("fill") => Ok(Filling::Fill),
            Some(other) => Err(invalid_at("/mode", &format!("`{other}` is neither atomic nor fill"))),
        }
    }
}

/// What an import did, without one-time passwords.
#[must_use]
pub fn shaped(report: &Report, dry_run: bool) -> Value {
    let [added, changed, unchanged, refused] = report.counts();
    let members = report.outcomes.iter().filter_map(|(line, username, outcome)| {
        let (what, id) = match outcome {
            Outcome::Added { id, .. } => ("added", id),
            Outcome::Changed(id) => ("changed", id),
            Outcome::Unchanged(id) => ("unchanged", id),
            Outcome::Refused(_) => return None,
        };
        // The ids of a rehearsal are those of members who never were.
        let id = (!dry_run || what != "added").then(|| id.as_str());
        Some(json!({"line": line, "username": username, "outcome": what, "id": id}))
    });
    json!({
        "dry_run": dry_run, "added": added, "changed": changed, "unchanged": unchanged, "refused": refused,
        "members": members.collect::<Vec<_>>(), "rows": report.problems(),
    })
}

/// Puts the one-time passwords of new members into an answer that was just made.
pub fn with_passwords(body: &mut Value, report: &Report) {
    let Some(Value::Array(members)) = body.get_mut("members") else { return };
    let given = report.outcomes.iter().filter_map(|(line, _, outcome)| match outcome {
        Outcome::Added { one_time_password, .. } => Some((*line, one_time_password)),
        Outcome::Changed(_) | Outcome::Unchanged(_) | Outcome::Refused(_) => None,
    });
    let given: BTreeMap<u64, _> = given.collect();
    for member in members {
        let line = member.get("line").and_then(Value::as_u64);
        if let (Some(given), Value::Object(member)) = (line.and_then(|line| given.get(&line)), member) {
            member.insert("one_time_password".into(), json!(given.as_str()));
        }
    }
}

/// Brings in and changes members from a CSV file: columns by name, only what is given changes; `mode=atomic` (all or
/// nothing) or `mode=fill` (as many as can be); `dry_run=true` only tells. With `Accept: text/csv` the refused rows come
/// back as a table with a column `problem`.
///
/// # Errors
/// `import-refused` with the rows; `validation-failed`; `idempotency-key-required`.
pub async fn import(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(how): Query<How>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let (table, filling) = (Table::read(&body)?, how.filling()?);
    let (caller, why, as_table) = (session.caller(), reason(how.reason.clone())?, wants_table(&headers));
    if how.dry_run {
        let report = rehearsed(&state, caller, &table, (filling, why)).await?;
        if as_table {
            return refused_rows(StatusCode::OK, &report, &table);
        }
        let refusal = member_table::refusal(&report, filling);
        return refusal.map_or_else(|| Ok(Json(shaped(&report, true)).into_response()), |failure| Err(failure.into()));
    }
    // How it is brought in is part of what is asked, like the table itself.
    let asked = format!("POST /members/import {filling:?} {as_table} {why}");
    let once = Once::required(&headers, &asked, &body)?;
    let (by, rows, again) = (session.member().to_string(), table.clone(), (session.caller(), why.clone()));
    let written = state.store.write_alone(move |tx| {
        let mut made = None;
        let answered = precondition::once(tx, &by, Some(&once), |tx| {
            let report = member_table::import(tx, &caller, &rows, (filling, &why))?;
            let body = if as_table { json!({REFUSED: report.refused_table(&rows)?}) } else { shaped(&report, false) };
            made = Some(report);
            Ok((StatusCode::OK.as_u16(), body))
        })?;
        Ok((answered, made))
    });
    let (answered, report) = match written.await.map_err(Failure::from) {
        Ok(written) => written,
        Err(failure) if failure.code == Code::ImportRefused && as_table => {
            let report = rehearsed(&state, again.0, &table, (filling, again.1)).await?;
            return refused_rows(StatusCode::CONFLICT, &report, &table);
        }
        Err(failure) => return Err(failure.into()),
    };
    let ((status, mut body), freshness) = answered;
    if let Some(refused) = body.get(REFUSED).and_then(Value::as_str).filter(|_| as_table) {
        return Ok(as_file(FILE, refused.to_owned()));
    }
    if let Some(report) = report.filter(|_| freshness == Freshness::First) {
        with_passwords(&mut body, &report);
    }
    let mut response = precondition::answer(((status, body), freshness));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn wants_table(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|kind| kind.starts_with("text/csv"))
}

/// What an import would do, exactly; nothing of it stays.
async fn rehearsed(
    state: &AppState,
    caller: Caller,
    table: &Table,
    (filling, why): (Filling, String),
) -> Result<Report, Problem> {
    let rows = table.clone();
    Ok(state.store.rehearse(move |tx| member_table::attempt(tx, &caller, &rows, (filling, &why))).await?)
}

fn refused_rows(status: StatusCode, report: &Report, table: &Table) -> Result<Response, Problem> {
    let mut response = as_file(FILE, report.refused_table(table)?);
    *response.status_mut() = status;
    Ok(response)
}

/// A table to be saved under a name.
#[must_use]
pub fn as_file(name: &str, text: String) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CSV));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    if let Ok(disposition) = disposition {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The members of a filter as CSV; no cell is taken for a formula.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn export(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(filters): Query<Filters>,
) -> Result<Response, Problem> {
    let (filter, part) = filters.filter()?;
    let caller = session.caller();
    let text = state.read_long(move |tx| member_table::export(tx, &caller, &filter, &part)).await?;
    Ok(as_file("members.csv", text))
}
