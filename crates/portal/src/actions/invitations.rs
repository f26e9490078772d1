//! Invitations: sent, renewed, revoked, accepted (S92, S111; design: Doors).

use errors::{Code, Failure};
use rules::capacity::{self, Registration};
use rules::{InvitationId, Refusal, account, defaults};
use store::{
    Invitation, InvitationState, Member, NewInvitation, NewMember, ReadTx, StoreError, StoredPassword, TokenHash,
    WriteTx,
};

use super::members::{AskedExtras, checked_labels, extras_of};
use super::{Caller, actor, input};

/// An invitation as somebody asks for it, with its names checked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Seat and role; the new-member defaults where nothing is asked.
    pub seat: Registration,
    /// The user name that is proposed; may be empty.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty; no mail is sent.
    pub email: String,
    /// Labels and vendor-site access.
    pub extras: AskedExtras,
    /// The hash of the secret that accepts it.
    pub secret: TokenHash,
}

/// Invites somebody: the seat is held until the invitation is accepted, revoked or has expired.
///
/// # Errors
/// What [`capacity::invite`] refuses; a user name that is taken.
pub fn send(tx: &WriteTx<'_>, caller: &Caller, request: Request) -> Result<Invitation, StoreError> {
    let actor = actor(tx, caller)?;
    let facts = tx.facts()?;
    let permit = capacity::invite(&facts, &actor, &request.seat)?;
    checked_labels(tx, &request.extras)?;
    let extras = extras_of(defaults::extras(&facts, &actor, &request.extras)?);
    if !request.username.is_empty() && tx.member_by_username(&request.username)?.is_some() {
        let detail = format!("The user name {} is taken.", request.username);
        return Err(Failure::new(Code::UsernameTaken, detail).with("username", request.username).into());
    }
    let Request { secret, username, full_name, email, .. } = request;
    tx.insert_invitation(permit, &actor, &NewInvitation { secret, username, full_name, email, extras })
}

/// Gives an invitation that waits a new secret and 14 more days; the old secret accepts nothing any more.
///
/// # Errors
/// What [`capacity::renew`] refuses; access to the vendor's site that the caller could not give.
pub fn renew(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &InvitationId,
    secret: &TokenHash,
) -> Result<Invitation, StoreError> {
    let actor = actor(tx, caller)?;
    account::add_members(&actor)?;
    let invitation = tx.invitation(id)?;
    let facts = tx.facts()?;
    capacity::renew(&facts, &actor, &tx.invitation_facts(&invitation))?;
    let vendor_access = invitation.extras.vendor_access.then_some(true);
    defaults::extras(&facts, &actor, &AskedExtras { vendor_access, ..AskedExtras::default() })?;
    tx.renew_invitation(&actor, &invitation, secret)
}

/// Revokes an invitation; its seat is free.
///
/// # Errors
/// The caller may not add members; the invitation has ended.
pub fn revoke(tx: &WriteTx<'_>, caller: &Caller, id: &InvitationId) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::add_members(&actor)?;
    let invitation = tx.invitation(id)?;
    let permit = capacity::revoke(&tx.facts()?, &actor, &tx.invitation_facts(&invitation))?;
    tx.revoke_invitation(permit, &actor)
}

/// The newest invitations first.
///
/// # Errors
/// The caller may not add members.
pub fn list(
    tx: &ReadTx<'_>,
    caller: &Caller,
    state: Option<InvitationState>,
    part: (Option<&InvitationId>, u32),
) -> Result<Vec<Invitation>, StoreError> {
    account::add_members(&actor(tx, caller)?)?;
    tx.invitations(state, part.0, part.1)
}

/// One invitation.
///
/// # Errors
/// The caller may not add members; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &InvitationId) -> Result<Invitation, StoreError> {
    account::add_members(&actor(tx, caller)?)?;
    tx.invitation(id)
}

/// The newest of those that have ended, the last one first; at most so many.
///
/// # Errors
/// The caller may not add members.
pub fn ended(tx: &ReadTx<'_>, caller: &Caller, most: u32) -> Result<Vec<Invitation>, StoreError> {
    let mut ended = Vec::new();
    for state in [InvitationState::Accepted, InvitationState::Revoked, InvitationState::Expired] {
        ended.extend(list(tx, caller, Some(state), (None, most))?);
    }
    ended.sort_by_key(|one| std::cmp::Reverse(one.ended_at.unwrap_or(one.expires_at)));
    ended.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(ended)
}

/// The invitation that a secret accepts, for whoever holds it.
///
/// # Errors
/// It has ended, or there is none: a stranger is told the same.
pub fn look(tx: &ReadTx<'_>, secret: &TokenHash) -> Result<Invitation, StoreError> {
    let found = tx.invitation_of(secret)?.filter(|one| one.state == InvitationState::Pending);
    found.ok_or_else(|| Refusal::InvitationEnded.into())
}

/// Who accepts an invitation.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The user name; unique whatever the case.
    pub username: String,
    /// The name for people; the invitation's where none is given.
    pub full_name: Option<String>,
    /// The password of the member's own, hashed.
    pub password: StoredPassword,
}

/// Accepts an invitation: its member takes the seat that it held.
///
/// # Errors
/// What [`capacity::accept`] refuses; a user name that is taken. The invitation stays valid then.
pub fn accept(tx: &WriteTx<'_>, secret: &TokenHash, who: Acceptance) -> Result<Member, StoreError> {
    let invitation = look(tx, secret)?;
    let permit = capacity::accept(&tx.facts()?, &tx.invitation_facts(&invitation))?;
    let Acceptance { username, full_name, password } = who;
    let full_name = full_name.unwrap_or(invitation.full_name);
    let Invitation { email, extras, .. } = invitation;
    tx.accept_invitation(permit, &NewMember { username, full_name, email, password, extras })
}

/// An invitation as it is sent, before the names are checked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The user name that is proposed.
    pub username: Option<String>,
    /// The id of the user type, in any case.
    pub user_type: Option<String>,
    /// The id of the role, in any case.
    pub role: Option<String>,
    /// The name for people.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Labels and vendor-site access.
    pub extras: AskedExtras,
}

impl Asked {
    /// Checks the names.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn request(self, secret: TokenHash) -> Result<Request, Failure> {
        let seat = Registration {
            user_type: self.user_type.as_deref().map(|id| input::user_type_at("/user_type", id)).transpose()?,
            role: self.role.as_deref().map(|id| input::role_at("/role", id)).transpose()?,
        };
        let username = self.username.filter(|name| !name.is_empty());
        Ok(Request {
            seat,
            username: username.as_deref().map(input::username).transpose()?.unwrap_or_default(),
            full_name: input::text("/full_name", self.full_name)?,
            email: input::text("/email", self.email)?,
            extras: self.extras,
            secret,
        })
    }
}
