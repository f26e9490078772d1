//! `usage history|forecast|fullness|report`.

use std::path::Path;

use errors::{Code, Failure};
use files::Secrecy;
use serde_json::{Value, json};

use super::{Answer, CONSOLE, Desk};
use crate::actions::usage::Asked;
use crate::actions::{schedule, usage, usage_report};
use crate::api::usage as shapes;
use crate::cli::{Data, Usage};
use crate::output::{self, Column};

const FORESEEN: &[Column] = &[("at", "/at"), ("blocks_products", "/blocks_products")];

const DAYS: &[Column] = &[
    ("day", "/day"),
    ("user_type", "/user_type"),
    ("assigned", "/assigned"),
    ("licensed", "/licensed"),
    ("over_seconds", "/over_seconds"),
];

const OUTLOOKS: &[Column] =
    &[("user_type", "/user_type"), ("state", "/state"), ("full_on", "/full_on"), ("days", "/days")];

pub(super) fn usage(desk: &Desk, verb: Usage) -> Result<Answer, Failure> {
    match verb {
        Usage::History { user_type, from, to, data } => history(desk, &data, Asked { user_type, from, to }),
        Usage::Forecast { data } => forecast(desk, &data),
        Usage::Fullness { data } => fullness(desk, &data),
        Usage::Report { out, data } => report(desk, &data, &out),
    }
}

fn history(desk: &Desk, data: &Data, asked: Asked) -> Result<Answer, Failure> {
    let sought = asked.read()?;
    let days = desk.open(data)?.store.read(|tx| usage::history(tx, &CONSOLE, &sought))?;
    let items: Vec<Value> = days.iter().map(shapes::day).collect();
    let rows: Vec<Vec<String>> = items.iter().map(|one| output::cells(one, DAYS)).collect();
    let lines = if rows.is_empty() {
        "Nothing is on record for these days.".to_owned()
    } else {
        output::table(&["Day", "User type", "Assigned", "Licensed", "Over (s)"], &rows)
    };
    Ok(Answer::list(lines, items, DAYS))
}

fn fullness(desk: &Desk, data: &Data) -> Result<Answer, Failure> {
    let found = desk.open(data)?.store.read(|tx| usage::fullness(tx, &CONSOLE))?;
    let items: Vec<Value> = found.iter().map(shapes::outlook).collect();
    let rows: Vec<Vec<String>> = items.iter().map(|one| output::cells(one, OUTLOOKS)).collect();
    let lines = output::table(&["User type", "State", "Full on", "Days counted"], &rows);
    Ok(Answer::list(lines, items, OUTLOOKS))
}

fn forecast(desk: &Desk, data: &Data) -> Result<Answer, Failure> {
    let foreseen = desk.open(data)?.store.read(|tx| schedule::forecast(tx, &CONSOLE))?;
    let items: Vec<Value> = foreseen.iter().map(shapes::foreseen).collect();
    let lines: Vec<String> = items.iter().map(foreseen_lines).collect();
    let lines =
        if lines.is_empty() { "Nothing that is licensed begins or ends later.".to_owned() } else { lines.join("\n") };
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
    if let Some(license) = one.get("begins").and_then(Value::as_str) {
        lines.push(format!("  {license} comes in force"));
    }
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
