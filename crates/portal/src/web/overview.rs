//! `/`.

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use store::{AuditRow, ReadTx, StoreError};

use super::done::Told;
use super::visit::{Refused, Visit};
use super::{licenses, names, page};
use crate::actions::audit::{self, Sought, Teller};
use crate::actions::overview::{self, End};
use crate::actions::to_do::{self, COUNTED, UNSEEN_DAYS};
use crate::actions::{Caller, schedule};
use crate::api::address::Query;
use crate::pages::overview::{NextEnd, Overview, PortalState, Recent, Task};
use crate::pages::when::When;
use crate::state::AppState;
use crate::texts::text;

/// How many coming instants are told.
const FORESEEN: usize = 5;
/// How many rows of the audit log are told.
const RECENT: u32 = 5;
const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// The first page: the whole portal for those who look after it, and everybody's own account.
///
/// # Errors
/// What the database says.
pub async fn show(State(state): State<AppState>, visit: Visit, Query(told): Query<Told>) -> Result<Response, Refused> {
    let caller = visit.caller();
    let whole = visit.frame.reader.as_ref().is_some_and(|reader| reader.open.licenses);
    let audit = visit.frame.reader.as_ref().is_some_and(|reader| reader.open.audit);
    let read = state.store.read(|tx| {
        let catalog = tx.catalog()?;
        let own = names::person(&catalog, &visit.session.view.member);
        let portal = if whole { Some(portal_state(tx, &caller)?) } else { None };
        let to_do = to_do::list(tx, &caller)?.iter().map(|one| task(&catalog, one)).collect();
        let recent = if audit { recent(tx, &caller)? } else { Vec::new() };
        Ok((own, portal, to_do, recent))
    });
    let (own, portal, to_do, recent) = read.map_err(|error| visit.refused(error))?;
    Ok(page(&Overview { frame: visit.frame, portal, to_do, recent, own, done: told.text() }))
}

fn portal_state(tx: &ReadTx<'_>, caller: &Caller) -> Result<PortalState, StoreError> {
    let overview = overview::show(tx, caller)?;
    let next_end = overview.ends().into_iter().next().map(|end| NextEnd {
        at: When::from(end.at),
        what: what_ends(&overview, &end),
        days: u64::try_from((end.at.unix() - overview.now.unix()) / SECONDS_A_DAY).unwrap_or(0),
    });
    let mut forecast = licenses::foreseen(&overview.catalog, &schedule::forecast(tx, caller)?);
    forecast.truncate(FORESEEN);
    let seats = overview.user_types.iter().map(|one| names::seats(&overview.catalog, one, 0, None));
    Ok(PortalState { user_types: seats.collect(), members: overview.members, next_end, forecast })
}

/// The newest rows of the log.
fn recent(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<Recent>, StoreError> {
    let teller = Teller::new(tx, 0)?;
    let row = |row: &AuditRow| {
        let told = teller.told(row)?;
        let (by, title, target) = (row.actor_name.clone(), told.title, told.target.name);
        Ok(Recent { seq: row.seq, at: When::from(row.at), by, title, target })
    };
    audit::list(tx, caller, &Sought::default(), (None, RECENT))?.iter().map(row).collect()
}

fn task(catalog: &Catalog, task: &to_do::Task) -> Task {
    let (told, address) = match task {
        to_do::Task::Short { add_on, assigned, licensed } => {
            let (name, assigned, licensed) = (names::add_on(catalog, add_on), *assigned, *licensed);
            let told = text("to-do-short").with("name", name).with("assigned", assigned).with("licensed", licensed);
            (told, "/add-ons/repair".to_owned())
        }
        to_do::Task::Filling { user_type, taken, licensed } => {
            let (name, taken, licensed) = (names::user_type(catalog, user_type), *taken, *licensed);
            let told = if taken >= licensed {
                text("to-do-full").with("name", name).with("taken", taken).with("licensed", licensed)
            } else {
                text("to-do-nearly-full").with("name", name).with("taken", taken).with("licensed", licensed)
            };
            (told, format!("/licenses#type-{user_type}"))
        }
        to_do::Task::File(license, from) => {
            let told = text("to-do-file").with("license", license.as_str()).with("at", When::from(*from));
            (told, "/licenses#waiting".to_owned())
        }
        to_do::Task::Return { change, members, at, is_late } => {
            let (at, who) = (When::from(*at), names::shortened(members));
            let told = if *is_late {
                text("to-do-return-late").with("at", at).with("who", who)
            } else {
                text("to-do-return").with("at", at).with("who", who)
            };
            (told, format!("/changes/{change}"))
        }
        to_do::Task::Invitations(count, first) => {
            let told = text("to-do-invitations").with("count", *count).with("at", When::from(*first));
            (told, "/invitations".to_owned())
        }
        to_do::Task::Unseen(count) => {
            let told = if *count < u64::from(COUNTED) {
                text("to-do-unseen").with("count", *count)
            } else {
                text("to-do-unseen-many").with("count", *count)
            };
            (told, format!("/members?unused_days={UNSEEN_DAYS}"))
        }
    };
    Task { text: told.plain(), address }
}

fn what_ends(overview: &overview::Overview, end: &End) -> String {
    if end.all {
        return text("all-licenses").plain();
    }
    let user_types = end.user_types.iter().map(|id| names::user_type(&overview.catalog, id));
    let add_ons = end.add_ons.iter().map(|id| names::add_on(&overview.catalog, id));
    user_types.chain(add_ons).collect::<Vec<_>>().join(", ")
}
