//! `/roles/new` and `/roles/{id}/edit`: put together, look at the effects, save (S127 to S132).

use axum::extract::State;
use axum::response::Response;
use catalog::{Catalog, PrivilegeId, RoleId, enforced};
use errors::Failure;
use rules::role::{Draft, Warning};
use serde::Deserialize;
use serde_json::Value;
use store::StoreError;

use super::delete_member::version;
use super::pairs::Pairs;
use super::roles::role_id;
use super::visit::{Posted, Refused, Visit};
use super::{names, page, privileges, refusal, see_other};
use crate::actions::roles::{self, Asked, Foreseen};
use crate::api::address::{Path, Query};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::role_editor::{RoleEditor, RolePreview};
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// Where a new role begins.
#[derive(Debug, Default, Deserialize)]
pub struct Begun {
    from: Option<String>,
}

/// What stands in the editor.
#[derive(Debug, Clone, Default)]
struct Content {
    changed: Option<RoleId>,
    version: String,
    asked: Asked,
}

impl Content {
    fn sent(changed: Option<RoleId>, form: &Pairs) -> Self {
        let asked = Asked {
            name: form.one("name").to_owned(),
            description: form.one("description").to_owned(),
            privileges: form.all("privileges"),
        };
        Self { changed, version: form.one("version").to_owned(), asked }
    }
}

/// The editor of a new role: empty, or begun with what another gives.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn new(State(state): State<AppState>, visit: Visit, Query(begun): Query<Begun>) -> Result<Response, Refused> {
    let from = begun.from.as_deref().map(role_id).transpose().map_err(|failure| visit.refused(failure))?;
    let content = match from {
        Some(id) => as_it_is(&state, &visit, &id)?.1,
        None => Asked::default(),
    };
    let content = Content { asked: Asked { name: String::new(), ..content }, ..Content::default() };
    Ok(page(&editor(&state, &visit, &content, Outcome::Asked)?))
}

/// The editor of a role of the organization's own.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn open(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = role_id(&id).map_err(|failure| visit.refused(failure))?;
    let (version, asked) = as_it_is(&state, &visit, &id)?;
    let content = Content { changed: Some(id), version, asked };
    Ok(page(&editor(&state, &visit, &content, Outcome::Asked)?))
}

/// Shows what a new role would be, or makes it.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn create(State(state): State<AppState>, Posted { visit, form }: Posted<Pairs>) -> Result<Response, Refused> {
    step(&state, visit, None, &form).await
}

/// Shows what a changed role would be, or changes it.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Pairs>,
) -> Result<Response, Refused> {
    let id = role_id(&id).map_err(|failure| visit.refused(failure))?;
    step(&state, visit, Some(id), &form).await
}

async fn step(state: &AppState, visit: Visit, changed: Option<RoleId>, form: &Pairs) -> Result<Response, Refused> {
    let content = Content::sent(changed, form);
    let done = if form.has("step", "save") {
        saved(state, &visit, &content).await.map(Outcome::Saved)
    } else {
        foreseen(state, &visit, &content).map(Outcome::Foreseen)
    };
    match done {
        Ok(Outcome::Saved(id)) => Ok(see_other(&format!("/roles/{id}?done=role-saved"))),
        Ok(outcome) => Ok(page(&editor(state, &visit, &content, outcome)?)),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            Ok(refusal(&editor(state, &visit, &content, Outcome::Refused(&failure))?, &failure))
        }
    }
}

fn foreseen(state: &AppState, visit: &Visit, content: &Content) -> Result<Foreseen, Failure> {
    let (draft, caller) = (content.asked.clone().draft()?, visit.caller());
    let changed = content.changed.as_ref();
    state.store.read(|tx| roles::foresee(tx, &caller, changed, &draft)).map_err(failure_of)
}

async fn saved(state: &AppState, visit: &Visit, content: &Content) -> Result<RoleId, Failure> {
    let (draft, caller): (Draft, _) = (content.asked.clone().draft()?, visit.caller());
    let saved = match content.changed.clone() {
        Some(id) => {
            let expected = version(&content.version)?;
            state.store.write(move |tx| roles::edit(tx, &caller, &id, Some(expected), &draft)).await
        }
        None => state.store.write(move |tx| roles::create(tx, &caller, &draft)).await,
    };
    saved.map_err(failure_of)
}

/// The version and the content of a role that is there.
fn as_it_is(state: &AppState, visit: &Visit, id: &RoleId) -> Result<(String, Asked), Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let (catalog, shown) = roles::to_edit(tx, &caller, id)?;
        let role = catalog.role(id).ok_or_else(|| StoreError::damaged("a role is not in the catalog"))?;
        let asked = Asked {
            name: role.name.clone(),
            description: role.description.clone(),
            privileges: role.privileges.iter().map(ToString::to_string).collect(),
        };
        Ok((shown.record.map_or(0, |record| record.version).to_string(), asked))
    });
    read.map_err(|error| visit.refused(error))
}

/// What has come of the last step.
enum Outcome<'a> {
    Asked,
    Foreseen(Foreseen),
    Saved(RoleId),
    Refused(&'a Failure),
}

fn editor(state: &AppState, visit: &Visit, content: &Content, outcome: Outcome<'_>) -> Result<RoleEditor, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| roles::for_a_new_one(tx, &caller));
    let catalog = read.map_err(|error| visit.refused(error))?;
    let Content { changed, version, asked } = content;
    let given = asked.privileges.iter().filter_map(|id| PrivilegeId::parse(id)).collect();
    let (preview, failure) = match outcome {
        Outcome::Foreseen(foreseen) => (Some(preview(&catalog, &foreseen, asked)), None),
        Outcome::Refused(failure) => (None, Some(failure)),
        Outcome::Asked | Outcome::Saved(_) => (None, None),
    };
    let affected = failure.and_then(|failure| failure.facts.get("usernames")).and_then(Value::as_array);
    Ok(RoleEditor {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        changed: changed.as_ref().map(|id| (id.to_string(), names::role(&catalog, id))),
        version: version.clone(),
        name: asked.name.clone(),
        description: asked.description.clone(),
        groups: privileges::choices(&catalog, &given),
        preview,
        affected: affected.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        problem: failure.map(ErrorSummary::from),
    })
}

fn preview(catalog: &Catalog, foreseen: &Foreseen, asked: &Asked) -> RolePreview {
    RolePreview {
        privileges: u64::try_from(asked.privileges.len()).unwrap_or(u64::MAX),
        fits: foreseen.fits.iter().map(|id| names::user_type(catalog, id)).collect(),
        holders: foreseen.holders.count,
        warnings: foreseen.warnings.iter().map(|warning| told(catalog, warning)).collect(),
    }
}

/// A warning with names in the place of ids.
fn told(catalog: &Catalog, warning: &Warning) -> String {
    match warning {
        Warning::LicensesWithoutMembersPage => {
            text("warning-members-page").with("privilege", privileges::name(catalog, enforced::VIEW_MEMBERS)).plain()
        }
        Warning::UserTypesBelow { user_types } => {
            let below: Vec<String> = user_types.iter().map(|id| names::user_type(catalog, id)).collect();
            text("warning-user-types").with("user-types", below.join(", ")).plain()
        }
    }
}
