//! What cannot be done says why, beside the control, and leads to where it is mended.

use catalog::enforced::{INVITE_MEMBERS, VIEW_ALL_MEMBERS, VIEW_MEMBERS};
use serde_json::json;
use tests::acts::act;
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tests::products::{EXTENSION, STANDARD, bound};

/// A control that is there and cannot be used, with the sentence that it is described by.
fn barred(page: &Answer, control: &str, (id, sentence): (&str, &str), (href, link): (&str, &str)) {
    page.says(&format!("aria-disabled=\"true\" aria-describedby=\"{id}\">{control}</a>"));
    told(page, (id, sentence), (href, link));
}

fn told(page: &Answer, (id, sentence): (&str, &str), (href, link): (&str, &str)) {
    page.says(&format!("<p class=\"hint\" id=\"{id}\">{sentence} <a href=\"{href}\">{link}</a></p>"));
}

/// A portal where Viewer is one over, its administrator, and somebody who invites members and is told nothing of limits.
async fn with_one_over() -> (Portal, Person, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 4)])).await;
    let ana = portal.administrator().await;
    ana.adds("vera", "viewer").await;
    let clerk = ana.makes_role("Clerk", &[VIEW_MEMBERS, VIEW_ALL_MEMBERS, INVITE_MEMBERS]).await;
    let clerk = ana.adds_with_role("cleo", "creator", &clerk).await;
    let carla = ana.adds("carla", "creator").await;
    ana.changes_with_consent(&carla, ("viewer", "viewer"), 2).await.expecting(200);
    (portal, ana, clerk)
}

#[tokio::test]
async fn while_a_user_type_is_over_adding_says_so_and_leads_to_its_members() {
    let (_portal, ana, clerk) = with_one_over().await;
    let why = ("why-add", "Nobody can be added while a user type is over its limit: Viewer.");
    let fix = ("/members?user_type=viewer", "Show the members of Viewer");
    let members = ana.opens("/members").await.expecting(200);
    members.is_silent_on("href=\"/members/new\"");
    told(&members, why, fix);
    let invitations = ana.opens("/invitations").await.expecting(200);
    invitations.is_silent_on("href=\"/invitations/new\"");
    told(&invitations, why, fix);
    for (address, button) in [("/members/new", "Add the member"), ("/invitations/new", "Make the invitation")] {
        let form = ana.opens(address).await.expecting(200);
        form.says(&format!("<button disabled aria-describedby=\"why-add\">{button}</button>"));
        told(&form, why, fix);
    }
    let page = clerk.opens("/members").await.expecting(200);
    let vague = "Nobody can be added at this moment because of a software authorization error.";
    told(&page, ("why-add", vague), ("/help/errors/creation-blocked-not-compliant", "What this means"));
    page.is_silent_on("href=\"/members/new\"").is_silent_on("over its limit");
    let viewers = ana.gets("/members?user_type=viewer").await.json();
    let one = viewers["items"][0]["id"].as_str().expect("an id");
    ana.deletes(&format!("/members/{one}")).await.expecting(204);
    let open = ana.opens("/members").await.expecting(200);
    open.says("href=\"/members/new\"").is_silent_on("why-add");
}

#[tokio::test]
async fn a_full_user_type_cannot_be_chosen_and_leads_to_the_licenses() {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    ana.adds("vera", "viewer").await;
    for address in ["/members/new", "/invitations/new"] {
        let form = ana.opens(address).await.expecting(200);
        form.says("<option value=\"viewer\" disabled>Viewer (full)</option>");
        form.says("<option value=\"creator\" selected>Creator (1 seat free)</option>");
        form.says(
            "<span class=\"hint\" id=\"user_type-full\">A user type that is marked as full has no free seat. <a ",
        );
        form.says(" seat. <a href=\"/licenses\">Licenses</a></span>").says(" aria-describedby=\"user_type-full\">");
    }
    // What is chosen already stays chosen, so that nothing else is sent in its place.
    let again = ana.submits("/members/new", &[("username", "v2"), ("user_type", "viewer"), ("role", "viewer")]).await;
    again.expecting(409).says("<option value=\"viewer\" selected>Viewer (full)</option>");
}

#[tokio::test]
async fn the_last_administrator_stays_and_the_page_says_so() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let page = ana.opens(&format!("/members/{}", ana.id)).await.expecting(200);
    let sentence = "The portal must keep at least one enabled administrator.";
    let fix = ("/members", "Make another member an Administrator");
    barred(&page, "Change role", ("why-role", sentence), fix);
    for act in ["Disable", "Archive", "Delete"] {
        barred(&page, act, ("why-disable", sentence), fix);
    }
    page.says("/password\">Reset the password</a>").is_silent_on("act=disable").is_silent_on("/delete\"");
    let question = ana.opens(&format!("/members/{}/delete", ana.id)).await.expecting(200);
    question.says("<button class=\"grave\" disabled aria-describedby=\"why-delete\">Delete ana</button>");
    told(&question, ("why-delete", sentence), fix);

    let carla = ana.adds("carla", "creator").await;
    ana.changes(&carla, "creator", "administrator").await.expecting(200);
    let page = ana.opens(&format!("/members/{}", ana.id)).await.expecting(200);
    page.says("act=disable").says("/delete\"").is_silent_on("aria-disabled");
}

#[tokio::test]
async fn an_archived_member_whose_user_type_is_full_is_not_offered_to_be_restored() {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    ana.does(&[act(&vera, "archive")]).await.expecting(201);
    ana.adds("viola", "viewer").await;
    let page = ana.opens(&format!("/members/{}", vera.id)).await.expecting(200);
    barred(
        &page,
        "Restore",
        ("why-restore", "Viewer is full: 1 of 1 assigned. Types with room: Creator (1 free)."),
        ("/licenses", "Licenses"),
    );
}

#[tokio::test]
async fn a_role_above_the_user_type_cannot_be_chosen_for_its_member() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    let form = ana.opens(&format!("/members/change?act=role&member={}", vera.id)).await.expecting(200);
    form.says("<option value=\"publisher\" disabled>Publisher</option>")
        .says("<option value=\"viewer\">Viewer</option>");
    form.says("<span class=\"hint\" id=\"role-unfit\">Above Viewer, and not to be given to this member: ");
    form.says(" <a href=\"/roles?user_type=viewer\">Compare the roles with the user type</a></span>");
    form.says("aria-describedby=\"role-hint role-unfit\"");
    // Of several nobody can say beforehand.
    let otto = ana.adds("otto", "viewer").await;
    let both = format!("/members/change?act=role&member={}&member={}", vera.id, otto.id);
    ana.opens(&both).await.expecting(200).is_silent_on("role-unfit").is_silent_on(" disabled");
}

#[tokio::test]
async fn an_add_on_that_does_not_fit_or_is_used_up_says_so_and_leads_to_the_way_out() {
    let (_portal, ana) = bound(&|portal| {
        let file = order(1, &[("viewer", 5), ("creator", 5)]).with(STANDARD, 1).with(EXTENSION, 1);
        file.bound_to(portal.key.clone())
    })
    .await;
    let (vera, carla) = (ana.adds("vera", "viewer").await, ana.adds("carla", "creator").await);
    let form = ana.opens(&format!("/members/change?act=add-ons&member={}", vera.id)).await.expecting(200);
    let id = format!("why-add_on.{STANDARD}");
    form.says(&format!("<p class=\"hint\" id=\"{id}\">"));
    form.says(&format!("<a href=\"/members/{}/user-type\">Change user type</a></p>", vera.id));
    form.says(&format!("aria-describedby=\"add_on.{STANDARD}-hint {id}\"")).says("<option value=\"assign\" disabled>");

    let otto = ana.adds("otto", "creator").await;
    ana.puts(&format!("/members/{}/add-ons/{STANDARD}", carla.id), &json!({})).await.expecting(200);
    let form = ana.opens(&format!("/members/change?act=add-ons&member={}", otto.id)).await.expecting(200);
    form.says(&format!("<a href=\"/add-ons/{STANDARD}\">Who holds it</a></p>"));
    // Who holds it is not told that there is none left.
    let form = ana.opens(&format!("/members/change?act=add-ons&member={}", carla.id)).await.expecting(200);
    form.is_silent_on(&format!("id=\"{id}\""));
}

#[tokio::test]
async fn a_change_that_can_no_longer_be_taken_back_says_why() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let vera = ana.adds("vera", "viewer").await;
    ana.changes(&vera, "creator", "publisher").await.expecting(200);
    let newest = || async { ana.gets("/changes").await.json()["items"][0]["id"].as_str().expect("an id").to_owned() };
    let change = newest().await;
    ana.opens(&format!("/changes/{change}")).await.expecting(200).says(&format!("/changes/{change}/undo\">Undo…</a>"));
    ana.changes(&vera, "creator", "viewer").await.expecting(200);
    let page = ana.opens(&format!("/changes/{change}")).await.expecting(200);
    page.is_silent_on("/undo\"");
    told(&page, ("why-undo", "Changed since by somebody else: vera."), ("/changes", "Show the later changes"));
}

#[tokio::test]
async fn a_role_that_stays_says_why() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let default = ana.opens("/roles/publisher").await.expecting(200);
    default.says("<p class=\"hint\">A default role cannot be changed or deleted. <a href=\"/help/errors/role-is-default\">What this means</a></p>");
    let role = ana.makes_role("Crew", &["members.view"]).await;
    let address = format!("/roles/{role}");
    ana.opens(&address).await.expecting(200).says(&format!("href=\"{address}/delete\">Delete</a>"));
    ana.adds_with_role("cy", "creator", &role).await;
    let held = ana.opens(&address).await.expecting(200);
    held.is_silent_on(&format!("href=\"{address}/delete\""));
    let sentence = "It is held by 1 member. A role can be deleted only when nobody holds it and nothing refers to it.";
    barred(&held, "Delete", ("why-delete", sentence), (&format!("/members?role={role}"), "Show these members"));
    let question = ana.opens(&format!("{address}/delete")).await.expecting(200);
    question.says("<button class=\"grave\" disabled aria-describedby=\"why-delete\">Delete Crew</button>");
}
