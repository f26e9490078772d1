//! What people do, each as one decision in one transaction: read the facts, ask the rule, spend the permit.
//!
//! No HTTP and no HTML here; the REST interface, the pages and the command line call the same functions. The actor is
//! read again inside the transaction, so a role taken away a moment ago no longer counts.

pub mod activity;
pub mod add_ons;
pub mod audit;
pub mod bulk;
pub mod changes;
pub mod clock;
pub mod in_use;
pub mod input;
pub mod introspection;
pub mod invitations;
pub mod lease_files;
pub mod licenses;
pub mod member_table;
pub mod members;
pub mod offer;
pub mod overview;
pub mod products;
pub mod profile;
pub mod returns;
pub mod roles;
pub mod schedule;
pub mod sessions;
pub mod settings;
pub mod surroundings;
pub mod to_do;
pub mod trust;
pub mod usage;
pub mod usage_report;

use rules::{Actor, MemberId};
use store::{ReadTx, StoreError};

/// Who calls: the console of the machine, or a member by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The machine's own command line.
    Console,
    /// A signed-in member.
    Member(MemberId),
}

/// The caller as an actor, with the role and the standing of this very transaction.
///
/// # Errors
/// The member is gone, disabled, or locked out by now.
pub fn actor(tx: &ReadTx<'_>, caller: &Caller) -> Result<Actor, StoreError> {
    match caller {
        Caller::Console => Ok(Actor::console()),
        Caller::Member(id) => tx.actor(id),
    }
}
