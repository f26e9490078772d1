//! License files that come in: opened in the transaction that installs them, so that nothing else can be installed.

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Admission, Allotment, Entitlement, Moment, TermState, TrustList, Use};
use errors::Failure;
use rules::import::Arrival;
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
    arrival: Arrival,
    /// What the file in force gives from now on, under the list that came along; nothing where none did.
    given_now: Option<Allotment>,
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

    /// How it comes in: now, later, or not at all.
    #[must_use]
    pub fn arrival(&self) -> &Arrival {
        &self.arrival
    }

    /// What the file in force gives under the trust list that came along, where this one waits for its term and that list
    /// counts at once.
    #[must_use]
    pub fn given_meanwhile(&self) -> Option<&Allotment> {
        self.given_now.as_ref().filter(|_| self.arrival.from().is_some())
    }

    /// What it gives once it is in force: now, or when its term begins.
    #[must_use]
    pub fn gives(&self, now: Moment) -> Allotment {
        self.entitlement.at(self.arrival.from().unwrap_or(now))
    }

    /// Whether it is the file that is in force already and opens as stored, or is staged: importing it changes nothing.
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
    /// The file waits for its term to begin.
    Staged,
    /// It was in force, or waiting, already; nothing was written.
    Unchanged,
}

impl<'tx> ReadTx<'tx> {
    /// Opens and admits files that are to be imported or activated: every check of design 1. Where the term lies and
    /// whether the license is revoked is for the rules to judge ([`Incoming::arrival`]).
    ///
    /// # Errors
    /// The first check that fails, as `license-…`, `trust-list-…` or `catalog-invalid`.
    pub fn open_incoming(&self, files: &Files) -> Result<Incoming<'tx>, StoreError> {
        let now = self.now();
        let trust = self.incoming_trust(files.trust.as_deref())?;
        let entitlement =
            entitlement::open_entitlement(&files.entitlement, &trust, Use::Importing, now).map_err(Failure::from)?;
        let mut place = self.place_of(&entitlement)?;
        let brought = incoming_catalog(files, &trust)?;
        place.catalogs.extend(brought.as_ref().map(|(catalog, _)| *catalog.digest()));
        let admission = entitlement.admit(&place).map_err(Failure::from)?;
        let digest = &entitlement.catalog().sha256;
        let (catalog, catalog_bytes) = match brought.filter(|(catalog, _)| catalog.digest() == digest) {
            Some((catalog, bytes)) => (Arc::new(catalog), Some(bytes)),
            None => (self.catalog_of(digest)?, None),
        };
        let is_known = admission == Admission::SameAsInstalled;
        let is_installed = is_known
            && (self.is_in_force(&entitlement, &trust)?
                || (self.is_waiting(&entitlement)? && self.is_installed_trust(&trust)));
        let is_another_list = files.trust.is_some() && !self.is_installed_trust(&trust);
        let given_now = is_another_list.then(|| self.gives_under_list(&trust)).transpose()?;
        Ok(Incoming {
            catalog,
            catalog_bytes,
            bytes: text(&files.entitlement)?,
            trust_bytes: files.trust.as_deref().map(text).transpose()?,
            // A jump of the clock brings no file in force before it is on record: set right, the file would not have begun.
            arrival: arrival(&entitlement, &trust, self.on_record()),
            given_now,
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

/// How a file comes in, or begins after it has waited.
pub(crate) fn arrival(entitlement: &Entitlement, trust: &TrustList, now: Moment) -> Arrival {
    if entitlement.revoked_by(trust) {
        return Arrival::Revoked { license: entitlement.license().clone() };
    }
    match entitlement.term_state(now) {
        TermState::InTerm => Arrival::InTerm,
        TermState::NotBegun => Arrival::NotBegun { from: entitlement.from() },
        TermState::Ended => Arrival::Ended { until: entitlement.until().unwrap_or(now) },
    }
}

/// An opened file is UTF-8, so this is never refused.
pub(crate) fn text(bytes: &[u8]) -> Result<String, StoreError> {
    String::from_utf8(bytes.to_vec()).map_err(StoreError::internal)
}

impl<'tx> WriteTx<'tx> {
    /// Puts a file in force, or lets it wait for its term, with the trust list and the catalog that came with it.
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
            let detail = json!({ "license": about(incoming), "locked_out": grant.locked_out,
                                 "from": grant.from.map(|from| from.to_string()) });
            let (action, done) = match grant.from {
                Some(from) => {
                    self.stage(actor, incoming, from)?;
                    (Action::LicenseStaged, Installation::Staged)
                }
                None => {
                    self.put_in_force(incoming)?;
                    (Action::LicenseImported, Installation::Installed)
                }
            };
            self.append_audit(actor, action, incoming.entitlement.license().as_str(), &detail)?;
            Ok(done)
        })
    }

    /// The rows of a file, and the organization's row that points to it.
    pub(crate) fn put_in_force(&self, incoming: &Incoming<'tx>) -> Result<(), StoreError> {
        let before = self.shortfalls()?;
        self.keep_what_came_along(incoming)?;
        let arriving = Arriving {
            entitlement: &incoming.entitlement,
            bytes: &incoming.bytes,
            catalog: &incoming.catalog,
            at: self.now(),
        };
        self.install(&arriving)?;
        self.forget_overtaken(&incoming.entitlement, None)?;
        self.remember_shortfalls(&before, self.now())
    }

    /// The rows of a file that waits.
    fn stage(&self, actor: &Actor, incoming: &Incoming<'tx>, from: Moment) -> Result<(), StoreError> {
        let before = self.shortfalls()?;
        self.keep_what_came_along(incoming)?;
        self.forget_overtaken(&incoming.entitlement, Some(from))?;
        self.keep_waiting(actor.name(), &incoming.entitlement, &incoming.bytes)?;
        // A trust list that came along counts at once.
        self.remember_shortfalls(&before, self.now())
    }

    fn keep_what_came_along(&self, incoming: &Incoming<'tx>) -> Result<(), StoreError> {
        if let Some(bytes) = &incoming.trust_bytes {
            self.save_trust(&incoming.trust, bytes)?;
        }
        if let Some(bytes) = &incoming.catalog_bytes {
            let catalog = incoming.catalog.digest().to_string();
            self.db().execute(sql::SAVE_CATALOG, values![&catalog, bytes, self.now()])?;
        }
        Ok(())
    }

    /// Writes the rows of a file and points to it.
    pub(crate) fn install(&self, arriving: &Arriving<'_>) -> Result<(), StoreError> {
        let Arriving { entitlement, bytes, catalog, at } = *arriving;
        self.end_usage(at)?;
        let (identity, digest) = (entitlement.identity().to_string(), catalog.digest().to_string());
        let is_other_catalog = catalog.digest() != self.license_catalog()?.digest();
        let row = values![
            &identity,
            entitlement.contract().as_str(),
            entitlement.sequence(),
            entitlement.license().as_str(),
            entitlement.issuer().as_str(),
            entitlement.customer().id.as_str(),
            &digest,
            bytes,
            at,
            self.version() + 1,
        ];
        self.db().execute(sql::SAVE_ENTITLEMENT, row)?;
        let contract = values![entitlement.contract().as_str(), entitlement.sequence(), &identity];
        self.db().execute(sql::SAVE_CONTRACT, contract)?;
        self.ground.books.borrow_mut().put_in_force(identity);
        self.saw_issue(entitlement.issued_at());
        if is_other_catalog {
            // Who is an administrator stands in the catalog.
            self.count_anew(self.catalog()?.as_ref())?;
        }
        Ok(())
    }

    /// Notes when a vendor's file was issued: no accepted clock goes below the latest of them.
    pub(crate) fn saw_issue(&self, at: Moment) {
        self.change_organization(|organization| organization.newest_issue = organization.newest_issue.max(at));
    }
}

/// A file that comes in force.
pub(crate) struct Arriving<'a> {
    pub(crate) entitlement: &'a Entitlement,
    pub(crate) bytes: &'a str,
    pub(crate) catalog: &'a Catalog,
    /// When it came in force here.
    pub(crate) at: Moment,
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
