//! The members that are there, as a table.

use std::collections::BTreeSet;

use store::{MemberFilter, ReadTx, StoreError};

use super::format::{BETWEEN, COLUMNS, STATE, finished, internal, safe};
use crate::actions::{Caller, actor, members};

/// The members of a filter as a table that [`Table::read`](super::Table::read) takes again, with two more columns for people.
///
/// # Errors
/// The caller may not see every account.
pub fn export(
    tx: &ReadTx<'_>,
    caller: &Caller,
    filter: &MemberFilter,
    part: &members::Page,
) -> Result<String, StoreError> {
    rules::account::see_members(&actor(tx, caller)?)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().chain(&[STATE, "last_signed_in_at"])).map_err(internal)?;
    let mut part = members::Page { cursor: None, limit: 500, ..part.clone() };
    loop {
        let page = members::list(tx, caller, filter, &part)?;
        for member in &page.items {
            let labels = tx.labels(&member.id)?;
            let joined =
                |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(&BETWEEN.to_string());
            let signed_in = member.last_signed_in_at.map(|at| at.to_string()).unwrap_or_default();
            let access = if member.vendor_access { "yes" } else { "no" };
            let cells = [
                safe(&member.username),
                safe(&member.full_name),
                safe(&member.email),
                member.user_type.to_string(),
                member.role.to_string(),
                safe(&joined(&labels.groups)),
                safe(&joined(&labels.categories)),
                access.to_owned(),
                member.state.as_str().to_owned(),
                signed_in,
            ];
            writer.write_record(&cells).map_err(internal)?;
        }
        part.cursor = page.next;
        if part.cursor.is_none() {
            return Ok(finished(writer)?);
        }
    }
}
