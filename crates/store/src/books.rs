//! The organization's row and the headcounts, as one transaction sees and changes them.
//!
//! These few rows are touched by almost every write. They are read once in a transaction, changed in memory by the
//! decisions of its group, and written back once before it commits; no other statement reads those two tables. A
//! decision that is taken back takes its copy back with it.

use std::collections::BTreeMap;

use entitlement::{Moment, UserTypeId};
use rules::SeatCount;

use crate::StoreError;
use crate::backend::{Db, values};
use crate::row::Row;
use crate::sql;

/// Nothing was written in the group, and still the newest instant goes on record when it is older than this: one minute.
const RECORD_TIME_AFTER: i64 = 60;

/// The row that there is one of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Organization {
    /// Counts the writes; the number of the newest audit row.
    pub(crate) version: u64,
    /// Counts what may change a decision about seats; permits are bound to it.
    pub(crate) seat_revision: u64,
    /// The newest instant on record.
    pub(crate) newest_instant: Moment,
    pub(crate) enabled_administrators: u64,
    /// Identity of the installed license file.
    pub(crate) entitlement: Option<String>,
    /// Version of the installed trust list; 0 where there is none.
    pub(crate) trust_version: u64,
}

/// The counts of one user type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Headcount {
    pub(crate) seats: SeatCount,
    /// Since when the type has been over, as far as a write has seen it.
    pub(crate) over_since: Option<Moment>,
}

/// Both, with what has to be written back.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    pub(crate) organization: Organization,
    headcounts: Option<BTreeMap<UserTypeId, Headcount>>,
    changed_headcounts: Vec<UserTypeId>,
    is_changed: bool,
}

impl Books {
    /// Reads the organization's row; the headcounts follow when they are asked for.
    pub(crate) fn open(db: &Db) -> Result<Self, StoreError> {
        let organization = db
            .one(sql::ORGANIZATION, &[], organization)?
            .ok_or_else(|| StoreError::damaged("the organization's row is missing"))?;
        Ok(Self { organization, headcounts: None, changed_headcounts: Vec::new(), is_changed: false })
    }

    /// The headcounts of every user type that ever had a member.
    pub(crate) fn headcounts(&mut self, db: &Db) -> Result<&BTreeMap<UserTypeId, Headcount>, StoreError> {
        self.headcounts_to_change(db).map(|counts| &*counts)
    }

    /// Sets the counts of one user type.
    pub(crate) fn set_headcount(
        &mut self,
        db: &Db,
        user_type: &UserTypeId,
        count: Headcount,
    ) -> Result<(), StoreError> {
        self.headcounts_to_change(db)?.insert(user_type.clone(), count);
        if !self.changed_headcounts.contains(user_type) {
            self.changed_headcounts.push(user_type.clone());
        }
        Ok(())
    }

    /// The organization's row, to be written back.
    pub(crate) fn change(&mut self) -> &mut Organization {
        self.is_changed = true;
        &mut self.organization
    }

    /// Writes back what was changed, and the newest instant.
    pub(crate) fn close(&mut self, db: &Db, newest: Moment) -> Result<(), StoreError> {
        let passed = newest.unix() - self.organization.newest_instant.unix();
        if !self.is_changed && passed < RECORD_TIME_AFTER {
            return Ok(());
        }
        self.organization.newest_instant = self.organization.newest_instant.max(newest);
        let Organization { version, seat_revision, newest_instant, enabled_administrators, entitlement, trust_version } =
            &self.organization;
        let entitlement = entitlement.as_deref();
        let row =
            values![*version, *seat_revision, *newest_instant, *enabled_administrators, entitlement, *trust_version];
        db.execute(sql::SAVE_ORGANIZATION, row)?;
        for user_type in self.changed_headcounts.drain(..) {
            let all = self.headcounts.as_ref();
            let Some(Headcount { seats, over_since }) = all.and_then(|counts| counts.get(&user_type)) else {
                continue;
            };
            let row = values![user_type.as_str(), seats.assigned, seats.reserved, seats.lockable, *over_since];
            db.execute(sql::SAVE_HEADCOUNT, row)?;
        }
        Ok(())
    }

    fn headcounts_to_change(&mut self, db: &Db) -> Result<&mut BTreeMap<UserTypeId, Headcount>, StoreError> {
        let counts = match self.headcounts.take() {
            Some(counts) => counts,
            None => db.many(sql::HEADCOUNTS, &[], headcount)?.into_iter().collect(),
        };
        Ok(self.headcounts.insert(counts))
    }
}

fn organization(row: &Row<'_>) -> Result<Organization, StoreError> {
    Ok(Organization {
        version: row.count(0)?,
        seat_revision: row.count(1)?,
        newest_instant: row.moment(2)?,
        enabled_administrators: row.count(3)?,
        entitlement: row.text_or_absent(4)?.map(str::to_owned),
        trust_version: row.count(5)?,
    })
}

fn headcount(row: &Row<'_>) -> Result<(UserTypeId, Headcount), StoreError> {
    let seats = SeatCount { assigned: row.count(1)?, reserved: row.count(2)?, lockable: row.count(3)? };
    Ok((row.parsed(0)?, Headcount { seats, over_since: row.moment_or_absent(4)? }))
}
