//! The world of the golden files (`tests/vectors`): their roots, trust list, license, lease and keys, opened once.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use entitlement::{
    Entitlement, KeyId, Lease, Moment, Roots, SecretKey, TrustList, Use, open_entitlement, open_lease, open_trust_list,
};

/// The time of nearly every golden file.
pub static NOW: LazyLock<Moment> = LazyLock::new(|| Moment::parse(tests::make_vectors::NOW).expect("an instant"));
/// The roots of most golden files.
pub static ROOTS: LazyLock<Roots> =
    LazyLock::new(|| Roots::from_jwk_set(&vector("roots.json")).expect("the golden roots"));
/// The trust list of most golden files.
pub static TRUST: LazyLock<TrustList> =
    LazyLock::new(|| open_trust_list(&vector("trust/version-7.json"), &ROOTS, *NOW).expect("the golden trust list"));
/// The license under which the golden leases are granted.
pub static LICENSE: LazyLock<Entitlement> = LazyLock::new(|| {
    let file = vector("accept/an-entitlement-with-every-member.json");
    open_entitlement(&file, &TRUST, Use::Importing, *NOW).expect("the golden license")
});
/// The lease that the golden return codes give back.
pub static LEASE: LazyLock<Lease> = LazyLock::new(|| {
    let file = vector("accept/a-lease-as-it-is-sealed.json");
    open_lease(&file, &LICENSE, *NOW, None).expect("the golden lease")
});

/// A key whose seed is one byte, repeated; everybody can make it.
pub struct Key {
    /// Its name.
    pub kid: String,
    /// The byte.
    pub seed: u8,
}

impl Key {
    /// The key under its name.
    pub fn secret(&self) -> SecretKey {
        SecretKey::from_seed(KeyId::parse(&self.kid).expect("a key id"), &[self.seed; 32])
    }
}

/// The root.
pub static ROOT: LazyLock<Key> = LazyLock::new(|| Key { kid: "root-a".to_owned(), seed: 0x41 });
/// The vendor's key that signs now.
pub static VENDOR: LazyLock<Key> = LazyLock::new(|| Key { kid: "vendor-2026-a".to_owned(), seed: 0x42 });
/// The portal's key.
pub static PORTAL: LazyLock<Key> = LazyLock::new(|| self_named(0x47));
/// The key of the computer that has the lease.
pub static DEVICE: LazyLock<Key> = LazyLock::new(|| self_named(0x4a));

fn self_named(seed: u8) -> Key {
    Key { kid: SecretKey::self_named(&[seed; 32]).kid().to_string(), seed }
}

/// A path from the root of the tree.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative)
}

/// The bytes of a golden file.
pub fn vector(name: &str) -> Vec<u8> {
    std::fs::read(path("tests/vectors").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
