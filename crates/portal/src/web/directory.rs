//! The Portal Directory: what a program gets as JSON, a person with a browser gets as a page (S16, S19).

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde_json::Value;

use super::surroundings::around;
use crate::auth::session::Session;
use crate::pages;
use crate::pages::directory::Directory;
use crate::pages::error_summary::ErrorSummary;
use crate::problem::{Problem, Told};
use crate::state::AppState;

/// The most bytes of an answer that is shown as a page.
const LARGEST_SHOWN: usize = 8 * 1024 * 1024;

/// Shows the answer of the interface as a page to whoever reads it in a browser.
pub async fn show(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !prefers_html(request.headers()) {
        return varying(next.run(request).await);
    }
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let session = Session::from_request_parts(&mut parts, &state).await.ok();
    let response = next.run(Request::from_parts(parts, body)).await;
    let (mut parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.contains("json"));
    let is_file = parts.headers.contains_key(header::CONTENT_DISPOSITION);
    // A file goes on as it comes, however large it is.
    if !is_json || is_file {
        return varying(Response::from_parts(parts, body));
    }
    let Ok(bytes) = to_bytes(body, LARGEST_SHOWN).await else {
        return Problem(Failure::plain(Code::Internal)).into_response();
    };
    let shown = serde_json::from_slice::<Value>(&bytes).unwrap_or(Value::Null);
    let told: Option<Told> = parts.extensions.get().cloned();
    let (frame, _) = around(&state, session.as_ref());
    let problem = told.as_ref().map(|Told(failure)| ErrorSummary::from(failure));
    match pages::html(&Directory { frame, path, answer: format!("{shown:#}"), problem }) {
        Ok(html) => {
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            parts.headers.remove(header::CONTENT_LENGTH);
            varying(Response::from_parts(parts, Body::from(html)))
        }
        Err(failure) => Problem(failure).into_response(),
    }
}

/// A cache must not give the page to a program, nor the JSON to a browser.
fn varying(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// Whether the caller is a browser: it names HTML before anything else.
fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("text/html"))
}
