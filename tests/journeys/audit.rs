//! The audit log as administrators, delegates and strangers meet it: who may read it, what is found, what is told, and that
//! it is as it was written (S218, S242; A-ROLE-10).

use catalog::enforced::{MANAGE_LICENSES, SECURITY_SETTINGS, SUBSCRIPTION_REPORTS};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tests::files::{THIRTY_SEATS, at, order};
use tests::people::Person;
use tests::portal::Portal;

const PATHS: [&str; 4] =
    ["/audit-events", "/audit-events/1", "/audit-events/export?format=csv", "/audit-events/verification"];

async fn rows(who: &Person, query: &str) -> Vec<Value> {
    let list = who.gets(&format!("/audit-events?{query}")).await.expecting(200).json();
    list["items"].as_array().expect("a list").clone()
}

async fn numbers(who: &Person, query: &str) -> Vec<u64> {
    rows(who, query).await.iter().map(|row| row["seq"].as_u64().expect("a number")).collect()
}

/// The numbers of the rows on a page.
async fn shown(who: &Person, query: &str) -> Vec<u64> {
    let page = who.opens(&format!("/audit?{query}")).await.expecting(200).text();
    let links = page.split("<th scope=\"row\"><a href=\"/audit/").skip(1);
    links.map(|rest| rest.split('"').next().and_then(|seq| seq.parse().ok()).expect("a number")).collect()
}

/// The newest row of an action.
async fn newest(who: &Person, action: &str) -> Value {
    rows(who, &format!("action={action}&limit=1")).await.first().cloned().expect("a row")
}

#[tokio::test]
async fn whoever_may_look_at_reports_reads_the_log_and_nobody_else_does() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let role = ana.makes_role("Auditor", SUBSCRIPTION_REPORTS).await;
    let auditor = ana.adds_with_role("aud", "creator", &role).await;
    for path in PATHS {
        ana.gets(path).await.expecting(200);
        auditor.gets(path).await.expecting(200);
    }
    auditor.opens("/").await.expecting(200).says(r#"<a href="/audit">Audit</a>"#);
    auditor.opens("/audit").await.expecting(200).says("</span> Chain intact</span> to row ");
    auditor.opens("/audit/1").await.expecting(200).says("<h1>Portal activated</h1>");

    for missing in SUBSCRIPTION_REPORTS {
        let two: Vec<&str> = SUBSCRIPTION_REPORTS.iter().copied().filter(|one| one != missing).collect();
        let with_more = [two, vec![MANAGE_LICENSES, SECURITY_SETTINGS]].concat();
        let role = ana.makes_role(&format!("Without {missing}"), &with_more).await;
        let nosy = ana.adds_with_role("nosy", "creator", &role).await;
        for path in PATHS {
            let refused = nosy.gets(path).await;
            refused.is_problem(403, "privilege-missing");
            assert_eq!(refused.json()["privilege"], *missing, "{path}");
        }
        nosy.opens("/").await.expecting(200).is_silent_on("/audit");
        for page in ["/audit", "/audit/1", "/audit?text=ana"] {
            nosy.opens(page).await.expecting(403).says("privilege-missing").is_silent_on("Portal activated");
        }
        ana.deletes(&format!("/members/{}", nosy.id)).await.expecting(204);
    }
    let privileges = ana.gets("/privileges").await.json();
    let enforced = privileges["items"].as_array().expect("a list").iter().filter(|one| one["enforced_here"] == true);
    let ids: Vec<&str> = enforced.filter_map(|one| one["id"].as_str()).collect();
    assert!(SUBSCRIPTION_REPORTS.iter().all(|one| ids.contains(one)), "{ids:?}");
}

#[tokio::test]
async fn each_filter_finds_its_rows_on_the_page_and_by_the_interface() {
    let portal = Portal::start().await;
    let mut ana = portal.administrator().await;
    portal.clock.set(at("2026-12-02T09:00:00Z"));
    ana.signs_in().await.expecting(200);
    let vera = ana.adds("vera", "viewer").await;
    let otto = ana.adds("otto", "viewer").await;
    let added = newest(&ana, "member.add").await["seq"].as_u64().expect("a number");
    let of_before = numbers(&ana, "").await;
    portal.clock.set(at("2026-12-03T09:00:00Z"));
    ana.signs_in().await.expecting(200);
    portal.clock.set(at("2026-12-03T09:01:00Z"));
    ana.changes(&vera, "creator", "viewer").await.expecting(200);
    ana.deletes(&format!("/members/{}", otto.id)).await.expecting(204);
    let moved = rows(&ana, "action=change.apply").await;
    let [deleted, changed] = [0, 1].map(|index: usize| moved[index]["seq"].as_u64().expect("a number"));
    let change = moved[1]["target"].as_str().expect("an id");
    let all = numbers(&ana, "").await;
    assert_eq!(all, (1..=deleted).rev().collect::<Vec<_>>());
    let days = [numbers(&ana, "from=2026-12-03&to=2026-12-03").await, numbers(&ana, "to=2026-12-02").await];
    assert_eq!(days, [all[..all.len() - of_before.len()].to_vec(), of_before]);
    let opened = numbers(&ana, "action=token.open").await;
    assert_eq!(opened.len(), 3);
    for (query, found) in [
        ("action=change.apply".to_owned(), vec![deleted, changed]),
        ("action=member.add&actor=ana".to_owned(), numbers(&ana, "action=member.add").await),
        ("action=member.add&actor=ANA&text=otto".to_owned(), vec![added]),
        (format!("actor={}&action=change.apply", ana.id), vec![deleted, changed]),
        ("actor=otto".to_owned(), vec![]),
        ("actor=console&action=portal.activate".to_owned(), vec![1]),
        (format!("target={}&action=change.apply", otto.id), vec![deleted]),
        ("target=vera&action=change.apply".to_owned(), vec![changed]),
        (format!("target={change}"), vec![changed]),
        ("from=2026-12-03&action=member.add".to_owned(), vec![]),
        ("to=2026-12-02&action=change.apply".to_owned(), vec![]),
        ("text=100%25".to_owned(), vec![]),
        (format!("text={}&action=token.open", ana.id), opened),
    ] {
        assert_eq!(numbers(&ana, &query).await, found, "{query}");
        assert_eq!(shown(&ana, &query).await, found, "/audit?{query}");
    }
    let instant = "from=2026-12-03T09:01:00Z&to=2026-12-03T09:01:01Z";
    assert_eq!(numbers(&ana, instant).await, [deleted, changed]);
    assert_eq!(numbers(&ana, "from=2026-12-03T09:01:01Z").await, Vec::<u64>::new());
    for wrong in ["action=member", "from=yesterday", "to=2026-13-01", "cursor=x", "limit=0", "limit=501", "colour=red"]
    {
        ana.gets(&format!("/audit-events?{wrong}")).await.is_problem(422, "validation-failed");
    }
    ana.opens("/audit?action=member").await.expecting(422).says("none of the actions");
    ana.gets("/audit-events/0").await.is_problem(404, "not-found");
    ana.gets("/audit-events/x").await.is_problem(404, "not-found");
    ana.opens("/audit/999999").await.expecting(404);
}

#[tokio::test]
async fn pages_follow_one_another_and_keep_their_filters() {
    let portal = Portal::with(&order(1, &[("viewer", 700), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    ana.adds_a_table("m", "viewer", 520).await;
    let (mut seen, mut next) = (Vec::new(), "?action=member.add&limit=200".to_owned());
    loop {
        let answer = ana.gets(&format!("/audit-events{next}")).await.expecting(200);
        let page = answer.json();
        let items = page["items"].as_array().expect("a list").clone();
        seen.extend(items.iter().map(|row| row["seq"].as_u64().expect("a number")));
        match answer.header("link").strip_prefix('<').and_then(|link| link.split('>').next()) {
            Some(link) => next = link.to_owned(),
            None => break assert_eq!((items.len(), &page["next"]), (120, &Value::Null)),
        }
        assert!(next.starts_with("?action=member.add&limit=200&cursor="), "{next}");
    }
    assert_eq!(seen.len(), 520);
    assert!(seen.is_sorted_by(|one, other| one > other));
    let first = ana.opens("/audit?action=member.add").await.expecting(200);
    first.says("rel=\"next\" href=\"/audit?action=member.add&amp;cursor=").is_silent_on("First page");
    let cursor = shown(&ana, "action=member.add").await.last().copied().expect("a row");
    let second = shown(&ana, &format!("action=member.add&cursor={cursor}")).await;
    assert_eq!((second.len(), second[0]), (50, cursor - 1));

    // The file has all of them, the oldest first, whatever its length.
    let file = ana.gets("/audit-events/export?action=member.add").await.expecting(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"audit.jsonl\"");
    let lines: Vec<u64> = file.text().lines().map(|line| json_of(line)["seq"].as_u64().expect("a number")).collect();
    seen.reverse();
    assert_eq!(lines, seen);
    // A browser that follows the link gets the file and no page.
    let file = ana.opens("/api/v1/audit-events/export?format=csv&action=member.add").await.expecting(200);
    assert_eq!((file.header("content-type"), file.text().lines().count()), ("text/csv; charset=utf-8", 521));
}

fn json_of(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[tokio::test]
async fn somebody_elsewhere_can_check_the_chain_with_the_exported_lines_alone() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds("jörg \"j\"", "viewer").await;
    ana.puts("/settings/security", &json!({"access_notice": "Only \\ <staff> \u{a0}\u{2028}."})).await.expecting(200);
    let text = ana.gets("/audit-events/export?format=jsonl").await.expecting(200).text();
    let mut previous = String::new();
    for row in text.lines().map(json_of) {
        let seconds = at(row["at"].as_str().expect("an instant")).unix();
        let (actor, detail) = (&row["actor"], row["detail"].to_string());
        let line = json!([
            "seatwarden-audit-1",
            previous,
            row["seq"],
            seconds,
            actor["kind"],
            actor["id"],
            actor["name"],
            row["action"],
            row["target"],
            detail
        ]);
        let hash: String = Sha256::digest(line.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&row["previous"], &row["hash"]), (&json!(previous), &json!(hash)), "{row}");
        previous = hash;
    }
    let found = ana.gets("/audit-events/verification").await.expecting(200).json();
    assert_eq!((&found["state"], &found["fracture"]), (&json!("intact"), &Value::Null));
    assert_eq!((&found["last"]["hash"], found["rows"].as_u64()), (&json!(previous), found["last"]["seq"].as_u64()));

    // An anchor holds while the log goes on, and another one does not.
    let anchor = found["last"]["anchor"].as_str().expect("an anchor");
    ana.adds("vera", "viewer").await;
    let held = ana.gets(&format!("/audit-events/verification?anchor={anchor}")).await.expecting(200).json();
    assert_eq!(held["state"], "intact");
    let forged = format!("1:{previous}");
    let broken = ana.gets(&format!("/audit-events/verification?anchor={forged}")).await.expecting(200).json();
    assert_eq!((&broken["state"], &broken["fracture"]["seq"]), (&json!("broken"), &json!(1)));
    assert_eq!((&broken["fracture"]["misfit"], &broken["rows"]), (&json!("not-anchored"), &json!(0)));
    let later = format!("9999:{previous}");
    let cut = ana.gets(&format!("/audit-events/verification?anchor={later}")).await.expecting(200).json();
    assert_eq!(cut["fracture"]["misfit"], "cut");
    for wrong in ["1", "1:abc", "x"] {
        ana.gets(&format!("/audit-events/verification?anchor={wrong}")).await.is_problem(422, "validation-failed");
    }
}

#[tokio::test]
async fn rows_are_told_in_words_and_link_to_what_is_still_there() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let (vera, otto) = (ana.adds("vera", "viewer").await, ana.adds("otto", "viewer").await);
    let set = json!({"user_type": "creator", "role": "publisher", "reason": "urgent request"});
    ana.puts(&format!("/members/{}/user-type", vera.id), &set).await.expecting(200);
    let crew = ana.makes_role("Crew", &["members.view", "admin.members.view_all"]).await;
    let edited = json!({"name": "Field crew", "privileges": ["members.view", "admin.members.update"]});
    ana.puts(&format!("/roles/{crew}"), &edited).await.expecting(200);
    ana.puts("/settings/security", &json!({"access_notice": "Only for staff."})).await.expecting(200);
    ana.puts("/settings/security", &json!({"access_notice": "For everybody."})).await.expecting(200);

    let page = ana.opens("/audit").await.expecting(200);
    page.says("vera, user type: Viewer → Creator")
        .says("vera, role: Viewer → Publisher")
        .says("Reason: urgent request");
    page.says("Name: Crew → Field crew").says("Privileges, taken away: Administrative Members: View all");
    page.says("Privileges, given: Administrative Members: Update");
    page.says("Access notice: Only for staff. → For everybody.");
    page.says(&format!(r#"<a href="/members/{}">vera</a>"#, vera.id))
        .says(&format!(r#"href="/roles/{crew}">Field crew"#));
    page.says(r#"<a href="/settings/security">security</a>"#).says(&format!(r#"href="/members/{}">ana</a>"#, ana.id));
    page.says(
        "<td>console<br><span class=\"muted\">the machine&#39;s command line</span></td><td>Portal activated</td>",
    );
    page.is_silent_on("{&#34;").says(r#"<option value="member.add">Member added</option>"#);

    let change = newest(&ana, "change.apply").await;
    let (seq, id) = (&change["seq"], change["target"].as_str().expect("an id"));
    let one = ana.opens(&format!("/audit/{seq}")).await.expecting(200);
    one.says("<h1>Seats, roles or add-ons changed</h1>").says(&format!(r#"<a href="/changes/{id}">{id}</a>"#));
    one.says("<th scope=\"row\">vera, user type</th><td>Viewer</td><td>Creator</td>");
    one.says("<details><summary>The row as it is stored</summary>").says("&#34;moved&#34;: 1");
    one.says(change["hash"].as_str().expect("a hash")).says(r#"rel="prev" href="/audit/"#);

    // Who is gone is told by the name of that time, and leads nowhere.
    let added = rows(&ana, "action=member.add&text=otto").await;
    let seq = &added[0]["seq"];
    ana.opens(&format!("/audit/{seq}")).await.says(&format!(r#"<a href="/members/{}">otto</a>"#, otto.id));
    ana.deletes(&format!("/members/{}", otto.id)).await.expecting(204);
    let gone = ana.opens(&format!("/audit/{seq}")).await.expecting(200);
    gone.says("<dt>To whom or what</dt><dd>otto</dd>").is_silent_on(&format!("/members/{}", otto.id));
    ana.opens("/audit").await.says("otto: Viewer → deleted");
}

#[tokio::test]
async fn what_somebody_calls_himself_steers_neither_the_page_nor_a_spreadsheet() {
    let portal = Portal::with(&order(1, THIRTY_SEATS)).await;
    let ana = portal.administrator().await;
    let hostile = "=cmd|' /C calc'!A0<script>alert(1)</script>\"><img src=x>";
    let added =
        ana.posts("/members", &json!({"username": "@SUM(1)<b>", "user_type": "viewer", "full_name": hostile})).await;
    let id = added.expecting(201).text_of("id");
    let reason = json!({"user_type": "creator", "role": "viewer", "reason": hostile});
    ana.puts(&format!("/members/{id}/user-type"), &reason).await.expecting(200);
    let as_target = "/audit?target=%22%3E%3Cscript%3E&actor=%22%3E%3Cscript%3E&text=%22%3E%3Cscript%3E";
    for address in ["/audit", as_target] {
        let page = ana.opens(address).await.expecting(200);
        page.is_silent_on("<script>").is_silent_on("<img").is_silent_on("<b>");
    }
    let seq = newest(&ana, "change.apply").await["seq"].clone();
    let page = ana.opens(&format!("/audit/{seq}")).await.expecting(200);
    page.is_silent_on("<script>").is_silent_on("<img").says("&#60;script&#62;alert(1)");
    let table = ana.gets("/audit-events/export?format=csv").await.expecting(200).text();
    let starts =
        |sign: char| table.lines().any(|line| line.split(',').any(|cell| cell.trim_matches('"').starts_with(sign)));
    assert!(!starts('=') && !starts('@'), "{table}");
    let mut reader = table.lines();
    let head = "seq,at,actor_kind,actor_id,actor,action,title,target,detail,previous,hash";
    assert_eq!(reader.next(), Some(head));
    assert!(reader.next().expect("a row").starts_with("1,2026-12-01T"), "{table}");
}

#[tokio::test]
async fn each_filter_of_the_log_is_a_chip_that_can_be_taken_away() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let page = ana.opens("/audit?actor=ana&action=member.add&to=2026-12-01&text=x").await.expecting(200);
    for (told, without) in [
        ("Who: ana", "action=member.add&#38;to=2026-12-01&#38;text=x"),
        ("What: Member added", "actor=ana&#38;to=2026-12-01&#38;text=x"),
        ("To the day 2026-12-01", "actor=ana&#38;action=member.add&#38;text=x"),
        ("Text: x", "actor=ana&#38;action=member.add&#38;to=2026-12-01"),
    ] {
        page.says(&format!("<li><a class=\"chip\" href=\"/audit?{without}\" aria-label=\"Take away the filter {told}\">{told} <span aria-hidden=\"true\">×</span></a></li>"));
    }
    page.says("<li><a class=\"clear\" href=\"/audit\">Clear</a></li>")
        .says("<p role=\"status\">No row is like that.</p>");
    let only = ana.opens("/audit?action=portal.activate").await.expecting(200);
    only.says("<a class=\"chip\" href=\"/audit\" aria-label=\"Take away the filter What: Portal activated\">");
    only.says("<td>Portal activated</td>").says("<br><span class=\"muted\">the machine&#39;s command line</span>");
    ana.opens("/audit").await.expecting(200).is_silent_on("class=\"chip\"").is_silent_on("Clear</a>");
}
