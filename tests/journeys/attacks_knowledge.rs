//! Attempts to learn what one may not see: from the order of refusals, from counts, from lists of valid values.

use axum::http::Method;
use serde_json::json;
use tests::acts::act;
use tests::people::{JSON, Person};
use tests::portal::Portal;

/// Somebody who is not there.
const NOBODY: &str = "mem_00000000000000000000000000";

struct House {
    ana: Person,
    vera: Person,
    asleep: Person,
}

/// `vera` sees the names of members and nothing else; `asleep` is archived.
async fn house() -> House {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.makes_role("Secret plan", &["members.view"]).await;
    let vera = ana.adds_with_role("vera", "creator", "publisher").await;
    let asleep = ana.adds("asleep", "viewer").await;
    ana.does(&[act(&asleep, "archive")]).await.expecting(201);
    House { ana, vera, asleep }
}

#[tokio::test]
async fn who_may_change_nothing_learns_nothing_from_a_change_set() {
    let House { ana, vera, asleep } = house().await;
    for operation in [
        act(&asleep, "enable"),
        act(&ana, "enable"),
        json!({"member": NOBODY, "enable": true}),
        json!({"member": asleep.id, "set_role": "viewer"}),
        json!({"member": NOBODY, "set_role": "viewer"}),
        json!({"member": ana.id, "set_role": "custom-nowhere"}),
        json!({"member": ana.id, "set_user_type": "nowhere"}),
        json!({"member": asleep.id, "archive": true, "set_role": "viewer"}),
        json!({"member": NOBODY, "delete": true}),
        json!({"member": asleep.id, "restore": true}),
    ] {
        for mode in ["atomic", "partial"] {
            let body = json!({"operations": [operation], "mode": mode});
            for refused in [vera.plans(&body).await, vera.applies(&body).await] {
                refused.is_problem(403, "privilege-missing");
                refused.is_silent_on("custom-secret-plan").is_silent_on("asleep");
            }
        }
    }
}

#[tokio::test]
async fn a_version_is_told_to_nobody_who_may_not_change_the_member() {
    let House { ana, vera, asleep } = house().await;
    for id in [ana.id.as_str(), asleep.id.as_str(), NOBODY] {
        for version in ["\"0\"", "\"1\"", "\"2\"", "*"] {
            let headers = [JSON, ("if-match", version)];
            let send = |method: Method, path: String, body: &str| {
                let body = body.as_bytes().to_vec();
                let vera = &vera;
                async move { vera.asks(method, &path, &headers, body).await }
            };
            let at = format!("/members/{id}");
            let role = r#"{"role": "viewer"}"#;
            let user_type = r#"{"user_type": "viewer"}"#;
            let name = r#"{"full_name": "New name"}"#;
            for refused in [
                send(Method::DELETE, at.clone(), "").await,
                send(Method::PUT, format!("{at}/role"), role).await,
                send(Method::PUT, format!("{at}/user-type"), user_type).await,
                send(Method::PATCH, at.clone(), name).await,
                send(Method::POST, format!("{at}/password-reset"), "{}").await,
            ] {
                refused.is_problem(403, "privilege-missing");
            }
        }
    }
}

#[tokio::test]
async fn a_guess_at_somebodys_address_is_refused_alike_whether_it_is_right() {
    let House { ana, vera, asleep } = house().await;
    let at = format!("/members/{}", asleep.id);
    let known = json!({"email": "asleep@secret.example", "full_name": "As Leep"});
    ana.patches(&at, &known).await.expecting(200);
    for (name, right, wrong) in [("email", "asleep@secret.example", "x@y.example"), ("full_name", "As Leep", "No Body")]
    {
        let [right, wrong] =
            [vera.patches(&at, &json!({name: right})).await, vera.patches(&at, &json!({name: wrong})).await];
        assert_eq!((right.status, right.text()), (403, wrong.text()), "{name}");
    }
}

#[tokio::test]
async fn a_role_that_is_not_there_looks_to_a_member_like_one_that_is() {
    let House { vera, .. } = house().await;
    for id in ["custom-secret-plan", "custom-nowhere"] {
        let at = format!("/roles/{id}");
        vera.gets(&at).await.is_problem(403, "privilege-missing");
        vera.puts(&at, &json!({"name": "Mine", "privileges": []})).await.is_problem(403, "privilege-missing");
        vera.deletes(&at).await.is_problem(403, "privilege-missing");
        for page in [format!("{at}/edit"), format!("{at}/delete"), at] {
            let shown = vera.opens(&page).await;
            assert_eq!(shown.status, 403, "{page}");
            shown.is_silent_on("Secret plan");
        }
        let fields = [("name", "Mine"), ("description", "")];
        assert_eq!(vera.submits(&format!("/roles/{id}/edit"), &fields).await.status, 403);
    }
}

#[tokio::test]
async fn pages_and_tables_tell_whoever_sees_names_only_no_more() {
    let House { vera, asleep, .. } = house().await;
    for page in ["/changes", "/licenses", "/invitations", "/roles", "/settings", "/members/import", "/members/new"] {
        let shown = vera.opens(page).await;
        assert_eq!(shown.status, 403, "{page}");
        shown.is_silent_on("asleep").is_silent_on("Secret plan");
    }
    for id in [asleep.id.as_str(), NOBODY] {
        for part in ["", "/edit", "/why", "/password", "/delete", "/user-type"] {
            assert_eq!(vera.opens(&format!("/members/{id}{part}")).await.status, 403, "{id}{part}");
        }
    }
    vera.gets("/members/export").await.is_problem(403, "privilege-missing");
    for name in ["asleep", "nobody-of-that-name"] {
        let table = format!("username,full_name\n{name},New\n");
        vera.imports("?dry_run=true", &table).await.is_problem(403, "privilege-missing");
    }
    let token = tests::people::Person { token: None, ..vera.clone() };
    table_of_strangers(&token).await;
}

async fn table_of_strangers(stranger: &Person) {
    for path in ["/members", "/changes", "/roles", "/settings/groups", "/members/export", "/privileges", "/me"] {
        stranger.gets(path).await.is_problem(401, "not-signed-in");
    }
}

#[tokio::test]
async fn somebody_locked_out_learns_no_more_than_a_stranger_and_can_still_leave() {
    let House { ana, vera, .. } = house().await;
    let people = ana.adds_many("creator", 3).await;
    let late = ana.adds("late", "viewer").await;
    ana.changes_with_consent(&late, ("creator", "user"), 5).await.expecting(200);
    assert_eq!((people.len(), ana.counts("creator").await), (3, (6, 5, 5)));
    for path in ["/me", "/me/role", "/me/privileges", "/members", "/user-types", "/status", "/roles", "/privileges"] {
        let refused = vera.gets(path).await;
        refused.is_problem(403, "user-type-over-limit");
        refused.is_silent_on("\"licensed\"").is_silent_on("\"assigned\"");
    }
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("token={}", vera.token.clone().unwrap_or_default());
    vera.asks(Method::POST, "/introspect", &headers, body.into_bytes()).await.is_problem(403, "user-type-over-limit");
    let told = ana.asks(Method::POST, "/introspect", &headers, format!("token={}", vera.token.clone().unwrap()).into());
    assert_eq!(told.await.expecting(200).json(), json!({"active": false}));
    vera.deletes("/session").await.expecting(204);
}
