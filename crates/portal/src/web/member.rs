//! `/members/{id}` and `/members/{id}/password`.

use axum::extract::State;
use axum::response::Response;
use catalog::Catalog;
use errors::Failure;
use rules::MemberId;
use rules::account::Abilities;
use serde::Deserialize;
use store::{Change, KeptPlan, Labels, Member, ReadTx, StoreError};

use super::done::Told;
use super::members::state_of;
use super::visit::{Fields, Posted, Refused, Visit};
use super::{barred, in_use, names, page, refusal};
use crate::actions::{Caller, activity, changes, members};
use crate::api::address::{Path, Query};
use crate::api::members::member_id;
use crate::auth::password;
use crate::pages::barred::Barred;
use crate::pages::choice::{Choice, Person};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::in_use::ProductRow;
use crate::pages::member::{Former, LabelLists, MemberPage, PasswordReset, Planned, ResetPassword, RoleFacts, Times};
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;

/// How many planned returns are looked through.
const LOOKED_THROUGH: u32 = 500;

/// One member.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    let caller = visit.caller();
    let read = state.read_uses(move |tx| {
        let member = members::account(tx, &caller, &id)?;
        let (labels, may) = (tx.labels(&id)?, members::abilities(tx, &caller)?);
        let planned = planned(tx, &caller, &member, may)?;
        let licenses = licenses(tx, &caller, &member, may)?;
        let barred = (barred::acts(tx, &caller, &member, may)?, barred::role(tx, &caller, &member, may)?);
        Ok((tx.catalog()?, members::is_locked_out(tx, &member)?, member, labels, (may, barred), planned, licenses))
    });
    let read = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let (catalog, locked_out, member, labels, (may, (acts, role_barred)), planned, (add_ons, products)) = read;
    let frame = &visit.frame;
    Ok(page(&MemberPage {
        barred: Barred::new(acts.iter().map(|(act, why)| (*act, barred::reason(act, why, frame))).collect()),
        role_barred: role_barred.map(|why| barred::reason("role", &why, frame)),
        frame: visit.frame,
        email: member.email.clone(),
        state: state_of(&member),
        locked_out,
        role: role(&catalog, &member),
        former: former(&catalog, &member),
        add_ons,
        products,
        labels: lists(labels),
        vendor_access: member.vendor_access,
        one_time: member.password_kind == store::PasswordKind::OneTime,
        times: Times {
            created: When::from(member.created_at),
            last_signed_in: member.last_signed_in_at.map(When::from),
            archived: member.archived_at.map(When::from),
        },
        member: names::person(&catalog, &member),
        planned,
        may: names::may(may),
        done: told.text(),
    }))
}

/// The add-ons and extensions; and the products in use, for who may see and end that.
fn licenses(
    tx: &ReadTx<'_>,
    caller: &Caller,
    member: &Member,
    may: Abilities,
) -> Result<(Vec<Choice>, Option<Vec<ProductRow>>), StoreError> {
    let catalog = tx.catalog()?;
    let add_ons = in_use::add_ons(&catalog, &tx.add_ons_of(&member.id)?);
    if !may.licenses && *caller != Caller::Member(member.id.clone()) {
        return Ok((add_ons, None));
    }
    let policy = tx.license()?.at(tx.now()).policy();
    let products = in_use::products(&catalog, policy, &activity::of_member(tx, caller, member)?);
    Ok((add_ons, Some(products)))
}

fn role(catalog: &Catalog, member: &Member) -> RoleFacts {
    let Some(known) = catalog.role(&member.role) else { return RoleFacts::default() };
    let names = known.privileges.iter().map(|id| catalog.privilege(id).map_or(id.to_string(), |one| one.name.clone()));
    RoleFacts { description: known.description.clone(), privileges: names.collect() }
}

fn former(catalog: &Catalog, member: &Member) -> Option<Former> {
    let former = member.former.as_ref()?;
    // A change that only moved licenses left the seat as it is.
    if (&former.user_type, &former.role) == (&member.user_type, &member.role) {
        return None;
    }
    let held = format!("{}, {}", names::user_type(catalog, &former.user_type), names::role(catalog, &former.role));
    Some(Former { held, change: former.change.to_string() })
}

fn lists(labels: Labels) -> LabelLists {
    LabelLists { groups: labels.groups.into_iter().collect(), categories: labels.categories.into_iter().collect() }
}

/// The return that waits for the member, for those who see changes.
fn planned(tx: &ReadTx<'_>, caller: &Caller, member: &Member, may: Abilities) -> Result<Option<Planned>, StoreError> {
    if !may.whole {
        return Ok(None);
    }
    let catalog = tx.catalog()?;
    let open = changes::returns(tx, caller, LOOKED_THROUGH)?;
    Ok(open.iter().find_map(|change| planned_with(&catalog, change, member)))
}

fn planned_with(catalog: &Catalog, change: &Change, member: &Member) -> Option<Planned> {
    let planned = change.planned_return.as_ref().filter(|planned| planned.state.is_open())?;
    let plan = KeptPlan::of(&change.plan)?;
    let whom = plan.members.into_iter().find(|one| one.id == member.id)?;
    let to =
        format!("{}, {}", names::user_type(catalog, &whom.former.user_type), names::role(catalog, &whom.former.role));
    Some(Planned { change: change.id.to_string(), at: When::from(planned.at), to, problem: planned.problem.clone() })
}

/// What the question sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    csrf: String,
}

impl Fields for Sure {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// The question, before a password is reset.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn ask_password(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    Ok(page(&question(&state, &visit, &id, None)?))
}

fn question(
    state: &AppState,
    visit: &Visit,
    id: &MemberId,
    failure: Option<&Failure>,
) -> Result<ResetPassword, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| person(tx, &members::to_reset(tx, &caller, id)?));
    let member = read.map_err(|error| visit.refused(error))?;
    let problem = failure.map(ErrorSummary::from);
    Ok(ResetPassword { frame: visit.frame.clone(), csrf: visit.token(), member, problem })
}

fn person(tx: &ReadTx<'_>, member: &Member) -> Result<Person, StoreError> {
    Ok(names::person(&*tx.catalog()?, member))
}

/// Gives a one-time password, and shows it this once.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn reset_password(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form: _ }: Posted<Sure>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    let one_time = password::one_time_password().map_err(|failure| visit.refused(failure))?;
    let (caller, whom, stored) = (visit.caller(), id.clone(), members::one_time(&one_time));
    let reset = state.store.write(move |tx| person(tx, &members::reset_password(tx, &caller, &whom, &stored)?)).await;
    match reset {
        Ok(member) => {
            Ok(page(&PasswordReset { frame: visit.frame, member, one_time_password: one_time.as_str().to_owned() }))
        }
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&question(&state, &visit, &id, Some(&failure))?, &failure))
        }
    }
}
