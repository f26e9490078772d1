//! `soak fuzz`: every parser under a fuzzer that sees which lines an input reaches.
//!
//! The targets are those of `tests/fuzz`; `fuzz/` is the program that hands them to libFuzzer. It is built with the coverage
//! hooks of the stable compiler, so nothing but a C++ compiler is needed. What reaches more lines joins the corpus in the
//! tree, which the ordinary tests replay; what breaks a promise is kept beside it, and ends the command in failure.

mod corpus;
mod log;
mod runner;

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{fs, thread};

use anyhow::{Context, Result, bail, ensure};

use self::log::Searched;
use self::runner::Runner;
use crate::tree::Tree;
use crate::{child, output, supply};

/// How long each target is searched.
const SECONDS: u32 = 600;
/// Where the corpus lies, and what once broke a promise.
const CORPUS: &str = "tests/fuzz/corpus";
const FOUND: &str = "tests/fuzz/found";

/// A target, and how long one of its inputs may take.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    name: String,
    limit: u32,
}

/// Searches the targets that are named, or all, so many seconds each.
///
/// # Errors
/// The fuzzer cannot be built, or an input breaks a promise.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    let (seconds, names) = asked(words)?;
    let scratch = tree.target().join("fuzz");
    let all = seeds(tree, &scratch)?;
    let targets = chosen(all, names)?;
    supply::check_package(tree, "fuzz/Cargo.toml")?;
    let runner = Runner::build(tree, &scratch)?;
    let rows = search(tree, &runner, targets, seconds)?;
    for line in log::table(&rows) {
        output::line(&line);
    }
    let crashes: usize = rows.iter().map(|row| row.crashes).sum();
    ensure!(crashes == 0, "{crashes} inputs break a promise; they lie in {FOUND}, and the tests replay them");
    Ok(())
}

/// The seconds, where the first word is a number, and the names of targets.
fn asked<'a>(words: &'a [&'a str]) -> Result<(u32, &'a [&'a str])> {
    match words {
        [first, names @ ..] if first.starts_with(|sign: char| sign.is_ascii_digit()) => {
            let seconds = first.parse().ok().filter(|seconds| *seconds > 0);
            Ok((seconds.with_context(|| format!("`{first}` is no number of seconds"))?, names))
        }
        names => Ok((SECONDS, names)),
    }
}

/// Writes the seeds of every target, and names the targets.
fn seeds(tree: &Tree, scratch: &std::path::Path) -> Result<Vec<Target>> {
    let mut cargo = tree.cargo(&["run", "--locked", "--quiet", "-p", "fuzz-targets", "--bin", "fuzz-seeds", "--"]);
    let listed = child::capture(cargo.arg(scratch.join("seeds")))?;
    let target = |line: &str| {
        let (name, limit) = line.split_once(' ')?;
        Some(Target { name: name.to_owned(), limit: limit.parse().ok()? })
    };
    let targets: Option<Vec<Target>> = listed.lines().map(target).collect();
    targets.context("the list of targets cannot be read")
}

fn chosen(all: Vec<Target>, names: &[&str]) -> Result<Vec<Target>> {
    if let Some(unknown) = names.iter().find(|name| all.iter().all(|target| target.name != **name)) {
        let known: Vec<String> = all.into_iter().map(|target| target.name).collect();
        bail!("no target `{unknown}`; the targets are {}", known.join(", "));
    }
    Ok(all.into_iter().filter(|target| names.is_empty() || names.contains(&target.name.as_str())).collect())
}

/// Searches as many targets at a time as there are cores.
fn search(tree: &Tree, runner: &Runner, targets: Vec<Target>, seconds: u32) -> Result<Vec<Searched>> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let waiting = Mutex::new(VecDeque::from(targets));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || -> Result<Vec<Searched>> {
        let mut rows = Vec::new();
        while let Some(target) = next() {
            let row = one(tree, runner, &target, seconds).with_context(|| format!("`{}`", target.name))?;
            output::line(&row.to_string());
            rows.push(row);
        }
        Ok(rows)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut rows = Vec::new();
        for worker in workers {
            let Ok(done) = worker.join() else { bail!("a thread of the search broke") };
            rows.extend(done?);
        }
        rows.sort_by(|one: &Searched, other| one.target.cmp(&other.target));
        Ok(rows)
    })
}

/// Searches one target, keeps what it found, and brings the corpus up to date.
fn one(tree: &Tree, runner: &Runner, target: &Target, seconds: u32) -> Result<Searched> {
    let corpus = tree.path(CORPUS).join(&target.name);
    let found = tree.path(FOUND).join(&target.name);
    fs::create_dir_all(&corpus)?;
    let mut row = runner.search(target, seconds, &corpus)?;
    let broken: Vec<PathBuf> = corpus::listed(&runner.broken(target))?;
    row.crashes = broken.len();
    corpus::copy(&broken, &found)?;
    // A promise that is broken hides what lies behind it, so the corpus waits until it is mended.
    if broken.is_empty() {
        row.kept = corpus::renew(runner.reached(target, &corpus)?, &corpus)?;
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::{Target, asked, chosen};

    #[test]
    fn seconds_come_first_and_targets_by_name() {
        assert_eq!(asked(&[]).ok(), Some((600, &[][..])));
        assert_eq!(asked(&["60", "lease"]).ok(), Some((60, &["lease"][..])));
        assert_eq!(asked(&["lease"]).ok(), Some((600, &["lease"][..])));
        assert_eq!(asked(&["0"]).map_err(|error| error.to_string()), Err("`0` is no number of seconds".to_owned()));
    }

    #[test]
    fn an_unknown_target_is_told_with_the_known_ones() {
        let target = |name: &str| Target { name: name.to_owned(), limit: 1 };
        let all = || vec![target("lease"), target("trust")];
        assert_eq!(chosen(all(), &[]).ok(), Some(all()));
        assert_eq!(chosen(all(), &["trust"]).ok(), Some(vec![target("trust")]));
        let told = chosen(all(), &["least"]).map_err(|error| error.to_string());
        assert_eq!(told, Err("no target `least`; the targets are lease, trust".to_owned()));
    }
}
