//! Custom roles: what an organization makes, changes and deletes beside the default roles (S127 to S134).
//!
//! Any combination of the catalog's privileges may be put together, also one that is stronger than the role of whoever
//! does it; but nobody changes the role that he holds, and no edit gives holders more than their user types allow
//! (A-ROLE-5, A-ROLE-7, A-ROLE-8).
//!
//! ```compile_fail,E0451
//! // Who holds a role cannot be made up: the names are right, and the fields are private.
//! fn forge<'tx>(brand: rules::Brand<'tx>, id: catalog::RoleId) -> rules::role::RoleFacts<'tx> {
//!     rules::role::RoleFacts { id, holders: Default::default(), other_uses: Vec::new(), _brand: brand }
//! }
//! ```
//!
//! What was read can be asked for:
//!
//! ```
//! fn look(role: &rules::role::RoleFacts<'_>) -> u64 {
//!     role.holders().count
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use catalog::{CUSTOM_PREFIX, Catalog, CustomRole, PrivilegeId, Role, RoleId, UserType, enforced};
use entitlement::UserTypeId;

use crate::capacity::known_role;
use crate::change_set::misfit;
use crate::permit::Permit;
use crate::refusal::{Misfit, RoleRefusal};
use crate::{Actor, Brand, Facts, MemberId, Refusal, account};

/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 1000;

/// Longest id, in bytes.
const LONGEST_ID: usize = 64;

/// What is asked of a custom role, new or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its name: 1 to 100 characters, which no other role has in upper or lower case.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it gives: any of the catalog's privileges, or none (S129).
    pub privileges: BTreeSet<PrivilegeId>,
}

/// One member who holds the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub member: MemberId,
    /// The user name.
    pub username: String,
    /// The user type, which bounds the role (S132).
    pub user_type: UserTypeId,
}

/// Who holds the role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders {
    /// All of them, archived members too.
    pub count: u64,
    /// Those with a user type, counted per user type; archived members have none.
    pub by_type: BTreeMap<UserTypeId, u64>,
    /// Up to 100 of those with a user type, in the order of their names.
    pub some: Vec<Holder>,
}

/// What refers to one role, read in the same transaction as the facts.
#[derive(Debug)]
pub struct RoleFacts<'tx> {
    id: RoleId,
    holders: Holders,
    other_uses: Vec<String>,
    _brand: Brand<'tx>,
}

impl<'tx> RoleFacts<'tx> {
    /// What the store read in the transaction of that brand. `other_uses` says in a plain sentence each what else refers
    /// to the role: pending invitations, defaults for new members, planned returns.
    #[must_use]
    pub fn read_in(brand: Brand<'tx>, id: RoleId, holders: Holders, other_uses: Vec<String>) -> Self {
        Self { id, holders, other_uses, _brand: brand }
    }

    /// Which role.
    #[must_use]
    pub fn id(&self) -> &RoleId {
        &self.id
    }

    /// Who holds it.
    #[must_use]
    pub fn holders(&self) -> &Holders {
        &self.holders
    }
}

/// To keep a new or a changed role.
pub type RolePermit<'tx> = Permit<'tx, RoleGrant>;
/// To delete a role.
pub type RoleRemovalPermit<'tx> = Permit<'tx, RoleRemovalGrant>;

/// The role may be kept so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// Its id: a new one for a new role, and the same for ever after.
    pub id: RoleId,
    /// What it is, with spaces around its texts taken away.
    pub draft: Draft,
}

impl RoleGrant {
    /// The role as it is kept.
    #[must_use]
    pub fn custom_role(&self) -> CustomRole {
        let Draft { name, description, privileges } = self.draft.clone();
        CustomRole { id: self.id.clone(), name, description, privileges }
    }
}

/// The role may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRemovalGrant {
    /// Which one.
    pub id: RoleId,
}

/// Whether a custom role may be made so (S127 to S131).
///
/// # Errors
/// In this order: the actor may not configure roles; a name or description of no use; a reserved act or an unknown
/// privilege; a name that another role has.
pub fn create<'tx>(facts: &Facts<'tx>, actor: &Actor, draft: &Draft) -> Result<RolePermit<'tx>, Refusal> {
    account::configure_roles(actor)?;
    let draft = checked(facts.catalog(), draft, None)?;
    let id = new_id(facts.catalog(), &draft.name).ok_or_else(name_unusable)?;
    Ok(Permit::given(facts, RoleGrant { id, draft }))
}

/// Whether a custom role may be changed so (S128, A-ROLE-5, A-ROLE-7, A-ROLE-8).
///
/// An edit is judged by what it adds. Where another catalog has lowered a ceiling below what the role gives already,
/// taking privileges out of it or giving it another name stays possible; [`Actor::member`] holds the bound meanwhile.
///
/// # Errors
/// In this order: the actor may not configure roles; an unknown role, or a default one; the actor's own role; what
/// [`create`] refuses; holders whose user types do not allow what is added.
pub fn edit<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    role: &RoleFacts<'tx>,
    draft: &Draft,
) -> Result<RolePermit<'tx>, Refusal> {
    account::configure_roles(actor)?;
    let before = custom(facts, role)?;
    if actor.role() == Some(role.id()) {
        actor.require_default_administrator("change the role that they hold themselves")?;
    }
    let draft = checked(facts.catalog(), draft, Some(role.id()))?;
    let grant = RoleGrant { id: role.id.clone(), draft };
    holders_allow(facts, &role.holders, before, &facts.catalog().in_effect(&grant.custom_role()))?;
    Ok(Permit::given(facts, grant))
}

/// Whether a custom role may be deleted (S128): only one that nobody holds and nothing refers to, because nobody is left
/// without a role (S110).
///
/// # Errors
/// In this order: the actor may not configure roles; an unknown role, or a default one; a role in use.
pub fn delete<'tx>(
    facts: &Facts<'tx>,
    actor: &Actor,
    role: &RoleFacts<'tx>,
) -> Result<RoleRemovalPermit<'tx>, Refusal> {
    account::configure_roles(actor)?;
    custom(facts, role)?;
    if role.holders.count > 0 || !role.other_uses.is_empty() {
        return Err(Refusal::Role(RoleRefusal::InUse {
            role: role.id.clone(),
            holders: role.holders.count,
            usernames: role.holders.some.iter().map(|one| one.username.clone()).collect(),
            uses: role.other_uses.clone(),
        }));
    }
    Ok(Permit::given(facts, RoleRemovalGrant { id: role.id.clone() }))
}

/// Something that the editor of a role should know and may do nonetheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Manage licenses without Members: View: the page is out of reach, the interface for programs works (A-ROLE-11).
    LicensesWithoutMembersPage,
    /// More than one user type cannot hold the role (S132).
    UserTypesBelow {
        /// Which ones, in catalog order.
        user_types: Vec<UserTypeId>,
    },
}

impl Warning {
    /// The case in one sentence, for a person.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::LicensesWithoutMembersPage => format!(
                "Holders can manage licenses through programs, but without {} they do not see the organization page.",
                enforced::VIEW_MEMBERS
            ),
            Self::UserTypesBelow { user_types } => {
                let ids: Vec<&str> = user_types.iter().map(UserTypeId::as_str).collect();
                format!("Members of these user types cannot hold the role: {}.", ids.join(", "))
            }
        }
    }
}

/// The user types whose members could hold such a role, in catalog order (S132).
#[must_use]
pub fn fitting(draft: &Draft, catalog: &Catalog) -> Vec<UserTypeId> {
    let fitting = catalog.user_types().iter().filter(|one| draft.privileges.is_subset(&one.ceiling));
    fitting.map(|one| one.id.clone()).collect()
}

/// What to tell whoever puts such a role together.
#[must_use]
pub fn warnings(draft: &Draft, catalog: &Catalog) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let gives = |id: &str| draft.privileges.contains(id);
    if gives(enforced::MANAGE_LICENSES) && !gives(enforced::VIEW_MEMBERS) {
        warnings.push(Warning::LicensesWithoutMembersPage);
    }
    let fitting = fitting(draft, catalog);
    let ids = catalog.user_types().iter().map(|one| one.id.clone());
    let user_types: Vec<UserTypeId> = ids.filter(|id| !fitting.contains(id)).collect();
    if user_types.len() > 1 {
        warnings.push(Warning::UserTypesBelow { user_types });
    }
    warnings
}

/// The role as it is, if it is one of the organization's.
fn custom<'f>(facts: &'f Facts<'_>, role: &RoleFacts<'_>) -> Result<&'f Role, Refusal> {
    let known = known_role(facts, &role.id)?;
    if known.is_custom { Ok(known) } else { Err(Refusal::Role(RoleRefusal::DefaultRole { role: known.id.clone() })) }
}

/// The draft with its texts trimmed, if a role can be so; `own` is the role that it changes.
fn checked(catalog: &Catalog, draft: &Draft, own: Option<&RoleId>) -> Result<Draft, Refusal> {
    let name = draft.name.trim();
    if name.is_empty()
        || name.chars().count() > LONGEST_NAME
        || name.contains(char::is_control)
        || name.contains(is_hidden)
    {
        return Err(name_unusable());
    }
    let description = draft.description.trim();
    let is_strange = |c: char| c.is_control() && !['\n', '\r', '\t'].contains(&c);
    if description.chars().count() > LONGEST_DESCRIPTION || description.contains(is_strange) {
        let form = "The description of a role has at most 1000 characters, and of control characters line breaks only.";
        return Err(Refusal::Role(RoleRefusal::TextUnusable { pointer: "/description", form }));
    }
    privileges_exist(catalog, &draft.privileges)?;
    let same = |role: &&Role| own != Some(&role.id) && role.name.trim().to_lowercase() == name.to_lowercase();
    if let Some(other) = catalog.roles().iter().find(same) {
        return Err(Refusal::Role(RoleRefusal::NameTaken { name: name.to_owned(), role: other.id.clone() }));
    }
    Ok(Draft { name: name.to_owned(), description: description.to_owned(), privileges: draft.privileges.clone() })
}

/// Signs that are not seen, or that turn the direction of writing: with them two names look alike. The joiners of some
/// scripts and of emoji are not among them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'
    )
}

fn name_unusable() -> Refusal {
    let form = "The name of a role has 1 to 100 characters and no control characters or signs that nobody sees.";
    Refusal::Role(RoleRefusal::TextUnusable { pointer: "/name", form })
}

/// Any combination of the catalog's privileges (S129), and none of the reserved acts (S134, S217).
fn privileges_exist(catalog: &Catalog, asked: &BTreeSet<PrivilegeId>) -> Result<(), Refusal> {
    let is_reserved = |id: &&PrivilegeId| catalog.reserved().iter().any(|act| act.id == **id);
    let reserved: Vec<PrivilegeId> = asked.iter().filter(is_reserved).cloned().collect();
    if !reserved.is_empty() {
        return Err(Refusal::Role(RoleRefusal::ReservedPrivileges { asked: reserved }));
    }
    let unknown: Vec<PrivilegeId> = asked.iter().filter(|id| catalog.privilege(id).is_none()).cloned().collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let known = catalog.privileges().iter().map(|one| one.id.clone()).collect();
    Err(Refusal::Role(RoleRefusal::UnknownPrivileges { asked: unknown, known }))
}

/// No holder is given what the user type does not allow (S96, S132). A user type that the catalog does not have is no
/// hindrance: it admits nothing, so its members gain nothing by the edit.
fn holders_allow(facts: &Facts<'_>, holders: &Holders, before: &Role, after: &Role) -> Result<(), Refusal> {
    let added: BTreeSet<PrivilegeId> = after.privileges.difference(&before.privileges).cloned().collect();
    let below = |id: &UserTypeId| -> Option<&UserType> {
        facts.catalog().user_type(id).filter(|one| !added.is_subset(&one.ceiling))
    };
    let counted = holders.by_type.iter().filter(|(id, count)| **count > 0 && below(id).is_some());
    let by_type: BTreeMap<UserTypeId, u64> = counted.map(|(id, count)| (id.clone(), *count)).collect();
    if by_type.is_empty() {
        return Ok(());
    }
    let affected = holders.some.iter().filter_map(|one| Some((one, below(&one.user_type)?)));
    let (usernames, misfits): (Vec<String>, Vec<Misfit>) = affected
        .map(|(one, user_type)| (one.username.clone(), misfit(facts, Some(&one.member), user_type, after)))
        .unzip();
    Err(Refusal::Role(RoleRefusal::ExceedsHolders { role: after.id.clone(), by_type, usernames, misfits }))
}

/// The first free id that the name suggests: `custom-field-crew`, then `custom-field-crew-2` and so on.
fn new_id(catalog: &Catalog, name: &str) -> Option<RoleId> {
    let slug = slug(name);
    let free = |number: u64| {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let room = LONGEST_ID.saturating_sub(CUSTOM_PREFIX.len()).saturating_sub(suffix.len());
        let body: String = slug.chars().take(room).collect();
        let id = RoleId::parse(&format!("{CUSTOM_PREFIX}{}{suffix}", body.trim_end_matches('-'))).ok()?;
        catalog.role(&id).is_none().then_some(id)
    };
    (1..=u64::MAX).find_map(free)
}

/// The name in small ASCII letters, digits and single hyphens; `role` where nothing is left of it.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if let Some(letters) = folded(c) {
            slug.push_str(letters);
        } else if (c.is_ascii() || c.is_whitespace()) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "role".to_owned() } else { slug.to_owned() }
}

/// The letters of western European names without their marks. What else there is falls out of an id, never out of a name.
fn folded(c: char) -> Option<&'static str> {
    match c {
        'à'..='å' => Some("a"),
        'æ' => Some("ae"),
        'ç' => Some("c"),
        'è'..='ë' => Some("e"),
        'ì'..='ï' => Some("i"),
        'ñ' => Some("n"),
        'ò'..='ö' | 'ø' => Some("o"),
        'œ' => Some("oe"),
        'ß' => Some("ss"),
        'ù'..='ü' => Some("u"),
        'ý' | 'ÿ' => Some("y"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
