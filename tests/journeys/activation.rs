//! From an empty folder to the first administrator (S1, S29).

use serde_json::json;
use tests::files::{THIRTY_SEATS, elsewhere, order};
use tests::portal::Portal;

#[tokio::test]
async fn a_portal_without_a_file_says_so_everywhere_and_lets_nobody_in() {
    let portal = Portal::not_activated();
    let mut nobody = portal.person("ana");
    for address in ["/", "/signin", "/licenses", "/members", "/members/new", "/password"] {
        let page = nobody.opens(address).await.expecting(409);
        page.says("<h1>This portal is not activated yet</h1>").says("No license file");
        page.says(portal.state.portal.as_str());
    }
    let refused = nobody.submits_as_is("/signin", &[("username", "ana"), ("password", "x")]).await;
    assert_eq!(refused.status, 409);
    nobody.signs_in().await.is_problem(409, "not-activated");
    nobody.gets("/status").await.is_problem(409, "not-activated");
    nobody.opens("/help/errors/not-activated").await.expecting(200).says("Activate the portal with");
}

#[tokio::test]
async fn the_first_file_opens_the_portal_to_its_first_administrator() {
    let portal = Portal::not_activated();
    portal.activate(&order(1, THIRTY_SEATS).bound_to(portal.key.clone())).await.unwrap();
    let mut ana = portal.person("ana");
    ana.opens("/").await.leads_to("/signin");
    ana.signs_in_on_the_page().await.leads_to("/");
    let page = ana.opens("/").await.expecting(200);
    page.says("<h1>Overview</h1>").says("Compliant").says("License SW-2026-000001, sequence 1").says("City of Example");
    page.says(portal.state.portal.as_str()).says("Signed in as Ana Kim");
    let status = ana.gets("/status").await.expecting(200).json();
    assert_eq!(
        (&status["activated"], &status["compliant"], &status["members"]),
        (&json!(true), &json!(true), &json!(1))
    );
    assert_eq!(status["license"]["bound"], true);
    assert_eq!(ana.counts("viewer").await, (0, 25, 0));
    assert_eq!(ana.counts("creator").await, (1, 5, 0));
}

#[tokio::test]
async fn a_file_for_another_portal_or_without_a_seat_for_the_administrator_activates_nothing() {
    let portal = Portal::not_activated();
    let other_portal = order(1, THIRTY_SEATS).bound_to(elsewhere());
    let no_creator = order(1, &[("viewer", 25)]);
    for (order, code) in [(other_portal, "license-wrong-portal"), (no_creator, "no-administrator-seat")] {
        let failure = portal.activate(&order).await.unwrap_err().into_failure();
        assert_eq!(failure.row().name, code, "{failure}");
        assert_eq!(portal.person("ana").opens("/signin").await.status, 409);
    }
    portal.activate(&order(1, THIRTY_SEATS)).await.unwrap();
    let again = portal.activate(&order(2, THIRTY_SEATS)).await.unwrap_err().into_failure();
    assert_eq!(again.row().name, "already-activated");
}
