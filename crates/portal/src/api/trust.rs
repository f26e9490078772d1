//! `/trust`: the vendor's trust list, and what another one would do. `/licenses/staged`: the files that wait.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use entitlement::{Moment, TrustList};
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Installation, StagedFile};

use super::address::{Path, Query};
use super::licenses::{add_on_effect, type_effect};
use super::shape;
use crate::actions::licenses;
use crate::actions::trust::{self, TrustEffects};
use crate::auth::session::SignedIn;
use crate::problem::{Problem, body_of};
use crate::state::AppState;

/// A verified trust list, in JSON.
#[must_use]
pub fn list(list: &TrustList, now: Moment) -> Value {
    let keys = list.keys().iter().map(|key| {
        let kid = key.key.kid();
        let state = match list.revoked_keys().get(kid) {
            Some(_) => "revoked",
            None if now < key.nbf => "not-begun",
            None if now >= key.exp => "retired",
            None => "signs",
        };
        json!({"kid": kid.as_str(), "thumbprint": key.key.thumbprint().as_str(), "from": key.nbf.to_string(),
               "until": key.exp.to_string(), "state": state})
    });
    let revoked = list.revoked_keys().iter().map(|(kid, from)| json!({"kid": kid.as_str(), "from": from.to_string()}));
    let lowest = list.draft().min_sequence.iter().map(|(contract, lowest)| (contract.to_string(), json!(lowest)));
    json!({
        "version": list.version(),
        "identity": list.identity().to_string(),
        "signed_by": list.signed_by().as_str(),
        "issued_at": list.issued_at().to_string(),
        "expires": list.expires().to_string(),
        "expired": list.is_expired(now),
        "keys": keys.collect::<Vec<_>>(),
        "revoked_keys": revoked.collect::<Vec<_>>(),
        "revoked_licenses": list.revoked_licenses().iter().map(entitlement::LicenseId::as_str).collect::<Vec<_>>(),
        "min_sequence": lowest.collect::<Map<_, _>>(),
    })
}

/// What a trust list would do, in JSON.
#[must_use]
pub fn effects(effects: &TrustEffects, now: Moment) -> Value {
    json!({
        "trust": list(&effects.list, now),
        "already_installed": effects.is_installed,
        "revokes_license": effects.revokes_license,
        "revokes_key": effects.revokes_key,
        "problem": effects.refused.as_ref().map(body_of),
        "user_types": effects.user_types.iter().map(type_effect).collect::<Vec<_>>(),
        "add_ons": effects.add_ons.iter().map(add_on_effect).collect::<Vec<_>>(),
        "locked_out": effects.locked_out,
    })
}

/// The installed trust list.
///
/// # Errors
/// `trust-list-missing`, `privilege-missing`.
pub async fn show(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let shown = state.store.read(|tx| Ok((trust::show(tx, &caller)?, tx.now())))?;
    let (Some(installed), now) = shown else { return Err(Failure::plain(Code::TrustListMissing).into()) };
    Ok(Json(list(&installed, now)))
}

/// How a trust list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// Only say what it would do.
    #[serde(default)]
    dry_run: bool,
    confirm_locked_out: Option<u64>,
}

/// Puts a trust list in force, or says what it would do with `?dry_run=true`. The same list again changes nothing, so no
/// key against repetition is needed.
///
/// # Errors
/// `license-…`, `trust-list-older`, `confirmation-mismatch` with the number expected, `privilege-missing`.
pub async fn import(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(how): Query<How>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    if how.dry_run {
        let shown = state.store.read(|tx| Ok(effects(&trust::preview(tx, &caller, &body)?, tx.now())))?;
        return Ok(Json(shown));
    }
    let imported = state.store.write(move |tx| {
        let (shown, installation) = trust::import(tx, &caller, &body, how.confirm_locked_out)?;
        let mut answer = effects(&shown, tx.now());
        if let Value::Object(members) = &mut answer {
            members.insert("imported".into(), json!(installation == Installation::Installed));
        }
        Ok(answer)
    });
    Ok(Json(imported.await?))
}

/// A file that waits, in JSON.
pub(crate) fn staged(one: &StagedFile) -> Value {
    json!({
        "license": one.license.as_str(),
        "contract": one.contract.as_str(),
        "sequence": one.sequence,
        "identity": one.identity.to_string(),
        "from": one.from.to_string(),
        "staged_at": one.staged_at.to_string(),
        "staged_by": one.staged_by,
        "problem": one.problem,
    })
}

/// The files that wait for their terms, the next one first.
///
/// # Errors
/// `privilege-missing`.
pub async fn waiting(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let files = state.store.read(|tx| licenses::staged(tx, &caller))?;
    Ok(Json(shape::list(files.iter().map(staged).collect(), None)))
}

/// Gives up a file that waits.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn withdraw(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(license): Path<String>,
) -> Result<Response, Problem> {
    let caller = session.caller();
    state.store.write(move |tx| licenses::withdraw(tx, &caller, &license).map(drop)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
