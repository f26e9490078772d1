//! The Portal Directory, and what pages are around their content (S16, S19).

use axum::http::Method;
use tests::people::BROWSER;
use tests::portal::Portal;

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_json_at_the_same_address() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let json = ana.gets("/user-types/viewer").await.expecting(200);
    assert_eq!((json.header("content-type"), json.header("vary")), ("application/json", "Accept"));
    let page = ana.asks(Method::GET, "/user-types/viewer", &[("accept", BROWSER)], Vec::new()).await.expecting(200);
    assert_eq!((page.header("content-type"), page.header("vary")), ("text/html; charset=utf-8", "Accept"));
    page.says("<code>/api/v1/user-types/viewer</code>").says("&#34;licensed&#34;: 25").says("Signed in as Ana Kim");
    let refused = portal.person("nobody").opens("/api/v1/members").await.expecting(401);
    refused.says("<h1>Portal Directory</h1>").says("This needs a signed-in member.").is_silent_on("&#34;items&#34;");
    let lost = ana.opens("/api/v1/no-such-thing").await.expecting(404);
    lost.says("There is no resource at this address.").says("<code>/api/v1/no-such-thing</code>");
    let file = ana.asks(Method::GET, "/licenses/1/file", &[("accept", BROWSER)], Vec::new()).await.expecting(200);
    assert_eq!(file.header("content-type"), "application/json");
}

#[tokio::test]
async fn names_are_escaped_on_every_page_that_shows_them() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let name = "\"><script>alert(1)</script>";
    let body = serde_json::json!({"username": "<b>mallory</b>", "full_name": name, "user_type": "viewer"});
    let refused = ana.posts("/members", &body).await;
    assert_eq!(refused.status, 422, "a user name holds no slash: {}", refused.text());
    let body = serde_json::json!({"username": "<b>mallory<b>", "full_name": name, "user_type": "viewer"});
    let id = ana.posts("/members", &body).await.expecting(201).json()["id"].as_str().unwrap().to_owned();
    for address in [
        "/members".to_owned(),
        format!("/members?q={}", "%3Cscript%3E"),
        format!("/members/{id}/user-type"),
        format!("/members/{id}/delete"),
        format!("/api/v1/members/{id}"),
        format!("/members/swap?member={id}&with=%3Cscript%3E"),
    ] {
        ana.opens(&address).await.is_silent_on("<script>").is_silent_on("<b>mallory");
    }
}

#[tokio::test]
async fn pages_are_kept_by_nobody_and_assets_for_ever() {
    let portal = Portal::start().await;
    let ana = portal.administrator().await;
    let page = ana.opens("/").await.expecting(200);
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
                  frame-ancestors 'none'; base-uri 'none'";
    assert_eq!(page.header("content-security-policy"), policy);
    assert_eq!((page.header("x-content-type-options"), page.header("x-frame-options")), ("nosniff", "DENY"));
    let text = page.text();
    let stylesheet = text.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let css = portal.person("nobody").opens(stylesheet).await.expecting(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(ana.opens("/assets/other.css").await.status, 404);
    ana.opens("/no-such-page").await.expecting(404).says("There is no page at this address.");
    let wrong_way = ana.submits("/members", &[]).await.expecting(405);
    wrong_way.says("Not at this address");
}

#[tokio::test]
async fn a_list_goes_on_page_by_page_and_its_filters_stay_in_the_address() {
    let portal = Portal::with(&tests::files::order(1, &[("viewer", 120), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    for number in 1..=105 {
        let body = serde_json::json!({"username": format!("v{number:03}"), "user_type": "viewer"});
        ana.posts("/members", &body).await.expecting(201);
    }
    let first = ana.opens("/members?user_type=viewer").await.expecting(200);
    first.says("105 members found").says("Next page");
    let text = first.text();
    let link = text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    let second = ana.opens(&link).await.expecting(200);
    second.says("First page").says("v105").is_silent_on("Next page").is_silent_on("v001");
    assert_eq!(second.text().matches("name=\"member\" value=").count(), 5);
    ana.opens("/members?q=V10&state=enabled").await.says("6 members found");
    ana.opens("/members?state=asleep").await.expecting(422).says("`asleep` is none of enabled, disabled, archived");
}
