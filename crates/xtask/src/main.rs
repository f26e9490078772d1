//! `cargo xtask`: what a person would otherwise have to remember.
//!
//! `test` is the project's test command, the only thing that continuous integration calls. `bench` measures, `soak`
//! runs what takes longer than a test may, `vectors` rewrites the golden files.

mod bench;
mod child;
mod output;
mod soak;
mod stopwatch;
mod supply;
mod tally;
mod test;
mod tools;
mod tree;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::tree::Tree;

const USAGE: &str = "\
cargo xtask test [--only STEP]...     every check, in order; stops at the first that fails
cargo xtask vectors [--check]         rewrite the golden files of tests/vectors (or only compare them)
cargo xtask bench [NAME]...           measure: verify, verify-cli, registrations, sessions (default: all)
cargo xtask screenshots               take the pictures of docs/screenshots anew, by a browser
cargo xtask dist                      build the two programs as they are measured and shipped
cargo xtask soak fuzz [SECONDS] [TARGET]...
                                      every parser under a coverage-guided fuzzer (600 s each)
cargo xtask soak model [SEED]         10,000 random sequences of the portal against the plain model
cargo xtask soak mutants [K/N]        cargo-mutants on rules and entitlement (shard K of N)
cargo xtask soak proofs [NAME]...     break the source on purpose and see the named check fail";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let tree = Tree::find()?;
    match words {
        ["test", rest @ ..] => test::run(&tree, rest),
        ["vectors"] => test::vectors(&tree, &[]),
        ["vectors", "--check"] => test::vectors(&tree, &["--check"]),
        ["bench", rest @ ..] => bench::run(&tree, rest),
        ["screenshots"] => test::screenshots(&tree),
        ["dist"] => bench::dist(&tree).map(|programs| output::line(&programs.display().to_string())),
        ["soak", "fuzz", rest @ ..] => soak::fuzz::run(&tree, rest),
        ["soak", "model", rest @ ..] => soak::model::run(&tree, rest),
        ["soak", "mutants", rest @ ..] => soak::mutants::run(&tree, rest),
        ["soak", "proofs", rest @ ..] => soak::proofs::run(&tree, rest),
        ["help" | "--help" | "-h"] => {
            output::line(USAGE);
            Ok(())
        }
        _ => bail!("not a command: `{}`\n{USAGE}", words.join(" ")),
    }
}
