//! More assigned than licensed: shown below zero, nobody starts a product, and what puts it right (S46 to S49).

use serde_json::{Value, json};
use tests::files::{Order, order};
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{EXTENSION, STANDARD, bound, give, take};

const INSIGHTS: &str = "/products/arcgis-insights";
const SEATS: [(&str, u32); 3] = [("viewer", 5), ("creator", 6), ("gis-pro-advanced", 2)];

fn file(portal: &Portal, sequence: u32) -> Order {
    order(sequence, &SEATS).bound_to(portal.key.clone())
}

/// Carla and Dora with Pro, which is a trial up to noon; Gita, a GIS Professional, and the administrator Ana, a Creator
/// who has Insights.
async fn trial() -> (Portal, Person, [Person; 3]) {
    let (portal, ana) = bound(&|portal| {
        let lasting = file(portal, 1).with(EXTENSION, 1).with("arcgis-insights", 1);
        lasting.with(STANDARD, 1).with_trial("2026-12-01T12:00:00Z", (STANDARD, 1))
    })
    .await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    let gita = ana.adds_signed_in("gita", "gis-pro-advanced").await;
    ana.does(&[give(&carla, &[STANDARD]), give(&dora, &[STANDARD])]).await.expecting(201);
    ana.gives(&ana, "arcgis-insights").await.expecting(200);
    (portal, ana, [carla, dora, gita])
}

#[tokio::test]
async fn an_ended_trial_takes_availability_below_zero_and_nobody_starts_any_product() {
    let (portal, ana, [carla, dora, gita]) = trial().await;
    portal.clock.advance(3 * 3600 - 1);
    assert_eq!(ana.tally(STANDARD).await, (2, 2, 0));
    dora.starts("desk").await.expecting(201);
    portal.clock.advance(1);
    assert_eq!(ana.tally(STANDARD).await, (1, 2, -1));
    let add_ons = ana.gets("/add-ons").await.expecting(200).json();
    assert_eq!(add_ons["blocked_since"], "2026-12-01T12:00:00Z");
    let refused = carla.starts("desk").await;
    refused.is_problem(403, "product-over-assigned");
    assert_eq!(
        refused.json()["detail"],
        "ArcGIS Pro cannot be started because licenses of ArcGIS Pro Standard are over-assigned in your organization. Contact your administrator."
    );
    // Not who has it by the user type, not the administrator, no other product, and not offline.
    gita.starts("desk").await.is_problem(403, "product-over-assigned");
    ana.asks_to_start(INSIGHTS, "desk", "i1").await.is_problem(403, "product-over-assigned");
    gita.takes_offline("field", 7).await.is_problem(403, "product-over-assigned");
    // The portal itself is open to all, and nobody lost anything silently.
    for person in [&carla, &dora, &gita, &ana] {
        assert_eq!(person.gets_in().await, Ok(()));
    }
    assert_eq!(ana.add_ons_of(&dora).await, json!([STANDARD]));
    // One license given back is enough.
    ana.takes(&carla, STANDARD).await.expecting(204);
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    assert_eq!(ana.gets("/add-ons").await.json()["blocked_since"], Value::Null);
    gita.starts("desk").await.expecting(201);
    ana.asks_to_start(INSIGHTS, "desk", "i2").await.expecting(201);
    dora.starts("lab").await.expecting(201);
}

#[tokio::test]
async fn a_session_that_runs_when_the_block_begins_goes_on_for_sixty_minutes_and_not_longer() {
    let (portal, ana, [carla, _, gita]) = trial().await;
    portal.clock.advance(3 * 3600 - 60);
    let (desk, other) =
        (carla.starts("desk").await.expecting(201).json(), gita.starts("desk").await.expecting(201).json());
    for minute in [1, 26, 51] {
        portal.clock.advance(if minute == 1 { 60 } else { 25 * 60 });
        carla.works_in(&desk).await.expecting(200);
        gita.works_in(&other).await.expecting(200);
    }
    // 12:50 was the last renewal; at 12:59:59 one more, and at 13:00 none.
    portal.clock.advance(10 * 60 - 1);
    carla.works_in(&desk).await.expecting(200);
    portal.clock.advance(1);
    let told = carla.is_told_the_end_of(&desk).await;
    assert_eq!(told, ("license-lost".into(), "2026-12-01T12:00:00Z".into(), "2026-12-01T13:00:00Z".into()));
    assert_eq!(gita.is_told_the_end_of(&other).await.0, "license-lost");
    // Put right, the session that nobody has ended and that is young enough goes on.
    ana.takes(&carla, STANDARD).await.expecting(204);
    gita.works_in(&other).await.expecting(200);
    carla.starts("desk").await.is_problem(403, "not-licensed");
}

#[tokio::test]
async fn a_smaller_file_takes_it_below_zero_and_the_repair_list_is_one_change() {
    let (portal, ana) = bound(&|portal| file(portal, 1).with(STANDARD, 4).with(EXTENSION, 2)).await;
    let mut creators = ana.adds_many("creator", 4).await;
    let all: Vec<Value> = creators.iter().map(|one| give(one, &[STANDARD])).collect();
    ana.does(&all).await.expecting(201);
    ana.does(&[give(&creators[0], &[EXTENSION]), give(&creators[2], &[EXTENSION])]).await.expecting(201);
    // Three use Pro, one after the other; the fourth never does.
    for at in [2, 0, 1] {
        creators[at].signs_in().await.expecting(200);
        creators[at].starts("desk").await.expecting(201);
        portal.clock.advance(60);
    }
    assert_eq!(ana.gets("/add-ons/repair").await.expecting(200).json()["items"], json!([]));
    let shown = ana
        .asks(
            axum::http::Method::POST,
            "/license-previews",
            &[],
            file(&portal, 2).with(STANDARD, 2).with(EXTENSION, 2).signed(),
        )
        .await
        .expecting(201);
    let shown = shown.json();
    assert_eq!(
        (&shown["add_ons"][0], &shown["blocks_products"]),
        (
            &json!({"id": STANDARD, "licensed_before": 4, "licensed_after": 2, "assigned": 4, "available_after": -2}),
            &json!(true)
        )
    );
    ana.imports_license(&file(&portal, 2).with(STANDARD, 2).with(EXTENSION, 2).signed(), None).await.expecting(200);
    assert_eq!(ana.tally(STANDARD).await, (2, 4, -2));
    creators[2].starts("lab").await.is_problem(403, "product-over-assigned");

    let repair = ana.gets("/add-ons/repair").await.expecting(200).json();
    let from = &repair["items"][0];
    assert_eq!((&from["licensed"], &from["assigned"]), (&json!(2), &json!(4)));
    let names: Vec<&str> =
        from["from"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["creator4", "creator3"], "who never used it, then who used it the longest time ago");
    // Who loses Pro loses the extension with it.
    let done = ana.applies(&json!({"operations": repair["operations"], "reason": "smaller file"})).await;
    let done = done.expecting(201).json();
    let lost: Vec<String> =
        done["members"].as_array().unwrap().iter().map(|one| one["unassigns"].to_string()).collect();
    assert_eq!(lost, [json!([STANDARD]).to_string(), json!([EXTENSION, STANDARD]).to_string()]);
    assert_eq!((ana.tally(STANDARD).await, ana.tally(EXTENSION).await), ((2, 2, 0), (2, 1, 1)));
    assert_eq!(ana.gets("/add-ons/repair").await.expecting(200).json()["items"], json!([]));
    creators[0].starts("lab").await.expecting(201);
    creators[2].starts("lab").await.is_problem(403, "not-licensed");
}

#[tokio::test]
async fn the_repair_list_is_for_who_sees_members_and_an_extension_blocks_as_well() {
    let (portal, ana) = bound(&|portal| file(portal, 1).with(STANDARD, 2).with(EXTENSION, 1)).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.does(&[give(&carla, &[STANDARD, EXTENSION])]).await.expecting(201);
    ana.imports_license(&file(&portal, 2).with(STANDARD, 2).signed(), None).await.expecting(200);
    assert_eq!(ana.tally(EXTENSION).await, (0, 1, -1));
    carla.gets("/add-ons/repair").await.is_problem(403, "privilege-missing");
    carla.starts("desk").await.is_problem(403, "product-over-assigned");
    // No more of anything that is over is assigned meanwhile, and what is not over can be.
    let dora = ana.adds("dora", "creator").await;
    ana.does(&[give(&dora, &[STANDARD, EXTENSION])]).await.is_problem(409, "add-on-limit-reached");
    ana.gives(&dora, STANDARD).await.expecting(200);
    ana.does(&[take(&carla, &[EXTENSION])]).await.expecting(201);
    carla.starts("desk").await.expecting(201);
}

#[tokio::test]
async fn the_forecast_names_every_coming_end_and_what_happens_then() {
    let (_portal, ana, [carla, ..]) = trial().await;
    carla.gets("/usage/forecast").await.is_problem(403, "privilege-missing");
    let foreseen = ana.gets("/usage/forecast").await.expecting(200).json();
    assert_eq!(
        foreseen["items"],
        json!([{
            "at": "2026-12-01T12:00:00Z",
            "begins": null,
            "user_types": [],
            "add_ons": [{"id": STANDARD, "licensed_before": 2, "licensed_after": 1, "assigned": 2, "available_after": -1}],
            "blocks_products": true,
        }])
    );
}
