//! Reading the files of a desk, as its verbs read them: for programs that look at a desk without a verb, and for the
//! fuzzers that try what those files may hold.

use std::path::Path;

use entitlement::{ContractId, KeyId, LicenseId, Moment, Name, PublicKey, Roots, SecretKey};
use errors::{Code, Failure};

use crate::key_file;
use crate::ledger::Ledger;
use crate::workspace::{self, Purpose, Workspace};

/// The secret key in an encrypted PEM file.
///
/// # Errors
/// `key-invalid`, `passphrase-wrong`.
pub fn secret_key(pem: &str, kid: &KeyId, passphrase: &str) -> Result<SecretKey, Failure> {
    key_file::open(pem, kid, passphrase)
}

/// The vendor whose desk the folder is.
///
/// # Errors
/// `workspace-missing`.
pub fn vendor(folder: &Path) -> Result<Name, Failure> {
    Workspace::open(folder).map(|own| own.vendor().clone())
}

/// The public half of a key of the desk: of a root, or of a signing key.
///
/// # Errors
/// `workspace-missing`, `key-invalid`, `key-wrong-purpose`, and what the disk says.
pub fn public_key(folder: &Path, kid: &KeyId, is_root: bool) -> Result<PublicKey, Failure> {
    let purpose = if is_root { Purpose::Root } else { Purpose::Signing };
    Workspace::open(folder)?.key_for(kid, purpose)
}

/// The public halves of all roots of the desk.
///
/// # Errors
/// `key-invalid`, and what the disk says.
pub fn roots(folder: &Path) -> Result<Roots, Failure> {
    workspace::roots(folder)
}

/// From when to when a signing key may sign.
///
/// # Errors
/// `workspace-missing`, `key-invalid`.
pub fn validity(folder: &Path, kid: &KeyId) -> Result<(Moment, Moment), Failure> {
    let own = Workspace::open(folder)?;
    own.validity(kid).map(|validity| (validity.from, validity.until))
}

/// What the ledger says of one contract.
#[derive(Debug)]
pub struct LedgerPage {
    /// The page as it would be written.
    pub text: String,
    /// The sequence of the next file.
    pub next_sequence: Result<u32, Failure>,
    /// The number of the next license in a year.
    pub next_license: Result<LicenseId, Failure>,
}

/// The page of a contract in the ledger of the desk, which is locked meanwhile.
///
/// # Errors
/// `ledger-damaged`, and what the disk says.
pub fn ledger_page(folder: &Path, contract: &ContractId, year: &str) -> Result<LedgerPage, Failure> {
    let ledger = Ledger::lock(folder)?;
    let record = ledger.record(contract)?;
    let text = serde_json::to_string(&record).map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
    Ok(LedgerPage { text, next_sequence: record.next_sequence(), next_license: ledger.next_license(year) })
}
