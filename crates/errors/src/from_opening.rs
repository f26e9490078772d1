//! A file that did not open, as a refusal: the sentence of the opening, and its values as facts.

use entitlement::OpenError;
use serde_json::Value;

use crate::{Code, Failure};

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let failure = Self::new(code(&error), format!("The file is refused: {error}."));
        facts(&error).into_iter().fold(failure, |failure, (name, fact)| failure.with(name, fact))
    }
}

/// The row of the registry; the names are the same, and a test holds them together.
fn code(error: &OpenError) -> Code {
    match error {
        OpenError::TooLarge { .. } => Code::LicenseTooLarge,
        OpenError::Empty => Code::LicenseEmpty,
        OpenError::NotUtf8 { .. } => Code::LicenseNotUtf8,
        OpenError::Malformed { .. } => Code::LicenseMalformed,
        OpenError::WrongKind { .. } => Code::LicenseWrongKind,
        OpenError::KeyUnknown { .. } => Code::LicenseKeyUnknown,
        OpenError::KeyWeak { .. } => Code::LicenseKeyWeak,
        OpenError::Signature { .. } => Code::LicenseSignature,
        OpenError::NeedsNewer { .. } => Code::LicenseNeedsNewer,
        OpenError::KeyNotYetValid { .. } => Code::LicenseKeyNotYetValid,
        OpenError::KeyRetired { .. } => Code::LicenseKeyRetired,
        OpenError::KeyRevoked { .. } => Code::LicenseKeyRevoked,
        OpenError::IssuedAhead { .. } => Code::LicenseIssuedAhead,
        OpenError::NeedsNewerTrust { .. } => Code::LicenseNeedsNewerTrust,
        OpenError::SummaryEdited { .. } => Code::LicenseSummaryEdited,
        OpenError::WrongPortal { .. } => Code::LicenseWrongPortal,
        OpenError::CatalogMismatch { .. } => Code::LicenseCatalogMismatch,
        OpenError::OtherContract { .. } => Code::LicenseOtherContract,
        OpenError::Older { .. } => Code::LicenseOlder,
        OpenError::Reused { .. } => Code::LicenseReused,
        OpenError::TrustListOlder { .. } => Code::TrustListOlder,
    }
}

type Fact = (&'static str, Value);

fn fact(name: &'static str, value: impl ToString) -> Fact {
    (name, Value::from(value.to_string()))
}

fn number(name: &'static str, value: impl Into<Value>) -> Fact {
    (name, value.into())
}

fn names<T: ToString>(name: &'static str, values: &[T]) -> Fact {
    (name, values.iter().map(ToString::to_string).collect())
}

/// The values that disagreed: `expected` (or what it is by name) and `found`.
fn facts(error: &OpenError) -> Vec<Fact> {
    match error {
        OpenError::TooLarge { size, limit } => vec![number("found", *size), number("expected", *limit)],
        OpenError::Empty => vec![],
        OpenError::NotUtf8 { at } => vec![number("at", *at)],
        OpenError::Malformed { place, problem } => vec![fact("place", place), fact("found", problem)],
        OpenError::WrongKind { expected, found } => vec![fact("expected", expected.typ()), fact("found", found)],
        OpenError::KeyUnknown { kid, known } => vec![fact("kid", kid), names("expected", known)],
        OpenError::KeyWeak { kid } | OpenError::Signature { kid } => vec![fact("kid", kid)],
        OpenError::NeedsNewer { found } => vec![fact("found", found)],
        OpenError::KeyNotYetValid { kid, issued_at, not_before } => {
            vec![fact("kid", kid), fact("issued_at", issued_at), fact("not_before", not_before)]
        }
        OpenError::KeyRetired { kid, issued_at, retired_at } => {
            vec![fact("kid", kid), fact("issued_at", issued_at), fact("retired_at", retired_at)]
        }
        OpenError::KeyRevoked { kid, issued_at, revoked_from } => {
            let issued_at = issued_at.map_or(Value::Null, |issued_at| Value::from(issued_at.to_string()));
            vec![fact("kid", kid), ("issued_at", issued_at), fact("revoked_from", revoked_from)]
        }
        OpenError::IssuedAhead { issued_at, now } => vec![fact("issued_at", issued_at), fact("now", now)],
        OpenError::NeedsNewerTrust { needed, found } => vec![number("expected", *needed), number("found", *found)],
        OpenError::SummaryEdited { member, signed, shown } => {
            vec![fact("member", member), fact("expected", signed), fact("found", shown)]
        }
        OpenError::WrongPortal { bound_to, portal } => {
            let found = portal.as_ref().map_or(Value::Null, |portal| Value::from(portal.as_str()));
            vec![fact("expected", bound_to), ("found", found)]
        }
        OpenError::CatalogMismatch { id, needed, known } => {
            vec![fact("catalog", id), fact("expected", needed), names("found", known)]
        }
        OpenError::OtherContract { installed, found } => vec![fact("installed", installed), fact("found", found)],
        OpenError::Older { contract, installed, found } => {
            vec![fact("contract", contract), number("installed", *installed), number("found", *found)]
        }
        OpenError::Reused { contract, sequence, installed, found } => vec![
            fact("contract", contract),
            number("sequence", *sequence),
            fact("installed", installed),
            fact("found", found),
        ],
        OpenError::TrustListOlder { installed, found } => {
            vec![number("installed", *installed), number("found", *found)]
        }
    }
}

#[cfg(test)]
#[path = "from_opening_tests.rs"]
mod tests;
