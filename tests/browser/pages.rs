//! Every page of the portal, in the town that has something of everything: sound, and the same for every reader.

use std::fs;
use std::process::Command;

use tests::people::Person;
use tests::portal::Portal;

use crate::browser::{Browser, folder};
use crate::checks::package_file;
use crate::page_table::{Reader, address, pages_of};
use crate::town::{Town, town};

/// Opens the pages and tells what is wrong with each.
async fn complaints(browser: &Browser, addresses: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for address in addresses {
        browser.opens(address).await;
        all.extend(browser.complaints().await.into_iter().map(|line| format!("{address}: {line}")));
    }
    all
}

#[track_caller]
fn are_sound(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}

/// The half of the administrator's pages with that remainder: two browsers share the work.
async fn half_of_anas_pages(remainder: usize) {
    let town = town().await;
    let browser = Browser::at(&town.portal).await;
    browser.signs_in("ana").await;
    let all = pages_of(Reader::Ana, &town).into_iter().enumerate();
    let half: Vec<String> = all.filter(|(n, _)| n % 2 == remainder).map(|(_, address)| address).collect();
    are_sound(&complaints(&browser, &half).await);
}

#[tokio::test]
async fn anas_pages_are_sound() {
    half_of_anas_pages(0).await;
}

#[tokio::test]
async fn the_other_half_of_anas_pages_is_sound() {
    half_of_anas_pages(1).await;
}

#[tokio::test]
async fn the_pages_of_strangers_and_of_eva_are_sound() {
    let town = town().await;
    let browser = Browser::at(&town.portal).await;
    let mut all = complaints(&browser, &pages_of(Reader::Nobody, &town)).await;
    browser.signs_in("eva").await;
    all.extend(complaints(&browser, &pages_of(Reader::Eva, &town)).await);
    are_sound(&all);
}

#[tokio::test]
async fn the_pages_of_an_empty_portal_are_sound() {
    let nothing = Portal::not_activated();
    let mut all = complaints(&Browser::at(&nothing).await, &["/", "/signin", "/setup"].map(str::to_owned)).await;
    let empty = Portal::start().await;
    let browser = Browser::at(&empty).await;
    browser.signs_in("ana").await;
    let lists = ["/", "/licenses", "/members", "/changes", "/roles", "/audit", "/invitations", "/products", "/reports"];
    all.extend(complaints(&browser, &lists.map(str::to_owned)).await);
    are_sound(&all);
}

/// Keeps the text of a page, and gives its status.
async fn keeps(who: &Person, number: usize, address: &str) -> u16 {
    let page = who.opens(address).await;
    // What only leads elsewhere has no page.
    if page.status != 303 {
        let file = folder().join("html").join(format!("{number:03}{}.html", address.replace(['/', '?', '&'], "-")));
        fs::write(file, &page.bytes).expect("the page is kept");
    }
    page.status
}

/// Keeps every page of the town as a file, and tells which are refusals, with their status.
async fn keeps_all(town: &Town) -> Vec<String> {
    let mut refusals = Vec::new();
    let mut eva = town.eva.clone();
    eva.signs_in().await.expecting(200);
    let stranger = town.portal.person("nobody");
    let readers = [(Reader::Nobody, &stranger), (Reader::Ana, &town.ana), (Reader::Eva, &eva)];
    let mut number = 0;
    for (reader, who) in readers {
        for page in pages_of(reader, town) {
            number += 1;
            match keeps(who, number, &page).await {
                200 => {}
                status => refusals.push(format!("{status} {page}")),
            }
        }
    }
    refusals
}

/// A page with mistakes, by which it is seen that the checker finds any.
const WRONG: &str = "wrong.html";

#[tokio::test]
async fn every_page_is_html_without_a_mistake() {
    let html = folder().join("html");
    let _ = fs::remove_dir_all(&html);
    fs::create_dir_all(&html).expect("a folder");
    let town = town().await;
    let refusals = keeps_all(&town).await;
    let swap = address("409 /members/swap?member={member}&member={carla}", &town);
    let meant = ["303 /setup", "410 /invitations/not-an-invitation", &swap, "404 /no/such/page", "403 /licenses"];
    assert_eq!(refusals, meant);
    let nothing = Portal::not_activated();
    for (number, page) in ["/", "/setup"].into_iter().enumerate() {
        keeps(&nothing.person("nobody"), 900 + number, page).await;
    }
    fs::write(html.join(WRONG), "<!doctype html><html><title>x</title><p id=a>1<p id=a>2").expect("a page");
    let jar = package_file("vnu-jar/build/dist/vnu.jar");
    let checked = Command::new("java")
        .args(["-Xss2m", "-jar"])
        .arg(jar)
        .args(["--format", "gnu", "--skip-non-html"])
        .arg(&html)
        .output()
        .expect("java starts: `cargo xtask test --only tools` installs it");
    let told = String::from_utf8_lossy(&checked.stderr);
    let (about_wrong, others): (Vec<&str>, Vec<&str>) = told.lines().partition(|line| line.contains(WRONG));
    assert!(others.iter().all(|line| line.trim().is_empty()), "{}", others.join("\n"));
    // The checker sees errors and warnings where there are some.
    assert!(about_wrong.iter().any(|line| line.contains("error: ")), "{told}");
    assert!(about_wrong.iter().any(|line| line.contains("warning: ")), "{told}");
}
