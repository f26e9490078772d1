//! The over-limit notice: on every page, for administrators, for nobody else, and never to be put away (S11 to S13, S26).

use tests::files::{THIRTY_SEATS, order};

use crate::borrowed_seat::{Full, full};

#[tokio::test]
async fn every_page_of_the_administrator_names_type_numbers_time_people_and_who_began_it() {
    let Full { portal, ana, creators, viewers } = full().await;
    portal.clock.set(tests::files::at("2026-12-01T10:30:00Z"));
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    portal.clock.advance(3600);
    let id = &viewers[0].id;
    let pages = [
        "/".to_owned(),
        "/licenses".to_owned(),
        "/members".to_owned(),
        "/members/new".to_owned(),
        "/password".to_owned(),
        "/help/errors".to_owned(),
        "/help/errors/internal".to_owned(),
        format!("/members/{id}/user-type"),
        format!("/members/{id}/delete"),
        format!("/members/swap?member={id}&member={}", creators[1].id),
        "/api/v1/status".to_owned(),
    ];
    for address in pages {
        let page = ana.opens(&address).await.expecting(200);
        let text = page.text();
        assert_eq!(text.matches("class=\"notice\"").count(), 1, "{address}");
        page.says("<strong>Viewer is over by 1</strong>: 26 assigned, 25 licensed, since <time datetime=\"2026-12-01T10:30:00Z\">");
        page.says("26 members cannot use the portal. No new members can be added.");
        page.says("<p>Started by ana: creator1 Creator → Viewer.</p>");
    }
    let refused = ana.opens("/no-such-page").await.expecting(404);
    refused.says("<strong>Viewer is over by 1</strong>").is_silent_on("dismiss");
}

#[tokio::test]
async fn nobody_else_is_told_and_nobody_once_it_is_over() {
    let Full { ana, creators, viewers, portal } = full().await;
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    for address in ["/", "/password", "/help/errors", "/members", "/licenses"] {
        creators[1].opens(address).await.is_silent_on("class=\"notice\"").is_silent_on("26 ");
        portal.person("nobody").opens(address).await.is_silent_on("class=\"notice\"");
    }
    ana.changes(&viewers[0], "creator", "publisher").await.expecting(200);
    for address in ["/", "/licenses", "/members"] {
        ana.opens(address).await.expecting(200).is_silent_on("class=\"notice\"");
    }
}

#[tokio::test]
async fn the_status_tells_programs_the_same() {
    let Full { ana, creators, .. } = full().await;
    let before = ana.gets("/status").await.expecting(200).json();
    assert_eq!((&before["compliant"], before["over"].as_array().map(Vec::len)), (&true.into(), Some(0)));
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    let status = ana.gets("/status").await.expecting(200).json();
    assert_eq!(status["compliant"], false);
    assert_eq!(status["over"][0]["id"], "viewer");
    assert_eq!(status["over"][0]["over_since"], tests::portal::MORNING);
    assert_eq!(status["over"][0]["available"], -1);
    assert_eq!(status["over"][0]["locked_out"], 26);
    assert_eq!(status["notices"][0]["code"], "over-assigned");
}

#[tokio::test]
async fn the_lists_show_who_is_locked_out() {
    let Full { ana, creators, .. } = full().await;
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    let list = ana.gets("/members?locked_out=true").await.expecting(200).json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 26);
    assert!(items.iter().all(|one| one["user_type"] == "viewer"));
    let page = ana.opens("/members?locked_out=true").await.expecting(200);
    assert_eq!(page.text().matches("locked out</span>").count(), 26);
    page.says("26 members found");
    let spared = ana.gets("/members?locked_out=false").await.expecting(200).json();
    assert_eq!(spared["items"].as_array().map(Vec::len), Some(4));
    ana.opens("/members").await.says("30 members</p>");
    ana.opens("/members?user_type=viewer&q=&state=").await.says("26 members found");
    ana.opens("/licenses").await.says("26 of 25 assigned, over the limit by 1").says("0 administrators");
}

/// Whether the administrator is told of an end: to programs, with its days, and on the pages.
async fn told_of_an_end(portal: &tests::portal::Portal) -> Option<(String, i64)> {
    let ana = portal.administrator().await;
    let status = ana.gets("/status").await.expecting(200).json();
    let notices = status["notices"].as_array().unwrap();
    let end = notices.iter().find(|one| one["code"] == "ends-soon");
    for address in ["/", "/members", "/help/errors"] {
        let page = ana.opens(address).await.expecting(200);
        assert_eq!(page.text().contains("id=\"ends-soon\""), end.is_some(), "{address}");
    }
    end.map(|one| (one["at"].as_str().unwrap().to_owned(), one["within_days"].as_i64().unwrap()))
}

#[tokio::test]
async fn an_end_that_is_near_is_told_and_a_beginning_is_not() {
    let file = || order(1, THIRTY_SEATS);
    let later = ("viewer", 5);
    for (case, file, told) in [
        ("nothing changes", file(), None),
        ("seats begin", file().and_from("2026-12-10T00:00:00Z", later), None),
        ("all ends", file().until("2026-12-20T00:00:00Z"), Some(("2026-12-20T00:00:00Z", 30))),
        (
            "seats begin, and then all ends",
            file().and_from("2026-12-10T00:00:00Z", later).until("2026-12-20T00:00:00Z"),
            Some(("2026-12-20T00:00:00Z", 30)),
        ),
        ("all ends, but not soon", file().until("2027-12-01T00:00:00Z"), None),
    ] {
        let portal = tests::portal::Portal::with(&file).await;
        let told = told.map(|(at, days): (&str, i64)| (at.to_owned(), days));
        assert_eq!(told_of_an_end(&portal).await, told, "{case}");
    }
}
