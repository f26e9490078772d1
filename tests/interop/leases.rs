//! The walk from the root to a lease, over golden files: as they are, and changed at each link in turn.

use std::path::{Path, PathBuf};

use entitlement::{Roots, SecretKey};

use crate::cases::{Outcome, edited, flipped};

/// What a verifier is given, in the order of its arguments: lease, license, trust list, roots; then the computer and the
/// instant.
pub struct LeaseCase {
    pub name: &'static str,
    pub files: [PathBuf; 4],
    pub device: &'static str,
    pub instant: &'static str,
    pub outcome: Outcome,
}

const LEASE: usize = 0;
const LICENSE: usize = 1;
const TRUST: usize = 2;
const ROOTS: usize = 3;

const GOLDEN: [&str; 4] = [
    "accept/a-lease-as-it-is-sealed.json",
    "accept/an-entitlement-with-every-member.json",
    "trust/version-7.json",
    "roots.json",
];

const SIGNATURE: &[&str] = &["signature", "is not what the key"];

fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(golden(path)).expect("a golden file")
}

/// The golden files, untouched.
fn untouched(name: &'static str) -> LeaseCase {
    LeaseCase {
        name,
        files: GOLDEN.map(golden),
        device: "pc-0001",
        instant: "2026-12-15T00:00:00Z",
        outcome: Outcome::Genuine,
    }
}

fn refused(name: &'static str, words: &'static [&'static str]) -> LeaseCase {
    LeaseCase { outcome: Outcome::Refused(words), ..untouched(name) }
}

/// With another golden file at one link.
fn with(mut case: LeaseCase, link: usize, path: &str) -> LeaseCase {
    case.files[link] = golden(path);
    case
}

/// Every case; the changed files are written into a folder.
pub fn write_all(folder: &Path) -> Vec<LeaseCase> {
    std::fs::create_dir_all(folder).expect("a folder");
    let changed = |name: &'static str, link: usize, text: &str, words| {
        let mut case = refused(name, words);
        case.files[link] = folder.join(format!("{}.json", name.replace(' ', "-")));
        std::fs::write(&case.files[link], text).expect("a file");
        case
    };
    let payload_changed = |name, link: usize| {
        let file = edited(&text(GOLDEN[link]), |file| file["payload"] = flipped(&file["payload"], 40));
        changed(name, link, &file, SIGNATURE)
    };
    let impostor = SecretKey::from_seed("root-a".parse().expect("a key id"), &[9; 32]);
    let roots = Roots::new(vec![impostor.public()]).expect("a root set").to_jwk_set();
    let mut cases = vec![
        untouched("as it is"),
        with(untouched("as windows writes it"), LEASE, "accept/a-lease-as-windows-writes-it.json"),
        LeaseCase { instant: "2027-01-08T23:59:59Z", ..untouched("in its last second") },
        changed("another root of that name", ROOTS, &roots, SIGNATURE),
        payload_changed("a byte of the trust list changed", TRUST),
        payload_changed("a byte of the license changed", LICENSE),
        payload_changed("a byte of the lease changed", LEASE),
        LeaseCase { instant: "2027-01-09T00:00:00Z", ..refused("at its end", &["ended", "\"exp\""]) },
        LeaseCase { instant: "2026-12-09T23:59:59Z", ..refused("before it begins", &["begin", "begun", "\"nbf\""]) },
        LeaseCase { device: "pc-0002", ..refused("on another computer", &["is for the computer"]) },
    ];
    cases.extend(other_files());
    cases
}

/// Genuine signatures all the way, and yet no lease.
fn other_files() -> Vec<LeaseCase> {
    let lease = |name, words, path: &str| with(refused(name, words), LEASE, &format!("refuse/{path}.json"));
    let license = |name, words, path: &str| with(refused(name, words), LICENSE, &format!("accept/{path}.json"));
    vec![
        license(
            "under the renewal",
            &["granted under another license", "at hand"],
            "a-bound-entitlement-of-the-next-sequence",
        ),
        license("under an unbound license", &["bound to no portal"], "an-entitlement-as-it-is-sealed"),
        lease("of another portal", &["of the portal"], "a-lease-of-another-portal"),
        lease("signed by the vendor", &["of the portal"], "a-lease-of-the-vendor"),
        lease(
            "too long",
            &["longer than", "seconds from its issue"],
            "a-lease-one-second-longer-than-the-days-offline",
        ),
        lease("before the license", &["the term of the license", "and the license from"], {
            "a-lease-that-begins-one-second-before-its-license"
        }),
        with(
            refused("the license as the lease", &["seatwarden-entitlement+jwt", "kind `entitlement`"]),
            LEASE,
            "accept/an-entitlement-with-every-member.json",
        ),
        with(
            refused("the lease as the license", &["pzvyfgjsnt5h", "seatwarden-lease+jwt", "kind `lease`"]),
            LICENSE,
            "accept/a-lease-as-it-is-sealed.json",
        ),
    ]
}
