//! `/roles/{id}/delete` (S128).

use axum::extract::State;
use axum::response::Response;
use catalog::RoleId;
use errors::Failure;
use serde::Deserialize;
use store::StoreError;

use super::delete_member::version;
use super::roles::{column, role_id};
use super::visit::{Fields, Posted, Refused, Visit};
use super::{page, refusal, see_other};
use crate::actions::roles;
use crate::api::address::Path;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::role_editor::RoleDeletion;
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
pub async fn ask(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = role_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&content(&state, &visit, &id, None)?))
}

fn content(state: &AppState, visit: &Visit, id: &RoleId, failure: Option<&Failure>) -> Result<RoleDeletion, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let (catalog, shown) = roles::to_edit(tx, &caller, id)?;
        let role = column(&catalog, &shown, None);
        let role = role.ok_or_else(|| StoreError::damaged("a role is not in the catalog"))?;
        Ok((role, shown))
    });
    let (role, shown) = read.map_err(|error| visit.refused(error))?;
    Ok(RoleDeletion {
        sees_members: visit.frame.reader.as_ref().is_some_and(|reader| reader.open.members),
        frame: visit.frame.clone(),
        csrf: visit.token(),
        role,
        version: shown.record.as_ref().map_or(0, |record| record.version).to_string(),
        holders: shown.holders.some.iter().map(|holder| holder.username.clone()).collect(),
        problem: failure.map(ErrorSummary::from),
    })
}

/// Deletes the role.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = role_id(&id).map_err(|failure| visit.refused(failure))?;
    let deleted = match version(&form.version) {
        Ok(version) => {
            let (caller, id) = (visit.caller(), id.clone());
            state.store.write(move |tx| roles::delete(tx, &caller, &id, Some(version))).await
        }
        Err(failure) => Err(failure.into()),
    };
    match deleted {
        Ok(()) => Ok(see_other("/roles?done=role-deleted")),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, &id, Some(&failure))?, &failure))
        }
    }
}
