//! A table as text: comma-separated values with named columns, that no spreadsheet takes for formulas.

use std::collections::{BTreeMap, BTreeSet};

use errors::Failure;
use store::StoreError;

use crate::actions::input::invalid_at;

/// The columns that a table may have.
pub const COLUMNS: [&str; 8] =
    ["username", "full_name", "email", "user_type", "role", "groups", "categories", "vendor_access"];
/// A column of an export that is compared and never changed: an account is archived, disabled or restored by a change.
pub(super) const STATE: &str = "state";
/// Columns that are there for people only, of an export and of a table of refused rows.
const FOR_PEOPLE: [&str; 2] = ["last_signed_in_at", PROBLEM];
/// What stands behind each row that was refused.
pub(super) const PROBLEM: &str = "problem";
/// The most rows.
const MOST_ROWS: usize = 10_000;
/// Between the labels in one cell.
pub(super) const BETWEEN: char = ';';
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
pub(super) fn plain(cell: &str) -> String {
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

/// What was not the table's fault.
pub(super) fn internal(error: impl std::fmt::Display) -> Failure {
    StoreError::internal(error).into_failure()
}

/// The text that was written.
pub(super) fn finished(writer: csv::Writer<Vec<u8>>) -> Result<String, Failure> {
    let bytes = writer.into_inner().map_err(internal)?;
    String::from_utf8(bytes).map_err(internal)
}
