//! Roles of the organization's own: what they give, to whom, and how long (S112, S127 to S134; A-ROLE-5 to A-ROLE-8).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

async fn house() -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("editor", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    (portal, ana)
}

fn holds(person: &Value, privilege: &str) -> bool {
    person["privileges"].as_array().unwrap().contains(&json!(privilege))
}

#[tokio::test]
async fn a_role_never_gives_more_than_the_user_type_at_any_door() {
    let (_, ana) = house().await;
    let catalog = catalog::Catalog::arcgis();
    let viewer = catalog.roles().iter().find(|role| role.id.as_str() == "viewer").unwrap();
    let viewers: Vec<&str> = viewer.privileges.iter().map(|id| id.as_str()).chain(["features.edit"]).collect();
    let crew = ana.makes_role("Field crew", &viewers).await;
    let vera = ana.adds("vera", "viewer").await;
    let edith = ana.adds("edith", "editor").await;
    let new = |user_type: &str| json!({"username": "nina", "user_type": user_type, "role": crew});
    let to_crew = json!({"member": vera.id, "set_role": crew});
    for refused in [
        ana.posts("/members", &new("viewer")).await,
        ana.posts("/invitations", &json!({"user_type": "viewer", "role": crew})).await,
        ana.puts(&format!("/members/{}/role", vera.id), &json!({ "role": crew })).await,
        ana.does(&[to_crew]).await,
        ana.puts("/settings/defaults", &json!({"user_type": "viewer", "role": crew})).await,
    ] {
        refused.is_problem(409, "role-exceeds-user-type");
        assert_eq!(refused.json()["members"][0]["privileges"], json!(["features.edit"]));
    }
    ana.puts(&format!("/members/{}/role", edith.id), &json!({ "role": crew })).await.expecting(200);
    // At the change of the type the role has to fit, or another one comes with it.
    let down = json!({"user_type": "viewer"});
    let refused = ana.puts(&format!("/members/{}/user-type", edith.id), &down).await;
    refused.is_problem(409, "role-exceeds-user-type");
    assert_eq!(refused.json()["proposed_role"], "viewer");
    ana.changes(&edith, "viewer", "viewer").await.expecting(200);
}

#[tokio::test]
async fn an_edit_that_gives_holders_too_much_is_refused_with_their_names() {
    let (_, ana) = house().await;
    let crew = ana.makes_role("Crew", &["content.view_org"]).await;
    let mut vera = ana.adds_with_role("vera", "viewer", &crew).await;
    let edith = ana.adds_with_role("edith", "editor", &crew).await;
    let at = format!("/roles/{crew}");
    let wanted = json!({"name": "Crew", "privileges": ["content.view_org", "features.edit"]});
    let refused = ana.puts(&at, &wanted).await;
    refused.is_problem(409, "role-exceeds-user-type");
    let body = refused.json();
    assert_eq!((&body["usernames"], &body["by_type"]), (&json!(["vera"]), &json!({"viewer": 1})));
    assert_eq!(
        body["detail"],
        format!("{crew} would give 1 member more than the user type allows: 1 of viewer. They are vera.")
    );
    assert!(!holds(&vera.gets("/me/privileges").await.json(), "features.edit"));
    ana.changes(&vera, "editor", &crew).await.expecting(200);
    ana.puts(&at, &wanted).await.expecting(200);
    // It holds for everybody at the next request.
    for person in [&vera, &edith] {
        assert!(holds(&person.gets("/me/privileges").await.expecting(200).json(), "features.edit"));
    }
    ana.puts(&at, &json!({"name": "Crew", "privileges": []})).await.expecting(200);
    assert_eq!(vera.gets("/me/privileges").await.json()["privileges"], json!([]));
    vera.signs_in().await.expecting(200);
}

#[tokio::test]
async fn a_role_in_use_is_not_deleted_and_what_uses_it_is_named() {
    let (portal, ana) = house().await;
    let crew = ana.makes_role("Crew", &["content.view_org"]).await;
    let at = format!("/roles/{crew}");
    let vera = ana.adds_with_role("vera", "viewer", &crew).await;
    let refused = ana.deletes(&at).await;
    refused.is_problem(409, "role-in-use");
    assert_eq!((&refused.json()["holders"], &refused.json()["usernames"]), (&json!(1), &json!(["vera"])));
    // An archived member comes back with it.
    ana.does(&[tests::acts::act(&vera, "archive")]).await.expecting(201);
    ana.deletes(&at).await.is_problem(409, "role-in-use");
    ana.deletes(&format!("/members/{}", vera.id)).await.expecting(204);
    // A guest who was promised it, the defaults, and a return that gives it again.
    let guest = ana.posts("/invitations", &json!({"user_type": "viewer", "role": crew})).await.expecting(201);
    ana.deletes(&at).await.is_problem(409, "role-in-use");
    ana.deletes(&format!("/invitations/{}", guest.text_of("id"))).await.expecting(204);
    ana.puts("/settings/defaults", &json!({ "role": crew })).await.expecting(200);
    ana.deletes(&at).await.is_problem(409, "role-in-use");
    ana.puts("/settings/defaults", &json!({})).await.expecting(200);
    let nina = ana.adds_with_role("nina", "viewer", &crew).await;
    let lent = json!({"member": nina.id, "set_role": "viewer"});
    ana.applies(&json!({"operations": [lent], "revert_at": "2026-12-01T18:00:00Z"})).await.expecting(201);
    let refused = ana.deletes(&at).await;
    refused.is_problem(409, "role-in-use");
    assert_eq!(
        (refused.json()["holders"].clone(), refused.json()["uses"].as_array().map(Vec::len)),
        (json!(0), Some(1))
    );
    portal.clock.set(tests::files::at("2026-12-01T18:00:00Z"));
    assert_eq!(portal.minute_passes().await, 1);
    let ana = portal.administrator().await;
    ana.puts(&format!("/members/{}/role", nina.id), &json!({"role": "viewer"})).await.expecting(200);
    assert_eq!(ana.deletes(&at).await.status, 204);
    ana.gets(&at).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn names_are_of_one_role_each_and_the_id_stays_when_the_name_changes() {
    let (_, ana) = house().await;
    let crew = ana.makes_role("  Field Crew ", &["members.view"]).await;
    assert_eq!(crew, "custom-field-crew");
    for name in ["field crew", "FIELD CREW", "Viewer", " administrator "] {
        ana.posts("/roles", &json!({"name": name, "privileges": []})).await.is_problem(409, "role-name-taken");
    }
    for name in ["", "   ", "a\u{7}b", &"x".repeat(101)] {
        ana.posts("/roles", &json!({"name": name, "privileges": []})).await.is_problem(422, "validation-failed");
    }
    let at = format!("/roles/{crew}");
    let read = ana.gets(&at).await.expecting(200);
    let renamed = json!({"name": "Crème brûlée <b>", "description": "two\nlines", "privileges": ["members.view"]});
    let changed = ana.puts(&at, &renamed).await.expecting(200).json();
    assert_eq!((&changed["id"], &changed["name"]), (&json!(crew), &json!("Crème brûlée <b>")));
    let headers = [tests::people::JSON, ("if-match", read.header("etag"))];
    let stale = ana.asks(axum::http::Method::PUT, &at, &headers, renamed.to_string().into_bytes()).await;
    stale.is_problem(412, "stale");
    assert_eq!(ana.makes_role("Field Crew", &[]).await, "custom-field-crew-2");
    assert_eq!(ana.makes_role("北", &[]).await, "custom-role");
    for id in ["viewer", "administrator"] {
        ana.puts(&format!("/roles/{id}"), &renamed).await.is_problem(409, "role-is-default");
        ana.deletes(&format!("/roles/{id}")).await.is_problem(409, "role-is-default");
    }
    let unknown = ana.posts("/roles", &json!({"name": "U", "privileges": ["members.fly"]})).await;
    unknown.is_problem(422, "validation-failed");
    assert_eq!(unknown.json()["detail"], "There is no privilege `members.fly`.");
}

#[tokio::test]
async fn the_editor_of_a_role_is_told_what_it_will_not_do() {
    let (_, ana) = house().await;
    let body = json!({"name": "Clerk", "privileges": ["admin.members.manage_licenses"]});
    let made = ana.posts("/roles", &body).await.expecting(201).json();
    let warnings = made["warnings"].as_array().unwrap();
    assert!(warnings[0].as_str().unwrap().contains("without members.view they do not see the organization page"));
    assert!(warnings[1].as_str().unwrap().contains("viewer, editor, mobile-worker"));
    assert_eq!(made["fits"].as_array().map(Vec::len), Some(6));
}

#[tokio::test]
async fn everybody_reads_what_the_own_role_is_and_includes() {
    let (_, ana) = house().await;
    let mut vera = ana.adds("vera", "viewer").await;
    vera.signs_in().await.expecting(200);
    let role = vera.gets("/me/role").await.expecting(200).json();
    assert_eq!((&role["name"], &role["is_custom"]), (&json!("Viewer"), &json!(false)));
    assert_eq!(role["includes"].as_array().map(Vec::len), Some(5));
    assert_eq!(role["includes"][0]["name"], "View content shared with the organization");
    let body = json!({"name": "Crew", "description": "Who edits outside.", "privileges": ["features.edit"]});
    let crew = ana.posts("/roles", &body).await.expecting(201).text_of("id");
    let edith = ana.adds_with_role("edith", "editor", &crew).await;
    let role = edith.gets("/me/role").await.expecting(200).json();
    assert_eq!((&role["description"], &role["is_custom"]), (&json!("Who edits outside."), &json!(true)));
    assert_eq!(role["includes"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_a_member_may_do_is_the_role_within_the_user_type() {
    let (_, ana) = house().await;
    for (username, user_type, role, count) in [
        ("m1", "viewer", "viewer", 5),
        ("m2", "editor", "data-editor", 6),
        ("m3", "creator", "user", 22),
        ("m4", "creator", "publisher", 34),
        ("m5", "creator", "facilitator", 35),
        ("m6", "creator", "administrator", 67),
    ] {
        let person = ana.adds_with_role(username, user_type, role).await;
        let may = person.gets("/me/privileges").await.expecting(200).json();
        assert_eq!((&may["user_type"], &may["role"]), (&json!(user_type), &json!(role)));
        assert_eq!(may["privileges"].as_array().map(Vec::len), Some(count), "{role}");
        let reserved = if role == "administrator" { 9 } else { 0 };
        assert_eq!(may["reserved"].as_array().map(Vec::len), Some(reserved), "{role}");
        if role == "facilitator" || role == "publisher" {
            ana.deletes(&format!("/members/{}", person.id)).await.expecting(204);
        }
    }
}
