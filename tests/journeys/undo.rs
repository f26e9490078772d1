//! Changes taken back: each kind, and those that cannot be (S35, S41; design: Change sets).

use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

async fn house() -> (Portal, Person, Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    let carla = ana.adds("carla", "creator").await;
    (portal, ana, vera, carla)
}

#[tokio::test]
async fn each_kind_of_change_is_taken_back_to_what_was() {
    let (portal, ana, vera, carla) = house().await;
    for (case, operations) in [
        ("a user type with its role", vec![set(&vera, "creator", "publisher")]),
        ("a role", vec![json!({"member": carla.id, "set_role": "user"})]),
        ("an exchange", vec![set(&vera, "creator", "publisher"), set(&carla, "viewer", "viewer")]),
        ("a disabling", vec![act(&vera, "disable")]),
        ("an archiving", vec![act(&vera, "archive")]),
        ("all at once", vec![act(&vera, "archive"), set(&carla, "viewer", "viewer")]),
    ] {
        let before = (ana.finds(&vera).await, ana.finds(&carla).await);
        let id = ana.does(&operations).await.expecting(201).text_of("id");
        assert_ne!((ana.finds(&vera).await, ana.finds(&carla).await), before, "{case}");
        let planned = ana.posts(&format!("/changes/{id}/revert?dry_run=true"), &json!({})).await.expecting(200).json();
        let back = ana.undoes(&id).await.expecting(201).json();
        assert_eq!((&planned["members"], &planned["types"]), (&back["members"], &back["types"]), "{case}");
        assert_eq!((ana.finds(&vera).await, ana.finds(&carla).await), before, "{case}");
        let kept = ana.gets(&format!("/changes/{id}")).await.json();
        assert_eq!(kept["reverted_by"], back["id"], "{case}");
        // What is taken back is taken back once; the taking back can itself be taken back.
        ana.undoes(&id).await.is_problem(412, "stale");
        ana.undoes(back["id"].as_str().unwrap()).await.expecting(201);
        assert_ne!((ana.finds(&vera).await, ana.finds(&carla).await), before, "{case}");
        let last = ana.gets("/changes").await.json()["items"][0]["id"].clone();
        ana.undoes(last.as_str().unwrap()).await.expecting(201);
        assert_eq!((ana.finds(&vera).await, ana.finds(&carla).await), before, "{case}");
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn who_was_disabled_comes_out_of_the_archive_disabled_again_and_enabling_and_restoring_are_undone_too() {
    let (_, ana, vera, _) = house().await;
    ana.does(&[act(&vera, "disable")]).await.expecting(201);
    let id = ana.does(&[act(&vera, "archive")]).await.expecting(201).text_of("id");
    assert_eq!(ana.finds(&vera).await, (None, "viewer".into(), "archived".into()));
    ana.undoes(&id).await.expecting(201);
    assert_eq!(ana.finds(&vera).await.2, "disabled");
    let enabled = ana.does(&[act(&vera, "enable")]).await.expecting(201).text_of("id");
    ana.undoes(&enabled).await.expecting(201);
    assert_eq!(ana.finds(&vera).await.2, "disabled");
    ana.does(&[act(&vera, "archive")]).await.expecting(201);
    let restored = ana.does(&[act(&vera, "restore")]).await.expecting(201).text_of("id");
    assert_eq!(ana.finds(&vera).await.2, "enabled");
    ana.undoes(&restored).await.expecting(201);
    assert_eq!(ana.finds(&vera).await.2, "archived");
}

#[tokio::test]
async fn a_change_is_not_taken_back_over_what_somebody_did_since() {
    let (_, ana, vera, carla) = house().await;
    let both = [set(&vera, "creator", "publisher"), set(&carla, "viewer", "viewer")];
    let id = ana.does(&both).await.expecting(201).text_of("id");
    ana.does(&[json!({"member": vera.id, "set_role": "user"})]).await.expecting(201);
    let refused = ana.undoes(&id).await;
    refused.is_problem(412, "stale");
    assert_eq!(refused.json()["members"], json!(["vera"]));
    assert_eq!(refused.json()["detail"], "Changed since by somebody else: vera.");
    // Back to the same by hand is a change of its own, too.
    ana.does(&[json!({"member": vera.id, "set_role": "publisher"})]).await.expecting(201);
    ana.undoes(&id).await.is_problem(412, "stale");
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("viewer"));
    // Another name is no change of seats.
    let other = ana.does(&[set(&carla, "creator", "publisher")]).await.expecting(201).text_of("id");
    ana.patches(&format!("/members/{}", carla.id), &json!({"full_name": "Carla May"})).await.expecting(200);
    ana.undoes(&other).await.expecting(201);
    ana.undoes("chg_00000000000000000000000000").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn neither_a_deletion_nor_a_lost_administrator_role_is_taken_back() {
    let (_, ana, vera, carla) = house().await;
    let deleted = ana.does(&[act(&vera, "delete")]).await.expecting(201).text_of("id");
    ana.undoes(&deleted).await.is_problem(409, "cannot-revert");
    let role = |role: &str| [json!({"member": carla.id, "set_role": role})];
    let raised = ana.does(&role("administrator")).await.expecting(201).text_of("id");
    let lowered = ana.does(&role("publisher")).await.expecting(201).text_of("id");
    let refused = ana.undoes(&lowered).await;
    refused.is_problem(409, "cannot-revert");
    assert_eq!(refused.json()["username"], "carla");
    assert_eq!(ana.finds(&carla).await.1, "publisher");
    ana.undoes(&raised).await.is_problem(412, "stale");

    ana.does(&role("administrator")).await.expecting(201);
    for what in ["disable", "archive"] {
        let done = ana.does(&[act(&carla, what)]).await.expecting(201).text_of("id");
        ana.undoes(&done).await.is_problem(409, "cannot-revert");
        ana.does(&[act(&carla, if what == "disable" { "enable" } else { "restore" })]).await.expecting(201);
    }
    // Giving the role is taken back.
    let raised = ana.does(&role("publisher")).await.expecting(201);
    drop(raised);
    let raised = ana.does(&role("administrator")).await.expecting(201).text_of("id");
    ana.undoes(&raised).await.expecting(201);
    assert_eq!(ana.finds(&carla).await.1, "publisher");
}

#[tokio::test]
async fn taking_back_takes_a_type_one_over_only_with_the_same_consent_as_every_change() {
    let Full { ana, creators, viewers, .. } = full().await;
    let id = ana.does(&[act(&viewers[3], "archive")]).await.expecting(201).text_of("id");
    let nina = ana.adds("nina", "viewer").await;
    // An archived member comes back as a new one would: never over.
    ana.undoes(&id).await.is_problem(409, "seat-limit-reached");

    ana.does(&[act(&nina, "delete")]).await.expecting(201);
    let moved = set(&creators[0], "viewer", "viewer");
    let id = ana.does(&[moved]).await.expecting(201).text_of("id");
    let olga = ana.adds("olga", "creator").await;
    let refused = ana.undoes(&id).await;
    refused.is_problem(409, "one-over-needs-consent");
    assert_eq!(refused.json()["locked_out"], json!({"creator": 5}));
    let with = |consent: Value| json!({ "allow_one_over": consent });
    ana.undoes_with(&id, &with(json!({"creator": 4}))).await.is_problem(409, "confirmation-mismatch");
    ana.undoes_with(&id, &with(json!({"creator": 5}))).await.expecting(201);
    assert_eq!(ana.counts("creator").await, (6, 5, 5));
    assert_eq!(creators[1].gets_in().await, Err((403, "user-type-over-limit".to_owned())));
    ana.deletes(&format!("/members/{}", olga.id)).await.expecting(204);
    assert_eq!(creators[1].gets_in().await, Ok(()));
}

#[tokio::test]
async fn taking_back_needs_the_privileges_of_the_change_and_tells_nothing_without_them() {
    let (_, ana, vera, carla) = house().await;
    let id = ana.does(&[set(&vera, "creator", "publisher")]).await.expecting(201).text_of("id");
    let mut carla = carla;
    carla.signs_in().await.expecting(200);
    for change in [id.as_str(), "chg_00000000000000000000000000"] {
        carla.undoes(change).await.is_problem(403, "privilege-missing");
        carla
            .posts(&format!("/changes/{change}/revert?dry_run=true"), &json!({}))
            .await
            .is_problem(403, "privilege-missing");
        carla.deletes(&format!("/changes/{change}")).await.is_problem(403, "privilege-missing");
    }
    let role = ana.makes_role("Reader", &["members.view", "admin.members.view_all"]).await;
    let rita = ana.adds_with_role("rita", "creator", &role).await;
    rita.gets(&format!("/changes/{id}")).await.expecting(200);
    let refused = rita.undoes(&id).await;
    refused.is_problem(403, "privilege-missing");
    assert_eq!(refused.json()["privilege"], "admin.members.update");
}
