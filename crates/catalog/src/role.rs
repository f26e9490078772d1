//! Roles: sets of privileges, those of the catalog and those that an organization makes for itself.

use std::collections::BTreeSet;

use entitlement::{RoleId, UserTypeId};

use crate::PrivilegeId;

/// How the id of every role that an organization made begins, and the id of none that a catalog gives (S127).
pub const CUSTOM_PREFIX: &str = "custom-";

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
    /// Whether the organization made it (S127); the catalog's own are the default roles.
    pub is_custom: bool,
    /// The user types it can be given to (S121 to S126). In a catalog this is exactly what the ceilings admit.
    pub fits: BTreeSet<UserTypeId>,
}

/// A role that an organization made for itself, as it is kept (S127 to S132).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// Its id, which begins with [`CUSTOM_PREFIX`] and never changes.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it gives; a catalog that came later may lack some of these.
    pub privileges: BTreeSet<PrivilegeId>,
}

impl Role {
    /// Whether the role gives this privilege.
    #[must_use]
    pub fn grants(&self, privilege: &str) -> bool {
        self.privileges.contains(privilege)
    }
}
