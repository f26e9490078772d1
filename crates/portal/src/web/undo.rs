//! `/changes/{id}/undo`: what taking a change back would do, and doing it (S35).

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use rules::ChangeId;
use store::StoreError;

use super::changes::{change_id, row};
use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{page, plans, refusal, see_other};
use crate::actions::changes;
use crate::actions::input::reason;
use crate::api::address::Path;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::undo::Undo;
use crate::problem::failure_of;
use crate::state::AppState;

/// What it would do.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = change_id(&id).map_err(|failure| visit.refused(failure))?;
    answered(&state, &visit, id, (String::new(), None)).await
}

/// Takes the change back.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn undo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Pairs>,
) -> Result<Response, Refused> {
    let id = change_id(&id).map_err(|failure| visit.refused(failure))?;
    match undone(&state, &visit, &id, &form).await {
        Ok(by) => Ok(see_other(&format!("/changes/{by}?done=undone"))),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            answered(&state, &visit, id, (form.one("reason").to_owned(), Some(failure))).await
        }
    }
}

async fn undone(state: &AppState, visit: &Visit, id: &ChangeId, form: &Pairs) -> Result<ChangeId, Failure> {
    let (why, consent) = (reason(Some(form.one("reason").to_owned()))?, form.consents()?);
    let (caller, of) = (visit.caller(), id.clone());
    let applied = state.store.write_alone(move |tx| {
        let mut request = changes::reverting(tx, &caller, &of, why)?;
        request.set.allow_one_over = consent.into_iter().collect();
        changes::apply(tx, &caller, &request)
    });
    Ok(applied.await.map_err(failure_of)?.id)
}

/// The page, with why the last step was refused or the undoing would be.
async fn answered(
    state: &AppState,
    visit: &Visit,
    id: ChangeId,
    (typed, failure): (String, Option<Failure>),
) -> Result<Response, Refused> {
    let caller = visit.caller();
    let read = state.read_long(move |tx| {
        let change = changes::show(tx, &caller, &id)?;
        let catalog = tx.catalog()?;
        let foreseen = changes::reverting(tx, &caller, &id, String::new())
            .and_then(|request| changes::foresee(tx, &caller, &request))
            .and_then(|foreseen| {
                Ok((plans::plan(tx, &catalog, &foreseen.plan)?, plans::consents(&catalog, &foreseen, None)))
            });
        let foreseen = match foreseen {
            Ok(foreseen) => Ok(foreseen),
            Err(StoreError::Refused(refused)) => Err(Failure::from(StoreError::Refused(refused))),
            Err(broken) => return Err(broken),
        };
        Ok((row(&catalog, &change), foreseen))
    });
    let (change, foreseen) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let (plan, consents, refused) = match foreseen {
        Ok((plan, consents)) => (Some(plan), consents, None),
        Err(refused) => (None, Vec::new(), Some(visit.at_the_form(refused)?)),
    };
    let failure = failure.or(refused);
    let content = Undo {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        change,
        plan,
        consents,
        reason: typed,
        problem: failure.as_ref().map(ErrorSummary::from),
    };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}
