//! The known bugs and attacks that docs/SECURITY-MODEL.md answers: each has its row, and each row names tests that exist.

use std::collections::BTreeSet;

use crate::tree::{self, File};

/// The rows that there must be: bugs that other licensing systems had, and attacks on signed metadata.
const ROWS: &[(&str, u32)] = &[("B", 26), ("T", 15)];

/// The names of the functions that are tests: those below an attribute that says so.
fn tests(files: &[File]) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for file in files.iter().filter(|file| file.has_extension(&["rs"])) {
        let mut is_test = false;
        for (_, line) in file.lines() {
            let line = line.trim_start();
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some((_, rest)) = line.split_once("fn ") {
                if is_test && !line.starts_with("//") {
                    names.extend(rest.split(['(', '<']).next());
                }
                is_test = false;
            }
        }
    }
    names
}

/// Whether a line is the row of a number such as `B7`.
fn number<'a>(line: &'a str, letter: &str) -> Option<&'a str> {
    let cell = line.strip_prefix("| ")?.split(' ').next()?;
    let digits = cell.strip_prefix(letter)?;
    (!digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())).then_some(cell)
}

/// Rows `| B7 | bug | how here | `test` |`: four cells, none empty, in order, each with tests that exist.
fn answers(files: &[File], document: &str, rows: &[(&str, u32)]) -> Vec<String> {
    let tests = tests(files);
    let mut complaints = Vec::new();
    for (letter, last) in rows {
        let mut seen = Vec::new();
        for (line, row) in document.lines().filter_map(|line| Some((line, number(line, letter)?))) {
            seen.push(row.to_owned());
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            if cells.len() != 4 || cells.iter().any(|cell| cell.is_empty()) {
                complaints.push(format!("{row}: a row has a number, a name, an answer and its tests"));
                continue;
            }
            let named: Vec<&str> = cells[3].split('`').skip(1).step_by(2).collect();
            if named.is_empty() {
                complaints.push(format!("{row}: no test is named"));
            }
            let lost = named.iter().filter(|name| !tests.contains(**name));
            complaints.extend(lost.map(|name| format!("{row}: no test `{name}`")));
        }
        let wanted: Vec<String> = (1..=*last).map(|number| format!("{letter}{number}")).collect();
        if seen != wanted {
            complaints.push(format!("the rows of {letter} are {}, not {letter}1 to {letter}{last}", seen.join(", ")));
        }
    }
    complaints
}

#[test]
fn every_known_bug_and_every_known_attack_has_its_answer_and_its_test() {
    let files = tree::files();
    let model = files.iter().find(|file| file.path == "docs/SECURITY-MODEL.md").expect("docs/SECURITY-MODEL.md exists");
    assert!(tests(&files).len() > 1000, "the tests could not be read");
    tree::must_be_clean(answers(&files, &model.text, ROWS));
}

#[test]
fn a_row_without_a_test_a_lost_test_and_a_lost_row_are_found() {
    let files = [File::sample("a.rs", "#[test]\nfn it_is_refused() {}\nfn helper() {}\n// fn in_words() {}\n")];
    let found = |document: &str| answers(&files, document, &[("B", 1)]);
    assert_eq!(found("| B1 | a bug | not here | `it_is_refused` |"), [""; 0]);
    assert_eq!(found("| B1 | a bug | not here | `it_was_refused` |"), ["B1: no test `it_was_refused`"]);
    assert_eq!(found("| B1 | a bug | not here | `helper` |"), ["B1: no test `helper`"]);
    assert_eq!(found("| B1 | a bug | not here | by itself |"), ["B1: no test is named"]);
    assert_eq!(
        found("| B1 | a bug | | `it_is_refused` |"),
        ["B1: a row has a number, a name, an answer and its tests"]
    );
    assert_eq!(found("| B | bug | here | test |\n| Bar | | | |"), ["the rows of B are , not B1 to B1"]);
    let twice = "| B1 | a bug | not here | `it_is_refused` |\n".repeat(2);
    assert_eq!(found(&twice), ["the rows of B are B1, B1, not B1 to B1"]);
}
