//! What people read while the portal is not in compliance, and what they do not (S11 to S21).

use axum::http::Method;
use serde_json::{Value, json};
use tests::files::{at, order};
use tests::people::{Answer, BROWSER, Person};
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

const LOCKED: &str = "You cannot use this portal at the moment because of a software authorization error. \
                      Contact your portal administrator for assistance.";
const NOT_CREATED: &str = "The account could not be created because of a software authorization error. \
                           Contact your portal administrator for assistance.";

/// Viewers are one over since half past ten.
async fn over() -> Full {
    let full = full().await;
    full.portal.clock.set(at("2026-12-01T10:30:00Z"));
    full.ana.changes_with_consent(&full.creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    full
}

/// Nothing of what a member is not to know: numbers, types, names.
#[track_caller]
fn tells_no_numbers(answer: &Answer) {
    let body = answer.json();
    // The reference is a random number.
    let text = answer.text().replace(body["reference"].as_str().unwrap_or("-"), "");
    for told in ["26", " 25", "over by", "over_since", "creator1", "Started by", "10:30"] {
        assert!(!text.contains(told), "`{told}` in {text}");
    }
    for fact in ["licensed", "assigned", "reserved", "available", "over", "locked_out", "user_type", "user_types"] {
        assert!(body.get(fact).is_none(), "`{fact}` in {body}");
    }
}

/// Everything that somebody without a seat could ask the interface.
const ASKED: &[(&str, &str, &str)] = &[
    ("GET", "/me", ""),
    ("GET", "/me/role", ""),
    ("GET", "/me/privileges", ""),
    ("GET", "/members", ""),
    ("GET", "/members/export", ""),
    ("GET", "/user-types", ""),
    ("GET", "/user-types/viewer", ""),
    ("GET", "/status", ""),
    ("GET", "/licenses/current", ""),
    ("GET", "/changes?returning=true", ""),
    ("GET", "/invitations", ""),
    ("GET", "/roles", ""),
    ("GET", "/privileges", ""),
    ("GET", "/workflows", ""),
    ("GET", "/workflows/change-user-type/check", ""),
    ("GET", "/settings/security", ""),
    ("POST", "/members", r#"{"username": "x", "user_type": "viewer"}"#),
    ("POST", "/invitations", r#"{"user_type": "viewer"}"#),
    ("POST", "/changes?dry_run=true", r#"{"operations": []}"#),
    ("POST", "/members/import?dry_run=true", "username\nx\n"),
];

#[tokio::test]
async fn who_is_locked_out_reads_one_sentence_with_a_reference_and_no_number_anywhere() {
    let Full { viewers, .. } = over().await;
    let vera = &viewers[0];
    for (method, path, body) in ASKED {
        let method: Method = method.parse().unwrap();
        let headers = [tests::people::JSON, ("idempotency-key", path)];
        let answer = vera.asks(method.clone(), path, &headers, body.as_bytes().to_vec()).await;
        let is_bad = answer.json()["code"] == "validation-failed";
        assert!(!is_bad, "{method} {path}: what was sent is read before who sent it is known to be let in");
        answer.is_problem(403, "user-type-over-limit");
        assert_eq!(answer.json()["detail"], LOCKED, "{method} {path}");
        assert_eq!(answer.json()["reference"].as_str(), Some(answer.header("request-id")), "{method} {path}");
        tells_no_numbers(&answer);
        if method == Method::GET {
            let page = vera.asks(method, path, &[("accept", BROWSER)], Vec::new()).await.expecting(403);
            page.says(LOCKED).is_silent_on("over by").is_silent_on("26 members").is_silent_on("creator1");
        }
    }
    for address in ["/", "/members", "/licenses", "/password", "/no-such-page"] {
        let page = vera.opens(address).await;
        page.is_silent_on("over by").is_silent_on("26 members").is_silent_on("creator1");
    }
    // Each refusal has a reference of its own.
    let references = [vera.gets("/me").await.text_of("reference"), vera.gets("/me").await.text_of("reference")];
    assert_ne!(references[0], references[1]);
}

#[tokio::test]
async fn members_who_are_not_locked_out_and_strangers_learn_nothing_of_it_either() {
    let Full { creators, portal, .. } = over().await;
    let carl = &creators[1];
    let stranger = portal.person("stranger");
    for (method, path, body) in ASKED {
        let headers = [tests::people::JSON, ("idempotency-key", path)];
        for person in [carl, &stranger] {
            let answer = person.asks(method.parse().unwrap(), path, &headers, body.as_bytes().to_vec()).await;
            for told in ["over_since", "locked_out", "not-compliant", "authorization error"] {
                answer.is_silent_on(told);
            }
        }
    }
    for address in ["/", "/help/errors", "/signin", "/members"] {
        for person in [carl, &stranger] {
            person.opens(address).await.is_silent_on("over by").is_silent_on("26 members");
        }
    }
}

#[tokio::test]
async fn the_administrator_reads_what_since_when_who_and_the_way_out() {
    let Full { ana, viewers, .. } = over().await;
    let page = ana.opens("/").await.expecting(200);
    page.says("<strong>Viewer is over by 1</strong>: 26 assigned, 25 licensed, since <time datetime=\"2026-12-01T10:30:00Z\">");
    page.says("26 members cannot use the portal.").says("Started by ana: creator1");
    let status = ana.gets("/status").await.expecting(200).json();
    let over = json!([{
        "id": "viewer", "name": "Viewer", "licensed": 25, "assigned": 26, "reserved": 0, "available": -1,
        "over_since": "2026-12-01T10:30:00Z", "locked_out": 26,
    }]);
    assert_eq!((&status["compliant"], &status["over"]), (&json!(false), &over));
    let refused = ana.posts("/members", &json!({"username": "x", "user_type": "creator"})).await;
    refused.is_problem(403, "creation-blocked-not-compliant");
    let body = refused.json();
    assert_eq!(body["detail"], NOT_CREATED);
    assert_eq!(body["over"], json!([{"id": "viewer", "assigned": 26, "licensed": 25, "locked_out": 26}]));
    assert!(body["fix"].as_str().unwrap().contains("within its licensed number"));
    // The question for consent names who would help.
    ana.changes(&viewers[0], "creator", "publisher").await.expecting(200);
    let asked = ana.changes(&viewers[1], "creator", "publisher").await;
    asked.is_problem(409, "one-over-needs-consent");
    let body = asked.json();
    // Of the five who would be locked out, nobody is the administrator.
    assert_eq!((&body["locked_out"], body["signed_in_now"]["creator"].as_u64()), (&json!({"creator": 5}), Some(2)));
    let candidates = body["swap_candidates"]["creator"].as_array().unwrap();
    assert!(!candidates.is_empty() && candidates.iter().all(|one| one["username"] != "viewer2"));
}

/// What an administrator reads of who began it.
async fn started(ana: &Person) -> Option<String> {
    let text = ana.opens("/").await.expecting(200).text();
    let rest = text.split("<p>Started by ").nth(1)?;
    rest.split("</p>").next().map(str::to_owned)
}

#[tokio::test]
async fn who_began_it_is_told_also_of_a_change_that_archived_somebody_besides() {
    let Full { ana, creators, viewers, .. } = full().await;
    let operations = [
        tests::acts::set(&creators[0], "viewer", "viewer"),
        tests::acts::set(&creators[1], "viewer", "viewer"),
        tests::acts::act(&viewers[0], "archive"),
    ];
    let change = json!({"operations": operations, "allow_one_over": {"viewer": 26}});
    ana.applies(&change).await.expecting(201);
    let told = started(&ana).await.unwrap_or_default();
    assert!(told.starts_with("ana: creator1 Creator → Viewer, creator2 Creator → Viewer"), "{told}");
}

#[tokio::test]
async fn a_holder_of_manage_licenses_is_told_as_the_administrator_is_and_a_delegate_without_it_is_not() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let clerk = ana.makes_role("Clerk", &["members.view", "admin.members.manage_licenses"]).await;
    let host = ana.makes_role("Host", &["members.view", "admin.members.invite"]).await;
    let (clara, hugo) =
        (ana.adds_with_role("clara", "creator", &clerk).await, ana.adds_with_role("hugo", "creator", &host).await);
    ana.adds_many("viewer", 2).await;
    ana.imports_license(&order(2, &[("viewer", 1), ("creator", 5)]).signed(), Some(2)).await.expecting(200);
    let status = clara.gets("/status").await.expecting(200).json();
    assert_eq!(status["notices"], json!([{"code": "over-assigned", "user_types": ["viewer"]}]));
    clara.opens("/").await.expecting(200).says("Viewer is over by 1");
    hugo.opens("/").await.expecting(200).is_silent_on("over by");
    hugo.gets("/status").await.is_problem(403, "privilege-missing");
    // The delegate who adds members is told in the words of the house that it cannot be.
    let refused = hugo.posts("/members", &json!({"username": "x", "user_type": "creator"})).await;
    refused.is_problem(403, "creation-blocked-not-compliant");
    assert_eq!(refused.json()["detail"], NOT_CREATED);
    assert_ne!(refused.json()["over"], Value::Null);
}
