//! The clock that a person accepts, because the record of the newest instant is wrong.

use entitlement::{LicenseId, Moment};
use rules::Actor;
use rules::capacity::INVITATION_SECONDS;
use rules::clock::Times;
use rules::permit::ClockPermit;
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::values;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

impl ReadTx<'_> {
    /// The time that counts beside the clock of the machine.
    #[must_use]
    pub fn times(&self) -> Times {
        let clock = self.clock();
        let newest_issue = self.organization().newest_issue.max(self.issued_on_record());
        Times { now: clock.now, wall: clock.wall, newest: clock.newest, newest_issue }
    }

    /// When the files in force were issued: what is on record of it began with migration 5.
    fn issued_on_record(&self) -> Moment {
        let list = self.trust_list().ok().flatten().map(|list| list.issued_at());
        let file = self.license().ok().and_then(|state| state.good().map(|good| good.entitlement().issued_at()));
        list.max(file).unwrap_or(self.organization().newest_issue)
    }

    /// The time that counts, as far as it may go on record: without a jump of the clock that is on trial.
    pub(crate) fn on_record(&self) -> Moment {
        let clock = self.clock();
        clock.now.min(clock.newest)
    }

    /// How often a person has accepted the clock here.
    #[must_use]
    pub fn clock_accepted(&self) -> u64 {
        self.organization().clock_accepted
    }

    /// The epoch of the data: it grows, by a step of chance, when they begin to run somewhere else.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.organization().epoch
    }
}

impl<'tx> WriteTx<'tx> {
    /// Sets the time that counts to what was accepted, from the next transaction on. Tokens that were opened later than
    /// that are ended: they would live too long.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn accept_clock(&self, permit: ClockPermit<'tx>, actor: &Actor) -> Result<(), StoreError> {
        self.whole(|| {
            let (times, grant) = (self.times(), self.spend(permit)?);
            self.ground.books.borrow_mut().accept(grant.at);
            let ended = self.db().execute(sql::END_LATER_TOKENS, values![grant.at])?;
            // None lives longer than one that is sent now.
            let longest = grant.at.plus_seconds(INVITATION_SECONDS);
            self.db().execute(sql::SHORTEN_INVITATIONS, values![longest])?;
            let waits_again = self.take_back_begun(grant.at)?;
            self.move_shortfalls_before(grant.at)?;
            let detail = json!({ "before": times.now.to_string(), "wall": times.wall.to_string(),
                                 "after": grant.at.to_string(), "tokens_ended": ended,
                                 "waits_again": waits_again.iter().map(LicenseId::as_str).collect::<Vec<_>>() });
            self.append_audit(actor, Action::ClockAccepted, "clock", &detail)
        })
    }

    /// What has been over since an instant that is ahead now has been so since now.
    fn move_shortfalls_before(&self, at: Moment) -> Result<(), StoreError> {
        let mut books = self.ground.books.borrow_mut();
        for (id, mut count) in books.headcounts(self.db())?.clone() {
            if count.over_since.is_some_and(|since| since > at) {
                count.over_since = Some(at);
                books.set_headcount(self.db(), &id, count)?;
            }
        }
        for (id, mut count) in books.add_ons(self.db())?.clone() {
            if count.over_since.is_some_and(|since| since > at) {
                count.over_since = Some(at);
                books.set_add_on(self.db(), &id, count)?;
            }
        }
        Ok(())
    }
}
