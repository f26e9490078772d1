//! The keys, the trust lists, and one text of each kind that the cases change.

use std::collections::BTreeMap;

use entitlement::Moment;
use sha2::{Digest as _, Sha256};

use super::index::{Highest, InstalledFile, Opened, PlaceFacts};
use super::json::Json;
use super::sign::{Key, Sealed, base64url};

/// The kinds.
pub const TYPS: [(&str, &str); 7] = [
    ("trust", "seatwarden-trust+jwt"),
    ("entitlement", "seatwarden-entitlement+jwt"),
    ("catalog", "seatwarden-catalog+jwt"),
    ("portal", "seatwarden-portal+jwt"),
    ("lease", "seatwarden-lease+jwt"),
    ("usage", "seatwarden-usage+jwt"),
    ("return", "seatwarden-return+jwt"),
];

pub const TRUST_TYP: &str = TYPS[0].1;
pub const ENTITLEMENT_TYP: &str = TYPS[1].1;
pub const CATALOG_TYP: &str = TYPS[2].1;
pub const REQUEST_TYP: &str = TYPS[3].1;
pub const LEASE_TYP: &str = TYPS[4].1;
pub const RETURN_TYP: &str = TYPS[6].1;

/// The roots of all lists but one.
pub const ROOTS: &str = "roots.json";
/// The trust list of most cases.
pub const TRUST: &str = "trust/version-7.json";
/// An earlier one, which has expired.
pub const EXPIRED_TRUST: &str = "trust/version-6-which-has-expired.json";
/// The roots and the trust list where one key is root, vendor and portal at once.
pub const ONE_KEY_ROOTS: &str = "roots-of-one-key.json";
pub const ONE_KEY_TRUST: &str = "trust/one-key.json";
/// The entitlement under which most leases are granted, and the lease that most return codes give back.
pub const LICENSE: &str = "accept/an-entitlement-with-every-member.json";
pub const LEASE: &str = "accept/a-lease-as-it-is-sealed.json";
/// The same two of the key that is everything at once.
pub const ONE_KEY_LICENSE: &str = "accept/the-bound-entitlement-of-the-mixed-up-kinds.json";
pub const ONE_KEY_LEASE: &str = "accept/the-lease-of-the-mixed-up-kinds.json";

pub fn root() -> Key {
    Key::named("root-a", 0x41)
}

/// Signs from 2026 to the end of 2027.
pub fn vendor() -> Key {
    Key::named("vendor-2026-a", 0x42)
}

/// Signed until the middle of 2026.
pub fn retired() -> Key {
    Key::named("vendor-2025-a", 0x43)
}

/// Signs from 2027.
pub fn coming() -> Key {
    Key::named("vendor-2027-a", 0x44)
}

/// Revoked from the middle of November 2026.
pub fn revoked() -> Key {
    Key::named("vendor-2026-b", 0x45)
}

/// In no list.
pub fn stranger() -> Key {
    Key::named("stranger", 0x46)
}

pub fn portal() -> Key {
    Key::self_named(0x47)
}

pub fn other_portal() -> Key {
    Key::self_named(0x48)
}

/// Root, vendor and portal at once.
pub fn one_key() -> Key {
    Key::self_named(0x49)
}

/// The key of the computer that has the leases.
pub fn device() -> Key {
    Key::self_named(0x4a)
}

/// `NumericDate` of a written instant.
pub fn at(text: &str) -> i64 {
    Moment::parse(text).expect("an instant").unix()
}

/// A text with each `@` before an instant turned into its `NumericDate`, without line breaks and indentation.
fn compact(text: &str) -> Json {
    let mut parts = text.split('@');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (instant, rest) = part.split_at(20);
        whole.push_str(&at(instant).to_string());
        whole.push_str(rest);
    }
    Json::read(&whole.lines().map(str::trim).collect::<String>())
}

/// The payload of an unbound entitlement.
pub fn entitlement() -> Json {
    let text = r#"{"schema":1,"jti":"SW-2026-000123","contract":"city-of-example","sequence":4,"min_trust":7,
        "iss":"Example Vendor","iat":@2026-12-10T00:00:00Z,"nbf":@2026-12-01T00:00:00Z,"exp":@2027-12-01T00:00:00Z,
        "customer":{"id":"city-of-example","name":"City of Example"},
        "catalog":{"id":"example","sha256":"CATALOG"},
        "user_types":[{"id":"viewer","count":25},{"id":"creator","count":5}],
        "add_ons":[{"id":"arcgis-pro-standard","count":2}],
        "policy":{"one_over":1,"session_minutes":30,"computers":3,"save_minutes":60,"offline":true,"offline_days":30}}"#;
    compact(&text.replace("CATALOG", &digest(CATALOG.as_bytes())))
}

/// The payload of an entitlement with every member that there is.
pub fn full() -> Json {
    let text = r#"{"schema":1,"jti":"SW-2026-000123","contract":"city-of-example","sequence":4,
        "supersedes":"BEFORE","replaces":["village-of-example"],"min_trust":7,
        "iss":"Example Vendor","iat":@2026-12-10T00:00:00Z,"nbf":@2026-12-01T00:00:00Z,"exp":@2027-12-01T00:00:00Z,
        "aud":"PORTAL","cnf":{"jwk":{"kty":"OKP","crv":"Ed25519","x":"KEY"}},
        "customer":{"id":"city-of-example","name":"City of Example"},
        "catalog":{"id":"example","sha256":"CATALOG"},
        "user_types":[{"id":"creator","count":5,"from":@2026-12-05T00:00:00Z,"until":@2027-02-01T00:00:00Z}],
        "add_ons":[{"id":"arcgis-pro-standard","count":2,"from":@2026-12-05T00:00:00Z,"until":@2027-02-01T00:00:00Z,
        "trial":true}],
        "policy":{"one_over":1,"session_minutes":30,"computers":3,"save_minutes":60,"offline":true,"offline_days":30},
        "ext":{"order":"4711"},"note":"Renewal in autumn."}"#;
    let text = text.replace("CATALOG", &digest(CATALOG.as_bytes())).replace("BEFORE", &digest(b"sequence 3"));
    compact(&text.replace("PORTAL", &portal().kid).replace("KEY", &portal().x()))
}

/// The summary of both.
pub fn about() -> Json {
    compact(
        r#"{"file":"Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.",
        "license":"SW-2026-000123","sequence":4,"customer":"City of Example","from":"2026-12-01T00:00:00Z",
        "until":"2027-12-01T00:00:00Z","user_types":{"creator":5,"viewer":25},"add_ons":{"arcgis-pro-standard":2}}"#,
    )
}

/// The summary of the full one.
pub fn about_full() -> Json {
    about().without("user_types.viewer")
}

/// A short text in the place of a catalog; what a catalog holds is not looked at when its signature is checked.
pub const CATALOG: &str = r#"{"id":"example","user_types":[]}"#;

pub fn about_catalog() -> Json {
    let file = "Seatwarden catalog. Only the signed part counts; this summary is checked against it.";
    Json::read(&format!(r#"{{"file":"{file}","sha256":"{}"}}"#, digest(CATALOG.as_bytes())))
}

/// The payload of an activation request.
pub fn request(key: &Key) -> Json {
    compact(&format!(
        r#"{{"schema":1,"portal":"{}","iat":@2026-12-10T00:00:00Z,"jwk":{{"kty":"OKP","crv":"Ed25519","x":"{}"}}}}"#,
        key.kid,
        key.x()
    ))
}

pub fn about_request(key: &Key) -> Json {
    let file = "Seatwarden activation request. Send it to your vendor; the signed part holds this portal's public key.";
    Json::read(&format!(r#"{{"file":"{file}","portal":"{}","issued":"2026-12-10T00:00:00Z"}}"#, key.kid))
}

/// The payload of a usage report with every member that there is.
pub fn usage_report(key: &Key) -> Json {
    compact(&format!(
        r#"{{"schema":1,"portal":"{}","iat":@2026-12-10T00:00:00Z,"epoch":2,"clock_accepted":1,"trust_version":7,"license":{{"license":"SW-2026-000123","contract":"city-of-example","sequence":4,"identity":"yIup3CV5mujXi9ZkJ59JehNLxrcjIGl8EJ9snoSGAjg","bound":true}},"user_types":[{{"id":"viewer","licensed":25,"assigned":26}},{{"id":"creator","licensed":5,"assigned":4}}],"add_ons":[{{"id":"arcgis-pro-standard","licensed":2,"assigned":2}}],"jwk":{{"kty":"OKP","crv":"Ed25519","x":"{}"}}}}"#,
        key.kid,
        key.x()
    ))
}

pub fn about_usage_report(key: &Key) -> Json {
    let file = "Seatwarden usage report, version 1. Only the signed part counts; this summary is checked against it.";
    Json::read(&format!(
        r#"{{"file":"{file}","portal":"{}","issued":"2026-12-10T00:00:00Z","epoch":2,"license":"SW-2026-000123","sequence":4}}"#,
        key.kid
    ))
}

/// The payload of a lease with every member that there is: thirty days offline.
pub fn lease() -> Json {
    let text = r#"{"schema":1,"jti":"lease-000017","iss":"PORTAL","sub":"member-17","username":"ada",
        "product":"arcgis-pro","level":"standard","extensions":["spatial-analyst"],
        "device":{"id":"pc-0001","name":"Ada's laptop","jwk":{"kty":"OKP","crv":"Ed25519","x":"KEY"}},
        "use":"offline","iat":@2026-12-10T00:00:00Z,"nbf":@2026-12-10T00:00:00Z,"exp":@2027-01-09T00:00:00Z,
        "license":"LICENSE","epoch":3}"#;
    let text = text.replace("PORTAL", &portal().kid).replace("KEY", &device().x());
    compact(&text.replace("LICENSE", &sealed_full().identity()))
}

pub fn about_lease() -> Json {
    compact(
        r#"{"file":"Seatwarden lease, version 1. Only the signed part counts; this summary is checked against it.",
        "lease":"lease-000017","use":"offline","member":"ada","product":"arcgis-pro","level":"standard",
        "extensions":["spatial-analyst"],"device":"Ada's laptop","from":"2026-12-10T00:00:00Z",
        "until":"2027-01-09T00:00:00Z"}"#,
    )
}

/// The payload of the code that gives it back.
pub fn return_code() -> Json {
    compact(r#"{"schema":1,"lease":"lease-000017","device":"pc-0001","iat":@2026-12-14T00:00:00Z}"#)
}

/// The bound entitlement of the key that is everything at once.
pub fn one_key_license() -> Sealed {
    let key = one_key();
    let payload = full().with("aud", &format!("\"{}\"", key.kid)).with("cnf.jwk.x", &format!("\"{}\"", key.x()));
    key.sign(ENTITLEMENT_TYP, &payload.compact())
}

/// The payload of the lease of that key, which is the key of the computer too.
pub fn one_key_lease() -> Json {
    let key = one_key();
    lease()
        .with("iss", &format!("\"{}\"", key.kid))
        .with("device.jwk.x", &format!("\"{}\"", key.x()))
        .with("license", &format!("\"{}\"", one_key_license().identity()))
}

/// The payload of the trust list of most cases.
pub fn trust() -> Json {
    let key = |key: Key, nbf: &str, exp: &str| {
        format!(r#"{{"kid":"{}","x":"{}","nbf":{},"exp":{}}}"#, key.kid, key.x(), at(nbf), at(exp))
    };
    let keys = [
        key(vendor(), "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
        key(retired(), "2025-01-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        key(coming(), "2027-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
        key(revoked(), "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
    ];
    let text = r#"{"version":7,"iat":@2026-11-20T00:00:00Z,"expires":@2027-12-02T00:00:00Z,"keys":[KEYS],
        "revoked_keys":[{"kid":"vendor-2026-b","from":@2026-11-15T00:00:00Z}],
        "revoked_licenses":["SW-2026-000013"],"min_sequence":{"town-of-example":3}}"#;
    compact(&text.replace("KEYS", &keys.join(",")))
}

pub fn about_trust() -> Json {
    compact(
        r#"{"file":"Seatwarden trust list. Only the signed part counts; this summary is checked against it.",
        "version":7,"issued":"2026-11-20T00:00:00Z","expires":"2027-12-02T00:00:00Z",
        "keys":["vendor-2026-a","vendor-2025-a","vendor-2027-a","vendor-2026-b"],"revoked_keys":["vendor-2026-b"]}"#,
    )
}

/// An earlier list, which has expired.
pub fn expired_trust() -> Json {
    let text = r#"{"version":6,"iat":@2025-12-02T00:00:00Z,"expires":@2026-12-02T00:00:00Z,
        "keys":[{"kid":"KID","x":"XXX","nbf":@2026-01-01T00:00:00Z,"exp":@2028-01-01T00:00:00Z}],
        "revoked_keys":[],"revoked_licenses":[],"min_sequence":{}}"#;
    compact(&text.replace("KID", &vendor().kid).replace("XXX", &vendor().x()))
}

/// The list of the key that is everything at once.
pub fn one_key_trust() -> Json {
    let key = one_key();
    expired_trust()
        .with("version", "7")
        .with("expires", &at("2027-12-02T00:00:00Z").to_string())
        .with("keys.0.kid", &format!("\"{}\"", key.kid))
        .with("keys.0.x", &format!("\"{}\"", key.x()))
}

/// An entitlement of the vendor, without a summary.
pub fn licensed(payload: &Json) -> Sealed {
    vendor().sign(ENTITLEMENT_TYP, &payload.compact())
}

/// The entitlement as the issuer writes it.
pub fn sealed() -> Sealed {
    licensed(&entitlement()).about(about())
}

/// The one with every member.
pub fn sealed_full() -> Sealed {
    licensed(&full()).about(about_full())
}

pub fn digest(bytes: &[u8]) -> String {
    base64url(&Sha256::digest(bytes))
}

/// A portal with the catalog and without a file.
pub fn place() -> PlaceFacts {
    PlaceFacts { portal: Some(portal().kid), catalogs: vec![digest(CATALOG.as_bytes())], ..PlaceFacts::default() }
}

/// The same portal with a file of that contract and sequence installed.
pub fn place_with(contract: &str, sequence: u32, identity: &str) -> PlaceFacts {
    let highest = Highest { sequence, identity: identity.to_owned() };
    PlaceFacts {
        highest: BTreeMap::from([(contract.to_owned(), highest)]),
        installed: Some(InstalledFile {
            contract: contract.to_owned(),
            iss: "Example Vendor".to_owned(),
            customer: "city-of-example".to_owned(),
        }),
        ..place()
    }
}

/// What an opened entitlement with 25 viewers, 5 creators and 2 add-ons says in the usual place.
pub fn says(file: &Sealed) -> Opened {
    says_counts(file, &[("viewer", 25), ("creator", 5)], &[("arcgis-pro-standard", 2)])
}

pub fn says_counts(file: &Sealed, user_types: &[(&str, u64)], add_ons: &[(&str, u64)]) -> Opened {
    let map = |counts: &[(&str, u64)]| counts.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect();
    Opened {
        identity: file.identity(),
        admission: Some("new".to_owned()),
        term_state: Some("in-term".to_owned()),
        revoked: Some(false),
        user_types: Some(map(user_types)),
        add_ons: Some(map(add_ons)),
        ..Opened::default()
    }
}
