//! What the next trust list says otherwise than the one before.

use std::collections::BTreeMap;

use entitlement::{ContractId, KeyId, LicenseId, Moment, TrustList, TrustListDraft, TrustedKey};
use serde_json::{Value, json};

/// The differences, each kind in the order of its names.
pub(crate) struct Changes<'a> {
    against: Option<u32>,
    added: Vec<&'a TrustedKey>,
    /// Keys whose days changed, and their days before.
    moved: Vec<(&'a TrustedKey, &'a TrustedKey)>,
    revoked_keys: Vec<(&'a KeyId, Moment)>,
    revoked_licenses: Vec<&'a LicenseId>,
    /// Contracts, their lowest sequence in force, and the one before.
    withdrawn: Vec<(&'a ContractId, u32, Option<u32>)>,
}

impl<'a> Changes<'a> {
    /// From the list before, if there is one, to the next.
    pub(crate) fn between(previous: Option<&'a TrustList>, next: &'a TrustListDraft) -> Self {
        let before = |kid: &KeyId| previous.and_then(|list| list.keys().iter().find(|key| key.key.kid() == kid));
        let (mut added, mut moved) = (Vec::new(), Vec::new());
        for key in &next.keys {
            match before(key.key.kid()) {
                None => added.push(key),
                Some(old) if (old.nbf, old.exp) != (key.nbf, key.exp) => moved.push((key, old)),
                Some(_) => {}
            }
        }
        let old_keys = previous.map(TrustList::revoked_keys).cloned().unwrap_or_default();
        let old_licenses = previous.map(TrustList::revoked_licenses).cloned().unwrap_or_default();
        let old_sequences: BTreeMap<_, _> = previous.map(|list| list.draft().min_sequence.clone()).unwrap_or_default();
        let revoked_keys = next.revoked_keys.iter().filter(|(kid, from)| old_keys.get(*kid) != Some(*from));
        let withdrawn =
            next.min_sequence.iter().map(|(contract, n)| (contract, *n, old_sequences.get(contract).copied()));
        Self {
            against: previous.map(TrustList::version),
            added,
            moved,
            revoked_keys: revoked_keys.map(|(kid, from)| (kid, *from)).collect(),
            revoked_licenses: next.revoked_licenses.iter().filter(|id| !old_licenses.contains(*id)).collect(),
            withdrawn: withdrawn.filter(|(_, now, before)| Some(*now) != *before).collect(),
        }
    }

    /// For people: one line for each.
    pub(crate) fn table(&self) -> String {
        let mut rows = Vec::new();
        let mut row = |name: &str, what: String| rows.push(format!("\n  {name:<11}{what}"));
        for key in &self.added {
            row("added", format!("the key {} from {} up to {}", key.key.kid(), key.nbf, key.exp));
        }
        for (key, old) in &self.moved {
            let name = if key.exp < old.exp { "retires" } else { "moved" };
            let days = format!("from {} up to {} (was {} up to {})", key.nbf, key.exp, old.nbf, old.exp);
            row(name, format!("the key {} {days}", key.key.kid()));
        }
        for (kid, from) in &self.revoked_keys {
            row("revoked", format!("the key {kid} from {from}"));
        }
        for license in &self.revoked_licenses {
            row("revoked", format!("the license {license}"));
        }
        for (contract, below, before) in &self.withdrawn {
            let before = before.map(|before| format!(" (was {before})")).unwrap_or_default();
            row("withdrawn", format!("the files of {contract} below sequence {below}{before}"));
        }
        if let (Some(against), true) = (self.against, rows.is_empty()) {
            return format!("\n  {:<11}against version {against}, but for its days", "unchanged");
        }
        rows.concat()
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let days = |key: &TrustedKey| json!({ "from": key.nbf.to_string(), "until": key.exp.to_string() });
        let named = |key: &TrustedKey| json!({ "kid": key.key.kid(), "from": key.nbf.to_string(), "until": key.exp.to_string() });
        let moved = self.moved.iter().map(|(key, old)| {
            let (from, until) = (key.nbf.to_string(), key.exp.to_string());
            json!({ "kid": key.key.kid(), "from": from, "until": until, "before": days(old) })
        });
        let revoked = self.revoked_keys.iter().map(|(kid, from)| json!({ "kid": kid, "from": from.to_string() }));
        let withdrawn = self
            .withdrawn
            .iter()
            .map(|(contract, below, before)| json!({ "contract": contract, "below": below, "before": before }));
        json!({
            "against": self.against,
            "added": self.added.iter().map(|key| named(key)).collect::<Vec<_>>(),
            "moved": moved.collect::<Vec<_>>(),
            "revoked_keys": revoked.collect::<Vec<_>>(),
            "revoked_licenses": self.revoked_licenses,
            "min_sequence": withdrawn.collect::<Vec<_>>(),
        })
    }
}
