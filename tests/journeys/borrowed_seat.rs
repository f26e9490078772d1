//! The exchange of S29 to S36 over the interface: a Creator seat is lent to a Viewer and comes back.

use serde_json::json;
use tests::people::Person;
use tests::portal::Portal;

/// The portal of S29, full: ana and four more Creators, and 25 Viewers.
pub struct Full {
    pub portal: Portal,
    pub ana: Person,
    pub creators: Vec<Person>,
    pub viewers: Vec<Person>,
}

/// Everybody is registered; one Creator and one Viewer are signed in.
pub async fn full() -> Full {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let mut creators = ana.adds_many("creator", 4).await;
    let mut viewers = ana.adds_many("viewer", 25).await;
    for group in [&mut creators, &mut viewers] {
        for person in group.iter_mut().take(2) {
            person.signs_in().await.expecting(200);
        }
    }
    Full { portal, ana, creators, viewers }
}

const LOCKED_OUT: (u16, &str) = (403, "user-type-over-limit");

async fn is_locked_out(person: &Person) -> bool {
    match person.gets_in().await {
        Ok(()) => false,
        Err((status, code)) => {
            assert_eq!((status, code.as_str()), LOCKED_OUT, "{}", person.username);
            true
        }
    }
}

#[tokio::test]
async fn the_thirty_first_member_is_refused_by_either_type() {
    let Full { ana, .. } = full().await;
    for (user_type, licensed) in [("viewer", 25), ("creator", 5)] {
        let refused = ana.posts("/members", &json!({"username": "one-more", "user_type": user_type})).await;
        refused.is_problem(409, "seat-limit-reached");
        let body = refused.json();
        assert_eq!(body["user_type"], user_type);
        assert_eq!((&body["licensed"], &body["assigned"]), (&json!(licensed), &json!(licensed)));
        assert_eq!((&body["reserved"], &body["types_with_room"]), (&json!(0), &json!([])));
    }
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));
    assert_eq!(ana.counts("creator").await, (5, 5, 0));
}

#[tokio::test]
async fn demoting_first_locks_out_all_viewers_until_a_viewer_is_promoted() {
    let Full { ana, creators, viewers, .. } = full().await;
    let (carla, vera, victor) = (&creators[0], &viewers[0], &viewers[1]);

    let asked = ana.changes(carla, "viewer", "viewer").await;
    asked.is_problem(409, "one-over-needs-consent");
    assert_eq!(asked.json()["locked_out"], json!({"viewer": 26}));
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));

    let wrong = ana.changes_with_consent(carla, ("viewer", "viewer"), 25).await;
    wrong.is_problem(409, "confirmation-mismatch");
    assert_eq!(wrong.json()["expected"], json!({"viewer": 26}));
    assert!(!is_locked_out(vera).await);

    let plan = ana.changes_with_consent(carla, ("viewer", "viewer"), 26).await.expecting(200).json();
    assert_eq!(plan["dry_run"], false);
    assert_eq!(
        plan["types"],
        json!([
            {"id": "viewer", "before": 25, "after": 26, "licensed": 25, "locked_out": 26},
            {"id": "creator", "before": 5, "after": 4, "licensed": 5, "locked_out": 0},
        ])
    );
    let former = json!({"user_type": "creator", "role": "publisher", "state": "enabled"});
    assert_eq!(plan["members"][0]["former"], former);
    assert_eq!(ana.counts("viewer").await, (26, 25, 26));
    for person in [carla, vera, victor] {
        assert!(is_locked_out(person).await, "{}", person.username);
    }
    assert!(!is_locked_out(&creators[1]).await);
    assert!(!is_locked_out(&ana).await);

    ana.changes(vera, "creator", "publisher").await.expecting(200);
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((25, 25, 0), (5, 5, 0)));
    for person in [carla, vera, victor, &creators[1]] {
        assert!(!is_locked_out(person).await, "{} gets in again with the same token", person.username);
    }
}

#[tokio::test]
async fn promoting_first_locks_out_the_creators_until_a_creator_is_demoted() {
    let Full { ana, creators, viewers, .. } = full().await;
    let (carla, vera) = (&creators[0], &viewers[0]);

    let asked = ana.changes(vera, "creator", "publisher").await;
    asked.is_problem(409, "one-over-needs-consent");
    // Of the six Creators, the administrator is not locked out.
    assert_eq!(asked.json()["locked_out"], json!({"creator": 5}));

    ana.changes_with_consent(vera, ("creator", "publisher"), 5).await.expecting(200);
    assert_eq!((ana.counts("creator").await, ana.counts("viewer").await), ((6, 5, 5), (24, 25, 0)));
    for person in [carla, &creators[1], vera] {
        assert!(is_locked_out(person).await, "{}", person.username);
    }
    assert!(!is_locked_out(&viewers[1]).await);
    assert!(!is_locked_out(&ana).await);

    ana.changes(carla, "viewer", "viewer").await.expecting(200);
    for person in [carla, vera, &creators[1], &viewers[1]] {
        assert!(!is_locked_out(person).await, "{}", person.username);
    }
}

#[tokio::test]
async fn a_type_is_never_taken_two_over_and_the_other_type_has_its_own_allowance() {
    let Full { ana, creators, viewers, .. } = full().await;
    ana.changes_with_consent(&creators[0], ("viewer", "viewer"), 26).await.expecting(200);
    let again = ana.changes_with_consent(&creators[1], ("viewer", "viewer"), 27).await;
    again.is_problem(409, "one-over-exhausted");
    assert_eq!(again.json()["assigned"], 26);
    assert_eq!(ana.counts("viewer").await, (26, 25, 26));
    for viewer in &viewers[..2] {
        let _ = ana.changes(viewer, "creator", "publisher").await;
    }
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((25, 25, 0), (5, 5, 0)));
}

#[tokio::test]
async fn a_swap_moves_both_at_once_and_locks_nobody_out() {
    let Full { ana, creators, viewers, .. } = full().await;
    let (carla, vera) = (&creators[0], &viewers[0]);
    let swap = json!({"reason": "urgent request", "operations": [
        {"member": carla.id, "set_user_type": "viewer", "set_role": "viewer"},
        {"member": vera.id, "set_user_type": "creator", "set_role": "publisher"},
    ]});

    let planned = ana.posts("/changes?dry_run=true", &swap).await.expecting(200).json();
    assert_eq!((&planned["dry_run"], &planned["id"]), (&json!(true), &json!(null)));
    assert_eq!(ana.gets(&format!("/members/{}", carla.id)).await.json()["user_type"], "creator");

    let keyed = [tests::people::JSON, ("idempotency-key", "swap-1")];
    let applied = ana.asks(axum::http::Method::POST, "/changes", &keyed, swap.to_string().into_bytes()).await;
    let applied = applied.expecting(201).json();
    assert_eq!((&applied["types"], &applied["members"]), (&planned["types"], &planned["members"]));
    for person in [carla, vera, &creators[1], &viewers[1]] {
        assert!(!is_locked_out(person).await, "{}", person.username);
    }
    let id = applied["id"].as_str().unwrap();
    let kept = ana.gets(&format!("/changes/{id}")).await.expecting(200).json();
    assert_eq!((&kept["by"], &kept["reason"]), (&json!("ana"), &json!("urgent request")));
    assert_eq!(ana.gets(&format!("/members/{}", vera.id)).await.json()["user_type"], "creator");
}

#[tokio::test]
async fn a_role_that_does_not_fit_is_refused_with_the_nearest_one_that_does() {
    let Full { ana, creators, .. } = full().await;
    let to = format!("/members/{}/user-type", creators[0].id);
    let refused = ana.puts(&to, &json!({"user_type": "viewer", "allow_one_over": {"viewer": 26}})).await;
    refused.is_problem(409, "role-exceeds-user-type");
    assert_eq!(refused.json()["proposed_role"], "viewer");
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));
}
