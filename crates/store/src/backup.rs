//! Backups: one file with everything but the portal's key, and what must not go back when one is restored.
//!
//! What the vendor said is no data of the portal: license files, trust lists, the highest sequences, the newest instant
//! seen. A restore over data that is there keeps the higher of both, and the leases that were given meanwhile. It is one
//! transaction of the data that is there, so that another program beside it sees all of it or nothing.

use std::path::{Path, PathBuf};

use entitlement::Moment;
use errors::Code;
use rules::Actor;
use rules::permit::AcknowledgePermit;
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::{Db, Mode, values};
use crate::chain::Anchor;
use crate::folder::{self, unwritable};
use crate::foundation::look;
use crate::migrate::{self, Progress};
use crate::sql;
use crate::store::{FILE, Opening, Shared, Store};
use crate::tx::{Ground, ReadTx, WriteTx};

const SECONDS_A_DAY: i64 = 86_400;

/// For how many days products are taken to be offline where no file can say it.
const LONGEST: u32 = 366;

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
    created_at = (SELECT created_at FROM backup.organization);
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
        Db::open(self.file(), Mode::Existing)?.copy_to(file)
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

/// Data that was restored.
pub struct Restored {
    /// The data.
    pub store: Store,
    /// Where what was there before is kept, where there was something.
    pub kept: Option<PathBuf>,
    /// Whether it was joined to data that was there; otherwise nobody knows of leases that were given after the copy.
    pub over_data: bool,
}

/// Puts a copy, which was made at that moment, in the place of the data in a folder, or where there is none.
///
/// Nothing else may serve the folder. What the vendor said, the newest instant and the leases of the data that is there are
/// kept where they are newer; another epoch begins, and everybody signs in again. Where no data was there, or none that can
/// be read, nothing is taken offline before all leases have ended that the copy may not know of. Whatever was there is kept
/// beside it. The data changes in one step, the last but tidying up: whoever is interrupted has the data of before, damaged
/// data perhaps under the name that it is kept by, and can repeat it.
///
/// # Errors
/// As [`verify_copy`]; what the disk and the database say.
pub fn restore(folder: &Path, copy: &Path, opening: Opening, made_at: Moment) -> Result<Restored, StoreError> {
    verify_copy(copy, &opening)?;
    let shared = Shared::of(&opening)?;
    sweep(folder, WORKING)?;
    let working = prepared(folder, copy, &shared)?;
    let kept = keep_present(folder, &shared)?;
    let over_data = kept.as_ref().is_some_and(|(_, is_whole)| *is_whole);
    if over_data {
        join(&folder.join(FILE), &working, (&shared, made_at))?;
    } else {
        let db = Db::open(&working, Mode::Existing)?;
        db.begin_write()?;
        settle(&db, &shared, made_at, (false, None)).inspect_err(|_| db.rollback())?;
        db.settle_log()?;
        drop(db);
        put_in_place(folder, &working)?;
    }
    sweep(folder, WORKING)?;
    Ok(Restored { store: Store::open(folder, opening)?, kept: kept.map(|(path, _)| path), over_data })
}

/// The names of a database and of what lies beside it.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Removes a database that is not needed; a link goes, and not what it leads to.
fn sweep(folder: &Path, name: &str) -> Result<(), StoreError> {
    for suffix in BESIDE {
        match std::fs::remove_file(folder.join(format!("{name}{suffix}"))) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(unwritable(folder, &error)),
        }
    }
    Ok(())
}

/// Keeps what is in the folder, under a name of its own; answers it, and whether it can be read. Damaged data is moved
/// there as it is.
fn keep_present(folder: &Path, shared: &Shared) -> Result<Option<(PathBuf, bool)>, StoreError> {
    let file = folder.join(FILE);
    if !std::fs::metadata(&file).is_ok_and(|meta| meta.len() > 0) {
        return Ok(None);
    }
    let name = format!("before-restore-{}", shared.clock.wall().unix());
    let free = |number: &u32| !folder.join(numbered(&name, *number)).exists();
    let number = (1..).find(free).unwrap_or(1);
    let kept = folder.join(numbered(&name, number));
    let whole = look(&file, shared, Mode::Existing).and_then(|()| {
        let db = Db::open(&file, Mode::Existing)?;
        db.check_whole()?;
        db.copy_to(&kept)
    });
    let Err(error) = whole else { return Ok(Some((kept, true))) };
    // Half a copy is nothing to keep.
    let _ = std::fs::remove_file(&kept);
    // Only what is damaged is taken for lost: a full disk, or another program that writes, is told.
    if error.cause().is_none_or(|broken| broken.code != Code::DatabaseDamaged) {
        return Err(error);
    }
    move_beside(folder, &numbered(&name, number))?;
    Ok(Some((kept, false)))
}

/// Moves the data, as it is, to another name.
fn move_beside(folder: &Path, name: &str) -> Result<(), StoreError> {
    for suffix in BESIDE {
        let from = folder.join(format!("{FILE}{suffix}"));
        if from.exists() {
            let to = folder.join(format!("{name}{suffix}"));
            std::fs::rename(&from, &to).map_err(|error| unwritable(&to, &error))?;
        }
    }
    Ok(())
}

fn numbered(name: &str, number: u32) -> String {
    if number == 1 { format!("{name}.db") } else { format!("{name}-{number}.db") }
}

/// The copy beside the data, brought to the version of this program.
fn prepared(folder: &Path, copy: &Path, shared: &Shared) -> Result<PathBuf, StoreError> {
    let working = folder::prepare(folder, WORKING)?;
    let copied = std::fs::File::open(copy).and_then(|mut from| {
        let mut to = std::fs::OpenOptions::new().write(true).open(&working)?;
        std::io::copy(&mut from, &mut to)?;
        to.sync_all()
    });
    copied.map_err(|error| unwritable(&working, &error))?;
    let db = Db::open(&working, Mode::Existing)?;
    if migrate::progress(&db)? != Progress::Current {
        migrate::run(&db, shared.clock.wall())?;
    }
    db.settle_log()?;
    Ok(working)
}

/// Gives the copy its name. What lies beside that name belongs to data that is gone, and would be played over it.
fn put_in_place(folder: &Path, working: &Path) -> Result<(), StoreError> {
    sweep(folder, FILE)?;
    let synced = |path: &Path| std::fs::File::open(path).and_then(|file| file.sync_all());
    synced(working)
        .and_then(|()| std::fs::rename(working, folder.join(FILE)))
        .and_then(|()| synced(folder))
        .map_err(|error| unwritable(folder, &error))
}

/// Replaces the rows of the data by those of the copy, in one transaction. The log goes on where that of the copy ended.
fn join(file: &Path, working: &Path, (shared, made_at): (&Shared, Moment)) -> Result<(), StoreError> {
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
        // Where the log that is given up had come to.
        settle(&db, shared, made_at, (true, head.filter(|head| head.seq > 0)))
    });
    outcome.inspect_err(|_| db.rollback())
}

/// Ends the transaction that has put restored rows in place: with another epoch, without anybody signed in, and with the
/// leases in mind that the copy may not know of.
fn settle(db: &Db, shared: &Shared, made_at: Moment, over: (bool, Option<Anchor>)) -> Result<(), StoreError> {
    let ground = Ground::of_open_transaction(db, shared)?;
    WriteTx::on(&ground).settle_restored(made_at, over)?;
    ground.commit()
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

    /// For how many days the file on record lets products be offline, also where it is for another portal now.
    fn longest_offline_days(&self) -> Result<i64, StoreError> {
        let Some(identity) = self.organization().entitlement else { return Ok(0) };
        let opened = self.trust_list().ok().flatten().and_then(|trust| {
            let bytes = self.license_bytes(&identity.parse().ok()?).ok()??;
            entitlement::open_entitlement(bytes.as_bytes(), &trust, entitlement::Use::Installed, self.now()).ok()
        });
        let days = opened.map_or(LONGEST, |file| {
            let policy = file.policy();
            if policy.offline { policy.offline_days } else { 0 }
        });
        Ok(i64::from(days))
    }

    fn settle_restored(
        &self,
        made_at: Moment,
        (over_data, given_up): (bool, Option<Anchor>),
    ) -> Result<(), StoreError> {
        self.whole(|| {
            let before_now = self.offline_held_until()?;
            let made_at = made_at.max(self.organization().newest_instant);
            let last = made_at.plus_seconds(self.longest_offline_days()? * SECONDS_A_DAY);
            let held = if over_data { before_now } else { before_now.max(Some(last)) };
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
