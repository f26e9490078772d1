//! Permits: the values that a rule gives and a write takes.
//!
//! A permit is bound to its transaction by the brand, can be spent once because spending takes it by value, and opens only
//! at the revision at which its facts were read: of two permits made from one reading, the second is stale.
//!
//! ```compile_fail,E0451
//! // A permit cannot be forged: the names are right, and the fields are private.
//! fn forge() -> rules::permit::Permit<'static, ()> {
//!     rules::permit::Permit { _brand: todo!(), revision: 0, grant: () }
//! }
//! ```
//!
//! What it grants can be read, though:
//!
//! ```
//! fn look<'permit>(permit: &'permit rules::permit::Permit<'_, ()>) -> &'permit () {
//!     permit.grant()
//! }
//! ```
//!
//! ```compile_fail,E0382
//! // Nor copied, and spending it twice does not compile.
//! fn twice(permit: rules::permit::RegisterPermit<'_>) {
//!     let _ = permit.spend(0);
//!     let _ = permit.spend(0);
//! }
//! ```
//!
//! Spending it once does:
//!
//! ```
//! fn once(permit: rules::permit::RegisterPermit<'_>) {
//!     let _ = permit.spend(0);
//! }
//! ```
//!
//! ```compile_fail
//! // Nor carried into another transaction: lifetimes of brands never convert.
//! fn carry<'short, 'long: 'short>(permit: rules::permit::RegisterPermit<'long>) -> rules::permit::RegisterPermit<'short> {
//!     permit
//! }
//! ```
//!
//! Within its own it may be handed on:
//!
//! ```
//! fn keep<'short, 'long: 'short>(permit: rules::permit::RegisterPermit<'long>) -> rules::permit::RegisterPermit<'long> {
//!     permit
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt;

use catalog::RoleId;
use entitlement::UserTypeId;

use crate::facts::{Brand, Facts};
use crate::plan::Plan;
use crate::{MemberId, MemberState};

/// A decision in favour, to be spent in the transaction in which it was made.
#[derive(Debug)]
#[must_use = "a permit that is not spent changes nothing"]
pub struct Permit<'tx, G> {
    _brand: Brand<'tx>,
    revision: u64,
    grant: G,
}

/// The seats have changed since the facts of the permit were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StalePermit {
    /// Revision of the facts.
    pub read_at: u64,
    /// Revision now.
    pub now: u64,
}

impl fmt::Display for StalePermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a permit made at seat revision {} was spent at {}", self.read_at, self.now)
    }
}

impl std::error::Error for StalePermit {}

impl<'tx, G> Permit<'tx, G> {
    pub(crate) fn given(facts: &Facts<'tx>, grant: G) -> Self {
        Self { _brand: facts.brand(), revision: facts.revision(), grant }
    }

    /// What would be granted, for a dry run.
    pub fn grant(&self) -> &G {
        &self.grant
    }

    /// Spends the permit at the transaction's present revision.
    ///
    /// # Errors
    /// [`StalePermit`] when the seats have changed since the facts were read.
    pub fn spend(self, revision: u64) -> Result<G, StalePermit> {
        if self.revision == revision {
            Ok(self.grant)
        } else {
            Err(StalePermit { read_at: self.revision, now: revision })
        }
    }
}

/// To register one member.
pub type RegisterPermit<'tx> = Permit<'tx, RegisterGrant>;
/// To apply one change set.
pub type ChangePermit<'tx> = Permit<'tx, ChangeGrant>;
/// To delete one member.
pub type RemovalPermit<'tx> = Permit<'tx, RemovalGrant>;
/// To put another license file in force.
pub type ImportPermit<'tx> = Permit<'tx, ImportGrant>;
/// To activate the portal with its first file and first administrator.
pub type ActivationPermit<'tx> = Permit<'tx, ActivationGrant>;

/// One member may be registered so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterGrant {
    /// The user type whose seat is taken.
    pub user_type: UserTypeId,
    /// The role.
    pub role: RoleId,
    /// Whether the role is the default Administrator's.
    pub is_administrator: bool,
}

/// One member moves so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub member: MemberId,
    /// User type and role before; the write applies to exactly these.
    pub from: (UserTypeId, RoleId),
    /// User type and role after.
    pub to: (UserTypeId, RoleId),
    /// Enabled or disabled; does not change.
    pub state: MemberState,
}

/// How the counts of one user type change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delta {
    /// Change of `assigned`.
    pub assigned: i64,
    /// Change of `lockable`.
    pub lockable: i64,
}

/// A change set may be applied so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGrant {
    /// What people are shown.
    pub plan: Plan,
    /// The members that change; those that stay as they are do not stand here.
    pub moves: Vec<Move>,
    /// The counts that change.
    pub deltas: BTreeMap<UserTypeId, Delta>,
    /// Change of the number of enabled default Administrators.
    pub administrators: i64,
}

/// One member may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalGrant {
    /// Who.
    pub member: MemberId,
    /// Whose seat becomes free.
    pub user_type: UserTypeId,
    /// Whether the member was counted as lockable.
    pub lockable: bool,
    /// Whether the member was an enabled default Administrator.
    pub is_enabled_administrator: bool,
}

/// The new file may be put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportGrant {
    /// How many people it locks out, as confirmed.
    pub locked_out: u64,
}

/// The portal may be activated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationGrant {
    /// The user type of the first administrator.
    pub user_type: UserTypeId,
    /// The default Administrator role.
    pub role: RoleId,
}
