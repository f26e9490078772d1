//! `/password`.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use serde::Deserialize;
use store::PasswordKind;
use zeroize::Zeroizing;

use super::visit::{Fields, Posted, Refused, Visit};
use super::{page, refusal, see_other};
use crate::actions::input::invalid_at;
use crate::actions::settings;
use crate::api::me::change_password;
use crate::api::session::Peer;
use crate::auth::session::Arriving;
use crate::pages::change_password::ChangePassword;
use crate::pages::error_summary::ErrorSummary;
use crate::state::AppState;

/// The page; for a member with a one-time password the only one that opens.
///
/// # Errors
/// What the database says.
pub async fn show(State(state): State<AppState>, visit: Visit<Arriving>) -> Result<Response, Refused> {
    Ok(page(&form(&state, &visit, None)?))
}

fn form(state: &AppState, visit: &Visit<Arriving>, failure: Option<&Failure>) -> Result<ChangePassword, Refused> {
    let shortest = state.store.read(settings::security).map_err(|error| visit.refused(error))?.minimum_password_length;
    let member = &visit.session.view.member;
    Ok(ChangePassword {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        username: member.username.clone(),
        one_time: member.password_kind == PasswordKind::OneTime,
        shortest,
        problem: failure.map(ErrorSummary::from),
    })
}

/// What the page sends. The user name is there for password managers only.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    csrf: String,
    #[serde(rename = "username")]
    _username: Option<String>,
    current_password: Zeroizing<String>,
    new_password: Zeroizing<String>,
    repeat_password: Zeroizing<String>,
}

impl Fields for NewPassword {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Sets a password of one's own; the member's other sessions end.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn change(
    State(state): State<AppState>,
    peer: Peer,
    Posted { visit, form: sent }: Posted<NewPassword, Arriving>,
) -> Result<Response, Refused> {
    if *sent.new_password != *sent.repeat_password {
        let failure = invalid_at("/repeat_password", "the new password was typed in two ways");
        return Ok(refusal(&form(&state, &visit, Some(&failure))?, &failure));
    }
    match change_password(&state, peer, &visit.session, sent.current_password, sent.new_password).await {
        Ok(()) => Ok(see_other("/?done=password")),
        Err(problem) => {
            let failure = visit.at_the_form(problem)?;
            Ok(refusal(&form(&state, &visit, Some(&failure))?, &failure))
        }
    }
}
