//! Backups: one file with everything but the portal's key, and what must not go back when one is restored.
//!
//! What the vendor said is no data of the portal: license files, trust lists, the highest sequences, the newest instant
//! seen. A restore over data that is there keeps the higher of both, and the leases that were given meanwhile. It is one
//! transaction of the data that is there, so that another program beside it sees all of it or nothing.

use std::path::{Path, PathBuf};

use entitlement::Moment;
use rules::Actor;
use rules::permit::AcknowledgePermit;
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::{Db, Mode, values};
use crate::chain::Anchor;
use crate::foundation::look;
use crate::migrate::{self, Progress};
use crate::sql;
use crate::store::{FILE, Opening, Shared, Store};
use crate::tx::{ReadTx, WriteTx};

const SECONDS_A_DAY: i64 = 86_400;

/// The name of a copy while it is made ready.
const WORKING: &str = "portal.db.restoring";

/// Rows that the backup never replaces: they are joined to those that are there.
const JOINED: [&str; 6] = ["entitlements", "trust_lists", "catalogs", "staged_entitlements", "checkouts", "migrations"];

/// Rows with rules of their own.
const APART: [&str; 2] = ["organization", "contracts"];

/// What the higher of both is kept of, and to what the organization's row points then.
const JOIN: &str = "
INSERT OR IGNORE INTO main.entitlements SELECT * FROM backup.entitlements;
INSERT OR IGNORE INTO main.trust_lists SELECT * FROM backup.trust_lists;
INSERT OR IGNORE INTO main.catalogs SELECT * FROM backup.catalogs;
INSERT OR IGNORE INTO main.staged_entitlements SELECT * FROM backup.staged_entitlements;
INSERT OR IGNORE INTO main.checkouts SELECT * FROM backup.checkouts;
UPDATE main.organization SET
    entitlement = CASE WHEN main.organization.entitlement IS NULL OR EXISTS (
        SELECT 1 FROM backup.contracts AS theirs, main.contracts AS ours, backup.organization AS row
        WHERE theirs.identity = row.entitlement AND ours.contract = theirs.contract AND ours.sequence < theirs.sequence
        AND ours.identity = main.organization.entitlement)
        THEN (SELECT entitlement FROM backup.organization) ELSE main.organization.entitlement END,
    trust_version = MAX(trust_version, (SELECT trust_version FROM backup.organization)),
    newest_instant = MAX(newest_instant, (SELECT newest_instant FROM backup.organization)),
    newest_issue = MAX(newest_issue, (SELECT newest_issue FROM backup.organization)),
    epoch = MAX(epoch, (SELECT epoch FROM backup.organization)),
    clock_accepted = MAX(clock_accepted, (SELECT clock_accepted FROM backup.organization)),
    seat_revision = MAX(seat_revision, (SELECT seat_revision FROM backup.organization)) + 1,
    policy_revision = MAX(policy_revision, (SELECT policy_revision FROM backup.organization)) + 1,
    version = (SELECT version FROM backup.organization),
    audit_hash = (SELECT audit_hash FROM backup.organization),
    enabled_administrators = (SELECT enabled_administrators FROM backup.organization),
    created_at = (SELECT created_at FROM backup.organization),
    offline_held_until = NULL;
INSERT INTO main.contracts SELECT contract, sequence, identity FROM backup.contracts WHERE true
    ON CONFLICT (contract) DO UPDATE SET sequence = excluded.sequence, identity = excluded.identity
    WHERE excluded.sequence > main.contracts.sequence;
UPDATE main.organization SET staged_from =
    (SELECT MIN(starts_at) FROM main.staged_entitlements WHERE problem IS NULL);
";

impl Store {
    /// Writes all data as of one moment into a file that is not there yet, while others go on reading and writing.
    ///
    /// # Errors
    /// What the disk and the database say.
    pub fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let db = Db::open(self.file(), Mode::Existing)?;
        db.copy_to(file)?;
        let written = std::fs::File::open(file).and_then(|copy| copy.sync_all());
        written.map_err(StoreError::internal)
    }
}

/// Looks whether a copy can be restored by this program: its roots, its version, every page of it.
///
/// # Errors
/// `database-newer`, `data-foreign`, `database-damaged`; nothing is written.
pub fn verify_copy(file: &Path, opening: &Opening) -> Result<(), StoreError> {
    let shared = Shared::of(opening)?;
    look(file, &shared, Mode::Existing)?;
    Db::open(file, Mode::Look)?.check_whole()
}

/// Puts a copy, which was made at that moment, in the place of the data in a folder, or where there is none.
///
/// Nothing else may serve the folder. What the vendor said, the newest instant and the leases of the data that is there are
/// kept where they are newer; another epoch begins, and everybody signs in again. Where no data was there, nothing is
/// taken offline before all leases have ended that the copy may not know of.
///
/// # Errors
/// As [`verify_copy`]; what the disk and the database say.
pub fn restore(folder: &Path, copy: &Path, opening: Opening, made_at: Moment) -> Result<Store, StoreError> {
    verify_copy(copy, &opening)?;
    let shared = Shared::of(&opening)?;
    let working = prepared(folder, copy, &shared)?;
    let file = folder.join(FILE);
    let is_there = std::fs::metadata(&file).is_ok_and(|meta| meta.len() > 0);
    let done = if is_there {
        look(&file, &shared, Mode::Existing).and_then(|()| join(&file, &working, &shared))
    } else {
        std::fs::rename(&working, &file).map_err(StoreError::internal).map(|()| None)
    };
    for suffix in ["", "-wal", "-shm"] {
        // What was made ready and is not needed any more.
        let _ = std::fs::remove_file(folder.join(format!("{WORKING}{suffix}")));
    }
    let given_up = done?;
    let store = Store::open(folder, opening)?;
    store.write_alone_now(move |tx| tx.settle_restored(made_at, (is_there, given_up)))?;
    Ok(store)
}

/// The copy beside the data, brought to the version of this program.
fn prepared(folder: &Path, copy: &Path, shared: &Shared) -> Result<PathBuf, StoreError> {
    let working = folder.join(WORKING);
    std::fs::copy(copy, &working).map_err(StoreError::internal)?;
    let db = Db::open(&working, Mode::Existing)?;
    if migrate::progress(&db)? != Progress::Current {
        migrate::run(&db, shared.clock.wall())?;
    }
    db.settle_log()?;
    Ok(working)
}

/// Replaces the rows of the data by those of the copy, in one transaction. The log goes on where that of the copy ended;
/// answers where the one that is given up had come to.
fn join(file: &Path, working: &Path, shared: &Shared) -> Result<Option<Anchor>, StoreError> {
    let db = Db::open(file, Mode::Existing)?;
    if migrate::progress(&db)? != Progress::Current {
        migrate::run(&db, shared.clock.wall())?;
    }
    let tables = db.tables()?;
    db.attach(working, "backup")?;
    db.begin_write()?;
    let replaced = tables.iter().filter(|name| !JOINED.contains(&name.as_str()) && !APART.contains(&name.as_str()));
    let statements = replaced.map(|name| {
        format!("DELETE FROM main.\"{name}\"; INSERT INTO main.\"{name}\" SELECT * FROM backup.\"{name}\";")
    });
    let text: String = ["PRAGMA defer_foreign_keys = true;".to_owned()].into_iter().chain(statements).collect();
    let head = db.one(sql::AUDIT_HEAD, &[], |row| Ok(Anchor { seq: row.count(0)?, hash: row.owned(1)? }));
    let outcome = head.and_then(|head| {
        db.run_script(&text)?;
        db.run_script(JOIN)?;
        db.commit()?;
        Ok(head.filter(|head| head.seq > 0))
    });
    if outcome.is_err() {
        db.rollback();
    }
    outcome
}

impl ReadTx<'_> {
    /// Until when leases may run that a restored backup does not know of.
    ///
    /// # Errors
    /// What the database says.
    pub fn offline_held_until(&self) -> Result<Option<Moment>, StoreError> {
        Ok(self.db().one(sql::OFFLINE_HELD, &[], |row| row.moment_or_absent(0))?.flatten())
    }
}

impl<'tx> WriteTx<'tx> {
    /// Lets products go offline again: no lease is out that the restored backup does not know of.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn acknowledge_offline(&self, permit: AcknowledgePermit<'tx>, actor: &Actor) -> Result<(), StoreError> {
        self.whole(|| {
            self.spend(permit)?;
            self.db().execute(sql::HOLD_OFFLINE, values![Option::<Moment>::None])?;
            self.append_audit(actor, Action::OfflineAcknowledged, "offline", &json!({}))
        })
    }

    fn settle_restored(
        &self,
        made_at: Moment,
        (over_data, given_up): (bool, Option<Anchor>),
    ) -> Result<(), StoreError> {
        self.whole(|| {
            let policy = self.license()?.at(self.now()).policy();
            let held = made_at.plus_seconds(i64::from(policy.offline_days) * SECONDS_A_DAY);
            let held = (!over_data).then_some(held);
            self.db().execute(sql::HOLD_OFFLINE, values![held])?;
            self.db().execute(sql::KEEP_HOME, values![""])?;
            let ended = self.db().execute(sql::END_ALL_TOKENS, &[])?;
            let before = self.shortfalls()?;
            self.count_anew(self.catalog()?.as_ref())?;
            self.remember_shortfalls(&before, self.now())?;
            let detail = json!({ "made_at": made_at.to_string(), "over_data": over_data, "tokens_ended": ended,
                                 "log_given_up": given_up.map(|head| head.to_string()) });
            self.append_audit(&Actor::console(), Action::Restored, "portal", &detail)?;
            self.begin_epoch("restored from a backup")
        })
    }
}
