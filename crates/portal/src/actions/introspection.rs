//! What other programs ask about a token (RFC 7662), and what a member may do (S9, S110).

use std::collections::BTreeSet;

use catalog::{Catalog, PrivilegeId};
use rules::{Actor, MemberId, account, sign_in};
use serde_json::{Value, json};
use store::{Member, PasswordKind, ReadTx, Session, StoreError, TokenHash};

use super::{Caller, actor};

/// What a token is good for at this moment. A token that is unknown or has ended, or whose member is not let in or
/// has a one-time password to change first, is told as not active and nothing else (RFC 7662, 2.2).
///
/// Everybody may ask about the own token; about others', who sees every account (S173).
///
/// # Errors
/// `privilege-missing`.
pub fn introspect(tx: &ReadTx<'_>, caller: &Caller, token: &TokenHash) -> Result<Value, StoreError> {
    let actor = actor(tx, caller)?;
    let session = tx.session(token)?;
    let whose: Option<&MemberId> = session.as_ref().map(|session| &session.member.id);
    if whose.is_none() || whose != actor.id() {
        account::introspect(&actor)?;
    }
    let Some(session) = session.filter(lets_in) else {
        return Ok(json!({ "active": false }));
    };
    let member = &session.member;
    let held = privileges(&*tx.catalog()?, member);
    let scope: Vec<&str> = held.iter().map(|id| id.as_str()).collect();
    Ok(json!({
        "active": true,
        "token_type": "Bearer",
        "sub": member.id.as_str(),
        "username": member.username,
        "scope": scope.join(" "),
        "iat": session.created_at.unix(),
        "exp": session.expires_at.unix(),
        "user_type": member.user_type.as_str(),
        "role": member.role.as_str(),
    }))
}

fn lets_in(session: &Session) -> bool {
    session.member.password_kind == PasswordKind::Own && sign_in::enter(&session.standing).is_ok()
}

/// The privileges that a member has, as [`Actor::member`] gives them (S96, S133).
#[must_use]
pub fn privileges(catalog: &Catalog, member: &Member) -> BTreeSet<PrivilegeId> {
    let Some(role) = catalog.role(&member.role) else { return BTreeSet::new() };
    let (id, username) = (member.id.clone(), member.username.clone());
    Actor::member(id, username, catalog.user_type(&member.user_type), role).privileges(catalog)
}
