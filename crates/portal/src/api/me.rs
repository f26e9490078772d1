//! `/me`: the signed-in member.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::body::{Body, FormBody};
use super::shape;
use crate::actions::input::invalid_at;
use crate::actions::{introspection, sessions, settings};
use crate::auth::password;
use crate::auth::session::{Arriving, Session, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;
use store::{PasswordKind, StoredPassword, TokenHash};

/// The member.
///
/// # Errors
/// `not-signed-in`, `user-type-over-limit`, `member-disabled`.
pub async fn show(Arriving(session): Arriving) -> Json<Value> {
    Json(shape::member(&session.view.member))
}

/// What the member may do: the privileges of the role within the user type, and the acts of default Administrators (S9,
/// S96, S110, S133). Programs that act on privileges ask here, or by introspection.
///
/// # Errors
/// As [`show`], and `password-change-required`.
pub async fn privileges(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let catalog = state.store.read(|tx| tx.catalog())?;
    let member = &session.view.member;
    let held = introspection::privileges(&catalog, member);
    let held: Vec<&str> = held.iter().map(|id| id.as_str()).collect();
    let is_administrator = catalog.role(&member.role).is_some_and(|role| role.is_administrator);
    let reserved: Vec<&str> =
        catalog.reserved().iter().filter(|_| is_administrator).map(|one| one.id.as_str()).collect();
    Ok(Json(json!({
        "user_type": member.user_type.as_str(), "role": member.role.as_str(), "privileges": held, "reserved": reserved,
    })))
}

/// What the role of the member is and includes (S112).
///
/// # Errors
/// As [`privileges`].
pub async fn role(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let catalog = state.store.read(|tx| tx.catalog())?;
    let role = catalog.role(&session.view.member.role).ok_or_else(|| Failure::plain(Code::NotFound))?;
    let includes = role.privileges.iter().filter_map(|id| catalog.privilege(id)).map(|one| {
        json!({"id": one.id.as_str(), "scope": one.scope.as_str(), "group": one.group, "name": one.name,
               "description": one.description, "conditions": one.conditions})
    });
    Ok(Json(json!({
        "id": role.id.as_str(), "name": role.name, "description": role.description, "is_custom": role.is_custom,
        "is_administrator": role.is_administrator, "includes": includes.collect::<Vec<_>>(),
    })))
}

/// What a program asks about a token.
#[derive(Deserialize)]
pub struct Introspected {
    token: Zeroizing<String>,
}

/// Whether a token is good and what its member may do (RFC 7662). The caller needs to see every account, or asks about the
/// own token.
///
/// # Errors
/// `privilege-missing`; `request-malformed` and `validation-failed` for what is no form with a token.
pub async fn introspect(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    FormBody(asked): FormBody<Introspected>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let hash = TokenHash::of(asked.token.as_bytes());
    Ok(Json(state.store.read(|tx| introspection::introspect(tx, &caller, &hash))?))
}

/// A password of one's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    current_password: Zeroizing<String>,
    new_password: Zeroizing<String>,
}

/// Sets a password of the member's own; the member's other sessions end.
///
/// # Errors
/// `sign-in-failed` for a wrong present password, `password-unsuitable`, `rate-limited`.
pub async fn set_password(
    State(state): State<AppState>,
    peer: super::session::Peer,
    Arriving(session): Arriving,
    Body(form): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    change_password(&state, peer, &session, form.current_password, form.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The change of a password, of the interface and of the page.
///
/// # Errors
/// As [`set_password`].
pub async fn change_password(
    state: &AppState,
    super::session::Peer(address): super::session::Peer,
    session: &Session,
    current: Zeroizing<String>,
    new: Zeroizing<String>,
) -> Result<(), Problem> {
    let member = session.view.member.clone();
    let shortest = state.store.read(settings::security)?.minimum_password_length;
    password::suitable(&new, &member.username, shortest)?;
    if *new == *current {
        return Err(invalid_at("/new_password", "is the present password").into());
    }
    let attempt = state.throttle.admit(&member.username, address, state.clock.elapsed())?;
    let stored = state.store.read(|tx| tx.credentials(&member.username))?.map(|(_, stored)| stored);
    let checked = stored.ok_or_else(|| Failure::plain(Code::NotSignedIn))?;
    let right = match state.passwords.check(current, Some(checked.text().to_owned())).await {
        Ok(right) => right,
        Err(busy) => {
            attempt.not_tried();
            return Err(busy.into());
        }
    };
    if !right {
        drop(attempt);
        return Err(Failure::new(Code::SignInFailed, "The present password is not right.").into());
    }
    attempt.succeeded();
    let hashed = StoredPassword::new(state.passwords.hash(new).await?, PasswordKind::Own);
    let keep = session.token.hash();
    state.store.write(move |tx| sessions::change_password(tx, &member.username, &checked, &hashed, &keep)).await?;
    Ok(())
}
