//! `/settings/{topic}`: new-member defaults, security, website, groups, categories (S54, S196, S197, S204 to S206).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{StoreError, Topic, WriteTx};

use super::address::Path;
use super::body::{Whole, json_body};
use super::precondition::{etag, expected_version};
use crate::actions::Caller;
use crate::actions::settings::{self, Security, SentDefaults, Shown, Website};
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// Names of groups or of categories as they are sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentNames {
    names: Vec<String>,
}

/// What is sent for a topic.
enum Sent {
    Defaults(SentDefaults),
    Security(Security),
    Website(Website),
    Names(Topic, Vec<String>),
}

impl Sent {
    fn read(topic: Topic, body: &[u8]) -> Result<Self, Problem> {
        Ok(match topic {
            Topic::Defaults => Self::Defaults(json_body(body)?),
            Topic::Security => Self::Security(json_body(body)?),
            Topic::Website => Self::Website(json_body(body)?),
            Topic::Groups | Topic::Categories => Self::Names(topic, json_body::<SentNames>(body)?.names),
        })
    }

    fn set(self, tx: &WriteTx<'_>, caller: &Caller, expected: Option<u64>) -> Result<(), StoreError> {
        match self {
            Self::Defaults(sent) => settings::set_defaults(tx, caller, sent, expected),
            Self::Security(sent) => settings::set_security(tx, caller, sent, expected),
            Self::Website(sent) => settings::set_website(tx, caller, sent, expected),
            Self::Names(topic, names) => settings::set_names(tx, caller, topic, names, expected),
        }
    }
}

/// The topic of that name.
///
/// # Errors
/// `not-found` with the topics that there are.
pub(crate) fn topic_of(name: &str) -> Result<Topic, Failure> {
    let names: Vec<&str> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let unknown =
        || Failure::new(Code::NotFound, format!("There are no settings `{name}`; there are {}.", names.join(", ")));
    Topic::from_name(name).ok_or_else(unknown)
}

fn shaped(shown: Shown) -> Response {
    let Shown { mut value, version, changed, problem } = shown;
    if let Value::Object(members) = &mut value {
        members.insert("changed_by".into(), json!(changed.as_ref().map(|(who, _)| who)));
        members.insert("changed_at".into(), json!(changed.as_ref().map(|(_, at)| at.to_string())));
        members.insert("problem".into(), json!(problem.map(|failure| failure.detail)));
    }
    let mut response = Json(value).into_response();
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

/// What is set, with the ETag that a change takes.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(topic): Path<String>,
) -> Result<Response, Problem> {
    let (topic, caller) = (topic_of(&topic)?, session.caller());
    Ok(shaped(state.store.read(|tx| settings::show(tx, &caller, topic))?))
}

/// Sets a topic.
///
/// # Errors
/// `validation-failed`, `role-exceeds-user-type`, `privilege-missing`, `stale`, `precondition-required`, `not-found`.
pub async fn set(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(topic): Path<String>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let (topic, expected) = (topic_of(&topic)?, expected_version(&headers)?);
    let sent = Sent::read(topic, &body)?;
    let caller = session.caller();
    let shown = state.store.write(move |tx| {
        sent.set(tx, &caller, expected)?;
        settings::show(tx, &caller, topic)
    });
    Ok(shaped(shown.await?))
}
