//! `/settings/{topic}`: new-member defaults, security, website, groups, categories, offline use (S54, S196, S197, S204 to S206, S82, S84).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{StoreError, Topic, WriteTx};

use super::address::Path;
use super::body::{Whole, from_json};
use super::precondition::{etag, expected_version};
use crate::actions::Caller;
use crate::actions::settings::{self, Offline, Security, SentDefaults, Shown, Website};
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
pub enum Sent {
    /// What new members get.
    Defaults(SentDefaults),
    /// Notices and passwords.
    Security(Security),
    /// The words of the house.
    Website(Website),
    /// Whether products may be taken offline.
    Offline(Offline),
    /// Groups or categories.
    Names(Topic, Vec<String>),
}

impl Sent {
    /// Reads the JSON of that topic, called `what` in sentences.
    ///
    /// # Errors
    /// `request-malformed`, `validation-failed`.
    pub fn read(topic: Topic, what: &str, body: &[u8]) -> Result<Self, Failure> {
        Ok(match topic {
            Topic::Defaults => Self::Defaults(from_json(what, body)?),
            Topic::Security => Self::Security(from_json(what, body)?),
            Topic::Website => Self::Website(from_json(what, body)?),
            Topic::Offline => Self::Offline(from_json(what, body)?),
            Topic::Groups | Topic::Categories => Self::Names(topic, from_json::<SentNames>(what, body)?.names),
        })
    }

    /// Sets it.
    ///
    /// # Errors
    /// As the actions of [`settings`].
    pub fn set(self, tx: &WriteTx<'_>, caller: &Caller, expected: Option<u64>) -> Result<(), StoreError> {
        match self {
            Self::Defaults(sent) => settings::set_defaults(tx, caller, sent, expected),
            Self::Security(sent) => settings::set_security(tx, caller, sent, expected),
            Self::Website(sent) => settings::set_website(tx, caller, sent, expected),
            Self::Offline(sent) => settings::set_offline(tx, caller, sent, expected),
            Self::Names(topic, names) => settings::set_names(tx, caller, topic, names, expected),
        }
    }
}

/// The topic of that name.
///
/// # Errors
/// `not-found`, with those that there are.
pub fn topic_of(name: &str) -> Result<Topic, Failure> {
    let names: Vec<&str> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let unknown =
        || Failure::new(Code::NotFound, format!("There are no settings `{name}`; there are {}.", names.join(", ")));
    Topic::from_name(name).ok_or_else(unknown)
}

/// What is set as programs see it, with who set it and what is wrong with it now.
#[must_use]
pub fn value_of(shown: Shown) -> Value {
    let Shown { mut value, version: _, changed, problem } = shown;
    if let Value::Object(members) = &mut value {
        members.insert("changed_by".into(), json!(changed.as_ref().map(|(who, _)| who)));
        members.insert("changed_at".into(), json!(changed.as_ref().map(|(_, at)| at.to_string())));
        members.insert("problem".into(), json!(problem.map(|failure| failure.detail)));
    }
    value
}

fn shaped(shown: Shown) -> Response {
    let version = shown.version;
    let mut response = Json(value_of(shown)).into_response();
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
    let sent = Sent::read(topic, "The body", &body)?;
    let caller = session.caller();
    let shown = state.store.write(move |tx| {
        sent.set(tx, &caller, expected)?;
        settings::show(tx, &caller, topic)
    });
    Ok(shaped(shown.await?))
}
