//! `/members/{id}/user-type` (S36): choose, look at the effects, save; one over only by the number it locks out.

use axum::extract::State;
use axum::response::Response;
use errors::Failure;
use rules::change_set::{ChangeSet, Operation};
use rules::{MemberId, account, capacity};
use serde::Deserialize;
use serde_json::Value;
use store::{ReadTx, StoreError};

use super::delete_member::version;
use super::import::number;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{names, page, plans, refusal, see_other};
use crate::actions::changes::{self, Request};
use crate::actions::input::{reason, role_at, until, user_type_at};
use crate::actions::members;
use crate::actions::{Caller, actor};
use crate::api::address::Path;
use crate::api::members::member_id;
use crate::pages::change_user_type::ChangeUserType;
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::until::Until;
use crate::problem::failure_of;
use crate::state::AppState;

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Preview,
    Save,
}

/// What the page sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    csrf: String,
    version: String,
    user_type: String,
    role: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    until_date: String,
    #[serde(default)]
    until_time: String,
    #[serde(default)]
    allow_one_over: String,
    step: Step,
}

impl Fields for Sent {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl Sent {
    fn until(&self) -> Until {
        Until { date: self.until_date.clone(), time: self.until_time.clone() }
    }

    fn request(&self, id: &MemberId) -> Result<Request, Failure> {
        let user_type = user_type_at("/user_type", &self.user_type)?;
        let consent = number("/allow_one_over", &self.allow_one_over)?;
        let allow_one_over = consent.map(|number| (user_type.clone(), number)).into_iter().collect();
        let revert_at = until(&self.until_date, &self.until_time)?;
        let operation = Operation::set(id.clone(), Some(user_type), Some(role_at("/role", &self.role)?));
        Ok(Request {
            set: ChangeSet { operations: vec![operation], allow_one_over, revert_at, ..ChangeSet::default() },
            reverts: None,
            reason: reason(Some(self.reason.clone()))?,
            expected: Some(version(&self.version)?),
        })
    }
}

/// The form as the member is.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&content(&state, &visit, &id, None, None)?))
}

/// Shows what would change, or saves it.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Sent>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    let done = match form.request(&id) {
        Ok(request) => carried_out(&state, &visit, request, form.step).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(Step::Save) => Ok(see_other("/members?done=changed")),
        Ok(Step::Preview) => Ok(page(&content(&state, &visit, &id, Some(&form), None)?)),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            Ok(refusal(&content(&state, &visit, &id, Some(&form), Some(&failure))?, &failure))
        }
    }
}

async fn carried_out(state: &AppState, visit: &Visit, request: Request, step: Step) -> Result<Step, Failure> {
    let caller = visit.caller();
    match step {
        Step::Preview => state.store.read(|tx| changes::foresee(tx, &caller, &request)).map(|_| ()),
        Step::Save => state.store.write(move |tx| changes::apply(tx, &caller, &request)).await.map(|_| ()),
    }
    .map_err(failure_of)?;
    Ok(step)
}

fn content(
    state: &AppState,
    visit: &Visit,
    id: &MemberId,
    sent: Option<&Sent>,
    failure: Option<&Failure>,
) -> Result<ChangeUserType, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        account::change_user_types(&actor(tx, &caller)?)?;
        let member = members::show(tx, &caller, id)?;
        let catalog = tx.catalog()?;
        let (plan, consent) = match sent {
            Some(sent) => effects(tx, &caller, id, sent)?,
            None => (None, None),
        };
        Ok((member, catalog, capacity::room(&tx.facts()?), plan, consent))
    });
    let (member, catalog, room, plan, consent) = read.map_err(|error| visit.refused(error))?;
    let proposed = failure.and_then(|failure| failure.facts.get("proposed_role")).and_then(Value::as_str);
    let user_type = sent.map_or(member.user_type.as_str(), |sent| &sent.user_type);
    let role = proposed.unwrap_or_else(|| sent.map_or(member.role.as_str(), |sent| &sent.role));
    Ok(ChangeUserType {
        frame: visit.frame.clone(),
        csrf: visit.token(),
        member: names::person(&catalog, &member),
        version: member.version.to_string(),
        user_types: names::types_with_room(&catalog, &room, user_type),
        roles: names::roles(&catalog, role),
        reason: sent.map(|sent| sent.reason.clone()).unwrap_or_default(),
        until: sent.map(Sent::until).unwrap_or_default(),
        plan,
        consent,
        problem: failure.map(ErrorSummary::from),
    })
}

type Shown = (Option<crate::pages::plan::Plan>, Option<Consent>);

/// What the choice would do and the consent it needs; nothing where it is refused whatever is consented to.
fn effects(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId, sent: &Sent) -> Result<Shown, StoreError> {
    let fresh = Sent { version: String::from("0"), allow_one_over: String::new(), ..sent.clone() };
    let Ok(request) = fresh.request(id) else { return Ok((None, None)) };
    let foreseen = match changes::foresee(tx, caller, &request) {
        Ok(foreseen) => foreseen,
        Err(StoreError::Refused(_)) => return Ok((None, None)),
        Err(broken) => return Err(broken),
    };
    let catalog = tx.catalog()?;
    // One member's move takes no more than one user type over.
    let needed = plans::consents(&catalog, &foreseen, Some("allow_one_over")).into_iter().next();
    Ok((Some(plans::plan(tx, &catalog, &foreseen.plan)?), needed))
}
