//! `POST /session`, `DELETE /session`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::json;
use store::Member;
use zeroize::Zeroizing;

use super::body::{Whole, json_body};
use super::shape;
use crate::actions::sessions;
use crate::auth::csrf;
use crate::auth::secret_token::SecretToken;
use crate::auth::session::{COOKIE_NAME, SECURE_COOKIE_NAME, Session};
use crate::edge::RequestId;
use crate::problem::Problem;
use crate::state::AppState;

/// What a sign-in sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    username: String,
    password: Zeroizing<String>,
}

/// The address of the caller: of the connection, or what the trusted proxy in front says last.
pub struct Peer(pub IpAddr);

impl FromRequestParts<AppState> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let forwarded = || {
            let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let said = if state.serving.behind_proxy { forwarded() } else { None };
        Ok(Self(said.or(connection).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

/// Signs in; the answer carries the token, and the cookie for pages.
///
/// # Errors
/// `not-activated`, `sign-in-failed`, `rate-limited`; after the right password `user-type-over-limit` or `member-disabled`.
pub async fn create(
    State(state): State<AppState>,
    peer: Peer,
    request: RequestId,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    // The answer sets a cookie, so a form on another site must not get one into somebody's browser.
    csrf::check_origin(&headers)?;
    let form: SignIn = json_body(&body)?;
    let entered = sign_in(&state, peer, &form.username, form.password).await;
    let (token, member) = entered.map_err(|Problem(failure)| Problem(request.on(failure)))?;
    let body = json!({"token": token.as_str(), "member": shape::member(&member)});
    let mut response = (StatusCode::OK, Json(body)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie(&state, Some(&token))?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The sign-in of the interface and of the page: brake, password, standing, session.
///
/// # Errors
/// As [`create`].
pub async fn sign_in(
    state: &AppState,
    Peer(address): Peer,
    username: &str,
    password: Zeroizing<String>,
) -> Result<(SecretToken, Member), Problem> {
    if !state.store.read(|tx| Ok(tx.license()?.is_activated()))? {
        return Err(Failure::plain(Code::NotActivated).into());
    }
    let attempt = state.throttle.admit(username, address, state.clock.elapsed())?;
    let name = username.to_owned();
    let stored = state.store.read(|tx| tx.credentials(&name))?.map(|(_, stored)| stored);
    let text = stored.as_ref().map(|stored| stored.text().to_owned());
    let right = match state.passwords.check(password, text).await {
        Ok(right) => right,
        Err(busy) => {
            attempt.not_tried();
            return Err(busy.into());
        }
    };
    let Some(checked) = stored.filter(|_| right) else {
        drop(attempt);
        return Err(Failure::plain(Code::SignInFailed).into());
    };
    attempt.succeeded();
    let token = SecretToken::generate()?;
    let hash = token.hash();
    let member = state.store.write(move |tx| sessions::open(tx, &name, &checked, &hash)).await?;
    Ok((token, member))
}

/// Signs out; a locked-out member may too.
///
/// # Errors
/// `not-signed-in`.
pub async fn delete(State(state): State<AppState>, session: Session) -> Result<Response, Problem> {
    let (member, hash) = (session.member().clone(), session.token.hash());
    state.store.write(move |tx| sessions::close(tx, &member, &hash)).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, cookie(&state, None)?);
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// The cookie that carries the token, or the one that takes it back.
///
/// # Errors
/// None in practice: a token is plain ASCII.
pub fn cookie(state: &AppState, token: Option<&SecretToken>) -> Result<HeaderValue, Problem> {
    let (name, secure) = if state.serving.behind_proxy { (SECURE_COOKIE_NAME, "; Secure") } else { (COOKIE_NAME, "") };
    let (value, age) = match token {
        Some(token) => (token.as_str(), rules::sign_in::SESSION_SECONDS),
        None => ("", 0),
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Problem(Failure::plain(Code::Internal)))
}
