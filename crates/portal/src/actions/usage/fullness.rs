//! When a user type would be full if it went on as in the last days: the straight line of least squares through the daily
//! counts. Whole numbers only, so that the same counts give the same day everywhere.

use entitlement::Moment;

const SECONDS_A_DAY: i64 = 86_400;
/// With fewer days than that nothing is estimated.
pub const FEWEST_DAYS: usize = 30;
/// What lies further ahead is not told as a day.
const FARTHEST_DAYS: i128 = 3_650;

/// What an estimate was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The first day.
    pub first: Moment,
    /// The last day.
    pub last: Moment,
    /// How many days were counted.
    pub days: usize,
    /// How many members held a seat on the first day.
    pub assigned_first: u64,
    /// And on the last one.
    pub assigned_last: u64,
    /// How many seats there are now.
    pub licensed: u64,
    /// By how many hundredths of a member the line rises in 30 days.
    pub growth: i64,
}

/// When a user type would be full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// There are too few days to say anything: so many.
    TooFewDays(usize),
    /// It is full now.
    FullNow,
    /// The line does not rise.
    NotGrowing(Basis),
    /// The line rises, and comes to the number of seats in no less than ten years.
    NotForYears(Basis),
    /// On the day that begins at that instant.
    FullOn(Moment, Basis),
}

/// When the line through daily counts, each with the number of its day since 1970 and in their order, comes to what is
/// licensed. `assigned` is how many hold a seat now.
#[must_use]
pub fn outlook(counts: &[(i64, u64)], (assigned, licensed): (u64, u64)) -> Outlook {
    if assigned >= licensed {
        return Outlook::FullNow;
    }
    let (Some(&(first, assigned_first)), Some(&(last, assigned_last))) = (counts.first(), counts.last()) else {
        return Outlook::TooFewDays(0);
    };
    let (Some(first_day), Some(last_day)) = (moment(first), moment(last)) else { return Outlook::TooFewDays(0) };
    if counts.len() < FEWEST_DAYS {
        return Outlook::TooFewDays(counts.len());
    }
    let line = Line::through(counts, first);
    let basis = Basis {
        first: first_day,
        last: last_day,
        days: counts.len(),
        assigned_first,
        assigned_last,
        licensed,
        growth: line.growth(),
    };
    if line.rise <= 0 {
        return Outlook::NotGrowing(basis);
    }
    // Who has room today is full tomorrow at the earliest, wherever the line is.
    let ahead = (line.reaches(i128::from(licensed)) - i128::from(last - first)).max(1);
    let day = i64::try_from(ahead).ok().filter(|_| ahead <= FARTHEST_DAYS).and_then(|ahead| moment(last + ahead));
    day.map_or(Outlook::NotForYears(basis.clone()), |day| Outlook::FullOn(day, basis))
}

fn moment(day: i64) -> Option<Moment> {
    Moment::from_unix(day.checked_mul(SECONDS_A_DAY)?)
}

/// `count = (base + rise * days * x) / (days * run)`, with `x` in days after the first.
struct Line {
    days: i128,
    base: i128,
    rise: i128,
    run: i128,
}

impl Line {
    fn through(counts: &[(i64, u64)], first: i64) -> Self {
        let (mut days, mut x, mut y, mut xx, mut xy) = (0, 0, 0, 0, 0);
        for &(day, count) in counts {
            let (at, count) = (i128::from(day - first), i128::from(count));
            days += 1;
            x += at;
            y += count;
            xx += at * at;
            xy += at * count;
        }
        let (rise, run) = (days * xy - x * y, days * xx - x * x);
        Self { days, base: y * run - rise * x, rise, run }
    }

    /// How far it rises in 30 days, in hundredths, rounded.
    fn growth(&self) -> i64 {
        let twice = (2 * 3_000 * self.rise + self.run).checked_div_euclid(2 * self.run).unwrap_or_default();
        i64::try_from(twice).unwrap_or(i64::MAX)
    }

    /// The first whole day on which it is not below that count; the line must rise.
    fn reaches(&self, count: i128) -> i128 {
        let (missing, a_day) = (count * self.days * self.run - self.base, self.days * self.rise);
        -(-missing).div_euclid(a_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of December 2026.
    const FIRST: i64 = 20_788;

    fn counts(days: i64, count: impl Fn(i64) -> u64) -> Vec<(i64, u64)> {
        (0..days).map(|day| (FIRST + day, count(day))).collect()
    }

    fn full_on(outlook: &Outlook) -> (String, i64) {
        let Outlook::FullOn(day, basis) = outlook else { panic!("{outlook:?}") };
        (day.to_string(), basis.growth)
    }

    #[test]
    fn one_member_more_a_day_fills_the_seats_on_the_day_that_one_can_count() {
        let counts = counts(40, |day| 10 + day.unsigned_abs());
        // 49 on 9 January; 60 eleven days later.
        let outlook = outlook(&counts, (49, 60));
        assert_eq!(full_on(&outlook), ("2027-01-20T00:00:00Z".to_owned(), 3_000));
        let Outlook::FullOn(_, basis) = outlook else { panic!("it is full on a day") };
        assert_eq!(
            (basis.first.to_string(), basis.last.to_string()),
            ("2026-12-01T00:00:00Z".to_owned(), "2027-01-09T00:00:00Z".to_owned())
        );
        assert_eq!((basis.days, basis.assigned_first, basis.assigned_last, basis.licensed), (40, 10, 49, 60));
    }

    #[test]
    fn a_line_through_steps_is_that_of_least_squares() {
        // A member more every seventh day: 10 to 22 in 90 days.
        let counts = counts(90, |day| 10 + day.unsigned_abs() / 7);
        assert_eq!(full_on(&outlook(&counts, (22, 25))), ("2027-03-20T00:00:00Z".to_owned(), 427));
    }

    #[test]
    fn with_fewer_than_thirty_days_nothing_is_estimated() {
        let growing = |days| outlook(&counts(days, |day| day.unsigned_abs()), (5, 100));
        assert_eq!(growing(0), Outlook::TooFewDays(0));
        assert_eq!(growing(29), Outlook::TooFewDays(29));
        assert_eq!(full_on(&growing(30)), ("2027-03-11T00:00:00Z".to_owned(), 3_000));
    }

    #[test]
    fn what_does_not_rise_is_never_full_and_what_rises_slowly_not_for_years() {
        for (count, growth) in [(counts(30, |_| 7), 0), (counts(30, |day| 50 - day.unsigned_abs()), -3_000)] {
            let Outlook::NotGrowing(basis) = outlook(&count, (7, 100)) else { panic!("it grows") };
            assert_eq!(basis.growth, growth);
        }
        let slow = counts(30, |day| if day == 29 { 8 } else { 7 });
        let Outlook::NotForYears(basis) = outlook(&slow, (8, 100_000)) else { panic!("it is soon full") };
        assert_eq!(basis.growth, 19);
    }

    #[test]
    fn who_is_full_is_full_now_and_who_has_room_is_full_tomorrow_at_the_earliest() {
        assert_eq!(outlook(&[], (5, 5)), Outlook::FullNow);
        // The line is past 40 already, but the last day fell below it.
        let fallen = counts(31, |day| if day == 30 { 39 } else { 20 + day.unsigned_abs() });
        assert_eq!(full_on(&outlook(&fallen, (39, 40))).0, "2027-01-01T00:00:00Z");
    }
}
