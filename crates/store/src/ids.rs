//! New ids and references: where the store takes random bits.

use entitlement::Moment;
use rules::{ChangeId, InvitationId, MemberId};

use crate::StoreError;

/// Random bits at the end of an ordered id.
const RANDOM_BITS: u32 = 56;

/// Bits of the version before them; the seconds stand in front, in what is left.
const VERSION_BITS: u32 = 32;

/// A new member's id.
pub(crate) fn member(now: Moment, version: u64) -> Result<MemberId, StoreError> {
    Ok(MemberId::from_bits(ordered(now, version)?))
}

/// A new change set's id.
pub(crate) fn change(now: Moment, version: u64) -> Result<ChangeId, StoreError> {
    Ok(ChangeId::from_bits(ordered(now, version)?))
}

/// A new invitation's id.
pub(crate) fn invitation(now: Moment, version: u64) -> Result<InvitationId, StoreError> {
    Ok(InvitationId::from_bits(ordered(now, version)?))
}

/// A new preview's id: the spelling of the others with a prefix of its own, and nothing in it but chance, because who
/// holds it may import.
pub(crate) fn preview() -> Result<String, StoreError> {
    let id = MemberId::from_bits(u128::from_be_bytes(random()?));
    Ok(id.as_str().replacen("mem_", "lic_", 1))
}

/// A new product session's id, with nothing in it but chance: who knows it may renew and end the session.
pub(crate) fn product_session() -> Result<String, StoreError> {
    let id = MemberId::from_bits(u128::from_be_bytes(random()?));
    Ok(id.as_str().replacen("mem_", "ses_", 1))
}

/// A new checkout's id, which its lease names.
pub(crate) fn checkout() -> Result<String, StoreError> {
    let id = MemberId::from_bits(u128::from_be_bytes(random()?));
    Ok(id.as_str().replacen("mem_", "out_", 1))
}

/// A reference that joins an answer to a line of the log.
pub(crate) fn reference() -> String {
    let bytes: [u8; 8] = random().unwrap_or_default();
    crate::text::hexadecimal(&bytes)
}

/// Seconds first, then the organization's version, then chance: new rows land at the end of the index, where the last
/// ones of the same commit are, so that a commit writes few pages.
fn ordered(now: Moment, version: u64) -> Result<u128, StoreError> {
    let seconds = u128::try_from(now.unix()).unwrap_or(0);
    let version = u128::from(version) & ((1 << VERSION_BITS) - 1);
    let chance = u128::from_be_bytes(random()?) & ((1 << RANDOM_BITS) - 1);
    Ok((seconds << (VERSION_BITS + RANDOM_BITS)) | (version << RANDOM_BITS) | chance)
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(StoreError::internal)?;
    Ok(bytes)
}
