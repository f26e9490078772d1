//! `/lease-files/{license}`: what a computer keeps beside a lease.

use axum::Json;
use axum::extract::State;
use entitlement::Identity;
use errors::{Code, Failure};
use serde_json::{Value, json};

use super::address::Path;
use crate::actions::lease_files;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The entitlement and the trust list, each as it was received; the address names the file as `license` of the lease does.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(license): Path<String>,
) -> Result<Json<Value>, Problem> {
    let unknown = |_| Failure::new(Code::NotFound, "No license file of that identity was in force here.");
    let (license, caller) = (license.parse::<Identity>().map_err(unknown)?, session.caller());
    let files = state.store.read(|tx| lease_files::of(tx, &caller, &license))?;
    Ok(Json(json!({"license": files.license, "trust": files.trust})))
}
