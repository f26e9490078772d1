//! Members as a table: read from CSV, brought in or changed, and written out (design: Doors).
//!
//! The columns are found by their names. Only what is given changes: an empty cell leaves a member's value as it is, and
//! gives a new member the default. Everything is one decision in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use errors::{Code, Failure};
use rules::account::ProfileParts;
use rules::change_set::{ChangeSet, Mode, Operation};
use rules::plan::Blocker;
use rules::{Actor, MemberId, MemberState};
use serde_json::{Value, json};
use store::{Member, MemberFilter, ReadTx, StoreError, WriteTx};
use zeroize::Zeroizing;

use super::changes::{self, Request};
use super::input::{invalid_at, labels, role_at, text, user_type_at};
use super::members::{self, Asked, AskedExtras};
use super::profile::{self, Profile};
use super::{Caller, actor};
use crate::auth::password;

/// The columns that a table may have.
pub const COLUMNS: [&str; 8] =
    ["username", "full_name", "email", "user_type", "role", "groups", "categories", "vendor_access"];
/// A column of an export that is compared and never changed: an account is archived, disabled or restored by a change.
const STATE: &str = "state";
/// Columns that are there for people only, of an export and of a table of refused rows.
const FOR_PEOPLE: [&str; 2] = ["last_signed_in_at", PROBLEM];
/// What stands behind each row that was refused.
const PROBLEM: &str = "problem";
/// The most rows.
const MOST_ROWS: usize = 10_000;
/// Between the labels in one cell.
const BETWEEN: char = ';';
/// What makes a spreadsheet take a cell for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table as it was read.
#[derive(Debug, Clone)]
pub struct Table {
    /// The names of the columns, in the order of the file.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// Its cells, by column; those that are not empty.
    pub cells: BTreeMap<&'static str, String>,
    /// Its cells as they were written, for a file of those that were refused.
    pub written: Vec<String>,
}

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

impl Table {
    /// Reads a table: UTF-8 with or without a byte-order mark, separated by commas or semicolons.
    ///
    /// # Errors
    /// `validation-failed` with the line.
    pub fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let unusable = |message: String| invalid_at("/file", &message);
        let whole = std::str::from_utf8(bytes).map_err(|_| unusable("is not UTF-8 text".to_owned()))?;
        let whole = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        let first = whole.lines().next().unwrap_or_default();
        let separator = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(separator).trim(csv::Trim::All).from_reader(whole.as_bytes());
        let header: Vec<String> =
            reader.headers().map_err(|error| unusable(format!("{error}")))?.iter().map(str::to_owned).collect();
        let columns = columns(&header)?;
        // The problems of an earlier answer are not those of this one.
        let is_kept = |cell: &(&String, &str)| cell.1 != PROBLEM;
        let kept = |cells: &[String]| -> Vec<String> {
            cells.iter().zip(columns.iter().copied()).filter(is_kept).map(|(cell, _)| cell.clone()).collect()
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| unusable(format!("{error}")))?;
            let line = record.position().map_or(0, csv::Position::line);
            let written: Vec<String> = record.iter().map(str::to_owned).collect();
            let given = columns.iter().zip(&written).filter(|(column, _)| !FOR_PEOPLE.contains(column));
            let given = given.filter(|(_, cell)| !cell.is_empty());
            let cells = given.map(|(column, cell)| (*column, plain(cell))).collect();
            rows.push(Row { line, cells, written: kept(&written) });
            if rows.len() > MOST_ROWS {
                return Err(unusable(format!("has more than {MOST_ROWS} rows")));
            }
        }
        Ok(Self { header: kept(&header), rows })
    }
}

fn columns(header: &[String]) -> Result<Vec<&'static str>, Failure> {
    let mut seen = BTreeSet::new();
    let columns = header
        .iter()
        .map(|given| {
            let mut all = COLUMNS.iter().chain(&[STATE]).chain(&FOR_PEOPLE);
            let known = all.find(|column| column.eq_ignore_ascii_case(given));
            let known = known.ok_or_else(|| {
                invalid_at("/file", &format!("has a column `{given}`; the columns are {}", COLUMNS.join(", ")))
            })?;
            if seen.insert(*known) { Ok(*known) } else { Err(invalid_at("/file", &format!("has `{given}` twice"))) }
        })
        .collect::<Result<Vec<_>, _>>()?;
    if seen.contains("username") { Ok(columns) } else { Err(invalid_at("/file", "has no column `username`")) }
}

/// A cell without the sign that [`safe`] puts before a formula.
fn plain(cell: &str) -> String {
    let rest = cell.strip_prefix('\'').filter(|rest| is_marked(rest));
    rest.unwrap_or(cell).to_owned()
}

/// Whether it is a formula, or looks like one that was marked already: then the mark is doubled, and the way back is one.
fn is_marked(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn safe(cell: &str) -> String {
    if is_marked(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn internal(error: impl std::fmt::Display) -> Failure {
    StoreError::internal(error).into_failure()
}

fn finished(writer: csv::Writer<Vec<u8>>) -> Result<String, Failure> {
    let bytes = writer.into_inner().map_err(internal)?;
    String::from_utf8(bytes).map_err(internal)
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

/// The members of a filter as a table that [`Table::read`] takes again, with two more columns for people.
///
/// # Errors
/// The caller may not see every account.
pub fn export(
    tx: &ReadTx<'_>,
    caller: &Caller,
    filter: &MemberFilter,
    part: &members::Page,
) -> Result<String, StoreError> {
    rules::account::see_members(&actor(tx, caller)?)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().chain(&[STATE, "last_signed_in_at"])).map_err(internal)?;
    let mut part = members::Page { cursor: None, limit: 500, ..part.clone() };
    loop {
        let page = members::list(tx, caller, filter, &part)?;
        for member in &page.items {
            let labels = tx.labels(&member.id)?;
            let joined =
                |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(&BETWEEN.to_string());
            let signed_in = member.last_signed_in_at.map(|at| at.to_string()).unwrap_or_default();
            let access = if member.vendor_access { "yes" } else { "no" };
            let cells = [
                safe(&member.username),
                safe(&member.full_name),
                safe(&member.email),
                member.user_type.to_string(),
                member.role.to_string(),
                safe(&joined(&labels.groups)),
                safe(&joined(&labels.categories)),
                access.to_owned(),
                member.state.as_str().to_owned(),
                signed_in,
            ];
            writer.write_record(&cells).map_err(internal)?;
        }
        part.cursor = page.next;
        if part.cursor.is_none() {
            return Ok(finished(writer)?);
        }
    }
}
