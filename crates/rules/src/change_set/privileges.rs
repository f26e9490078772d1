//! Who may move a member from one seat to another, there and back.

use catalog::enforced;

use super::{Act, Operation};
use crate::{Actor, MemberId, Refusal, account};

/// What of a move decides who may make it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deed<'a> {
    /// Whom it moves.
    pub member: &'a MemberId,
    /// What is done with the account.
    pub act: Option<Act>,
    /// Whether it moves add-ons or ends checkouts.
    pub is_about_licences: bool,
    /// Whether it names a user type or a role, also where these are held already.
    pub sets: bool,
    /// Whether another user type is held afterwards.
    pub changes_type: bool,
    /// Whether another role is held afterwards.
    pub changes_role: bool,
    /// Whether an Administrator is moved, or made.
    pub touches_an_administrator: bool,
    /// Whether the way back is planned with it.
    pub returns: bool,
}

impl Deed<'_> {
    /// Who may do what (S113, S114, S173 to S179, S217 to S222, A-ENF-5, A-ROLE-5, A-ROLE-13).
    pub(super) fn may_be_done_by(self, actor: &Actor) -> Result<(), Refusal> {
        if self.is_about_licences {
            account::manage_licenses(actor)?;
        }
        if let Some(act) = self.act {
            let (privilege, reserved) = needed(act);
            actor.require(privilege)?;
            // Who plans the way back must be one who may go it.
            if self.returns {
                back(act).map_or(Ok(()), |privilege| actor.require(privilege))?;
            }
            if self.touches_an_administrator {
                actor.require_default_administrator(reserved)?;
            }
        }
        if self.changes_type {
            account::change_user_types(actor)?;
        } else if self.changes_role || (self.act.is_none() && (self.sets || !self.is_about_licences)) {
            account::change_roles(actor)?;
        }
        if self.changes_role && self.touches_an_administrator {
            actor.require_default_administrator("change a role to or from Administrator")?;
        }
        if self.changes_role && actor.id() == Some(self.member) {
            actor.require_default_administrator("change their own role")?;
        }
        Ok(())
    }
}

/// What the operation needs whomever it is about, asked before anybody is looked at: who may change nothing learns from no
/// refusal who there is, in which state, and which roles there are.
pub(super) fn may_ask(actor: &Actor, operation: &Operation) -> Result<(), Refusal> {
    if let Some(act) = operation.act {
        return actor.require(needed(act).0);
    }
    if !operation.sets() && operation.is_about_licences() {
        return account::manage_licenses(actor);
    }
    account::change_roles(actor).or_else(|missing| match operation.set_user_type {
        Some(_) => account::change_user_types(actor),
        None => Err(missing),
    })
}

/// The privilege that an act needs, and what it is called when done to an administrator.
fn needed(act: Act) -> (&'static str, &'static str) {
    match act {
        Act::Enable => (enforced::DISABLE_MEMBERS, "enable an administrator"),
        Act::Disable => (enforced::DISABLE_MEMBERS, "disable an administrator"),
        Act::Archive | Act::ArchiveAgain => (enforced::DISABLE_MEMBERS, "archive an administrator"),
        Act::Restore | Act::RestoreDisabled => (enforced::INVITE_MEMBERS, "restore an administrator"),
        Act::Delete => (enforced::DELETE_MEMBERS, "delete an administrator"),
    }
}

/// The privilege that the way back needs, where it is another one.
fn back(act: Act) -> Option<&'static str> {
    match act {
        Act::Archive | Act::ArchiveAgain => Some(enforced::INVITE_MEMBERS),
        Act::Restore | Act::RestoreDisabled => Some(enforced::DISABLE_MEMBERS),
        Act::Enable | Act::Disable | Act::Delete => None,
    }
}
