//! Ids as names: members, user types, roles and plans in the form that the pages take.

use catalog::{Catalog, RoleId};
use entitlement::{AddOnId, ProductId, UserTypeId};
use rules::account::Abilities;
use rules::refusal::Room;
use store::{Member, TypeCount};

use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::members::May;
use crate::pages::seats::Seats;
use crate::pages::when::When;
use crate::texts::text;

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

/// The name of a product; its id where the catalog does not know it.
#[must_use]
pub fn product(catalog: &Catalog, id: &ProductId) -> String {
    catalog.product(id).map_or_else(|| id.to_string(), |known| known.name.clone())
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

/// How many names stand in a sentence.
const IN_A_SENTENCE: usize = 3;

/// The first names, and how many more there are.
#[must_use]
pub fn shortened(all: &[String]) -> String {
    let shown: Vec<&str> = all.iter().take(IN_A_SENTENCE).map(String::as_str).collect();
    match all.len().saturating_sub(IN_A_SENTENCE) {
        0 => shown.join(", "),
        more => text("names-and-more").with("names", shown.join(", ")).with("count", more).plain(),
    }
}

/// Labels to choose from; the chosen ones are selected.
#[must_use]
pub fn labels<'a>(known: impl IntoIterator<Item = &'a String>, selected: &dyn Fn(&str) -> bool) -> Vec<Choice> {
    let choice = |name: &String| Choice { id: name.clone(), name: name.clone(), selected: selected(name) };
    known.into_iter().map(choice).collect()
}

/// What a reader may do, as the pages take it.
#[must_use]
pub fn may(abilities: Abilities) -> May {
    let Abilities { add, tables, change, delete, roles, disable, update, licenses, groups, all, whole } = abilities;
    May { add, tables, change, roles, disable, delete, update, licenses, groups, all, whole }
}

/// Licensed less assigned; negative where more is assigned (S46).
#[must_use]
pub fn available(licensed: u64, assigned: u64) -> i64 {
    i64::try_from(i128::from(licensed) - i128::from(assigned)).unwrap_or(i64::MIN)
}

/// The seats of a user type.
#[must_use]
pub fn seats(catalog: &Catalog, count: &TypeCount, exempt: u64, ends: Option<When>) -> Seats {
    Seats {
        id: count.user_type.to_string(),
        name: user_type(catalog, &count.user_type),
        licensed: count.licensed,
        assigned: count.seats.assigned,
        reserved: count.seats.reserved,
        available: available(count.licensed, count.seats.assigned),
        over_since: count.over_since.map(When::from),
        locked_out: if count.is_over() { count.seats.lockable } else { 0 },
        exempt,
        ends,
    }
}
