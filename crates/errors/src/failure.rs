//! One refusal, with the facts of the case.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::{Code, Row};

/// A refusal or an error as people and programs see it: a code of the registry, a sentence, and the numbers behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Which row of the registry.
    pub code: Code,
    /// The case in one sentence, with its names and numbers.
    pub detail: String,
    /// The same facts for programs; extension members of the problem (RFC 9457, 3.2).
    pub facts: BTreeMap<&'static str, Value>,
}

impl Failure {
    /// A failure whose sentence is the registry's own meaning.
    #[must_use]
    pub fn plain(code: Code) -> Self {
        Self::new(code, code.row().meaning)
    }

    /// A failure with a sentence of its own.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), facts: BTreeMap::new() }
    }

    /// The same failure with one more fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: impl Into<Value>) -> Self {
        self.facts.insert(name, fact.into());
        self
    }

    /// The row of the registry.
    #[must_use]
    pub fn row(&self) -> &'static Row {
        self.code.row()
    }

    /// The exit code of a program that ends with this failure.
    #[must_use]
    pub fn exit(&self) -> u8 {
        self.row().exit
    }
}

/// What a terminal shows: the sentence, the way out, and the code to ask about.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}\n  ({})", self.detail, self.row().fix, self.row().name)
    }
}

impl std::error::Error for Failure {}
