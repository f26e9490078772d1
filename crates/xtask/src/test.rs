//! `cargo xtask test`: every check, in order, each timed; the first failure ends the run.

use anyhow::{Context, Result, bail, ensure};

use crate::stopwatch::Stopwatch;
use crate::tally::Tally;
use crate::tree::Tree;
use crate::{child, output, supply, tools};

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Tree, &mut Tally) -> Result<()>,
}

/// The cheap checks come first. Clippy comes before the build, which finds its build scripts and macros ready.
const STEPS: &[Step] = &[
    Step {
        name: "tools",
        what: "the programs and packages that the other steps use",
        run: |tree, _| tools::ready(tree),
    },
    Step { name: "fmt", what: "the source is formatted", run: |tree, _| fmt(tree) },
    Step {
        name: "supply",
        what: "licenses and sources of every dependency are allowed",
        run: |tree, _| supply::check(tree),
    },
    Step { name: "clippy", what: "no warning in any target", run: |tree, _| clippy(tree) },
    Step { name: "docs", what: "no warning in the documentation", run: |tree, _| docs(tree) },
    Step {
        name: "vectors",
        what: "the golden files come out as they are committed",
        run: |tree, _| vectors(tree, &["--check"]),
    },
    Step { name: "test", what: "all tests and documentation examples", run: tests },
];

/// Runs every step, or those that `--only NAME` names.
///
/// The closing line is the count of tests, in the plain form that any reader of logs understands.
///
/// # Errors
/// The first step that fails, by name.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    let wanted = wanted(words)?;
    let whole = Stopwatch::start();
    let mut tally = Tally::default();
    for step in STEPS.iter().filter(|step| wanted.is_empty() || wanted.contains(&step.name)) {
        output::begins(step.name, step.what);
        let watch = Stopwatch::start();
        let ended = (step.run)(tree, &mut tally);
        if ended.is_err() && tally.programs > 0 {
            output::line(&tally.to_string());
        }
        ended.with_context(|| format!("step `{}` failed", step.name))?;
        output::ends(step.name, watch.elapsed());
    }
    output::ends("xtask test", whole.elapsed());
    if tally.programs > 0 {
        output::line(&tally.to_string());
    }
    Ok(())
}

fn wanted<'a>(words: &[&'a str]) -> Result<Vec<&'a str>> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let mut wanted = Vec::new();
    for pair in words.chunks(2) {
        match pair {
            ["--only", name] if names.contains(name) => wanted.push(*name),
            ["--only", name] => bail!("no step `{name}`; the steps are {}", names.join(", ")),
            _ => bail!("not an option of `test`: `{}`; there is only `--only STEP`", pair.join(" ")),
        }
    }
    Ok(wanted)
}

fn fmt(tree: &Tree) -> Result<()> {
    child::run(&mut tree.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(tree: &Tree) -> Result<()> {
    child::run(&mut tree.cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn docs(tree: &Tree) -> Result<()> {
    let mut cargo = tree.cargo(&["doc", "--locked", "--workspace", "--no-deps"]);
    child::run(cargo.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs the program that writes the golden files, with these arguments.
///
/// # Errors
/// When it fails: with `--check`, when a file would come out different.
pub fn vectors(tree: &Tree, args: &[&str]) -> Result<()> {
    let mut cargo = tree.cargo(&["run", "--locked", "--quiet", "-p", "tests", "--bin", "make-vectors", "--"]);
    child::run(cargo.args(args))
}

/// Takes the pictures of the documents anew, as the test of the pages takes them.
///
/// # Errors
/// When a tool is missing, or a page is not as its test wants it.
pub fn screenshots(tree: &Tree) -> Result<()> {
    tools::ready(tree)?;
    let mut cargo = tree.cargo(&["test", "--locked", "--quiet", "-p", "tests", "--test", "browser", "pictures"]);
    child::run(cargo.env("SEATWARDEN_PICTURES", tree.path("docs/screenshots")))
}

fn tests(tree: &Tree, tally: &mut Tally) -> Result<()> {
    let mut cargo = tree.cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
    let good = child::lines(&mut cargo, |line| {
        output::line(line);
        tally.read(line);
    })?;
    ensure!(good && tally.failed == 0, "a test or its build failed; the lines above name it");
    ensure!(tally.passed > 0, "no test ran");
    ensure!(tally.ignored == 0, "{} tests were left out; a test runs or is deleted", tally.ignored);
    Ok(())
}
