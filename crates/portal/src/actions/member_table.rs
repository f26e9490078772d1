//! Members as a table: brought in, changed, and written out (design: Doors).
//!
//! The columns are found by their names. Only what is given changes: an empty cell leaves a member's value as it is, and
//! gives a new member the default. Everything is one decision in one transaction.
//!
//! `format` reads and writes the text; `export` makes a table of the members that are there.

mod export;
mod format;

use std::collections::{BTreeMap, BTreeSet};

use errors::{Code, Failure};
use rules::account::ProfileParts;
use rules::change_set::{ChangeSet, Mode, Operation};
use rules::plan::Blocker;
use rules::{Actor, MemberId, MemberState};
use serde_json::{Value, json};
use store::{Member, ReadTx, StoreError, WriteTx};
use zeroize::Zeroizing;

use super::changes::{self, Request};
use super::input::{invalid_at, labels, role_at, text, user_type_at};
use super::members::{self, Asked, AskedExtras};
use super::profile::{self, Profile};
use super::{Caller, actor};
use crate::auth::password;
pub use export::export;
use format::{BETWEEN, PROBLEM, STATE, finished, internal, plain};
pub use format::{COLUMNS, Row, Table, safe};

/// What became of a row.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A new member.
    Added {
        /// The id.
        id: MemberId,
        /// To be shown once; it is not kept anywhere.
        one_time_password: Zeroizing<String>,
    },
    /// A member was changed.
    Changed(MemberId),
    /// Everything was as the row says.
    Unchanged(MemberId),
    /// Nothing was done with the row.
    Refused(Failure),
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// One outcome per row, in their order.
    pub outcomes: Vec<(u64, String, Outcome)>,
}

impl Report {
    /// How many were added, changed, unchanged and refused.
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        self.outcomes.iter().fold([0; 4], |[added, changed, unchanged, refused], (.., outcome)| match outcome {
            Outcome::Added { .. } => [added + 1, changed, unchanged, refused],
            Outcome::Changed(_) => [added, changed + 1, unchanged, refused],
            Outcome::Unchanged(_) => [added, changed, unchanged + 1, refused],
            Outcome::Refused(_) => [added, changed, unchanged, refused + 1],
        })
    }

    /// The refused rows as programs read them.
    #[must_use]
    pub fn problems(&self) -> Vec<Value> {
        let refused = self.outcomes.iter().filter_map(|(line, username, outcome)| match outcome {
            Outcome::Refused(failure) => Some((line, username, failure)),
            Outcome::Added { .. } | Outcome::Changed(_) | Outcome::Unchanged(_) => None,
        });
        refused
            .map(|(line, username, failure)| {
                json!({"line": line, "username": username, "code": failure.code.row().name, "problem": failure.detail})
            })
            .collect()
    }

    /// The refused rows as a table of the same columns and one more, `problem`: to be corrected and sent again.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn refused_table(&self, table: &Table) -> Result<String, Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let heading = table.header.iter().map(|name| safe(name)).chain([PROBLEM.to_owned()]);
        writer.write_record(heading).map_err(internal)?;
        for (row, (.., outcome)) in table.rows.iter().zip(&self.outcomes) {
            if let Outcome::Refused(failure) = outcome {
                let cells = row.written.iter().map(|cell| safe(&plain(cell)));
                writer.write_record(cells.chain([safe(&failure.detail)])).map_err(internal)?;
            }
        }
        finished(writer)
    }
}

/// Whether all rows stand or fall together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// All or nothing.
    Atomic,
    /// As many as can be; the others are named.
    Fill,
}

/// Brings in and changes the members of a table. New members go through the same question as at every other door; user
/// types and roles of those who are there already move in one change set.
///
/// # Errors
/// `import-refused` with the rows, when all stand or fall together and one cannot be; or what concerns no single row.
pub fn import(tx: &WriteTx<'_>, caller: &Caller, table: &Table, how: (Filling, &str)) -> Result<Report, StoreError> {
    let report = attempt(tx, caller, table, how)?;
    match refusal(&report, how.0) {
        Some(failure) => Err(failure.into()),
        None => Ok(report),
    }
}

/// Why nothing is imported, when all rows stand or fall together and one cannot be.
#[must_use]
pub fn refusal(report: &Report, filling: Filling) -> Option<Failure> {
    let [.., refused] = report.counts();
    (filling == Filling::Atomic && refused > 0).then(|| not_imported(report))
}

/// Does what can be done with each row and tells of the others, for a rehearsal whose writes are taken back.
///
/// # Errors
/// The caller has none of the privileges that rows can need; what concerns no single row.
pub fn attempt(
    tx: &WriteTx<'_>,
    caller: &Caller,
    table: &Table,
    (filling, reason): (Filling, &str),
) -> Result<Report, StoreError> {
    let actor = actor(tx, caller)?;
    rules::account::send_table(&actor)?;
    let mut outcomes: Vec<Option<Outcome>> = vec![None; table.rows.len()];
    let known = read_rows(tx, &actor, table, &mut outcomes)?;
    move_known(tx, caller, &known, (filling, reason), &mut outcomes)?;
    for ((at, row), place) in table.rows.iter().enumerate().zip(&mut outcomes) {
        if place.as_ref().is_some_and(is_final) {
            continue;
        }
        let done = match known.get(&at) {
            Some(wish) => describe(tx, caller, wish, place.as_ref()),
            None => add(tx, caller, row),
        };
        *place = Some(match done {
            Ok(outcome) => outcome,
            Err(StoreError::Refused(failure)) => Outcome::Refused(failure),
            Err(broken) => return Err(broken),
        });
    }
    let named = table.rows.iter().zip(outcomes).filter_map(|(row, outcome)| {
        Some((row.line, row.cells.get("username").cloned().unwrap_or_default(), outcome?))
    });
    Ok(Report { outcomes: named.collect() })
}

fn is_final(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Refused(_) | Outcome::Added { .. } => true,
        Outcome::Changed(_) | Outcome::Unchanged(_) => false,
    }
}

/// Why nothing of the table was imported.
fn not_imported(report: &Report) -> Failure {
    let problems = report.problems();
    let first = report.outcomes.iter().find_map(|(line, username, outcome)| match outcome {
        Outcome::Refused(failure) => Some(format!("line {line}, {username}: {}", failure.detail)),
        Outcome::Added { .. } | Outcome::Changed(_) | Outcome::Unchanged(_) => None,
    });
    let detail = format!(
        "Nothing was imported: {} of {} rows cannot be. First {}",
        problems.len(),
        report.outcomes.len(),
        first.unwrap_or_default()
    );
    Failure::new(Code::ImportRefused, detail).with("rows", problems)
}

/// A row of a member who is there already.
struct Wish {
    member: Member,
    operation: Option<Operation>,
    profile: Profile,
    /// Whether anything of the account is to be another.
    describes: bool,
}

/// Finds the members that are there already, and refuses rows that cannot be read, that name a member twice, or whose
/// profile cannot be so: nobody is moved by a row that is refused for the rest of it.
fn read_rows(
    tx: &ReadTx<'_>,
    actor: &Actor,
    table: &Table,
    outcomes: &mut [Option<Outcome>],
) -> Result<BTreeMap<usize, Wish>, StoreError> {
    let (mut known, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for ((at, row), place) in table.rows.iter().enumerate().zip(outcomes) {
        let Some(username) = row.cells.get("username") else {
            *place = Some(Outcome::Refused(invalid_at("/username", "is empty")));
            continue;
        };
        if !seen.insert(username.to_lowercase()) {
            *place = Some(Outcome::Refused(invalid_at("/username", "stands twice in the file")));
            continue;
        }
        if let Some(member) = tx.member_by_username(username)? {
            match wish(tx, actor, member, row) {
                Ok(wish) => {
                    known.insert(at, wish);
                }
                Err(StoreError::Refused(failure)) => *place = Some(Outcome::Refused(failure)),
                Err(broken) => return Err(broken),
            }
        }
    }
    Ok(known)
}

/// A table changes no state, so it names none but the present one; somebody new is enabled.
fn states_the_present(row: &Row, present: MemberState) -> Result<(), Failure> {
    match row.cells.get(STATE) {
        Some(state) if !state.eq_ignore_ascii_case(present.as_str()) => {
            Err(invalid_at("/state", &format!("is {}, and a table changes no state", present.as_str())))
        }
        Some(_) | None => Ok(()),
    }
}

fn wish(tx: &ReadTx<'_>, actor: &Actor, member: Member, row: &Row) -> Result<Wish, StoreError> {
    states_the_present(row, member.state)?;
    let cell = |column: &str| row.cells.get(column).cloned();
    let set_user_type = cell("user_type").map(|id| user_type_at("/user_type", &id)).transpose()?;
    let set_role = cell("role").map(|id| role_at("/role", &id)).transpose()?;
    let moves = set_user_type.as_ref().is_some_and(|id| *id != member.user_type)
        || set_role.as_ref().is_some_and(|id| *id != member.role);
    let profile = Profile {
        full_name: cell("full_name").map(|name| text("/full_name", Some(name))).transpose()?,
        email: cell("email").map(|email| text("/email", Some(email))).transpose()?,
        extras: extras(row)?,
    };
    let operation = moves.then(|| Operation::set(member.id.clone(), set_user_type, set_role));
    let describes = profile::to_describe(tx, actor, &member.id, &profile)? != ProfileParts::default();
    Ok(Wish { member, operation, profile, describes })
}

fn extras(row: &Row) -> Result<AskedExtras, Failure> {
    let names = |column: &str| {
        let cell = row.cells.get(column)?;
        let names = cell.split(BETWEEN).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        Some(labels(&format!("/{column}"), names.collect()))
    };
    let vendor_access = row.cells.get("vendor_access").map(|cell| match cell.to_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(invalid_at("/vendor_access", &format!("`{other}` is neither yes nor no"))),
    });
    Ok(AskedExtras {
        groups: names("groups").transpose()?,
        categories: names("categories").transpose()?,
        vendor_access: vendor_access.transpose()?,
    })
}

/// Moves the user types and roles of those who are there already, in one change set.
fn move_known(
    tx: &WriteTx<'_>,
    caller: &Caller,
    known: &BTreeMap<usize, Wish>,
    (filling, reason): (Filling, &str),
    outcomes: &mut [Option<Outcome>],
) -> Result<(), StoreError> {
    let rows: Vec<usize> = known.iter().filter(|(_, wish)| wish.operation.is_some()).map(|(at, _)| *at).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let operations = known.values().filter_map(|wish| wish.operation.clone()).collect();
    let mode = if filling == Filling::Atomic { Mode::Atomic } else { Mode::Partial };
    let set = ChangeSet { operations, mode, ..ChangeSet::default() };
    let request = Request { set, reason: reason.to_owned(), ..Request::default() };
    let refused = match changes::apply_or_blocked(tx, caller, &request)? {
        Ok(applied) => applied.plan.refused,
        Err(blockers) => blockers,
    };
    for (place, at) in rows.iter().enumerate() {
        let blocker = refused.iter().find(|blocker| blocker.operation == place);
        let outcome = match (blocker, known.get(at)) {
            (Some(Blocker { refusal, .. }), _) => Outcome::Refused(refusal.clone().into()),
            (None, Some(wish)) => Outcome::Changed(wish.member.id.clone()),
            (None, None) => continue,
        };
        if let Some(place) = outcomes.get_mut(*at) {
            *place = Some(outcome);
        }
    }
    Ok(())
}

/// Sets what else a row says of a member who is there already.
fn describe(tx: &WriteTx<'_>, caller: &Caller, wish: &Wish, so_far: Option<&Outcome>) -> Result<Outcome, StoreError> {
    let id = wish.member.id.clone();
    if so_far.is_some() && !wish.describes {
        return Ok(Outcome::Changed(id));
    }
    let before = tx.member(&id)?.map(|member| member.version);
    let after = profile::describe(tx, caller, &id, (&wish.profile, None))?.version;
    let is_changed = so_far.is_some() || before != Some(after);
    Ok(if is_changed { Outcome::Changed(id) } else { Outcome::Unchanged(id) })
}

fn add(tx: &WriteTx<'_>, caller: &Caller, row: &Row) -> Result<Outcome, StoreError> {
    states_the_present(row, MemberState::Enabled)?;
    let cell = |column: &str| row.cells.get(column).cloned();
    let asked = Asked {
        username: cell("username").unwrap_or_default(),
        user_type: cell("user_type"),
        role: cell("role"),
        full_name: cell("full_name"),
        email: cell("email"),
        extras: extras(row)?,
    };
    let one_time_password = password::one_time_password()?;
    let addition = asked.addition(members::one_time(&one_time_password))?;
    let id = members::add(tx, caller, addition)?.id;
    Ok(Outcome::Added { id, one_time_password })
}
