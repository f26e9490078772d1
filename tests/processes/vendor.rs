//! The vendor of the demonstration: files signed with the public demonstration keys, for better and for worse.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer as _, SigningKey};
use entitlement::{
    CatalogRef, Customer, EntitlementDraft, Moment, Name, Policy, Roots, SecretKey, TrustListDraft, TrustedKey,
    UserTypeLine, seal_entitlement, seal_trust_list,
};
use serde_json::{Value, json};

/// The folder of the demonstration keys.
pub fn keys() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../keys")
}

/// A point in time.
pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect("an instant")
}

/// Now, by the machine's clock.
pub fn now() -> Moment {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    Moment::from_unix(time.tv_sec).expect("an instant")
}

/// A secret key of `keys/`.
fn secret(kid: &str, purpose: &str) -> SecretKey {
    let passphrase = std::fs::read_to_string(keys().join("demo.passphrase")).expect("a passphrase");
    let pem = std::fs::read_to_string(keys().join(format!("{kid}.{purpose}.pem"))).expect("a key");
    let key = SigningKey::from_pkcs8_encrypted_pem(&pem, passphrase.trim_end()).expect("the key opens");
    SecretKey::from_seed(kid.parse().expect("a key id"), &key.to_bytes())
}

/// A key of our own, made of one byte.
pub fn own_key(kid: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(kid.parse().expect("a key id"), &[seed; 32])
}

/// Who signs.
pub struct Vendor {
    pub root: SecretKey,
    pub demo: SecretKey,
}

impl Vendor {
    /// With the keys of the demonstration.
    pub fn demonstration() -> Self {
        Self { root: secret("demo-root", "root"), demo: secret("demo", "signing") }
    }

    /// With keys of our own: the root of that name, and a signing key named after it.
    pub fn own(root: &str, seed: u8) -> Self {
        Self { root: own_key(root, seed), demo: own_key(&format!("{root}-signs"), seed + 100) }
    }

    /// The roots that a demonstration portal trusts.
    pub fn roots(&self) -> Roots {
        Roots::new(vec![self.root.public()]).expect("a root set")
    }

    /// A license file of the demonstration key.
    pub fn license(&self, draft: &EntitlementDraft) -> String {
        seal_entitlement(draft, &self.demo).expect("an entitlement")
    }

    /// A trust list of the demonstration root with the demonstration key in it.
    pub fn trust(&self, edit: impl FnOnce(&mut TrustListDraft)) -> String {
        let mut draft = TrustListDraft {
            version: 2,
            iat: at("2024-01-01T00:00:00Z"),
            expires: at("2100-01-01T00:00:00Z"),
            keys: vec![trusted(&self.demo, "2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z")],
            revoked_keys: [].into(),
            revoked_licenses: [].into(),
            min_sequence: [].into(),
        };
        edit(&mut draft);
        seal_trust_list(&draft, &self.root).expect("a trust list")
    }
}

/// A key and the time in which it may sign.
pub fn trusted(key: &SecretKey, from: &str, until: &str) -> TrustedKey {
    TrustedKey { key: key.public(), nbf: at(from), exp: at(until) }
}

/// Some seats of the contract `city`, from 2024 on, without an end, for any portal.
pub fn draft(sequence: u32, seats: &[(&str, u32)]) -> EntitlementDraft {
    let line = |(id, count): &(&str, u32)| UserTypeLine {
        id: id.parse().expect("an id"),
        count: *count,
        from: None,
        until: None,
    };
    EntitlementDraft {
        jti: format!("SW-2024-{sequence:06}").parse().expect("a license id"),
        contract: "city".parse().expect("a contract id"),
        sequence,
        supersedes: None,
        replaces: Vec::new(),
        min_trust: 1,
        iss: Name::parse("Seatwarden demonstration").expect("a name"),
        iat: at("2024-01-01T00:00:00Z"),
        nbf: at("2024-01-01T00:00:00Z"),
        exp: None,
        portal: None,
        customer: Customer { id: "city".parse().expect("a customer id"), name: Name::parse("City").expect("a name") },
        catalog: CatalogRef { id: "arcgis".parse().expect("a catalog id"), sha256: catalog::Catalog::arcgis_digest() },
        user_types: seats.iter().map(line).collect(),
        add_ons: Vec::new(),
        policy: Policy::default(),
        ext: None,
        note: None,
    }
}

/// A file with another payload, signed as it then is: what a mistake at the vendor's would look like.
pub fn resigned(file: &str, key: &SecretKey, edit: impl FnOnce(&mut Value)) -> String {
    resigned_under(file, key, |_| (), edit)
}

/// A file with another header and another payload, signed as it then is.
pub fn resigned_under(
    file: &str,
    key: &SecretKey,
    head: impl FnOnce(&mut Value),
    edit: impl FnOnce(&mut Value),
) -> String {
    edited(file, |outer| {
        let mut payload = decoded(&outer["payload"]);
        edit(&mut payload);
        outer["payload"] = json!(URL_SAFE_NO_PAD.encode(payload.to_string()));
        let typ = &decoded(&outer["protected"])["typ"];
        let mut header = json!({"alg": "EdDSA", "kid": key.kid().as_str(), "typ": typ});
        head(&mut header);
        outer["protected"] = json!(URL_SAFE_NO_PAD.encode(header.to_string()));
        let input = format!("{}.{}", text(&outer["protected"]), text(&outer["payload"]));
        let signature = SigningKey::from_bytes(&key.seed()).sign(input.as_bytes());
        outer["signature"] = json!(URL_SAFE_NO_PAD.encode(signature.to_bytes()));
        // The summary is optional, and this one would say something else.
        outer.as_object_mut().expect("an object").remove("about");
    })
}

/// A file with another outer object.
pub fn edited(file: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut outer = serde_json::from_str(file).expect("an envelope");
    edit(&mut outer);
    format!("{outer:#}")
}

/// A file with one bit of what a member encodes changed.
pub fn flipped(file: &str, member: &str, index: usize) -> String {
    edited(file, |outer| {
        let mut bytes = URL_SAFE_NO_PAD.decode(text(&outer[member])).expect("base64url");
        bytes[index] ^= 1;
        outer[member] = json!(URL_SAFE_NO_PAD.encode(bytes));
    })
}

fn decoded(member: &Value) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(text(member)).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn text(member: &Value) -> &str {
    member.as_str().expect("a text")
}
