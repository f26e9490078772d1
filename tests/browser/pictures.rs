//! Pictures of the pages that people use most, in light and dark, as the town of the tests has them.
//!
//! `cargo xtask screenshots` puts them into `docs/screenshots`; otherwise they stand with what the tests leave behind.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use tests::portal::{PASSWORD, Portal};

use crate::browser::{Browser, folder};
use crate::page_table::address;
use crate::town::{Town, calm_town};

/// The most bytes of a picture: they are kept with the source.
const LARGEST: u64 = 200_000;
/// The highest window, in pixels; what stands further below is left out.
const HIGHEST: u64 = 1200;

/// The pages that open by an address: the name of the picture, the address, the heading.
type Pages = &'static [(&'static str, &'static str, &'static str)];

/// Pages of the town in order.
const CALM: Pages = &[
    ("members", "/members?user_type=creator&sort=username", "Members"),
    ("member", "/members/{carla}", "Carla Creator"),
    ("license-activity", "/products/arcgis-pro/activity", "ArcGIS Pro: license activity"),
    ("roles", "/roles", "Roles"),
    ("reports", "/reports", "Reports"),
    ("audit-log", "/audit", "Audit log"),
];

/// Pages of the town in trouble.
const IN_TROUBLE: Pages = &[
    ("overview", "/", "Overview"),
    ("licenses", "/licenses", "Licenses"),
    ("import-preview", "/licenses/import/{preview}", "Import a license file: preview"),
];

/// Where the pictures go.
fn place() -> PathBuf {
    let place = std::env::var_os("SEATWARDEN_PICTURES").map_or_else(|| folder().join("pictures"), PathBuf::from);
    fs::create_dir_all(&place).expect("the folder of the pictures");
    place
}

impl Browser {
    /// Takes the page that is open, in light and dark, as high as it is.
    async fn is_pictured(&self, name: &str) {
        self.wide().await;
        let height = self.runs("return document.scrollingElement.scrollHeight", vec![]).await;
        // A picture does not scroll.
        self.without_scrollbars().await;
        let height = height.as_u64().unwrap_or_default().clamp(800, HIGHEST);
        self.is_wide(1280, u32::try_from(height).expect("a height")).await;
        // What has the focus has a ring, which would be on no picture of a person's.
        self.runs("document.activeElement.blur(); scrollTo(0, 0)", vec![]).await;
        for dark in [false, true] {
            if dark {
                self.dark().await
            } else {
                self.light().await
            }
            let file = place().join(format!("{name}-{}.png", if dark { "dark" } else { "light" }));
            self.takes_picture(&file).await;
            let bytes = fs::metadata(&file).expect("a picture").len();
            assert!(bytes <= LARGEST, "{} has {bytes} bytes", file.display());
        }
        self.light().await;
    }

    /// The one heading of the page.
    async fn is_headed(&self, heading: &str) {
        let found = self.runs("return [...document.querySelectorAll('h1')].map((one) => one.innerText)", vec![]).await;
        assert_eq!(found, json!([heading]));
    }
}

/// A Viewer has typed the right password while the user type is one over.
async fn locked_out(browser: &Browser) {
    browser.opens("/signin").await;
    browser.types("User name", "viewer2").await;
    browser.types("Password", PASSWORD).await;
    browser.clicks("Sign in").await;
    browser.sees("because of a software authorization error").await;
    browser.is_pictured("sign-in-locked-out").await;
}

/// What a change of the user type would do, before it is saved: Viewer is full, and would be one over.
async fn plan() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds_many("viewer", 25).await;
    let carla = ana.adds("carla", "creator").await;
    let browser = Browser::at(&portal).await;
    browser.signs_in("ana").await;
    browser.opens(&format!("/members/{}/user-type", carla.id)).await;
    browser.picks("User type", "Viewer (full)").await;
    browser.picks("Role", "Viewer").await;
    browser.clicks("Show what would change").await;
    browser.sees("26 members would be locked out").await;
    browser.is_headed("User type of carla").await;
    browser.is_pictured("change-of-user-type").await;
}

/// Opens pages and takes their pictures.
async fn open(browser: &Browser, pages: Pages, town: &Town) {
    for (name, pattern, heading) in pages {
        browser.opens(&address(pattern, town)).await;
        browser.is_headed(heading).await;
        browser.is_pictured(name).await;
    }
}

#[tokio::test]
async fn the_ten_main_pages_have_their_pictures() {
    let mut town = calm_town().await;
    let browser = Browser::at(&town.portal).await;
    browser.signs_in("ana").await;
    open(&browser, CALM, &town).await;
    town.comes_into_trouble().await;
    open(&browser, IN_TROUBLE, &town).await;
    locked_out(&Browser::at(&town.portal).await).await;
    plan().await;
}
