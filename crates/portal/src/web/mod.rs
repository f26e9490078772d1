//! The handlers of the pages: who reads, what is read or done by one action, and which page answers.
//!
//! Every refusal is a page as well ([`visit::Refused`]): with the form it belongs to where there is one, and with the
//! status that the registry gives it. A handler compares nothing with a limit; rules and actions do.

pub mod accept_invitation;
pub mod add_member;
pub mod add_ons;
pub mod audit;
mod barred;
pub mod bulk_change;
pub mod change_user_type;
pub mod changes;
pub mod delete_member;
pub mod directory;
pub mod done;
pub mod edit_member;
mod extras;
pub mod help;
pub mod import;
pub mod import_members;
pub mod in_use;
pub mod invitations;
pub mod licenses;
pub mod member;
pub mod members;
pub mod names;
pub mod overview;
pub mod pairs;
pub mod password;
pub mod plans;
pub mod privileges;
pub mod product_ends;
pub mod products;
pub mod profile;
pub mod reports;
pub mod role_deletion;
pub mod role_editor;
pub mod roles;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod surroundings;
pub mod swap;
pub mod undo;
pub mod visit;
pub mod why;

use std::fmt;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use errors::Failure;
use serde_json::Value;

use crate::api::licenses::LARGEST_UPLOAD;
use crate::pages;
use crate::problem::{Problem, status_of};
use crate::state::AppState;

/// Every address of the pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(overview::show))
        .route("/signin", get(sign_in::show).post(sign_in::enter))
        .route("/signout", post(sign_in::leave))
        .route("/setup", get(setup::show).post(setup::look).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/setup/activate", post(setup::activate))
        .route("/password", get(password::show).post(password::change))
        .route("/licenses", get(licenses::show))
        .route("/licenses/import", post(import::upload).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/licenses/staged/{license}", get(licenses::ask_withdrawal).post(licenses::withdraw))
        .route("/licenses/import/{id}", get(import::show).post(import::confirm))
        .route("/members", get(members::show))
        .route("/members/new", get(add_member::show).post(add_member::add))
        .merge(people())
        .route("/members/swap", get(swap::show).post(swap::apply))
        .route("/members/{id}/user-type", get(change_user_type::show).post(change_user_type::change))
        .route("/members/{id}/delete", get(delete_member::show).post(delete_member::delete))
        .merge(administration())
        .merge(licenses_in_use())
        .route("/help/errors", get(help::list))
        .route("/help/errors/{code}", get(help::show))
        .route("/problems/{code}", get(help::show))
        .route("/assets/{name}", get(help::asset))
        .fallback(help::no_such_page)
        .method_not_allowed_fallback(help::no_such_method)
}

/// The addresses of members and of the changes of their seats.
fn people() -> Router<AppState> {
    let upload = DefaultBodyLimit::max(import_members::LARGEST_UPLOAD);
    let confirmation = DefaultBodyLimit::max(import_members::LARGEST_CONFIRMATION);
    Router::new()
        .route("/members/change", get(bulk_change::show).post(bulk_change::change))
        .route("/members/import", get(import_members::show).post(import_members::upload).layer(upload))
        .route("/members/import/confirm", post(import_members::confirm).layer(confirmation))
        .route("/members/{id}", get(member::show))
        .route("/members/{id}/edit", get(edit_member::show).post(edit_member::save))
        .route("/members/{id}/password", get(member::ask_password).post(member::reset_password))
        .route("/changes", get(changes::list))
        .route("/changes/{id}", get(changes::show))
        .route("/changes/{id}/undo", get(undo::show).post(undo::undo))
        .route("/changes/{id}/cancel", post(changes::cancel))
}

/// The pages of add-ons and products.
fn licenses_in_use() -> Router<AppState> {
    Router::new()
        .route("/add-ons/repair", get(add_ons::ask_repair).post(add_ons::repair))
        .route("/add-ons/{id}", get(add_ons::show))
        .route("/products", get(products::list))
        .route("/products/{product}/activity", get(products::show))
        .route("/products/{product}/sessions/{id}/end", get(product_ends::ask_end).post(product_ends::end))
        .route("/products/{product}/checkouts/{id}/release", get(product_ends::ask_release).post(product_ends::release))
        .route("/products/{product}/checkouts/{id}/return", get(product_ends::ask_code).post(product_ends::hand_in))
}

/// The pages of roles, one's own account, settings and invitations.
fn administration() -> Router<AppState> {
    Router::new()
        .route("/roles", get(roles::list))
        .route("/roles/new", get(role_editor::new).post(role_editor::create))
        .route("/roles/{id}", get(roles::show))
        .route("/roles/{id}/edit", get(role_editor::open).post(role_editor::change))
        .route("/reports", get(reports::show))
        .route("/audit", get(audit::list))
        .route("/audit/{seq}", get(audit::show))
        .route("/settings", get(settings::index))
        .route("/settings/{topic}", get(settings::show).post(settings::save))
        .route("/invitations", get(invitations::list))
        .route("/invitations/new", get(invitations::new).post(invitations::send))
        .route("/invitations/{id}", get(accept_invitation::show).post(accept_invitation::accept))
        .route("/invitations/{id}/resend", post(invitations::resend))
        .route("/invitations/{id}/revoke", get(invitations::ask).post(invitations::revoke))
        .route("/profile", get(profile::show).post(profile::change))
        .route("/members/{id}/why", get(why::show))
        .route("/roles/{id}/delete", get(role_deletion::ask).post(role_deletion::delete))
}

/// A page that answers what was asked.
fn page(content: &(impl Template + fmt::Debug)) -> Response {
    match pages::html(content) {
        Ok(html) => Html(html).into_response(),
        Err(failure) => Problem(failure).into_response(),
    }
}

/// A page that says why something was not done, with the status of the refusal.
fn refusal(content: &(impl Template + fmt::Debug), failure: &Failure) -> Response {
    let mut response = page(content);
    *response.status_mut() = status_of(failure);
    if let Some(seconds) = failure.facts.get("retry_after").and_then(Value::as_u64) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response.extensions_mut().insert(failure.code);
    response
}

/// After a form was carried out: on to a page, which can be loaded again without repeating the form.
fn see_other(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}
