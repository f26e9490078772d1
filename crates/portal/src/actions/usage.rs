//! How many seats were taken on each day, and when a user type would be full if that went on.

pub mod fullness;

use catalog::Catalog;
use entitlement::{Moment, UserTypeId};
use errors::Failure;
use rules::account;
use serde::Deserialize;
use store::{ReadTx, StoreError, UsageDay};

use super::input::{invalid_at, user_type_at};
use super::{Caller, actor};
use fullness::Outlook;

const SECONDS_A_DAY: i64 = 86_400;
/// How many days are told where nothing else is asked for.
pub const DAYS: i64 = 90;
/// How many days are told at most: 25 months.
pub const MOST_DAYS: i64 = 762;
/// From how many days the coming ones are told.
const LOOKED_BACK: i64 = 90;

/// What somebody asks for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// One user type; every one where none is named.
    pub user_type: Option<String>,
    /// The first day.
    pub from: Option<String>,
    /// The last day; today where none is named.
    pub to: Option<String>,
}

/// What is asked for, once it was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    user_type: Option<UserTypeId>,
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Asked {
    /// Checks what was typed.
    ///
    /// # Errors
    /// `validation-failed`.
    pub fn read(self) -> Result<Sought, Failure> {
        let user_type = self.user_type.filter(|given| !given.is_empty());
        Ok(Sought {
            user_type: user_type.map(|given| user_type_at("/user_type", &given)).transpose()?,
            from: self.from.map(|given| day("/from", &given)).transpose()?,
            to: self.to.map(|given| day("/to", &given)).transpose()?,
        })
    }
}

fn day(pointer: &str, given: &str) -> Result<Moment, Failure> {
    let day = Moment::parse(&format!("{given}T00:00:00Z"));
    day.map_err(|_| invalid_at(pointer, &format!("`{given}` is not a day such as 2026-12-06")))
}

impl Sought {
    /// So many days up to today.
    #[must_use]
    pub fn last(days: i64, now: Moment) -> Self {
        Self { user_type: None, from: Some(now.plus_seconds(-(days - 1) * SECONDS_A_DAY)), to: Some(now) }
    }

    /// The first and the last day.
    fn days(&self, now: Moment) -> Result<(Moment, Moment), Failure> {
        let to = self.to.unwrap_or(now);
        let from = self.from.unwrap_or_else(|| to.plus_seconds(-(DAYS - 1) * SECONDS_A_DAY));
        let [first, last] = [from, to].map(|at| at.unix().div_euclid(SECONDS_A_DAY));
        if last - first >= MOST_DAYS {
            return Err(invalid_at("/from", &format!("is more than {MOST_DAYS} days before the last one")));
        }
        Ok((from, to))
    }
}

/// The days that are asked for, by day and user type.
///
/// # Errors
/// The caller may not see licenses; `validation-failed` for too many days.
pub fn history(tx: &ReadTx<'_>, caller: &Caller, sought: &Sought) -> Result<Vec<UsageDay>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    let (from, to) = sought.days(tx.now())?;
    let mut days = tx.usage(from, to)?;
    days.retain(|one| sought.user_type.as_ref().is_none_or(|wanted| *wanted == one.user_type));
    Ok(days)
}

/// The days of one user type, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Which user type.
    pub user_type: UserTypeId,
    /// The days.
    pub days: Vec<UsageDay>,
}

impl Series {
    /// The most members who held a seat at a time.
    #[must_use]
    pub fn highest(&self) -> u64 {
        self.days.iter().map(|one| one.assigned).max().unwrap_or_default()
    }

    /// On how many days there were more members than seats at some time.
    #[must_use]
    pub fn days_over(&self) -> usize {
        self.days.iter().filter(|one| one.over_seconds > 0).count()
    }
}

/// The days by user type, in catalog order; a type that nobody held and that was not licensed is left out.
#[must_use]
pub fn by_type(catalog: &Catalog, days: Vec<UsageDay>) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for one in days {
        match all.iter_mut().find(|series| series.user_type == one.user_type) {
            Some(series) => series.days.push(one),
            None => all.push(Series { user_type: one.user_type.clone(), days: vec![one] }),
        }
    }
    all.retain(|series| series.days.iter().any(|one| one.assigned > 0 || one.licensed > 0));
    let place = |id: &UserTypeId| catalog.user_types().iter().position(|known| known.id == *id).unwrap_or(usize::MAX);
    all.sort_by(|one, other| {
        place(&one.user_type).cmp(&place(&other.user_type)).then_with(|| one.user_type.cmp(&other.user_type))
    });
    all
}

/// When each user type that has seats now would be full, by the last 90 days.
///
/// # Errors
/// The caller may not see licenses.
pub fn fullness(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<(UserTypeId, Outlook)>, StoreError> {
    let days = history(tx, caller, &Sought::last(LOOKED_BACK, tx.now()))?;
    let counts = tx.headcounts()?;
    let licensed = counts.into_iter().filter(|one| one.licensed > 0);
    let outlook = licensed.map(|one| {
        let of_it = days.iter().filter(|day| day.user_type == one.user_type);
        let of_it: Vec<(i64, u64)> =
            of_it.map(|day| (day.day.unix().div_euclid(SECONDS_A_DAY), day.assigned)).collect();
        let outlook = fullness::outlook(&of_it, (one.seats.assigned, one.licensed));
        (one.user_type, outlook)
    });
    Ok(outlook.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn asked(from: &str, to: &str) -> Result<(String, String), String> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let asked = Asked { user_type: None, from: some(from), to: some(to) };
        let days = asked.read().and_then(|sought| sought.days(at("2026-12-31T10:00:00Z")));
        days.map(|(from, to)| (from.to_string(), to.to_string())).map_err(|failure| failure.detail)
    }

    #[test]
    fn ninety_days_to_today_are_told_where_nothing_else_is_asked_for_and_never_more_than_25_months() {
        let told = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
        assert_eq!(asked("", ""), told("2026-10-03T10:00:00Z", "2026-12-31T10:00:00Z"));
        assert_eq!(asked("2026-12-01", "2026-12-02"), told("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"));
        assert_eq!(asked("2024-12-01", "2027-01-01"), told("2024-12-01T00:00:00Z", "2027-01-01T00:00:00Z"));
        let too_many = "from: is more than 762 days before the last one.";
        assert_eq!(asked("2024-11-30", "2027-01-01").unwrap_err(), too_many);
        assert_eq!(asked("soon", "").unwrap_err(), "from: `soon` is not a day such as 2026-12-06.");
    }

    #[test]
    fn a_type_tells_its_highest_count_and_on_how_many_days_it_was_over() {
        let day = |(assigned, licensed, over_seconds)| UsageDay {
            day: at("2026-12-01T00:00:00Z"),
            user_type: UserTypeId::parse("viewer").unwrap(),
            assigned,
            licensed,
            over_seconds,
        };
        let days = [(4, 5, 0), (6, 5, 60), (6, 6, 0)].map(day).to_vec();
        let series = Series { user_type: UserTypeId::parse("viewer").unwrap(), days };
        assert_eq!((series.highest(), series.days_over()), (6, 1));
    }
}
