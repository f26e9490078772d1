//! Privileges as pages show them: always with scope, group and name, because short names repeat (A-ROLE-12).

/// The privileges under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<R> {
    /// `General` or `Administrative`.
    pub scope: String,
    /// The heading of the group.
    pub name: String,
    /// What is shown of each.
    pub rows: Vec<R>,
}

/// One privilege that a role gives, or may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivilegeRow {
    /// Its id.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What a holder can do.
    pub description: String,
    /// What else must be so before it works.
    pub conditions: Vec<String>,
    /// Whether the role gives it.
    pub given: bool,
}

impl<R> Group<R> {
    /// `General, Members`.
    pub(super) fn heading(&self) -> String {
        format!("{}, {}", self.scope, self.name)
    }
}
