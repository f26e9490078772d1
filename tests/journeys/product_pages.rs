//! Add-ons and products on the pages, as a browser without script uses them: what is assigned, who works where, ending
//! sessions, releasing what is offline, and putting an over-assignment right.

use serde_json::{Value, json};
use tests::files::{Order, at, order};
use tests::people::{Answer, Person};
use tests::portal::{MORNING, Portal};
use tests::products::{PRO, STANDARD, bound, id, return_code};

use crate::on_pages::{fills_in, goes_on, opens_and_sends};

const MANY: &str = "/members/change";

/// A file of that sequence with so many Standard licenses, bound to the portal.
fn licensed(portal: &Portal, sequence: u32, count: u32) -> Order {
    order(sequence, &[("viewer", 5), ("creator", 5)]).with(STANDARD, count).bound_to(portal.key.clone())
}

struct House {
    portal: Portal,
    ana: Person,
    carla: Person,
    dora: Person,
}

/// Two Standard licenses, and two Creators without one.
async fn house() -> House {
    let (portal, ana) = bound(&|portal| licensed(portal, 1, 2)).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    House { portal, ana, carla, dora }
}

impl House {
    /// Assigns a license to both by the form of many members.
    async fn both_are_given_one(&self) -> Answer {
        let form = format!("{MANY}?act=add-ons&member={}&member={}", self.carla.id, self.dora.id);
        let form = self.ana.opens(&form).await.expecting(200);
        form.says("Manage add-on licenses of 2 members").says("2 available");
        let wish = [("add_on.arcgis-pro-standard", "assign"), ("mode", "atomic"), ("reason", "new project")];
        let shown = fills_in(&self.ana, &form, MANY, &[&wish[..], &[("step", "preview")]].concat()).await;
        let shown = shown.expecting(200);
        shown.says("gets ArcGIS Pro Standard").says("0 licenses left").says("What would change");
        fills_in(&self.ana, &shown, MANY, &[&wish[..], &[("step", "apply")]].concat()).await
    }
}

/// The first address on a page that begins and ends so.
fn address(page: &Answer, begins: &str, ends: &str) -> String {
    let text = page.text();
    let found = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = found.map(|one| one.replace("&#38;", "&").replace("&amp;", "&"));
    let mut found = found.filter(|one| one.starts_with(begins) && one.ends_with(ends));
    found.next().unwrap_or_else(|| panic!("no link {begins}…{ends} on {text}"))
}

#[tokio::test]
async fn licenses_are_assigned_to_many_shown_before_and_taken_back_by_undo() {
    let house = house().await;
    let House { ana, carla, .. } = &house;
    ana.opens("/licenses").await.expecting(200).says("ArcGIS Pro Standard").says("in order");
    ana.opens("/members").await.expecting(200).says("Manage add-on licenses…");
    let applied = house.both_are_given_one().await;
    assert_eq!(ana.tally(STANDARD).await, (2, 2, 0));
    let change = goes_on(ana, &applied).await;
    change.says("The change was applied.").says("gets ArcGIS Pro Standard").says("new project");
    ana.opens("/changes").await.expecting(200).says("carla gets ArcGIS Pro Standard; dora gets");
    ana.opens(&format!("/members/{}", carla.id)).await.expecting(200).says("standard, by ArcGIS Pro Standard");
    carla.opens("/profile").await.expecting(200).says("Add-on licenses: ArcGIS Pro Standard.");

    let holders = ana.opens("/add-ons/arcgis-pro-standard").await.expecting(200);
    holders.says("2 of 2 assigned").says("carla").says("dora");
    let viewer = ana.adds("vera", "viewer").await;
    let misfit = format!("{MANY}?act=add-ons&member={}&add_on.{STANDARD}=assign&step=preview", viewer.id);
    let misfit = ana.opens(&misfit).await.expecting(409);
    misfit.says("vera cannot hold ArcGIS Pro Standard with the user type Viewer").is_silent_on("name=\"seal\"");
    misfit.is_silent_on("cannot hold arcgis-pro-standard");
    ana.opens(&format!("{MANY}?act=add-ons&member={}&step=preview", viewer.id))
        .await
        .expecting(422)
        .says("Choose at least one license to assign or unassign.");

    let undo = format!("{}/undo", applied.header("location").split('?').next().unwrap());
    goes_on(ana, &opens_and_sends(ana, &undo, &[("reason", "")]).await).await.says("loses ArcGIS Pro Standard");
    assert_eq!(ana.tally(STANDARD).await, (2, 0, 2));
}

#[tokio::test]
async fn a_session_is_seen_and_ended_after_the_prompt_by_the_administrator_and_by_the_member() {
    let house = house().await;
    let House { portal, ana, carla, dora } = &house;
    house.both_are_given_one().await;
    let first = carla.starts("desk").await.expecting(201).json();
    carla.starts("laptop").await.expecting(201);
    ana.opens("/licenses").await.expecting(200).says("href=\"/products\"");
    ana.opens("/products").await.expecting(200).says("License activity of ArcGIS Pro").says(&format!("{PRO}/activity"));
    let activity = ana.opens(&format!("{PRO}/activity")).await.expecting(200);
    activity.says("2 members can use it.").says("1 online").says("Online").says("DESK").says("LAPTOP");
    activity.says("Members may take products offline for up to 30 days.").says("Back to Licenses");
    let online = ana.opens(&format!("{PRO}/activity?state=online")).await.expecting(200);
    online.says("carla").is_silent_on("dora");
    ana.opens(&format!("{PRO}/activity?state=unused&unused_days=7")).await.expecting(200).says("dora");
    ana.opens(&format!("{PRO}/activity?state=unused&unused_days=none")).await.expecting(422).says("1 to 3,650");

    let end = format!("{PRO}/sessions/{}/end", id(&first));
    ana.opens(&end).await.expecting(200).says("End the session on DESK?").says("has 60 minutes to save the work");
    let ended = opens_and_sends(ana, &end, &[]).await;
    goes_on(ana, &ended).await.says("The session has ended. Its place is free.").is_silent_on("DESK");
    let told = carla.posts(&format!("{PRO}/sessions/{}/renew", id(&first)), &json!({})).await;
    told.is_problem(410, "session-ended");
    assert_eq!(told.json()["cause"], "ended-by-administrator");

    let profile = carla.opens("/profile").await.expecting(200);
    profile.says("LAPTOP").is_silent_on("/release\"");
    let own = address(&profile, PRO, "/end");
    dora.opens(&own).await.expecting(403);
    dora.submits(&own, &[]).await.expecting(403);
    carla.opens(&own).await.expecting(200).says("you have 60 minutes to save your work");
    let ended = opens_and_sends(carla, &own, &[]).await;
    goes_on(carla, &ended).await.says("Its place is free.").is_silent_on("LAPTOP");
    assert_eq!(carla.gets("/me/sessions").await.expecting(200).json()["items"], json!([]));
    portal.clock.advance(30 * 60);
    ana.opens(&format!("{PRO}/activity")).await.expecting(200).says("0 online");
}

#[tokio::test]
async fn the_activity_leads_to_the_page_that_keeps_products_from_being_taken_offline() {
    let house = house().await;
    let House { ana, carla, .. } = &house;
    house.both_are_given_one().await;
    let activity = ana.opens(&format!("{PRO}/activity")).await.expecting(200);
    let switch = address(&activity, "/settings/offline", "");
    carla.opens(&switch).await.expecting(403);
    // A box that is not ticked is not sent.
    ana.opens(&switch).await.expecting(200).says("name=\"allowed\"");
    opens_and_sends(ana, &switch, &[("most_days", "")]).await.expecting(303);
    let off = ana.opens(&format!("{PRO}/activity")).await.expecting(200);
    off.says("Members may not take products offline.");
    carla.takes_offline("field", 8).await.is_problem(403, "offline-disabled");
    opens_and_sends(ana, &switch, &[("allowed", "true"), ("most_days", "7")]).await.expecting(303);
    let on = ana.opens(&format!("{PRO}/activity")).await.expecting(200);
    on.says("Members may take products offline for up to 7 days.");
    carla.takes_offline("field", 8).await.expecting(201);
}

#[tokio::test]
async fn what_is_offline_is_released_or_brought_back_by_the_code_of_its_computer() {
    let house = house().await;
    let House { ana, carla, dora, .. } = &house;
    house.both_are_given_one().await;
    let made = carla.takes_offline("field", 7).await.expecting(201).json();
    let activity = ana.opens(&format!("{PRO}/activity?state=offline")).await.expecting(200);
    activity.says("1 offline").says("Offline on <strong>FIELD</strong>").is_silent_on("dora");
    let release = address(&activity, PRO, "/release");
    carla.opens(&release).await.expecting(403);
    ana.opens(&release).await.expecting(200).says("The computer is not asked");
    let released = opens_and_sends(ana, &release, &[]).await;
    let activity = goes_on(ana, &released).await;
    activity.says("The offline license is released.").says("Released; may still be used offline on");
    carla.starts("desk").await.expecting(201);
    carla.takes_offline("tablet", 8).await.is_problem(409, "offline-elsewhere");

    let code_form = address(&carla.opens("/profile").await.expecting(200), PRO, "/return");
    dora.opens(&code_form).await.expecting(404);
    let wrong = opens_and_sends(carla, &code_form, &[("code", "not a code")]).await;
    assert!((400..500).contains(&wrong.status), "{}", wrong.status);
    wrong.says("not a code").says("Problem");
    let code = return_code(ana, &made, 7, at(MORNING)).await;
    // A mail program has broken the line.
    let (first, second) = code.split_at(code.len() / 2);
    let taken = opens_and_sends(carla, &code_form, &[("code", &format!("  {first}\r\n{second} "))]).await;
    goes_on(carla, &taken).await.says("The return code was taken.").is_silent_on("FIELD");
    carla.takes_offline("tablet", 8).await.expecting(201);
}

#[tokio::test]
async fn too_many_assigned_is_told_on_every_page_and_put_right_by_what_was_shown() {
    let house = house().await;
    let House { portal, ana, carla, dora } = &house;
    house.both_are_given_one().await;
    carla.starts("desk").await.expecting(201);
    ana.opens("/add-ons/repair").await.expecting(200).says("Nothing is over-assigned.");
    ana.imports_license(&licensed(portal, 2, 1).signed(), None).await.expecting(200);
    assert_eq!(ana.tally(STANDARD).await, (1, 2, -1));
    dora.starts("lab").await.is_problem(403, "product-over-assigned");
    for page in ["/", "/members", "/profile"] {
        ana.opens(page).await.expecting(200).says("Nobody can start a product").says("2 assigned, 1 licensed");
    }
    carla.opens("/").await.expecting(200).is_silent_on("Nobody can start a product");
    ana.opens("/licenses").await.expecting(200).says("\u{2212}1").says("over since");

    let shown = ana.opens("/add-ons/repair").await.expecting(200);
    shown.says("2 assigned, 1 licensed: 1 too many").says("last used never").says("loses ArcGIS Pro Standard");
    shown.says("dora").says("Unassign from 1 member<");
    // Somebody is quicker, and dora works now: the list is another one.
    let taken = json!({"operations": [{"member": dora.id, "unassign_add_ons": [STANDARD]}]});
    ana.posts_once("/changes", &taken).await.expecting(201);
    fills_in(ana, &shown, "/add-ons/repair", &[("reason", "smaller file")]).await.expecting(412);
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    ana.puts(&format!("/members/{}/add-ons/{STANDARD}", dora.id), &json!({}))
        .await
        .is_problem(409, "add-on-limit-reached");
    ana.imports_license(&licensed(portal, 3, 2).signed(), None).await.expecting(200);
    ana.puts(&format!("/members/{}/add-ons/{STANDARD}", dora.id), &json!({})).await.expecting(200);
    ana.imports_license(&licensed(portal, 4, 1).signed(), None).await.expecting(200);

    let repaired = opens_and_sends(ana, "/add-ons/repair", &[("reason", "smaller file")]).await;
    goes_on(ana, &repaired)
        .await
        .says("loses ArcGIS Pro Standard")
        .says("smaller file")
        .is_silent_on("Nobody can start");
    assert_eq!(ana.tally(STANDARD).await, (1, 1, 0));
    assert_eq!(ana.gets("/add-ons").await.json()["blocked_since"], Value::Null);
    carla.starts("lab").await.expecting(201);
    dora.starts("lab").await.is_problem(403, "not-licensed");
}
