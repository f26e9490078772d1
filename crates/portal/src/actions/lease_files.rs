//! The files beside a lease: with them and the vendor's root alone a computer verifies it (docs/FORMAT.md, the walk).

use entitlement::{Entitlement, Identity, Lease, Use};
use errors::{Code, Failure};
use rules::product_access::{self, Holding};
use store::{ReadTx, StoreError, StoredCheckout};

use super::{Caller, actor};

/// What vouches for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseFiles {
    /// The entitlement that the lease was granted under, as it was received.
    pub license: String,
    /// The installed trust list, as it was received.
    pub trust: String,
}

/// The files beside the leases that were granted under an entitlement, the one in force or an earlier one: a lease is
/// opened with the very file that it was granted under.
///
/// They say how many licences the organization has, so they are for who may use a product, and for who sees licences.
///
/// # Errors
/// `privilege-missing`; `not-found` for a file that was never in force here.
pub fn of(tx: &ReadTx<'_>, caller: &Caller, license: &Identity) -> Result<LeaseFiles, StoreError> {
    let asking = actor(tx, caller)?;
    let seen = rules::account::see_licenses(&asking);
    if seen.is_err() && !uses_a_product(tx, caller)? {
        seen?;
    }
    let missing = || Failure::new(Code::NotFound, format!("No license file `{license}` was in force here."));
    let trust = tx.trust_list_bytes()?.ok_or_else(|| Failure::plain(Code::TrustListMissing))?;
    Ok(LeaseFiles { license: tx.license_bytes(license)?.ok_or_else(missing)?, trust })
}

fn uses_a_product(tx: &ReadTx<'_>, caller: &Caller) -> Result<bool, StoreError> {
    let Caller::Member(id) = caller else { return Ok(false) };
    let Some(member) = tx.member(id)? else { return Ok(false) };
    let (catalog, held) = (tx.catalog()?, tx.add_ons_of(id)?);
    let holding = Holding { user_type: &member.user_type, add_ons: &held };
    let may_use = |product: &catalog::Product| product_access::access(&catalog, holding, &product.id).is_some();
    Ok(catalog.products().iter().any(may_use))
}

/// The lease of a checkout, opened as its computer opens it: under the file that it was granted under, which may have
/// been renewed since.
///
/// # Errors
/// `lease-…`, `license-…` where the stored files do not open.
pub(super) fn opened(tx: &ReadTx<'_>, checkout: &StoredCheckout) -> Result<Lease, StoreError> {
    let license = granted_under(tx, checkout)?;
    Ok(entitlement::open_lease(checkout.lease.as_bytes(), &license, tx.now(), None).map_err(Failure::from)?)
}

fn granted_under(tx: &ReadTx<'_>, checkout: &StoredCheckout) -> Result<Entitlement, StoreError> {
    let damaged = || StoreError::damaged("a lease names no license file that was in force here");
    let says = says(&checkout.lease)?;
    let license = says.get("license").and_then(serde_json::Value::as_str).ok_or_else(damaged)?;
    let bytes = tx.license_bytes(&license.parse().map_err(StoreError::damaged)?)?.ok_or_else(damaged)?;
    let trust = tx.trust_list()?.ok_or_else(|| Failure::plain(Code::TrustListMissing))?;
    Ok(entitlement::open_entitlement(bytes.as_bytes(), &trust, Use::Installed, tx.now()).map_err(Failure::from)?)
}

/// What a stored lease says: the portal's own word, which needs no proof to itself.
fn says(lease: &str) -> Result<serde_json::Value, StoreError> {
    let says = entitlement::peek_kind(lease.as_bytes()).map_err(Failure::from)?.payload_text;
    serde_json::from_str(&says).map_err(StoreError::damaged)
}

/// The level that a stored lease names, where the product has levels.
pub(super) fn level(lease: &str) -> Result<Option<String>, StoreError> {
    Ok(says(lease)?.get("level").and_then(serde_json::Value::as_str).map(str::to_owned))
}
