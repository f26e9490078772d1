//! `add-on list|show|assign|unassign|repair`.

use std::collections::BTreeSet;

use entitlement::AddOnId;
use errors::Failure;
use rules::change_set::{ChangeSet, Operation};
use rules::permit::AddOnMoves;
use rules::plan::Plan;
use serde_json::Value;
use store::ReadTx;

use super::refused::{Form, told};
use super::{Answer, CONSOLE, Desk, change};
use crate::actions::changes::Request;
use crate::actions::input::{self, add_on_at};
use crate::actions::{add_ons, members};
use crate::api::{add_ons as shapes, shape};
use crate::cli::{AddOn, AddOnsOf, Data};
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
