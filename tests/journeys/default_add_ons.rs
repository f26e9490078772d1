//! Add-ons that come with the seat of a new member (S54, S56).

use entitlement::AddOnLine;
use serde_json::{Value, json};
use tests::files::{Order, order};
use tests::people::Person;
use tests::portal::Portal;

const STANDARD: &str = "arcgis-pro-standard";

/// Creators, and so many licenses of ArcGIS Pro.
fn with_pro(sequence: u32, licenses: u32) -> Order {
    let mut order = order(sequence, &[("viewer", 9), ("creator", 9), ("gis-pro-standard", 9)]);
    order.0.add_ons.push(AddOnLine {
        id: STANDARD.parse().unwrap(),
        count: licenses,
        from: None,
        until: None,
        trial: None,
    });
    order
}

async fn add_ons_of(ana: &Person, id: &Value) -> Value {
    ana.gets(&format!("/members/{}", id.as_str().unwrap())).await.expecting(200).json()["add_ons"].clone()
}

async fn numbers(ana: &Person) -> Value {
    let add_ons = ana.gets("/add-ons").await.expecting(200).json();
    let found = add_ons["items"].as_array().unwrap().iter().find(|one| one["id"] == STANDARD).unwrap().clone();
    json!([found["licensed"], found["assigned"], found["available"]])
}

#[tokio::test]
async fn a_creator_comes_with_pro_by_every_door_while_a_license_is_free_and_without_one_after() {
    let portal = Portal::with(&with_pro(1, 3)).await;
    let ana = portal.administrator().await;
    let wanted = json!({"user_type": "creator", "role": "user", "add_ons": [STANDARD]});
    let set = ana.puts("/settings/defaults", &wanted).await.expecting(200).json();
    assert_eq!((&set["add_ons"], &set["problem"]), (&json!([STANDARD]), &json!(null)));
    let nina = ana.posts("/members", &json!({"username": "nina"})).await.expecting(201).json();
    let table = ana.imports("", "username\notto\n").await.expecting(200).json();
    let invitation = ana.posts("/invitations", &json!({})).await.expecting(201);
    let rosa = portal.person("x").accepts(&invitation.text_of("token"), "rosa").await.expecting(201).json();
    for id in [&nina["id"], &table["members"][0]["id"], &rosa["id"]] {
        assert_eq!(add_ons_of(&ana, id).await, json!([STANDARD]));
    }
    assert_eq!(numbers(&ana).await, json!([3, 3, 0]));
    // Nobody is kept out for want of an add-on, and none goes below zero.
    let late = ana.posts("/members", &json!({"username": "lena"})).await.expecting(201).json();
    assert_eq!(add_ons_of(&ana, &late["id"]).await, json!([]));
    assert_eq!(numbers(&ana).await, json!([3, 3, 0]));
}

#[tokio::test]
async fn a_user_type_that_includes_pro_or_does_not_admit_it_takes_none() {
    let ana = Portal::with(&with_pro(1, 3)).await.administrator().await;
    ana.puts("/settings/defaults", &json!({"add_ons": [STANDARD]})).await.expecting(200);
    for (username, user_type) in [("gita", "gis-pro-standard"), ("vera", "viewer")] {
        let new = json!({"username": username, "user_type": user_type});
        let member = ana.posts("/members", &new).await.expecting(201).json();
        assert_eq!(add_ons_of(&ana, &member["id"]).await, json!([]), "{username}");
    }
    assert_eq!(numbers(&ana).await, json!([3, 0, 3]));
}

#[tokio::test]
async fn defaults_that_no_new_member_could_hold_are_not_saved() {
    let ana = Portal::with(&with_pro(1, 3)).await.administrator().await;
    for (wanted, status, code) in [
        (json!({"user_type": "viewer", "add_ons": [STANDARD]}), 409, "incompatible"),
        (json!({"add_ons": ["arcgis-pro-grand"]}), 422, "validation-failed"),
        (json!({"add_ons": ["no id!"]}), 422, "validation-failed"),
    ] {
        ana.puts("/settings/defaults", &wanted).await.is_problem(status, code);
    }
    assert_eq!(ana.gets("/settings/defaults").await.expecting(200).json()["add_ons"], json!([]));
}

#[tokio::test]
async fn sixteen_registrations_at_once_take_the_last_license_once() {
    let ana = Portal::with(&with_pro(1, 1)).await.administrator().await;
    let wide = order(2, &[("viewer", 9), ("creator", 40), ("gis-pro-standard", 9)]);
    let mut order = with_pro(2, 1);
    order.0.user_types = wide.0.user_types;
    ana.imports_license(&order.signed(), None).await.expecting(200);
    ana.puts("/settings/defaults", &json!({"user_type": "creator", "add_ons": [STANDARD]})).await.expecting(200);
    let all = (0..16).map(|number| {
        let ana = ana.clone();
        tokio::spawn(async move {
            let new = json!({"username": format!("crowd-{number}")});
            ana.posts("/members", &new).await.expecting(201).json()["id"].clone()
        })
    });
    let mut with = 0;
    for one in all.collect::<Vec<_>>() {
        let id = one.await.unwrap();
        with += u32::from(add_ons_of(&ana, &id).await == json!([STANDARD]));
    }
    assert_eq!((with, numbers(&ana).await), (1, json!([1, 1, 0])));
}
