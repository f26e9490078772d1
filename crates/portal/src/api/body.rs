//! Reading bodies: typed, strict, bounded.

use axum::body::Bytes;
use axum::extract::{self, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use errors::{Code, Failure};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::actions::input::invalid_at;
use crate::problem::Problem;

/// A JSON body read into a type: unknown and repeated members, and arrays in the place of objects, are refused.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(json_body(&whole(request, state).await?.1)?))
    }
}

/// The fields of a form (RFC 7662 asks with one) read into a type: what axum would refuse as plain text is a problem here.
pub struct FormBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for FormBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = extract::Form::<T>::from_request(request, state).await;
        form.map(|extract::Form(form)| Self(form)).map_err(|rejection| {
            let said = rejection.body_text();
            Problem(match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Failure::plain(Code::RequestTooLarge),
                StatusCode::UNPROCESSABLE_ENTITY => invalid_at("", said.trim_start_matches(FORM_ERROR)),
                _ => Failure::new(Code::RequestMalformed, format!("The body is no form: {said}.")),
            })
        })
    }
}

/// What axum puts before the reason.
const FORM_ERROR: &str = "Failed to deserialize form body: ";

/// Head and body of a request whose body is read later, because a key or a version in the head belongs to it.
pub struct Whole {
    /// The head.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        Ok(Self { headers, body: whole(request, state).await?.1 })
    }
}

/// The content type and the bytes of the body, within the limit of the route.
pub async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<(String, Bytes), Problem> {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
        let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        Problem(Failure::plain(if too_large { Code::RequestTooLarge } else { Code::RequestMalformed }))
    })?;
    Ok((kind, bytes))
}

/// Reads JSON bytes into a type.
///
/// # Errors
/// As [`from_json`].
pub fn json_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    from_json("The body", bytes).map_err(Problem)
}

/// Reads JSON bytes, called `what` in sentences, into a type.
///
/// # Errors
/// `request-malformed` for what is not JSON, `validation-failed` for JSON of another shape; both name the place.
pub fn from_json<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, Failure> {
    let invalid = |message: &str| {
        let failure = Failure::new(Code::ValidationFailed, format!("{what} cannot be used: {message}."));
        failure.with("errors", json!([{"pointer": "", "message": message}]))
    };
    // A derived struct would also open from a JSON array, by position.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| *byte == b'[') {
        return Err(invalid("it is an array, not an object"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("{error}");
        if error.is_data() {
            return invalid(&place);
        }
        Failure::new(Code::RequestMalformed, format!("{what} is not well-formed JSON: {place}."))
    })
}
