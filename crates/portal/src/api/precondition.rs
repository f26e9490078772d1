//! If-Match and Idempotency-Key.

use axum::http::StatusCode;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde_json::Value;
use store::{Answer, RequestKey, StoreError, WriteTx};

use crate::problem::Problem;

/// The longest Idempotency-Key that is taken.
const LONGEST_KEY: usize = 255;

/// The version that `If-Match` names; none for `*`.
///
/// # Errors
/// `precondition-required` without the header; `stale` for an ETag that this portal never gave.
pub fn expected_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let value = headers.get(header::IF_MATCH).ok_or_else(|| Problem(Failure::plain(Code::PreconditionRequired)))?;
    let text = value.to_str().unwrap_or("").trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|digits| digits.parse().ok());
    version.map(Some).ok_or_else(|| Problem(Failure::plain(Code::Stale)))
}

/// The ETag of a version.
#[must_use]
pub fn etag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// A request that is to be carried out once, however often it arrives.
#[derive(Debug, Clone)]
pub struct Once {
    key: String,
    content: Vec<u8>,
}

impl Once {
    /// The key of the request, where one was sent. What is compared covers the route's name and the body, so that a key used
    /// for something else is found out.
    ///
    /// # Errors
    /// `validation-failed` for a key that is empty, too long or not plain text.
    pub fn of(headers: &HeaderMap, route: &str, body: &[u8]) -> Result<Option<Self>, Problem> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().unwrap_or("").trim().trim_matches('"');
        Ok(Some(Self::with_key(key, route, body)?))
    }

    /// The same for a form, which carries the key in a field of its own.
    ///
    /// # Errors
    /// `validation-failed` for a key that is empty or too long.
    pub fn with_key(key: &str, route: &str, body: &[u8]) -> Result<Self, Failure> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(Failure::new(Code::ValidationFailed, "An Idempotency-Key has 1 to 255 plain characters."));
        }
        Ok(Self { key: key.to_owned(), content: [route.as_bytes(), &[0], body].concat() })
    }

    /// The key, where the route does not work without one.
    ///
    /// # Errors
    /// `idempotency-key-required`.
    pub fn required(headers: &HeaderMap, route: &str, body: &[u8]) -> Result<Self, Problem> {
        Self::of(headers, route, body)?.ok_or_else(|| Problem(Failure::plain(Code::IdempotencyKeyRequired)))
    }
}

/// What was answered, and whether it was done just now or is an answer given again.
pub type Answered = ((u16, Value), Freshness);

/// Whether an answer is the first or a repeated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Done just now.
    First,
    /// Done before; this is the answer of then.
    Again,
}

/// Carries out `act` unless the same request of the same caller was answered before; then gives that answer again. Act,
/// answer and key are in one transaction, so that neither is there without the others.
///
/// # Errors
/// What `act` refuses (which is not remembered: nothing was done); `idempotency-mismatch`.
pub fn once(
    tx: &WriteTx<'_>,
    caller: &str,
    once: Option<&Once>,
    act: impl FnOnce(&WriteTx<'_>) -> Result<(u16, Value), StoreError>,
) -> Result<Answered, StoreError> {
    let Some(Once { key, content }) = once else { return Ok((act(tx)?, Freshness::First)) };
    let request = RequestKey::new(caller, key, content);
    if let Some(before) = tx.answered(&request)? {
        let body = serde_json::from_str(&before.body).map_err(StoreError::damaged)?;
        return Ok(((before.status, body), Freshness::Again));
    }
    let (status, body) = act(tx)?;
    tx.remember_answer(&request, &Answer { status, body: body.to_string() })?;
    Ok(((status, body), Freshness::First))
}

/// The answer of [`once`].
#[must_use]
pub fn answer(((status, body), _): Answered) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, axum::Json(body)).into_response()
}
