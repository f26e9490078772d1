//! `bench sessions`: renewals of product sessions over HTTP, on one node.

use std::fs::File;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::report::{Bar, Report, ratios};
use crate::tree::Tree;

/// Ten thousand members who each renew once a minute, and the most that is answered beside a bare handler.
///
/// # Errors
/// When the measuring program cannot be built or run, or one renewal fails.
pub fn measure(tree: &Tree) -> Result<Report> {
    let program = super::measuring_program(tree, "bench-sessions")?;
    let folder = tree.target().join("bench/sessions");
    std::fs::create_dir_all(&folder)?;
    // The portal's own log, a line for each renewal.
    let log = folder.join("log");
    let mut command = Command::new(&program);
    command.arg(folder.join("portal")).stdin(Stdio::null()).stderr(File::create(&log)?);
    let output = command.output().context("the measuring program does not start")?;
    ensure!(output.status.success(), "`{}` ended with {}; see `{}`", program.display(), output.status, log.display());
    let said = String::from_utf8(output.stdout)?;
    let said: Value = serde_json::from_str(&said).with_context(|| format!("it said `{}`", said.trim()))?;
    let number = |member: &str| said.get(member).and_then(Value::as_f64).with_context(|| format!("no `{member}`"));
    let rounds = |member: &str| -> Result<Vec<f64>> {
        let values = said.get(member).and_then(Value::as_array).with_context(|| format!("no `{member}`"))?;
        Ok(values.iter().filter_map(Value::as_f64).collect())
    };
    let (renewals, bare) = (rounds("renewals")?, rounds("bare")?);
    let peers = said.get("about").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    let mut report = Report { peers, ..Report::default() };
    report.row("renewals in a minute, all answered", vec![number("paced")?], Some(Bar::AtLeast(10_000.0)));
    report.row("a renewal, 99 of 100 within, ms", vec![number("p99")?], Some(Bar::AtMost(50.0)));
    report.row("renewals at most / bare handler at most", ratios(&renewals, &bare), Some(Bar::AtLeast(0.25)));
    report.row("a renewal, half of them within, ms (context)", vec![number("p50")?], None);
    report.row("the longest renewal, ms (context)", vec![number("longest")?], None);
    report.row("renewals a second at most (context)", renewals, None);
    report.row("bare handler, answers a second at most (context)", bare, None);
    Ok(report)
}
