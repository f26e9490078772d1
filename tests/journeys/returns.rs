//! Seats that are lent until a time, and come back by themselves, or wait, or are given up (S35).

use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

const EVENING: &str = "2026-12-01T18:00:00Z";

fn until_evening(operations: &[Value]) -> Value {
    json!({"operations": operations, "reason": "map for the council", "revert_at": EVENING})
}

fn swap(full: &Full) -> Value {
    until_evening(&[set(&full.creators[0], "viewer", "viewer"), set(&full.viewers[0], "creator", "publisher")])
}

/// One minute before the time, and then the time: nothing before, and what comes about then.
async fn evening_comes(portal: &Portal) -> u32 {
    portal.clock.set(at("2026-12-01T17:58:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    portal.minute_passes().await
}

#[tokio::test]
async fn an_exchange_until_six_comes_back_by_itself_with_the_same_roles() {
    let full = full().await;
    let Full { portal, ana, creators, viewers } = &full;
    let (carla, vera) = (&creators[0], &viewers[0]);
    let id = ana.applies(&swap(&full)).await.expecting(201).text_of("id");
    let planned = ana.open_return().await;
    assert_eq!(planned["planned_return"], json!({"at": EVENING, "state": "planned", "problem": null}));
    // An exchange moves no count, so nothing has to be kept free for the way back.
    assert_eq!((ana.reserved("viewer").await, ana.reserved("creator").await), (0, 0));

    assert_eq!(evening_comes(portal).await, 1);
    assert_eq!(ana.finds(carla).await, (Some("creator".into()), "publisher".into(), "enabled".into()));
    assert_eq!(ana.finds(vera).await, (Some("viewer".into()), "viewer".into(), "enabled".into()));
    let first = ana.gets(&format!("/changes/{id}")).await.expecting(200).json();
    assert_eq!(first["planned_return"]["state"], "done");
    let back = ana.gets("/changes").await.json()["items"][0].clone();
    assert_eq!((&back["by"], &back["reason"]), (&json!("schedule"), &json!("Planned return")));
    assert_eq!((&back["reverts"], &first["reverted_by"]), (&json!(id), &back["id"]));
    assert_eq!((back["applied_at"].as_str(), portal.minute_passes().await), (Some(EVENING), 0));
    assert_eq!(ana.gets("/changes?returning=true").await.json()["items"], json!([]));
    for person in creators[..2].iter().chain(&viewers[..2]) {
        assert_eq!(person.gets_in().await, Ok(()), "{}", person.username);
    }
}

/// A Creator seat lent to a Viewer whose own seat is kept; the file then has one Viewer seat fewer.
async fn lent_with_no_way_back() -> (Portal, Person, Vec<Person>, String) {
    let portal = Portal::with(&order(1, &[("viewer", 3), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_many("viewer", 3).await;
    let lent = until_evening(&[set(&viewers[0], "creator", "publisher")]);
    let id = ana.applies(&lent).await.expecting(201).text_of("id");
    assert_eq!(ana.reserved("viewer").await, 1);
    ana.imports_license(&order(2, &[("viewer", 2), ("creator", 2)]).signed(), None).await.expecting(200);
    (portal, ana, viewers, id)
}

#[tokio::test]
async fn a_return_that_finds_no_seat_stays_due_with_its_reason_until_there_is_one() {
    let (portal, ana, viewers, id) = lent_with_no_way_back().await;
    assert_eq!(evening_comes(&portal).await, 0);
    for _ in 0..3 {
        let waiting = ana.open_return().await;
        assert_eq!(waiting["id"], json!(id));
        let why = "No seat is free: Viewer.";
        assert_eq!(waiting["planned_return"], json!({"at": EVENING, "state": "due", "problem": why}));
        assert_eq!(portal.minute_passes().await, 0);
    }
    assert_eq!(ana.counts("viewer").await, (2, 2, 0));
    let version = |state: &Portal| state.state.store.read(|tx| Ok(tx.version())).unwrap();
    let before = version(&portal);
    assert_eq!(portal.minute_passes().await, 0);
    assert_eq!(version(&portal), before, "a minute in which nothing happens writes no history");

    ana.does(&[act(&viewers[1], "archive")]).await.expecting(201);
    assert_eq!(portal.minute_passes().await, 1);
    assert_eq!(ana.finds(&viewers[0]).await, (Some("viewer".into()), "viewer".into(), "enabled".into()));
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((2, 2, 0), 0));
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test]
async fn a_return_that_is_due_is_told_on_every_page_behind_any_number_of_impossible_ones() {
    let portal = Portal::with(&order(1, &[("viewer", 60), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let looker = ana.makes_role("Looker", &["members.view"]).await;
    let viewers = ana.adds_a_table("v", "viewer", 60).await;
    for one in &viewers[1..] {
        let lent = json!({"operations": [set(one, "viewer", &looker)], "revert_at": "2026-12-01T17:00:00Z"});
        ana.applies(&lent).await.expecting(201);
    }
    // Whoever is changed in between does not return by himself any more.
    let back: Vec<Value> = viewers[1..].iter().map(|one| set(one, "viewer", "viewer")).collect();
    ana.does(&back).await.expecting(201);
    ana.applies(&until_evening(&[set(&viewers[0], "creator", "publisher")])).await.expecting(201);
    ana.imports_license(&order(2, &[("viewer", 59), ("creator", 2)]).signed(), None).await.expecting(200);
    ana.opens("/").await.expecting(200).is_silent_on("found no seat");
    assert_eq!(evening_comes(&portal).await, 0);
    ana.opens("/").await.expecting(200).says("No seat is free: Viewer.");
}

#[tokio::test]
async fn a_planned_return_is_given_up_and_its_seat_is_free() {
    let (portal, ana, viewers, id) = lent_with_no_way_back().await;
    let given_up = ana.deletes(&format!("/changes/{id}")).await.expecting(200).json();
    assert_eq!(given_up["planned_return"]["state"], "cancelled");
    assert_eq!(ana.reserved("viewer").await, 0);
    assert_eq!(evening_comes(&portal).await, 0);
    assert_eq!(ana.finds(&viewers[0]).await.0.as_deref(), Some("creator"));
    ana.deletes(&format!("/changes/{id}")).await.is_problem(409, "nothing-planned");
    ana.deletes("/changes/chg_00000000000000000000000000").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn whoever_plans_a_return_gives_it_up_and_nobody_who_lacks_the_way_back_does() {
    let portal = Portal::with(&order(1, &[("viewer", 3), ("creator", 9)])).await;
    let ana = portal.administrator().await;
    let otto = ana.adds("otto", "viewer").await;
    let delegate = async |name: &str, privileges: &[&str]| {
        ana.adds_with_role(name, "creator", &ana.makes_role(name, privileges).await).await
    };
    let planner = delegate("planner", &["admin.members.disable", "admin.members.invite"]).await;
    let archiver = delegate("archiver", &["admin.members.disable"]).await;
    let lent = until_evening(&[act(&otto, "archive")]);
    let refused = archiver.applies(&lent).await;
    refused.is_problem(403, "privilege-missing");
    assert_eq!(refused.text_of("privilege"), "admin.members.invite");
    let id = planner.applies(&lent).await.expecting(201).text_of("id");
    let (at, page) = (format!("/changes/{id}"), format!("/changes/{id}/cancel"));

    let refused = archiver.deletes(&at).await;
    refused.is_problem(403, "privilege-missing");
    assert_eq!(refused.text_of("privilege"), "admin.members.invite");
    archiver.opens(&at).await.expecting(200).is_silent_on("Cancel the return");
    archiver.opens("/changes").await.expecting(200).is_silent_on("Return now, or cancel");
    archiver.submits(&page, &[]).await.expecting(403);
    assert_eq!(ana.reserved("viewer").await, 1);

    planner.opens("/changes").await.expecting(200).says("Return now, or cancel");
    planner.opens(&at).await.expecting(200).says("Cancel the return");
    let given_up = planner.deletes(&at).await.expecting(200).json();
    assert_eq!((&given_up["planned_return"]["state"], ana.reserved("viewer").await), (&json!("cancelled"), 0));
    assert_eq!(evening_comes(&portal).await, 0);
    assert_eq!(ana.finds(&otto).await, (None, "viewer".into(), "archived".into()));
}

#[tokio::test]
async fn a_member_who_was_changed_in_between_makes_the_return_impossible_and_is_named() {
    let full = full().await;
    let Full { portal, ana, viewers, .. } = &full;
    let vera = &viewers[0];
    let id = ana.applies(&swap(&full)).await.expecting(201).text_of("id");
    ana.puts(&format!("/members/{}/role", vera.id), &json!({"role": "user"})).await.expecting(200);
    assert_eq!(evening_comes(portal).await, 0);
    let stuck = ana.open_return().await;
    let why = "Changed since by somebody else: viewer1.";
    assert_eq!(stuck["planned_return"], json!({"at": EVENING, "state": "stale", "problem": why}));
    assert_eq!(ana.finds(vera).await, (Some("creator".into()), "user".into(), "enabled".into()));
    assert_eq!(portal.minute_passes().await, 0);

    let disabler = ana.makes_role("Disabler", &["admin.members.disable"]).await;
    let dora = &full.creators[1];
    ana.puts(&format!("/members/{}/role", dora.id), &json!({ "role": disabler })).await.expecting(200);
    let refused = dora.deletes(&format!("/changes/{id}")).await;
    refused.is_problem(403, "privilege-missing");
    assert_eq!(refused.text_of("privilege"), "members.view");
    dora.opens("/changes").await.expecting(200).says(why).is_silent_on("Dismiss");
    ana.opens("/changes").await.expecting(200).says(why).says("Dismiss");
    ana.deletes(&format!("/changes/{id}")).await.expecting(200);
    assert_eq!(ana.gets("/changes?returning=true").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_single_change_with_a_return_holds_the_seat_that_it_left() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_many("viewer", 2).await;
    let path = format!("/members/{}/user-type", viewers[0].id);
    let lent = json!({"user_type": "creator", "role": "publisher", "revert_at": EVENING});
    let plan = ana.puts(&path, &lent).await.expecting(200).json();
    assert_eq!((&plan["revert_at"], &plan["reserves"]), (&json!(EVENING), &json!({"viewer": 1})));
    let refused = ana.posts("/members", &json!({"username": "nina", "user_type": "viewer"})).await;
    refused.is_problem(409, "seat-limit-reached");
    assert_eq!((&refused.json()["assigned"], &refused.json()["reserved"]), (&json!(1), &json!(1)));
    assert_eq!(refused.json()["detail"], "viewer is full: 1 of 2 assigned, 1 reserved. No user type has room.");
    // Nor does a move in take it, not even that of the member for whom it is held; undoing does.
    for consent in [json!({}), json!({"viewer": 2})] {
        let body = json!({"user_type": "viewer", "role": "viewer", "allow_one_over": consent});
        ana.puts(&path, &body).await.is_problem(409, "seat-limit-reached");
    }
    ana.undoes(plan["id"].as_str().unwrap()).await.expecting(201);
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((2, 2, 0), 0));
    assert_eq!(evening_comes(&portal).await, 0);
}

#[tokio::test]
async fn what_cannot_be_taken_back_cannot_be_planned_to_return() {
    let Full { ana, creators, .. } = full().await;
    for (operation, at, code) in [
        (act(&creators[0], "delete"), EVENING, (409, "cannot-revert")),
        (set(&creators[0], "creator", "user"), "2026-12-01T09:00:00Z", (422, "validation-failed")),
        (set(&creators[0], "creator", "user"), "2026-11-30T09:00:00Z", (422, "validation-failed")),
        (set(&creators[0], "creator", "user"), "at six", (422, "validation-failed")),
    ] {
        let asked = json!({"operations": [operation], "revert_at": at});
        ana.applies(&asked).await.is_problem(code.0, code.1);
    }
    ana.puts(&format!("/members/{}/role", creators[0].id), &json!({"role": "administrator"})).await.expecting(200);
    let back = json!({"operations": [set(&creators[0], "creator", "user")], "revert_at": EVENING});
    ana.applies(&back).await.is_problem(409, "cannot-revert");
    assert_eq!(ana.gets("/changes?returning=true").await.json()["items"], json!([]));
}

#[tokio::test]
async fn who_is_lent_a_seat_loses_it_at_the_next_request_after_six() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    ana.applies(&until_evening(&[set(&vera, "creator", "publisher")])).await.expecting(201);
    let holds = |answer: Value| answer["privileges"].as_array().unwrap().contains(&json!("content.create"));
    assert!(holds(vera.gets("/me/privileges").await.expecting(200).json()));
    portal.clock.set(at("2026-12-01T17:59:00Z"));
    vera.signs_in().await.expecting(200);
    assert_eq!(portal.minute_passes().await, 1);
    assert!(!holds(vera.gets("/me/privileges").await.expecting(200).json()));
}
