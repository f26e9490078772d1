//! The same request sent again is carried out once and answered alike, without anything secret in it.

use axum::http::Method;
use serde_json::json;
use tests::acts::{CSV, set};
use tests::files::order;
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

async fn house() -> (Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    (ana, vera)
}

async fn changes(ana: &Person) -> usize {
    ana.gets("/changes").await.json()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_change_and_its_taking_back_happen_once() {
    let (ana, vera) = house().await;
    let change = json!({"operations": [set(&vera, "creator", "user")]});
    let first = ana.posts_with_key("/changes", "a", &change).await.expecting(201);
    let again = ana.posts_with_key("/changes", "a", &change).await.expecting(201);
    assert_eq!((first.json(), changes(&ana).await), (again.json(), 1));
    let undo = format!("/changes/{}/revert", first.text_of("id"));
    let back = ana.posts_with_key(&undo, "b", &json!({})).await.expecting(201);
    // Otherwise it would be stale by now.
    assert_eq!(ana.posts_with_key(&undo, "b", &json!({})).await.expecting(201).json(), back.json());
    assert_eq!(changes(&ana).await, 2);
    ana.posts_with_key(&undo, "a", &json!({})).await.is_problem(409, "idempotency-mismatch");
    ana.posts_with_key(&undo, "b", &json!({"reason": "x"})).await.is_problem(409, "idempotency-mismatch");
    ana.posts(&undo, &json!({})).await.is_problem(428, "idempotency-key-required");
    ana.posts("/changes", &change).await.is_problem(428, "idempotency-key-required");
}

async fn imports(ana: &Person, how: &str, key: &str, table: &str) -> Answer {
    let headers = [CSV, ("idempotency-key", key)];
    ana.asks(Method::POST, &format!("/members/import{how}"), &headers, table.as_bytes().to_vec()).await
}

#[tokio::test]
async fn a_table_is_imported_once_and_its_passwords_are_shown_once() {
    let (ana, _) = house().await;
    let table = "username,user_type\nnina,viewer\notto,viewer\n";
    let first = imports(&ana, "", "a", table).await.expecting(200).json();
    let again = imports(&ana, "", "a", table).await.expecting(200);
    assert_eq!((&first["added"], &again.json()["added"]), (&json!(2), &json!(2)));
    for (one, other) in first["members"].as_array().unwrap().iter().zip(again.json()["members"].as_array().unwrap()) {
        assert_eq!(one["id"], other["id"]);
        assert!(one["one_time_password"].is_string() && other.get("one_time_password").is_none());
    }
    assert_eq!(ana.counts("viewer").await, (3, 5, 0));
    imports(&ana, "", "a", "username,user_type\npaul,viewer\n").await.is_problem(409, "idempotency-mismatch");
    imports(&ana, "?mode=fill", "a", table).await.is_problem(409, "idempotency-mismatch");
    let no_key = ana.asks(Method::POST, "/members/import", &[CSV], table.as_bytes().to_vec()).await;
    no_key.is_problem(428, "idempotency-key-required");
    // A refused one is not remembered: it is tried again.
    let five = "username,user_type\nv1,viewer\nv2,viewer\nv3,viewer\n";
    imports(&ana, "", "b", five).await.is_problem(409, "import-refused");
    ana.imports_license(&order(2, &[("viewer", 9), ("creator", 5)]).signed(), None).await.expecting(200);
    imports(&ana, "", "b", five).await.expecting(200);
}

#[tokio::test]
async fn the_refused_rows_come_back_as_the_same_table_again() {
    let (ana, _) = house().await;
    let headers = [CSV, ("idempotency-key", "a"), ("accept", "text/csv")];
    let table = b"username,user_type\nnina,viewer\notto,no-such\n".to_vec();
    let first = ana.asks(Method::POST, "/members/import?mode=fill", &headers, table.clone()).await.expecting(200);
    let again = ana.asks(Method::POST, "/members/import?mode=fill", &headers, table.clone()).await.expecting(200);
    assert!(first.text().starts_with("username,user_type,problem\notto,no-such,"));
    assert_eq!((first.text(), first.header("content-type")), (again.text(), again.header("content-type")));
    let as_json = ana.asks(Method::POST, "/members/import?mode=fill", &headers[..2], table).await;
    as_json.is_problem(409, "idempotency-mismatch");
    assert_eq!(ana.counts("viewer").await, (2, 5, 0));
}

#[tokio::test]
async fn an_invitation_is_sent_once_and_its_secret_is_shown_once() {
    let (ana, _) = house().await;
    let asked = json!({"user_type": "viewer"});
    let first = ana.posts_with_key("/invitations", "a", &asked).await.expecting(201);
    let again = ana.posts_with_key("/invitations", "a", &asked).await.expecting(201);
    assert_eq!(first.text_of("id"), again.text_of("id"));
    assert_eq!((&again.json()["token"], &again.json()["accept_at"]), (&json!(null), &json!(null)));
    assert!(!again.text().contains(&first.text_of("token")));
    assert_eq!(ana.reserved("viewer").await, 1);
    ana.posts_with_key("/invitations", "a", &json!({"user_type": "creator"}))
        .await
        .is_problem(409, "idempotency-mismatch");
}

#[tokio::test]
async fn nothing_secret_lies_in_the_data_in_clear() {
    let (ana, _) = house().await;
    let password = imports(&ana, "", "a", "username,user_type\nnina,viewer\n").await.json()["members"][0].clone();
    let secret = ana.posts_with_key("/invitations", "b", &json!({"user_type": "viewer"})).await.text_of("token");
    let headers = [JSON, ("idempotency-key", "c")];
    let body = json!({"username": "otto", "user_type": "viewer"}).to_string().into_bytes();
    let otto = ana.asks(Method::POST, "/members", &headers, body).await.expecting(201);
    let secrets = [
        password["one_time_password"].as_str().unwrap().to_owned(),
        secret,
        otto.text_of("one_time_password"),
        ana.token.clone().unwrap(),
    ];
    let mut looked_at = 0;
    for entry in std::fs::read_dir(ana.portal.folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        looked_at += 1;
        let bytes = std::fs::read(&path).unwrap();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "a secret lies in {}", path.display());
        }
    }
    assert!(looked_at > 0);
}
