//! Product sessions and offline checkouts: rows as the rules read them, and the writes that follow a decision.

use entitlement::{Moment, Policy, ProductId};
use rules::offline::{CheckoutFacts, CheckoutState};
use rules::session::{Cause, SessionFacts};
use rules::{Actor, CheckedOut, MemberId, ProductUse};
use serde_json::json;

use crate::audit::Action;
use crate::backend::values;
use crate::row::Row;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, ids, sql};

/// How long a session that is over is kept for the answer to its computer, in seconds: one day.
const KEPT: i64 = 24 * 60 * 60;

/// A new session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Whose.
    pub member: MemberId,
    /// Of which product.
    pub product: ProductId,
    /// The stable id of the computer.
    pub device: String,
    /// The name of the computer, for people.
    pub device_name: String,
    /// The id of the request that asks for it.
    pub request: String,
    /// The session of the same computer whose place it takes.
    pub replaces: Option<String>,
}

/// A session with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductSession {
    /// Whose.
    pub member: MemberId,
    /// Of which product.
    pub product: ProductId,
    /// What the rules ask.
    pub facts: SessionFacts,
}

/// A new checkout, with the lease that the computer gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCheckout {
    /// Its id, which the lease names.
    pub id: String,
    /// Whose.
    pub member: MemberId,
    /// Of which product.
    pub product: ProductId,
    /// The stable id of the computer.
    pub device: String,
    /// The name of the computer, for people.
    pub device_name: String,
    /// The computer's public key, which signs a return code.
    pub device_key: Option<String>,
    /// When the lease ends.
    pub until: Moment,
    /// The signed lease.
    pub lease: String,
}

/// A checkout with whose it is, and its lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckout {
    /// Whose.
    pub member: MemberId,
    /// Of which product.
    pub product: ProductId,
    /// What the rules ask.
    pub facts: CheckoutFacts,
    /// The computer's public key, which signs a return code.
    pub device_key: Option<String>,
    /// The signed lease.
    pub lease: String,
    /// When it was made.
    pub created_at: Moment,
}

impl ReadTx<'_> {
    /// The numbers of the file in force.
    fn numbers(&self) -> Result<Policy, StoreError> {
        Ok(self.license()?.at(self.now()).policy())
    }

    /// The products that a member uses at this moment.
    pub(crate) fn products_in_use(&self, member: &MemberId) -> Result<ProductUse, StoreError> {
        let oldest = rules::session::recently(self.numbers()?, self.now());
        let sessions =
            self.db().many(sql::PRODUCTS_IN_SESSION, values![member.as_str(), oldest], |row| row.parsed(0))?;
        let checkouts = self.db().many(sql::PRODUCTS_OUT, values![member.as_str(), self.now()], |row| {
            Ok(CheckedOut { product: row.parsed(0)?, device_name: row.owned(1)?, until: row.moment(2)? })
        })?;
        Ok(ProductUse { sessions, checkouts })
    }

    /// The sessions of a member and product that are not forgotten yet: every one that is active, and as many of the others
    /// as a hundred leave room for. Those that nobody ended stand first, and the newest of each kind.
    ///
    /// # Errors
    /// What the database says.
    pub fn sessions_of(&self, member: &MemberId, product: &ProductId) -> Result<Vec<SessionFacts>, StoreError> {
        let found = self.db().many(sql::SESSIONS_OF, values![member.as_str(), product.as_str()], session)?;
        Ok(found.into_iter().map(|one| self.as_noted(one).facts).collect())
    }

    /// A session by its id.
    ///
    /// # Errors
    /// What the database says.
    pub fn product_session(&self, id: &str) -> Result<Option<ProductSession>, StoreError> {
        Ok(self.db().one(sql::PRODUCT_SESSION, values![id], session)?.map(|one| self.as_noted(one)))
    }

    /// The checkouts of a member and product that may still run, and as many of the others as twenty leave room for. Those
    /// that nobody gave back stand first, and the newest of each kind.
    ///
    /// # Errors
    /// What the database says.
    pub fn checkouts_of(&self, member: &MemberId, product: &ProductId) -> Result<Vec<StoredCheckout>, StoreError> {
        self.db().many(sql::CHECKOUTS_OF, values![member.as_str(), product.as_str()], checkout)
    }

    /// The leases of a product that may still run on computers of other members, with their ends, the first end first;
    /// none where none of them was released, because then each is one member's own.
    ///
    /// # Errors
    /// What the database says.
    pub fn leases_beside_released(
        &self,
        product: &ProductId,
        but: &MemberId,
    ) -> Result<Vec<(Moment, String)>, StoreError> {
        let values = values![product.as_str(), self.now(), but.as_str()];
        self.db().many(sql::LEASES_BESIDE_RELEASED, values, |row| Ok((row.moment(0)?, row.owned(1)?)))
    }

    /// A checkout by its id.
    ///
    /// # Errors
    /// What the database says.
    pub fn checkout(&self, id: &str) -> Result<Option<StoredCheckout>, StoreError> {
        self.db().one(sql::CHECKOUT, values![id], checkout)
    }

    /// The checkouts that may still run, whosever they are; the next to end stands first.
    ///
    /// # Errors
    /// What the database says.
    pub fn running_checkouts(&self) -> Result<Vec<StoredCheckout>, StoreError> {
        self.db().many(sql::RUNNING_CHECKOUTS, values![self.now()], checkout)
    }

    /// When a member last used a product.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_used(&self, member: &MemberId, product: &ProductId) -> Result<Option<Moment>, StoreError> {
        self.db().one(sql::LAST_USED, values![product.as_str(), member.as_str()], |row| row.moment(0))
    }
}

impl WriteTx<'_> {
    /// Begins a session, in the place of the one that it replaces; sessions long over are forgotten.
    ///
    /// # Errors
    /// What the database says.
    pub fn begin_session(&self, actor: &Actor, new: &NewSession) -> Result<SessionFacts, StoreError> {
        self.whole(|| {
            let (member, now) = (new.member.as_str(), self.now());
            self.db().execute(
                sql::FORGET_SESSIONS,
                values![member, now.plus_seconds(-KEPT), rules::session::life(self.numbers()?)],
            )?;
            if let Some(replaced) = &new.replaces {
                self.db().execute(sql::END_SESSION, values![replaced, now, Cause::Replaced.as_str()])?;
            }
            let id = ids::product_session()?;
            let row = values![&id, member, new.product.as_str(), &new.device, &new.device_name, &new.request, now];
            self.db().execute(sql::INSERT_SESSION, row)?;
            self.db().execute(sql::PRODUCT_USED, values![new.product.as_str(), member, now])?;
            let detail = json!({
                "product": new.product.as_str(), "computer": new.device_name, "replaces": new.replaces,
            });
            self.append_audit(actor, Action::SessionBegun, &id, &detail)?;
            let NewSession { device, device_name, request, .. } = new.clone();
            Ok(SessionFacts { id, device, device_name, request, created_at: now, last_used: now, ended: None })
        })
    }

    /// Notes that a session is used: it is active for its whole life from now on. The audit log is not told of each use.
    ///
    /// # Errors
    /// What the database says.
    pub fn use_session(&self, session: &ProductSession) -> Result<(), StoreError> {
        self.whole(|| self.used(&session.facts.id, (&session.product, &session.member), self.now()))
    }

    /// Ends a session, and frees its place at once.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_session(&self, actor: &Actor, session: &ProductSession, cause: Cause) -> Result<(), StoreError> {
        self.whole(|| {
            let id = session.facts.id.as_str();
            self.db().execute(sql::END_SESSION, values![id, self.now(), cause.as_str()])?;
            let detail = json!({
                "product": session.product.as_str(), "member": session.member.as_str(),
                "computer": session.facts.device_name, "cause": cause.as_str(),
            });
            self.append_audit(actor, Action::SessionEnded, id, &detail)
        })
    }

    /// A fresh id for a checkout: its lease names it before it is kept.
    ///
    /// # Errors
    /// The machine gives no random bits.
    pub fn new_checkout_id(&self) -> Result<String, StoreError> {
        ids::checkout()
    }

    /// Keeps a checkout with its lease.
    ///
    /// # Errors
    /// What the database says.
    pub fn insert_checkout(&self, actor: &Actor, new: &NewCheckout) -> Result<(), StoreError> {
        self.whole(|| {
            let row = values![
                &new.id,
                new.member.as_str(),
                new.product.as_str(),
                &new.device,
                &new.device_name,
                new.device_key.as_deref(),
                self.now(),
                new.until,
                &new.lease,
            ];
            self.db().execute(sql::INSERT_CHECKOUT, row)?;
            self.db().execute(sql::PRODUCT_USED, values![new.product.as_str(), new.member.as_str(), self.now()])?;
            let detail = json!({
                "product": new.product.as_str(), "computer": new.device_name, "until": new.until.to_string(),
            });
            self.append_audit(actor, Action::CheckedOut, &new.id, &detail)
        })
    }

    /// Ends a checkout: given back, or released by an administrator.
    ///
    /// # Errors
    /// What the database says.
    pub fn end_checkout(
        &self,
        actor: &Actor,
        checkout: &StoredCheckout,
        state: CheckoutState,
    ) -> Result<(), StoreError> {
        self.whole(|| {
            let id = checkout.facts.id.as_str();
            self.db().execute(sql::END_CHECKOUT, values![id, state.as_str(), self.now()])?;
            let detail = json!({
                "product": checkout.product.as_str(), "member": checkout.member.as_str(),
                "computer": checkout.facts.device_name, "state": state.as_str(),
            });
            self.append_audit(actor, Action::CheckoutEnded, id, &detail)
        })
    }

    /// The rows alone: the active sessions of a member and product end, because a change set takes the licence away.
    pub(crate) fn end_sessions_of(&self, member: &MemberId, product: &ProductId) -> Result<(), StoreError> {
        let oldest = rules::session::recently(self.numbers()?, self.now());
        let cause = Cause::LicenseLost.as_str();
        let row = values![member.as_str(), product.as_str(), oldest, self.now(), cause];
        self.db().execute(sql::END_SESSIONS_OF, row)?;
        Ok(())
    }

    /// The rows alone: the checkouts of a member and product that are out are released, as a change set says.
    pub(crate) fn release_checkouts(&self, member: &MemberId, product: &ProductId) -> Result<(), StoreError> {
        let state = CheckoutState::Released.as_str();
        self.db().execute(sql::RELEASE_CHECKOUTS, values![member.as_str(), product.as_str(), state, self.now()])?;
        Ok(())
    }
}

fn session(row: &Row<'_>) -> Result<ProductSession, StoreError> {
    let cause = row
        .text_or_absent(9)?
        .map(|text| Cause::from_name(text).ok_or_else(|| StoreError::damaged(format!("`{text}` is not a cause"))));
    let ended = row.moment_or_absent(8)?.zip(cause.transpose()?);
    Ok(ProductSession {
        member: row.parsed(1)?,
        product: row.parsed(2)?,
        facts: SessionFacts {
            id: row.owned(0)?,
            device: row.owned(3)?,
            device_name: row.owned(4)?,
            request: row.owned(5)?,
            created_at: row.moment(6)?,
            last_used: row.moment(7)?,
            ended,
        },
    })
}

fn checkout(row: &Row<'_>) -> Result<StoredCheckout, StoreError> {
    let text = row.text(6)?;
    let state = CheckoutState::from_name(text)
        .ok_or_else(|| StoreError::damaged(format!("`{text}` is not a state of a checkout")))?;
    Ok(StoredCheckout {
        member: row.parsed(1)?,
        product: row.parsed(2)?,
        facts: CheckoutFacts {
            id: row.owned(0)?,
            device: row.owned(3)?,
            device_name: row.owned(4)?,
            until: row.moment(7)?,
            state,
        },
        device_key: row.text_or_absent(5)?.map(str::to_owned),
        lease: row.owned(8)?,
        created_at: row.moment(9)?,
    })
}
