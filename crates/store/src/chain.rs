//! The chain of the audit log: each row carries the hash of the row before it and its own, and the organization's row the
//! last of them. A row that is changed, taken out, put in or moved is found by walking it.
//!
//! The hash of a row is the SHA-256, in hexadecimal as `sha256sum` prints it, of one line of JSON without blanks:
//!
//! ```text
//! ["seatwarden-audit-1",PREVIOUS,SEQ,AT,ACTOR_KIND,ACTOR_ID,ACTOR_NAME,ACTION,TARGET,DETAIL]
//! ```
//!
//! Every column is in it. `PREVIOUS` is the hash of the row before, empty for the first; `SEQ` and `AT` (seconds) are
//! numbers; `ACTOR_ID` is `null` where there is none; `DETAIL` is the JSON of that column, as a string. In a string only
//! the quote, the backslash and control characters are escaped.
//!
//! Whoever can rewrite the database can compute the whole chain anew. Against that helps an [`Anchor`] that is kept where
//! he cannot write: the number and the hash of a row stand for every row up to it.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;

use entitlement::Moment;
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::backend::{Db, values};
use crate::row::Row;
use crate::sql;
use crate::text::hexadecimal;
use crate::tx::ReadTx;

/// What the line begins with, so that another spelling of it could be told from this one.
const SPELLING: &str = "seatwarden-audit-1";

/// Rows that are walked at a time.
const PAGE: u32 = 500;

/// The columns of a row that its hash is made of, but for the hash of the row before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'r> {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) actor_kind: &'r str,
    pub(crate) actor_id: Option<&'r str>,
    pub(crate) actor_name: &'r str,
    pub(crate) action: &'r str,
    pub(crate) target: &'r str,
    pub(crate) detail: &'r str,
}

impl<'r> Columns<'r> {
    /// From the columns of `sql::AUDIT_CHAIN`.
    fn of(row: &'r Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.integer(0)?,
            at: row.integer(1)?,
            actor_kind: row.text(2)?,
            actor_id: row.text_or_absent(3)?,
            actor_name: row.text(4)?,
            action: row.text(5)?,
            target: row.text(6)?,
            detail: row.text(7)?,
        })
    }

    /// The hash of the row behind the one with that hash.
    pub(crate) fn hash_after(&self, previous: &str) -> Result<String, StoreError> {
        let Self { seq, at, actor_kind, actor_id, actor_name, action, target, detail } = self;
        let line = (SPELLING, previous, seq, at, actor_kind, actor_id, actor_name, action, target, detail);
        Ok(hexadecimal(&Sha256::digest(serde_json::to_vec(&line).map_err(StoreError::internal)?)))
    }
}

/// Chains the rows that were written before there was a chain, as they are. One that cannot be read gets no hash: it stops
/// nobody from opening the data, and is found by whoever verifies.
pub(crate) fn link_all(db: &Db) -> Result<(), StoreError> {
    let last = RefCell::new(String::new());
    let mut next = i64::MIN;
    loop {
        let linked = db.many(sql::AUDIT_CHAIN, values![next, PAGE], |row| {
            let seq = row.integer(0)?;
            let Ok(columns) = Columns::of(row) else { return Ok((seq, String::new(), String::new())) };
            let hash = columns.hash_after(&last.borrow())?;
            Ok((seq, last.replace(hash.clone()), hash))
        })?;
        for (seq, previous, hash) in &linked {
            db.execute(sql::LINK_AUDIT, values![*seq, previous, hash])?;
        }
        let Some((seq, ..)) = linked.last() else { break };
        next = seq.saturating_add(1);
    }
    db.execute(sql::KEEP_AUDIT_HASH, values![&last.into_inner()])?;
    Ok(())
}

/// The number and the hash of one row, which stand for every row up to it. Kept elsewhere, it proves later that none of
/// them was rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The number of the row.
    pub seq: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

/// What is no anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAnchor;

impl FromStr for Anchor {
    type Err = NoAnchor;

    fn from_str(text: &str) -> Result<Self, NoAnchor> {
        let (seq, hash) = text.trim().split_once(':').ok_or(NoAnchor)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(NoAnchor)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { Ok(Self { seq, hash: hash.to_ascii_lowercase() }) } else { Err(NoAnchor) }
    }
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The row of that number is not there.
    Missing,
    /// There is a row too many.
    Stray,
    /// A column is not as it was written.
    Altered,
    /// It does not carry the hash of the row before it.
    Detached,
    /// It is another row than the one that the anchor names.
    NotAnchored,
    /// The anchor names it, and the log ends before.
    Cut,
}

/// The first row that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fracture {
    /// Its number, or the one that it should have.
    pub seq: u64,
    /// What does not fit.
    pub misfit: Misfit,
}

impl Fracture {
    /// The stable word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self.misfit {
            Misfit::Missing => "missing",
            Misfit::Stray => "stray",
            Misfit::Altered => "altered",
            Misfit::Detached => "detached",
            Misfit::NotAnchored => "not-anchored",
            Misfit::Cut => "cut",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn sentence(self) -> String {
        let Self { seq, misfit } = self;
        match misfit {
            Misfit::Missing => format!("Row {seq} is missing."),
            Misfit::Stray => format!("At row {seq} stands one that does not belong to the log."),
            Misfit::Altered => format!("Row {seq} is not as it was written."),
            Misfit::Detached => {
                let before = seq.saturating_sub(1);
                format!("Row {seq} does not follow row {before}: one of the two is not as it was written.")
            }
            Misfit::NotAnchored => format!(
                "Row {seq} is another one than the anchor names: rows up to it were rewritten, or the data was restored \
                 from a backup that is older than the anchor."
            ),
            Misfit::Cut => format!(
                "Row {seq}, which the anchor names, is not there: the log was cut off, or the data was restored from a \
                 backup that is older than the anchor."
            ),
        }
    }
}

/// How the chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainState {
    /// The number of the first row that was looked at.
    pub from: u64,
    /// How many rows fit.
    pub rows: u64,
    /// The last row that fits.
    pub last: Option<Anchor>,
    /// When that row was written.
    pub last_at: Option<Moment>,
    /// The first row that does not fit.
    pub fracture: Option<Fracture>,
}

/// A row as a walk meets it.
struct Met {
    /// Nothing where it is no number of a row.
    seq: Option<u64>,
    at: Option<Moment>,
    previous: Option<String>,
    hash: Option<String>,
    /// What the hash should be, if the columns can be read.
    due: Option<String>,
}

impl Met {
    fn by(row: &Row<'_>) -> Self {
        let (previous, hash) = (row.owned(8).ok(), row.owned(9).ok());
        let due = || Columns::of(row).ok()?.hash_after(previous.as_deref()?).ok();
        Self { seq: row.count(0).ok(), at: row.moment(1).ok(), due: due(), previous, hash }
    }

    /// The fracture that this row shows behind the row with that number and hash.
    fn fracture(&self, (before, hash): (u64, &str), version: u64) -> Option<Fracture> {
        let due = before.saturating_add(1);
        let broken = |seq, misfit| Some(Fracture { seq, misfit });
        match self.seq {
            Some(seq) if seq > due && due <= version => broken(due, Misfit::Missing),
            Some(seq) if seq != due || seq > version => broken(seq, Misfit::Stray),
            None => broken(if before < version { due } else { version.saturating_add(1) }, Misfit::Stray),
            Some(seq) if self.due.is_none() || self.due != self.hash => broken(seq, Misfit::Altered),
            Some(seq) if self.previous.as_deref() != Some(hash) => broken(seq, Misfit::Detached),
            Some(_) => None,
        }
    }
}

/// A walk along the chain.
struct Walk<'w> {
    state: ChainState,
    /// The number and the hash that the next row follows.
    before: (u64, String),
    /// The number and the hash of the newest row, by the organization's row.
    newest: (u64, &'w str),
    anchor: Option<&'w Anchor>,
}

impl Walk<'_> {
    /// Takes one row. Answers whether it fits.
    fn take(&mut self, met: Met) -> bool {
        let (before, hash) = &self.before;
        if let Some(fracture) = met.fracture((*before, hash), self.newest.0) {
            self.state.fracture = Some(fracture);
            return false;
        }
        let (Some(seq), Some(hash)) = (met.seq, met.hash) else { return false };
        if self.anchor.is_some_and(|anchor| anchor.seq == seq && anchor.hash != hash) {
            self.state.fracture = Some(Fracture { seq, misfit: Misfit::NotAnchored });
            return false;
        }
        self.state.rows += 1;
        self.state.last_at = met.at;
        self.state.last = Some(Anchor { seq, hash: hash.clone() });
        self.before = (seq, hash);
        true
    }

    /// What only shows at the end: rows that were cut off, and a last row that is not the one written last.
    fn end(mut self) -> ChainState {
        let (seq, hash) = &self.before;
        let (version, newest) = self.newest;
        let cut = self.anchor.filter(|anchor| anchor.seq > version);
        let misfit = if *seq < version {
            Some((seq.saturating_add(1), Misfit::Missing))
        } else if hash != newest {
            Some((version, Misfit::Altered))
        } else {
            cut.map(|anchor| (anchor.seq, Misfit::Cut))
        };
        self.state.fracture = misfit.map(|(seq, misfit)| Fracture { seq, misfit });
        self.state
    }
}

impl ReadTx<'_> {
    /// The newest row's number and hash; nothing while the log is empty.
    #[must_use]
    pub fn audit_anchor(&self) -> Option<Anchor> {
        let organization = self.organization();
        (organization.version > 0).then_some(Anchor { seq: organization.version, hash: organization.audit_hash })
    }

    /// Walks the chain from its first row, and holds it to an anchor that was kept elsewhere. It grows with the log.
    ///
    /// # Errors
    /// What the database says. A chain that is broken is an answer.
    pub fn verify_audit(&self, anchor: Option<&Anchor>) -> Result<ChainState, StoreError> {
        self.walk((0, String::new()), i64::MIN, anchor)
    }

    /// Walks the newest rows alone, however long the log is.
    ///
    /// # Errors
    /// As [`ReadTx::verify_audit`].
    pub fn verify_newest_audit(&self, rows: u32) -> Result<ChainState, StoreError> {
        let before = self.version().saturating_sub(u64::from(rows));
        if before == 0 {
            return self.verify_audit(None);
        }
        let hash = self.db().one(sql::AUDIT_HASH, values![before], |row| row.owned(0))?;
        let next = i64::try_from(before).map_err(StoreError::internal)?.saturating_add(1);
        match hash {
            Some(hash) => self.walk((before, hash), next, None),
            None => {
                let fracture = Some(Fracture { seq: before, misfit: Misfit::Missing });
                Ok(ChainState { from: before, rows: 0, last: None, last_at: None, fracture })
            }
        }
    }

    fn walk(&self, before: (u64, String), mut next: i64, anchor: Option<&Anchor>) -> Result<ChainState, StoreError> {
        let organization = self.organization();
        let from = before.0.saturating_add(1);
        let state = ChainState { from, rows: 0, last: None, last_at: None, fracture: None };
        let newest = (organization.version, organization.audit_hash.as_str());
        let mut walk = Walk { state, before, newest, anchor };
        loop {
            let page = self.db().many(sql::AUDIT_CHAIN, values![next, PAGE], |row| Ok(Met::by(row)))?;
            let is_last = page.is_empty();
            for met in page {
                if !walk.take(met) {
                    return Ok(walk.state);
                }
            }
            if is_last {
                return Ok(walk.end());
            }
            next = i64::try_from(walk.before.0).map_err(StoreError::internal)?.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchor, Columns, NoAnchor};

    #[test]
    fn the_hash_is_what_sha256sum_says_of_the_line_that_the_documents_describe() {
        let row = Columns {
            seq: 7,
            at: 1_797_336_000,
            actor_kind: "member",
            actor_id: Some("mem_1"),
            actor_name: "Jörg \"J\" \u{1}",
            action: "member.add",
            target: "mem_2",
            detail: r#"{"username":"bo"}"#,
        };
        let by_member = "c71b6d4b59120824dce83cc3c958801c68a9b8ef120f23234034b28969a1fcea";
        let by_console = "7763a22c59a6fd18a7415eecd92a5d1be07bc73941eb8ac0a91f01780c7fed03";
        assert_eq!(row.hash_after("").unwrap(), by_member);
        let row = Columns { actor_kind: "console", actor_id: None, actor_name: "console", ..row };
        assert_eq!(row.hash_after(by_member).unwrap(), by_console);
    }

    #[test]
    fn an_anchor_is_read_as_it_is_printed_and_nothing_else_is_one() {
        let hash = "0123456789abcdef".repeat(4);
        let anchor = Anchor { seq: 7, hash: hash.clone() };
        assert_eq!(anchor.to_string(), format!("7:{hash}"));
        assert_eq!(anchor.to_string().parse(), Ok(anchor.clone()));
        assert_eq!(format!(" 7:{} ", hash.to_uppercase()).parse(), Ok(anchor));
        for wrong in ["", "7", "7:", ":", "0:", "x:", "-1:", "7:abc"] {
            let text = if wrong.ends_with(':') && wrong != "7:" { format!("{wrong}{hash}") } else { wrong.to_owned() };
            assert_eq!(text.parse::<Anchor>(), Err(NoAnchor), "{text}");
        }
        assert_eq!(format!("7:{}", hash.replace('0', "g")).parse::<Anchor>(), Err(NoAnchor));
    }
}
