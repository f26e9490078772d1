//! Looking into a file without verifying it.

use crate::envelope::Envelope;
use crate::strict::check_free_object;
use crate::{Identity, KeyId, Kind, OpenError};

/// What a file shows of itself. **Nothing of it is verified**: anybody can write such a file. It serves a person who asks
/// what a file is, and no decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The kind that the file claims, where it is known.
    pub kind: Option<Kind>,
    /// The `typ` that the file claims.
    pub typ: String,
    /// The key that the file claims.
    pub kid: KeyId,
    /// The text of the payload.
    pub payload_text: String,
    /// The text of the summary.
    pub about: Option<String>,
    /// The identity that the file would have.
    pub identity: Identity,
}

/// Reads the outside of a file and the text of its payload, without verifying anything.
///
/// # Errors
/// [`OpenError`] of the steps before the signature, and when the payload is not text.
pub fn peek_kind(bytes: &[u8]) -> Result<Inspection, OpenError> {
    let envelope = Envelope::parse(bytes)?;
    let payload_text = String::from_utf8(envelope.payload()?)
        .map_err(|_| OpenError::malformed("payload", "the payload is not UTF-8 text"))?;
    if let Some(about) = &envelope.about {
        check_free_object(about.get()).map_err(|problem| OpenError::malformed("about", problem))?;
    }
    let identity = envelope.identity();
    Ok(Inspection {
        kind: Kind::from_typ(&envelope.typ),
        typ: envelope.typ,
        kid: envelope.kid,
        payload_text,
        about: envelope.about.map(|about| about.get().to_owned()),
        identity,
    })
}
