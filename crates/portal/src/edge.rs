//! What is around every request: its id, its line in the log, the headers of every answer, and the answers of no handler.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};

use crate::logging::{self, Answered};
use crate::pages::assets::CONTENT_SECURITY_POLICY;
use crate::problem::{Problem, Told};
use crate::state::AppState;

/// How long a request may take, with its body: who sends slowly must not hold a connection for ever.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);

/// A body of so many bytes at most is waited for before anything is asked.
const SMALL: usize = 64 * 1024;

/// The headers of every answer (OWASP ASVS 5.0, V3).
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The id of the request: in the log, in the header `request-id`, and the reference of those who are sent to an
/// administrator.
#[derive(Debug, Clone)]
pub struct RequestId(Arc<str>);

/// Refusals that send people to their administrator without a word of the cause (S15, S21).
const TO_AN_ADMINISTRATOR: [Code; 2] = [Code::UserTypeOverLimit, Code::CreationBlocked];

impl RequestId {
    /// The same failure, with this id as its reference where people have nothing else to tell an administrator.
    #[must_use]
    pub fn on(&self, failure: Failure) -> Failure {
        if TO_AN_ADMINISTRATOR.contains(&failure.code) { failure.with("reference", &*self.0) } else { failure }
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_else(|| Self("0".into())))
    }
}

/// Puts the reference on such an answer of the interface, wherever in it the refusal came about.
pub async fn referring(id: RequestId, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Told>() {
        Some(Told(failure)) if TO_AN_ADMINISTRATOR.contains(&failure.code) => {
            Problem(id.on(failure.clone())).into_response()
        }
        Some(_) | None => response,
    }
}

/// Gives the request an id, logs its answer, and puts the headers on it.
pub async fn around(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let began = state.clock.elapsed();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let request_id = request_id();
    request.extensions_mut().insert(RequestId(request_id.as_str().into()));
    let answered = async {
        match with_its_body(request).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    let answer = tokio::time::timeout(LONGEST_REQUEST, answered).await;
    let mut response = answer.unwrap_or_else(|_| Problem(Failure::plain(Code::RequestTimeout)).into_response());
    let code = response.extensions().get::<Code>().copied();
    logging::answered(&Answered {
        method: method.as_str(),
        route: route.as_deref(),
        status: response.status().as_u16(),
        code,
        milliseconds: u64::try_from(state.clock.elapsed().saturating_sub(began).as_millis()).unwrap_or(u64::MAX),
        request_id: &request_id,
    });
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        headers.insert(HeaderName::from_static("request-id"), id);
    }
    response
}

/// The request once its body is there, where that is small. Some handlers need none, and others refuse before they read it;
/// a body that came after the answer would take the connection down, and a client that keeps its connections would lose
/// its next request with it.
async fn with_its_body(request: Request) -> Result<Request, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if !length.is_some_and(|length| (1..=SMALL).contains(&length)) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let malformed = |_| Problem(Failure::plain(Code::RequestMalformed));
    let bytes = to_bytes(body, SMALL).await.map_err(malformed)?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// 64 random bits; without randomness the request is still answered.
fn request_id() -> String {
    let mut bytes = [0_u8; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) => format!("{:016x}", u64::from_be_bytes(bytes)),
        Err(_) => "0".to_owned(),
    }
}

/// The portal runs.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The data can be read; not compliant is ready too.
///
/// # Errors
/// What the store says.
pub async fn ready(State(state): State<AppState>) -> Result<&'static str, Problem> {
    state.store.read(|tx| Ok(tx.version()))?;
    Ok("ready\n")
}

/// No resource of that name.
pub async fn no_such_resource() -> Problem {
    Problem(Failure::new(Code::NotFound, "There is no resource at this address."))
}

/// Not by that method.
pub async fn no_such_method() -> Problem {
    Problem(Failure::plain(Code::MethodNotAllowed))
}
