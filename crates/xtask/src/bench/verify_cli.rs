//! `bench verify-cli`: the whole process that checks one file, beside `minisign -V` on the same file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::report::{Bar, Report, ratios};
use crate::stopwatch::Stopwatch;
use crate::tree::Tree;
use crate::{child, tools};

const PAIRS: usize = 150;
const WARM_UP: usize = 10;
/// Pairs whose memory is read; it hardly varies.
const MEMORY: usize = 5;

/// Wall time of pairs of processes, and the peak of their memory as `/usr/bin/time` sees it.
///
/// # Errors
/// When something cannot be built, installed or run, or a file does not verify.
pub fn measure(tree: &Tree) -> Result<Report> {
    tools::programs(tree, &[("minisign", "minisign"), ("time", "time")])?;
    let ours = Ours::prepare(tree)?;
    let theirs = Minisign::prepare(&ours.files)?;
    for _ in 0..WARM_UP {
        wall(&mut ours.command())?;
        wall(&mut theirs.command())?;
    }
    let (mut ours_ms, mut theirs_ms) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        ours_ms.push(wall(&mut ours.command())?);
        theirs_ms.push(wall(&mut theirs.command())?);
    }
    let peaks = |command: &dyn Fn() -> Command| (0..MEMORY).map(|_| peak(&command())).collect::<Result<Vec<f64>>>();
    let (ours_kib, theirs_kib) = (peaks(&|| ours.command())?, peaks(&|| theirs.command())?);
    let mut report = Report::default();
    let version = child::capture(Command::new("minisign").arg("-v"))?;
    report.peers.push(format!("{}, Debian's build, `minisign -V` of the same file", version.trim()));
    report.peers.push("ours as `cargo xtask dist` builds it".to_owned());
    report.row("license verify / minisign -V, wall time", ratios(&ours_ms, &theirs_ms), Some(Bar::AtMost(1.0)));
    report.row("license verify, peak memory in KiB", ours_kib, Some(Bar::AtMost(4096.0)));
    report.row("minisign -V, peak memory in KiB (context)", theirs_kib, None);
    report.row("license verify, wall ms (context)", ours_ms, None);
    report.row("minisign -V, wall ms (context)", theirs_ms, None);
    Ok(report)
}

struct Ours {
    program: PathBuf,
    files: PathBuf,
}

impl Ours {
    fn prepare(tree: &Tree) -> Result<Self> {
        let maker = super::measuring_program(tree, "bench-verify")?;
        let files = tree.target().join("bench/verify-cli");
        std::fs::create_dir_all(&files)?;
        child::run(Command::new(maker).arg("prepare").arg(&files))?;
        Ok(Self { program: super::shipped(tree, &["issuer"])?.join("seatwarden-issuer"), files })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["license", "verify"]).arg(self.files.join("file.json"));
        command.arg("--trust").arg(self.files.join("trust.json"));
        command.arg("--roots").arg(self.files.join("roots.json"));
        command
    }
}

struct Minisign {
    key: PathBuf,
    file: PathBuf,
}

impl Minisign {
    /// A key without a password, and a signature of the file that ours verifies.
    fn prepare(files: &Path) -> Result<Self> {
        let (key, secret, file) = (files.join("minisign.pub"), files.join("minisign.sec"), files.join("file.json"));
        child::capture(Command::new("minisign").args(["-G", "-f", "-W", "-p"]).arg(&key).arg("-s").arg(&secret))?;
        child::capture(Command::new("minisign").args(["-S", "-s"]).arg(&secret).arg("-m").arg(&file))?;
        Ok(Self { key, file })
    }

    fn command(&self) -> Command {
        let mut command = Command::new("minisign");
        command.args(["-V", "-p"]).arg(&self.key).arg("-m").arg(&self.file);
        command
    }
}

/// Milliseconds from the start of a process to its good end.
fn wall(command: &mut Command) -> Result<f64> {
    let text = child::shown(command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let watch = Stopwatch::start();
    let status = command.status().with_context(|| format!("`{text}` could not be started"))?;
    let took = watch.elapsed();
    ensure!(status.success(), "`{text}` ended with {status}");
    Ok(took.as_secs_f64() * 1000.0)
}

/// The most memory that a process had, in KiB.
fn peak(command: &Command) -> Result<f64> {
    let mut timed = Command::new("time");
    timed.args(["-f", "%M"]).arg(command.get_program()).args(command.get_args());
    let ended = timed.stdin(Stdio::null()).output().context("`time` could not be started")?;
    let said = String::from_utf8_lossy(&ended.stderr);
    let last = said.lines().last().unwrap_or_default();
    last.trim().parse().with_context(|| format!("`time` said `{last}`"))
}
