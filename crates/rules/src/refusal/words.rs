//! The longer sentences and facts of refusals.

use std::collections::BTreeMap;
use std::fmt::Display;

use catalog::{Catalog, RoleId};
use entitlement::{AddOnId, ProductId, UserTypeId};
use serde_json::{Value, json};

use super::{Misfit, Over, Room};
use crate::plan::Blocker;
use crate::{MemberId, MemberState};

/// How many of a long list are named; the number of all is told besides.
pub(super) const MOST_NAMED: usize = 100;

/// How many stand in a sentence.
const IN_A_SENTENCE: usize = 5;

/// What the things of the catalog are called in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names<'c> {
    /// By their ids.
    Ids,
    /// By the names in the catalog; by the id where it has none.
    Of(&'c Catalog),
}

impl<'c> Names<'c> {
    pub(super) fn user_type(self, id: &'c UserTypeId) -> &'c str {
        match self {
            Self::Ids => id.as_str(),
            Self::Of(catalog) => catalog.user_type(id).map_or(id.as_str(), |known| &known.name),
        }
    }

    fn role(self, id: &'c RoleId) -> &'c str {
        match self {
            Self::Ids => id.as_str(),
            Self::Of(catalog) => catalog.role(id).map_or(id.as_str(), |known| &known.name),
        }
    }

    pub(super) fn product(self, id: &'c ProductId) -> &'c str {
        match self {
            Self::Ids => id.as_str(),
            Self::Of(catalog) => catalog.product(id).map_or(id.as_str(), |known| &known.name),
        }
    }

    pub(super) fn add_on(self, id: &'c AddOnId) -> &'c str {
        match self {
            Self::Ids => id.as_str(),
            Self::Of(catalog) => catalog.add_on(id).map_or(id.as_str(), |known| &known.name),
        }
    }
}

pub(super) fn full_sentence(
    names: Names<'_>,
    user_type: &UserTypeId,
    numbers: [u64; 3],
    types_with_room: &[Room],
) -> String {
    let [licensed, assigned, reserved] = numbers;
    let held = if reserved == 0 { String::new() } else { format!(", {reserved} reserved") };
    let room = if types_with_room.is_empty() {
        "No user type has room.".to_owned()
    } else {
        let free = types_with_room.iter().map(|one| format!("{} ({} free)", names.user_type(&one.user_type), one.free));
        format!("Types with room: {}.", listed(free))
    };
    let user_type = names.user_type(user_type);
    if licensed == 0 {
        return format!("The file in force licenses no seat of {user_type}. {room}");
    }
    format!("{user_type} is full: {assigned} of {licensed} assigned{held}. {room}")
}

pub(super) fn full_facts(
    user_type: &UserTypeId,
    numbers: [u64; 3],
    types_with_room: &[Room],
) -> Vec<(&'static str, Value)> {
    let [licensed, assigned, reserved] = numbers;
    let room = types_with_room.iter().map(|one| json!({"id": one.user_type.as_str(), "free": one.free}));
    vec![
        ("user_type", json!(user_type.as_str())),
        ("licensed", json!(licensed)),
        ("assigned", json!(assigned)),
        ("reserved", json!(reserved)),
        ("types_with_room", room.collect()),
    ]
}

pub(super) fn exhausted_sentence(names: Names<'_>, user_type: &UserTypeId, assigned: u64, licensed: u64) -> String {
    let user_type = names.user_type(user_type);
    format!("{user_type} has {} of {licensed} licensed and cannot take this change.", members(assigned))
}

pub(super) fn mismatch_sentence(names: Names<'_>, expected: &BTreeMap<UserTypeId, u64>) -> String {
    if expected.is_empty() {
        return "The change takes no user type over its limit, so there is nothing to consent to.".to_owned();
    }
    let numbers = listed(expected.iter().map(|(id, n)| format!("{n} for {}", names.user_type(id))));
    format!("The number of people locked out is now {numbers}.")
}

pub(super) fn unconfirmed_sentence(locked_out: u64) -> String {
    match locked_out {
        0 => "This file locks nobody out, so there is nothing to confirm.".to_owned(),
        more => format!("This file locks out {}; the number must be confirmed.", members(more)),
    }
}

/// A name that the catalog does not have, with those that it has.
pub(super) fn unknown_sentence<T: Display>(kind: &str, plural: &str, asked: &T, known: &[T]) -> String {
    format!("There is no {kind} `{asked}`. {plural}: {}.", listed(known.iter().map(ToString::to_string)))
}

pub(super) fn consent_sentence(names: Names<'_>, locked_out: &BTreeMap<UserTypeId, u64>) -> String {
    let one = |(id, n)| format!("{} one over its limit and locks out {n} of its members", names.user_type(id));
    format!("This change takes {} until somebody else leaves it.", listed(locked_out.iter().map(one)))
}

pub(super) fn administrator_sentence(names: Names<'_>, user_type: &UserTypeId) -> String {
    let user_type = names.user_type(user_type);
    format!("{user_type} would be over its limit, and an administrator cannot take a seat in it.")
}

pub(super) fn unlicensed_sentence(names: Names<'_>, user_type: &UserTypeId) -> String {
    let user_type = names.user_type(user_type);
    format!("The installed file licenses no seat of {user_type}, so new members could not be added.")
}

pub(super) fn misfits_sentence(names: Names<'_>, misfits: &[Misfit]) -> String {
    misfits.iter().map(|one| misfit_sentence(names, one)).collect::<Vec<_>>().join(" ")
}

fn misfit_sentence(names: Names<'_>, misfit: &Misfit) -> String {
    let proposal = misfit
        .proposed_role
        .as_ref()
        .map_or_else(String::new, |role| format!(" The nearest role that fits is {}.", names.role(role)));
    let (role, user_type) = (names.role(&misfit.role), names.user_type(&misfit.user_type));
    format!("The role {role} gives more than the user type {user_type} allows.{proposal}")
}

pub(super) fn misfit_facts(misfits: &[Misfit]) -> Vec<(&'static str, Value)> {
    let members = misfits
        .iter()
        .map(|one| {
            json!({
                "id": one.member.as_ref().map(MemberId::as_str),
                "user_type": one.user_type.as_str(),
                "role": one.role.as_str(),
                "privileges": one.privileges,
                "proposed_role": one.proposed_role.as_ref().map(RoleId::as_str),
            })
        })
        .collect();
    let mut facts = vec![("members", members)];
    if let [only] = misfits {
        facts.push(("proposed_role", json!(only.proposed_role.as_ref().map(RoleId::as_str))));
    }
    facts
}

pub(super) fn over_fact(over: &Over) -> Value {
    json!({"id": over.user_type.as_str(), "assigned": over.assigned, "licensed": over.licensed, "locked_out": over.locked_out})
}

pub(super) fn numbers(of: &BTreeMap<UserTypeId, u64>) -> Value {
    of.iter().map(|(id, n)| (id.as_str().to_owned(), json!(n))).collect::<serde_json::Map<_, _>>().into()
}

pub(super) fn error_at<'a>(pointer: &str, asked: &str, known: impl Iterator<Item = &'a str>) -> (&'static str, Value) {
    let valid: Vec<&str> = known.collect();
    (
        "errors",
        json!([{"pointer": pointer, "message": format!("`{asked}` is not one of {}", valid.join(", ")), "valid": valid}]),
    )
}

pub(super) fn unusable_operations(message: &str) -> (&'static str, Value) {
    ("errors", json!([{"pointer": "/operations", "message": message}]))
}

pub(super) fn members(count: u64) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

pub(super) fn listed(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Which operations, by their number as people count and the member's name; the first with its reason.
pub(super) fn blocked_sentence(names: Names<'_>, blockers: &[Blocker], operations: usize) -> String {
    let Some(first) = blockers.first() else { return String::new() };
    let who = first.username.as_deref().unwrap_or_else(|| first.member.as_str());
    let number = first.operation.saturating_add(1);
    let rest = match blockers.len().saturating_sub(1) {
        0 => String::new(),
        1 => " 1 more cannot be done either.".to_owned(),
        more => format!(" {more} more cannot be done either."),
    };
    format!("Operation {number} of {operations}, {who}: {}{rest}", first.refusal.told(names))
}

/// The first blockers whole, and how many there are; of a single kind its own facts too.
pub(super) fn blocked_facts(blockers: &[Blocker]) -> Vec<(&'static str, Value)> {
    let named: Vec<&Blocker> = blockers.iter().take(MOST_NAMED).collect();
    let pointers = named
        .iter()
        .map(|one| json!({"pointer": format!("/operations/{}", one.operation), "message": one.refusal.sentence()}));
    vec![("errors", pointers.collect()), ("blockers", json!(named)), ("blocked", json!(blockers.len()))]
}

/// The first few, and how many more.
fn shortened(names: &[String]) -> String {
    let shown = names.iter().take(IN_A_SENTENCE).cloned();
    match names.len().saturating_sub(IN_A_SENTENCE) {
        0 => listed(shown),
        more => format!("{} and {more} more", listed(shown)),
    }
}

/// A value of the body that cannot be used.
pub(super) fn value_error(pointer: &str, message: &str) -> (&'static str, Value) {
    ("errors", json!([{"pointer": pointer, "message": message}]))
}

pub(super) fn state_facts(username: &str, state: MemberState) -> Vec<(&'static str, Value)> {
    vec![("username", json!(username)), ("state", json!(state.as_str()))]
}

/// Whose account is in a state that does not allow what was asked.
pub(super) fn state_sentence(username: &str, state: MemberState) -> String {
    format!("The account of {username} is {}, which does not allow this.", state.as_str())
}

/// Who has been changed since.
pub(super) fn changed_sentence(usernames: &[String]) -> String {
    format!("Changed since by somebody else: {}.", shortened(usernames))
}
