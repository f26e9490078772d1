//! What was, what comes and what waits: the history of the seats, the forecast over waiting files, the overview, the files.

use serde_json::{Value, json};
use tests::files::{at, order};
use tests::people::Person;
use tests::portal::Portal;

const DAY: u32 = 86_400;

/// Five Viewers and five Creators up to the end of the year.
async fn house() -> (Portal, Person) {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)]).until("2027-01-01T00:00:00Z")).await;
    let ana = portal.administrator().await;
    (portal, ana)
}

/// A file for the next year.
fn renewal(seats: &[(&str, u32)]) -> Vec<u8> {
    order(2, seats).from("2027-01-01T00:00:00Z").until("2028-01-01T00:00:00Z").signed()
}

/// The forecast in short: when, the file that comes in force, and what is licensed before and after.
async fn foreseen(ana: &Person) -> Vec<(String, Option<String>, Vec<String>)> {
    let items = ana.gets("/usage/forecast").await.expecting(200).json()["items"].as_array().unwrap().clone();
    let types = |one: &Value| {
        let types = one["user_types"].as_array().unwrap().iter();
        let told =
            |of: &Value| format!("{} {} {}", of["id"].as_str().unwrap(), of["licensed_before"], of["licensed_after"]);
        types.map(told).collect()
    };
    let one =
        |one: &Value| (one["at"].as_str().unwrap().to_owned(), one["begins"].as_str().map(str::to_owned), types(one));
    items.iter().map(one).collect()
}

fn step(at: &str, begins: Option<&str>, types: &[&str]) -> (String, Option<String>, Vec<String>) {
    (at.to_owned(), begins.map(str::to_owned), types.iter().map(|one| (*one).to_owned()).collect())
}

#[tokio::test]
async fn a_renewal_that_waits_takes_the_drop_out_of_the_forecast() {
    let (_portal, ana) = house().await;
    let end = ["viewer 5 0", "creator 5 0"];
    assert_eq!(foreseen(&ana).await, [step("2027-01-01T00:00:00Z", None, &end)]);
    ana.opens("/").await.says("1 Jan 2027 00:00 UTC").says("Viewer 5 → 0");
    ana.imports_license(&renewal(&[("viewer", 5), ("creator", 5)]), None).await.expecting(200);
    assert_eq!(
        foreseen(&ana).await,
        [step("2027-01-01T00:00:00Z", Some("SW-2026-000002"), &[]), step("2028-01-01T00:00:00Z", None, &end)]
    );
    ana.opens("/licenses").await.says("<td>SW-2026-000002 comes in force</td><td>Everybody goes on as before</td>");
    ana.opens("/").await.says("1 Jan 2028 00:00 UTC").is_silent_on("<p class=\"figure\"><time datetime=\"2027");
}

#[tokio::test]
async fn a_renewal_with_more_seats_and_fewer_tells_both() {
    let (_portal, ana) = house().await;
    ana.adds_many("viewer", 3).await;
    ana.imports_license(&renewal(&[("viewer", 2), ("creator", 8)]), Some(3)).await.expecting(200);
    let first = foreseen(&ana).await.remove(0);
    let types = ["viewer 5 2", "creator 5 8"];
    assert_eq!(first, step("2027-01-01T00:00:00Z", Some("SW-2026-000002"), &types));
    let page = ana.opens("/licenses").await;
    page.says("SW-2026-000002 comes in force, Viewer 5 → 2, Creator 5 → 8");
    page.says("Viewer is over by 1: 3 locked out, and nobody can be added");
}

#[tokio::test]
async fn every_file_can_be_had_and_says_who_brought_it_in_and_what_has_become_of_it() {
    let (portal, ana) = house().await;
    let next = renewal(&[("viewer", 5), ("creator", 5)]);
    ana.imports_license(&next, None).await.expecting(200);
    let page = ana.opens("/licenses").await;
    page.says("<td class=\"number\">1</td><td>In force</td>").says("href=\"/api/v1/licenses/1/file?contract=city\"");
    page.says("href=\"/api/v1/licenses/2/file?contract=city\"").says("<td>ana</td>");
    for address in ["/licenses/2/file?contract=city", "/licenses/2/file"] {
        assert_eq!(ana.gets(address).await.expecting(200).bytes, next);
    }
    ana.gets("/licenses/2/file?contract=town").await.is_problem(404, "not-found");
    ana.gets("/licenses/3/file?contract=city").await.is_problem(404, "not-found");
    portal.clock.set(at("2027-01-01T00:00:00Z"));
    let ana = portal.administrator().await;
    let page = ana.opens("/licenses").await;
    page.says("<td class=\"number\">2</td><td>In force</td>").says("<td class=\"number\">1</td><td>Replaced</td>");
    let files = ana.gets("/licenses").await.expecting(200).json();
    assert_eq!((&files["items"][0]["sequence"], &files["items"][0]["imported_by"]), (&json!(2), &json!("ana")));
    assert_eq!((&files["items"][1]["sequence"], &files["items"][1]["imported_by"]), (&json!(1), &json!("console")));
    portal.clock.set(at("2028-01-01T00:00:00Z"));
    let ana = portal.administrator().await;
    ana.opens("/licenses").await.says("<td class=\"number\">2</td><td>Ended</td>");
}

#[tokio::test]
async fn the_history_of_seats_is_told_to_who_manages_licenses_and_to_nobody_else() {
    let (portal, ana) = house().await;
    let keeper = ana.makes_role("Keeper", &["members.view", "admin.members.manage_licenses"]).await;
    ana.adds_with_role("kim", "creator", &keeper).await;
    ana.adds("vera", "viewer").await;
    portal.clock.advance(DAY);
    let (mut kim, mut vera) = (portal.person("kim"), portal.person("vera"));
    kim.signs_in().await.expecting(200);
    vera.signs_in().await.expecting(200);
    for address in ["/usage", "/usage/export", "/usage/forecast", "/usage/fullness"] {
        vera.gets(address).await.is_problem(403, "privilege-missing");
    }
    vera.opens("/reports").await.expecting(403);
    vera.opens("/").await.expecting(200).is_silent_on("/reports");
    let days = kim.gets("/usage?user_type=viewer&from=2026-12-01&to=2026-12-31").await.expecting(200).json();
    let day = |day: &str| json!({"day": day, "user_type": "viewer", "assigned": 1, "licensed": 5, "over_seconds": 0});
    assert_eq!(days, json!({"items": [day("2026-12-01"), day("2026-12-02")], "next": null}));
    let table = kim.gets("/usage/export?from=2026-12-02").await.expecting(200);
    let rows =
        "day,user_type,assigned,licensed,over_seconds\r\n2026-12-02,creator,2,5,0\r\n2026-12-02,viewer,1,5,0\r\n";
    assert_eq!((table.text().as_str(), table.header("content-type")), (rows, "text/csv; charset=utf-8"));
    for wrong in ["from=soon", "to=2026-12-01T00:00:00Z", "from=2020-01-01", "user_type=%20", "day=1"] {
        kim.gets(&format!("/usage?{wrong}")).await.is_problem(422, "validation-failed");
    }
    let page = kim.opens("/reports").await.expecting(200);
    page.says("aria-label=\"Viewer from 1 Dec 2026 to 2 Dec 2026: 1 of 5 assigned on the last day, 1 at the highest; over the limit on no day.\"");
    page.says("When it would be full is not estimated: 2 days are on record, and 30 are needed.");
    page.says("href=\"/api/v1/usage/export?from=2026-12-01&amp;to=2026-12-02\"").is_silent_on("/audit-events/export");
    kim.opens("/reports?range=365").await.expecting(200).says("<a href=\"/reports?range=365\" aria-current=\"true\">");
    kim.opens("/reports?range=7").await.expecting(422);
    ana_sees_the_audit_log(&portal).await;
}

async fn ana_sees_the_audit_log(portal: &Portal) {
    portal.administrator().await.opens("/reports").await.says("/api/v1/audit-events/export?format=csv");
}

#[tokio::test]
async fn a_type_that_grows_by_one_in_ten_days_is_full_on_a_day_that_can_be_counted() {
    let portal = Portal::with(&order(1, &[("viewer", 10), ("creator", 5)])).await;
    for number in 0..4 {
        let ana = portal.administrator().await;
        ana.adds(&format!("viewer{number}"), "viewer").await;
        for _ in 0..10 {
            portal.clock.advance(DAY);
            portal.administrator().await;
        }
    }
    let ana = portal.administrator().await;
    let found = ana.gets("/usage/fullness").await.expecting(200).json();
    assert_eq!(
        found["items"][0],
        json!({
            "user_type": "viewer", "state": "full-on", "full_on": "2027-03-12", "days": 41,
            "basis": {"from": "2026-12-01", "to": "2027-01-10", "assigned_first": 1, "assigned_last": 4,
                      "licensed": 10, "hundredths_in_30_days": 277},
        })
    );
    assert_eq!(found["items"][1]["state"], "not-growing");
    let page = ana.opens("/reports").await.expecting(200);
    page.says("If it goes on like that, full around 12 Mar 2027. <span");
}

#[tokio::test]
async fn the_overview_tells_everybody_what_waits_for_them_and_nobody_what_does_not() {
    let (portal, ana) = house().await;
    ana.adds_many("viewer", 4).await;
    ana.invites("viewer").await.expecting(201);
    let page = ana.opens("/").await;
    page.says("<li><a href=\"/licenses#type-viewer\">Viewer is full: 5 of 5 seats are taken or reserved.</a></li>");
    page.is_silent_on("runs out within 7 days").is_silent_on("have not signed in");
    page.says("Recent activity").says("ana: ");
    portal.clock.advance(8 * DAY);
    let ana = portal.administrator().await;
    ana.imports_license(&renewal(&[("viewer", 5), ("creator", 5)]), None).await.expecting(200);
    let page = ana.opens("/").await;
    page.says("<li><a href=\"/licenses#waiting\">The file SW-2026-000002 waits and comes in force at 1 Jan 2027 00:00 UTC.</a></li>");
    page.says("<li><a href=\"/invitations\">1 invitation runs out within 7 days, at 15 Dec 2026 09:00 UTC.</a></li>");
    let inviter = ana.makes_role("Inviter", &["members.view", "admin.members.invite"]).await;
    let ivy = ana.adds_with_role("ivy", "creator", &inviter).await;
    let page = ivy.opens("/").await.expecting(200);
    page.says("1 invitation runs out within 7 days").is_silent_on("/licenses#waiting").is_silent_on("Recent activity");
    let mut vera = portal.person("viewer1");
    vera.signs_in().await.expecting(200);
    vera.opens("/").await.expecting(200).is_silent_on("To do").is_silent_on("What ends when");
    portal.clock.advance(90 * DAY);
    let ana = portal.administrator().await;
    let page = ana.opens("/").await;
    page.says("<li><a href=\"/members?unused_days=90\">3 members have not signed in for 90 days.</a></li>");
    let found = ana.opens("/members?unused_days=90").await.expecting(200);
    found.says("viewer2").says("viewer3").says("viewer4").is_silent_on("/members/viewer1");
}
