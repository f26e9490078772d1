//! `/audit` and `/audit/{seq}`: the audit log for people.

use axum::extract::State;
use axum::response::Response;
use entitlement::Moment;
use serde::Deserialize;
use store::{Action, ChainState, Fracture};

use super::page;
use super::visit::{Refused, Visit};
use crate::actions::audit::{self, Asked, Line, Place, Teller, Told, title};
use crate::actions::input::invalid_at;
use crate::actions::surroundings::Sections;
use crate::api::address::{Path, Query};
use crate::pages::audit::{Audit, AuditFilter, AuditLine, AuditRow, AuditRowPage, Chain};
use crate::pages::choice::Choice;
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// How many rows stand on one page.
const PAGE: u32 = 50;
/// How many lines of a row the list has.
const LINES: usize = 4;

/// What the form of the page puts into the address; an empty field looks for anything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    actor: String,
    action: String,
    target: String,
    from: String,
    to: String,
    text: String,
    cursor: String,
}

impl Looked {
    fn asked(&self) -> Asked {
        let asked = |text: &String| Some(text.clone());
        Asked {
            actor: asked(&self.actor),
            action: asked(&self.action),
            target: asked(&self.target),
            from: asked(&self.from),
            to: asked(&self.to),
            text: asked(&self.text),
        }
    }

    fn shown(&self) -> AuditFilter {
        let Self { actor, action, target, from, to, text, .. } = self.clone();
        AuditFilter { actor, action, target, from, to, text }
    }
}

/// The log, with filters in the address.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let (caller, open) = (visit.caller(), sections(&visit));
    let before = Some(looked.cursor.as_str()).filter(|cursor| !cursor.is_empty()).map(str::parse::<u64>).transpose();
    let before = before.map_err(|_| visit.refused(invalid_at("/cursor", "is none of ours")))?;
    let sought = looked.asked().read().map_err(|failure| visit.refused(failure))?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let read = state.read_long(move |tx| {
        let chain = audit::verify_newest(tx, &caller)?;
        // One row more tells whether there is another page.
        let found = audit::list(tx, &caller, &sought, (before, PAGE + 1))?;
        let teller = Teller::new(tx, LINES)?;
        let rows = found.iter().take(most).map(|one| Ok(row(one, teller.told(one)?, open)));
        Ok((chain, rows.collect::<Result<Vec<_>, store::StoreError>>()?, found.len() > most))
    });
    let (chain, rows, has_more) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(page(&Audit {
        frame: visit.frame,
        chain: standing(&chain),
        filter: looked.shown(),
        actions: actions(&looked.action),
        continued: before.is_some(),
        next: rows.last().filter(|_| has_more).map(|last| last.seq.to_string()),
        rows,
    }))
}

/// One row.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(seq): Path<String>) -> Result<Response, Refused> {
    let (caller, open) = (visit.caller(), sections(&visit));
    let read = state.read_long(move |tx| {
        let found = audit::show(tx, &caller, &seq)?;
        let told = row(&found, Teller::new(tx, usize::MAX)?.told(&found)?, open);
        Ok((found, told, tx.version()))
    });
    let (found, told, newest) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(page(&AuditRowPage {
        frame: visit.frame,
        row: told,
        detail: format!("{:#}", found.detail),
        previous: found.previous,
        hash: found.hash,
        before: found.seq.checked_sub(1).filter(|seq| *seq > 0),
        after: found.seq.checked_add(1).filter(|seq| *seq <= newest),
    }))
}

/// What opens for the reader: nothing is linked that would be refused.
fn sections(visit: &Visit) -> Sections {
    visit.frame.reader.as_ref().map(|reader| reader.open).unwrap_or_default()
}

fn standing(chain: &ChainState) -> Chain {
    Chain {
        broken: chain.fracture.map(Fracture::sentence),
        last: chain.last.as_ref().map_or(0, |last| last.seq),
        at: chain.last_at.map(When::from),
        rows: chain.rows,
    }
}

fn actions(selected: &str) -> Vec<Choice> {
    let choice = |action: &Action| {
        let id = action.as_str();
        Choice { id: id.to_owned(), name: title(id), selected: id == selected }
    };
    let mut all: Vec<Choice> = Action::ALL.iter().map(choice).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn row(row: &store::AuditRow, told: Told, open: Sections) -> AuditRow {
    let Told { title, by, target, lines, more } = told;
    let kind = match row.actor_kind.as_str() {
        "member" => None,
        "schedule" => Some(text("audit-by-schedule").plain()),
        _ => Some(text("audit-by-console").plain()),
    };
    AuditRow {
        seq: row.seq,
        at: When::from(row.at),
        by: row.actor_name.clone(),
        kind,
        by_at: by.filter(|_| open.changes).map(|id| format!("/members/{id}")),
        title,
        action: row.action.clone(),
        target: target.name,
        target_at: target.place.and_then(|place| address(place, open)),
        lines: lines.into_iter().map(line).collect(),
        more,
    }
}

fn address(place: Place, open: Sections) -> Option<String> {
    match place {
        Place::Member(id) => open.changes.then(|| format!("/members/{id}")),
        Place::Change(id) => open.changes.then(|| format!("/changes/{id}")),
        Place::Role(id) => open.roles.then(|| format!("/roles/{id}")),
        Place::Licenses => open.licenses.then(|| "/licenses".to_owned()),
        Place::Settings(topic) => open.settings.then(|| format!("/settings/{topic}")),
    }
}

/// A line; an instant in it is told like every other on the pages.
fn line(line: Line) -> AuditLine {
    let told = |text: String| Moment::parse(&text).map_or(text, |at| When::from(at).text());
    AuditLine { of: line.of, before: line.before.map(told), after: told(line.after) }
}
