//! Leases, and the codes that give them back: what opens under the license that it names, and what does not.

use super::index::{Case, LeaseFacts, Opened, accept, refuse};
use super::json::Json;
use super::samples::*;
use super::sign::{IDENTITY_POINT, Key, Sealed, base64url};

const MALFORMED: &str = "license-malformed";
const SIGNATURE: &str = "license-signature";

/// Entitlements that leases are opened under, beside the one with every member.
const PERPETUAL: &str = "accept/a-bound-entitlement-without-an-end.json";
const ONLINE: &str = "accept/a-bound-entitlement-without-use-offline.json";
const RENEWED: &str = "accept/a-bound-entitlement-of-the-next-sequence.json";
const UNBOUND: &str = "accept/an-entitlement-as-it-is-sealed.json";

/// Every case of leases and return codes.
pub fn cases() -> Vec<Case> {
    [licenses(), opening(), states(), layouts(), of_one_key(), portals(), signatures(), values(), keys(), bounds()]
        .into_iter()
        .chain([devices(), order(), returns(), returns_refused(), returns_misshapen()])
        .flatten()
        .collect()
}

fn perpetual() -> Sealed {
    licensed(&full().without("exp"))
}

fn online() -> Sealed {
    licensed(&full().with("policy.offline", "false"))
}

fn renewed() -> Sealed {
    let before = format!("\"{}\"", sealed_full().identity());
    licensed(&full().with("sequence", "5").with("supersedes", &before))
}

fn licenses() -> Vec<Case> {
    let license = |name: &str, sealed: &Sealed| {
        accept(name, says_counts(sealed, &[("creator", 5)], &[("arcgis-pro-standard", 2)]), sealed.file()).at(place())
    };
    vec![
        license("a-bound-entitlement-without-an-end", &perpetual()),
        license("a-bound-entitlement-without-use-offline", &online()),
        license("a-bound-entitlement-of-the-next-sequence", &renewed()),
    ]
}

fn granted(payload: &Json) -> Sealed {
    portal().sign(LEASE_TYP, &payload.compact())
}

/// A lease for a session that began ten minutes ago.
fn session() -> Json {
    let began = at(super::NOW) - 600;
    lease()
        .with("use", "\"session\"")
        .with("iat", &began.to_string())
        .with("nbf", &began.to_string())
        .with("exp", &(began + 1800).to_string())
}

fn under(payload: &Json, license: &Sealed) -> Json {
    payload.with("license", &format!("\"{}\"", license.identity()))
}

/// A text of the payload without its quotes; nothing where it is absent.
fn text(payload: &Json, path: &str) -> Option<String> {
    let (object, name) = path.rsplit_once('.').unwrap_or(("", path));
    let there = payload.at(object).has(name);
    there.then(|| payload.at(path).compact().trim_matches('"').to_owned())
}

fn lease_says(payload: &Json, sealed: &Sealed, state: &str) -> Opened {
    let needed = |path: &str| text(payload, path).expect("a member");
    let until = entitlement::Moment::from_unix(needed("exp").parse().expect("a number")).expect("an instant");
    let Json::Array(extensions) = payload.at("extensions").clone() else { panic!("extensions") };
    let facts = LeaseFacts {
        lease: needed("jti"),
        member: needed("sub"),
        username: text(payload, "username"),
        product: needed("product"),
        level: text(payload, "level"),
        extensions: extensions.iter().map(|id| id.compact().trim_matches('"').to_owned()).collect(),
        device: needed("device.id"),
        usage: needed("use"),
        until: until.to_string(),
    };
    Opened { identity: sealed.identity(), term_state: Some(state.to_owned()), grants: Some(facts), ..Opened::default() }
}

fn opens(name: &str, payload: &Json) -> Case {
    let sealed = granted(payload);
    accept(name, lease_says(payload, &sealed, "in-term"), sealed.file()).lease(LICENSE)
}

fn refused(name: &str, code: &str, payload: &Json) -> Case {
    refuse(name, code, granted(payload).file()).lease(LICENSE)
}

fn opening() -> Vec<Case> {
    let base = lease();
    let sealed = granted(&base).about(about_lease());
    let bare = base.without("username").without("level").without("device.jwk").with("extensions", "[]");
    let bare = Json::read(&bare.compact());
    let term = |payload: &Json, from: &str, until: &str| {
        payload
            .with("iat", &at(from).to_string())
            .with("nbf", &at(from).to_string())
            .with("exp", &at(until).to_string())
    };
    let (last, first) = ("2027-11-20T00:00:00Z", "2026-12-01T00:00:00Z");
    let tomorrow = "2026-12-16T00:00:00Z";
    let mut ahead = opens("a-lease-issued-one-day-ahead", &term(&base, tomorrow, "2026-12-17T00:00:00Z"));
    ahead.entry.opened.as_mut().expect("a lease").term_state = Some("not-begun".to_owned());
    vec![
        accept("a-lease-as-it-is-sealed", lease_says(&base, &sealed, "in-term"), sealed.file())
            .lease(LICENSE)
            .on("pc-0001"),
        opens("a-lease-with-only-what-is-needed", &bare),
        opens("a-lease-for-a-session", &session()).on("pc-0001"),
        opens("a-lease-that-ends-with-its-license", &term(&base, last, "2027-12-01T00:00:00Z")).now(last),
        opens("a-lease-that-begins-with-its-license", &term(&base, first, "2026-12-31T00:00:00Z")),
        opens(
            "a-lease-under-a-license-without-an-end",
            &under(&term(&base, last, "2027-12-20T00:00:00Z"), &perpetual()),
        )
        .lease(PERPETUAL)
        .now(last),
        opens("a-session-under-a-license-without-use-offline", &under(&session(), &online())).lease(ONLINE),
        opens("a-lease-of-the-first-epoch", &base.with("epoch", "0")),
        opens("a-lease-of-the-last-epoch", &base.with("epoch", "9007199254740991")),
        opens("a-lease-under-the-renewed-license", &under(&base, &renewed())).lease(RENEWED),
        ahead,
    ]
}

/// The ends of a lease are states of a good file.
fn states() -> Vec<Case> {
    let base = lease().with("nbf", &at("2026-12-12T00:00:00Z").to_string());
    let sealed = granted(&base);
    let state = |name: &str, now: &str, state: &str| {
        accept(name, lease_says(&base, &sealed, state), sealed.file()).lease(LICENSE).now(now)
    };
    vec![
        state("a-lease-before-its-beginning", "2026-12-11T23:59:59Z", "not-begun"),
        state("a-lease-at-its-beginning", "2026-12-12T00:00:00Z", "in-term"),
        state("a-lease-one-second-before-its-end", "2027-01-08T23:59:59Z", "in-term"),
        state("a-lease-at-its-end", "2027-01-09T00:00:00Z", "ended"),
        state("a-lease-long-after-its-end", "2035-01-01T00:00:00Z", "ended"),
    ]
}

/// One lease laid out in several ways: all have one identity. Then two that are signed in another spelling.
fn layouts() -> Vec<Case> {
    let (base, sealed) = (lease(), granted(&lease()).about(about_lease()));
    let (file, outer) = (sealed.file(), sealed.outer());
    let says = |sealed: &Sealed| lease_says(&base, sealed, "in-term");
    let layout = |name: &str, text: String| accept(name, says(&sealed), text).lease(LICENSE);
    let header = portal().header(LEASE_TYP).replace("EdDSA", "Ed25519");
    let newer = portal().sign_under(&header, &base.compact());
    let reversed = granted(&base.reversed());
    vec![
        layout("a-lease-as-windows-writes-it", format!("\u{feff}{}", file.replace('\n', "\r\n"))),
        layout("a-lease-on-one-line", outer.reversed().compact()),
        layout("a-lease-without-a-summary", outer.without("about").pretty("  ")),
        accept("a-lease-with-the-newer-name-of-the-algorithm", says(&newer), newer.file()).lease(LICENSE),
        accept("a-lease-with-its-members-in-another-order", says(&reversed), reversed.file()).lease(LICENSE),
    ]
}

/// The bound entitlement, the lease and the return code of the key that may sign every kind.
fn of_one_key() -> Vec<Case> {
    let (license, payload) = (one_key_license(), one_key_lease());
    let counts = says_counts(&license, &[("creator", 5)], &[("arcgis-pro-standard", 2)]);
    let mut opened = Opened { admission: None, ..counts };
    opened.identity = license.identity();
    let lease = one_key().sign(LEASE_TYP, &payload.compact());
    let says = lease_says(&payload, &lease, "in-term");
    let code = one_key().sign(RETURN_TYP, &return_code().compact());
    vec![
        accept("the-bound-entitlement-of-the-mixed-up-kinds", opened, license.file()).as_kind("entitlement"),
        accept("the-lease-of-the-mixed-up-kinds", says, lease.file()).as_kind("lease"),
        accept("the-return-code-of-the-mixed-up-kinds", return_says(&code), code.compact()).as_kind("return"),
    ]
}

/// Step 4: whose key it is.
fn portals() -> Vec<Case> {
    let base = lease();
    let of = |name: &str, key: &Key| {
        let payload = base.with("iss", &format!("\"{}\"", key.kid));
        refuse(name, "lease-other-portal", key.sign(LEASE_TYP, &payload.compact()).file()).lease(LICENSE)
    };
    let unbound = under(&base, &sealed());
    let not_its_own = base.with("iss", &format!("\"{}\"", other_portal().kid));
    vec![
        refused("a-lease-under-an-unbound-license", "lease-not-bound", &unbound).lease(UNBOUND),
        of("a-lease-of-another-portal", &other_portal()),
        of("a-lease-of-the-vendor", &vendor()),
        of("a-lease-of-the-root", &root()),
        of("a-lease-of-the-computer-itself", &device()),
        refused("a-lease-that-says-another-portal-granted-it", MALFORMED, &not_its_own),
    ]
}

/// Step 5.
fn signatures() -> Vec<Case> {
    let base = granted(&lease());
    let case = |name: &str, sealed: &Sealed| refuse(name, SIGNATURE, sealed.file()).lease(LICENSE);
    let forged = |key: Key| Key { kid: portal().kid, ..key }.sign(LEASE_TYP, &lease().compact());
    let longer = granted(&lease().with("exp", &at("2027-01-08T00:00:00Z").to_string()));
    let mut flipped = base.clone();
    flipped.signature[5] ^= 1;
    vec![
        case("a-lease-with-the-payload-of-another", &Sealed { payload: longer.payload, ..base.clone() }),
        case("a-lease-with-one-bit-of-its-signature-changed", &flipped),
        case("a-lease-signed-by-another-portal-under-the-name-of-this-one", &forged(other_portal())),
        case("a-lease-signed-by-the-vendor-under-the-name-of-the-portal", &forged(vendor())),
        case("a-lease-signed-by-the-computer-under-the-name-of-the-portal", &forged(device())),
        case("a-lease-with-s-plus-the-order-of-the-group", &base.clone().with_s_plus_order()),
        case("a-lease-signed-with-an-r-of-small-order", &base.clone().with_small_order_r(&portal())),
    ]
}

/// Step 6: values out of range, texts of another form, and members that contradict each other, signed so.
fn values() -> Vec<Case> {
    let base = lease();
    let (iat, long) = (at("2026-12-10T00:00:00Z"), format!("\"{}\"", "a".repeat(129)));
    let mut cases: Vec<Case> = [
        ("a-lease-that-begins-before-its-issue", "nbf", (iat - 1).to_string()),
        ("a-lease-that-ends-as-it-begins", "exp", iat.to_string()),
        ("a-lease-that-ends-before-it-begins", "exp", (iat - 1).to_string()),
        ("a-lease-of-an-epoch-that-not-every-reader-reads", "epoch", "9007199254740992".to_owned()),
        ("a-lease-of-a-negative-epoch", "epoch", "-1".to_owned()),
        ("a-lease-of-an-epoch-with-a-fraction", "epoch", "3.0".to_owned()),
        ("a-lease-with-an-extension-twice", "extensions", r#"["a","b","a"]"#.to_owned()),
        ("a-lease-with-an-extension-without-a-name", "extensions", r#"[""]"#.to_owned()),
        ("a-lease-for-an-unknown-use", "use", "\"online\"".to_owned()),
        ("a-lease-for-a-use-in-capitals", "use", "\"Offline\"".to_owned()),
        ("a-lease-for-no-use", "use", "\"\"".to_owned()),
        ("a-lease-with-an-id-with-a-slash", "jti", "\"a/b\"".to_owned()),
        ("a-lease-with-an-empty-id", "jti", "\"\"".to_owned()),
        ("a-lease-of-a-product-in-capitals", "product", "\"ArcGIS-Pro\"".to_owned()),
        ("a-lease-under-a-license-in-hexadecimal", "license", format!("\"{}\"", "00".repeat(32))),
        ("a-lease-of-schema-0", "schema", "0".to_owned()),
        ("a-lease-whose-end-has-a-fraction", "exp", "1799452800.0".to_owned()),
    ]
    .into_iter()
    .map(|(name, member, value)| refused(name, MALFORMED, &base.with(member, &value)))
    .collect();
    for (member, name) in
        [("sub", "a-member"), ("username", "a-user-name"), ("level", "a-level"), ("device.id", "a-computer")]
    {
        for (form, value) in [
            ("which-is-empty", "\"\""),
            ("of-one-hundred-and-twenty-nine-characters", long.as_str()),
            ("with-a-line-break", "\"a\\nb\""),
            ("with-a-mark-that-reverses-letters", "\"a\\u202eb\""),
        ] {
            cases.push(refused(&format!("a-lease-with-{name}-{form}"), MALFORMED, &base.with(member, value)));
        }
    }
    cases.push(refused("a-lease-of-schema-2", "license-needs-newer", &base.with("schema", "2")));
    let ahead = at(super::NOW) + 86_401;
    let late = base.with("iat", &ahead.to_string()).with("nbf", &ahead.to_string());
    cases.push(refused("a-lease-issued-one-second-more-than-a-day-ahead", "license-issued-ahead", &late));
    cases
}

/// The key of the computer.
fn keys() -> Vec<Case> {
    let x = |bytes: &[u8]| lease().with("device.jwk.x", &format!("\"{}\"", base64url(bytes)));
    let secret = lease().added("device.jwk", "d", &format!("\"{}\"", base64url(&device().seed)));
    vec![
        refused("a-lease-with-a-weak-key", "license-key-weak", &x(&IDENTITY_POINT)),
        refused("a-lease-with-a-key-in-a-second-spelling", MALFORMED, &x(&[0xff; 32])),
        refused("a-lease-with-a-key-of-thirty-one-bytes", MALFORMED, &x(&[7; 31])),
        refused("a-lease-with-a-key-of-another-curve", MALFORMED, &lease().with("device.jwk.crv", "\"X25519\"")),
        refused("a-lease-with-the-secret-key-of-its-computer", "license-needs-newer", &secret),
    ]
}

/// Step 8: no more than the license allows.
fn bounds() -> Vec<Case> {
    let (base, session) = (lease(), session());
    let number = |payload: &Json, member: &str| payload.at(member).compact().parse::<i64>().expect("a number");
    let longer = |payload: &Json| payload.with("exp", &(number(payload, "exp") + 1).to_string());
    let late = longer(&session).with("nbf", &number(&session, "exp").to_string());
    let beyond = base
        .with("iat", &at("2027-11-20T00:00:00Z").to_string())
        .with("nbf", &at("2027-11-20T00:00:00Z").to_string())
        .with("exp", &(at("2027-12-01T00:00:00Z") + 1).to_string());
    let before = at("2026-12-01T00:00:00Z") - 1;
    let early = base
        .with("iat", &before.to_string())
        .with("nbf", &before.to_string())
        .with("exp", &at("2026-12-20T00:00:00Z").to_string());
    let unknown = base.with("license", &format!("\"{}\"", digest(b"another license")));
    vec![
        refused("a-lease-under-a-license-that-is-not-at-hand", "lease-other-license", &unknown),
        refused("a-lease-under-the-renewal-of-its-license", "lease-other-license", &base).lease(RENEWED),
        refused("a-lease-offline-under-a-license-without-use-offline", "lease-offline-off", &under(&base, &online()))
            .lease(ONLINE),
        refused("a-lease-one-second-longer-than-the-days-offline", "lease-too-long", &longer(&base)),
        refused("a-session-one-second-longer-than-its-minutes", "lease-too-long", &longer(&session)),
        refused("a-session-that-begins-late-and-ends-later", "lease-too-long", &late),
        refused("a-lease-that-ends-one-second-after-its-license", "lease-outside-term", &beyond)
            .now("2027-11-20T00:00:00Z"),
        refused("a-lease-that-begins-one-second-before-its-license", "lease-outside-term", &early),
    ]
}

fn devices() -> Vec<Case> {
    let other = |name: &str, device: &str| refused(name, "lease-other-device", &lease()).on(device);
    vec![
        other("a-lease-on-another-computer", "pc-0002"),
        other("a-lease-on-a-computer-in-capitals", "PC-0001"),
        other("a-lease-on-a-computer-with-a-space-behind-it", "pc-0001 "),
        other("a-lease-on-a-computer-without-a-name", ""),
    ]
}

/// Leases that break two rules: the earlier step answers.
fn order() -> Vec<Case> {
    let base = lease();
    let edited = about_lease().with("member", "\"eve\"");
    let ahead = at(super::NOW) + 86_401;
    let late = base.with("iat", &ahead.to_string()).with("nbf", &ahead.to_string());
    let unknown = base.with("license", &format!("\"{}\"", digest(b"another license")));
    let long = base.with("exp", &at("2028-01-01T00:00:00Z").to_string());
    let unsigned = |payload: &Json| Sealed { signature: [0; 64], ..granted(payload) };
    vec![
        refuse("the-kind-is-told-before-the-binding", "license-wrong-kind", sealed().file()).lease(UNBOUND),
        refuse("the-portal-is-told-before-the-signature-of-a-lease", "lease-other-portal", {
            Sealed { signature: [0; 64], ..other_portal().sign(LEASE_TYP, "{}") }.file()
        })
        .lease(LICENSE),
        refuse("the-signature-is-told-before-the-payload-of-a-lease", SIGNATURE, {
            unsigned(&Json::Scalar("not JSON".to_owned())).file()
        })
        .lease(LICENSE),
        refuse("the-time-is-told-before-the-summary-of-a-lease", "license-issued-ahead", {
            granted(&late).about(edited.clone()).file()
        })
        .lease(LICENSE),
        refuse("the-summary-of-a-lease-is-told-before-its-license", "license-summary-edited", {
            granted(&unknown).about(edited).file()
        })
        .lease(LICENSE),
        refused("the-license-of-a-lease-is-told-before-its-length", "lease-other-license", &{
            long.with("license", &format!("\"{}\"", digest(b"another license")))
        }),
        refused("the-length-of-a-lease-is-told-before-its-end", "lease-too-long", &long),
        refused("the-length-of-a-lease-is-told-before-the-computer", "lease-too-long", &long).on("pc-0002"),
    ]
}

fn return_says(sealed: &Sealed) -> Opened {
    Opened { identity: sealed.identity(), returned: Some("lease-000017".to_owned()), ..Opened::default() }
}

fn returned(payload: &Json) -> Sealed {
    device().sign(RETURN_TYP, &payload.compact())
}

fn returns() -> Vec<Case> {
    let sealed = returned(&return_code());
    let header = device().header(RETURN_TYP).replace("EdDSA", "Ed25519");
    let newer = device().sign_under(&header, &return_code().compact());
    let earlier = returned(&return_code().with("iat", "0"));
    let case = |name: &str, sealed: &Sealed, text: String| accept(name, return_says(sealed), text).return_code(LEASE);
    vec![
        case("a-return-code", &sealed, sealed.compact()),
        case("a-return-code-between-line-breaks", &sealed, format!("\r\n {}\r\n", sealed.compact())),
        case("a-return-code-with-the-newer-name-of-the-algorithm", &newer, newer.compact()),
        case("a-return-code-of-a-computer-without-a-clock", &earlier, earlier.compact()),
    ]
}

fn returns_refused() -> Vec<Case> {
    let base = return_code();
    let case = |name: &str, code: &str, sealed: &Sealed| refuse(name, code, sealed.compact()).return_code(LEASE);
    let signed = |name: &str, code: &str, payload: &Json| case(name, code, &returned(payload));
    let forged = Key { kid: device().kid, ..stranger() };
    let own = Key { kid: "pc-0001".to_owned(), ..device() };
    let text = base.compact();
    let bare = "accept/a-lease-with-only-what-is-needed.json";
    let mut cases = vec![
        signed("a-return-code-for-a-lease-without-a-key", "lease-no-device-key", &base).return_code(bare),
        case("a-return-code-of-the-portal", "license-key-unknown", &portal().sign(RETURN_TYP, &text)),
        case("a-return-code-of-another-computer", "license-key-unknown", &stranger().sign(RETURN_TYP, &text)),
        case("a-return-code-of-a-key-under-a-name-of-its-own", "license-key-unknown", &own.sign(RETURN_TYP, &text)),
        case("a-return-code-signed-under-the-name-of-the-computer", SIGNATURE, &forged.sign(RETURN_TYP, &text)),
        signed("a-return-code-for-another-lease", "lease-other-lease", &base.with("lease", "\"lease-000018\"")),
        signed("a-return-code-that-names-another-computer", "lease-other-device", &base.with("device", "\"pc-0002\"")),
        signed("a-return-code-of-schema-2", "license-needs-newer", &base.with("schema", "2")),
        signed("a-return-code-with-an-unknown-member", "license-needs-newer", &base.added("", "extra", "1")),
    ];
    for member in base.members() {
        cases.push(signed(&format!("a-return-code-with-{member}-left-out"), MALFORMED, &base.without(&member)));
        cases.push(signed(&format!("a-return-code-with-{member}-twice"), MALFORMED, &base.twice(&member)));
        cases.push(signed(&format!("a-return-code-with-{member}-null"), MALFORMED, &base.with(&member, "null")));
    }
    cases
}

/// Texts that are not three parts.
fn returns_misshapen() -> Vec<Case> {
    let sealed = returned(&return_code());
    let text = sealed.compact();
    let (signed, signature) = text.rsplit_once('.').expect("three parts");
    let case = |name: &str, code: &str, text: String| refuse(name, code, text).return_code(LEASE);
    vec![
        case("a-return-code-which-is-empty", "license-empty", "\n".to_owned()),
        case("a-return-code-without-its-signature", MALFORMED, signed.to_owned()),
        case("a-return-code-with-a-fourth-part", MALFORMED, format!("{text}.{signature}")),
        case("a-return-code-with-padding", MALFORMED, format!("{text}==")),
        case("a-return-code-broken-over-two-lines", MALFORMED, format!("{signed}.\n{signature}")),
        case("a-return-code-as-a-file", MALFORMED, sealed.file()),
        case("a-lease-as-a-return-code", "license-wrong-kind", granted(&lease()).compact()),
    ]
}
