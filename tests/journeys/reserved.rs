//! What default Administrators alone may do, and that nobody makes himself stronger (S114, S217 to S226; A-ROLE-5).

use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;

/// ana and bert are Administrators; dora's role gives every privilege of the catalog.
struct House {
    ana: Person,
    bert: Person,
    dora: Person,
    otto: Person,
    everything: String,
}

async fn house() -> House {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 6)])).await;
    let ana = portal.administrator().await;
    let bert = ana.adds_with_role("bert", "creator", "administrator").await;
    let catalog = catalog::Catalog::arcgis();
    let all: Vec<&str> = catalog.privileges().iter().map(|one| one.id.as_str()).collect();
    let everything = ana.makes_role("Everything", &all).await;
    let dora = ana.adds_with_role("dora", "creator", &everything).await;
    let otto = ana.adds("otto", "viewer").await;
    House { ana, bert, dora, otto, everything }
}

#[track_caller]
fn is_reserved(what: &str, refused: &Answer) {
    let told = (refused.status, refused.json()["code"].as_str().map(str::to_owned));
    assert_eq!(told, (403, Some("reserved-to-administrators".to_owned())), "{what}: {}", refused.text());
}

#[tokio::test]
async fn every_act_that_is_reserved_is_refused_to_a_role_with_every_privilege() {
    let House { ana, bert, dora, otto, .. } = house().await;
    let bert_at = format!("/members/{}", bert.id);
    let otto_at = format!("/members/{}", otto.id);
    let role = |role: &str| json!({ "role": role });
    let carla = ana.adds("carla", "creator").await;
    let carla_at = format!("/members/{}", carla.id);
    is_reserved("to administrator", &dora.puts(&format!("{carla_at}/role"), &role("administrator")).await);
    is_reserved("from administrator", &dora.puts(&format!("{bert_at}/role"), &role("publisher")).await);
    is_reserved("add an administrator", &dora.posts("/members", &administrator("x")).await);
    is_reserved("invite an administrator", &dora.posts("/invitations", &administrator("y")).await);
    for what in ["delete", "archive", "disable", "enable"] {
        is_reserved(what, &dora.does(&[act(&bert, what)]).await);
    }
    is_reserved("delete", &dora.deletes(&bert_at).await);
    is_reserved("an address", &dora.patches(&otto_at, &json!({"email": "o@city.example"})).await);
    let own = format!("/members/{}", dora.id);
    is_reserved("the own address", &dora.patches(&own, &json!({"email": "d@city.example"})).await);
    is_reserved("vendor access", &dora.patches(&otto_at, &json!({"vendor_access": true})).await);
    is_reserved("own vendor access", &dora.patches(&own, &json!({"vendor_access": true})).await);
    let with_access = json!({"username": "z", "user_type": "creator", "vendor_access": true});
    is_reserved("a new member with it", &dora.posts("/members", &with_access).await);
    dora.opens(&format!("{bert_at}/password")).await.expecting(403).says("Only an administrator may reset");
    is_reserved("an administrator's password", &dora.posts(&format!("{bert_at}/password-reset"), &json!({})).await);
    // The same by a table.
    let table = dora.imports("", "username,role\nbert,publisher\n").await;
    table.is_problem(409, "import-refused");
    assert_eq!(table.json()["rows"][0]["code"], "reserved-to-administrators");
    // Each of them is an Administrator's.
    ana.patches(&otto_at, &json!({"email": "o@city.example", "vendor_access": true})).await.expecting(200);
    ana.posts(&format!("{bert_at}/password-reset"), &json!({})).await.expecting(200);
    ana.deletes(&bert_at).await.expecting(204);
}

fn administrator(username: &str) -> Value {
    json!({"username": username, "user_type": "creator", "role": "administrator"})
}

#[tokio::test]
async fn taking_a_type_over_its_limit_is_an_administrators() {
    let House { ana, dora, otto, .. } = house().await;
    let carla = ana.adds("carla", "creator").await;
    // Without consent a delegate is told what everybody else is told: it is full.
    dora.changes(&carla, "viewer", "viewer").await.is_problem(409, "seat-limit-reached");
    is_reserved("consent", &dora.changes_with_consent(&carla, ("viewer", "viewer"), 2).await);
    let over = json!({"operations": [set(&carla, "viewer", "viewer")], "allow_one_over": {"viewer": 2}});
    is_reserved("consent", &dora.applies(&over).await);
    is_reserved("consent", &dora.plans(&over).await);
    // Within the limits the same delegate exchanges.
    dora.does(&[set(&carla, "viewer", "viewer"), set(&otto, "creator", "user")]).await.expecting(201);
}

#[tokio::test]
async fn a_role_cannot_be_made_of_reserved_acts() {
    let House { ana, dora, .. } = house().await;
    for act in catalog::Catalog::arcgis().reserved() {
        let asked = json!({"name": "Reserved", "privileges": [act.id.as_str()]});
        for person in [&ana, &dora] {
            let refused = person.posts("/roles", &asked).await;
            refused.is_problem(422, "validation-failed");
            assert!(refused.text_of("detail").contains(act.id.as_str()));
        }
        let why = dora.gets(&format!("/privileges/{}/check", act.id)).await.expecting(200).json();
        let answer = json!({"privilege": act.id.as_str(), "answer": "reserved-to-administrators"});
        assert_eq!((&why["allowed"], &why["required"][0]), (&json!(false), &answer));
    }
}

#[tokio::test]
async fn nobody_changes_the_own_role_nor_the_role_that_he_holds() {
    let House { ana, dora, everything, .. } = house().await;
    let weaker = ana.makes_role("Weaker", &["members.view"]).await;
    for role in [weaker.as_str(), "publisher", "administrator"] {
        is_reserved(role, &dora.puts(&format!("/members/{}/role", dora.id), &json!({ "role": role })).await);
    }
    let at = format!("/roles/{everything}");
    is_reserved("edit", &dora.puts(&at, &json!({"name": "Everything", "privileges": ["members.view"]})).await);
    is_reserved("swap", &dora.does(&[set(&dora, "creator", "publisher")]).await);
    dora.deletes(&at).await.is_problem(409, "role-in-use");
    // Another's role and another role he may; an Administrator may everything.
    dora.puts(&format!("/roles/{weaker}"), &json!({"name": "Weaker", "privileges": []})).await.expecting(200);
    ana.puts(&at, &json!({"name": "Everything", "privileges": ["members.view"]})).await.expecting(200);
    dora.puts(&format!("/roles/{weaker}"), &json!({"name": "W", "privileges": []}))
        .await
        .is_problem(403, "privilege-missing");
}

#[tokio::test]
async fn nobody_rises_by_way_of_somebody_else() {
    let House { ana, everything, .. } = house().await;
    let host = ana.makes_role("Host", &["members.view", "admin.members.invite"]).await;
    let helper = ana.makes_role("Helper", &["members.view", "admin.members.update"]).await;
    let hugo = ana.adds_with_role("hugo", "creator", &host).await;
    let asked = json!({"username": "puppet", "user_type": "creator", "role": everything});
    for refused in [hugo.posts("/members", &asked).await, hugo.posts("/invitations", &asked).await] {
        refused.is_problem(403, "privilege-missing");
        assert!(refused.json()["privileges"].as_array().unwrap().contains(&json!("admin.members.delete")));
    }
    let table = hugo.imports("", &format!("username,user_type,role\npuppet,creator,{everything}\n")).await;
    table.is_problem(409, "import-refused");
    ana.puts(&format!("/members/{}/role", hugo.id), &json!({ "role": helper })).await.expecting(200);
    // The account of somebody stronger is not taken over by a new password.
    let stronger = ana.gets("/members?q=dora").await.json()["items"][0]["id"].clone();
    let reset = hugo.posts(&format!("/members/{}/password-reset", stronger.as_str().unwrap()), &json!({})).await;
    reset.is_problem(403, "privilege-missing");
    assert!(reset.json()["privileges"].as_array().unwrap().contains(&json!("admin.members.change_roles")));
    let otto = ana.gets("/members?q=otto").await.json()["items"][0]["id"].clone();
    hugo.posts(&format!("/members/{}/password-reset", otto.as_str().unwrap()), &json!({})).await.expecting(200);
}
