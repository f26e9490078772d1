//! The add-ons and extensions of one operation: what comes and goes, and whether the member can hold what is left
//! (S40 to S45, S50 to S53; A-ADD-4 to A-ADD-8).

use std::collections::BTreeSet;

use catalog::{AddOn, AddOnKind, Catalog, UserType};
use entitlement::{AddOnId, ProductId};

use super::{Act, Operation};
use crate::facts::Facts;
use crate::permit::AddOnMoves;
use crate::product_access::{Access, Holding, access};
use crate::refusal::{ProductRefusal, Rule};
use crate::{MemberRow, Refusal};

/// What an operation moves: what it names and is not so already. Who is archived or deleted loses everything.
pub(super) fn moves(catalog: &Catalog, row: &MemberRow, operation: &Operation) -> Result<AddOnMoves, Refusal> {
    if [Some(Act::Archive), Some(Act::ArchiveAgain), Some(Act::Delete)].contains(&operation.act) {
        return Ok(AddOnMoves { assign: BTreeSet::new(), unassign: row.add_ons.clone() });
    }
    let AddOnMoves { assign, unassign } = &operation.add_ons;
    // What is unassigned may be unknown by now; nobody is kept from letting it go.
    misfit(catalog, None, assign)?;
    Ok(AddOnMoves {
        assign: assign.difference(&row.add_ons).filter(|id| !unassign.contains(*id)).cloned().collect(),
        unassign: unassign.intersection(&row.add_ons).filter(|id| !assign.contains(*id)).cloned().collect(),
    })
}

/// What stands in the way of products in use, and is ended with the change.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// The products with a running session.
    pub(super) sessions: Vec<ProductId>,
    /// The products that are out on a computer, and released.
    pub(super) checkouts: BTreeSet<ProductId>,
}

/// The licences of one member, to be judged.
pub(super) struct Licences<'l> {
    pub(super) catalog: &'l Catalog,
    pub(super) row: &'l MemberRow,
    /// The user type afterwards; nothing for who has none then.
    pub(super) user_type: Option<&'l UserType>,
}

impl Licences<'_> {
    /// Whether the member can hold what is left after the moves, and what of the products in use that ends.
    pub(super) fn fit(&self, moves: &AddOnMoves, release: bool) -> Result<Losses, Refusal> {
        let kept = self.row.add_ons.difference(&moves.unassign).chain(&moves.assign).cloned();
        let after: BTreeSet<AddOnId> = kept.collect();
        if let Some(user_type) = self.user_type {
            let changes_type = user_type.id != self.row.user_type;
            if changes_type || !moves.is_empty() {
                self.each_fits(user_type, &after)?;
            }
        }
        self.losses(&after, release)
    }

    /// Every add-on that is left fits the user type and the others.
    fn each_fits(&self, user_type: &UserType, after: &BTreeSet<AddOnId>) -> Result<(), Refusal> {
        let known: Vec<&AddOn> = after.iter().filter_map(|id| self.catalog.add_on(id)).collect();
        for add_on in &known {
            if let Some(rule) = broken(self.catalog, (user_type, add_on), &known, after) {
                let (add_on, username) = (add_on.id.clone(), self.row.username.clone());
                return Err(ProductRefusal::Incompatible { add_on, username, rule }.into());
            }
        }
        Ok(())
    }

    /// The products in use that the member may not use any more, or at another level. An offline checkout of one stands in
    /// the way unless it is released (A-ADD-6).
    fn losses(&self, after: &BTreeSet<AddOnId>, release: bool) -> Result<Losses, Refusal> {
        let row = self.row;
        let before = Holding { user_type: &row.user_type, add_ons: &row.add_ons };
        let then = |product: &ProductId| {
            let user_type = self.user_type?;
            access(self.catalog, Holding { user_type: &user_type.id, add_ons: after }, product)
        };
        // A lease names level and extensions, so it is another one when they change.
        let is_lost = |product: &ProductId| {
            let named = |found: Option<Access>| found.map(|access| (access.level, access.extensions));
            named(access(self.catalog, before, product)) != named(then(product))
        };
        let lost = row.in_use.checkouts.iter().filter(|one| is_lost(&one.product));
        let mut checkouts = BTreeSet::new();
        for one in lost {
            if !release {
                let refused = ProductRefusal::CheckedOut {
                    username: row.username.clone(),
                    product: one.product.clone(),
                    device_name: one.device_name.clone(),
                    until: one.until,
                };
                return Err(refused.into());
            }
            checkouts.insert(one.product.clone());
        }
        let sessions = row.in_use.sessions.iter().filter(|product| then(product).is_none()).cloned().collect();
        Ok(Losses { sessions, checkouts })
    }
}

/// Why a member of that user type cannot hold the add-on beside what is held then, or nothing.
fn broken(
    catalog: &Catalog,
    (user_type, add_on): (&UserType, &AddOn),
    held: &[&AddOn],
    after: &BTreeSet<AddOnId>,
) -> Option<Rule> {
    if add_on.kind == AddOnKind::Organization {
        return Some(Rule::Organization);
    }
    if add_on.product.as_ref().is_some_and(|product| user_type.includes(product)) {
        return Some(Rule::Included { user_type: user_type.id.clone() });
    }
    if !add_on.user_types.contains(&user_type.id) {
        return Some(Rule::UserType { user_type: user_type.id.clone() });
    }
    let is_another = |other: &&&AddOn| other.id < add_on.id && other.product == add_on.product;
    if let Some(other) = held.iter().find(is_another).filter(|_| add_on.product.is_some()) {
        return Some(Rule::Another { add_on: other.id.clone() });
    }
    let holding = Holding { user_type: &user_type.id, add_ons: after };
    let missing = add_on.requires.as_ref().filter(|product| access(catalog, holding, product).is_none());
    missing.map(|product| Rule::Requires { product: product.clone() })
}

/// Those of the wanted add-ons that a new member of that user type can hold and of which one is free: what opens a product
/// before what extends it.
pub(crate) fn that_fit(facts: &Facts<'_>, user_type: &UserType, wanted: &BTreeSet<AddOnId>) -> BTreeSet<AddOnId> {
    let catalog = facts.catalog();
    let asked = || catalog.add_ons().iter().filter(|add_on| wanted.contains(&add_on.id));
    let (opening, extending) =
        (asked().filter(|one| one.requires.is_none()), asked().filter(|one| one.requires.is_some()));
    let mut given = BTreeSet::new();
    for add_on in opening.chain(extending) {
        let is_free = facts.assigned_add_on(&add_on.id) < facts.allotment().add_on(&add_on.id);
        let mut after = given.clone();
        after.insert(add_on.id.clone());
        let held: Vec<&AddOn> = after.iter().filter_map(|id| catalog.add_on(id)).collect();
        if is_free && held.iter().all(|one| broken(catalog, (user_type, one), &held, &after).is_none()) {
            given = after;
        }
    }
    given
}

/// The first of the add-ons that the catalog does not know, or that a member of that user type cannot hold with the others.
pub(crate) fn misfit(
    catalog: &Catalog,
    user_type: Option<&UserType>,
    add_ons: &BTreeSet<AddOnId>,
) -> Result<(), ProductRefusal> {
    if let Some(asked) = add_ons.iter().find(|id| catalog.add_on(id).is_none()) {
        let known = catalog.add_ons().iter().map(|one| one.id.clone()).collect();
        return Err(ProductRefusal::UnknownAddOn { asked: asked.clone(), known });
    }
    let held: Vec<&AddOn> = add_ons.iter().filter_map(|id| catalog.add_on(id)).collect();
    let Some(user_type) = user_type else { return Ok(()) };
    for add_on in &held {
        if let Some(rule) = broken(catalog, (user_type, add_on), &held, add_ons) {
            let username = "A new member".to_owned();
            return Err(ProductRefusal::Incompatible { add_on: add_on.id.clone(), username, rule });
        }
    }
    Ok(())
}
