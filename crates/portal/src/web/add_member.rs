//! `/members/new`.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;

use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{barred, extras, names, page, refusal};
use crate::actions::{members, offer};
use crate::auth::password;
use crate::pages::add_member::{AddMember, MemberAdded};
use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::problem::failure_of;
use crate::state::AppState;

/// The empty form, with the new-member defaults.
///
/// # Errors
/// `privilege-missing`.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    Ok(page(&content(&state, &visit, None, None)?))
}

fn content(
    state: &AppState,
    visit: &Visit,
    sent: Option<&Pairs>,
    failure: Option<&Failure>,
) -> Result<AddMember, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| Ok((offer::for_a_new_member(tx, &caller)?, barred::nobody_is_added(tx)?)));
    let (offer, is_barred) = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    let typed = |field: &str| sent.map(|form| form.one(field).to_owned()).unwrap_or_default();
    let chosen = |field: &str, usual: Option<String>| sent.and_then(|form| form.some(field)).or(usual);
    let user_type = chosen("user_type", offer.user_type.as_ref().map(ToString::to_string)).unwrap_or_default();
    let role = chosen("role", offer.role.as_ref().map(ToString::to_string)).unwrap_or_default();
    Ok(AddMember {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        username: typed("username"),
        full_name: typed("full_name"),
        email: typed("email"),
        user_types: names::types_with_room(&offer.catalog, &offer.room, &user_type),
        barred: is_barred.then(|| barred::adding(&visit.frame)),
        roles: names::roles(&offer.catalog, &role),
        extras: extras::fields(&offer, sent, problem.as_ref()),
        problem,
    })
}

/// Adds the member, and shows the one-time password this once.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn add(State(state): State<AppState>, Posted { visit, form }: Posted<Pairs>) -> Result<Response, Refused> {
    let one_time = password::one_time_password().map_err(|failure| visit.refused(failure))?;
    match added(&state, &visit, &form, &one_time).await {
        Ok(member) => {
            Ok(page(&MemberAdded { frame: visit.frame, member, one_time_password: one_time.as_str().to_owned() }))
        }
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            Ok(refusal(&content(&state, &visit, Some(&form), Some(&failure))?, &failure))
        }
    }
}

async fn added(state: &AppState, visit: &Visit, form: &Pairs, one_time: &str) -> Result<Person, Failure> {
    let asked = members::Asked {
        username: form.one("username").to_owned(),
        user_type: form.some("user_type"),
        role: form.some("role"),
        full_name: form.some("full_name"),
        email: form.some("email"),
        extras: extras::asked(form)?,
    };
    let (addition, caller) = (asked.addition(members::one_time(one_time))?, visit.caller());
    let written = state.store.write(move |tx| {
        let member = members::add(tx, &caller, addition)?;
        Ok(names::person(&*tx.catalog()?, &member))
    });
    written.await.map_err(failure_of)
}
