//! The license files that were installed here, newest first.

use entitlement::{ContractId, Identity, LicenseId, Moment};
use serde_json::Value;

use crate::StoreError;
use crate::row::Row;
use crate::sql;
use crate::tx::ReadTx;

/// One installed file, by the columns that were written when it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEntitlement {
    /// Which file; [`ReadTx::license_bytes`] has its bytes.
    pub identity: Identity,
    /// Of which contract.
    pub contract: ContractId,
    /// Its place in it.
    pub sequence: u32,
    /// The number for people.
    pub license: LicenseId,
    /// The vendor.
    pub issuer: String,
    /// The licensee's id.
    pub customer: String,
    /// When it came in force here.
    pub installed_at: Moment,
    /// By whom it was imported, as the audit log has it: whoever brought in a file that waited.
    pub imported_by: String,
    /// Whether it is in force now.
    pub is_current: bool,
}

impl ReadTx<'_> {
    /// Every file that was ever in force here, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn entitlement_history(&self) -> Result<Vec<PastEntitlement>, StoreError> {
        let current = self.ground.books.borrow().in_force().map(str::to_owned);
        self.db().many(sql::HISTORY, &[], |row| {
            Ok(PastEntitlement {
                is_current: current.as_deref() == Some(row.text(0)?),
                identity: row.parsed(0)?,
                contract: row.parsed(1)?,
                sequence: u32::try_from(row.count(2)?).map_err(StoreError::damaged)?,
                license: row.parsed(3)?,
                issuer: row.owned(4)?,
                customer: row.owned(5)?,
                installed_at: row.moment(6)?,
                imported_by: importer(row)?,
            })
        })
    }
}

/// Who stands in the row of the log that was written with the file. A file that waited came in force by itself; its row names
/// who had imported it.
fn importer(row: &Row<'_>) -> Result<String, StoreError> {
    let detail = row.text_or_absent(8)?.and_then(|detail| serde_json::from_str::<Value>(detail).ok());
    let named = detail.as_ref().and_then(|detail| detail.get("by")).and_then(Value::as_str);
    Ok(named.or(row.text_or_absent(7)?).unwrap_or_default().to_owned())
}
