//! Bodies that no honest program sends: a refusal with a code, never a fault of ours, and nothing changes.

use axum::http::Method;
use serde_json::json;
use tests::people::{JSON, Person};
use tests::portal::Portal;

/// What is sent, and the code of the answer.
type Case = (&'static [u8], &'static str);

const ANY_OBJECT: &[Case] = &[
    (b"", "request-malformed"),
    (b"{", "request-malformed"),
    (b"\xff\xfe", "request-malformed"),
    (b"\xef\xbb\xbf{}", "request-malformed"),
    (b"[]", "validation-failed"),
    (b" \n[\"a\", \"viewer\", null, null, null]", "validation-failed"),
    (b"null", "validation-failed"),
    (b"7", "validation-failed"),
    (b"\"text\"", "validation-failed"),
    (b"{}", "validation-failed"),
    (b"{\"no_such_member\": 1}", "validation-failed"),
];

const MEMBERS: &[Case] = &[
    (br#"{"username": "a", "user_type": "viewer"} {}"#, "request-malformed"),
    (br#"{"username": "a", "username": "b", "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": "viewer", "is_admin": true}"#, "validation-failed"),
    (br#"{"username": 1, "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": ["a"], "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": null}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": "no-such"}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": "../viewer"}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": "viewer", "role": "no-such"}"#, "validation-failed"),
    (br#"{"username": "", "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": " a", "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": "a\u0000b", "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": "a/b", "user_type": "viewer"}"#, "validation-failed"),
    (br#"{"username": "a", "user_type": "viewer", "full_name": "\u0007"}"#, "validation-failed"),
    (br#"{"username": "\ud800", "user_type": "viewer"}"#, "request-malformed"),
];

const CHANGES: &[Case] = &[
    (br#"{"operations": []}"#, "validation-failed"),
    (br#"{"operations": {}}"#, "validation-failed"),
    (br#"{"operations": [[]]}"#, "validation-failed"),
    (br#"{"operations": [{}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "mem_x", "set_role": "viewer"}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "mem_00000000000000000000000000", "set_role": "viewer"}]}"#, "not-found"),
    (br#"{"operations": [{"member": "ID"}]}"#, "validation-failed"),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}, {"member": "ID", "set_role": "viewer"}]}"#,
        "validation-failed",
    ),
    (br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "operations": []}"#, "validation-failed"),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "allow_one_over": {"viewer": 1, "VIEWER": 2}}"#,
        "validation-failed",
    ),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "allow_one_over": {"viewer": -1}}"#,
        "validation-failed",
    ),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "allow_one_over": {"viewer": 1e99}}"#,
        "validation-failed",
    ),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "allow_one_over": {"viewer": 1}}"#,
        "confirmation-mismatch",
    ),
    (br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "mode": "any"}"#, "validation-failed"),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "mode": "partial", "allow_one_over": {"viewer": 1}}"#,
        "confirmation-mismatch",
    ),
    (
        br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "revert_at": "2026-12-01T09:00:00Z"}"#,
        "validation-failed",
    ),
    (br#"{"operations": [{"member": "ID", "set_role": "viewer"}], "revert_at": "tonight"}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "delete": true}], "revert_at": "2027-01-01T00:00:00Z"}"#, "cannot-revert"),
    (br#"{"operations": [{"member": "ID", "delete": true, "set_role": "viewer"}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "delete": true, "archive": true}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "assign_add_ons": ["arcgis-pro-standard"]}]}"#, "incompatible"),
    (br#"{"operations": [{"member": "ID", "assign_add_ons": ["arcgis-pro-grand"]}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "unassign_add_ons": ["no id!"]}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "assign_add_ons": null}]}"#, "validation-failed"),
    (br#"{"operations": [{"member": "ID", "release_checkouts": "yes"}]}"#, "validation-failed"),
];

async fn house() -> (Portal, Person, Person) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    (portal, ana, vera)
}

async fn refuses(ana: &Person, method: Method, path: &str, cases: &[Case], id: &str) {
    for (number, (body, code)) in cases.iter().enumerate() {
        let body = String::from_utf8(body.to_vec()).map_or(body.to_vec(), |text| text.replace("ID", id).into_bytes());
        let key = format!("case-{number}-{path}");
        let headers = [JSON, ("if-match", "*"), ("idempotency-key", key.as_str())];
        let answer = ana.asks(method.clone(), path, &headers, body.clone()).await;
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(answer.json()["code"], *code, "{method} {path} {shown}: {}", answer.text());
        assert!((400..500).contains(&answer.status), "{method} {path} {shown}: {}", answer.status);
    }
}

#[tokio::test]
async fn hostile_bodies_are_refused_with_a_code_and_change_nothing() {
    let (portal, ana, vera) = house().await;
    let version = portal.state.store.read(|tx| Ok(tx.version())).unwrap();
    let id = &vera.id;
    let user_type = format!("/members/{id}/user-type");
    let role = format!("/members/{id}/role");
    refuses(&ana, Method::POST, "/members", ANY_OBJECT, id).await;
    refuses(&ana, Method::POST, "/members", MEMBERS, id).await;
    refuses(&ana, Method::POST, "/changes", ANY_OBJECT, id).await;
    refuses(&ana, Method::POST, "/changes", CHANGES, id).await;
    refuses(&ana, Method::PUT, &user_type, ANY_OBJECT, id).await;
    refuses(&ana, Method::PUT, &role, ANY_OBJECT, id).await;
    refuses(&ana, Method::PUT, "/me/password", ANY_OBJECT, id).await;
    refuses(&ana, Method::POST, "/session", ANY_OBJECT, id).await;
    assert_eq!(portal.state.store.read(|tx| Ok(tx.version())).unwrap(), version);
    assert_eq!(ana.gets("/members").await.json()["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_deep_or_huge_body_is_refused() {
    let (_, ana, _) = house().await;
    let deep = [vec![b'{'; 1], br#""username":"#.to_vec(), vec![b'['; 200_000]].concat();
    let answer = ana.asks(Method::POST, "/members", &[JSON], deep).await;
    assert!((400..500).contains(&answer.status), "{}", answer.text());
    let huge = vec![b' '; 5 * 1024 * 1024];
    for path in ["/members", "/session", "/changes"] {
        let headers = [JSON, ("idempotency-key", "h")];
        ana.asks(Method::POST, path, &headers, huge.clone()).await.is_problem(413, "request-too-large");
    }
    ana.asks(Method::POST, "/license-previews", &[], huge).await.is_problem(422, "license-too-large");
    let long = json!({"username": "a".repeat(101), "user_type": "viewer"});
    ana.posts("/members", &long).await.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn strange_addresses_queries_and_methods_are_refused() {
    let (_, ana, vera) = house().await;
    for path in
        ["/members/mem_", "/members/..%2f..", "/members/%00", "/changes/1", "/user-types/no-such", "/licenses/99/file"]
    {
        assert_eq!(ana.gets(path).await.expecting(404).json()["code"], "not-found", "{path}");
    }
    for path in [
        "/members?limit=0",
        "/members?limit=501",
        "/members?limit=x",
        "/members?no_such=1",
        "/members?state=x",
        "/members?user_type=A%20B",
        "/members?locked_out=maybe",
        "/changes?cursor=x",
    ] {
        ana.gets(path).await.is_problem(422, "validation-failed");
    }
    ana.asks(Method::PATCH, "/members", &[], Vec::new()).await.is_problem(405, "method-not-allowed");
    ana.asks(Method::DELETE, "/status", &[], Vec::new()).await.is_problem(405, "method-not-allowed");
    let form = ana.submits(&format!("/members/{}/user-type", vera.id), &[("version", "1"), ("step", "jump")]).await;
    form.expecting(400).says("request-malformed");
    let twice = [("version", "1"), ("version", "2")];
    ana.submits(&format!("/members/{}/delete", vera.id), &twice).await.expecting(400).says("request-malformed");
}

#[tokio::test]
async fn every_part_of_an_address_that_cannot_be_used_is_answered_with_a_problem() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    for (address, status, code) in [
        ("/licenses/x/file", 404, "not-found"),
        ("/members/nobody", 404, "not-found"),
        ("/members?limit=many", 422, "validation-failed"),
        ("/members?bogus=1", 422, "validation-failed"),
        ("/changes?limit=1", 422, "validation-failed"),
        ("/changes?cursor=x", 422, "validation-failed"),
        ("/user-types/viewer/members?bogus=1", 422, "validation-failed"),
        ("/no-such-thing", 404, "not-found"),
    ] {
        ana.gets(address).await.is_problem(status, code);
    }
}

#[tokio::test]
async fn a_plan_needs_no_version_and_a_change_does() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let bo = ana.adds("bo", "viewer").await;
    let path = format!("/members/{}/user-type", bo.id);
    let body = br#"{"user_type": "viewer", "role": "viewer"}"#;
    let planned = ana.asks(Method::PUT, &format!("{path}?dry_run=true"), &[JSON], body.to_vec()).await;
    assert_eq!(planned.expecting(200).json()["dry_run"], json!(true));
    let applied = ana.asks(Method::PUT, &path, &[JSON], body.to_vec()).await;
    applied.is_problem(428, "precondition-required");
    let maybe = ana.asks(Method::PUT, &format!("{path}?dry_run=maybe"), &[JSON], body.to_vec()).await;
    maybe.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn a_sign_in_that_another_site_sends_is_refused_and_gets_no_cookie() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let body = json!({"username": ana.username, "password": ana.password}).to_string().into_bytes();
    let answer = ana.asks(Method::POST, "/session", &[JSON, ("sec-fetch-site", "cross-site")], body.clone()).await;
    answer.is_problem(403, "form-expired");
    assert_eq!(answer.session_cookie(), None);
    let answer = ana.asks(Method::POST, "/session", &[JSON, ("sec-fetch-site", "same-origin")], body).await;
    assert!(answer.expecting(200).session_cookie().is_some());
}

#[tokio::test]
async fn a_search_for_too_much_is_refused() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.gets(&format!("/members?q={}", "a".repeat(201))).await.is_problem(422, "validation-failed");
    assert_eq!(ana.gets(&format!("/members?q={}", "a".repeat(200))).await.expecting(200).json()["items"], json!([]));
    ana.gets("/members?q=%00").await.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn the_root_of_the_interface_is_no_resource_and_no_page() {
    let (_, ana, _) = house().await;
    for method in [Method::GET, Method::POST, Method::DELETE] {
        for path in ["", "/", "//", "/?q=a", "/no-such", "/members/"] {
            ana.asks(method.clone(), path, &[], Vec::new()).await.is_problem(404, "not-found");
        }
    }
}
