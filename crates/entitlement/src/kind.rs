//! The kinds of signed files: one envelope, one parser, never interchangeable.

use std::fmt;

/// The kind of a signed file, named by `typ` in its protected header (RFC 7515, 4.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Which vendor keys count; signed by a root key.
    Trust,
    /// What the vendor licensed; signed by a key of the trust list.
    Entitlement,
    /// What the ids mean; signed by a key of the trust list.
    Catalog,
    /// A portal's activation request; signed by the portal's own key.
    Portal,
    /// An offline checkout or a product session; signed by the portal's own key.
    Lease,
    /// A usage report; signed by the portal's own key.
    Usage,
    /// A lease that comes back without a network; signed by the key of the computer that the lease names. The only kind
    /// that is a line of text (RFC 7515, 7.1) and no file.
    Return,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Trust, Self::Entitlement, Self::Catalog, Self::Portal, Self::Lease, Self::Usage, Self::Return];

    /// What stands in `typ`.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Trust => "seatwarden-trust+jwt",
            Self::Entitlement => "seatwarden-entitlement+jwt",
            Self::Catalog => "seatwarden-catalog+jwt",
            Self::Portal => "seatwarden-portal+jwt",
            Self::Lease => "seatwarden-lease+jwt",
            Self::Usage => "seatwarden-usage+jwt",
            Self::Return => "seatwarden-return+jwt",
        }
    }

    /// The kind of that `typ`, letter for letter.
    #[must_use]
    pub fn from_typ(typ: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.typ() == typ)
    }
}

/// The kind as people call it.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trust => "trust list",
            Self::Entitlement => "entitlement",
            Self::Catalog => "catalog",
            Self::Portal => "activation request",
            Self::Lease => "lease",
            Self::Usage => "usage report",
            Self::Return => "return code",
        })
    }
}
