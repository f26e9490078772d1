//! What people and programs write: names, ids and texts, checked once where they enter.

use std::collections::BTreeSet;

use catalog::RoleId;
use entitlement::{AddOnId, Moment, ProductId, UserTypeId};
use errors::{Code, Failure};
use rules::MemberId;
use rules::role::is_hidden;
use serde_json::json;

/// The most characters of a label.
const LONGEST_LABEL: usize = 100;

/// The id of a user type on a command line, whatever its case.
///
/// # Errors
/// `validation-failed` for what is not an id.
pub fn user_type(given: &str) -> Result<UserTypeId, Failure> {
    user_type_at("", given)
}

/// The id of a role on a command line, whatever its case.
///
/// # Errors
/// `validation-failed` for what is not an id.
pub fn role(given: &str) -> Result<RoleId, Failure> {
    role_at("", given)
}

/// The id of a user type at that place of a body.
///
/// # Errors
/// `validation-failed`.
pub fn user_type_at(pointer: &str, given: &str) -> Result<UserTypeId, Failure> {
    UserTypeId::from_input(given).map_err(|_| invalid_at(pointer, &format!("`{given}` is not the id of a user type")))
}

/// The id of an add-on or extension at that place of a body.
///
/// # Errors
/// `validation-failed`.
pub fn add_on_at(pointer: &str, given: &str) -> Result<AddOnId, Failure> {
    AddOnId::from_input(given).map_err(|_| invalid_at(pointer, &format!("`{given}` is not the id of an add-on")))
}

/// The id of a product in an address or on a command line, whatever its case.
///
/// # Errors
/// `not-found`: what is no id names nothing.
pub fn product(given: &str) -> Result<ProductId, Failure> {
    ProductId::from_input(given).map_err(|_| no_product(given))
}

/// The refusal of a product that the catalog does not have.
#[must_use]
pub fn no_product(asked: &str) -> Failure {
    Failure::new(Code::NotFound, format!("There is no product `{asked}`."))
}

/// The id of a role at that place of a body.
///
/// # Errors
/// `validation-failed`.
pub fn role_at(pointer: &str, given: &str) -> Result<RoleId, Failure> {
    RoleId::from_input(given).map_err(|_| invalid_at(pointer, &format!("`{given}` is not the id of a role")))
}

/// An instant at that place of a body, in UTC.
///
/// # Errors
/// `validation-failed`.
pub fn instant_at(pointer: &str, given: &str) -> Result<Moment, Failure> {
    Moment::parse(given)
        .map_err(|_| invalid_at(pointer, &format!("`{given}` is not an instant such as 2026-12-06T06:00:00Z")))
}

/// When members return by themselves, from the two fields of a form: a day, and a time of the day in UTC, midnight where
/// none is given. No day is no return.
///
/// # Errors
/// `validation-failed`.
pub fn until(day: &str, time: &str) -> Result<Option<Moment>, Failure> {
    let (day, time) = (day.trim(), time.trim());
    if day.is_empty() && time.is_empty() {
        return Ok(None);
    }
    let seconds = if time.matches(':').count() == 2 { "" } else { ":00" };
    let time = if time.is_empty() { "00:00" } else { time };
    let moment = Moment::parse(&format!("{day}T{time}{seconds}Z"));
    let rule = "is not a day such as 2026-12-06 with a time such as 06:00";
    moment.map(Some).map_err(|_| invalid_at("/until_date", rule))
}

/// A user name: 1 to 100 characters, no blanks at the ends, no control characters, nothing that makes two names look alike
/// or one like the id of a member.
///
/// # Errors
/// `validation-failed`.
pub fn username(given: &str) -> Result<String, Failure> {
    let length = given.chars().count();
    let plain = !given.chars().any(|c| c.is_control() || c == '/' || is_hidden(c));
    let is_id = given.to_lowercase().parse::<MemberId>().is_ok();
    if (1..=100).contains(&length) && plain && given.trim() == given && !is_id {
        return Ok(given.to_owned());
    }
    let rule = "a user name has 1 to 100 characters, none of them `/`, control characters or signs that nobody sees, no \
                blank at its ends, and not the form of an id";
    Err(invalid_at("/username", rule))
}

/// A line of text of at most 200 characters; empty where nothing is given.
///
/// # Errors
/// `validation-failed`.
pub fn text(pointer: &str, given: Option<String>) -> Result<String, Failure> {
    text_of(pointer, given.unwrap_or_default(), 200)
}

/// A line of text of at most so many characters.
///
/// # Errors
/// `validation-failed`.
pub fn text_of(pointer: &str, given: String, longest: usize) -> Result<String, Failure> {
    let text = given.trim().to_owned();
    if text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(invalid_at(pointer, &format!("has more than {longest} characters, or control characters")));
    }
    Ok(text)
}

/// Why something is changed: at most 500 characters; empty where nothing is given.
///
/// # Errors
/// `validation-failed`.
pub fn reason(given: Option<String>) -> Result<String, Failure> {
    text_of("/reason", given.unwrap_or_default(), 500)
}

/// Labels: each a line of 1 to 100 characters.
///
/// # Errors
/// `validation-failed`.
pub fn labels(pointer: &str, given: Vec<String>) -> Result<BTreeSet<String>, Failure> {
    given
        .into_iter()
        .map(|label| {
            let label = text_of(pointer, label, LONGEST_LABEL)?;
            if label.is_empty() { Err(invalid_at(pointer, "holds an empty name")) } else { Ok(label) }
        })
        .collect()
}

/// A value that cannot be used, with its place in the body.
#[must_use]
pub fn invalid_at(pointer: &str, message: &str) -> Failure {
    let place = pointer.trim_start_matches('/');
    let detail = if place.is_empty() { format!("{message}.") } else { format!("{place}: {message}.") };
    Failure::new(Code::ValidationFailed, detail).with("errors", json!([{"pointer": pointer, "message": message}]))
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn a_return_is_a_day_and_a_time_in_utc_and_nothing_is_no_return() {
        let at = |day, time| until(day, time).map(|at| at.map(|at| at.to_string())).map_err(|failure| failure.detail);
        assert_eq!(at("", ""), Ok(None));
        assert_eq!(at("2026-12-06", ""), Ok(Some("2026-12-06T00:00:00Z".to_owned())));
        assert_eq!(at(" 2026-12-06 ", "06:30"), Ok(Some("2026-12-06T06:30:00Z".to_owned())));
        assert_eq!(at("2026-12-06", "06:30:15"), Ok(Some("2026-12-06T06:30:15Z".to_owned())));
        for (day, time) in [("", "06:00"), ("2026-13-06", ""), ("6 Dec 2026", ""), ("2026-12-06", "6")] {
            assert!(at(day, time).unwrap_err().starts_with("until_date: "), "{day} {time}");
        }
    }
}
