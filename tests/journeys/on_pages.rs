//! What an administrator does by the forms of the pages, each filled in as a browser without script does it: many members
//! at once, seats lent until a time, tables, roles, settings, invitations, accounts.

use serde_json::json;
use tests::acts::{act, set};
use tests::files::{at, order};
use tests::people::{Answer, Person};
use tests::portal::Portal;

use crate::borrowed_seat::{Full, full};

/// The fields that the form for an address carries unseen, but for the token, which each form is sent with.
fn unseen(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page.split(&format!("action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("no form for {action}"));
    let form = form.split("</form>").next().unwrap_or_default();
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let read = hidden.filter_map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split('"').next()?.replace("&#38;", "&")))
    });
    read.filter(|(name, _)| name != "csrf").collect()
}

/// Sends the form of a page: what it carries unseen, and what is typed or chosen.
pub(crate) async fn fills_in(who: &Person, page: &Answer, action: &str, typed: &[(&str, &str)]) -> Answer {
    let hidden = unseen(&page.text(), action);
    let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.submits(action, &[fields.as_slice(), typed].concat()).await
}

/// Opens the page that a form has led on to.
pub(crate) async fn goes_on(who: &Person, sent: &Answer) -> Answer {
    assert_eq!(sent.status, 303, "{}", sent.text());
    who.opens(sent.header("location")).await.expecting(200)
}

/// Opens a page and sends its form.
pub(crate) async fn opens_and_sends(who: &Person, address: &str, typed: &[(&str, &str)]) -> Answer {
    let page = who.opens(address).await.expecting(200);
    fills_in(who, &page, address, typed).await
}

#[tokio::test]
async fn five_hundred_found_by_a_filter_are_shown_with_the_one_mistake_then_moved_and_moved_back() {
    let portal = Portal::with(&order(1, &[("viewer", 500), ("creator", 501)])).await;
    let ana = portal.administrator().await;
    let creators = ana.adds_a_table("c", "creator", 500).await;
    ana.puts(&format!("/members/{}/role", creators[316].id), &json!({"role": "publisher"})).await.expecting(200);
    let many = "/members/change";
    let all = format!("{many}?act=user-type&all=true&filter=q%3Dc%26user_type%3Dcreator");
    let form = ana.opens(&all).await.expecting(200);
    form.says("and 480 more");
    let moved = [("user_type", "viewer"), ("reason", "spring cleaning")];
    let keep = [&moved[..], &[("role", "keep"), ("mode", "atomic"), ("step", "preview")]].concat();
    let refused = fills_in(&ana, &form, many, &keep).await.expecting(409);
    refused.says("Cannot be changed: 1 member").says("c317").says("gives more than").is_silent_on("name=\"seal\"");
    let partly = [&moved[..], &[("role", "keep"), ("mode", "partial"), ("step", "preview")]].concat();
    fills_in(&ana, &refused, many, &partly).await.expecting(200).says("Cannot be changed: 1 member").says("c317");
    assert_eq!(ana.counts("viewer").await, (0, 500, 0));

    let nearest = [&moved[..], &[("role", "nearest"), ("mode", "atomic"), ("step", "preview")]].concat();
    let shown = fills_in(&ana, &refused, many, &nearest).await.expecting(200);
    shown.says("What would change").says("nobody locked out");
    let apply = [&moved[..], &[("role", "nearest"), ("mode", "atomic"), ("step", "apply")]].concat();
    let applied = fills_in(&ana, &shown, many, &apply).await;
    let change = goes_on(&ana, &applied).await;
    change.says("The change was applied.").says("spring cleaning").says("Undo…");
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((500, 500, 0), (1, 501, 0)));
    // Sent again, it is not what was shown any more.
    fills_in(&ana, &shown, many, &apply).await.expecting(412);

    let address = applied.header("location").split('?').next().unwrap_or_default().to_owned();
    let undone = opens_and_sends(&ana, &format!("{address}/undo"), &[("reason", "too early")]).await;
    goes_on(&ana, &undone).await.says("The change was undone.").says("too early");
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((0, 500, 0), (501, 501, 0)));
    assert_eq!(ana.finds(&creators[316]).await.1, "publisher");
    ana.opens(&address).await.expecting(200).says("by <a href").is_silent_on("Undo…");
}

#[tokio::test]
async fn a_seat_is_lent_until_six_waits_while_there_is_none_and_is_given_up() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 2)])).await;
    let ana = portal.administrator().await;
    let viewers = ana.adds_many("viewer", 2).await;
    let address = format!("/members/{}/user-type", viewers[0].id);
    let until = [("until_date", "2026-12-01"), ("until_time", "18:00"), ("reason", "map for the council")];
    let lent = [&until[..], &[("user_type", "creator"), ("role", "publisher"), ("step", "preview")]].concat();
    let shown = opens_and_sends(&ana, &address, &lent).await.expecting(200);
    shown.says("They return by themselves on").says("Seats kept for the return until then: Viewer 1");
    let saved = [&until[..], &[("user_type", "creator"), ("role", "publisher"), ("step", "save")]].concat();
    goes_on(&ana, &fills_in(&ana, &shown, &address, &saved).await).await;
    ana.opens("/changes").await.expecting(200).says("18:00").says("Return now, or cancel");
    ana.opens(&format!("/members/{}", viewers[0].id)).await.expecting(200).says("Returns to Viewer, Viewer");

    ana.imports_license(&order(2, &[("viewer", 1), ("creator", 2)]).signed(), None).await.expecting(200);
    portal.clock.set(at("2026-12-01T17:59:00Z"));
    assert_eq!(portal.minute_passes().await, 0);
    ana.opens("/").await.expecting(200).says("A planned return found no seat").says("No seat is free: Viewer.");
    let change = format!("/changes/{}", ana.open_return().await["id"].as_str().unwrap());
    let page = ana.opens(&change).await.expecting(200);
    page.says("No seat is free: Viewer.").says("Seats kept for it: Viewer 1");
    let given_up = fills_in(&ana, &page, &format!("{change}/cancel"), &[]).await;
    goes_on(&ana, &given_up).await.says("The return will not happen.");
    ana.opens("/").await.expecting(200).is_silent_on("found no seat");
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 1, 0), 0));
}

#[tokio::test]
async fn a_return_at_six_comes_about_and_the_page_of_the_change_says_so() {
    let Full { portal, ana, creators, viewers } = full().await;
    let (carla, vera) = (&creators[0], &viewers[0]);
    let pair = format!("/members/swap?member={}&member={}", carla.id, vera.id);
    let page = ana.opens(&pair).await.expecting(200);
    let until = [("reason", ""), ("until_date", "2026-12-01"), ("until_time", "18:00")];
    let swapped = fills_in(&ana, &page, "/members/swap", &until).await;
    goes_on(&ana, &swapped).await.says("The two members have exchanged user type and role.");
    assert_eq!(ana.finds(vera).await.0.as_deref(), Some("creator"));
    portal.clock.set(at("2026-12-01T17:59:00Z"));
    assert_eq!(portal.minute_passes().await, 1);
    assert_eq!(ana.finds(vera).await.0.as_deref(), Some("viewer"));
    ana.opens("/changes").await.expecting(200).says("No return is planned.").says("Planned return").says("schedule");
}

#[tokio::test]
async fn one_over_by_the_form_for_many_takes_the_number_that_it_asks_for() {
    let Full { ana, creators, .. } = full().await;
    let many = "/members/change";
    let form = ana.opens(&format!("{many}?act=user-type&member={}", creators[0].id)).await.expecting(200);
    let moved = [("user_type", "viewer"), ("role", "viewer"), ("reason", "")];
    let asked = fills_in(&ana, &form, many, &[&moved[..], &[("step", "preview")]].concat()).await.expecting(200);
    asked.says("Take Viewer one over?").says("To save anyway, type 26.").says("To swap with");
    let apply = [&moved[..], &[("step", "apply")]].concat();
    fills_in(&ana, &asked, many, &apply).await.expecting(409).says("one-over-needs-consent").says("type 26.");
    let wrong = [&apply[..], &[("allow_one_over.viewer", "25")]].concat();
    fills_in(&ana, &asked, many, &wrong).await.expecting(409).says("confirmation-mismatch");
    let right = [&apply[..], &[("allow_one_over.viewer", "26")]].concat();
    goes_on(&ana, &fills_in(&ana, &asked, many, &right).await).await.says("Viewer is over by 1");
    let notice = ana.opens("/").await.expecting(200).text();
    let undo = notice.split("href=\"").find(|rest| rest.contains("/undo\"")).and_then(|rest| rest.split('"').next());
    let undone = opens_and_sends(&ana, undo.expect("the notice offers the undo"), &[("reason", "")]).await;
    goes_on(&ana, &undone).await.is_silent_on("is over by");
    assert_eq!((ana.counts("viewer").await, ana.counts("creator").await), ((25, 25, 0), (5, 5, 0)));
}

#[tokio::test]
async fn a_table_is_opened_shown_corrected_and_brought_in_with_passwords_that_work() {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    let table = "\u{feff}username;user_type;role\nnina;viewer;\notto;viewer;publisher\n".as_bytes();
    let sends = |mode| {
        let ana = ana.clone();
        async move {
            let fields = [("mode", mode), ("reason", "")];
            ana.uploads_to("/members/import", &fields, &[("file", "people.csv", table)]).await.expecting(200)
        }
    };
    let whole = sends("atomic").await;
    whole.says("Nothing can be imported in this way.").says("otto").says("The role publisher gives more than");
    let partly = sends("fill").await;
    partly.says("Import the table").says("The role publisher gives more than");
    assert_eq!(ana.counts("viewer").await, (0, 5, 0));
    let done = fills_in(&ana, &partly, "/members/import/confirm", &[]).await.expecting(200);
    done.says("<h1>Members imported</h1>").says("nina");
    let text = done.text();
    let password = text.split("nina</a></th><td><code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let again = fills_in(&ana, &partly, "/members/import/confirm", &[]).await.expecting(200);
    again.says("has been imported already").says("nina</a></li>").says("The role publisher gives more than");
    again.is_silent_on(password);
    let mut nina = portal.person("nina");
    nina.password = password.to_owned();
    nina.signs_in_on_the_page().await.leads_to("/password");
    assert_eq!(ana.counts("viewer").await, (1, 5, 0));
}

#[tokio::test]
async fn a_role_is_made_shown_changed_and_deleted() {
    let Full { ana, viewers, .. } = full().await;
    let (name, view, publish) =
        (("name", "Field crew"), ("privileges", "members.view"), ("privileges", "content.publish_features"));
    let asked = [name, ("description", ""), view, publish, ("step", "preview")];
    let shown = opens_and_sends(&ana, "/roles/new", &asked).await.expecting(200);
    shown.says("What the role would be").says("Nothing is saved yet.").says("Members of these user types cannot hold");
    let saved = fills_in(&ana, &shown, "/roles/new", &[name, ("description", ""), view, ("step", "save")]).await;
    goes_on(&ana, &saved).await.says("The role is saved.").says("Field crew");
    let role = saved.header("location").trim_start_matches("/roles/").split('?').next().unwrap().to_owned();
    ana.does(&[set(&viewers[0], "viewer", &role)]).await.expecting(201);
    let edit = format!("/roles/{role}/edit");
    let above = opens_and_sends(&ana, &edit, &[name, ("description", ""), view, publish, ("step", "save")]).await;
    above.expecting(409).says("Members whose user type does not allow what you add").says("viewer1");
    let held = opens_and_sends(&ana, &format!("/roles/{role}/delete"), &[]).await.expecting(409);
    held.says("role-in-use").says("viewer1");
    ana.does(&[set(&viewers[0], "viewer", "viewer")]).await.expecting(201);
    let deleted = opens_and_sends(&ana, &format!("/roles/{role}/delete"), &[]).await;
    goes_on(&ana, &deleted).await.says("The role was deleted.").is_silent_on("Field crew");
    let compared = ana.opens("/roles?user_type=viewer").await.expecting(200);
    compared.says("above Viewer").says("Only for default Administrators");
}

#[tokio::test]
async fn each_topic_of_the_settings_is_saved_and_acts() {
    let portal = Portal::with(&order(1, &[("viewer", 5), ("creator", 5)])).await;
    let ana = portal.administrator().await;
    for (topic, fields) in [
        ("groups", vec![("names", "Maps\r\nRoads\r\n")]),
        ("categories", vec![("names", "North")]),
        ("website", vec![("name", "City Maps"), ("summary", "All maps"), ("contact", "maps@city.example")]),
        (
            "security",
            vec![("access_notice", "Staff only"), ("information_banner", "Hello"), ("minimum_password_length", "14")],
        ),
        ("defaults", vec![("user_type", "viewer"), ("role", ""), ("groups", "Maps"), ("vendor_access", "true")]),
    ] {
        let saved = opens_and_sends(&ana, &format!("/settings/{topic}"), &fields).await;
        goes_on(&ana, &saved).await.says("The settings are saved.").says("Last changed by ana");
    }
    ana.opens("/settings").await.expecting(200).says("City Maps").says("Hello");
    portal.person("stranger").opens("/signin").await.expecting(200).says("Staff only").says("All maps");
    let added = ana.posts("/members", &json!({"username": "nina"})).await.expecting(201);
    let nina = ana.gets(&format!("/members/{}", added.text_of("id"))).await.expecting(200).json();
    assert_eq!((&nina["groups"], &nina["vendor_access"]), (&json!(["Maps"]), &json!(true)));
    let kept = opens_and_sends(&ana, "/settings/groups", &[("names", "Roads")]).await.expecting(422);
    kept.says("leaves out `Maps`, which 1 member has; take it away first");
    let wrong = opens_and_sends(&ana, "/settings/defaults", &[("user_type", "viewer"), ("role", "publisher")]).await;
    wrong.expecting(409).says("role-exceeds-user-type");
}

#[tokio::test]
async fn somebody_is_invited_gets_a_new_address_and_another_one_is_revoked() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let asked =
        |name| [("username", name), ("full_name", ""), ("email", ""), ("user_type", "viewer"), ("role", "viewer")];
    let secret = |page: &Answer| {
        let text = page.text();
        let after = text.split("role=\"group\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
        after.rsplit('/').next().unwrap().to_owned()
    };
    let sent = opens_and_sends(&ana, "/invitations/new", &asked("nina")).await.expecting(200);
    let first = secret(sent.says("It is shown only now."));
    opens_and_sends(&ana, "/invitations/new", &asked("otto")).await.expecting(200);
    assert_eq!(ana.reserved("viewer").await, 2);
    opens_and_sends(&ana, "/invitations/new", &asked("rosa")).await.expecting(409).says("viewer is full");
    let waiting = ana.gets("/invitations?state=pending").await.expecting(200).json();
    let id = |name: &str| {
        let items = waiting["items"].as_array().unwrap().iter();
        items.clone().find(|one| one["username"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let list = ana.opens("/invitations").await.expecting(200);
    let again = fills_in(&ana, &list, &format!("/invitations/{}/resend", id("nina")), &[]).await.expecting(200);
    let second = secret(again.says("does not work any more"));
    let revoked = opens_and_sends(&ana, &format!("/invitations/{}/revoke", id("otto")), &[]).await;
    goes_on(&ana, &revoked).await.says("The invitation is revoked. Its seat is free.");
    let stranger = portal.person("stranger");
    stranger.opens(&format!("/invitations/{first}")).await.expecting(410).says("no longer good");
    stranger.opens(&format!("/invitations/{second}")).await.expecting(200).says("You are invited to");
    assert_eq!(ana.reserved("viewer").await, 1);
}

#[tokio::test]
async fn an_account_is_described_archived_restored_given_a_password_and_explained() {
    let portal = Portal::with(&order(1, &[("viewer", 2), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    ana.puts("/settings/groups", &json!({"names": ["Maps"]})).await.expecting(200);
    let mut vera = ana.adds("vera", "viewer").await;
    let at_home = format!("/members/{}", vera.id);
    let typed = [("full_name", "Vera May"), ("email", "v@city.example"), ("group", "Maps"), ("vendor_access", "true")];
    let saved = opens_and_sends(&ana, &format!("{at_home}/edit"), &typed).await;
    goes_on(&ana, &saved).await.says("The profile is saved.").says("Vera May").says("v@city.example").says("Maps");
    for (deed, told) in
        [("archive", "archived"), ("restore", "enabled"), ("disable", "disabled"), ("enable", "enabled")]
    {
        let shown = ana.opens(&format!("/members/change?act={deed}&member={}", vera.id)).await.expecting(200);
        let done = fills_in(&ana, &shown, "/members/change", &[("reason", ""), ("step", "apply")]).await;
        goes_on(&ana, &done).await.says("The change was applied.");
        assert_eq!(ana.finds(&vera).await.2, told, "{deed}");
    }
    let reset = opens_and_sends(&ana, &format!("{at_home}/password"), &[]).await.expecting(200);
    let text = reset.text();
    vera.password = text.split("role=\"group\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    vera.signs_in_on_the_page().await.leads_to("/password");
    let why = ana.opens(&format!("{at_home}/why?wanted=change-user-type")).await.expecting(200);
    why.says("not allowed").says("Who can give what is missing").says("These user types allow it: Creator");

    let mut otto = ana.adds("otto", "viewer").await;
    otto.signs_in().await.expecting(200);
    let own = opens_and_sends(&otto, "/profile", &[("full_name", "Otto Lang")]).await;
    let home = goes_on(&otto, &own).await;
    home.says("Your name is saved.").says("Role information: Viewer").says("What the role includes");
    ana.does(&[act(&otto, "archive")]).await.expecting(201);
    otto.opens("/profile").await.expecting(403).says("member-archived");
}
