//! Instants on pages.

use std::fmt;

use entitlement::Moment;

use crate::texts::{Put, Value, text};

/// An instant as a `<time>` element. Without script the reader's zone is not known, so it says UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When(Moment);

impl When {
    /// The instant in words: `1 Dec 2027 00:00 UTC`, with seconds only where there are any.
    #[must_use]
    pub fn text(self) -> String {
        self.words().unwrap_or_else(|| self.0.to_string())
    }

    /// Taken from the one spelling of a moment, `2027-12-01T00:00:00Z`.
    fn words(self) -> Option<String> {
        let spelling = self.0.to_string();
        let (date, time) = spelling.trim_end_matches('Z').split_once('T')?;
        let (year, month_and_day) = date.split_once('-')?;
        let (month, day) = month_and_day.split_once('-')?;
        let time = time.strip_suffix(":00").unwrap_or(time);
        let text = text("when").with("day", day.trim_start_matches('0')).with("month", month.parse::<u32>().ok()?);
        Some(text.with("year", year).with("time", time).plain())
    }
}

impl From<Moment> for When {
    fn from(moment: Moment) -> Self {
        Self(moment)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", self.0, self.text())
    }
}

/// On a page it is the element, and in plain words the instant in words.
impl Put for When {
    fn put(&self) -> Value {
        Value::Safe { page: self.to_string(), plain: self.text() }
    }
}

/// The element is made of digits, month names and letters of our own only.
impl askama::filters::HtmlSafe for When {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_utc_to_the_second() {
        let cases = [
            (1_827_619_200, "2027-12-01T00:00:00Z", "1 Dec 2027 00:00 UTC"),
            (1_795_356_157, "2026-11-22T14:02:37Z", "22 Nov 2026 14:02:37 UTC"),
            (0, "1970-01-01T00:00:00Z", "1 Jan 1970 00:00 UTC"),
            (253_402_300_799, "9999-12-31T23:59:59Z", "31 Dec 9999 23:59:59 UTC"),
        ];
        for (seconds, machine, text) in cases {
            let when = When::from(Moment::from_unix(seconds).unwrap());
            assert_eq!(when.text(), text);
            assert_eq!(when.to_string(), format!("<time datetime=\"{machine}\">{text}</time>"));
        }
    }
}
