//! Why a catalog was refused.

use std::fmt;

/// A catalog that cannot be used: the place and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogError {
    /// Where: a path into the file such as `roles[2].privileges[7]`, or a line and column where the file is no JSON of
    /// this shape.
    pub place: String,
    /// What is wrong there, in one sentence without its full stop.
    pub problem: String,
}

impl CatalogError {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl std::error::Error for CatalogError {}
