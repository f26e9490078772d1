//! What the vendor signed: the signed files of Seatwarden, sealed, opened and read.
//!
//! A signed file is a JWS in flattened JSON serialization over Ed25519 (docs/FORMAT.md). This crate has no clock, no
//! files, no environment and no sockets: whoever calls it brings the bytes and the time. What it hands out cannot be made
//! any other way, so a value of [`Entitlement`] is itself the proof that a trusted key signed it.
//!
//! ```
//! use std::collections::{BTreeMap, BTreeSet};
//! use entitlement::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The vendor: a root key, a signing key, and the trust list that joins them.
//! let root = SecretKey::from_seed(KeyId::parse("root-a")?, &[1; 32]);
//! let vendor = SecretKey::from_seed(KeyId::parse("vendor-2026-a")?, &[2; 32]);
//! let now = Moment::parse("2026-12-15T00:00:00Z")?;
//! let trust = seal_trust_list(
//!     &TrustListDraft {
//!         version: 1,
//!         iat: now,
//!         expires: Moment::parse("2027-12-15T00:00:00Z")?,
//!         keys: vec![TrustedKey { key: vendor.public(), nbf: now, exp: Moment::parse("2028-12-15T00:00:00Z")? }],
//!         revoked_keys: BTreeMap::new(),
//!         revoked_licenses: BTreeSet::new(),
//!         min_sequence: BTreeMap::new(),
//!     },
//!     &root,
//! )?;
//! let creator = UserTypeId::parse("creator")?;
//! let file = seal_entitlement(
//!     &EntitlementDraft {
//!         jti: LicenseId::parse("SW-2026-000123")?,
//!         contract: ContractId::parse("city-of-example")?,
//!         sequence: 1,
//!         supersedes: None,
//!         replaces: vec![],
//!         min_trust: 1,
//!         iss: Name::parse("Example Vendor")?,
//!         iat: now,
//!         nbf: now,
//!         exp: Some(Moment::parse("2027-12-15T00:00:00Z")?),
//!         portal: None,
//!         customer: Customer { id: CustomerId::parse("city-of-example")?, name: Name::parse("City of Example")? },
//!         catalog: CatalogRef { id: CatalogId::parse("arcgis")?, sha256: CatalogDigest::of(b"the catalog") },
//!         user_types: vec![UserTypeLine { id: creator.clone(), count: 5, from: None, until: None }],
//!         add_ons: vec![],
//!         policy: Policy::default(),
//!         ext: None,
//!         note: None,
//!     },
//!     &vendor,
//! )?;
//!
//! // The portal: the roots it was built with, and two files.
//! let roots = Roots::new(vec![root.public()])?;
//! let trust = open_trust_list(trust.as_bytes(), &roots, now)?;
//! let license = open_entitlement(file.as_bytes(), &trust, Use::Importing, now)?;
//! assert_eq!(license.at(now).licensed(&creator), 5);
//! assert_eq!(license.term_state(license.until().unwrap()), TermState::Ended);
//!
//! // One changed character, and it does not open.
//! let edited = file.replacen("eyJ", "eyK", 1);
//! assert!(open_entitlement(edited.as_bytes(), &trust, Use::Importing, now).is_err());
//! # Ok(())
//! # }
//! ```

mod about;
mod allotment;
mod base64url;
mod catalog;
mod draft;
mod entitlement;
mod envelope;
mod error;
mod id;
mod inspect;
mod key;
mod kind;
mod lease;
mod lease_error;
mod moment;
mod open;
mod open_lease;
mod payload;
mod place;
mod request;
mod return_code;
mod roots;
mod seal;
mod strict;
mod term;
mod text;
mod trust;
mod usage;

pub use allotment::Allotment;
pub use catalog::SignedCatalog;
pub use draft::{AddOnLine, CatalogRef, Customer, EntitlementDraft, Ext, Policy, UserTypeLine};
pub use entitlement::{Entitlement, TermState};
pub use envelope::LIMIT;
pub use error::{OpenError, SealError};
pub use id::{
    AddOnId, BadId, CatalogDigest, CatalogId, ContractId, CustomerId, Identity, KeyId, LeaseId, LicenseId, ProductId,
    RoleId, UserTypeId,
};
pub use inspect::{Inspection, peek_kind};
pub use key::{KeyError, PublicKey, SecretKey};
pub use kind::Kind;
pub use lease::{Lease, LeaseDevice, LeaseDraft, LeaseUse};
pub use lease_error::LeaseError;
pub use moment::{BadMoment, Moment};
pub use open::{Use, open_activation_request, open_catalog, open_entitlement, open_trust_list, open_usage_report};
pub use open_lease::open_lease;
pub use place::{Admission, Place};
pub use request::ActivationRequest;
pub use return_code::{ReturnCode, open_return_code, seal_return_code};
pub use roots::{Roots, RootsError};
pub use seal::{
    seal_activation_request, seal_catalog, seal_entitlement, seal_entitlement_with, seal_lease, seal_trust_list,
    seal_trust_list_with, seal_usage_report,
};
pub use text::{BadText, Label, Name, Note, Text};
pub use trust::{TrustList, TrustListDraft, TrustedKey};
pub use usage::{UsageDraft, UsageReport, UsedAddOn, UsedLicense, UsedSeats};
