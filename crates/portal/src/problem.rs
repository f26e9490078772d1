//! Failures as RFC 9457 problems: the one place where a refusal becomes an HTTP answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::Failure;
use serde_json::{Map, Value, json};

/// A failure on its way out as `application/problem+json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(pub Failure);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        Self(failure_of(error))
    }
}

/// What people are told of an error of the store; what broke goes to the log, under the same reference.
#[must_use]
pub fn failure_of(error: store::StoreError) -> Failure {
    if let Some(broken) = error.cause() {
        tracing::error!(target: "portal::store", reference = broken.reference, cause = broken.cause, "the store");
    }
    error.into()
}

impl From<rules::Refusal> for Problem {
    fn from(refusal: rules::Refusal) -> Self {
        Self(refusal.into())
    }
}

/// The failure behind an answer, for whoever shows the same answer in another form.
#[derive(Debug, Clone)]
pub struct Told(pub Failure);

/// The HTTP status of a failure. A code that only a command line can meet is a fault of ours when it gets here.
#[must_use]
pub fn status_of(failure: &Failure) -> StatusCode {
    StatusCode::from_u16(failure.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The members of the problem: type, title, status, detail, code, help, and the facts of the case.
#[must_use]
pub fn body_of(failure: &Failure) -> Value {
    let row = failure.row();
    let mut body = Map::new();
    for (name, fact) in &failure.facts {
        body.insert((*name).to_owned(), fact.clone());
    }
    body.insert("type".into(), json!(format!("/problems/{}", row.name)));
    body.insert("title".into(), json!(row.title));
    body.insert("status".into(), json!(status_of(failure).as_u16()));
    body.insert("detail".into(), json!(failure.detail));
    body.insert("code".into(), json!(row.name));
    body.insert("help".into(), json!(format!("/help/errors/{}", row.name)));
    body.insert("fix".into(), json!(row.fix));
    Value::Object(body)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let failure = self.0;
        let mut response = (status_of(&failure), body_of(&failure).to_string()).into_response();
        response.extensions_mut().insert(failure.code);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = failure.facts.get("retry_after").and_then(Value::as_u64) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if failure.row().status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(failure.code);
        response.extensions_mut().insert(Told(failure));
        response
    }
}
