//! `/members/new`.

use axum::extract::State;
use axum::response::Response;
use catalog::enforced;
use errors::Failure;
use rules::capacity;
use serde::Deserialize;

use super::visit::{Fields, Posted, Refused, Visit};
use super::{names, page, refusal};
use crate::actions::{actor, members};
use crate::auth::password;
use crate::pages::add_member::{AddMember, MemberAdded};
use crate::pages::error_summary::ErrorSummary;
use crate::state::AppState;

/// What the page sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    csrf: String,
    username: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    email: String,
    user_type: String,
    role: String,
}

impl Fields for Asked {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// The empty form, with the first user type that has room.
///
/// # Errors
/// `privilege-missing`.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    Ok(page(&content(&state, &visit, Asked::default(), None)?))
}

fn content(state: &AppState, visit: &Visit, asked: Asked, failure: Option<&Failure>) -> Result<AddMember, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        actor(tx, &caller)?.require(enforced::INVITE_MEMBERS)?;
        Ok((capacity::room(&tx.facts()?), tx.catalog()?))
    });
    let (room, catalog) = read.map_err(|error| visit.refused(error))?;
    let first = room.first().and_then(|room| catalog.user_type(&room.user_type));
    let or_usual = |typed: &str, usual: Option<&str>| {
        if typed.is_empty() { usual.unwrap_or_default().to_owned() } else { typed.to_owned() }
    };
    let user_type = or_usual(&asked.user_type, first.map(|known| known.id.as_str()));
    let role = or_usual(&asked.role, first.map(|known| known.usual_role.as_str()));
    Ok(AddMember {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        username: asked.username,
        full_name: asked.full_name,
        email: asked.email,
        user_types: names::types_with_room(&catalog, &room, &user_type),
        roles: names::roles(&catalog, &role),
        problem: failure.map(ErrorSummary::from),
    })
}

/// Adds the member, and shows the one-time password this once.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn add(State(state): State<AppState>, Posted { visit, form }: Posted<Asked>) -> Result<Response, Refused> {
    let one_time = password::one_time_password().map_err(|failure| visit.refused(failure))?;
    let asked = members::Asked {
        username: form.username.clone(),
        user_type: Some(form.user_type.clone()),
        extras: members::AskedExtras::default(),
        role: Some(form.role.clone()),
        full_name: Some(form.full_name.clone()),
        email: Some(form.email.clone()),
    };
    let added = match asked.addition(members::one_time(&one_time)) {
        Ok(addition) => {
            let caller = visit.caller();
            state
                .store
                .write(move |tx| {
                    let member = members::add(tx, &caller, addition)?;
                    Ok(names::person(&*tx.catalog()?, &member))
                })
                .await
        }
        Err(failure) => Err(failure.into()),
    };
    match added {
        Ok(member) => {
            Ok(page(&MemberAdded { frame: visit.frame, member, one_time_password: one_time.as_str().to_owned() }))
        }
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, form, Some(&failure))?, &failure))
        }
    }
}
