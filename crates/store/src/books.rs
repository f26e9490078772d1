//! The organization's row and the headcounts, as one transaction sees and changes them.
//!
//! These few rows are touched by almost every write. They are read once in a transaction, changed in memory by the
//! decisions of its group, and written back once before it commits; no other statement reads those two tables. A
//! decision that is taken back takes its copy back with it.

use std::collections::BTreeMap;

use entitlement::{AddOnId, Moment, UserTypeId};
use rules::SeatCount;

use crate::StoreError;
use crate::backend::{Db, values};
use crate::clock_guard::{ClockReading, Recorded};
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
    /// Counts the changes of roles and settings.
    pub(crate) policy_revision: u64,
    /// Grows, by a step of chance, when the data begins to run somewhere else; it stands in every lease and usage report.
    pub(crate) epoch: u64,
    /// How often a person has accepted the wall clock behind the newest instant on record.
    pub(crate) clock_accepted: u64,
    /// The latest `iat` of a vendor's file that was opened here: no accepted clock goes below it.
    pub(crate) newest_issue: Moment,
    /// When the next staged file begins.
    pub(crate) staged_from: Option<Moment>,
    /// The hash of the newest audit row; empty while there is none.
    pub(crate) audit_hash: String,
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
    /// The effective time of the transaction, at which invitations that have expired hold no seat any more.
    now: Moment,
    /// The newest instant that may go on record, up to which they have ended for good.
    newest: Moment,
    access: Access,
    /// The policy revision that is committed; while ours is another one, nothing of it is kept beyond the transaction.
    committed_policy: u64,
    headcounts: Option<BTreeMap<UserTypeId, Headcount>>,
    /// Seats of invitations that have expired by a clock on trial: not counted, and still held on record.
    looked_past: BTreeMap<UserTypeId, u64>,
    changed_headcounts: Vec<UserTypeId>,
    /// Whether the history of every user type is written, not only of those whose counts changed.
    all_usage: bool,
    add_ons: Option<BTreeMap<AddOnId, AddOnCount>>,
    changed_add_ons: Vec<AddOnId>,
    is_changed: bool,
    /// Identity of the file in force at this moment: the recorded one, or a staged one that has begun.
    in_force: Option<String>,
    /// The instant that a person has set the record to; it alone may be before what is on record.
    accepted: Option<Moment>,
}

/// The count of one add-on or extension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AddOnCount {
    pub(crate) assigned: u64,
    /// Since when more have been assigned than licensed, as far as a write has seen it.
    pub(crate) over_since: Option<Moment>,
}

/// What the transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Look.
    Read,
    /// Change.
    Write,
}

impl Books {
    /// Reads the organization's row; the headcounts follow when they are asked for.
    pub(crate) fn open(db: &Db, access: Access) -> Result<Self, StoreError> {
        let organization = db
            .one(sql::ORGANIZATION, &[], organization)?
            .ok_or_else(|| StoreError::damaged("the organization's row is missing"))?;
        let (now, committed_policy) = (organization.newest_instant, organization.policy_revision);
        let (looked_past, changed_headcounts) = (BTreeMap::new(), Vec::new());
        Ok(Self {
            in_force: organization.entitlement.clone(),
            accepted: None,
            organization,
            now,
            newest: now,
            access,
            committed_policy,
            headcounts: None,
            looked_past,
            changed_headcounts,
            all_usage: false,
            add_ons: None,
            changed_add_ons: Vec::new(),
            is_changed: false,
        })
    }

    /// Sets the time, before anything is counted.
    pub(crate) fn at(mut self, time: ClockReading) -> Self {
        (self.now, self.newest) = (time.now, time.newest);
        self
    }

    /// What the record says of the time.
    pub(crate) fn recorded(&self) -> Recorded {
        Recorded { newest: self.organization.newest_instant, accepted: self.organization.clock_accepted }
    }

    /// Identity of the file in force at this moment.
    pub(crate) fn in_force(&self) -> Option<&str> {
        self.in_force.as_deref()
    }

    /// Looks at another file as the one in force; what is on record stays.
    pub(crate) fn look_at(&mut self, identity: Option<String>) {
        self.in_force = identity;
    }

    /// Points the record to a file.
    pub(crate) fn put_in_force(&mut self, identity: String) {
        self.in_force = Some(identity.clone());
        self.change().entitlement = Some(identity);
    }

    /// Sets the newest instant on record, also back: a person has said so.
    pub(crate) fn accept(&mut self, instant: Moment) {
        self.accepted = Some(instant);
        self.change().clock_accepted += 1;
    }

    /// Whether roles and settings are as committed.
    pub(crate) fn is_policy_committed(&self) -> bool {
        self.organization.policy_revision == self.committed_policy
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

    /// The user types whose counts have changed, and whether the history of all others is to be written as well.
    pub(crate) fn usage_to_write(&self) -> (Vec<UserTypeId>, bool) {
        (self.changed_headcounts.clone(), self.all_usage)
    }

    /// Has the history of every user type written at the end of the transaction.
    pub(crate) fn count_usage_of_all(&mut self) {
        self.all_usage = true;
    }

    /// The counts of every add-on and extension that anybody ever had.
    pub(crate) fn add_ons(&mut self, db: &Db) -> Result<&BTreeMap<AddOnId, AddOnCount>, StoreError> {
        let counts = match self.add_ons.take() {
            Some(counts) => counts,
            None => db.many(sql::ADD_ON_COUNTS, &[], add_on_count)?.into_iter().collect(),
        };
        Ok(self.add_ons.insert(counts))
    }

    /// Sets the count of one add-on or extension.
    pub(crate) fn set_add_on(&mut self, db: &Db, id: &AddOnId, count: AddOnCount) -> Result<(), StoreError> {
        self.add_ons(db)?;
        if let Some(counts) = &mut self.add_ons {
            counts.insert(id.clone(), count);
        }
        if !self.changed_add_ons.contains(id) {
            self.changed_add_ons.push(id.clone());
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
        let kept = self.organization.newest_instant.max(newest);
        self.organization.newest_instant = self.accepted.unwrap_or(kept);
        let row = &self.organization;
        let row = values![
            row.version,
            row.seat_revision,
            row.newest_instant,
            row.enabled_administrators,
            row.entitlement.as_deref(),
            row.trust_version,
            row.policy_revision,
            row.epoch,
            row.clock_accepted,
            row.newest_issue,
            row.staged_from,
            &row.audit_hash,
        ];
        db.execute(sql::SAVE_ORGANIZATION, row)?;
        for user_type in self.changed_headcounts.drain(..) {
            let all = self.headcounts.as_ref();
            let Some(Headcount { seats, over_since }) = all.and_then(|counts| counts.get(&user_type)) else {
                continue;
            };
            let reserved = seats.reserved + self.looked_past.get(&user_type).copied().unwrap_or(0);
            let row = values![user_type.as_str(), seats.assigned, reserved, seats.lockable, *over_since];
            db.execute(sql::SAVE_HEADCOUNT, row)?;
        }
        for id in self.changed_add_ons.drain(..) {
            if let Some(count) = self.add_ons.as_ref().and_then(|counts| counts.get(&id)) {
                db.execute(sql::SAVE_ADD_ON_COUNT, values![id.as_str(), count.assigned, count.over_since])?;
            }
        }
        Ok(())
    }

    fn headcounts_to_change(&mut self, db: &Db) -> Result<&mut BTreeMap<UserTypeId, Headcount>, StoreError> {
        let counts = match self.headcounts.take() {
            Some(counts) => counts,
            None => self.count(db)?,
        };
        Ok(self.headcounts.insert(counts))
    }

    /// The kept counts, less the seats of invitations that have expired by now. A write marks those as ended, but for
    /// those that only a clock on trial has ended: one wrong start of a machine ends nothing for good. A read looks past
    /// all of them.
    fn count(&mut self, db: &Db) -> Result<BTreeMap<UserTypeId, Headcount>, StoreError> {
        let mut counts: BTreeMap<UserTypeId, Headcount> =
            db.many(sql::HEADCOUNTS, &[], headcount)?.into_iter().collect();
        let overdue = db.many(sql::OVERDUE_INVITATIONS, values![self.now, self.newest], |row| {
            Ok((row.parsed::<UserTypeId>(0)?, row.count(1)?, row.count(2)?))
        })?;
        for (user_type, seats, _) in &overdue {
            if let Some(count) = counts.get_mut(user_type) {
                count.seats.reserved = count.seats.reserved.saturating_sub(*seats);
            }
        }
        if self.access == Access::Read {
            return Ok(counts);
        }
        if overdue.iter().any(|(.., ended)| *ended > 0) {
            db.execute(sql::EXPIRE_INVITATIONS, values![self.newest])?;
            self.is_changed = true;
        }
        for (user_type, seats, ended) in overdue {
            self.looked_past.insert(user_type.clone(), seats.saturating_sub(ended));
            self.changed_headcounts.extend((ended > 0).then_some(user_type));
        }
        Ok(counts)
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
        policy_revision: row.count(6)?,
        epoch: row.count(7)?,
        clock_accepted: row.count(8)?,
        newest_issue: row.moment(9)?,
        staged_from: row.moment_or_absent(10)?,
        audit_hash: row.owned(11)?,
    })
}

fn headcount(row: &Row<'_>) -> Result<(UserTypeId, Headcount), StoreError> {
    let seats = SeatCount { assigned: row.count(1)?, reserved: row.count(2)?, lockable: row.count(3)? };
    Ok((row.parsed(0)?, Headcount { seats, over_since: row.moment_or_absent(4)? }))
}

fn add_on_count(row: &Row<'_>) -> Result<(AddOnId, AddOnCount), StoreError> {
    Ok((row.parsed(0)?, AddOnCount { assigned: row.count(1)?, over_since: row.moment_or_absent(2)? }))
}
