//! The program that searches: how it is built, and how it is called.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Target;
use super::corpus::Reached;
use super::log::Searched;
use crate::tree::Tree;
use crate::{child, output, tools};

/// The hooks that show the fuzzer which lines ran and what was compared; the stable compiler has them in its back end.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
/// What an input may use of memory, in all and at once.
const MEMORY: [&str; 2] = ["-rss_limit_mb=2048", "-malloc_limit_mb=512"];
/// A folder in memory, where there is one: what the targets write is thrown away.
const IN_MEMORY: &str = "/dev/shm";

/// The built program.
pub(super) struct Runner {
    program: PathBuf,
    scratch: PathBuf,
    temporary: PathBuf,
}

impl Runner {
    /// Builds it, for this machine named as another one would be: then build scripts and macros stay without hooks.
    pub(super) fn build(tree: &Tree, scratch: &Path) -> Result<Self> {
        tools::programs(tree, &[("c++", "g++")])?;
        let version = child::capture(tree.command("rustc").arg("-vV"))?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
        output::line("building the targets for the fuzzer");
        let built = scratch.join("build");
        let mut cargo = tree.cargo(&["build", "--locked", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
        cargo.args(["--target", host]).env("CARGO_TARGET_DIR", &built);
        // Passes of the back end are not stable by name, and the fuzzer depends on nothing else that is not.
        child::run(cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", COVERAGE))?;
        let memory = Path::new(IN_MEMORY);
        let temporary = if memory.is_dir() { memory } else { scratch };
        let temporary = temporary.join(format!("seatwarden-fuzz-{}", std::process::id()));
        fs::create_dir_all(&temporary)?;
        let program = built.join(host).join("release/fuzz-runner");
        Ok(Self { program, scratch: scratch.to_owned(), temporary })
    }

    /// Searches a target for so many seconds, from its corpus and its seeds.
    pub(super) fn search(&self, target: &Target, seconds: u32, corpus: &Path) -> Result<Searched> {
        for folder in [self.news(target), self.broken(target)] {
            emptied(&folder)?;
        }
        let mut command = self.command(target);
        command.arg(format!("-max_total_time={seconds}")).args(["-len_control=0", "-print_final_stats=1"]);
        // What is slow without being too slow is told in the log, not kept.
        command.args(["-report_slow_units=3600"]);
        command.arg(format!("-artifact_prefix={}/", self.broken(target).display()));
        command.arg(self.news(target)).arg(corpus).arg(self.scratch.join("seeds").join(&target.name));
        let log = self.scratch.join("logs").join(format!("{}.log", target.name));
        // How it ended is read from its log and from what it left: an input that breaks a promise ends it too.
        logged(&mut command, &log)?;
        let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let searched = Searched::read(&target.name, &text, super::corpus::listed(&self.news(target))?.len());
        searched.with_context(|| format!("the fuzzer did not begin; {} says why", log.display()))
    }

    /// Runs everything known once, and tells what each input reaches.
    pub(super) fn reached(&self, target: &Target, corpus: &Path) -> Result<Vec<Reached>> {
        let merged = self.scratch.join("merged").join(&target.name);
        emptied(&merged)?;
        let control = merged.with_extension("control");
        if control.exists() {
            fs::remove_file(&control)?;
        }
        let mut command = self.command(target);
        // How often a line ran tells inputs apart while searching; here one that reaches it is enough.
        command.args(["-set_cover_merge=1", "-use_counters=0"]);
        command.arg(format!("-merge_control_file={}", control.display())).arg(&merged);
        command.arg(corpus).arg(self.news(target)).arg(self.scratch.join("seeds").join(&target.name));
        let log = self.scratch.join("logs").join(format!("{}-merge.log", target.name));
        ensure!(logged(&mut command, &log)?, "the corpus could not be merged; {} says why", log.display());
        let reached = super::corpus::reached(&fs::read_to_string(&control)?);
        reached.with_context(|| format!("`{}` cannot be read", control.display()))
    }

    /// Where the inputs of the last search lie that broke a promise.
    pub(super) fn broken(&self, target: &Target) -> PathBuf {
        self.scratch.join("broken").join(&target.name)
    }

    fn news(&self, target: &Target) -> PathBuf {
        self.scratch.join("new").join(&target.name)
    }

    fn command(&self, target: &Target) -> Command {
        let mut command = Command::new(&self.program);
        command.env("FUZZ_TARGET", &target.name).env("TMPDIR", &self.temporary).current_dir(&self.scratch);
        command.args(MEMORY).arg(format!("-timeout={}", target.limit));
        command
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // What a target that was stopped left behind; the next start of the machine would sweep it too.
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

/// An empty folder.
fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

/// Runs a command with all that it says in a file, and tells whether it ended well.
fn logged(command: &mut Command, log: &Path) -> Result<bool> {
    fs::create_dir_all(log.parent().context("a log lies in a folder")?)?;
    let file = File::create(log)?;
    let text = child::shown(command);
    let status = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).status();
    Ok(status.with_context(|| format!("`{text}` could not be started"))?.success())
}
