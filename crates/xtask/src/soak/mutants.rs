//! `soak mutants`: does a test notice when a line of `rules` or `entitlement` is wrong?
//!
//! A survivor that is right to survive stands in `.cargo/mutants.toml`, with its reason above it.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::tree::Tree;
use crate::{child, output};

const VERSION: &str = "27.1.0";
const PACKAGES: &[&str] = &["entitlement", "rules"];

/// Runs cargo-mutants on the pure crates, all of it or one shard (`K/N`, K from 0).
///
/// # Errors
/// When a mutant survives, when the crates fail untouched, or when cargo-mutants cannot be installed.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    let shard = match words {
        [] => None,
        [shard] if shard.contains('/') => Some(*shard),
        _ => bail!("`soak mutants` takes one shard, such as `0/4`, or nothing"),
    };
    let program = install(tree)?;
    let mut survivors = Vec::new();
    for package in PACKAGES {
        let out = tree.target().join("mutants").join(package);
        fs::create_dir_all(&out)?;
        let mut mutants = tree.command(&program);
        mutants.args(["mutants", "--no-shuffle", "--colors", "never", "--package", package, "--output"]).arg(&out);
        if let Some(shard) = shard {
            mutants.args(["--shard", shard]);
        }
        // Exit 2 means survivors and 3 means time-outs; both are read from the lists, so only the lists decide.
        let good = child::lines(mutants.env_remove("CARGO_TARGET_DIR"), output::line)?;
        let missed = fs::read_to_string(out.join("mutants.out/missed.txt"))
            .with_context(|| format!("cargo-mutants left no list for `{package}`"))?;
        let before = survivors.len();
        survivors.extend(missed.lines().map(str::to_owned));
        let late = fs::read_to_string(out.join("mutants.out/timeout.txt")).unwrap_or_default();
        if !good && survivors.len() == before && late.is_empty() {
            bail!("cargo-mutants could not test `{package}`; the lines above say why");
        }
    }
    if survivors.is_empty() {
        output::line("no mutant survives without a written reason");
        return Ok(());
    }
    let count = survivors.len();
    bail!("{count} mutants survive:\n{}\nwrite a test, or a reason in .cargo/mutants.toml", survivors.join("\n"))
}

fn install(tree: &Tree) -> Result<String> {
    let root = tree.path(&format!(".tools/cargo-mutants-{VERSION}"));
    let program = root.join("bin/cargo-mutants");
    if !program.is_file() {
        output::line(&format!("installing cargo-mutants {VERSION}, once"));
        let mut install = tree.cargo(&["install", "--locked", "--version", VERSION, "cargo-mutants", "--root"]);
        child::run(install.arg(&root))?;
    }
    Ok(program.display().to_string())
}
