//! Tokens: kept as hashes, so that who reads the data cannot sign in with it.

use entitlement::Moment;
use rules::sign_in::Standing;
use rules::{Actor, MemberId};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audit::Action;
use crate::backend::values;
use crate::members::Member;
use crate::row::MEMBER_COLUMNS;
use crate::text::base64url;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, row, sql};

/// The SHA-256 of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash of a token as its holder sends it.
    #[must_use]
    pub fn of(token: &[u8]) -> Self {
        Self(base64url(&Sha256::digest(token)))
    }

    /// 43 characters of base64url.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A live token, its member, and what decides whether the portal lets the member in at this moment.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose it is, as stored now.
    pub member: Member,
    /// What [`rules::sign_in::enter`] asks; to be asked at every request.
    pub standing: Standing,
    /// When the token was given.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
}

impl ReadTx<'_> {
    /// The session of a token that has not ended.
    ///
    /// # Errors
    /// What the database says.
    pub fn session(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        // One that was opened under a clock that ran ahead, and was set right since, would live too long.
        let latest = self.now().plus_seconds(rules::clock::STEP);
        let found = self.db().one(sql::SESSION, values![hash.as_str(), self.now(), latest], |row| {
            Ok((row::member(row)?, row.moment(MEMBER_COLUMNS)?, row.moment(MEMBER_COLUMNS + 1)?))
        })?;
        let Some((member, created_at, expires_at)) = found else {
            return Ok(None);
        };
        let standing = self.standing(&member)?;
        Ok(Some(Session { member, standing, created_at, expires_at }))
    }
}

impl WriteTx<'_> {
    /// Notes that a member has signed in.
    ///
    /// # Errors
    /// What the database says.
    pub fn record_sign_in(&self, actor: &Actor, member: &MemberId) -> Result<(), StoreError> {
        self.whole(|| {
            self.db().execute(sql::SIGNED_IN, values![member.as_str(), self.now()])?;
            self.append_audit(actor, Action::SignedIn, member.as_str(), &json!({}))
        })
    }

    /// Gives the member a token until `expires_at`; the member's expired ones are forgotten.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_token(
        &self,
        actor: &Actor,
        hash: &TokenHash,
        member: &MemberId,
        expires_at: Moment,
    ) -> Result<(), StoreError> {
        self.whole(|| {
            self.db().execute(sql::FORGET_EXPIRED_TOKENS, values![member.as_str(), self.now()])?;
            self.db().execute(sql::OPEN_TOKEN, values![hash.as_str(), member.as_str(), self.now(), expires_at])?;
            let detail = json!({ "expires_at": expires_at.to_string() });
            self.append_audit(actor, Action::TokenOpened, member.as_str(), &detail)
        })
    }

    /// Ends a token. Answers whether there was one.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_token(&self, actor: &Actor, hash: &TokenHash) -> Result<bool, StoreError> {
        self.whole(|| {
            let ended = self.db().execute(sql::END_TOKEN, values![hash.as_str()])?;
            if ended == 0 {
                return Ok(false);
            }
            let target = actor.id().map_or("console", MemberId::as_str);
            self.append_audit(actor, Action::TokenEnded, target, &json!({ "ended": ended }))?;
            Ok(true)
        })
    }

    /// Ends a member's tokens but for the one that is kept, and tells how many.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_other_tokens(
        &self,
        actor: &Actor,
        member: &MemberId,
        keep: Option<&TokenHash>,
    ) -> Result<usize, StoreError> {
        self.whole(|| {
            let ended = self.forget_other_tokens(member, keep)?;
            if ended > 0 {
                self.append_audit(actor, Action::TokenEnded, member.as_str(), &json!({ "ended": ended }))?;
            }
            Ok(ended)
        })
    }

    /// The rows alone, for a write that has an audit row of its own.
    pub(crate) fn forget_other_tokens(&self, member: &MemberId, keep: Option<&TokenHash>) -> Result<usize, StoreError> {
        let keep = keep.map_or("", TokenHash::as_str);
        Ok(self.db().execute(sql::END_OTHER_TOKENS, values![member.as_str(), keep])?)
    }
}
