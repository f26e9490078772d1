//! Passwords, as hashes that the portal makes and checks; the store keeps them and ends what they opened.

use std::fmt;

use errors::{Code, Failure};
use rules::{Actor, MemberId};
use serde_json::json;

use crate::audit::Action;
use crate::backend::values;
use crate::members::Member;
use crate::row::MEMBER_COLUMNS;
use crate::text::folded;
use crate::tokens::TokenHash;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, row, sql};

/// Who chose a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordKind {
    /// Given by an administrator or the command line; good for one thing: to set one's own.
    OneTime,
    /// The member's own.
    Own,
}

impl PasswordKind {
    /// The text of the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "one-time",
            Self::Own => "own",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "one-time" => Ok(Self::OneTime),
            "own" => Ok(Self::Own),
            other => Err(StoreError::damaged(format!("`{other}` is not a kind of password"))),
        }
    }
}

/// A hashed password. It is not shown, and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword {
    text: String,
    kind: PasswordKind,
}

impl StoredPassword {
    /// A hash in the portal's own spelling.
    #[must_use]
    pub fn new(text: String, kind: PasswordKind) -> Self {
        Self { text, kind }
    }

    /// The hash as stored.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who chose it.
    #[must_use]
    pub fn kind(&self) -> PasswordKind {
        self.kind
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredPassword({})", self.kind.as_str())
    }
}

impl ReadTx<'_> {
    /// A member with the hash to check a password against.
    ///
    /// # Errors
    /// What the database says.
    pub fn credentials(&self, username: &str) -> Result<Option<(Member, StoredPassword)>, StoreError> {
        self.db().one(sql::CREDENTIALS, values![&folded(username)], |row| {
            let member = row::member(row)?;
            let password = StoredPassword { text: row.owned(MEMBER_COLUMNS)?, kind: member.password_kind };
            Ok((member, password))
        })
    }
}

impl WriteTx<'_> {
    /// Sets a password and ends the member's tokens, but for the one that is kept: whoever held the old password is out.
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn set_password(
        &self,
        actor: &Actor,
        id: &MemberId,
        password: &StoredPassword,
        keep: Option<&TokenHash>,
    ) -> Result<(), StoreError> {
        let member = self.member(id)?.ok_or_else(|| Failure::plain(Code::NotFound).with("member", id.as_str()))?;
        self.whole(|| {
            let row = values![id.as_str(), password.text(), password.kind.as_str(), self.now()];
            self.db().execute(sql::SET_PASSWORD, row)?;
            let ended = self.forget_other_tokens(id, keep)?;
            let detail = json!({ "username": member.username, "kind": password.kind.as_str(), "tokens_ended": ended });
            self.append_audit(actor, Action::PasswordSet, id.as_str(), &detail)
        })
    }
}
