//! The vendor's trust list: which of his keys count, and what he has revoked.

use entitlement::{Allotment, Identity, OpenError, TrustList};
use errors::{Code, Failure};
use rules::Actor;
use rules::permit::TrustPermit;
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::values;
use crate::incoming::{Installation, text};
use crate::license::LicenseState;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

/// A trust list that was opened and admitted in this transaction, with what the installed file is under it.
#[derive(Debug)]
pub struct IncomingTrust<'tx> {
    trust: TrustList,
    bytes: String,
    is_installed: bool,
    license: LicenseState,
    _brand: rules::Brand<'tx>,
}

impl IncomingTrust<'_> {
    /// The list.
    #[must_use]
    pub fn list(&self) -> &TrustList {
        &self.trust
    }

    /// The installed license file as it is under the list.
    #[must_use]
    pub fn license(&self) -> &LicenseState {
        &self.license
    }

    /// Whether it is the list that is installed already.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.is_installed
    }
}

impl<'tx> ReadTx<'tx> {
    /// Opens and admits a trust list that comes by itself.
    ///
    /// # Errors
    /// The first check that fails, as `license-…` or `trust-list-older`.
    pub fn open_incoming_trust(&self, bytes: &[u8]) -> Result<IncomingTrust<'tx>, StoreError> {
        let trust = self.incoming_trust(Some(bytes))?;
        let is_installed = self.is_installed_trust(&trust);
        let license = self.license_under(&trust)?;
        Ok(IncomingTrust { bytes: text(bytes)?, trust, is_installed, license, _brand: self.brand })
    }

    /// What the installed file gives under that list, which may be newer than the one it was opened with.
    ///
    /// # Errors
    /// What the database says.
    pub fn gives_under(&self, incoming: &IncomingTrust<'_>) -> Allotment {
        incoming.license.at(self.now()).as_ref().clone()
    }

    /// The list that files of an import are opened under: the one that came along, or the installed one.
    pub(crate) fn incoming_trust(&self, bytes: Option<&[u8]>) -> Result<TrustList, StoreError> {
        let Some(bytes) = bytes else {
            return self.trust_list()?.ok_or_else(|| Failure::plain(Code::TrustListMissing).into());
        };
        let trust =
            entitlement::open_trust_list(bytes, &self.ground.shared.roots, self.now()).map_err(Failure::from)?;
        trust.admit(self.trust_on_record()?).map_err(Failure::from)?;
        Ok(trust)
    }

    /// Version and identity of the newest list that was ever installed. One whose root this program does not hold any more
    /// counts no longer: a thief of that root may have signed the highest version that there is.
    fn trust_on_record(&self) -> Result<Option<(u32, Identity)>, StoreError> {
        let all = self.db().many(sql::TRUST_LISTS, &[], |row| {
            let version = u32::try_from(row.count(0)?).map_err(StoreError::damaged)?;
            Ok((version, row.parsed::<Identity>(1)?, row.owned(2)?))
        })?;
        let roots = &self.ground.shared.roots;
        let is_ours = |bytes: &str| {
            let opened = entitlement::open_trust_list(bytes.as_bytes(), roots, self.now());
            !matches!(opened, Err(OpenError::KeyUnknown { .. }))
        };
        Ok(all.into_iter().find(|(.., bytes)| is_ours(bytes)).map(|(version, identity, _)| (version, identity)))
    }

    /// Whether it is the list that is installed.
    pub(crate) fn is_installed_trust(&self, trust: &TrustList) -> bool {
        let installed = self.trust_list().ok().flatten();
        installed.is_some_and(|installed| installed.identity() == trust.identity())
    }

    /// What the file in force gives under another list.
    pub(crate) fn gives_under_list(&self, trust: &TrustList) -> Result<Allotment, StoreError> {
        Ok(self.license_under(trust)?.at(self.now()).as_ref().clone())
    }

    /// The installed file, opened under another list.
    fn license_under(&self, trust: &TrustList) -> Result<LicenseState, StoreError> {
        let Some(identity) = self.ground.books.borrow().in_force().map(str::to_owned) else {
            return Ok(LicenseState::Absent);
        };
        match self.opened(&identity, trust.clone(), &self.place_of_recorded(&identity)?) {
            Ok(installed) => Ok(LicenseState::Good(std::sync::Arc::new(installed))),
            Err(StoreError::Refused(failure)) => Ok(LicenseState::Refused(failure)),
            Err(broken) => Err(broken),
        }
    }
}

impl<'tx> WriteTx<'tx> {
    /// Puts a trust list in force that came by itself.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn install_trust(
        &self,
        permit: TrustPermit<'tx>,
        actor: &Actor,
        incoming: &IncomingTrust<'tx>,
    ) -> Result<Installation, StoreError> {
        if incoming.is_installed {
            return Ok(Installation::Unchanged);
        }
        self.whole(|| {
            let grant = self.spend(permit)?;
            self.put_trust_in_force(actor, &incoming.trust, &incoming.bytes, grant.locked_out)?;
            Ok(Installation::Installed)
        })
    }

    fn put_trust_in_force(
        &self,
        actor: &Actor,
        trust: &TrustList,
        bytes: &str,
        locked_out: u64,
    ) -> Result<(), StoreError> {
        let before = self.shortfalls()?;
        self.save_trust(trust, bytes)?;
        self.remember_shortfalls(&before, self.now())?;
        let detail = json!({ "version": trust.version(), "identity": trust.identity().to_string(),
                             "locked_out": locked_out });
        self.append_audit(actor, Action::TrustListImported, "trust-list", &detail)
    }

    pub(crate) fn save_trust(&self, trust: &TrustList, bytes: &str) -> Result<(), StoreError> {
        self.end_usage(self.clock().newest)?;
        let identity = trust.identity().to_string();
        self.db().execute(sql::SAVE_TRUST_LIST, values![trust.version(), &identity, bytes, self.now()])?;
        self.change_organization(|organization| organization.trust_version = u64::from(trust.version()));
        self.saw_issue(trust.issued_at());
        Ok(())
    }

    /// The list that is compiled into a demonstration build, unless a newer one is installed.
    pub(crate) fn install_built_in_trust(&self, bytes: &[u8]) -> Result<(), StoreError> {
        let trust =
            entitlement::open_trust_list(bytes, &self.ground.shared.roots, self.now()).map_err(Failure::from)?;
        if u64::from(trust.version()) <= self.organization().trust_version {
            return Ok(());
        }
        let bytes = text(bytes)?;
        self.whole(|| {
            self.change_organization(|organization| organization.seat_revision += 1);
            self.put_trust_in_force(&Actor::console(), &trust, &bytes, 0)
        })
    }
}
