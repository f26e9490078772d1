//! Products: who may use which, at which level, and what keeps everybody out (S37 to S53).
//!
//! A product comes with a user type, or with an add-on licence that is assigned. While any add-on or extension has more
//! assigned than licensed, nobody starts a session of any product or takes one offline, administrators and those whose
//! user type includes the product too (S49, A-ADD-1).

use std::collections::{BTreeMap, BTreeSet};

use catalog::{AddOn, AddOnKind, Catalog};
use entitlement::{AddOnId, Allotment, Entitlement, Moment, ProductId, UserTypeId};

use crate::Refusal;
use crate::refusal::ProductRefusal;

/// What a member holds that products depend on.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'h> {
    /// The user type.
    pub user_type: &'h UserTypeId,
    /// The add-ons and extensions that are assigned.
    pub add_ons: &'h BTreeSet<AddOnId>,
}

/// How a member comes to a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It comes with the user type; it is never assigned and never counted (S41, A-ADD-7).
    Included,
    /// By an add-on licence (S42).
    AddOn(AddOnId),
}

/// What a member may use of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Which product.
    pub product: ProductId,
    /// At which level, where it has levels.
    pub level: Option<String>,
    /// By what.
    pub source: Source,
    /// The extensions of this product that are assigned.
    pub extensions: BTreeSet<AddOnId>,
}

/// An add-on or extension of which more is assigned than licensed (S46).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// Which.
    pub add_on: AddOnId,
    /// Assigned to members.
    pub assigned: u64,
    /// Licensed at this moment.
    pub licensed: u64,
}

/// What a member may use of a product, whatever is over-assigned; nothing where the member has no licence for it.
#[must_use]
pub fn access(catalog: &Catalog, holding: Holding<'_>, product: &ProductId) -> Option<Access> {
    let included = catalog.user_type(holding.user_type).and_then(|user_type| {
        let found = user_type.includes.iter().find(|included| included.product == *product);
        found.map(|included| (included.level.clone(), Source::Included))
    });
    let assigned = || {
        let held = held(catalog, holding);
        let add_on = held.into_iter().find(|add_on| add_on.product.as_ref() == Some(product))?;
        Some((add_on.level.clone(), Source::AddOn(add_on.id.clone())))
    };
    let (level, source) = included.or_else(assigned)?;
    let extends = |add_on: &&AddOn| add_on.kind == AddOnKind::Extension && add_on.requires.as_ref() == Some(product);
    let extensions = held(catalog, holding).into_iter().filter(extends).map(|add_on| add_on.id.clone()).collect();
    Some(Access { product: product.clone(), level, source, extensions })
}

/// The add-ons that the member holds and the user type admits.
fn held<'c>(catalog: &'c Catalog, holding: Holding<'_>) -> Vec<&'c AddOn> {
    let known = holding.add_ons.iter().filter_map(|id| catalog.add_on(id));
    known.filter(|add_on| add_on.user_types.contains(holding.user_type)).collect()
}

/// The add-ons and extensions of which more is assigned than licensed, in catalog order, those that the catalog does not
/// know at the end (S46, S47, A-ADD-3).
#[must_use]
pub fn shortfalls(catalog: &Catalog, allotment: &Allotment, assigned: &BTreeMap<AddOnId, u64>) -> Vec<Shortfall> {
    let place = |id: &AddOnId| catalog.add_ons().iter().position(|known| known.id == *id);
    let mut short: Vec<Shortfall> = assigned
        .iter()
        .map(|(id, assigned)| Shortfall { add_on: id.clone(), assigned: *assigned, licensed: allotment.add_on(id) })
        .filter(|one| one.assigned > one.licensed)
        .collect();
    short.sort_by_key(|one| place(&one.add_on).unwrap_or(usize::MAX));
    short
}

/// What the organization has, as far as products depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// What products and add-ons mean.
    pub catalog: &'g Catalog,
    /// What is licensed at this moment.
    pub allotment: &'g Allotment,
    /// How many of each add-on are assigned.
    pub assigned: &'g BTreeMap<AddOnId, u64>,
}

/// Whether the member may start to use the product now, by a session or offline.
///
/// # Errors
/// There is no such product; something is over-assigned, and so nobody may (S49); the member has no licence for it, or the
/// user type by which it comes is not licensed at this moment.
pub fn may_start(ground: Ground<'_>, holding: Holding<'_>, product: &ProductId) -> Result<Access, Refusal> {
    let Ground { catalog, allotment, assigned } = ground;
    if catalog.product(product).is_none() {
        let known = catalog.products().iter().map(|one| one.id.clone()).collect();
        return Err(ProductRefusal::UnknownProduct { asked: product.clone(), known }.into());
    }
    let shortfalls = shortfalls(catalog, allotment, assigned);
    if !shortfalls.is_empty() {
        return Err(ProductRefusal::OverAssigned { product: product.clone(), shortfalls }.into());
    }
    access_now(catalog, holding, (product, allotment)).ok_or_else(|| not_licensed(catalog, product).into())
}

/// What a member may use of a product at this moment: nothing where the user type that includes it is not licensed now.
/// Whether an add-on is over-assigned is asked for all at once.
#[must_use]
pub fn access_now(
    catalog: &Catalog,
    holding: Holding<'_>,
    (product, allotment): (&ProductId, &Allotment),
) -> Option<Access> {
    access(catalog, holding, product).filter(|found| match found.source {
        Source::Included => allotment.licensed(holding.user_type) > 0,
        Source::AddOn(_) => true,
    })
}

/// How many licences there are of a product at a level, by add-ons and by user types that include it.
#[must_use]
pub fn licences(catalog: &Catalog, allotment: &Allotment, (product, level): (&ProductId, Option<&str>)) -> u64 {
    let opens = |add_on: &&AddOn| add_on.product.as_ref() == Some(product) && add_on.level.as_deref() == level;
    let add_ons = catalog.add_ons().iter().filter(opens).map(|one| allotment.add_on(&one.id));
    let includes = |one: &&catalog::UserType| {
        one.includes.iter().any(|included| included.product == *product && included.level.as_deref() == level)
    };
    let user_types = catalog.user_types().iter().filter(includes).map(|one| allotment.licensed(&one.id));
    add_ons.chain(user_types).fold(0, u64::saturating_add)
}

/// When the first thing ends that the access depends on: the file, or a line in term of the user type or of an add-on that
/// it comes by (design: Product sessions 5).
#[must_use]
pub fn ends(file: &Entitlement, holding: Holding<'_>, access: &Access, now: Moment) -> Option<Moment> {
    let types = file.user_types().iter().filter(|line| line.id == *holding.user_type && line.counts_at(now));
    let is_needed = |id: &AddOnId| access.source == Source::AddOn(id.clone()) || access.extensions.contains(id);
    let add_ons = file.add_ons().iter().filter(|line| is_needed(&line.id) && line.counts_at(now));
    types.filter_map(|line| line.until).chain(add_ons.filter_map(|line| line.until)).chain(file.until()).min()
}

/// The add-ons held whose product the member has not, and which go with it (A-ADD-5).
#[must_use]
pub fn dependents(catalog: &Catalog, holding: Holding<'_>) -> BTreeSet<AddOnId> {
    let lacks = |id: &&AddOnId| {
        let requires = catalog.add_on(id).and_then(|add_on| add_on.requires.as_ref());
        requires.is_some_and(|product| access(catalog, holding, product).is_none())
    };
    holding.add_ons.iter().filter(lacks).cloned().collect()
}

/// The refusal, with the user types that include the product or can hold an add-on for it.
fn not_licensed(catalog: &Catalog, product: &ProductId) -> ProductRefusal {
    let including = catalog.user_types().iter().filter(|one| one.includes(product)).map(|one| one.id.clone());
    let opening = catalog.add_ons().iter().filter(|one| one.product.as_ref() == Some(product));
    ProductRefusal::NotLicensed {
        product: product.clone(),
        user_types: including.collect(),
        add_ons: opening.map(|one| one.id.clone()).collect(),
    }
}

#[cfg(test)]
mod tests;
