//! License files that come in: opened in the transaction that installs them, so that nothing else can be installed.

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Admission, Allotment, Entitlement, Moment, TermState, TrustList, Use};
use errors::{Code, Failure};
use rules::permit::ImportPermit;
use rules::{Actor, Facts};
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::values;
use crate::license::LicenseState;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

/// The files of one import, as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The entitlement.
    pub entitlement: Vec<u8>,
    /// The vendor's trust list, where one came along.
    pub trust: Option<Vec<u8>>,
    /// The signed catalog that the entitlement names by its digest, where it is not compiled in.
    pub catalog: Option<Vec<u8>>,
}

/// Files that were opened and admitted in this transaction; what [`WriteTx::install_license`] takes.
#[derive(Debug)]
pub struct Incoming<'tx> {
    entitlement: Entitlement,
    bytes: String,
    trust: TrustList,
    trust_bytes: Option<String>,
    catalog: Arc<Catalog>,
    catalog_bytes: Option<String>,
    is_installed: bool,
    _brand: rules::Brand<'tx>,
}

impl Incoming<'_> {
    /// The entitlement.
    #[must_use]
    pub fn entitlement(&self) -> &Entitlement {
        &self.entitlement
    }

    /// The trust list that it was opened under: the one that came along, or the installed one.
    #[must_use]
    pub fn trust(&self) -> &TrustList {
        &self.trust
    }

    /// The catalog that it names.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// What it would give.
    #[must_use]
    pub fn at(&self, now: Moment) -> Allotment {
        self.entitlement.at(now)
    }

    /// Whether it is the file that is in force already, and opens as stored: importing it changes nothing.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.is_installed
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// The file is in force.
    Installed,
    /// It was in force already; nothing was written.
    Unchanged,
}

impl<'tx> ReadTx<'tx> {
    /// Opens and admits files that are to be imported or activated: every check of design 1, then the term and the
    /// revocations.
    ///
    /// # Errors
    /// The first check that fails, as `license-…`, `trust-list-…` or `catalog-invalid`.
    pub fn open_incoming(&self, files: &Files) -> Result<Incoming<'tx>, StoreError> {
        let now = self.now();
        let trust = self.incoming_trust(files.trust.as_deref())?;
        let entitlement =
            entitlement::open_entitlement(&files.entitlement, &trust, Use::Importing, now).map_err(Failure::from)?;
        let mut place = self.place()?;
        let brought = incoming_catalog(files, &trust)?;
        place.catalogs.extend(brought.as_ref().map(|(catalog, _)| *catalog.digest()));
        let admission = entitlement.admit(&place).map_err(Failure::from)?;
        may_begin(&entitlement, &trust, now)?;
        let digest = &entitlement.catalog().sha256;
        let (catalog, catalog_bytes) = match brought.filter(|(catalog, _)| catalog.digest() == digest) {
            Some((catalog, bytes)) => (Arc::new(catalog), Some(bytes)),
            None => (self.catalog_of(digest)?, None),
        };
        let is_installed = admission == Admission::SameAsInstalled && self.is_in_force(&entitlement, &trust)?;
        Ok(Incoming {
            catalog,
            catalog_bytes,
            bytes: text(&files.entitlement)?,
            trust_bytes: files.trust.as_deref().map(text).transpose()?,
            trust,
            entitlement,
            is_installed,
            _brand: self.brand,
        })
    }

    /// The facts of a decision about these files: as they are, with the ids understood as the new catalog has them.
    ///
    /// # Errors
    /// What the database says.
    pub fn facts_under(&self, incoming: &Incoming<'tx>) -> Result<Facts<'tx>, StoreError> {
        self.facts_with(&incoming.catalog)
    }

    fn incoming_trust(&self, bytes: Option<&[u8]>) -> Result<TrustList, StoreError> {
        let Some(bytes) = bytes else {
            return self.trust_list()?.ok_or_else(|| Failure::plain(Code::TrustListMissing).into());
        };
        let trust =
            entitlement::open_trust_list(bytes, &self.ground.shared.roots, self.now()).map_err(Failure::from)?;
        trust.admit(self.trust_on_record()?).map_err(Failure::from)?;
        Ok(trust)
    }

    /// Version and identity of the installed trust list, also when its bytes no longer open.
    fn trust_on_record(&self) -> Result<Option<(u32, entitlement::Identity)>, StoreError> {
        let version = self.organization().trust_version;
        self.db().one(sql::TRUST_LIST, values![version], |row| {
            Ok((u32::try_from(version).map_err(StoreError::damaged)?, row.parsed(0)?))
        })
    }

    fn is_in_force(&self, entitlement: &Entitlement, trust: &TrustList) -> Result<bool, StoreError> {
        Ok(match self.license()? {
            LicenseState::Good(installed) => {
                installed.entitlement().identity() == entitlement.identity()
                    && installed.trust().identity() == trust.identity()
            }
            LicenseState::Absent | LicenseState::Refused(_) => false,
        })
    }
}

/// A catalog that came along, with the bytes of its payload, which are what its digest is of.
fn incoming_catalog(files: &Files, trust: &TrustList) -> Result<Option<(Catalog, String)>, StoreError> {
    let Some(bytes) = files.catalog.as_deref() else {
        return Ok(None);
    };
    let signed = entitlement::open_catalog(bytes, trust).map_err(Failure::from)?;
    let catalog = Catalog::parse(signed.bytes()).map_err(Failure::from)?;
    Ok(Some((catalog, text(signed.bytes())?)))
}

/// An ended, revoked or future file is not put in force (design 2, Seats 10).
fn may_begin(entitlement: &Entitlement, trust: &TrustList, now: Moment) -> Result<(), Failure> {
    if entitlement.revoked_by(trust) {
        return Err(Failure::plain(Code::LicenseRevoked).with("license", entitlement.license().as_str()));
    }
    match entitlement.term_state(now) {
        TermState::InTerm => Ok(()),
        TermState::NotBegun => {
            let from = entitlement.from();
            Err(Failure::new(Code::LicenseNotBegun, format!("The term of the file begins at {from}."))
                .with("from", from.to_string()))
        }
        TermState::Ended => {
            let until = entitlement.until().unwrap_or(now);
            Err(Failure::new(Code::LicenseEnded, format!("The term of the file ended at {until}."))
                .with("until", until.to_string()))
        }
    }
}

/// An opened file is UTF-8, so this is never refused.
fn text(bytes: &[u8]) -> Result<String, StoreError> {
    String::from_utf8(bytes.to_vec()).map_err(StoreError::internal)
}

impl<'tx> WriteTx<'tx> {
    /// Puts a file in force, with the trust list and the catalog that came with it.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn install_license(
        &self,
        permit: ImportPermit<'tx>,
        actor: &Actor,
        incoming: &Incoming<'tx>,
    ) -> Result<Installation, StoreError> {
        if incoming.is_installed {
            return Ok(Installation::Unchanged);
        }
        self.whole(|| {
            let grant = self.spend(permit)?;
            self.put_in_force(incoming)?;
            let detail = json!({ "license": about(incoming), "locked_out": grant.locked_out });
            self.append_audit(actor, Action::LicenseImported, incoming.entitlement.license().as_str(), &detail)?;
            Ok(Installation::Installed)
        })
    }

    /// Installs a trust list that came by itself. No door of the portal leads here yet: a list comes with a license file,
    /// or is built in.
    ///
    /// # Errors
    /// It does not open, or is older than the installed one.
    pub fn install_trust(&self, actor: &Actor, bytes: &[u8]) -> Result<Installation, StoreError> {
        let trust = self.incoming_trust(Some(bytes))?;
        if self.trust_list().ok().flatten().is_some_and(|installed| installed.identity() == trust.identity()) {
            return Ok(Installation::Unchanged);
        }
        let bytes = text(bytes)?;
        self.whole(|| {
            let (before, add_ons) = (self.over_types()?, self.over_add_ons()?);
            self.save_trust(&trust, &bytes)?;
            self.change_organization(|organization| organization.seat_revision += 1);
            self.remember_over_since(&before)?;
            self.remember_add_ons_over(&add_ons)?;
            let detail = json!({ "version": trust.version(), "identity": trust.identity().to_string() });
            self.append_audit(actor, Action::TrustListImported, "trust-list", &detail)?;
            Ok(Installation::Installed)
        })
    }

    /// The rows of a file, and the organization's row that points to it.
    pub(crate) fn put_in_force(&self, incoming: &Incoming<'tx>) -> Result<(), StoreError> {
        let (before, add_ons) = (self.over_types()?, self.over_add_ons()?);
        let entitlement = &incoming.entitlement;
        let (identity, catalog) = (entitlement.identity().to_string(), incoming.catalog.digest().to_string());
        let is_other_catalog = incoming.catalog.digest() != self.license_catalog()?.digest();
        if let Some(bytes) = &incoming.trust_bytes {
            self.save_trust(&incoming.trust, bytes)?;
        }
        if let Some(bytes) = &incoming.catalog_bytes {
            self.db().execute(sql::SAVE_CATALOG, values![&catalog, bytes, self.now()])?;
        }
        let row = values![
            &identity,
            entitlement.contract().as_str(),
            entitlement.sequence(),
            entitlement.license().as_str(),
            entitlement.issuer().as_str(),
            entitlement.customer().id.as_str(),
            &catalog,
            &incoming.bytes,
            self.now(),
            self.version() + 1,
        ];
        self.db().execute(sql::SAVE_ENTITLEMENT, row)?;
        let contract = values![entitlement.contract().as_str(), entitlement.sequence(), &identity];
        self.db().execute(sql::SAVE_CONTRACT, contract)?;
        self.change_organization(|organization| organization.entitlement = Some(identity));
        if is_other_catalog {
            // Who is an administrator stands in the catalog.
            self.count_anew(self.catalog()?.as_ref())?;
        }
        self.remember_over_since(&before)?;
        self.remember_add_ons_over(&add_ons)
    }

    fn save_trust(&self, trust: &TrustList, bytes: &str) -> Result<(), StoreError> {
        let identity = trust.identity().to_string();
        self.db().execute(sql::SAVE_TRUST_LIST, values![trust.version(), &identity, bytes, self.now()])?;
        self.change_organization(|organization| organization.trust_version = u64::from(trust.version()));
        Ok(())
    }

    /// The list that is compiled into a demonstration build, unless a newer one is installed.
    pub(crate) fn install_built_in_trust(&self, bytes: &[u8]) -> Result<(), StoreError> {
        let trust =
            entitlement::open_trust_list(bytes, &self.ground.shared.roots, self.now()).map_err(Failure::from)?;
        if u64::from(trust.version()) <= self.organization().trust_version {
            return Ok(());
        }
        self.install_trust(&Actor::console(), bytes).map(|_| ())
    }
}

/// What the audit log says of a file.
pub(crate) fn about(incoming: &Incoming<'_>) -> serde_json::Value {
    let entitlement = &incoming.entitlement;
    json!({
        "license": entitlement.license().as_str(),
        "contract": entitlement.contract().as_str(),
        "sequence": entitlement.sequence(),
        "identity": entitlement.identity().to_string(),
        "trust_version": incoming.trust.version(),
    })
}
