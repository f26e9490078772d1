//! Who may do what, over every route that there is (S7, S114, S179; design: Who reads).

use axum::http::Method;
use serde_json::json;
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

/// Who is let in at a route of the interface.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Anybody,
    /// Whoever starts the portal for the first time; afterwards nobody, who is led to the sign-in.
    FirstStart,
    Members,
    Administrators,
}

/// Every route of the interface with a method, whom it is for, and a body that is good.
const ROUTES: &[(&str, &str, For, &str)] = &[
    ("POST", "/session", For::Anybody, "{}"),
    ("DELETE", "/session", For::Members, ""),
    ("GET", "/me", For::Members, ""),
    ("GET", "/me/privileges", For::Members, ""),
    ("GET", "/me/role", For::Members, ""),
    ("PUT", "/me/password", For::Members, r#"{"current_password": "x", "new_password": "y"}"#),
    ("POST", "/introspect", For::Administrators, "token=swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
    ("GET", "/status", For::Administrators, ""),
    ("GET", "/licenses", For::Administrators, ""),
    ("GET", "/licenses/current", For::Administrators, ""),
    ("GET", "/licenses/{sequence}/file", For::Administrators, ""),
    ("GET", "/licenses/staged", For::Administrators, ""),
    ("DELETE", "/licenses/staged/{license}", For::Administrators, ""),
    ("GET", "/trust", For::Administrators, ""),
    ("POST", "/trust", For::Administrators, "LIST"),
    ("POST", "/license-previews", For::Administrators, "LICENSE"),
    ("GET", "/license-previews/{id}", For::Administrators, ""),
    ("POST", "/license-previews/{id}/import", For::Administrators, "{}"),
    ("GET", "/user-types", For::Administrators, ""),
    ("GET", "/user-types/{id}", For::Administrators, ""),
    ("GET", "/user-types/{id}/members", For::Administrators, ""),
    ("GET", "/members", For::Administrators, ""),
    ("POST", "/members", For::Administrators, r#"{"username": "x", "user_type": "viewer"}"#),
    ("POST", "/members/import", For::Administrators, "username,user_type\nx,viewer\n"),
    ("GET", "/members/export", For::Administrators, ""),
    ("GET", "/members/{id}", For::Administrators, ""),
    ("PATCH", "/members/{id}", For::Administrators, r#"{"full_name": "x"}"#),
    ("DELETE", "/members/{id}", For::Administrators, ""),
    ("PUT", "/members/{id}/user-type", For::Administrators, r#"{"user_type": "creator"}"#),
    ("PUT", "/members/{id}/role", For::Administrators, r#"{"role": "viewer"}"#),
    ("POST", "/members/{id}/password-reset", For::Administrators, ""),
    ("GET", "/audit-events", For::Administrators, ""),
    ("GET", "/audit-events/export", For::Administrators, ""),
    ("GET", "/audit-events/verification", For::Administrators, ""),
    ("GET", "/audit-events/{seq}", For::Administrators, ""),
    ("GET", "/changes", For::Administrators, ""),
    ("POST", "/changes", For::Administrators, r#"{"operations": [{"member": "ID", "set_role": "viewer"}]}"#),
    ("GET", "/changes/{id}", For::Administrators, ""),
    ("DELETE", "/changes/{id}", For::Administrators, ""),
    ("POST", "/changes/{id}/revert", For::Administrators, ""),
    ("GET", "/invitations", For::Administrators, ""),
    ("POST", "/invitations", For::Administrators, r#"{"user_type": "viewer"}"#),
    ("DELETE", "/invitations/{id}", For::Administrators, ""),
    ("POST", "/invitations/{id}/resend", For::Administrators, ""),
    ("POST", "/invitations/{id}/accept", For::Anybody, r#"{"username": "x", "password": "y"}"#),
    ("GET", "/roles", For::Administrators, ""),
    ("POST", "/roles", For::Administrators, ROLE),
    ("GET", "/roles/{id}", For::Administrators, ""),
    ("PUT", "/roles/{id}", For::Administrators, ROLE),
    ("DELETE", "/roles/{id}", For::Administrators, ""),
    ("GET", "/privileges", For::Members, ""),
    ("GET", "/privileges/{id}/check", For::Members, ""),
    ("GET", "/workflows", For::Members, ""),
    ("GET", "/workflows/{id}/check", For::Members, ""),
    ("GET", "/settings/{topic}", For::Administrators, ""),
    ("PUT", "/settings/{topic}", For::Administrators, "{}"),
    ("PUT", "/members/{id}/add-ons/{add_on}", For::Administrators, "{}"),
    ("DELETE", "/members/{id}/add-ons/{add_on}", For::Administrators, ""),
    ("GET", "/add-ons", For::Administrators, ""),
    ("GET", "/add-ons/repair", For::Administrators, ""),
    ("GET", "/add-ons/{id}/members", For::Administrators, ""),
    ("GET", "/usage", For::Administrators, ""),
    ("GET", "/usage/export", For::Administrators, ""),
    ("GET", "/usage/forecast", For::Administrators, ""),
    ("GET", "/usage/fullness", For::Administrators, ""),
    ("GET", "/me/sessions", For::Members, ""),
    ("GET", "/lease-files/{license}", For::Administrators, ""),
    ("GET", "/products", For::Members, ""),
    ("GET", "/products/{product}/activity", For::Administrators, ""),
    ("GET", "/products/{product}/activity/export", For::Administrators, ""),
    ("POST", "/products/{product}/sessions", For::Members, r#"{"device_id": "d", "computer": "D", "request_id": "r"}"#),
    ("DELETE", "/products/{product}/sessions/{id}", For::Administrators, ""),
    ("POST", "/products/{product}/sessions/{id}/renew", For::Members, ""),
    ("POST", "/products/{product}/checkouts", For::Members, r#"{"device_id": "d", "computer": "D"}"#),
    ("DELETE", "/products/{product}/checkouts/{id}", For::Members, ""),
    ("POST", "/products/{product}/checkouts/{id}/release", For::Administrators, ""),
    ("POST", "/products/{product}/checkouts/{id}/return-code", For::Members, r#"{"code": "x"}"#),
];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const ROLE: &str = r#"{"name": "Crew", "privileges": ["members.view"]}"#;

/// Every page with a method, whom it is for, and the fields of its form.
const PAGES: &[(&str, &str, For, &str)] = &[
    ("GET", "/", For::Members, ""),
    ("GET", "/setup", For::FirstStart, ""),
    ("POST", "/setup", For::FirstStart, "code=x"),
    ("POST", "/setup/activate", For::FirstStart, "code=x"),
    ("GET", "/signin", For::Anybody, ""),
    ("POST", "/signin", For::Anybody, "username=x&password=y"),
    ("POST", "/signout", For::Members, ""),
    ("GET", "/password", For::Members, ""),
    ("POST", "/password", For::Members, "current_password=x&new_password=y&repeat_password=z"),
    ("GET", "/licenses", For::Administrators, ""),
    ("POST", "/licenses/import", For::Administrators, "LICENSE"),
    ("GET", "/licenses/import/{id}", For::Administrators, ""),
    ("POST", "/licenses/import/{id}", For::Administrators, "confirm_locked_out="),
    ("GET", "/licenses/staged/{license}", For::Administrators, ""),
    ("POST", "/licenses/staged/{license}", For::Administrators, ""),
    ("GET", "/members", For::Administrators, ""),
    ("GET", "/members/new", For::Administrators, ""),
    ("POST", "/members/new", For::Administrators, "username=x&user_type=viewer&role=viewer"),
    ("GET", "/members/swap", For::Administrators, ""),
    ("POST", "/members/swap", For::Administrators, "first=ID&first_version=1&second=ID&second_version=1"),
    ("GET", "/members/{id}/user-type", For::Administrators, ""),
    ("POST", "/members/{id}/user-type", For::Administrators, "version=1&user_type=viewer&role=viewer&step=save"),
    ("GET", "/members/{id}/delete", For::Administrators, ""),
    ("POST", "/members/{id}/delete", For::Administrators, "version=1"),
    ("GET", "/members/change", For::Administrators, ""),
    ("POST", "/members/change", For::Administrators, "act=role&member=ID&role=viewer&mode=atomic&step=apply&seal="),
    ("GET", "/members/import", For::Administrators, ""),
    ("POST", "/members/import", For::Administrators, "TABLE"),
    ("POST", "/members/import/confirm", For::Administrators, "table=dXNlcm5hbWUKeA&mode=atomic&reason=&key=k"),
    ("GET", "/members/{id}", For::Administrators, ""),
    ("GET", "/members/{id}/edit", For::Administrators, ""),
    ("POST", "/members/{id}/edit", For::Administrators, "version=1&full_name=x"),
    ("GET", "/members/{id}/password", For::Administrators, ""),
    ("POST", "/members/{id}/password", For::Administrators, ""),
    ("GET", "/members/{id}/why", For::Administrators, ""),
    ("GET", "/changes", For::Administrators, ""),
    ("GET", "/changes/{id}", For::Administrators, ""),
    ("GET", "/changes/{id}/undo", For::Administrators, ""),
    ("POST", "/changes/{id}/undo", For::Administrators, "reason="),
    ("POST", "/changes/{id}/cancel", For::Administrators, ""),
    ("GET", "/invitations", For::Administrators, ""),
    ("GET", "/invitations/new", For::Administrators, ""),
    ("POST", "/invitations/new", For::Administrators, "username=x&user_type=viewer&role=viewer"),
    ("GET", "/invitations/{id}", For::Anybody, ""),
    ("POST", "/invitations/{id}", For::Anybody, "username=x&full_name=&password=y&repeat_password=y"),
    ("POST", "/invitations/{id}/resend", For::Administrators, ""),
    ("GET", "/invitations/{id}/revoke", For::Administrators, ""),
    ("POST", "/invitations/{id}/revoke", For::Administrators, ""),
    ("GET", "/profile", For::Members, ""),
    ("POST", "/profile", For::Members, "version=1&full_name=x"),
    ("GET", "/roles", For::Administrators, ""),
    ("GET", "/roles/new", For::Administrators, ""),
    ("POST", "/roles/new", For::Administrators, "version=0&name=Crew&description=&step=save"),
    ("GET", "/roles/{id}", For::Administrators, ""),
    ("GET", "/roles/{id}/edit", For::Administrators, ""),
    ("POST", "/roles/{id}/edit", For::Administrators, "version=1&name=Crew&description=&step=save"),
    ("GET", "/roles/{id}/delete", For::Administrators, ""),
    ("POST", "/roles/{id}/delete", For::Administrators, "version=1"),
    ("GET", "/reports", For::Administrators, ""),
    ("GET", "/audit", For::Administrators, ""),
    ("GET", "/audit/{seq}", For::Administrators, ""),
    ("GET", "/settings", For::Administrators, ""),
    ("GET", "/settings/{topic}", For::Administrators, ""),
    (
        "POST",
        "/settings/{topic}",
        For::Administrators,
        "version=0&access_notice=&information_banner=&minimum_password_length=12",
    ),
    ("GET", "/add-ons/repair", For::Administrators, ""),
    ("POST", "/add-ons/repair", For::Administrators, "seal=x&reason="),
    ("GET", "/add-ons/{id}", For::Administrators, ""),
    ("GET", "/products", For::Administrators, ""),
    ("GET", "/products/{product}/activity", For::Administrators, ""),
    ("GET", "/products/{product}/sessions/{id}/end", For::Administrators, ""),
    ("POST", "/products/{product}/sessions/{id}/end", For::Administrators, ""),
    ("GET", "/products/{product}/checkouts/{id}/release", For::Administrators, ""),
    ("POST", "/products/{product}/checkouts/{id}/release", For::Administrators, ""),
    ("GET", "/products/{product}/checkouts/{id}/return", For::Members, ""),
    ("POST", "/products/{product}/checkouts/{id}/return", For::Members, "code=x"),
    ("GET", "/help/errors", For::Anybody, ""),
    ("GET", "/help/errors/{code}", For::Anybody, ""),
    ("GET", "/problems/{code}", For::Anybody, ""),
    ("GET", "/assets/{name}", For::Anybody, ""),
];

/// The routes that a table of the source names, as method and path.
fn routes_of(source: &str) -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for route in source.split(".route(").skip(1) {
        let mut parts = route.split('"');
        let (Some(path), Some(handlers)) = (parts.nth(1), parts.next()) else { continue };
        let handlers = handlers.split(".fallback(").next().unwrap_or_default();
        for method in ["get", "post", "put", "patch", "delete"] {
            let called = |before: char| handlers.contains(&format!("{before}{method}("));
            if called(' ') || called('.') {
                routes.push((method.to_uppercase(), path.to_owned()));
            }
        }
    }
    routes
}

fn named(table: &[(&str, &str, For, &str)]) -> Vec<(String, String)> {
    table.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect()
}

#[test]
fn the_tables_name_every_route_that_the_router_has() {
    let mut router = routes_of(include_str!("../../crates/portal/src/router.rs"));
    router.retain(|(_, path)| !["/livez", "/readyz"].contains(&path.as_str()));
    let mut tables = [named(ROUTES), named(PAGES)];
    let mut pages = routes_of(include_str!("../../crates/portal/src/web/mod.rs"));
    for list in tables.iter_mut().chain([&mut router, &mut pages]) {
        list.sort();
    }
    assert_eq!(tables[0], router);
    assert_eq!(tables[1], pages);
}

struct House {
    ana: Person,
    vera: Person,
    /// Somebody else, whom vera has no business with.
    otto: Person,
    preview: String,
}

async fn house() -> House {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    let otto = ana.adds("otto", "viewer").await;
    let file = tests::files::order(2, tests::files::THIRTY_SEATS).signed();
    let preview = ana.asks(Method::POST, "/license-previews", &[], file).await.expecting(201).json();
    House { ana, vera, otto, preview: preview["id"].as_str().unwrap_or_default().to_owned() }
}

impl House {
    fn filled(&self, path: &str) -> String {
        let id = match path {
            "/license-previews/{id}" | "/license-previews/{id}/import" | "/licenses/import/{id}" => &self.preview,
            "/user-types/{id}" | "/user-types/{id}/members" => "viewer",
            "/privileges/{id}/check" => "members.view",
            "/add-ons/{id}" | "/add-ons/{id}/members" => "arcgis-pro-standard",
            product if product.starts_with("/products/") => "out_00000000000000000000000000",
            "/workflows/{id}/check" => "change-user-type",
            change if change.starts_with("/changes/") => "chg_00000000000000000000000000",
            invitation if invitation.starts_with("/invitations/") => "inv_00000000000000000000000000",
            role if role.starts_with("/roles/") => "publisher",
            _ => &self.otto.id,
        };
        let others = [
            ("{product}", "arcgis-pro"),
            ("{add_on}", "arcgis-pro-standard"),
            ("{license}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ("{topic}", "security"),
            ("{sequence}", "1"),
            ("{seq}", "1"),
            ("{code}", "stale"),
            ("{name}", "icon.svg"),
        ];
        others.iter().fold(path.replace("{id}", id), |path, (name, value)| path.replace(name, value))
    }

    async fn asks(&self, person: &Person, route: &(&str, &str, For, &str)) -> Answer {
        let (method, path, _, body) = route;
        let body = match *body {
            "LICENSE" => tests::files::order(2, tests::files::THIRTY_SEATS).signed(),
            text => text.replace("ID", &self.otto.id).into_bytes(),
        };
        let kind = if *path == "/introspect" { FORM } else { JSON };
        let headers = [kind, ("if-match", "*"), ("idempotency-key", path)];
        let method = method.parse().unwrap_or(Method::GET);
        person.asks(method, &self.filled(path), &headers, body).await
    }

    async fn opens(&self, person: &Person, page: &(&str, &str, For, &str)) -> Answer {
        let (method, path, _, fields) = page;
        let address = self.filled(path);
        if *method == "GET" {
            return person.opens(&address).await;
        }
        if *fields == "LICENSE" {
            return person.uploads(&tests::files::order(2, tests::files::THIRTY_SEATS).signed()).await;
        }
        if *fields == "TABLE" {
            let files: [(&str, &str, &[u8]); 1] = [("file", "m.csv", b"username\nx\n")];
            return person.uploads_to(&address, &[("mode", "atomic"), ("reason", "")], &files).await;
        }
        let text = fields.replace("ID", &self.otto.id);
        let pairs: Vec<(&str, &str)> = text.split('&').filter_map(|pair| pair.split_once('=')).collect();
        if *path == "/signin" {
            person.submits_as_is(&address, &pairs).await
        } else {
            person.submits(&address, &pairs).await
        }
    }
}

#[tokio::test]
async fn a_stranger_gets_nowhere_at_the_interface() {
    let house = house().await;
    let stranger = Person { token: None, ..house.vera.clone() };
    for route in ROUTES.iter().filter(|route| route.2 != For::Anybody) {
        let answer = house.asks(&stranger, route).await;
        answer.is_problem(401, "not-signed-in");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    for token in ["", "swp_", "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "x y"] {
        let forged = Person { token: Some(token.to_owned()), ..stranger.clone() };
        forged.gets("/me").await.is_problem(401, "not-signed-in");
    }
}

#[tokio::test]
async fn a_viewer_is_told_which_privilege_is_missing_on_every_administrative_route() {
    let house = house().await;
    for route in ROUTES.iter().filter(|route| route.2 == For::Administrators) {
        let answer = house.asks(&house.vera, route).await;
        answer.is_problem(403, "privilege-missing");
        let privilege = answer.json()["privilege"].as_str().unwrap_or_default().to_owned();
        assert!(catalog::enforced::ENFORCED.contains(&privilege.as_str()), "{} {}: `{privilege}`", route.0, route.1);
    }
    let status = house.ana.gets("/status").await.expecting(200).json();
    assert_eq!((&status["members"], &status["license"]["sequence"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn pages_send_a_stranger_to_sign_in_and_refuse_a_viewer() {
    let house = house().await;
    let stranger = Person { token: None, ..house.vera.clone() };
    for page in PAGES {
        let answer = house.opens(&stranger, page).await;
        if page.2 == For::Anybody {
            assert_ne!(answer.status, 303, "{} {}", page.0, page.1);
        } else {
            assert!(answer.status == 303 && answer.header("location").starts_with("/signin"), "{} {}", page.0, page.1);
        }
    }
    for page in PAGES.iter().filter(|page| page.2 == For::Administrators) {
        let answer = house.opens(&house.vera, page).await;
        assert_eq!(answer.status, 403, "{} {}: {}", page.0, page.1, answer.text());
        answer.says("privilege-missing").is_silent_on("mem_").is_silent_on("SW-2026-000002");
    }
    house.vera.opens("/").await.expecting(200).is_silent_on("Compliance").says("<dt>User type</dt><dd>Viewer</dd>");
}

#[tokio::test]
async fn nobody_but_an_administrator_touches_an_administrator() {
    let house = house().await;
    let id = &house.ana.id;
    house.ana.deletes(&format!("/members/{id}")).await.is_problem(409, "last-administrator");
    let refused = house.ana.puts(&format!("/members/{id}/role"), &json!({"role": "publisher"})).await;
    refused.is_problem(409, "last-administrator");
    let page = house.ana.opens(&format!("/members/{id}/delete")).await.expecting(200);
    page.says("<h1>Delete Ana Kim?</h1>");
    let version = house.ana.gets(&format!("/members/{id}")).await.json()["version"].to_string();
    let kept = house.ana.submits(&format!("/members/{id}/delete"), &[("version", &version)]).await.expecting(409);
    kept.says("The portal must keep at least one enabled administrator.");
}
