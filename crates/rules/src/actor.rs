//! Who asks for something.

use std::collections::BTreeSet;

use catalog::{PrivilegeId, Role};

use crate::{MemberId, Refusal};

/// Somebody who does something: a member, the console of the machine, or the portal's own schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    powers: Powers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Console,
    Schedule,
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

    /// The portal itself, when it carries out what was planned. It consents to nothing: no plan takes a type one over.
    #[must_use]
    pub fn schedule() -> Self {
        Self { who: Who::Schedule, powers: Powers::DefaultAdministrator }
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
            Who::Console | Who::Schedule => None,
            Who::Member { id, .. } => Some(id),
        }
    }

    /// The name for the audit log: the user name, `console` or `schedule`.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Console => "console",
            Who::Schedule => "schedule",
            Who::Member { username, .. } => username,
        }
    }

    /// What kind of actor it is, for the audit log: `member`, `console` or `schedule`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.who {
            Who::Console => "console",
            Who::Schedule => "schedule",
            Who::Member { .. } => "member",
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

#[cfg(test)]
mod tests {
    use catalog::{Catalog, enforced};

    use crate::sample::{actor_in, actor_with, member_id, role};
    use crate::{Actor, Refusal};

    #[test]
    fn the_console_is_nobody_with_all_rights() {
        let console = Actor::console();
        assert_eq!((console.id(), console.name(), console.is_default_administrator()), (None, "console", true));
        assert!(enforced::ENFORCED.iter().all(|privilege| console.holds(privilege)));
        assert_eq!(console.require(enforced::DELETE_MEMBERS), Ok(()));
        assert_eq!(console.require_default_administrator("do this"), Ok(()));
    }

    #[test]
    fn a_member_acts_under_the_own_name_with_the_privileges_of_the_role_and_no_others() {
        let publisher = Actor::member(member_id(4), "pat".into(), Catalog::arcgis().role(&role("publisher")).unwrap());
        assert_eq!((publisher.id(), publisher.name()), (Some(&member_id(4)), "pat"));
        assert!(publisher.holds("members.view") && !publisher.holds("admin.members.view_all"));
        assert_eq!(publisher.require("members.view"), Ok(()));
        let missing = Refusal::PrivilegeMissing { privilege: "admin.members.delete" };
        assert_eq!(publisher.require("admin.members.delete"), Err(missing));
    }

    #[test]
    fn a_default_administrator_holds_what_the_role_does_not_even_list() {
        let administrator = actor_in("administrator");
        assert!(administrator.is_default_administrator() && administrator.holds("a privilege of tomorrow"));
        assert_eq!(administrator.require("a privilege of tomorrow"), Ok(()));
    }

    #[test]
    fn a_role_with_every_privilege_is_still_not_the_default_administrators() {
        let catalog = Catalog::arcgis();
        let mut all = catalog.role(&role("publisher")).unwrap().clone();
        all.privileges = catalog.privileges().iter().map(|one| one.id.clone()).collect();
        let delegate = Actor::member(member_id(4), "pat".into(), &all);
        assert!(enforced::ENFORCED.iter().all(|privilege| delegate.holds(privilege)));
        assert!(!delegate.is_default_administrator());
        let reserved = Refusal::ReservedToAdministrators { act: "do this" };
        assert_eq!(delegate.require_default_administrator("do this"), Err(reserved));
    }

    #[test]
    fn one_of_several_privileges_is_enough_and_the_first_is_named_when_all_are_missing() {
        let either = ["admin.members.change_roles", "admin.settings.member_roles"];
        for held in either {
            assert_eq!(actor_with(&[held]).require_any(&either), Ok(()), "{held}");
        }
        let missing = Err(Refusal::PrivilegeMissing { privilege: "admin.members.change_roles" });
        assert_eq!(actor_with(&["members.view"]).require_any(&either), missing);
        assert_eq!(actor_with(&[]).require_any(&either), missing);
        assert_eq!(Actor::console().require_any(&either), Ok(()));
    }
}
