//! Sealing: what is to be said in, the text of a signed file out. Whatever is sealed opens.

use crate::about::{EntitlementAbout, RequestAbout, TrustAbout};
use crate::payload::{EntitlementPayload, Unsound};
use crate::request::RequestPayload;
use crate::trust::TrustPayload;
use crate::{ActivationRequest, EntitlementDraft, Kind, Moment, SealError, SecretKey, TrustListDraft, envelope};

/// Makes a trust list, signed by a root key.
///
/// # Errors
/// [`SealError`] when opening would refuse it.
pub fn seal_trust_list(draft: &TrustListDraft, root: &SecretKey) -> Result<String, SealError> {
    TrustPayload::of(draft).into_draft().map_err(invalid)?;
    envelope::write(Kind::Trust, root, &TrustPayload::of(draft), &TrustAbout::of(draft))
}

/// Makes an entitlement, signed by a vendor key.
///
/// # Errors
/// [`SealError`] when opening would refuse it under a trust list that holds the key.
pub fn seal_entitlement(draft: &EntitlementDraft, key: &SecretKey) -> Result<String, SealError> {
    EntitlementPayload::of(draft).into_draft().map_err(invalid)?;
    envelope::write(Kind::Entitlement, key, &EntitlementPayload::of(draft), &EntitlementAbout::of(draft))
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

fn invalid(unsound: Unsound) -> SealError {
    let problem = match unsound {
        Unsound::Contradiction(problem) => problem,
        Unsound::Weak(kid) => format!("the key `{kid}` is weak"),
        Unsound::Schema(fault) => fault.sentence(),
    };
    SealError::Invalid { problem }
}
