//! Who is asking: the extractors of a signed-in member. The lockout is asked here, at every request (A-ENF-14).

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use errors::{Code, Failure};
use rules::MemberId;
use store::{PasswordKind, ReadTx, StoreError};

use super::csrf;
use super::secret_token::SecretToken;
use crate::actions::Caller;
use crate::edge::RequestId;
use crate::problem::Problem;
use crate::state::AppState;

/// The cookie of the pages. Without TLS in front it cannot be marked Secure, so it has no `__Host-` prefix then.
pub const COOKIE_NAME: &str = "seatwarden_session";
/// The same cookie behind a proxy with TLS.
pub const SECURE_COOKIE_NAME: &str = "__Host-seatwarden_session";

/// A session that is good, whatever its member may do at the moment: enough to sign out, and for nothing else.
#[derive(Debug)]
pub struct Session {
    /// The token as the caller sent it.
    pub token: SecretToken,
    /// The member, the counts of the member's user type, and the session, of this moment.
    pub view: store::Session,
}

/// A member who is let in, but may have to change a one-time password first.
#[derive(Debug)]
pub struct Arriving(pub Session);

/// A member who is let in.
#[derive(Debug)]
pub struct SignedIn(pub Session);

impl Session {
    /// The member as the caller of an action.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller::Member(self.member().clone())
    }

    /// Whose session it is.
    #[must_use]
    pub fn member(&self) -> &MemberId {
        &self.view.member.id
    }
}

/// The token of a request that looks by itself, in its own transaction, whom it lets in: see [`enter`].
impl FromRequestParts<AppState> for SecretToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        token_of(parts, state.serving.behind_proxy).map_err(|problem| told_to_nobody(state, problem))
    }
}

/// The session of a token whose member is let in at this moment: all that [`SignedIn`] asks.
///
/// # Errors
/// As [`SignedIn`].
pub fn enter(tx: &ReadTx<'_>, token: &SecretToken) -> Result<store::Session, StoreError> {
    let Some(view) = tx.session(&token.hash())? else {
        let is_activated = tx.license()?.is_activated();
        return Err(Failure::plain(if is_activated { Code::NotSignedIn } else { Code::NotActivated }).into());
    };
    rules::sign_in::enter(&view.standing)?;
    if view.member.password_kind == PasswordKind::OneTime {
        return Err(Failure::plain(Code::PasswordChangeRequired).into());
    }
    Ok(view)
}

impl FromRequestParts<AppState> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = token_of(parts, state.serving.behind_proxy).map_err(|problem| told_to_nobody(state, problem))?;
        let hash = token.hash();
        let view = state.store.read(|tx| tx.session(&hash))?;
        let view = view.ok_or_else(|| told_to_nobody(state, Problem(Failure::plain(Code::NotSignedIn))))?;
        Ok(Self { token, view })
    }
}

impl FromRequestParts<AppState> for Arriving {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let session = Session::from_request_parts(parts, state).await?;
        let Ok(request) = RequestId::from_request_parts(parts, state).await;
        rules::sign_in::enter(&session.view.standing).map_err(|refusal| Problem(request.on(refusal.into())))?;
        Ok(Self(session))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Arriving(session) = Arriving::from_request_parts(parts, state).await?;
        if session.view.member.password_kind == PasswordKind::OneTime {
            return Err(Problem(Failure::plain(Code::PasswordChangeRequired)));
        }
        Ok(Self(session))
    }
}

/// Before the activation nobody can sign in, so whoever is not signed in is told that instead.
fn told_to_nobody(state: &AppState, problem: Problem) -> Problem {
    let activated = state.store.read(|tx| Ok(tx.license()?.is_activated()));
    match activated {
        Ok(false) if problem.0.code == Code::NotSignedIn => Problem(Failure::plain(Code::NotActivated)),
        Ok(_) => problem,
        Err(error) => error.into(),
    }
}

/// The token of the request: after `Bearer`, or in the cookie. A cookie is sent by browsers of their own accord, so a
/// request that changes something by cookie must come from our own pages.
fn token_of(parts: &Parts, behind_proxy: bool) -> Result<SecretToken, Problem> {
    let not_signed_in = || Problem(Failure::plain(Code::NotSignedIn));
    if let Some(value) = parts.headers.get(AUTHORIZATION) {
        let text = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        return text.and_then(SecretToken::parse).ok_or_else(not_signed_in);
    }
    let token = cookie_token(parts, behind_proxy).ok_or_else(not_signed_in)?;
    if !parts.method.is_safe() {
        csrf::check_origin(&parts.headers)?;
    }
    Ok(token)
}

/// The token in the one cookie that this way of serving sets. Behind a proxy the plain name does not count: another
/// site of the same domain could set it, and the prefix `__Host-` is there to prevent just that.
fn cookie_token(parts: &Parts, behind_proxy: bool) -> Option<SecretToken> {
    let ours = if behind_proxy { SECURE_COOKIE_NAME } else { COOKIE_NAME };
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == ours).then(|| SecretToken::parse(value))?
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::cookie_token;

    #[test]
    fn only_the_cookie_that_this_way_of_serving_sets_counts() {
        let [eve, ana] =
            ["swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "swp_AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"];
        let cookies = format!("seatwarden_session={eve}; __Host-seatwarden_session={ana}");
        let (parts, ()) = Request::builder().header("cookie", cookies).body(()).unwrap().into_parts();
        let token = |behind_proxy| cookie_token(&parts, behind_proxy).map(|token| token.as_str().to_owned());
        assert_eq!(token(true).as_deref(), Some(ana));
        assert_eq!(token(false).as_deref(), Some(eve));
    }
}
