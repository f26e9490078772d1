//! What was issued: one file per contract, written under a lock and synced before a license file appears.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use entitlement::{ContractId, Identity, KeyId, LicenseId, Moment};
use errors::{Code, Failure};
use serde::{Deserialize, Serialize};

/// The ledger of a workspace, held alone: whoever else issues waits.
pub(crate) struct Ledger {
    folder: PathBuf,
    _lock: File,
}

/// One contract's line of files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    schema: u32,
    contract: ContractId,
    last_sequence: u32,
    last_identity: Option<Identity>,
    issued: Vec<Entry>,
}

/// One file that was issued.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Its sequence.
    pub(crate) sequence: u32,
    /// Its identity.
    pub(crate) identity: Identity,
    /// Its number.
    pub(crate) license: LicenseId,
    /// The vendor's own reference of the order.
    pub(crate) order: Option<String>,
    /// When it was issued, as people read it.
    pub(crate) issued_at: String,
    /// The key that signed it.
    pub(crate) key: KeyId,
    /// The portal that it is bound to; nothing: issued unbound, on request.
    pub(crate) portal: Option<KeyId>,
}

impl Ledger {
    /// Waits until nobody else holds the ledger of this workspace, and holds it.
    pub(crate) fn lock(workspace: &Path) -> Result<Self, Failure> {
        let folder = workspace.join("ledger");
        fs::create_dir_all(&folder).map_err(|error| files::unwritable(&folder, &error))?;
        let path = folder.join(".lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock =
            lock.and_then(|lock| lock.lock().map(|()| lock)).map_err(|error| files::unwritable(&path, &error))?;
        Ok(Self { folder, _lock: lock })
    }

    /// The record of a contract; a new one where nothing was issued yet.
    pub(crate) fn record(&self, contract: &ContractId) -> Result<Record, Failure> {
        match read_record(&self.path(contract)) {
            Ok(record) if record.contract == *contract => Ok(record),
            Ok(record) => Err(damaged(&self.path(contract), &format!("it is of the contract `{}`", record.contract))),
            Err(failure) if failure.code == Code::FileNotFound => Ok(Record {
                schema: 1,
                contract: contract.clone(),
                last_sequence: 0,
                last_identity: None,
                issued: Vec::new(),
            }),
            Err(failure) => Err(failure),
        }
    }

    /// The records of all contracts, in the order of their names.
    pub(crate) fn records(&self) -> Result<Vec<Record>, Failure> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|error| files::unwritable(&self.folder, &error))? {
            paths.push(entry.map_err(|error| files::unwritable(&self.folder, &error))?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        paths.iter().map(|path| read_record(path)).collect()
    }

    /// The next number of a license in a year: one more than the highest of all contracts.
    pub(crate) fn next_license(&self, year: &str) -> Result<LicenseId, Failure> {
        let prefix = format!("SW-{year}-");
        let records = self.records()?;
        let numbers = records.iter().flat_map(Record::issued).filter_map(|entry| {
            entry.license.as_str().strip_prefix(&prefix).and_then(|number| number.parse::<u32>().ok())
        });
        let next = numbers.fold(0, u32::max).checked_add(1).ok_or_else(|| {
            Failure::new(Code::LedgerDamaged, format!("The year {year} has no number of a license left."))
        })?;
        LicenseId::parse(&format!("{prefix}{next:06}"))
            .map_err(|error| Failure::new(Code::Internal, format!("The number of the license: {error}.")))
    }

    /// Adds what is about to be issued, safe on the disk when this returns.
    pub(crate) fn enter(&self, mut record: Record, entry: Entry) -> Result<(), Failure> {
        record.last_sequence = entry.sequence;
        record.last_identity = Some(entry.identity);
        record.issued.push(entry);
        let text = serde_json::to_string_pretty(&record)
            .map_err(|error| Failure::new(Code::Internal, format!("The ledger cannot be written: {error}.")))?;
        files::replace(&self.path(&record.contract), (text + "\n").as_bytes())
    }

    fn path(&self, contract: &ContractId) -> PathBuf {
        self.folder.join(format!("{contract}.json"))
    }
}

impl Entry {
    /// When it was issued.
    pub(crate) fn moment(&self) -> Result<Moment, Failure> {
        Moment::parse(&self.issued_at).map_err(|error| {
            let detail = format!("The ledger cannot be used: `issued_at` of {}: {error}.", self.license);
            Failure::new(Code::LedgerDamaged, detail)
        })
    }
}

impl Record {
    /// The contract.
    pub(crate) fn contract(&self) -> &ContractId {
        &self.contract
    }

    /// The files, in the order of their sequence.
    pub(crate) fn issued(&self) -> &[Entry] {
        &self.issued
    }

    /// The sequence of the last file; 0 where there is none.
    pub(crate) fn last_sequence(&self) -> u32 {
        self.last_sequence
    }

    /// The sequence of the next file.
    pub(crate) fn next_sequence(&self) -> Result<u32, Failure> {
        self.last_sequence.checked_add(1).ok_or_else(|| {
            Failure::new(Code::LedgerDamaged, format!("The contract `{}` has no sequence left.", self.contract))
        })
    }

    /// The identity of the file before the next one.
    pub(crate) fn last_identity(&self) -> Option<Identity> {
        self.last_identity
    }
}

/// The largest ledger of one contract that is read: some hundred thousand files.
const LEDGER_LIMIT: u64 = 64 << 20;

fn read_record(path: &Path) -> Result<Record, Failure> {
    let metadata = fs::metadata(path).map_err(|error| missing_or_damaged(path, &error))?;
    if metadata.len() > LEDGER_LIMIT {
        return Err(damaged(path, &"it is too large"));
    }
    let bytes = fs::read(path).map_err(|error| missing_or_damaged(path, &error))?;
    let record: Record = serde_json::from_slice(&bytes).map_err(|error| damaged(path, &error))?;
    let last = record.issued.last();
    let sound = record.schema == 1
        && last.map_or(0, |entry| entry.sequence) == record.last_sequence
        && last.map(|entry| entry.identity) == record.last_identity
        && record.issued.is_sorted_by(|before, after| before.sequence < after.sequence);
    if sound { Ok(record) } else { Err(damaged(path, &"its last file is not the last of its list")) }
}

fn missing_or_damaged(path: &Path, error: &std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Failure::new(Code::FileNotFound, format!("There is no file `{}`.", path.display()));
    }
    damaged(path, error)
}

fn damaged(path: &Path, problem: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::LedgerDamaged, format!("The ledger `{}` cannot be used: {problem}.", path.display()))
}

#[cfg(test)]
mod tests {
    use errors::Code;

    use super::Ledger;

    #[test]
    fn no_number_of_a_license_is_given_twice_when_a_year_has_no_more() {
        let folder = std::env::temp_dir().join(format!("seatwarden-ledger-{}", std::process::id()));
        let ledger = Ledger::lock(&folder).unwrap();
        let last = r#"{"schema":1,"contract":"city","last_sequence":1,"last_identity":"IQk9zw0rXIdULw5ieXbYIRr3Jv_4J6Chy1YOfnveRKY",
            "issued":[{"sequence":1,"identity":"IQk9zw0rXIdULw5ieXbYIRr3Jv_4J6Chy1YOfnveRKY","license":"SW-2026-4294967295",
            "order":null,"issued_at":"2026-12-01T00:00:00Z","key":"demo","portal":null}]}"#;
        std::fs::write(folder.join("ledger/city.json"), last).unwrap();
        assert_eq!(ledger.next_license("2026").map_err(|failure| failure.code), Err(Code::LedgerDamaged));
        assert_eq!(ledger.next_license("2027").unwrap().as_str(), "SW-2027-000001");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
