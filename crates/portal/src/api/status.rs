//! `/status`, `/licenses/current`, `/user-types`.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use errors::{Code, Failure};
use rules::notice::Notice;
use serde_json::{Map, Value, json};
use store::LicenseState;

use super::address::{Path, Query};
use super::members::{self, Filters};
use super::shape;
use crate::actions::overview::{self, Overview};
use crate::auth::session::SignedIn;
use crate::problem::{Problem, body_of};
use crate::state::AppState;

async fn read(state: &AppState, session: &crate::auth::session::Session) -> Result<Overview, Problem> {
    let caller = session.caller();
    Ok(state.store.read(|tx| overview::show(tx, &caller))?)
}

/// The installed file with what it gives at that moment, or why it does not count.
#[must_use]
pub fn license(state: &LicenseState, now: entitlement::Moment) -> Value {
    match state {
        LicenseState::Absent => Value::Null,
        LicenseState::Refused(failure) => json!({"state": "refused", "problem": body_of(failure)}),
        LicenseState::Good(installed) => {
            let file = installed.entitlement();
            let state = match file.term_state(now) {
                _ if installed.is_revoked() => "revoked",
                entitlement::TermState::NotBegun => "not-begun",
                entitlement::TermState::InTerm => "in-term",
                entitlement::TermState::Ended => "ended",
            };
            let gives = installed.at(now);
            json!({
                "state": state,
                "license": file.license().as_str(),
                "contract": file.contract().as_str(),
                "sequence": file.sequence(),
                "customer": {"id": file.customer().id.as_str(), "name": file.customer().name.as_str()},
                "issuer": file.issuer().as_str(),
                "key": file.kid().as_str(),
                "from": file.from().to_string(),
                "until": file.until().map(|until| until.to_string()),
                "bound": file.portal().is_some(),
                "note": file.note().map(|note| note.as_str()),
                "user_types": gives.user_types().iter().map(|(id, count)| (id.to_string(), json!(count))).collect::<Map<_, _>>(),
                "add_ons": gives.add_ons().iter().map(|(id, count)| (id.to_string(), json!(count))).collect::<Map<_, _>>(),
            })
        }
    }
}

/// The status as programs ask for it; the command line prints the same.
#[must_use]
pub fn status(overview: &Overview) -> Value {
    let over: Vec<Value> = overview
        .user_types
        .iter()
        .filter(|one| one.is_over())
        .map(|one| shape::user_type(one, overview.name_of(one)))
        .collect();
    json!({
        "now": overview.now.to_string(),
        "activated": overview.license.is_activated(),
        "compliant": overview.compliant,
        "over": over,
        "members": overview.members,
        "user_types": overview.user_types.iter().map(|one| shape::user_type(one, overview.name_of(one))).collect::<Vec<_>>(),
        "license": license(&overview.license, overview.now),
        "next_change": overview.next_change.map(|at| at.to_string()),
        "notices": overview.notices.iter().map(notice).collect::<Vec<_>>(),
    })
}

fn notice(notice: &Notice) -> Value {
    match notice {
        Notice::OverAssigned { over } => json!({
            "code": "over-assigned",
            "user_types": over.iter().map(|one| one.user_type.as_str()).collect::<Vec<_>>(),
        }),
        Notice::EndsSoon { at, within_days } => {
            json!({"code": "ends-soon", "at": at.to_string(), "within_days": within_days})
        }
        Notice::ClockBehind { wall, now, may_accept } => json!({
            "code": "clock-behind",
            "wall": wall.to_string(),
            "now": now.to_string(),
            "may_accept": may_accept,
        }),
        Notice::ClockAhead { wall, newest } => {
            json!({"code": "clock-ahead", "wall": wall.to_string(), "newest": newest.to_string()})
        }
        Notice::TrustListExpired { since } => json!({"code": "trust-list-expired", "since": since.to_string()}),
        Notice::SigningKeyRevoked { key } => json!({"code": "signing-key-revoked", "key": key.as_str()}),
        Notice::StagedRefused { license, problem } => {
            json!({"code": "staged-refused", "license": license.as_str(), "problem": problem})
        }
    }
}

/// Compliance, counts, what is over since when, the next end (S3, S7, S26). Answers 200 also when not compliant.
///
/// # Errors
/// `privilege-missing`.
pub async fn show(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    Ok(Json(status(&read(&state, &session).await?)))
}

/// The file in force.
///
/// # Errors
/// `not-activated`, `privilege-missing`.
pub async fn current_license(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
) -> Result<Json<Value>, Problem> {
    let overview = read(&state, &session).await?;
    if !overview.license.is_activated() {
        return Err(Failure::plain(Code::NotActivated).into());
    }
    Ok(Json(license(&overview.license, overview.now)))
}

/// The user types with their counts (S7).
///
/// # Errors
/// `privilege-missing`.
pub async fn user_types(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let overview = read(&state, &session).await?;
    let items = overview.user_types.iter().map(|one| shape::user_type(one, overview.name_of(one))).collect();
    Ok(Json(shape::list(items, None)))
}

/// One user type.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn user_type(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let overview = read(&state, &session).await?;
    let wanted = id.to_lowercase();
    let found = overview.user_types.iter().find(|one| one.user_type.as_str() == wanted);
    let count = found.ok_or_else(|| Failure::new(Code::NotFound, format!("There is no user type `{id}` here.")))?;
    Ok(Json(shape::user_type(count, overview.name_of(count))))
}

/// The members of one user type.
///
/// # Errors
/// As the list of members.
pub async fn members_of(
    state: State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    query: RawQuery,
    Query(filters): Query<Filters>,
) -> Result<Response, Problem> {
    members::list(state, signed_in, query, Query(Filters { user_type: Some(id), ..filters })).await
}
