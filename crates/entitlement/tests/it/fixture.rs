//! A vendor, a portal, one file of each kind, and a signer that signs anything.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use entitlement::*;
use serde_json::{Value, json};

pub const ROOT: [u8; 32] = [1; 32];
pub const VENDOR: [u8; 32] = [2; 32];
pub const OLD: [u8; 32] = [3; 32];
pub const PORTAL: [u8; 32] = [4; 32];
pub const STRANGER: [u8; 32] = [5; 32];

/// The instant at which everything here happens.
pub fn now() -> Moment {
    at("2026-12-15T00:00:00Z")
}

pub fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn kid(text: &str) -> KeyId {
    KeyId::parse(text).unwrap()
}

pub fn contract(text: &str) -> ContractId {
    ContractId::parse(text).unwrap()
}

pub fn creator() -> UserTypeId {
    UserTypeId::parse("creator").unwrap()
}

pub fn viewer() -> UserTypeId {
    UserTypeId::parse("viewer").unwrap()
}

pub fn root() -> SecretKey {
    SecretKey::from_seed(kid("root-a"), &ROOT)
}

pub fn vendor() -> SecretKey {
    SecretKey::from_seed(kid("vendor-a"), &VENDOR)
}

/// A key that the trust list holds and revokes.
pub fn old() -> SecretKey {
    SecretKey::from_seed(kid("vendor-old"), &OLD)
}

pub fn portal() -> SecretKey {
    SecretKey::self_named(&PORTAL)
}

pub fn roots() -> Roots {
    Roots::new(vec![root().public()]).unwrap()
}

/// `vendor-a` counts through 2026 and 2027, `vendor-old` too, but is revoked from December 2026.
pub fn trust_draft() -> TrustListDraft {
    let (nbf, exp) = (at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    TrustListDraft {
        version: 7,
        iat: at("2026-12-02T00:00:00Z"),
        expires: at("2027-12-02T00:00:00Z"),
        keys: vec![TrustedKey { key: vendor().public(), nbf, exp }, TrustedKey { key: old().public(), nbf, exp }],
        revoked_keys: BTreeMap::from([(kid("vendor-old"), at("2026-12-01T00:00:00Z"))]),
        revoked_licenses: BTreeSet::from([LicenseId::parse("SW-2026-000013").unwrap()]),
        min_sequence: BTreeMap::from([(contract("town-of-example"), 3)]),
    }
}

pub fn trust() -> TrustList {
    trust_of(&trust_draft())
}

pub fn trust_of(draft: &TrustListDraft) -> TrustList {
    open_trust_list(seal_trust_list(draft, &root()).unwrap().as_bytes(), &roots(), now()).unwrap()
}

pub fn line(id: &str, count: u32) -> UserTypeLine {
    UserTypeLine { id: UserTypeId::parse(id).unwrap(), count, from: None, until: None }
}

pub fn add_on(id: &str, count: u32) -> AddOnLine {
    AddOnLine { id: AddOnId::parse(id).unwrap(), count, from: None, until: None, trial: None }
}

/// Twenty-five viewers, five creators and an add-on, for December 2026 to November 2027, unbound.
pub fn draft() -> EntitlementDraft {
    EntitlementDraft {
        jti: LicenseId::parse("SW-2026-000123").unwrap(),
        contract: contract("city-of-example"),
        sequence: 4,
        supersedes: None,
        replaces: vec![],
        min_trust: 7,
        iss: Name::parse("Example Vendor").unwrap(),
        iat: at("2026-12-10T00:00:00Z"),
        nbf: at("2026-12-01T00:00:00Z"),
        exp: Some(at("2027-12-01T00:00:00Z")),
        portal: None,
        customer: Customer {
            id: CustomerId::parse("city-of-example").unwrap(),
            name: Name::parse("City of Example").unwrap(),
        },
        catalog: CatalogRef { id: CatalogId::parse("arcgis").unwrap(), sha256: CatalogDigest::of(b"catalog") },
        user_types: vec![line("viewer", 25), line("creator", 5)],
        add_ons: vec![add_on("arcgis-pro-standard", 2)],
        policy: Policy::default(),
        ext: None,
        note: None,
    }
}

/// The same with everything that may be absent.
pub fn full_draft() -> EntitlementDraft {
    let mut draft = draft();
    draft.supersedes = Some(Identity::of(b"sequence 3"));
    draft.replaces = vec![contract("village-of-example")];
    draft.portal = Some(portal().public());
    draft.user_types[0].from = Some(at("2027-01-01T00:00:00Z"));
    draft.user_types[0].until = Some(at("2027-02-01T00:00:00Z"));
    draft.add_ons[0].from = Some(at("2027-03-01T00:00:00Z"));
    draft.add_ons[0].until = Some(at("2027-04-01T00:00:00Z"));
    draft.add_ons[0].trial = Some(true);
    draft.ext = Some(Ext::parse(r#"{"order":{"po":"4711"}}"#).unwrap());
    draft.note = Some(Note::parse("Renewal in autumn.").unwrap());
    draft
}

pub fn sealed(draft: &EntitlementDraft) -> String {
    seal_entitlement(draft, &vendor()).unwrap()
}

pub fn open(file: &str) -> Result<Entitlement, OpenError> {
    open_entitlement(file.as_bytes(), &trust(), Use::Importing, now())
}

pub fn opened(draft: &EntitlementDraft) -> Entitlement {
    open(&sealed(draft)).unwrap()
}

pub fn open_trust(file: &str) -> Result<TrustList, OpenError> {
    open_trust_list(file.as_bytes(), &roots(), now())
}

pub fn base64url(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

pub fn header(kid: &str, kind: Kind) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"{}"}}"#, kind.typ())
}

/// Signs any two texts as header and payload; no summary.
pub fn sign(header: &str, payload: &str, seed: &[u8; 32]) -> String {
    sign_encoded(&base64url(header), &base64url(payload), seed)
}

/// Signs any two strings as they are.
pub fn sign_encoded(protected: &str, payload: &str, seed: &[u8; 32]) -> String {
    let signature = SigningKey::from_bytes(seed).sign(format!("{protected}.{payload}").as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
    json!({"payload": payload, "protected": protected, "signature": signature}).to_string()
}

/// Signs a payload as an entitlement of the trusted vendor.
pub fn vendor_signed(payload: &str) -> String {
    sign(&header("vendor-a", Kind::Entitlement), payload, &VENDOR)
}

pub fn root_signed(payload: &str) -> String {
    sign(&header("root-a", Kind::Trust), payload, &ROOT)
}

/// The text of a file's payload.
pub fn payload_text(file: &str) -> String {
    peek_kind(file.as_bytes()).unwrap().payload_text
}

pub fn outer(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}

pub fn malformed(place: &'static str, problem: &str) -> OpenError {
    OpenError::Malformed { place, problem: problem.to_owned() }
}

/// The code with which something is refused, or `ok`.
pub fn code<T>(opened: Result<T, OpenError>) -> &'static str {
    opened.map_or_else(|error| error.code(), |_| "ok")
}
