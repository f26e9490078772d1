//! Every page of the portal: one row for each address of the router that a browser can open.

use crate::town::Town;

/// Who opens a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Nobody who is signed in.
    Nobody,
    /// The administrator.
    Ana,
    /// An Editor with a role of the house's own, who may see names only.
    Eva,
}

use Reader::{Ana, Eva, Nobody};

/// A row: the route as the router has it, who reads, and the address with names of [`Town::ids`] in braces.
pub const PAGES: &[(&str, Reader, &str)] = &[
    ("/", Ana, "/"),
    ("/", Eva, "/"),
    ("/signin", Nobody, "/signin"),
    ("/setup", Nobody, "/setup"),
    ("/password", Ana, "/password"),
    ("/licenses", Ana, "/licenses"),
    ("/reports", Ana, "/reports"),
    ("/reports", Ana, "/reports?range=30"),
    ("/licenses/staged/{license}", Ana, "/licenses/staged/{staged}"),
    ("/licenses/import/{id}", Ana, "/licenses/import/{preview}"),
    ("/members", Ana, "/members"),
    ("/members", Ana, "/members?q=nobody+at+all&locked_out=true"),
    ("/members", Ana, "/members?user_type=creator&sort=username"),
    ("/members", Eva, "/members"),
    ("/members/new", Ana, "/members/new"),
    ("/members/swap", Ana, "/members/swap?member={member}&member={other}"),
    ("/members/{id}/user-type", Ana, "/members/{long}/user-type"),
    ("/members/{id}/delete", Ana, "/members/{long}/delete"),
    ("/members/change", Ana, "/members/change?act=user-type&member={member}&member={long}"),
    ("/members/change", Ana, "/members/change?act=add-ons&member={carla}"),
    ("/members/import", Ana, "/members/import"),
    ("/members/{id}", Ana, "/members/{carla}"),
    ("/members/{id}", Ana, "/members/{long}"),
    ("/members/{id}/edit", Ana, "/members/{long}/edit"),
    ("/members/{id}/password", Ana, "/members/{member}/password"),
    ("/members/{id}/why", Ana, "/members/{member}/why"),
    ("/changes", Ana, "/changes"),
    ("/changes/{id}", Ana, "/changes/{change}"),
    ("/changes/{id}/undo", Ana, "/changes/{change}/undo"),
    ("/add-ons/repair", Ana, "/add-ons/repair"),
    ("/add-ons/{id}", Ana, "/add-ons/arcgis-pro-standard"),
    ("/products", Ana, "/products"),
    ("/products/{product}/activity", Ana, "/products/arcgis-pro/activity"),
    ("/products/{product}/sessions/{id}/end", Ana, "/products/arcgis-pro/sessions/{session}/end"),
    ("/products/{product}/checkouts/{id}/release", Ana, "/products/arcgis-pro/checkouts/{checkout}/release"),
    ("/products/{product}/checkouts/{id}/return", Ana, "/products/arcgis-pro/checkouts/{checkout}/return"),
    ("/roles", Ana, "/roles"),
    ("/roles/new", Ana, "/roles/new"),
    ("/roles/{id}", Ana, "/roles/{role}"),
    ("/roles/{id}/edit", Ana, "/roles/{role}/edit"),
    ("/roles/{id}/delete", Ana, "/roles/{role}/delete"),
    ("/audit", Ana, "/audit"),
    ("/audit/{seq}", Ana, "/audit/2"),
    ("/settings", Ana, "/settings"),
    ("/settings/{topic}", Ana, "/settings/defaults"),
    ("/settings/{topic}", Ana, "/settings/security"),
    ("/settings/{topic}", Ana, "/settings/website"),
    ("/settings/{topic}", Ana, "/settings/groups"),
    ("/settings/{topic}", Ana, "/settings/categories"),
    ("/settings/{topic}", Ana, "/settings/offline"),
    ("/invitations", Ana, "/invitations"),
    ("/invitations/new", Ana, "/invitations/new"),
    ("/invitations/{id}", Nobody, "/invitations/{secret}"),
    ("/invitations/{id}", Nobody, "/invitations/not-an-invitation"),
    ("/invitations/{id}/revoke", Ana, "/invitations/{invitation}/revoke"),
    ("/profile", Ana, "/profile"),
    ("/profile", Eva, "/profile"),
    ("/help/errors", Nobody, "/help/errors"),
    ("/help/errors/{code}", Ana, "/help/errors/seat-limit-reached"),
    ("/problems/{code}", Nobody, "/problems/seat-limit-reached"),
    // No page: what the pages are dressed with.
    ("/assets/{name}", Nobody, ""),
];

/// More pages: a refusal with its form, what the directory of the interface shows, and what is not there.
pub const OTHERS: &[(Reader, &str)] = &[
    (Ana, "/members/swap?member={member}&member={carla}"),
    (Ana, "/no/such/page"),
    (Ana, "/api/v1/members?limit=3"),
    (Ana, "/api/v1/status"),
    (Eva, "/licenses"),
];

/// An address with the ids of the town.
pub fn address(pattern: &str, town: &Town) -> String {
    town.ids.iter().fold(pattern.to_owned(), |all, (name, id)| all.replace(&format!("{{{name}}}"), id))
}

/// Every page of that reader in the town, with the page of an address once.
pub fn pages_of(reader: Reader, town: &Town) -> Vec<String> {
    let of_router = PAGES.iter().map(|(_, reader, address)| (*reader, *address));
    let all = of_router.chain(OTHERS.iter().copied());
    let wanted = all.filter(|(one, address)| *one == reader && !address.is_empty());
    wanted.map(|(_, pattern)| address(pattern, town)).collect()
}

/// The addresses that the router's source answers a GET at.
fn routes(source: &str) -> Vec<String> {
    let rows = source.split(".route(").skip(1);
    let gets = rows.filter(|row| row.split(".fallback(").next().is_some_and(|row| row.contains(" get(")));
    let mut found: Vec<String> = gets.filter_map(|row| Some(row.split('"').nth(1)?.to_owned())).collect();
    found.sort();
    found
}

#[test]
fn every_page_of_the_router_is_looked_at() {
    let of_router = routes(include_str!("../../crates/portal/src/web/mod.rs"));
    let mut looked_at: Vec<String> = PAGES.iter().map(|(route, _, _)| (*route).to_owned()).collect();
    looked_at.sort();
    looked_at.dedup();
    assert_eq!(looked_at, of_router);
}

#[test]
fn a_page_that_is_not_looked_at_is_found() {
    let source = ".route(\"/new\", get(new::show).post(new::make))\n.route(\"/signout\", post(x::leave))\n.route(\"/a\", get(a))";
    assert_eq!(routes(source), ["/a", "/new"]);
}
