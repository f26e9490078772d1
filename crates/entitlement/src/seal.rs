//! Sealing: what is to be said in, the text of a signed file out. Whatever is sealed opens.

use crate::about::{CatalogAbout, EntitlementAbout, LeaseAbout, RequestAbout, TrustAbout, UsageAbout};
use crate::lease::LeasePayload;
use crate::payload::{EntitlementPayload, Unsound};
use crate::request::RequestPayload;
use crate::trust::TrustPayload;
use crate::usage::UsagePayload;
use crate::{
    ActivationRequest, EntitlementDraft, KeyId, Kind, LeaseDraft, Moment, PublicKey, SealError, SecretKey,
    SignedCatalog, TrustListDraft, UsageDraft, envelope,
};

/// Makes a trust list, signed by a root key.
///
/// # Errors
/// [`SealError`] when opening would refuse it.
pub fn seal_trust_list(draft: &TrustListDraft, root: &SecretKey) -> Result<String, SealError> {
    seal_trust_list_with(draft, root.kid(), |bytes| Ok(root.sign(bytes)))
}

/// Makes a trust list with a root key that never leaves its device: `sign` gives the Ed25519 signature over the bytes
/// that it is handed. That the signature is good shows when the list is opened.
///
/// # Errors
/// [`SealError`] as [`seal_trust_list`], before anything is signed; or that of `sign`.
pub fn seal_trust_list_with<E: From<SealError>>(
    draft: &TrustListDraft,
    root: &KeyId,
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
) -> Result<String, E> {
    TrustPayload::of(draft).into_draft().map_err(invalid)?;
    envelope::write_with(Kind::Trust, (root, sign), &TrustPayload::of(draft), &TrustAbout::of(draft))
}

/// Makes an entitlement, signed by a vendor key.
///
/// # Errors
/// [`SealError`] when opening would refuse it under a trust list that holds the key.
pub fn seal_entitlement(draft: &EntitlementDraft, key: &SecretKey) -> Result<String, SealError> {
    seal_entitlement_with(draft, key.kid(), |bytes| Ok(key.sign(bytes)))
}

/// Makes an entitlement with a vendor key that never leaves its device, as [`seal_trust_list_with`] makes a list.
///
/// # Errors
/// [`SealError`] as [`seal_entitlement`], before anything is signed; or that of `sign`.
pub fn seal_entitlement_with<E: From<SealError>>(
    draft: &EntitlementDraft,
    key: &KeyId,
    sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
) -> Result<String, E> {
    EntitlementPayload::of(draft).into_draft().map_err(invalid)?;
    envelope::write_with(Kind::Entitlement, (key, sign), &EntitlementPayload::of(draft), &EntitlementAbout::of(draft))
}

/// Signs the bytes of a catalog with a vendor key, as they are: they are the payload, and their digest is its identity.
/// Whether they are a sound catalog is for the reader of catalogs to say.
///
/// # Errors
/// [`SealError::TooLarge`] when the file would have more bytes than a signed file may have.
pub fn seal_catalog(bytes: &[u8], key: &SecretKey) -> Result<String, SealError> {
    let catalog = SignedCatalog::new(bytes.to_vec(), key.kid().clone());
    envelope::write_bytes(Kind::Catalog, key, bytes, &CatalogAbout::of(&catalog))
}

/// Makes the activation request of the portal with this key.
///
/// # Errors
/// [`SealError::Invalid`] when the key is not named by its thumbprint ([`SecretKey::self_named`]).
pub fn seal_activation_request(key: &SecretKey, iat: Moment) -> Result<String, SealError> {
    let request = ActivationRequest::new(key.public(), iat);
    RequestPayload::of(&request).into_request().map_err(invalid)?;
    envelope::write(Kind::Portal, key, &RequestPayload::of(&request), &RequestAbout::of(&request))
}

/// Makes a usage report, signed by the key of the portal that it is of.
///
/// # Errors
/// [`SealError`] when opening would refuse it; also when the key is not named by its thumbprint
/// ([`SecretKey::self_named`]).
pub fn seal_usage_report(draft: &UsageDraft, key: &SecretKey) -> Result<String, SealError> {
    let public = key.public();
    UsagePayload::of(draft, &public).into_draft().map_err(invalid)?;
    envelope::write(Kind::Usage, key, &UsagePayload::of(draft, &public), &UsageAbout::of(&public, draft))
}

/// Makes a lease, signed by the key of the portal that grants it. Whether the entitlement allows so much is asked when it
/// is opened.
///
/// # Errors
/// [`SealError`] when opening would refuse it under every entitlement; also when one of the keys, the portal's or the
/// computer's, is not named by its thumbprint ([`SecretKey::self_named`]).
pub fn seal_lease(draft: &LeaseDraft, portal_key: &SecretKey) -> Result<String, SealError> {
    let misnamed = |key: &PublicKey| *key.kid() != key.thumbprint();
    if misnamed(&portal_key.public()) || draft.device.key.as_ref().is_some_and(misnamed) {
        return Err(SealError::Invalid { problem: "a key is not named by its thumbprint".to_owned() });
    }
    LeasePayload::of(draft, portal_key.kid()).into_draft(portal_key.kid()).map_err(invalid)?;
    envelope::write(Kind::Lease, portal_key, &LeasePayload::of(draft, portal_key.kid()), &LeaseAbout::of(draft))
}

fn invalid(unsound: Unsound) -> SealError {
    let problem = match unsound {
        Unsound::Contradiction(problem) => problem,
        Unsound::Weak(kid) => format!("the key `{kid}` is weak"),
        Unsound::Schema(fault) => fault.sentence(),
    };
    SealError::Invalid { problem }
}
