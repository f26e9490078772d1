//! `add-on list|show|assign|unassign|repair`, `usage forecast|report`.

use std::collections::BTreeSet;
use std::path::Path;

use entitlement::AddOnId;
use errors::{Code, Failure};
use files::Secrecy;
use rules::change_set::{ChangeSet, Operation};
use rules::permit::AddOnMoves;
use rules::plan::Plan;
use serde_json::{Value, json};
use store::ReadTx;

use super::refused::{Form, told};
use super::{Answer, CONSOLE, Desk, change};
use crate::actions::changes::Request;
use crate::actions::input::{self, add_on_at};
use crate::actions::{add_ons, members, usage_report};
use crate::api::{add_ons as shapes, shape};
use crate::cli::{AddOn, AddOnsOf, Data, Usage};
use crate::output::{self, Column, Progress};

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("licensed", "/licensed"),
    ("assigned", "/assigned"),
    ("available", "/available"),
    ("over_since", "/over_since"),
];

pub(super) fn add_on(desk: &Desk, verb: AddOn) -> Result<Answer, Failure> {
    match verb {
        AddOn::List { data } => list(desk, &data),
        AddOn::Show { id, data } => show(desk, &data, &id),
        AddOn::Assign { what } => {
            of_members(desk, what, |add_ons| (AddOnMoves { assign: add_ons, ..AddOnMoves::default() }, false))
        }
        AddOn::Unassign { what, release } => {
            of_members(desk, what, move |add_ons| (AddOnMoves { unassign: add_ons, ..AddOnMoves::default() }, release))
        }
        AddOn::Repair { data, how } => {
            let (house, why) = (desk.open(&data)?, input::reason(how.reason)?);
            if house.store.read(|tx| add_ons::repair(tx, &CONSOLE))?.1.operations.is_empty() {
                let mut facts = shape::plan(&Plan::default(), None);
                if let Value::Object(members) = &mut facts {
                    members.insert("dry_run".into(), how.dry_run.into());
                }
                return Ok(Answer::new("Nothing is over-assigned.", facts));
            }
            let ask = move |tx: &ReadTx<'_>| {
                let (_, set) = add_ons::repair(tx, &CONSOLE)?;
                Ok(Request { set, reason: why, ..Request::default() })
            };
            let done = change::carry_out(&house, ask, (how.dry_run, Progress::of(true)));
            done.map_err(|failure| told(failure, &desk.typed, Form::None))
        }
    }
}

/// Assigns or unassigns in one change set that is put together where it is decided.
fn of_members(
    desk: &Desk,
    what: AddOnsOf,
    moves: impl FnOnce(BTreeSet<AddOnId>) -> (AddOnMoves, bool),
) -> Result<Answer, Failure> {
    let AddOnsOf { id, users, others, data, how } = what;
    let (house, why) = (desk.open(&data)?, input::reason(how.reason)?);
    let ids = std::iter::once(&id).chain(&others).map(|id| add_on_at("/add_on", id));
    let (moves, release_checkouts) = moves(ids.collect::<Result<_, _>>()?);
    let ask = move |tx: &ReadTx<'_>| {
        let of = |member| Operation { release_checkouts, ..Operation::add_ons(member, moves.clone()) };
        let operations = members::find_all(tx, &users)?.into_iter().map(of).collect();
        let set = ChangeSet { operations, ..ChangeSet::default() };
        Ok(Request { set, reason: why, ..Request::default() })
    };
    let done = change::carry_out(&house, ask, (how.dry_run, Progress::of(true)));
    done.map_err(|failure| told(failure, &desk.typed, Form::None))
}

fn list(desk: &Desk, data: &Data) -> Result<Answer, Failure> {
    let overview = desk.open(data)?.store.read(|tx| add_ons::overview(tx, &CONSOLE))?;
    let facts = shapes::counts(&overview);
    let items = facts.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let rows: Vec<Vec<String>> = items.iter().map(|one| output::cells(one, COLUMNS)).collect();
    let mut lines = output::table(&["Id", "Name", "Licensed", "Assigned", "Available", "Over since"], &rows);
    if let Some(since) = overview.blocked_since {
        lines.push_str(&format!(
            "\n\nNobody can start a product since {since}: `add-on repair --dry-run` says what helps."
        ));
    }
    Ok(Answer { columns: COLUMNS, ..Answer::new(lines, facts) })
}

fn show(desk: &Desk, data: &Data, id: &str) -> Result<Answer, Failure> {
    let (house, id) = (desk.open(data)?, add_on_at("/id", id)?);
    let (overview, holders) = house.store.read(|tx| {
        let (mut holders, mut cursor): (Vec<store::AddOnHolder>, Option<String>) = (Vec::new(), None);
        loop {
            let part = add_ons::holders(tx, &CONSOLE, &id, cursor.as_deref())?;
            cursor = part.next;
            holders.extend(part.members);
            if cursor.is_none() {
                return Ok((add_ons::overview(tx, &CONSOLE)?, holders));
            }
        }
    })?;
    let tally = overview.tallies.iter().find(|one| one.add_on == id);
    let mut facts = tally.map(|one| shapes::tally(one, &overview)).unwrap_or_default();
    let items: Vec<Value> = holders.iter().map(shapes::holder).collect();
    let pairs: Vec<(&str, String)> = COLUMNS.iter().map(|(name, place)| (*name, output::at(&facts, place))).collect();
    let rows: Vec<Vec<String>> =
        items.iter().map(|one| vec![output::at(one, "/username"), output::at(one, "/last_used")]).collect();
    let holders =
        if rows.is_empty() { "Nobody holds it.".to_owned() } else { output::table(&["User", "Last used"], &rows) };
    if let Value::Object(members) = &mut facts {
        members.insert("holders".into(), items.into());
    }
    Ok(Answer::new(format!("{}\n\n{holders}", output::pairs(&pairs)), facts))
}

const FORESEEN: &[Column] = &[("at", "/at"), ("blocks_products", "/blocks_products")];

pub(super) fn usage(desk: &Desk, verb: &Usage) -> Result<Answer, Failure> {
    let data = match verb {
        Usage::Forecast { data } => data,
        Usage::Report { out, data } => return report(desk, data, out),
    };
    let foreseen = desk.open(data)?.store.read(|tx| add_ons::forecast(tx, &CONSOLE))?;
    let items: Vec<Value> = foreseen.iter().map(shapes::foreseen).collect();
    let lines: Vec<String> = items.iter().map(foreseen_lines).collect();
    let lines = if lines.is_empty() {
        "Nothing in the file in force begins or ends later.".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Answer::list(lines, items, FORESEEN))
}

fn report(desk: &Desk, data: &Data, out: &Path) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    // A copy that only reports is a copy all the same.
    house.settle()?;
    let draft = house.store.read(|tx| usage_report::draft(tx, &CONSOLE))?;
    let text = entitlement::seal_usage_report(&draft, &house.key)
        .map_err(|error| Failure::new(Code::Internal, format!("The report cannot be made: {error}.")))?;
    files::write_new(out, text.as_bytes(), Secrecy::Public)?;
    let lines = format!(
        "Wrote {}: counts and license of the portal {}, epoch {}. No member is named in it.",
        out.display(),
        house.portal,
        draft.epoch
    );
    let facts = json!({"report": out.display().to_string(), "portal": house.portal.as_str(), "epoch": draft.epoch});
    Ok(Answer::new(lines, facts))
}

/// What changes at an instant, one line for each thing, and what happens then.
fn foreseen_lines(one: &Value) -> String {
    let all = |name: &str| one.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let change = |of: &Value| {
        format!(
            "{} {} -> {}",
            output::at(of, "/id"),
            output::at(of, "/licensed_before"),
            output::at(of, "/licensed_after")
        )
    };
    let mut lines: Vec<String> = Vec::new();
    for of in all("user_types") {
        lines.push(format!(
            "  {}; {} assigned, {} locked out",
            change(&of),
            output::at(&of, "/assigned"),
            output::at(&of, "/locked_out")
        ));
    }
    for of in all("add_ons") {
        lines.push(format!(
            "  {}; {} assigned, {} available",
            change(&of),
            output::at(&of, "/assigned"),
            output::at(&of, "/available_after")
        ));
    }
    if one.get("blocks_products") == Some(&Value::Bool(true)) {
        lines.push("  nobody can start a product".to_owned());
    }
    format!("{}\n{}", output::at(one, "/at"), lines.join("\n"))
}
