//! What is done with products stands in the log with who did it; what is refused leaves no row (S37, S58, S59, S76, S81, S82).

use serde_json::json;
use store::AuditRow;
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{PRO, STANDARD, id, take};

use crate::product_sessions::house;

use crate::return_codes;

/// The newest row of the log.
fn last(portal: &Portal) -> AuditRow {
    portal.state.store.read(|tx| tx.audit(None, 1)).unwrap().remove(0)
}

fn in_short(portal: &Portal) -> (String, String, String) {
    let AuditRow { actor_name, action, target, .. } = last(portal);
    (actor_name, action, target)
}

fn row(who: &Person, action: &str, target: &str) -> (String, String, String) {
    (who.username.clone(), action.to_owned(), target.to_owned())
}

fn version(portal: &Portal) -> u64 {
    portal.state.store.read(|tx| Ok(tx.version())).unwrap()
}

#[tokio::test]
async fn a_session_is_logged_when_it_begins_and_when_somebody_ends_it_and_not_at_each_use() {
    let (portal, ana, carla, dora) = house().await;
    let desk = carla.starts("desk").await.expecting(201).json();
    assert_eq!(in_short(&portal), row(&carla, "session.begin", id(&desk)));
    assert_eq!(last(&portal).detail, json!({"product": "arcgis-pro", "computer": "DESK", "replaces": null}));
    let begun = version(&portal);
    portal.clock.advance(60);
    carla.works_in(&desk).await.expecting(200);
    dora.ends(&desk).await.is_problem(403, "privilege-missing");
    dora.starts("desk").await.is_problem(403, "not-licensed");
    dora.works_in(&desk).await.is_problem(404, "not-found");
    assert_eq!(version(&portal), begun);
    ana.ends(&desk).await.expecting(204);
    assert_eq!(in_short(&portal), row(&ana, "session.end", id(&desk)));
    assert_eq!(last(&portal).detail["cause"], "ended-by-administrator");
    ana.ends(&desk).await.expecting(204);
    assert_eq!(version(&portal), begun + 1, "what is over is not ended twice");
    let lab = carla.starts("lab").await.expecting(201).json();
    let again = carla.starts("lab").await.expecting(201).json();
    assert_eq!(in_short(&portal), row(&carla, "session.begin", id(&again)));
    assert_eq!(last(&portal).detail["replaces"], lab["id"]);
}

#[tokio::test]
async fn a_checkout_is_logged_when_it_is_made_released_and_given_back() {
    let (portal, ana, carla, _) = house().await;
    let out = carla.takes_offline("field", 7).await.expecting(201).json();
    assert_eq!(in_short(&portal), row(&carla, "checkout.begin", id(&out)));
    let detail = last(&portal).detail;
    assert_eq!(detail, json!({"product": "arcgis-pro", "computer": "FIELD", "until": "2026-12-31T09:00:00Z"}));
    let made = version(&portal);
    carla.takes_offline("field", 7).await.expecting(201);
    carla.takes_offline("tablet", 8).await.is_problem(409, "offline-elsewhere");
    carla.releases(&out).await.is_problem(403, "privilege-missing");
    assert_eq!(version(&portal), made);
    ana.releases(&out).await.expecting(200);
    assert_eq!(in_short(&portal), row(&ana, "checkout.end", id(&out)));
    assert_eq!(last(&portal).detail["state"], "released");
    ana.releases(&out).await.expecting(200);
    assert_eq!(version(&portal), made + 1);
    // What was released comes home by the word of its computer only.
    carla.comes_home(&out, "field").await.is_problem(409, "offline-elsewhere");
    let code = return_codes::code(&ana, &out, 7).await;
    carla.hands_in(&out, &code).await.expecting(200);
    assert_eq!(in_short(&portal), row(&carla, "checkout.end", id(&out)));
    assert_eq!(last(&portal).detail["state"], "returned");
    carla.hands_in(&out, &code).await.expecting(200);
    assert_eq!(version(&portal), made + 2);
}

#[tokio::test]
async fn an_assignment_is_logged_with_the_licenses_and_the_switch_with_who_turned_it() {
    let (portal, ana, carla, dora) = house().await;
    let given = ana.gives(&dora, STANDARD).await.expecting(200).json();
    assert_eq!(in_short(&portal), row(&ana, "change.apply", id(&given)));
    let text = last(&portal).detail.to_string();
    assert!(text.contains(&dora.id) && text.contains(STANDARD), "{text}");
    let before = version(&portal);
    dora.takes(&carla, STANDARD).await.is_problem(403, "privilege-missing");
    dora.does(&[take(&carla, &[STANDARD])]).await.is_problem(403, "privilege-missing");
    let off = json!({"allowed": false});
    dora.puts("/settings/offline", &off).await.is_problem(403, "privilege-missing");
    ana.puts("/settings/offline", &json!({"allowed": true, "most_days": 366}))
        .await
        .is_problem(422, "validation-failed");
    assert_eq!(version(&portal), before);
    ana.puts("/settings/offline", &off).await.expecting(200);
    assert_eq!(in_short(&portal), row(&ana, "settings.change", "offline"));
    assert_eq!(version(&portal), before + 1);
    // A member reads neither the switch nor who holds what.
    dora.gets(&format!("/add-ons/{STANDARD}/members")).await.is_problem(403, "privilege-missing");
    dora.gets("/settings/offline").await.is_problem(403, "privilege-missing");
    dora.gets(&format!("{PRO}/activity")).await.is_problem(403, "privilege-missing");
}
