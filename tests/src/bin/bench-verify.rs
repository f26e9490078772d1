//! Measures opening an entitlement beside the bare signature check. `cargo xtask bench verify` runs it.
//!
//! `bench-verify prepare FOLDER` writes the files that all verifiers are measured on; `bench-verify round FOLDER`
//! prints operations per second of CPU time as one line of JSON.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog::Catalog;
use ed25519_dalek::{Signature, VerifyingKey};
use entitlement::{
    AddOnLine, CatalogRef, Customer, EntitlementDraft, Moment, Name, Policy, Roots, SecretKey, TrustListDraft,
    TrustedKey, Use, UserTypeLine, open_entitlement, open_trust_list, seal_entitlement, seal_trust_list,
};
use rustix::time::{ClockId, clock_gettime};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Slices of one round: ours and the bare check take turns, so that a slow moment hits both.
const SLICES: usize = 20;
const SLICE_SECONDS: f64 = 0.02;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["prepare", folder] => prepare(Path::new(folder)),
        ["round", folder] => round(Path::new(folder)),
        _ => Err("usage: bench-verify prepare|round FOLDER".into()),
    }
}

fn prepare(folder: &Path) -> Outcome<()> {
    let root = SecretKey::from_seed("root".parse()?, &[11; 32]);
    let vendor = SecretKey::from_seed("vendor-2026-a".parse()?, &[22; 32]);
    let (from, until) = (Moment::parse("2020-01-01T00:00:00Z")?, Moment::parse("2100-01-01T00:00:00Z")?);
    let trust = TrustListDraft {
        version: 1,
        iat: from,
        expires: until,
        keys: vec![TrustedKey { key: vendor.public(), nbf: from, exp: until }],
        revoked_keys: [].into(),
        revoked_licenses: [].into(),
        min_sequence: [].into(),
    };
    fs::write(folder.join("trust.json"), seal_trust_list(&trust, &root)?)?;
    fs::write(folder.join("roots.json"), Roots::new(vec![root.public()])?.to_jwk_set())?;
    fs::write(folder.join("vendor.jwk"), vendor.public().to_jwk())?;
    fs::write(folder.join("file.json"), seal_entitlement(&draft(from)?, &vendor)?)?;
    Ok(())
}

/// A file of about 2 KB: five user types, as the documentation's examples have them, and four add-ons.
fn draft(from: Moment) -> Outcome<EntitlementDraft> {
    let user_types = ["viewer", "contributor", "mobile-worker", "creator", "professional"];
    let add_ons = ["arcgis-pro-standard", "arcgis-pro-advanced", "spatial-analyst", "network-analyst"];
    let seats = |(count, id): (u32, &&str)| Ok(UserTypeLine { id: id.parse()?, count, from: None, until: None });
    let adds =
        |(count, id): (u32, &&str)| Ok(AddOnLine { id: id.parse()?, count, from: None, until: None, trial: None });
    Ok(EntitlementDraft {
        jti: "SW-2026-000123".parse()?,
        contract: "city-of-example".parse()?,
        sequence: 4,
        supersedes: None,
        replaces: Vec::new(),
        min_trust: 1,
        iss: Name::parse("Example Vendor")?,
        iat: from,
        nbf: from,
        exp: None,
        portal: Some(SecretKey::self_named(&[33; 32]).public()),
        customer: Customer { id: "city-of-example".parse()?, name: Name::parse("City of Example")? },
        catalog: CatalogRef { id: "arcgis".parse()?, sha256: Catalog::arcgis_digest() },
        user_types: (25..).zip(&user_types).map(seats).collect::<Outcome<_>>()?,
        add_ons: (2..).zip(&add_ons).map(adds).collect::<Outcome<_>>()?,
        policy: Policy::default(),
        ext: None,
        note: None,
    })
}

fn round(folder: &Path) -> Outcome<()> {
    let file = fs::read(folder.join("file.json"))?;
    let now = Moment::parse("2026-12-01T00:00:00Z")?;
    let roots = Roots::from_jwk_set(&fs::read(folder.join("roots.json"))?)?;
    let trust = open_trust_list(&fs::read(folder.join("trust.json"))?, &roots, now)?;
    let bare = Bare::of(&file, trust.keys().first().ok_or("a trust list without keys")?.key.as_bytes())?;
    let mut open = || open_entitlement(black_box(&file), &trust, Use::Importing, now).is_ok();
    let mut check = || bare.verifies();
    if !open() || !check() {
        return Err("the file does not verify".into());
    }
    let (mut ours, mut limit, mut ratio) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..SLICES {
        let (opened, checked) = (per_second(&mut open), per_second(&mut check));
        ours.push(opened);
        limit.push(checked);
        ratio.push(opened / checked);
    }
    let about = format!("verify_strict of ed25519-dalek over the same {} bytes", bare.input.len());
    let round = serde_json::json!({
        "ours": middle(ours), "bare": middle(limit), "ratio": middle(ratio),
        "about": format!("{about}; bound file of {} bytes", file.len()),
    });
    println!("{round}");
    Ok(())
}

/// The signature check and nothing else: the limit.
struct Bare {
    key: VerifyingKey,
    input: Vec<u8>,
    signature: Signature,
}

impl Bare {
    fn of(file: &[u8], key: &[u8; 32]) -> Outcome<Self> {
        let file: serde_json::Value = serde_json::from_slice(file)?;
        let member = |name: &str| file.get(name).and_then(|value| value.as_str()).ok_or("no such member");
        let signature = URL_SAFE_NO_PAD.decode(member("signature")?)?;
        Ok(Self {
            key: VerifyingKey::from_bytes(key)?,
            input: format!("{}.{}", member("protected")?, member("payload")?).into_bytes(),
            signature: Signature::from_slice(&signature)?,
        })
    }

    fn verifies(&self) -> bool {
        self.key.verify_strict(black_box(&self.input), &self.signature).is_ok()
    }
}

/// CPU seconds of this thread: what other processes do does not count.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn per_second(operation: &mut dyn FnMut() -> bool) -> f64 {
    let (start, mut count) = (cpu(), 0u32);
    loop {
        for _ in 0..20 {
            assert!(operation(), "the file stopped verifying");
        }
        count += 20;
        let used = cpu() - start;
        if used >= SLICE_SECONDS {
            return f64::from(count) / used;
        }
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
