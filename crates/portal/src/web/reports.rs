//! `/reports`: the history of the seats, when a user type would be full, and what can be taken along.

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use entitlement::UserTypeId;
use serde::Deserialize;
use store::UsageDay;

use super::visit::{Refused, Visit};
use super::{names, page};
use crate::actions::input::invalid_at;
use crate::actions::usage::fullness::{Basis, FEWEST_DAYS, Outlook};
use crate::actions::usage::{self, MOST_DAYS, Series, Sought};
use crate::api::address::Query;
use crate::pages::chart::{Chart, Counts};
use crate::pages::day::Day;
use crate::pages::reports::{Full, Range, Reports, TypeReport, UsageRow};
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::{Text, text};

/// How far one may look back: as the address says it, and in days.
const RANGES: [(&str, i64); 4] = [("30", 30), ("90", 90), ("365", 365), ("25-months", MOST_DAYS)];
/// Which of them is shown where none is asked for.
const USUAL: &str = "90";

/// How far one looks back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    range: String,
}

/// The page.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let asked = if looked.range.is_empty() { USUAL } else { looked.range.as_str() };
    let found = RANGES.into_iter().find(|(id, _)| *id == asked);
    let Some((chosen, days)) = found else {
        return Err(visit.refused(invalid_at("/range", "is none of 30, 90, 365 and 25-months")));
    };
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        let history = usage::history(tx, &caller, &Sought::last(days, tx.now()))?;
        Ok((history, usage::fullness(tx, &caller)?, tx.catalog()?, tx.now()))
    });
    let (history, outlooks, catalog, now) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    // What is on record may begin later than one looks back.
    let first = history.first().map_or(now, |one| one.day);
    let types = usage::by_type(&catalog, history);
    Ok(page(&Reports {
        audit: visit.frame.reader.as_ref().is_some_and(|reader| reader.open.audit),
        frame: visit.frame,
        ranges: RANGES.iter().map(|(id, days)| range(id, *days, chosen)).collect(),
        days: (Day::from(first), Day::from(now)),
        types: types.iter().map(|one| report(&catalog, one, &outlooks)).collect(),
        products: catalog.products().iter().map(|one| (one.id.to_string(), one.name.clone())).collect(),
    }))
}

fn range(id: &'static str, days: i64, chosen: &str) -> Range {
    let name = if days == MOST_DAYS { text("reports-25-months") } else { text("days").with("count", days) };
    Range { id, name: name.plain(), selected: id == chosen }
}

fn report(catalog: &Catalog, series: &Series, outlooks: &[(UserTypeId, Outlook)]) -> TypeReport {
    let name = names::user_type(catalog, &series.user_type);
    let counts: Vec<Counts> =
        series.days.iter().map(|one| Counts { assigned: one.assigned, licensed: one.licensed }).collect();
    let end = |one: Option<&UsageDay>| one.map(|one| Day::from(one.day).text()).unwrap_or_default();
    let days = [end(series.days.first()), end(series.days.last())];
    let outlook = outlooks.iter().find(|(id, _)| *id == series.user_type);
    TypeReport {
        id: series.user_type.to_string(),
        chart: Chart::of(&counts, days.clone(), summary(&name, series, days)),
        name,
        highest: series.highest(),
        days_over: series.days_over(),
        full: outlook.map(|(_, outlook)| full(outlook)),
        rows: rows(&series.days),
    }
}

/// What a drawing shows, in a sentence.
fn summary(name: &str, series: &Series, [first, last]: [String; 2]) -> String {
    let newest = series.days.last();
    let (assigned, licensed) = newest.map(|one| (one.assigned, one.licensed)).unwrap_or_default();
    text("reports-summary")
        .with("name", name)
        .with("from", first)
        .with("to", last)
        .with("highest", series.highest())
        .with("assigned", assigned)
        .with("licensed", licensed)
        .with("over", series.days_over())
        .plain()
}

/// Days with the same numbers stand together; the newest come first.
fn rows(days: &[UsageDay]) -> Vec<UsageRow> {
    let mut rows: Vec<UsageRow> = Vec::new();
    for one in days {
        let is_same = |row: &&mut UsageRow| {
            (row.assigned, row.licensed, row.is_over()) == (one.assigned, one.licensed, one.over_seconds > 0)
        };
        match rows.last_mut().filter(is_same) {
            Some(row) => {
                row.to = Day::from(one.day);
                row.over_seconds += one.over_seconds;
            }
            None => rows.push(UsageRow {
                from: Day::from(one.day),
                to: Day::from(one.day),
                assigned: one.assigned,
                licensed: one.licensed,
                over_seconds: one.over_seconds,
            }),
        }
    }
    rows.reverse();
    rows
}

fn full(outlook: &Outlook) -> Full {
    let (sentence, of) = match outlook {
        Outlook::TooFewDays(days) => {
            (text("reports-too-few-days").with("count", *days).with("fewest", FEWEST_DAYS), None)
        }
        Outlook::FullNow => (text("reports-full-now"), None),
        Outlook::NotGrowing(of) => (text("reports-not-growing"), Some(of)),
        Outlook::NotForYears(of) => (text("reports-not-for-years"), Some(of)),
        Outlook::FullOn(day, of) => (text("reports-full-around").with("day", Day::from(*day)), Some(of)),
    };
    Full { sentence: sentence.plain(), basis: of.map(|of| basis(of).plain()) }
}

/// What an estimate was made of, so that whoever reads it can judge it.
fn basis(basis: &Basis) -> Text {
    let (sign, size) = (if basis.growth < 0 { "\u{2212}" } else { "+" }, basis.growth.unsigned_abs());
    text("reports-basis")
        .with("count", basis.days)
        .with("from", Day::from(basis.first))
        .with("to", Day::from(basis.last))
        .with("first", basis.assigned_first)
        .with("last", basis.assigned_last)
        .with("growth", format!("{sign}{}.{:02}", size / 100, size % 100))
        .with("licensed", basis.licensed)
}
