//! The ends of sessions and offline licenses: `/products/{id}/sessions/{id}/end`, `…/checkouts/{id}/release`, `…/return`.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use rules::account;
use serde::Deserialize;
use store::{ReadTx, StoreError};

use super::changes::Sure;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{in_use, names, page, refusal, see_other};
use crate::actions::products::Named;
use crate::actions::{Caller, actor, products};
use crate::api::address::Path;
use crate::pages::activity::{EndSession, InQuestion, ReleaseCheckout, ReturnCode};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::in_use::OfflineRow;
use crate::state::AppState;
use crate::texts::text;

/// A product and what of it, in an address.
type Of = Path<(String, String)>;

fn named((product, id): &(String, String)) -> Named<'_> {
    Named::of(product, id)
}

/// The question before a session is ended (S76, S77).
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn ask_end(State(state): State<AppState>, visit: Visit, Path(of): Of) -> Result<Response, Refused> {
    Ok(page(&question(&state, &visit, &of, None)?))
}

fn question(
    state: &AppState,
    visit: &Visit,
    of: &(String, String),
    failure: Option<&Failure>,
) -> Result<EndSession, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let (found, member) = products::session(tx, &caller, named(of))?;
        let policy = tx.license()?.at(tx.now()).policy();
        let what = InQuestion {
            product: names::product(&*tx.catalog()?, &found.product),
            member: names::of(&member),
            own: member.id == *visit.session.member(),
            back: back(visit, &member.id, &found.product),
        };
        Ok((what, in_use::session(policy, &found.product, &found.facts), policy.save_minutes))
    });
    let (what, session, save_minutes) = read.map_err(|error| visit.refused(error))?;
    Ok(EndSession {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        what,
        session,
        save_minutes,
        problem: failure.map(ErrorSummary::from),
    })
}

/// Where whoever answers a question came from: one's own account, or the activity of the product.
fn back(visit: &Visit, whose: &rules::MemberId, product: &entitlement::ProductId) -> String {
    if *whose == *visit.session.member() { "/profile".to_owned() } else { format!("/products/{product}/activity") }
}

/// Ends a session.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn end(
    State(state): State<AppState>,
    Path(of): Of,
    Posted { visit, form: _ }: Posted<Sure>,
) -> Result<Response, Refused> {
    let back = question(&state, &visit, &of, None)?.what.back;
    let (caller, asked) = (visit.caller(), of.clone());
    match state.store.write(move |tx| products::end(tx, &caller, named(&asked), false)).await {
        Ok(()) => Ok(see_other(&format!("{back}?done=session-ended"))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&question(&state, &visit, &of, Some(&failure))?, &failure))
        }
    }
}

fn checkout(
    tx: &ReadTx<'_>,
    caller: &Caller,
    (visit, of): (&Visit, &(String, String)),
) -> Result<(InQuestion, OfflineRow), StoreError> {
    let (found, member) = products::checkout(tx, caller, named(of))?;
    let what = InQuestion {
        product: names::product(&*tx.catalog()?, &found.product),
        member: member.as_ref().map_or_else(|| text("deleted-member").plain(), names::of),
        own: found.member == *visit.session.member(),
        back: back(visit, &found.member, &found.product),
    };
    Ok((what, in_use::offline(&found)))
}

/// The question before an offline license is released (S84, A-SES-6).
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn ask_release(State(state): State<AppState>, visit: Visit, Path(of): Of) -> Result<Response, Refused> {
    Ok(page(&release_question(&state, &visit, &of, None)?))
}

fn release_question(
    state: &AppState,
    visit: &Visit,
    of: &(String, String),
    failure: Option<&Failure>,
) -> Result<ReleaseCheckout, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        account::manage_licenses(&actor(tx, &caller)?)?;
        checkout(tx, &caller, (visit, of))
    });
    let (what, offline) = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    Ok(ReleaseCheckout { frame: visit.frame.clone(), csrf: visit.token(), what, offline, problem })
}

/// Releases an offline license.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn release(
    State(state): State<AppState>,
    Path(of): Of,
    Posted { visit, form: _ }: Posted<Sure>,
) -> Result<Response, Refused> {
    let (caller, asked) = (visit.caller(), of.clone());
    match state.store.write(move |tx| products::release(tx, &caller, named(&asked))).await {
        Ok(released) => Ok(see_other(&format!("/products/{}/activity?done=released", released.product))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&release_question(&state, &visit, &of, Some(&failure))?, &failure))
        }
    }
}

/// A return code as it is handed in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentCode {
    csrf: String,
    code: String,
}

impl Fields for SentCode {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Where a return code is handed in.
///
/// # Errors
/// `not-found`.
pub async fn ask_code(State(state): State<AppState>, visit: Visit, Path(of): Of) -> Result<Response, Refused> {
    Ok(page(&code_form(&state, &visit, &of, (String::new(), None))?))
}

fn code_form(
    state: &AppState,
    visit: &Visit,
    of: &(String, String),
    (code, failure): (String, Option<&Failure>),
) -> Result<ReturnCode, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| checkout(tx, &caller, (visit, of)));
    let (what, offline) = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    Ok(ReturnCode { frame: visit.frame.clone(), csrf: visit.token(), what, offline, code, problem })
}

/// Hands a return code in.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn hand_in(
    State(state): State<AppState>,
    Path(of): Of,
    Posted { visit, form }: Posted<SentCode>,
) -> Result<Response, Refused> {
    let back = code_form(&state, &visit, &of, (String::new(), None))?.what.back;
    let (caller, asked) = (visit.caller(), of.clone());
    // A code that was pasted out of a message has its lines broken.
    let code: String = form.code.split_whitespace().collect();
    match state.store.write(move |tx| products::hand_in(tx, &caller, named(&asked), &code)).await {
        Ok(_) => Ok(see_other(&format!("{back}?done=returned"))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&code_form(&state, &visit, &of, (form.code, Some(&failure)))?, &failure))
        }
    }
}
