//! The clock of the machine beside the time that counts, and the way back after it ran ahead.

use rules::account;
use rules::clock::{self, Times};
use store::{ReadTx, StoreError, WriteTx};

use super::{Caller, actor};

/// How the clock stands.
///
/// # Errors
/// The caller may not see licenses.
pub fn show(tx: &ReadTx<'_>, caller: &Caller) -> Result<(Times, u64), StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    Ok((tx.times(), tx.clock_accepted()))
}

/// Accepts the clock of the machine as it is. Answers how it stood, and whether something was changed.
///
/// # Errors
/// What [`clock::accept`] refuses.
pub fn accept(tx: &WriteTx<'_>, caller: &Caller) -> Result<(Times, bool), StoreError> {
    let (actor, times) = (actor(tx, caller)?, tx.times());
    let Some(permit) = clock::accept(&tx.facts()?, &actor, &times)? else {
        return Ok((times, false));
    };
    tx.accept_clock(permit, &actor)?;
    Ok((times, true))
}
