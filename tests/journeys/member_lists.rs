//! Lists of members in an order: at the interface, on the page, and for who sees names only.

use serde_json::json;
use tests::acts::act;
use tests::people::Person;
use tests::portal::Portal;

/// The user names of a list, in pages of two as `next` leads on.
async fn listed(who: &Person, query: &str) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.gets(&format!("/members?limit=2&{query}{cursor}")).await.expecting(200).json();
        let items = page["items"].as_array().into_iter().flatten();
        all.extend(items.filter_map(|one| one["username"].as_str().map(str::to_owned)));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", next.replace(' ', "%20")),
            None => return all,
        }
    }
}

/// Ana, and three who were added and named one after the other.
async fn house() -> (Portal, Person) {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    for (username, user_type, name) in
        [("zoe", "viewer", "Abe Long"), ("max", "creator", "Moe Short"), ("bea", "viewer", "")]
    {
        portal.clock.advance(60);
        let one = ana.adds(username, user_type).await;
        ana.patches(&format!("/members/{}", one.id), &json!({ "full_name": name })).await.expecting(200);
        if username == "max" {
            ana.does(&[act(&one, "disable")]).await.expecting(201);
        }
    }
    (portal, ana)
}

#[tokio::test]
async fn every_order_of_the_interface_holds_from_page_to_page() {
    let (_portal, ana) = house().await;
    for (sort, expected) in [
        ("", ["ana", "bea", "max", "zoe"]),
        ("sort=username", ["ana", "bea", "max", "zoe"]),
        ("sort=-username", ["zoe", "max", "bea", "ana"]),
        ("sort=name", ["zoe", "ana", "bea", "max"]),
        ("sort=-name", ["max", "bea", "ana", "zoe"]),
        ("sort=user_type", ["ana", "max", "bea", "zoe"]),
        ("sort=role", ["ana", "max", "bea", "zoe"]),
        ("sort=last_signed_in", ["ana", "zoe", "max", "bea"]),
        ("sort=-last_signed_in", ["bea", "max", "zoe", "ana"]),
        ("sort=state", ["max", "ana", "bea", "zoe"]),
    ] {
        assert_eq!(listed(&ana, sort).await, expected, "{sort}");
    }
    assert_eq!(listed(&ana, "user_type=viewer&sort=-name").await, ["bea", "zoe"]);
    assert_eq!(listed(&ana, "locked_out=false&sort=-username").await, ["zoe", "max", "bea", "ana"]);
    ana.gets("/members?sort=email").await.is_problem(422, "validation-failed");
}

#[tokio::test]
async fn the_page_leads_to_each_order_and_keeps_what_is_looked_for() {
    let (_portal, ana) = house().await;
    let page = ana.opens("/members?user_type=viewer&sort=name").await.expecting(200);
    page.says("aria-sort=\"ascending\"").says("/members?user_type=viewer&#38;sort=-name\">Name");
    let text = page.text();
    assert!(text.find(">Abe Long<") < text.find(">bea<"), "{text}");
    page.says("href=\"/members?sort=name\" aria-label=\"Take away the filter User type: Viewer\"");
    ana.opens("/members?q=nobody")
        .await
        .expecting(200)
        .says("Nobody matches all of these filters.")
        .says("0 members found");
    ana.opens("/members?sort=shoes").await.expecting(422);
}

#[tokio::test]
async fn all_that_a_filter_finds_are_counted_shown_and_counted_again_when_it_is_done() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds_a_table("v", "viewer", 20).await;
    // More match than stand on one page of the interface; the page tells the number that the change will have.
    let page = ana.opens("/members?q=v1").await.expecting(200);
    page.says("11 members found").says("All that the filters find (11 members), not only those on this page");
    let all = "/members/change?act=disable&all=true&filter=q%3Dv1%26sort%3D-name";
    let form = ana.opens(all).await.expecting(200);
    form.says("11 members");
    let seal = form.text().split("name=\"seal\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("act", "disable"),
        ("all", "true"),
        ("filter", "q=v1&sort=-name"),
        ("mode", "atomic"),
        ("step", "apply"),
        ("seal", seal.as_str()),
    ];
    ana.adds("v1-more", "viewer").await;
    ana.submits("/members/change", &fields).await.expecting(412);
    assert_eq!(listed(&ana, "state=disabled").await, Vec::<String>::new());
}

#[tokio::test]
async fn who_sees_names_only_learns_neither_states_nor_sign_ins_from_an_order() {
    let (_portal, ana) = house().await;
    ana.makes_role("Namer", &["members.view"]).await;
    let mut nat = ana.adds_with_role("nat", "creator", "custom-namer").await;
    nat.signs_in().await.expecting(200);
    let by_name = ["ana", "bea", "max", "nat", "zoe"];
    for sort in ["sort=state", "sort=-state", "sort=last_signed_in", "sort=-last_signed_in"] {
        assert_eq!(listed(&nat, sort).await, by_name, "{sort}");
    }
    assert_eq!(listed(&nat, "sort=-username").await, ["zoe", "nat", "max", "bea", "ana"]);
    nat.opens("/members").await.expecting(200).is_silent_on("sort=state").is_silent_on("sort=last_signed_in");
}
