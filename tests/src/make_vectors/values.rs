//! Step 6: values out of range, ids and texts of another form, and members that contradict each other, signed so.

use super::index::{Case, refuse};
use super::json::Json;
use super::samples::*;
use super::sign::{base64url, thumbprint};

const MALFORMED: &str = "license-malformed";

pub fn cases() -> Vec<Case> {
    [numbers(), ids(), texts(), digests(), contradictions(), bindings(), free_objects(), payload_bytes(), trust_lists()]
        .into_iter()
        .flatten()
        .collect()
}

fn licensed_as(name: &str, payload: &Json) -> Case {
    refuse(name, MALFORMED, licensed(payload).file())
}

/// Spellings that are not a count; each must be an error and never "no limit".
const NOT_COUNTS: [(&str, &str); 14] = [
    ("null", "null"),
    ("an-empty-string", "\"\""),
    ("a-string-of-digits", "\"5\""),
    ("negative", "-1"),
    ("minus-zero", "-0"),
    ("a-fraction", "5.5"),
    ("a-fraction-of-nothing", "5.0"),
    ("in-powers-of-ten", "1e3"),
    ("one-too-large", "4294967296"),
    ("far-too-large", "18446744073709551616"),
    ("with-a-leading-zero", "05"),
    ("true", "true"),
    ("an-array", "[5]"),
    ("not-a-number", "NaN"),
];

fn numbers() -> Vec<Case> {
    let base = entitlement();
    let mut cases = Vec::new();
    for (name, text) in NOT_COUNTS {
        cases.push(licensed_as(&format!("a-count-which-is-{name}"), &base.with("user_types.0.count", text)));
        cases.push(licensed_as(&format!("a-count-of-an-add-on-which-is-{name}"), &base.with("add_ons.0.count", text)));
    }
    for (name, text) in
        [("zero", "0"), ("negative", "-1"), ("a-fraction-of-nothing", "4.0"), ("one-too-large", "4294967296")]
    {
        cases.push(licensed_as(&format!("a-sequence-which-is-{name}"), &base.with("sequence", text)));
    }
    for (name, text) in [
        ("negative", "-1"),
        ("a-fraction-of-nothing", "1796860800.0"),
        ("in-powers-of-ten", "1796860800e0"),
        ("after-the-year-9999", "253402300800"),
        ("in-milliseconds", "1796860800000000"),
        ("written-for-people", "\"2027-12-01T00:00:00Z\""),
    ] {
        for member in ["iat", "nbf", "exp"] {
            cases.push(licensed_as(&format!("{member}-which-is-{name}"), &base.with(member, text)));
        }
    }
    for (member, name) in [
        ("policy.one_over", "one-over"),
        ("policy.computers", "computers"),
        ("policy.session_minutes", "session-minutes"),
        ("policy.save_minutes", "save-minutes"),
        ("policy.offline_days", "offline-days"),
        ("min_trust", "min-trust"),
    ] {
        cases.push(licensed_as(&format!("{name}-which-is-negative"), &base.with(member, "-1")));
        cases.push(licensed_as(&format!("{name}-which-is-null"), &base.with(member, "null")));
    }
    cases.push(licensed_as("one-over-which-is-two", &base.with("policy.one_over", "2")));
    cases
}

fn ids() -> Vec<Case> {
    let base = entitlement();
    let long = "a".repeat(65);
    let mut cases = Vec::new();
    for (member, name) in [
        ("contract", "the-contract"),
        ("customer.id", "the-id-of-the-customer"),
        ("catalog.id", "the-id-of-the-catalog"),
        ("user_types.0.id", "a-user-type"),
        ("add_ons.0.id", "an-add-on"),
    ] {
        for (form, id) in [
            ("empty", ""),
            ("in-upper-case", "Creator"),
            ("with-an-underscore", "mobile_worker"),
            ("with-a-hyphen-first", "-creator"),
            ("with-a-space-behind-it", "creator "),
            ("of-sixty-five-characters", &long),
            ("in-another-script", "сreator"),
        ] {
            cases.push(licensed_as(&format!("{name}-is-{form}"), &base.with(member, &format!("\"{id}\""))));
        }
    }
    let long = "A".repeat(65);
    for (form, id) in
        [("empty", ""), ("with-a-slash", "SW/123"), ("with-a-space", "SW 123"), ("of-sixty-five-characters", &long)]
    {
        cases.push(licensed_as(&format!("the-license-id-is-{form}"), &base.with("jti", &format!("\"{id}\""))));
    }
    cases
}

fn texts() -> Vec<Case> {
    let base = entitlement();
    let long = "a".repeat(201);
    let mut cases = Vec::new();
    for (member, name) in [("iss", "the-vendor"), ("customer.name", "the-customer")] {
        for (form, text) in [
            ("empty", ""),
            ("of-two-hundred-and-one-characters", long.as_str()),
            ("with-a-line-break", "City\\nof Example"),
            ("with-a-terminal-code", "City\\u001b[2J"),
            ("with-a-mark-that-reverses-letters", "City \\u202eelpmaxE"),
            ("with-half-a-surrogate-pair", "City \\ud800"),
        ] {
            cases.push(licensed_as(
                &format!("the-name-of-{name}-is-{form}"),
                &base.with(member, &format!("\"{text}\"")),
            ));
        }
    }
    cases.push(licensed_as("a-note-which-is-empty", &base.added("", "note", "\"\"")));
    let long = format!("\"{}\"", "a".repeat(2001));
    cases.push(licensed_as("a-note-of-two-thousand-and-one-characters", &base.added("", "note", &long)));
    cases
}

fn digests() -> Vec<Case> {
    let base = entitlement().added("", "supersedes", &format!("\"{}\"", digest(b"sequence 3")));
    let mut cases = Vec::new();
    for (member, name) in [("supersedes", "the-file-before"), ("catalog.sha256", "the-catalog")] {
        let good = base.at(member).compact();
        let good = good.trim_matches('"');
        for (form, text) in [
            ("empty", String::new()),
            ("with-padding", format!("{good}=")),
            ("of-thirty-one-bytes", base64url(&[7; 31])),
            ("of-thirty-three-bytes", base64url(&[7; 33])),
            ("with-a-trailing-bit", format!("{}B", base64url(&[0; 32]).split_at(42).0)),
            ("in-hexadecimal", "00".repeat(32)),
        ] {
            cases.push(licensed_as(
                &format!("the-digest-of-{name}-is-{form}"),
                &base.with(member, &format!("\"{text}\"")),
            ));
        }
    }
    cases
}

fn contradictions() -> Vec<Case> {
    let base = entitlement();
    let (nbf, replaces) = (base.at("nbf").compact(), |list: &str| entitlement().added("", "replaces", list));
    let line = |from: i64, until: i64| format!(r#"[{{"id":"creator","count":5,"from":{from},"until":{until}}}]"#);
    vec![
        licensed_as("a-term-that-ends-as-it-begins", &base.with("exp", &nbf)),
        licensed_as("a-term-that-ends-before-it-begins", &base.with("exp", "1")),
        licensed_as("a-line-that-ends-as-it-begins", &base.with("user_types", &line(1_796_860_800, 1_796_860_800))),
        licensed_as("a-line-that-ends-before-it-begins", &base.with("add_ons", &line(1_796_860_800, 1_796_860_799))),
        licensed_as("a-file-that-replaces-nothing", &replaces("[]")),
        licensed_as("a-file-that-replaces-its-own-contract", &replaces(r#"["city-of-example"]"#)),
        licensed_as("a-file-that-replaces-a-contract-twice", &replaces(r#"["a","b","a"]"#)),
        licensed_as("a-file-that-replaces-a-contract-without-a-name", &replaces(r#"[""]"#)),
    ]
}

fn bindings() -> Vec<Case> {
    let full = full();
    let (other, identity) = (other_portal(), base64url(&super::sign::IDENTITY_POINT));
    let weak =
        full.with("cnf.jwk.x", &format!("\"{identity}\"")).with("aud", &format!("\"{}\"", thumbprint(&identity)));
    let not_canonical = base64url(&[0xff; 32]);
    let second_spelling = full
        .with("cnf.jwk.x", &format!("\"{not_canonical}\""))
        .with("aud", &format!("\"{}\"", thumbprint(&not_canonical)));
    vec![
        licensed_as("a-portal-that-is-not-the-one-of-its-key", &full.with("aud", &format!("\"{}\"", other.kid))),
        licensed_as("a-key-that-is-not-the-one-of-its-portal", &full.with("cnf.jwk.x", &format!("\"{}\"", other.x()))),
        licensed_as("a-portal-whose-name-is-empty", &full.with("aud", "\"\"")),
        licensed_as("a-list-of-portals", &full.with("aud", &format!("[\"{}\"]", portal().kid))),
        licensed_as("a-portal-with-a-key-of-another-type", &full.with("cnf.jwk.kty", "\"EC\"")),
        licensed_as("a-portal-with-a-key-of-another-curve", &full.with("cnf.jwk.crv", "\"X25519\"")),
        licensed_as(
            "a-portal-with-a-key-of-thirty-one-bytes",
            &full.with("cnf.jwk.x", &format!("\"{}\"", base64url(&[7; 31]))),
        ),
        licensed_as("a-portal-with-a-key-in-a-second-spelling", &second_spelling),
        refuse("a-portal-with-a-weak-key", "license-key-weak", licensed(&weak).file()),
        refuse("a-portal-with-its-secret-key", "license-needs-newer", {
            licensed(&full.added("cnf.jwk", "d", &format!("\"{}\"", base64url(&portal().seed)))).file()
        }),
    ]
}

fn free_objects() -> Vec<Case> {
    let ext = |name: &str, text: &str| licensed_as(name, &entitlement().added("", "ext", text));
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(16), "]".repeat(16));
    vec![
        ext("an-ext-with-a-member-twice-further-in", r#"{"a":[{"b":1,"b":2}]}"#),
        ext("an-ext-with-a-member-twice-and-once-escaped", r#"{"a":1,"\u0061":2}"#),
        ext("an-ext-seventeen-deep", &deep),
        ext("an-ext-which-is-an-array", "[]"),
        ext("an-ext-which-is-a-string", "\"\""),
    ]
}

fn payload_bytes() -> Vec<Case> {
    let header = base64url(vendor().header(ENTITLEMENT_TYP).as_bytes());
    let text = entitlement().compact();
    let latin = base64url(&text.bytes().map(|byte| if byte == b'C' { 0xff } else { byte }).collect::<Vec<_>>());
    let escaped = text.replacen(r#""exp""#, r#""exp":1,"\u0065xp""#, 1);
    vec![
        refuse("a-payload-which-is-not-utf-8", MALFORMED, vendor().sign_encoded(&header, &latin).file()),
        licensed_as("a-payload-which-is-cut-off", &Json::Scalar(text[..text.len() - 1].to_owned())),
        licensed_as("a-payload-with-a-comma-too-many", &Json::Scalar(text.replace("}]", "},]"))),
        licensed_as("a-payload-with-a-member-twice-and-once-escaped", &Json::Scalar(escaped)),
        licensed_as("a-payload-which-is-an-array-of-payloads", &Json::Array(vec![entitlement()])),
        licensed_as(
            "a-payload-with-a-line-in-the-place-of-lines",
            &entitlement().with("user_types", r#"{"id":"creator","count":5}"#),
        ),
        licensed_as("a-payload-with-a-line-as-an-array", &entitlement().with("user_types", r#"[["creator",5]]"#)),
        licensed_as("a-payload-with-null-for-a-line", &entitlement().with("user_types", "[null]")),
    ]
}

fn trust_lists() -> Vec<Case> {
    let list = |name: &str, code: &str, payload: &Json| {
        refuse(name, code, root().sign(TRUST_TYP, &payload.compact()).file()).trust_list(ROOTS)
    };
    let base = trust();
    let key = base.at("keys.0").compact();
    let not_a_point = [&[2][..], &[0; 31]].concat();
    let x = |bytes: &[u8]| base.with("keys.0.x", &format!("\"{}\"", base64url(bytes)));
    let revoked = base.at("revoked_keys.0").compact();
    let ahead = base.with("iat", &(at(super::NOW) + 86_401).to_string());
    let mut cases = vec![
        list("a-trust-list-with-a-weak-key", "license-key-weak", &x(&super::sign::IDENTITY_POINT)),
        list("a-trust-list-with-a-key-in-a-second-spelling", MALFORMED, &x(&[0xff; 32])),
        list("a-trust-list-with-a-key-that-is-no-point", MALFORMED, &x(&not_a_point)),
        list("a-trust-list-with-a-key-of-thirty-one-bytes", MALFORMED, &x(&[7; 31])),
        list("a-trust-list-with-a-key-twice", MALFORMED, &base.with("keys", &format!("[{key},{key}]"))),
        list(
            "a-trust-list-with-a-key-that-ends-as-it-begins",
            MALFORMED,
            &base.with("keys.0.exp", &base.at("keys.0.nbf").compact()),
        ),
        list(
            "a-trust-list-that-revokes-a-key-twice",
            MALFORMED,
            &base.with("revoked_keys", &format!("[{revoked},{revoked}]")),
        ),
        list("a-trust-list-that-revokes-a-license-twice", MALFORMED, &base.with("revoked_licenses", r#"["a","a"]"#)),
        list("a-trust-list-of-version-0", MALFORMED, &base.with("version", "0")),
        list("a-trust-list-that-expires-as-it-is-made", MALFORMED, &base.with("expires", &base.at("iat").compact())),
        list("a-trust-list-issued-more-than-a-day-ahead", "license-issued-ahead", &ahead),
    ];
    for (name, text) in NOT_COUNTS {
        cases.push(list(
            &format!("a-lowest-sequence-which-is-{name}"),
            MALFORMED,
            &base.with("min_sequence.town-of-example", text),
        ));
    }
    cases
}
