//! A new member: what is asked for one, and adding one.

use std::collections::BTreeSet;

use errors::Failure;
use rules::capacity::{self, Registration};
use rules::defaults::{self, AskedExtras, GivenExtras};
use store::{Extras, Member, NewMember, PasswordKind, ReadTx, StoreError, StoredPassword, Topic, WriteTx};

use crate::actions::input::{invalid_at, role_at, text, user_type_at, username};
use crate::actions::{Caller, actor, settings};
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
    /// Labels and vendor-site access; the new-member defaults where nothing is asked.
    pub extras: AskedExtras,
}

/// A new member as somebody asks for one, before the names are checked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The user name.
    pub username: String,
    /// The id of the user type, in any case; the new-member default where nothing is asked.
    pub user_type: Option<String>,
    /// The id of the role, in any case; [`rules::defaults::role`] where nothing is asked.
    pub role: Option<String>,
    /// The name for people.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Labels and vendor-site access.
    pub extras: AskedExtras,
}

impl Asked {
    /// Checks the names.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn addition(self, password: StoredPassword) -> Result<Addition, Failure> {
        let seat = Registration {
            user_type: self.user_type.as_deref().map(|given| user_type_at("/user_type", given)).transpose()?,
            role: self.role.as_deref().map(|given| role_at("/role", given)).transpose()?,
        };
        Ok(Addition {
            seat,
            username: username(&self.username)?,
            full_name: text("/full_name", self.full_name)?,
            email: text("/email", self.email)?,
            password,
            extras: self.extras,
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
    checked_labels(tx, &addition.extras)?;
    let extras = extras_of(defaults::extras(&facts, &actor, &addition.extras)?);
    let Addition { username, full_name, email, password, .. } = addition;
    tx.insert_member(permit, &actor, &NewMember { username, full_name, email, password, extras })
}

/// The labels that are asked for are among those that there are.
///
/// # Errors
/// `validation-failed` with those that there are.
pub(in crate::actions) fn checked_labels(tx: &ReadTx<'_>, asked: &AskedExtras) -> Result<(), StoreError> {
    if let Some(groups) = &asked.groups {
        known_labels(tx, Topic::Groups, groups)?;
    }
    if let Some(categories) = &asked.categories {
        known_labels(tx, Topic::Categories, categories)?;
    }
    Ok(())
}

pub(in crate::actions) fn known_labels(
    tx: &ReadTx<'_>,
    topic: Topic,
    wanted: &BTreeSet<String>,
) -> Result<(), StoreError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let known = settings::names(tx, topic)?;
    let Some(unknown) = wanted.iter().find(|name| !known.contains(*name)) else { return Ok(()) };
    let valid: Vec<&str> = known.iter().map(String::as_str).collect();
    let list = if valid.is_empty() { "there are none yet".to_owned() } else { valid.join(", ") };
    let pointer = format!("/{}", topic.as_str());
    Err(invalid_at(&pointer, &format!("`{unknown}` is not one of those that there are: {list}")).into())
}

pub(in crate::actions) fn extras_of(given: GivenExtras) -> Extras {
    let GivenExtras { groups, categories, vendor_access } = given;
    Extras { groups, categories, vendor_access }
}
