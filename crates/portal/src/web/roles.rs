//! `/roles` and `/roles/{id}`: the roles side by side, and what one of them is and includes (S112, S121 to S134).

use axum::extract::State;
use axum::response::Response;
use catalog::{Catalog, Role, RoleId, UserType};
use entitlement::UserTypeId;
use errors::{Code, Failure};
use rules::account;
use rules::capacity::known_user_type;
use serde::Deserialize;
use store::{ReadTx, StoreError};

use super::done::{Done, Told};
use super::visit::{Refused, Visit};
use super::{names, page, privileges};
use crate::actions::input::user_type_at;
use crate::actions::roles::{self, Shown};
use crate::actions::{Caller, actor};
use crate::api::address::{Path, Query};
use crate::pages::roles::{Fit, MatrixRow, RoleColumn, RoleInformation, Roles};
use crate::state::AppState;

/// What can be asked of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Looked {
    user_type: String,
    done: Option<Done>,
}

impl Looked {
    fn bound(&self) -> Result<Option<UserTypeId>, Failure> {
        let asked = Some(self.user_type.as_str()).filter(|asked| !asked.is_empty());
        asked.map(|asked| user_type_at("/user_type", asked)).transpose()
    }
}

/// The roles, bounded by a user type where the address names one.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(
    State(state): State<AppState>,
    visit: Visit,
    Query(looked): Query<Looked>,
) -> Result<Response, Refused> {
    let bound = looked.bound().map_err(|failure| visit.refused(failure))?;
    let (caller, asked) = (visit.caller(), bound.clone());
    let read = state.read_long(move |tx| {
        let (catalog, shown) = roles::list(tx, &caller)?;
        asked.iter().try_for_each(|id| known_user_type(&catalog, id).map(drop))?;
        Ok((catalog, shown, may_configure(tx, &caller)?))
    });
    let (catalog, shown, may_edit) = read.await.map_err(|error| visit.refused(error))?;
    let bound = bound.and_then(|id| catalog.user_type(&id));
    Ok(page(&Roles {
        user_types: names::types(&catalog, &looked.user_type),
        bound: bound.map(|user_type| user_type.name.clone()),
        roles: shown.iter().filter_map(|one| column(&catalog, one, bound)).collect(),
        groups: privileges::groups(&catalog, |privilege| {
            Some(MatrixRow {
                name: privilege.name.clone(),
                above: bound.is_some_and(|user_type| !user_type.ceiling.contains(&privilege.id)),
                given: catalog.roles().iter().map(|role| role.privileges.contains(&privilege.id)).collect(),
            })
        }),
        reserved: reserved(&catalog),
        may_edit,
        sees_members: sees_members(&visit),
        frame: visit.frame,
        done: looked.done.and_then(Done::text),
    }))
}

/// One role.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Refused> {
    let id = role_id(&id).map_err(|failure| visit.refused(failure))?;
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let (catalog, shown) = roles::show(tx, &caller, &id)?;
        Ok((catalog, shown, may_configure(tx, &caller)?))
    });
    let (catalog, shown, may_edit) = read.map_err(|error| visit.refused(error))?;
    let known = catalog.role(&id).zip(column(&catalog, &shown, None));
    let (role, in_short) = known.ok_or_else(|| visit.refused(no_such_role(id.as_str())))?;
    let by_type = shown.holders.by_type.iter().map(|(id, count)| (names::user_type(&catalog, id), *count));
    Ok(page(&RoleInformation {
        role: in_short,
        description: role.description.clone(),
        includes: privileges::included(&catalog, &role.privileges),
        reserved: reserved_by(&catalog, role),
        by_type: by_type.collect(),
        may_edit,
        sees_members: sees_members(&visit),
        frame: visit.frame,
        done: told.text(),
    }))
}

/// Whether the caller makes and changes roles.
///
/// # Errors
/// The caller is gone or not let in.
pub(super) fn may_configure(tx: &ReadTx<'_>, caller: &Caller) -> Result<bool, StoreError> {
    Ok(account::configure_roles(&actor(tx, caller)?).is_ok())
}

/// The id of a role in an address.
///
/// # Errors
/// `not-found`.
pub(super) fn role_id(text: &str) -> Result<RoleId, Failure> {
    RoleId::from_input(text).map_err(|_| no_such_role(text))
}

fn no_such_role(id: &str) -> Failure {
    Failure::new(Code::NotFound, format!("There is no role `{id}`."))
}

fn sees_members(visit: &Visit) -> bool {
    visit.frame.reader.as_ref().is_some_and(|reader| reader.open.members)
}

/// A role in short.
pub(super) fn column(catalog: &Catalog, shown: &Shown, bound: Option<&UserType>) -> Option<RoleColumn> {
    let role = catalog.role(&shown.id)?;
    let fitting = catalog.user_types().iter().filter(|one| role.fits.contains(&one.id));
    let fits: Vec<String> = fitting.map(|one| one.name.clone()).collect();
    Some(RoleColumn {
        id: role.id.to_string(),
        name: role.name.clone(),
        is_custom: role.is_custom,
        holders: shown.holders.count,
        fits_all: fits.len() == catalog.user_types().len(),
        fits,
        fit: bound.map(|user_type| fit(user_type, role)),
    })
}

fn fit(user_type: &UserType, role: &Role) -> Fit {
    match user_type.exceeded_by(role).len() {
        0 if user_type.admits(role) => Fit::Fits,
        0 => Fit::CannotAdminister,
        above => Fit::TooMany(u64::try_from(above).unwrap_or(u64::MAX)),
    }
}

/// The names of the acts that no privilege gives.
fn reserved(catalog: &Catalog) -> Vec<String> {
    catalog.reserved().iter().map(|act| act.name.clone()).collect()
}

/// Those of them that the role gives.
pub(super) fn reserved_by(catalog: &Catalog, role: &Role) -> Vec<String> {
    if role.is_administrator { reserved(catalog) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use catalog::{Catalog, RoleId};
    use entitlement::UserTypeId;

    use super::{Fit, fit};

    #[test]
    fn a_role_fits_or_is_told_by_how_much_it_does_not() {
        let catalog = Catalog::arcgis();
        let of = |user_type: &str, role: &str| {
            let user_type = catalog.user_type(&UserTypeId::parse(user_type).unwrap()).unwrap();
            fit(user_type, catalog.role(&RoleId::parse(role).unwrap()).unwrap())
        };
        assert_eq!(of("viewer", "viewer"), Fit::Fits);
        assert_eq!(of("creator", "administrator"), Fit::Fits);
        assert_eq!(of("viewer", "data-editor"), Fit::TooMany(1));
        assert!(matches!(of("viewer", "administrator"), Fit::TooMany(more) if more > 50));
    }
}
