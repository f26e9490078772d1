//! `/roles`, `/privileges`, `/workflows`: what there is, who holds it, and what is missing (S110 to S134, S227).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalog::{Catalog, RoleId};
use errors::{Code, Failure};
use rules::role::Warning;
use rules::why::{Answer, Need, Why};
use serde::Deserialize;
use serde_json::{Value, json};

use super::address::{Path, Query};
use super::body::{Whole, json_body};
use super::members::member_id;
use super::precondition::{etag, expected_version};
use super::shape;
use crate::actions::roles::{self, Asked, Shown};
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// A role as programs see it.
#[must_use]
pub fn shaped(catalog: &Catalog, shown: &Shown, warnings: &[Warning]) -> Value {
    let Some(role) = catalog.role(&shown.id) else { return Value::Null };
    let privileges: Vec<&str> = role.privileges.iter().map(|id| id.as_str()).collect();
    let fits: Vec<&str> = role.fits.iter().map(|id| id.as_str()).collect();
    json!({
        "id": role.id.as_str(),
        "name": role.name,
        "description": role.description,
        "is_custom": role.is_custom,
        "is_administrator": role.is_administrator,
        "privileges": privileges,
        "fits": fits,
        "holders": shown.holders.count,
        "version": shown.record.as_ref().map(|record| record.version),
        "warnings": warnings.iter().map(Warning::sentence).collect::<Vec<_>>(),
    })
}

/// The roles in force.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let (catalog, shown) = state.read_long(move |tx| roles::list(tx, &caller)).await?;
    Ok(Json(shape::list(shown.iter().map(|one| shaped(&catalog, one, &[])).collect(), None)))
}

/// One role, with the ETag that changes take.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (id, caller) = (role_id(&id)?, session.caller());
    let (catalog, shown) = state.store.read(|tx| roles::show(tx, &caller, &id))?;
    Ok(answered(StatusCode::OK, &catalog, &shown, &[]))
}

fn answered(status: StatusCode, catalog: &Catalog, shown: &Shown, warnings: &[Warning]) -> Response {
    let mut response = (status, Json(shaped(catalog, shown, warnings))).into_response();
    let version = shown.record.as_ref().map_or(0, |record| record.version);
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

fn role_id(text: &str) -> Result<RoleId, Failure> {
    RoleId::from_input(text).map_err(|_| Failure::new(Code::NotFound, format!("There is no role `{text}`.")))
}

/// A role as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    name: String,
    #[serde(default)]
    description: String,
    privileges: Vec<String>,
}

impl From<Sent> for Asked {
    fn from(Sent { name, description, privileges }: Sent) -> Self {
        Self { name, description, privileges }
    }
}

/// Makes a role of the organization's own (S127 to S129).
///
/// # Errors
/// `role-name-taken`, `validation-failed`, `privilege-missing`.
pub async fn create(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Whole { body, .. }: Whole,
) -> Result<Response, Problem> {
    let draft = Asked::from(json_body::<Sent>(&body)?).draft()?;
    let caller = session.caller();
    let written = state.store.write(move |tx| {
        let id = roles::create(tx, &caller, &draft)?;
        let (catalog, shown) = roles::show(tx, &caller, &id)?;
        Ok((catalog, shown, roles::warnings(tx, &draft)?))
    });
    let (catalog, shown, warnings) = written.await?;
    Ok(answered(StatusCode::CREATED, &catalog, &shown, &warnings))
}

/// Changes a role of the organization's own, for everybody who holds it.
///
/// # Errors
/// `role-exceeds-user-type` with the members, `role-is-default`, `role-name-taken`, `stale`, `precondition-required`.
pub async fn update(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let (id, expected) = (role_id(&id)?, expected_version(&headers)?);
    let draft = Asked::from(json_body::<Sent>(&body)?).draft()?;
    let caller = session.caller();
    let written = state.store.write(move |tx| {
        let id = roles::edit(tx, &caller, &id, expected, &draft)?;
        let (catalog, shown) = roles::show(tx, &caller, &id)?;
        Ok((catalog, shown, roles::warnings(tx, &draft)?))
    });
    let (catalog, shown, warnings) = written.await?;
    Ok(answered(StatusCode::OK, &catalog, &shown, &warnings))
}

/// Deletes a role of the organization's own that nobody holds.
///
/// # Errors
/// `role-in-use`, `role-is-default`, `stale`, `precondition-required`.
pub async fn delete(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let (id, expected) = (role_id(&id)?, expected_version(&headers)?);
    let caller = session.caller();
    state.store.write(move |tx| roles::delete(tx, &caller, &id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every privilege, with the acts that no role gives.
///
/// # Errors
/// `not-signed-in`.
pub async fn privileges(State(state): State<AppState>, SignedIn(_): SignedIn) -> Result<Json<Value>, Problem> {
    let catalog = state.store.read(|tx| tx.catalog())?;
    let known = catalog.privileges().iter().map(|one| {
        json!({
            "id": one.id.as_str(), "scope": one.scope.as_str(), "group": one.group, "name": one.name,
            "description": one.description, "conditions": one.conditions,
            "enforced_here": catalog::enforced::is_enforced(one.id.as_str()),
        })
    });
    let reserved = catalog
        .reserved()
        .iter()
        .map(|one| json!({"id": one.id.as_str(), "name": one.name, "description": one.description}));
    Ok(Json(json!({"items": known.collect::<Vec<_>>(), "reserved": reserved.collect::<Vec<_>>(), "next": null})))
}

/// Every workflow with what it needs.
///
/// # Errors
/// `not-signed-in`.
pub async fn workflows(State(state): State<AppState>, SignedIn(_): SignedIn) -> Result<Json<Value>, Problem> {
    let catalog = state.store.read(|tx| tx.catalog())?;
    let ids = |set: &std::collections::BTreeSet<catalog::PrivilegeId>| {
        set.iter().map(|id| json!(id.as_str())).collect::<Vec<_>>()
    };
    let known = catalog.workflows().iter().map(|one| {
        json!({
            "id": one.id.as_str(), "scope": one.scope.as_str(), "name": one.name, "required": ids(&one.required),
            "optional": ids(&one.optional), "note": one.note,
        })
    });
    Ok(Json(shape::list(known.collect(), None)))
}

/// Whom a question is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    member: Option<String>,
}

/// Whether a member can do something, and if not, what is missing and who can give it (S227). Without a member it is about
/// the caller.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn check(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(about): Query<About>,
) -> Result<Json<Value>, Problem> {
    let whom = about.member.as_deref().map(member_id).transpose()?.unwrap_or_else(|| session.member().clone());
    let caller = session.caller();
    let (member, why) = state.store.read(|tx| {
        let wanted = roles::wanted(&*tx.catalog()?, &id)?;
        let (_, member, why) = roles::why(tx, &caller, &whom, &wanted)?;
        Ok((member, why))
    })?;
    Ok(Json(why_shape(&id, member.id.as_str(), &why)))
}

/// The answer to [`check`], for the command line too.
#[must_use]
pub fn why_shape(wanted: &str, member: &str, why: &Why) -> Value {
    json!({
        "wanted": wanted,
        "member": member,
        "allowed": why.is_allowed(),
        "required": why.required.iter().map(need).collect::<Vec<_>>(),
        "optional": why.optional.iter().map(need).collect::<Vec<_>>(),
    })
}

fn need(need: &Need) -> Value {
    let privilege = need.privilege.as_str();
    match &need.answer {
        Answer::Granted => json!({"privilege": privilege, "answer": "granted"}),
        Answer::MissingFromRole { roles_that_have_it_and_fit, who } => json!({
            "privilege": privilege, "answer": "missing-from-role",
            "roles": roles_that_have_it_and_fit.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            "given_by": who,
        }),
        Answer::AboveUserType { user_types_that_admit_it, is_in_role, who } => json!({
            "privilege": privilege, "answer": "above-user-type", "is_in_role": is_in_role,
            "user_types": user_types_that_admit_it.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
            "given_by": who,
        }),
        Answer::Reserved => json!({"privilege": privilege, "answer": "reserved-to-administrators"}),
    }
}
