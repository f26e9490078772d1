//! Sessions of a product: thirty minutes from the last use, three computers, ended from elsewhere (S58 to S60, S68 to S79).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{EXTENSION, PRO, STANDARD, bound, give, id, take};

/// Carla, a Creator who has Pro, and Dora, who has none yet.
pub(crate) async fn house() -> (Portal, Person, Person, Person) {
    let (portal, ana) = bound(&|portal| {
        let seats = [("viewer", 5), ("creator", 5), ("gis-pro-advanced", 2)];
        order(1, &seats).with(STANDARD, 2).with(EXTENSION, 2).with("arcgis-insights", 2).bound_to(portal.key.clone())
    })
    .await;
    let (carla, dora) = (ana.adds_signed_in("carla", "creator").await, ana.adds_signed_in("dora", "creator").await);
    ana.gives(&carla, STANDARD).await.expecting(200);
    (portal, ana, carla, dora)
}

fn times(grant: &Value) -> [&str; 3] {
    ["created_at", "last_used", "active_until"].map(|name| grant[name].as_str().unwrap())
}

#[tokio::test]
async fn a_session_lives_thirty_minutes_from_its_last_use_and_not_a_second_longer() {
    let (portal, ana, carla, _) = house().await;
    let grant = carla.starts("desk").await.expecting(201).json();
    assert_eq!(times(&grant), ["2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z", "2026-12-01T09:30:00Z"]);
    portal.clock.advance(30 * 60 - 1);
    assert_eq!(carla.is_on().await, "DESK");
    let used = carla.works_in(&grant).await.expecting(200).json();
    assert_eq!(times(&used), ["2026-12-01T09:00:00Z", "2026-12-01T09:29:59Z", "2026-12-01T09:59:59Z"]);
    portal.clock.advance(30 * 60 - 1);
    assert_eq!(ana.sees_activity("").await, ["carla 2026-12-01T09:29:59Z online - DESK"]);
    portal.clock.advance(1);
    assert_eq!(carla.is_on().await, "");
    assert_eq!(ana.sees_activity("").await, ["carla 2026-12-01T09:29:59Z - -"]);
    let told = carla.is_told_the_end_of(&grant).await;
    assert_eq!(told, ("expired".into(), "2026-12-01T09:59:59Z".into(), "2026-12-01T10:59:59Z".into()));
    // The next use is a new session.
    let next = carla.starts("desk").await.expecting(201).json();
    assert_ne!(id(&next), id(&grant));
    assert_eq!(times(&next), ["2026-12-01T09:59:59Z", "2026-12-01T09:59:59Z", "2026-12-01T10:29:59Z"]);
}

#[tokio::test]
async fn a_fourth_computer_is_refused_with_the_three_and_ending_one_makes_room() {
    let (portal, ana, carla, _) = house().await;
    let mut grants = Vec::new();
    for computer in ["desk", "laptop", "lab"] {
        portal.clock.advance(1);
        grants.push(carla.starts(computer).await.expecting(201).json());
    }
    let refused = carla.starts("home").await;
    refused.is_problem(409, "session-limit-reached");
    let refused = refused.json();
    assert_eq!(refused["computers"], 3);
    assert_eq!(
        refused["detail"],
        "You are signed in on 3 computers: LAB, LAPTOP, DESK. End one of these sessions to continue."
    );
    let named: Vec<&Value> = refused["sessions"].as_array().unwrap().iter().map(|one| &one["computer"]).collect();
    assert_eq!(named, ["LAB", "LAPTOP", "DESK"]);
    // Places are counted for each product by itself.
    ana.gives(&carla, "arcgis-insights").await.expecting(200);
    carla.asks_to_start("/products/arcgis-insights", "home", "insights-1").await.expecting(201);
    carla.ends(&grants[1]).await.expecting(204);
    carla.starts("home").await.expecting(201);
    carla.starts("laptop").await.is_problem(409, "session-limit-reached");
    let told = carla.is_told_the_end_of(&grants[1]).await;
    assert_eq!(told, ("ended-by-member".into(), "2026-12-01T09:00:03Z".into(), "2026-12-01T10:00:03Z".into()));
}

#[tokio::test]
async fn an_administrator_ends_a_session_while_another_computer_waits_for_the_place() {
    let (portal, ana, carla, _) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    carla.starts("laptop").await.expecting(201);
    carla.starts("lab").await.expecting(201);
    carla.starts("home").await.is_problem(409, "session-limit-reached");
    portal.clock.advance(60);
    ana.ends(&desk).await.expecting(204);
    carla.starts("home").await.expecting(201);
    let told = carla.is_told_the_end_of(&desk).await;
    assert_eq!(told, ("ended-by-administrator".into(), "2026-12-01T09:01:00Z".into(), "2026-12-01T10:01:00Z".into()));
    assert_eq!(
        carla.works_in(&desk).await.text_of("detail"),
        "This computer is not connected to a licensing portal any more. Save your work by 2026-12-01T10:01:00Z."
    );
    // Whoever saves for all of the hour is told the same, and ended twice it stays as it was.
    portal.clock.advance(59 * 60);
    ana.ends(&desk).await.expecting(204);
    assert_eq!(carla.is_told_the_end_of(&desk).await.2, "2026-12-01T10:01:00Z");
}

#[tokio::test]
async fn the_same_request_gets_the_same_grant_and_the_same_computer_takes_its_own_place() {
    let (_portal, _ana, carla, _) = house().await;
    let first = carla.asks_to_start(PRO, "desk", "r1").await.expecting(201).json();
    assert_eq!(carla.asks_to_start(PRO, "desk", "r1").await.expecting(201).json(), first);
    carla.starts("laptop").await.expecting(201);
    carla.starts("lab").await.expecting(201);
    let again = carla.asks_to_start(PRO, "desk", "r2").await.expecting(201).json();
    assert_ne!(id(&again), id(&first));
    let told = carla.is_told_the_end_of(&first).await;
    assert_eq!(told, ("replaced".into(), "2026-12-01T09:00:00Z".into(), "2026-12-01T10:00:00Z".into()));
    // A request id of another computer is nobody else's grant.
    carla.asks_to_start(PRO, "home", "r2").await.is_problem(409, "session-limit-reached");
    let empty = json!({"device_id": "desk", "computer": "DESK", "request_id": ""});
    carla.posts(&format!("{PRO}/sessions"), &empty).await.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn after_a_pause_the_place_may_be_gone_and_a_new_one_is_needed() {
    let (portal, _ana, carla, _) = house().await;
    carla.starts("desk").await.expecting(201);
    portal.clock.advance(15 * 60);
    let (laptop, lab) = (carla.starts("laptop").await.expecting(201), carla.starts("lab").await.expecting(201));
    portal.clock.advance(15 * 60);
    assert_eq!(carla.is_on().await.split(' ').count(), 2);
    carla.starts("home").await.expecting(201);
    carla.works_in(&laptop.json()).await.expecting(200);
    carla.works_in(&lab.json()).await.expecting(200);
    carla.starts("desk").await.is_problem(409, "session-limit-reached");
}

#[tokio::test]
async fn signing_out_and_losing_the_license_are_told_as_what_they_are() {
    let (portal, ana, carla, _) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    carla.deletes(&format!("{PRO}/sessions/{}?sign_out=true", id(&desk))).await.expecting(204);
    assert_eq!(carla.is_told_the_end_of(&desk).await.0, "signed-out");
    assert_eq!(
        ana.sees_activity("").await,
        ["carla 2026-12-01T09:00:00Z online -"],
        "no session, and the last use stays"
    );
    let laptop = carla.starts("laptop").await.expecting(201).json();
    portal.clock.advance(60);
    let taken = ana.does(&[take(&carla, &[STANDARD])]).await.expecting(201).json();
    assert_eq!(taken["members"][0]["ends_sessions_of"], json!(["arcgis-pro"]));
    let told = carla.is_told_the_end_of(&laptop).await;
    assert_eq!(told, ("license-lost".into(), "2026-12-01T09:01:00Z".into(), "2026-12-01T10:01:00Z".into()));
    carla.starts("laptop").await.is_problem(403, "not-licensed");
}

#[tokio::test]
async fn sessions_of_others_are_ended_by_who_manages_licenses_and_nobody_else() {
    let (_portal, ana, carla, dora) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    dora.ends(&desk).await.is_problem(403, "privilege-missing");
    dora.works_in(&desk).await.is_problem(404, "not-found");
    dora.deletes(&format!("{PRO}/sessions/ses_00000000000000000000000000")).await.is_problem(403, "privilege-missing");
    let role = json!({"name": "Licenser", "privileges": ["members.view", "admin.members.manage_licenses"]});
    let role = ana.posts("/roles", &role).await.expecting(201).json();
    ana.puts(&format!("/members/{}/role", dora.id), &json!({"role": role["id"]})).await.expecting(200);
    dora.ends(&desk).await.expecting(204);
    assert_eq!(carla.is_told_the_end_of(&desk).await.0, "ended-by-administrator");
}

#[tokio::test]
async fn who_does_not_get_in_at_the_portal_starts_nothing_and_loses_what_runs() {
    let (portal, ana, carla, dora) = house().await;
    ana.does(&[give(&dora, &[STANDARD])]).await.expecting(201);
    let desk = carla.starts("desk").await.expecting(201).json();
    ana.does(&[json!({"member": carla.id, "disable": true})]).await.expecting(201);
    carla.works_in(&desk).await.is_problem(403, "member-disabled");
    assert_eq!(ana.sees_activity("?state=offline").await, Vec::<String>::new());
    // One Creator too many: all who are no administrators are locked out, of products too.
    let lab = dora.starts("lab").await.expecting(201).json();
    let seats = [("viewer", 5), ("creator", 2), ("gis-pro-advanced", 2)];
    let smaller = order(2, &seats).with(STANDARD, 2).with(EXTENSION, 2).with("arcgis-insights", 2);
    let smaller = smaller.bound_to(portal.key.clone());
    ana.imports_license(&smaller.signed(), Some(1)).await.expecting(200);
    dora.works_in(&lab).await.is_problem(403, "user-type-over-limit");
    dora.starts("home").await.is_problem(403, "user-type-over-limit");
}
