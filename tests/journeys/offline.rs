//! A product taken offline: by whom, for how long, and how it comes home (S81 to S84, A-SES-6 to A-SES-8).

use entitlement::seal_return_code;
use serde_json::{Value, json};
use tests::files::{Order, at, order};
use tests::portal::Portal;
use tests::products::{EXTENSION, STANDARD, carlas_house, device_key, give, lease_of, take, two_of_pro};

const OFFLINE: &str = "/settings/offline";

#[tokio::test]
async fn every_named_user_may_take_the_license_offline_until_the_house_says_no_to_new_ones() {
    let (_portal, ana, carla) = carlas_house(&two_of_pro).await;
    let gita = ana.adds_signed_in("gita", "gis-pro-advanced").await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    assert_eq!((&out["until"], &out["state"]), (&json!("2026-12-31T09:00:00Z"), &json!("out")));
    carla.puts(OFFLINE, &json!({"allowed": false})).await.is_problem(403, "privilege-missing");
    ana.puts(OFFLINE, &json!({"allowed": false})).await.expecting(200);
    gita.takes_offline("tablet", 8).await.is_problem(403, "offline-disabled");
    // What is out stays out: the same computer gets the same again, and it comes home.
    assert_eq!(carla.takes_offline("field", 7).await.expecting(201).json(), out);
    carla.comes_home(&out, "field").await.expecting(204);
    carla.takes_offline("field", 7).await.is_problem(403, "offline-disabled");
    // Sessions are another matter.
    carla.starts("desk").await.expecting(201);
    ana.puts(OFFLINE, &json!({"allowed": true, "most_days": 7})).await.expecting(200);
    let week = gita.takes_offline("tablet", 8).await.expecting(201).json();
    assert_eq!(week["until"], "2026-12-08T09:00:00Z");
}

#[tokio::test]
async fn a_lease_ends_with_the_first_thing_that_it_depends_on() {
    let ends = |edit: fn(Order) -> Order| async move {
        let (_portal, _ana, carla) = carlas_house(&move |portal| edit(two_of_pro(portal))).await;
        carla.takes_offline("field", 7).await.expecting(201).json()["until"].as_str().unwrap().to_owned()
    };
    assert_eq!(ends(|file| file).await, "2026-12-31T09:00:00Z");
    assert_eq!(ends(|file| file.until("2026-12-20T00:00:00Z")).await, "2026-12-20T00:00:00Z");
    let line = |mut file: Order| {
        file.0.add_ons[0].until = Some(at("2026-12-10T00:00:00Z"));
        file
    };
    assert_eq!(ends(line).await, "2026-12-10T00:00:00Z");
    let seat = |mut file: Order| {
        file.0.user_types[1].until = Some(at("2026-12-09T00:00:00Z"));
        file
    };
    assert_eq!(ends(seat).await, "2026-12-09T00:00:00Z");
    let days = |mut file: Order| {
        file.0.policy.offline_days = 3;
        file
    };
    assert_eq!(ends(days).await, "2026-12-04T09:00:00Z");
}

#[tokio::test]
async fn a_file_that_is_not_bound_or_allows_none_gives_no_lease() {
    let unbound = |_: &Portal| order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 2);
    let (_portal, _ana, carla) = carlas_house(&unbound).await;
    carla.takes_offline("field", 7).await.is_problem(403, "not-bound");
    let grant = carla.starts("desk").await.expecting(201).json();
    assert_eq!(grant["lease"], Value::Null, "a session needs none");
    let forbidden = |portal: &Portal| {
        let mut file = two_of_pro(portal);
        file.0.policy.offline = false;
        file
    };
    let (_portal, ana, carla) = carlas_house(&forbidden).await;
    carla.takes_offline("field", 7).await.is_problem(403, "offline-disabled");
    ana.puts(OFFLINE, &json!({"allowed": true})).await.expecting(200);
    carla.takes_offline("field", 7).await.is_problem(403, "offline-disabled");
}

#[tokio::test]
async fn while_it_is_out_the_member_is_nowhere_else_and_the_computer_gets_it_once() {
    let (portal, ana, carla) = carlas_house(&two_of_pro).await;
    carla.starts("desk").await.expecting(201);
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    portal.clock.advance(60);
    assert_eq!(carla.takes_offline("field", 7).await.expecting(201).json(), out, "byte for byte the same lease");
    for refused in [carla.takes_offline("tablet", 8).await, carla.starts("lab").await] {
        refused.is_problem(409, "offline-elsewhere");
        assert_eq!(
            refused.json()["detail"],
            "Your license is checked out on FIELD until 2026-12-31T09:00:00Z. Check it in there, or ask an administrator to release it."
        );
    }
    carla.starts("field").await.expecting(201);
    assert_eq!(
        ana.sees_activity("?state=offline").await,
        ["carla 2026-12-01T09:01:00Z online FIELD FIELD,DESK"],
        "online and offline are told both"
    );
    // Home from its own computer only, and as often as it is said.
    carla.comes_home(&out, "tablet").await.is_problem(422, "validation-failed");
    let other = ana.adds_signed_in("dora", "creator").await;
    other.comes_home(&out, "field").await.is_problem(404, "not-found");
    carla.comes_home(&out, "field").await.expecting(204);
    carla.comes_home(&out, "field").await.expecting(204);
    let next = carla.takes_offline("tablet", 8).await.expecting(201).json();
    assert_ne!(next["id"], out["id"]);
}

#[tokio::test]
async fn a_release_opens_online_use_and_the_next_offline_waits_for_the_end_of_the_lease() {
    let (portal, ana, mut carla) = carlas_house(&two_of_pro).await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    carla.releases(&out).await.is_problem(403, "privilege-missing");
    let released = ana.releases(&out).await.expecting(200).json();
    assert_eq!(released["state"], "released");
    carla.starts("lab").await.expecting(201);
    // Or as many releases as there are days would make as many seats.
    for (computer, seed) in [("tablet", 8), ("field", 7)] {
        carla.takes_offline(computer, seed).await.is_problem(409, "offline-elsewhere");
    }
    ana.releases(&out).await.expecting(200);
    portal.clock.advance(30 * 86_400 - 1);
    carla.signs_in().await.expecting(200);
    carla.takes_offline("tablet", 8).await.is_problem(409, "offline-elsewhere");
    portal.clock.advance(1);
    carla.takes_offline("tablet", 8).await.expecting(201);
}

#[tokio::test]
async fn a_return_code_of_the_computer_itself_brings_it_back_before_that() {
    let (portal, mut ana, mut carla) = carlas_house(&two_of_pro).await;
    let mut dora = ana.adds_signed_in("dora", "creator").await;
    ana.gives(&dora, STANDARD).await.expecting(200);
    let (out, other) = (
        carla.takes_offline("field", 7).await.expecting(201).json(),
        dora.takes_offline("tablet", 8).await.expecting(201).json(),
    );
    ana.releases(&out).await.expecting(200);
    portal.clock.advance(86_400);
    for person in [&mut ana, &mut carla, &mut dora] {
        person.signs_in().await.expecting(200);
    }
    let now = "2026-12-02T09:00:00Z";
    let (of_carla, of_dora) = (lease_of(&ana, &out, at(now)).await, lease_of(&ana, &other, at(now)).await);
    let of_another = seal_return_code(&of_dora, &device_key(8), at(now)).unwrap();
    assert!(seal_return_code(&of_carla, &device_key(8), at(now)).is_err(), "no other key signs it");
    for wrong in [of_another.as_str(), "", "x.y.z"] {
        let refused = carla.hands_in(&out, wrong).await;
        assert!((400..500).contains(&refused.status), "{wrong}: {}", refused.text());
    }
    let code = seal_return_code(&of_carla, &device_key(7), at(now)).unwrap();
    dora.hands_in(&out, &code).await.is_problem(404, "not-found");
    carla.takes_offline("tablet", 9).await.is_problem(409, "offline-elsewhere");
    let back = ana.hands_in(&out, &code).await.expecting(200).json();
    assert_eq!(back["state"], "returned");
    ana.hands_in(&out, &code).await.expecting(200);
    carla.takes_offline("tablet", 9).await.expecting(201);
    dora.starts("lab").await.is_problem(409, "offline-elsewhere");
}

#[tokio::test]
async fn it_ends_by_itself_at_its_day_and_then_anything_goes() {
    let (portal, mut ana, mut carla) = carlas_house(&two_of_pro).await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    portal.clock.advance(30 * 86_400 - 1);
    ana.signs_in().await.expecting(200);
    carla.signs_in().await.expecting(200);
    carla.starts("lab").await.is_problem(409, "offline-elsewhere");
    assert_eq!(ana.sees_activity("?state=offline").await.len(), 1);
    portal.clock.advance(1);
    assert_eq!(ana.sees_activity("?state=offline").await, Vec::<String>::new());
    carla.starts("lab").await.expecting(201);
    let next = carla.takes_offline("lab", 9).await.expecting(201).json();
    assert_ne!(next["id"], out["id"]);
}

#[tokio::test]
async fn a_license_stays_with_who_has_it_offline_until_it_is_released() {
    let (_portal, ana, carla) = carlas_house(&|portal| two_of_pro(portal).with(EXTENSION, 2)).await;
    carla.takes_offline("field", 7).await.expecting(201);
    ana.takes(&carla, STANDARD).await.is_problem(409, "checked-out");
    // A lease names the extensions, so another one is another lease.
    ana.does(&[give(&carla, &[EXTENSION])]).await.is_problem(409, "checked-out");
    for act in ["archive", "delete"] {
        ana.does(&[json!({"member": carla.id, act: true})]).await.is_problem(409, "checked-out");
    }
    let mut one = take(&carla, &[STANDARD]);
    one["release_checkouts"] = json!(true);
    let done = ana.does(&[one]).await.expecting(201).json();
    assert_eq!(done["members"][0]["releases"], json!(["arcgis-pro"]));
    assert_eq!(ana.tally(STANDARD).await, (2, 0, 2));
}
