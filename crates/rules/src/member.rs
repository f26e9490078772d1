//! A member, as far as the rules see one.

use std::collections::BTreeSet;

use catalog::RoleId;
use entitlement::{AddOnId, Moment, ProductId, UserTypeId};
use serde::Serialize;

use crate::MemberId;

/// Whether a member may use the account, and whether the account holds a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    /// May sign in.
    Enabled,
    /// May not sign in; keeps the seat (A-ENF-12).
    Disabled,
    /// Has no access and holds no seat; what the member had is remembered, to be restored (design: Seats 2).
    Archived,
}

impl MemberState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Disabled, Self::Archived];

    /// The state as programs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Archived => "archived",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether a member in this state is counted among those of the user type.
    #[must_use]
    pub fn holds_a_seat(self) -> bool {
        match self {
            Self::Enabled | Self::Disabled => true,
            Self::Archived => false,
        }
    }
}

/// One member as the store read it inside its transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Which member.
    pub id: MemberId,
    /// The user name, for sentences.
    pub username: String,
    /// The user type whose seat the member holds; of an archived member, the one to be restored.
    pub user_type: UserTypeId,
    /// The role; of an archived member, the one to be restored.
    pub role: RoleId,
    /// Whether the account is used, and holds a seat.
    pub state: MemberState,
    /// The add-ons and extensions that are assigned.
    pub add_ons: BTreeSet<AddOnId>,
    /// What of them is in use at this moment.
    pub in_use: ProductUse,
}

/// The products that a member uses at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductUse {
    /// The products with an active session, once for each session.
    pub sessions: Vec<ProductId>,
    /// The products that are out on a computer.
    pub checkouts: Vec<CheckedOut>,
}

/// A product that a member has offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedOut {
    /// Which product.
    pub product: ProductId,
    /// The name of the computer.
    pub device_name: String,
    /// When its lease ends.
    pub until: Moment,
}

#[cfg(test)]
mod tests {
    use super::MemberState::{self, Archived, Disabled, Enabled};

    #[test]
    fn the_archived_hold_no_seat_and_each_state_has_its_name() {
        for (state, name, holds) in
            [(Enabled, "enabled", true), (Disabled, "disabled", true), (Archived, "archived", false)]
        {
            assert_eq!((state.as_str(), state.holds_a_seat()), (name, holds));
            assert_eq!(MemberState::from_name(name), Some(state));
        }
        assert_eq!(MemberState::from_name("Enabled"), None);
    }
}
