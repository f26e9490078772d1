//! The files that every verifier is given: an untouched one, and one for each way of being wrong.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use entitlement::{
    CatalogDigest, CatalogRef, Customer, EntitlementDraft, Moment, Name, Policy, Roots, SecretKey, TrustListDraft,
    TrustedKey, UserTypeLine, seal_entitlement, seal_trust_list,
};
use serde_json::{Value, json};

/// What a verifier must answer.
pub enum Outcome {
    /// What the untouched file says.
    Genuine,
    /// A refusal whose reason holds one of these words.
    Refused(&'static [&'static str]),
}

/// Three files and what is to be said of them.
pub struct Case {
    pub name: &'static str,
    pub file: PathBuf,
    pub trust: PathBuf,
    pub roots: PathBuf,
    pub outcome: Outcome,
}

const ROOT_SEED: [u8; 32] = [11; 32];
const VENDOR_SEED: [u8; 32] = [22; 32];
const STRANGER_SEED: [u8; 32] = [33; 32];

fn at(text: &str) -> Moment {
    Moment::parse(text).expect("an instant")
}

fn key(kid: &str, seed: &[u8; 32]) -> SecretKey {
    SecretKey::from_seed(kid.parse().expect("a key id"), seed)
}

fn roots(kid: &str, seed: &[u8; 32]) -> String {
    Roots::new(vec![key(kid, seed).public()]).expect("a root set").to_jwk_set()
}

fn line(id: &str, count: u32, from: Option<&str>, until: Option<&str>) -> UserTypeLine {
    UserTypeLine { id: id.parse().expect("an id"), count, from: from.map(at), until: until.map(at) }
}

/// 25 viewers and 5 creators, 2 of them on a line of their own; lines that ended or lie far ahead count nothing.
fn entitlement(edit: impl FnOnce(&mut EntitlementDraft)) -> String {
    let mut draft = EntitlementDraft {
        jti: "SW-2026-000123".parse().expect("a license id"),
        contract: "city-of-example".parse().expect("a contract id"),
        sequence: 4,
        supersedes: None,
        replaces: Vec::new(),
        min_trust: 1,
        iss: Name::parse("Example Vendor").expect("a name"),
        iat: at("2020-06-01T00:00:00Z"),
        nbf: at("2020-06-01T00:00:00Z"),
        exp: None,
        portal: None,
        // A name may look like JSON; a verifier that searches for patterns must not find members in it.
        customer: Customer {
            id: "city-of-example".parse().expect("a customer id"),
            name: Name::parse("City \"exp\":1,\"user_types\":[{ of Example").expect("a name"),
        },
        catalog: CatalogRef { id: "arcgis".parse().expect("a catalog id"), sha256: CatalogDigest::of(b"catalog") },
        user_types: vec![
            line("viewer", 25, None, None),
            line("creator", 3, None, None),
            line("creator", 2, Some("2020-07-01T00:00:00Z"), Some("2100-01-01T00:00:00Z")),
            line("viewer", 7, None, Some("2020-08-01T00:00:00Z")),
            line("creator", 9, Some("2100-01-01T00:00:00Z"), None),
        ],
        add_ons: Vec::new(),
        policy: Policy::default(),
        ext: None,
        note: None,
    };
    edit(&mut draft);
    seal_entitlement(&draft, &key("vendor", &VENDOR_SEED)).expect("an entitlement")
}

fn trust(edit: impl FnOnce(&mut TrustListDraft)) -> String {
    let mut draft = TrustListDraft {
        version: 3,
        iat: at("2020-01-01T00:00:00Z"),
        expires: at("2100-01-01T00:00:00Z"),
        keys: vec![TrustedKey {
            key: key("vendor", &VENDOR_SEED).public(),
            nbf: at("2020-01-01T00:00:00Z"),
            exp: at("2100-01-01T00:00:00Z"),
        }],
        revoked_keys: [("former".parse().expect("a key id"), at("2020-02-01T00:00:00Z"))].into(),
        revoked_licenses: ["SW-2019-000007".parse().expect("a license id")].into(),
        min_sequence: [("city-of-example".parse().expect("a contract id"), 2)].into(),
    };
    edit(&mut draft);
    seal_trust_list(&draft, &key("root", &ROOT_SEED)).expect("a trust list")
}

pub fn edited(file: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::from_str(file).expect("an envelope");
    edit(&mut value);
    value.to_string()
}

/// The bytes that a base64url member encodes.
pub fn decoded(member: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(member.as_str().expect("a text")).expect("base64url")
}

/// The text of a base64url member with one byte of what it encodes changed.
pub fn flipped(member: &Value, index: usize) -> Value {
    let mut bytes = decoded(member);
    bytes[index] ^= 1;
    json!(URL_SAFE_NO_PAD.encode(bytes))
}

/// The same payload under another header, signed anew by the same vendor key.
fn resealed(file: &str, header: &Value) -> String {
    edited(file, |value| {
        let protected = URL_SAFE_NO_PAD.encode(header.to_string());
        let input = format!("{protected}.{}", value["payload"].as_str().expect("a payload"));
        let signature = SigningKey::from_bytes(&VENDOR_SEED).sign(input.as_bytes());
        value["protected"] = json!(protected);
        value["signature"] = json!(URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    })
}

/// Writes the files of every case into a folder.
pub fn write_all(folder: &Path) -> Vec<Case> {
    std::fs::create_dir_all(folder).expect("a folder");
    let write = |name: &str, part: &str, text: &str| {
        let path = folder.join(format!("{}-{part}.json", name.replace(' ', "-")));
        std::fs::write(&path, text).expect("a file");
        path
    };
    let (genuine_roots, strange_roots) = (roots("root", &ROOT_SEED), roots("root", &STRANGER_SEED));
    let case = |(name, file, trust, outcome): (&'static str, String, String, Outcome)| Case {
        name,
        file: write(name, "file", &file),
        trust: write(name, "trust", &trust),
        roots: write(name, "roots", if name == "unknown root" { &strange_roots } else { &genuine_roots }),
        outcome,
    };
    let (untouched, mut cases) = (entitlement(|_| ()), tampered());
    cases.extend(out_of_place());
    cases.push(("untouched", untouched.clone(), trust(|_| ()), Outcome::Genuine));
    let windows = format!("\u{feff}{}", untouched.replace('\n', "\r\n"));
    cases.push(("as Windows writes it", windows, trust(|_| ()), Outcome::Genuine));
    cases.push(("on one line", edited(&untouched, |_| ()), trust(|_| ()), Outcome::Genuine));
    cases.into_iter().map(case).collect()
}

type Files = (&'static str, String, String, Outcome);

/// Files whose bytes are not those that the vendor signed.
fn tampered() -> Vec<Files> {
    let file = entitlement(|_| ());
    let refused = |words| Outcome::Refused(words);
    let payload = edited(&file, |file| file["payload"] = flipped(&file["payload"], 40));
    let signature = edited(&file, |file| file["signature"] = flipped(&file["signature"], 5));
    let header = json!({"alg": "EdDSA", "kid": "vendor", "typ": "seatwarden-entitlement+jwt", "x": 1});
    let header = edited(&file, |file| file["protected"] = json!(URL_SAFE_NO_PAD.encode(header.to_string())));
    let stranger = json!({"alg": "EdDSA", "kid": "stranger", "typ": "seatwarden-entitlement+jwt"});
    let lease = json!({"alg": "EdDSA", "kid": "vendor", "typ": "seatwarden-lease+jwt"});
    let unsigned = json!({"alg": "none", "kid": "vendor", "typ": "seatwarden-entitlement+jwt"});
    vec![
        ("payload byte changed", payload, trust(|_| ()), refused(&["signature", "is not what the key"])),
        ("signature byte changed", signature, trust(|_| ()), refused(&["signature", "is not what the key"])),
        ("header member added", header, trust(|_| ()), refused(&["signature", "unknown member", "in header"])),
        ("key unknown", resealed(&file, &stranger), trust(|_| ()), refused(&["stranger"])),
        (
            "of another kind",
            resealed(&file, &lease),
            trust(|_| ()),
            refused(&["seatwarden-lease+jwt", "\"typ\"", "kind `lease`"]),
        ),
        ("without an algorithm", resealed(&file, &unsigned), trust(|_| ()), refused(&["alg"])),
        (
            "trust list as the file",
            trust(|_| ()),
            trust(|_| ()),
            refused(&["root", "seatwarden-trust+jwt", "kind `trust list`"]),
        ),
        (
            "file as the trust list",
            file.clone(),
            file.clone(),
            refused(&["vendor", "seatwarden-entitlement+jwt", "kind `entitlement`"]),
        ),
        ("cut short", file[..file.len() / 2].to_owned(), trust(|_| ()), refused(&["file", "json"])),
        ("unknown root", file, trust(|_| ()), refused(&["signature", "is not what the key"])),
    ]
}

/// Genuine files that must not be used now.
fn out_of_place() -> Vec<Files> {
    let refused = |words| Outcome::Refused(words);
    let file = || entitlement(|_| ());
    let ended = entitlement(|draft| draft.exp = Some(at("2021-01-01T00:00:00Z")));
    let future = entitlement(|draft| draft.nbf = at("2099-01-01T00:00:00Z"));
    let retired = trust(|draft| draft.keys[0].exp = at("2020-03-01T00:00:00Z"));
    let revoked = trust(|draft| {
        draft.revoked_keys.insert(draft.keys[0].key.kid().clone(), draft.iat);
    });
    let taken_back = trust(|draft| {
        draft.revoked_licenses.insert("SW-2026-000123".parse().expect("an id"));
    });
    let newer = trust(|draft| {
        draft.min_sequence.insert("city-of-example".parse().expect("an id"), 5);
    });
    vec![
        ("ended", ended, trust(|_| ()), refused(&["expired", "ended", "\"exp\"", "out of term"])),
        ("not begun", future, trust(|_| ()), refused(&["not yet valid", "begun", "\"nbf\"", "nbf", "out of term"])),
        ("key retired", file(), retired, refused(&["not valid when", "retired", "valid until"])),
        ("key revoked", file(), revoked, refused(&["revoked"])),
        ("license revoked", file(), taken_back, refused(&["revoked"])),
        ("newer file exists", file(), newer, refused(&["a newer file", "revoked"])),
        ("trust list too old", entitlement(|draft| draft.min_trust = 4), trust(|_| ()), refused(&["trust list"])),
    ]
}
