//! Workflows: what people want to do, and the privileges that takes together (S227).

use std::collections::BTreeSet;

use crate::{PrivilegeId, Scope, WorkflowId};

/// One workflow (S228 to S249).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// Its id.
    pub id: WorkflowId,
    /// General or administrative.
    pub scope: Scope,
    /// What people want to do.
    pub name: String,
    /// The privileges that it needs, all of them.
    pub required: BTreeSet<PrivilegeId>,
    /// Privileges that parts of it need besides.
    pub optional: BTreeSet<PrivilegeId>,
    /// What else to know.
    pub note: Option<String>,
}
