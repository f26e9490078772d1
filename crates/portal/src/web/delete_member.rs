//! `/members/{id}/delete`.

use axum::extract::State;
use axum::response::Response;
use errors::{Code, Failure};
use rules::{MemberId, account};
use serde::Deserialize;

use super::visit::{Fields, Posted, Refused, Visit};
use super::{barred, names, page, refusal, see_other};
use crate::actions::{actor, members};
use crate::api::address::Path;
use crate::api::members::member_id;
use crate::pages::delete_member::DeleteMember;
use crate::pages::error_summary::ErrorSummary;
use crate::state::AppState;

/// What the page sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    csrf: String,
    version: String,
}

impl Fields for Sure {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// The question.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&content(&state, &visit, &id, None)?))
}

fn content(state: &AppState, visit: &Visit, id: &MemberId, failure: Option<&Failure>) -> Result<DeleteMember, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        account::delete_members(&actor(tx, &caller)?)?;
        let member = members::show(tx, &caller, id)?;
        let barred = barred::deletion(tx, &caller, &member)?;
        Ok((names::person(&*tx.catalog()?, &member), member.version, barred))
    });
    let (member, version, barred) = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    // What was refused is told above the form.
    let barred = barred.filter(|_| problem.is_none()).map(|why| barred::reason("delete", &why, &visit.frame));
    let (frame, csrf, version) = (visit.frame.clone(), visit.token(), version.to_string());
    Ok(DeleteMember { frame, csrf, member, version, barred, problem })
}

/// Deletes the member.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    let deleted = match version(&form.version) {
        Ok(version) => {
            let (caller, id) = (visit.caller(), id.clone());
            state.store.write(move |tx| members::delete(tx, &caller, &id, Some(version))).await
        }
        Err(failure) => Err(failure.into()),
    };
    match deleted {
        Ok(_) => Ok(see_other("/members?done=deleted")),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, &id, Some(&failure))?, &failure))
        }
    }
}

/// The version that a page was made from.
///
/// # Errors
/// `stale` for what is none of ours.
pub(super) fn version(sent: &str) -> Result<u64, Failure> {
    sent.parse().map_err(|_| Failure::plain(Code::Stale))
}
