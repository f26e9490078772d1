//! Products, and the licenses for them that are assigned one by one.

use std::collections::BTreeSet;

use entitlement::{AddOnId, ProductId, UserTypeId};

use crate::PrivilegeId;

/// A program or service that a license opens (S260 to S263).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Its levels, lowest first; empty where it has none.
    pub levels: Vec<String>,
    /// Whether it is used in sessions.
    pub sessions: bool,
    /// Whether it can be checked out for offline use.
    pub offline: bool,
}

/// What sort of license it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddOnKind {
    /// Opens a product, at a level where it has levels; assigned to a member (S42, S53).
    AddOn,
    /// Adds to what a member has; assigned to a member (S43, S264, S265).
    Extension,
    /// Held by the organization, assigned to nobody (S266).
    Organization,
}

/// A license that a file counts besides user types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOn {
    /// Its id, as license files name it.
    pub id: AddOnId,
    /// Its name.
    pub name: String,
    /// What sort it is.
    pub kind: AddOnKind,
    /// The product that it opens; only for [`AddOnKind::AddOn`].
    pub product: Option<ProductId>,
    /// The level of the product that it opens.
    pub level: Option<String>,
    /// The product that a member must have at any level before this one (A-ADD-5).
    pub requires: Option<ProductId>,
    /// The user types whose members can hold it (S40, S43, A-ADD-8).
    pub user_types: BTreeSet<UserTypeId>,
    /// The privileges that do nothing without it.
    pub unlocks: BTreeSet<PrivilegeId>,
}
