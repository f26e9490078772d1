//! Licenses of products through undo, planned returns and coming ends (S35, S47, S48; design: Change sets, Add-ons 4).

use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{STANDARD, bound, give, id, take};

const EVENING: &str = "2026-12-01T18:00:00Z";

/// Carla with the only license of Pro, and Dora without one.
async fn house() -> (Portal, Person, Person, Person) {
    let (portal, ana) =
        bound(&|portal| order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).bound_to(portal.key.clone()))
            .await;
    let (carla, dora) = (ana.adds_signed_in("carla", "creator").await, ana.adds_signed_in("dora", "creator").await);
    ana.gives(&carla, STANDARD).await.expecting(200);
    (portal, ana, carla, dora)
}

fn until_evening(operations: &[Value]) -> Value {
    json!({"operations": operations, "reason": "map for the council", "revert_at": EVENING})
}

#[tokio::test]
async fn a_license_that_is_lent_until_six_comes_back_by_itself() {
    let (portal, ana, carla, dora) = house().await;
    ana.applies(&until_evening(&[take(&carla, &[STANDARD]), give(&dora, &[STANDARD])])).await.expecting(201);
    let desk = dora.starts("desk").await.expecting(201).json();
    carla.starts("desk").await.is_problem(403, "not-licensed");
    portal.clock.set(at("2026-12-01T17:58:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    let desk = match dora.works_in(&desk).await.status {
        200 => desk,
        _ => dora.starts("desk").await.expecting(201).json(),
    };
    assert_eq!(portal.minute_passes().await, 1);
    assert_eq!((ana.add_ons_of(&carla).await, ana.add_ons_of(&dora).await), (json!([STANDARD]), json!([])));
    let told = dora.is_told_the_end_of(&desk).await;
    assert_eq!(told, ("license-lost".into(), EVENING.into(), "2026-12-01T19:00:00Z".into()));
    carla.starts("desk").await.expecting(201);
}

#[tokio::test]
async fn a_return_waits_while_the_license_is_offline_and_comes_about_when_it_is_home() {
    let (portal, ana, carla, dora) = house().await;
    ana.applies(&until_evening(&[take(&carla, &[STANDARD]), give(&dora, &[STANDARD])])).await.expecting(201);
    let out = dora.takes_offline("field", 7).await.expecting(201).json();
    portal.clock.set(at("2026-12-01T17:59:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    let waiting = ana.open_return().await;
    assert_eq!(waiting["planned_return"]["state"], "due");
    let why = waiting["planned_return"]["problem"].as_str().unwrap();
    assert!(why.contains("dora has") && why.contains("offline on FIELD"), "{why}");
    dora.comes_home(&out, "field").await.expecting(204);
    assert_eq!(portal.minute_passes().await, 1);
    assert_eq!(ana.add_ons_of(&carla).await, json!([STANDARD]));
}

#[tokio::test]
async fn a_return_that_finds_no_license_stays_due_until_one_is_free() {
    let (portal, ana, carla, dora) = house().await;
    let mut lent = set(&carla, "viewer", "viewer");
    lent["unassign_add_ons"] = json!([STANDARD]);
    ana.applies(&until_evening(&[lent])).await.expecting(201);
    // Seats are kept for a return, and licenses of add-ons are not.
    ana.gives(&dora, STANDARD).await.expecting(200);
    portal.clock.set(at("2026-12-01T17:59:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    let waiting = ana.open_return().await;
    assert_eq!(waiting["planned_return"]["state"], "due");
    let why = waiting["planned_return"]["problem"].as_str().unwrap();
    assert!(
        why.starts_with("No license of ArcGIS Pro Standard ") && why.ends_with("is left: 1 of 1 assigned."),
        "{why}"
    );
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("viewer"), "all or nothing");
    ana.takes(&dora, STANDARD).await.expecting(204);
    assert_eq!(portal.minute_passes().await, 1);
    assert_eq!(ana.finds(&carla).await.0.as_deref(), Some("creator"));
    assert_eq!((ana.add_ons_of(&carla).await, ana.tally(STANDARD).await), (json!([STANDARD]), (1, 1, 0)));
}

#[tokio::test]
async fn undo_gives_a_license_back_only_while_one_is_free_and_nobody_has_it_offline() {
    let (portal, ana, carla, dora) = house().await;
    let taken = ana.does(&[take(&carla, &[STANDARD])]).await.expecting(201).json();
    let given = ana.does(&[give(&dora, &[STANDARD])]).await.expecting(201).json();
    let undone = ana.undoes(id(&taken)).await;
    undone.is_problem(409, "add-on-limit-reached");
    let out = dora.takes_offline("field", 7).await.expecting(201).json();
    ana.undoes(id(&given)).await.is_problem(409, "checked-out");
    dora.comes_home(&out, "field").await.expecting(204);
    ana.undoes(id(&given)).await.expecting(201);
    ana.undoes(id(&taken)).await.expecting(201);
    assert_eq!((ana.add_ons_of(&carla).await, ana.tally(STANDARD).await), (json!([STANDARD]), (1, 1, 0)));
    let archived = ana.does(&[act(&carla, "archive")]).await.expecting(201).json();
    ana.undoes(id(&archived)).await.expecting(201);
    assert_eq!(ana.add_ons_of(&carla).await, json!([STANDARD]), "what went with the archive comes with its undo");
    // Undo of a repair would block everybody again, and is refused like any assignment.
    let none = order(2, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
    ana.imports_license(&none.signed(), None).await.expecting(200);
    let repair = ana.gets("/add-ons/repair").await.expecting(200).json();
    let repaired = ana.applies(&json!({"operations": repair["operations"]})).await.expecting(201).json();
    ana.undoes(id(&repaired)).await.is_problem(409, "add-on-limit-reached");
    assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
}

#[tokio::test]
async fn the_forecast_goes_through_beginnings_and_ends_to_the_end_of_the_file() {
    let (portal, ana) = bound(&|portal| {
        let mut file = order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).bound_to(portal.key.clone());
        file.0.add_ons[0].until = Some(at("2026-12-10T00:00:00Z"));
        let file = file.with_trial("2026-12-05T00:00:00Z", (STANDARD, 1)).until("2026-12-20T00:00:00Z");
        file.and_from("2026-12-03T00:00:00Z", ("viewer", 2)).and_from("2026-12-04T00:00:00Z", ("editor", 3))
    })
    .await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    let add_on = |before: u32, after: u32, available: i32| {
        json!([{"id": STANDARD, "licensed_before": before, "licensed_after": after, "assigned": 1,
                "available_after": available}])
    };
    let user_type = |id: &str, numbers: [u32; 4]| {
        let [before, after, assigned, locked_out] = numbers;
        json!({"id": id, "licensed_before": before, "licensed_after": after, "assigned": assigned,
               "available_after": i64::from(after) - i64::from(assigned), "locked_out": locked_out})
    };
    let foreseen = ana.gets("/usage/forecast").await.expecting(200).json();
    assert_eq!(
        foreseen["items"],
        json!([
            {"at": "2026-12-03T00:00:00Z", "begins": null, "user_types": [user_type("viewer", [5, 7, 0, 0])], "add_ons": [],
             "blocks_products": false},
            {"at": "2026-12-04T00:00:00Z", "begins": null, "user_types": [user_type("editor", [0, 3, 0, 0])], "add_ons": [],
             "blocks_products": false},
            {"at": "2026-12-05T00:00:00Z", "begins": null, "user_types": [], "add_ons": add_on(2, 1, 0), "blocks_products": false},
            {"at": "2026-12-10T00:00:00Z", "begins": null, "user_types": [], "add_ons": add_on(1, 0, -1), "blocks_products": true},
            {"at": "2026-12-20T00:00:00Z", "begins": null,
             "user_types": [user_type("viewer", [7, 0, 0, 0]), user_type("editor", [3, 0, 0, 0]),
                            user_type("creator", [5, 0, 2, 1])], "add_ons": [],
             "blocks_products": true},
        ])
    );
    // What was foreseen happens, at its instant.
    portal.clock.set(at("2026-12-09T23:59:59Z"));
    let mut carla = carla;
    carla.signs_in().await.expecting(200);
    carla.starts("desk").await.expecting(201);
    portal.clock.advance(1);
    carla.starts("lab").await.is_problem(403, "product-over-assigned");
}
