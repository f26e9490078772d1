//! Members: add, list, show, delete, and a new one-time password.

use catalog::{Catalog, RoleId, enforced};
use entitlement::UserTypeId;
use errors::{Code, Failure};
use rules::capacity::{self, Registration};
use rules::{Actor, MemberId, Refusal, account, removal, sign_in};
use serde_json::json;
use store::{Member, MemberFilter, MemberPage, NewMember, PasswordKind, ReadTx, StoreError, StoredPassword, WriteTx};

use super::{Caller, actor};
use crate::auth::password;

/// What is asked for a new member.
#[derive(Debug, Clone)]
pub struct Addition {
    /// Seat and role.
    pub seat: Registration,
    /// The user name; unique whatever the case.
    pub username: String,
    /// The name for people.
    pub full_name: String,
    /// An address, for people only; no mail is sent.
    pub email: String,
    /// The one-time password, hashed.
    pub password: StoredPassword,
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Only those whom the lockout hits at this moment, or only those whom it does not.
    pub locked_out: Option<bool>,
    /// Where the part before ended.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// A new member as somebody asks for one, before the names are checked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The user name.
    pub username: String,
    /// The id of the user type, in any case.
    pub user_type: String,
    /// The id of the role, in any case; [`rules::defaults::role`] where nothing is asked.
    pub role: Option<String>,
    /// The name for people.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
}

impl Asked {
    /// Checks the names.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn addition(self, password: StoredPassword) -> Result<Addition, Failure> {
        let seat = Registration {
            user_type: user_type_at("/user_type", &self.user_type)?,
            role: self.role.as_deref().map(|given| role_at("/role", given)).transpose()?,
        };
        Ok(Addition {
            seat,
            username: username(&self.username)?,
            full_name: text("/full_name", self.full_name)?,
            email: text("/email", self.email)?,
            password,
        })
    }
}

/// A one-time password, hashed for the store.
#[must_use]
pub fn one_time(password: &str) -> StoredPassword {
    StoredPassword::new(password::one_time_stored(password), PasswordKind::OneTime)
}

/// Adds a member (S2, S5, S18 to S21).
///
/// # Errors
/// What [`capacity::register`] refuses; a user name that is taken.
pub fn add(tx: &WriteTx<'_>, caller: &Caller, addition: Addition) -> Result<Member, StoreError> {
    let actor = actor(tx, caller)?;
    let facts = tx.facts()?;
    let permit = capacity::register(&facts, &actor, &addition.seat)?;
    let Addition { username, full_name, email, password, .. } = addition;
    tx.insert_member(permit, &actor, &NewMember { username, full_name, email, password })
}

/// Deletes a member.
///
/// # Errors
/// What [`removal::delete`] refuses; a member that is not there or has changed since it was read.
pub fn delete(tx: &WriteTx<'_>, caller: &Caller, id: &MemberId, expected: Option<u64>) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    unchanged(tx, id, expected)?;
    let facts = tx.facts()?;
    let member = tx.member_facts(id)?;
    let permit = removal::delete(&facts, &actor, &member)?;
    tx.delete_member(permit, &actor)
}

/// Gives a member a new one-time password and ends all sessions of the member.
///
/// # Errors
/// What [`account::reset_password`] refuses; a member that is not there.
pub fn reset_password(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &MemberId,
    password: &StoredPassword,
) -> Result<Member, StoreError> {
    let actor = actor(tx, caller)?;
    let member = tx.member(id)?.ok_or_else(not_found)?;
    let catalog = tx.catalog()?;
    let role =
        catalog.role(&member.role).ok_or_else(|| StoreError::damaged("a member's role is not in the catalog"))?;
    account::reset_password(&actor, role, &catalog)?;
    tx.set_password(&actor, id, password, None)?;
    Ok(member)
}

/// A page of the members.
///
/// # Errors
/// The caller may not see members; a filter for a user type that there is not.
pub fn list(tx: &ReadTx<'_>, caller: &Caller, filter: &MemberFilter, page: &Page) -> Result<MemberPage, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    if let Some(id) = &filter.user_type {
        in_catalog(&*tx.catalog()?, id)?;
    }
    let Some(wanted) = page.locked_out else { return tx.members(filter, page.cursor.as_deref(), page.limit) };
    let mut cursor = page.cursor.clone();
    // A part may come out short; it is empty only when nobody is left.
    loop {
        let part = tx.members(filter, cursor.as_deref(), page.limit)?;
        let mut items = Vec::new();
        for member in part.items {
            if is_locked_out(tx, &member)? == wanted {
                items.push(member);
            }
        }
        if !items.is_empty() || part.next.is_none() {
            return Ok(MemberPage { items, next: part.next });
        }
        cursor = part.next;
    }
}

/// Refuses a user type that the catalog does not have, with those that it has.
///
/// # Errors
/// `validation-failed`.
pub fn in_catalog(catalog: &Catalog, id: &UserTypeId) -> Result<(), Refusal> {
    if catalog.user_type(id).is_some() {
        return Ok(());
    }
    let known = catalog.user_types().iter().map(|one| one.id.clone()).collect();
    Err(Refusal::UnknownUserType { asked: id.clone(), known })
}

/// Whether the portal refuses the member at this moment because the user type is over (S6).
///
/// # Errors
/// What the database says.
pub fn is_locked_out(tx: &ReadTx<'_>, member: &Member) -> Result<bool, StoreError> {
    Ok(sign_in::enter(&tx.standing(member)?) == Err(Refusal::UserTypeOverLimit))
}

/// How many members there are in all, or of one user type; nothing where only counting them one by one would tell.
///
/// # Errors
/// What the database says.
pub fn total(tx: &ReadTx<'_>, filter: &MemberFilter, page: &Page) -> Result<Option<u64>, StoreError> {
    let MemberFilter { user_type, role: None, state: None, text: None } = filter else { return Ok(None) };
    if page.locked_out.is_some() {
        return Ok(None);
    }
    let counts = tx.headcounts()?;
    let counted = counts.iter().filter(|one| user_type.as_ref().is_none_or(|wanted| *wanted == one.user_type));
    Ok(Some(counted.map(|one| one.seats.assigned).sum()))
}

/// What somebody may do with members at all, so that no page offers what would be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Add members.
    pub add: bool,
    /// Change user types (S248).
    pub change: bool,
    /// Delete members.
    pub delete: bool,
}

/// Whether somebody may change user types at all: all privileges of that workflow (S248).
///
/// # Errors
/// `privilege-missing` with the first that is.
pub fn may_change_user_types(actor: &Actor) -> Result<(), Refusal> {
    enforced::CHANGE_USER_TYPE.iter().try_for_each(|privilege| actor.require(privilege))
}

/// The abilities of the caller.
///
/// # Errors
/// The caller is gone or not let in.
pub fn abilities(tx: &ReadTx<'_>, caller: &Caller) -> Result<Abilities, StoreError> {
    let actor = actor(tx, caller)?;
    Ok(Abilities {
        add: actor.holds(enforced::INVITE_MEMBERS),
        change: may_change_user_types(&actor).is_ok(),
        delete: actor.holds(enforced::DELETE_MEMBERS),
    })
}

/// One member.
///
/// # Errors
/// The caller may not see members; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId) -> Result<Member, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    tx.member(id)?.ok_or_else(|| not_found().into())
}

/// The id of a member by user name or id, for command lines.
///
/// # Errors
/// There is none.
pub fn find(tx: &ReadTx<'_>, name: &str) -> Result<MemberId, StoreError> {
    if let Some(member) = tx.member_by_username(name)? {
        return Ok(member.id);
    }
    let id = name.parse::<MemberId>().ok();
    let member = id.map(|id| tx.member(&id)).transpose()?.flatten();
    member
        .map(|found| found.id)
        .ok_or_else(|| Failure::new(Code::NotFound, format!("There is no member `{name}`.")).into())
}

/// The id of a user type on a command line, whatever its case.
///
/// # Errors
/// `validation-failed` for what is not an id.
pub fn user_type(given: &str) -> Result<UserTypeId, Failure> {
    user_type_at("", given)
}

/// The id of a role on a command line, whatever its case.
///
/// # Errors
/// `validation-failed` for what is not an id.
pub fn role(given: &str) -> Result<RoleId, Failure> {
    role_at("", given)
}

/// The id of a user type at that place of a body.
///
/// # Errors
/// `validation-failed`.
pub fn user_type_at(pointer: &str, given: &str) -> Result<UserTypeId, Failure> {
    UserTypeId::from_input(given).map_err(|_| invalid_at(pointer, &format!("`{given}` is not the id of a user type")))
}

/// The id of a role at that place of a body.
///
/// # Errors
/// `validation-failed`.
pub fn role_at(pointer: &str, given: &str) -> Result<RoleId, Failure> {
    RoleId::from_input(given).map_err(|_| invalid_at(pointer, &format!("`{given}` is not the id of a role")))
}

/// A user name: 1 to 100 characters, no blanks at the ends, no control characters.
///
/// # Errors
/// `validation-failed`.
pub fn username(given: &str) -> Result<String, Failure> {
    let length = given.chars().count();
    let plain = !given.chars().any(|c| c.is_control() || c == '/' || c == '\u{feff}');
    if (1..=100).contains(&length) && plain && given.trim() == given {
        return Ok(given.to_owned());
    }
    let rule = "a user name has 1 to 100 characters, none of them control characters or `/`, and no blank at its ends";
    Err(invalid_at("/username", rule))
}

fn text(pointer: &str, given: Option<String>) -> Result<String, Failure> {
    let text = given.map(|text| text.trim().to_owned()).unwrap_or_default();
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(invalid_at(pointer, "has more than 200 characters, or control characters"));
    }
    Ok(text)
}

/// A value that cannot be used, with its place in the body.
#[must_use]
pub fn invalid_at(pointer: &str, message: &str) -> Failure {
    let place = pointer.trim_start_matches('/');
    let detail = if place.is_empty() { format!("{message}.") } else { format!("{place}: {message}.") };
    Failure::new(Code::ValidationFailed, detail).with("errors", json!([{"pointer": pointer, "message": message}]))
}

pub(crate) fn unchanged(tx: &ReadTx<'_>, id: &MemberId, expected: Option<u64>) -> Result<(), StoreError> {
    let Some(expected) = expected else { return Ok(()) };
    let member = tx.member(id)?.ok_or_else(not_found)?;
    if member.version == expected { Ok(()) } else { Err(Failure::plain(Code::Stale).into()) }
}

pub(crate) fn not_found() -> Failure {
    Failure::new(Code::NotFound, "There is no such member.")
}
