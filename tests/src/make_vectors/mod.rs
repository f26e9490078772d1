//! The golden files of `tests/vectors`, made from fixed seeds at a fixed time.
//!
//! Nothing here uses the verifier: texts are written by hand and signed with the bare signature scheme, and what must come
//! out is said beside each case.

mod accept;
mod encoding;
mod index;
pub mod json;
mod keys;
mod leases;
mod members;
mod places;
pub mod samples;
pub mod sign;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use index::{Case, Entry, Index, LeaseFacts, Opened, PlaceFacts};
use sign::Key;

/// The time of nearly every case.
pub const NOW: &str = "2026-12-15T00:00:00Z";

const ABOUT: &str = "Golden files of the signed files, version 1; docs/FORMAT.md says what they follow. \
    Each file of `accept` and `trust` opens, each file of `refuse` breaks one rule. Every key is made from a seed that \
    everybody can read, so none of these files is worth anything.";

/// Every case, in the order of the index.
pub fn cases() -> Vec<Case> {
    [
        accept::trust_lists(),
        accept::entitlements(),
        accept::layouts(),
        accept::others(),
        encoding::cases(),
        members::cases(),
        values::cases(),
        keys::cases(),
        places::cases(),
        leases::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every file of the folder, the index included, by its path in it.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([
        (samples::ROOTS.to_owned(), roots(&samples::root())),
        (samples::ONE_KEY_ROOTS.to_owned(), roots(&samples::one_key())),
    ]);
    let mut lines = Vec::new();
    for case in cases() {
        lines.push(format!("    {}", serde_json::to_string(&case.entry).expect("an entry is JSON")));
        if let Some(bytes) = case.bytes {
            let before = files.insert(case.entry.file.clone(), bytes);
            assert!(before.is_none(), "two cases have the name {}", case.entry.file);
        }
    }
    let index = format!("{{\n  \"about\": \"{ABOUT}\",\n  \"cases\": [\n{}\n  ]\n}}\n", lines.join(",\n"));
    files.insert("index.json".to_owned(), index.into_bytes());
    files
}

/// A JWK Set of one root.
fn roots(key: &Key) -> Vec<u8> {
    let (kid, x) = (&key.kid, key.x());
    format!("{{\"keys\":[\n  {{\"crv\":\"Ed25519\",\"kid\":\"{kid}\",\"kty\":\"OKP\",\"x\":\"{x}\"}}\n]}}\n")
        .into_bytes()
}

/// The paths of all files in a folder, from that folder, with `/`.
///
/// # Errors
/// When a folder cannot be read.
pub fn listed(folder: &Path) -> std::io::Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            paths.extend(listed(&entry.path())?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            paths.insert(name);
        }
    }
    Ok(paths)
}
