//! The answers of the portal as they come. What a later portal adds is read over.

use entitlement::Moment;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::ClientError;
use crate::transport::Answer;

/// The body of an answer.
pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ClientError> {
    serde_json::from_str(&answer.body).map_err(|error| ClientError::strange(format!("its answer: {error}")))
}

/// An instant as the interface spells it.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = String::deserialize(deserializer)?;
    Moment::parse(&text).map_err(|error| D::Error::custom(format!("`{text}` is {error}")))
}

/// `POST /session`.
#[derive(Deserialize)]
pub(crate) struct Entered {
    pub(crate) token: String,
    pub(crate) member: Member,
}

#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) username: String,
    #[serde(default)]
    pub(crate) must_change_password: bool,
}

/// `GET /lease-files/{license}`.
#[derive(Deserialize)]
pub(crate) struct Files {
    pub(crate) license: String,
    pub(crate) trust: String,
}

/// The unverified payload of a lease, to ask for the file that it names.
#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) license: String,
}

/// The facts of `session-ended`.
#[derive(Deserialize)]
pub(crate) struct EndedFacts {
    pub(crate) cause: String,
    #[serde(deserialize_with = "moment")]
    pub(crate) ended_at: Moment,
    #[serde(deserialize_with = "moment")]
    pub(crate) save_until: Moment,
}
