//! Days on pages, always those of UTC.

use std::fmt;

use entitlement::Moment;

use crate::texts::{Put, Value, text};

/// A day as a `<time>` element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(Moment);

impl Day {
    /// The day in words: `1 Dec 2027`.
    #[must_use]
    pub fn text(self) -> String {
        self.words().unwrap_or_else(|| self.machine())
    }

    /// `2027-12-01`.
    #[must_use]
    pub fn machine(self) -> String {
        self.0.to_string().split('T').next().unwrap_or_default().to_owned()
    }

    fn words(self) -> Option<String> {
        let date = self.machine();
        let (year, month_and_day) = date.split_once('-')?;
        let (month, day) = month_and_day.split_once('-')?;
        let text = text("day-of").with("day", day.trim_start_matches('0')).with("month", month.parse::<u32>().ok()?);
        Some(text.with("year", year).plain())
    }
}

impl From<Moment> for Day {
    fn from(moment: Moment) -> Self {
        Self(moment)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", self.machine(), self.text())
    }
}

/// On a page it is the element, and in plain words the day in words.
impl Put for Day {
    fn put(&self) -> Value {
        Value::Safe { page: self.to_string(), plain: self.text() }
    }
}

/// The element is made of digits, month names and letters of our own only.
impl askama::filters::HtmlSafe for Day {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_without_its_time() {
        let day = Day::from(Moment::parse("2027-02-09T23:59:59Z").unwrap());
        assert_eq!(day.to_string(), "<time datetime=\"2027-02-09\">9 Feb 2027</time>");
    }
}
