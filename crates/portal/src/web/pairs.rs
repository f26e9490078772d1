//! Forms in which a field may come more than once, as ticked boxes do.

use serde::Deserialize;

use super::visit::Fields;

/// The fields of a form as they were sent, in their order.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The first value of a field; empty where it was not sent.
    #[must_use]
    pub fn one(&self, field: &str) -> &str {
        self.values(field).next().unwrap_or_default()
    }

    /// Every value of a field.
    #[must_use]
    pub fn all(&self, field: &str) -> Vec<String> {
        self.values(field).map(str::to_owned).collect()
    }

    /// The first value of a field, if it is not empty.
    #[must_use]
    pub fn some(&self, field: &str) -> Option<String> {
        Some(self.one(field)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The first value of a field as one line: whoever breaks lines in a wide field means spaces.
    #[must_use]
    pub fn line(&self, field: &str) -> String {
        self.one(field).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a box was ticked, or a field sent with that value.
    #[must_use]
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|sent| sent == value)
    }

    fn values<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}

impl Fields for Pairs {
    fn csrf(&self) -> &str {
        self.one("csrf")
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn a_field_may_come_never_once_or_often() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = Pairs(vec![pair("a", "1"), pair("b", " two\r\n lines "), pair("a", "2"), pair("c", "")]);
        assert_eq!((form.one("a"), form.one("x")), ("1", ""));
        assert_eq!((form.all("a"), form.all("x")), (vec!["1".to_owned(), "2".to_owned()], Vec::new()));
        assert_eq!((form.some("a"), form.some("c"), form.some("x")), (Some("1".to_owned()), None, None));
        assert_eq!(form.line("b"), "two lines");
        assert!(form.has("a", "2") && !form.has("a", "3"));
    }
}
