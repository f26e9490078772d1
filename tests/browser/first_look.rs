//! The first look: somebody signs in, goes somewhere, changes something, and it is on record.

use tests::files::{THIRTY_SEATS, order};
use tests::portal::Portal;

use crate::browser::{self, Browser, Key};

#[tokio::test]
async fn ana_signs_in_adds_a_member_and_it_is_on_record() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let browser = Browser::at(&portal).await;
    browser.with_script_off().await;
    browser.opens("/members").await;
    browser.is_at("/signin?next=/members").await;
    browser.types("User name", "ana").await;
    browser.types("Password", tests::portal::PASSWORD).await;
    browser.presses(Key::Enter).await;
    browser.is_at("/members").await;
    browser.clicks("Add a member").await;
    browser.is_at("/members/new").await;
    browser.types("User name", "vera").await;
    browser.types("Full name, if known", "Vera Example").await;
    browser.picks("User type", "Viewer (25 seats free)").await;
    browser.picks("Role", "Viewer").await;
    browser.clicks("Add the member").await;
    browser.sees("Vera Example").await;
    assert_eq!(ana.counts("viewer").await, (1, 25, 0));
    let newest = ana.gets("/audit-events?limit=1").await.expecting(200).json();
    assert_eq!(newest["items"][0]["action"], "member.add", "{newest}");
    assert_eq!(browser.console().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_window_is_as_wide_and_as_dark_as_asked() {
    let portal = Portal::start().await;
    let browser = Browser::at(&portal).await;
    browser.signs_in("ana").await;
    browser.is_at("/").await;
    let look = "return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]";
    browser.narrow().await;
    browser.dark().await;
    assert_eq!(browser.runs(look, vec![]).await, serde_json::json!([320, true]));
    browser.wide().await;
    browser.light().await;
    assert_eq!(browser.runs(look, vec![]).await, serde_json::json!([1280, false]));
    browser.opens("/").await;
    browser.presses(Key::Tab).await;
    assert_eq!(browser.focus().await, "link Skip to the content");
}

#[tokio::test]
async fn ana_ticks_presses_and_chooses_as_a_person_does() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds_many("viewer", 2).await;
    let browser = Browser::at(&portal).await;
    browser.signs_in("ana").await;
    browser.opens("/members").await;
    browser.sees_no("Locked out only").await;
    browser.clicks("More filters").await;
    browser.ticks("Locked out only").await;
    browser.sees("Locked out only").await;
    browser.opens("/members").await;
    browser.ticks_in("viewer1", "Choose viewer1").await;
    browser.clicks_in("With the chosen members", "Change role…").await;
    browser.is_at("/members/change").await;
    browser.sees("viewer1").await;
    browser.sees_no("viewer2").await;

    browser.opens("/members").await;
    browser.tabs_to("link Licenses").await;
    browser.presses_with_shift(Key::Tab).await;
    assert_eq!(browser.focus().await, "link Overview");
    browser.tabs_to("field Name or mail address").await;
    browser.keys_in("viewer2").await;
    assert_eq!(browser.holds("Name or mail address").await, "viewer2");
    browser.presses(Key::Enter).await;
    browser.sees("1 member").await;
    browser.sees_no("viewer1").await;
    assert_eq!(browser.title().await, "Members · City of Example");

    browser.opens("/licenses").await;
    browser.chooses_file("License file", "new.json", &order(2, THIRTY_SEATS).signed()).await;
    browser.clicks("Show what would change").await;
    browser.sees("Import the file").await;
    let picture = browser::folder().join("first-look.png");
    browser.takes_picture(&picture).await;
    let picture = std::fs::read(picture).expect("a picture");
    assert_eq!(picture.get(16..24), Some([0, 0, 5, 0, 0, 0, 3, 32].as_slice()), "1280 by 800 px");
}
