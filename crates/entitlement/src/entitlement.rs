//! An opened entitlement: what a vendor key of the trust list signed.

use crate::term::Term;
use crate::{
    AddOnLine, Allotment, CatalogRef, ContractId, Customer, EntitlementDraft, Ext, Identity, KeyId, LicenseId, Moment,
    Name, Note, Policy, PublicKey, TrustList, UserTypeLine,
};

/// What the vendor licensed, verified.
///
/// Only [`open_entitlement`](crate::open_entitlement) makes one, so whoever holds one knows that the signature was
/// checked. Whether it may be used in one place is asked with [`Entitlement::admit`]; what is in force at one moment with
/// [`Entitlement::at`].
///
/// It cannot be put together from parts:
///
/// ```compile_fail,E0451
/// fn forge(says: entitlement::EntitlementDraft, genuine: entitlement::Entitlement) -> entitlement::Entitlement {
///     entitlement::Entitlement { says, ..genuine }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    says: EntitlementDraft,
    kid: KeyId,
    identity: Identity,
    key_revoked: bool,
}

/// Where an instant lies in the term of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermState {
    /// Before the term.
    NotBegun,
    /// In the term.
    InTerm,
    /// After the term.
    Ended,
}

impl Entitlement {
    pub(crate) fn new(says: EntitlementDraft, kid: KeyId, identity: Identity, key_revoked: bool) -> Self {
        Self { says, kid, identity, key_revoked }
    }

    /// The number of the license (`jti`).
    #[must_use]
    pub fn license(&self) -> &LicenseId {
        &self.says.jti
    }

    /// The contract whose sequence the file continues.
    #[must_use]
    pub fn contract(&self) -> &ContractId {
        &self.says.contract
    }

    /// The place in the sequence of the contract.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.says.sequence
    }

    /// The file before this one.
    #[must_use]
    pub fn supersedes(&self) -> Option<&Identity> {
        self.says.supersedes.as_ref()
    }

    /// Other contracts whose files this one may follow.
    #[must_use]
    pub fn replaces(&self) -> &[ContractId] {
        &self.says.replaces
    }

    /// The lowest version of the trust list under which the file may be opened.
    #[must_use]
    pub fn min_trust(&self) -> u32 {
        self.says.min_trust
    }

    /// The vendor (`iss`).
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.says.iss
    }

    /// When it was issued (`iat`).
    #[must_use]
    pub fn issued_at(&self) -> Moment {
        self.says.iat
    }

    /// First instant of the term (`nbf`).
    #[must_use]
    pub fn from(&self) -> Moment {
        self.says.nbf
    }

    /// First instant after the term (`exp`); nothing: perpetual.
    #[must_use]
    pub fn until(&self) -> Option<Moment> {
        self.says.exp
    }

    /// The key of the only portal that may use the file (`aud`, `cnf`); nothing: unbound. It is not weak and has the
    /// portal's name; whether it can verify anything shows when it does.
    #[must_use]
    pub fn portal(&self) -> Option<&PublicKey> {
        self.says.portal.as_ref()
    }

    /// The licensee.
    #[must_use]
    pub fn customer(&self) -> &Customer {
        &self.says.customer
    }

    /// The catalog that gives the ids their meaning.
    #[must_use]
    pub fn catalog(&self) -> &CatalogRef {
        &self.says.catalog
    }

    /// The lines of named users, in the order of the file.
    #[must_use]
    pub fn user_types(&self) -> &[UserTypeLine] {
        &self.says.user_types
    }

    /// The lines of add-ons, in the order of the file.
    #[must_use]
    pub fn add_ons(&self) -> &[AddOnLine] {
        &self.says.add_ons
    }

    /// The numbers of the rules.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.says.policy
    }

    /// What readers may ignore.
    #[must_use]
    pub fn ext(&self) -> Option<&Ext> {
        self.says.ext.as_ref()
    }

    /// Signed text for the administrator.
    #[must_use]
    pub fn note(&self) -> Option<&Note> {
        self.says.note.as_ref()
    }

    /// What makes the file this file.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The vendor key that signed it.
    #[must_use]
    pub fn kid(&self) -> &KeyId {
        &self.kid
    }

    /// Whether the key that signed it has been revoked since: the installed file stays in force under a notice.
    #[must_use]
    pub fn key_revoked(&self) -> bool {
        self.key_revoked
    }

    /// Everything that the file says, as the draft of the next one.
    #[must_use]
    pub fn draft(&self) -> &EntitlementDraft {
        &self.says
    }

    /// Where an instant lies in the term: `from <= now < until` is in it.
    #[must_use]
    pub fn term_state(&self, now: Moment) -> TermState {
        Term { from: self.says.nbf, until: self.says.exp }.state(now)
    }

    /// Whether the vendor has revoked this license, or asks for a later sequence of its contract. Such a file is a good
    /// file that counts as ended.
    #[must_use]
    pub fn revoked_by(&self, trust: &TrustList) -> bool {
        trust.revoked_licenses().contains(self.license())
            || trust.min_sequence(self.contract()).is_some_and(|lowest| self.sequence() < lowest)
    }

    /// What is in force at one moment.
    #[must_use]
    pub fn at(&self, now: Moment) -> Allotment {
        Allotment::of(&self.says, now)
    }
}
