//! What a computer keeps to work without the portal, and how it verifies that with the vendor's root alone.

use std::fmt;

use entitlement::{
    Lease, LeaseError, LicenseId, Moment, OpenError, Roots, TermState, Use, open_entitlement, open_lease,
    open_trust_list, seal_return_code,
};

use crate::{ClientError, Device};

/// A lease and the two files that vouch for it, each as it came. They are kept together: a lease is opened with the very
/// license file that it was granted under, whatever came later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineFiles {
    /// The vendor's trust list; opens under a root.
    pub trust: String,
    /// The license file; opens under the trust list, and names the portal's key.
    pub license: String,
    /// The lease; opens under the portal's key.
    pub lease: String,
}

/// Why a lease does not count on this computer now. Each is one link of the walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofError {
    /// The trust list does not open under the roots.
    Trust(OpenError),
    /// The license file does not open under the trust list.
    License(OpenError),
    /// The vendor has taken the license back.
    Revoked {
        /// Which.
        license: LicenseId,
    },
    /// The lease does not open under the license file, or is another computer's.
    Lease(LeaseError),
    /// The lease is genuine and has not begun.
    NotBegun {
        /// When it begins.
        from: Moment,
    },
    /// The lease is genuine and has ended.
    Ended {
        /// Since when.
        until: Moment,
    },
}

impl OfflineFiles {
    /// Walks from the root to the lease, and asks whether it counts on that computer at that instant. Needs no network.
    ///
    /// `roots` are the vendor's, compiled into the product: whoever could change them could make any lease.
    ///
    /// # Errors
    /// [`ProofError`], by the first link that fails.
    ///
    /// ```
    /// # use client::{OfflineFiles, ProofError};
    /// # use entitlement::{Moment, Roots};
    /// # const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/");
    /// # let read = |name: &str| std::fs::read_to_string(format!("{VECTORS}{name}")).unwrap();
    /// let files = OfflineFiles {
    ///     trust: read("trust/version-7.json"),
    ///     license: read("accept/an-entitlement-with-every-member.json"),
    ///     lease: read("accept/a-lease-as-it-is-sealed.json"),
    /// };
    /// let roots = Roots::from_jwk_set(read("roots.json").as_bytes()).unwrap();
    /// let at = |text: &str| Moment::parse(text).unwrap();
    ///
    /// let lease = files.verify(&roots, "pc-0001", at("2026-12-15T00:00:00Z")).unwrap();
    /// assert_eq!((lease.product().as_str(), lease.level().unwrap().as_str()), ("arcgis-pro", "standard"));
    ///
    /// let ended = files.verify(&roots, "pc-0001", at("2027-01-09T00:00:00Z")).unwrap_err();
    /// assert_eq!(ended, ProofError::Ended { until: at("2027-01-09T00:00:00Z") });
    /// let elsewhere = files.verify(&roots, "pc-0002", at("2026-12-15T00:00:00Z")).unwrap_err();
    /// assert_eq!(elsewhere.code(), "lease-other-device");
    /// ```
    pub fn verify(&self, roots: &Roots, device: &str, now: Moment) -> Result<Lease, ProofError> {
        let lease = self.genuine(roots, Some(device), now)?;
        match lease.term_state(now) {
            TermState::InTerm => Ok(lease),
            TermState::NotBegun => Err(ProofError::NotBegun { from: lease.from() }),
            TermState::Ended => Err(ProofError::Ended { until: lease.until() }),
        }
    }

    /// The return code of the lease: one line that a person carries to the portal from a computer without a network. From
    /// then on the computer must not use the lease: delete the files first.
    ///
    /// # Errors
    /// [`ReturnError`]: the files do not open, or the key is not the one that the lease names.
    pub fn return_code(&self, roots: &Roots, device: &Device, now: Moment) -> Result<String, ReturnError> {
        let lease = self.genuine(roots, Some(device.id().as_str()), now).map_err(ReturnError::Files)?;
        let unusable = |error: entitlement::SealError| ClientError::DeviceKey { why: error.to_string() };
        seal_return_code(&lease, device.key(), now).map_err(unusable).map_err(ReturnError::Key)
    }

    /// The walk without the question of time.
    fn genuine(&self, roots: &Roots, device: Option<&str>, now: Moment) -> Result<Lease, ProofError> {
        let trust = open_trust_list(self.trust.as_bytes(), roots, now).map_err(ProofError::Trust)?;
        // The computer has had the license file for as long as it has the lease.
        let license = open_entitlement(self.license.as_bytes(), &trust, Use::Installed, now);
        let license = license.map_err(ProofError::License)?;
        if license.revoked_by(&trust) {
            return Err(ProofError::Revoked { license: license.license().clone() });
        }
        open_lease(self.lease.as_bytes(), &license, now, device).map_err(ProofError::Lease)
    }
}

/// Why there is no return code.
#[derive(Debug, Clone, PartialEq)]
pub enum ReturnError {
    /// The files are not those of a lease of this computer.
    Files(ProofError),
    /// The key is not the one of the lease.
    Key(ClientError),
}

impl fmt::Display for ReturnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(error) => write!(f, "{error}"),
            Self::Key(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ReturnError {}

impl ProofError {
    /// The code of docs/FORMAT.md, where opening has failed; else `license-revoked`, `lease-not-begun`, `lease-ended`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Trust(error) | Self::License(error) => error.code(),
            Self::Lease(error) => error.code(),
            Self::Revoked { .. } => "license-revoked",
            Self::NotBegun { .. } => "lease-not-begun",
            Self::Ended { .. } => "lease-ended",
        }
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trust(error) => write!(f, "the trust list: {error}"),
            Self::License(error) => write!(f, "the license file: {error}"),
            Self::Revoked { license } => write!(f, "the vendor has taken the license {license} back"),
            Self::Lease(error) => write!(f, "the lease: {error}"),
            Self::NotBegun { from } => write!(f, "the lease begins at {from}"),
            Self::Ended { until } => write!(f, "the lease ended at {until}"),
        }
    }
}

impl std::error::Error for ProofError {}
