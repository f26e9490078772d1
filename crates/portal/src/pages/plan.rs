//! What a change would do, before it is done.

use crate::pages::words;

/// The effects of a change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The user types that it touches.
    pub types: Vec<PlanType>,
    /// The members that it touches, as they would be.
    pub members: Vec<PlanMember>,
}

/// A user type before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanType {
    /// The name of the user type.
    pub name: String,
    /// Assigned now.
    pub before: u64,
    /// Assigned afterwards.
    pub after: u64,
    /// Seats in force.
    pub licensed: u64,
    /// Members who would be refused afterwards.
    pub locked_out: u64,
}

/// A member as the change would leave him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMember {
    /// The name of the member.
    pub name: String,
    /// The name of the user type afterwards.
    pub user_type: String,
    /// The name of the role afterwards.
    pub role: String,
    /// User type and role now, such as `Viewer, Viewer`.
    pub former: Option<String>,
}

impl PlanType {
    pub(super) fn effect(&self) -> String {
        words::would_be_locked_out(self.locked_out)
    }
}
