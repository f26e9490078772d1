//! `/profile`: one's own account, the role and what it includes, and what one can do (S112, S227).

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use serde::Deserialize;
use store::StoreError;

use super::delete_member::version;
use super::done::Done;
use super::roles::reserved_by;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{in_use, names, page, privileges, refusal, see_other, why};
use crate::actions::input::text;
use crate::actions::{activity, members, profile};
use crate::api::address::Query;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::profile::Profile;
use crate::pages::why::Question;
use crate::problem::failure_of;
use crate::state::AppState;

/// What can be asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    wanted: String,
    done: Option<Done>,
}

/// What the page sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    csrf: String,
    version: String,
    full_name: String,
}

impl Fields for Sent {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// One's own account.
///
/// # Errors
/// What the database says.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let failure = why::answer(&state, &visit.caller(), visit.session.member(), &looked.wanted).err();
    let content = content(&state, &visit, &looked, None, failure.as_ref()).await?;
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

/// Changes one's own name.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn change(State(state): State<AppState>, Posted { visit, form }: Posted<Sent>) -> Result<Response, Refused> {
    match renamed(&state, &visit, &form).await {
        Ok(()) => Ok(see_other("/profile?done=profile-saved")),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            let content = content(&state, &visit, &Looked::default(), Some(&form), Some(&failure)).await?;
            Ok(refusal(&content, &failure))
        }
    }
}

async fn renamed(state: &AppState, visit: &Visit, form: &Sent) -> Result<(), Failure> {
    let full_name = Some(text("/full_name", Some(form.full_name.clone()))?);
    let profile = profile::Profile { full_name, ..profile::Profile::default() };
    let (caller, id, expected) = (visit.caller(), visit.session.member().clone(), version(&form.version)?);
    let changed = state.store.write(move |tx| profile::describe(tx, &caller, &id, (&profile, Some(expected)))).await;
    changed.map(drop).map_err(failure_of)
}

async fn content(
    state: &AppState,
    visit: &Visit,
    looked: &Looked,
    sent: Option<&Sent>,
    failure: Option<&Failure>,
) -> Result<Profile, Refused> {
    let (caller, id) = (visit.caller(), visit.session.member());
    state.settle_uses().await;
    let read = state.store.read(|tx| {
        let catalog = tx.catalog()?;
        let member = members::show(tx, &caller, id)?;
        let known = catalog.role(&member.role).cloned();
        let role = known.ok_or_else(|| StoreError::damaged("a member's role is not in the catalog"))?;
        let policy = tx.license()?.at(tx.now()).policy();
        let products = in_use::products(&catalog, policy, &activity::of_member(tx, &caller, &member)?);
        let add_ons = in_use::add_ons(&catalog, &tx.add_ons_of(id)?);
        Ok((tx.labels(id)?, member, role, catalog, (add_ons, products)))
    });
    let (labels, member, role, catalog, (add_ons, products)) = read.map_err(|error| visit.refused(error))?;
    Ok(Profile {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        own: names::person(&catalog, &member),
        version: member.version.to_string(),
        full_name: sent.map_or_else(|| member.full_name.clone(), |sent| sent.full_name.clone()),
        email: member.email.clone(),
        add_ons: add_ons.into_iter().map(|one| one.name).collect(),
        products,
        groups: labels.groups.into_iter().collect(),
        categories: labels.categories.into_iter().collect(),
        vendor_access: member.vendor_access,
        role_description: role.description.clone(),
        includes: privileges::included(&catalog, &role.privileges),
        reserved: reserved_by(&catalog, &role),
        question: Question {
            address: "/profile".to_owned(),
            options: why::options(&catalog, &looked.wanted),
            answer: why::answer(state, &caller, id, &looked.wanted).unwrap_or_default(),
        },
        problem: failure.map(ErrorSummary::from),
        done: looked.done.and_then(Done::text),
    })
}
