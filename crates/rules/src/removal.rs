//! Deleting a member: always possible while types are over, never for the last administrator (S115, A-ENF-8, A-ENF-11).

use catalog::enforced;

use crate::capacity::known_role;
use crate::facts::{Facts, MemberFacts, is_lockable};
use crate::permit::{Permit, RemovalGrant, RemovalPermit};
use crate::{Actor, MemberState, Refusal};

/// Whether the member may be deleted. Compliance never blocks repair, so no count is asked.
///
/// # Errors
/// The actor may not delete members; the member is an Administrator and the actor is not one; it is the last enabled one.
pub fn delete<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    member: &MemberFacts<'tx>,
) -> Result<RemovalPermit<'tx>, Refusal> {
    actor.require(enforced::DELETE_MEMBERS)?;
    let row = member.row();
    let role = known_role(facts, &row.role)?;
    if role.is_administrator {
        actor.require_default_administrator("delete an administrator")?;
    }
    let is_enabled_administrator = role.is_administrator && row.state == MemberState::Enabled;
    if is_enabled_administrator && facts.enabled_administrators() <= 1 {
        return Err(Refusal::LastAdministrator);
    }
    let grant = RemovalGrant {
        member: row.id.clone(),
        user_type: row.user_type.clone(),
        lockable: is_lockable(role, row.state),
        is_enabled_administrator,
    };
    Ok(Permit::given(facts, grant))
}

#[cfg(test)]
mod tests {
    use super::delete;
    use crate::permit::RemovalGrant;
    use crate::sample::{Organization, actor_in, actor_with, disabled, member, member_id, role, seats, user_type};
    use crate::{Actor, Facts, MemberFacts, Refusal};

    fn outcome<'tx>(facts: &Facts<'tx>, actor: &Actor, whom: &MemberFacts<'tx>) -> Result<RemovalGrant, Refusal> {
        delete(facts, actor, whom).map(|permit| permit.grant().clone())
    }

    fn grant(number: u128, id: &str, lockable: bool, is_enabled_administrator: bool) -> RemovalGrant {
        RemovalGrant { member: member_id(number), user_type: user_type(id), lockable, is_enabled_administrator }
    }

    #[test]
    fn a_deletion_frees_the_seat_and_says_how_the_member_was_counted() {
        let tx = ();
        let mut organization = Organization::at_capacity();
        organization.administrators = 2;
        let facts = organization.facts(&tx);
        let viewer = member(&tx, 1, "viewer", "viewer");
        let administrator = member(&tx, 2, "creator", "administrator");
        let console = Actor::console();
        assert_eq!(outcome(&facts, &console, &viewer), Ok(grant(1, "viewer", true, false)));
        assert_eq!(outcome(&facts, &console, &disabled(&tx, &viewer)), Ok(grant(1, "viewer", false, false)));
        assert_eq!(outcome(&facts, &console, &administrator), Ok(grant(2, "creator", false, true)));
        assert_eq!(outcome(&facts, &console, &disabled(&tx, &administrator)), Ok(grant(2, "creator", false, false)));
    }

    #[test]
    fn the_last_enabled_administrator_stays_and_a_disabled_one_may_go() {
        let tx = ();
        let last = member(&tx, 2, "creator", "administrator");
        let facts = Organization::at_capacity().facts(&tx);
        assert_eq!(outcome(&facts, &Actor::console(), &last), Err(Refusal::LastAdministrator));
        assert_eq!(outcome(&facts, &actor_in("administrator"), &last), Err(Refusal::LastAdministrator));
        assert!(outcome(&facts, &Actor::console(), &disabled(&tx, &last)).is_ok());
        assert!(outcome(&facts, &Actor::console(), &member(&tx, 3, "creator", "publisher")).is_ok());
    }

    #[test]
    fn deletion_works_whatever_is_over() {
        let tx = ();
        let facts =
            Organization::at_capacity().with_licensed("viewer", 0).with_seats("abolished", seats(2, 0, 2)).facts(&tx);
        assert!(outcome(&facts, &Actor::console(), &member(&tx, 1, "viewer", "viewer")).is_ok());
        assert!(outcome(&facts, &Actor::console(), &member(&tx, 1, "abolished", "viewer")).is_ok());
    }

    #[test]
    fn the_privilege_is_needed_and_administrators_are_deleted_by_administrators() {
        let tx = ();
        let mut organization = Organization::at_capacity();
        organization.administrators = 2;
        let facts = organization.facts(&tx);
        let viewer = member(&tx, 1, "viewer", "viewer");
        let administrator = member(&tx, 2, "creator", "administrator");
        let deleter = actor_with(&["admin.members.delete"]);
        let missing = Refusal::PrivilegeMissing { privilege: "admin.members.delete" };
        let reserved = Refusal::ReservedToAdministrators { act: "delete an administrator" };
        assert_eq!(outcome(&facts, &actor_in("publisher"), &viewer), Err(missing));
        assert!(outcome(&facts, &deleter, &viewer).is_ok());
        assert_eq!(outcome(&facts, &deleter, &administrator), Err(reserved.clone()));
        assert_eq!(outcome(&facts, &deleter, &disabled(&tx, &administrator)), Err(reserved));
        assert!(outcome(&facts, &actor_in("administrator"), &administrator).is_ok());
    }

    #[test]
    fn a_role_that_the_catalog_does_not_have_is_named() {
        let tx = ();
        let facts = Organization::at_capacity().facts(&tx);
        let Err(Refusal::UnknownRole { asked, known }) =
            outcome(&facts, &Actor::console(), &member(&tx, 1, "viewer", "of-yesterday"))
        else {
            panic!("the role was known")
        };
        assert_eq!((asked, known.len()), (role("of-yesterday"), 6));
    }
}
