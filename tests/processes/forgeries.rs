//! Files that must not come in, each with one fault, and what is said of it.

use std::path::PathBuf;

use catalog::Catalog;
use entitlement::{CatalogDigest, EntitlementDraft, SecretKey, seal_entitlement};
use serde_json::json;

use crate::vendor::{Vendor, at, draft, edited, flipped, own_key, resigned, trusted};

/// What is offered to the portal.
pub enum Offer {
    /// A file with these bytes.
    Bytes(Vec<u8>),
    /// A file together with a trust list.
    Both { license: Vec<u8>, trust: Vec<u8> },
    /// Something in the file system that is no readable file; it cannot be sent over HTTP.
    Path(PathBuf),
}

/// One fault.
pub struct Forgery {
    pub name: &'static str,
    pub offer: Offer,
    pub code: &'static str,
    pub exit: i32,
}

/// The sequence that is installed.
pub const INSTALLED: u32 = 5;
const SEATS: &[(&str, u32)] = &[("viewer", 25), ("creator", 5)];
const LONG_AGO: &str = "2020-01-01T00:00:00Z";
const FAR_AHEAD: &str = "2100-01-01T00:00:00Z";

/// The keys of the trust list, beside the demonstration key.
struct Keys {
    retired: SecretKey,
    later: SecretKey,
    revoked: SecretKey,
    stranger: SecretKey,
}

fn keys() -> Keys {
    Keys {
        retired: own_key("retired", 41),
        later: own_key("later", 42),
        revoked: own_key("revoked", 43),
        stranger: own_key("stranger", 44),
    }
}

/// The file in force.
pub fn installed(vendor: &Vendor) -> String {
    vendor.license(&draft(INSTALLED, SEATS))
}

/// The trust list in force, the second.
pub fn trust(vendor: &Vendor) -> String {
    let keys = keys();
    vendor.trust(|list| {
        list.keys.push(trusted(&keys.retired, LONG_AGO, "2021-01-01T00:00:00Z"));
        list.keys.push(trusted(&keys.later, "2099-01-01T00:00:00Z", FAR_AHEAD));
        list.keys.push(trusted(&keys.revoked, LONG_AGO, FAR_AHEAD));
        list.revoked_keys.insert(keys.revoked.kid().clone(), at("2024-06-01T00:00:00Z"));
        list.revoked_licenses.insert("SW-REVOKED".parse().expect("a license id"));
        list.min_sequence.insert("city".parse().expect("a contract id"), 2);
    })
}

/// The next file of the contract, changed.
fn next(edit: impl FnOnce(&mut EntitlementDraft)) -> EntitlementDraft {
    let mut next = draft(INSTALLED + 1, SEATS);
    edit(&mut next);
    next
}

fn forgery(name: &'static str, text: impl Into<Vec<u8>>, code: &'static str, exit: i32) -> Forgery {
    Forgery { name, offer: Offer::Bytes(text.into()), code, exit }
}

/// Every fault.
pub fn all(vendor: &Vendor) -> Vec<Forgery> {
    let mut all = of_bytes(vendor);
    all.extend(of_keys(vendor));
    all.extend(of_sense(vendor));
    all.extend(of_place(vendor));
    all
}

/// Bytes that are not what the vendor signed.
fn of_bytes(vendor: &Vendor) -> Vec<Forgery> {
    let good = vendor.license(&next(|_| ()));
    let middle = good.len() / 2;
    let twice = good.replacen('{', "{\n  \"signature\": \"\",", 1);
    let mut latin = good.clone().into_bytes();
    latin.splice(4..4, [0xe9]);
    let about = |path: &str, value| edited(&good, |outer| *outer.pointer_mut(path).expect("a summary") = value);
    vec![
        forgery("empty", "", "license-empty", 12),
        forgery("blank", " \n", "license-empty", 12),
        forgery("no JSON", "dear customer", "license-malformed", 12),
        forgery("not UTF-8", latin, "license-not-utf8", 12),
        forgery("truncated", &good.as_bytes()[..middle], "license-malformed", 12),
        forgery("too large by a byte", " ".repeat(entitlement::LIMIT + 1), "license-too-large", 12),
        forgery("a member twice", twice, "license-malformed", 12),
        forgery("a member too many", edited(&good, |outer| outer["extra"] = json!(1)), "license-malformed", 12),
        forgery(
            "a member of another type",
            edited(&good, |outer| outer["payload"] = json!(7)),
            "license-malformed",
            12,
        ),
        forgery("an array", format!("[{good}]"), "license-malformed", 12),
        forgery("a payload bit", flipped(&good, "payload", 40), "license-signature", 10),
        forgery("a signature bit", flipped(&good, "signature", 5), "license-signature", 10),
        forgery("the summary's count", about("/about/user_types/viewer", json!(250)), "license-summary-edited", 15),
        forgery("the summary's name", about("/about/customer", json!("Town")), "license-summary-edited", 15),
    ]
}

/// Signed by a key that does not count.
fn of_keys(vendor: &Vendor) -> Vec<Forgery> {
    let keys = keys();
    let good = vendor.license(&next(|_| ()));
    let signed = |key: &SecretKey| seal_entitlement(&next(|_| ()), key).expect("an entitlement");
    let imposter = own_key("demo", 45);
    // The neutral element: for it a signature of zeros verifies many a message.
    let weak = json!({"kid": "weak", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                      "nbf": 1_577_836_800, "exp": 4_102_444_800_u64});
    let weak = resigned(&trust(vendor), &vendor.root, |list| {
        list["version"] = json!(3);
        list["keys"].as_array_mut().expect("keys").push(weak);
    });
    let older = vendor.trust(|list| list.version = 1);
    let brought = |name, trust: String, code, exit| {
        let offer = Offer::Both { license: good.clone().into_bytes(), trust: trust.into_bytes() };
        Forgery { name, offer, code, exit }
    };
    let by_stranger = resigned(&trust(vendor), &keys.stranger, |_| ());
    vec![
        forgery("an unknown key", signed(&keys.stranger), "license-key-unknown", 11),
        forgery("another key of the same name", signed(&imposter), "license-signature", 10),
        forgery("a retired key", signed(&keys.retired), "license-key-retired", 11),
        forgery("a key of later", signed(&keys.later), "license-key-not-yet-valid", 11),
        forgery("a revoked key", signed(&keys.revoked), "license-key-revoked", 11),
        brought("a trust list with a weak key", weak, "license-key-weak", 11),
        brought("a trust list of a stranger", by_stranger, "license-key-unknown", 11),
        brought("an older trust list", older, "trust-list-older", 14),
        brought("a license as the trust list", good.clone(), "license-wrong-kind", 12),
        forgery("a trust list as the license", trust(vendor), "license-wrong-kind", 12),
    ]
}

/// Signed by the right key, and still not to be understood.
fn of_sense(vendor: &Vendor) -> Vec<Forgery> {
    let good = vendor.license(&next(|_| ()));
    let signed = |edit: &dyn Fn(&mut serde_json::Value)| resigned(&good, &vendor.demo, edit);
    vec![
        forgery("a renamed member", signed(&|payload| payload["exq"] = json!(1)), "license-needs-newer", 12),
        forgery("a later schema", signed(&|payload| payload["schema"] = json!(2)), "license-needs-newer", 12),
        forgery(
            "a count that is a text",
            signed(&|payload| payload["user_types"][0]["count"] = json!("25")),
            "license-malformed",
            12,
        ),
        forgery(
            "a count below nothing",
            signed(&|payload| payload["user_types"][0]["count"] = json!(-1)),
            "license-malformed",
            12,
        ),
        forgery(
            "no counts",
            signed(&|payload| drop(payload.as_object_mut().expect("an object").remove("user_types"))),
            "license-malformed",
            12,
        ),
    ]
}

/// Good files that are not for this portal, this contract, or this time.
fn of_place(vendor: &Vendor) -> Vec<Forgery> {
    let elsewhere = SecretKey::self_named(&[9; 32]).public();
    let sealed = |edit: &dyn Fn(&mut EntitlementDraft)| vendor.license(&next(edit));
    let other = CatalogDigest::of(b"another catalog");
    assert_ne!(other, *Catalog::arcgis().digest());
    vec![
        forgery("for another portal", sealed(&|one| one.portal = Some(elsewhere.clone())), "license-wrong-portal", 13),
        forgery("older", vendor.license(&draft(INSTALLED - 1, SEATS)), "license-older", 14),
        forgery("the same sequence", vendor.license(&draft(INSTALLED, &[("viewer", 99)])), "license-reused", 14),
        forgery(
            "another contract",
            sealed(&|one| one.contract = "town".parse().expect("a contract id")),
            "license-other-contract",
            14,
        ),
        forgery("another catalog", sealed(&|one| one.catalog.sha256 = other), "license-catalog-mismatch", 12),
        forgery("for a newer trust list", sealed(&|one| one.min_trust = 9), "license-needs-newer-trust", 12),
        forgery("ended", sealed(&|one| one.exp = Some(at("2024-06-01T00:00:00Z"))), "license-ended", 20),
        forgery("of the future", sealed(&|one| one.iat = at("2090-01-01T00:00:00Z")), "license-issued-ahead", 21),
        forgery("revoked", sealed(&|one| one.jti = "SW-REVOKED".parse().expect("a license id")), "license-revoked", 20),
    ]
}
