//! Roles: the catalog's and the organization's own, and what is missing for a wish (S110 to S134, S227).

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::{Catalog, PrivilegeId, RoleId, WorkflowId};
use entitlement::UserTypeId;
use errors::{Code, Failure};
use rules::role::{self, Draft, Holders, Warning};
use rules::why::{self, Wanted, Why};
use rules::{MemberId, account};
use store::{Member, ReadTx, RoleRecord, StoreError, WriteTx};

use super::{Caller, actor, input};

/// A role with what there is to know of it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The role as it counts: `catalog.role(id)` has its privileges.
    pub id: RoleId,
    /// When it was made and changed; nothing for the catalog's.
    pub record: Option<RoleRecord>,
    /// Who holds it.
    pub holders: Holders,
}

/// The roles in force, the catalog's first.
///
/// # Errors
/// The caller may neither see members nor administer roles.
pub fn list(tx: &ReadTx<'_>, caller: &Caller) -> Result<(Arc<Catalog>, Vec<Shown>), StoreError> {
    may_see(tx, caller)?;
    let (catalog, records) = (tx.catalog()?, tx.role_records()?);
    let mut shown = Vec::with_capacity(catalog.roles().len());
    for role in catalog.roles() {
        let record = records.iter().find(|record| record.id == role.id).cloned();
        shown.push(Shown { id: role.id.clone(), record, holders: tx.holders(&role.id)? });
    }
    Ok((catalog, shown))
}

/// One role.
///
/// # Errors
/// As [`list`]; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &RoleId) -> Result<(Arc<Catalog>, Shown), StoreError> {
    may_see(tx, caller)?;
    let catalog = known(tx, id)?;
    let record = tx.role_records()?.into_iter().find(|record| record.id == *id);
    Ok((catalog, Shown { id: id.clone(), record, holders: tx.holders(id)? }))
}

fn may_see(tx: &ReadTx<'_>, caller: &Caller) -> Result<(), StoreError> {
    Ok(account::see_roles(&actor(tx, caller)?)?)
}

fn known(tx: &ReadTx<'_>, id: &RoleId) -> Result<Arc<Catalog>, StoreError> {
    let catalog = tx.catalog()?;
    if catalog.role(id).is_none() {
        return Err(Failure::new(Code::NotFound, format!("There is no role `{id}`.")).into());
    }
    Ok(catalog)
}

/// A role as it is sent, before the names are checked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The ids of its privileges.
    pub privileges: Vec<String>,
}

impl Asked {
    /// Checks the ids.
    ///
    /// # Errors
    /// `validation-failed` for what is not an id.
    pub fn draft(self) -> Result<Draft, Failure> {
        let read = |id: &String| {
            let unusable = || input::invalid_at("/privileges", &format!("`{id}` is not the id of a privilege"));
            PrivilegeId::parse(id).ok_or_else(unusable)
        };
        let privileges = self.privileges.iter().map(read).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Draft { name: self.name, description: self.description, privileges })
    }
}

/// What the editor of a role should know about it.
///
/// # Errors
/// What the database says.
pub fn warnings(tx: &ReadTx<'_>, draft: &Draft) -> Result<Vec<Warning>, StoreError> {
    Ok(role::warnings(draft, &*tx.catalog()?))
}

/// What a role put together so would be, before it is kept.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// The user types that could hold it, in catalog order.
    pub fits: Vec<UserTypeId>,
    /// What to know about it.
    pub warnings: Vec<Warning>,
    /// Who holds it now; nobody where it is new.
    pub holders: Holders,
}

/// Says what a new role, or the changed one, would be. Changes nothing.
///
/// # Errors
/// As [`create`], or as [`edit`].
pub fn foresee(
    tx: &ReadTx<'_>,
    caller: &Caller,
    changed: Option<&RoleId>,
    draft: &Draft,
) -> Result<Foreseen, StoreError> {
    let (actor, facts) = (actor(tx, caller)?, tx.facts()?);
    let mut holders = Holders::default();
    match changed {
        Some(id) => {
            account::configure_roles(&actor)?;
            known(tx, id)?;
            let role = tx.role_facts(id)?;
            role::edit(&facts, &actor, &role, draft).map(drop)?;
            holders = role.holders().clone();
        }
        None => role::create(&facts, &actor, draft).map(drop)?,
    }
    let fits = role::fitting(draft, facts.catalog());
    Ok(Foreseen { fits, warnings: warnings(tx, draft)?, holders })
}

/// A role to begin an editor with.
///
/// # Errors
/// The caller does not administer roles; there is none of that id.
pub fn to_edit(tx: &ReadTx<'_>, caller: &Caller, id: &RoleId) -> Result<(Arc<Catalog>, Shown), StoreError> {
    account::configure_roles(&actor(tx, caller)?)?;
    show(tx, caller, id)
}

/// The catalog, for who makes a role from nothing.
///
/// # Errors
/// The caller does not administer roles.
pub fn for_a_new_one(tx: &ReadTx<'_>, caller: &Caller) -> Result<Arc<Catalog>, StoreError> {
    account::configure_roles(&actor(tx, caller)?)?;
    tx.catalog()
}

/// Makes a role of the organization's own (S127 to S129).
///
/// # Errors
/// What [`role::create`] refuses.
pub fn create(tx: &WriteTx<'_>, caller: &Caller, draft: &Draft) -> Result<RoleId, StoreError> {
    let actor = actor(tx, caller)?;
    let permit = role::create(&tx.facts()?, &actor, draft)?;
    tx.save_role(permit, &actor)
}

/// Changes a role of the organization's own, for everybody who holds it.
///
/// # Errors
/// What [`role::edit`] refuses; there is none of that id; it has changed since it was read.
pub fn edit(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &RoleId,
    expected: Option<u64>,
    draft: &Draft,
) -> Result<RoleId, StoreError> {
    let actor = actor(tx, caller)?;
    account::configure_roles(&actor)?;
    known(tx, id)?;
    let permit = role::edit(&tx.facts()?, &actor, &tx.role_facts(id)?, draft)?;
    unchanged(tx, id, expected)?;
    tx.save_role(permit, &actor)
}

/// Deletes a role of the organization's own that nobody holds.
///
/// # Errors
/// What [`role::delete`] refuses; there is none of that id; it has changed since it was read.
pub fn delete(tx: &WriteTx<'_>, caller: &Caller, id: &RoleId, expected: Option<u64>) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::configure_roles(&actor)?;
    known(tx, id)?;
    let permit = role::delete(&tx.facts()?, &actor, &tx.role_facts(id)?)?;
    unchanged(tx, id, expected)?;
    tx.delete_role(permit, &actor)
}

fn unchanged(tx: &ReadTx<'_>, id: &RoleId, expected: Option<u64>) -> Result<(), StoreError> {
    let Some(expected) = expected else { return Ok(()) };
    let record = tx.role_records()?.into_iter().find(|record| record.id == *id);
    // A role of the catalog has no version; the rule says that it cannot be changed.
    match record {
        Some(record) if record.version != expected => Err(Failure::plain(Code::Stale).into()),
        Some(_) | None => Ok(()),
    }
}

/// Why a member may or may not do something: a privilege or a workflow by its id. Everybody may ask about oneself.
///
/// # Errors
/// The caller may not see members; there is no such member, privilege or workflow.
pub fn why(
    tx: &ReadTx<'_>,
    caller: &Caller,
    whom: &MemberId,
    wanted: &Wanted,
) -> Result<(Arc<Catalog>, Member, Why), StoreError> {
    let actor = actor(tx, caller)?;
    if actor.id() != Some(whom) {
        account::see_members(&actor)?;
    }
    let member = tx.member(whom)?.ok_or_else(super::members::not_found)?;
    let catalog = tx.catalog()?;
    let user_type = member.state.holds_a_seat().then_some(&member.user_type);
    let why = why::explain(&catalog, user_type, &member.role, wanted);
    let unknown = || Failure::new(Code::NotFound, "There is no such privilege or workflow.");
    let why = why.ok_or_else(unknown)?;
    Ok((catalog, member, why))
}

/// A privilege or a workflow by its id.
///
/// # Errors
/// `not-found` for what is neither.
pub fn wanted(catalog: &Catalog, id: &str) -> Result<Wanted, Failure> {
    if let Some(workflow) = WorkflowId::parse(id).filter(|id| catalog.workflow(id).is_some()) {
        return Ok(Wanted::Workflow(workflow));
    }
    let is_reserved = |privilege: &PrivilegeId| catalog.reserved().iter().any(|act| act.id == *privilege);
    let privilege = PrivilegeId::parse(id).filter(|id| catalog.privilege(id).is_some() || is_reserved(id));
    let unknown = || Failure::new(Code::NotFound, format!("There is no privilege and no workflow `{id}`."));
    privilege.map(Wanted::Privilege).ok_or_else(unknown)
}
