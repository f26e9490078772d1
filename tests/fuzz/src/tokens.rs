//! Secrets and addresses that strangers can write: cookies, bearer tokens, form tokens, invitations, cursors, filters.
//!
//! Each line is one try: `cookie TEXT`, `bearer TEXT`, `form TEXT`, `invitation TEXT`, `query PATH TEXT`. Nothing but the
//! very token lets anybody in.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderValue, Request, Uri, header};
use portal::auth::session::COOKIE_NAME;

use crate::house::{self, House};
use crate::request::filled;

/// More tries in one input are left out.
const MOST: usize = 6;
/// A session that would be somebody else's.
const NOBODYS: &str = "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// Up to six tries.
pub fn tokens(input: &[u8]) {
    house::visit(|house| {
        let (token, csrf) = (house.ana.token.clone().unwrap_or_default(), house.ana.form_token());
        let names = [("{token}", token.clone()), ("{csrf}", csrf.clone()), ("{other}", NOBODYS.to_owned())];
        let Ok(text) = String::from_utf8(filled(input, &names)) else { return };
        for line in text.split('\n').take(MOST) {
            let Some((what, told)) = line.split_once(' ') else { continue };
            match what {
                "cookie" => cookie(house, told, &token),
                "bearer" => bearer(house, told, &token),
                "form" => form(house, told, (&token, &csrf)),
                "invitation" => invitation(house, told),
                "query" => query(house, told, &token),
                _ => {}
            }
        }
    });
}

fn cookie(house: &mut House, told: &str, token: &str) {
    let Some(request) = with(Request::get("/api/v1/me"), "cookie", told) else { return };
    let is_in = house.sends(request).status == 200;
    let ours = format!("{COOKIE_NAME}={token}");
    // The first cookie of the name that is a token counts.
    assert!(!is_in || told.contains(&ours), "let in by the cookie `{told}`");
    assert!(is_in || told != ours, "not let in by the own cookie");
}

fn bearer(house: &mut House, told: &str, token: &str) {
    let Some(request) = with(Request::get("/api/v1/me"), "authorization", told) else { return };
    assert_eq!(house.sends(request).status == 200, told.trim() == format!("Bearer {token}"), "`{told}`");
}

fn form(house: &mut House, told: &str, (token, csrf): (&str, &str)) {
    let encoded: String = told.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let request = Request::post("/roles/custom_none/delete")
        .header(header::COOKIE, format!("{COOKIE_NAME}={token}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={encoded}&version=1")));
    let status = house.sends(request.expect("a request")).status;
    assert_eq!(status != 403, told == csrf, "{status} for the form token `{told}`");
}

fn invitation(house: &mut House, told: &str) {
    let encoded: String = told.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = Request::get(format!("/invitations/{encoded}")).body(Body::empty());
    let shown = house.sends(page.expect("a request")).status;
    let body = r#"{"username": "eve", "password": "four plain unrelated words"}"#;
    let accept = Request::post(format!("/api/v1/invitations/{encoded}/accept"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body));
    let accepted = house.sends(accept.expect("a request")).status;
    assert!(shown >= 400 && accepted >= 400, "{shown} and {accepted} for the invitation `{told}`");
}

/// A list of the interface, and what is asked of it.
fn query(house: &mut House, told: &str, token: &str) {
    let (path, asked) = told.split_once(' ').unwrap_or((told, ""));
    let Ok(uri) = format!("/api/v1/{path}?{asked}").parse::<Uri>() else { return };
    let Some(request) = with(Request::get(uri), "authorization", &format!("Bearer {token}")) else { return };
    let answer = house.sends(request);
    if let Some(next) = answer.json()["next"].as_str() {
        assert!(!next.is_empty(), "a cursor says something");
    }
}

fn with(request: Builder, name: &str, told: &str) -> Option<Request<Body>> {
    request.header(name, HeaderValue::from_bytes(told.as_bytes()).ok()?).body(Body::empty()).ok()
}
