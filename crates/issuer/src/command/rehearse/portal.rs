//! What a portal would say: the code that portals open files with, and what they remember between two files.

use std::collections::BTreeMap;

use catalog::Catalog;
use entitlement::{
    Admission, Entitlement, Moment, OpenError, Place, Roots, TermState, TrustList, Use, open_entitlement,
    open_trust_list,
};
use errors::{Code, Failure};

/// A portal as far as it judges signed files.
#[derive(Clone)]
pub(super) struct Portal {
    roots: Roots,
    trust: Option<TrustList>,
    place: Place,
}

impl Portal {
    /// A portal that was built with these roots, with nothing imported yet.
    pub(super) fn built_with(roots: Roots) -> Self {
        Self { roots, trust: None, place: Place { catalogs: vec![Catalog::arcgis_digest()], ..Place::default() } }
    }

    /// Imports a trust list.
    pub(super) fn take_list(&mut self, bytes: &[u8], now: Moment) -> Result<String, Failure> {
        let list = open_trust_list(bytes, &self.roots, now)?;
        let admission = list.admit(self.trust.as_ref().map(|trust| (trust.version(), *trust.identity())))?;
        let said =
            format!("trust list version {}, signed by {}: {}", list.version(), list.signed_by(), word(admission));
        self.trust = Some(list);
        Ok(said)
    }

    /// Imports a license file.
    pub(super) fn import(&mut self, bytes: &[u8], now: Moment) -> Result<String, Failure> {
        let license = self.open(bytes, Use::Importing, now)?;
        let admission = license.admit(&self.place)?;
        let highest = (license.sequence(), *license.identity());
        self.place.highest = BTreeMap::from([(license.contract().clone(), highest)]);
        self.place.installed =
            Some((license.contract().clone(), license.issuer().clone(), license.customer().id.clone()));
        Ok(format!("{}, sequence {}: {}", license.license(), license.sequence(), word(admission)))
    }

    /// Loads a license file that it installed before, as it does at every start.
    pub(super) fn load(&self, bytes: &[u8], now: Moment) -> Result<String, Failure> {
        let license = self.open(bytes, Use::Installed, now)?;
        if self.trust.as_ref().is_some_and(|trust| license.revoked_by(trust)) {
            return Err(Failure::plain(Code::LicenseRevoked));
        }
        match license.term_state(now) {
            TermState::InTerm if license.key_revoked() => {
                Ok(format!("{}: in force, under a notice that its key was revoked", license.license()))
            }
            TermState::InTerm => Ok(format!("{}: in force", license.license())),
            TermState::NotBegun => Err(Failure::plain(Code::LicenseNotBegun)),
            TermState::Ended => Err(Failure::plain(Code::LicenseEnded)),
        }
    }

    fn open(&self, bytes: &[u8], usage: Use, now: Moment) -> Result<Entitlement, Failure> {
        let trust = self.trust.as_ref().ok_or_else(|| Failure::plain(Code::TrustListMissing))?;
        open_entitlement(bytes, trust, usage, now).map_err(|error: OpenError| error.into())
    }
}

fn word(admission: Admission) -> &'static str {
    match admission {
        Admission::New => "taken",
        Admission::SameAsInstalled => "there already",
    }
}
