//! Expected and found, side by side; the first difference ends the run.

use std::fmt;

use anyhow::Result;
use serde_json::Value;

use crate::http::Answer;
use crate::output;

/// An answer that is not what the handbook says.
#[derive(Debug)]
struct Difference {
    what: String,
    expected: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  expected: {}\n  found:    {}", self.what, self.expected, self.found)
    }
}

impl std::error::Error for Difference {}

/// Counts and prints what was compared.
#[derive(Debug, Default)]
pub struct Report {
    compared: usize,
}

impl Report {
    /// Begins a chapter.
    pub fn chapter(&self, title: &str) {
        output::line(&format!("\n{title}"));
    }

    /// Says that everything up to here was as expected.
    pub fn passed(&self, text: &str) {
        output::line(&format!("  ok  {text}"));
    }

    /// How many comparisons were made.
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// Two values that must be the same.
    pub fn same<T: PartialEq + fmt::Debug>(&mut self, what: &str, expected: &T, found: &T) -> Result<()> {
        self.compared += 1;
        if expected == found {
            return Ok(());
        }
        let (expected, found) = (format!("{expected:?}"), format!("{found:?}"));
        Err(Difference { what: what.to_owned(), expected, found }.into())
    }

    /// An answer that must have this status and at least these members, each exactly so.
    pub fn answer(&mut self, what: &str, expected: (u16, &Value), found: &Answer) -> Result<()> {
        self.compared += 1;
        let (status, members) = expected;
        if found.status == status && within(members, &found.body) {
            return Ok(());
        }
        let expected = format!("{status} {members}");
        Err(Difference { what: what.to_owned(), expected, found: found.shown() }.into())
    }
}

/// Whether every member of an expected object stands in the found one; lists have the same length, item by item.
fn within(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|other| within(value, other)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(one, other)| within(one, other))
        }
        _ => expected == found,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Report, within};
    use crate::http::Answer;

    #[test]
    fn more_members_than_expected_are_no_difference_and_another_value_is() {
        assert!(within(&json!({"a": 1}), &json!({"a": 1, "b": 2})));
        assert!(!within(&json!({"a": 1}), &json!({"a": 2})));
        assert!(!within(&json!({"a": null}), &json!({})));
        assert!(within(&json!([{"a": 1}]), &json!([{"a": 1, "b": 2}])));
        assert!(!within(&json!([]), &json!([1])));
        assert!(!within(&json!({}), &Value::Null));
    }

    #[test]
    fn a_difference_shows_both_sides() {
        let found = Answer { status: 201, body: json!({"id": "mem_x"}), bytes: Vec::new() };
        let error = Report::default().answer("a 31st member", (409, &json!({"code": "seat-limit-reached"})), &found);
        let shown =
            "a 31st member\n  expected: 409 {\"code\":\"seat-limit-reached\"}\n  found:    201 {\"id\":\"mem_x\"}";
        assert_eq!(error.unwrap_err().to_string(), shown);
    }
}
