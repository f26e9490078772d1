//! `change plan|apply|revert|cancel|list|show`.

use errors::{Code, Failure};
use rules::ChangeId;
use serde_json::Value;
use store::{Change as Row, ReadTx, StoreError};

use super::refused::{Form, told};
use super::{Answer, CONSOLE, Desk, given, plan, write};
use crate::actions::changes::{self, Request};
use crate::actions::{input, members};
use crate::api::changes::Sent;
use crate::api::shape;
use crate::cli::{Change, ChangeFile, Data};
use crate::house::House;
use crate::output::{self, Column, Progress};

/// How many changes are read at a time.
const PAGE: u32 = 500;
/// After so many members the progress is told again.
const STEP: usize = 250;

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("applied_at", "/applied_at"),
    ("by", "/by"),
    ("members", "/member_count"),
    ("reason", "/reason"),
    ("return_at", "/planned_return/at"),
    ("return_state", "/planned_return/state"),
    ("return_problem", "/planned_return/problem"),
    ("reverts", "/reverts"),
    ("reverted_by", "/reverted_by"),
];

pub(super) fn change(desk: &Desk, verb: Change) -> Result<Answer, Failure> {
    match verb {
        Change::Plan { file } => of_file(desk, file, true),
        Change::Apply { file, dry_run } => of_file(desk, file, dry_run),
        Change::Revert { id, data, consent, how } => {
            let (house, id) = (desk.open(&data)?, change_id(&id)?);
            let (consent, why) = (given::consents(&consent.allow_one_over)?, input::reason(how.reason)?);
            let ask = move |tx: &ReadTx<'_>| {
                let mut request = changes::reverting(tx, &CONSOLE, &id, why)?;
                request.set.allow_one_over = consent;
                Ok(request)
            };
            let done = carry_out(&house, ask, (how.dry_run, Progress::of(true)));
            done.map_err(|failure| told(failure, &desk.typed, Form::PerType))
        }
        Change::Cancel { id, data, dry_run } => {
            let (house, of) = (desk.open(&data)?, change_id(&id)?);
            let change = write(&house, dry_run, move |tx| changes::cancel(tx, &CONSOLE, &of))?;
            let done = format!("The return of {} is given up; its members stay as they are.", change.id);
            Ok(Answer::written(dry_run, &done, shape::change(&change)))
        }
        Change::List { data, returning, limit } => list(desk, &data, returning, limit),
        Change::Show { id, data } => {
            let (house, id) = (desk.open(&data)?, change_id(&id)?);
            let change = house.store.read(|tx| changes::show(tx, &CONSOLE, &id))?;
            let facts = shape::change(&change);
            Ok(Answer::new(format!("{}\n\n{}", head(&change), plan::lines(&facts)), facts))
        }
    }
}

fn change_id(text: &str) -> Result<ChangeId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no change `{text}`.")))
}

fn of_file(desk: &Desk, given: ChangeFile, dry_run: bool) -> Result<Answer, Failure> {
    let house = desk.open(&given.data)?;
    let consent = given::consents(&given.consent.allow_one_over)?;
    let bytes = given::bytes(&given.file)?;
    let progress = Progress::of(bytes.len() > given::LONG);
    progress.at("Reading the change");
    let sent: Sent = given::json(&given.file, &bytes).inspect_err(|_| progress.end())?;
    let ask = move |tx: &ReadTx<'_>| {
        let mut request = sent.naming(&mut |name| members::find(tx, name))?.request()?;
        request.set.allow_one_over.extend(consent);
        Ok(request)
    };
    carry_out(&house, ask, (dry_run, progress)).map_err(|failure| told(failure, &desk.typed, Form::PerType))
}

/// Plans or applies a change that is put together in the very transaction that decides on it.
pub(super) fn carry_out<F>(house: &House, ask: F, (dry_run, progress): (bool, Progress)) -> Result<Answer, Failure>
where
    F: FnOnce(&ReadTx<'_>) -> Result<Request, StoreError> + Send + 'static,
{
    progress.at("Planning");
    if dry_run {
        let planned = house.store.read(|tx| changes::plan(tx, &CONSOLE, &ask(tx)?));
        progress.end();
        let facts = shape::plan(&planned?, None);
        return Ok(Answer::new(format!("{}\nNothing was changed.", plan::lines(&facts)), facts));
    }
    let applied = house.store.write_alone_now(move |tx| {
        let mut tell = |done: usize, all: usize| {
            if done == all {
                progress.at(&format!("Making {all} moves durable"));
            } else if done.is_multiple_of(STEP) {
                progress.at(&format!("{done} of {all} moved"));
            }
        };
        changes::apply_telling(tx, &CONSOLE, &ask(tx)?, &mut tell)
    });
    progress.end();
    let applied = applied?;
    let facts = shape::plan(&applied.plan, Some(applied.id.as_str()));
    let way_back =
        if moves_back(&facts) { format!(" `change revert {}` takes it back.", applied.id) } else { String::new() };
    Ok(Answer::new(format!("{}\nApplied as {}.{}", plan::lines(&facts), applied.id, way_back), facts))
}

/// Whether there is anything to take back, and it can be: nobody is brought back from a deletion.
fn moves_back(facts: &Value) -> bool {
    let members = facts.get("members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    members.iter().any(plan::moves) && !members.iter().any(|one| one.get("state").is_some_and(Value::is_null))
}

fn list(desk: &Desk, data: &Data, returning: bool, limit: u32) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let found = house.store.read(|tx| {
        if returning {
            return changes::returns(tx, &CONSOLE, limit);
        }
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut found, mut before): (Vec<Row>, _) = (Vec::new(), None);
        loop {
            let part = changes::list(tx, &CONSOLE, before, PAGE.min(limit))?;
            before = part.last().map(|last| last.version);
            found.extend(part);
            if before.is_none() || found.len() >= most {
                found.truncate(most);
                return Ok(found);
            }
        }
    })?;
    let items: Vec<Value> = found.iter().map(shape::change_in_short).collect();
    let rows: Vec<Vec<String>> = found.iter().zip(&items).map(|(change, item)| row(change, item)).collect();
    let lines = if rows.is_empty() {
        if returning { "No return is planned." } else { "There are no changes yet." }.to_owned()
    } else {
        output::table(&["Id", "Applied at", "By", "Members", "Return", "Reason"], &rows)
    };
    if found.len() == usize::try_from(limit).unwrap_or(usize::MAX) {
        output::say(&format!("The first {limit} are shown; --limit shows more."));
    }
    Ok(Answer::list(lines, items, COLUMNS))
}

fn row(change: &Row, item: &Value) -> Vec<String> {
    let members = item.get("member_count").map_or_else(String::new, Value::to_string);
    vec![
        change.id.to_string(),
        change.at.to_string(),
        change.actor_name.clone(),
        members,
        return_of(change).unwrap_or_default(),
        change.reason.clone(),
    ]
}

/// What became, or is to become, of the change.
fn return_of(change: &Row) -> Option<String> {
    if change.reverted_by.is_some() {
        return Some("taken back".to_owned());
    }
    change.planned_return.as_ref().map(|planned| format!("{} {}", planned.state.as_str(), planned.at))
}

fn head(change: &Row) -> String {
    let mut rows = vec![
        ("Change", change.id.to_string()),
        ("Applied at", change.at.to_string()),
        ("By", change.actor_name.clone()),
    ];
    let planned = change.planned_return.as_ref();
    let more = [
        ("Reason", Some(change.reason.clone()).filter(|reason| !reason.is_empty())),
        ("Takes back", change.reverts.clone()),
        ("Taken back by", change.reverted_by.clone()),
        ("Return", planned.map(|planned| format!("{}, {}", planned.state.as_str(), planned.at))),
        ("Waits because", planned.and_then(|planned| planned.problem.clone())),
    ];
    rows.extend(more.into_iter().filter_map(|(name, value)| Some((name, value?))));
    output::pairs(&rows)
}
