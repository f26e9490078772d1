//! `/licenses`.

use axum::extract::State;
use axum::response::Response;
use catalog::{Catalog, RoleId};
use entitlement::{AddOnLine, Entitlement, Moment, TermState, UserTypeId};
use errors::Failure;
use rules::MemberState;
use store::{LicenseState, MemberFilter, PastEntitlement, ReadTx, StoreError, TypeCount};

use super::done::Told;
use super::visit::{Refused, Visit};
use super::{names, page, refusal};
use crate::actions::licenses as files;
use crate::actions::overview::{self, Overview};
use crate::api::address::Query;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Reader;
use crate::pages::licenses::{AddOnRow, FileRow, FileState, LicenseFacts, Licenses, ReservedBy};
use crate::pages::seats::Seats;
use crate::pages::when::When;
use crate::state::AppState;

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
        Ok((seats, files::history(tx, &caller)?, overview))
    });
    let (user_types, history, overview) = read.map_err(|error| visit.refused(error))?;
    let (installed, unusable) = match &overview.license {
        LicenseState::Absent => (None, None),
        LicenseState::Refused(why) => (None, Some(ErrorSummary::from(why))),
        LicenseState::Good(good) => (Some(facts(good.entitlement())), None),
    };
    let lines = overview.license.good().map(|good| good.entitlement().add_ons()).unwrap_or_default();
    Ok(Licenses {
        import_csrf: Some(visit.token()),
        reserved_by: visit.frame.reader.as_ref().map(reserved_by).unwrap_or_default(),
        frame: visit.frame,
        installed,
        unusable,
        not_licensed: not_licensed(&overview),
        user_types,
        add_ons: lines.iter().map(|line| add_on(&overview, line)).collect(),
        files: history.iter().map(|one| file(&overview, one)).collect(),
        problem: failure.map(ErrorSummary::from),
        done,
    })
}

fn reserved_by(reader: &Reader) -> ReservedBy {
    ReservedBy { invitations: reader.open.invitations, changes: reader.open.changes }
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

fn add_on(overview: &Overview, line: &AddOnLine) -> AddOnRow {
    let file_ends = overview.license.good().and_then(|good| good.entitlement().until());
    let ends: Option<Moment> = [line.until, file_ends].into_iter().flatten().min();
    AddOnRow {
        name: names::add_on(&overview.catalog, &line.id),
        licensed: u64::from(line.count).min(overview.license.at(overview.now).add_on(&line.id)),
        trial: line.trial == Some(true),
        ends: ends.map(When::from),
    }
}

fn file(overview: &Overview, past: &PastEntitlement) -> FileRow {
    FileRow {
        license: past.license.to_string(),
        sequence: past.sequence,
        state: if past.is_current { state_of(overview) } else { FileState::Replaced },
        imported: When::from(past.installed_at),
    }
}

fn state_of(overview: &Overview) -> FileState {
    match overview.license.good() {
        None => FileState::Unusable,
        Some(good) if good.is_revoked() => FileState::Revoked,
        Some(good) => match good.entitlement().term_state(overview.now) {
            TermState::Ended => FileState::Ended,
            TermState::NotBegun | TermState::InTerm => FileState::InForce,
        },
    }
}
