//! A catalog that came as a signed file.

use crate::{CatalogDigest, KeyId};

/// The bytes of a catalog, verified. Only [`open_catalog`](crate::open_catalog) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCatalog {
    bytes: Vec<u8>,
    digest: CatalogDigest,
    kid: KeyId,
}

impl SignedCatalog {
    pub(crate) fn new(bytes: Vec<u8>, kid: KeyId) -> Self {
        Self { digest: CatalogDigest::of(&bytes), bytes, kid }
    }

    /// The catalog itself: JSON, for the reader of catalogs.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The identity of the catalog, which entitlements name.
    #[must_use]
    pub fn digest(&self) -> &CatalogDigest {
        &self.digest
    }

    /// The vendor key that signed it.
    #[must_use]
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }
}
