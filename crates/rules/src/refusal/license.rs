//! Why a license file does not come in, although it is a good one.

use entitlement::{LicenseId, Moment};
use errors::Code;
use serde_json::{Value, json};

use super::Refusal;

/// A good file that may not be put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenseRefusal {
    /// Its term is over (design: Seats 10).
    Ended {
        /// Since when.
        until: Moment,
    },
    /// Its term has not begun, and there is no file before it.
    NotBegun {
        /// When it begins.
        from: Moment,
    },
    /// The vendor has revoked it.
    Revoked {
        /// Which license.
        license: LicenseId,
    },
}

impl LicenseRefusal {
    /// The row of the registry.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Ended { .. } => Code::LicenseEnded,
            Self::NotBegun { .. } => Code::LicenseNotBegun,
            Self::Revoked { .. } => Code::LicenseRevoked,
        }
    }

    /// The case in one sentence, for a person.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Ended { until } => format!("The term of the file ended at {until}."),
            Self::NotBegun { from } => format!("The term of the file begins at {from}."),
            Self::Revoked { license } => format!("The vendor has revoked the license {license}."),
        }
    }

    /// The same facts for programs.
    pub(super) fn facts(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Ended { until } => vec![("until", json!(until.to_string()))],
            Self::NotBegun { from } => vec![("from", json!(from.to_string()))],
            Self::Revoked { license } => vec![("license", json!(license.as_str()))],
        }
    }
}

impl From<LicenseRefusal> for Refusal {
    fn from(refusal: LicenseRefusal) -> Self {
        Self::License(refusal)
    }
}
