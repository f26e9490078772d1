//! Licenses of products assigned and unassigned: who can hold what, one and many, to the last (S37 to S53).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tests::products::{EXTENSION, PRO, STANDARD, bound, give, id, take};

const INSIGHTS: &str = "arcgis-insights";
const ANALYST: &str = "arcgis-business-analyst";

async fn house() -> (Portal, Person) {
    bound(&|portal| {
        let seats = [("viewer", 5), ("creator", 5), ("gis-pro-advanced", 3), ("mobile-worker", 2)];
        let file = order(1, &seats).with(STANDARD, 2).with(EXTENSION, 2).with(INSIGHTS, 3).with(ANALYST, 3);
        file.bound_to(portal.key.clone())
    })
    .await
}

/// The refusal of a change of one: its code and the rule.
fn rule(answer: &Answer) -> (String, String) {
    let answer = answer.json();
    let text = |name: &str| {
        let of_all = answer.get(name).filter(|one| one.is_string());
        let one = of_all.or_else(|| answer["blockers"][0].get(name));
        one.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    (text("code"), text("rule"))
}

fn refused(code: &str, rule: &str) -> (String, String) {
    (code.to_owned(), rule.to_owned())
}

#[tokio::test]
async fn licenses_are_assigned_by_who_manages_them_and_by_nobody_else() {
    let (_portal, ana) = house().await;
    let (carla, lea) = (ana.adds_signed_in("carla", "creator").await, ana.adds_signed_in("lea", "creator").await);
    for refused in [carla.gives(&carla, STANDARD).await, carla.takes(&carla, STANDARD).await] {
        refused.is_problem(403, "privilege-missing");
        assert_eq!(refused.text_of("privilege"), "admin.members.manage_licenses");
    }
    carla.does(&[give(&carla, &[STANDARD])]).await.is_problem(403, "privilege-missing");
    carla.gets("/add-ons").await.is_problem(403, "privilege-missing");
    let role = json!({"name": "Licenser", "privileges": ["members.view", "admin.members.manage_licenses"]});
    let role = ana.posts("/roles", &role).await.expecting(201).json();
    ana.puts(&format!("/members/{}/role", lea.id), &json!({"role": id(&role)})).await.expecting(200);
    lea.gives(&carla, STANDARD).await.expecting(200);
    assert_eq!(lea.tally(STANDARD).await, (2, 1, 1));
    // Who manages licenses changes nothing else by that.
    let both = json!({"member": carla.id, "assign_add_ons": [INSIGHTS], "set_role": "viewer"});
    lea.does(&[both]).await.is_problem(403, "privilege-missing");
    lea.takes(&carla, STANDARD).await.expecting(204);
    assert_eq!(ana.add_ons_of(&carla).await, json!([]));
}

#[tokio::test]
async fn pro_is_for_creators_by_assignment_and_comes_with_gis_professional() {
    let (_portal, ana) = house().await;
    let vera = ana.adds_signed_in("vera", "viewer").await;
    let mo = ana.adds("mo", "mobile-worker").await;
    for whom in [&vera, &mo] {
        let no = ana.gives(whom, STANDARD).await.expecting(409);
        assert_eq!(rule(&no), refused("incompatible", "user-type"));
    }
    vera.starts("desk").await.is_problem(403, "not-licensed");
    let gita = ana.adds_signed_in("gita", "gis-pro-advanced").await;
    let grant = gita.starts("desk").await.expecting(201).json();
    assert_eq!((&grant["level"], &grant["extensions"]), (&json!("advanced"), &json!([])));
    assert_eq!(ana.tally(STANDARD).await, (2, 0, 2), "what is included is not counted");
    assert_eq!(rule(&ana.gives(&gita, STANDARD).await.expecting(409)), refused("incompatible", "included"));
    let carla = ana.adds_signed_in("carla", "creator").await;
    carla.starts("desk").await.is_problem(403, "not-licensed");
    ana.gives(&carla, STANDARD).await.expecting(200);
    let grant = carla.starts("desk").await.expecting(201).json();
    assert_eq!(grant["level"], "standard");
    // Extensions are for both, and need the product.
    ana.gives(&gita, EXTENSION).await.expecting(200);
    ana.gives(&carla, EXTENSION).await.expecting(200);
    assert_eq!(gita.starts("lab").await.expecting(201).json()["extensions"], json!([EXTENSION]));
    let dora = ana.adds("dora", "creator").await;
    assert_eq!(rule(&ana.gives(&dora, EXTENSION).await.expecting(409)), refused("incompatible", "requires-product"));
    assert_eq!(rule(&ana.takes(&carla, STANDARD).await.expecting(409)), refused("incompatible", "requires-product"));
    ana.does(&[take(&carla, &[STANDARD, EXTENSION])]).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.tally(EXTENSION).await), ((2, 0, 2), (2, 1, 1)));
}

#[tokio::test]
async fn several_licenses_of_several_members_are_one_change_that_does_what_its_plan_says() {
    let (_portal, ana) = house().await;
    let creators = ana.adds_many("creator", 3).await;
    let [one, two, three] = creators.as_slice() else { panic!("three creators") };
    let operations = [
        give(one, &[STANDARD, EXTENSION, INSIGHTS]),
        give(two, &[STANDARD, INSIGHTS]),
        give(three, &[INSIGHTS, ANALYST]),
    ];
    let planned = ana.posts("/changes?dry_run=true", &json!({ "operations": operations })).await.expecting(200).json();
    assert_eq!(ana.tally(INSIGHTS).await, (3, 0, 3), "a plan assigns nothing");
    let applied = ana.does(&operations).await.expecting(201).json();
    assert_eq!((&applied["members"], &applied["add_ons"]), (&planned["members"], &planned["add_ons"]));
    let effects: Vec<String> = applied["add_ons"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(effects.len(), 4);
    for (add_on, tally) in [(STANDARD, (2, 2, 0)), (EXTENSION, (2, 1, 1)), (INSIGHTS, (3, 3, 0)), (ANALYST, (3, 1, 2))]
    {
        assert_eq!(ana.tally(add_on).await, tally, "{add_on}");
    }
    // Again, it changes nothing and takes no license twice.
    ana.does(&operations).await.expecting(201);
    assert_eq!(ana.tally(INSIGHTS).await, (3, 3, 0));
    // Insights and Business Analyst are products of their own, for one who holds them.
    let mut three = three.clone();
    three.signs_in().await.expecting(200);
    three.asks_to_start("/products/arcgis-business-analyst", "desk", "ba").await.expecting(201);
    three.starts("desk").await.is_problem(403, "not-licensed");
    let undone = ana.posts_once(&format!("/changes/{}/revert", id(&applied)), &json!({})).await;
    undone.expecting(201);
    for add_on in [STANDARD, EXTENSION, INSIGHTS, ANALYST] {
        assert_eq!(ana.tally(add_on).await.1, 0, "{add_on}");
    }
}

#[tokio::test]
async fn the_last_license_can_be_assigned_and_one_more_cannot() {
    let (_portal, ana) = house().await;
    let creators = ana.adds_many("creator", 3).await;
    ana.gives(&creators[0], STANDARD).await.expecting(200);
    let all = [give(&creators[1], &[STANDARD]), give(&creators[2], &[STANDARD])];
    let refused = ana.does(&all).await;
    refused.is_problem(409, "add-on-limit-reached");
    let refused = refused.json();
    assert_eq!((&refused["licensed"], &refused["assigned"]), (&json!(2), &json!(1)));
    assert_eq!(ana.tally(STANDARD).await, (2, 1, 1), "all or nothing");
    let part = json!({"operations": all, "mode": "partial"});
    let part = ana.applies(&part).await.expecting(201).json();
    assert_eq!(part["refused"][0]["code"], "add-on-limit-reached");
    assert_eq!(ana.tally(STANDARD).await, (2, 2, 0));
    // Handed on in one step, at the limit.
    ana.does(&[take(&creators[0], &[STANDARD]), give(&creators[2], &[STANDARD])]).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.add_ons_of(&creators[2]).await), ((2, 2, 0), json!([STANDARD])));
    ana.does(&[give(&creators[0], &["arcgis-pro-golden"])]).await.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn the_user_type_is_changed_first_where_it_cannot_hold_pro() {
    let (_portal, ana) = house().await;
    let (mut vera, mut carla) = (ana.adds("vera", "viewer").await, ana.adds("carla", "viewer").await);
    assert_eq!(rule(&ana.gives(&vera, STANDARD).await.expecting(409)), refused("incompatible", "user-type"));
    ana.changes(&vera, "gis-pro-advanced", "publisher").await.expecting(200);
    vera.signs_in().await.expecting(200);
    assert_eq!(vera.starts("desk").await.expecting(201).json()["level"], "advanced");
    assert_eq!(ana.add_ons_of(&vera).await, json!([]));
    ana.changes(&carla, "creator", "publisher").await.expecting(200);
    carla.signs_in().await.expecting(200);
    carla.starts("desk").await.is_problem(403, "not-licensed");
    // Or both in one change.
    let both = json!({"member": carla.id, "assign_add_ons": [STANDARD]});
    ana.does(&[both]).await.expecting(201);
    carla.starts("desk").await.expecting(201);
    let will = ana.adds("will", "viewer").await;
    let both = json!({"member": will.id, "set_user_type": "creator", "assign_add_ons": [STANDARD]});
    ana.does(&[both]).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.add_ons_of(&will).await), ((2, 2, 0), json!([STANDARD])));
}

#[tokio::test]
async fn a_type_change_with_an_add_on_a_session_and_a_checkout_out_is_one_confirmed_change() {
    let (_portal, ana) = house().await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.does(&[give(&carla, &[STANDARD, EXTENSION, INSIGHTS])]).await.expecting(201);
    let lab = carla.asks_to_start("/products/arcgis-insights", "lab", "i1").await.expecting(201).json();
    carla.takes_offline("field", 7).await.expecting(201);
    let field = carla.starts("field").await.expecting(201).json();
    let to_viewer = |rest: Value| {
        let mut one = json!({"member": carla.id, "set_user_type": "viewer", "set_role": "viewer"});
        one.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        one
    };
    let kept = ana.changes(&carla, "viewer", "viewer").await.expecting(409);
    assert_eq!(rule(&kept), refused("incompatible", "user-type"));
    let all = json!([STANDARD, EXTENSION, INSIGHTS]);
    let out = ana.does(&[to_viewer(json!({ "unassign_add_ons": all }))]).await.expecting(409);
    assert_eq!(rule(&out).0, "checked-out");
    assert!(out.text().contains("carla has arcgis-pro offline on FIELD until 2026-12-31T09:00:00Z"), "{}", out.text());
    assert_eq!(ana.add_ons_of(&carla).await.as_array().unwrap().len(), 3, "nothing was done");
    let done = ana.does(&[to_viewer(json!({ "unassign_add_ons": all, "release_checkouts": true }))]).await;
    let done = done.expecting(201).json();
    assert_eq!(done["members"][0]["ends_sessions_of"], json!(["arcgis-insights", "arcgis-pro"]));
    assert_eq!(done["members"][0]["releases"], json!(["arcgis-pro"]));
    for add_on in [STANDARD, EXTENSION, INSIGHTS] {
        assert_eq!(ana.tally(add_on).await.1, 0, "{add_on}");
    }
    assert_eq!(carla.is_told_the_end_of(&field).await.0, "license-lost");
    let ended = carla.posts(&format!("/products/arcgis-insights/sessions/{}/renew", id(&lab)), &json!({})).await;
    ended.is_problem(410, "session-ended");
    carla
        .posts(&format!("{PRO}/checkouts"), &json!({"device_id": "field", "computer": "FIELD"}))
        .await
        .is_problem(403, "not-licensed");
}

#[tokio::test]
async fn who_becomes_a_gis_professional_gives_the_assigned_license_back_in_the_same_change() {
    let (_portal, ana) = house().await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    ana.does(&[give(&carla, &[STANDARD, EXTENSION])]).await.expecting(201);
    let kept = ana.changes(&carla, "gis-pro-advanced", "publisher").await.expecting(409);
    assert_eq!(rule(&kept), refused("incompatible", "included"));
    let one = json!({"member": carla.id, "set_user_type": "gis-pro-advanced", "unassign_add_ons": [STANDARD]});
    ana.does(&[one]).await.expecting(201);
    assert_eq!((ana.tally(STANDARD).await, ana.add_ons_of(&carla).await), ((2, 0, 2), json!([EXTENSION])));
    let grant = carla.starts("desk").await.expecting(201).json();
    assert_eq!((&grant["level"], &grant["extensions"]), (&json!("advanced"), &json!([EXTENSION])));
}

#[tokio::test]
async fn whoever_is_archived_or_deleted_gives_the_licenses_back_and_a_return_takes_them_again() {
    let (_portal, ana) = house().await;
    let creators = ana.adds_many("creator", 2).await;
    ana.does(&[give(&creators[0], &[STANDARD]), give(&creators[1], &[STANDARD])]).await.expecting(201);
    let gone = json!({"operations": [{"member": creators[0].id, "archive": true}, {"member": creators[1].id, "delete": true}]});
    let gone = ana.applies(&gone).await.expecting(201).json();
    assert_eq!(gone["add_ons"], json!([{"id": STANDARD, "before": 2, "after": 0, "licensed": 2}]));
    assert_eq!(ana.tally(STANDARD).await, (2, 0, 2));
    ana.does(&[json!({"member": creators[0].id, "restore": true})]).await.expecting(201);
    assert_eq!(ana.add_ons_of(&creators[0]).await, json!([]), "licenses are assigned anew");
}
