//! The usage report: what a portal tells its vendor of its license, its counts, and of itself.

use std::collections::BTreeSet;

use crate::key::BareJwk;
use crate::payload::{Unsound, check_schema, contradiction, self_named};
use crate::strict::object;
use crate::{AddOnId, ContractId, Identity, KeyId, LicenseId, Moment, PublicKey, UserTypeId};

/// The largest number in a report: the largest that every reader of JSON reads exactly (RFC 7493, 2.2).
const MOST: u64 = (1 << 53) - 1;

object! {
    /// The license file in force.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UsedLicense {
        /// Its number.
        pub required license: LicenseId,
        /// Its contract.
        pub required contract: ContractId,
        /// Its place in the contract.
        pub required sequence: u32,
        /// Which file it is.
        pub required identity: Identity,
        /// Whether it is bound to this portal; otherwise it opens on any.
        pub required bound: bool,
    }
}

object! {
    /// The counts of one user type.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UsedSeats {
        /// Which.
        pub required id: UserTypeId,
        /// Licensed named users.
        pub required licensed: u64,
        /// Members.
        pub required assigned: u64,
    }
}

object! {
    /// The counts of one add-on or extension.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UsedAddOn {
        /// Which.
        pub required id: AddOnId,
        /// Licenses.
        pub required licensed: u64,
        /// Assigned to members.
        pub required assigned: u64,
    }
}

/// What a usage report says besides the portal's key.
///
/// Anybody can fill one in; only [`seal_usage_report`](crate::seal_usage_report) makes a file of it, and only a file that
/// opens is a [`UsageReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDraft {
    /// When it was made.
    pub iat: Moment,
    /// Grows, by a step of chance, when the portal is restored, copied or moved. A later report of a lower epoch comes from
    /// another copy of the portal.
    pub epoch: u64,
    /// How often somebody has accepted the clock of its machine.
    pub clock_accepted: u64,
    /// Version of the trust list in force; 0 where there is none.
    pub trust_version: u32,
    /// The license file in force, where one is.
    pub license: Option<UsedLicense>,
    /// Every user type that is licensed or has members.
    pub user_types: Vec<UsedSeats>,
    /// Every add-on and extension that is licensed or assigned.
    pub add_ons: Vec<UsedAddOn>,
}

object! {
    /// The payload as it is written: the table of docs/FORMAT.md, in its order.
    pub(crate) struct UsagePayload {
        required schema: u32,
        required portal: KeyId,
        required iat: Moment,
        required epoch: u64,
        required clock_accepted: u64,
        required trust_version: u32,
        optional license: UsedLicense,
        required user_types: Vec<UsedSeats>,
        required add_ons: Vec<UsedAddOn>,
        required jwk: BareJwk,
    }
}

/// An opened usage report. Only [`open_usage_report`](crate::open_usage_report) makes one.
///
/// It proves that the portal of that key says so; a portal whose program was changed says what it likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReport {
    key: PublicKey,
    says: UsageDraft,
    identity: Identity,
}

impl UsageReport {
    pub(crate) fn new(key: PublicKey, says: UsageDraft, identity: Identity) -> Self {
        Self { key, says, identity }
    }

    /// The portal: the thumbprint of its key.
    #[must_use]
    pub fn portal(&self) -> &KeyId {
        self.key.kid()
    }

    /// The portal's public key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// What it says.
    #[must_use]
    pub fn says(&self) -> &UsageDraft {
        &self.says
    }

    /// What makes the report this report.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl UsagePayload {
    pub(crate) fn of(draft: &UsageDraft, key: &PublicKey) -> Self {
        let draft = draft.clone();
        Self {
            schema: 1,
            portal: key.kid().clone(),
            iat: draft.iat,
            epoch: draft.epoch,
            clock_accepted: draft.clock_accepted,
            trust_version: draft.trust_version,
            license: draft.license,
            user_types: draft.user_types,
            add_ons: draft.add_ons,
            jwk: BareJwk::of(key),
        }
    }

    pub(crate) fn into_draft(self) -> Result<(PublicKey, UsageDraft), Unsound> {
        check_schema(self.schema)?;
        let key = self_named(&self.portal, &self.jwk, "portal")?;
        let counts = self.user_types.iter().flat_map(|one| [one.licensed, one.assigned]);
        let add_ons = self.add_ons.iter().flat_map(|one| [one.licensed, one.assigned]);
        let numbers = [self.epoch, self.clock_accepted];
        if counts.chain(add_ons).chain(numbers).any(|number| number > MOST) {
            return Err(contradiction("a number is more than 2^53 - 1"));
        }
        if self.license.as_ref().is_some_and(|license| license.sequence == 0) {
            return Err(contradiction("`sequence` is 0"));
        }
        let types: BTreeSet<&UserTypeId> = self.user_types.iter().map(|one| &one.id).collect();
        let add_ons: BTreeSet<&AddOnId> = self.add_ons.iter().map(|one| &one.id).collect();
        if types.len() < self.user_types.len() || add_ons.len() < self.add_ons.len() {
            return Err(contradiction("an id stands twice"));
        }
        let says = UsageDraft {
            iat: self.iat,
            epoch: self.epoch,
            clock_accepted: self.clock_accepted,
            trust_version: self.trust_version,
            license: self.license,
            user_types: self.user_types,
            add_ons: self.add_ons,
        };
        Ok((key, says))
    }
}
