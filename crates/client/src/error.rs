//! What can go wrong between a product and its portal, each kind apart: refused, silent, strange.

use std::fmt;

use serde_json::Value;

/// Why something was not done.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientError {
    /// The portal answered no, and says why.
    Refused(Box<Refusal>),
    /// No answer came: whether the portal has done it is not known. What is repeated with the same [`Start`](crate::Start)
    /// or the same computer is done once.
    Silent {
        /// What the connection said.
        why: String,
    },
    /// Something answered that is no portal of this interface.
    Strange {
        /// What was wrong with it.
        what: String,
    },
    /// The address cannot be used: it is none, or passwords would cross the network in the clear.
    Address {
        /// What is wrong with it.
        why: String,
    },
    /// The key of the computer cannot be made or read, or it is not the one of the lease.
    DeviceKey {
        /// What is wrong with it.
        why: String,
    },
}

/// A problem of the portal's interface (RFC 9457).
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code of the portal's registry, such as `session-limit-reached`: what a program decides by.
    pub code: String,
    /// The case in one sentence, for a person.
    pub detail: String,
    /// What to do about it, for a person.
    pub fix: String,
    /// Every member of the answer: the numbers and names of the case.
    pub facts: Value,
}

impl ClientError {
    /// The code of the portal's registry; nothing where the portal has not answered.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.code),
            Self::Silent { .. } | Self::Strange { .. } | Self::Address { .. } | Self::DeviceKey { .. } => None,
        }
    }

    pub(crate) fn strange(what: impl Into<String>) -> Self {
        Self::Strange { what: what.into() }
    }
}

impl Refusal {
    /// Reads a problem; an answer of another program is none.
    pub(crate) fn read(status: u16, body: &str) -> Result<Self, ClientError> {
        let strange = || ClientError::strange(format!("an answer with the status {status} and no code"));
        let facts: Value = serde_json::from_str(body).map_err(|_| strange())?;
        let text = |member: &str| facts.get(member).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            status,
            code: text("code").ok_or_else(strange)?,
            detail: text("detail").unwrap_or_default(),
            fix: text("fix").unwrap_or_default(),
            facts,
        })
    }

    /// A fact of the case as text.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.get(name).and_then(Value::as_str)
    }

    /// The sessions that a `session-limit-reached` names (S58): id and computer of each. The member may end one of them
    /// with [`SignedIn::end_session`](crate::SignedIn::end_session).
    #[must_use]
    pub fn sessions(&self) -> Vec<(String, String)> {
        let sessions = self.facts.get("sessions").and_then(Value::as_array);
        let text = |one: &Value, member: &str| one.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        sessions.into_iter().flatten().map(|one| (text(one, "id"), text(one, "computer"))).collect()
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Silent { why } => write!(f, "the portal does not answer: {why}"),
            Self::Strange { what } => write!(f, "this is no Seatwarden portal: {what}"),
            Self::Address { why } => write!(f, "the portal's address cannot be used: {why}"),
            Self::DeviceKey { why } => write!(f, "the key of this computer: {why}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.code)
    }
}

impl std::error::Error for ClientError {}
