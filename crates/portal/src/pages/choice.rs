//! People, user types and roles as forms offer them.

use crate::texts::text;

/// A member in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id, `mem_…`.
    pub id: String,
    /// The full name, or the user name.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The name of the user type.
    pub user_type: String,
    /// The name of the role.
    pub role: String,
}

/// One option of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// What is read.
    pub name: String,
    /// Whether it is the present one.
    pub selected: bool,
}

/// A user type to choose, with its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeChoice {
    /// What is sent.
    pub id: String,
    /// What is read.
    pub name: String,
    /// Seats that can be taken now: available without the reserved ones.
    pub free: u64,
    /// Whether it is the present one.
    pub selected: bool,
}

/// Whether a user type has no free seat, which its option then says.
#[must_use]
pub fn any_full(user_types: &[TypeChoice]) -> bool {
    user_types.iter().any(|one| one.free == 0)
}

impl TypeChoice {
    /// Whether it cannot be chosen for somebody who is new. What is chosen already stays, so that nothing else is sent.
    pub(super) fn is_barred(&self) -> bool {
        self.free == 0 && !self.selected
    }

    pub(super) fn words(&self) -> String {
        match self.free {
            0 => text("type-full").with("name", &self.name).plain(),
            free => text("type-free").with("name", &self.name).with("count", free).plain(),
        }
    }
}
