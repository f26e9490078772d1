//! Privileges, and the acts that no privilege gives.

use crate::PrivilegeId;

/// Whether a privilege is about one's own work or about the organization (S135 to S201).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One's own work: 38 in the built-in catalog.
    General,
    /// The organization: 29 in the built-in catalog; custom roles may hold them.
    Administrative,
}

impl Scope {
    /// The scope as written in the catalog.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::General => "general",
            Scope::Administrative => "administrative",
        }
    }
}

/// One privilege. Short names repeat across groups, so people are always shown scope, group and name (A-ROLE-12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    /// Its id.
    pub id: PrivilegeId,
    /// General or administrative.
    pub scope: Scope,
    /// The heading it stands under.
    pub group: String,
    /// Its short name.
    pub name: String,
    /// What a holder can do.
    pub description: String,
    /// What else must be so before it works.
    pub conditions: Vec<String>,
}

/// An act of default administrators only; no role can be given it (S217 to S226).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Its id; never that of a privilege.
    pub id: PrivilegeId,
    /// Its short name.
    pub name: String,
    /// What the act is.
    pub description: String,
}
