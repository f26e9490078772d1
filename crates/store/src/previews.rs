//! License files that wait for their confirmation.

use entitlement::Moment;

use crate::backend::values;
use crate::incoming::Files;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, ids, sql};

/// How long a preview waits: one day, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// Files as they were uploaded, for the same person to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The files. They are opened again when they are imported.
    pub files: Files,
    /// When they came.
    pub created_at: Moment,
}

impl ReadTx<'_> {
    /// The preview of that id, if this actor made it within the last day.
    ///
    /// # Errors
    /// What the database says.
    pub fn preview(&self, id: &str, actor: &str) -> Result<Option<Preview>, StoreError> {
        let oldest = self.now().plus_seconds(-KEPT);
        self.db().one(sql::PREVIEW, values![id, actor, oldest], |row| {
            let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_vec());
            let files = Files {
                entitlement: row.owned(0)?.into_bytes(),
                trust: bytes(row.text_or_absent(1)?),
                catalog: bytes(row.text_or_absent(2)?),
            };
            Ok(Preview { files, created_at: row.moment(3)? })
        })
    }
}

impl WriteTx<'_> {
    /// Keeps files for a day under a new id, for the actor named; older previews are forgotten. It changes nothing that
    /// counts, so the audit log does not grow.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_preview(&self, actor: &str, files: &Files) -> Result<String, StoreError> {
        self.whole(|| {
            let id = ids::preview()?;
            self.db().execute(sql::FORGET_PREVIEWS, values![self.now().plus_seconds(-KEPT)])?;
            let entitlement = text(&files.entitlement)?;
            let trust = files.trust.as_deref().map(text).transpose()?;
            let catalog = files.catalog.as_deref().map(text).transpose()?;
            self.db().execute(sql::SAVE_PREVIEW, values![&id, actor, entitlement, trust, catalog, self.now()])?;
            Ok(id)
        })
    }
}

/// Files that were opened before they are kept are UTF-8.
fn text(bytes: &[u8]) -> Result<&str, StoreError> {
    std::str::from_utf8(bytes).map_err(StoreError::internal)
}
