//! What the rules of custom roles refuse, with its facts and its words.

use std::collections::BTreeMap;

use catalog::{PrivilegeId, RoleId};
use entitlement::UserTypeId;
use errors::Code;
use serde_json::{Value, json};

use super::Misfit;
use super::words::{listed, members, misfit_facts, numbers};

/// A custom role cannot be made, changed or deleted so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleRefusal {
    /// The name or the description is of no use.
    TextUnusable {
        /// Which of them, as a JSON pointer (RFC 6901).
        pointer: &'static str,
        /// What it has to be like, as a sentence.
        form: &'static str,
    },
    /// Another role has the name.
    NameTaken {
        /// The name as asked for.
        name: String,
        /// Whose it is.
        role: RoleId,
    },
    /// Privileges that the catalog does not have.
    UnknownPrivileges {
        /// What was asked for and is not there.
        asked: Vec<PrivilegeId>,
        /// What there is.
        known: Vec<PrivilegeId>,
    },
    /// Acts that only the default Administrator role gives (S134, S217).
    ReservedPrivileges {
        /// Which of them were asked for.
        asked: Vec<PrivilegeId>,
    },
    /// A role of the catalog, which stays as it is.
    DefaultRole {
        /// Which role.
        role: RoleId,
    },
    /// The role would give holders more than their user types allow (S96, S132, A-ROLE-7, A-ROLE-8).
    ExceedsHolders {
        /// Which role.
        role: RoleId,
        /// How many holders that are, per user type; all of them are counted.
        by_type: BTreeMap<UserTypeId, u64>,
        /// Their user names, as far as they were read: 100 at most.
        usernames: Vec<String>,
        /// The same members, with what is too much for each.
        misfits: Vec<Misfit>,
    },
    /// The role is held or referred to.
    InUse {
        /// Which role.
        role: RoleId,
        /// How many members hold it.
        holders: u64,
        /// Some of their user names.
        usernames: Vec<String>,
        /// What else refers to it, a sentence each.
        uses: Vec<String>,
    },
}

impl RoleRefusal {
    /// The row of the registry.
    pub(super) fn code(&self) -> Code {
        match self {
            Self::TextUnusable { .. } | Self::UnknownPrivileges { .. } | Self::ReservedPrivileges { .. } => {
                Code::ValidationFailed
            }
            Self::NameTaken { .. } => Code::RoleNameTaken,
            Self::DefaultRole { .. } => Code::RoleIsDefault,
            Self::ExceedsHolders { .. } => Code::RoleExceedsUserType,
            Self::InUse { .. } => Code::RoleInUse,
        }
    }

    /// The case in one sentence, for a person.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::TextUnusable { form, .. } => (*form).to_owned(),
            Self::NameTaken { name, role } => format!("The role {role} is called {name} already."),
            Self::UnknownPrivileges { asked, .. } => {
                format!("There is no privilege {}.", listed(asked.iter().map(|id| format!("`{id}`"))))
            }
            Self::ReservedPrivileges { asked } => format!(
                "Reserved to the default Administrator role, so that no other role can give it: {}.",
                listed(asked.iter().map(ToString::to_string))
            ),
            Self::DefaultRole { role } => {
                format!("{role} is a default role, which can be neither changed nor deleted.")
            }
            Self::ExceedsHolders { role, by_type, usernames, .. } => {
                let total = by_type.values().sum();
                let types = listed(by_type.iter().map(|(id, n)| format!("{n} of {id}")));
                let who = named(total, usernames).map_or_else(String::new, |names| format!(" They are {names}."));
                format!("{role} would give {} more than the user type allows: {types}.{who}", members(total))
            }
            Self::InUse { role, holders, usernames, uses } => in_use_sentence(role, *holders, usernames, uses),
        }
    }

    /// The same facts for programs.
    pub(super) fn facts(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::TextUnusable { pointer, form } => {
                vec![("errors", json!([{"pointer": pointer, "message": form}]))]
            }
            Self::NameTaken { name, role } => vec![("name", json!(name)), ("role", json!(role.as_str()))],
            Self::UnknownPrivileges { asked, known } => {
                let message = format!("not in the catalog: {}", texts(asked).join(", "));
                vec![("errors", json!([{"pointer": "/privileges", "message": message, "valid": texts(known)}]))]
            }
            Self::ReservedPrivileges { asked } => {
                let message = format!("reserved to the default Administrator role: {}", texts(asked).join(", "));
                vec![("errors", json!([{"pointer": "/privileges", "message": message}]))]
            }
            Self::DefaultRole { role } => vec![("role", json!(role.as_str()))],
            Self::ExceedsHolders { role, by_type, usernames, misfits } => {
                let mut facts = misfit_facts(misfits);
                facts.extend([
                    ("role", json!(role.as_str())),
                    ("total", json!(by_type.values().sum::<u64>())),
                    ("by_type", numbers(by_type)),
                    ("usernames", json!(usernames)),
                ]);
                facts
            }
            Self::InUse { role, holders, usernames, uses } => vec![
                ("role", json!(role.as_str())),
                ("holders", json!(holders)),
                ("usernames", json!(usernames)),
                ("uses", json!(uses)),
            ],
        }
    }
}

fn in_use_sentence(role: &RoleId, holders: u64, usernames: &[String], uses: &[String]) -> String {
    let held = match named(holders, usernames) {
        _ if holders == 0 => format!("{role} is in use."),
        None => format!("{role} is held by {}.", members(holders)),
        Some(names) => format!("{role} is held by {}: {names}.", members(holders)),
    };
    std::iter::once(held).chain(uses.iter().cloned()).collect::<Vec<_>>().join(" ")
}

/// How many names stand in a sentence; programs get all that were read.
const NAMES_IN_A_SENTENCE: usize = 10;

/// The first names, and how many people there are besides; nothing where nobody's name was read.
fn named(total: u64, usernames: &[String]) -> Option<String> {
    let shown: Vec<&str> = usernames.iter().take(NAMES_IN_A_SENTENCE).map(String::as_str).collect();
    if shown.is_empty() {
        return None;
    }
    let others = total.saturating_sub(u64::try_from(shown.len()).unwrap_or(u64::MAX));
    let names = shown.join(", ");
    Some(if others == 0 { names } else { format!("{names} and {others} more") })
}

fn texts(ids: &[PrivilegeId]) -> Vec<&str> {
    ids.iter().map(PrivilegeId::as_str).collect()
}
