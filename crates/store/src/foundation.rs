//! The first row of a portal: under which roots it was made, and where it runs.

use std::collections::BTreeSet;
use std::path::Path;

use entitlement::PublicKey;
use errors::{Code, Failure};
use rules::Actor;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::audit::Action;
use crate::backend::{Db, Mode, values};
use crate::migrate::{self, Progress};
use crate::sql;
use crate::store::{Shared, Store};
use crate::tx::{ReadTx, WriteTx};

/// The first look at a file that is there: nothing is written before its version and its roots are known.
pub(crate) fn look(file: &Path, shared: &Shared, mode: Mode) -> Result<(), StoreError> {
    let is_new = std::fs::metadata(file).map_or(true, |meta| meta.len() == 0);
    if is_new && mode == Mode::Create {
        return Ok(());
    }
    let db = Db::open(file, Mode::Look)?;
    if migrate::progress(&db)? != Progress::Empty {
        return check_roots(&db, shared);
    }
    if !db.is_blank()? {
        return Err(StoreError::damaged("the database holds the tables of another program"));
    }
    if mode == Mode::Create { Ok(()) } else { Err(Failure::plain(Code::NoPortalHere).into()) }
}

/// Data is opened by a program that holds at least one of the roots that it was last opened with: a vendor adds a root,
/// and drops a lost one, from build to build. A demonstration's data never becomes a vendor's, nor a vendor's a
/// demonstration's.
fn check_roots(db: &Db, shared: &Shared) -> Result<(), StoreError> {
    let recorded = db.one(sql::FOUNDATION, &[], |row| row.owned(0))?;
    let ours = shared.roots.fingerprint();
    let Some(recorded) = recorded else { return Ok(()) };
    // Data of before migration 5 knows the digest of its roots alone.
    let known = if db.has_column("organization", "root_keys")? {
        db.one(sql::ROOT_KEYS, &[], |row| row.owned(0))?.unwrap_or_default()
    } else {
        String::new()
    };
    if known.is_empty() && recorded == ours {
        return Ok(());
    }
    let is_known = |ours: &str| known.lines().any(|known| known == ours);
    // Two columns that do not agree were not written by any of our programs.
    let keys: String = known.lines().filter(|line| *line != DEMONSTRATION).map(|line| format!("{line}\n")).collect();
    let agrees = crate::text::base64url(&Sha256::digest(keys)) == recorded;
    let shares_one = thumbprints(shared).iter().any(|ours| is_known(ours));
    if agrees && shares_one && is_known(DEMONSTRATION) == shared.is_demo {
        return Ok(());
    }
    Err(Failure::plain(Code::DataForeign).with("recorded", recorded).with("compiled_in", ours).into())
}

/// The line among the roots on record that marks the data of a demonstration. No thumbprint is as short.
const DEMONSTRATION: &str = "demonstration";

fn thumbprints(shared: &Shared) -> BTreeSet<String> {
    shared.roots.iter().map(PublicKey::thumbprint).map(|thumbprint| thumbprint.to_string()).collect()
}

/// Puts the roots of this program on record, once the data may be opened with them.
pub(crate) fn keep_roots(db: &Db, shared: &Shared) -> Result<(), StoreError> {
    let kind = shared.is_demo.then(|| DEMONSTRATION.to_owned());
    let keys: String = kind.into_iter().chain(thumbprints(shared)).map(|line| format!("{line}\n")).collect();
    if db.one(sql::ROOT_KEYS, &[], |row| row.owned(0))?.is_some_and(|known| known == keys) {
        return Ok(());
    }
    db.execute(sql::KEEP_ROOTS, values![&shared.roots.fingerprint(), &keys])?;
    Ok(())
}

impl Store {
    /// Notes where the data runs, named by a digest. Data that ran elsewhere before begins another epoch, which stands in
    /// every lease and usage report from then on: a copy shows. So does data that was put back: fewer writes are in it than
    /// somebody has seen. Answers whether it did.
    ///
    /// To be called by whoever serves, before anything is signed.
    ///
    /// # Errors
    /// What the database says.
    pub fn settle(&self, home: &str, seen: u64) -> Result<bool, StoreError> {
        if self.read(|tx| tx.runs(home, seen))? == Run::On {
            return Ok(false);
        }
        let home = home.to_owned();
        self.write_now(move |tx| {
            // Another program may have noted it meanwhile.
            let run = tx.runs(&home, seen)?;
            tx.whole(|| {
                tx.db().execute(sql::KEEP_HOME, values![&home])?;
                match run {
                    Run::On | Run::First => return Ok(false),
                    Run::Elsewhere => tx.begin_epoch("another place")?,
                    Run::PutBack => tx.begin_epoch("older data was put back")?,
                }
                Ok(true)
            })
        })
    }
}

/// How data runs, beside how it ran before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// Where it ran before.
    On,
    /// For the first time.
    First,
    /// In another place.
    Elsewhere,
    /// With fewer writes than somebody has seen in it.
    PutBack,
}

impl ReadTx<'_> {
    fn runs(&self, home: &str, seen: u64) -> Result<Run, StoreError> {
        let known = self.db().one(sql::HOME, &[], |row| row.owned(0))?.unwrap_or_default();
        Ok(match known.as_str() {
            _ if self.version() < seen => Run::PutBack,
            known if known == home => Run::On,
            "" => Run::First,
            _ => Run::Elsewhere,
        })
    }
}

impl WriteTx<'_> {
    /// Begins another epoch: a higher number, by a step of chance, so that two copies of the same data never share one.
    pub(crate) fn begin_epoch(&self, why: &str) -> Result<(), StoreError> {
        let mut chance = [0; 3];
        getrandom::fill(&mut chance).map_err(StoreError::internal)?;
        let [low, middle, high] = chance.map(u64::from);
        let step = 1 + low + (middle << 8) + (high << 16);
        self.change_organization(|organization| organization.epoch += step);
        let detail = json!({ "epoch": self.organization().epoch, "why": why });
        self.append_audit(&Actor::console(), Action::EpochBegun, "portal", &detail)
    }
}

/// Writes the organization's row of a new portal.
pub(crate) fn found(db: &Db, shared: &Shared, mode: Mode) -> Result<(), StoreError> {
    if db.one(sql::FOUNDATION, &[], |_| Ok(()))?.is_some() {
        return Ok(());
    }
    if mode != Mode::Create {
        return Err(Failure::plain(Code::NoPortalHere).into());
    }
    db.execute(sql::FOUND_ORGANIZATION, values![shared.clock.wall(), &shared.roots.fingerprint()])?;
    check_roots(db, shared)
}
