//! `/members`.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use serde::Deserialize;

use super::done::Done;
use super::visit::{Refused, Visit};
use super::{names, page, refusal};
use crate::actions::members;
use crate::api::address::Query;
use crate::api::members::Filters;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::members::{MemberFilter, MemberRow, MemberState, Members};
use crate::problem::failure_of;
use crate::state::AppState;

/// What the form of the page puts into the address; an empty field looks for anything.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    q: String,
    user_type: String,
    state: String,
    locked_out: bool,
    cursor: String,
    done: Option<Done>,
}

impl Looked {
    fn filters(&self) -> Filters {
        let asked = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Filters {
            user_type: asked(&self.user_type),
            state: asked(&self.state),
            locked_out: self.locked_out.then_some(true),
            q: asked(&self.q),
            cursor: asked(&self.cursor),
            ..Filters::default()
        }
    }

    fn shown(&self) -> MemberFilter {
        MemberFilter {
            q: self.q.clone(),
            user_type: self.user_type.clone(),
            state: MemberState::ALL.into_iter().find(|state| state.id() == self.state),
            locked_out: self.locked_out,
        }
    }
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

/// The page again, with why the last step was refused.
///
/// # Errors
/// `privilege-missing`.
pub(super) async fn again(state: &AppState, visit: Visit, failure: &Failure) -> Result<Response, Refused> {
    Ok(refusal(&content(state, visit, Looked::default(), Some(failure)).await?, failure))
}

async fn content(
    state: &AppState,
    visit: Visit,
    looked: Looked,
    failure: Option<&Failure>,
) -> Result<Members, Refused> {
    let caller = visit.caller();
    let (filter, part) = looked.filters().filter().map_err(|failure| visit.refused(failure))?;
    let read = state.read_long(move |tx| {
        let catalog = tx.catalog()?;
        let found = members::list(tx, &caller, &filter, &part)?;
        let mut rows = Vec::with_capacity(found.items.len());
        for member in &found.items {
            let person = names::person(&catalog, member);
            rows.push(MemberRow {
                id: person.id,
                name: person.name,
                username: person.username,
                user_type: person.user_type,
                role: person.role,
                state: match member.state {
                    rules::MemberState::Enabled => MemberState::Enabled,
                    rules::MemberState::Disabled => MemberState::Disabled,
                    rules::MemberState::Archived => MemberState::Archived,
                },
                locked_out: members::is_locked_out(tx, member)?,
            });
        }
        let total = members::total(tx, &filter, &part)?;
        Ok((rows, found.next, total, members::abilities(tx, &caller)?, catalog))
    });
    let (rows, next, total, may, catalog) = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    Ok(Members {
        frame: visit.frame,
        rows,
        total,
        filter: looked.shown(),
        user_types: names::types(&catalog, &looked.user_type),
        continued: !looked.cursor.is_empty(),
        next,
        may_add: may.add,
        may_change: may.change,
        may_delete: may.delete,
        problem: failure.map(ErrorSummary::from),
        done: looked.done.and_then(Done::text),
    })
}
