//! What is given when: by the file in force, and by the files that wait for their terms. Everything that looks ahead asks
//! here: the forecast, the notice of an end, the overview.

use std::collections::BTreeMap;

use entitlement::{Allotment, LicenseId, Moment};
use rules::account;
use rules::import::{self, AddOnEffect, TypeEffect};
use store::{Installed, LicenseState, ReadTx, StoreError};

use super::{Caller, actor};

/// How many instants are foreseen at most.
const MOST_FORESEEN: usize = 50;

/// A file that waits, and when it comes in force.
pub type Waiting = (Moment, Installed);

/// An instant at which something else may be given than before.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// When.
    pub(super) at: Moment,
    /// What is given until then.
    pub(super) before: Allotment,
    /// What is given from then on.
    pub(super) after: Allotment,
    /// The license of the waiting file that comes in force then.
    pub(super) begins: Option<LicenseId>,
}

impl Step {
    /// Whether another number is licensed then.
    pub(super) fn is_another(&self) -> bool {
        !same(self.before.user_types(), self.after.user_types()) || !same(self.before.add_ons(), self.after.add_ons())
    }
}

/// Whether both count the same; what is not named counts 0.
fn same<T: Ord>(one: &BTreeMap<T, u64>, other: &BTreeMap<T, u64>) -> bool {
    let counted = |all: &'_ BTreeMap<T, u64>| all.iter().filter(|(_, count)| **count > 0).count();
    counted(one) == counted(other)
        && one.iter().filter(|(_, count)| **count > 0).all(|(id, count)| other.get(id) == Some(count))
}

/// The coming instants, the next one first. A file that waits takes the place of the one before it, whatever that would
/// still have given.
pub(super) fn steps<'a>(
    license: &'a LicenseState,
    waiting: &'a [Waiting],
    now: Moment,
) -> impl Iterator<Item = Step> + 'a {
    let gives = move |at: Moment| match waiting.iter().rfind(|(from, _)| *from <= at) {
        Some((_, file)) => given_by(file, at),
        None => license.good().map_or_else(Allotment::none, |file| given_by(file, at)),
    };
    let (mut at, mut before) = (now, gives(now));
    std::iter::from_fn(move || {
        let takes_over = waiting.iter().map(|(from, _)| *from).find(|from| *from > at);
        let next = [before.next_change(), takes_over].into_iter().flatten().min()?;
        let after = gives(next);
        let file = waiting.iter().rfind(|(from, _)| *from == next);
        let begins = file.map(|(_, file)| file.entitlement().license().clone());
        at = next;
        Some(Step { at, before: std::mem::replace(&mut before, after.clone()), after, begins })
    })
}

/// What a file gives at an instant that lies ahead. The file keeps what it gives now at hand for every request, and that is
/// not disturbed.
fn given_by(file: &Installed, at: Moment) -> Allotment {
    if file.is_revoked() { Allotment::none() } else { file.entitlement().at(at) }
}

/// What changes at one coming instant, and what happens then.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// When.
    pub at: Moment,
    /// The license of the waiting file that comes in force then.
    pub begins: Option<LicenseId>,
    /// The user types of which another number is licensed then.
    pub user_types: Vec<TypeEffect>,
    /// The add-ons of which another number is licensed then.
    pub add_ons: Vec<AddOnEffect>,
    /// Whether nobody could start a product from then on.
    pub blocks_products: bool,
}

/// Every coming instant at which another number is licensed or a waiting file comes in force, and what happens then if
/// nothing else changes (design: Add-ons 4).
///
/// # Errors
/// The caller may not see licenses.
pub fn forecast(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<Foreseen>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    let (license, waiting, facts) = (tx.license()?, tx.waiting_licenses()?, tx.facts()?);
    let foreseen = steps(&license, &waiting, tx.now()).map(|step| {
        let Step { at, before, after, begins } = step;
        let mut user_types = import::effects_between(&facts, &before, &after);
        let mut add_ons = import::add_on_effects_between(&facts, &before, &after);
        let blocks_products = add_ons.iter().any(AddOnEffect::is_over);
        user_types.retain(TypeEffect::is_another);
        add_ons.retain(AddOnEffect::is_another);
        Foreseen { at, begins, user_types, add_ons, blocks_products }
    });
    let is_told = |one: &Foreseen| one.begins.is_some() || !one.user_types.is_empty() || !one.add_ons.is_empty();
    Ok(foreseen.filter(is_told).take(MOST_FORESEEN).collect())
}
