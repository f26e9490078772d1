//! License activity: who may use a product, who has, where and when, and for whom that is to see (S61 to S67).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;
use tests::products::{EXTENSION, PRO, STANDARD, bound, give};

const ACTIVITY: &str = "/products/arcgis-pro/activity";

/// Ann, Bob and Cat with Pro by an add-on, Gil who has it by the user type, and Vera who has none.
async fn house() -> (Portal, Person, Vec<Person>) {
    let (portal, ana) = bound(&|portal| {
        let seats = [("viewer", 5), ("creator", 5), ("gis-pro-advanced", 300)];
        order(1, &seats).with(STANDARD, 4).with(EXTENSION, 2).bound_to(portal.key.clone())
    })
    .await;
    let mut people = Vec::new();
    for (name, user_type) in
        [("ann", "creator"), ("bob", "creator"), ("cat", "creator"), ("Gil", "gis-pro-advanced"), ("vera", "viewer")]
    {
        people.push(ana.adds_signed_in(name, user_type).await);
    }
    let operations: Vec<Value> = people[..3].iter().map(|one| give(one, &[STANDARD])).collect();
    ana.does(&operations).await.expecting(201);
    (portal, ana, people)
}

#[tokio::test]
async fn everybody_with_a_license_is_listed_with_the_last_use_and_marked_online_and_offline() {
    let (portal, ana, people) = house().await;
    assert_eq!(ana.sees_activity("").await, ["ann - - -", "bob - - -", "cat - - -", "Gil - - -"]);
    people[0].starts("desk").await.expecting(201);
    portal.clock.advance(10 * 60);
    people[0].starts("laptop").await.expecting(201);
    people[1].takes_offline("field", 7).await.expecting(201);
    people[3].starts("lab").await.expecting(201);
    let all = [
        "ann 2026-12-01T09:10:00Z online - LAPTOP,DESK",
        "bob 2026-12-01T09:10:00Z online FIELD",
        "cat - - -",
        "Gil 2026-12-01T09:10:00Z online - LAB",
    ];
    assert_eq!(ana.sees_activity("").await, all);
    assert_eq!(ana.sees_activity("?state=online").await, [all[0], all[1], all[3]]);
    assert_eq!(ana.sees_activity("?state=offline").await, [all[1]]);
    assert_eq!(ana.sees_activity("?state=unused").await, [all[2]]);
    // Half an hour later the last use stays, and nobody is online; who has it offline is still marked.
    portal.clock.advance(30 * 60);
    let later = [
        "ann 2026-12-01T09:10:00Z - -",
        "bob 2026-12-01T09:10:00Z - FIELD",
        "cat - - -",
        "Gil 2026-12-01T09:10:00Z - -",
    ];
    assert_eq!(ana.sees_activity("").await, later);
    assert_eq!(ana.sees_activity("?state=online").await, Vec::<String>::new());
    assert_eq!(ana.sees_activity("?state=unused").await, [later[0], later[2], later[3]]);
    assert_eq!(ana.sees_activity("?state=unused&unused_days=1").await, [later[2]]);
}

#[tokio::test]
async fn each_session_tells_its_computer_and_its_three_times() {
    let (portal, ana, people) = house().await;
    ana.gives(&people[0], EXTENSION).await.expecting(200);
    let grant = people[0].starts("desk").await.expecting(201).json();
    portal.clock.advance(20 * 60);
    people[0].works_in(&grant).await.expecting(200);
    portal.clock.advance(5 * 60);
    let seen = ana.gets(ACTIVITY).await.expecting(200).json();
    let ann = &seen["items"][0];
    assert_eq!((&ann["level"], &ann["extensions"]), (&json!("standard"), &json!([EXTENSION])));
    assert_eq!(
        ann["sessions"],
        json!([{
            "id": grant["id"], "device_id": "desk", "computer": "DESK", "created_at": "2026-12-01T09:00:00Z",
            "last_used": "2026-12-01T09:20:00Z", "active_until": "2026-12-01T09:50:00Z",
        }])
    );
}

#[tokio::test]
async fn the_activity_of_many_comes_in_pages_and_as_a_table_that_no_spreadsheet_computes() {
    let (_portal, ana, people) = house().await;
    ana.patches(&format!("/members/{}", people[0].id), &json!({"full_name": "=1+1"})).await.expecting(200);
    people[0].starts("-desk").await.expecting(201);
    ana.adds_a_table("p", "gis-pro-advanced", 205).await;
    let first = ana.gets(ACTIVITY).await.expecting(200).json();
    assert_eq!(first["items"].as_array().unwrap().len(), 200);
    let rest = format!("{ACTIVITY}?cursor={}", first["next"].as_str().unwrap());
    let second = ana.gets(&rest).await.expecting(200).json();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (9, &Value::Null));
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["username"].to_string()).collect()
    };
    let (mut both, more) = (names(&first), names(&second));
    both.extend(more);
    both.sort();
    both.dedup();
    assert_eq!(both.len(), 209);
    let headers = [("accept", "text/csv")];
    for address in [ACTIVITY.to_owned(), format!("{ACTIVITY}/export")] {
        let table = ana.asks(axum::http::Method::GET, &address, &headers, Vec::new()).await.expecting(200);
        let text = table.text();
        assert_eq!(text.lines().count(), 210, "everybody, whatever a page holds");
        let ann = text.lines().find(|line| line.starts_with("ann,")).unwrap();
        assert_eq!(ann, "ann,'=1+1,standard,2026-12-01T09:00:00Z,1,'-DESK,,");
    }
    let online = ana.gets(&format!("{ACTIVITY}/export?state=online")).await.expecting(200);
    assert_eq!(online.text().lines().count(), 2);
}

#[tokio::test]
async fn activity_is_for_who_manages_licenses_and_own_sessions_are_for_everybody() {
    let (_portal, ana, people) = house().await;
    let desk = people[0].starts("desk").await.expecting(201).json();
    for address in [ACTIVITY.to_owned(), format!("{ACTIVITY}/export")] {
        let refused = people[0].gets(&address).await;
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.text_of("privilege"), "admin.members.manage_licenses");
    }
    assert_eq!((people[0].is_on().await.as_str(), people[1].is_on().await.as_str()), ("DESK", ""));
    people[0].ends(&desk).await.expecting(204);
    assert_eq!(people[0].is_on().await, "");
    ana.gets("/products/arcgis-golden/activity").await.is_problem(404, "not-found");
    for wrong in ["?state=asleep", "?state=unused&unused_days=0", "?state=online&unused_days=3"] {
        ana.gets(&format!("{ACTIVITY}{wrong}")).await.is_problem(422, "validation-failed");
    }
    people[4].asks_to_start(PRO, "desk", "v1").await.is_problem(403, "not-licensed");
    people[4].asks_to_start("/products/arcgis-golden", "desk", "v2").await.is_problem(404, "not-found");
}
