//! The activation request: a portal shows its public key and proves that it has the secret one.

use crate::key::BareJwk;
use crate::payload::{Unsound, check_schema, self_named};
use crate::strict::object;
use crate::{KeyId, Moment, PublicKey};

object! {
    /// The payload as it is written.
    pub(crate) struct RequestPayload {
        required schema: u32,
        required portal: KeyId,
        required iat: Moment,
        required jwk: BareJwk,
    }
}

/// An opened activation request. Only [`open_activation_request`](crate::open_activation_request) makes one.
///
/// It proves that its maker has the secret key, and nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivationRequest {
    key: PublicKey,
    issued_at: Moment,
}

impl ActivationRequest {
    pub(crate) fn new(key: PublicKey, issued_at: Moment) -> Self {
        Self { key, issued_at }
    }

    /// The portal: the thumbprint of its key, and the later `aud`.
    #[must_use]
    pub fn portal(&self) -> &KeyId {
        self.key.kid()
    }

    /// The portal's public key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// When it was made.
    #[must_use]
    pub fn issued_at(&self) -> Moment {
        self.issued_at
    }
}

impl RequestPayload {
    pub(crate) fn of(request: &ActivationRequest) -> Self {
        Self { schema: 1, portal: request.portal().clone(), iat: request.issued_at, jwk: BareJwk::of(&request.key) }
    }

    pub(crate) fn into_request(self) -> Result<ActivationRequest, Unsound> {
        check_schema(self.schema)?;
        let key = self_named(&self.portal, &self.jwk, "portal")?;
        Ok(ActivationRequest { key, issued_at: self.iat })
    }
}
