//! `audit search|export|verify|anchor`.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use errors::{Code, Failure};
use serde_json::{Value, json};
use store::{Anchor, AuditRow, ChainState};

use super::{Answer, CONSOLE, Desk};
use crate::actions::audit::{self, Asked, Line, Sought, Teller, anchor_at};
use crate::api::audit as shape;
use crate::cli::{Audit, AuditForm, Data, Wanted};
use crate::house::House;
use crate::output::{self, Column};

/// How many rows are read at a time.
const PAGE: u32 = 500;
/// How many lines of a row a table has.
const LINES: usize = 4;

const COLUMNS: &[Column] = &[
    ("seq", "/seq"),
    ("at", "/at"),
    ("actor_kind", "/actor/kind"),
    ("actor_id", "/actor/id"),
    ("actor", "/actor/name"),
    ("action", "/action"),
    ("title", "/title"),
    ("target", "/target"),
    ("detail", "/detail"),
    ("previous", "/previous"),
    ("hash", "/hash"),
];

pub(super) fn audit(desk: &Desk, verb: Audit) -> Result<Answer, Failure> {
    match verb {
        Audit::Search { data, wanted, limit } => search(desk, &data, wanted, limit),
        Audit::Export { data, wanted, out, form } => export(desk, &data, wanted, (&out, form)),
        Audit::Verify { data, anchor } => verify(desk, &data, anchor.as_deref()),
        Audit::Anchor { data } => {
            let house = desk.open(&data)?;
            let anchor = house.store.read(|tx| audit::anchor(tx, &CONSOLE))?;
            let anchor = anchor.ok_or_else(|| Failure::new(Code::NotFound, "The audit log has no row yet."))?;
            Ok(Answer::new(anchor.to_string(), shape::anchor(&anchor)))
        }
    }
}

fn sought(wanted: Wanted) -> Result<Sought, Failure> {
    let Wanted { actor, action, target, from, to, text } = wanted;
    Asked { actor, action, target, from, to, text }.read()
}

fn search(desk: &Desk, data: &Data, wanted: Wanted, limit: u32) -> Result<Answer, Failure> {
    let (sought, house) = (sought(wanted)?, desk.open(data)?);
    let (found, rows) = house.store.read(|tx| {
        let found = audit::list(tx, &CONSOLE, &sought, (None, limit))?;
        let teller = Teller::new(tx, LINES)?;
        let told = found.iter().map(|one| {
            let told = teller.told(one)?;
            let lines: Vec<String> = told.lines.iter().map(Line::text).collect();
            let more = if told.more { "; …" } else { "" };
            let what = format!("{}{more}", lines.join("; "));
            let by = one.actor_name.clone();
            Ok(vec![one.seq.to_string(), one.at.to_string(), by, told.title, told.target.name, what])
        });
        let rows = told.collect::<Result<Vec<_>, store::StoreError>>()?;
        Ok((found, rows))
    })?;
    let lines = if rows.is_empty() {
        "No row is like that.".to_owned()
    } else {
        output::table(&["Row", "When", "Who", "What", "To whom or what", "What is different"], &rows)
    };
    Ok(Answer::list(lines, found.iter().map(shape::row).collect::<Vec<Value>>(), COLUMNS))
}

fn export(desk: &Desk, data: &Data, wanted: Wanted, (out, form): (&Path, AuditForm)) -> Result<Answer, Failure> {
    let (sought, house) = (sought(wanted)?, desk.open(data)?);
    let format = match form {
        AuditForm::Jsonl => shape::Format::Jsonl,
        AuditForm::Csv => shape::Format::Csv,
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    // It tells of everybody.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(out).map_err(|error| files::unwritable(out, &error))?;
    let written = written(&house, &sought, (file, out), format).inspect_err(|_| {
        // Half a log under its name would only mislead.
        let _ = fs::remove_file(out);
    })?;
    let lines = format!("{written} rows were written to {}.", out.display());
    Ok(Answer::new(lines, json!({"rows": written, "file": out.display().to_string()})))
}

/// Writes page after page, so that a log of any length takes no more memory than a page of it.
fn written(
    house: &House,
    sought: &Sought,
    (mut file, out): (fs::File, &Path),
    format: shape::Format,
) -> Result<u64, Failure> {
    let failed = |error: io::Error| files::unwritable(out, &error);
    file.write_all(shape::head(format)?.as_bytes()).map_err(failed)?;
    let (mut after, mut rows) = (0, 0);
    loop {
        let page: Vec<AuditRow> = house.store.read(|tx| audit::after(tx, &CONSOLE, sought, (after, PAGE)))?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        rows += u64::try_from(page.len()).unwrap_or(u64::MAX);
        file.write_all(shape::part(format, &page)?.as_bytes()).map_err(failed)?;
    }
    file.sync_all().map_err(failed)?;
    Ok(rows)
}

fn verify(desk: &Desk, data: &Data, anchor: Option<&str>) -> Result<Answer, Failure> {
    let anchor = anchor.map(|given| anchor_at("/anchor", given)).transpose()?;
    let house = desk.open(data)?;
    let found = house.store.read(|tx| audit::verify(tx, &CONSOLE, anchor.as_ref()))?;
    if let Some(fracture) = found.fracture {
        return Err(Failure::new(Code::AuditBroken, fracture.sentence())
            .with("row", fracture.seq)
            .with("misfit", fracture.word())
            .with("intact_to", found.last.map_or(0, |last| last.seq)));
    }
    Ok(Answer::new(told(&found, anchor.as_ref()), shape::chain(&found)))
}

fn told(found: &ChainState, anchor: Option<&Anchor>) -> String {
    let Some(last) = &found.last else { return "The audit log has no row yet.".to_owned() };
    let at = found.last_at.map(|at| format!(", written at {at}")).unwrap_or_default();
    let kept =
        anchor.map(|anchor| format!("\nNothing up to row {} is another than when the anchor was kept.", anchor.seq));
    format!("The chain is intact over all {} rows.\nThe last is {last}{at}.{}", found.rows, kept.unwrap_or_default())
}
