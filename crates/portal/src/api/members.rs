//! `/members`: list, add, show, delete, user type, password reset.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use rules::MemberId;
use rules::account::Sight;
use serde::Deserialize;
use serde_json::Value;
use store::{MemberFilter, MemberOrder};

use super::address::{Path, Query, page_of};
use super::body::{Whole, json_body};
use super::precondition::{self, Freshness, Once, etag, expected_version};
use super::shape;
use crate::actions::input::{self, instant_at, invalid_at, labels, role_at, user_type_at};
use crate::actions::members::{self, AskedExtras, Page};
use crate::actions::profile::{self, Profile};
use crate::auth::password;
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The most members on one page of a list.
const LONGEST_PAGE: u32 = 500;
/// How many where nothing is asked.
const PAGE: u32 = 100;

/// The filters of the list, as they stand in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filters {
    /// Only this user type.
    pub user_type: Option<String>,
    /// Only this role.
    pub role: Option<String>,
    /// Only `enabled`, `disabled` or `archived`; where nothing is asked, those who hold a seat.
    pub state: Option<String>,
    /// Only members of this group.
    pub group: Option<String>,
    /// Only members of this category.
    pub category: Option<String>,
    /// Only members who have not signed in since this instant.
    pub not_signed_in_since: Option<String>,
    /// Only those whom the lockout hits now (`true`), or whom it does not (`false`).
    pub locked_out: Option<bool>,
    /// Part of the user name, the full name or the address.
    pub q: Option<String>,
    /// `username`, `name`, `user_type`, `role`, `last_signed_in` or `state`; with a `-` before it from the last to the first.
    pub sort: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: Option<u32>,
}

impl Filters {
    /// The filter for the store.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn filter(self) -> Result<(MemberFilter, Page), Failure> {
        let state = self.state.as_deref().map(|name| {
            let unknown = || invalid_at("/state", &format!("`{name}` is none of enabled, disabled, archived"));
            rules::MemberState::from_name(name).ok_or_else(unknown)
        });
        let since = self.not_signed_in_since.as_deref().map(|at| instant_at("/not_signed_in_since", at));
        if self.q.as_deref().is_some_and(|text| text.chars().count() > 200 || text.chars().any(char::is_control)) {
            return Err(invalid_at("/q", "has more than 200 characters, or control characters"));
        }
        let order = self.sort.as_deref().map(|text| {
            let unknown = || invalid_at("/sort", &format!("`{text}` is none of {}", orders()));
            MemberOrder::parse(text).ok_or_else(unknown)
        });
        let order = order.transpose()?.unwrap_or_default();
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=LONGEST_PAGE).contains(&limit) {
            return Err(invalid_at("/limit", "is not a number from 1 to 500"));
        }
        let filter = MemberFilter {
            user_type: self.user_type.as_deref().map(|text| user_type_at("/user_type", text)).transpose()?,
            role: self.role.as_deref().map(|text| role_at("/role", text)).transpose()?,
            state: state.transpose()?,
            group: self.group.filter(|name| !name.is_empty()),
            category: self.category.filter(|name| !name.is_empty()),
            not_signed_in_since: since.transpose()?,
            text: self.q.filter(|text| !text.trim().is_empty()),
        };
        Ok((filter, Page { locked_out: self.locked_out, order, cursor: self.cursor, limit }))
    }
}

/// What a list can be sorted by, in words.
fn orders() -> String {
    let names: Vec<&str> = store::MemberSort::ALL.iter().map(|one| one.as_str()).collect();
    format!("{}, each also with a - before it", names.join(", "))
}

/// A page of members.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn list(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    RawQuery(query): RawQuery,
    Query(filters): Query<Filters>,
) -> Result<Response, Problem> {
    let (filter, part) = filters.filter()?;
    let caller = session.caller();
    let (page, sight) = state
        .read_long(move |tx| Ok((members::list(tx, &caller, &filter, &part)?, members::sight(tx, &caller)?)))
        .await?;
    let shown = match sight {
        Sight::Whole => shape::member,
        Sight::Names => shape::name,
    };
    let items = page.items.iter().map(shown).collect();
    Ok(page_of(items, page.next.as_deref(), query.as_deref()))
}

/// What is sent for a new member.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    username: String,
    user_type: Option<String>,
    full_name: Option<String>,
    email: Option<String>,
    role: Option<String>,
    groups: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    vendor_access: Option<bool>,
}

/// Labels and vendor-site access as they are sent.
///
/// # Errors
/// `validation-failed` with the place.
pub(super) fn asked_extras(
    groups: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    vendor_access: Option<bool>,
) -> Result<AskedExtras, Failure> {
    Ok(AskedExtras {
        groups: groups.map(|names| labels("/groups", names)).transpose()?,
        categories: categories.map(|names| labels("/categories", names)).transpose()?,
        vendor_access,
    })
}

impl NewMember {
    fn asked(self) -> Result<members::Asked, Failure> {
        let Self { username, user_type, full_name, email, role, groups, categories, vendor_access } = self;
        let extras = asked_extras(groups, categories, vendor_access)?;
        Ok(members::Asked { username, user_type, role, full_name, email, extras })
    }
}

/// Adds a member; the answer carries the one-time password, which is shown this once (S5, S18 to S21).
///
/// # Errors
/// `seat-limit-reached`, `creation-blocked-not-compliant`, `username-taken`, `role-exceeds-user-type`,
/// `privilege-missing`, `validation-failed`.
pub async fn create(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let once = Once::of(&headers, "POST /members", &body)?;
    let asked: NewMember = json_body(&body)?;
    let one_time = password::one_time_password()?;
    let addition = asked.asked()?.addition(members::one_time(&one_time))?;
    let caller = session.caller();
    let by = session.member().to_string();
    let ((status, mut body), freshness) = state
        .store
        .write(move |tx| {
            precondition::once(tx, &by, once.as_ref(), |tx| {
                Ok((StatusCode::CREATED.as_u16(), shape::member(&members::add(tx, &caller, addition)?)))
            })
        })
        .await?;
    // The remembered answer holds no password: a repeated request is told that it was made, and a reset gives another.
    let shown = (freshness == Freshness::First).then(|| one_time.as_str());
    let location = body.get("id").and_then(Value::as_str).map(|id| format!("/api/v1/members/{id}"));
    if let Value::Object(members) = &mut body {
        members.insert("one_time_password".into(), shown.into());
    }
    let mut response = precondition::answer(((status, body), freshness));
    if let Some(location) = location.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// One member, with the ETag that changes take.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = member_id(&id)?;
    let caller = session.caller();
    let (member, labels, add_ons) =
        state.store.read(|tx| Ok((members::show(tx, &caller, &id)?, tx.labels(&id)?, tx.add_ons_of(&id)?)))?;
    Ok(with_tag(shape::labelled(&member, &labels, &add_ons), member.version))
}

fn with_tag(body: Value, version: u64) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

/// What of an account is to change; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentProfile {
    full_name: Option<String>,
    email: Option<String>,
    groups: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    vendor_access: Option<bool>,
}

/// Changes name, address, groups, categories or vendor-site access of a member (S85 to S88, S174, S223).
///
/// # Errors
/// `reserved-to-administrators`, `privilege-missing`, `validation-failed`, `not-found`, `stale`, `precondition-required`.
pub async fn update(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let (id, expected) = (member_id(&id)?, expected_version(&headers)?);
    let sent: SentProfile = json_body(&body)?;
    let profile = Profile {
        full_name: sent.full_name.map(|name| input::text("/full_name", Some(name))).transpose()?,
        email: sent.email.map(|email| input::text("/email", Some(email))).transpose()?,
        extras: asked_extras(sent.groups, sent.categories, sent.vendor_access)?,
    };
    let caller = session.caller();
    let changed = state.store.write(move |tx| {
        let member = profile::describe(tx, &caller, &id, (&profile, expected))?;
        Ok(((tx.labels(&id)?, tx.add_ons_of(&id)?), members::show(tx, &caller, &id).is_ok(), member))
    });
    let ((labels, add_ons), is_seen, member) = changed.await?;
    // Who may assign groups need not be one who sees accounts.
    let body = if is_seen { shape::labelled(&member, &labels, &add_ons) } else { shape::name(&member) };
    Ok(with_tag(body, member.version))
}

/// Deletes a member.
///
/// # Errors
/// `last-administrator`, `reserved-to-administrators`, `privilege-missing`, `not-found`, `stale`,
/// `precondition-required`.
pub async fn delete(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let id = member_id(&id)?;
    let expected = expected_version(&headers)?;
    let caller = session.caller();
    state.store.write(move |tx| members::delete(tx, &caller, &id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a member a new one-time password; all the member's sessions end.
///
/// # Errors
/// `reserved-to-administrators`, `privilege-missing`, `not-found`.
pub async fn reset_password(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = member_id(&id)?;
    let one_time = password::one_time_password()?;
    let stored = members::one_time(&one_time);
    let caller = session.caller();
    let member = state.store.write(move |tx| members::reset_password(tx, &caller, &id, &stored)).await?;
    let body = serde_json::json!({"id": member.id.as_str(), "username": member.username, "one_time_password": one_time.as_str()});
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// The id of a member in an address.
///
/// # Errors
/// `not-found`: what is no id is nobody's.
pub fn member_id(text: &str) -> Result<MemberId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no member `{text}`.")))
}
