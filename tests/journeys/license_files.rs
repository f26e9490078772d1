//! New license files over an installed one: previewed, confirmed, or refused without a trace (A-ENF-8, B1 to B32).

use axum::http::Method;
use serde_json::json;
use tests::files::{self, THIRTY_SEATS, elsewhere, order, strange};
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

async fn previews(ana: &Person, file: &[u8]) -> Answer {
    ana.asks(Method::POST, "/license-previews", &[], file.to_vec()).await
}

async fn imports(ana: &Person, preview: &str, key: &str, confirmed: Option<u64>) -> Answer {
    let body = json!({"confirm_locked_out": confirmed});
    let path = format!("/license-previews/{preview}/import");
    ana.asks(Method::POST, &path, &[JSON, ("idempotency-key", key)], body.to_string().into_bytes()).await
}

#[tokio::test]
async fn a_smaller_file_needs_the_number_of_the_people_whom_it_locks_out() {
    let portal = Portal::with(&order(1, &[("viewer", 4), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let mut viewers = ana.adds_many("viewer", 4).await;
    viewers[0].signs_in().await.expecting(200);
    let smaller = order(2, &[("viewer", 2), ("creator", 5)]).signed();

    let shown = previews(&ana, &smaller).await.expecting(201).json();
    assert_eq!((&shown["locked_out"], &shown["sequence"]), (&json!(4), &json!(2)));
    assert_eq!(
        shown["user_types"][0],
        json!({"id": "viewer", "licensed_before": 4, "licensed_after": 2, "assigned": 4, "available_after": -2, "locked_out": 4})
    );
    let id = shown["id"].as_str().unwrap();
    for (key, number) in [("a", None), ("b", Some(3)), ("c", Some(0))] {
        let refused = imports(&ana, id, key, number).await;
        refused.is_problem(409, "confirmation-mismatch");
        assert_eq!(refused.json()["expected"], 4);
        assert_eq!(ana.counts("viewer").await, (4, 4, 0));
    }
    assert_eq!(imports(&ana, id, "d", Some(4)).await.expecting(200).json()["imported"], true);
    assert_eq!(ana.counts("viewer").await, (4, 2, 4));
    assert_eq!(viewers[0].gets_in().await, Err((403, "user-type-over-limit".to_owned())));
    // Over by two is repaired by moves out and by deletions, one by one.
    ana.changes(&viewers[1], "creator", "publisher").await.expecting(200);
    ana.deletes(&format!("/members/{}", viewers[2].id)).await.expecting(204);
    assert_eq!(viewers[0].gets_in().await, Ok(()));
}

#[tokio::test]
async fn the_page_shows_the_people_and_takes_the_typed_number() {
    let portal = Portal::with(&order(1, &[("viewer", 3), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    ana.adds_many("viewer", 3).await;
    let sent = ana.uploads(&order(2, &[("viewer", 1), ("creator", 6)]).signed()).await;
    let address = sent.header("location").to_owned();
    assert!(sent.status == 303 && address.starts_with("/licenses/import/lic_"), "{}: {address}", sent.status);
    let page = ana.opens(&address).await.expecting(200);
    page.says("SW-2026-000002, sequence 2").says("over by 2, 3 members would be locked out");
    page.says("<li>viewer1 (viewer1), Viewer</li>").says("<dt>Replaces</dt><dd>SW-2026-000001, sequence 1</dd>");
    page.says("3 members would be locked out</h2>");

    ana.submits(&address, &[("confirm_locked_out", "2")]).await.expecting(409).says("confirmation-mismatch");
    ana.submits(&address, &[("confirm_locked_out", "all")]).await.expecting(422).says("not a whole number");
    ana.submits(&address, &[]).await.expecting(409).says("confirmation-mismatch");
    assert_eq!(ana.counts("viewer").await, (3, 3, 0));
    ana.submits(&address, &[("confirm_locked_out", "3")]).await.leads_to("/licenses?done=imported");
    let licenses = ana.opens("/licenses?done=imported").await.expecting(200);
    licenses.says("The license file is in force.").says("3 of 1 assigned, over the limit by 2").says("Replaced");

    // A larger file asks for nothing.
    let sent = ana.uploads(&order(3, &[("viewer", 9), ("creator", 6)]).signed()).await;
    let address = sent.header("location").to_owned();
    ana.opens(&address).await.expecting(200).is_silent_on("name=\"confirm_locked_out\"");
    ana.submits(&address, &[]).await.leads_to("/licenses?done=imported");
    ana.opens("/").await.says("Compliant");
}

/// Files that must not come in, with the code of each.
fn bad_files(portal: &Portal) -> Vec<(&'static str, Vec<u8>)> {
    let good = order(5, THIRTY_SEATS).signed();
    let text = String::from_utf8_lossy(&good).into_owned();
    let change = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    vec![
        ("license-empty", Vec::new()),
        ("license-empty", b" \r\n\t".to_vec()),
        ("license-not-utf8", vec![0xff, 0xfe, 0x00]),
        ("license-too-large", vec![b' '; entitlement::LIMIT + 1]),
        ("license-malformed", b"{}".to_vec()),
        ("license-malformed", good[..good.len() / 2].to_vec()),
        ("license-malformed", change("\"payload\"", "\"Payload\"")),
        ("license-summary-edited", change("City of Example", "City of Elsewhere")),
        ("license-wrong-kind", files::trust(1, |_| ())),
        ("license-key-unknown", order(5, THIRTY_SEATS).signed_by(&strange())),
        ("license-wrong-portal", order(5, THIRTY_SEATS).bound_to(elsewhere()).signed()),
        ("license-older", order(1, THIRTY_SEATS).signed()),
        ("license-reused", order(3, &[("viewer", 99), ("creator", 99)]).signed()),
        ("license-ended", order(5, THIRTY_SEATS).until("2026-12-01T09:00:00Z").signed()),
        ("license-wrong-kind", portal_request(portal)),
    ]
}

fn portal_request(portal: &Portal) -> Vec<u8> {
    let key = entitlement::SecretKey::self_named(&[9; 32]);
    entitlement::seal_activation_request(&key, portal.clock.wall()).unwrap_or_default().into_bytes()
}

#[tokio::test]
async fn a_refused_file_leaves_the_installed_one_in_force_byte_for_byte() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let third = order(3, THIRTY_SEATS).signed();
    let id = previews(&ana, &third).await.expecting(201).json()["id"].as_str().unwrap().to_owned();
    imports(&ana, &id, "first", None).await.expecting(200);
    let installed = ana.gets("/licenses/3/file").await.expecting(200).bytes;
    assert_eq!(installed, third);
    let status = ana.gets("/status").await.expecting(200).json();

    for (code, file) in bad_files(&portal) {
        let refused = previews(&ana, &file).await;
        refused.is_problem(422, code);
        let page = ana.uploads(&file).await.expecting(422);
        page.says(&format!(r#"<a href="/help/errors/{code}">{code}</a>"#)).says("<h1>Licenses</h1>");
        assert_eq!(ana.gets("/licenses/3/file").await.expecting(200).bytes, installed, "{code}");
        assert_eq!(ana.gets("/status").await.expecting(200).json(), status, "{code}");
    }
    let history = ana.gets("/licenses").await.expecting(200).json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn every_byte_of_the_signed_part_counts() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let file = order(2, THIRTY_SEATS).signed();
    let text = String::from_utf8(file.clone()).unwrap();
    let payload = text.find("\"payload\": \"").unwrap() + "\"payload\": \"".len();
    let length = text[payload..].find('"').unwrap();
    for place in (payload..payload + length).step_by(37) {
        let mut changed = file.clone();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let refused = previews(&ana, &changed).await;
        assert_eq!(refused.status, 422, "byte {place}: {}", refused.text());
        assert!(refused.json()["code"].as_str().is_some_and(|code| code.starts_with("license-")));
    }
    // White space outside the signed part changes nothing.
    let crlf = text.replace('\n', "\r\n");
    let with_mark = [&[0xef, 0xbb, 0xbf], crlf.as_bytes()].concat();
    assert_eq!(previews(&ana, &with_mark).await.expecting(201).json()["sequence"], 2);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_an_older_one_never_returns() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let same = previews(&ana, &order(1, THIRTY_SEATS).signed()).await.expecting(201).json();
    assert_eq!(same["already_installed"], true);
    let answer = imports(&ana, same["id"].as_str().unwrap(), "k", None).await.expecting(200).json();
    assert_eq!(answer["imported"], false);
    let second = previews(&ana, &order(2, THIRTY_SEATS).signed()).await.expecting(201).json();
    imports(&ana, second["id"].as_str().unwrap(), "l", None).await.expecting(200);
    previews(&ana, &order(1, THIRTY_SEATS).signed()).await.is_problem(422, "license-older");
    // The first preview is judged anew, and is older by now.
    imports(&ana, same["id"].as_str().unwrap(), "m", None).await.is_problem(422, "license-older");
}

#[tokio::test]
async fn a_preview_is_its_makers_alone() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let shown = previews(&ana, &order(2, THIRTY_SEATS).signed()).await.expecting(201).json();
    let path = format!("/license-previews/{}", shown["id"].as_str().unwrap());
    assert_eq!(ana.gets(&path).await.expecting(200).json()["sequence"], 2);
    let body = json!({"username": "olga", "user_type": "creator", "role": "administrator"});
    let id = ana.posts("/members", &body).await.expecting(201).json()["id"].as_str().unwrap().to_owned();
    portal.gives_password(&id).await;
    let mut olga = portal.person("olga");
    olga.signs_in().await.expecting(200);
    olga.gets(&path).await.is_problem(404, "not-found");
}
