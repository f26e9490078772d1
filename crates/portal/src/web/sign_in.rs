//! `/signin` and `/signout`.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use errors::Failure;
use serde::Deserialize;
use store::PasswordKind;
use zeroize::Zeroizing;

use super::done::Done;
use super::visit::{Anybody, Fields, Posted, Refused, fields};
use super::{page, refusal, see_other};
use crate::actions::sessions;
use crate::api::address::Query;
use crate::api::session::{Peer, cookie, sign_in};
use crate::auth::csrf;
use crate::auth::session::{Session, SignedIn};
use crate::edge::RequestId;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::not_activated::NotActivated;
use crate::pages::sign_in::SignIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Coming {
    next: Option<String>,
    done: Option<Done>,
}

/// The page to sign in with; who is signed in goes on.
pub async fn show(
    State(state): State<AppState>,
    Query(coming): Query<Coming>,
    anybody: Anybody,
    request: Request,
) -> Response {
    let next = coming.next.filter(|address| is_inside(address));
    let (mut parts, _) = request.into_parts();
    if SignedIn::from_request_parts(&mut parts, &state).await.is_ok() {
        return see_other(next.as_deref().unwrap_or("/"));
    }
    if !anybody.activated {
        return refusal(&NotActivated { frame: anybody.frame }, &Failure::plain(errors::Code::NotActivated));
    }
    let done = coming.done.and_then(Done::text);
    page(&SignIn { frame: anybody.frame, username: String::new(), next, problem: None, done })
}

/// What the page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    username: String,
    password: Zeroizing<String>,
    next: Option<String>,
}

/// Signs in. Why somebody is refused is told only after the right password (S14 to S17).
pub async fn enter(
    State(state): State<AppState>,
    peer: Peer,
    reference: RequestId,
    Anybody { frame, activated }: Anybody,
    request: Request,
) -> Response {
    // Whoever signs in is nobody yet, even where an older session still lives.
    let frame = frame.for_nobody();
    if !activated {
        return refusal(&NotActivated { frame }, &Failure::plain(errors::Code::NotActivated));
    }
    if let Err(failure) = csrf::check_origin(request.headers()) {
        return Refused::new(frame, failure).into_response();
    }
    let Credentials { username, password, next } = match fields(request, &state).await {
        Ok(credentials) => credentials,
        Err(failure) => return Refused::new(frame, failure).into_response(),
    };
    let next = next.filter(|address| is_inside(address));
    match sign_in(&state, peer, &username, password).await {
        Ok((token, member)) => {
            let own = member.password_kind == PasswordKind::Own;
            let onward = if own { next.as_deref().unwrap_or("/") } else { "/password" };
            match cookie(&state, Some(&token)) {
                Ok(cookie) => ([(header::SET_COOKIE, cookie)], see_other(onward)).into_response(),
                Err(Problem(failure)) => Refused::new(frame, failure).into_response(),
            }
        }
        Err(Problem(failure)) => {
            let failure = reference.on(failure);
            let problem = Some(ErrorSummary::from(&failure));
            refusal(&SignIn { frame, username, next, problem, done: None }, &failure)
        }
    }
}

/// What the button in the head of every page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaving {
    csrf: String,
}

impl Fields for Leaving {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Signs out; a locked-out member may too.
///
/// # Errors
/// What the database says.
pub async fn leave(
    State(state): State<AppState>,
    Posted { visit, form: Leaving { .. } }: Posted<Leaving, Session>,
) -> Result<Response, Refused> {
    let (member, hash) = (visit.session.member().clone(), visit.session.token.hash());
    let closed = state.store.write(move |tx| sessions::close(tx, &member, &hash)).await;
    closed.map_err(|error| visit.refused(error))?;
    let cookie = cookie(&state, None).map_err(|problem| visit.refused(problem))?;
    Ok(([(header::SET_COOKIE, cookie)], see_other("/signin?done=signed-out")).into_response())
}

/// The address that was asked for, as it can stand in a query; nothing for the first page.
pub(super) fn address_of(uri: &Uri) -> Option<String> {
    let address = uri.path_and_query().map(|whole| whole.as_str()).filter(|address| *address != "/")?;
    Some(address.bytes().fold(String::with_capacity(address.len()), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            text + &char::from(byte).to_string()
        }
        other => text + &format!("%{other:02X}"),
    }))
}

/// Whether an address lies in this portal: a path of printable ASCII, and none that browsers take for another host.
fn is_inside(address: &str) -> bool {
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    let other_host = address.starts_with("//") || address.contains('\\');
    plain && address.starts_with('/') && !other_host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_portal_are_gone_on_to() {
        for inside in ["/", "/members", "/members?user_type=viewer&q=a%20b", "/licenses#types"] {
            assert!(is_inside(inside), "{inside}");
        }
        for outside in
            ["", "members", "//example.org", "/\\example.org", "https://example.org", "/a\r\nb", "/a b", "/é"]
        {
            assert!(!is_inside(outside), "{outside}");
        }
    }

    #[test]
    fn the_address_asked_for_stands_in_the_query_whole() {
        let address = |text: &str| address_of(&text.parse().unwrap());
        assert_eq!(address("/"), None);
        assert_eq!(address("/members"), Some("/members".to_owned()));
        assert_eq!(address("/members?q=a&x=%20"), Some("/members%3Fq%3Da%26x%3D%2520".to_owned()));
    }
}
