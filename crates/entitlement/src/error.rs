//! Why a file does not open, with the values that disagreed.

use std::fmt;

use crate::{CatalogDigest, CatalogId, ContractId, Identity, KeyId, Kind, Moment};

/// Why a signed file was refused: one variant per step of opening, in the order of the steps.
///
/// That a good file has ended or not begun is none of these: it is a state of the opened file
/// ([`TermState`](crate::TermState)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// More bytes than a signed file may have.
    TooLarge {
        /// The bytes of the file.
        size: usize,
        /// The most bytes allowed.
        limit: usize,
    },
    /// No content, or white space only.
    Empty,
    /// Not UTF-8.
    NotUtf8 {
        /// The first byte that is wrong, counted from 0.
        at: usize,
    },
    /// Not of the form of version 1.
    Malformed {
        /// The part: `file`, `about`, `protected`, `signature` or `payload`.
        place: &'static str,
        /// What is wrong there.
        problem: String,
    },
    /// A signed file, but of another kind.
    WrongKind {
        /// The kind wanted here.
        expected: Kind,
        /// The `typ` of the file.
        found: String,
    },
    /// The key that the file names is not one of those that may sign this kind.
    KeyUnknown {
        /// The key of the file.
        kid: KeyId,
        /// The keys that may.
        known: Vec<KeyId>,
    },
    /// A public key inside the file is one of the few under which signatures prove nothing.
    KeyWeak {
        /// The key.
        kid: KeyId,
    },
    /// The signature is not that of the named key over the received bytes.
    Signature {
        /// The key that the file names.
        kid: KeyId,
    },
    /// The signed part holds something that this version does not know.
    NeedsNewer {
        /// What it is.
        found: String,
    },
    /// Issued before its key counted.
    KeyNotYetValid {
        /// The key.
        kid: KeyId,
        /// When the file says it was issued.
        issued_at: Moment,
        /// From when the key counts.
        not_before: Moment,
    },
    /// Issued when its key counted no longer.
    KeyRetired {
        /// The key.
        kid: KeyId,
        /// When the file says it was issued.
        issued_at: Moment,
        /// From when the key counts no longer.
        retired_at: Moment,
    },
    /// The vendor has revoked the key.
    KeyRevoked {
        /// The key.
        kid: KeyId,
        /// When the file says it was issued; nothing where the kind does not say.
        issued_at: Option<Moment>,
        /// From when the key is revoked.
        revoked_from: Moment,
    },
    /// Issued more than a day after now.
    IssuedAhead {
        /// When the file says it was issued.
        issued_at: Moment,
        /// The time it was opened at.
        now: Moment,
    },
    /// To be opened only under a newer trust list.
    NeedsNewerTrust {
        /// The lowest version that the file asks for.
        needed: u32,
        /// The version at hand.
        found: u32,
    },
    /// The readable summary does not say what the signed part says.
    SummaryEdited {
        /// The member of the summary that differs.
        member: String,
        /// What it should say.
        signed: String,
        /// What it says.
        shown: String,
    },
    /// Bound to another portal.
    WrongPortal {
        /// The portal that the file is bound to.
        bound_to: KeyId,
        /// This portal; nothing where there is no portal.
        portal: Option<KeyId>,
    },
    /// Made for a catalog that is not at hand.
    CatalogMismatch {
        /// The name of the catalog that the file needs.
        id: CatalogId,
        /// Its identity.
        needed: CatalogDigest,
        /// The identities at hand.
        known: Vec<CatalogDigest>,
    },
    /// Of another contract than the installed file, without replacing it.
    OtherContract {
        /// The contract of the installed file.
        installed: ContractId,
        /// The contract of the file.
        found: ContractId,
    },
    /// Of a lower sequence than the highest ever installed.
    Older {
        /// The contract.
        contract: ContractId,
        /// The highest sequence installed.
        installed: u32,
        /// The sequence of the file.
        found: u32,
    },
    /// Of a sequence under which another file was installed.
    Reused {
        /// The contract.
        contract: ContractId,
        /// The sequence of both files.
        sequence: u32,
        /// The file that was installed.
        installed: Identity,
        /// The file at hand.
        found: Identity,
    },
    /// A trust list that is not newer than the installed one, and not the same.
    TrustListOlder {
        /// The version installed.
        installed: u32,
        /// The version of the file.
        found: u32,
    },
}

impl OpenError {
    /// The code of the error registry.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "license-too-large",
            Self::Empty => "license-empty",
            Self::NotUtf8 { .. } => "license-not-utf8",
            Self::Malformed { .. } => "license-malformed",
            Self::WrongKind { .. } => "license-wrong-kind",
            Self::KeyUnknown { .. } => "license-key-unknown",
            Self::KeyWeak { .. } => "license-key-weak",
            Self::Signature { .. } => "license-signature",
            Self::NeedsNewer { .. } => "license-needs-newer",
            Self::KeyNotYetValid { .. } => "license-key-not-yet-valid",
            Self::KeyRetired { .. } => "license-key-retired",
            Self::KeyRevoked { .. } => "license-key-revoked",
            Self::IssuedAhead { .. } => "license-issued-ahead",
            Self::NeedsNewerTrust { .. } => "license-needs-newer-trust",
            Self::SummaryEdited { .. } => "license-summary-edited",
            Self::WrongPortal { .. } => "license-wrong-portal",
            Self::CatalogMismatch { .. } => "license-catalog-mismatch",
            Self::OtherContract { .. } => "license-other-contract",
            Self::Older { .. } => "license-older",
            Self::Reused { .. } => "license-reused",
            Self::TrustListOlder { .. } => "trust-list-older",
        }
    }

    pub(crate) fn malformed(place: &'static str, problem: impl Into<String>) -> Self {
        Self::Malformed { place, problem: problem.into() }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { size, limit } => f.write_str(&too_large("has", *size, *limit)),
            Self::Empty => f.write_str("the file is empty"),
            Self::NotUtf8 { at } => write!(f, "the file is not UTF-8 text: byte {at} is not part of a character"),
            Self::Malformed { place, problem } => write!(f, "the file is not well-formed; {place}: {problem}"),
            Self::WrongKind { expected, found } => write_kinds(f, *expected, found),
            Self::KeyUnknown { kid, known } => {
                write!(f, "the file names the key `{kid}`, which may not sign it; keys that may: {}", list(known))
            }
            Self::KeyWeak { kid } => write!(f, "the public key `{kid}` is weak: signatures under it prove nothing"),
            Self::Signature { kid } => {
                write!(f, "the signed part is not what the key `{kid}` signed, or another key of that name signed it")
            }
            Self::NeedsNewer { found } => write!(f, "the file was made for a newer version of Seatwarden: {found}"),
            Self::KeyNotYetValid { kid, issued_at, not_before } => {
                write!(f, "issued at {issued_at}, before the key `{kid}` counted (from {not_before})")
            }
            Self::KeyRetired { kid, issued_at, retired_at } => {
                write!(f, "issued at {issued_at}, after the key `{kid}` was retired (at {retired_at})")
            }
            Self::KeyRevoked { kid, issued_at, revoked_from } => {
                write!(f, "the vendor revoked the key `{kid}` from {revoked_from}")?;
                issued_at.map_or(Ok(()), |issued_at| write!(f, "; the file says that it was issued at {issued_at}"))
            }
            Self::IssuedAhead { issued_at, now } => write!(f, "issued at {issued_at}, and now is {now}"),
            Self::NeedsNewerTrust { needed, found } => {
                write!(
                    f,
                    "the file needs version {needed} of the trust list or a later one; at hand is version {found}"
                )
            }
            Self::SummaryEdited { member, signed, shown } => {
                write!(f, "the summary was edited: `{member}` says {shown}, and the signed part says {signed}")
            }
            Self::WrongPortal { bound_to, portal } => write_portals(f, bound_to, portal.as_ref()),
            Self::CatalogMismatch { id, needed, known } => {
                write!(f, "the file needs the catalog `{id}` with identity {needed}; at hand: {}", list(known))
            }
            Self::OtherContract { installed, found } => {
                write!(f, "the file is of the contract `{found}` and does not replace the installed `{installed}`")
            }
            Self::Older { contract, installed, found } => {
                write!(f, "the file is sequence {found} of `{contract}`; sequence {installed} has been installed")
            }
            Self::Reused { contract, sequence, installed, found } => {
                write!(f, "sequence {sequence} of `{contract}` was installed as {installed}, and this file is {found}")
            }
            Self::TrustListOlder { installed, found } => {
                write!(f, "the trust list is version {found}, and another one of version {installed} is installed")
            }
        }
    }
}

fn write_kinds(f: &mut fmt::Formatter<'_>, expected: Kind, found: &str) -> fmt::Result {
    match Kind::from_typ(found) {
        Some(kind) => write!(f, "the file is of the kind `{kind}`; needed is the kind `{expected}`"),
        None => write!(f, "the file is of a kind not known here ({found:?}); needed is the kind `{expected}`"),
    }
}

fn write_portals(f: &mut fmt::Formatter<'_>, bound_to: &KeyId, portal: Option<&KeyId>) -> fmt::Result {
    match portal {
        Some(portal) => write!(f, "the file is bound to the portal {bound_to}, and this is the portal {portal}"),
        None => write!(f, "the file is bound to the portal {bound_to}, and this portal has no key yet"),
    }
}

fn too_large(verb: &str, size: usize, limit: usize) -> String {
    format!("the file {verb} {size} bytes; a signed file has at most {limit}")
}

impl std::error::Error for OpenError {}

/// Some things in one line.
fn list<T: fmt::Display>(things: &[T]) -> String {
    if things.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<String> = things.iter().map(ToString::to_string).collect();
    words.join(", ")
}

/// Why a file could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealError {
    /// Opening would refuse it: the draft contradicts itself.
    Invalid {
        /// What is wrong, with the member.
        problem: String,
    },
    /// The file would have more bytes than a signed file may have.
    TooLarge {
        /// The bytes it would have.
        size: usize,
        /// The most bytes allowed.
        limit: usize,
    },
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { problem } => write!(f, "the file cannot be made: {problem}"),
            Self::TooLarge { size, limit } => f.write_str(&too_large("would have", *size, *limit)),
        }
    }
}

impl std::error::Error for SealError {}
