//! What people do to a portal beside registering and moving members: invitations, returns, roles.

use std::sync::atomic::{AtomicU64, Ordering};

use catalog::{PrivilegeId, RoleId};
use entitlement::Moment;
use errors::{Code, Failure};
use rules::change_set::{self, Act, ChangeSet, Operation};
use rules::role::{self, Draft};
use rules::{Actor, ChangeId, InvitationId, MemberId, capacity};
use store::{
    ChangeNote, Extras, Invitation, Member, NewInvitation, ReturnState, Store, StoreError, TokenHash, WriteTx,
};

use crate::harness::{apply, asked, member, newcomer, write};

/// A secret that no other invitation has.
pub fn secret() -> TokenHash {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    TokenHash::of(&NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes())
}

pub fn inviting(tx: &WriteTx<'_>, username: &str, type_id: &str, role_id: &str) -> Result<Invitation, StoreError> {
    let permit = capacity::invite(&tx.facts()?, &Actor::console(), &asked(type_id, role_id))?;
    let (full_name, email) = (String::new(), format!("{username}@example.com"));
    let new =
        NewInvitation { secret: secret(), username: username.to_owned(), full_name, email, extras: Extras::default() };
    tx.insert_invitation(permit, &Actor::console(), &new)
}

pub fn invite(store: &Store, username: &str, type_id: &str) -> Result<Invitation, Failure> {
    let (username, type_id) = (username.to_owned(), type_id.to_owned());
    write(store, move |tx| inviting(tx, &username, &type_id, "viewer"))
}

pub fn accept(store: &Store, id: &InvitationId, username: &str) -> Result<Member, Failure> {
    let (id, username) = (id.clone(), username.to_owned());
    write(store, move |tx| {
        let invitation = tx.invitation(&id)?;
        let permit = capacity::accept(&tx.facts()?, &tx.invitation_facts(&invitation))?;
        tx.accept_invitation(permit, &newcomer(&username))
    })
}

pub fn revoke(store: &Store, id: &InvitationId) -> Result<(), Failure> {
    let id = id.clone();
    write(store, move |tx| {
        let invitation = tx.invitation(&id)?;
        let permit = capacity::revoke(&tx.facts()?, &Actor::console(), &tx.invitation_facts(&invitation))?;
        tx.revoke_invitation(permit, &Actor::console())
    })
}

pub fn invitation(store: &Store, id: &InvitationId) -> Invitation {
    store.read(|tx| tx.invitation(id)).unwrap()
}

pub fn reverting(tx: &WriteTx<'_>, id: &ChangeId, actor: &Actor) -> Result<ChangeId, StoreError> {
    let change = tx.change(id)?.ok_or_else(|| Failure::plain(Code::NotFound))?;
    let (past, members) = tx.past_change(&change)?;
    let facts = tx.facts()?;
    let back = change_set::revert(&facts, &past, &members)?;
    let permit = change_set::decide(&facts, actor, &members, &back)?;
    let note = ChangeNote { reason: "back".to_owned(), reverts: Some(id.clone()), ..ChangeNote::default() };
    tx.apply_change(permit, actor, &note)
}

pub fn revert(store: &Store, id: &ChangeId) -> Result<ChangeId, Failure> {
    let id = id.clone();
    write(store, move |tx| reverting(tx, &id, &Actor::console()))
}

/// A move with a return planned.
pub fn lend(store: &Store, id: &MemberId, type_id: &str, until: Moment) -> Result<ChangeId, Failure> {
    apply(store, ChangeSet { revert_at: Some(until), ..crate::harness::moves(&[(id, type_id)], &[]) })
}

/// What the portal does each minute: it tries every return that is due, and tells what became of each.
pub fn run_returns(store: &Store) -> Vec<ReturnState> {
    let due = store.read(|tx| tx.due_returns(100)).unwrap();
    due.iter().map(|id| run_return(store, id).unwrap()).collect()
}

pub fn run_return(store: &Store, id: &ChangeId) -> Result<ReturnState, Failure> {
    let id = id.clone();
    write(store, move |tx| {
        let schedule = Actor::schedule();
        let planned = tx.change(&id)?.and_then(|change| change.planned_return);
        if !planned.is_some_and(|planned| planned.state.is_open()) {
            return Err(Failure::plain(Code::NothingPlanned).into());
        }
        let failure = match reverting(tx, &id, &schedule) {
            Ok(_) => return Ok(ReturnState::Done),
            Err(error) => error.into_failure(),
        };
        if failure.code != Code::Stale {
            tx.put_off_return(&schedule, &id, &failure.detail)?;
            return Ok(ReturnState::Due);
        }
        give_up(tx, &id, &schedule, Some(&failure.detail))?;
        Ok(ReturnState::Stale)
    })
}

fn give_up(tx: &WriteTx<'_>, id: &ChangeId, actor: &Actor, why: Option<&str>) -> Result<(), StoreError> {
    let change = tx.change(id)?.ok_or_else(|| Failure::plain(Code::NotFound))?;
    let (past, _) = tx.past_change(&change)?;
    tx.cancel_return(change_set::cancel(&tx.facts()?, actor, &past)?, actor, why)
}

pub fn cancel(store: &Store, id: &ChangeId) -> Result<(), Failure> {
    let id = id.clone();
    write(store, move |tx| give_up(tx, &id, &Actor::console(), None))
}

pub fn dismiss(store: &Store, id: &ChangeId) -> Result<(), Failure> {
    let id = id.clone();
    write(store, move |tx| {
        let change = tx.change(&id)?.ok_or_else(|| Failure::plain(Code::NotFound))?;
        let (past, _) = tx.past_change(&change)?;
        tx.dismiss_return(change_set::dismiss(&tx.facts()?, &Actor::console(), &past)?, &Actor::console())
    })
}

pub fn return_state(store: &Store, id: &ChangeId) -> (ReturnState, Option<String>) {
    let change = store.read(|tx| tx.change(id)).unwrap().unwrap();
    let planned = change.planned_return.unwrap();
    (planned.state, planned.problem)
}

pub fn draft(name: &str, privileges: &[&str]) -> Draft {
    let privileges = privileges.iter().map(|id| PrivilegeId::parse(id).unwrap()).collect();
    Draft { name: name.to_owned(), description: String::new(), privileges }
}

pub fn making(tx: &WriteTx<'_>, draft: &Draft) -> Result<RoleId, StoreError> {
    let permit = role::create(&tx.facts()?, &Actor::console(), draft)?;
    tx.save_role(permit, &Actor::console())
}

pub fn make_role(store: &Store, name: &str, privileges: &[&str]) -> Result<RoleId, Failure> {
    let draft = draft(name, privileges);
    write(store, move |tx| making(tx, &draft))
}

pub fn edit_role(store: &Store, id: &RoleId, name: &str, privileges: &[&str]) -> Result<RoleId, Failure> {
    let (id, draft) = (id.clone(), draft(name, privileges));
    write(store, move |tx| {
        let permit = role::edit(&tx.facts()?, &Actor::console(), &tx.role_facts(&id)?, &draft)?;
        tx.save_role(permit, &Actor::console())
    })
}

pub fn delete_role(store: &Store, id: &RoleId) -> Result<(), Failure> {
    let id = id.clone();
    write(store, move |tx| {
        let permit = role::delete(&tx.facts()?, &Actor::console(), &tx.role_facts(&id)?)?;
        tx.delete_role(permit, &Actor::console())
    })
}

/// Gives the member a role, and a user type if one is named.
pub fn give_role(store: &Store, id: &MemberId, role_id: &RoleId) -> Result<ChangeId, Failure> {
    let operation = Operation::set(id.clone(), None, Some(role_id.clone()));
    apply(store, ChangeSet { operations: vec![operation], ..ChangeSet::default() })
}

/// An archived member who held that user type.
pub fn archived(store: &Store, username: &str, type_id: &str) -> Member {
    let new = crate::harness::register(store, username, type_id).unwrap();
    crate::harness::act(store, &new.id, Act::Archive).unwrap();
    member(store, &new.id).unwrap()
}
