//! Whether a key may sign at this moment. A portal would find out later; the vendor finds out first.

use entitlement::{KeyId, Moment, PublicKey, TrustList};
use errors::{Code, Failure};

use crate::revocations::Revocations;
use crate::workspace::{Purpose, Workspace};

/// What is asked: the workspace, its newest trust list and the time.
pub(crate) struct Standing<'a> {
    /// The workspace.
    pub(crate) workspace: &'a Workspace,
    /// Its newest trust list.
    pub(crate) trust: &'a TrustList,
    /// What was taken back.
    pub(crate) revocations: &'a Revocations,
    /// The time.
    pub(crate) now: Moment,
}

impl Standing<'_> {
    /// Refuses a signing key that a portal would not believe, or will not once the next list is out.
    pub(crate) fn may_sign(&self, kid: &KeyId) -> Result<(), Failure> {
        not_revoked(kid, self.revocations)?;
        if let Some(from) = self.trust.revoked_keys().get(kid) {
            let version = self.trust.version();
            return Err(revoked(kid, &format_args!("from {from}, says the trust list version {version}")));
        }
        let recorded = self.workspace.validity(kid)?;
        let Some(listed) = self.trust.keys().iter().find(|listed| listed.key.kid() == kid) else {
            return Err(self.unpublished(kid));
        };
        let (from, until) = (listed.nbf.max(recorded.from), listed.exp.min(recorded.until));
        if self.now < from {
            let detail = format!("The key `{kid}` may sign from {from}, and now is {}. {}", self.now, self.instead());
            return Err(Failure::new(Code::KeyNotYetValid, detail).with("from", from.to_string()));
        }
        if until <= self.now {
            let detail = format!("The key `{kid}` retired at {until}, and now is {}. {}", self.now, self.instead());
            return Err(Failure::new(Code::KeyRetired, detail).with("until", until.to_string()));
        }
        Ok(())
    }

    fn unpublished(&self, kid: &KeyId) -> Failure {
        let detail = format!(
            "The newest trust list of the workspace (version {}) does not hold the key `{kid}` yet: run `trust build` \
             first.",
            self.trust.version()
        );
        Failure::new(Code::LicenseKeyUnknown, detail)
    }

    /// The keys that may sign now, as a way out.
    fn instead(&self) -> String {
        let keys = self.workspace.keys(Purpose::Signing).unwrap_or_default();
        let usable = keys.iter().map(PublicKey::kid).filter(|kid| self.counts(kid));
        let usable = usable.map(|kid| format!("`{kid}`")).collect::<Vec<_>>();
        if usable.is_empty() {
            return "No key of this workspace may sign now.".to_owned();
        }
        format!("What may sign now: {}.", usable.join(", "))
    }

    fn counts(&self, kid: &KeyId) -> bool {
        let listed = self.trust.keys().iter().find(|listed| listed.key.kid() == kid);
        let listed = listed.is_some_and(|listed| listed.nbf <= self.now && self.now < listed.exp);
        let recorded = self.workspace.validity(kid).is_ok_and(|days| days.from <= self.now && self.now < days.until);
        let revoked = self.revocations.key(kid).is_some() || self.trust.revoked_keys().contains_key(kid);
        listed && recorded && !revoked
    }
}

/// Refuses a key that was revoked at this desk, of whatever purpose.
pub(crate) fn not_revoked(kid: &KeyId, revocations: &Revocations) -> Result<(), Failure> {
    match revocations.key(kid) {
        None => Ok(()),
        Some(known) => Err(revoked(kid, &format_args!("from {} ({})", known.from, known.reason))),
    }
}

fn revoked(kid: &KeyId, how: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::KeyRevoked, format!("The key `{kid}` is revoked {how} and signs nothing any more."))
}
