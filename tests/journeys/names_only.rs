//! Who may see members by name only sees no more, whatever the question (S135, S173).

use serde_json::{Value, json};
use tests::acts::act;
use tests::files::order;
use tests::people::Person;
use tests::portal::Portal;

/// nina sees names; among the members one is disabled, one archived, and one has an address.
async fn house() -> (Person, Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    ana.puts("/settings/groups", &json!({"names": ["Maps"]})).await.expecting(200);
    let vera = json!({
        "username": "vera", "full_name": "Vera Ode", "email": "vera@secret.example", "user_type": "viewer",
        "groups": ["Maps"],
    });
    let vera = ana.posts("/members", &vera).await.expecting(201).text_of("id");
    let vera = Person { id: vera, ..ana.portal.person("vera") };
    let (dora, gone) = (ana.adds("dora", "viewer").await, ana.adds("gone", "viewer").await);
    ana.does(&[act(&dora, "disable"), act(&gone, "archive")]).await.expecting(201);
    let role = ana.makes_role("Looker", &["members.view"]).await;
    let nina = ana.adds_with_role("nina", "viewer", &role).await;
    (ana, nina, vera)
}

fn usernames(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_has_names_types_and_roles_and_nothing_else() {
    let (_, nina, vera) = house().await;
    let list = nina.gets("/members").await.expecting(200);
    list.is_silent_on("secret.example").is_silent_on("state").is_silent_on("signed_in").is_silent_on("Maps");
    assert_eq!(usernames(&list.json()), ["ana", "dora", "nina", "vera"]);
    let shown = list.json()["items"][3].clone();
    let expected = json!({
        "id": vera.id, "username": "vera", "full_name": "Vera Ode", "user_type": "viewer", "role": "viewer",
    });
    assert_eq!(shown, expected);
    for path in [format!("/members/{}", vera.id), "/members/export".into(), "/status".into(), "/changes".into()] {
        nina.gets(&path).await.is_problem(403, "privilege-missing");
    }
    nina.gets(&format!("/members/{}", nina.id)).await.expecting(200);
}

#[tokio::test]
async fn no_filter_lets_out_what_is_not_shown() {
    let (ana, nina, _) = house().await;
    let everybody = ["ana", "dora", "nina", "vera"];
    for filter in [
        "state=disabled",
        "state=archived",
        "group=Maps",
        "category=North",
        "not_signed_in_since=2027-01-01T00:00:00Z",
        "locked_out=true",
        "locked_out=false",
    ] {
        let list = nina.gets(&format!("/members?{filter}")).await.expecting(200).json();
        assert_eq!(usernames(&list), everybody, "{filter}");
    }
    // What is shown can be looked for.
    assert_eq!(usernames(&nina.gets("/members?q=Vera%20O").await.json()), ["vera"]);
    assert_eq!(usernames(&nina.gets("/members?role=administrator").await.json()), ["ana"]);
    // The address is not shown, so it is not found.
    assert_eq!(usernames(&ana.gets("/members?q=secret.example").await.json()), ["vera"]);
    assert_eq!(usernames(&nina.gets("/members?q=secret.example").await.json()), [""; 0]);
}
