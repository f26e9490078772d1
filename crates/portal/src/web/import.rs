//! `/licenses/import`: a file is opened and its effects are shown; it comes in force only when they are confirmed.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use catalog::Catalog;
use errors::{Code, Failure};
use rules::Refusal;
use serde::Deserialize;
use store::{Files, Installation};

use super::visit::{Fields, Posted, Refused, Visit};
use super::{licenses, names, page, refusal, see_other};
use crate::actions::input::invalid_at;
use crate::actions::licenses::{self as files, Effects};
use crate::api::address::Path;
use crate::api::licenses::parts;
use crate::auth::csrf;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::import_preview::{CountRow, ImportPreview, Suggestion};
use crate::pages::licenses::LicenseFacts;
use crate::pages::when::When;
use crate::problem::Problem;
use crate::state::AppState;
use crate::texts::text;

/// How many of the people whom a file would lock out are named.
const NAMED: u32 = 20;

/// Takes the files, opens them, and leads on to what they would change.
///
/// # Errors
/// Refusals that are not about the file.
pub async fn upload(State(state): State<AppState>, visit: Visit, request: Request) -> Result<Response, Refused> {
    let files = match sent_files(&state, &visit, request).await {
        Ok(files) => files,
        Err(failure) if failure.code == Code::FormExpired => return Err(visit.refused(failure)),
        Err(failure) => return licenses::again(&state, visit, &failure),
    };
    let caller = visit.caller();
    match state.store.write(move |tx| files::keep_preview(tx, &caller, &files)).await {
        Ok((id, _)) => Ok(see_other(&format!("/licenses/import/{id}"))),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            licenses::again(&state, visit, &failure)
        }
    }
}

async fn sent_files(state: &AppState, visit: &Visit, request: Request) -> Result<Files, Failure> {
    let form = Multipart::from_request(request, state).await.map_err(|_| Failure::plain(Code::RequestMalformed))?;
    let form = parts(form).await.map_err(|Problem(failure)| failure)?;
    csrf::check_form(&visit.session.token, form.csrf.as_deref().unwrap_or_default())?;
    form.files()
}

/// What the file of a preview would change at this moment.
///
/// # Errors
/// `not-found`; the file is refused by now.
pub async fn show(State(state): State<AppState>, visit: Visit, Path(id): Path<String>) -> Result<Response, Refused> {
    Ok(page(&content(&state, visit, id, None)?))
}

fn content(state: &AppState, visit: Visit, id: String, failure: Option<&Failure>) -> Result<ImportPreview, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let effects = files::show_preview(tx, &caller, &id)?;
        Ok((files::people_hit(tx, &caller, &effects, NAMED)?, effects))
    });
    let (people, effects) = read.map_err(|error| visit.refused(error))?;
    let named = u64::try_from(people.len()).unwrap_or(u64::MAX);
    Ok(ImportPreview {
        csrf: visit.token(),
        frame: visit.frame,
        preview: id,
        file: facts(&effects),
        bound: effects.is_bound,
        replaces: effects.replaces.as_ref().map(|(license, sequence)| {
            text("common-license-sequence-sequence")
                .with("license", license.to_string())
                .with("sequence", *sequence)
                .plain()
        }),
        begins: effects.begins.map(When::from),
        overtakes: effects.overtakes.clone(),
        rows: rows(&effects),
        locked_out: effects.locked_out,
        blocks_products: effects.blocks_products(),
        products: effects.catalog.products().iter().map(|one| one.name.clone()).collect(),
        vanishing: vanishing(&effects),
        first: first(&effects),
        people: people.iter().map(|one| names::person(&effects.catalog, one)).collect(),
        more_people: effects.locked_out.saturating_sub(named),
        defaults_fault: effects.defaults_fault.as_ref().map(|fault| told(&effects.catalog, fault)),
        problem: failure.map(ErrorSummary::from),
    })
}

/// What would be wrong with the defaults, about a file that is not installed yet.
fn told(catalog: &Catalog, fault: &Refusal) -> String {
    if let Refusal::DefaultNotLicensed { user_type } = fault {
        let name = names::user_type(catalog, user_type);
        return text("import-default-lost").with("name", name).plain();
    }
    fault.sentence()
}

/// The file in short.
pub(super) fn facts(effects: &Effects) -> LicenseFacts {
    LicenseFacts {
        license: effects.license.clone(),
        sequence: effects.sequence,
        customer: effects.customer.clone(),
        key: effects.key.clone(),
        from: When::from(effects.from),
        ends: effects.until.map(When::from),
    }
}

/// The add-ons of which the file gives none any more.
fn vanishing(effects: &Effects) -> Vec<String> {
    let gone = effects.add_ons.iter().filter(|one| one.licensed_before > 0 && one.licensed_after == 0);
    let told = gone.map(|one| {
        let name = names::add_on(&effects.catalog, &one.add_on);
        text("import-vanishes").with("name", name).with("count", one.assigned).plain()
    });
    told.collect()
}

/// What can be done first, so that nothing is over afterwards.
fn first(effects: &Effects) -> Vec<Suggestion> {
    let too_many = |after: i128| u64::try_from(after.unsigned_abs()).unwrap_or(u64::MAX);
    let types = effects.user_types.iter().filter(|one| one.is_over()).map(|one| {
        let (name, count) = (names::user_type(&effects.catalog, &one.user_type), too_many(one.available_after));
        let told = text("import-first-change").with("name", name).with("count", count);
        Suggestion { text: told.plain(), address: format!("/members?user_type={}", one.user_type) }
    });
    let add_ons = effects.add_ons.iter().filter(|one| one.is_over()).map(|one| {
        let (name, count) = (names::add_on(&effects.catalog, &one.add_on), too_many(one.available_after));
        let told = text("import-first-unassign").with("name", name).with("count", count);
        Suggestion { text: told.plain(), address: format!("/add-ons/{}", one.add_on) }
    });
    types.chain(add_ons).collect()
}

fn rows(effects: &Effects) -> Vec<CountRow> {
    let user_types = effects.user_types.iter().map(|one| CountRow {
        name: names::user_type(&effects.catalog, &one.user_type),
        now: one.licensed_before,
        new: one.licensed_after,
        assigned: one.assigned,
        after: i64::try_from(one.available_after).unwrap_or(i64::MIN),
        locked_out: Some(one.locked_out),
    });
    let add_ons = effects.add_ons.iter().map(|one| CountRow {
        name: names::add_on(&effects.catalog, &one.add_on),
        now: one.licensed_before,
        new: one.licensed_after,
        assigned: one.assigned,
        after: i64::try_from(one.available_after).unwrap_or(i64::MIN),
        locked_out: None,
    });
    user_types.chain(add_ons).collect()
}

/// What the preview sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    csrf: String,
    #[serde(default)]
    confirm_locked_out: String,
}

impl Fields for Confirmation {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Puts the file of a preview in force.
///
/// # Errors
/// Refusals that are not about the confirmation.
pub async fn confirm(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Posted { visit, form }: Posted<Confirmation>,
) -> Result<Response, Refused> {
    let confirmed = match number("/confirm_locked_out", &form.confirm_locked_out) {
        Ok(confirmed) => confirmed,
        Err(failure) => return Ok(refusal(&content(&state, visit, id, Some(&failure))?, &failure)),
    };
    let (caller, preview) = (visit.caller(), id.clone());
    match state.store.write(move |tx| files::import_preview(tx, &caller, &preview, confirmed)).await {
        Ok((_, Installation::Staged)) => Ok(see_other("/licenses?done=staged")),
        Ok(_) => Ok(see_other("/licenses?done=imported")),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&content(&state, visit, id, Some(&failure))?, &failure))
        }
    }
}

/// A number that was typed; an empty field is none.
///
/// # Errors
/// `validation-failed`.
pub(super) fn number(pointer: &str, typed: &str) -> Result<Option<u64>, Failure> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| invalid_at(pointer, &format!("`{typed}` is not a whole number")))
}
