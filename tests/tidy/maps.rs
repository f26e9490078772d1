//! The maps of the house agree with the house: rules, error codes, the README.

use std::collections::BTreeSet;

use crate::tree::{self, File};

/// The S-numbers that docs/RULES.md must answer.
const SENTENCES: &[std::ops::RangeInclusive<u32>] = &[1..=134, 173..=249];

/// Folders whose paths the documents may name.
const PLACES: &[&str] = &["crates/", "docs/", "examples/", "tests/", "keys/", ".ci/", ".cargo/"];

/// The names of functions that some Rust file below a folder defines.
fn functions<'a>(files: &'a [File], below: &str) -> BTreeSet<&'a str> {
    let rust = files.iter().filter(|file| file.has_extension(&["rs"]) && file.path.starts_with(below));
    let lines = rust.flat_map(File::lines).map(|(_, line)| line.trim_start());
    let defined = lines.filter(|line| !line.starts_with("//")).filter_map(|line| line.split_once("fn "));
    defined.filter_map(|(_, rest)| rest.split(['(', '<']).next()).collect()
}

/// What stands in backticks in a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether a line of the map answers an S-number; the heading of its table does not.
fn is_row(line: &str) -> bool {
    line.strip_prefix("| S").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Rows `| S12 | ... `rules::compliance::notice` ... | `test_name` |`: each has functions and tests that exist.
fn rule_rows(files: &[File], map: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let tests = functions(files, "");
    let mut seen = BTreeSet::new();
    for line in map.lines().filter(|line| is_row(line)) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let number = cells.first().copied().unwrap_or_default();
        let (Some(rules), Some(proofs)) = (cells.get(cells.len().wrapping_sub(2)), cells.last()) else { continue };
        if cells.len() < 3 || quoted(rules).is_empty() || quoted(proofs).is_empty() {
            complaints.push(format!("{number}: a row names a function and a test"));
            continue;
        }
        seen.insert(number.trim_start_matches('S').to_owned());
        let known = |path: &&str| {
            let krate = path.split("::").next().unwrap_or_default();
            let function = path.rsplit("::").next().unwrap_or_default();
            functions(files, &format!("crates/{krate}/src/")).contains(function)
        };
        let lost = quoted(rules).into_iter().filter(|path| !known(path));
        complaints.extend(lost.map(|path| format!("{number}: no function `{path}`")));
        let last = |path: &&str| path.rsplit("::").next().is_some_and(|name| tests.contains(name));
        let lost = quoted(proofs).into_iter().filter(|path| !last(path));
        complaints.extend(lost.map(|path| format!("{number}: no test `{path}`")));
    }
    let absent = SENTENCES.iter().cloned().flatten().filter(|number| !seen.contains(&number.to_string()));
    complaints.extend(absent.map(|number| format!("S{number} has no row")));
    complaints
}

/// The variant and name of every code: `Variant = "name", 409, 31: ...`.
fn codes(registry: &str) -> Vec<(&str, &str)> {
    let rows = registry.lines().filter_map(|line| line.trim_start().split_once(" = \""));
    let named = rows.filter_map(|(variant, rest)| Some((variant, rest.split_once("\", ")?.0)));
    named.filter(|(variant, _)| variant.chars().all(char::is_alphanumeric)).collect()
}

/// Codes of the registry that no program and no library gives.
fn unused_codes(files: &[File], registry: &str) -> Vec<String> {
    let inside = ["crates/errors/src/registry.rs", "crates/xtask/"];
    let users: Vec<&File> = files
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.has_extension(&["rs"]) && !file.is_in(&inside))
        .collect();
    let used = |text: &str| users.iter().any(|file| file.text.contains(text));
    let idle = codes(registry).into_iter().filter(|(variant, name)| {
        let ends = [",", ")", ";", " ", "\n", "."];
        !used(&format!("\"{name}\"")) && !ends.iter().any(|end| used(&format!("Code::{variant}{end}")))
    });
    idle.map(|(_, name)| format!("nothing gives the code `{name}`")).collect()
}

/// Paths that a document names and the tree does not have.
fn lost_paths(document: &File, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in document.lines() {
        let linked = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let linked = linked.filter(|path| !path.is_empty() && !path.contains("://"));
        let named = quoted(line).into_iter().filter_map(|text| text.split_whitespace().next());
        let named = named.filter(|path| PLACES.iter().any(|place| path.starts_with(place)));
        let paths = linked.chain(named).filter(|path| !path.contains(['<', '*', '…', '{']) && !path.contains("..."));
        let folder = document.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let lost = paths.filter(|path| !exists(path) && !exists(&format!("{folder}{path}")));
        complaints.extend(lost.map(|path| format!("{}:{number}: no `{path}`", document.path)));
    }
    complaints
}

#[test]
fn every_sentence_in_scope_has_its_rule_and_its_test() {
    let files = tree::files();
    let map = files.iter().find(|file| file.path == "docs/RULES.md").expect("docs/RULES.md exists");
    tree::must_be_clean(rule_rows(&files, &map.text));
}

#[test]
fn every_code_of_the_registry_is_given_by_something() {
    let files = tree::files();
    let registry = files.iter().find(|file| file.path == "crates/errors/src/registry.rs").expect("the registry exists");
    assert!(codes(&registry.text).len() > 50, "the registry could not be read");
    tree::must_be_clean(unused_codes(&files, &registry.text));
}

#[test]
fn documents_name_files_that_exist() {
    let files = tree::files();
    let documents: Vec<&File> = files.iter().filter(|file| file.path.ends_with(".md")).collect();
    assert!(documents.iter().any(|file| file.path == "README.md"), "README.md exists");
    let exists = |path: &str| tree::root().join(path).exists();
    tree::must_be_clean(documents.iter().flat_map(|file| lost_paths(file, &exists)).collect());
}

#[test]
fn the_readme_names_the_test_command_that_the_ci_runs() {
    let files = tree::files();
    let holds = |path: &str| files.iter().any(|file| file.path == path && file.text.contains("cargo xtask test"));
    assert!(holds("README.md") && holds(".ci/run"), "README.md and .ci/run name `cargo xtask test`");
}

#[test]
fn a_wrong_row_an_idle_code_and_a_lost_path_are_found() {
    let files = [
        File::sample("crates/rules/src/notice.rs", "pub fn notice(facts: &Facts) {}"),
        File::sample("tests/journeys.rs", "fn a_sixth_creator_is_refused() {}"),
        File::sample("crates/portal/src/api.rs", "Failure::plain(Code::Used)"),
    ];
    let row = |row: &str| rule_rows(&files, row).into_iter().take_while(|line| !line.ends_with("has no row")).collect();
    let rows: Vec<String> = row("| S1 | `rules::notice` | `a_sixth_creator_is_refused` |");
    assert_eq!(rows, [""; 0]);
    let rows: Vec<String> = row("| S1 | `rules::lock_out` | `nobody_is_refused` |");
    assert_eq!(rows, ["S1: no function `rules::lock_out`", "S1: no test `nobody_is_refused`"]);
    let rows: Vec<String> = row("| S1 | later | `a_sixth_creator_is_refused` |");
    assert_eq!(rows, ["S1: a row names a function and a test"]);
    assert_eq!(rule_rows(&files, "").len(), 134 + 77);
    let registry = "    Used = \"used\", 409, 31: \"a\",\n    Idle = \"idle\", 409, 31: \"b\",";
    assert_eq!(unused_codes(&files, registry), ["nothing gives the code `idle`"]);
    let readme = File::sample("README.md", "see [format](docs/FORMAT.md#kinds) and `crates/portal`, not `cargo run`");
    assert_eq!(lost_paths(&readme, &|path| path == "crates/portal"), ["README.md:1: no `docs/FORMAT.md`"]);
}
