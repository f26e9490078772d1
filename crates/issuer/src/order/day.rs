//! Whole days in a zone, as instants.

use entitlement::Moment;
use toml::value::{Date, Datetime};

/// Seconds of a day; days of orders have no leap seconds and, in a fixed zone, no change of the clock.
const DAY: i64 = 86_400;

/// How far a place is from UTC, fixed through the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone {
    seconds: i64,
}

impl Zone {
    pub(crate) const UTC: Self = Self { seconds: 0 };

    /// Reads `UTC` or an offset such as `+02:00`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text == "UTC" {
            return Ok(Self::UTC);
        }
        offset(text).map(|seconds| Self { seconds }).ok_or_else(|| {
            format!(
                "the zone `{text}` is not understood; write \"UTC\" or an offset such as \"+02:00\" (names of places such \
                 as \"Europe/Rome\" are not supported)"
            )
        })
    }

    /// The first instant of a day here, and the first instant after it.
    pub(crate) fn day(self, date: Date) -> Result<(Moment, Moment), String> {
        let midnight = days_since_1970(date) * DAY - self.seconds;
        let both = Moment::from_unix(midnight).zip(Moment::from_unix(midnight + DAY));
        both.ok_or_else(|| format!("the day {date} is outside the years 1970 to 9999"))
    }
}

/// `+hh:mm` or `-hh:mm` in seconds, up to 14 hours as in use on Earth.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse());
    let (hours, minutes): (i64, i64) = (number(hours)?.ok()?, number(minutes)?.ok()?);
    (hours * 60 + minutes <= 14 * 60 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

/// A day of the order without a time: what TOML calls a local date.
pub(crate) fn local_date(value: &Datetime) -> Option<Date> {
    match (value.date, value.time, value.offset) {
        (Some(date), None, None) => Some(date),
        _ => None,
    }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, counted from the first of March so that the leap day is the
/// last of its year.
fn days_since_1970(date: Date) -> i64 {
    let (year, month) = (i64::from(date.year), i64::from(date.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_the_year = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_the_month = (month * 153 + 2) / 5;
    before_the_year + before_the_month + i64::from(date.day) - 719_469
}

#[cfg(test)]
mod tests {
    use super::{Zone, days_since_1970, local_date};
    use toml::value::Date;

    fn date(text: &str) -> Date {
        text.parse().ok().as_ref().and_then(local_date).unwrap_or(Date { year: 0, month: 0, day: 0 })
    }

    #[test]
    fn days_are_counted_as_in_the_calendar() {
        for (day, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-12-01", 20_788),
            ("2100-03-01", 47_541),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(days_since_1970(date(day)), days, "{day}");
        }
    }

    #[test]
    fn a_day_begins_and_ends_at_midnight_of_its_zone() {
        for (zone, begin, end) in [
            ("UTC", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
            ("+02:00", "2026-11-30T22:00:00Z", "2026-12-01T22:00:00Z"),
            ("-05:30", "2026-12-01T05:30:00Z", "2026-12-02T05:30:00Z"),
        ] {
            let (first, after) = Zone::parse(zone).and_then(|zone| zone.day(date("2026-12-01"))).unwrap();
            assert_eq!((first.to_string().as_str(), after.to_string().as_str()), (begin, end), "{zone}");
        }
        assert_eq!(
            Zone::UTC.day(date("9999-12-31")).unwrap_err(),
            "the day 9999-12-31 is outside the years 1970 to 9999"
        );
    }

    #[test]
    fn a_zone_is_utc_or_an_offset() {
        for bad in
            ["", "Europe/Rome", "utc", "Z", "+2", "+02", "+2:00", "+02:60", "+15:00", "02:00", "+ 2:00", "+02:00 "]
        {
            assert!(Zone::parse(bad).unwrap_err().contains("write \"UTC\" or an offset"), "{bad}");
        }
        assert!(Zone::parse("+14:00").is_ok() && Zone::parse("-00:00").is_ok());
    }
}
