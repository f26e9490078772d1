//! Licenses that end: administrators get in, others do not, and a renewal repairs everything (B29, B31; A-TIME).

use axum::http::Method;
use serde_json::json;
use tests::files::{THIRTY_SEATS, at, order};
use tests::people::JSON;
use tests::portal::Portal;

#[tokio::test]
async fn at_the_last_second_everybody_works_and_at_the_next_only_administrators_get_in() {
    let portal = Portal::with(&order(1, THIRTY_SEATS).until("2026-12-01T12:00:00Z")).await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);

    portal.clock.set(at("2026-12-01T11:59:59Z"));
    assert_eq!(vera.gets_in().await, Ok(()));
    assert_eq!(ana.gets("/status").await.json()["compliant"], true);

    portal.clock.set(at("2026-12-01T12:00:00Z"));
    assert_eq!(vera.gets_in().await, Err((403, "user-type-over-limit".to_owned())));
    let mut ana_again = portal.person("ana");
    assert_eq!(ana_again.signs_in().await.status, 200);
    let status = ana.gets("/status").await.expecting(200).json();
    assert_eq!((&status["compliant"], &status["license"]["state"]), (&json!(false), &json!("ended")));
    assert_eq!(status["over"][0]["over_since"], "2026-12-01T12:00:00Z");
    let page = ana.opens("/licenses").await.expecting(200);
    page.says("Viewer is over by 1").says("Creator is over by 1").says("<td>Ended</td>");
    page.says("since <time datetime=\"2026-12-01T12:00:00Z\">1 Dec 2026 12:00 UTC</time>");
    ana.posts("/members", &json!({"username": "x", "user_type": "viewer"}))
        .await
        .is_problem(403, "creation-blocked-not-compliant");
}

#[tokio::test]
async fn the_import_of_a_renewal_lets_everybody_in_again() {
    let portal = Portal::with(&order(1, THIRTY_SEATS).until("2026-12-01T12:00:00Z")).await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    portal.clock.set(at("2026-12-01T13:00:00Z"));
    assert_eq!(vera.opens("/").await.status, 403);

    let renewal = order(2, THIRTY_SEATS).until("2027-12-01T12:00:00Z").signed();
    let sent = ana.uploads(&renewal).await;
    let address = sent.header("location").to_owned();
    ana.submits(&address, &[]).await.leads_to("/licenses?done=imported");
    assert_eq!(vera.gets_in().await, Ok(()));
    assert_eq!(vera.opens("/").await.status, 200);
    ana.opens("/").await.expecting(200).says("Compliant").says("all licenses, in 364 days.");
}

#[tokio::test]
async fn a_clock_put_back_does_not_bring_an_ended_license_back() {
    let portal = Portal::with(&order(1, THIRTY_SEATS).until("2026-12-01T12:00:00Z")).await;
    let ana = portal.administrator().await;
    portal.clock.set(at("2026-12-01T12:00:00Z"));
    // Something is written at that time, and so the time stands on record.
    ana.asks(
        Method::PUT,
        "/me/password",
        &[JSON],
        br#"{"current_password":"four plain unrelated words","new_password":"five plain unrelated words"}"#.to_vec(),
    )
    .await
    .expecting(204);
    portal.clock.set(at("2026-12-01T09:00:00Z"));
    assert_eq!(ana.gets("/status").await.expecting(200).json()["license"]["state"], "ended");
}
