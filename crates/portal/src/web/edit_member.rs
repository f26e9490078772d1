//! `/members/{id}/edit`.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use rules::MemberId;
use store::{ReadTx, StoreError, Topic};

use super::delete_member::version;
use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{names, page, refusal, see_other};
use crate::actions::input::{labels, text};
use crate::actions::members::{self, AskedExtras};
use crate::actions::profile::{self, Profile};
use crate::actions::{Caller, settings};
use crate::api::address::Path;
use crate::api::members::member_id;
use crate::pages::edit_member::EditMember;
use crate::pages::error_summary::ErrorSummary;
use crate::problem::failure_of;
use crate::state::AppState;

/// The form as the member is.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&content(&state, &visit, &id, None)?))
}

/// Saves what was sent; a field that the page does not offer stays as it is.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Pairs>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    match saved(&state, &visit, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/members/{id}?done=saved"))),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            Ok(refusal(&content(&state, &visit, &id, Some((&form, &failure)))?, &failure))
        }
    }
}

async fn saved(state: &AppState, visit: &Visit, id: &MemberId, form: &Pairs) -> Result<(), Failure> {
    let (profile, expected) = (profile(form)?, Some(version(form.one("version"))?));
    let (caller, id) = (visit.caller(), id.clone());
    let written = state.store.write(move |tx| profile::describe(tx, &caller, &id, (&profile, expected))).await;
    written.map(|_| ()).map_err(failure_of)
}

fn profile(form: &Pairs) -> Result<Profile, Failure> {
    let is_sent = |name: &str| !form.one(name).is_empty();
    let typed = |name: &str| form.all(name).into_iter().next();
    let line = |name: &str| typed(name).map(|given| text(&format!("/{name}"), Some(given))).transpose();
    let chosen = |field: &str, name: &str| labels(&format!("/{field}"), form.given(name));
    Ok(Profile {
        full_name: line("full_name")?,
        email: line("email")?,
        extras: AskedExtras {
            groups: is_sent("groups").then(|| chosen("groups", "group")).transpose()?,
            categories: is_sent("categories").then(|| chosen("categories", "category")).transpose()?,
            vendor_access: is_sent("vendor").then(|| is_sent("vendor_access")),
        },
    })
}

fn content(
    state: &AppState,
    visit: &Visit,
    id: &MemberId,
    sent: Option<(&Pairs, &Failure)>,
) -> Result<EditMember, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| as_it_is(tx, &caller, id, visit));
    let form = read.map_err(|error| visit.refused(error))?;
    let Some((sent, failure)) = sent else { return Ok(form) };
    let or = |name: &str, present: String| sent.all(name).into_iter().next().unwrap_or(present);
    Ok(EditMember {
        full_name: or("full_name", form.full_name),
        email: or("email", form.email),
        problem: Some(ErrorSummary::from(failure)),
        ..form
    })
}

fn as_it_is(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId, visit: &Visit) -> Result<EditMember, StoreError> {
    let member = members::account(tx, caller, id)?;
    let may = members::abilities(tx, caller)?;
    let (held, catalog) = (tx.labels(id)?, tx.catalog()?);
    Ok(EditMember {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        version: member.version.to_string(),
        full_name: member.full_name.clone(),
        email: member.email.clone(),
        groups: names::labels(&settings::names(tx, Topic::Groups)?, &|name| held.groups.contains(name)),
        categories: names::labels(&settings::names(tx, Topic::Categories)?, &|name| held.categories.contains(name)),
        vendor_access: member.vendor_access,
        may: names::may(may),
        member: names::person(&catalog, &member),
        problem: None,
    })
}
