//! The only file of this program that prints.
//!
//! An answer goes to standard output and can be piped; everything else goes to standard error. A failure is `error: `,
//! what happened, what to do, and its code. Nothing that somebody else wrote reaches a terminal with control characters.

use std::io::Write;
use std::process::ExitCode;

use errors::Failure;
use serde_json::Value;

use crate::cli::Format;

/// Writes an answer: lines for people, or the same facts as JSON.
pub fn answer(format: Format, lines: &str, facts: &Value) {
    match format {
        Format::Table => put(std::io::stdout(), &plain(lines)),
        Format::Json => put(std::io::stdout(), &format!("{facts:#}")),
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

#[cfg(test)]
mod tests {
    use super::{plain, table};

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["viewer".into(), "25".into()], vec!["creator".into(), "5".into()]];
        assert_eq!(table(&["Type", "Licensed"], &rows), "Type     Licensed\nviewer   25\ncreator  5");
    }

    #[test]
    fn no_name_steers_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb\nc");
    }
}
