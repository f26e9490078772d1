//! Every route in one table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, delete, get, post, put};

use crate::api::{
    add_ons, audit, changes, invitations, lease_files, licenses, me, member_table, members, products, roles, session,
    settings, status, trust, usage,
};
use crate::state::AppState;
use crate::{edge, web};

/// The most bytes of an ordinary body.
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// The whole portal as a service; tests call it without a socket.
pub fn app(state: AppState) -> Router {
    let api = Router::new()
        .route("/session", post(session::create).delete(session::delete))
        .route("/me", get(me::show))
        .route("/me/privileges", get(me::privileges))
        .route("/me/role", get(me::role))
        .route("/introspect", post(me::introspect))
        .route("/me/password", put(me::set_password))
        .route("/status", get(status::show))
        .route("/licenses", get(licenses::list))
        .route("/licenses/current", get(status::current_license))
        .route("/licenses/staged", get(trust::waiting))
        .route("/licenses/staged/{license}", delete(trust::withdraw))
        .route("/licenses/{sequence}/file", get(licenses::file))
        .route("/trust", get(trust::show).post(trust::import).layer(DefaultBodyLimit::max(licenses::LARGEST_FILE)))
        .route(
            "/license-previews",
            post(licenses::create_preview).layer(DefaultBodyLimit::max(licenses::LARGEST_UPLOAD)),
        )
        .route("/license-previews/{id}", get(licenses::show_preview))
        .route("/license-previews/{id}/import", post(licenses::import))
        .route("/user-types", get(status::user_types))
        .route("/user-types/{id}", get(status::user_type))
        .route("/user-types/{id}/members", get(status::members_of))
        .route("/members", get(members::list).post(members::create))
        .route("/members/import", post(member_table::import))
        .route("/members/export", get(member_table::export))
        .route("/members/{id}", get(members::show).patch(members::update).delete(members::delete))
        .route("/members/{id}/user-type", put(changes::set_user_type))
        .route("/members/{id}/role", put(changes::set_role))
        .route("/members/{id}/password-reset", post(members::reset_password))
        .route("/members/{id}/add-ons/{add_on}", put(add_ons::assign).delete(add_ons::unassign))
        .merge(licences())
        .merge(log())
        .route("/changes", get(changes::list).post(changes::create))
        .route("/changes/{id}", get(changes::show).delete(changes::cancel))
        .route("/changes/{id}/revert", post(changes::revert))
        .route("/invitations", get(invitations::list).post(invitations::create))
        .route("/invitations/{id}", delete(invitations::delete))
        .route("/invitations/{id}/resend", post(invitations::resend))
        .route("/invitations/{id}/accept", post(invitations::accept))
        .route("/roles", get(roles::list).post(roles::create))
        .route("/roles/{id}", get(roles::show).put(roles::update).delete(roles::delete))
        .route("/privileges", get(roles::privileges))
        .route("/privileges/{id}/check", get(roles::check))
        .route("/workflows", get(roles::workflows))
        .route("/workflows/{id}/check", get(roles::check))
        .route("/settings/{topic}", get(settings::show).put(settings::set))
        .fallback(edge::no_such_resource)
        .method_not_allowed_fallback(edge::no_such_method)
        .layer(from_fn(edge::referring));
    Router::new()
        .nest("/api/v1", api)
        // The one address below it that a nested router leaves to the pages.
        .route("/api/v1/", any(edge::no_such_resource))
        .layer(from_fn_with_state(state.clone(), web::directory::show))
        .route("/livez", get(edge::alive))
        .route("/readyz", get(edge::ready))
        .merge(web::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(state.clone(), edge::around))
        .with_state(state)
}

/// The audit log.
fn log() -> Router<AppState> {
    Router::new()
        .route("/audit-events", get(audit::list))
        .route("/audit-events/export", get(audit::export))
        .route("/audit-events/verification", get(audit::verification))
        .route("/audit-events/{seq}", get(audit::show))
}

/// Add-ons, products, sessions, checkouts.
fn licences() -> Router<AppState> {
    Router::new()
        .route("/add-ons", get(add_ons::list))
        .route("/add-ons/repair", get(add_ons::repair))
        .route("/add-ons/{id}/members", get(add_ons::members))
        .route("/usage", get(usage::history))
        .route("/usage/export", get(usage::export))
        .route("/usage/forecast", get(usage::forecast))
        .route("/usage/fullness", get(usage::fullness))
        .route("/lease-files/{license}", get(lease_files::show))
        .route("/me/sessions", get(products::own_sessions))
        .route("/products", get(products::list))
        .route("/products/{product}/activity", get(products::activity))
        .route("/products/{product}/activity/export", get(products::export))
        .route("/products/{product}/sessions", post(products::start))
        .route("/products/{product}/sessions/{id}", delete(products::end))
        .route("/products/{product}/sessions/{id}/renew", post(products::renew))
        .route("/products/{product}/checkouts", post(products::check_out))
        .route("/products/{product}/checkouts/{id}", delete(products::check_in))
        .route("/products/{product}/checkouts/{id}/release", post(products::release))
        .route("/products/{product}/checkouts/{id}/return-code", post(products::hand_in))
}
