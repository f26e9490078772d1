//! Passwords: shown once, changed first, guessed at slowly.

use axum::http::Method;
use serde_json::json;
use tests::people::{JSON, Person};
use tests::portal::{PASSWORD, Portal};

const OWN: &str = "another four plain words";

/// A new member with a one-time password, signed in.
async fn newcomer(portal: &Portal) -> Person {
    let ana = portal.administrator().await;
    let added = ana.posts("/members", &json!({"username": "nina", "user_type": "viewer"})).await.expecting(201).json();
    let mut nina = portal.person("nina");
    nina.password = added["one_time_password"].as_str().unwrap_or_default().to_owned();
    let member = nina.signs_in().await.expecting(200).json();
    assert_eq!(member["member"]["must_change_password"], true);
    nina
}

async fn changes_password(person: &Person, current: &str, new: &str) -> tests::people::Answer {
    let body = json!({"current_password": current, "new_password": new});
    person.asks(Method::PUT, "/me/password", &[JSON], body.to_string().into_bytes()).await
}

#[tokio::test]
async fn a_one_time_password_opens_only_the_way_to_a_password_of_ones_own() {
    let portal = Portal::start().await;
    let nina = newcomer(&portal).await;
    for path in ["/me/privileges", "/status", "/members", "/user-types", "/changes"] {
        nina.gets(path).await.is_problem(403, "password-change-required");
    }
    assert_eq!(nina.gets("/me").await.json()["must_change_password"], true);
    for address in ["/", "/members", "/licenses"] {
        nina.opens(address).await.leads_to("/password");
    }
    nina.opens("/password").await.expecting(200).says("You signed in with a one-time password.");
    changes_password(&nina, &nina.password, "short").await.is_problem(422, "password-unsuitable");
    changes_password(&nina, "a wrong present one", OWN).await.is_problem(401, "sign-in-failed");
    changes_password(&nina, &nina.password, &nina.password.clone()).await.is_problem(422, "validation-failed");
    assert_eq!(changes_password(&nina, &nina.password, OWN).await.status, 204);
    assert_eq!(nina.gets("/me").await.json()["must_change_password"], false);
    nina.opens("/").await.expecting(200).says("<h1>Overview</h1>");
}

#[tokio::test]
async fn the_page_leads_a_newcomer_to_a_password_and_then_in() {
    let portal = Portal::start().await;
    let nina = newcomer(&portal).await;
    let mut nina = Person { token: None, ..nina };
    nina.signs_in_on_the_page().await.leads_to("/password");
    let one_time = nina.password.clone();
    let fields = |repeat| [("current_password", one_time.as_str()), ("new_password", OWN), ("repeat_password", repeat)];
    let twice = nina.submits("/password", &fields("another way of typing it")).await.expecting(422);
    twice.says("the new password was typed in two ways").is_silent_on(OWN);
    nina.submits("/password", &fields(OWN)).await.leads_to("/?done=password");
    nina.opens("/?done=password").await.expecting(200).says("Your password is set.");
}

#[tokio::test]
async fn a_change_of_password_ends_the_other_sessions_and_a_reset_ends_all() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let mut here = ana.adds("bo", "viewer").await;
    let mut there = here.clone();
    let _ = (here.signs_in().await.expecting(200), there.signs_in().await.expecting(200));
    assert_eq!(changes_password(&here, PASSWORD, OWN).await.status, 204);
    assert_eq!(here.gets_in().await, Ok(()));
    assert_eq!(there.gets_in().await, Err((401, "not-signed-in".to_owned())));

    let reset = ana.posts(&format!("/members/{}/password-reset", here.id), &json!({})).await.expecting(200).json();
    assert_eq!(here.gets_in().await, Err((401, "not-signed-in".to_owned())));
    here.password = OWN.to_owned();
    here.signs_in().await.is_problem(401, "sign-in-failed");
    here.password = reset["one_time_password"].as_str().unwrap().to_uppercase();
    assert_eq!(here.signs_in().await.status, 200);
}

#[tokio::test]
async fn a_one_time_password_is_shown_once_and_stands_in_no_list() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let page = ana.submits("/members/new", &[("username", "nina"), ("user_type", "viewer"), ("role", "viewer")]).await;
    let text = page.expecting(200).text();
    let shown = text.split("role=\"group\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    assert_eq!((shown.len(), shown.matches('-').count()), (34, 6), "{shown}");
    for address in ["/members", "/api/v1/members", "/api/v1/changes"] {
        ana.opens(address).await.is_silent_on(&shown);
    }
    let mut nina = portal.person("nina");
    nina.password = shown;
    nina.signs_in_on_the_page().await.leads_to("/password");
}

#[tokio::test]
async fn the_sixth_wrong_password_waits_and_after_the_wait_the_right_one_works() {
    let portal = Portal::start().await;
    let mut ana = portal.person("ana");
    ana.password = "wrong, five times over".to_owned();
    for _ in 0..5 {
        ana.signs_in().await.is_problem(401, "sign-in-failed");
    }
    ana.password = PASSWORD.to_owned();
    let waiting = ana.signs_in().await;
    waiting.is_problem(429, "rate-limited");
    assert_eq!(waiting.header("retry-after"), "30");
    let page = ana.signs_in_on_the_page().await.expecting(429);
    assert_eq!(page.header("retry-after"), "30");
    page.says("Too many sign-ins failed. Try again in 30 seconds.");
    portal.clock.advance(29);
    ana.signs_in().await.is_problem(429, "rate-limited");
    portal.clock.advance(1);
    assert_eq!(ana.signs_in().await.status, 200);
}

#[tokio::test]
async fn an_unknown_name_is_answered_as_a_wrong_password_is() {
    let portal = Portal::start().await;
    let mut nobody = portal.person("nobody");
    let mut ana = portal.person("ana");
    ana.password = "not the right password".to_owned();
    let (unknown, wrong) = (nobody.signs_in().await, ana.signs_in().await);
    unknown.is_problem(401, "sign-in-failed");
    assert_eq!(unknown.json(), wrong.json());
}

#[tokio::test]
async fn a_session_ends_after_a_day() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    portal.clock.advance(86_399);
    assert_eq!(ana.gets_in().await, Ok(()));
    portal.clock.advance(1);
    assert_eq!(ana.gets_in().await, Err((401, "not-signed-in".to_owned())));
    ana.opens("/members?q=a").await.leads_to("/signin?next=/members%3Fq%3Da");
}

#[tokio::test]
async fn after_signing_in_the_page_that_was_asked_for_opens_and_never_another_house() {
    let portal = Portal::start().await;
    let ana = portal.person("ana");
    let fields = |next| [("username", "ana"), ("password", PASSWORD), ("next", next)];
    ana.submits_as_is("/signin", &fields("/members?q=a")).await.leads_to("/members?q=a");
    for next in ["//example.org", "https://example.org/", "/\\example.org", "members", ""] {
        ana.submits_as_is("/signin", &fields(next)).await.leads_to("/");
    }
}
