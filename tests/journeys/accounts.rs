//! Accounts disabled, archived, restored and deleted, and which seats that frees (S115, S175, S177; A-ENF-11, A-ENF-12).

use serde_json::json;
use tests::acts::{act, set};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

async fn house() -> (Portal, Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 3)])).await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    (portal, ana, vera)
}

#[tokio::test]
async fn a_disabled_member_is_kept_out_at_the_next_request_and_keeps_the_seat() {
    let (_, ana, mut vera) = house().await;
    let done = ana.does(&[act(&vera, "disable")]).await.expecting(201).json();
    assert_eq!(done["types"], json!([{"id": "viewer", "before": 1, "after": 1, "licensed": 2, "locked_out": 0}]));
    assert_eq!(
        (&done["members"][0]["state"], &done["members"][0]["former"]["state"]),
        (&json!("disabled"), &json!("enabled"))
    );
    assert_eq!(vera.gets_in().await, Err((403, "member-disabled".to_owned())));
    vera.signs_in().await.is_problem(403, "member-disabled");
    assert_eq!(ana.counts("viewer").await, (1, 2, 0));
    ana.does(&[act(&vera, "enable")]).await.expecting(201);
    assert_eq!(vera.gets_in().await, Ok(()));
    // Done to who is there already, it moves nothing.
    ana.does(&[act(&vera, "enable")]).await.expecting(201);
    assert_eq!(ana.finds(&vera).await.2, "enabled");
}

#[tokio::test]
async fn an_archived_member_has_no_access_and_no_seat_and_comes_back_where_there_is_one() {
    let (portal, ana, mut vera) = house().await;
    ana.does(&[act(&vera, "archive")]).await.expecting(201);
    vera.opens("/").await.expecting(403).says("<h1>Sign in</h1>").says("member-archived");
    vera.signs_in().await.is_problem(403, "member-archived");
    assert_ne!(vera.gets_in().await, Ok(()));
    let kept = ana.looks_at(&vera).await;
    assert_eq!((&kept["user_type"], &kept["archived_at"]), (&json!(null), &json!("2026-12-01T09:00:00Z")));
    assert_eq!(kept["former"], json!({"user_type": "viewer", "role": "viewer"}));
    assert_eq!(ana.counts("viewer").await, (0, 2, 0));
    let names = |list: serde_json::Value| {
        list["items"].as_array().unwrap().iter().map(|one| one["username"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(ana.gets("/members").await.json()), [json!("ana")]);
    assert_eq!(names(ana.gets("/members?state=archived").await.json()), [json!("vera")]);
    // The name stays hers.
    let same = json!({"username": "Vera", "user_type": "viewer"});
    ana.posts("/members", &same).await.is_problem(409, "username-taken");
    for operation in [act(&vera, "enable"), act(&vera, "disable"), json!({"member": vera.id, "set_role": "viewer"})] {
        ana.does(&[operation]).await.is_problem(409, "wrong-state");
    }

    ana.adds_many("viewer", 2).await;
    ana.does(&[act(&vera, "restore")]).await.is_problem(409, "seat-limit-reached");
    // Nor with consent: a restoration is a registration.
    let over = json!({"operations": [act(&vera, "restore")], "allow_one_over": {"viewer": 3}});
    ana.applies(&over).await.is_problem(409, "seat-limit-reached");
    // Into another type with room it can be.
    let elsewhere = json!({"member": vera.id, "restore": true, "set_user_type": "creator", "set_role": "user"});
    ana.does(&[elsewhere]).await.expecting(201);
    assert_eq!(ana.finds(&vera).await, (Some("creator".into()), "user".into(), "enabled".into()));
    vera.signs_in().await.expecting(200);
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn one_archived_and_one_restored_in_a_full_type_is_one_step() {
    let (_, ana, vera) = house().await;
    let nina = ana.adds("nina", "viewer").await;
    ana.does(&[act(&vera, "archive")]).await.expecting(201);
    ana.adds("otto", "viewer").await;
    ana.does(&[act(&vera, "restore"), act(&nina, "archive")]).await.expecting(201);
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
    assert_eq!((ana.finds(&vera).await.2, ana.finds(&nina).await.2), ("enabled".into(), "archived".into()));
}

#[tokio::test]
async fn a_deleted_member_is_gone_with_every_session_and_the_seat_is_free() {
    let (_, ana, mut vera) = house().await;
    let nina = ana.adds("nina", "viewer").await;
    assert_eq!(ana.deletes(&format!("/members/{}", vera.id)).await.status, 204);
    assert_eq!(vera.gets_in().await, Err((401, "not-signed-in".to_owned())));
    vera.signs_in().await.is_problem(401, "sign-in-failed");
    ana.gets(&format!("/members/{}", vera.id)).await.is_problem(404, "not-found");
    ana.does(&[act(&vera, "delete")]).await.is_problem(404, "not-found");
    // One is deleted and one moves in, in one step.
    let carla = ana.adds("carla", "creator").await;
    ana.adds("otto", "viewer").await;
    let done = ana.does(&[act(&nina, "delete"), set(&carla, "viewer", "viewer")]).await.expecting(201).json();
    assert_eq!((&done["members"][0]["state"], &done["members"][0]["user_type"]), (&json!(null), &json!(null)));
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
    // The name is free again.
    ana.deletes(&format!("/members/{}", carla.id)).await.expecting(204);
    ana.adds("vera", "viewer").await;
}

#[tokio::test]
async fn the_last_administrator_stays_whatever_is_tried_and_however_many_operations_it_takes() {
    let (_, ana, vera) = house().await;
    let creator = |role: &str| json!({"member": ana.id, "set_user_type": "creator", "set_role": role});
    for operation in [
        act(&ana, "disable"),
        act(&ana, "archive"),
        act(&ana, "delete"),
        creator("publisher"),
        json!({"member": ana.id, "set_user_type": "viewer", "set_role": "viewer"}),
    ] {
        ana.does(std::slice::from_ref(&operation)).await.is_problem(409, "last-administrator");
        let partial = json!({"mode": "partial", "operations": [operation, act(&vera, "disable")]});
        let done = ana.applies(&partial).await.expecting(201).json();
        assert_eq!(done["refused"][0]["code"], "last-administrator");
    }
    let bert = ana.adds_with_role("bert", "creator", "administrator").await;
    ana.does(&[act(&ana, "disable"), act(&bert, "disable")]).await.is_problem(409, "last-administrator");
    // Judged at the end: one goes and one comes.
    let handed = [json!({"member": bert.id, "set_role": "publisher"}), creator("administrator")];
    ana.does(&handed).await.expecting(201);
    ana.does(&[json!({"member": bert.id, "set_role": "administrator"}), act(&ana, "archive")]).await.expecting(201);
    bert.deletes(&format!("/members/{}", ana.id)).await.expecting(204);
}

#[tokio::test]
async fn while_a_type_is_over_everybody_can_leave_it_and_nobody_can_be_restored() {
    let (_, ana, vera) = house().await;
    let gone = ana.adds("gone", "creator").await;
    ana.does(&[act(&gone, "archive")]).await.expecting(201);
    let viewers = ana.adds_many("viewer", 1).await;
    ana.imports_license(&order(2, &[("viewer", 0), ("creator", 3)]).signed(), Some(2)).await.expecting(200);
    ana.does(&[act(&gone, "restore")]).await.is_problem(403, "creation-blocked-not-compliant");
    ana.does(&[act(&vera, "disable")]).await.expecting(201);
    ana.does(&[act(&vera, "archive")]).await.expecting(201);
    ana.does(&[set(&viewers[0], "creator", "user")]).await.expecting(201);
    ana.does(&[act(&gone, "restore")]).await.expecting(201);
    ana.does(&[act(&vera, "restore")]).await.is_problem(409, "seat-limit-reached");
}
