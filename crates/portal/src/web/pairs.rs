//! Forms and addresses whose fields may stand more than once, such as the boxes of a list.

use entitlement::UserTypeId;
use errors::Failure;
use serde::Deserialize;

use super::import::number;
use super::visit::Fields;
use crate::actions::input::user_type_at;

/// Before the id of a user type in the name of a field for consent.
const CONSENT: &str = "allow_one_over.";

/// The fields in the order in which they were sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct Pairs {
    csrf: String,
    fields: Vec<(String, String)>,
}

impl From<Vec<(String, String)>> for Pairs {
    fn from(fields: Vec<(String, String)>) -> Self {
        let csrf = fields.iter().find(|(name, _)| name == crate::auth::csrf::FIELD);
        Self { csrf: csrf.map(|(_, value)| value.clone()).unwrap_or_default(), fields }
    }
}

impl Fields for Pairs {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Pairs {
    /// The first value of that name; empty where there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.fields.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// Every value of that name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(given, _)| given == name).map(|(_, value)| value.clone()).collect()
    }

    /// The first value of that name, if it is not empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.one(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The first value of that name as one line: whoever breaks lines in a wide field means spaces.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        self.one(name).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a box was ticked, or a field sent with that value.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(given, sent)| given == name && sent == value)
    }

    /// Every value that is not empty of that name.
    #[must_use]
    pub fn given(&self, name: &str) -> Vec<String> {
        self.all(name).into_iter().filter(|value| !value.is_empty()).collect()
    }

    /// Every field whose name begins so, as the rest of the name and the value.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The numbers that were typed in order to take user types one over.
    ///
    /// # Errors
    /// `validation-failed`.
    pub fn consents(&self) -> Result<Vec<(UserTypeId, u64)>, Failure> {
        let read = self.under(CONSENT).map(|(id, value)| {
            let pointer = format!("/{CONSENT}{id}");
            let number = number(&pointer, value)?;
            Ok(number.map(|number| Ok((user_type_at(&pointer, id)?, number))))
        });
        read.filter_map(Result::transpose).map(Result::flatten).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(fields: &[(&str, &str)]) -> Pairs {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
    }

    #[test]
    fn a_name_may_stand_more_than_once() {
        let sent = pairs(&[("csrf", "c5f0"), ("member", "a"), ("member", "b"), ("group", "")]);
        assert_eq!((sent.csrf(), sent.one("member"), sent.one("act")), ("c5f0", "a", ""));
        assert_eq!(sent.all("member"), ["a", "b"]);
        assert_eq!((sent.all("group").len(), sent.given("group").len()), (1, 0));
    }

    #[test]
    fn a_field_may_be_empty_of_several_lines_or_a_box() {
        let form = pairs(&[("a", "1"), ("b", " two\r\n lines "), ("a", "2"), ("c", "")]);
        assert_eq!((form.some("a"), form.some("c"), form.some("x")), (Some("1".to_owned()), None, None));
        assert_eq!(form.line("b"), "two lines");
        assert!(form.has("a", "2") && !form.has("a", "3"));
    }

    #[test]
    fn consent_is_a_number_for_each_user_type() {
        let sent = pairs(&[("allow_one_over.viewer", " 26 "), ("allow_one_over.creator", "")]);
        assert_eq!(sent.consents().unwrap(), [(UserTypeId::parse("viewer").unwrap(), 26)]);
        let failure = pairs(&[("allow_one_over.viewer", "many")]).consents().unwrap_err();
        assert!(failure.detail.contains("`many` is not a whole number"), "{}", failure.detail);
    }
}
