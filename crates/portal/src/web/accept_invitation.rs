//! `/invitations/{secret}`: the page of an invited person. Nobody is signed in, so a form must come from our own page by
//! the browser's word, as at the sign-in.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::names;
use super::visit::{Anybody, Refused, fields};
use super::{page, refusal, see_other};
use crate::actions::input::invalid_at;
use crate::actions::{invitations, settings};
use crate::api::address::Path;
use crate::api::invitations::{accept_with, secret_of};
use crate::auth::csrf;
use crate::edge::RequestId;
use crate::pages::accept_invitation::{AcceptInvitation, InvitationEnded};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    username: String,
    #[serde(default)]
    full_name: String,
    password: Zeroizing<String>,
    repeat_password: Zeroizing<String>,
}

/// What is offered, for whoever holds the secret.
pub async fn show(State(state): State<AppState>, anybody: Anybody, Path(secret): Path<String>) -> Response {
    let frame = anybody.frame.for_nobody();
    match content(&state, &frame, &secret, None) {
        Ok(content) => page(&content),
        Err(failure) => ended(frame, &failure),
    }
}

/// Accepts the invitation, and leads to the sign-in.
pub async fn accept(
    State(state): State<AppState>,
    anybody: Anybody,
    reference: RequestId,
    Path(secret): Path<String>,
    request: Request,
) -> Response {
    let frame = anybody.frame.for_nobody();
    if let Err(failure) = csrf::check_origin(request.headers()) {
        return Refused::new(frame, failure).into_response();
    }
    let sent: Sent = match fields(request, &state).await {
        Ok(sent) => sent,
        Err(failure) => return Refused::new(frame, failure).into_response(),
    };
    let typed = [sent.username.clone(), sent.full_name.clone()];
    match accepted(&state, &secret, sent).await.map_err(|failure| reference.on(failure)) {
        Ok(()) => see_other("/signin?done=accepted"),
        Err(failure) => match content(&state, &frame, &secret, Some((typed, &failure))) {
            Ok(content) => refusal(&content, &failure),
            Err(failure) => ended(frame, &failure),
        },
    }
}

async fn accepted(state: &AppState, secret: &str, sent: Sent) -> Result<(), Failure> {
    let Sent { username, full_name, password, repeat_password } = sent;
    if *password != *repeat_password {
        return Err(invalid_at("/repeat_password", "the password was typed in two ways"));
    }
    let full_name = Some(full_name).filter(|name| !name.trim().is_empty());
    accept_with(state, secret_of(secret)?, (username, full_name), password).await.map(drop)
}

fn ended(frame: Frame, failure: &Failure) -> Response {
    if failure.code != Code::InvitationEnded {
        return Refused::new(frame, failure.clone()).into_response();
    }
    refusal(&InvitationEnded { frame, problem: ErrorSummary::from(failure) }, failure)
}

/// Whether it is the seat that is not there at this moment.
fn is_for_now(failure: &Failure) -> bool {
    failure.code == Code::CreationBlocked
}

/// The refusal; a stranger is not sent to pages that do not open for him.
fn problem(failure: &Failure) -> ErrorSummary {
    let shown = ErrorSummary::from(failure);
    if is_for_now(failure) {
        ErrorSummary { fix: text("invitation-administrator-first").plain(), ..shown }
    } else {
        shown
    }
}

/// The page of an invitation that waits; with what was typed and why it was refused.
fn content(
    state: &AppState,
    frame: &Frame,
    secret: &str,
    refused: Option<([String; 2], &Failure)>,
) -> Result<AcceptInvitation, Failure> {
    let hash = secret_of(secret)?;
    let read = state.store.read(|tx| {
        let shortest = settings::security(tx)?.minimum_password_length;
        Ok((invitations::look(tx, &hash)?, tx.catalog()?, shortest))
    });
    let (invitation, catalog, shortest) = read.map_err(failure_of)?;
    let (typed, failure) = refused.map_or((None, None), |(typed, failure)| (Some(typed), Some(failure)));
    let [username, full_name] = typed.unwrap_or([invitation.username, invitation.full_name]);
    Ok(AcceptInvitation {
        frame: frame.clone(),
        secret: secret.to_owned(),
        user_type: names::user_type(&catalog, &invitation.user_type),
        role: names::role(&catalog, &invitation.role),
        until: When::from(invitation.expires_at),
        username,
        full_name,
        shortest,
        try_again: failure.is_some_and(is_for_now),
        problem: failure.map(problem),
    })
}
