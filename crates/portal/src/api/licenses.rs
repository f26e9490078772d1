//! `/licenses`, `/license-previews`: what is installed, and what a new file would do.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use rules::import::{AddOnEffect, TypeEffect};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Files, Installation, PastEntitlement};

use super::address::{Path, Query};
use super::body::{Whole, json_body, whole};
use super::precondition::{self, Once};
use crate::actions::licenses::{self, Effects};
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The largest file that is read at all; a signed file has at most 256 KiB, and the refusal of a larger one says so.
pub const LARGEST_FILE: usize = entitlement::LIMIT + 1;

/// The most bytes of one upload: an entitlement, a trust list and a catalog, with room for the form around them.
pub const LARGEST_UPLOAD: usize = 4 * entitlement::LIMIT;

/// The files of an upload: the body itself, or the parts `license`, `trust` and `catalog` of a form.
pub struct Upload(pub Files);

impl FromRequest<AppState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        if announced_length(&request).is_some_and(|length| length > LARGEST_UPLOAD as u64) {
            // Said before it is sent, so that nobody waits for a gigabyte to be refused.
            return Err(Failure::plain(Code::LicenseTooLarge).into());
        }
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if kind.starts_with("multipart/form-data") {
            let form =
                Multipart::from_request(request, state).await.map_err(|_| Failure::plain(Code::RequestMalformed))?;
            return Ok(Self(parts(form).await?.files()?));
        }
        match whole(request, state).await {
            Ok((_, bytes)) => Ok(Self(Files { entitlement: bytes.to_vec(), trust: None, catalog: None })),
            Err(Problem(failure)) if failure.code == Code::RequestTooLarge => {
                Err(Failure::plain(Code::LicenseTooLarge).into())
            }
            Err(other) => Err(other),
        }
    }
}

fn announced_length(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The parts of a form with files.
#[derive(Debug, Default)]
pub struct UploadForm {
    /// The entitlement.
    pub license: Option<Bytes>,
    /// The trust list.
    pub trust: Option<Bytes>,
    /// The catalog.
    pub catalog: Option<Bytes>,
    /// The form's own token.
    pub csrf: Option<String>,
    /// The code of the first start, where nobody has a token.
    pub code: Option<String>,
}

impl UploadForm {
    /// The files; an empty part of a form is a file that was not chosen.
    ///
    /// # Errors
    /// `license-empty` without an entitlement; `request-malformed` for a code that no first start has taken out.
    pub fn files(self) -> Result<Files, Failure> {
        if self.code.is_some() {
            return Err(no_part("code"));
        }
        let chosen = |part: Option<Bytes>| part.filter(|bytes| !bytes.is_empty()).map(|bytes| bytes.to_vec());
        let entitlement = chosen(self.license).ok_or_else(|| Failure::plain(Code::LicenseEmpty))?;
        Ok(Files { entitlement, trust: chosen(self.trust), catalog: chosen(self.catalog) })
    }
}

/// Reads the parts of an upload form.
///
/// # Errors
/// `request-malformed` for a part of another name, `license-too-large`.
pub async fn parts(mut form: Multipart) -> Result<UploadForm, Problem> {
    let malformed = |_| Problem(Failure::plain(Code::RequestMalformed));
    let mut read = UploadForm::default();
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        let name = field.name().unwrap_or("").to_owned();
        let bytes = field.bytes().await.map_err(|error| {
            let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem(Failure::plain(if too_large { Code::LicenseTooLarge } else { Code::RequestMalformed }))
        })?;
        match name.as_str() {
            "license" => read.license = Some(bytes),
            "trust" => read.trust = Some(bytes),
            "catalog" => read.catalog = Some(bytes),
            "code" => read.code = String::from_utf8(bytes.to_vec()).ok(),
            "csrf" => read.csrf = String::from_utf8(bytes.to_vec()).ok(),
            other => return Err(no_part(other).into()),
        }
    }
    Ok(read)
}

fn no_part(name: &str) -> Failure {
    let detail = format!("The form has no part `{name}`; its parts are license, trust and catalog.");
    Failure::new(Code::RequestMalformed, detail)
}

/// What becomes of a user type, in JSON.
pub(crate) fn type_effect(one: &TypeEffect) -> Value {
    json!({
        "id": one.user_type.as_str(),
        "licensed_before": one.licensed_before,
        "licensed_after": one.licensed_after,
        "assigned": one.assigned,
        "available_after": one.available_after,
        "locked_out": one.locked_out,
    })
}

/// What becomes of an add-on, in JSON.
pub(crate) fn add_on_effect(one: &AddOnEffect) -> Value {
    json!({
        "id": one.add_on.as_str(),
        "licensed_before": one.licensed_before,
        "licensed_after": one.licensed_after,
        "assigned": one.assigned,
        "available_after": one.available_after,
    })
}

/// What a file would do, in JSON.
#[must_use]
pub fn effects(effects: &Effects, id: Option<&str>) -> Value {
    let user_types: Vec<Value> = effects.user_types.iter().map(type_effect).collect();
    let add_ons: Vec<Value> = effects.add_ons.iter().map(add_on_effect).collect();
    json!({
        "id": id,
        "license": effects.license,
        "contract": effects.contract,
        "sequence": effects.sequence,
        "identity": effects.identity,
        "key": effects.key,
        "from": effects.from.to_string(),
        "until": effects.until.map(|until| until.to_string()),
        "user_types": user_types,
        "add_ons": add_ons,
        "blocks_products": effects.blocks_products(),
        "locked_out": effects.locked_out,
        "already_installed": effects.is_installed,
        "begins": effects.begins.map(|at| at.to_string()),
        "overtakes": effects.overtakes,
    })
}

/// Previews a file: signature, binding, sequence, and what it would do (A-ENF-8).
///
/// # Errors
/// `license-…`, `trust-list-…`, `privilege-missing`.
pub async fn create_preview(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Upload(files): Upload,
) -> Result<Response, Problem> {
    let caller = session.caller();
    let (id, shown) = state.store.write(move |tx| licenses::keep_preview(tx, &caller, &files)).await?;
    let location = format!("/api/v1/license-previews/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(effects(&shown, Some(&id)))).into_response())
}

/// A kept preview, judged anew.
///
/// # Errors
/// `not-found`; as [`create_preview`].
pub async fn show_preview(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let shown = state.store.read(|tx| licenses::show_preview(tx, &caller, &id))?;
    Ok(Json(effects(&shown, Some(&id))))
}

/// The confirmation of an import.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    confirm_locked_out: Option<u64>,
}

/// Puts the file of a preview in force.
///
/// # Errors
/// `confirmation-mismatch` with the number expected; `idempotency-key-required`; as [`create_preview`].
pub async fn import(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: Confirmation = if body.is_empty() { Confirmation::default() } else { json_body(&body)? };
    let once = Once::required(&headers, &format!("POST /license-previews/{id}/import"), &body)?;
    let caller = session.caller();
    let by = session.member().to_string();
    let answer = state
        .store
        .write(move |tx| {
            precondition::once(tx, &by, Some(&once), |tx| {
                let (shown, installation) = licenses::import_preview(tx, &caller, &id, sent.confirm_locked_out)?;
                let mut body = effects(&shown, Some(&id));
                if let Value::Object(members) = &mut body {
                    members.insert("imported".into(), json!(installation == Installation::Installed));
                    members.insert("staged".into(), json!(installation == Installation::Staged));
                }
                Ok((StatusCode::OK.as_u16(), body))
            })
        })
        .await?;
    Ok(precondition::answer(answer))
}

fn record(record: &PastEntitlement) -> Value {
    json!({
        "license": record.license.as_str(),
        "contract": record.contract.as_str(),
        "sequence": record.sequence,
        "identity": record.identity.to_string(),
        "installed_at": record.installed_at.to_string(),
        "imported_by": record.imported_by,
        "in_force": record.is_current,
    })
}

/// Every file that was in force here, newest first.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let records = state.read_long(move |tx| licenses::history(tx, &caller)).await?;
    Ok(Json(super::shape::list(records.iter().map(record).collect(), None)))
}

/// Which contract a file is of: that of the file in force, where none is named.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfContract {
    contract: Option<String>,
}

/// One file as it was received, byte for byte, by its sequence in a contract.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn file(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(sequence): Path<u32>,
    Query(of): Query<OfContract>,
) -> Result<Response, Problem> {
    let caller = session.caller();
    let bytes = state.store.read(|tx| licenses::file(tx, &caller, (of.contract.as_deref(), sequence)))?;
    let name = format!("attachment; filename=\"license-{sequence}.json\"");
    Ok(([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
