//! From a row of a table to a checked value. What does not parse was not written by this program: the data is damaged.

use std::str::FromStr;

use entitlement::{Moment, UserTypeId};
use rules::MemberState;
use rusqlite::types::ValueRef;

use crate::StoreError;
use crate::members::{Former, Member};
use crate::passwords::PasswordKind;

/// One row of an answer.
pub(crate) struct Row<'r>(pub(crate) &'r rusqlite::Row<'r>);

impl Row<'_> {
    pub(crate) fn text(&self, at: usize) -> Result<&str, StoreError> {
        match self.0.get_ref(at)? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(StoreError::damaged),
            ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(StoreError::damaged(format!("column {at} is not text")))
            }
        }
    }

    pub(crate) fn text_or_absent(&self, at: usize) -> Result<Option<&str>, StoreError> {
        if self.is_absent(at)? { Ok(None) } else { self.text(at).map(Some) }
    }

    pub(crate) fn owned(&self, at: usize) -> Result<String, StoreError> {
        self.text(at).map(str::to_owned)
    }

    pub(crate) fn integer(&self, at: usize) -> Result<i64, StoreError> {
        match self.0.get_ref(at)? {
            ValueRef::Integer(number) => Ok(number),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(StoreError::damaged(format!("column {at} is not a whole number")))
            }
        }
    }

    pub(crate) fn count(&self, at: usize) -> Result<u64, StoreError> {
        u64::try_from(self.integer(at)?).map_err(StoreError::damaged)
    }

    pub(crate) fn moment(&self, at: usize) -> Result<Moment, StoreError> {
        let seconds = self.integer(at)?;
        Moment::from_unix(seconds).ok_or_else(|| StoreError::damaged(format!("{seconds} is not an instant")))
    }

    pub(crate) fn moment_or_absent(&self, at: usize) -> Result<Option<Moment>, StoreError> {
        if self.is_absent(at)? { Ok(None) } else { self.moment(at).map(Some) }
    }

    pub(crate) fn parsed<T: FromStr>(&self, at: usize) -> Result<T, StoreError>
    where
        T::Err: std::fmt::Display,
    {
        self.text(at)?.parse().map_err(StoreError::damaged)
    }

    pub(crate) fn state(&self, at: usize) -> Result<MemberState, StoreError> {
        let text = self.text(at)?;
        MemberState::from_name(text).ok_or_else(|| StoreError::damaged(format!("`{text}` is not a state of a member")))
    }

    /// A list or an object that was written as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, at: usize) -> Result<T, StoreError> {
        serde_json::from_str(self.text(at)?).map_err(StoreError::damaged)
    }

    fn is_absent(&self, at: usize) -> Result<bool, StoreError> {
        Ok(self.0.get_ref(at)? == ValueRef::Null)
    }
}

/// The number of columns that [`member`] reads.
pub(crate) const MEMBER_COLUMNS: usize = 17;

/// Reads a member from the columns of `sql::member_columns`.
pub(crate) fn member(row: &Row<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.parsed(0)?,
        username: row.owned(1)?,
        full_name: row.owned(2)?,
        email: row.owned(3)?,
        user_type: row.parsed(4)?,
        role: row.parsed(5)?,
        state: row.state(6)?,
        former: former(row)?,
        password_kind: PasswordKind::parse(row.text(10)?)?,
        created_at: row.moment(11)?,
        changed_at: row.moment(12)?,
        last_signed_in_at: row.moment_or_absent(13)?,
        version: row.count(14)?,
        archived_at: row.moment_or_absent(15)?,
        vendor_access: row.count(16)? != 0,
    })
}

fn former(row: &Row<'_>) -> Result<Option<Former>, StoreError> {
    let Some(user_type) = row.text_or_absent(7)? else {
        return Ok(None);
    };
    Ok(Some(Former {
        user_type: UserTypeId::parse(user_type).map_err(StoreError::damaged)?,
        role: row.parsed(8)?,
        change: row.parsed(9)?,
    }))
}
