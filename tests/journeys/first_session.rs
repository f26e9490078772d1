//! The thinnest whole path through products: a Creator gets Pro, works, is told to stop, and takes it offline.

use entitlement::{AddOnLine, Use, open_entitlement, open_lease, open_trust_list};
use serde_json::{Value, json};
use tests::files::{self, order, roots, trust};
use tests::people::Person;
use tests::portal::Portal;

const PRO: &str = "/products/arcgis-pro";

/// A bound portal with two Pro licenses, and the Creator carla who has one.
async fn carlas_house() -> (Portal, Person, Person) {
    let portal = Portal::not_activated();
    let mut file = order(1, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
    let id = "arcgis-pro-standard".parse().unwrap();
    file.0.add_ons.push(AddOnLine { id, count: 2, from: None, until: None, trial: None });
    portal.activate(&file).await.unwrap();
    let ana = portal.administrator().await;
    let mut carla = ana.adds("carla", "creator").await;
    carla.signs_in().await.expecting(200);
    let assigned = ana.puts(&format!("/members/{}/add-ons/arcgis-pro-standard", carla.id), &json!({})).await;
    assert_eq!(
        assigned.expecting(200).json()["add_ons"],
        json!([{"id": "arcgis-pro-standard", "before": 0, "after": 1, "licensed": 2}])
    );
    (portal, ana, carla)
}

fn at(computer: &str) -> Value {
    json!({"device_id": computer, "computer": computer.to_uppercase(), "request_id": format!("first-{computer}")})
}

#[tokio::test]
async fn a_session_is_granted_renewed_and_ended_by_an_administrator() {
    let (portal, ana, carla) = carlas_house().await;
    let grant = carla.posts(&format!("{PRO}/sessions"), &at("desk")).await.expecting(201).json();
    assert_eq!(
        (&grant["level"], &grant["created_at"], &grant["active_until"]),
        (&json!("standard"), &json!("2026-12-01T09:00:00Z"), &json!("2026-12-01T09:30:00Z"))
    );
    portal.clock.advance(29 * 60 + 59);
    let session = format!("{PRO}/sessions/{}", grant["id"].as_str().unwrap());
    let renewed = carla.posts(&format!("{session}/renew"), &json!({})).await.expecting(200).json();
    assert_eq!(renewed["active_until"], "2026-12-01T09:59:59Z");
    let activity = ana.gets(&format!("{PRO}/activity")).await.expecting(200).json();
    assert_eq!(activity["items"][0]["sessions"][0]["computer"], "DESK");
    ana.deletes(&session).await.expecting(204);
    let told = carla.posts(&format!("{session}/renew"), &json!({})).await;
    told.is_problem(410, "session-ended");
    let told = told.json();
    assert_eq!(
        (&told["cause"], &told["save_until"]),
        (&json!("ended-by-administrator"), &json!("2026-12-01T10:29:59Z"))
    );
}

#[tokio::test]
async fn a_lease_verifies_with_the_vendors_root_alone() {
    let (_portal, ana, carla) = carlas_house().await;
    let made = carla.posts(&format!("{PRO}/checkouts"), &at("field")).await.expecting(201).json();
    assert_eq!((&made["until"], &made["state"]), (&json!("2026-12-31T09:00:00Z"), &json!("out")));
    let again = carla.posts(&format!("{PRO}/checkouts"), &at("field")).await.expecting(201).json();
    assert_eq!(again, made);
    let now = files::at("2026-12-15T00:00:00Z");
    let list = open_trust_list(&trust(1, |_| ()), &roots(), now).unwrap();
    let file = ana.gets("/licenses/1/file").await.expecting(200);
    let file = open_entitlement(&file.bytes, &list, Use::Importing, now).unwrap();
    let lease = open_lease(made["lease"].as_str().unwrap().as_bytes(), &file, now, None).unwrap();
    assert_eq!(lease.draft().product.as_str(), "arcgis-pro");
    carla.posts(&format!("{PRO}/sessions"), &at("desk")).await.is_problem(409, "offline-elsewhere");
    let home = format!("{PRO}/checkouts/{}?device_id=field", made["id"].as_str().unwrap());
    carla.deletes(&home).await.expecting(204);
    carla.posts(&format!("{PRO}/sessions"), &at("desk")).await.expecting(201);
}

#[tokio::test]
async fn a_session_that_has_lapsed_is_not_ended_again_by_anybody() {
    let (portal, ana, carla) = carlas_house().await;
    let grant = carla.posts(&format!("{PRO}/sessions"), &at("desk")).await.expecting(201).json();
    let session = format!("{PRO}/sessions/{}", grant["id"].as_str().unwrap());
    portal.clock.advance(30 * 60);
    ana.deletes(&session).await.expecting(204);
    let told = carla.posts(&format!("{session}/renew"), &json!({})).await;
    told.is_problem(410, "session-ended");
    assert_eq!(told.json()["cause"], "expired");
}
