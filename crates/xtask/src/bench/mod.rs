//! `cargo xtask bench NAME`: ratios inside one run, never absolute figures from two.
//!
//! The machines are shared and noisy. Ours and what it is measured beside run in turn, round after round; each round
//! gives one ratio, and the median of the rounds counts. A bar that is missed is printed, it fails nothing.

mod registrations;
mod report;
mod sessions;
mod verify;
mod verify_cli;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{child, output};

/// A measurement that can be asked for by name.
type Bench = (&'static str, fn(&Tree) -> Result<report::Report>);

const BENCHES: &[Bench] = &[
    ("verify", verify::measure),
    ("verify-cli", verify_cli::measure),
    ("registrations", registrations::measure),
    ("sessions", sessions::measure),
];

/// Runs the named measurements, or all; prints a table of each and writes it to `bench/NAME.json` among the builds.
///
/// # Errors
/// When a name is unknown, or something that is measured cannot be built or run.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    if let Some(unknown) = words.iter().find(|word| BENCHES.iter().all(|(name, _)| name != *word)) {
        let names: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("nothing is measured under `{unknown}`; there are {}", names.join(", "));
    }
    std::fs::create_dir_all(tree.target().join("bench"))?;
    for (name, measure) in BENCHES.iter().filter(|(name, _)| words.is_empty() || words.contains(name)) {
        output::begins(name, "building and measuring");
        let report = measure(tree).with_context(|| format!("`{name}` could not be measured"))?;
        output::line(&report.table());
        let file = tree.target().join("bench").join(format!("{name}.json"));
        std::fs::write(&file, report.json(name)).with_context(|| format!("`{}` cannot be written", file.display()))?;
        output::line(&format!("written to {}", file.display()));
    }
    Ok(())
}

/// Builds both programs as they are shipped, and returns the folder that holds them.
///
/// # Errors
/// When the build fails.
pub fn dist(tree: &Tree) -> Result<PathBuf> {
    shipped(tree, &["issuer", "portal"])
}

/// Release builds with the C library inside, copied to `dist` among the builds: they run on any Linux and start faster.
///
/// The copy matters: the linker leaves its output in small pieces of the page cache, and a program that starts from
/// there takes a tenth longer than the same bytes after an installation.
fn shipped(tree: &Tree, packages: &[&str]) -> Result<PathBuf> {
    let about = child::capture(tree.command("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not name its host")?;
    let mut cargo = tree.cargo(&["build", "--locked", "--release", "--target", host]);
    cargo.args(packages.iter().flat_map(|package| ["-p", package]));
    child::run(cargo.env("RUSTFLAGS", "-C target-feature=+crt-static"))?;
    let (built, dist) = (tree.target().join(host).join("release"), tree.target().join("dist"));
    std::fs::create_dir_all(&dist)?;
    for program in packages.iter().map(|package| format!("seatwarden-{package}")) {
        let to = dist.join(&program);
        if to.exists() {
            std::fs::remove_file(&to)?;
        }
        std::fs::copy(built.join(&program), &to).with_context(|| format!("`{program}` was not built"))?;
    }
    Ok(dist)
}

/// Builds a measuring program of the package `tests` in release and returns where it lies.
fn measuring_program(tree: &Tree, name: &str) -> Result<PathBuf> {
    child::run(&mut tree.cargo(&["build", "--locked", "--release", "-p", "tests", "--bin", name]))?;
    Ok(tree.target().join("release").join(name))
}
