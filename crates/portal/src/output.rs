//! The only file of this program that prints.
//!
//! An answer goes to standard output and can be piped; everything else goes to standard error. A failure is `error: `,
//! what happened, what to do, and its code. Nothing that somebody else wrote reaches a terminal with control characters,
//! and no cell of a table is taken for a formula.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use errors::Failure;
use serde_json::Value;

use crate::actions::member_table::safe;
use crate::cli::Format;

/// A column of a list: its name, and where each item has it (RFC 6901).
pub type Column = (&'static str, &'static str);

/// Writes an answer: lines for people, or the same facts for programs. Only a list has columns.
pub fn answer(format: Format, lines: &str, facts: &Value, columns: &[Column]) {
    let text = match format {
        Format::Table => plain(lines),
        Format::Json => format!("{facts:#}"),
        Format::Jsonl => lines_of(facts, columns),
        Format::Csv => plain(&separated(facts, columns)),
    };
    // A list of nothing is no line, not an empty one.
    if !text.is_empty() {
        put(std::io::stdout(), &text);
    }
}

/// Says something beside the answer.
pub fn say(text: &str) {
    put(std::io::stderr(), &plain(text));
}

/// Says why nothing was done, and with which exit code the program ends.
pub fn failed(failure: &Failure) -> ExitCode {
    say(&format!("error: {failure}"));
    ExitCode::from(failure.exit())
}

/// A reader that has gone away needs no more text, so a failed write is not an error of ours.
fn put(mut to: impl Write, text: &str) {
    let _ = writeln!(to, "{}", text.trim_end_matches('\n'));
    let _ = to.flush();
}

/// The text without control characters but line ends, so that no name can steer a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// How far something long has come: one line on standard error that is written over, where somebody watches a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    watched: bool,
}

/// As wide as the longest line of progress.
const LINE: usize = 60;

impl Progress {
    /// Progress of something that is long, or of something that is over before anybody could read it.
    #[must_use]
    pub fn of(is_long: bool) -> Self {
        Self { watched: is_long && std::io::stderr().is_terminal() }
    }

    /// Says where it is.
    pub fn at(self, text: &str) {
        self.write(&format!("\r{text:<LINE$}"));
    }

    /// Takes the line away.
    pub fn end(self) {
        self.write(&format!("\r{:<LINE$}\r", ""));
    }

    fn write(self, text: &str) {
        if self.watched {
            let mut to = std::io::stderr();
            let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
        }
    }
}

/// Columns under their headings, as wide as their widest cell.
#[must_use]
pub fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(headings.get(column).map(|heading| heading.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let head = line(&mut headings.iter().copied());
    let body = rows.iter().map(|row| line(&mut row.iter().map(String::as_str)));
    std::iter::once(head).chain(body).collect::<Vec<_>>().join("\n")
}

/// Names and what they are, one a line.
#[must_use]
pub fn pairs(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| format!("{name:<width$}  {value}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What an item has at a place, in a word; nothing where it has nothing.
#[must_use]
pub fn at(item: &Value, place: &str) -> String {
    match item.pointer(place) {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(value) => text(value),
    }
}

/// The cells of an item under its columns.
#[must_use]
pub fn cells(item: &Value, columns: &[Column]) -> Vec<String> {
    columns.iter().map(|(_, place)| at(item, place)).collect()
}

fn items(facts: &Value) -> impl Iterator<Item = &Value> {
    facts.get("items").and_then(Value::as_array).into_iter().flatten()
}

fn lines_of(facts: &Value, columns: &[Column]) -> String {
    if columns.is_empty() {
        return facts.to_string();
    }
    items(facts).map(Value::to_string).collect::<Vec<_>>().join("\n")
}

fn separated(facts: &Value, columns: &[Column]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = writer.write_record(columns.iter().map(|(name, _)| name));
    let written = items(facts).try_fold(head, |_, item| {
        let cells = columns.iter().map(|(_, place)| item.pointer(place).map_or_else(String::new, cell));
        writer.write_record(cells).map(Ok)
    });
    // Writing to memory does not fail.
    drop(written);
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => safe(text),
        Value::Array(values) => safe(&values.iter().map(text).collect::<Vec<_>>().join(";")),
        Value::Object(_) => safe(&value.to_string()),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{lines_of, pairs, plain, separated, table};

    const COLUMNS: &[super::Column] =
        &[("name", "/name"), ("seats", "/seats"), ("at", "/return/at"), ("groups", "/groups")];

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["viewer".into(), "25".into()], vec!["creator".into(), "5".into()]];
        assert_eq!(table(&["Type", "Licensed"], &rows), "Type     Licensed\nviewer   25\ncreator  5");
        assert_eq!(pairs(&[("Id", "a".into()), ("Full name", String::new())]), "Id         a\nFull name");
    }

    #[test]
    fn no_name_steers_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb\nc");
    }

    #[test]
    fn a_table_for_programs_has_its_header_and_no_formula() {
        let facts = json!({"items": [
            {"name": "=1+1", "seats": -1, "return": {"at": "t"}, "groups": ["a", "b"]},
            {"name": "a, b", "seats": null, "return": null},
        ]});
        assert_eq!(separated(&facts, COLUMNS), "name,seats,at,groups\n'=1+1,-1,t,a;b\n\"a, b\",,,\n");
        assert_eq!(separated(&json!({"items": []}), COLUMNS), "name,seats,at,groups\n");
    }

    #[test]
    fn a_list_is_one_object_a_line() {
        assert_eq!(lines_of(&json!({"items": [{"a": 1}, {"b": 2}], "next": null}), COLUMNS), "{\"a\":1}\n{\"b\":2}");
        assert_eq!(lines_of(&json!({"a": 1}), &[]), "{\"a\":1}");
        assert_eq!(lines_of(&json!({"items": []}), COLUMNS), "");
    }
}
