//! `soak model`: the portal against the plain model, in as many sequences as the proof asks for.

use anyhow::{Result, ensure};

use crate::tree::Tree;
use crate::{child, output};

/// The sequences that must play without a difference.
const SEQUENCES: &str = "10000";

/// Plays the sequences, from the seed that is given or from the first on.
///
/// # Errors
/// A sequence differs; the output says which and how.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    let seed = match words {
        [] => "1",
        [seed] if seed.parse::<u64>().is_ok() => seed,
        _ => anyhow::bail!("`soak model` takes the first seed, a number, or nothing"),
    };
    let mut test = tree.command("cargo");
    test.args(["test", "--release", "--package", "tests", "--test", "model", "--", "--nocapture"]);
    test.env("SEATWARDEN_SEQUENCES", SEQUENCES).env("SEATWARDEN_SEED", seed);
    ensure!(child::lines(&mut test, output::line)?, "the portal and the model differ; the lines above say where");
    Ok(())
}
