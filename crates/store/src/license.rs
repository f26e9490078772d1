//! The installed license file: stored as it was received, and verified again whenever it is loaded.
//!
//! Nothing here trusts a count in a table. What is kept in memory is the opened file, found again by its identity and by
//! the version of the trust list that it was opened under; when either changes in the organization's row, so does the
//! file. A file that is missing, damaged or for another portal is a state and not an error: the portal opens, gives
//! nothing, and says why.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use catalog::Catalog;
use entitlement::{
    Allotment, CatalogDigest, ContractId, CustomerId, Entitlement, Identity, Moment, Name, Place, TrustList, Use,
};
use errors::{Code, Failure};

use crate::StoreError;
use crate::backend::values;
use crate::sql;
use crate::tx::ReadTx;

/// What is installed.
#[derive(Debug, Clone)]
pub enum LicenseState {
    /// Nothing was ever activated here.
    Absent,
    /// A verified file; that it has ended or is revoked is part of it.
    Good(Arc<Installed>),
    /// A file was activated, and what is stored now does not open. It gives nothing until a good one is imported.
    Refused(Failure),
}

/// A file that was opened from its stored bytes.
#[derive(Debug)]
pub struct Installed {
    entitlement: Entitlement,
    trust: Arc<TrustList>,
    catalog: Arc<Catalog>,
    is_revoked: bool,
    /// What it gives, and from when until when that holds: the sums change a few times in its life only.
    allotment: Mutex<Option<(Moment, Arc<Allotment>)>>,
}

impl Installed {
    fn new(entitlement: Entitlement, trust: Arc<TrustList>, catalog: Arc<Catalog>) -> Self {
        let is_revoked = entitlement.revoked_by(&trust);
        Self { entitlement, trust, catalog, is_revoked, allotment: Mutex::new(None) }
    }

    /// The file.
    #[must_use]
    pub fn entitlement(&self) -> &Entitlement {
        &self.entitlement
    }

    /// The trust list under which it was opened.
    #[must_use]
    pub fn trust(&self) -> &TrustList {
        &self.trust
    }

    /// The catalog that gives its ids their meaning.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Whether the vendor has revoked it: it counts as ended then.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.is_revoked
    }

    /// What it gives at that moment; nothing when it is revoked.
    #[must_use]
    pub fn at(&self, now: Moment) -> Arc<Allotment> {
        if self.is_revoked {
            return Arc::new(Allotment::none());
        }
        let mut kept = self.allotment.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((from, allotment)) = kept.as_ref() {
            let holds = *from <= now && allotment.next_change().is_none_or(|change| now < change);
            if holds {
                return Arc::clone(allotment);
            }
        }
        let allotment = Arc::new(self.entitlement.at(now));
        *kept = Some((now, Arc::clone(&allotment)));
        allotment
    }

    /// Since when so many members of the user type have been more than the file gives, by its terms alone.
    pub(crate) fn over_since(&self, user_type: &entitlement::UserTypeId, assigned: u64, now: Moment) -> Option<Moment> {
        self.exceeded_since(assigned, now, |gives| gives.licensed(user_type))
    }

    /// Since when so many have been more than what the file gives of something, by its terms alone.
    pub(crate) fn exceeded_since(&self, assigned: u64, now: Moment, of: impl Fn(&Allotment) -> u64) -> Option<Moment> {
        let mut since = None;
        let mut at = Some(self.entitlement.from());
        while let Some(moment) = at.filter(|moment| *moment <= now) {
            let gives = self.entitlement.at(moment);
            let is_over = rules::compliance::is_over(assigned, of(&gives));
            since = if is_over { since.or(Some(moment)) } else { None };
            at = gives.next_change();
        }
        since
    }
}

impl LicenseState {
    /// What is in force at that moment: nothing, when nothing good is installed.
    #[must_use]
    pub fn at(&self, now: Moment) -> Arc<Allotment> {
        match self {
            Self::Good(installed) => installed.at(now),
            Self::Absent | Self::Refused(_) => Arc::new(Allotment::none()),
        }
    }

    /// The file, when it is good.
    #[must_use]
    pub fn good(&self) -> Option<&Arc<Installed>> {
        match self {
            Self::Good(installed) => Some(installed),
            Self::Absent | Self::Refused(_) => None,
        }
    }

    /// Whether a file was ever activated here.
    #[must_use]
    pub fn is_activated(&self) -> bool {
        match self {
            Self::Absent => false,
            Self::Good(_) | Self::Refused(_) => true,
        }
    }
}

/// The last good file that was opened, shared by the writer and all readers.
#[derive(Default)]
pub(crate) struct LicenseCache(Mutex<Option<(String, u64, Arc<Installed>)>>);

impl LicenseCache {
    fn find(&self, identity: &str, trust_version: u64) -> Option<Arc<Installed>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|(name, version, _)| name == identity && *version == trust_version)
            .map(|(.., found)| Arc::clone(found))
    }

    fn keep(&self, identity: &str, trust_version: u64, installed: &Arc<Installed>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((identity.to_owned(), trust_version, Arc::clone(installed)));
    }
}

impl<'tx> ReadTx<'tx> {
    /// What is installed here.
    ///
    /// # Errors
    /// Only what the database cannot do; a file that does not open is [`LicenseState::Refused`].
    pub fn license(&self) -> Result<LicenseState, StoreError> {
        let books = self.ground.books.borrow();
        let Some(identity) = books.in_force() else {
            return Ok(LicenseState::Absent);
        };
        let cache = &self.ground.shared.license;
        if let Some(installed) = cache.find(identity, books.organization.trust_version) {
            return Ok(LicenseState::Good(installed));
        }
        match self.load(identity, books.organization.trust_version) {
            Ok(installed) => {
                let installed = Arc::new(installed);
                cache.keep(identity, books.organization.trust_version, &installed);
                Ok(LicenseState::Good(installed))
            }
            Err(StoreError::Refused(failure)) => Ok(LicenseState::Refused(failure)),
            Err(broken) => Err(broken),
        }
    }

    /// The installed trust list, opened anew, if there is one.
    ///
    /// # Errors
    /// What stands there does not open.
    pub fn trust_list(&self) -> Result<Option<TrustList>, StoreError> {
        match self.organization().trust_version {
            0 => Ok(None),
            version => self.load_trust(version).map(Some),
        }
    }

    /// The bytes of an installed file as they were received.
    ///
    /// # Errors
    /// What the database says.
    pub fn license_bytes(&self, identity: &Identity) -> Result<Option<String>, StoreError> {
        self.db().one(sql::ENTITLEMENT, values![&identity.to_string()], |row| row.owned(0))
    }

    /// The bytes of the installed trust list as they were received, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn trust_list_bytes(&self) -> Result<Option<String>, StoreError> {
        self.db().one(sql::TRUST_LIST, values![self.organization().trust_version], |row| row.owned(1))
    }

    fn load(&self, identity: &str, trust_version: u64) -> Result<Installed, StoreError> {
        self.opened(identity, self.load_trust(trust_version)?, &self.place_of_recorded(identity)?)
    }

    /// Where a stored file is admitted. One that is looked at before it is on record was admitted when that was decided, in
    /// the place where all files before it are.
    pub(crate) fn place_of_recorded(&self, identity: &str) -> Result<Place, StoreError> {
        let place = self.place()?;
        if self.organization().entitlement.as_deref() == Some(identity) {
            return Ok(place);
        }
        Ok(Place { highest: BTreeMap::new(), installed: None, ..place })
    }

    /// A stored file, opened under a trust list and admitted.
    pub(crate) fn opened(&self, identity: &str, trust: TrustList, place: &Place) -> Result<Installed, StoreError> {
        let missing = || Failure::new(Code::LicenseMalformed, "The installed license file is missing from the data.");
        let bytes = self.db().one(sql::ENTITLEMENT, values![identity], |row| row.owned(0))?.ok_or_else(missing)?;
        let entitlement = entitlement::open_entitlement(bytes.as_bytes(), &trust, Use::Installed, self.now())
            .map_err(Failure::from)?;
        if entitlement.identity().to_string() != identity {
            let detail = "The installed license file was exchanged for another one in the data.";
            return Err(Failure::new(Code::LicenseMalformed, detail).into());
        }
        entitlement.admit(place).map_err(Failure::from)?;
        let catalog = self.catalog_of(&entitlement.catalog().sha256)?;
        Ok(Installed::new(entitlement, Arc::new(trust), catalog))
    }

    fn load_trust(&self, version: u64) -> Result<TrustList, StoreError> {
        let missing = || Failure::plain(Code::TrustListMissing);
        let stored = self.db().one(sql::TRUST_LIST, values![version], |row| Ok((row.owned(0)?, row.owned(1)?)))?;
        let (identity, bytes) = stored.ok_or_else(missing)?;
        let shared = self.ground.shared;
        let trust = entitlement::open_trust_list(bytes.as_bytes(), &shared.roots, self.now()).map_err(Failure::from)?;
        if u64::from(trust.version()) == version && trust.identity().to_string() == identity {
            return Ok(trust);
        }
        Err(Failure::new(Code::TrustListMissing, "The installed trust list was exchanged for another one in the data.")
            .into())
    }

    /// What this portal knows when a file is to be admitted.
    pub(crate) fn place(&self) -> Result<Place, StoreError> {
        let mut catalogs = vec![*self.ground.shared.built_in.digest()];
        catalogs.extend(self.db().many(sql::CATALOGS, &[], |row| row.parsed::<CatalogDigest>(0))?);
        let highest = self.db().many(sql::CONTRACTS, &[], |row| {
            let sequence = u32::try_from(row.count(1)?).map_err(StoreError::damaged)?;
            Ok((row.parsed::<ContractId>(0)?, (sequence, row.parsed::<Identity>(2)?)))
        })?;
        let highest = highest.into_iter().collect::<BTreeMap<_, _>>();
        Ok(Place {
            portal: self.ground.shared.portal.clone(),
            catalogs,
            highest,
            installed: self.installed_contract()?,
        })
    }

    /// Contract, vendor and licensee of the installed file. The columns serve for this when the file itself does not open
    /// any more; they give no seat.
    fn installed_contract(&self) -> Result<Option<(ContractId, Name, CustomerId)>, StoreError> {
        let Some(identity) = self.organization().entitlement else {
            return Ok(None);
        };
        self.db().one(sql::INSTALLED_OF, values![&identity], |row| {
            let issuer = Name::parse(row.text(1)?).map_err(StoreError::damaged)?;
            Ok((row.parsed(0)?, issuer, row.parsed(2)?))
        })
    }

    /// The catalog of that digest: compiled in, or stored.
    pub(crate) fn catalog_of(&self, digest: &CatalogDigest) -> Result<Arc<Catalog>, StoreError> {
        let built_in = &self.ground.shared.built_in;
        if built_in.digest() == digest {
            return Ok(Arc::clone(built_in));
        }
        let bytes = self.db().one(sql::CATALOG, values![&digest.to_string()], |row| row.owned(0))?;
        let bytes = bytes.ok_or_else(|| Failure::plain(Code::LicenseCatalogMismatch))?;
        let catalog = Catalog::parse(bytes.as_bytes()).map_err(Failure::from)?;
        if catalog.digest() == digest {
            return Ok(Arc::new(catalog));
        }
        Err(Failure::new(Code::LicenseCatalogMismatch, "The stored catalog was exchanged for another one in the data.")
            .into())
    }

    /// The catalog of the installed file alone, without the organization's own roles, or the one compiled in. Where the file itself does not
    /// open, it is the one that was recorded with it: roles keep their meaning, and an administrator gets in to repair.
    pub(crate) fn license_catalog(&self) -> Result<Arc<Catalog>, StoreError> {
        match self.license()? {
            LicenseState::Good(installed) => Ok(Arc::clone(installed.catalog())),
            LicenseState::Absent => Ok(Arc::clone(&self.ground.shared.built_in)),
            LicenseState::Refused(_) => self.recorded_catalog(),
        }
    }

    fn recorded_catalog(&self) -> Result<Arc<Catalog>, StoreError> {
        let built_in = &self.ground.shared.built_in;
        let Some(identity) = self.organization().entitlement else {
            return Ok(Arc::clone(built_in));
        };
        let recorded = self.db().one(sql::CATALOG_OF_INSTALLED, values![&identity], |row| row.owned(0))?;
        let digest = recorded.and_then(|digest| digest.parse().ok());
        match digest.map(|digest: CatalogDigest| self.catalog_of(&digest)) {
            Some(Ok(catalog)) => Ok(catalog),
            Some(Err(StoreError::Refused(_))) | None => Ok(Arc::clone(built_in)),
            Some(Err(broken)) => Err(broken),
        }
    }
}
