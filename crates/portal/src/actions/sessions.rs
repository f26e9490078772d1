//! Signing in and out, and a password of one's own (S6, S9, S14 to S17).

use errors::{Code, Failure};
use rules::{MemberId, sign_in};
use store::{Member, StoreError, StoredPassword, TokenHash, WriteTx};

/// Opens a session for a member whose password was right.
///
/// # Errors
/// The member is disabled or locked out ([`sign_in::enter`]), is gone, or has another password by now.
pub fn open(
    tx: &WriteTx<'_>,
    username: &str,
    checked: &StoredPassword,
    token: &TokenHash,
) -> Result<Member, StoreError> {
    let member = still(tx, username, checked)?;
    let actor = tx.actor(&member.id)?;
    tx.open_token(&actor, token, &member.id, tx.now().plus_seconds(sign_in::SESSION_SECONDS))?;
    tx.record_sign_in(&actor, &member.id)?;
    tx.member(&member.id)?.ok_or_else(|| failed().into())
}

/// Ends one session. A member who is locked out may end it too.
///
/// # Errors
/// None of its own; a session that has ended already stays ended.
pub fn close(tx: &WriteTx<'_>, member: &MemberId, token: &TokenHash) -> Result<(), StoreError> {
    let Some(member) = tx.member(member)? else { return Ok(()) };
    tx.end_token(&tx.actor_of(&member)?, token).map(|_| ())
}

/// Sets a password of the member's own and ends the member's other sessions.
///
/// # Errors
/// The member is gone, or has another password by now than the one that was checked.
pub fn change_password(
    tx: &WriteTx<'_>,
    username: &str,
    checked: &StoredPassword,
    new: &StoredPassword,
    keep: &TokenHash,
) -> Result<(), StoreError> {
    let member = still(tx, username, checked)?;
    let actor = tx.actor(&member.id)?;
    tx.set_password(&actor, &member.id, new, Some(keep))
}

/// The member of that name, if the password is still the one that was checked outside the transaction.
fn still(tx: &WriteTx<'_>, username: &str, checked: &StoredPassword) -> Result<Member, StoreError> {
    let (member, stored) = tx.credentials(username)?.ok_or_else(failed)?;
    if stored == *checked { Ok(member) } else { Err(failed().into()) }
}

fn failed() -> Failure {
    Failure::plain(Code::SignInFailed)
}
