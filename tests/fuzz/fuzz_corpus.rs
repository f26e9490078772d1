//! What once taught a fuzzer something, through the targets again: no promise is broken by any of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fuzz_targets::{TARGETS, Target};

/// The folders of inputs: what reaches the most, and what once broke a promise.
const CORPUS: &str = "corpus";
const FOUND: &str = "found";

/// What a folder of the corpus may hold, so that a clone stays small and this test quick.
const MOST_FILES: usize = 150;
const MOST_BYTES: u64 = 300_000;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What lies in a folder, sorted; nothing where there is no folder.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn replay(target: &Target) {
    let files: Vec<PathBuf> = [CORPUS, FOUND].iter().flat_map(|part| listed(&folder(part).join(target.name))).collect();
    for file in files {
        let bytes = fs::read(&file).expect("an input");
        let played = std::panic::catch_unwind(|| (target.run)(&bytes));
        assert!(played.is_ok(), "{} breaks a promise of `{}`", file.display(), target.name);
    }
}

/// The targets whose inputs go to a portal share one, which lives in a thread; so one thread plays all that is slow.
fn is_slow(target: &&Target) -> bool {
    target.limit > 1
}

#[test]
fn no_input_of_the_corpus_breaks_a_promise_of_a_parser() {
    TARGETS.iter().filter(|target| !is_slow(target)).for_each(replay);
}

#[test]
fn no_input_of_the_corpus_breaks_a_promise_of_what_takes_longer() {
    TARGETS.iter().filter(is_slow).for_each(replay);
}

#[test]
fn no_seed_breaks_a_promise_of_a_parser() {
    for target in TARGETS.iter().filter(|target| !is_slow(target)) {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "`{}` has no seed", target.name);
        seeds.iter().for_each(|seed| (target.run)(seed));
    }
}

#[test]
fn every_target_has_a_folder_and_every_folder_a_target() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "two targets have the same name");
    let names = |part: &str| -> BTreeSet<String> {
        let folders = listed(&folder(part)).into_iter().filter(|path| path.is_dir());
        folders.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect()
    };
    assert_eq!(names(CORPUS), targets);
    assert_eq!(names(FOUND).difference(&targets).count(), 0, "`found` has a folder without a target");
}

#[test]
fn no_corpus_is_empty_and_none_is_large() {
    for target in TARGETS {
        let files = listed(&folder(CORPUS).join(target.name));
        let bytes: u64 = files.iter().map(|file| fs::metadata(file).expect("an input").len()).sum();
        assert!((1..=MOST_FILES).contains(&files.len()), "`{}` has {} inputs", target.name, files.len());
        assert!(bytes <= MOST_BYTES, "`{}` has {bytes} bytes of inputs", target.name);
    }
}
