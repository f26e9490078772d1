//! What new members get where nothing is asked (S54 to S57, S204; A-ROLE-9).

use serde_json::{Value, json};
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

async fn house() -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 3), ("creator", 3)])).await;
    let ana = portal.administrator().await;
    ana.puts("/settings/groups", &json!({"names": ["Maps"]})).await.expecting(200);
    ana.puts("/settings/categories", &json!({"names": ["North"]})).await.expecting(200);
    (portal, ana)
}

fn creators() -> Value {
    json!({"user_type": "creator", "role": "user", "groups": ["Maps"], "categories": ["North"], "vendor_access": true})
}

#[tokio::test]
async fn a_new_member_gets_what_is_set_where_nothing_is_asked_by_every_door() {
    let (portal, ana) = house().await;
    ana.imports_license(&order(2, &[("viewer", 3), ("creator", 9)]).signed(), None).await.expecting(200);
    let set = ana.puts("/settings/defaults", &creators()).await.expecting(200).json();
    assert_eq!((&set["problem"], &set["changed_by"]), (&json!(null), &json!("ana")));
    let rest = ana.posts("/members", &json!({"username": "nina"})).await.expecting(201).json();
    let table = ana.imports("", "username\notto\n").await.expecting(200).json();
    let invitation = ana.posts("/invitations", &json!({})).await.expecting(201);
    let accepted = portal.person("x").accepts(&invitation.text_of("token"), "rosa").await.expecting(201).json();
    for id in [&rest["id"], &table["members"][0]["id"], &accepted["id"]] {
        let member = ana.gets(&format!("/members/{}", id.as_str().unwrap())).await.expecting(200).json();
        let name = &member["username"];
        assert_eq!((&member["user_type"], &member["role"]), (&json!("creator"), &json!("user")), "{name}");
        assert_eq!((&member["groups"], &member["categories"]), (&json!(["Maps"]), &json!(["North"])), "{name}");
        assert_eq!(member["vendor_access"], true, "{name}");
    }
    // What is asked for counts instead, also when it is nothing.
    let asked = json!({"username": "vera", "user_type": "viewer", "groups": [], "vendor_access": false});
    let vera = ana.posts("/members", &asked).await.expecting(201).json();
    assert_eq!((&vera["role"], &vera["vendor_access"]), (&json!("viewer"), &json!(false)));
}

#[tokio::test]
async fn without_a_default_the_user_type_has_to_be_named() {
    let (_, ana) = house().await;
    for refused in
        [ana.posts("/members", &json!({"username": "nina"})).await, ana.posts("/invitations", &json!({})).await]
    {
        refused.is_problem(422, "validation-failed");
        assert_eq!(refused.json()["errors"][0]["pointer"], "/user_type");
        assert_eq!(refused.json()["detail"], "Name a user type; there is no default user type for new members.");
    }
}

#[tokio::test]
async fn what_new_members_could_not_get_is_refused_when_it_is_saved() {
    let (_, ana) = house().await;
    ana.puts("/settings/defaults", &creators()).await.expecting(200);
    for (wanted, status, code) in [
        (json!({"user_type": "no-such"}), 422, "validation-failed"),
        (json!({"user_type": "storyteller"}), 422, "validation-failed"),
        (json!({"role": "no-such"}), 422, "validation-failed"),
        (json!({"role": "administrator"}), 422, "validation-failed"),
        (json!({"user_type": "viewer", "role": "publisher"}), 409, "role-exceeds-user-type"),
        (json!({"groups": ["Roads"]}), 422, "validation-failed"),
        (json!({"categories": ["South"]}), 422, "validation-failed"),
        (json!({"licenses": 3}), 422, "validation-failed"),
    ] {
        ana.puts("/settings/defaults", &wanted).await.is_problem(status, code);
    }
    let kept = ana.gets("/settings/defaults").await.expecting(200).json();
    assert_eq!((&kept["user_type"], &kept["role"]), (&json!("creator"), &json!("user")));
    let tag = ana.gets("/settings/defaults").await.header("etag").to_owned();
    ana.puts("/settings/defaults", &json!({"user_type": "viewer"})).await.expecting(200);
    let headers = [tests::people::JSON, ("if-match", tag.as_str())];
    let stale =
        ana.asks(axum::http::Method::PUT, "/settings/defaults", &headers, creators().to_string().into_bytes()).await;
    stale.is_problem(412, "stale");
}

#[tokio::test]
async fn a_file_that_does_not_license_the_default_is_told_at_the_setting_and_at_the_door() {
    let (_, ana) = house().await;
    ana.puts("/settings/defaults", &json!({"user_type": "viewer"})).await.expecting(200);
    ana.imports_license(&order(2, &[("creator", 3)]).signed(), None).await.expecting(200);
    let shown = ana.gets("/settings/defaults").await.expecting(200).json();
    let problem = "The installed file licenses no seat of viewer, so new members could not be added.";
    assert_eq!(shown["problem"], problem);
    let refused = ana.posts("/members", &json!({"username": "nina"})).await;
    refused.is_problem(409, "seat-limit-reached");
    assert_eq!(
        refused.json()["detail"],
        "The file in force licenses no seat of viewer. Types with room: creator (2 free)."
    );
    ana.posts("/members", &json!({"username": "nina", "user_type": "creator"})).await.expecting(201);
    ana.imports_license(&order(3, &[("viewer", 1), ("creator", 3)]).signed(), None).await.expecting(200);
    assert_eq!(ana.gets("/settings/defaults").await.json()["problem"], Value::Null);
    ana.posts("/members", &json!({"username": "otto"})).await.expecting(201);
}

#[tokio::test]
async fn a_delegate_gives_the_defaults_and_no_other_extras() {
    let (_, ana) = house().await;
    ana.puts("/settings/defaults", &json!({"user_type": "viewer", "groups": ["Maps"], "vendor_access": true}))
        .await
        .expecting(200);
    let role = ana.makes_role("Host", &["admin.members.invite"]).await;
    let hugo = ana.adds_with_role("hugo", "creator", &role).await;
    let given = hugo.posts("/members", &json!({"username": "nina"})).await.expecting(201).json();
    assert_eq!(given["vendor_access"], true);
    for (asked, code) in [
        (json!({"username": "o", "vendor_access": false}), "reserved-to-administrators"),
        (json!({"username": "o", "groups": []}), "privilege-missing"),
        (json!({"username": "o", "categories": ["North"]}), "privilege-missing"),
    ] {
        hugo.posts("/members", &asked).await.is_problem(403, code);
    }
    hugo.puts("/settings/defaults", &creators()).await.is_problem(403, "privilege-missing");
}

#[tokio::test]
async fn groups_and_categories_that_members_have_are_not_left_out() {
    let (_, ana) = house().await;
    let asked = json!({"username": "nina", "user_type": "viewer", "groups": ["Maps"], "categories": ["North"]});
    let nina = ana.posts("/members", &asked).await.expecting(201).text_of("id");
    let kept = ana.puts("/settings/groups", &json!({"names": ["Roads"]})).await;
    kept.is_problem(422, "validation-failed");
    assert!(kept.text_of("detail").contains("leaves out `Maps`, which 1 member has"));
    ana.patches(&format!("/members/{nina}"), &json!({"groups": []})).await.expecting(200);
    ana.puts("/settings/groups", &json!({"names": ["Roads"]})).await.expecting(200);
    let unknown = ana.patches(&format!("/members/{nina}"), &json!({"groups": ["Maps"]})).await;
    unknown.is_problem(422, "validation-failed");
}
