//! Versions, keys of requests, and forms that only our own pages send.

use axum::http::Method;
use serde_json::json;
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

async fn house() -> (Portal, Person, Person) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    (portal, ana, vera)
}

async fn sets_type(ana: &Person, whom: &Person, headers: &[(&str, &str)]) -> Answer {
    let body = json!({"user_type": "creator", "role": "publisher"}).to_string().into_bytes();
    let headers: Vec<(&str, &str)> = [JSON].into_iter().chain(headers.iter().copied()).collect();
    ana.asks(Method::PUT, &format!("/members/{}/user-type", whom.id), &headers, body).await
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_read() {
    let (_, ana, vera) = house().await;
    let read = ana.gets(&format!("/members/{}", vera.id)).await.expecting(200);
    let etag = read.header("etag").to_owned();
    sets_type(&ana, &vera, &[]).await.is_problem(428, "precondition-required");
    sets_type(&ana, &vera, &[("if-match", "\"999\"")]).await.is_problem(412, "stale");
    sets_type(&ana, &vera, &[("if-match", "W/\"1\"")]).await.is_problem(412, "stale");
    sets_type(&ana, &vera, &[("if-match", &etag)]).await.expecting(200);
    sets_type(&ana, &vera, &[("if-match", &etag)]).await.is_problem(412, "stale");
    ana.asks(Method::DELETE, &format!("/members/{}", vera.id), &[], Vec::new())
        .await
        .is_problem(428, "precondition-required");
    ana.asks(Method::DELETE, &format!("/members/{}", vera.id), &[("if-match", &etag)], Vec::new())
        .await
        .is_problem(412, "stale");
}

#[tokio::test]
async fn a_page_made_from_an_older_version_changes_nothing() {
    let (_, ana, vera) = house().await;
    let fields = [("version", "1"), ("user_type", "viewer"), ("role", "viewer"), ("step", "save")];
    ana.changes(&vera, "creator", "publisher").await.expecting(200);
    let page = ana.submits(&format!("/members/{}/user-type", vera.id), &fields).await.expecting(412);
    page.says("What you are changing has changed since you read it.").says("<dt>User type</dt><dd>Creator</dd>");
    let page = ana.submits(&format!("/members/{}/delete", vera.id), &[("version", "1")]).await.expecting(412);
    page.says("Read it again and repeat the change.");
    let version = ana.gets(&format!("/members/{}", vera.id)).await.json()["version"].to_string();
    let sure = [("version", version.as_str())];
    ana.submits(&format!("/members/{}/delete", vera.id), &sure).await.leads_to("/members?done=deleted");
    ana.opens(&format!("/members/{}/delete", vera.id)).await.expecting(404).says("There is no such member.");
}

#[tokio::test]
async fn a_repeated_request_is_carried_out_once() {
    let (_, ana, vera) = house().await;
    let keyed = [("if-match", "*"), ("idempotency-key", "once")];
    let first = sets_type(&ana, &vera, &keyed).await.expecting(200);
    let again = sets_type(&ana, &vera, &keyed).await.expecting(200);
    assert_eq!(first.json(), again.json());
    assert_eq!(ana.gets("/changes").await.json()["items"].as_array().map(Vec::len), Some(1));

    let other = ana.asks(Method::POST, "/members", &[JSON, ("idempotency-key", "once")], member("nina")).await;
    other.is_problem(409, "idempotency-mismatch");

    let key = [JSON, ("idempotency-key", "new member")];
    let added = ana.asks(Method::POST, "/members", &key, member("nina")).await.expecting(201).json();
    let repeated = ana.asks(Method::POST, "/members", &key, member("nina")).await.expecting(201).json();
    assert_eq!(added["id"], repeated["id"]);
    assert!(added["one_time_password"].is_string() && repeated["one_time_password"].is_null());
    ana.asks(Method::POST, "/members", &key, member("otto")).await.is_problem(409, "idempotency-mismatch");
}

fn member(username: &str) -> Vec<u8> {
    json!({"username": username, "user_type": "viewer"}).to_string().into_bytes()
}

#[tokio::test]
async fn a_refused_request_is_not_remembered_and_keys_belong_to_their_senders() {
    let (portal, ana, vera) = house().await;
    let body = |to: &str| json!({"operations": [{"member": vera.id, "set_user_type": to}]}).to_string().into_bytes();
    ana.asks(Method::POST, "/changes", &[JSON], body("creator")).await.is_problem(428, "idempotency-key-required");
    let key = [JSON, ("idempotency-key", "k")];
    ana.asks(Method::POST, "/changes", &key, body("no-such")).await.is_problem(422, "validation-failed");
    ana.asks(Method::POST, "/changes", &key, body("creator")).await.expecting(201);

    let sent = json!({"username": "olga", "user_type": "creator", "role": "administrator"});
    let id = ana.posts("/members", &sent).await.expecting(201).json()["id"].as_str().unwrap().to_owned();
    portal.gives_password(&id).await;
    let mut olga = portal.person("olga");
    olga.signs_in().await.expecting(200);
    olga.asks(Method::POST, "/changes", &key, body("viewer")).await.expecting(201);
    assert_eq!(ana.gets(&format!("/members/{}", vera.id)).await.json()["user_type"], "viewer");
}

#[tokio::test]
async fn a_form_without_the_sessions_token_or_from_another_site_does_nothing() {
    let (_, ana, vera) = house().await;
    let address = format!("/members/{}/delete", vera.id);
    for csrf in ["", "0", &"a".repeat(64)] {
        let refused = ana.submits_as_is(&address, &[("csrf", csrf), ("version", "1")]).await.expecting(403);
        refused.says("form-expired");
    }
    ana.submits_as_is(&address, &[("version", "1")]).await.expecting(400).says("request-malformed");
    let (id, token) = (vera.id.clone(), ana.form_token());
    let cookie = format!("seatwarden_session={}", ana.token.clone().unwrap());
    for site in ["cross-site", "same-site"] {
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri(&address)
            .header("cookie", &cookie)
            .header("sec-fetch-site", site)
            .header("content-type", "application/x-www-form-urlencoded");
        let body = axum::body::Body::from(format!("csrf={token}&version=2"));
        ana.portal.sends(request.body(body).unwrap()).await.expecting(403).says("form-expired");
    }
    assert_eq!(ana.gets(&format!("/members/{id}")).await.status, 200);
}

#[tokio::test]
async fn the_cookie_alone_cannot_change_anything_from_another_site() {
    let (_, ana, _) = house().await;
    let cookie = format!("seatwarden_session={}", ana.token.clone().unwrap());
    let stranger = Person { token: None, ..ana.clone() };
    let from_elsewhere = [JSON, ("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    stranger.asks(Method::POST, "/members", &from_elsewhere, member("nina")).await.is_problem(403, "form-expired");
    let from_here = [JSON, ("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    stranger.asks(Method::POST, "/members", &from_here, member("nina")).await.expecting(201);
    // Signing somebody else in from another site would put the victim into the wrong account.
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri("/signin")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from("username=ana&password=four%20plain%20unrelated%20words"))
        .unwrap();
    let refused = ana.portal.sends(request).await.expecting(403);
    assert_eq!(refused.session_cookie(), None);
}
