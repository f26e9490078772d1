//! `bench verify`: opening a file of about 2 KB, from bytes to a checked, typed value.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::{Bar, Report, ratios};
use crate::tree::Tree;
use crate::{child, tools};

const ROUNDS: usize = 7;

/// Ours beside the bare signature check, jose and PyJWT; operations per second of CPU time.
///
/// # Errors
/// When something cannot be built, installed or run.
pub fn measure(tree: &Tree) -> Result<Report> {
    tools::ready(tree)?;
    let program = super::measuring_program(tree, "bench-verify")?;
    let files = tree.target().join("bench/verify");
    std::fs::create_dir_all(&files)?;
    child::run(Command::new(&program).arg("prepare").arg(&files))?;
    let mut report = Report::default();
    let (mut ours, mut bare, mut jose, mut pyjwt) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut of_limit = Vec::new();
    for _ in 0..ROUNDS {
        let rust = round(Command::new(&program).arg("round"), &files)?;
        let node = round(tree.command("node").arg("examples/verify/node/bench.mjs"), &files)?;
        let python = tree.path(".tools/python/bin/python");
        let python = round(Command::new(python).arg(tree.path("examples/verify/python/bench_pyjwt.py")), &files)?;
        ours.push(number(&rust, "ours")?);
        bare.push(number(&rust, "bare")?);
        of_limit.push(number(&rust, "ratio")?);
        jose.push(number(&node, "operations")?);
        pyjwt.push(number(&python, "operations")?);
        report.peers = [&rust, &node, &python]
            .iter()
            .filter_map(|round| round.get("about")?.as_str())
            .map(str::to_owned)
            .collect();
    }
    report.row("open_entitlement / bare verify_strict", of_limit, Some(Bar::AtLeast(0.85)));
    report.row("open_entitlement / jose flattenedVerify", ratios(&ours, &jose), Some(Bar::AtLeast(4.0)));
    report.row("open_entitlement / PyJWT decode", ratios(&ours, &pyjwt), Some(Bar::AtLeast(3.0)));
    for (what, rounds) in [("open_entitlement", ours), ("bare verify_strict", bare), ("jose", jose), ("PyJWT", pyjwt)] {
        report.row(&format!("{what}, operations per CPU second (context)"), rounds, None);
    }
    Ok(report)
}

fn round(command: &mut Command, files: &Path) -> Result<Value> {
    let said = child::capture(command.arg(files))?;
    serde_json::from_str(&said).with_context(|| format!("a measuring program said `{}`", said.trim()))
}

fn number(round: &Value, member: &str) -> Result<f64> {
    round.get(member).and_then(Value::as_f64).with_context(|| format!("a round has no number `{member}`"))
}
