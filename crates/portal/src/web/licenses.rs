//! `/licenses`.

use axum::extract::State;
use axum::response::Response;
use catalog::{AddOnKind, Catalog, RoleId};
use entitlement::{AddOnId, AddOnLine, ContractId, Entitlement, Moment, TermState, UserTypeId};
use errors::{Code, Failure};
use rules::MemberState;
use rules::import::{AddOnEffect, TypeEffect};
use store::{AddOnTally, LicenseState, MemberFilter, PastEntitlement, ReadTx, StagedFile, StoreError, TypeCount};

use super::changes::Sure;
use super::done::Told;
use super::visit::{Posted, Refused, Visit};
use super::{names, page, refusal, see_other};
use crate::actions::licenses as files;
use crate::actions::overview::{self, Overview};
use crate::actions::schedule;
use crate::api::address::{Path, Query};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Reader;
use crate::pages::licenses::{
    AddOnRow, FileRow, FileState, Foreseen, LicenseFacts, Licenses, Opens, WaitingRow, Withdrawal,
};
use crate::pages::seats::Seats;
use crate::pages::when::When;
use crate::state::AppState;
use crate::texts::text;

/// The most administrators of one user type that are counted.
const COUNTED: u32 = 500;

/// What the file gives, what is taken, and the form to import another.
///
/// # Errors
/// `privilege-missing`.
pub async fn show(State(state): State<AppState>, visit: Visit, Query(told): Query<Told>) -> Result<Response, Refused> {
    Ok(page(&content(&state, visit, None, told.text())?))
}

/// The page again, with why a file was refused.
///
/// # Errors
/// `privilege-missing`.
pub(super) fn again(state: &AppState, visit: Visit, failure: &Failure) -> Result<Response, Refused> {
    Ok(refusal(&content(state, visit, Some(failure), None)?, failure))
}

fn content(
    state: &AppState,
    visit: Visit,
    failure: Option<&Failure>,
    done: Option<String>,
) -> Result<Licenses, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let overview = overview::show(tx, &caller)?;
        let seats = overview.user_types.iter().map(|one| seats(tx, &overview, one)).collect::<Result<Vec<_>, _>>()?;
        let listed = add_ons(&overview, &tx.add_on_tallies()?);
        let forecast = foreseen(&overview.catalog, &schedule::forecast(tx, &caller)?);
        let waiting = files::staged(tx, &caller)?;
        Ok((seats, (files::history(tx, &caller)?, waiting), overview, (listed, forecast)))
    });
    let (user_types, (history, waiting), overview, (add_ons, forecast)) = read.map_err(|error| visit.refused(error))?;
    let (installed, unusable) = match &overview.license {
        LicenseState::Absent => (None, None),
        LicenseState::Refused(why) => (None, Some(ErrorSummary::from(why))),
        LicenseState::Good(good) => (Some(facts(good.entitlement())), None),
    };
    Ok(Licenses {
        import_csrf: Some(visit.token()),
        opens: visit.frame.reader.as_ref().map(opens).unwrap_or_default(),
        frame: visit.frame,
        installed,
        unusable,
        not_licensed: not_licensed(&overview),
        user_types,
        add_ons,
        forecast,
        waiting: waiting.iter().map(waiting_row).collect(),
        files: history.iter().map(|one| file(&overview, one)).collect(),
        problem: failure.map(ErrorSummary::from),
        done,
    })
}

fn opens(reader: &Reader) -> Opens {
    Opens { members: reader.open.members, invitations: reader.open.invitations, changes: reader.open.changes }
}

/// The facts of an opened file.
fn facts(file: &Entitlement) -> LicenseFacts {
    LicenseFacts {
        license: file.license().to_string(),
        sequence: file.sequence(),
        customer: file.customer().name.to_string(),
        key: file.kid().to_string(),
        from: When::from(file.from()),
        ends: file.until().map(When::from),
    }
}

fn seats(tx: &ReadTx<'_>, overview: &Overview, count: &TypeCount) -> Result<Seats, StoreError> {
    let ends = overview.ends().into_iter().find(|end| end.user_types.contains(&count.user_type));
    let exempt = if count.is_over() { administrators(tx, &overview.catalog, count)? } else { 0 };
    Ok(names::seats(&overview.catalog, count, exempt, ends.map(|end| When::from(end.at))))
}

/// The members of the type whom the lockout spares.
fn administrators(tx: &ReadTx<'_>, catalog: &Catalog, count: &TypeCount) -> Result<u64, StoreError> {
    let role: Option<RoleId> = catalog.administrator().map(|role| role.id.clone());
    let filter = MemberFilter {
        user_type: Some(count.user_type.clone()),
        role,
        state: Some(MemberState::Enabled),
        ..MemberFilter::default()
    };
    let found = tx.members(&filter, None, COUNTED)?.items.len();
    Ok(u64::try_from(found).unwrap_or(u64::MAX))
}

fn not_licensed(overview: &Overview) -> Vec<String> {
    let shown = |id: &UserTypeId| overview.user_types.iter().any(|one| one.user_type == *id);
    let others = overview.catalog.user_types().iter().filter(|known| !shown(&known.id));
    others.map(|known| known.name.clone()).collect()
}

/// The add-ons and extensions that are licensed, assigned or in the file.
fn add_ons(overview: &Overview, tallies: &[AddOnTally]) -> Vec<AddOnRow> {
    let Overview { catalog, license, now, .. } = overview;
    let in_file = |id: &AddOnId| lines(license).iter().any(|line| line.id == *id);
    let shown = tallies.iter().filter(|one| one.licensed > 0 || one.assigned > 0 || in_file(&one.add_on));
    shown.map(|one| add_on((catalog, license, *now), one)).collect()
}

fn lines(license: &LicenseState) -> &[AddOnLine] {
    license.good().map(|good| good.entitlement().add_ons()).unwrap_or_default()
}

/// An add-on or extension with its counts, and with the end of what is licensed of it now.
pub(super) fn add_on((catalog, license, now): (&Catalog, &LicenseState, Moment), tally: &AddOnTally) -> AddOnRow {
    let file_ends = license.good().and_then(|good| good.entitlement().until());
    let of_it: Vec<&AddOnLine> =
        lines(license).iter().filter(|line| line.id == tally.add_on && line.counts_at(now)).collect();
    let ends = of_it.iter().filter_map(|line| line.until).chain(file_ends.filter(|_| tally.licensed > 0)).min();
    let known = catalog.add_on(&tally.add_on);
    let is_held = known.is_some_and(|known| known.kind == AddOnKind::Organization);
    AddOnRow {
        id: tally.add_on.to_string(),
        name: names::add_on(catalog, &tally.add_on),
        licensed: tally.licensed,
        assigned: (!is_held).then_some(tally.assigned),
        available: names::available(tally.licensed, tally.assigned),
        over_since: tally.over_since.map(When::from),
        trial: of_it.iter().any(|line| line.trial == Some(true)),
        ends: ends.map(When::from),
    }
}

pub(super) fn foreseen(catalog: &Catalog, all: &[schedule::Foreseen]) -> Vec<Foreseen> {
    let one = |one: &schedule::Foreseen| {
        let (types, add_ons) = (one.user_types.iter(), one.add_ons.iter());
        let of_type = |of: &TypeEffect| {
            licensed_then(&names::user_type(catalog, &of.user_type), of.licensed_before, of.licensed_after)
        };
        let of_add_on = |of: &AddOnEffect| {
            licensed_then(&names::add_on(catalog, &of.add_on), of.licensed_before, of.licensed_after)
        };
        let over = types.clone().filter(|of| of.is_over()).map(|of| {
            let by = u64::try_from(of.available_after.unsigned_abs()).unwrap_or(u64::MAX);
            let name = names::user_type(catalog, &of.user_type);
            text("then-over").with("name", name).with("over", by).with("count", of.locked_out).plain()
        });
        let short = add_ons.clone().filter(|of| of.is_over()).map(|of| {
            let name = names::add_on(catalog, &of.add_on);
            let (assigned, licensed) = (of.assigned, of.licensed_after);
            text("then-over-assigned").with("name", name).with("assigned", assigned).with("licensed", licensed).plain()
        });
        let mut effects: Vec<String> = over.chain(short).collect();
        if one.blocks_products {
            effects.push(text("then-products-blocked").plain());
        }
        if effects.is_empty() {
            effects.push(text("then-as-before").plain());
        }
        let begins = one.begins.iter().map(|license| text("then-begins").with("license", license.as_str()).plain());
        Foreseen {
            at: When::from(one.at),
            changes: begins.chain(types.map(of_type)).chain(add_ons.map(of_add_on)).collect(),
            effects,
        }
    };
    all.iter().map(one).collect()
}

fn licensed_then(name: &str, before: u64, after: u64) -> String {
    text("licensed-then").with("name", name).with("before", before).with("after", after).plain()
}

fn file(overview: &Overview, past: &PastEntitlement) -> FileRow {
    FileRow {
        license: past.license.to_string(),
        sequence: past.sequence,
        state: if past.is_current { state_of(overview) } else { FileState::Replaced },
        imported: When::from(past.installed_at),
        by: Some(past.imported_by.clone()).filter(|by| !by.is_empty()),
        address: address(&past.contract, past.sequence),
    }
}

/// Where the bytes of a file are.
fn address(contract: &ContractId, sequence: u32) -> String {
    format!("/api/v1/licenses/{sequence}/file?contract={contract}")
}

fn waiting_row(one: &StagedFile) -> WaitingRow {
    WaitingRow {
        license: one.license.to_string(),
        sequence: one.sequence,
        from: When::from(one.from),
        by: one.staged_by.clone(),
        address: address(&one.contract, one.sequence),
        problem: one.problem.clone(),
    }
}

/// The question before a waiting file is given up.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn ask_withdrawal(
    State(state): State<AppState>,
    visit: Visit,
    Path(license): Path<String>,
) -> Result<Response, Refused> {
    Ok(page(&withdrawal(&state, visit, &license, None)?))
}

fn withdrawal(state: &AppState, visit: Visit, license: &str, failure: Option<&Failure>) -> Result<Withdrawal, Refused> {
    let caller = visit.caller();
    let found = state.store.read(|tx| {
        let all = files::staged(tx, &caller)?;
        let gone = || Failure::new(Code::NotFound, format!("No file of the license {license} waits here."));
        all.into_iter().find(|one| one.license.as_str() == license).ok_or_else(|| gone().into())
    });
    let file = waiting_row(&found.map_err(|error: StoreError| visit.refused(error))?);
    Ok(Withdrawal { csrf: visit.token(), frame: visit.frame, file, problem: failure.map(ErrorSummary::from) })
}

/// Gives up a waiting file.
///
/// # Errors
/// Refusals that have a page of their own.
pub async fn withdraw(
    State(state): State<AppState>,
    Path(license): Path<String>,
    Posted { visit, form: _ }: Posted<Sure>,
) -> Result<Response, Refused> {
    let (caller, asked) = (visit.caller(), license.clone());
    match state.store.write(move |tx| files::withdraw(tx, &caller, &asked).map(drop)).await {
        Ok(()) => Ok(see_other("/licenses?done=withdrawn")),
        Err(error) => {
            let failure = visit.at_the_form(error)?;
            Ok(refusal(&withdrawal(&state, visit, &license, Some(&failure))?, &failure))
        }
    }
}

fn state_of(overview: &Overview) -> FileState {
    match overview.license.good() {
        None => FileState::Unusable,
        Some(good) if good.is_revoked() => FileState::Revoked,
        Some(good) => match good.entitlement().term_state(overview.now) {
            TermState::Ended => FileState::Ended,
            TermState::NotBegun => FileState::NotBegun,
            TermState::InTerm => FileState::InForce,
        },
    }
}
