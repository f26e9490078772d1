//! The steps from an empty database to the present one, each with its content on record.

use entitlement::Moment;
use errors::{Code, Failure};
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::backend::{Db, values};
use crate::{chain, sql};

/// One step.
pub(crate) struct Migration {
    pub(crate) number: u64,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    /// What SQL cannot do, in the same transaction.
    then: fn(&Db) -> Result<(), StoreError>,
}

impl Migration {
    const fn new(number: u64, name: &'static str, text: &'static str) -> Self {
        Self { number, name, text, then: |_| Ok(()) }
    }
}

/// Every step, in order. A step that was released is never edited; its SHA-256 is on record in every database.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "spine", include_str!("../migrations/0001_spine.sql")),
    Migration::new(2, "requests", include_str!("../migrations/0002_requests.sql")),
    Migration::new(3, "seats", include_str!("../migrations/0003_seats.sql")),
    Migration::new(4, "products", include_str!("../migrations/0004_products.sql")),
    Migration::new(5, "trust", include_str!("../migrations/0005_trust.sql")),
    Migration {
        then: chain::link_all,
        ..Migration::new(6, "audit chain", include_str!("../migrations/0006_audit_chain.sql"))
    },
    Migration::new(7, "lists", include_str!("../migrations/0007_lists.sql")),
];

/// The record itself, which has to be there before the first step.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
                      sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/// How far a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing of ours is in it.
    Empty,
    /// Steps are missing.
    Behind,
    /// Every step is done.
    Current,
}

/// Compares the record with the steps that this program knows, and changes nothing.
///
/// # Errors
/// `database-newer` when a later program has written it; `database-damaged` when a step on record has another content.
pub(crate) fn progress(db: &Db) -> Result<Progress, StoreError> {
    if !db.has_table("migrations")? {
        return Ok(Progress::Empty);
    }
    let done = db.many(sql::MIGRATIONS, &[], |row| Ok((row.count(0)?, row.owned(1)?, row.owned(2)?)))?;
    let known = MIGRATIONS.iter().map(|step| step.number).max().unwrap_or(0);
    if let Some((number, name, _)) = done.iter().find(|(number, ..)| *number > known) {
        let detail = format!("The data is at version {number} ({name}); this program knows versions up to {known}.");
        return Err(Failure::new(Code::DatabaseNewer, detail).with("version", *number).with("known", known).into());
    }
    for (step, (number, _, sha256)) in MIGRATIONS.iter().zip(&done) {
        if step.number != *number || fingerprint(step) != *sha256 {
            return Err(StoreError::damaged(format!("migration {number} was recorded with another content")));
        }
    }
    Ok(if done.len() < MIGRATIONS.len() { Progress::Behind } else { Progress::Current })
}

/// Does the missing steps, all in one transaction: a program that is stopped in between leaves the database as it was.
pub(crate) fn run(db: &Db, now: Moment) -> Result<(), StoreError> {
    run_up_to(db, now, MIGRATIONS.len())
}

fn run_up_to(db: &Db, now: Moment, last: usize) -> Result<(), StoreError> {
    db.begin_write()?;
    let outcome = apply(db, now, last).and_then(|()| db.commit());
    if outcome.is_err() {
        db.rollback();
    }
    outcome
}

fn apply(db: &Db, now: Moment, last: usize) -> Result<(), StoreError> {
    db.run_script(RECORD)?;
    // Another process may have been faster; the lock is held now.
    progress(db)?;
    let done = db.many(sql::MIGRATIONS, &[], |row| row.count(0))?.len();
    for step in MIGRATIONS.iter().take(last).skip(done) {
        db.run_script(step.text)?;
        (step.then)(db)?;
        db.execute(sql::RECORD_MIGRATION, values![step.number, step.name, &fingerprint(step), now])?;
    }
    Ok(())
}

fn fingerprint(step: &Migration) -> String {
    crate::text::base64url(&Sha256::digest(step.text.as_bytes()))
}
