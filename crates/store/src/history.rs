//! The license files that were installed here, newest first.

use entitlement::{ContractId, Identity, LicenseId, Moment};

use crate::StoreError;
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
            })
        })
    }
}
