//! `/members/import`: a table is opened and its effects are shown; the very same bytes are brought in when confirmed.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use errors::{Code, Failure};
use rules::account;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::visit::{Fields, Posted, Refused, Visit};
use super::{page, refusal};
use crate::actions::actor;
use crate::actions::input::{invalid_at, reason};
use crate::actions::member_table::{self, COLUMNS, Filling, Outcome, Report, Table};
use crate::api::precondition::{self, Freshness, Once};
use crate::auth::csrf;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::import_members::{
    ImportMembers, ImportMembersPreview, MembersImported, NewPassword, RefusedRow, TableReport,
};
use crate::problem::failure_of;
use crate::state::AppState;

/// The most bytes of an upload: a table of 4 MiB, and the other fields.
pub const LARGEST_UPLOAD: usize = 4 * 1024 * 1024 + 64 * 1024;
/// The most bytes of a confirmation: the same table in base64.
pub const LARGEST_CONFIRMATION: usize = 6 * 1024 * 1024;
/// How many refused rows stand on a page.
const SHOWN: usize = 200;

/// What the pages send.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    csrf: String,
    table: String,
    mode: String,
    #[serde(default)]
    reason: String,
    /// Of this one preview: what is confirmed twice with it is done once.
    #[serde(default)]
    key: String,
}

impl Fields for Sent {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Sent {
    fn is_fill(&self) -> bool {
        self.mode == "fill"
    }

    fn opened(&self) -> Result<(Table, (Filling, String)), Failure> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.table).map_err(|_| Failure::plain(Code::RequestMalformed))?;
        let filling = if self.is_fill() { Filling::Fill } else { Filling::Atomic };
        Ok((Table::read(&bytes)?, (filling, reason(Some(self.reason.clone()))?)))
    }
}

/// The form.
///
/// # Errors
/// `privilege-missing`.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    Ok(page(&form(&state, &visit, &Sent::default(), None)?))
}

fn form(state: &AppState, visit: &Visit, sent: &Sent, failure: Option<&Failure>) -> Result<ImportMembers, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| Ok(account::send_table(&actor(tx, &caller)?)?));
    read.map_err(|error| visit.refused(error))?;
    Ok(ImportMembers {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        columns: COLUMNS.to_vec(),
        fill: sent.is_fill(),
        reason: sent.reason.clone(),
        problem: failure.map(ErrorSummary::from),
    })
}

/// Opens the table and shows what it would do.
///
/// # Errors
/// Refusals that are not about the table.
pub async fn upload(State(state): State<AppState>, visit: Visit, request: Request) -> Result<Response, Refused> {
    let sent = match read(&state, request).await {
        Ok(sent) => sent,
        Err(failure) => return Ok(refusal(&form(&state, &visit, &Sent::default(), Some(&failure))?, &failure)),
    };
    if let Err(failure) = csrf::check_form(&visit.session.token, &sent.csrf) {
        return Err(visit.refused(failure));
    }
    previewed(&state, visit, sent, None).await
}

/// The parts of the upload; the table in base64url.
async fn read(state: &AppState, request: Request) -> Result<Sent, Failure> {
    let malformed = |error: axum::extract::multipart::MultipartError| {
        let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Failure::plain(if too_large { Code::RequestTooLarge } else { Code::RequestMalformed })
    };
    let form = Multipart::from_request(request, state).await;
    let mut form = form.map_err(|_| Failure::plain(Code::RequestMalformed))?;
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(malformed)?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "file" => sent.table = URL_SAFE_NO_PAD.encode(&bytes),
            "csrf" => sent.csrf = text(),
            "mode" => sent.mode = text(),
            "reason" => sent.reason = text(),
            _ => return Err(Failure::plain(Code::RequestMalformed)),
        }
    }
    Ok(sent)
}

async fn previewed(state: &AppState, visit: Visit, sent: Sent, failure: Option<Failure>) -> Result<Response, Refused> {
    let report = match rehearsed(state, &visit, &sent).await {
        Ok(report) => report,
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            return Ok(refusal(&form(state, &visit, &sent, Some(&failure))?, &failure));
        }
    };
    let key = fresh_key().map_err(|failure| visit.refused(failure))?;
    let content = ImportMembersPreview {
        csrf: visit.token(),
        key,
        frame: visit.frame,
        fill: sent.is_fill(),
        table: sent.table,
        reason: sent.reason,
        report,
        problem: failure.as_ref().map(ErrorSummary::from),
    };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

/// A key that no other preview has.
fn fresh_key() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Failure::plain(Code::Internal))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

async fn rehearsed(state: &AppState, visit: &Visit, sent: &Sent) -> Result<TableReport, Failure> {
    if sent.table.is_empty() {
        return Err(invalid_at("/file", "Choose a table"));
    }
    let (table, (filling, why)) = sent.opened()?;
    let (caller, rows) = (visit.caller(), table.clone());
    let report = state.store.rehearse(move |tx| member_table::attempt(tx, &caller, &rows, (filling, &why)));
    shown(&report.await.map_err(failure_of)?, &table)
}

/// Brings the table in, and shows the one-time passwords this once. Sent again, it does nothing and tells what was done;
/// passwords are not kept, so they are not told again.
///
/// # Errors
/// Refusals that are not about the table.
pub async fn confirm(State(state): State<AppState>, Posted { visit, form }: Posted<Sent>) -> Result<Response, Refused> {
    match imported(&state, &visit, &form).await {
        Ok((Done { report, added }, freshness)) => {
            let again = freshness == Freshness::Again;
            Ok(page(&MembersImported { frame: visit.frame, report, added, again }))
        }
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            previewed(&state, visit, form, Some(failure)).await
        }
    }
}

/// What an import did, as it is told, and kept for a form that is sent again.
#[derive(Debug, Serialize, Deserialize)]
struct Done {
    report: TableReport,
    added: Vec<NewPassword>,
}

async fn imported(state: &AppState, visit: &Visit, sent: &Sent) -> Result<(Done, Freshness), Failure> {
    let (table, (filling, why)) = sent.opened()?;
    let route = format!("POST /members/import/confirm {filling:?} {why}");
    let once = Once::with_key(&sent.key, &route, sent.table.as_bytes())?;
    let (caller, by) = (visit.caller(), visit.session.member().to_string());
    let written = state.store.write_alone(move |tx| {
        let mut made = None;
        let (answered, _) = precondition::once(tx, &by, Some(&once), |tx| {
            let report = member_table::import(tx, &caller, &table, (filling, &why))?;
            let done = Done { added: passwords(&report), report: shown(&report, &table)? };
            let kept = serde_json::to_value(&done).map_err(StoreError::internal)?;
            made = Some(done);
            Ok((StatusCode::OK.as_u16(), kept))
        })?;
        Ok((answered, made))
    });
    let ((_, kept), made) = written.await.map_err(failure_of)?;
    match made {
        Some(done) => Ok((done, Freshness::First)),
        None => {
            Ok((Done::deserialize(kept).map_err(|error| failure_of(StoreError::damaged(error)))?, Freshness::Again))
        }
    }
}

fn passwords(report: &Report) -> Vec<NewPassword> {
    let added = report.outcomes.iter().filter_map(|(_, username, outcome)| match outcome {
        Outcome::Added { id, one_time_password } => Some(NewPassword {
            id: id.to_string(),
            username: username.clone(),
            one_time_password: one_time_password.as_str().to_owned(),
        }),
        Outcome::Changed(_) | Outcome::Unchanged(_) | Outcome::Refused(_) => None,
    });
    added.collect()
}

fn shown(report: &Report, table: &Table) -> Result<TableReport, Failure> {
    let [added, changed, unchanged, refused] = report.counts().map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    let rows = report.outcomes.iter().filter_map(|(line, username, outcome)| match outcome {
        Outcome::Refused(failure) => {
            Some(RefusedRow { line: *line, username: username.clone(), problem: failure.detail.clone() })
        }
        Outcome::Added { .. } | Outcome::Changed(_) | Outcome::Unchanged(_) => None,
    });
    let rows: Vec<RefusedRow> = rows.take(SHOWN).collect();
    Ok(TableReport {
        added,
        changed,
        unchanged,
        more_refused: refused.saturating_sub(u64::try_from(rows.len()).unwrap_or(u64::MAX)),
        refused: rows,
        refused_table: STANDARD.encode(report.refused_table(table)?),
    })
}
