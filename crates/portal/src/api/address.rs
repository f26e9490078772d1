//! The parts of an address: what axum would refuse as plain text is refused here as a problem.

use axum::Json;
use axum::extract::{self, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use errors::{Code, Failure};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::shape;
use crate::actions::input::invalid_at;
use crate::problem::Problem;
use crate::state::AppState;

/// A named part of the path; one of another form names nothing.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let path = extract::Path::<T>::from_request_parts(parts, state).await;
        let nothing = |_| Problem(Failure::new(Code::NotFound, "Nothing has an address of this form."));
        path.map(|extract::Path(part)| Self(part)).map_err(nothing)
    }
}

/// What stands after the question mark; an unknown, repeated or unreadable part is a mistake.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let query = extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|extract::Query(asked)| Self(asked)).map_err(|rejection| {
            let said = rejection.body_text();
            Problem(invalid_at("", said.trim_start_matches("Failed to deserialize query string: ")))
        })
    }
}

/// A page of a list, with where the next one is: in the body, and as a link.
pub fn page_of(items: Vec<Value>, next: Option<&str>, query: Option<&str>) -> Response {
    let mut response = Json(shape::list(items, next)).into_response();
    if let Some(link) = next.and_then(|next| next_page(query, next)) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// The Link header of a page of a list: the same address with the cursor of the next page (RFC 8288).
fn next_page(query: Option<&str>, cursor: &str) -> Option<HeaderValue> {
    let kept = query.unwrap_or("").split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
    let cursor = format!("cursor={}", percent_encoded(cursor));
    let parts: Vec<&str> = kept.chain([cursor.as_str()]).collect();
    HeaderValue::from_str(&format!("<?{}>; rel=\"next\"", parts.join("&"))).ok()
}

/// Text as it may stand in a query: all but letters, digits, `-`, `.`, `_` and `~` by their bytes (RFC 3986, 2.1).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |encoded, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded + &char::from(byte).to_string(),
        other => encoded + &format!("%{other:02X}"),
    })
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn the_next_page_keeps_the_filters_and_spells_its_cursor_safely() {
        let next = |query, cursor| next_page(query, cursor).unwrap().to_str().unwrap().to_owned();
        assert_eq!(next(None, "v10"), "<?cursor=v10>; rel=\"next\"");
        let filtered = Some("limit=2&cursor=v10&user_type=viewer");
        assert_eq!(next(filtered, "a&b >ü"), "<?limit=2&user_type=viewer&cursor=a%26b%20%3E%C3%BC>; rel=\"next\"");
    }
}
