//! Step 6 and 7, member by member: every member of every payload and summary under another name, twice, left out, of
//! another type and null, each signed so by a trusted key.

use super::index::{Case, refuse};
use super::json::Json;
use super::samples::*;
use super::sign::{Key, Sealed};

const MALFORMED: &str = "license-malformed";
const NEEDS_NEWER: &str = "license-needs-newer";
const EDITED: &str = "license-summary-edited";

/// The members of an entitlement that may be absent. `aud` and `cnf` may be absent together only.
const OPTIONAL: &[&str] = &[
    "supersedes",
    "replaces",
    "exp",
    "ext",
    "note",
    "user_types.0.from",
    "user_types.0.until",
    "add_ons.0.from",
    "add_ons.0.until",
    "add_ons.0.trial",
];

pub fn cases() -> Vec<Case> {
    [payloads(), schemas(), summaries(), malformed_summaries()].into_iter().flatten().collect()
}

/// One kind of payload: what people call it, how it is signed, and how such a case is opened.
struct Subject {
    name: &'static str,
    payload: Json,
    key: Key,
    typ: &'static str,
    optional: &'static [&'static str],
    opened: fn(Case) -> Case,
}

fn subjects() -> [Subject; 4] {
    [
        Subject {
            name: "an-entitlement",
            payload: full(),
            key: vendor(),
            typ: ENTITLEMENT_TYP,
            optional: OPTIONAL,
            opened: |case| case,
        },
        Subject {
            name: "a-trust-list",
            payload: trust_of_one_key(),
            key: root(),
            typ: TRUST_TYP,
            optional: &[],
            opened: |case| case.trust_list(ROOTS),
        },
        Subject {
            name: "an-activation-request",
            payload: request(&portal()),
            key: portal(),
            typ: REQUEST_TYP,
            optional: &[],
            opened: Case::request,
        },
        Subject {
            name: "a-lease",
            payload: lease(),
            key: portal(),
            typ: LEASE_TYP,
            optional: &["username", "level", "device.jwk"],
            opened: |case| case.lease(LICENSE),
        },
    ]
}

/// The usual list with one key, so that every member stands once.
fn trust_of_one_key() -> Json {
    let key = trust().at("keys.0").compact();
    Json::read(&trust().with("keys", &format!("[{key}]")).compact())
}

/// Whether the members of an object are data: they have no fixed names.
fn is_data(path: &str) -> bool {
    path.starts_with("ext.") || path.starts_with("min_sequence.")
}

fn slug(path: &str) -> String {
    path.replace(['.', '_'], "-")
}

fn payloads() -> Vec<Case> {
    let mut cases = Vec::new();
    for subject in subjects() {
        let mut case = |what: String, code: &str, payload: &Json| {
            let sealed = subject.key.sign(subject.typ, &payload.compact());
            cases.push((subject.opened)(refuse(&format!("{}-with-{what}", subject.name), code, sealed.file())));
        };
        let payload = &subject.payload;
        for path in payload.members() {
            let optional = subject.optional.contains(&path.as_str());
            let name = slug(&path);
            case(format!("{name}-twice"), MALFORMED, &payload.twice(&path));
            if is_data(&path) && path.starts_with("ext.") {
                continue;
            }
            case(format!("{name}-of-another-type"), MALFORMED, &payload.retyped(&path));
            if is_data(&path) {
                continue;
            }
            case(format!("{name}-under-another-name"), NEEDS_NEWER, &payload.renamed(&path));
            if optional || path == "aud" || path == "cnf" {
                case(format!("{name}-null"), MALFORMED, &payload.with(&path, "null"));
            }
            if !optional {
                case(format!("{name}-left-out"), MALFORMED, &payload.without(&path));
            }
        }
        for object in payload.objects().into_iter().filter(|object| object != "ext" && object != "min_sequence") {
            let place = if object.is_empty() { "the-payload".to_owned() } else { slug(&object) };
            case(format!("an-unknown-member-in-{place}"), NEEDS_NEWER, &payload.added(&object, "extra", "1"));
        }
        let values =
            payload.members().into_iter().filter(|path| !path.contains('.')).map(|path| payload.at(&path).clone());
        case("its-members-in-an-array".to_owned(), MALFORMED, &Json::Array(values.collect()));
        case("a-payload-which-is-null".to_owned(), MALFORMED, &Json::Scalar("null".to_owned()));
        case("a-payload-which-is-empty".to_owned(), MALFORMED, &Json::Scalar(String::new()));
        let behind = format!("{}{{}}", payload.compact());
        case("text-behind-its-payload".to_owned(), MALFORMED, &Json::Scalar(behind));
        let mark = format!("\u{feff}{}", payload.compact());
        case("a-byte-order-mark-in-its-payload".to_owned(), MALFORMED, &Json::Scalar(mark));
    }
    cases
}

fn schemas() -> Vec<Case> {
    let licensed = |name: &str, code: &str, payload: &Json| refuse(name, code, licensed(payload).file());
    let later = entitlement().with("schema", "2");
    let request = request(&portal()).with("schema", "2").compact();
    vec![
        licensed("an-entitlement-of-schema-2", NEEDS_NEWER, &later),
        licensed(
            "an-entitlement-of-schema-2-whose-members-are-others",
            NEEDS_NEWER,
            &later.without("contract").with("nbf", "{}"),
        ),
        licensed("an-entitlement-of-schema-0", MALFORMED, &entitlement().with("schema", "0")),
        refuse("an-activation-request-of-schema-2", NEEDS_NEWER, portal().sign(REQUEST_TYP, &request).file()).request(),
    ]
}

/// A kind of file with its summary, and how such a case is opened.
type Summarised = (&'static str, Sealed, fn(Case) -> Case);

fn with_summaries() -> Vec<Summarised> {
    let list = root().sign(TRUST_TYP, &trust().compact()).about(about_trust());
    let catalog = vendor().sign(CATALOG_TYP, CATALOG).about(about_catalog());
    let request = portal().sign(REQUEST_TYP, &request(&portal()).compact()).about(about_request(&portal()));
    let lease = portal().sign(LEASE_TYP, &lease().compact()).about(about_lease());
    vec![
        ("an-entitlement", sealed(), |case| case),
        ("a-trust-list", list, |case| case.trust_list(ROOTS)),
        ("a-catalog", catalog, Case::catalog),
        ("an-activation-request", request, Case::request),
        ("a-lease", lease, |case| case.lease(LICENSE)),
    ]
}

/// Another value of the same type.
fn another(text: &str) -> String {
    match text {
        "\"2026-12-01T00:00:00Z\"" => "\"2026-12-02T00:00:00Z\"".to_owned(),
        instant if instant.ends_with(":00Z\"") => "\"2036-12-01T00:00:00Z\"".to_owned(),
        text if text.starts_with('"') => text.replacen('"', "\"A", 1),
        number => format!("{number}0"),
    }
}

fn summaries() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, sealed, opened) in with_summaries() {
        let about = sealed.about.clone().expect("a summary");
        let mut case = |what: String, about: &Json| {
            let file = sealed.clone().about(about.clone()).file();
            cases.push(opened(refuse(&format!("the-summary-of-{kind}-{what}"), EDITED, file)));
        };
        for path in about.members() {
            let name = slug(&path);
            if let Json::Scalar(text) = about.at(&path) {
                case(format!("says-another-{name}"), &about.with(&path, &another(text)));
            }
            case(format!("has-{name}-of-another-type"), &about.retyped(&path));
            case(format!("has-{name}-under-another-name"), &about.renamed(&path));
            case(format!("lacks-{name}"), &about.without(&path));
        }
        case("has-a-member-more".to_owned(), &about.added("", "extra", "1"));
        case("is-empty".to_owned(), &Json::read("{}"));
    }
    let about = about();
    let mut case = |what: &str, sealed: Sealed| {
        cases.push(refuse(&format!("the-summary-of-an-entitlement-{what}"), EDITED, sealed.file()));
    };
    case("has-one-user-type-more", sealed().about(about.added("user_types", "editor", "1")));
    case("has-one-add-on-more", sealed().about(about.added("add_ons", "spatial-analyst", "1")));
    case("spells-a-count-with-a-fraction", sealed().about(about.with("sequence", "4.0")));
    case("spells-an-instant-in-another-way", sealed().about(about.with("from", "\"2026-12-01T00:00:00+00:00\"")));
    case("gives-an-end-to-a-perpetual-file", licensed(&entitlement().without("exp")).about(about.clone()));
    case("hides-the-end-of-the-term", sealed().about(about.without("until")));
    case("has-null-for-the-end-of-a-perpetual-file", {
        licensed(&entitlement().without("exp")).about(about.with("until", "null"))
    });
    let mut list = |what: &str, path: &str, text: &str| {
        let list = root().sign(TRUST_TYP, &trust().compact()).about(about_trust().with(path, text));
        cases.push(refuse(&format!("the-summary-of-a-trust-list-{what}"), EDITED, list.file()).trust_list(ROOTS));
    };
    list("hides-a-key", "keys", r#"["vendor-2026-a","vendor-2025-a","vendor-2026-b"]"#);
    list("hides-a-revoked-key", "revoked_keys", "[]");
    cases
}

/// Summaries in which a member stands twice, or that are none.
fn malformed_summaries() -> Vec<Case> {
    let mut cases = Vec::new();
    for path in about().members() {
        let file = sealed().about(about().twice(&path)).file();
        cases.push(refuse(&format!("the-summary-of-an-entitlement-has-{}-twice", slug(&path)), MALFORMED, file));
    }
    let deep = format!("{}{}", "{\"a\":".repeat(17), "1".to_owned() + &"}".repeat(17));
    let file = sealed().about(Json::Scalar(deep)).file();
    cases.push(refuse("the-summary-of-an-entitlement-is-seventeen-deep", MALFORMED, file));
    let file = sealed().about(Json::Scalar("\"City of Example\"".to_owned())).file();
    cases.push(refuse("the-summary-of-an-entitlement-is-a-string", MALFORMED, file));
    cases
}
