//! Why somebody can or cannot do something, and what programs are told of a token (S9, S110, S227; RFC 7662).

use axum::http::Method;
use serde_json::{Value, json};
use tests::people::{Answer, JSON, Person};
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

async fn why(ana: &Person, what: &str, whom: &Person) -> Value {
    ana.gets(&format!("/{what}/check?member={}", whom.id)).await.expecting(200).json()
}

fn answers(why: &Value) -> Vec<(&str, &str)> {
    let needs = why["required"].as_array().unwrap().iter();
    needs.map(|need| (need["privilege"].as_str().unwrap(), need["answer"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn for_each_member_it_is_told_what_a_workflow_lacks_and_who_can_give_it() {
    let ana = Portal::start().await.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    let carla = ana.adds("carla", "creator").await;
    let uwe = ana.adds_with_role("uwe", "creator", "user").await;

    let publish = "workflows/publish-feature-wfs";
    assert_eq!(why(&ana, publish, &carla).await["allowed"], true);
    let of_uwe = why(&ana, publish, &uwe).await;
    assert_eq!(of_uwe["allowed"], false);
    assert_eq!(answers(&of_uwe), [("content.create", "granted"), ("content.publish_features", "missing-from-role")]);
    let need = &of_uwe["required"][1];
    assert_eq!(need["roles"], json!(["publisher", "facilitator", "administrator"]));
    assert_eq!(need["given_by"], json!(["admin.members.change_roles"]));

    let of_vera = why(&ana, publish, &vera).await;
    let above = "above-user-type";
    assert_eq!(answers(&of_vera), [("content.create", above), ("content.publish_features", above)]);
    assert_eq!(of_vera["required"][0]["user_types"].as_array().map(Vec::len), Some(6));
    assert_eq!(of_vera["required"][0]["given_by"].as_array().map(Vec::len), Some(5));
    let edit = why(&ana, "privileges/features.edit", &vera).await;
    assert_eq!(answers(&edit), [("features.edit", above)]);

    assert_eq!(why(&ana, "workflows/change-user-type", &ana).await["allowed"], true);
    assert_eq!(why(&ana, "privileges/reserved.reports", &ana).await["allowed"], true);
    assert_eq!(answers(&why(&ana, "privileges/reserved.reports", &carla).await)[0].1, "reserved-to-administrators");
    // An archived member can nothing.
    ana.does(&[tests::acts::act(&carla, "archive")]).await.expecting(201);
    assert_eq!(why(&ana, publish, &carla).await["allowed"], false);
    for unknown in ["workflows/no-such/check", "privileges/no.such/check", "privileges/%00/check"] {
        ana.gets(&format!("/{unknown}")).await.is_problem(404, "not-found");
    }
    // Of oneself everybody may ask, of others who sees them.
    assert_eq!(uwe.gets(&format!("/{publish}/check")).await.expecting(200).json(), of_uwe);
    uwe.gets(&format!("/{publish}/check?member={}", vera.id)).await.is_problem(403, "privilege-missing");
}

async fn introspects(person: &Person, token: &str) -> Answer {
    let body = format!("token={token}").into_bytes();
    let form = ("content-type", "application/x-www-form-urlencoded");
    person.asks(Method::POST, "/introspect", &[form], body).await
}

#[tokio::test]
async fn a_program_learns_of_a_token_what_its_member_may_do_at_this_moment() {
    let ana = Portal::start().await.administrator().await;
    let vera = ana.adds_with_role("vera", "viewer", "viewer").await;
    let told = introspects(&ana, vera.token.as_deref().unwrap()).await.expecting(200).json();
    assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!("Bearer")));
    assert_eq!((&told["sub"], &told["username"]), (&json!(vera.id), &json!("vera")));
    assert_eq!((&told["user_type"], &told["role"]), (&json!("viewer"), &json!("viewer")));
    let scope = "content.view_org groups.join_org premium.demographics premium.geocoding premium.network_analysis";
    assert_eq!(told["scope"], scope);
    let began = tests::files::at(tests::portal::MORNING).unix();
    assert_eq!((told["iat"].as_i64(), told["exp"].as_i64() > Some(began)), (Some(began), true));
    // The own token, without any privilege; of others' only who sees every account.
    let own = introspects(&vera, vera.token.as_deref().unwrap()).await.expecting(200).json();
    assert_eq!(own["username"], "vera");
    for token in [ana.token.as_deref().unwrap(), "swp_x", ""] {
        let refused = introspects(&vera, token).await;
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.json()["privilege"], "admin.members.view_all");
    }
}

#[tokio::test]
async fn what_is_no_form_with_a_token_is_refused_with_a_code_like_every_other_body() {
    let ana = Portal::start().await.administrator().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (header, body, status, code) in [
        (JSON, r#"{"token": "swp_x"}"#, 400, "request-malformed"),
        (form, "", 422, "validation-failed"),
        (form, "tokens=swp_x", 422, "validation-failed"),
        (form, "token=a&token=b", 422, "validation-failed"),
    ] {
        let refused = ana.asks(Method::POST, "/introspect", &[header], body.as_bytes().to_vec()).await;
        refused.is_problem(status, code);
    }
    let large = vec![b'a'; 4 * 1024 * 1024 + 1];
    ana.asks(Method::POST, "/introspect", &[form], large).await.is_problem(413, "request-too-large");
}

#[tokio::test]
async fn a_token_that_lets_nobody_in_is_told_as_not_active_and_nothing_else() {
    let Full { ana, creators, viewers, .. } = full().await;
    let inactive = json!({"active": false});
    for token in ["", "x", "swp_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"] {
        assert_eq!(introspects(&ana, token).await.expecting(200).json(), inactive);
    }
    let vera = viewers[0].token.clone().unwrap();
    assert_eq!(introspects(&ana, &vera).await.json()["active"], true);
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    assert_eq!(introspects(&ana, &vera).await.expecting(200).json(), inactive, "locked out");
    // Who is locked out asks nothing, not even about the own token.
    introspects(&viewers[0], &vera).await.is_problem(403, "user-type-over-limit");
    ana.changes(&viewers[1], "creator", "publisher").await.expecting(200);
    assert_eq!(introspects(&ana, &vera).await.json()["active"], true, "back again");
    ana.does(&[tests::acts::act(&viewers[0], "disable")]).await.expecting(201);
    assert_eq!(introspects(&ana, &vera).await.json(), inactive, "disabled");
    let stranger = Person { token: None, ..ana.clone() };
    // With a one-time password nothing is open yet but the way to a password of one's own.
    let reset = ana.posts(&format!("/members/{}/password-reset", viewers[2].id), &json!({})).await.expecting(200);
    let mut victor = Person { password: reset.text_of("one_time_password"), ..viewers[2].clone() };
    victor.signs_in().await.expecting(200);
    assert_eq!(introspects(&ana, victor.token.as_deref().unwrap()).await.json(), inactive, "one-time password");
    introspects(&stranger, &vera).await.is_problem(401, "not-signed-in");
}
