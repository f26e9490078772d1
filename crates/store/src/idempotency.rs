//! Requests that may be sent again: the first answer is given again, and nothing is done twice.

use errors::{Code, Failure};
use sha2::{Digest as _, Sha256};

use crate::backend::values;
use crate::text::base64url;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, sql};

/// How long an answer is kept: one day, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// A request that carries a key of the caller's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Who sent it: two callers never share keys.
    pub actor: String,
    /// The key.
    pub key: String,
    body_hash: String,
}

impl RequestKey {
    /// The key with what was sent: method, path and body.
    #[must_use]
    pub fn new(actor: &str, key: &str, content: &[u8]) -> Self {
        Self { actor: actor.to_owned(), key: key.to_owned(), body_hash: base64url(&Sha256::digest(content)) }
    }
}

/// The answer of the first request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its body.
    pub body: String,
}

impl ReadTx<'_> {
    /// The answer that the request got before, if it was sent before.
    ///
    /// # Errors
    /// `idempotency-mismatch` when the key was sent with other content.
    pub fn answered(&self, request: &RequestKey) -> Result<Option<Answer>, StoreError> {
        let oldest = self.now().plus_seconds(-KEPT);
        let found = self.db().one(sql::REMEMBERED, values![&request.actor, &request.key, oldest], |row| {
            let status = u16::try_from(row.count(1)?).map_err(StoreError::damaged)?;
            Ok((row.owned(0)?, Answer { status, body: row.owned(2)? }))
        })?;
        match found {
            None => Ok(None),
            Some((hash, answer)) if hash == request.body_hash => Ok(Some(answer)),
            Some(_) => Err(Failure::plain(Code::IdempotencyMismatch).into()),
        }
    }
}

impl WriteTx<'_> {
    /// Keeps the answer for a day, in the transaction that did what it tells; older answers are forgotten.
    ///
    /// # Errors
    /// What the database says.
    pub fn remember_answer(&self, request: &RequestKey, answer: &Answer) -> Result<(), StoreError> {
        self.whole(|| {
            self.db().execute(sql::FORGET_REQUESTS, values![self.now().plus_seconds(-KEPT)])?;
            let status = u32::from(answer.status);
            let row = values![&request.actor, &request.key, &request.body_hash, status, &answer.body, self.now()];
            self.db().execute(sql::REMEMBER, row)?;
            Ok(())
        })
    }
}
