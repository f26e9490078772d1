//! How many seats of each user type were taken and licensed on each day.
//!
//! Nobody counts at midnight. Each row is carried forward from the instant that it was written last: how many members
//! there were since then it says itself, how many were licensed the file of that time says. What changes either, a count or a
//! file, carries the row forward first, in its own transaction.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{Moment, UserTypeId};
use rules::compliance::is_over;

use crate::StoreError;
use crate::backend::values;
use crate::license::LicenseState;
use crate::row::Row;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

const SECONDS_A_DAY: i64 = 86_400;
/// How far a row is carried at most: who does not write for longer gets no rows for the days before.
const FARTHEST: i64 = 3_660 * SECONDS_A_DAY;

/// One day of one user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDay {
    /// The first instant of the day, in UTC.
    pub day: Moment,
    /// Which user type.
    pub user_type: UserTypeId,
    /// The most members who held a seat at a time.
    pub assigned: u64,
    /// The fewest seats that were licensed at a time.
    pub licensed: u64,
    /// For how many seconds there were more members than seats.
    pub over_seconds: u64,
}

/// The last row of a user type, and how it stood then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stand {
    day: i64,
    assigned_max: u64,
    licensed_min: u64,
    over_seconds: u64,
    /// Members who held a seat at `as_of`.
    assigned: u64,
    as_of: i64,
}

impl Stand {
    fn new(at: i64, assigned: u64, licensed: u64) -> Self {
        let day = at.div_euclid(SECONDS_A_DAY);
        Self { day, assigned_max: assigned, licensed_min: licensed, over_seconds: 0, assigned, as_of: at }
    }

    /// Carried forward to an instant, with a row for each day on the way; the last one is how it stands then. `licensed`
    /// tells what counts at an instant, and when that changes next.
    fn carried(self, until: i64, licensed: impl Fn(i64) -> (u64, Option<i64>)) -> Vec<Self> {
        let (mut rows, mut last) = (Vec::new(), self);
        if until - last.as_of > FARTHEST {
            let at = until - FARTHEST;
            rows.push(last);
            last = Self::new(at, last.assigned, licensed(at).0);
        }
        while last.as_of < until {
            let at = last.as_of;
            let (count, change) = licensed(at);
            let midnight = (last.day + 1) * SECONDS_A_DAY;
            let end = change.filter(|change| *change > at).unwrap_or(until).min(until).min(midnight);
            last.licensed_min = last.licensed_min.min(count);
            last.over_seconds += if is_over(last.assigned, count) { end.abs_diff(at) } else { 0 };
            last.as_of = end;
            if end == midnight {
                rows.push(last);
                last = Self::new(midnight, last.assigned, licensed(midnight).0);
            }
        }
        rows.push(last);
        rows
    }
}

/// What a file gives of a user type at an instant, and when it gives another number.
fn licensed(license: &LicenseState, user_type: &UserTypeId, at: i64) -> (u64, Option<i64>) {
    let (Some(file), Some(at)) = (license.good().filter(|file| !file.is_revoked()), Moment::from_unix(at)) else {
        return (0, None);
    };
    let gives = file.entitlement().at(at);
    (gives.licensed(user_type), gives.next_change().map(Moment::unix))
}

fn stand(row: &Row<'_>) -> Result<Stand, StoreError> {
    Ok(Stand {
        day: row.integer(0)?,
        assigned_max: row.count(1)?,
        licensed_min: row.count(2)?,
        over_seconds: row.count(3)?,
        assigned: row.count(4)?,
        as_of: row.integer(5)?,
    })
}

fn day_of(user_type: &UserTypeId, stand: &Stand) -> Result<UsageDay, StoreError> {
    let day = Moment::from_unix(stand.day * SECONDS_A_DAY).ok_or_else(|| StoreError::damaged("a day is no day"))?;
    Ok(UsageDay {
        day,
        user_type: user_type.clone(),
        assigned: stand.assigned_max,
        licensed: stand.licensed_min,
        over_seconds: stand.over_seconds,
    })
}

impl ReadTx<'_> {
    /// The days from that of `from` to that of `to`, as far as they are on record or pass now; by day, then by user type.
    ///
    /// # Errors
    /// What the database says.
    pub fn usage(&self, from: Moment, to: Moment) -> Result<Vec<UsageDay>, StoreError> {
        let [first, last] = [from, to].map(|at| at.unix().div_euclid(SECONDS_A_DAY));
        let mut days = BTreeMap::new();
        let rows = self.db().many(sql::USAGE, values![first, last], |row| {
            let (user_type, stand) = (row.parsed::<UserTypeId>(0)?, (row.integer(1)?, row.count(2)?));
            let (day, assigned_max) = stand;
            let (licensed_min, over_seconds, assigned) = (row.count(3)?, row.count(4)?, row.count(5)?);
            Ok((user_type, Stand { day, assigned_max, licensed_min, over_seconds, assigned, as_of: 0 }))
        })?;
        // What has passed since the last row is not written yet.
        let license = self.license()?;
        let mut unwritten = Vec::new();
        for user_type in self.recorded_types()?.into_keys() {
            let Some(stand) = self.last_usage(&user_type)? else { continue };
            let carried = stand.carried(self.now().unix(), |at| licensed(&license, &user_type, at));
            unwritten.extend(carried.into_iter().map(|stand| (user_type.clone(), stand)));
        }
        for (user_type, stand) in rows.into_iter().chain(unwritten) {
            if (first..=last).contains(&stand.day) {
                days.insert((stand.day, user_type.clone()), day_of(&user_type, &stand)?);
            }
        }
        Ok(days.into_values().collect())
    }

    fn last_usage(&self, user_type: &UserTypeId) -> Result<Option<Stand>, StoreError> {
        self.db().one(sql::LAST_USAGE, values![user_type.as_str()], stand)
    }

    /// The user types that are on record, each with the instant of its last row.
    fn recorded_types(&self) -> Result<BTreeMap<UserTypeId, i64>, StoreError> {
        let rows = self.db().many(sql::USAGE_TYPES, &[], |row| Ok((row.parsed(0)?, row.integer(1)?)))?;
        Ok(rows.into_iter().collect())
    }
}

impl WriteTx<'_> {
    /// Once a day, writes the rows of the days that have passed; a portal that serves asks each minute.
    ///
    /// # Errors
    /// What the database says.
    pub fn keep_usage(&self) -> Result<(), StoreError> {
        let today = self.clock().newest.unix().div_euclid(SECONDS_A_DAY);
        let recorded = self.recorded_types()?;
        let is_behind = recorded.is_empty() || recorded.values().any(|at| at.div_euclid(SECONDS_A_DAY) < today);
        if is_behind && self.license()?.is_activated() {
            self.ground.books.borrow_mut().count_usage_of_all();
        }
        Ok(())
    }

    /// Before another file or trust list counts: what is on record is carried to that instant under the present one.
    pub(crate) fn end_usage(&self, at: Moment) -> Result<(), StoreError> {
        let license = self.license()?;
        for user_type in self.recorded_types()?.into_keys() {
            let Some(stand) = self.last_usage(&user_type)? else { continue };
            self.save_usage(&user_type, stand.carried(at.unix(), |at| licensed(&license, &user_type, at)))?;
        }
        self.ground.books.borrow_mut().count_usage_of_all();
        Ok(())
    }

    /// At the end of a transaction: the counts that it changed, as they will be read from now on. What was so only within
    /// it, nobody has seen.
    pub(crate) fn write_usage(&self) -> Result<(), StoreError> {
        let (changed, all) = self.ground.books.borrow().usage_to_write();
        if changed.is_empty() && !all {
            return Ok(());
        }
        let license = self.license()?;
        let counts = self.ground.books.borrow_mut().headcounts(self.db())?.clone();
        let mut types: BTreeSet<UserTypeId> = changed.into_iter().collect();
        if all {
            types.extend(counts.keys().chain(license.at(self.now()).user_types().keys()).cloned());
            types.extend(self.recorded_types()?.into_keys());
        }
        let now = self.clock().newest.unix();
        for user_type in types {
            let assigned = counts.get(&user_type).map_or(0, |count| count.seats.assigned);
            let (count, _) = licensed(&license, &user_type, now);
            let mut rows = match self.last_usage(&user_type)? {
                Some(stand) => stand.carried(now, |at| licensed(&license, &user_type, at)),
                None => vec![Stand::new(now, assigned, count)],
            };
            if let Some(last) = rows.last_mut() {
                last.assigned = assigned;
                last.assigned_max = last.assigned_max.max(assigned);
                last.licensed_min = last.licensed_min.min(count);
            }
            self.save_usage(&user_type, rows)?;
        }
        Ok(())
    }

    fn save_usage(&self, user_type: &UserTypeId, rows: Vec<Stand>) -> Result<(), StoreError> {
        for Stand { day, assigned_max, licensed_min, over_seconds, assigned, as_of } in rows {
            let row = values![user_type.as_str(), day, assigned_max, licensed_min, over_seconds, assigned, as_of];
            self.db().execute(sql::SAVE_USAGE, row)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[Stand]) -> Vec<(i64, u64, u64, u64)> {
        rows.iter().map(|row| (row.day, row.assigned_max, row.licensed_min, row.over_seconds)).collect()
    }

    #[test]
    fn a_row_is_carried_over_midnight_and_over_the_end_of_a_term() {
        let noon = SECONDS_A_DAY / 2;
        let ends = SECONDS_A_DAY + 3_600;
        let file = |at: i64| if at < ends { (25, Some(ends)) } else { (20, None) };
        let rows = Stand::new(noon, 22, 25).carried(2 * SECONDS_A_DAY + 60, file);
        assert_eq!(told(&rows), [(0, 22, 25, 0), (1, 22, 20, 82_800), (2, 22, 20, 60)]);
        assert_eq!(rows.last().unwrap().as_of, 2 * SECONDS_A_DAY + 60);
    }

    #[test]
    fn nothing_is_carried_back_and_no_row_is_made_for_more_days_than_ten_years() {
        let stand = Stand::new(100, 1, 1);
        assert_eq!(stand.carried(50, |_| (0, None)), [stand]);
        let rows = stand.carried(40 * 366 * SECONDS_A_DAY, |_| (1, None));
        assert_eq!(rows.len(), 3_662);
    }
}
