//! `/invitations`: sent, listed, renewed, revoked; and accepted by who holds the secret.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use rules::InvitationId;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Invitation, InvitationState, PasswordKind, StoredPassword, TokenHash};
use zeroize::Zeroizing;

use super::address::{Path, Query};
use super::body::{Body, Whole, json_body};
use super::members::asked_extras;
use super::precondition::{self, Freshness, Once};
use super::shape;
use crate::actions::input::{self, invalid_at};
use crate::actions::invitations::{self, Acceptance, Asked};
use crate::actions::settings;
use crate::auth::password;
use crate::auth::secret_token::SecretToken;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// How many invitations stand on one page.
const PAGE: u32 = 200;

/// The invitation as administrators see it.
#[must_use]
pub fn shaped(invitation: &Invitation) -> Value {
    json!({
        "id": invitation.id.as_str(),
        "username": invitation.username,
        "full_name": invitation.full_name,
        "email": invitation.email,
        "user_type": invitation.user_type.as_str(),
        "role": invitation.role.as_str(),
        "groups": invitation.extras.groups,
        "categories": invitation.extras.categories,
        "vendor_access": invitation.extras.vendor_access,
        "state": invitation.state.as_str(),
        "invited_by": invitation.invited_by,
        "created_at": invitation.created_at.to_string(),
        "expires_at": invitation.expires_at.to_string(),
        "ended_at": invitation.ended_at.map(|at| at.to_string()),
        "member": invitation.member,
    })
}

/// What is sent for an invitation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    username: Option<String>,
    user_type: Option<String>,
    role: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    groups: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    vendor_access: Option<bool>,
}

impl Sent {
    fn asked(self) -> Result<Asked, Failure> {
        let Self { username, user_type, role, full_name, email, groups, categories, vendor_access } = self;
        let extras = asked_extras(groups, categories, vendor_access)?;
        Ok(Asked { username, user_type, role, full_name, email, extras })
    }
}

/// Invites somebody; the answer carries the secret and the address that accept it, which are shown this once. No mail is
/// sent. The seat is held for 14 days (S92, S111).
///
/// # Errors
/// As `POST /members`.
pub async fn create(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let once = Once::of(&headers, "POST /invitations", &body)?;
    let secret = SecretToken::generate()?;
    let request = json_body::<Sent>(&body)?.asked()?.request(secret.hash())?;
    let (caller, by) = (session.caller(), session.member().to_string());
    let ((status, body), freshness) = state
        .store
        .write(move |tx| {
            precondition::once(tx, &by, once.as_ref(), |tx| {
                Ok((StatusCode::CREATED.as_u16(), shaped(&invitations::send(tx, &caller, request)?)))
            })
        })
        .await?;
    // The remembered answer holds no secret: a repeated request is told that it was made, and a renewal gives another.
    let shown = (freshness == Freshness::First).then_some(&secret);
    let body = with_secret(body, shown);
    let mut response = precondition::answer(((status, body), freshness));
    response.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The same with the secret and the address that accept it, where they may be shown.
#[must_use]
pub fn with_secret(mut body: Value, secret: Option<&SecretToken>) -> Value {
    if let Value::Object(members) = &mut body {
        members.insert("token".into(), secret.map(SecretToken::as_str).into());
        members.insert("accept_at".into(), secret.map(|secret| format!("/invitations/{}", secret.as_str())).into());
    }
    body
}

/// Which invitations a list shows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    state: Option<String>,
    cursor: Option<String>,
}

/// The invitations, newest first.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(filters): Query<Filters>,
) -> Result<Json<Value>, Problem> {
    let wanted = filters.state.as_deref().map(|name| {
        let unknown = || invalid_at("/state", &format!("`{name}` is none of pending, accepted, revoked, expired"));
        InvitationState::from_name(name).ok_or_else(unknown)
    });
    let wanted = wanted.transpose()?;
    let before = filters.cursor.as_deref().map(str::parse::<InvitationId>).transpose();
    let before = before.map_err(|_| invalid_at("/cursor", "is none of ours"))?;
    let caller = session.caller();
    let found = state.read_long(move |tx| invitations::list(tx, &caller, wanted, (before.as_ref(), PAGE))).await?;
    let is_full = found.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| is_full).map(|last| last.id.to_string());
    Ok(Json(shape::list(found.iter().map(shaped).collect(), next.as_deref())))
}

/// Gives an invitation a new secret and 14 more days.
///
/// # Errors
/// `invitation-ended`, `not-found`, `privilege-missing`.
pub async fn resend(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (id, secret) = (invitation_id(&id)?, SecretToken::generate()?);
    let (caller, hash) = (session.caller(), secret.hash());
    let renewed = state.store.write(move |tx| invitations::renew(tx, &caller, &id, &hash)).await?;
    let body = with_secret(shaped(&renewed), Some(&secret));
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Revokes an invitation; its seat is free.
///
/// # Errors
/// `invitation-ended`, `not-found`, `privilege-missing`.
pub async fn delete(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (id, caller) = (invitation_id(&id)?, session.caller());
    state.store.write(move |tx| invitations::revoke(tx, &caller, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The id of an invitation in an address.
///
/// # Errors
/// `not-found`.
pub(crate) fn invitation_id(text: &str) -> Result<InvitationId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no invitation `{text}`.")))
}

/// Who accepts an invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentAcceptance {
    username: String,
    full_name: Option<String>,
    password: Zeroizing<String>,
}

/// Accepts an invitation with a user name and a password of one's own; nobody needs to be signed in.
///
/// # Errors
/// `invitation-ended`; `creation-blocked-not-compliant` while the seat is not there (the invitation stays valid);
/// `username-taken`, `password-unsuitable`, `validation-failed`.
pub async fn accept(
    State(state): State<AppState>,
    Path(secret): Path<String>,
    _: HeaderMap,
    Body(sent): Body<SentAcceptance>,
) -> Result<Response, Problem> {
    let secret = secret_of(&secret)?;
    let SentAcceptance { username, full_name, password } = sent;
    let member = accept_with(&state, secret, (username, full_name), password).await?;
    Ok((StatusCode::CREATED, Json(shape::member(&member))).into_response())
}

/// The hash of a secret in an address; what is none of ours has ended.
///
/// # Errors
/// `invitation-ended`.
pub fn secret_of(text: &str) -> Result<TokenHash, Failure> {
    let ended = || Failure::plain(Code::InvitationEnded);
    SecretToken::parse(text).map(|secret| secret.hash()).ok_or_else(ended)
}

/// Accepts an invitation, for the interface and for the page.
///
/// # Errors
/// As [`accept`].
pub async fn accept_with(
    state: &AppState,
    secret: TokenHash,
    (username, full_name): (String, Option<String>),
    password: Zeroizing<String>,
) -> Result<store::Member, Failure> {
    let username = input::username(&username)?;
    let full_name = full_name.map(|name| input::text("/full_name", Some(name))).transpose()?;
    // Nobody makes us hash passwords without an invitation.
    let shortest = state.store.read(|tx| {
        invitations::look(tx, &secret)?;
        Ok(settings::security(tx)?.minimum_password_length)
    });
    password::suitable(&password, &username, shortest.map_err(Failure::from)?)?;
    let hashed = StoredPassword::new(state.passwords.hash(password).await?, PasswordKind::Own);
    let who = Acceptance { username, full_name, password: hashed };
    Ok(state.store.write(move |tx| invitations::accept(tx, &secret, who)).await?)
}
