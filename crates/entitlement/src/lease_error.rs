//! Why a lease or a return code does not open, with the values that disagreed.

use std::fmt;

use crate::text::cut;
use crate::{Identity, KeyId, Label, LeaseId, LeaseUse, LicenseId, Moment, OpenError};

/// Why a lease or a return code was refused, in the order of the steps.
///
/// That a good lease has ended or not begun is none of these: it is a state ([`TermState`](crate::TermState)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseError {
    /// It is refused as any signed file would be.
    File(OpenError),
    /// The entitlement is bound to no portal, so that the vendor vouches for no key that could sign a lease.
    NotBound {
        /// The license.
        license: LicenseId,
    },
    /// Granted by another portal than the one the entitlement is bound to.
    OtherPortal {
        /// The portal of the entitlement.
        expected: KeyId,
        /// The portal that the lease names.
        found: KeyId,
    },
    /// Granted under another entitlement than the one at hand.
    OtherLicense {
        /// The entitlement at hand.
        expected: Identity,
        /// The entitlement that the lease names.
        found: Identity,
    },
    /// For use offline, which the entitlement does not allow.
    OfflineOff {
        /// The license.
        license: LicenseId,
    },
    /// Longer than the policy of the entitlement allows.
    TooLong {
        /// What the lease is for.
        usage: LeaseUse,
        /// The most seconds from its `iat` to its end.
        most: i64,
        /// The seconds that it has.
        found: i64,
    },
    /// Not within the term of the entitlement.
    OutsideTerm {
        /// First instant of the lease.
        from: Moment,
        /// First instant after it.
        until: Moment,
        /// The first instant of the entitlement's term and the first after it; nothing: perpetual.
        license: (Moment, Option<Moment>),
    },
    /// For another computer.
    OtherDevice {
        /// The computer that the lease is for.
        expected: Label,
        /// The computer that asks, or that the return code names.
        found: String,
    },
    /// A return code for a lease that names no key of its computer.
    NoDeviceKey {
        /// The lease.
        lease: LeaseId,
    },
    /// A return code for another lease.
    OtherLease {
        /// The lease at hand.
        expected: LeaseId,
        /// The lease that the return code names.
        found: LeaseId,
    },
}

impl LeaseError {
    /// The code of the error registry.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::NotBound { .. } => "lease-not-bound",
            Self::OtherPortal { .. } => "lease-other-portal",
            Self::OtherLicense { .. } => "lease-other-license",
            Self::OfflineOff { .. } => "lease-offline-off",
            Self::TooLong { .. } => "lease-too-long",
            Self::OutsideTerm { .. } => "lease-outside-term",
            Self::OtherDevice { .. } => "lease-other-device",
            Self::NoDeviceKey { .. } => "lease-no-device-key",
            Self::OtherLease { .. } => "lease-other-lease",
        }
    }

    pub(crate) fn other_device(expected: &Label, found: &str) -> Self {
        Self::OtherDevice { expected: expected.clone(), found: cut(found) }
    }
}

impl From<OpenError> for LeaseError {
    fn from(error: OpenError) -> Self {
        Self::File(error)
    }
}

impl fmt::Display for LeaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::NotBound { license } => {
                write!(f, "the license `{license}` is bound to no portal, and no lease opens under it")
            }
            Self::OtherPortal { expected, found } => {
                write!(f, "the lease is of the portal {found}, and the license is bound to the portal {expected}")
            }
            Self::OtherLicense { expected, found } => {
                write!(f, "the lease was granted under the license file {found}, and at hand is {expected}")
            }
            Self::OfflineOff { license } => {
                write!(f, "the lease is for use offline, which the license `{license}` does not allow")
            }
            Self::TooLong { usage, most, found } => {
                write!(f, "the lease ({usage}) lasts {found} seconds from its issue; the license allows {most}")
            }
            Self::OutsideTerm { from, until, license: (begins, ends) } => {
                write!(f, "the lease counts from {from} until {until}, and the license from {begins}")?;
                ends.map_or(Ok(()), |ends| write!(f, " until {ends}"))
            }
            Self::OtherDevice { expected, found } => {
                write!(f, "the lease is for the computer {:?}, and this is {found:?}", expected.as_str())
            }
            Self::NoDeviceKey { lease } => {
                write!(f, "the lease `{lease}` names no key of its computer, so that nothing can be its return code")
            }
            Self::OtherLease { expected, found } => {
                write!(f, "the return code is for the lease `{found}`, and not for `{expected}`")
            }
        }
    }
}

impl std::error::Error for LeaseError {}
