//! `member import`.

use std::path::Path;
use std::sync::mpsc;

use errors::{Code, Failure};
use files::Secrecy;
use store::StoreError;

use super::super::refused::{TOLD, rest};
use super::super::{Answer, CONSOLE, Desk, given, news};
use crate::actions::input;
use crate::actions::member_table::{self, Filling, Outcome, Report, Table};
use crate::api::member_table::{shaped, with_passwords};
use crate::cli::TableFile;
use crate::house::House;
use crate::output::{self, Progress};

pub(super) fn import(desk: &Desk, given: &TableFile) -> Result<Answer, Failure> {
    let filling = if given.mode == "fill" { Filling::Fill } else { Filling::Atomic };
    let (dry_run, why) = (given.how.dry_run, input::reason(given.how.reason.clone())?);
    let problems = given.problems.as_deref();
    // Before anything is changed: a file that cannot be written is no reason to know nothing of what was.
    problems.map_or(Ok(()), files::must_not_exist)?;
    let house = desk.open(&given.data)?;
    let bytes = given::bytes(&given.file)?;
    let progress = Progress::of(bytes.len() > given::LONG);
    progress.at("Reading the table");
    let table = Table::read(&bytes).inspect_err(|_| progress.end())?;
    progress.at(&format!("Bringing in {} rows", table.rows.len()));
    let done = bring_in(&house, &table, (filling, why), dry_run);
    progress.end();
    let (report, refusal) = done?;
    let [.., refused] = report.counts();
    let (written, exit) = match problems {
        Some(path) => keep_problems(path, refused, &report.refused_table(&table)?),
        None => (String::new(), 0),
    };
    if let Some(failure) = refusal {
        let head = format!("Nothing was imported: {refused} of {} rows cannot be brought in.", report.outcomes.len());
        let detail = format!("{head}\n{}{written}", refused_rows(&report));
        return Err(Failure { detail, ..failure });
    }
    let mut facts = shaped(&report, dry_run);
    if !dry_run {
        with_passwords(&mut facts, &report);
    }
    Ok(Answer::new(format!("{}{written}", lines(&report, dry_run)), facts).ending(exit))
}

/// Writes the refused rows. Where that fails it is said, with its exit code: what was imported is told all the same, for its
/// one-time passwords are told only once.
fn keep_problems(path: &Path, refused: usize, table: &str) -> (String, u8) {
    let shown = path.display();
    if refused == 0 {
        return (format!("\nNo row was refused; {shown} was not written."), 0);
    }
    match files::write_new(path, table.as_bytes(), Secrecy::Secret) {
        Ok(()) => (
            format!("\nThe refused rows are in {shown}, with a column `problem`: correct them and import that file."),
            0,
        ),
        Err(failure) => (format!("\nThe refused rows are kept nowhere. {}", failure.detail), failure.exit()),
    }
}

/// What became of the rows, and why nothing was changed where they stand or fall together.
fn bring_in(
    house: &House,
    table: &Table,
    (filling, why): (Filling, String),
    dry_run: bool,
) -> Result<(Report, Option<Failure>), Failure> {
    let rows = table.clone();
    if dry_run {
        let report = house.store.rehearse_now(move |tx| member_table::attempt(tx, &CONSOLE, &rows, (filling, &why)))?;
        let refusal = member_table::refusal(&report, filling);
        return Ok((report, refusal));
    }
    // The report of what is taken back again comes out beside the refusal.
    let (tell, told) = mpsc::channel();
    let written = house.store.write_alone_now(move |tx| {
        let report = member_table::attempt(tx, &CONSOLE, &rows, (filling, &why))?;
        match member_table::refusal(&report, filling) {
            Some(failure) => {
                let _ = tell.send(report);
                Err(StoreError::from(failure))
            }
            None => Ok(report),
        }
    });
    match written.map_err(Failure::from) {
        Ok(report) => Ok((report, None)),
        Err(failure) if failure.code == Code::ImportRefused => match told.try_recv() {
            Ok(report) => Ok((report, Some(failure))),
            Err(_) => Err(failure),
        },
        Err(failure) => Err(failure),
    }
}

fn lines(report: &Report, dry_run: bool) -> String {
    let [added, changed, unchanged, refused] = report.counts();
    let mut lines = vec![format!("{added} added, {changed} changed, {unchanged} unchanged, {refused} refused.")];
    if refused > 0 {
        lines.push(refused_rows(report));
    }
    let secrets: Vec<Vec<String>> = report.outcomes.iter().filter_map(secret).collect();
    if !dry_run && !secrets.is_empty() {
        lines.push(format!("\n{}", output::table(&["New member", "One-time password"], &secrets)));
        lines.push("The passwords are shown this once and must be changed at the first sign-in.".to_owned());
    }
    news(dry_run, &lines.join("\n"))
}

fn secret((_, username, outcome): &(u64, String, Outcome)) -> Option<Vec<String>> {
    match outcome {
        Outcome::Added { one_time_password, .. } => Some(vec![username.clone(), one_time_password.as_str().to_owned()]),
        Outcome::Changed(_) | Outcome::Unchanged(_) | Outcome::Refused(_) => None,
    }
}

/// The first refused rows with line, name and reason; the rest is counted.
fn refused_rows(report: &Report) -> String {
    let refused: Vec<String> = report
        .outcomes
        .iter()
        .filter_map(|(line, username, outcome)| match outcome {
            Outcome::Refused(failure) => Some(format!("  line {line}, {username}: {}", failure.detail)),
            Outcome::Added { .. } | Outcome::Changed(_) | Outcome::Unchanged(_) => None,
        })
        .collect();
    let more = rest(refused.len());
    refused.into_iter().take(TOLD).chain(more).collect::<Vec<_>>().join("\n")
}
