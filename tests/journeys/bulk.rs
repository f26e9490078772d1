//! Many members in one change set: all of them or none, or as many as can be, and each mistake by its place.

use serde_json::{Value, json};
use tests::acts::set;
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

/// 500 Viewers, and as many Editor seats; ana sits in a Creator seat.
async fn five_hundred() -> (Portal, Person, Vec<Person>) {
    let portal = Portal::with(&order(1, &[("viewer", 500), ("editor", 500), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_a_table("v", "viewer", 500).await;
    (portal, ana, viewers)
}

fn to_editor(members: &[Person]) -> Vec<Value> {
    members.iter().map(|one| set(one, "editor", "data-editor")).collect()
}

#[tokio::test]
async fn an_exchange_at_capacity_in_one_change_set_locks_nobody_out() {
    let Full { ana, creators, viewers, portal } = full().await;
    let (carla, vera) = (&creators[0], &viewers[0]);
    let swap = [set(carla, "viewer", "viewer"), set(vera, "creator", "publisher")];
    let plan = ana.plans(&json!({ "operations": swap })).await.expecting(200).json();
    let done = ana.does(&swap).await.expecting(201).json();
    let counts = json!([
        {"id": "viewer", "before": 25, "after": 25, "licensed": 25, "locked_out": 0},
        {"id": "creator", "before": 5, "after": 5, "licensed": 5, "locked_out": 0},
    ]);
    assert_eq!((&plan["types"], &done["types"]), (&counts, &counts));
    assert_eq!(ana.finds(vera).await, (Some("creator".into()), "publisher".into(), "enabled".into()));
    assert_eq!(ana.finds(carla).await, (Some("viewer".into()), "viewer".into(), "enabled".into()));
    for person in creators[..2].iter().chain(&viewers[..2]) {
        assert_eq!(person.gets_in().await, Ok(()), "{}", person.username);
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn one_mistake_among_five_hundred_stops_all_of_them_and_is_named_by_its_place() {
    let (_, ana, viewers) = five_hundred().await;
    let mut operations = to_editor(&viewers);
    operations[316]["set_role"] = json!("publisher");
    let refused = ana.does(&operations).await;
    refused.is_problem(409, "role-exceeds-user-type");
    let body = refused.json();
    assert_eq!(body["blocked"], 1);
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["errors"][0]["pointer"], "/operations/316");
    let why =
        "The role publisher gives more than the user type editor allows. The nearest role that fits is data-editor.";
    assert_eq!(body["errors"][0]["message"], why);
    let blocker = &body["blockers"][0];
    assert_eq!((&blocker["operation"], &blocker["username"]), (&json!(316), &json!("v317")));
    assert_eq!(body["detail"], format!("Operation 317 of 500, v317: {why}"));
    assert_eq!((ana.counts("viewer").await, ana.counts("editor").await), ((500, 500, 0), (0, 500, 0)));
    assert_eq!(ana.gets("/changes").await.json()["items"], json!([]));

    operations[316]["set_role"] = json!("data-editor");
    ana.does(&operations).await.expecting(201);
    assert_eq!((ana.counts("viewer").await, ana.counts("editor").await), ((0, 500, 0), (500, 500, 0)));
}

#[tokio::test]
async fn as_far_as_it_goes_moves_all_but_the_one_with_the_mistake() {
    let (portal, ana, viewers) = five_hundred().await;
    let mut operations = to_editor(&viewers);
    operations[316]["set_role"] = json!("publisher");
    let partial = json!({"mode": "partial", "operations": operations});
    let planned = ana.plans(&partial).await.expecting(200).json();
    let done = ana.applies(&partial).await.expecting(201).json();
    assert_eq!((&planned["refused"], &planned["members"]), (&done["refused"], &done["members"]));
    assert_eq!(done["members"].as_array().map(Vec::len), Some(499));
    assert_eq!(done["refused"].as_array().map(Vec::len), Some(1));
    let refused = &done["refused"][0];
    assert_eq!((&refused["operation"], &refused["username"]), (&json!(316), &json!("v317")));
    assert_eq!(refused["code"], "role-exceeds-user-type");
    assert_eq!((ana.counts("viewer").await, ana.counts("editor").await), ((1, 500, 0), (499, 500, 0)));
    assert_eq!(ana.finds(&viewers[316]).await, (Some("viewer".into()), "viewer".into(), "enabled".into()));
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn as_far_as_it_goes_fills_the_seats_there_are_and_names_who_found_none() {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("editor", 3), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_a_table("v", "viewer", 5).await;
    let partial = json!({"mode": "partial", "operations": to_editor(&viewers)});
    let done = ana.applies(&partial).await.expecting(201).json();
    assert_eq!(done["types"][1], json!({"id": "editor", "before": 0, "after": 3, "licensed": 3, "locked_out": 0}));
    let left: Vec<_> = done["refused"].as_array().unwrap().iter().map(|one| (&one["username"], &one["code"])).collect();
    let full = &json!("seat-limit-reached");
    assert_eq!(left, [(&json!("v4"), full), (&json!("v5"), full)]);
    // With consent it is a contradiction: partial takes nothing over.
    let consenting =
        json!({"mode": "partial", "allow_one_over": {"editor": 4}, "operations": to_editor(&viewers[3..])});
    ana.applies(&consenting).await.is_problem(409, "confirmation-mismatch");
    // Where nobody at all can be moved, it is a refusal that names everybody.
    let refused = ana.applies(&json!({"mode": "partial", "operations": to_editor(&viewers[3..])})).await;
    refused.is_problem(409, "seat-limit-reached");
    assert_eq!(refused.json()["blocked"], 2);
}

#[tokio::test]
async fn ten_thousand_members_move_in_one_change_set_and_back_in_another() {
    let portal = Portal::with(&order(1, &[("viewer", 10_000), ("editor", 10_000), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_a_table("v", "viewer", 10_000).await;
    let mut operations = to_editor(&viewers);
    let done = ana.does(&operations).await.expecting(201);
    assert_eq!(done.json()["members"].as_array().map(Vec::len), Some(10_000));
    assert_eq!((ana.counts("viewer").await, ana.counts("editor").await), ((0, 10_000, 0), (10_000, 10_000, 0)));
    let listed = ana.gets("/changes").await.expecting(200).json();
    assert_eq!(listed["items"][0]["member_count"], 10_000);
    assert_eq!(listed["items"][0]["members"].as_array().map(Vec::len), Some(10));
    ana.undoes(&done.text_of("id")).await.expecting(201);
    assert_eq!((ana.counts("viewer").await, ana.counts("editor").await), ((10_000, 10_000, 0), (0, 10_000, 0)));
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);

    operations.push(operations[0].clone());
    ana.does(&operations).await.is_problem(422, "validation-failed");
}
