//! The vendor's trust list: what is installed, and what another one would do.

use entitlement::TrustList;
use errors::Failure;
use rules::account;
use rules::import::{self, AddOnEffect, TypeEffect};
use store::{IncomingTrust, Installation, LicenseState, ReadTx, StoreError, WriteTx};

use super::{Caller, actor};

/// What a trust list would do to the file in force.
#[derive(Debug, Clone)]
pub struct TrustEffects {
    /// The list.
    pub list: TrustList,
    /// Whether it is installed already.
    pub is_installed: bool,
    /// Whether the vendor has revoked the license in force by it.
    pub revokes_license: bool,
    /// Whether the key that signed the file in force is revoked by it, and the file stays all the same.
    pub revokes_key: bool,
    /// Why the file in force does not count under it.
    pub refused: Option<Failure>,
    /// What it changes per user type.
    pub user_types: Vec<TypeEffect>,
    /// What it changes per add-on and extension.
    pub add_ons: Vec<AddOnEffect>,
    /// How many people it locks out: the number to confirm.
    pub locked_out: u64,
}

/// The installed trust list; nothing where there is none.
///
/// # Errors
/// The caller may not see licenses; the installed list does not open any more.
pub fn show(tx: &ReadTx<'_>, caller: &Caller) -> Result<Option<TrustList>, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    tx.trust_list()
}

/// Opens a list and says what it would do. Changes nothing.
///
/// # Errors
/// The caller may not manage licenses; the list is refused (`license-…`, `trust-list-older`).
pub fn preview(tx: &ReadTx<'_>, caller: &Caller, bytes: &[u8]) -> Result<TrustEffects, StoreError> {
    account::see_licenses(&actor(tx, caller)?)?;
    effects(tx, &tx.open_incoming_trust(bytes)?)
}

fn effects(tx: &ReadTx<'_>, incoming: &IncomingTrust<'_>) -> Result<TrustEffects, StoreError> {
    let (facts, gives) = (tx.facts()?, tx.gives_under(incoming));
    let user_types = import::effects(&facts, &gives);
    let under = incoming.license().good();
    Ok(TrustEffects {
        list: incoming.list().clone(),
        is_installed: incoming.is_installed(),
        revokes_license: under.is_some_and(|file| file.is_revoked()),
        revokes_key: under.is_some_and(|file| file.entitlement().key_revoked()),
        refused: match incoming.license() {
            LicenseState::Refused(failure) => Some(failure.clone()),
            LicenseState::Absent | LicenseState::Good(_) => None,
        },
        locked_out: user_types.iter().map(|one| one.locked_out).sum(),
        user_types,
        add_ons: import::add_on_effects(&facts, &gives),
    })
}

/// Puts a list in force. It is opened again in this transaction; a refused one changes nothing.
///
/// # Errors
/// As [`preview`]; what [`import::decide_trust`] refuses.
pub fn import(
    tx: &WriteTx<'_>,
    caller: &Caller,
    bytes: &[u8],
    confirmed: Option<u64>,
) -> Result<(TrustEffects, Installation), StoreError> {
    let actor = actor(tx, caller)?;
    account::see_licenses(&actor)?;
    let incoming = tx.open_incoming_trust(bytes)?;
    let shown = effects(tx, &incoming)?;
    if incoming.is_installed() {
        return Ok((shown, Installation::Unchanged));
    }
    let permit = import::decide_trust(&tx.facts()?, &actor, &tx.gives_under(&incoming), confirmed)?;
    let installation = tx.install_trust(permit, &actor, &incoming)?;
    Ok((shown, installation))
}
