//! A license that was released while it is offline is handed on online at once, and offline only after its lease: or as
//! many releases would make as many offline licenses (design: Product sessions and offline use 5).

use entitlement::{Use, open_entitlement, open_lease, open_trust_list, seal_return_code};
use serde_json::{Value, json};
use tests::acts::act;
use tests::files::{at, order, roots, trust};
use tests::people::Person;
use tests::portal::{MORNING, Portal};
use tests::products::{STANDARD, bound, device_key, give, take};

const LEASE_ENDS: &str = "2026-12-31T09:00:00Z";

/// One license of Pro, which Carla has; Dora has none.
async fn house(licenses: u32) -> (Portal, Person, Person, Person) {
    let (portal, ana) =
        bound(&|portal| order(1, &[("creator", 5)]).with(STANDARD, licenses).bound_to(portal.key.clone())).await;
    let (carla, dora) = (ana.adds_signed_in("carla", "creator").await, ana.adds_signed_in("dora", "creator").await);
    ana.gives(&carla, STANDARD).await.expecting(200);
    (portal, ana, carla, dora)
}

fn releasing(mut operation: Value) -> Value {
    operation["release_checkouts"] = json!(true);
    operation
}

/// What the computer of the checkout says when it gives its lease back.
async fn code(ana: &Person, out: &Value) -> String {
    let now = at(MORNING);
    let list = open_trust_list(&trust(1, |_| ()), &roots(), now).unwrap();
    let file = ana.gets("/licenses/1/file").await.expecting(200);
    let file = open_entitlement(&file.bytes, &list, Use::Importing, now).unwrap();
    let lease = open_lease(out["lease"].as_str().unwrap().as_bytes(), &file, now, None).unwrap();
    seal_return_code(&lease, &device_key(7), now).unwrap()
}

async fn waits(whom: &Person) {
    let refused = whom.takes_offline("tablet", 8).await;
    refused.is_problem(409, "offline-elsewhere");
    assert_eq!(refused.text_of("until"), LEASE_ENDS);
    assert!(refused.json().get("computer").is_none(), "whose computer it is, is nobody else's business");
}

#[tokio::test]
async fn the_next_one_works_online_and_waits_with_offline_use_for_the_end_of_the_lease() {
    let (portal, ana, carla, mut dora) = house(1).await;
    carla.takes_offline("field", 7).await.expecting(201);
    ana.does(&[releasing(take(&carla, &[STANDARD])), give(&dora, &[STANDARD])]).await.expecting(201);
    dora.starts("desk").await.expecting(201);
    waits(&dora).await;
    portal.clock.advance(30 * 86_400 - 1);
    dora.signs_in().await.expecting(200);
    waits(&dora).await;
    portal.clock.advance(1);
    dora.takes_offline("tablet", 8).await.expecting(201);
}

#[tokio::test]
async fn neither_a_deletion_nor_an_archive_makes_a_second_one_and_a_code_still_brings_it_back() {
    for gone in ["delete", "archive"] {
        let (_portal, ana, carla, dora) = house(1).await;
        let out = carla.takes_offline("field", 7).await.expecting(201).json();
        ana.does(&[releasing(act(&carla, gone)), give(&dora, &[STANDARD])]).await.expecting(201);
        waits(&dora).await;
        ana.hands_in(&out, &code(&ana, &out).await).await.expecting(200);
        dora.takes_offline("tablet", 8).await.expecting(201);
    }
}

#[tokio::test]
async fn while_another_license_is_free_nobody_waits() {
    let (_portal, ana, carla, dora) = house(2).await;
    carla.takes_offline("field", 7).await.expecting(201);
    ana.does(&[releasing(take(&carla, &[STANDARD])), give(&dora, &[STANDARD])]).await.expecting(201);
    let out = dora.takes_offline("tablet", 8).await.expecting(201).json();
    dora.comes_home(&out, "tablet").await.expecting(204);
    ana.gives(&ana, STANDARD).await.expecting(200);
    let out = dora.takes_offline("tablet", 8).await.expecting(201).json();
    waits(&ana).await;
    dora.comes_home(&out, "tablet").await.expecting(204);
    ana.takes_offline("tablet", 8).await.expecting(201);
    waits(&dora).await;
}

#[tokio::test]
async fn the_return_code_of_the_computer_ends_the_waiting() {
    let (_portal, ana, carla, dora) = house(1).await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    ana.does(&[releasing(take(&carla, &[STANDARD])), give(&dora, &[STANDARD])]).await.expecting(201);
    waits(&dora).await;
    ana.hands_in(&out, &code(&ana, &out).await).await.expecting(200);
    dora.takes_offline("tablet", 8).await.expecting(201);
}

#[tokio::test]
async fn a_seat_that_includes_the_product_is_no_way_around_it() {
    let (_portal, ana) = bound(&|portal| {
        order(1, &[("viewer", 5), ("creator", 2), ("gis-pro-advanced", 1)]).bound_to(portal.key.clone())
    })
    .await;
    let gita = ana.adds_signed_in("gita", "gis-pro-advanced").await;
    let gil = ana.adds_signed_in("gil", "viewer").await;
    gita.takes_offline("field", 7).await.expecting(201);
    let out = json!({"member": gita.id, "set_user_type": "viewer", "set_role": "viewer", "release_checkouts": true});
    let into = json!({"member": gil.id, "set_user_type": "gis-pro-advanced", "set_role": "publisher"});
    ana.does(&[out, into]).await.expecting(201);
    gil.starts("desk").await.expecting(201);
    waits(&gil).await;
}

#[tokio::test]
async fn licenses_of_another_level_make_no_room() {
    const ADVANCED: &str = "arcgis-pro-advanced";
    let (_portal, ana) =
        bound(&|portal| order(1, &[("creator", 5)]).with(STANDARD, 4).with(ADVANCED, 1).bound_to(portal.key.clone()))
            .await;
    let (carla, dora) = (ana.adds_signed_in("carla", "creator").await, ana.adds_signed_in("dora", "creator").await);
    ana.gives(&carla, ADVANCED).await.expecting(200);
    carla.takes_offline("field", 7).await.expecting(201);
    ana.does(&[releasing(take(&carla, &[ADVANCED])), give(&dora, &[ADVANCED])]).await.expecting(201);
    waits(&dora).await;
    let standard = json!({"member": dora.id, "assign_add_ons": [STANDARD], "unassign_add_ons": [ADVANCED]});
    ana.does(&[standard]).await.expecting(201);
    dora.takes_offline("tablet", 8).await.expecting(201);
}
