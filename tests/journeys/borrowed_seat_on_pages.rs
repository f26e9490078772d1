//! The same exchange by the forms of the pages, as an administrator without script does it (S29 to S36).

use tests::people::Person;

use crate::borrowed_seat::{Full, full};

/// The version that a form carries for a member.
async fn version(ana: &Person, whom: &Person) -> String {
    let page = ana.opens(&format!("/members/{}/user-type", whom.id)).await.expecting(200);
    field(&page.text(), "version")
}

/// The value of a hidden field.
fn field(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}

async fn sends(ana: &Person, whom: &Person, to: (&str, &str), more: &[(&str, &str)]) -> tests::people::Answer {
    let version = version(ana, whom).await;
    let mut fields = vec![("version", version.as_str()), ("user_type", to.0), ("role", to.1), ("reason", "a project")];
    fields.extend_from_slice(more);
    ana.submits(&format!("/members/{}/user-type", whom.id), &fields).await
}

#[tokio::test]
async fn demoting_first_shows_the_effects_asks_for_the_number_and_saves() {
    let Full { ana, creators, viewers, .. } = full().await;
    let carla = &creators[0];

    let preview = sends(&ana, carla, ("viewer", "viewer"), &[("step", "preview")]).await.expecting(200);
    preview.says("26 members would be locked out").says("Take Viewer one over?");
    preview.says("To save anyway, type 26.").is_silent_on("There is a problem");
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));

    let refused = sends(&ana, carla, ("viewer", "viewer"), &[("step", "save")]).await.expecting(409);
    refused.says("one-over-needs-consent").says("To save anyway, type 26.");
    let refused = sends(&ana, carla, ("viewer", "viewer"), &[("step", "save"), ("allow_one_over", "25")]).await;
    refused.expecting(409).says("confirmation-mismatch").says("To save anyway, type 26.");
    let refused = sends(&ana, carla, ("viewer", "viewer"), &[("step", "save"), ("allow_one_over", "many")]).await;
    refused.expecting(422).says("`many` is not a whole number");
    assert_eq!(ana.counts("viewer").await, (25, 25, 0));

    let saved = sends(&ana, carla, ("viewer", "viewer"), &[("step", "save"), ("allow_one_over", "26")]).await;
    saved.leads_to("/members?done=changed");
    let members = ana.opens("/members?done=changed").await.expecting(200);
    members.says("The user type and role are saved.").says("<strong>Viewer is over by 1</strong>");
    assert_eq!(viewers[0].opens("/").await.status, 403);

    let moved = sends(&ana, &viewers[0], ("creator", "publisher"), &[("step", "save")]).await;
    moved.leads_to("/members?done=changed");
    ana.opens("/").await.expecting(200).says("Compliant").is_silent_on("is over by");
    assert_eq!(viewers[0].opens("/").await.status, 200);
    assert_eq!(carla.opens("/").await.status, 200);
}

#[tokio::test]
async fn promoting_first_locks_out_five_creators_and_not_the_administrator() {
    let Full { ana, creators, viewers, .. } = full().await;
    let refused = sends(&ana, &viewers[0], ("creator", "publisher"), &[("step", "save")]).await.expecting(409);
    refused.says("To save anyway, type 5.");
    let to = ("creator", "publisher");
    sends(&ana, &viewers[0], to, &[("step", "save"), ("allow_one_over", "5")]).await.leads_to("/members?done=changed");
    assert_eq!(creators[0].opens("/").await.status, 403);
    assert_eq!(viewers[0].opens("/").await.status, 403);
    assert_eq!(viewers[1].opens("/").await.status, 200);
    sends(&ana, &creators[0], ("viewer", "viewer"), &[("step", "save")]).await.leads_to("/members?done=changed");
    assert_eq!(creators[0].opens("/").await.status, 200);
}

#[tokio::test]
async fn a_swap_by_two_boxes_or_by_a_name_shows_both_and_locks_nobody_out() {
    let Full { ana, creators, viewers, .. } = full().await;
    let (carla, vera) = (&creators[0], &viewers[0]);
    let by_name = ana.opens(&format!("/members/swap?member={}&with={}", carla.id, vera.username)).await;
    let by_boxes = ana.opens(&format!("/members/swap?member={}&member={}", carla.id, vera.id)).await;
    assert_eq!(by_name.text(), by_boxes.text());
    let page = by_boxes.expecting(200);
    page.says("<td>Creator, Publisher</td><td>Viewer, Viewer</td>").says("nobody locked out");
    page.is_silent_on("would be locked out");

    let text = page.text();
    let names = ["first", "first_version", "second", "second_version"];
    let values: Vec<String> = names.iter().map(|name| field(&text, name)).collect();
    let fields: Vec<(&str, &str)> = names.iter().copied().zip(values.iter().map(String::as_str)).collect();
    ana.submits("/members/swap", &fields).await.leads_to("/members?done=swapped");
    for person in [carla, vera, &creators[1], &viewers[1]] {
        assert_eq!(person.opens("/").await.status, 200, "{}", person.username);
    }
    assert_eq!(ana.gets(&format!("/members/{}", vera.id)).await.json()["role"], "publisher");

    // The page was made from versions that are past by now.
    ana.submits("/members/swap", &fields).await.expecting(412).says("Read it again and repeat the change.");
}

#[tokio::test]
async fn a_swap_with_the_administrator_or_without_two_members_cannot_be_confirmed() {
    let Full { ana, viewers, .. } = full().await;
    let refused = ana.opens(&format!("/members/swap?member={}&member={}", ana.id, viewers[0].id)).await;
    refused.expecting(403).says("reserved-to-administrators").is_silent_on("<button>Swap</button>");
    for query in ["", "?member=", &format!("?member={}", viewers[0].id)] {
        let refused = ana.opens(&format!("/members/swap{query}")).await;
        assert!([404, 422].contains(&refused.status), "{query}: {}", refused.status);
    }
    let alone = ana.opens(&format!("/members/swap?member={}&with=nobody", viewers[0].id)).await;
    alone.expecting(404).says("There is no member `nobody`.");
}

#[tokio::test]
async fn a_role_above_the_type_comes_back_with_the_role_that_fits_chosen() {
    let Full { ana, creators, .. } = full().await;
    let refused = sends(&ana, &creators[0], ("viewer", "publisher"), &[("step", "save")]).await.expecting(409);
    refused.says("role-exceeds-user-type").says(r#"<option value="viewer" selected>Viewer</option>"#);
}
