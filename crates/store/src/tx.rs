//! One transaction, as a closure sees it: [`ReadTx`] to look, [`WriteTx`] to decide and write.
//!
//! The lifetime of a transaction is its brand: what was read in one, and the permits made from it, cannot leave the
//! closure, and nothing of another transaction can be brought in.
//!
//! ```compile_fail
//! // A permit cannot escape its transaction: no type of the answer can name the transaction's lifetime.
//! fn escape(store: &store::Store, actor: rules::Actor, asked: rules::capacity::Registration) {
//!     let permit = store.write_now(move |tx| Ok(rules::capacity::register(&tx.facts()?, &actor, &asked)?));
//! }
//! ```
//!
//! The same closure, which gives away what the permit grants and not the permit, compiles:
//!
//! ```
//! fn look(store: &store::Store, actor: rules::Actor, asked: rules::capacity::Registration) {
//!     let grant = store.write_now(move |tx| Ok(rules::capacity::register(&tx.facts()?, &actor, &asked)?.grant().clone()));
//! }
//! ```

use std::cell::{Cell, RefCell};
use std::ops::Deref;

use entitlement::Moment;
use rules::Brand;
use rules::permit::Permit;

use crate::StoreError;
use crate::backend::Db;
use crate::books::{Access, Books, Organization};
use crate::clock_guard::ClockReading;
use crate::staging;
use crate::store::Shared;

/// What all decisions of one database transaction share.
pub(crate) struct Ground<'c> {
    pub(crate) db: &'c Db,
    pub(crate) shared: &'c Shared,
    pub(crate) books: RefCell<Books>,
    time: ClockReading,
    access: Access,
}

impl<'c> Ground<'c> {
    /// Begins a transaction that may write. The time is read when the lock is held, not while waiting for it.
    pub(crate) fn begin_write(db: &'c Db, shared: &'c Shared) -> Result<Self, StoreError> {
        db.begin_write()?;
        Self::begun(db, shared, Access::Write)
    }

    /// Begins a transaction that only reads.
    pub(crate) fn begin_read(db: &'c Db, shared: &'c Shared) -> Result<Self, StoreError> {
        db.begin_read()?;
        Self::begun(db, shared, Access::Read)
    }

    /// A transaction that was begun to write, and in which rows were changed by hand.
    pub(crate) fn of_open_transaction(db: &'c Db, shared: &'c Shared) -> Result<Self, StoreError> {
        Self::begun(db, shared, Access::Write)
    }

    fn begun(db: &'c Db, shared: &'c Shared, access: Access) -> Result<Self, StoreError> {
        let books = Books::open(db, access).inspect_err(|_| db.rollback())?;
        let time = shared.clock.read(books.recorded());
        let ground = Self { db, shared, books: RefCell::new(books.at(time)), time, access };
        staging::settle(&ground).inspect_err(|_| db.rollback())?;
        Ok(ground)
    }

    /// The time of the transaction.
    pub(crate) fn time(&self) -> ClockReading {
        self.time
    }

    /// Whether it may write.
    pub(crate) fn may_write(&self) -> bool {
        self.access == Access::Write
    }

    /// Writes the counts back and makes everything durable.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        let outcome = WriteTx::on(self)
            .write_usage()
            .and_then(|()| self.books.borrow_mut().close(self.db, self.time.newest))
            .and_then(|()| self.db.commit());
        if outcome.is_err() {
            self.db.rollback();
        }
        outcome
    }
}

/// A transaction that sees one state of the data.
pub struct ReadTx<'tx> {
    pub(crate) brand: Brand<'tx>,
    pub(crate) ground: &'tx Ground<'tx>,
}

impl<'tx> ReadTx<'tx> {
    pub(crate) fn on(ground: &'tx Ground<'tx>) -> Self {
        Self { brand: Brand::of(ground), ground }
    }

    /// The effective time, the same throughout the transaction.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.ground.time.now
    }

    /// The effective time beside the wall clock, for the notice about a clock that was set.
    #[must_use]
    pub fn clock(&self) -> ClockReading {
        self.ground.time
    }

    /// Counts the writes of the portal; equal versions mean equal data.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.ground.books.borrow().organization.version
    }

    pub(crate) fn db(&self) -> &'tx Db {
        self.ground.db
    }

    pub(crate) fn organization(&self) -> Organization {
        self.ground.books.borrow().organization.clone()
    }
}

/// A transaction that holds the write lock.
pub struct WriteTx<'tx> {
    read: ReadTx<'tx>,
    is_spoiled: Cell<bool>,
}

impl<'tx> Deref for WriteTx<'tx> {
    type Target = ReadTx<'tx>;

    fn deref(&self) -> &ReadTx<'tx> {
        &self.read
    }
}

impl<'tx> WriteTx<'tx> {
    pub(crate) fn on(ground: &'tx Ground<'tx>) -> Self {
        Self { read: ReadTx::on(ground), is_spoiled: Cell::new(false) }
    }

    /// Whether a write broke off in the middle. The decision is taken back then, even if its closure hid the error.
    pub(crate) fn is_spoiled(&self) -> bool {
        self.is_spoiled.get()
    }

    /// Carries out one write of several statements. A refusal comes before the first of them; anything else spoils the
    /// decision.
    pub(crate) fn whole<R>(&self, write: impl FnOnce() -> Result<R, StoreError>) -> Result<R, StoreError> {
        write().inspect_err(|error| {
            if error.cause().is_some() {
                self.is_spoiled.set(true);
            }
        })
    }

    /// Opens a permit at the present seat revision, and moves on to the next.
    pub(crate) fn spend<G>(&self, permit: Permit<'tx, G>) -> Result<G, StoreError> {
        let mut books = self.ground.books.borrow_mut();
        let grant = permit.spend(books.organization.seat_revision)?;
        books.change().seat_revision += 1;
        Ok(grant)
    }

    pub(crate) fn change_organization(&self, change: impl FnOnce(&mut Organization)) {
        change(self.ground.books.borrow_mut().change());
    }
}
