//! Nobody is added while any user type is over, by the page or by the interface (S18 to S21).

use serde_json::json;
use tests::files::order;
use tests::portal::Portal;

const SENTENCE: &str = "The account could not be created because of a software authorization error. Contact your \
                        portal administrator for assistance.";

#[tokio::test]
async fn no_account_of_any_type_is_made_until_the_portal_is_compliant_again() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 3), ("storyteller", 9)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_many("viewer", 2).await;
    let carla = ana.adds("carla", "creator").await;
    ana.changes_with_consent(&carla, ("viewer", "viewer"), 3).await.expecting(200);

    for user_type in ["viewer", "creator", "storyteller"] {
        let refused = ana.posts("/members", &json!({"username": "nina", "user_type": user_type})).await;
        refused.is_problem(403, "creation-blocked-not-compliant");
        assert_eq!(refused.json()["detail"], SENTENCE);
        assert_eq!(refused.json()["reference"].as_str(), Some(refused.header("request-id")));
        assert_eq!(refused.json()["over"], json!([{"id": "viewer", "assigned": 3, "licensed": 2, "locked_out": 3}]));

        let fields = [("username", "nina"), ("full_name", "Nina"), ("user_type", user_type), ("role", "viewer")];
        let page = ana.submits("/members/new", &fields).await.expecting(403);
        page.says(&format!("<p>{SENTENCE}</p>")).says("<h1>Add a member</h1>").says(r#"value="nina""#);
        page.is_silent_on("One-time password");
        page.says(&format!("reference <code>{}</code>", page.header("request-id")));
    }
    assert_eq!(ana.gets("/members").await.json()["items"].as_array().map(Vec::len), Some(4));

    ana.deletes(&format!("/members/{}", viewers[0].id)).await.expecting(204);
    let page =
        ana.submits("/members/new", &[("username", "nina"), ("user_type", "storyteller"), ("role", "viewer")]).await;
    page.expecting(200).says("<h1>nina was added</h1>").says("It is shown only now.");
}

#[tokio::test]
async fn a_full_type_is_told_with_its_numbers_and_where_there_is_room() {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    ana.opens("/members/new").await.expecting(200).says("Viewer (1 seat free)").says("Creator (1 seat free)");
    ana.adds("vera", "viewer").await;
    ana.opens("/members/new").await.expecting(200).says("Viewer (full)");
    let page = ana.submits("/members/new", &[("username", "v2"), ("user_type", "viewer"), ("role", "viewer")]).await;
    page.expecting(409).says("viewer is full: 1 of 1 assigned. Types with room: creator (1 free).");
}

#[tokio::test]
async fn what_is_wrong_with_a_form_stands_beside_its_field() {
    let ana = Portal::start().await.administrator().await;
    let page = ana.submits("/members/new", &[("username", " "), ("user_type", "viewer"), ("role", "viewer")]).await;
    page.expecting(422).says(r#"id="username-wrong""#);
    let taken = ana.submits("/members/new", &[("username", "ANA"), ("user_type", "viewer"), ("role", "viewer")]).await;
    taken.expecting(409).says("Choose another user name.");
}
