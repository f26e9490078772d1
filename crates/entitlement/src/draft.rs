//! What an entitlement says, member by member.

use crate::strict::{check_free_object, object};
use crate::text::cut;
use crate::{
    AddOnId, CatalogDigest, CatalogId, ContractId, CustomerId, Identity, LicenseId, Moment, Name, Note, PublicKey,
    UserTypeId,
};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

object! {
    /// The licensee.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Customer {
        /// Names the licensee for programs; the same through all contracts.
        pub required id: CustomerId,
        /// Names the licensee for people.
        pub required name: Name,
    }
}

object! {
    /// The exact catalog that gives the ids of a file their meaning.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct CatalogRef {
        /// Its name.
        pub required id: CatalogId,
        /// Its identity.
        pub required sha256: CatalogDigest,
    }
}

object! {
    /// Some named users of one user type. Several lines of one user type add up.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UserTypeLine {
        /// The user type.
        pub required id: UserTypeId,
        /// How many named users; 0 licenses none.
        pub required count: u32,
        /// First instant at which the line counts; absent: from the beginning of the file's term.
        pub optional from: Moment,
        /// First instant at which it counts no longer; absent: until the end of the file's term.
        pub optional until: Moment,
    }
}

object! {
    /// Some licenses of one add-on, extension or product level. Several lines of one id add up.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct AddOnLine {
        /// The add-on.
        pub required id: AddOnId,
        /// How many licenses; 0 licenses none.
        pub required count: u32,
        /// First instant at which the line counts; absent: from the beginning of the file's term.
        pub optional from: Moment,
        /// First instant at which it counts no longer; absent: until the end of the file's term.
        pub optional until: Moment,
        /// Whether it is a trial; absent: not. Nothing but what people are shown depends on it.
        pub optional trial: bool,
    }
}

object! {
    /// The numbers of the rules. The only slack is what stands here.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Policy {
        /// By how many members one user type may be exceeded while people are exchanged (S23 to S28): 0 or 1.
        pub required one_over: u32,
        /// Minutes that a product session lives without being renewed.
        pub required session_minutes: u32,
        /// Computers on which one member may have sessions at the same time.
        pub required computers: u32,
        /// Minutes to save work after a session has ended.
        pub required save_minutes: u32,
        /// Whether licenses may be taken offline at all.
        pub required offline: bool,
        /// The most days that a license may be offline.
        pub required offline_days: u32,
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self { one_over: 1, session_minutes: 30, computers: 3, save_minutes: 60, offline: true, offline_days: 30 }
    }
}

/// The one free object of a payload (`ext`): kept as it was written, and read by nothing here.
#[derive(Debug, Clone)]
pub struct Ext(Box<RawValue>);

impl Ext {
    /// Takes the text of a JSON object.
    ///
    /// # Errors
    /// What is wrong: not an object, a member that stands twice at any level, or nested more than 16 deep.
    pub fn parse(json: &str) -> Result<Self, String> {
        let raw: Box<RawValue> = serde_json::from_str(json).map_err(|error| cut(&error.to_string()))?;
        check_free_object(raw.get())?;
        Ok(Self(raw))
    }

    /// The object as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// Letter for letter.
impl PartialEq for Ext {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Ext {}

impl Serialize for Ext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        check_free_object(raw.get()).map_err(D::Error::custom)?;
        Ok(Self(raw))
    }
}

/// What an entitlement says: the payload of the file with the registered names of RFC 7519, 4.1.
///
/// Anybody can fill one in; only [`seal_entitlement`](crate::seal_entitlement) makes a file of it, and only a file that
/// opens is an [`Entitlement`](crate::Entitlement).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementDraft {
    /// The number of the license, for people and support.
    pub jti: LicenseId,
    /// The contract whose sequence this file continues.
    pub contract: ContractId,
    /// The place in the sequence of the contract; 1 or more.
    pub sequence: u32,
    /// The file before this one.
    pub supersedes: Option<Identity>,
    /// Other contracts whose files this one may follow; the same vendor and licensee.
    pub replaces: Vec<ContractId>,
    /// The lowest version of the trust list under which this file may be opened.
    pub min_trust: u32,
    /// The vendor.
    pub iss: Name,
    /// When it was issued; the signing key must have been valid then.
    pub iat: Moment,
    /// First instant of the term.
    pub nbf: Moment,
    /// First instant after the term; nothing: perpetual.
    pub exp: Option<Moment>,
    /// The key of the only portal that may use the file (`aud` and `cnf`, RFC 7800); nothing: unbound. Its name is its
    /// thumbprint.
    pub portal: Option<PublicKey>,
    /// The licensee.
    pub customer: Customer,
    /// What the ids mean.
    pub catalog: CatalogRef,
    /// Named users.
    pub user_types: Vec<UserTypeLine>,
    /// Add-ons, extensions and product levels.
    pub add_ons: Vec<AddOnLine>,
    /// The numbers of the rules.
    pub policy: Policy,
    /// What readers may ignore.
    pub ext: Option<Ext>,
    /// Signed text for the administrator.
    pub note: Option<Note>,
}
