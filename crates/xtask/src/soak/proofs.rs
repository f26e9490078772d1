//! `soak proofs`: a check that cannot fail proves nothing, so the source is broken on purpose and the check must fail.
//!
//! Each row copies the tree, sees the check pass, replaces one text (which must occur exactly once), builds, and sees
//! the check fail with the words it should fail with. A build that breaks is not a proof.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::rows::ROWS;
use crate::stopwatch::Stopwatch;
use crate::tree::Tree;
use crate::{child, output};

/// One proof.
pub struct Row {
    /// How `soak proofs NAME` calls it.
    pub name: &'static str,
    /// The file that is broken.
    pub file: &'static str,
    /// The text that stands there once.
    pub old: &'static str,
    /// What takes its place.
    pub new: &'static str,
    /// Arguments of cargo that build the check; they must succeed on the broken source too.
    pub build: &'static [&'static str],
    /// Arguments of cargo that run the check.
    pub check: &'static [&'static str],
    /// Words that the failing check prints: it failed for this reason and no other.
    pub says: &'static str,
}

/// Runs every proof, or those that are named.
///
/// # Errors
/// The first proof that does not hold.
pub fn run(tree: &Tree, words: &[&str]) -> Result<()> {
    if let Some(unknown) = words.iter().find(|word| ROWS.iter().all(|row| row.name != **word)) {
        let names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        bail!("no proof `{unknown}`; the proofs are {}", names.join(", "));
    }
    let copy = Copy::make(tree)?;
    for row in ROWS.iter().filter(|row| words.is_empty() || words.contains(&row.name)) {
        output::begins(
            row.name,
            &format!("`{}` becomes `{}` in {}", first_line(row.old), first_line(row.new), row.file),
        );
        let watch = Stopwatch::start();
        copy.prove(row).with_context(|| format!("the proof `{}` does not hold", row.name))?;
        output::ends(row.name, watch.elapsed());
    }
    Ok(())
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or("nothing")
}

/// A copy of the tree with builds of its own.
struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    /// Copies what git tracks, and what it would track.
    fn make(tree: &Tree) -> Result<Self> {
        let base = tree.target().join("soak");
        let copy = Self { root: base.join("tree"), target: base.join("target") };
        if copy.root.exists() {
            fs::remove_dir_all(&copy.root)?;
        }
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = child::capture(tree.command("git").args(list))?;
        for file in listed.split('\0').filter(|file| !file.is_empty() && tree.path(file).is_file()) {
            let to = copy.root.join(file);
            fs::create_dir_all(to.parent().unwrap_or(&copy.root))?;
            fs::copy(tree.path(file), &to).with_context(|| format!("`{file}` cannot be copied"))?;
        }
        Ok(copy)
    }

    fn prove(&self, row: &Row) -> Result<()> {
        let file = self.root.join(row.file);
        let whole = fs::read_to_string(&file).with_context(|| format!("`{}` cannot be read", row.file))?;
        let broken = replace_once(&whole, row.old, row.new)?;
        let (good, said) = self.cargo(row.check)?;
        ensure!(good, "the check fails on the untouched source:\n{said}");
        fs::write(&file, broken)?;
        let outcome = self.fails(row);
        fs::write(&file, whole)?;
        outcome
    }

    fn fails(&self, row: &Row) -> Result<()> {
        let (built, said) = self.cargo(row.build)?;
        ensure!(built, "the broken source does not build:\n{said}");
        let (good, said) = self.cargo(row.check)?;
        ensure!(!good, "the check passes on the broken source");
        ensure!(said.contains(row.says), "the check fails, but does not say `{}`:\n{said}", row.says);
        Ok(())
    }

    fn cargo(&self, args: &[&str]) -> Result<(bool, String)> {
        let mut cargo = Command::new("cargo");
        cargo.args(args).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target).stdin(Stdio::null());
        output::line(&format!("   {}", child::shown(&cargo)));
        let ended = cargo.output().context("cargo could not be started")?;
        let said = [ended.stdout, ended.stderr].concat();
        Ok((ended.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }
}

/// Replaces a text that must occur exactly once.
fn replace_once(whole: &str, old: &str, new: &str) -> Result<String> {
    let found = whole.matches(old).count();
    ensure!(found == 1, "the text to replace occurs {found} times, not once: `{old}`");
    Ok(whole.replacen(old, new, 1))
}

/// Whether a row's file and text are as they must be, without building anything.
#[cfg(test)]
fn fits(root: &std::path::Path, row: &Row) -> Result<()> {
    let whole = fs::read_to_string(root.join(row.file)).with_context(|| format!("`{}` cannot be read", row.file))?;
    replace_once(&whole, row.old, row.new).map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ROWS, fits, replace_once};

    #[test]
    fn a_text_that_is_missing_or_repeated_is_refused() {
        assert_eq!(replace_once("a < b", "<", "<=").unwrap(), "a <= b");
        assert!(replace_once("a < b", ">", ">=").is_err());
        assert!(replace_once("a < b < c", "<", "<=").is_err());
    }

    #[test]
    fn every_proof_still_finds_its_text() {
        for row in ROWS {
            fits(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")), row).unwrap();
        }
    }
}
