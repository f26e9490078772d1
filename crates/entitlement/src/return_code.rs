//! The return code: a computer without a network gives its lease back, on one line that a person can carry.

use crate::envelope::{self, Envelope};
use crate::open::{read_payload, refused};
use crate::payload::{Unsound, check_schema};
use crate::strict::object;
use crate::{Kind, Label, Lease, LeaseError, LeaseId, Moment, OpenError, SealError, SecretKey};

object! {
    /// The payload as it is written.
    pub(crate) struct ReturnPayload {
        required schema: u32,
        required lease: LeaseId,
        required device: Label,
        required iat: Moment,
    }
}

/// An opened return code: the computer that a lease names has given that lease back.
///
/// Only [`open_return_code`] makes one. What it says of the time is what that computer's clock said, and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnCode {
    lease: LeaseId,
    device: Label,
    issued_at: Moment,
}

impl ReturnCode {
    /// The lease that was given back.
    #[must_use]
    pub fn lease(&self) -> &LeaseId {
        &self.lease
    }

    /// The computer that gave it back.
    #[must_use]
    pub fn device(&self) -> &Label {
        &self.device
    }

    /// When it says that it was made (`iat`).
    #[must_use]
    pub fn issued_at(&self) -> Moment {
        self.issued_at
    }
}

impl ReturnPayload {
    fn into_code(self) -> Result<ReturnCode, Unsound> {
        check_schema(self.schema)?;
        Ok(ReturnCode { lease: self.lease, device: self.device, issued_at: self.iat })
    }
}

/// Makes the return code of a lease, with the key of the computer that the lease names: a JWS in compact serialization
/// (RFC 7515, 7.1). From then on the computer must not use the lease.
///
/// # Errors
/// [`SealError::Invalid`] when the lease names no key, or another one, or the key is not named by its thumbprint
/// ([`SecretKey::self_named`]).
pub fn seal_return_code(lease: &Lease, device_key: &SecretKey, iat: Moment) -> Result<String, SealError> {
    let invalid = |problem: &str| SealError::Invalid { problem: problem.to_owned() };
    let own = lease.device().key.as_ref().ok_or_else(|| invalid("the lease names no key of its computer"))?;
    if device_key.public() != *own {
        return Err(invalid("the key is not that of the computer of the lease"));
    }
    let payload = ReturnPayload { schema: 1, lease: lease.id().clone(), device: lease.device().id.clone(), iat };
    envelope::write_compact(Kind::Return, device_key, &payload)
}

/// Opens a return code for the lease that it gives back: the key is the one that the lease names. White space around it
/// does not count.
///
/// # Errors
/// [`LeaseError`], by the first step that fails.
pub fn open_return_code(text: &str, lease: &Lease) -> Result<ReturnCode, LeaseError> {
    let envelope = Envelope::parse_compact(text)?.of_kind(Kind::Return)?;
    let device = lease.device();
    let key = device.key.as_ref().ok_or_else(|| LeaseError::NoDeviceKey { lease: lease.id().clone() })?;
    if envelope.kid != *key.kid() {
        return Err(OpenError::KeyUnknown { kid: envelope.kid, known: vec![key.kid().clone()] }.into());
    }
    envelope.verify(key)?;
    let payload: ReturnPayload = read_payload(&envelope)?;
    let code = payload.into_code().map_err(refused)?;
    if code.lease != *lease.id() {
        return Err(LeaseError::OtherLease { expected: lease.id().clone(), found: code.lease });
    }
    if code.device != device.id {
        return Err(LeaseError::other_device(&device.id, code.device.as_str()));
    }
    Ok(code)
}
