//! Uses of product sessions that are not on the disk yet.
//!
//! Ten thousand people who work are ten thousand renewals a minute, of which nobody needs the newest at once: a session that
//! was used lately is active with or without it. So such a use is noted here and written with all others that wait, every
//! few seconds. A crash loses those: then a session ends as if its last use had been the one before.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use entitlement::{Moment, ProductId};
use rules::MemberId;

use crate::backend::values;
use crate::product_sessions::ProductSession;
use crate::store::Store;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, sql};

/// Uses in one transaction at most: who else writes waits only a moment.
const AT_ONCE: usize = 1_000;

/// A use of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    session: String,
    product: ProductId,
    member: MemberId,
    at: Moment,
}

/// The newest use of each session, by its id.
#[derive(Default)]
pub(crate) struct Uses {
    noted: Mutex<BTreeMap<String, Noted>>,
    /// Whether the last writing failed: then nothing more is promised that may not reach the disk.
    is_failing: AtomicBool,
}

impl Uses {
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<String, Noted>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, noted: Noted) -> bool {
        if self.is_failing.load(Ordering::Relaxed) {
            return false;
        }
        self.waiting().insert(noted.session.clone(), noted);
        true
    }

    /// What waited is on the disk.
    fn wrote(&self) {
        self.is_failing.store(false, Ordering::Relaxed);
    }

    /// Takes those that are to be written next.
    fn take(&self) -> Vec<Noted> {
        let mut waiting = self.waiting();
        let mut taken = Vec::with_capacity(waiting.len().min(AT_ONCE));
        while taken.len() < AT_ONCE {
            let Some((_, noted)) = waiting.pop_first() else { break };
            taken.push(noted);
        }
        taken
    }

    /// Takes back what could not be written, unless the session has been used since.
    fn put_back(&self, taken: Vec<Noted>) {
        self.is_failing.store(true, Ordering::Relaxed);
        let mut waiting = self.waiting();
        for noted in taken {
            waiting.entry(noted.session.clone()).or_insert(noted);
        }
    }
}

impl ReadTx<'_> {
    /// Notes that a session is used now; [`Store::write_uses`] puts it on record. Only for sessions that
    /// [`rules::session::may_note_later`] lets wait. Whether it is noted: while uses cannot be written, none is.
    #[must_use]
    pub fn note_use(&self, session: &ProductSession) -> bool {
        let ProductSession { member, product, facts } = session;
        let (session, product, member) = (facts.id.clone(), product.clone(), member.clone());
        self.ground.shared.uses.note(Noted { session, product, member, at: self.now() })
    }

    /// A session as it was read, with a use of it that waits to be written.
    pub(crate) fn as_noted(&self, mut session: ProductSession) -> ProductSession {
        if session.facts.ended.is_none()
            && let Some(noted) = self.ground.shared.uses.waiting().get(&session.facts.id)
        {
            session.facts.last_used = session.facts.last_used.max(noted.at);
        }
        session
    }
}

impl WriteTx<'_> {
    fn write_uses(&self, uses: &[Noted]) -> Result<(), StoreError> {
        self.whole(|| {
            uses.iter().try_for_each(|noted| self.used(&noted.session, (&noted.product, &noted.member), noted.at))
        })
    }

    /// The rows of one use. What was ended or deleted meanwhile stays so.
    pub(crate) fn used(
        &self,
        session: &str,
        (product, member): (&ProductId, &MemberId),
        at: Moment,
    ) -> Result<(), StoreError> {
        self.db().execute(sql::USE_SESSION, values![session, at])?;
        self.db().execute(sql::PRODUCT_USED, values![product.as_str(), member.as_str(), at])?;
        Ok(())
    }
}

impl Store {
    /// Puts the uses that wait on record. To be called within five seconds of a use, before the program ends, and before a
    /// look at when products were last used.
    ///
    /// # Errors
    /// What the database says; the uses wait on then.
    pub async fn write_uses(&self) -> Result<(), StoreError> {
        let uses = &self.shared().uses;
        loop {
            let taken = uses.take();
            if taken.is_empty() {
                uses.wrote();
                return Ok(());
            }
            let written = taken.clone();
            if let Err(error) = self.write(move |tx| tx.write_uses(&written)).await {
                uses.put_back(taken);
                return Err(error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use entitlement::Moment;

    use super::{AT_ONCE, Noted, Uses};

    fn noted(session: &str, seconds: i64) -> Noted {
        let at = Moment::from_unix(seconds).unwrap();
        let (product, member) = ("arcgis-pro".parse().unwrap(), "mem_00000000000000000000000000".parse().unwrap());
        Noted { session: session.to_owned(), product, member, at }
    }

    #[test]
    fn what_could_not_be_written_waits_on_unless_it_was_used_since() {
        let uses = Uses::default();
        assert!(uses.note(noted("one", 10)) && uses.note(noted("two", 10)));
        let taken = uses.take();
        assert!(uses.note(noted("one", 20)));
        uses.put_back(taken);
        assert!(!uses.note(noted("one", 30)), "what cannot be written is not promised");
        let waiting: Vec<_> = uses.take().into_iter().map(|one| (one.session, one.at.unix())).collect();
        assert_eq!(waiting, [("one".to_owned(), 20), ("two".to_owned(), 10)]);
        assert!(uses.take().is_empty());
        uses.wrote();
        assert!(uses.note(noted("one", 40)));
    }
    #[test]
    fn many_uses_are_taken_in_portions() {
        let uses = Uses::default();
        for number in 0..=AT_ONCE {
            assert!(uses.note(noted(&number.to_string(), 10)));
        }
        assert_eq!([uses.take().len(), uses.take().len(), uses.take().len()], [AT_ONCE, 1, 0]);
    }
}
