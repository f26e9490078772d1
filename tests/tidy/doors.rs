//! One door for each outside thing: the clock, the database, the terminal, the making of facts.

use crate::tree::{self, File, mentions};

/// A door: texts that may stand in the code of these places and of no other.
struct Door {
    texts: &'static [&'static str],
    /// Where the rule holds.
    within: &'static [&'static str],
    /// The doors themselves.
    only: &'static [&'static str],
    why: &'static str,
}

const CLOCK: Door = Door {
    texts: &["SystemTime::now", "Instant::now", "now_utc", "now_local", "Utc::now"],
    within: &["crates/"],
    only: &["crates/portal/src/clock.rs", "crates/issuer/src/clock.rs", "crates/xtask/src/stopwatch.rs"],
    why: "the clock is read in one file of each program",
};

const SQL: Door = Door {
    texts: &[
        "SELECT ",
        "INSERT INTO",
        "INSERT OR",
        "DELETE FROM",
        "CREATE TABLE",
        "CREATE INDEX",
        "BEGIN IMMEDIATE",
        "SAVEPOINT",
        "PRAGMA ",
        "ON CONFLICT",
    ],
    within: &["crates/", "examples/"],
    only: &["crates/store/", "crates/xtask/src/soak/rows.rs"],
    why: "SQL stands in crates/store only",
};

const FACTS: Door = Door {
    texts: &["Facts::read_in", "Brand::of"],
    within: &["crates/", "examples/"],
    only: &["crates/rules/", "crates/store/"],
    why: "facts come from one function of the store, inside its transaction",
};

const ACTIONS: Door = Door {
    texts: &["axum", "http::", "StatusCode"],
    within: &["crates/portal/src/actions/", "crates/portal/src/actions.rs"],
    only: &[],
    why: "an action knows nothing of HTTP",
};

const PRINTING: Door = Door {
    texts: &["println!", "print!(", "eprint!(", "dbg!(", "io::stdout", "io::stderr", "stdout()", "stderr()"],
    within: &["crates/"],
    only: &[
        "crates/issuer/src/output.rs",
        "crates/portal/src/logging.rs",
        "crates/portal/src/output.rs",
        "crates/xtask/src/output.rs",
    ],
    why: "each program prints in its output.rs, and logs in its logging.rs, only",
};

const VARIABLES: Door = Door {
    texts: &["env::var", "env::vars", "var_os(", "env = \"", "dotenv"],
    within: &["crates/portal/", "crates/store/", "crates/entitlement/", "crates/rules/", "crates/catalog/"],
    only: &[],
    why: "no variable tells a running portal whom to trust, or anything else",
};

fn breaches(files: &[File], door: &Door) -> Vec<String> {
    let rust = files.iter().filter(|file| file.has_extension(&["rs"]) && !file.path.contains("/tests/"));
    // A build script speaks to cargo, on its standard output.
    let rust = rust.filter(|file| !file.path.ends_with("/build.rs"));
    let outside = rust.filter(|file| file.is_in(door.within) && !file.is_in(door.only));
    outside.flat_map(|file| mentions(file, door.texts)).map(|place| format!("{place}: {}", door.why)).collect()
}

/// Doors that do not exist (any more): the table would let something through unseen.
fn absent(files: &[File], doors: &[&Door]) -> Vec<String> {
    let named = doors.iter().flat_map(|door| door.only).filter(|place| !place.ends_with('/'));
    let missing = named.filter(|place| files.iter().all(|file| file.path != **place));
    missing.map(|place| format!("{place} is a door in the tidy test but not in the tree")).collect()
}

/// Where the store makes facts: there must be one such place.
fn makers(files: &[File]) -> Vec<String> {
    let store = files.iter().filter(|file| file.is_in(&["crates/store/src/"]) && file.has_extension(&["rs"]));
    store.flat_map(|file| mentions(file, &["(Facts::read_in", " Facts::read_in"])).collect()
}

#[test]
fn the_clock_is_read_in_one_file_of_each_program() {
    tree::must_be_clean(breaches(&tree::files(), &CLOCK));
}

#[test]
fn sql_stands_in_the_store_only() {
    tree::must_be_clean(breaches(&tree::files(), &SQL));
}

#[test]
fn facts_are_made_by_the_store_only_and_there_once() {
    let files = tree::files();
    tree::must_be_clean(breaches(&files, &FACTS));
    let makers = makers(&files);
    assert_eq!(makers.len(), 1, "facts are made in one function, not in: {makers:?}");
}

#[test]
fn actions_know_nothing_of_http() {
    tree::must_be_clean(breaches(&tree::files(), &ACTIONS));
}

#[test]
fn each_program_prints_in_one_file() {
    tree::must_be_clean(breaches(&tree::files(), &PRINTING));
}

#[test]
fn no_running_portal_reads_a_variable() {
    tree::must_be_clean(breaches(&tree::files(), &VARIABLES));
}

#[test]
fn every_named_door_exists() {
    tree::must_be_clean(absent(&tree::files(), &[&CLOCK, &SQL, &FACTS, &ACTIONS, &PRINTING]));
}

#[test]
fn a_second_door_is_found() {
    let found = |path: &str, text: &str, door: &Door| breaches(&[File::sample(path, text)], door).len();
    assert_eq!(found("crates/portal/src/api/me.rs", "let now = SystemTime::now();", &CLOCK), 1);
    assert_eq!(found("crates/portal/src/clock.rs", "let now = SystemTime::now();", &CLOCK), 0);
    assert_eq!(found("crates/portal/src/api/me.rs", "// SystemTime::now() is not here", &CLOCK), 0);
    assert_eq!(found("crates/portal/src/actions/members.rs", "let sql = \"SELECT id\";", &SQL), 1);
    assert_eq!(found("crates/portal/src/actions/members.rs", "use axum::Json;", &ACTIONS), 1);
    assert_eq!(found("crates/portal/src/api/members.rs", "use axum::Json;", &ACTIONS), 0);
    assert_eq!(found("crates/portal/src/auth/actor.rs", "let facts = Facts::read_in(brand, reading);", &FACTS), 1);
    assert_eq!(found("crates/issuer/src/command/init.rs", "    println!(\"done\");", &PRINTING), 1);
    assert_eq!(found("crates/portal/src/main.rs", "let roots = env::var(\"ROOTS\");", &VARIABLES), 1);
    assert_eq!(found("crates/portal/src/cli/mod.rs", "#[arg(long, env = \"ROOTS\")]", &VARIABLES), 1);
    assert_eq!(found("crates/portal/build.rs", "let roots = env::var_os(\"ROOTS\");", &VARIABLES), 0);
    let twice = "Ok(Facts::read_in(a, b))\nlet facts = Facts::read_in(c, d);\nMemberFacts::read_in(e, f)";
    assert_eq!(makers(&[File::sample("crates/store/src/facts.rs", twice)]).len(), 2);
    assert_eq!(absent(&[], &[&CLOCK]).len(), 3);
}
