//! What can go wrong in the store, and how the caller sees it.

use std::fmt;

use errors::{Code, Failure};
use rules::{Refusal, StalePermit};

/// A write or a read did not come to its end.
#[derive(Debug, Clone)]
pub enum StoreError {
    /// Somebody said no: a rule, or the store itself (the user name is taken). The caller's own mistake, told as it is.
    Refused(Failure),
    /// Something broke. The cause is for the log; people get the reference that stands in both.
    Broken(Broken),
}

/// Something that is not the caller's doing.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The row of the registry: disk full, busy, damaged, or internal.
    pub code: Code,
    /// Random; joins the answer to the line of the log.
    pub reference: String,
    /// What the database or the code said, for the log only.
    pub cause: String,
}

impl StoreError {
    /// Something broke in a way that the registry has no row for.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::broken(Code::Internal, cause)
    }

    /// The stored data is not as it should be.
    #[must_use]
    pub fn damaged(cause: impl fmt::Display) -> Self {
        Self::broken(Code::DatabaseDamaged, cause)
    }

    pub(crate) fn broken(code: Code, cause: impl fmt::Display) -> Self {
        Self::Broken(Broken { code, reference: crate::ids::reference(), cause: cause.to_string() })
    }

    /// What broke, for the log; nothing for a refusal.
    #[must_use]
    pub fn cause(&self) -> Option<&Broken> {
        match self {
            Self::Refused(_) => None,
            Self::Broken(broken) => Some(broken),
        }
    }

    /// What people and programs are told.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Refused(failure) => failure,
            Self::Broken(Broken { code, reference, .. }) => Failure::plain(code).with("reference", reference),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(failure) => failure.fmt(f),
            Self::Broken(broken) => write!(f, "{}: {} ({})", broken.code.row().name, broken.cause, broken.reference),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        error.into_failure()
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<StalePermit> for StoreError {
    fn from(stale: StalePermit) -> Self {
        Self::internal(stale)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::broken(code_of(&error), &error)
    }
}

/// The row of the registry for what SQLite said.
fn code_of(error: &rusqlite::Error) -> Code {
    use rusqlite::ErrorCode;
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Code::DiskFull,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Code::Busy,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Code::DatabaseDamaged,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Code::FileUnwritable,
        Some(ErrorCode::PermissionDenied) => Code::FileUnreadable,
        _ => Code::Internal,
    }
}

/// Whether a unique key was there already.
pub(crate) fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|inner| {
        matches!(
            inner.extended_code,
            rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        )
    })
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::StoreError;

    #[test]
    fn a_refusal_is_told_as_it_is_and_a_breakage_by_its_reference_only() {
        let refusal = Failure::plain(Code::UsernameTaken).with("username", "ann");
        assert_eq!(StoreError::from(refusal.clone()).into_failure(), refusal);
        let broken = StoreError::internal("disk I/O error at page 7");
        let reference = broken.cause().unwrap().reference.clone();
        assert_eq!(reference.len(), 16);
        let told = broken.into_failure();
        assert_eq!(told, Failure::plain(Code::Internal).with("reference", reference));
    }
}
