//! Who may know whom, and that every crate stands behind the same fences.

use toml::{Table, Value};

use crate::tree::{self, File};

/// What each package may depend on inside the house.
const ARROWS: &[(&str, &[&str])] = &[
    ("entitlement", &[]),
    ("client", &["entitlement"]),
    ("desktop-app", &["entitlement", "client"]),
    ("catalog", &["entitlement"]),
    ("errors", &["entitlement", "catalog"]),
    ("rules", &["entitlement", "catalog", "errors"]),
    ("store", &["entitlement", "catalog", "errors", "rules"]),
    ("files", &["entitlement", "errors"]),
    ("issuer", &["entitlement", "catalog", "errors", "files"]),
    ("portal", &["entitlement", "catalog", "errors", "files", "rules", "store"]),
    ("xtask", &[]),
    ("quickstart", &[]),
    ("examples", &["entitlement", "catalog", "errors"]),
    ("tests", &["entitlement", "catalog", "client", "errors", "files", "rules", "store", "issuer", "portal"]),
    ("fuzz-targets", &["entitlement", "catalog", "client", "errors", "files", "issuer", "portal", "tests"]),
    ("fuzz-runner", &["fuzz-targets"]),
];

/// Crates from outside that only these packages may use.
const DOORS: &[(&str, &[&str])] = &[
    ("argon2", &["portal"]),
    ("axum", &["portal", "tests", "fuzz-targets"]),
    ("cryptoki", &["issuer", "tests"]),
    ("postgres", &["store"]),
    ("rusqlite", &["store"]),
    ("tokio", &["store", "portal", "tests", "fuzz-targets"]),
    ("tokio-postgres", &["store"]),
    ("ureq", &["client", "quickstart", "tests"]),
];

/// Crates without clock, file, socket, environment, thread.
const PURE: &[&str] = &["entitlement", "catalog", "errors", "rules"];

/// What the clippy.toml of a pure crate bans, beside the thresholds.
const PURE_BANS: &[&str] = &[
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "time::OffsetDateTime::now_utc",
    "std::env::var",
    "std::fs::read",
    "std::fs::write",
    "std::thread::spawn",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::fs::File",
    "std::net::TcpStream",
];

const THRESHOLDS: &[(&str, i64)] = &[("too-many-lines-threshold", 60), ("too-many-arguments-threshold", 5)];

fn parsed(file: &File) -> Table {
    file.text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.path))
}

fn manifests(files: &[File]) -> Vec<(&File, Table)> {
    let manifests = files.iter().filter(|file| file.path.ends_with("Cargo.toml"));
    manifests.map(|file| (file, parsed(file))).filter(|(_, table)| table.contains_key("package")).collect()
}

fn name(table: &Table) -> &str {
    table.get("package").and_then(|package| package.get("name")).and_then(Value::as_str).unwrap_or("unnamed")
}

fn dependencies(table: &Table) -> impl Iterator<Item = &str> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    kinds.into_iter().filter_map(|kind| table.get(kind)?.as_table()).flat_map(|table| table.keys()).map(String::as_str)
}

fn wrong_arrows(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, table) in manifests(files) {
        let own = name(&table);
        let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| *package == own) else {
            complaints.push(format!("{}: `{own}` has no row in the table of arrows", file.path));
            continue;
        };
        for dependency in dependencies(&table) {
            let inside = ARROWS.iter().any(|(package, _)| *package == dependency);
            let kept = DOORS.iter().find(|(outside, _)| *outside == dependency);
            if inside && !allowed.contains(&dependency) {
                complaints.push(format!("{}: `{own}` must not know `{dependency}`", file.path));
            }
            if kept.is_some_and(|(_, packages)| !packages.contains(&own)) {
                complaints.push(format!("{}: `{own}` must not use `{dependency}`", file.path));
            }
        }
    }
    complaints
}

fn without_lints(files: &[File]) -> Vec<String> {
    let crates = manifests(files).into_iter().filter(|(file, _)| file.path.starts_with("crates/"));
    let open = crates.filter(|(_, table)| {
        table.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool) != Some(true)
    });
    open.map(|(file, _)| format!("{}: `[lints] workspace = true` is missing", file.path)).collect()
}

fn weak_clippy(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for pure in PURE {
        let path = format!("crates/{pure}/clippy.toml");
        match files.iter().find(|file| file.path == path) {
            Some(file) => complaints.extend(missing_bans(file, PURE_BANS)),
            None => complaints.push(format!("{path} is missing")),
        }
    }
    complaints
}

fn missing_bans(file: &File, bans: &[&str]) -> Vec<String> {
    let table = parsed(file);
    let lists = ["disallowed-methods", "disallowed-types"].into_iter().filter_map(|list| table.get(list)?.as_array());
    let present: Vec<&str> = lists.flatten().filter_map(|entry| entry.get("path")?.as_str()).collect();
    let missing = bans.iter().filter(|ban| !present.contains(ban));
    let mut complaints: Vec<String> = missing.map(|ban| format!("{}: does not ban `{ban}`", file.path)).collect();
    let wrong = THRESHOLDS.iter().filter(|(key, value)| table.get(*key).and_then(Value::as_integer) != Some(*value));
    complaints.extend(wrong.map(|(key, value)| format!("{}: `{key}` is not {value}", file.path)));
    complaints
}

#[test]
fn dependencies_follow_the_arrows() {
    tree::must_be_clean(wrong_arrows(&tree::files()));
}

#[test]
fn a_dependency_against_the_arrows_is_found() {
    let sample = |text| wrong_arrows(&[File::sample("crates/x/Cargo.toml", text)]);
    assert_eq!(
        sample("[package]\nname = \"rules\"\n[dev-dependencies]\nstore.workspace = true"),
        ["crates/x/Cargo.toml: `rules` must not know `store`"]
    );
    assert_eq!(
        sample("[package]\nname = \"issuer\"\n[dependencies]\nrusqlite = \"1\""),
        ["crates/x/Cargo.toml: `issuer` must not use `rusqlite`"]
    );
    assert_eq!(
        sample("[package]\nname = \"helpers\""),
        ["crates/x/Cargo.toml: `helpers` has no row in the table of arrows"]
    );
}

#[test]
fn every_crate_inherits_the_lints() {
    tree::must_be_clean(without_lints(&tree::files()));
}

#[test]
fn a_crate_without_the_lints_is_found() {
    let bad = File::sample("crates/x/Cargo.toml", "[package]\nname = \"x\"\n[lints]\nworkspace = false");
    assert_eq!(without_lints(&[bad]), ["crates/x/Cargo.toml: `[lints] workspace = true` is missing"]);
}

#[test]
fn pure_crates_ban_the_clock_and_the_outside() {
    tree::must_be_clean(weak_clippy(&tree::files()));
}

#[test]
fn a_pure_crate_without_a_ban_is_found() {
    let bad = File::sample("crates/rules/clippy.toml", "too-many-lines-threshold = 99");
    let complaints = weak_clippy(&[bad]);
    assert!(complaints.contains(&"crates/catalog/clippy.toml is missing".to_owned()));
    assert!(complaints.contains(&"crates/rules/clippy.toml: does not ban `std::fs::File`".to_owned()));
    assert!(complaints.contains(&"crates/rules/clippy.toml: `too-many-lines-threshold` is not 60".to_owned()));
}
