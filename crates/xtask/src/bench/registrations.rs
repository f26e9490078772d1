//! `bench registrations`: durable, cap-checked registrations through the store, 64 clients waiting.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::report::{Bar, Report, ratios};
use crate::child;
use crate::tree::Tree;

const ROUNDS: usize = 5;

/// Ours beside the disk's own 4 KB `fdatasync` and beside one commit for each registration.
///
/// # Errors
/// When the measuring program cannot be built or run.
pub fn measure(tree: &Tree) -> Result<Report> {
    let program = super::measuring_program(tree, "bench-registrations")?;
    let folder = tree.target().join("bench/registrations");
    std::fs::create_dir_all(&folder)?;
    let mut report = Report::default();
    let (mut grouped, mut single, mut disk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let said = child::capture(Command::new(&program).arg(&folder))?;
        let round: Value = serde_json::from_str(&said).with_context(|| format!("a round said `{}`", said.trim()))?;
        let number = |member: &str| round.get(member).and_then(Value::as_f64).with_context(|| format!("no `{member}`"));
        grouped.push(number("grouped")?);
        single.push(number("single")?);
        disk.push(number("fdatasync")?);
        report.peers = round.get("about").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    }
    report.row("registrations, 64 clients / 4 KB fdatasync", ratios(&grouped, &disk), Some(Bar::AtLeast(4.0)));
    report.row("registrations, 64 clients / one commit each", ratios(&grouped, &single), Some(Bar::AtLeast(8.0)));
    report.row("registrations a second, 64 clients (context)", grouped, None);
    report.row("registrations a second, one commit each (context)", single, None);
    report.row("4 KB fdatasync a second (context)", disk, None);
    Ok(report)
}
