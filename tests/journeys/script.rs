//! What pages do more where a script may run: each carries the one script of the portal, under its hash and with words of
//! its own, and is whole without it.

use portal::pages::assets::CONTENT_SECURITY_POLICY;
use sha2::{Digest as _, Sha256};
use tests::people::{Answer, Person};
use tests::portal::Portal;

const PAGES: [&str; 13] = [
    "/",
    "/licenses",
    "/members",
    "/members/new",
    "/changes",
    "/roles",
    "/audit",
    "/settings",
    "/settings/security",
    "/invitations",
    "/products",
    "/profile",
    "/help/errors",
];

/// The address of the script, with the hash of what is served there.
async fn script(somebody: &Person) -> String {
    let served = somebody.opens("/assets/portal.js").await.expecting(200);
    assert_eq!(served.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(&served.bytes).into();
    format!("/assets/portal.js?v={a:02x}{b:02x}{c:02x}{d:02x}")
}

fn runs_only(page: &Answer, script: &str) {
    let text = page.text();
    assert_eq!(text.matches("<script").count(), 1, "{text}");
    page.says(&format!("<script defer src=\"{script}\"></script>"));
    assert_eq!(page.header("content-security-policy"), CONTENT_SECURITY_POLICY);
    for inside in [" onclick=", " onsubmit=", " onload=", "javascript:", " style="] {
        page.is_silent_on(inside);
    }
}

#[tokio::test]
async fn every_page_runs_the_script_of_the_portal_and_no_code_of_its_own() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let stranger = portal.person("nobody");
    let script = script(&stranger).await;
    runs_only(&stranger.opens("/signin").await.expecting(200), &script);
    runs_only(&stranger.opens("/nowhere").await.expecting(404), &script);
    for address in PAGES {
        runs_only(&ana.opens(address).await.expecting(200), &script);
    }
    let not_activated = Portal::not_activated();
    runs_only(&not_activated.person("nobody").opens("/signin").await.expecting(409), &script);
}

#[tokio::test]
async fn the_words_of_the_script_stand_in_the_page_and_without_it_nothing_of_them_is_seen() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    ana.adds("vera", "viewer").await;
    let list = ana.opens("/members").await.expecting(200);
    list.says("<body data-your-time=\"({time} your time)\">");
    list.says("<th scope=\"col\" data-choose-all=\"Choose all on this page\">Choose</th>");
    list.says("<p role=\"status\" class=\"chosen\" data-chosen=\"{count} chosen\"></p>");
    list.says("<time datetime=\"2026-12-01T09:00:00Z\">1 Dec 2026 09:00 UTC</time>");
    // Nobody can be chosen where there is nothing to be done, so nothing is counted.
    ana.opens("/audit").await.expecting(200).is_silent_on("data-chosen");
}
