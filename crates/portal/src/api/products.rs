//! `/products`: sessions, renewals, checkouts, activity (S58 to S84).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog::Product;
use entitlement::{Label, Name, Policy, PublicKey, SecretKey};
use errors::Failure;
use rules::session::SessionFacts;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::StoredCheckout;

use super::address::{Path, Query};
use super::body::Body;
use super::member_table::as_file;
use super::shape;
use crate::actions::Caller;
use crate::actions::activity::{self, Activity};
use crate::actions::input::{self, invalid_at};
use crate::actions::member_table::safe;
use crate::actions::products::{self, Computer, Grant, Named};
use crate::auth;
use crate::auth::secret_token::SecretToken;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// How many members stand on a page of activity.
const PAGE: u32 = 200;

/// Where a client asks from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentComputer {
    device_id: String,
    computer: String,
    request_id: Option<String>,
    /// The raw public key of the computer, in base64url: what it signs gives a checkout back.
    device_key: Option<String>,
}

impl SentComputer {
    fn read(&self) -> Result<Computer, Failure> {
        let id = Label::parse(&self.device_id).map_err(|error| invalid_at("/device_id", &error.to_string()))?;
        let name = Name::parse(&self.computer).map_err(|error| invalid_at("/computer", &error.to_string()))?;
        let key = self.device_key.as_deref().map(device_key);
        Ok(Computer { id, name, key: key.transpose()? })
    }
}

fn device_key(text: &str) -> Result<PublicKey, Failure> {
    let wrong = || invalid_at("/device_key", "is not an Ed25519 public key of 32 bytes in base64url");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| wrong())?;
    PublicKey::self_named(&bytes).map_err(|_| wrong())
}

/// A session, in JSON.
pub(crate) fn session_shape(session: &SessionFacts, policy: Policy) -> Value {
    json!({
        "id": session.id, "device_id": session.device, "computer": session.device_name,
        "created_at": session.created_at.to_string(), "last_used": session.last_used.to_string(),
        "active_until": session.active_until(policy).to_string(),
    })
}

/// A grant, in JSON.
#[derive(Debug, Serialize)]
pub struct Granted {
    id: String,
    product: String,
    level: Option<String>,
    extensions: Vec<String>,
    device_id: String,
    computer: String,
    created_at: String,
    last_used: String,
    active_until: String,
    lease: Option<String>,
}

impl Granted {
    fn signed(grant: Grant, key: &SecretKey) -> Result<Json<Self>, Problem> {
        let lease = grant.signed_lease(key)?;
        let Grant { session, product, access, active_until, .. } = grant;
        Ok(Json(Self {
            id: session.id,
            product: product.to_string(),
            level: access.level,
            extensions: access.extensions.iter().map(ToString::to_string).collect(),
            device_id: session.device,
            computer: session.device_name,
            created_at: session.created_at.to_string(),
            last_used: session.last_used.to_string(),
            active_until: active_until.to_string(),
            lease,
        }))
    }
}

/// A checkout, in JSON.
pub(crate) fn checkout_shape(checkout: &StoredCheckout) -> Value {
    json!({
        "id": checkout.facts.id, "product": checkout.product.as_str(), "device_id": checkout.facts.device,
        "computer": checkout.facts.device_name, "created_at": checkout.created_at.to_string(),
        "until": checkout.facts.until.to_string(), "state": checkout.facts.state.as_str(), "lease": checkout.lease,
    })
}

/// The products that there are.
///
/// # Errors
/// `not-signed-in`.
pub async fn list(State(state): State<AppState>, SignedIn(_): SignedIn) -> Result<Json<Value>, Problem> {
    let catalog = state.store.read(|tx| tx.catalog())?;
    Ok(Json(shape::list(catalog.products().iter().map(product_shape).collect(), None)))
}

/// A product, in JSON.
pub(crate) fn product_shape(one: &Product) -> Value {
    json!({"id": one.id.as_str(), "name": one.name, "levels": one.levels, "sessions": one.sessions,
           "offline": one.offline})
}

/// Begins a session on a computer; the same `request_id` gets the same grant (S58, S68; B37).
///
/// # Errors
/// `not-licensed`, `product-over-assigned`, `session-limit-reached` with the sessions, `offline-elsewhere`.
pub async fn start(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(product): Path<String>,
    Body(sent): Body<SentComputer>,
) -> Result<Response, Problem> {
    let (product, computer, caller) = (input::product(&product)?, sent.read()?, session.caller());
    let request = sent.request_id.unwrap_or_default();
    if request.is_empty() || request.chars().count() > 100 {
        return Err(invalid_at("/request_id", "has 1 to 100 characters: a fresh one for each start").into());
    }
    let grant = state.store.write(move |tx| products::start(tx, &caller, &product, (&computer, &request))).await?;
    Ok((StatusCode::CREATED, Granted::signed(grant, &state.key)?).into_response())
}

/// Renews a session because its user is active (S69). The most frequent request of all: it reads once and waits for no
/// disk, unless its record must not wait.
///
/// # Errors
/// `session-ended` with the cause and `save_until`; `offline-elsewhere`; `not-found`.
pub async fn renew(
    State(state): State<AppState>,
    token: SecretToken,
    Path((product, id)): Path<(String, String)>,
) -> Result<Json<Granted>, Problem> {
    let (caller, noted) = state.store.read(|tx| {
        let member = auth::session::enter(tx, &token)?.member;
        let caller = Caller::Member(member.id.clone());
        Ok((caller, products::note_renewal(tx, member, Named::of(&product, &id))?))
    })?;
    let grant = match noted {
        Some(grant) => grant,
        None => state.store.write(move |tx| products::renew(tx, &caller, Named::of(&product, &id))).await?,
    };
    Granted::signed(grant, &state.key)
}

/// How a session is ended.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// The member signs out on the computer itself.
    #[serde(default)]
    sign_out: bool,
}

/// Ends a session: one's own, or somebody else's by whoever manages licenses (S59, S76).
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn end(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((product, id)): Path<(String, String)>,
    Query(how): Query<How>,
) -> Result<StatusCode, Problem> {
    let caller = session.caller();
    state.store.write(move |tx| products::end(tx, &caller, Named::of(&product, &id), how.sign_out)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's own active sessions, of every product.
///
/// # Errors
/// `not-signed-in`.
pub async fn own_sessions(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let (caller, whom) = (session.caller(), session.member().clone());
    state.settle_uses().await;
    let (found, policy) = state.store.read(|tx| {
        let policy = tx.license()?.at(tx.now()).policy();
        Ok((products::sessions(tx, &caller, &whom)?, policy))
    })?;
    let items = found.iter().map(|(product, one)| {
        let mut shape = session_shape(one, policy);
        if let Value::Object(members) = &mut shape {
            members.insert("product".into(), json!(product.as_str()));
        }
        shape
    });
    Ok(Json(shape::list(items.collect(), None)))
}

/// Takes a product offline on a computer; the same computer gets the same lease again (S81; B38).
///
/// # Errors
/// `not-bound`, `offline-disabled`, `offline-elsewhere`, `not-licensed`, `product-over-assigned`.
pub async fn check_out(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(product): Path<String>,
    Body(sent): Body<SentComputer>,
) -> Result<Response, Problem> {
    let (product, computer, caller) = (input::product(&product)?, sent.read()?, session.caller());
    let key = std::sync::Arc::clone(&state.key);
    let made = state.store.write(move |tx| products::check_out(tx, &caller, &product, (&computer, &key))).await?;
    Ok((StatusCode::CREATED, Json(checkout_shape(&made))).into_response())
}

/// Which computer gives a checkout back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    device_id: String,
}

/// Brings a checkout home from its computer.
///
/// # Errors
/// `not-found`, `validation-failed` from another computer, `offline-elsewhere` when it was released.
pub async fn check_in(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((product, id)): Path<(String, String)>,
    Query(device): Query<Device>,
) -> Result<StatusCode, Problem> {
    let caller = session.caller();
    state.store.write(move |tx| products::check_in(tx, &caller, Named::of(&product, &id), &device.device_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Releases a checkout whose computer does not give it back.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn release(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((product, id)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let released = state.store.write(move |tx| products::release(tx, &caller, Named::of(&product, &id))).await?;
    Ok(Json(checkout_shape(&released)))
}

/// A return code as it is handed in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentCode {
    code: String,
}

/// Hands in a return code, signed by the computer that had the lease.
///
/// # Errors
/// `lease-…` for a code that is not of this lease; `not-found`.
pub async fn hand_in(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path((product, id)): Path<(String, String)>,
    Body(sent): Body<SentCode>,
) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let returned =
        state.store.write(move |tx| products::hand_in(tx, &caller, Named::of(&product, &id), &sent.code)).await?;
    Ok(Json(checkout_shape(&returned)))
}

/// Which part of the activity.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Only `online`, `offline` or `unused` members.
    state: Option<String>,
    /// How many days without use make a member `unused`.
    unused_days: Option<String>,
    cursor: Option<String>,
}

impl Part {
    fn read(&self) -> Result<activity::Part, Failure> {
        activity::Part::read(self.state.as_deref(), self.unused_days.as_deref())
    }
}

/// A member's activity, in JSON.
pub(crate) fn activity_shape(one: &Activity, policy: Policy) -> Value {
    let mut shape = shape::name(&one.member);
    if let Value::Object(members) = &mut shape {
        let extensions: Vec<&str> = one.access.extensions.iter().map(|id| id.as_str()).collect();
        members.insert("level".into(), json!(one.access.level));
        members.insert("extensions".into(), json!(extensions));
        members.insert("last_used".into(), json!(one.last_used.map(|at| at.to_string())));
        members.insert("recently_used".into(), json!(one.is_recent));
        members.insert(
            "offline".into(),
            json!(one.offline.as_ref().map(|out| {
                json!({"id": out.facts.id, "computer": out.facts.device_name, "until": out.facts.until.to_string(),
                   "state": out.facts.state.as_str()})
            })),
        );
        let sessions = one.sessions.iter().map(|session| session_shape(session, policy));
        members.insert("sessions".into(), sessions.collect());
    }
    shape
}

/// Who may use a product and has: last use, sessions, checkouts (S61 to S67). With `Accept: text/csv`, everybody as a table.
///
/// # Errors
/// `privilege-missing`, `not-found`, `validation-failed`.
pub async fn activity(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(product): Path<String>,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wants_table = headers.get(header::ACCEPT).and_then(|kind| kind.to_str().ok());
    if wants_table.is_some_and(|kind| kind.starts_with("text/csv")) {
        return export(State(state), SignedIn(session), Path(product), Query(part)).await;
    }
    let (product, caller) = (input::product(&product)?, session.caller());
    let (of, cursor) = (part.read()?, part.cursor);
    state.settle_uses().await;
    let (rows, next, policy) = state
        .read_long(move |tx| {
            let policy = tx.license()?.at(tx.now()).policy();
            let (rows, next) = activity::activity(tx, &caller, (&product, of), (cursor.as_deref(), PAGE))?;
            Ok((rows, next, policy))
        })
        .await?;
    let items = rows.iter().map(|one| activity_shape(one, policy)).collect();
    Ok(Json(shape::list(items, next.as_deref())).into_response())
}

/// The same of everybody as a table of comma-separated values, also where no header can be sent.
///
/// # Errors
/// As [`activity()`].
pub async fn export(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(product): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, Problem> {
    state.settle_uses().await;
    let (product, caller, of) = (input::product(&product)?, session.caller(), part.read()?);
    let rows = state.read_long(move |tx| activity::whole(tx, &caller, (&product, of))).await?;
    Ok(as_file("activity.csv", table(&rows)?))
}

fn table(rows: &[Activity]) -> Result<String, Failure> {
    let internal = |error: csv::Error| store::StoreError::internal(error).into_failure();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heading =
        ["username", "full_name", "level", "last_used", "sessions", "computers", "offline_on", "offline_until"];
    writer.write_record(heading).map_err(internal)?;
    for one in rows {
        let computers: Vec<&str> = one.sessions.iter().map(|session| session.device_name.as_str()).collect();
        let out = one.offline.as_ref();
        let cells = [
            safe(&one.member.username),
            safe(&one.member.full_name),
            one.access.level.clone().unwrap_or_default(),
            one.last_used.map(|at| at.to_string()).unwrap_or_default(),
            one.sessions.len().to_string(),
            safe(&computers.join("; ")),
            safe(out.map_or("", |out| &out.facts.device_name)),
            out.map(|out| out.facts.until.to_string()).unwrap_or_default(),
        ];
        writer.write_record(&cells).map_err(internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| store::StoreError::internal(error).into_failure())?;
    String::from_utf8(bytes).map_err(|error| store::StoreError::internal(error).into_failure())
}
