//! Permits: the values that a rule gives and a write takes.
//!
//! A permit is bound to its transaction by the brand, can be spent once because spending takes it by value, and opens only
//! at the revision at which its facts were read: of two permits made from one reading, the second is stale.
//!
//! ```compile_fail,E0451
//! // A permit cannot be forged: the names are right, and the fields are private.
//! fn forge(_brand: rules::facts::Brand<'_>) -> rules::permit::Permit<'_, ()> {
//!     rules::permit::Permit { _brand, revision: 0, grant: () }
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

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use catalog::RoleId;
use entitlement::{AddOnId, Moment, ProductId, UserTypeId};

use crate::facts::{Brand, Facts};
use crate::plan::Plan;
use crate::{ChangeId, InvitationId, MemberId, MemberState};

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
/// To send one invitation.
pub type InvitePermit<'tx> = Permit<'tx, InviteGrant>;
/// To accept one invitation.
pub type AcceptPermit<'tx> = Permit<'tx, AcceptGrant>;
/// To end one invitation.
pub type RevokePermit<'tx> = Permit<'tx, RevokeGrant>;
/// To give up one planned return.
pub type CancelPermit<'tx> = Permit<'tx, CancelGrant>;
/// To put one impossible return out of sight.
pub type DismissPermit<'tx> = Permit<'tx, DismissGrant>;
/// To put another license file in force.
pub type ImportPermit<'tx> = Permit<'tx, ImportGrant>;
/// To put a trust list in force by itself.
pub type TrustPermit<'tx> = Permit<'tx, TrustGrant>;
/// To give up a staged file.
pub type WithdrawPermit<'tx> = Permit<'tx, WithdrawGrant>;
/// To accept the wall clock as it is.
pub type ClockPermit<'tx> = Permit<'tx, ClockGrant>;
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
    /// The add-ons and extensions that come with the seat (S56).
    pub add_ons: BTreeSet<AddOnId>,
}

/// What a member holds: counted under the user type unless archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The user type.
    pub user_type: UserTypeId,
    /// The role.
    pub role: RoleId,
    /// Enabled, disabled or archived.
    pub state: MemberState,
}

/// One member moves so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub member: MemberId,
    /// What the member holds before; the write applies to exactly this.
    pub from: Seat,
    /// What the member holds after; nothing when deleted.
    pub to: Option<Seat>,
    /// The add-ons that come and go.
    pub add_ons: AddOnMoves,
    /// The products whose running sessions end, because the licence goes.
    pub ends_sessions_of: BTreeSet<ProductId>,
    /// The products whose offline checkout is released.
    pub releases: BTreeSet<ProductId>,
}

/// Add-ons and extensions that a member gets and loses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddOnMoves {
    /// Assigned.
    pub assign: BTreeSet<AddOnId>,
    /// Unassigned.
    pub unassign: BTreeSet<AddOnId>,
}

impl AddOnMoves {
    /// Whether nothing comes or goes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.assign.is_empty() && self.unassign.is_empty()
    }
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
    /// The numbers of assigned add-ons that change.
    pub add_ons: BTreeMap<AddOnId, i64>,
    /// Change of the number of enabled default Administrators.
    pub administrators: i64,
    /// The planned return that this change carries out or takes the place of, with the seats it had kept.
    pub ends: Option<EndedReturn>,
}

/// A planned return whose seats are given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedReturn {
    /// The change whose return it was.
    pub change: ChangeId,
    /// The seats it had kept.
    pub reserves: BTreeMap<UserTypeId, u64>,
}

/// One invitation may be sent, and holds a seat until it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteGrant {
    /// The user type whose seat is held.
    pub user_type: UserTypeId,
    /// The role.
    pub role: RoleId,
}

/// One invitation may be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptGrant {
    /// Which invitation.
    pub invitation: InvitationId,
    /// The seat that the new member takes.
    pub seat: RegisterGrant,
}

/// One invitation may be revoked, and its seat is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeGrant {
    /// Which invitation.
    pub invitation: InvitationId,
    /// The user type whose seat it held.
    pub user_type: UserTypeId,
}

/// A planned return may be given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelGrant {
    /// What ends with it.
    pub ends: EndedReturn,
}

/// A return that was found impossible may be put out of sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DismissGrant {
    /// The change whose return it was.
    pub change: ChangeId,
}

/// The new file may be put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportGrant {
    /// How many people it locks out, as confirmed.
    pub locked_out: u64,
    /// When the file comes in force, where that lies ahead: it is staged until then.
    pub from: Option<Moment>,
}

/// A trust list may be put in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustGrant {
    /// People locked out under it.
    pub locked_out: u64,
}

/// A staged file may be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawGrant;

/// The wall clock may be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockGrant {
    /// The time from then on.
    pub at: Moment,
}

/// The portal may be activated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationGrant {
    /// The user type of the first administrator.
    pub user_type: UserTypeId,
    /// The default Administrator role.
    pub role: RoleId,
}
