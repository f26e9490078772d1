//! Accounts and seats that change while somebody works with a product (S6, S48, S49, S77; A-ADD-6, A-SES-6, A-SES-7).

use serde_json::{Value, json};
use tests::acts::act;
use tests::files::{Order, order};
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{EXTENSION, PRO, STANDARD, bound, give, id, take};

const ADVANCED: &str = "arcgis-pro-advanced";
const MINUTE: u32 = 60;

fn seats(portal: &Portal, sequence: u32, creators: u32) -> Order {
    let file = order(sequence, &[("viewer", 5), ("creator", creators), ("gis-pro-advanced", 2)]);
    file.with(STANDARD, 2).with(ADVANCED, 1).with(EXTENSION, 1).bound_to(portal.key.clone())
}

/// Carla, a Creator with Pro.
async fn house() -> (Portal, Person, Person) {
    let (portal, ana) = bound(&|portal| seats(portal, 1, 5)).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    (portal, ana, carla)
}

/// An operation with which what is offline is released.
fn releasing(mut operation: Value) -> Value {
    operation["release_checkouts"] = json!(true);
    operation
}

#[tokio::test]
async fn a_session_goes_on_when_a_lockout_ends_before_it_has_lapsed_and_not_after() {
    let (portal, ana, carla) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    ana.imports_license(&seats(&portal, 2, 1).signed(), Some(1)).await.expecting(200);
    portal.clock.advance(20 * MINUTE);
    carla.works_in(&desk).await.is_problem(403, "user-type-over-limit");
    carla.takes_offline("field", 7).await.is_problem(403, "user-type-over-limit");
    assert_eq!(ana.sees_activity("?state=online").await, ["carla 2026-12-01T09:00:00Z online - DESK"]);
    ana.imports_license(&seats(&portal, 3, 5).signed(), None).await.expecting(200);
    portal.clock.advance(10 * MINUTE - 1);
    assert_eq!(carla.works_in(&desk).await.expecting(200).text_of("active_until"), "2026-12-01T09:59:59Z");
    ana.imports_license(&seats(&portal, 4, 1).signed(), Some(1)).await.expecting(200);
    portal.clock.advance(30 * MINUTE);
    ana.imports_license(&seats(&portal, 5, 5).signed(), None).await.expecting(200);
    assert_eq!(carla.is_told_the_end_of(&desk).await.0, "expired");
}

#[tokio::test]
async fn who_is_disabled_keeps_the_license_and_what_is_offline_and_finds_both_again() {
    let (portal, ana, mut carla) = house().await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    let field = carla.starts("field").await.expecting(201).json();
    ana.does(&[act(&carla, "disable")]).await.expecting(201);
    carla.works_in(&field).await.is_problem(403, "member-disabled");
    carla.comes_home(&out, "field").await.is_problem(403, "member-disabled");
    assert_eq!(ana.tally(STANDARD).await, (2, 1, 1));
    portal.clock.advance(31 * MINUTE);
    assert_eq!(ana.sees_activity("").await, ["carla 2026-12-01T09:00:00Z - FIELD"]);
    ana.does(&[act(&carla, "enable")]).await.expecting(201);
    carla.signs_in().await.expecting(200);
    assert_eq!(carla.is_told_the_end_of(&field).await.0, "expired");
    assert_eq!(carla.takes_offline("field", 7).await.expecting(201).json(), out);
    carla.comes_home(&out, "field").await.expecting(204);
}

#[tokio::test]
async fn who_is_archived_with_a_release_waits_for_the_lease_when_back_again() {
    let (portal, ana, mut carla) = house().await;
    let field = {
        carla.takes_offline("field", 7).await.expecting(201);
        carla.starts("field").await.expecting(201).json()
    };
    let done = ana.does(&[releasing(act(&carla, "archive"))]).await.expecting(201).json();
    assert_eq!(
        (&done["members"][0]["releases"], &done["members"][0]["ends_sessions_of"]),
        (&json!(["arcgis-pro"]), &json!(["arcgis-pro"]))
    );
    carla.works_in(&field).await.is_problem(403, "member-archived");
    ana.does(&[act(&carla, "restore")]).await.expecting(201);
    ana.gives(&carla, STANDARD).await.expecting(200);
    carla.signs_in().await.expecting(200);
    assert_eq!(carla.is_told_the_end_of(&field).await.0, "license-lost");
    carla.takes_offline("lab", 8).await.is_problem(409, "offline-elsewhere");
    carla.starts("lab").await.expecting(201);
    portal.clock.advance(30 * 86_400);
    carla.signs_in().await.expecting(200);
    carla.takes_offline("lab", 8).await.expecting(201);
}

#[tokio::test]
async fn who_is_deleted_leaves_no_session_and_no_license_behind() {
    let (_portal, ana, carla) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    ana.does(&[act(&carla, "delete")]).await.expecting(201);
    carla.works_in(&desk).await.is_problem(401, "not-signed-in");
    ana.ends(&desk).await.is_problem(404, "not-found");
    assert_eq!((ana.tally(STANDARD).await, ana.sees_activity("").await), ((2, 0, 2), vec![]));
    let again = ana.adds_signed_in("carla", "creator").await;
    assert_eq!((ana.add_ons_of(&again).await, again.is_on().await.as_str()), (json!([]), ""));
    again.works_in(&desk).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn another_level_comes_with_the_next_renewal_and_takes_another_lease() {
    let (_portal, ana, carla) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    let both = ana.gives(&carla, ADVANCED).await;
    both.is_problem(409, "incompatible");
    assert_eq!(both.text_of("rule"), "another-add-on");
    let mut other = give(&carla, &[ADVANCED]);
    other["unassign_add_ons"] = json!([STANDARD]);
    let done = ana.does(&[other]).await.expecting(201).json();
    assert_eq!(done["members"][0].get("ends_sessions_of"), None, "Pro is still there");
    assert_eq!(carla.works_in(&desk).await.expecting(200).json()["level"], "advanced");
    carla.takes_offline("field", 7).await.expecting(201);
    let back = json!({"member": carla.id, "assign_add_ons": [STANDARD], "unassign_add_ons": [ADVANCED]});
    ana.does(std::slice::from_ref(&back)).await.is_problem(409, "checked-out");
    ana.does(&[releasing(back)]).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.tally(ADVANCED).await), ((2, 1, 1), (1, 0, 1)));
}

#[tokio::test]
async fn what_the_organization_holds_is_assigned_to_nobody() {
    let (portal, ana, carla) = house().await;
    let file = seats(&portal, 2, 5).with("arcgis-velocity", 1).with("arcgis-image-online", 1);
    ana.imports_license(&file.signed(), None).await.expecting(200);
    let refused = ana.gives(&carla, "arcgis-velocity").await;
    refused.is_problem(409, "incompatible");
    assert!(refused.text().contains("belongs to the organization and is assigned to nobody"), "{}", refused.text());
    assert_eq!(ana.tally("arcgis-velocity").await, (1, 0, 1));
    // An extension of the user type needs no product.
    let dora = ana.adds("dora", "creator").await;
    ana.gives(&dora, "arcgis-image-online").await.expecting(200);
}

#[tokio::test]
async fn sessions_elsewhere_are_not_renewed_while_the_license_is_offline() {
    let (portal, _ana, carla) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    portal.clock.advance(MINUTE);
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    let field = carla.starts("field").await.expecting(201).json();
    let refused = carla.works_in(&desk).await;
    refused.is_problem(409, "offline-elsewhere");
    assert_eq!(
        (refused.text_of("computer"), refused.text_of("until")),
        ("FIELD".into(), "2026-12-31T09:01:00Z".into())
    );
    carla.works_in(&field).await.expecting(200);
    // It has not ended: home again in time, it goes on.
    carla.comes_home(&out, "field").await.expecting(204);
    portal.clock.advance(28 * MINUTE);
    carla.works_in(&desk).await.expecting(200);
}

#[tokio::test]
async fn a_repair_releases_what_stands_in_its_way_offline() {
    let (portal, ana, carla) = house().await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    ana.gives(&dora, STANDARD).await.expecting(200);
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    portal.clock.advance(MINUTE);
    dora.starts("desk").await.expecting(201);
    let smaller = order(2, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).bound_to(portal.key.clone());
    ana.imports_license(&smaller.signed(), None).await.expecting(200);
    // While it is blocked, what is offline stays so and may come home; nobody gets it anew, not even the same again.
    carla.takes_offline("field", 7).await.is_problem(403, "product-over-assigned");
    let repair = ana.gets("/add-ons/repair").await.expecting(200).json();
    assert_eq!(repair["operations"], json!([releasing(take(&carla, &[STANDARD]))]));
    assert_eq!(repair["items"][0]["from"][0]["username"], "carla");
    let planned = ana.plans(&json!({"operations": repair["operations"]})).await.expecting(200).json();
    assert_eq!(planned["members"][0]["releases"], json!(["arcgis-pro"]));
    ana.applies(&json!({"operations": repair["operations"]})).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.add_ons_of(&carla).await), ((1, 1, 0), json!([])));
    dora.starts("lab").await.expecting(201);
    // Its computer may still say that it has given the lease up.
    carla.comes_home(&out, "field").await.is_problem(409, "offline-elsewhere");
    let code = crate::return_codes::code(&ana, &out, 7).await;
    carla.hands_in(&out, &code).await.expecting(200);
}

#[tokio::test]
async fn an_administrator_whose_file_has_ended_saves_and_is_told_so() {
    let (portal, ana) = bound(&|portal| seats(portal, 1, 5).until("2026-12-01T12:00:00Z")).await;
    ana.gives(&ana, STANDARD).await.expecting(200);
    portal.clock.advance(3 * 3600 - MINUTE);
    let desk = ana.starts("desk").await.expecting(201).json();
    portal.clock.advance(2 * MINUTE);
    ana.starts("lab").await.is_problem(403, "product-over-assigned");
    let renewed = ana.works_in(&desk).await.expecting(200).json();
    assert_eq!((&renewed["active_until"], &renewed["lease"]), (&json!("2026-12-01T12:31:00Z"), &Value::Null));
    for _ in 0..2 {
        portal.clock.advance(29 * MINUTE);
        ana.works_in(&desk).await.expecting(200);
    }
    portal.clock.advance(MINUTE);
    let told = ana.is_told_the_end_of(&desk).await;
    assert_eq!(told, ("license-lost".into(), "2026-12-01T12:00:00Z".into(), "2026-12-01T13:00:00Z".into()));
}

#[tokio::test]
async fn while_everybody_is_kept_out_no_lease_of_a_session_is_good_for_longer_than_the_session() {
    let (portal, ana, carla) = house().await;
    let until = |grant: &Value| {
        let lease: Value = serde_json::from_str(grant["lease"].as_str().unwrap()).unwrap();
        lease["about"]["until"].as_str().unwrap().to_owned()
    };
    let desk = carla.starts("desk").await.expecting(201).json();
    assert_eq!(until(&desk), "2026-12-01T09:30:00Z");
    let none = order(2, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
    ana.imports_license(&none.signed(), None).await.expecting(200);
    for (minutes, end) in [(25, "2026-12-01T09:55:00Z"), (25, "2026-12-01T10:00:00Z")] {
        portal.clock.advance(minutes * MINUTE);
        assert_eq!(until(&carla.works_in(&desk).await.expecting(200).json()), end);
    }
}

#[tokio::test]
async fn an_administrator_whose_user_type_has_ended_has_lost_what_came_with_it() {
    let (portal, ana) = bound(&|portal| {
        let mut file = seats(portal, 1, 5);
        file.0.user_types[2].until = Some(tests::files::at("2026-12-01T12:00:00Z"));
        file
    })
    .await;
    let mut gita = ana.adds("gita", "gis-pro-advanced").await;
    ana.puts(&format!("/members/{}/role", gita.id), &json!({"role": "administrator"})).await.expecting(200);
    gita.signs_in().await.expecting(200);
    portal.clock.advance(3 * 3600 - MINUTE);
    let desk = gita.starts("desk").await.expecting(201).json();
    portal.clock.advance(MINUTE);
    gita.starts("lab").await.is_problem(403, "not-licensed");
    assert_eq!(gita.is_told_the_end_of(&desk).await.0, "license-lost");
    assert_eq!(id(&desk).split('_').next(), Some("ses"));
    gita.gets(&format!("{PRO}/activity")).await.expecting(200);
}
