//! A refusal as a page shows it: the sentence, the way out, the code, and links to the fields that are wrong.

use errors::Failure;
use serde_json::Value;

/// What went wrong, above the form that it went wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorSummary {
    /// The registry's code.
    pub code: &'static str,
    /// The case in a sentence.
    pub text: String,
    /// What to do about it.
    pub fix: String,
    /// What to tell an administrator, where the failure names one.
    pub reference: Option<String>,
    /// The fields that are wrong.
    pub fields: Vec<WrongField>,
}

/// A field of the form and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// The id of the input element.
    pub field: String,
    /// What is wrong with it, as a sentence.
    pub text: String,
}

impl ErrorSummary {
    /// What is wrong with a field, if anything.
    #[must_use]
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.text.as_str())
    }
}

/// Takes the facts `reference` (a text) and `errors` (objects with `pointer` and `message`, as in a problem).
impl From<&Failure> for ErrorSummary {
    fn from(failure: &Failure) -> Self {
        let row = failure.row();
        let text = |value: &Value, member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
        let wrong = |error: &Value| {
            let field = text(error, "pointer")?.trim_start_matches('/').to_owned();
            Some(WrongField { field, text: text(error, "message")? })
        };
        let errors = failure.facts.get("errors").and_then(Value::as_array);
        Self {
            code: row.name,
            text: failure.detail.clone(),
            fix: row.fix.to_owned(),
            reference: failure.facts.get("reference").and_then(Value::as_str).map(str::to_owned),
            fields: errors.map(|errors| errors.iter().filter_map(wrong).collect()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use errors::Code;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_becomes_its_sentence_its_fix_and_its_fields() {
        let failure = Failure::new(Code::ValidationFailed, "One value cannot be used.")
            .with("reference", "req_7")
            .with("errors", json!([{"pointer": "/username", "message": "The user name is empty."}, {"pointer": 1}]));
        let summary = ErrorSummary::from(&failure);
        assert_eq!((summary.code, summary.text.as_str()), ("validation-failed", "One value cannot be used."));
        assert_eq!(summary.fix, Code::ValidationFailed.row().fix);
        assert_eq!(summary.reference.as_deref(), Some("req_7"));
        assert_eq!(summary.fields.len(), 1);
        assert_eq!((summary.wrong("username"), summary.wrong("email")), (Some("The user name is empty."), None));
    }
}
