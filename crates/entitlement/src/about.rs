//! The summary at the top of a file: made from the signed part, and compared with it when the file is opened.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::strict::{self, Map, object};
use crate::text::cut;
use crate::{
    ActivationRequest, AddOnId, CatalogDigest, EntitlementDraft, KeyId, Label, LeaseDraft, LeaseId, LeaseUse,
    LicenseId, Moment, Name, OpenError, ProductId, PublicKey, SignedCatalog, TrustListDraft, UsageDraft, UserTypeId,
};

/// An instant as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Instant(Moment);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.0.spelled()).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict::from_string(deserializer, "an instant", |text| Moment::parse(text).map(Self))
    }
}

object! {
    /// The summary of an entitlement of schema 1; frozen, or old files would no longer open.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct EntitlementAbout {
        required file: Cow<'static, str>,
        required license: LicenseId,
        required sequence: u32,
        required customer: Name,
        required from: Instant,
        optional until: Instant,
        required user_types: Map<UserTypeId, u64>,
        required add_ons: Map<AddOnId, u64>,
    }
}

const ENTITLEMENT: &str =
    "Seatwarden entitlement, version 1. Only the signed part counts; this summary is checked against it.";

impl EntitlementAbout {
    pub(crate) fn of(draft: &EntitlementDraft) -> Self {
        Self {
            file: ENTITLEMENT.into(),
            license: draft.jti.clone(),
            sequence: draft.sequence,
            customer: draft.customer.name.clone(),
            from: Instant(draft.nbf),
            until: draft.exp.map(Instant),
            user_types: sums(draft.user_types.iter().map(|line| (&line.id, line.count))),
            add_ons: sums(draft.add_ons.iter().map(|line| (&line.id, line.count))),
        }
    }
}

/// Per id the sum over all lines, terms left out.
fn sums<'a, K: Ord + Clone + 'a>(lines: impl Iterator<Item = (&'a K, u32)>) -> Map<K, u64> {
    let mut sums = BTreeMap::new();
    for (id, count) in lines {
        *sums.entry(id.clone()).or_insert(0) += u64::from(count);
    }
    Map(sums)
}

object! {
    /// The summary of a trust list.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct TrustAbout {
        required file: Cow<'static, str>,
        required version: u32,
        required issued: Instant,
        required expires: Instant,
        required keys: Vec<KeyId>,
        required revoked_keys: Vec<KeyId>,
    }
}

const TRUST: &str = "Seatwarden trust list. Only the signed part counts; this summary is checked against it.";

impl TrustAbout {
    pub(crate) fn of(draft: &TrustListDraft) -> Self {
        Self {
            file: TRUST.into(),
            version: draft.version,
            issued: Instant(draft.iat),
            expires: Instant(draft.expires),
            keys: draft.keys.iter().map(|trusted| trusted.key.kid().clone()).collect(),
            revoked_keys: draft.revoked_keys.keys().cloned().collect(),
        }
    }
}

object! {
    /// The summary of a catalog.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct CatalogAbout {
        required file: Cow<'static, str>,
        required sha256: CatalogDigest,
    }
}

const CATALOG: &str = "Seatwarden catalog. Only the signed part counts; this summary is checked against it.";

impl CatalogAbout {
    pub(crate) fn of(catalog: &SignedCatalog) -> Self {
        Self { file: CATALOG.into(), sha256: *catalog.digest() }
    }
}

object! {
    /// The summary of an activation request.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct RequestAbout {
        required file: Cow<'static, str>,
        required portal: KeyId,
        required issued: Instant,
    }
}

const REQUEST: &str =
    "Seatwarden activation request. Send it to your vendor; the signed part holds this portal's public key.";

impl RequestAbout {
    pub(crate) fn of(request: &ActivationRequest) -> Self {
        Self { file: REQUEST.into(), portal: request.portal().clone(), issued: Instant(request.issued_at()) }
    }
}

object! {
    /// The summary of a usage report of schema 1; frozen, or old files would no longer open.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct UsageAbout {
        required file: Cow<'static, str>,
        required portal: KeyId,
        required issued: Instant,
        required epoch: u64,
        optional license: LicenseId,
        optional sequence: u32,
    }
}

const USAGE: &str =
    "Seatwarden usage report, version 1. Only the signed part counts; this summary is checked against it.";

impl UsageAbout {
    pub(crate) fn of(key: &PublicKey, draft: &UsageDraft) -> Self {
        Self {
            file: USAGE.into(),
            portal: key.kid().clone(),
            issued: Instant(draft.iat),
            epoch: draft.epoch,
            license: draft.license.as_ref().map(|used| used.license.clone()),
            sequence: draft.license.as_ref().map(|used| used.sequence),
        }
    }
}

object! {
    /// The summary of a lease of schema 1; frozen, or old files would no longer open.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct LeaseAbout {
        required file: Cow<'static, str>,
        required lease: LeaseId,
        required r#use: LeaseUse,
        required member: Label,
        required product: ProductId,
        optional level: Label,
        required extensions: Vec<AddOnId>,
        required device: Name,
        required from: Instant,
        required until: Instant,
    }
}

const LEASE: &str = "Seatwarden lease, version 1. Only the signed part counts; this summary is checked against it.";

impl LeaseAbout {
    pub(crate) fn of(draft: &LeaseDraft) -> Self {
        Self {
            file: LEASE.into(),
            lease: draft.jti.clone(),
            r#use: draft.usage,
            member: draft.username.as_ref().unwrap_or(&draft.sub).clone(),
            product: draft.product.clone(),
            level: draft.level.clone(),
            extensions: draft.extensions.clone(),
            device: draft.device.name.clone(),
            from: Instant(draft.nbf),
            until: Instant(draft.exp),
        }
    }
}

/// Step 7 of opening: the summary of the file, where there is one, is the one that its payload gives.
pub(crate) fn check<A>(received: Option<&RawValue>, expected: impl FnOnce() -> A) -> Result<(), OpenError>
where
    A: DeserializeOwned + Serialize + PartialEq,
{
    let Some(received) = received else { return Ok(()) };
    let expected = expected();
    if is_as_sealed(received, &expected) {
        return Ok(());
    }
    strict::check_free_object(received.get()).map_err(|problem| OpenError::malformed("about", problem))?;
    match strict::read_text::<A>(received.get()) {
        Ok(shown) if shown == expected => Ok(()),
        Ok(_) | Err(_) => Err(difference(received, &expected)),
    }
}

/// A summary where it stands in a file.
#[derive(Serialize)]
struct InFile<'a, A> {
    about: &'a A,
}

/// Whether a summary is, letter for letter, as sealing writes it. It spares nearly every file the reading of its summary;
/// one that was laid out anew is read.
fn is_as_sealed<A: Serialize>(received: &RawValue, expected: &A) -> bool {
    let written = serde_json::to_string_pretty(&InFile { about: expected }).unwrap_or_default();
    let inner = written.strip_prefix("{\n  \"about\": ").and_then(|rest| rest.strip_suffix("\n}"));
    inner == Some(received.get())
}

/// The members of a summary as they are written.
type Members = Map<String, Box<RawValue>>;

/// Names the first member that differs, with both texts: the one that the signed summary cannot take over unchanged.
fn difference<A>(received: &RawValue, expected: &A) -> OpenError
where
    A: DeserializeOwned + Serialize + PartialEq,
{
    let members = |json: &[u8]| strict::read::<Members>(json).map(|members| members.0).unwrap_or_default();
    let shown = members(received.get().as_bytes());
    let signed = members(&serde_json::to_vec(expected).unwrap_or_default());
    let differs = |member: &&String| {
        let mut mixed = Map(signed.clone());
        match shown.get(*member) {
            Some(value) => mixed.0.insert((*member).clone(), value.clone()),
            None => mixed.0.remove(*member),
        };
        let json = serde_json::to_vec(&mixed).unwrap_or_default();
        strict::read::<A>(&json).ok().is_none_or(|read| read != *expected)
    };
    let member = signed.keys().chain(shown.keys()).find(differs).cloned().unwrap_or_default();
    let (signed, shown) = (line(signed.get(&member).map(AsRef::as_ref)), line(shown.get(&member).map(AsRef::as_ref)));
    OpenError::SummaryEdited { member: cut(&member), signed, shown }
}

/// A value of a summary on one line, as an error shows it.
fn line(value: Option<&RawValue>) -> String {
    let words = |value: &RawValue| value.get().split_whitespace().collect::<Vec<_>>().join(" ");
    value.map_or_else(|| "nothing".to_owned(), |value| cut(&words(value)))
}
