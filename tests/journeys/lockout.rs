//! While a user type is over, its members are refused at every request, in one sentence (S6, S14 to S17, S25, S28).

use axum::http::Method;
use tests::people::{Answer, BROWSER, Person};

use crate::borrowed_seat::{Full, full};

const SENTENCE: &str = "You cannot use this portal at the moment because of a software authorization error. \
                        Contact your portal administrator for assistance.";
const COMFORT: &str = "Your account and your content are unchanged. Access returns by itself as soon as an \
                       administrator has corrected the license.";

/// Viewers are over: the first two of them are signed in.
async fn viewers_over() -> Full {
    let full = full().await;
    full.ana.changes_with_consent(&full.creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    full
}

#[track_caller]
fn is_the_sentence(answer: &Answer) {
    answer.is_problem(403, "user-type-over-limit");
    let body = answer.json();
    assert_eq!(body["detail"], SENTENCE);
    assert_eq!(body["reference"].as_str(), Some(answer.header("request-id")));
    for number in ["licensed", "assigned", "over", "locked_out"] {
        assert!(body.get(number).is_none(), "strangers to the numbers are not told `{number}`");
    }
}

#[tokio::test]
async fn every_request_to_the_interface_is_refused_and_not_only_the_sign_in() {
    let Full { viewers, .. } = viewers_over().await;
    let vera = &viewers[0];
    let id = &vera.id;
    for path in ["/me", "/me/privileges", "/status", "/licenses", "/user-types", "/members", "/changes"] {
        is_the_sentence(&vera.gets(path).await);
    }
    is_the_sentence(&vera.posts("/members", &serde_json::json!({"username": "x", "user_type": "viewer"})).await);
    is_the_sentence(&vera.puts(&format!("/members/{id}/role"), &serde_json::json!({"role": "viewer"})).await);
    is_the_sentence(&vera.deletes(&format!("/members/{id}")).await);
    let password = serde_json::json!({"current_password": "a", "new_password": "b"});
    is_the_sentence(&vera.asks(Method::PUT, "/me/password", &[], password.to_string().into_bytes()).await);
}

#[tokio::test]
async fn signing_in_is_refused_with_the_sentence_only_after_the_right_password() {
    let Full { viewers, .. } = viewers_over().await;
    let mut victor = viewers[2].clone();
    is_the_sentence(&victor.signs_in().await);
    assert_eq!(victor.token, None);
    victor.password = "not the password at all".to_owned();
    victor.signs_in().await.is_problem(401, "sign-in-failed");

    let mut victor = viewers[3].clone();
    let page = victor.signs_in_on_the_page().await.expecting(403);
    page.says(&format!("<p>{SENTENCE}</p>")).says(&format!("<p>{COMFORT}</p>"));
    page.says(&format!("reference <code>{}</code>", page.header("request-id")));
    assert_eq!(page.session_cookie(), None);
    victor.password = "not the password at all".to_owned();
    let page = victor.signs_in_on_the_page().await.expecting(401);
    page.says("The user name or the password is not right.").is_silent_on("authorization error");
}

#[tokio::test]
async fn every_page_is_the_sign_in_page_with_the_sentence_and_no_numbers() {
    let Full { viewers, .. } = viewers_over().await;
    let vera = &viewers[0];
    for address in ["/", "/licenses", "/members", "/members/new", "/password", &format!("/members/{}/delete", vera.id)]
    {
        let page = vera.opens(address).await.expecting(403);
        page.says("<h1>Sign in</h1>").says(&format!("<p>{SENTENCE}</p>")).says(&format!("<p>{COMFORT}</p>"));
        page.says(&format!("reference <code>{}</code>", page.header("request-id")));
        page.is_silent_on("26 members")
            .is_silent_on("licensed")
            .is_silent_on("over by")
            .is_silent_on("href=\"/members\"");
    }
    let form = vera.submits("/members/new", &[("username", "x"), ("user_type", "viewer"), ("role", "viewer")]).await;
    form.expecting(403).says(SENTENCE);
}

#[tokio::test]
async fn the_portal_directory_refuses_likewise() {
    let Full { viewers, .. } = viewers_over().await;
    for path in ["/me", "/members", "/status"] {
        let page = viewers[0].asks(Method::GET, path, &[("accept", BROWSER)], Vec::new()).await.expecting(403);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        page.says("<h1>Portal Directory</h1>").says(&format!("<p>{SENTENCE}</p>"));
    }
}

#[tokio::test]
async fn who_is_locked_out_can_sign_out_and_read_the_help() {
    let Full { viewers, .. } = viewers_over().await;
    let (vera, victor) = (&viewers[0], &viewers[1]);
    vera.opens("/help/errors/user-type-over-limit").await.expecting(200).says(&format!("<p>{SENTENCE}</p>"));
    vera.opens("/help/errors").await.expecting(200).says("user-type-over-limit");
    assert_eq!(vera.opens("/assets/portal.css").await.status, 200);
    vera.opens("/").await.expecting(403).says(r#"action="/signout""#);
    let left = vera.submits("/signout", &[]).await;
    left.leads_to("/signin?done=signed-out");
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(vera.gets_in().await, Err((401, "not-signed-in".to_owned())));
    vera.opens("/signin?done=signed-out").await.expecting(200).says("You are signed out.");
    assert_eq!(victor.deletes("/session").await.status, 204);
    assert_eq!(victor.gets_in().await, Err((401, "not-signed-in".to_owned())));
}

#[tokio::test]
async fn other_types_and_the_administrator_work_on_and_access_returns_by_itself() {
    let Full { ana, creators, viewers, .. } = viewers_over().await;
    assert_eq!(creators[1].gets_in().await, Ok(()));
    assert_eq!(creators[1].opens("/").await.status, 200);
    assert_eq!(ana.opens("/").await.status, 200);
    ana.deletes(&format!("/members/{}", viewers[9].id)).await.expecting(204);
    let again: [&Person; 2] = [&viewers[0], &creators[0]];
    for person in again {
        assert_eq!(person.gets_in().await, Ok(()), "{}", person.username);
        assert_eq!(person.opens("/").await.status, 200, "{}", person.username);
    }
}
