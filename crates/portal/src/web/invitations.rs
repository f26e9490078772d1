//! `/invitations`: sent, shown, sent again and revoked (S92, S111).

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use catalog::Catalog;
use entitlement::Moment;
use errors::Failure;
use rules::InvitationId;
use serde::Deserialize;
use store::{Invitation, InvitationState};

use super::done::Done;
use super::pairs::Pairs;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{barred, extras, names, page, refusal, see_other};
use crate::actions::input::invalid_at;
use crate::actions::invitations::{self, Asked};
use crate::actions::offer;
use crate::api::address::{Path, Query};
use crate::api::invitations::invitation_id;
use crate::auth::secret_token::SecretToken;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::invitations::{InvitationRevocation, InvitationRow, InvitationSent, Invitations, Invite};
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// How many that wait stand on one page.
const PENDING: u32 = 200;
/// How many that have ended are shown.
const ENDED: u32 = 100;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// What can be asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    cursor: Option<String>,
    done: Option<Done>,
}

/// What a button of the pages sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    csrf: String,
}

impl Fields for Sure {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// The invitations.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    Ok(page(&content(&state, &visit, looked, None).await?))
}

async fn content(
    state: &AppState,
    visit: &Visit,
    looked: Looked,
    failure: Option<&Failure>,
) -> Result<Invitations, Refused> {
    let before = looked.cursor.as_deref().map(str::parse::<InvitationId>).transpose();
    let before = before.map_err(|_| visit.refused(invalid_at("/cursor", "is none of ours")))?;
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        let waiting = Some(InvitationState::Pending);
        let pending = invitations::list(tx, &caller, waiting, (before.as_ref(), PENDING))?;
        let ended = invitations::ended(tx, &caller, ENDED)?;
        Ok((pending, ended, tx.catalog()?, tx.now(), barred::nobody_is_added(tx)?))
    });
    let (pending, ended, catalog, now, is_barred) = read.await.map_err(|error| visit.refused(error))?;
    let is_full = pending.len() == usize::try_from(PENDING).unwrap_or(usize::MAX);
    let rows = |found: &[Invitation]| found.iter().map(|one| row(&catalog, one, now)).collect();
    Ok(Invitations {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        next: pending.last().filter(|_| is_full).map(|last| last.id.to_string()),
        pending: rows(&pending),
        ended: rows(&ended),
        barred: is_barred.then(|| barred::adding(&visit.frame)),
        problem: failure.map(ErrorSummary::from),
        done: looked.done.and_then(Done::text),
    })
}

fn row(catalog: &Catalog, one: &Invitation, now: Moment) -> InvitationRow {
    let named = [&one.full_name, &one.username, &one.email].into_iter().find(|name| !name.is_empty());
    let until = one.ended_at.unwrap_or(one.expires_at);
    InvitationRow {
        id: one.id.to_string(),
        whom: named.cloned().unwrap_or_else(|| text("somebody").plain()),
        email: one.email.clone(),
        user_type: names::user_type(catalog, &one.user_type),
        role: names::role(catalog, &one.role),
        invited_by: one.invited_by.clone(),
        sent: When::from(one.created_at),
        until: When::from(until),
        days: u64::try_from((until.unix() - now.unix()) / SECONDS_A_DAY).unwrap_or(0),
        state: one.state.as_str(),
        member: one.member.clone(),
    }
}

/// The empty form, with the new-member defaults.
///
/// # Errors
/// `privilege-missing`.
pub async fn new(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    Ok(page(&form(&state, &visit, None, None)?))
}

fn form(state: &AppState, visit: &Visit, sent: Option<&Pairs>, failure: Option<&Failure>) -> Result<Invite, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| Ok((offer::for_a_new_member(tx, &caller)?, barred::nobody_is_added(tx)?)));
    let (offer, is_barred) = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    let typed = |field: &str| sent.map(|form| form.one(field).to_owned()).unwrap_or_default();
    let chosen = |field: &str, usual: Option<String>| sent.map_or(usual, |form| form.some(field)).unwrap_or_default();
    let user_type = chosen("user_type", offer.user_type.as_ref().map(ToString::to_string));
    let role = chosen("role", offer.role.as_ref().map(ToString::to_string));
    Ok(Invite {
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

/// Invites somebody, and shows the address that accepts it this once.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn send(
    State(state): State<AppState>,
    headers: HeaderMap,
    Posted { visit, form: sent }: Posted<Pairs>,
) -> Result<Response, Refused> {
    let secret = SecretToken::generate().map_err(|failure| visit.refused(failure))?;
    match invited(&state, &visit, &sent, &secret).await {
        Ok(row) => {
            let address = address(&state, &headers, &secret);
            Ok(page(&InvitationSent { frame: visit.frame, invitation: row, address, again: false }))
        }
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            Ok(refusal(&form(&state, &visit, Some(&sent), Some(&failure))?, &failure))
        }
    }
}

async fn invited(
    state: &AppState,
    visit: &Visit,
    sent: &Pairs,
    secret: &SecretToken,
) -> Result<InvitationRow, Failure> {
    let asked = Asked {
        username: sent.some("username"),
        user_type: sent.some("user_type"),
        role: sent.some("role"),
        full_name: sent.some("full_name"),
        email: sent.some("email"),
        extras: extras::asked(sent)?,
    };
    let (request, caller) = (asked.request(secret.hash())?, visit.caller());
    let written = state.store.write(move |tx| {
        let invitation = invitations::send(tx, &caller, request)?;
        Ok(row(&*tx.catalog()?, &invitation, tx.now()))
    });
    written.await.map_err(failure_of)
}

/// The address that accepts an invitation, as the browser of the sender reaches this portal.
fn address(state: &AppState, headers: &HeaderMap, secret: &SecretToken) -> String {
    let scheme = if state.serving.behind_proxy { "https" } else { "http" };
    let path = format!("/invitations/{}", secret.as_str());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(|| path.clone(), |host| format!("{scheme}://{host}{path}"))
}

/// Gives an invitation a new address and 14 more days.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn resend(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted { visit, form: Sure { .. } }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = invitation_id(&id).map_err(|failure| visit.refused(failure))?;
    let secret = SecretToken::generate().map_err(|failure| visit.refused(failure))?;
    let (caller, hash) = (visit.caller(), secret.hash());
    let written = state.store.write(move |tx| {
        let renewed = invitations::renew(tx, &caller, &id, &hash)?;
        Ok(row(&*tx.catalog()?, &renewed, tx.now()))
    });
    match written.await {
        Ok(row) => {
            let address = address(&state, &headers, &secret);
            Ok(page(&InvitationSent { frame: visit.frame, invitation: row, address, again: true }))
        }
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, Looked::default(), Some(&failure)).await?, &failure))
        }
    }
}

/// The question before an invitation is revoked.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn ask(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = invitation_id(&id).map_err(|failure| visit.refused(failure))?;
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let found = invitations::show(tx, &caller, &id)?;
        Ok(row(&*tx.catalog()?, &found, tx.now()))
    });
    let invitation = read.map_err(|error| visit.refused(error))?;
    Ok(page(&InvitationRevocation { csrf: visit.token(), frame: visit.frame, invitation, problem: None }))
}

/// Revokes an invitation; its seat is free.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn revoke(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form: Sure { .. } }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = invitation_id(&id).map_err(|failure| visit.refused(failure))?;
    let caller = visit.caller();
    match state.store.write(move |tx| invitations::revoke(tx, &caller, &id)).await {
        Ok(()) => Ok(see_other("/invitations?done=revoked")),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, &visit, Looked::default(), Some(&failure)).await?, &failure))
        }
    }
}
