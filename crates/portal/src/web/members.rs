//! `/members`.

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use entitlement::Moment;
use errors::Failure;
use rules::account::Sight;
use serde::Deserialize;
use store::{Member, ReadTx, StoreError, Topic};

use super::done::Done;
use super::visit::{Refused, Visit};
use super::{barred, names, page, refusal};
use crate::actions::input::invalid_at;
use crate::actions::members::Total;
use crate::actions::{bulk, members, settings};
use crate::api::address::Query;
use crate::api::members::Filters;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::member_filter::{MemberFilter, MemberState, query};
use crate::pages::members::{MemberRow, Members, Offered};
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;

const SECONDS_A_DAY: i64 = 86_400;

/// What the form of the page puts into the address; an empty field looks for anything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    q: String,
    user_type: String,
    role: String,
    state: String,
    group: String,
    category: String,
    unused_days: String,
    locked_out: bool,
    sort: String,
    cursor: String,
    done: Option<Done>,
}

impl Looked {
    /// The filter that stands in the query of an address.
    ///
    /// # Errors
    /// `validation-failed`.
    pub(super) fn of(query: &str) -> Result<Self, Failure> {
        let unreadable = || invalid_at("/filter", "is not the filter of a list");
        let address = format!("/?{query}").parse().map_err(|_| unreadable())?;
        let read = axum::extract::Query::<Self>::try_from_uri(&address).map_err(|_| unreadable())?;
        Ok(read.0)
    }

    /// The filters as the interface takes them.
    ///
    /// # Errors
    /// `validation-failed`.
    pub(super) fn filters(&self, now: Moment) -> Result<Filters, Failure> {
        let asked = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(Filters {
            user_type: asked(&self.user_type),
            role: asked(&self.role),
            state: asked(&self.state),
            group: asked(&self.group),
            category: asked(&self.category),
            not_signed_in_since: self.since(now)?.map(|since| since.to_string()),
            locked_out: self.locked_out.then_some(true),
            q: asked(&self.q),
            sort: asked(&self.sort),
            cursor: asked(&self.cursor),
            limit: None,
        })
    }

    fn since(&self, now: Moment) -> Result<Option<Moment>, Failure> {
        if self.unused_days.is_empty() {
            return Ok(None);
        }
        let rule = || invalid_at("/unused_days", "is not a number of days from 1 to 9999");
        let days = self.unused_days.parse::<i64>().ok().filter(|days| (1..=9_999).contains(days));
        Ok(Some(now.plus_seconds(-days.ok_or_else(rule)? * SECONDS_A_DAY)))
    }

    /// The filter as the pages show it.
    pub(super) fn shown(&self) -> MemberFilter {
        MemberFilter {
            q: self.q.clone(),
            user_type: self.user_type.clone(),
            role: self.role.clone(),
            state: MemberState::ALL.into_iter().find(|state| state.id() == self.state),
            group: self.group.clone(),
            category: self.category.clone(),
            unused_days: self.unused_days.clone(),
            locked_out: self.locked_out,
            sort: self.sort.clone(),
        }
    }
}

/// The filters as the query of an export.
fn export(filters: &Filters) -> String {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    query(&[
        ("user_type", &text(&filters.user_type)),
        ("role", &text(&filters.role)),
        ("state", &text(&filters.state)),
        ("group", &text(&filters.group)),
        ("category", &text(&filters.category)),
        ("not_signed_in_since", &text(&filters.not_signed_in_since)),
        ("locked_out", filters.locked_out.map_or("", |locked_out| if locked_out { "true" } else { "false" })),
        ("q", &text(&filters.q)),
    ])
}

/// The members, with filters in the address.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    Ok(page(&content(&state, visit, looked, None).await?))
}

/// The page again with the same filters, and why the last step was refused.
///
/// # Errors
/// `privilege-missing`.
pub(super) async fn again(
    state: &AppState,
    visit: Visit,
    failure: &Failure,
    looked: Looked,
) -> Result<Response, Refused> {
    Ok(refusal(&content(state, visit, looked, Some(failure)).await?, failure))
}

async fn content(
    state: &AppState,
    visit: Visit,
    looked: Looked,
    failure: Option<&Failure>,
) -> Result<Members, Refused> {
    let caller = visit.caller();
    let now = state.store.read(|tx| Ok(tx.now())).map_err(|error| visit.refused(error))?;
    let filters = looked.filters(now).map_err(|failure| visit.refused(failure))?;
    let export = export(&filters);
    let (filter, part) = filters.filter().map_err(|failure| visit.refused(failure))?;
    let shown = looked.shown();
    let read = state.read_long(move |tx| {
        let catalog = tx.catalog()?;
        let sight = members::sight(tx, &caller)?;
        let found = members::list(tx, &caller, &filter, &part)?;
        let rows = found.items.iter().map(|member| row(tx, &catalog, sight, member)).collect::<Result<Vec<_>, _>>()?;
        let all_here = part.cursor.is_none() && found.next.is_none();
        let total = if all_here { Total::Exactly(count(&rows)) } else { members::total(tx, &caller, &filter, &part)? };
        let may = names::may(members::abilities(tx, &caller)?);
        let is_barred = may.add && barred::nobody_is_added(tx)?;
        Ok((rows, found.next, total, (may, is_barred), offered(tx, &catalog, &looked)?, looked))
    });
    let (rows, next, total, (may, is_barred), offered, looked) =
        read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(Members {
        barred: is_barred.then(|| barred::adding(&visit.frame)),
        frame: visit.frame,
        rows,
        total: match total {
            Total::Exactly(count) => Some(count),
            Total::TooMany | Total::Unknown => None,
        },
        too_many: (total == Total::TooMany || is_beyond(total)).then_some(u64::from(bulk::MOST)),
        filter: shown,
        offered,
        export,
        continued: !looked.cursor.is_empty(),
        next,
        may,
        problem: failure.map(ErrorSummary::from),
        done: looked.done.and_then(Done::text),
    })
}

/// Whether no one change can have so many.
fn is_beyond(total: Total) -> bool {
    matches!(total, Total::Exactly(count) if count > u64::from(bulk::MOST))
}

fn count(rows: &[MemberRow]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

fn row(tx: &ReadTx<'_>, catalog: &Catalog, sight: Sight, member: &Member) -> Result<MemberRow, StoreError> {
    let person = names::person(catalog, member);
    Ok(MemberRow {
        id: person.id,
        name: person.name,
        username: person.username,
        user_type: person.user_type,
        role: person.role,
        state: state_of(member),
        locked_out: sight == Sight::Whole && members::is_locked_out(tx, member)?,
        last_signed_in: member.last_signed_in_at.map(When::from),
    })
}

/// The state of an account as the pages take it.
pub(super) fn state_of(member: &Member) -> MemberState {
    match member.state {
        rules::MemberState::Enabled => MemberState::Enabled,
        rules::MemberState::Disabled => MemberState::Disabled,
        rules::MemberState::Archived => MemberState::Archived,
    }
}

fn offered(tx: &ReadTx<'_>, catalog: &Catalog, looked: &Looked) -> Result<Offered, StoreError> {
    Ok(Offered {
        user_types: names::types(catalog, &looked.user_type),
        roles: names::roles(catalog, &looked.role),
        groups: names::labels(&settings::names(tx, Topic::Groups)?, &|name| name == looked.group),
        categories: names::labels(&settings::names(tx, Topic::Categories)?, &|name| name == looked.category),
    })
}
