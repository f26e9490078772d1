//! Step 8 of opening: whether a good file may be used in one place.

use std::collections::BTreeMap;

use crate::{CatalogDigest, ContractId, CustomerId, Entitlement, Identity, KeyId, Name, OpenError};

/// What the place where a file is to be used knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The portal; nothing while it has no key.
    pub portal: Option<KeyId>,
    /// The catalogs at hand.
    pub catalogs: Vec<CatalogDigest>,
    /// The highest sequence of every contract ever installed, and the identity of that file.
    pub highest: BTreeMap<ContractId, (u32, Identity)>,
    /// The installed file's contract, vendor (`iss`) and licensee (`customer.id`).
    pub installed: Option<(ContractId, Name, CustomerId)>,
}

/// What installing an admitted file would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Admission {
    /// It is a file that has not been installed.
    New,
    /// It is the installed file: nothing would change.
    SameAsInstalled,
}

impl Entitlement {
    /// Whether the file may be used in this place: bound to it or unbound, its catalog at hand, of the installed contract
    /// or replacing it, and never older than what was installed before.
    ///
    /// The term is not asked here, nor whether the license is revoked; see [`Entitlement::term_state`] and
    /// [`Entitlement::revoked_by`].
    ///
    /// # Errors
    /// [`OpenError::WrongPortal`], [`OpenError::CatalogMismatch`], [`OpenError::OtherContract`], [`OpenError::Older`],
    /// [`OpenError::Reused`], in this order.
    pub fn admit(&self, place: &Place) -> Result<Admission, OpenError> {
        self.check_portal(place)?;
        self.check_catalog(place)?;
        self.check_contract(place)?;
        self.check_sequence(place)
    }

    fn check_portal(&self, place: &Place) -> Result<(), OpenError> {
        match self.portal().map(crate::PublicKey::kid) {
            Some(bound_to) if place.portal.as_ref() != Some(bound_to) => {
                Err(OpenError::WrongPortal { bound_to: bound_to.clone(), portal: place.portal.clone() })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn check_catalog(&self, place: &Place) -> Result<(), OpenError> {
        let needed = self.catalog();
        if place.catalogs.contains(&needed.sha256) {
            return Ok(());
        }
        let known = place.catalogs.clone();
        Err(OpenError::CatalogMismatch { id: needed.id.clone(), needed: needed.sha256, known })
    }

    /// Another contract needs `replaces`, the same vendor and the same licensee.
    fn check_contract(&self, place: &Place) -> Result<(), OpenError> {
        let Some((contract, issuer, customer)) = &place.installed else { return Ok(()) };
        let replaces = self.replaces().contains(contract) && self.issuer() == issuer && self.customer().id == *customer;
        if self.contract() == contract || replaces {
            return Ok(());
        }
        Err(OpenError::OtherContract { installed: contract.clone(), found: self.contract().clone() })
    }

    /// Whether the installed file is of another contract.
    fn is_followed(&self, place: &Place) -> bool {
        place.installed.as_ref().is_some_and(|(contract, ..)| contract != self.contract())
    }

    /// The sequence of a contract only grows, also where the contract was left and taken up again.
    fn check_sequence(&self, place: &Place) -> Result<Admission, OpenError> {
        let Some((highest, identity)) = place.highest.get(self.contract()) else { return Ok(Admission::New) };
        let contract = self.contract().clone();
        match self.sequence().cmp(highest) {
            std::cmp::Ordering::Greater => Ok(Admission::New),
            // Another contract took its place meanwhile: by what it once replaced it does not come back.
            std::cmp::Ordering::Equal if self.identity() == identity && self.is_followed(place) => {
                Err(OpenError::Older { contract, installed: *highest, found: self.sequence() })
            }
            std::cmp::Ordering::Equal if self.identity() == identity => Ok(Admission::SameAsInstalled),
            std::cmp::Ordering::Equal => {
                Err(OpenError::Reused { contract, sequence: *highest, installed: *identity, found: *self.identity() })
            }
            std::cmp::Ordering::Less => Err(OpenError::Older { contract, installed: *highest, found: self.sequence() }),
        }
    }
}
