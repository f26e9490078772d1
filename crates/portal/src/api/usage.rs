//! `/usage`: how many seats were taken on each day; what ends when; and when a user type would be full.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use entitlement::{Moment, UserTypeId};
use serde_json::{Value, json};
use store::UsageDay;

use super::address::Query;
use super::licenses::{add_on_effect, type_effect};
use super::member_table::as_file;
use super::shape;
use crate::actions::schedule::{self, Foreseen};
use crate::actions::usage::fullness::{Basis, Outlook};
use crate::actions::usage::{self, Asked};
use crate::auth::session::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// A day without its time.
pub(crate) fn date(day: Moment) -> String {
    day.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// A day of a user type, in JSON.
pub(crate) fn day(one: &UsageDay) -> Value {
    json!({
        "day": date(one.day),
        "user_type": one.user_type.as_str(),
        "assigned": one.assigned,
        "licensed": one.licensed,
        "over_seconds": one.over_seconds,
    })
}

/// The most members who held a seat and the fewest seats that were licensed, on each day.
///
/// # Errors
/// `privilege-missing`, `validation-failed`.
pub async fn history(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Problem> {
    let (caller, sought) = (session.caller(), asked.read()?);
    let days = state.read_long(move |tx| usage::history(tx, &caller, &sought)).await?;
    Ok(Json(shape::list(days.iter().map(day).collect(), None)))
}

/// The same as CSV.
///
/// # Errors
/// As [`history`].
pub async fn export(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (caller, sought) = (session.caller(), asked.read()?);
    let days = state.read_long(move |tx| usage::history(tx, &caller, &sought)).await?;
    // Numbers, days and ids: nothing in it needs quotes.
    let row = |one: &UsageDay| {
        format!("{},{},{},{},{}\r\n", date(one.day), one.user_type, one.assigned, one.licensed, one.over_seconds)
    };
    let rows: String = days.iter().map(row).collect();
    Ok(as_file("usage.csv", format!("day,user_type,assigned,licensed,over_seconds\r\n{rows}")))
}

/// Every coming instant at which another number is licensed or a waiting file comes in force (design: Add-ons 4).
///
/// # Errors
/// `privilege-missing`.
pub async fn forecast(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let foreseen = state.read_long(move |tx| schedule::forecast(tx, &caller)).await?;
    Ok(Json(shape::list(foreseen.iter().map(self::foreseen).collect(), None)))
}

/// What changes at an instant, in JSON.
pub(crate) fn foreseen(one: &Foreseen) -> Value {
    let Foreseen { at, begins, user_types, add_ons, blocks_products } = one;
    json!({
        "at": at.to_string(),
        "begins": begins.as_ref().map(|license| license.as_str()),
        "user_types": user_types.iter().map(type_effect).collect::<Vec<_>>(),
        "add_ons": add_ons.iter().map(add_on_effect).collect::<Vec<_>>(),
        "blocks_products": blocks_products,
    })
}

/// When each user type would be full, if it went on as in the last 90 days.
///
/// # Errors
/// `privilege-missing`.
pub async fn fullness(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Json<Value>, Problem> {
    let caller = session.caller();
    let found = state.read_long(move |tx| usage::fullness(tx, &caller)).await?;
    Ok(Json(shape::list(found.iter().map(outlook).collect(), None)))
}

/// When a user type would be full, in JSON.
pub(crate) fn outlook((user_type, outlook): &(UserTypeId, Outlook)) -> Value {
    let (state, full_on, days, basis) = match outlook {
        Outlook::TooFewDays(days) => ("too-few-days", None, Some(*days), None),
        Outlook::FullNow => ("full", None, None, None),
        Outlook::NotGrowing(basis) => ("not-growing", None, None, Some(basis)),
        Outlook::NotForYears(basis) => ("not-for-years", None, None, Some(basis)),
        Outlook::FullOn(day, basis) => ("full-on", Some(date(*day)), None, Some(basis)),
    };
    let days = basis.map(|basis| basis.days).or(days);
    json!({"user_type": user_type.as_str(), "state": state, "full_on": full_on, "days": days, "basis": basis.map(self::basis)})
}

fn basis(basis: &Basis) -> Value {
    json!({
        "from": date(basis.first),
        "to": date(basis.last),
        "assigned_first": basis.assigned_first,
        "assigned_last": basis.assigned_last,
        "licensed": basis.licensed,
        "hundredths_in_30_days": basis.growth,
    })
}
