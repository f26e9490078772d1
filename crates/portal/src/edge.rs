//! What is around every request: its id, its line in the log, the headers of every answer, and the answers of no handler.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde_json::Value;

use crate::logging::{self, Answered};
use crate::problem::Problem;
use crate::state::AppState;

/// The most bytes of an answer that the directory shows as a page.
const LARGEST_SHOWN: usize = 8 * 1024 * 1024;

/// The headers of every answer (OWASP ASVS 5.0, V3).
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Gives the request an id, logs its answer, and puts the headers on it.
pub async fn around(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let began = state.clock.elapsed();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let request_id = request_id();
    let mut response = next.run(request).await;
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

/// The Portal Directory: what a program gets as JSON, a person with a browser gets as a page (S16, S19).
pub async fn directory(request: Request, next: Next) -> Response {
    let wanted = request.method() == Method::GET && prefers_html(request.headers());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !wanted {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let is_json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.contains("json"));
    let attached = parts.headers.contains_key(header::CONTENT_DISPOSITION);
    let bytes = match to_bytes(body, LARGEST_SHOWN).await {
        Ok(bytes) if is_json && !attached => bytes,
        Ok(bytes) => return Response::from_parts(parts, Body::from(bytes)),
        Err(_) => return Problem(Failure::plain(Code::Internal)).into_response(),
    };
    let shown = serde_json::from_slice::<Value>(&bytes).unwrap_or(Value::Null);
    let html = format!("{path} {shown:#}");
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}

/// Whether the caller is a browser: it names HTML before anything else.
fn prefers_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("text/html"))
}
