//! Who asks for something.

use std::collections::BTreeSet;

use catalog::{PrivilegeId, Role};

use crate::{MemberId, Refusal};

/// Somebody who does something: a member, or the console of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    powers: Powers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Console,
    Member { id: MemberId, username: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Powers {
    DefaultAdministrator,
    Privileges(BTreeSet<PrivilegeId>),
}

impl Actor {
    /// A person at the machine's own command line, with the rights of a default Administrator (design: Seats 11).
    #[must_use]
    pub fn console() -> Self {
        Self { who: Who::Console, powers: Powers::DefaultAdministrator }
    }

    /// A member with that role, as read in the deciding transaction.
    #[must_use]
    pub fn member(id: MemberId, username: String, role: &Role) -> Self {
        let powers = if role.is_administrator {
            Powers::DefaultAdministrator
        } else {
            Powers::Privileges(role.privileges.clone())
        };
        Self { who: Who::Member { id, username }, powers }
    }

    /// The member who acts, if it is one.
    #[must_use]
    pub fn id(&self) -> Option<&MemberId> {
        match &self.who {
            Who::Console => None,
            Who::Member { id, .. } => Some(id),
        }
    }

    /// The name for the audit log: the user name, or `console`.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Console => "console",
            Who::Member { username, .. } => username,
        }
    }

    /// Whether the actor has the default Administrator role or its rights.
    #[must_use]
    pub fn is_default_administrator(&self) -> bool {
        self.powers == Powers::DefaultAdministrator
    }

    /// Whether the actor's role grants the privilege; a default Administrator has all (S133).
    #[must_use]
    pub fn holds(&self, privilege: &str) -> bool {
        match &self.powers {
            Powers::DefaultAdministrator => true,
            Powers::Privileges(held) => held.iter().any(|one| one.as_str() == privilege),
        }
    }

    /// The actor must hold the privilege.
    ///
    /// # Errors
    /// [`Refusal::PrivilegeMissing`] with its name.
    pub fn require(&self, privilege: &'static str) -> Result<(), Refusal> {
        if self.holds(privilege) { Ok(()) } else { Err(Refusal::PrivilegeMissing { privilege }) }
    }

    /// The actor must hold one of the privileges.
    ///
    /// # Errors
    /// [`Refusal::PrivilegeMissing`] with the first of them.
    pub fn require_any(&self, privileges: &[&'static str]) -> Result<(), Refusal> {
        if privileges.iter().any(|one| self.holds(one)) {
            return Ok(());
        }
        Err(Refusal::PrivilegeMissing { privilege: privileges.first().copied().unwrap_or("") })
    }

    /// The actor must be a default Administrator.
    ///
    /// # Errors
    /// [`Refusal::ReservedToAdministrators`] with the act.
    pub fn require_default_administrator(&self, act: &'static str) -> Result<(), Refusal> {
        if self.is_default_administrator() { Ok(()) } else { Err(Refusal::ReservedToAdministrators { act }) }
    }
}
