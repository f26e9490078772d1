//! Ids as names: members, user types, roles and plans in the form that the pages take.

use catalog::{Catalog, RoleId};
use entitlement::{AddOnId, UserTypeId};
use rules::refusal::Room;
use rules::{MemberState, plan};
use store::{Member, ReadTx, StoreError, TypeCount};

use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::plan::{Plan, PlanMember, PlanType};
use crate::pages::seats::Seats;
use crate::pages::when::When;

/// The full name, or the user name.
#[must_use]
pub fn of(member: &Member) -> String {
    if member.full_name.is_empty() { member.username.clone() } else { member.full_name.clone() }
}

/// The name of a user type; its id where the catalog does not know it.
#[must_use]
pub fn user_type(catalog: &Catalog, id: &UserTypeId) -> String {
    catalog.user_type(id).map_or_else(|| id.to_string(), |known| known.name.clone())
}

/// The name of an add-on; its id where the catalog does not know it.
#[must_use]
pub fn add_on(catalog: &Catalog, id: &AddOnId) -> String {
    catalog.add_on(id).map_or_else(|| id.to_string(), |known| known.name.clone())
}

/// The name of a role; its id where the catalog does not know it.
#[must_use]
pub fn role(catalog: &Catalog, id: &RoleId) -> String {
    catalog.role(id).map_or_else(|| id.to_string(), |known| known.name.clone())
}

/// A member in short.
#[must_use]
pub fn person(catalog: &Catalog, member: &Member) -> Person {
    Person {
        id: member.id.to_string(),
        name: of(member),
        username: member.username.clone(),
        user_type: user_type(catalog, &member.user_type),
        role: role(catalog, &member.role),
    }
}

/// The user types of the catalog with their room.
#[must_use]
pub fn types_with_room(catalog: &Catalog, room: &[Room], selected: &str) -> Vec<TypeChoice> {
    let free = |id: &UserTypeId| room.iter().find(|one| one.user_type == *id).map_or(0, |one| one.free);
    let choice = |known: &catalog::UserType| TypeChoice {
        id: known.id.to_string(),
        name: known.name.clone(),
        free: free(&known.id),
        selected: known.id.as_str() == selected,
    };
    catalog.user_types().iter().map(choice).collect()
}

/// The user types of the catalog to look for.
#[must_use]
pub fn types(catalog: &Catalog, selected: &str) -> Vec<Choice> {
    let choice = |known: &catalog::UserType| Choice {
        id: known.id.to_string(),
        name: known.name.clone(),
        selected: known.id.as_str() == selected,
    };
    catalog.user_types().iter().map(choice).collect()
}

/// The roles of the catalog.
#[must_use]
pub fn roles(catalog: &Catalog, selected: &str) -> Vec<Choice> {
    let choice = |known: &catalog::Role| Choice {
        id: known.id.to_string(),
        name: known.name.clone(),
        selected: known.id.as_str() == selected,
    };
    catalog.roles().iter().map(choice).collect()
}

/// A plan with the names of its members, user types and roles.
///
/// # Errors
/// What the database says.
pub fn plan(tx: &ReadTx<'_>, catalog: &Catalog, plan: &plan::Plan) -> Result<Plan, StoreError> {
    let types = plan.types.iter().map(|one| PlanType {
        name: user_type(catalog, &one.id),
        before: one.before,
        after: one.after,
        licensed: one.licensed,
        locked_out: one.locked_out,
    });
    let mut members = Vec::with_capacity(plan.members.len());
    for one in &plan.members {
        let known = tx.member(&one.id)?;
        let former = format!("{}, {}", user_type(catalog, &one.former.user_type), role(catalog, &one.former.role));
        members.push(PlanMember {
            name: known.as_ref().map_or_else(|| one.username.clone(), of),
            user_type: one.user_type.as_ref().map_or_else(|| state_after(one.state), |id| user_type(catalog, id)),
            role: role(catalog, &one.role),
            former: Some(former),
        });
    }
    Ok(Plan { types: types.collect(), members })
}

/// What stands in the place of the user type of somebody who has none afterwards.
fn state_after(state: Option<MemberState>) -> String {
    state.map_or("deleted", MemberState::as_str).to_owned()
}

/// The seats of a user type.
#[must_use]
pub fn seats(catalog: &Catalog, count: &TypeCount, exempt: u64, ends: Option<When>) -> Seats {
    let available = i128::from(count.licensed) - i128::from(count.seats.assigned);
    Seats {
        id: count.user_type.to_string(),
        name: user_type(catalog, &count.user_type),
        licensed: count.licensed,
        assigned: count.seats.assigned,
        reserved: count.seats.reserved,
        available: i64::try_from(available).unwrap_or(i64::MIN),
        over_since: count.over_since.map(When::from),
        locked_out: if count.is_over() { count.seats.lockable } else { 0 },
        exempt,
        ends,
    }
}
