//! The usage report for the vendor: the license in force, the counts, and what the portal says of itself.

use entitlement::{UsageDraft, UsedAddOn, UsedLicense, UsedSeats};
use rules::account;
use store::{ReadTx, StoreError};

use super::{Caller, actor};

/// What the portal reports at this moment. No name of a member is in it.
///
/// # Errors
/// The caller may not see licenses.
pub fn draft(tx: &ReadTx<'_>, caller: &Caller) -> Result<UsageDraft, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    let license = tx.license()?;
    let used = license.good().map(|installed| {
        let file = installed.entitlement();
        UsedLicense {
            license: file.license().clone(),
            contract: file.contract().clone(),
            sequence: file.sequence(),
            identity: *file.identity(),
            bound: file.portal().is_some(),
        }
    });
    let types = tx.headcounts()?.into_iter().filter(|one| one.licensed > 0 || one.seats.assigned > 0);
    let add_ons = tx.add_on_tallies()?.into_iter().filter(|one| one.licensed > 0 || one.assigned > 0);
    Ok(UsageDraft {
        iat: tx.now(),
        epoch: tx.epoch(),
        clock_accepted: tx.clock_accepted(),
        trust_version: license.good().map_or(0, |installed| installed.trust().version()),
        license: used,
        user_types: types
            .map(|one| UsedSeats { id: one.user_type, licensed: one.licensed, assigned: one.seats.assigned })
            .collect(),
        add_ons: add_ons
            .map(|one| UsedAddOn { id: one.add_on, licensed: one.licensed, assigned: one.assigned })
            .collect(),
    })
}
