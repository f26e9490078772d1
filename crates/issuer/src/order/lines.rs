//! The lines of an order: so many of this, from this day to that.

use std::collections::BTreeSet;
use std::ops::Range;

use catalog::Catalog;
use entitlement::{AddOnId, AddOnLine, UserTypeId, UserTypeLine};

use super::Term;
use super::day::Zone;
use super::nearest::instead;
use super::table::{Mistakes, Table, Value, number, wrong};

/// The counts that a line may have.
const COUNTS: Range<u64> = 1..1 << 32;

/// One line as the order gives it.
struct Line {
    count: u32,
    term: Term,
    trial: Option<bool>,
}

/// Reads `[user_types]`; an order without a named user is a mistake.
pub(super) fn user_types(
    order: &Table<'_, '_>,
    catalog: &Catalog,
    within: (Zone, Term),
    mistakes: &mut Mistakes<'_>,
) -> Vec<UserTypeLine> {
    let known = catalog.user_types().iter().map(|it| it.id.as_str()).collect::<Vec<_>>();
    let Some(section) = order.required("user_types", mistakes) else { return Vec::new() };
    let members = &["count", "from", "last_day"];
    let mut lines = Vec::new();
    for (id, line) in section_lines(section, "user_types", (&known, members), within, mistakes) {
        let Some(id) = UserTypeId::from_input(&id).ok() else { continue };
        lines.push(UserTypeLine { id, count: line.count, from: line.term.from, until: line.term.until });
    }
    if section.get_ref().as_table().is_some_and(|table| table.is_empty()) {
        mistakes.add(section.span(), format!("`user_types` is empty; valid are: {}", known.join(", ")));
    }
    lines
}

/// Reads `[add_ons]`, which may be absent.
pub(super) fn add_ons(
    order: &Table<'_, '_>,
    catalog: &Catalog,
    within: (Zone, Term),
    mistakes: &mut Mistakes<'_>,
) -> Vec<AddOnLine> {
    let known = catalog.add_ons().iter().map(|it| it.id.as_str()).collect::<Vec<_>>();
    let Some(section) = order.get("add_ons") else { return Vec::new() };
    let members = &["count", "from", "last_day", "trial"];
    let mut lines = Vec::new();
    for (id, line) in section_lines(section, "add_ons", (&known, members), within, mistakes) {
        let Some(id) = AddOnId::from_input(&id).ok() else { continue };
        let Line { count, term, trial } = line;
        lines.push(AddOnLine { id, count, from: term.from, until: term.until, trial: trial.filter(|trial| *trial) });
    }
    lines
}

/// Every good line of a section with the id that it stands under, in the order of the file.
fn section_lines(
    section: Value<'_, '_>,
    name: &str,
    (known, members): (&[&str], &[&str]),
    within: (Zone, Term),
    mistakes: &mut Mistakes<'_>,
) -> Vec<(String, Line)> {
    let Some(table) = section.get_ref().as_table() else {
        mistakes.add(section.span(), wrong(name, "a table", section));
        return Vec::new();
    };
    let mut entries = table.iter().collect::<Vec<_>>();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for (key, value) in entries {
        let written = key.get_ref().as_ref();
        let id = written.to_ascii_lowercase();
        if !known.contains(&id.as_str()) {
            mistakes.add(key.span(), format!("`{name}` knows no `{written}`; {}", instead(written, known)));
        } else if !seen.insert(id.clone()) {
            mistakes.add(key.span(), format!("`{id}` stands twice; write several lines of it as a list of tables"));
        }
        for item in items(value) {
            lines.extend(line(item, &id, members, within, mistakes).map(|line| (id.clone(), line)));
        }
    }
    lines
}

/// One value, or the values of a list.
fn items<'order, 'text>(value: Value<'order, 'text>) -> Vec<Value<'order, 'text>> {
    value.get_ref().as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

/// A count, or a table with a count and days.
fn line(
    value: Value<'_, '_>,
    id: &str,
    members: &[&str],
    (zone, whole): (Zone, Term),
    mistakes: &mut Mistakes<'_>,
) -> Option<Line> {
    if value.get_ref().is_integer() {
        let count = number(value, id, COUNTS, mistakes)?;
        return Some(Line { count, term: Term::default(), trial: None });
    }
    if !value.get_ref().is_table() {
        mistakes.add(value.span(), wrong(id, "a count, or a table with `count`", value));
        return None;
    }
    let table = Table::of(value, id, members, mistakes)?;
    let count = table.required("count", mistakes).and_then(|value| number(value, "count", COUNTS, mistakes));
    let term = super::term(&table, zone, mistakes);
    inside(&table, term, whole, mistakes);
    let trial = if members.contains(&"trial") { table.flag("trial", mistakes) } else { None };
    if let Some(value) = table.get("trial").filter(|_| trial == Some(true) && table.get("last_day").is_none()) {
        mistakes.add(value.span(), format!("a trial ends: give `last_day` of `{id}`"));
    }
    Some(Line { count: count?, term, trial })
}

/// A line counts only within the term of the file, so days outside it are a slip of the pen.
fn inside(table: &Table<'_, '_>, line: Term, whole: Term, mistakes: &mut Mistakes<'_>) {
    let ends = |name: &str| table.get(name).map(|value| value.span());
    if let (Some(place), Some(true)) = (ends("from"), line.from.zip(whole.from).map(|(line, whole)| line < whole)) {
        mistakes.add(place, "`from` is before the order's own `from`");
    }
    if let (Some(place), Some(true)) = (ends("from"), line.from.zip(whole.until).map(|(line, end)| line >= end)) {
        mistakes.add(place, "`from` is after the order's own `last_day`");
    }
    if let (Some(place), Some(true)) = (ends("last_day"), line.until.zip(whole.until).map(|(line, whole)| line > whole))
    {
        mistakes.add(place, "`last_day` is after the order's own `last_day`");
    }
    if let (Some(place), Some(true)) = (ends("last_day"), line.until.zip(whole.from).map(|(line, begin)| line <= begin))
    {
        mistakes.add(place, "`last_day` is before the order's own `from`");
    }
}
