//! Files that open.

use super::index::{Case, InstalledFile, InstalledList, Opened, PlaceFacts, accept};
use super::json::Json;
use super::samples::*;
use super::sign::{Sealed, base64url};

/// The trust lists that other cases are opened under, and lists laid out in other ways.
pub fn trust_lists() -> Vec<Case> {
    let list = |file: &str, name: &str, sealed: &Sealed, version| {
        let opened = Opened { identity: sealed.identity(), version: Some(version), ..Opened::default() };
        accept(name, opened, sealed.file()).trust_list(ROOTS).stored(file)
    };
    let sealed = |payload: &Json| root().sign(TRUST_TYP, &payload.compact());
    let seventh = sealed(&trust()).about(about_trust());
    let installed = |version, identity: String| PlaceFacts {
        trust_list: Some(InstalledList { version, identity }),
        ..PlaceFacts::default()
    };
    let admitted = |mut case: Case, admission: &str, place| {
        let opened = case.entry.opened.as_mut().expect("an opened list");
        opened.admission = Some(admission.to_owned());
        case.at(place)
    };
    let own = |name: &str, sealed: &Sealed, version| list(&format!("accept/{name}.json"), name, sealed, version);
    let identity = seventh.identity();
    let empty = expired_trust().with("keys", "[]").with("expires", &at("2027-12-02T00:00:00Z").to_string());
    let ahead = trust().with("iat", &at("2026-12-16T00:00:00Z").to_string());
    let one_key = one_key().sign(TRUST_TYP, &one_key_trust().compact());
    vec![
        list(TRUST, "the-trust-list-of-most-cases", &seventh, 7),
        list(EXPIRED_TRUST, "an-expired-trust-list", &sealed(&expired_trust()), 6),
        list(ONE_KEY_TRUST, "the-trust-list-of-a-key-that-is-root-vendor-and-portal", &one_key, 7)
            .trust_list(ONE_KEY_ROOTS),
        own("a-trust-list-without-keys", &sealed(&empty), 6),
        own("a-trust-list-issued-one-day-ahead", &sealed(&ahead), 7),
        admitted(own("a-trust-list-newer-than-the-installed-one", &seventh, 7), "new", installed(6, digest(b"6"))),
        admitted(own("the-installed-trust-list-again", &seventh, 7), "same-as-installed", installed(7, identity)),
    ]
}

fn opens(name: &str, opened: Opened, sealed: &Sealed) -> Case {
    accept(name, opened, sealed.file()).at(place())
}

/// An entitlement with this payload that says the usual things.
fn usual(name: &str, payload: &Json) -> Case {
    let sealed = licensed(payload);
    opens(name, says(&sealed), &sealed)
}

/// Entitlements with other things to say.
pub fn entitlements() -> Vec<Case> {
    let base = entitlement();
    let instant = |text: &str| at(text).to_string();
    let full = sealed_full();
    let counts = says_counts(&full, &[("creator", 5)], &[("arcgis-pro-standard", 2)]);
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(15), "]".repeat(15));
    let mut cases = vec![
        opens("an-entitlement-as-it-is-sealed", says(&sealed()), &sealed()),
        opens("an-entitlement-with-every-member", counts, &full),
        usual("an-unbound-entitlement-in-a-portal-without-a-key", &base).at(PlaceFacts { portal: None, ..place() }),
        usual("a-perpetual-entitlement", &base.without("exp")),
        usual("an-entitlement-issued-one-day-ahead", &base.with("iat", &instant("2026-12-16T00:00:00Z"))),
        usual(
            "an-entitlement-issued-at-the-first-instant-of-its-key",
            &base.with("iat", &instant("2026-01-01T00:00:00Z")),
        ),
        usual("an-entitlement-that-needs-an-earlier-trust-list", &base.with("min_trust", "6")),
        usual(
            "an-entitlement-with-unknown-things-in-ext",
            &base.added("", "ext", r#"{"any":{"thing":[null,1.5,"x"]}}"#),
        ),
        usual("an-entitlement-with-ext-sixteen-deep", &base.added("", "ext", &deep)),
        usual("an-entitlement-with-an-empty-ext", &base.added("", "ext", "{}")),
        usual("an-entitlement-with-a-note", &base.added("", "note", "\"Grüße aus Köln \u{1f44b}\"")),
        usual("an-entitlement-with-an-escaped-name", &base.with("customer.name", r#""\u0043ity of \"Example\"""#)),
        usual("an-entitlement-with-another-policy", &base.with("policy.one_over", "0").with("policy.offline", "false")),
        usual("an-entitlement-with-its-members-in-another-order", &base.reversed()),
        usual("an-entitlement-of-an-expired-trust-list", &base.with("min_trust", "6")).under(EXPIRED_TRUST),
    ];
    let last = licensed(&base.with("iat", &instant("2027-12-31T23:59:59Z")));
    let mut opened = says_counts(&last, &[("viewer", 0), ("creator", 0)], &[("arcgis-pro-standard", 0)]);
    opened.term_state = Some("ended".to_owned());
    cases
        .push(opens("an-entitlement-issued-at-the-last-instant-of-its-key", opened, &last).now("2029-01-01T00:00:00Z"));
    let before = base.with("iat", &instant("2026-11-14T23:59:59Z"));
    let sealed = revoked().sign(ENTITLEMENT_TYP, &before.compact());
    cases.push(opens("an-installed-entitlement-of-a-key-revoked-later", says(&sealed), &sealed).installed());
    cases.extend(terms());
    cases.extend(counts_of_lines());
    cases.extend(revocations());
    cases
}

/// The ends of the term are states of a good file.
fn terms() -> Vec<Case> {
    // Issued before the term, so that only the term is asked.
    let sealed = licensed(&entitlement().with("iat", &at("2026-11-01T00:00:00Z").to_string())).about(about());
    let at_time = |name: &str, now: &str, state: &str| {
        let counts = |count| if state == "in-term" { count } else { 0 };
        let user_types = [("viewer", counts(25)), ("creator", counts(5))];
        let mut opened = says_counts(&sealed, &user_types, &[("arcgis-pro-standard", counts(2))]);
        opened.term_state = Some(state.to_owned());
        opens(name, opened, &sealed).now(now)
    };
    vec![
        at_time("an-entitlement-before-its-beginning", "2026-11-30T23:59:59Z", "not-begun"),
        at_time("an-entitlement-at-its-beginning", "2026-12-01T00:00:00Z", "in-term"),
        at_time("an-entitlement-one-second-before-its-end", "2027-11-30T23:59:59Z", "in-term"),
        at_time("an-entitlement-at-its-end", "2027-12-01T00:00:00Z", "ended"),
        at_time("an-entitlement-long-after-its-end", "2035-01-01T00:00:00Z", "ended"),
    ]
}

fn counts_of_lines() -> Vec<Case> {
    let lines = |name: &str, lines: &str, counts: &[(&str, u64)]| {
        let sealed = licensed(&entitlement().with("user_types", lines));
        opens(name, says_counts(&sealed, counts, &[("arcgis-pro-standard", 2)]), &sealed)
    };
    let (now, second) = (at(super::NOW), at(super::NOW) + 1);
    let creators = |first: &str, second: &str| {
        format!(r#"[{{"id":"creator","count":5{first}}},{{"id":"creator","count":7{second}}}]"#)
    };
    let (from_now, from_later) = (format!(",\"from\":{now}"), format!(",\"from\":{second}"));
    let (until_now, until_later) = (format!(",\"until\":{now}"), format!(",\"until\":{second}"));
    let beyond = format!(",\"from\":{},\"until\":{}", at("2026-01-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
    let sealed = licensed(&entitlement().with("add_ons", "[]"));
    vec![
        lines("lines-of-one-id-add-up", &creators("", ""), &[("creator", 12)]),
        lines("a-line-counts-from-its-first-instant", &creators(&from_now, &from_later), &[("creator", 5)]),
        lines("a-line-counts-no-longer-at-its-end", &creators(&until_later, &until_now), &[("creator", 5)]),
        lines("a-line-outside-the-term-of-the-file-counts-nothing", &creators("", &beyond), &[("creator", 5)]),
        lines("a-count-of-zero", r#"[{"id":"creator","count":0}]"#, &[("creator", 0)]),
        lines("the-largest-count", r#"[{"id":"creator","count":4294967295}]"#, &[("creator", 4_294_967_295)]),
        lines(
            "the-sum-of-two-largest-counts",
            r#"[{"id":"creator","count":4294967295},{"id":"creator","count":4294967295}]"#,
            &[("creator", 8_589_934_590)],
        ),
        lines("an-entitlement-without-user-types", "[]", &[]),
        opens("an-entitlement-without-add-ons", says_counts(&sealed, &[("viewer", 25), ("creator", 5)], &[]), &sealed),
    ]
}

/// Revoked licenses open, and are said to be revoked: they count as ended.
fn revocations() -> Vec<Case> {
    let revoked = |name: &str, payload: &Json| {
        let mut case = usual(name, payload);
        case.entry.opened.as_mut().expect("an opened file").revoked = Some(true);
        case
    };
    let town = entitlement().with("contract", "\"town-of-example\"");
    vec![
        revoked("a-revoked-license", &entitlement().with("jti", "\"SW-2026-000013\"")),
        revoked("a-sequence-below-the-lowest-of-the-trust-list", &town.with("sequence", "2")),
        usual("the-lowest-sequence-of-the-trust-list", &town.with("sequence", "3")),
    ]
}

/// One entitlement laid out in many ways: all have one identity.
pub fn layouts() -> Vec<Case> {
    let sealed = sealed();
    let (file, outer) = (sealed.file(), sealed.outer());
    let layout = |name: &str, text: String| accept(name, says(&sealed), text).at(place());
    let summary = outer.with("about", &about().reversed().compact());
    let escaped = outer.with("about.customer", r#""\u0043ity of Example""#);
    let header = |name: &str, header: &str| {
        let sealed = vendor().sign_under(header, &entitlement().compact());
        opens(name, says(&sealed), &sealed)
    };
    let kid = vendor().kid;
    let spaced = vendor().sign(ENTITLEMENT_TYP, &format!(" \r\n{}\n", entitlement().pretty("\t")));
    let longest = layout("a-file-of-the-largest-size", String::new());
    vec![
        layout("a-file-with-a-byte-order-mark", format!("\u{feff}{file}")),
        layout("a-file-with-windows-line-ends", file.replace('\n', "\r\n")),
        layout(
            "a-file-with-a-byte-order-mark-and-windows-line-ends",
            format!("\u{feff}{}", file.replace('\n', "\r\n")),
        ),
        layout("a-file-on-one-line", outer.compact()),
        layout("a-file-indented-in-another-way", format!("\n{}\n\n", outer.pretty("\t"))),
        layout("a-file-with-its-members-in-another-order", outer.reversed().pretty("    ")),
        layout("a-file-without-a-summary", outer.without("about").pretty("  ")),
        layout("a-file-with-the-summary-in-another-order", summary.compact()),
        layout("a-file-with-escapes-in-its-summary", escaped.compact()),
        layout("a-file-with-escapes-in-the-name-of-a-member", file.replacen("\"payload\"", r#""\u0070ayload""#, 1)),
        longest.of("accept/an-entitlement-as-it-is-sealed.json", "pad-to-262144"),
        header(
            "a-header-with-the-newer-name-of-the-algorithm",
            &vendor().header(ENTITLEMENT_TYP).replace("EdDSA", "Ed25519"),
        ),
        header(
            "a-header-laid-out-in-another-way",
            &format!("{{ \"typ\": \"{ENTITLEMENT_TYP}\",\r\n\t\"kid\": \"{kid}\", \"alg\": \"EdDSA\" }}\n"),
        ),
        opens("a-payload-laid-out-in-another-way", says(&spaced), &spaced),
    ]
}

/// Catalogs, activation requests, the genuine files of the mixed-up kinds, and files that may follow another one.
pub fn others() -> Vec<Case> {
    let catalog = |name: &str, sealed: &Sealed| {
        let opened =
            Opened { identity: sealed.identity(), sha256: Some(digest(CATALOG.as_bytes())), ..Opened::default() };
        accept(name, opened, sealed.file()).catalog()
    };
    let request = |name: &str, sealed: &Sealed, portal: &str| {
        let opened = Opened { identity: sealed.identity(), portal: Some(portal.to_owned()), ..Opened::default() };
        accept(name, opened, sealed.file()).request()
    };
    let own_request = portal().sign(REQUEST_TYP, &request_text(&portal())).about(about_request(&portal()));
    let one = one_key();
    let own = one.sign(ENTITLEMENT_TYP, &entitlement().compact());
    let mut cases = vec![
        catalog("a-catalog", &vendor().sign(CATALOG_TYP, CATALOG).about(about_catalog())),
        catalog("a-catalog-of-a-retired-key", &retired().sign(CATALOG_TYP, CATALOG)),
        request("an-activation-request", &own_request, &portal().kid),
        opens("the-entitlement-of-the-mixed-up-kinds", says(&own), &own).as_kind("entitlement"),
        catalog("the-catalog-of-the-mixed-up-kinds", &one.sign(CATALOG_TYP, CATALOG)).as_kind("catalog"),
        request("the-activation-request-of-the-mixed-up-kinds", &one.sign(REQUEST_TYP, &request_text(&one)), &one.kid),
    ];
    cases.extend(followers());
    cases
}

fn request_text(key: &super::sign::Key) -> String {
    request(key).compact()
}

fn followers() -> Vec<Case> {
    let base = sealed();
    let village = || InstalledFile {
        contract: "village-of-example".to_owned(),
        iss: "Example Vendor".to_owned(),
        customer: "city-of-example".to_owned(),
    };
    let replacing = licensed(&entitlement().added("", "replaces", r#"["hamlet-of-example","village-of-example"]"#));
    let mut again = opens("the-installed-entitlement-again", says(&base), &base).at(place_with(
        "city-of-example",
        4,
        &base.identity(),
    ));
    again.entry.opened.as_mut().expect("an opened file").admission = Some("same-as-installed".to_owned());
    let mut with_two = place_with("city-of-example", 3, &base64url(&[7; 32]));
    with_two.installed = Some(village());
    vec![
        opens("a-higher-sequence-than-the-installed-one", says(&base), &base).at(place_with(
            "city-of-example",
            3,
            &digest(b"sequence 3"),
        )),
        again,
        opens("an-entitlement-that-replaces-the-installed-contract", says(&replacing), &replacing).at(place_with(
            "village-of-example",
            9,
            &digest(b"village"),
        )),
        opens("an-entitlement-that-returns-to-an-earlier-contract", says(&replacing), &replacing).at(with_two),
    ]
}
