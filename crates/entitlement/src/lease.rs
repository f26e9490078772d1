//! The lease: what a portal grants one member on one computer, for a session or to be used offline.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::key::BareJwk;
use crate::payload::{Unsound, check_schema, contradiction};
use crate::strict::{from_string, object};
use crate::term::Term;
use crate::{AddOnId, Identity, KeyError, KeyId, Label, LeaseId, Moment, Name, ProductId, PublicKey, TermState};

/// The largest epoch: the largest number that every reader of JSON reads exactly (RFC 7493, 2.2).
const MOST_EPOCH: u64 = (1 << 53) - 1;

/// What a lease is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseUse {
    /// A product session, which its use renews: at most `session_minutes` of the policy.
    Session,
    /// Use without the portal: at most `offline_days` of the policy, and only where it allows that at all.
    Offline,
}

impl LeaseUse {
    /// What stands in `use`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Offline => "offline",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "session" => Ok(Self::Session),
            "offline" => Ok(Self::Offline),
            other => Err(format!("{:?} where session or offline is wanted", crate::text::cut(other))),
        }
    }
}

impl std::fmt::Display for LeaseUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for LeaseUse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LeaseUse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_string(deserializer, "session or offline", Self::parse)
    }
}

/// The computer that a lease is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseDevice {
    /// Names the computer for programs; the same through all leases. It is compared letter for letter.
    pub id: Label,
    /// Names it for people.
    pub name: Name,
    /// The computer's own key, named by its thumbprint; only what it signs is a return code. Nothing: there is none, and
    /// the lease comes back by its end or online.
    pub key: Option<PublicKey>,
}

/// What a lease says: the payload of the file with the registered names of RFC 7519, 4.1. The portal (`iss`) is not in
/// it: that is whoever signs.
///
/// Anybody can fill one in; only [`seal_lease`](crate::seal_lease) makes a file of it, and only a file that opens is a
/// [`Lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseDraft {
    /// The number of the lease.
    pub jti: LeaseId,
    /// The member, by the portal's own id.
    pub sub: Label,
    /// The member's user name, for people.
    pub username: Option<Label>,
    /// The product.
    pub product: ProductId,
    /// The level of the product that the member holds.
    pub level: Option<Label>,
    /// The extensions of it that the member holds; none twice.
    pub extensions: Vec<AddOnId>,
    /// The computer.
    pub device: LeaseDevice,
    /// What it is for (`use`).
    pub usage: LeaseUse,
    /// When it was granted.
    pub iat: Moment,
    /// First instant at which it counts; not before `iat`.
    pub nbf: Moment,
    /// First instant at which it counts no longer.
    pub exp: Moment,
    /// The entitlement under which it was granted, and with which it is opened for as long as it lasts.
    pub license: Identity,
    /// Grows, by a step of chance, when the portal is restored, copied or moved; at most 2^53 - 1.
    pub epoch: u64,
}

object! {
    struct WrittenDevice {
        required id: Label,
        required name: Name,
        optional jwk: BareJwk,
    }
}

object! {
    /// The payload as it is written: the table of docs/FORMAT.md, in its order.
    pub(crate) struct LeasePayload {
        required schema: u32,
        required jti: LeaseId,
        required iss: KeyId,
        required sub: Label,
        optional username: Label,
        required product: ProductId,
        optional level: Label,
        required extensions: Vec<AddOnId>,
        required device: WrittenDevice,
        required r#use: LeaseUse,
        required iat: Moment,
        required nbf: Moment,
        required exp: Moment,
        required license: Identity,
        required epoch: u64,
    }
}

impl LeasePayload {
    /// The payload that says what a draft says, granted by that portal.
    pub(crate) fn of(draft: &LeaseDraft, portal: &KeyId) -> Self {
        let draft = draft.clone();
        let device = draft.device;
        Self {
            schema: 1,
            jti: draft.jti,
            iss: portal.clone(),
            sub: draft.sub,
            username: draft.username,
            product: draft.product,
            level: draft.level,
            extensions: draft.extensions,
            device: WrittenDevice { id: device.id, name: device.name, jwk: device.key.as_ref().map(BareJwk::of) },
            r#use: draft.usage,
            iat: draft.iat,
            nbf: draft.nbf,
            exp: draft.exp,
            license: draft.license,
            epoch: draft.epoch,
        }
    }

    /// What the payload says, when it says one sound thing and says it for the portal that signed it.
    pub(crate) fn into_draft(self, portal: &KeyId) -> Result<LeaseDraft, Unsound> {
        check_schema(self.schema)?;
        self.check(portal)?;
        Ok(LeaseDraft {
            jti: self.jti,
            sub: self.sub,
            username: self.username,
            product: self.product,
            level: self.level,
            extensions: self.extensions,
            device: self.device.read()?,
            usage: self.r#use,
            iat: self.iat,
            nbf: self.nbf,
            exp: self.exp,
            license: self.license,
            epoch: self.epoch,
        })
    }

    fn check(&self, portal: &KeyId) -> Result<(), Unsound> {
        if self.iss != *portal {
            return Err(contradiction("`iss` is not the portal that signed it"));
        }
        if self.nbf < self.iat {
            return Err(contradiction("`nbf` is before `iat`"));
        }
        if self.exp <= self.nbf {
            return Err(contradiction("`exp` is not after `nbf`"));
        }
        if self.epoch > MOST_EPOCH {
            return Err(contradiction("`epoch` is more than 2^53 - 1"));
        }
        let names: BTreeSet<_> = self.extensions.iter().collect();
        if names.len() == self.extensions.len() {
            Ok(())
        } else {
            Err(contradiction("`extensions` names an extension twice"))
        }
    }
}

impl WrittenDevice {
    fn read(self) -> Result<LeaseDevice, Unsound> {
        let key = self.jwk.map(|jwk| PublicKey::carried(jwk.bytes()).map_err(|error| (error, jwk)));
        let key = key.transpose().map_err(|(error, jwk)| match error {
            KeyError::Weak => Unsound::Weak(PublicKey::thumbprint_of(jwk.bytes())),
            KeyError::Invalid | KeyError::Jwk(_) => contradiction(format!("`jwk`: {error}")),
        })?;
        Ok(LeaseDevice { id: self.id, name: self.name, key })
    }
}

/// What a portal granted, verified.
///
/// Only [`open_lease`](crate::open_lease) makes one, so whoever holds one knows that the portal of an opened entitlement
/// signed it and that it stays within what that entitlement allows. Whether it counts at one moment is asked with
/// [`Lease::is_active_at`]; whether the vendor has taken the license back since, with
/// [`Entitlement::revoked_by`](crate::Entitlement::revoked_by).
///
/// It cannot be put together from parts:
///
/// ```compile_fail,E0451
/// fn forge(says: entitlement::LeaseDraft, genuine: entitlement::Lease) -> entitlement::Lease {
///     entitlement::Lease { says, ..genuine }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    says: LeaseDraft,
    portal: KeyId,
    identity: Identity,
}

impl Lease {
    pub(crate) fn new(says: LeaseDraft, portal: KeyId, identity: Identity) -> Self {
        Self { says, portal, identity }
    }

    /// The number of the lease (`jti`).
    #[must_use]
    pub fn id(&self) -> &LeaseId {
        &self.says.jti
    }

    /// The portal that granted it (`iss`): the thumbprint of the key that signed it.
    #[must_use]
    pub fn portal(&self) -> &KeyId {
        &self.portal
    }

    /// The member (`sub`).
    #[must_use]
    pub fn member(&self) -> &Label {
        &self.says.sub
    }

    /// The member's user name.
    #[must_use]
    pub fn username(&self) -> Option<&Label> {
        self.says.username.as_ref()
    }

    /// The product.
    #[must_use]
    pub fn product(&self) -> &ProductId {
        &self.says.product
    }

    /// The level of the product.
    #[must_use]
    pub fn level(&self) -> Option<&Label> {
        self.says.level.as_ref()
    }

    /// The extensions, in the order of the file.
    #[must_use]
    pub fn extensions(&self) -> &[AddOnId] {
        &self.says.extensions
    }

    /// The computer.
    #[must_use]
    pub fn device(&self) -> &LeaseDevice {
        &self.says.device
    }

    /// What it is for (`use`).
    #[must_use]
    pub fn usage(&self) -> LeaseUse {
        self.says.usage
    }

    /// When it was granted (`iat`).
    #[must_use]
    pub fn issued_at(&self) -> Moment {
        self.says.iat
    }

    /// First instant at which it counts (`nbf`).
    #[must_use]
    pub fn from(&self) -> Moment {
        self.says.nbf
    }

    /// First instant at which it counts no longer (`exp`).
    #[must_use]
    pub fn until(&self) -> Moment {
        self.says.exp
    }

    /// The entitlement under which it was granted.
    #[must_use]
    pub fn license(&self) -> &Identity {
        &self.says.license
    }

    /// The epoch of the portal that granted it.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.says.epoch
    }

    /// What makes the file this file.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Everything that the file says, as a draft of the next one.
    #[must_use]
    pub fn draft(&self) -> &LeaseDraft {
        &self.says
    }

    /// Where an instant lies in the lease: `from <= now < until` is in it.
    #[must_use]
    pub fn term_state(&self, now: Moment) -> TermState {
        Term { from: self.says.nbf, until: Some(self.says.exp) }.state(now)
    }

    /// Whether it counts at that instant.
    #[must_use]
    pub fn is_active_at(&self, now: Moment) -> bool {
        self.term_state(now) == TermState::InTerm
    }
}
