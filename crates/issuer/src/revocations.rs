//! What the vendor takes back: `revocations.json` of the workspace. The next trust list says it to the portals.
//!
//! Nothing in it is ever weakened: a trust list that gave back what an earlier one took would help only a thief.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use entitlement::{ContractId, KeyId, LicenseId, Moment, Name, TrustListDraft};
use errors::{Code, Failure};
use serde::{Deserialize, Serialize};

use crate::workspace::spelled;

/// Everything that was taken back at this desk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revocations {
    schema: u32,
    keys: BTreeMap<KeyId, RevokedKey>,
    licenses: BTreeMap<LicenseId, Revoked>,
    contracts: BTreeMap<ContractId, Withdrawn>,
}

/// A key that is not to be trusted any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevokedKey {
    /// Since when.
    #[serde(with = "spelled")]
    pub(crate) from: Moment,
    /// Why.
    pub(crate) reason: Name,
    /// When the desk was told.
    #[serde(with = "spelled")]
    recorded: Moment,
}

/// A license that was ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    reason: Name,
    #[serde(with = "spelled")]
    recorded: Moment,
}

/// The lowest sequence of a contract that stays in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawn {
    below: u32,
    reason: Name,
    #[serde(with = "spelled")]
    recorded: Moment,
}

/// Why and when something is taken back.
pub(crate) struct Because<'a> {
    /// Why.
    pub(crate) reason: &'a Name,
    /// When.
    pub(crate) now: Moment,
}

const NAME: &str = "revocations.json";

impl Revocations {
    /// Those of a workspace; none where nothing was taken back yet.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        if !path.try_exists().unwrap_or(true) {
            let (keys, licenses, contracts) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
            return Ok(Self { schema: 1, keys, licenses, contracts });
        }
        let text = files::read_text(&path, Code::LedgerDamaged)?;
        let damaged = |problem: &dyn std::fmt::Display| {
            Failure::new(Code::LedgerDamaged, format!("The record `{}` cannot be used: {problem}.", path.display()))
        };
        let read: Self = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
        if read.schema == 1 { Ok(read) } else { Err(damaged(&"it is of a later schema")) }
    }

    /// Writes them, whole or not at all. Whoever calls holds the ledger.
    pub(crate) fn keep(&self, folder: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Failure::new(Code::Internal, format!("The record cannot be written: {error}.")))?;
        files::replace(&folder.join(NAME), (text + "\n").as_bytes())
    }

    /// What is known of a revoked key.
    pub(crate) fn key(&self, kid: &KeyId) -> Option<&RevokedKey> {
        self.keys.get(kid)
    }

    /// Revokes a key; again only from an earlier instant.
    pub(crate) fn revoke_key(&mut self, kid: &KeyId, from: Moment, because: &Because<'_>) -> Result<(), Failure> {
        match self.keys.get(kid) {
            Some(before) if before.from <= from => Err(taken_back(&format_args!(
                "The key `{kid}` is revoked from {} already; only an earlier day would change anything",
                before.from
            ))),
            Some(_) | None => {
                let revoked = RevokedKey { from, reason: because.reason.clone(), recorded: because.now };
                self.keys.insert(kid.clone(), revoked);
                Ok(())
            }
        }
    }

    /// Ends a license.
    pub(crate) fn revoke_license(&mut self, license: &LicenseId, because: &Because<'_>) -> Result<(), Failure> {
        if self.licenses.contains_key(license) {
            return Err(taken_back(&format_args!("The license `{license}` is revoked already")));
        }
        let revoked = Revoked { reason: because.reason.clone(), recorded: because.now };
        self.licenses.insert(license.clone(), revoked);
        Ok(())
    }

    /// Ends the files of a contract below a sequence.
    pub(crate) fn withdraw(&mut self, contract: &ContractId, below: u32, because: &Because<'_>) -> Result<(), Failure> {
        if let Some(before) = self.contracts.get(contract).filter(|before| before.below >= below) {
            let below = before.below;
            return Err(taken_back(&format_args!(
                "The files of `{contract}` below sequence {below} have ended already"
            )));
        }
        let withdrawn = Withdrawn { below, reason: because.reason.clone(), recorded: because.now };
        self.contracts.insert(contract.clone(), withdrawn);
        Ok(())
    }

    /// Adds everything to what the next list says. Roots are left out: a list cannot revoke them, a build drops them.
    pub(crate) fn apply(&self, roots: &BTreeSet<KeyId>, draft: &mut TrustListDraft) {
        for (kid, revoked) in self.keys.iter().filter(|(kid, _)| !roots.contains(*kid)) {
            let from = draft.revoked_keys.entry(kid.clone()).or_insert(revoked.from);
            *from = revoked.from.min(*from);
        }
        draft.revoked_licenses.extend(self.licenses.keys().cloned());
        for (contract, withdrawn) in &self.contracts {
            let lowest = draft.min_sequence.entry(contract.clone()).or_insert(withdrawn.below);
            *lowest = withdrawn.below.max(*lowest);
        }
    }
}

fn taken_back(sentence: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::AlreadyRevoked, format!("{sentence}."))
}
