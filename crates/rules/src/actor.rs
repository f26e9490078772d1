//! Who asks for something.

use std::collections::BTreeSet;

use catalog::{Catalog, PrivilegeId, Role, RoleId, Scope, UserType, enforced};

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
    Member { id: MemberId, username: String, role: RoleId },
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

    /// A member with that user type and role, as read in the deciding transaction.
    ///
    /// What the role gives counts within the user type's ceiling: also when another catalog came with a file and the two
    /// no longer fit (S96, S132). A user type that the catalog does not have admits nothing. The default Administrator
    /// keeps all rights whatever the user type, or nobody could repair such a portal.
    #[must_use]
    pub fn member(id: MemberId, username: String, user_type: Option<&UserType>, role: &Role) -> Self {
        let powers = if role.is_administrator {
            Powers::DefaultAdministrator
        } else {
            let admitted = user_type.map(|one| one.ceiling.intersection(&role.privileges).cloned());
            Powers::Privileges(admitted.into_iter().flatten().collect())
        };
        Self { who: Who::Member { id, username, role: role.id.clone() }, powers }
    }

    /// The member who acts, if it is one.
    #[must_use]
    pub fn id(&self) -> Option<&MemberId> {
        match &self.who {
            Who::Console | Who::Schedule => None,
            Who::Member { id, .. } => Some(id),
        }
    }

    /// The role of the member who acts, if it is one.
    #[must_use]
    pub fn role(&self) -> Option<&RoleId> {
        match &self.who {
            Who::Console | Who::Schedule => None,
            Who::Member { role, .. } => Some(role),
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

    /// Whether the actor's role grants the privilege within the user type; a default Administrator has all (S133).
    #[must_use]
    pub fn holds(&self, privilege: &str) -> bool {
        match &self.powers {
            Powers::DefaultAdministrator => true,
            Powers::Privileges(held) => held.iter().any(|one| one.as_str() == privilege),
        }
    }

    /// Everything that [`Actor::holds`] says yes to, of what the catalog has (S96, S133).
    #[must_use]
    pub fn privileges(&self, catalog: &Catalog) -> BTreeSet<PrivilegeId> {
        match &self.powers {
            Powers::DefaultAdministrator => catalog.privileges().iter().map(|one| one.id.clone()).collect(),
            Powers::Privileges(held) => held.clone(),
        }
    }

    /// The actor must hold the privilege.
    ///
    /// # Errors
    /// [`Refusal::PrivilegeMissing`] with its name.
    pub fn require(&self, privilege: &'static str) -> Result<(), Refusal> {
        if self.holds(privilege) { Ok(()) } else { Err(Refusal::PrivilegeMissing { privilege }) }
    }

    /// The actor must hold every one of the privileges.
    ///
    /// # Errors
    /// [`Refusal::PrivilegeMissing`] with the first that is.
    pub fn require_all(&self, privileges: &[&'static str]) -> Result<(), Refusal> {
        privileges.iter().try_for_each(|privilege| self.require(privilege))
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

    /// Nobody rises by proxy: whoever hands out `role` holds every administrative privilege that it gives, or the right
    /// to change roles, which is the right to hand out any but the Administrator's (A-ROLE-5, A-ROLE-6).
    ///
    /// # Errors
    /// What [`Actor::require_to_cover`] refuses.
    pub fn require_not_above(&self, act: &'static str, role: &Role, catalog: &Catalog) -> Result<(), Refusal> {
        let changes_roles = self.holds(enforced::CHANGE_ROLES) || self.holds(enforced::MEMBER_ROLES);
        if changes_roles && !role.is_administrator {
            return Ok(());
        }
        self.require_to_cover(act, role, catalog)
    }

    /// The same for whoever takes over an account with `role`, where the right to change roles is of no help: whoever has
    /// it acts under the own name, and not under somebody else's.
    ///
    /// # Errors
    /// [`Refusal::ReservedToAdministrators`] where it is the Administrator role; [`Refusal::AboveOneself`] with the
    /// administrative privileges that the actor lacks.
    pub fn require_to_cover(&self, act: &'static str, role: &Role, catalog: &Catalog) -> Result<(), Refusal> {
        if role.is_administrator {
            return self.require_default_administrator(act);
        }
        let administrative =
            |id: &&PrivilegeId| catalog.privilege(id).is_some_and(|privilege| privilege.scope == Scope::Administrative);
        let lacking = role.privileges.iter().filter(administrative).filter(|id| !self.holds(id.as_str()));
        let privileges: Vec<String> = lacking.map(ToString::to_string).collect();
        if privileges.is_empty() { Ok(()) } else { Err(Refusal::AboveOneself { act, privileges }) }
    }
}

#[cfg(test)]
mod tests {
    use catalog::{Catalog, enforced};

    use crate::sample::{actor_in, actor_with, member_id, role, role_with, user_type};
    use crate::{Actor, Refusal};

    fn holder(of: &str, in_role: &str) -> Actor {
        let catalog = Catalog::arcgis();
        let role = catalog.role(&role(in_role)).unwrap();
        Actor::member(member_id(4), "pat".into(), catalog.user_type(&user_type(of)), role)
    }

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
        let publisher = holder("creator", "publisher");
        assert_eq!((publisher.id(), publisher.name()), (Some(&member_id(4)), "pat"));
        assert_eq!((publisher.role(), Actor::console().role()), (Some(&role("publisher")), None));
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
        let delegate = Actor::member(member_id(4), "pat".into(), catalog.user_type(&user_type("creator")), &all);
        assert!(enforced::ENFORCED.iter().all(|privilege| delegate.holds(privilege)));
        assert!(!delegate.is_default_administrator());
        let reserved = Refusal::ReservedToAdministrators { act: "do this" };
        assert_eq!(delegate.require_default_administrator("do this"), Err(reserved));
    }

    #[test]
    fn what_somebody_has_is_what_he_is_said_to_hold() {
        let catalog = Catalog::arcgis();
        for (of, in_role, count) in [
            ("creator", "publisher", 34),
            ("editor", "publisher", 9),
            ("viewer", "viewer", 5),
            ("of-yesterday", "publisher", 0),
            ("of-yesterday", "administrator", 67),
        ] {
            let (actor, all) = (holder(of, in_role), catalog.privileges().iter().map(|one| one.id.clone()));
            let held: std::collections::BTreeSet<_> = all.filter(|id| actor.holds(id.as_str())).collect();
            assert_eq!((held.len(), &held), (count, &actor.privileges(catalog)), "{of} {in_role}");
        }
    }

    #[test]
    fn all_of_several_privileges_are_needed_and_the_first_missing_one_is_named() {
        let five = enforced::CHANGE_USER_TYPE;
        assert_eq!(actor_with(five).require_all(five), Ok(()));
        for missing in five {
            let others: Vec<&str> = five.iter().copied().filter(|one| one != missing).collect();
            assert_eq!(actor_with(&others).require_all(five), Err(Refusal::PrivilegeMissing { privilege: missing }));
        }
        assert_eq!(actor_with(&[]).require_all(five), Err(Refusal::PrivilegeMissing { privilege: "members.view" }));
        assert_eq!(actor_with(&[]).require_all(&[]), Ok(()));
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

    #[test]
    fn the_user_type_bounds_what_the_role_gives_and_an_unknown_one_admits_nothing_but_the_administrators_rights() {
        for (of, in_role, views, edits, creates, all) in [
            ("creator", "publisher", true, true, true, false),
            ("editor", "publisher", true, true, false, false),
            ("viewer", "publisher", true, false, false, false),
            ("viewer", "administrator", true, true, true, true),
            ("of-yesterday", "publisher", false, false, false, false),
            ("of-yesterday", "administrator", true, true, true, true),
        ] {
            let actor = holder(of, in_role);
            let holds = ["members.view", "features.edit", "content.create"].map(|one| actor.holds(one));
            assert_eq!((holds, actor.is_default_administrator()), ([views, edits, creates], all), "{of} {in_role}");
        }
    }

    #[test]
    fn nobody_hands_out_or_takes_over_administrative_privileges_that_the_own_role_lacks() {
        let (updates, deletes, views) = ("admin.members.update", "admin.members.delete", "members.view");
        let (changes, configures) = ("admin.members.change_roles", "admin.settings.member_roles");
        let above = |of: &[&str]| {
            Err(Refusal::AboveOneself { act: "do this", privileges: of.iter().map(ToString::to_string).collect() })
        };
        for (held, given, hand_out, take_over) in [
            (vec![], vec![views], Ok(()), Ok(())),
            (vec![], vec![], Ok(()), Ok(())),
            (vec![updates], vec![updates, views], Ok(()), Ok(())),
            (vec![updates], vec![updates, deletes, changes], above(&[changes, deletes]), above(&[changes, deletes])),
            (vec![changes], vec![changes, deletes], Ok(()), above(&[deletes])),
            (vec![configures], vec![deletes], Ok(()), above(&[deletes])),
        ] {
            let (actor, role) = (actor_with(&held), role_with(&given));
            assert_eq!(actor.require_not_above("do this", &role, Catalog::arcgis()), hand_out, "{held:?} {given:?}");
            assert_eq!(actor.require_to_cover("do this", &role, Catalog::arcgis()), take_over, "{held:?} {given:?}");
        }
        let everything = role_with(&[updates, deletes, changes, configures]);
        for full in [Actor::console(), actor_in("administrator")] {
            assert_eq!(full.require_not_above("do this", &everything, Catalog::arcgis()), Ok(()));
            assert_eq!(full.require_to_cover("do this", &everything, Catalog::arcgis()), Ok(()));
        }
    }

    #[test]
    fn the_administrator_role_is_above_everybody_else_whatever_they_hold() {
        let catalog = Catalog::arcgis();
        let all: Vec<&str> = catalog.privileges().iter().map(|one| one.id.as_str()).collect();
        let (delegate, administrator) = (actor_with(&all), catalog.administrator().unwrap());
        let reserved = Err(Refusal::ReservedToAdministrators { act: "do this" });
        assert_eq!(delegate.require_not_above("do this", administrator, catalog), reserved);
        assert_eq!(delegate.require_to_cover("do this", administrator, catalog), reserved);
        assert_eq!(actor_in("administrator").require_to_cover("do this", administrator, catalog), Ok(()));
    }
}
