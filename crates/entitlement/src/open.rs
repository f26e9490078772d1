//! Opening: bytes and the time in, a verified value or the reason out. The order of the checks is that of docs/FORMAT.md.

use serde::Deserialize;

use crate::about::{self, CatalogAbout, EntitlementAbout, RequestAbout, TrustAbout, UsageAbout};
use crate::envelope::Envelope;
use crate::payload::{EntitlementPayload, Unsound};
use crate::request::RequestPayload;
use crate::strict::{self, Fault};
use crate::trust::TrustPayload;
use crate::usage::UsagePayload;
use crate::{
    ActivationRequest, Entitlement, KeyId, Kind, Moment, OpenError, Roots, SignedCatalog, TrustList, TrustedKey,
    UsageReport,
};

/// Why an entitlement is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It is new here. Nothing that a revoked key signed is taken, whatever it says of its age: a thief writes old dates.
    Importing,
    /// It was installed before. What a revoked key signed before its revocation stays in force.
    Installed,
}

/// Seconds that a file may be issued ahead of this machine's clock: one day.
const AHEAD: i64 = 86_400;

/// Opens a trust list under the roots.
///
/// That it has expired is no error ([`TrustList::is_expired`]), and its version is compared with the installed one by
/// [`TrustList::admit`].
///
/// # Errors
/// [`OpenError`], by the first step that fails.
pub fn open_trust_list(bytes: &[u8], roots: &Roots, now: Moment) -> Result<TrustList, OpenError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Trust)?;
    let root = roots.find(&envelope.kid).ok_or_else(|| OpenError::KeyUnknown {
        kid: envelope.kid.clone(),
        known: roots.iter().map(|root| root.kid().clone()).collect(),
    })?;
    envelope.verify(root)?;
    let payload: TrustPayload = read_payload(&envelope)?;
    let says = payload.into_draft().map_err(refused)?;
    check_ahead(says.iat, now)?;
    about::check(envelope.about, || TrustAbout::of(&says))?;
    let identity = envelope.identity();
    Ok(TrustList::new(says, envelope.kid, identity))
}

/// Opens an entitlement under a trust list: steps 1 to 7. The eighth is [`Entitlement::admit`].
///
/// That it has ended or not begun is no error ([`Entitlement::term_state`]).
///
/// # Errors
/// [`OpenError`], by the first step that fails; a bad signature wins over everything that the file says of itself.
pub fn open_entitlement(bytes: &[u8], trust: &TrustList, usage: Use, now: Moment) -> Result<Entitlement, OpenError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Entitlement)?;
    let signer = trust.find(&envelope.kid)?;
    envelope.verify(&signer.key)?;
    let payload: EntitlementPayload = read_payload(&envelope)?;
    let says = payload.into_draft().map_err(refused)?;
    check_key(signer, says.iat)?;
    let revoked_from = trust.revoked_keys().get(&envelope.kid).copied();
    check_revoked(&envelope.kid, revoked_from, usage, says.iat)?;
    check_ahead(says.iat, now)?;
    if trust.version() < says.min_trust {
        return Err(OpenError::NeedsNewerTrust { needed: says.min_trust, found: trust.version() });
    }
    about::check(envelope.about, || EntitlementAbout::of(&says))?;
    let identity = envelope.identity();
    Ok(Entitlement::new(says, envelope.kid, identity, revoked_from.is_some()))
}

/// Opens a catalog that is not compiled in. What the catalog says is for its own reader; an entitlement names it by its
/// digest, so that the time of its signature does not matter and only a revoked key is refused.
///
/// # Errors
/// [`OpenError`], by the first step that fails.
pub fn open_catalog(bytes: &[u8], trust: &TrustList) -> Result<SignedCatalog, OpenError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Catalog)?;
    envelope.verify(&trust.find(&envelope.kid)?.key)?;
    let catalog = SignedCatalog::new(envelope.payload()?, envelope.kid.clone());
    if let Some(revoked_from) = trust.revoked_keys().get(&envelope.kid).copied() {
        return Err(OpenError::KeyRevoked { kid: envelope.kid, issued_at: None, revoked_from });
    }
    about::check(envelope.about, || CatalogAbout::of(&catalog))?;
    Ok(catalog)
}

/// Opens an activation request with the key that it brings: it proves possession of the secret key and nothing more.
///
/// # Errors
/// [`OpenError`], by the first step that fails.
pub fn open_activation_request(bytes: &[u8], now: Moment) -> Result<ActivationRequest, OpenError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Portal)?;
    let payload: RequestPayload = read_payload(&envelope)?;
    let request = payload.into_request().map_err(refused)?;
    if envelope.kid != *request.portal() {
        return Err(OpenError::malformed("protected", "`kid` is not the portal that the payload names"));
    }
    envelope.verify(request.key())?;
    check_ahead(request.issued_at(), now)?;
    about::check(envelope.about, || RequestAbout::of(&request))?;
    Ok(request)
}

/// Opens a usage report with the key that it brings. Which portal a license was bound to stands in the vendor's ledger.
///
/// # Errors
/// [`OpenError`], by the first step that fails.
pub fn open_usage_report(bytes: &[u8], now: Moment) -> Result<UsageReport, OpenError> {
    let envelope = Envelope::parse(bytes)?.of_kind(Kind::Usage)?;
    let payload: UsagePayload = read_payload(&envelope)?;
    let (key, says) = payload.into_draft().map_err(refused)?;
    if envelope.kid != *key.kid() {
        return Err(OpenError::malformed("protected", "`kid` is not the portal that the payload names"));
    }
    envelope.verify(&key)?;
    check_ahead(says.iat, now)?;
    about::check(envelope.about, || UsageAbout::of(&key, &says))?;
    let identity = envelope.identity();
    Ok(UsageReport::new(key, says, identity))
}

/// The second half of step 6: the bytes of the payload, straight into its type.
pub(crate) fn read_payload<T: for<'de> Deserialize<'de>>(envelope: &Envelope<'_>) -> Result<T, OpenError> {
    let payload = envelope.payload()?;
    strict::read(&payload).map_err(|fault| match (fault, later_schema(&payload)) {
        (_, Some(schema)) => OpenError::NeedsNewer { found: format!("`schema` is {schema}") },
        (Fault::Unknown(found), None) => OpenError::NeedsNewer { found },
        (Fault::Broken(problem), None) => OpenError::malformed("payload", problem),
    })
}

/// The schema of a payload that could not be read, where it is a later one: then that is the reason.
fn later_schema(payload: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Probe {
        schema: u32,
    }
    let is_object = payload.trim_ascii_start().starts_with(b"{");
    let probe: Probe = serde_json::from_slice(payload).ok().filter(|_| is_object)?;
    Some(probe.schema).filter(|schema| *schema > 1)
}

pub(crate) fn refused(unsound: Unsound) -> OpenError {
    match unsound {
        Unsound::Contradiction(problem) => OpenError::malformed("payload", problem),
        Unsound::Weak(kid) => OpenError::KeyWeak { kid },
        Unsound::Schema(fault) => OpenError::NeedsNewer { found: fault.sentence() },
    }
}

/// The key must have counted when the file was issued.
fn check_key(signer: &TrustedKey, issued_at: Moment) -> Result<(), OpenError> {
    let kid = signer.key.kid().clone();
    if issued_at < signer.nbf {
        return Err(OpenError::KeyNotYetValid { kid, issued_at, not_before: signer.nbf });
    }
    if signer.exp <= issued_at {
        return Err(OpenError::KeyRetired { kid, issued_at, retired_at: signer.exp });
    }
    Ok(())
}

fn check_revoked(kid: &KeyId, from: Option<Moment>, usage: Use, issued_at: Moment) -> Result<(), OpenError> {
    let Some(revoked_from) = from else { return Ok(()) };
    match usage {
        Use::Installed if issued_at < revoked_from => Ok(()),
        Use::Installed | Use::Importing => {
            Err(OpenError::KeyRevoked { kid: kid.clone(), issued_at: Some(issued_at), revoked_from })
        }
    }
}

pub(crate) fn check_ahead(issued_at: Moment, now: Moment) -> Result<(), OpenError> {
    if issued_at > now.plus_seconds(AHEAD) { Err(OpenError::IssuedAhead { issued_at, now }) } else { Ok(()) }
}
