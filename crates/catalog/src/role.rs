//! Roles: sets of privileges.

use std::collections::BTreeSet;

use entitlement::{RoleId, UserTypeId};

use crate::PrivilegeId;

/// A role: what its holder may do, within the bounds of the user type (S110, S96).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it gives.
    pub privileges: BTreeSet<PrivilegeId>,
    /// Whether it is the one default Administrator role, which also gives the reserved acts (S126, S217).
    pub is_administrator: bool,
    /// The user types it can be given to (S121 to S126). In a catalog this is exactly what the ceilings admit.
    pub fits: BTreeSet<UserTypeId>,
}

impl Role {
    /// Whether the role gives this privilege.
    #[must_use]
    pub fn grants(&self, privilege: &str) -> bool {
        self.privileges.contains(privilege)
    }
}
