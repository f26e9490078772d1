//! What is promised of every refusal.

use errors::{Code, Failure};

/// A code that somebody is told stands in the registry.
pub fn known(code: &str) {
    assert!(Code::from_name(code).is_some(), "`{code}` is no code of the registry");
}

/// A failure can be shown, and its facts are JSON.
pub fn shown(failure: &Failure) {
    known(failure.row().name);
    assert!(!failure.detail.is_empty(), "`{}` without a sentence", failure.row().name);
    assert!(failure.to_string().contains(failure.row().name));
    for (name, fact) in &failure.facts {
        assert!(!name.is_empty() && !fact.to_string().is_empty());
    }
}
