//! Opening a lease under the entitlement that it was granted under. The order of the checks is that of docs/FORMAT.md.

use crate::about::{self, LeaseAbout};
use crate::envelope::Envelope;
use crate::lease::LeasePayload;
use crate::open::{check_ahead, read_payload, refused};
use crate::{Entitlement, Kind, Lease, LeaseError, LeaseUse, Moment};

/// Opens a lease: trust list under the roots, entitlement under the trust list, lease under the entitlement. The key is the
/// one that the vendor bound into the entitlement (`cnf`, RFC 7800, 3.2), so that the vendor's keys alone vouch for it.
/// `device` is the computer that asks; nothing where no computer does.
///
/// **A lease is opened with the very file that it was granted under**, which it names by identity. A renewal does not
/// touch it: the earlier entitlement is still a good file, and whoever keeps a lease keeps that file beside it, until the
/// lease ends within the earlier term. What the vendor takes back shows in the trust list
/// ([`Entitlement::revoked_by`]).
///
/// That it has ended or not begun is no error ([`Lease::term_state`]).
///
/// # Errors
/// [`LeaseError`], by the first step that fails; a bad signature wins over everything that the file says of itself.
pub fn open_lease(
    bytes: &[u8],
    entitlement: &Entitlement,
    now: Moment,
    device: Option<&str>,
) -> Result<Lease, LeaseError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Lease)?;
    let portal = entitlement.portal().ok_or_else(|| LeaseError::NotBound { license: entitlement.license().clone() })?;
    if envelope.kid != *portal.kid() {
        return Err(LeaseError::OtherPortal { expected: portal.kid().clone(), found: envelope.kid });
    }
    envelope.verify(portal)?;
    let payload: LeasePayload = read_payload(&envelope)?;
    let says = payload.into_draft(&envelope.kid).map_err(refused)?;
    check_ahead(says.iat, now)?;
    about::check(envelope.about, || LeaseAbout::of(&says))?;
    let identity = envelope.identity();
    let lease = Lease::new(says, envelope.kid, identity);
    check_granted(&lease, entitlement)?;
    match device {
        Some(device) if device != lease.device().id.as_str() => {
            Err(LeaseError::other_device(&lease.device().id, device))
        }
        Some(_) | None => Ok(lease),
    }
}

/// Step 8: the portal grants no more than the entitlement lets it.
fn check_granted(lease: &Lease, entitlement: &Entitlement) -> Result<(), LeaseError> {
    if lease.license() != entitlement.identity() {
        return Err(LeaseError::OtherLicense { expected: *entitlement.identity(), found: *lease.license() });
    }
    let policy = entitlement.policy();
    let most = match lease.usage() {
        LeaseUse::Session => i64::from(policy.session_minutes) * 60,
        LeaseUse::Offline if policy.offline => i64::from(policy.offline_days) * 86_400,
        LeaseUse::Offline => return Err(LeaseError::OfflineOff { license: entitlement.license().clone() }),
    };
    // From `iat`, which is never after `nbf`: a lease cannot be made longer by a late beginning.
    let found = lease.until().unix() - lease.issued_at().unix();
    if found > most {
        return Err(LeaseError::TooLong { usage: lease.usage(), most, found });
    }
    let (from, until) = (entitlement.from(), entitlement.until());
    if lease.from() < from || until.is_some_and(|until| lease.until() > until) {
        return Err(LeaseError::OutsideTerm { from: lease.from(), until: lease.until(), license: (from, until) });
    }
    Ok(())
}
