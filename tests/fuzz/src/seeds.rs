//! What a search begins with: the golden files, the examples, and the texts in `seeds`.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entitlement::Kind;
use serde_json::Value;
use tests::make_vectors::{Entry, Index, samples};

use crate::golden::{self, vector};
use crate::sealed::SUMMARIZED;

/// Larger files teach a fuzzer nothing that smaller ones do not.
const LARGEST: usize = 16_384;
/// Between two inputs of a text in `seeds`.
const BETWEEN: &str = "\n====\n";

/// The golden files of a kind, as they are.
pub(crate) fn raw(kind: &str) -> Vec<Vec<u8>> {
    let index: Index = serde_json::from_slice(&vector("index.json")).expect("the index is of its form");
    let wanted = |case: &&Entry| case.kind == kind && case.recipe.is_none();
    let files = index.cases.iter().filter(wanted).map(|case| vector(&case.file));
    files.filter(|bytes| bytes.len() <= LARGEST).collect()
}

/// The same taken apart: payload, header and summary with a zero byte between them.
pub(crate) fn opened(kind: &str) -> Vec<Vec<u8>> {
    raw(kind).iter().filter_map(|bytes| parts(bytes)).collect()
}

fn parts(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let (header, payload, about) = match serde_json::from_str::<Value>(text) {
        Ok(file) => {
            let member = |name: &str| file.get(name).and_then(Value::as_str).and_then(decode);
            let about = file.get("about").map(Value::to_string).unwrap_or_default();
            (member("protected")?, member("payload")?, about)
        }
        Err(_) => {
            let mut parts = text.split('.').map(decode);
            (parts.next()??, parts.next()??, String::new())
        }
    };
    Some([payload, header, about.into_bytes()].join(&0))
}

/// Usage reports: as files, or taken apart.
pub(crate) fn usage(apart: bool) -> Vec<Vec<u8>> {
    let key = samples::portal();
    let empty = samples::usage_report(&key).with("user_types", "[]").with("add_ons", "[]");
    let files = [samples::usage_report(&key), empty].map(|payload| {
        let sealed = key.sign(Kind::Usage.typ(), &payload.compact());
        sealed.about(samples::about_usage_report(&key)).file().into_bytes()
    });
    if apart { files.iter().filter_map(|bytes| parts(bytes)).collect() } else { files.to_vec() }
}

/// The summaries of all golden files, each for the good file of its kind.
pub(crate) fn summaries() -> Vec<Vec<u8>> {
    let kinds = ["trust", "entitlement", "catalog", "portal", "lease"];
    assert_eq!(kinds.len(), SUMMARIZED.len());
    let of_kind = |(digit, kind): (u8, &&str)| -> Vec<Vec<u8>> {
        let abouts = raw(kind).into_iter().filter_map(|bytes| {
            let file: Value = serde_json::from_slice(&bytes).ok()?;
            Some(file.get("about")?.to_string())
        });
        // The first byte counts modulo five, as which `2` is the first kind.
        abouts.map(|about| [&[b'2' + digit], about.as_bytes()].concat()).collect()
    };
    (0..).zip(&kinds).flat_map(of_kind).collect()
}

/// The built-in catalog, and small ones.
pub(crate) fn catalogs() -> Vec<Vec<u8>> {
    let built_in = fs::read(golden::path("crates/catalog/catalogs/arcgis.json")).expect("the built-in catalog");
    [vec![built_in], listed("catalog")].concat()
}

/// The orders of the examples, and some with mistakes.
pub(crate) fn orders() -> Vec<Vec<u8>> {
    let folder = fs::read_dir(golden::path("examples/orders")).expect("the examples");
    let files = folder.map(|entry| fs::read(entry.expect("an example").path()).expect("an order"));
    files.chain(listed("order")).collect()
}

/// Public keys, sets of them, and a portal's key in both forms.
pub(crate) fn keys() -> Vec<Vec<u8>> {
    let demo = ["demo.signing.jwk", "demo-root.root.jwk"].map(crate::desk::demonstration);
    let pem = portal::key_file::seal(&golden::PORTAL.secret()).expect("a key can be written");
    let inside = pem_inside(pem.as_bytes());
    let sets = ["roots.json", "roots-of-one-key.json"].map(vector);
    demo.into_iter().chain(sets).chain([pem.as_bytes().to_vec(), inside]).chain(listed("keys")).collect()
}

/// The demonstration keys, as PEM and without it.
pub(crate) fn key_files() -> Vec<Vec<u8>> {
    let files = ["demo.signing.pem", "demo-root.root.pem"].map(crate::desk::demonstration);
    files.iter().flat_map(|pem| [pem.clone(), pem_inside(pem)]).collect()
}

fn pem_inside(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pem);
    let lines: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).expect("a PEM file")
}

/// The demonstration workspace, and with a mistake.
pub(crate) fn workspaces() -> Vec<Vec<u8>> {
    let files = ["workspace.json", "demo.signing.jwk", "demo-root.root.jwk"].map(crate::desk::demonstration);
    let [settings, signing, root] = &files;
    vec![files.join(&0), [settings, root, signing].map(Vec::clone).join(&0), settings.clone()]
}

/// A ledger of two files, of none, and one that contradicts itself.
pub(crate) fn ledgers() -> Vec<Vec<u8>> {
    listed("ledger")
}

/// The inputs of a text in `seeds`.
pub(crate) fn listed(name: &str) -> Vec<Vec<u8>> {
    let path = golden::path("tests/fuzz/seeds").join(format!("{name}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.trim_end_matches('\n').split(BETWEEN).map(|part| part.as_bytes().to_vec()).collect()
}
