//! The first start in the browser: who has the code of the console activates the portal, once, and nobody else learns or
//! does anything (S1, S29).

use axum::http::Method;
use serde_json::json;
use tests::files::{THIRTY_SEATS, elsewhere, order, trust};
use tests::people::{Answer, Person};
use tests::portal::{PASSWORD, Portal, SETUP_CODE};

const OTHER_CODE: &str = "0000-0000-0000-0000-0000-0000-0000";

async fn opens_files(somebody: &Person, code: &str, license: &[u8]) -> Answer {
    let list = trust(1, |_| ());
    let files = [("license", "license.json", license), ("trust", "trust.json", &list), ("catalog", "", b"")];
    somebody.uploads_to("/setup", &[("code", code)], &files).await
}

/// The id under which the second step keeps the files.
fn preview(second: &Answer) -> String {
    let text = second.text();
    let rest = text.split("name=\"preview\" value=\"").nth(1).expect("the second step");
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn makes(somebody: &Person, (code, preview): (&str, &str), username: &str, password: &str) -> Answer {
    let who = [("username", username), ("full_name", "Ana Kim"), ("user_type", "creator"), ("password", password)];
    let fields = [&[("code", code), ("preview", preview)], &who[..]].concat();
    somebody.submits_as_is("/setup/activate", &fields).await
}

#[tokio::test]
async fn who_has_the_code_activates_the_portal_in_two_steps() {
    let portal = Portal::not_activated();
    let mut ana = portal.person("ana");
    ana.opens("/signin").await.expecting(409).says("<a href=\"/setup\">set it up in the browser</a>");
    ana.opens("/setup").await.expecting(200).says("<h1>Set up this portal</h1>").says(portal.state.portal.as_str());

    let file = order(1, &[("viewer", 25), ("creator", 5), ("gis-pro-advanced", 1)]).bound_to(portal.key.clone());
    let second = opens_files(&ana, SETUP_CODE, &file.signed()).await.expecting(200);
    second.says("<dt>For</dt><dd>this portal</dd>").says("<dd>City of Example</dd>");
    second.says("<tr><th scope=\"row\">Viewer</th><td class=\"number\">25</td></tr>");
    second.says("<tr><th scope=\"row\">Creator</th><td class=\"number\">5</td></tr>");
    // A Viewer cannot administer, and of the others none is in the file.
    second.says("<option value=\"creator\">Creator</option>").is_silent_on("<option value=\"viewer\"");
    second.is_silent_on("<option value=\"editor\"");
    ana.gets("/status").await.is_problem(409, "not-activated");

    let done = makes(&ana, (SETUP_CODE, &preview(&second)), "ana", PASSWORD).await;
    done.leads_to("/signin?done=activated");
    ana.opens("/signin?done=activated").await.expecting(200).says("The portal is activated.");
    ana.signs_in().await.expecting(200);
    assert_eq!(ana.gets("/me").await.json()["role"], "administrator");
    assert_eq!((ana.counts("creator").await, ana.counts("viewer").await), ((1, 5, 0), (0, 25, 0)));
    let log = ana.gets("/audit-events?action=portal.activate").await.json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    // The audit log and the page know the name; the password is nowhere.
    ana.opens("/audit/1").await.expecting(200).says("<h1>Portal activated</h1>").is_silent_on(PASSWORD);

    ana.opens("/setup").await.leads_to("/signin");
    opens_files(&ana, SETUP_CODE, &file.signed()).await.leads_to("/signin");
    makes(&ana, (SETUP_CODE, "x"), "eve", PASSWORD).await.leads_to("/signin");
}

#[tokio::test]
async fn without_the_code_nothing_is_learned_and_nothing_done_and_guessing_is_slowed_down() {
    let portal = Portal::not_activated();
    let eve = portal.person("eve");
    let file = order(1, THIRTY_SEATS).signed();
    let kept = preview(&opens_files(&eve, SETUP_CODE, &file).await.expecting(200));
    for (license, code) in [(&file[..], OTHER_CODE), (b"{}", OTHER_CODE), (b"", OTHER_CODE), (&file[..], "")] {
        let refused = opens_files(&eve, code, license).await.expecting(403);
        refused.says("setup-code-wrong").says("This is not the code that this portal printed when it was started.");
        refused.is_silent_on("Viewer").is_silent_on("City of Example").is_silent_on("errors/license-");
    }
    let refused = makes(&eve, (OTHER_CODE, &kept), "eve", PASSWORD).await.expecting(403);
    refused.says("setup-code-wrong").is_silent_on("Viewer").is_silent_on(&kept).is_silent_on(SETUP_CODE);
    // Five in a row: now even the right one has to wait.
    let waits = opens_files(&eve, SETUP_CODE, &file).await.expecting(429);
    assert_eq!(waits.header("retry-after"), "30");
    makes(&eve, (SETUP_CODE, &kept), "eve", PASSWORD).await.expecting(429);
    eve.gets("/status").await.is_problem(409, "not-activated");
    portal.clock.advance(31);
    makes(&eve, (SETUP_CODE, &kept), "ana", PASSWORD).await.leads_to("/signin?done=activated");
}

#[tokio::test]
async fn a_refused_file_or_password_keeps_what_was_typed_and_never_the_password() {
    let portal = Portal::not_activated();
    let ana = portal.person("ana");
    for (license, code) in [
        (order(1, THIRTY_SEATS).bound_to(elsewhere()).signed(), "license-wrong-portal"),
        (order(1, &[("viewer", 25)]).signed(), "no-administrator-seat"),
        (b"{}".to_vec(), "license-malformed"),
        (Vec::new(), "license-empty"),
    ] {
        let refused = opens_files(&ana, SETUP_CODE, &license).await.expecting(422);
        refused.says(code).says(&format!("name=\"code\" value=\"{SETUP_CODE}\"")).says("<title>Problem: Set up");
    }
    let kept = preview(&opens_files(&ana, SETUP_CODE, &order(1, THIRTY_SEATS).signed()).await.expecting(200));
    let short = makes(&ana, (SETUP_CODE, &kept), "ana", "too short").await.expecting(422);
    short
        .says("password-unsuitable")
        .says("name=\"username\" value=\"ana\"")
        .says("name=\"full_name\" value=\"Ana Kim\"");
    short.says("<option value=\"creator\" selected>Creator</option>").is_silent_on("too short");
    let nameless = makes(&ana, (SETUP_CODE, &kept), " ", PASSWORD).await.expecting(422);
    nameless.says("id=\"username-wrong\"").is_silent_on(PASSWORD);
    makes(&ana, (SETUP_CODE, "prv_gone"), "ana", PASSWORD).await.expecting(404).says("give the file again");
    ana.gets("/status").await.is_problem(409, "not-activated");
    makes(&ana, (SETUP_CODE, &kept), "ana", PASSWORD).await.leads_to("/signin?done=activated");
}

#[tokio::test]
async fn of_two_at_once_one_activates_and_the_other_is_told_so() {
    let portal = Portal::not_activated();
    let (ana, eve) = (portal.person("ana"), portal.person("eve"));
    let kept = preview(&opens_files(&ana, SETUP_CODE, &order(1, THIRTY_SEATS).signed()).await.expecting(200));
    let (one, other) = tokio::join!(
        makes(&ana, (SETUP_CODE, &kept), "ana", PASSWORD),
        makes(&eve, (SETUP_CODE, &kept), "eve", PASSWORD)
    );
    let (first, (mut winner, mut loser), second) =
        if one.status == 303 { (one, (ana, eve), other) } else { (other, (eve, ana), one) };
    first.leads_to("/signin?done=activated");
    // It came too late for the form, or too late for the page.
    assert!(second.status == 409 || second.header("location") == "/signin", "{}", second.status);
    winner.signs_in().await.expecting(200);
    loser.signs_in().await.is_problem(401, "sign-in-failed");
    assert_eq!(winner.gets("/members").await.json()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_form_of_another_site_sets_nothing_up() {
    let portal = Portal::not_activated();
    let nobody = portal.person("nobody");
    let kept = preview(&opens_files(&nobody, SETUP_CODE, &order(1, THIRTY_SEATS).signed()).await.expecting(200));
    let body = format!("code={SETUP_CODE}&preview={kept}&username=eve&user_type=creator&password={PASSWORD}");
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri("/setup/activate")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = portal.sends(request.body(body.replace(' ', "+").into()).expect("a request")).await;
    answer.expecting(403).says("form-expired");
    nobody.posts("/session", &json!({"username": "eve", "password": PASSWORD})).await.is_problem(409, "not-activated");
}

#[tokio::test]
async fn the_code_is_no_part_of_any_other_form() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let file = order(2, THIRTY_SEATS).signed();
    let files = [("license", "l.json", file.as_slice())];
    let refused = ana.uploads_to("/licenses/import", &[("code", SETUP_CODE)], &files).await.expecting(400);
    refused.says("The form has no part `code`; its parts are license, trust and catalog.");
}
