//! `/members/swap`: two members exchange user type and role in one step (S29 to S35).

use axum::extract::State;
use axum::response::Response;
use errors::{Code, Failure};
use rules::MemberId;
use serde::Deserialize;
use store::StoreError;

use super::delete_member::version;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{members as list, names, page, plans, refusal, see_other};
use crate::actions::changes::{self, Request};
use crate::actions::input::{reason, until};
use crate::actions::members;
use crate::api::address::Query;
use crate::api::members::member_id;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::swap::Swap;
use crate::pages::until::Until;
use crate::problem::failure_of;
use crate::state::AppState;

/// Shows what the swap of two members would do. The address names them: `member` twice, or `member` and, by user name,
/// `with`.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Query(named): Query<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let pair = match chosen(&state, &visit, &named) {
        Ok(pair) => pair,
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            let filter = named.iter().find(|(name, _)| name == "filter").map_or("", |(_, query)| query);
            let looked = list::Looked::of(filter).unwrap_or_default();
            return list::again(&state, visit, &failure, looked).await;
        }
    };
    let (content, refused) = content(&state, &visit, &pair, &Typed::default(), None)?;
    Ok(match refused {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

fn chosen(state: &AppState, visit: &Visit, named: &[(String, String)]) -> Result<[MemberId; 2], StoreError> {
    let caller = visit.caller();
    let of = |field: &'static str| {
        let texts = named.iter().filter(move |(name, _)| name == field);
        texts.map(|(_, text)| text.trim().to_owned())
    };
    let ids = of("member").map(|text| member_id(&text)).collect::<Result<Vec<_>, _>>()?;
    let others: Vec<String> = of("with").collect();
    match (ids.as_slice(), others.as_slice()) {
        ([a, b], []) => Ok([a.clone(), b.clone()]),
        ([a], [other]) => state.store.read(|tx| {
            members::account(tx, &caller, a)?;
            Ok([a.clone(), members::find(tx, other)?])
        }),
        _ => {
            let rule = "A swap needs two members: choose exactly two in the list.";
            Err(Failure::new(Code::ValidationFailed, rule).into())
        }
    }
}

/// The page of a pair, and why the swap would be refused, where it would.
fn content(
    state: &AppState,
    visit: &Visit,
    pair: &[MemberId; 2],
    typed: &Typed,
    failure: Option<Failure>,
) -> Result<(Swap, Option<Failure>), Refused> {
    let caller = visit.caller();
    let [a, b] = pair;
    let read = state.store.read(|tx| {
        let (first, second) = (members::account(tx, &caller, a)?, members::account(tx, &caller, b)?);
        let catalog = tx.catalog()?;
        let planned = changes::swap(tx, a, b).and_then(|set| {
            let plan = changes::plan(tx, &caller, &Request { set, ..Request::default() })?;
            plans::plan(tx, &catalog, &plan)
        });
        Ok((first, second, catalog, planned))
    });
    let (first, second, catalog, planned) = read.map_err(|error| visit.refused(error))?;
    let (plan, refused) = match planned {
        Ok(plan) => (Some(plan), None),
        Err(error) => (None, Some(visit.at_the_form(error)?)),
    };
    let failure = failure.or(refused);
    let swap = Swap {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        first: names::person(&catalog, &first),
        first_version: first.version.to_string(),
        second: names::person(&catalog, &second),
        second_version: second.version.to_string(),
        reason: typed.reason.clone(),
        until: typed.until.clone(),
        plan,
        problem: failure.as_ref().map(ErrorSummary::from),
    };
    Ok((swap, failure))
}

/// What the page sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    csrf: String,
    first: String,
    first_version: String,
    second: String,
    second_version: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    until_date: String,
    #[serde(default)]
    until_time: String,
}

/// What was typed on the page.
#[derive(Default)]
struct Typed {
    reason: String,
    until: Until,
}

impl Fields for Sent {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Swaps.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn apply(State(state): State<AppState>, Posted { visit, form }: Posted<Sent>) -> Result<Response, Refused> {
    let pair = match (member_id(&form.first), member_id(&form.second)) {
        (Ok(a), Ok(b)) => [a, b],
        (Err(failure), _) | (_, Err(failure)) => return Err(visit.refused(failure)),
    };
    match exchanged(&state, &visit, &pair, &form).await {
        Ok(()) => Ok(see_other("/members?done=swapped")),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            let until = Until { date: form.until_date, time: form.until_time };
            let typed = Typed { reason: form.reason, until };
            let (content, _) = content(&state, &visit, &pair, &typed, Some(failure.clone()))?;
            Ok(refusal(&content, &failure))
        }
    }
}

async fn exchanged(state: &AppState, visit: &Visit, pair: &[MemberId; 2], form: &Sent) -> Result<(), Failure> {
    let [a, b] = pair.clone();
    let seen = [(a, version(&form.first_version)?), (b, version(&form.second_version)?)];
    let (caller, reason) = (visit.caller(), reason(Some(form.reason.clone()))?);
    let until = until(&form.until_date, &form.until_time)?;
    let applied = state.store.write(move |tx| changes::exchange(tx, &caller, &seen, (reason, until))).await;
    applied.map(|_| ()).map_err(failure_of)
}
