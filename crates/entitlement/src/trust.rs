//! The trust list: which vendor keys count, from when to when, and what is revoked.

use std::collections::{BTreeMap, BTreeSet};

use crate::key::KeyBytes;
use crate::payload::Unsound;
use crate::strict::{Map, object};
use crate::{Admission, ContractId, Identity, KeyError, KeyId, LicenseId, Moment, OpenError, PublicKey};

/// One vendor key and the time in which it may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub key: PublicKey,
    /// First instant at which it may sign.
    pub nbf: Moment,
    /// First instant at which it may no longer; what it signed before stays good.
    pub exp: Moment,
}

/// What a trust list says: its payload, member by member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustListDraft {
    /// Grows with every list; 1 or more.
    pub version: u32,
    /// When it was made.
    pub iat: Moment,
    /// When a newer one should have come. An expired list still counts; administrators are told.
    pub expires: Moment,
    /// The vendor keys.
    pub keys: Vec<TrustedKey>,
    /// Revoked keys, and from when: what they signed later is no longer good even where it is installed.
    pub revoked_keys: BTreeMap<KeyId, Moment>,
    /// Revoked licenses: their files count as ended.
    pub revoked_licenses: BTreeSet<LicenseId>,
    /// Per contract the lowest sequence that is still in force.
    pub min_sequence: BTreeMap<ContractId, u32>,
}

object! {
    struct WrittenKey {
        required kid: KeyId,
        required x: KeyBytes,
        required nbf: Moment,
        required exp: Moment,
    }
}

object! {
    struct WrittenRevocation {
        required kid: KeyId,
        required from: Moment,
    }
}

object! {
    /// The payload as it is written.
    pub(crate) struct TrustPayload {
        required version: u32,
        required iat: Moment,
        required expires: Moment,
        required keys: Vec<WrittenKey>,
        required revoked_keys: Vec<WrittenRevocation>,
        required revoked_licenses: Vec<LicenseId>,
        required min_sequence: Map<ContractId, u32>,
    }
}

impl TrustPayload {
    pub(crate) fn of(draft: &TrustListDraft) -> Self {
        let written = |trusted: &TrustedKey| WrittenKey {
            kid: trusted.key.kid().clone(),
            x: KeyBytes(*trusted.key.as_bytes()),
            nbf: trusted.nbf,
            exp: trusted.exp,
        };
        let revoked = draft.revoked_keys.iter().map(|(kid, from)| WrittenRevocation { kid: kid.clone(), from: *from });
        Self {
            version: draft.version,
            iat: draft.iat,
            expires: draft.expires,
            keys: draft.keys.iter().map(written).collect(),
            revoked_keys: revoked.collect(),
            revoked_licenses: draft.revoked_licenses.iter().cloned().collect(),
            min_sequence: Map(draft.min_sequence.clone()),
        }
    }

    pub(crate) fn into_draft(self) -> Result<TrustListDraft, Unsound> {
        if self.version == 0 {
            return Err(Unsound::Contradiction("`version` is 0".to_owned()));
        }
        if self.expires <= self.iat {
            return Err(Unsound::Contradiction("`expires` is not after `iat`".to_owned()));
        }
        let keys: Vec<TrustedKey> = self.keys.into_iter().map(WrittenKey::read).collect::<Result<_, _>>()?;
        once("keys", keys.iter().map(|trusted| trusted.key.kid()))?;
        once("revoked_keys", self.revoked_keys.iter().map(|revoked| &revoked.kid))?;
        once("revoked_licenses", self.revoked_licenses.iter())?;
        Ok(TrustListDraft {
            version: self.version,
            iat: self.iat,
            expires: self.expires,
            keys,
            revoked_keys: self.revoked_keys.into_iter().map(|revoked| (revoked.kid, revoked.from)).collect(),
            revoked_licenses: self.revoked_licenses.into_iter().collect(),
            min_sequence: self.min_sequence.0,
        })
    }
}

impl WrittenKey {
    fn read(self) -> Result<TrustedKey, Unsound> {
        let kid = self.kid;
        if self.exp <= self.nbf {
            return Err(Unsound::Contradiction(format!("`exp` of the key `{kid}` is not after its `nbf`")));
        }
        let key = PublicKey::new(kid.clone(), &self.x.0).map_err(|error| match error {
            KeyError::Weak => Unsound::Weak(kid),
            KeyError::Invalid | KeyError::Jwk(_) => Unsound::Contradiction(format!("`x` of the key `{kid}`: {error}")),
        })?;
        Ok(TrustedKey { key, nbf: self.nbf, exp: self.exp })
    }
}

/// Refuses a list that names something twice.
fn once<'a, T: Ord + std::fmt::Display + 'a>(
    list: &str,
    mut names: impl Iterator<Item = &'a T>,
) -> Result<(), Unsound> {
    let mut seen = BTreeSet::new();
    match names.find(|name| !seen.insert(*name)) {
        Some(twice) => Err(Unsound::Contradiction(format!("`{list}` names `{twice}` twice"))),
        None => Ok(()),
    }
}

/// An opened trust list. Only [`open_trust_list`](crate::open_trust_list) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    says: TrustListDraft,
    signed_by: KeyId,
    identity: Identity,
}

impl TrustList {
    pub(crate) fn new(says: TrustListDraft, signed_by: KeyId, identity: Identity) -> Self {
        Self { says, signed_by, identity }
    }

    /// The version; it only grows.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.says.version
    }

    /// When it was made.
    #[must_use]
    pub fn issued_at(&self) -> Moment {
        self.says.iat
    }

    /// When a newer list should have come.
    #[must_use]
    pub fn expires(&self) -> Moment {
        self.says.expires
    }

    /// Whether a newer list should have come: a notice to administrators, never a reason to refuse anything.
    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        now >= self.says.expires
    }

    /// The vendor keys.
    #[must_use]
    pub fn keys(&self) -> &[TrustedKey] {
        &self.says.keys
    }

    /// The revoked keys, and from when.
    #[must_use]
    pub fn revoked_keys(&self) -> &BTreeMap<KeyId, Moment> {
        &self.says.revoked_keys
    }

    /// The revoked licenses.
    #[must_use]
    pub fn revoked_licenses(&self) -> &BTreeSet<LicenseId> {
        &self.says.revoked_licenses
    }

    /// The lowest sequence of a contract that is still in force, where the list names one.
    #[must_use]
    pub fn min_sequence(&self, contract: &ContractId) -> Option<u32> {
        self.says.min_sequence.get(contract).copied()
    }

    /// The root key that signed it.
    #[must_use]
    pub fn signed_by(&self) -> &KeyId {
        &self.signed_by
    }

    /// What makes the list this list.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Everything that the list says, as the draft of the next one.
    #[must_use]
    pub fn draft(&self) -> &TrustListDraft {
        &self.says
    }

    /// Whether this list may follow the one installed (its version and identity), or is that one.
    ///
    /// # Errors
    /// [`OpenError::TrustListOlder`] when its version is lower, or the same with other content.
    pub fn admit(&self, installed: Option<(u32, Identity)>) -> Result<Admission, OpenError> {
        match installed {
            Some((_, identity)) if identity == self.identity => Ok(Admission::SameAsInstalled),
            Some((version, _)) if self.version() <= version => {
                Err(OpenError::TrustListOlder { installed: version, found: self.version() })
            }
            Some(_) | None => Ok(Admission::New),
        }
    }

    /// The vendor key of that name.
    pub(crate) fn find(&self, kid: &KeyId) -> Result<&TrustedKey, OpenError> {
        self.says.keys.iter().find(|trusted| trusted.key.kid() == kid).ok_or_else(|| OpenError::KeyUnknown {
            kid: kid.clone(),
            known: self.says.keys.iter().map(|trusted| trusted.key.kid().clone()).collect(),
        })
    }
}
