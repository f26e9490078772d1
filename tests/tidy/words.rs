//! Sizes, and words that must not stand anywhere.

use crate::tree::{self, File};

/// The most lines that one file may have. Prose, locks and data are measured by no one.
const MOST_LINES: usize = 500;
const MEASURED: &[&str] = &["rs", "html", "css", "js", "mjs", "py", "sh"];

/// Marks of unfinished work; written in two halves, because this file is read as well.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("#[igno", "re"),
    concat!("#[cfg_attr(miri, igno", "re"),
];

/// Places that differ from machine to machine. Package clients know where their registries are.
const MACHINES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("registry.npm", "js.org"),
    concat!("py", "pi.org"),
    concat!("python", "hosted.org"),
    concat!("static.crates", ".io"),
    concat!("index.crates", ".io"),
    concat!("deb.debian", ".org"),
];

fn too_long(files: &[File]) -> Vec<String> {
    let measured = files.iter().filter(|file| file.has_extension(MEASURED));
    let counted = measured.map(|file| (file, file.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(file, lines)| format!("{} has {lines} lines; {MOST_LINES} are the most", file.path)).collect()
}

fn containing(files: &[File], words: &[&str]) -> Vec<String> {
    // Golden files and fuzzed inputs hold what an attacker might write; cargo writes its locks.
    let written = ["tests/vectors/", "tests/fuzz/corpus/", "tests/fuzz/found/", "Cargo.lock", "fuzz/Cargo.lock"];
    let read = files.iter().filter(move |file| !file.is_in(&written));
    let lines = read.flat_map(|file| file.lines().map(move |(number, line)| (file, number, line)));
    let hits = lines.flat_map(|(file, number, line)| {
        let found = words.iter().filter(move |word| line.contains(**word));
        found.map(move |word| format!("{}:{number}: `{word}`", file.path))
    });
    hits.collect()
}

/// Exclusions from mutation testing that stand without a reason above them.
fn without_reason(file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut before = "";
    for (number, line) in file.lines() {
        if line.trim_start().starts_with('"') && !before.trim_start().starts_with('#') {
            complaints.push(format!("{}:{number}: an exclusion needs its reason on the line above", file.path));
        }
        before = line;
    }
    complaints
}

#[test]
fn no_file_has_more_than_five_hundred_lines() {
    tree::must_be_clean(too_long(&tree::files()));
}

#[test]
fn no_work_is_marked_as_unfinished() {
    tree::must_be_clean(containing(&tree::files(), UNFINISHED));
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    tree::must_be_clean(containing(&tree::files(), MACHINES));
}

#[test]
fn every_excluded_mutant_has_its_reason() {
    let files = tree::files();
    let list = files.iter().find(|file| file.path == ".cargo/mutants.toml").expect(".cargo/mutants.toml exists");
    tree::must_be_clean(without_reason(list));
}

#[test]
fn a_long_file_a_mark_and_a_machine_are_found() {
    let line = "a\n";
    assert_eq!(too_long(&[File::sample("a.rs", &line.repeat(500))]), [""; 0]);
    assert_eq!(too_long(&[File::sample("a.rs", &line.repeat(501))]), ["a.rs has 501 lines; 500 are the most"]);
    assert_eq!(too_long(&[File::sample("a.md", &line.repeat(501))]), [""; 0]);
    let marked = File::sample("a.rs", &format!("// {}: later", UNFINISHED[0]));
    assert_eq!(containing(&[marked], UNFINISHED), [format!("a.rs:1: `{}`", UNFINISHED[0])]);
    let placed = File::sample("a.md", &format!("see\n{}main", MACHINES[0]));
    assert_eq!(containing(&[placed], MACHINES), [format!("a.md:2: `{}`", MACHINES[0])]);
    let bare = File::sample("m.toml", "exclude_re = [\n  # the loop ends either way\n  \"a\",\n  \"b\",\n]");
    assert_eq!(without_reason(&bare), ["m.toml:4: an exclusion needs its reason on the line above"]);
}
