//! What is behind the signature: the input becomes payload, header and summary, and a trusted key signs it.

use entitlement::Kind;
use serde_json::Value;

use crate::golden::{self, DEVICE, PORTAL, ROOT, VENDOR};
use crate::seal::Parts;
use crate::signed;

/// A trust list of the root.
pub fn trust(input: &[u8]) {
    signed::trust(&Parts::of(input).file(Kind::Trust, &ROOT));
}

/// An entitlement of the vendor.
pub fn entitlement(input: &[u8]) {
    signed::entitlement(&Parts::of(input).file(Kind::Entitlement, &VENDOR));
}

/// A catalog of the vendor.
pub fn catalog(input: &[u8]) {
    signed::catalog(&Parts::of(input).file(Kind::Catalog, &VENDOR));
}

/// A usage report of the portal.
pub fn usage(input: &[u8]) {
    signed::usage(&Parts::of(input).file(Kind::Usage, &PORTAL));
}

/// An activation request of the portal.
pub fn request(input: &[u8]) {
    signed::request(&Parts::of(input).file(Kind::Portal, &PORTAL));
}

/// A lease of the portal.
pub fn lease(input: &[u8]) {
    signed::lease(&Parts::of(input).file(Kind::Lease, &PORTAL));
}

/// A return code of the computer.
pub fn return_code(input: &[u8]) {
    signed::return_code(Parts::of(input).compact(Kind::Return, &DEVICE).as_bytes());
}

/// A golden file, and the target of its kind.
type Golden = (&'static str, fn(&[u8]));

/// A golden file of each kind that has a summary.
pub const SUMMARIZED: [Golden; 5] = [
    ("trust/version-7.json", signed::trust),
    ("accept/an-entitlement-with-every-member.json", signed::entitlement),
    ("accept/a-catalog.json", signed::catalog),
    ("accept/an-activation-request.json", signed::request),
    ("accept/a-lease-as-it-is-sealed.json", signed::lease),
];

/// A good file with any summary: the first byte, a digit, says of which kind.
pub fn about(input: &[u8]) {
    let Some((first, about)) = input.split_first() else { return };
    let Some((name, open)) = SUMMARIZED.get(usize::from(*first) % SUMMARIZED.len()) else { return };
    let file: Value = serde_json::from_slice(&golden::vector(name)).expect("a golden file is JSON");
    let part = |member: &str| file[member].as_str().expect("a text");
    let mut whole = b"{\"about\":".to_vec();
    whole.extend_from_slice(about);
    for member in ["payload", "protected", "signature"] {
        whole.extend_from_slice(format!(",\"{member}\":\"{}\"", part(member)).as_bytes());
    }
    whole.push(b'}');
    open(&whole);
}
