//! User types: what a seat is, and what its member can be given.

use std::collections::BTreeSet;

use entitlement::{ProductId, RoleId, UserTypeId};

use crate::{PrivilegeId, Role};

/// A user type (S91 to S109).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserType {
    /// Its id, as license files name it.
    pub id: UserTypeId,
    /// Its name.
    pub name: String,
    /// Whom it is for.
    pub description: String,
    /// Whether its members can hold the Administrator role.
    pub can_administer: bool,
    /// The most that any role can give its members (S96, A-UT-1).
    pub ceiling: BTreeSet<PrivilegeId>,
    /// The role that its members usually get.
    pub usual_role: RoleId,
    /// The products that come with it; never assigned, never counted (S41, A-ADD-6).
    pub includes: Vec<Included>,
}

/// A product that comes with a user type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Which product.
    pub product: ProductId,
    /// At which level, where the product has levels.
    pub level: Option<String>,
}

impl UserType {
    /// The privileges of `role` that are above this user type's ceiling, in order; empty when none is.
    #[must_use]
    pub fn exceeded_by<'role>(&self, role: &'role Role) -> Vec<&'role PrivilegeId> {
        role.privileges.iter().filter(|privilege| !self.ceiling.contains(*privilege)).collect()
    }

    /// Whether the product comes with this user type.
    #[must_use]
    pub fn includes(&self, product: &ProductId) -> bool {
        self.includes.iter().any(|included| included.product == *product)
    }

    /// Whether `role` can be given to members of this user type (S95, S132).
    #[must_use]
    pub fn admits(&self, role: &Role) -> bool {
        role.privileges.is_subset(&self.ceiling) && (self.can_administer || !role.is_administrator)
    }
}
