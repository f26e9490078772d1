//! What is in use, whosever it is: what may still run offline, and sessions that somebody else ends.

use entitlement::ProductId;
use errors::{Code, Failure};
use rules::{MemberId, account};
use store::{Member, ProductSession, ReadTx, StoreError, StoredCheckout, WriteTx};

use super::input::no_product;
use super::products::{self, Named};
use super::{Caller, actor};

/// The checkouts that may still run, of one product or of all, with whose they are: also of who has lost the license, and
/// of members who are not there any more.
///
/// # Errors
/// `privilege-missing`; there is no such product.
pub fn offline(
    tx: &ReadTx<'_>,
    caller: &Caller,
    product: Option<&ProductId>,
) -> Result<Vec<(StoredCheckout, Option<Member>)>, StoreError> {
    account::manage_licenses(&actor(tx, caller)?)?;
    let mut found = tx.running_checkouts()?;
    found.retain(|one| one.facts.may_still_run(tx.now()) && product.is_none_or(|product| *product == one.product));
    if let Some(product) = product.filter(|_| found.is_empty())
        && tx.catalog()?.product(product).is_none()
    {
        return Err(no_product(product.as_str()).into());
    }
    let with_member = |one: StoredCheckout| tx.member(&one.member).map(|member| (one, member));
    found.into_iter().map(with_member).collect()
}

/// A session that somebody was to end.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The session, as it was before.
    pub session: ProductSession,
    /// Whose.
    pub member: Member,
    /// Whether it was running; what was over keeps its cause.
    pub was_running: bool,
}

/// Ends a session.
///
/// # Errors
/// As [`products::end`].
pub fn end(tx: &WriteTx<'_>, caller: &Caller, id: &str) -> Result<Ended, StoreError> {
    let (session, member) = products::session(tx, caller, Named::by_id(id))?;
    let was_running = session.facts.is_active(tx.license()?.at(tx.now()).policy(), tx.now());
    products::end(tx, caller, Named::by_id(id), false)?;
    Ok(Ended { session, member, was_running })
}

/// Ends every running session of a member and product.
///
/// # Errors
/// `not-found` where none is running; as [`products::end`].
pub fn end_all(
    tx: &WriteTx<'_>,
    caller: &Caller,
    whom: &MemberId,
    product: &ProductId,
) -> Result<Vec<Ended>, StoreError> {
    let running = products::sessions(tx, caller, whom)?.into_iter().filter(|(of, _)| of == product);
    let ended = running.map(|(_, session)| end(tx, caller, &session.id)).collect::<Result<Vec<_>, _>>()?;
    if ended.is_empty() {
        return Err(Failure::new(Code::NotFound, format!("No session of `{product}` is running there.")).into());
    }
    Ok(ended)
}
