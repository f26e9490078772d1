//! A member, as far as the rules see one.

use catalog::RoleId;
use entitlement::UserTypeId;

use crate::MemberId;

/// Whether a member may use the account. Both states hold a seat (A-ENF-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberState {
    /// May sign in.
    Enabled,
    /// May not sign in; keeps the seat.
    Disabled,
}

/// One member as the store read it inside its transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Which member.
    pub id: MemberId,
    /// The user name, for sentences.
    pub username: String,
    /// The user type assigned now.
    pub user_type: UserTypeId,
    /// The role assigned now.
    pub role: RoleId,
    /// Enabled or disabled.
    pub state: MemberState,
}
