//! Add-ons and extensions: how many there are, who holds them, and what puts an over-assignment right (S37 to S48).

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::{AddOn, Catalog};
use entitlement::{AddOnId, Moment};
use errors::{Code, Failure};
use rules::account;
use rules::change_set::{ChangeSet, Operation};
use rules::permit::AddOnMoves;
use rules::product_access::Shortfall;
use sha2::{Digest, Sha256};
use store::{AddOnHolder, AddOnTally, ReadTx, StoreError, WriteTx};

use super::bulk::{self, Selection};
use super::changes::{self, Applied, Outlook, Request};
use super::{Caller, actor};

/// How many holders stand on a page.
const PAGE: u32 = 200;

/// What there is to know of add-ons.
#[derive(Debug)]
pub struct Overview {
    /// The counts, in catalog order.
    pub tallies: Vec<AddOnTally>,
    /// Since when nobody may start a product, because something is over-assigned (S49).
    pub blocked_since: Option<Moment>,
    /// The names of the ids.
    pub catalog: Arc<Catalog>,
}

/// The add-ons and extensions with their counts.
///
/// # Errors
/// The caller may see neither licenses nor members.
pub fn overview(tx: &ReadTx<'_>, caller: &Caller) -> Result<Overview, StoreError> {
    may_see(tx, caller)?;
    Ok(Overview { tallies: tx.add_on_tallies()?, blocked_since: tx.blocked_since()?, catalog: tx.catalog()? })
}

fn may_see(tx: &ReadTx<'_>, caller: &Caller) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    match account::see_licenses(&actor) {
        Ok(()) => Ok(()),
        Err(_) => Ok(account::see_members(&actor)?),
    }
}

/// One add-on, and a page of the members who hold it.
#[derive(Debug, Clone)]
pub struct Holders {
    /// Its counts.
    pub tally: AddOnTally,
    /// Those of the page, by user name.
    pub members: Vec<AddOnHolder>,
    /// Where the next page begins, if there may be one.
    pub next: Option<String>,
}

/// One add-on, with the members who hold it.
///
/// # Errors
/// The caller may not see members; there is no such add-on.
pub fn holders(tx: &ReadTx<'_>, caller: &Caller, id: &AddOnId, cursor: Option<&str>) -> Result<Holders, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    let tally = tx.add_on_tallies()?.into_iter().find(|one| one.add_on == *id);
    let tally = tally.ok_or_else(|| Failure::new(Code::NotFound, format!("There is no add-on `{id}`.")))?;
    let catalog = tx.catalog()?;
    let product = catalog.add_on(id).and_then(product_of);
    let cursor = cursor.map(str::to_lowercase);
    let members = tx.add_on_holders(id, product, (cursor.as_deref(), PAGE))?;
    let is_full = members.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = members.last().filter(|_| is_full).map(|last| last.member.username.to_lowercase());
    Ok(Holders { tally, members, next })
}

/// The product that an add-on opens or extends.
fn product_of(add_on: &AddOn) -> Option<&entitlement::ProductId> {
    add_on.product.as_ref().or(add_on.requires.as_ref())
}

/// What is over-assigned, and whom it would be taken from: those first who have not used the product for the longest time.
#[derive(Debug, Clone)]
pub struct Repair {
    /// What is over-assigned.
    pub shortfall: Shortfall,
    /// As many holders as are too many.
    pub from: Vec<AddOnHolder>,
}

/// The list of what to unassign so that everybody may work again, and the one change set that does it (S48). Nothing is
/// unassigned before somebody confirms it.
///
/// # Errors
/// The caller may not see members.
pub fn repair(tx: &ReadTx<'_>, caller: &Caller) -> Result<(Vec<Repair>, ChangeSet), StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    let (facts, catalog) = (tx.facts()?, tx.catalog()?);
    let mut repairs = Vec::new();
    let mut operations: Vec<Operation> = Vec::new();
    for shortfall in rules::product_access::shortfalls(&catalog, facts.allotment(), facts.add_ons()) {
        let many = u32::try_from(shortfall.assigned.saturating_sub(shortfall.licensed)).unwrap_or(u32::MAX);
        let product = catalog.add_on(&shortfall.add_on).and_then(product_of);
        let from = tx.least_recent_holders(&shortfall.add_on, product, many)?;
        for holder in &from {
            let lost = [shortfall.add_on.clone()];
            match operations.iter_mut().find(|operation| operation.member == holder.member.id) {
                Some(operation) => operation.add_ons.unassign.extend(lost),
                None => {
                    let unassign: BTreeSet<AddOnId> = lost.into_iter().collect();
                    let moves = AddOnMoves { unassign, ..AddOnMoves::default() };
                    operations.push(Operation::add_ons(holder.member.id.clone(), moves));
                }
            }
        }
        repairs.push(Repair { shortfall, from });
    }
    with_what_depends(tx, &catalog, &mut operations)?;
    Ok((repairs, ChangeSet { operations, ..ChangeSet::default() }))
}

/// What the list of [`repair`] would do, and what stands for the members as they are.
///
/// # Errors
/// The caller may not see members, or may not unassign.
pub fn foresee_repair(tx: &ReadTx<'_>, caller: &Caller) -> Result<(Vec<Repair>, Outlook, String), StoreError> {
    let (repairs, set) = repair(tx, caller)?;
    account::manage_licenses(&actor(tx, caller)?)?;
    let seal = seal_of(tx, caller, &set)?;
    let outlook = changes::outlook(tx, caller, &Request { set, ..Request::default() })?;
    Ok((repairs, outlook, seal))
}

fn seal_of(tx: &ReadTx<'_>, caller: &Caller, set: &ChangeSet) -> Result<String, StoreError> {
    let ids = set.operations.iter().map(|one| one.member.clone()).collect();
    let members = bulk::seal(&bulk::chosen(tx, caller, &Selection::Ids(ids))?);
    // The members may be the same while another add-on is over-assigned: what they lose counts as well.
    let lost = set
        .operations
        .iter()
        .flat_map(|one| one.add_ons.unassign.iter().map(move |id| format!("{} {id}\n", one.member.as_str())));
    let hash = lost.fold(Sha256::new().chain_update(members), |hash, line| hash.chain_update(line));
    Ok(store::hexadecimal(&hash.finalize()))
}

/// Unassigns exactly what was shown, in one change set (S48).
///
/// # Errors
/// `stale` when the list is another one by now; as [`changes::apply`].
pub fn apply_repair(tx: &WriteTx<'_>, caller: &Caller, (shown, reason): (&str, String)) -> Result<Applied, StoreError> {
    let (_, set) = repair(tx, caller)?;
    if set.operations.is_empty() || seal_of(tx, caller, &set)? != shown {
        return Err(Failure::plain(Code::Stale).into());
    }
    changes::apply(tx, caller, &Request { set, reason, ..Request::default() })
}

/// Who loses a product loses its extensions with it, or the change could not be made (A-ADD-5).
fn with_what_depends(tx: &ReadTx<'_>, catalog: &Catalog, operations: &mut [Operation]) -> Result<(), StoreError> {
    for operation in operations {
        let Some(member) = tx.member(&operation.member)? else { continue };
        let held = tx.add_ons_of(&operation.member)?;
        let left: BTreeSet<AddOnId> = held.difference(&operation.add_ons.unassign).cloned().collect();
        let holding = rules::product_access::Holding { user_type: &member.user_type, add_ons: &left };
        operation.add_ons.unassign.extend(rules::product_access::dependents(catalog, holding));
        operation.release_checkouts = true;
    }
    Ok(())
}
