//! Whether the model and the portal answer the same.

use serde_json::{Value, json};

use crate::real::Answer;
use crate::words::No;

/// The same answer, the same codes, the same numbers.
pub fn same_answer(told: &Result<Vec<(usize, No)>, No>, said: &Answer) -> Result<(), String> {
    let differ = || Err(format!("model: {told:?}\nportal: {said:?}"));
    match (told, said) {
        (Ok(left_out), Ok(said)) => {
            let codes: Vec<_> = left_out.iter().map(|(at, no)| (*at, no.code().to_owned())).collect();
            if codes == *said { Ok(()) } else { differ() }
        }
        (Err(no), Err((code, facts))) => {
            // What stands in a list of operations is told there.
            let is_listed = facts.contains_key("blockers");
            let same = |(name, value): (&str, Value)| facts.get(name) == Some(&value);
            if no.code() == code && (is_listed || numbers(no).into_iter().all(same)) { Ok(()) } else { differ() }
        }
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => differ(),
    }
}

/// The numbers, by the names that programs read.
fn numbers(of: &No) -> Vec<(&'static str, Value)> {
    match of {
        No::Full(of, [licensed, assigned, reserved]) => vec![
            ("user_type", json!(of)),
            ("licensed", json!(licensed)),
            ("assigned", json!(assigned)),
            ("reserved", json!(reserved)),
        ],
        No::Exhausted(of, [assigned, licensed]) => {
            vec![("user_type", json!(of)), ("assigned", json!(assigned)), ("licensed", json!(licensed))]
        }
        No::NeedsConsent(people) => vec![("locked_out", json!(people))],
        No::Mismatch(people) => vec![("expected", json!(people))],
        No::Unconfirmed(people) => vec![("expected", json!(people))],
        No::AdministratorInOver(of) => vec![("user_type", json!(of))],
        _ => Vec::new(),
    }
}
