//! Instants: whole UTC seconds, in one spelling.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month, Time, UtcDateTime};

/// One UTC second between 1970 and the end of the year 9999.
///
/// In signed payloads it is a `NumericDate` (RFC 7519, 2) without a fraction; to people it is
/// `2026-12-01T00:00:00Z`, and no other spelling is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

impl Moment {
    /// The instant that many seconds after 1970, or nothing outside the range.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Option<Self> {
        if seconds >= 0 && seconds <= LAST { Some(Self(seconds)) } else { None }
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This instant moved by some seconds, at most to the ends of the range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds).clamp(0, LAST))
    }

    /// The one spelling, digit by digit: summaries hold two of them, and opening a file writes its summary again.
    pub(crate) fn spelled(self) -> [u8; 20] {
        let at = UtcDateTime::from_unix_timestamp(self.0).unwrap_or(UtcDateTime::UNIX_EPOCH);
        let digit = |number: i32, place: i32| b'0' + u8::try_from(number / place % 10).unwrap_or(0);
        let (year, month, day) = (at.year(), i32::from(u8::from(at.month())), i32::from(at.day()));
        let (hour, minute, second) = (i32::from(at.hour()), i32::from(at.minute()), i32::from(at.second()));
        let [y, mo, d, h, mi, s] =
            [year, month, day, hour, minute, second].map(|number| [digit(number, 10), digit(number, 1)]);
        let (thousands, hundreds) = (digit(year, 1000), digit(year, 100));
        [
            thousands, hundreds, y[0], y[1], b'-', mo[0], mo[1], b'-', d[0], d[1], b'T', h[0], h[1], b':', mi[0],
            mi[1], b':', s[0], s[1], b'Z',
        ]
    }

    /// Reads `2026-12-01T00:00:00Z`; upper-case letters, whole seconds, UTC.
    ///
    /// # Errors
    /// [`BadMoment`] for every other spelling and for instants that do not exist.
    pub fn parse(text: &str) -> Result<Self, BadMoment> {
        read(text).filter(|moment| moment.to_string() == text).ok_or(BadMoment)
    }
}

/// A text that is not an instant in the one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadMoment;

impl fmt::Display for BadMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an instant of the form 2026-12-01T00:00:00Z")
    }
}

impl std::error::Error for BadMoment {}

/// Reads the digits by position; that everything else is in its place too is seen by writing it again.
fn read(text: &str) -> Option<Moment> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| u8::try_from(number(from, from + 2)?).ok();
    let date = Date::from_calendar_date(i32::from(number(0, 4)?), Month::try_from(small(5)?).ok()?, small(8)?).ok()?;
    let time = Time::from_hms(small(11)?, small(14)?, small(17)?).ok()?;
    Moment::from_unix(UtcDateTime::new(date, time).unix_timestamp())
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.spelled()).unwrap_or_default())
    }
}

impl std::str::FromStr for Moment {
    type Err = BadMoment;
    fn from_str(text: &str) -> Result<Self, BadMoment> {
        Self::parse(text)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Self::from_unix(seconds).ok_or_else(|| D::Error::custom("an instant outside the years 1970 to 9999"))
    }
}
