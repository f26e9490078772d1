//! Attempts through the browser: scripts in what people write, forms of other sites, tables and forms of odd shape,
//! redirects, and answers given to somebody else.

use std::time::Duration;

use axum::http::{Method, Request};
use serde_json::{Value, json};
use tests::acts::{CSV, act};
use tests::files::order;
use tests::people::{JSON, Person};
use tests::portal::Portal;

const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
/// The same where a slash is not allowed.
const NAME: &str = "\"'><img src=x onerror=alert(1)>{{7*7}}";

async fn house() -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 9), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    (portal, ana)
}

#[tokio::test]
async fn nothing_that_people_write_becomes_part_of_a_page() {
    let (portal, ana) = house().await;
    let security = json!({"access_notice": EVIL, "information_banner": EVIL});
    ana.puts("/settings/security", &security).await.expecting(200);
    ana.puts("/settings/website", &json!({"name": EVIL, "summary": EVIL, "contact": EVIL})).await.expecting(200);
    for topic in ["groups", "categories"] {
        ana.puts(&format!("/settings/{topic}"), &json!({"names": [EVIL]})).await.expecting(200);
    }
    let role = json!({"name": EVIL, "description": EVIL, "privileges": ["members.view"]});
    let role = ana.posts("/roles", &role).await.expecting(201).text_of("id");
    let body = json!({"username": NAME, "full_name": EVIL, "email": EVIL, "user_type": "viewer", "role": role,
                      "groups": [EVIL], "categories": [EVIL]});
    let id = ana.posts("/members", &body).await.expecting(201).text_of("id");
    let asked = json!({"username": "guest", "full_name": EVIL, "email": EVIL, "user_type": "viewer", "role": role});
    let sent = ana.posts_once("/invitations", &asked).await.expecting(201);
    let who = Person { id: id.clone(), ..ana.portal.person(NAME) };
    let lent = json!({"operations": [act(&who, "disable")], "reason": EVIL, "revert_at": "2026-12-02T09:00:00Z"});
    let change = ana.applies(&lent).await.expecting(201).text_of("id");
    let invitation = sent.text_of("id");
    let mut pages: Vec<String> = [
        "/",
        "/licenses",
        "/members",
        "/members/new",
        "/members/import",
        "/changes",
        "/roles",
        "/roles/new",
        "/settings",
        "/invitations",
        "/invitations/new",
        "/profile",
        "/members/swap",
        "/nowhere",
        "/members?group=%3Cscript%3Ealert(1)",
        "/members?q=%3Cscript%3Ealert(1)",
        "/members?cursor=%3Cscript%3Ealert(1)",
        "/changes?cursor=%3Cscript%3Ealert(1)",
        "/help/errors/%3Cscript%3Ealert(1)",
        "/roles/%3Cscript%3Ealert(1)",
    ]
    .map(str::to_owned)
    .to_vec();
    pages
        .extend(["", "/edit", "/why", "/password", "/delete", "/user-type"].map(|part| format!("/members/{id}{part}")));
    pages.extend(["", "/edit", "/delete"].map(|part| format!("/roles/{role}{part}")));
    pages.extend(["defaults", "security", "website", "groups", "categories"].map(|topic| format!("/settings/{topic}")));
    pages.extend([format!("/changes/{change}"), format!("/changes/{change}/undo")]);
    pages.extend([format!("/invitations/{invitation}/revoke"), format!("/members/change?member={id}&target=archive")]);
    for resource in ["members", "roles", "changes", "invitations", "settings/website", "members/export"] {
        pages.push(format!("/api/v1/{resource}"));
    }
    for page in &pages {
        let shown = ana.opens(page).await;
        assert!(shown.status < 500, "{page}: {}", shown.status);
        if shown.header("content-type").starts_with("text/html") {
            shown.is_silent_on("<script>alert").is_silent_on("<img src=x");
        }
    }
    for page in ["/signin".to_owned(), sent.text_of("accept_at"), format!("{}x", sent.text_of("accept_at"))] {
        portal.person("x").opens(&page).await.is_silent_on("<script>alert").is_silent_on("<img src=x");
    }
}

#[tokio::test]
async fn a_table_with_scripts_and_formulas_is_shown_as_text_in_every_column() {
    let (_, ana) = house().await;
    let table = format!("username,user_type,role,groups\n\"{}\",<script>alert(1),=1+1,@x\n", NAME.replace('"', "\"\""));
    let files = [("file", "<script>.csv", table.as_bytes())];
    let shown = ana.uploads_to("/members/import", &[("mode", "fill")], &files);
    let shown = shown.await;
    assert!(shown.status < 500);
    shown.is_silent_on("<script>alert").is_silent_on("<img src=x");
    for files in [vec![], vec![("file", "a", &b"username\nx\n"[..]), ("file", "b", &b"\xff\xfe"[..])]] {
        assert_eq!(ana.uploads_to("/members/import", &[], &files).await.status, 422);
    }
    for (fields, files) in [(vec![("other", "x")], vec![]), (vec![], vec![("csrf", "x", &b"x"[..])])] {
        let answer = ana.uploads_to("/members/import", &fields, &files).await;
        assert!([400, 403].contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(ana.counts("viewer").await, (0, 9, 0));
}

#[tokio::test]
async fn no_form_that_changes_something_is_taken_without_its_token_or_from_another_site() {
    let (portal, ana) = house().await;
    let vera = ana.adds("vera", "viewer").await;
    let role = ana.makes_role("Crew", &["members.view"]).await;
    let invitation = ana.invites("viewer").await.text_of("id");
    let change = ana.does(&[act(&vera, "disable")]).await.expecting(201).text_of("id");
    let id = &vera.id;
    let forms = [
        "/members/new".to_owned(),
        "/members/change".to_owned(),
        "/members/import/confirm".to_owned(),
        "/members/swap".to_owned(),
        format!("/members/{id}/user-type"),
        format!("/members/{id}/delete"),
        format!("/members/{id}/edit"),
        format!("/members/{id}/password"),
        format!("/changes/{change}/undo"),
        format!("/changes/{change}/cancel"),
        "/roles/new".to_owned(),
        format!("/roles/{role}/edit"),
        format!("/roles/{role}/delete"),
        "/settings/defaults".to_owned(),
        "/settings/security".to_owned(),
        "/invitations/new".to_owned(),
        format!("/invitations/{invitation}/resend"),
        format!("/invitations/{invitation}/revoke"),
        "/profile".to_owned(),
        "/password".to_owned(),
        "/signout".to_owned(),
    ];
    let version = |portal: &Portal| portal.state.store.read(|tx| Ok(tx.version())).unwrap();
    let before = version(&portal);
    let (cookie, token) = (format!("seatwarden_session={}", ana.token.clone().unwrap()), ana.form_token());
    for form in &forms {
        for fields in [&[("csrf", "")][..], &[("csrf", "0")], &[("other", "x")], &[]] {
            let answer = ana.submits_as_is(form, fields).await;
            assert!([400, 403].contains(&answer.status), "{form}: {}", answer.status);
        }
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null")] {
            let request = Request::builder().method(Method::POST).uri(form).header("cookie", &cookie);
            let request = request.header(name, value).header("host", "portal.example");
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let body = axum::body::Body::from(format!("csrf={token}&version=1"));
            let answer = portal.sends(request.body(body).unwrap()).await;
            assert_eq!(answer.status, 403, "{form} {name}: {value}");
        }
    }
    assert_eq!(version(&portal), before);
}

#[tokio::test]
async fn a_sign_in_leads_to_no_other_site() {
    let (_, ana) = house().await;
    for next in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/evil.example",
        " //evil.example",
        "%2F%2Fevil.example",
        "///evil.example",
        "/\u{2f}evil.example",
    ] {
        let fields = [("username", "ana"), ("password", ana.password.as_str()), ("next", next)];
        let stranger = Person { token: None, ..ana.clone() };
        stranger.submits_as_is("/signin", &fields).await.leads_to("/");
    }
}

#[tokio::test]
async fn an_answer_is_repeated_to_nobody_else_and_at_no_other_address() {
    let (_, ana) = house().await;
    let ben = ana.adds_with_role("ben", "creator", "administrator").await;
    let vera = ana.adds("vera", "viewer").await;
    let body = json!({"user_type": "viewer"});
    let first = ana.posts_with_key("/invitations", "k", &body).await.expecting(201).text_of("id");
    let other = ben.posts_with_key("/invitations", "k", &body).await.expecting(201).text_of("id");
    assert_ne!(first, other);
    ana.posts_with_key("/members", "k", &body).await.expecting(422);
    let named = json!({"username": "otto", "user_type": "viewer"});
    ana.posts_with_key("/members", "k", &named).await.is_problem(409, "idempotency-mismatch");
    let change = json!({"operations": [act(&vera, "disable")]});
    ana.posts_with_key("/changes", "k", &change).await.is_problem(409, "idempotency-mismatch");
    let headers = [CSV, ("idempotency-key", "k")];
    let table = ana.asks(Method::POST, "/members/import", &headers, b"username\notto\n".to_vec()).await;
    table.is_problem(409, "idempotency-mismatch");
    // Who has lost the right is told nothing again by an old key of somebody else.
    let gone = ana.posts_with_key("/changes", "d", &change).await.expecting(201).text_of("id");
    let mut vera = vera;
    ana.undoes(&gone).await.expecting(201);
    vera.signs_in().await.expecting(200);
    vera.posts_with_key("/changes", "d", &change).await.is_problem(403, "privilege-missing");
}

#[tokio::test]
async fn ten_thousand_operations_on_one_member_are_refused_at_once_and_in_few_words() {
    let (_, ana) = house().await;
    let vera = ana.adds("vera", "viewer").await;
    let many = |count: usize| -> Vec<Value> { vec![act(&vera, "disable"); count] };
    let asked = json!({"operations": many(10_000)});
    let refused = tokio::time::timeout(Duration::from_secs(20), ana.applies(&asked)).await.unwrap();
    refused.is_problem(422, "validation-failed");
    assert!(refused.bytes.len() < 200_000, "{} bytes", refused.bytes.len());
    ana.does(&many(10_001)).await.is_problem(422, "validation-failed");
    assert_eq!(ana.finds(&vera).await.2, "enabled");
    let twice = r#"{"operations": [], "operations": []}"#;
    ana.asks(Method::POST, "/changes", &[JSON, ("idempotency-key", "x")], twice.into()).await.expecting(422);
}
