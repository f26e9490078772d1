//! Invitations: each holds a seat until it is accepted, revoked, or has expired.

use std::collections::BTreeSet;

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use rules::capacity::{INVITATION_SECONDS, InvitationFacts};
use rules::permit::{AcceptPermit, InvitePermit, RevokePermit};
use rules::{Actor, InvitationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::Action;
use crate::backend::values;
use crate::members::{Extras, Member, NewMember};
use crate::row::Row;
use crate::tokens::TokenHash;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, ids, sql};

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvitationState {
    /// It waits, and holds a seat.
    Pending,
    /// Somebody has accepted it.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Its time has passed.
    Expired,
}

impl InvitationState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Revoked, Self::Expired];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// An invitation as stored; the secret is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id, for administrators.
    pub id: InvitationId,
    /// The user name that is proposed; may be empty.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub email: String,
    /// The user type whose seat it holds.
    pub user_type: UserTypeId,
    /// The role of the new member.
    pub role: RoleId,
    /// Labels and vendor-site access of the new member.
    pub extras: Extras,
    /// How it stands at this moment.
    pub state: InvitationState,
    /// The user name of whoever sent it.
    pub invited_by: String,
    /// When.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// The id of the member who accepted it.
    pub member: Option<String>,
}

/// What an invitation brings beside what its permit grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The hash of the secret that accepts it.
    pub secret: TokenHash,
    /// The user name that is proposed; may be empty.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub email: String,
    /// Labels and vendor-site access of the new member.
    pub extras: Extras,
}

#[derive(Serialize, Deserialize)]
struct KeptExtras {
    groups: BTreeSet<String>,
    categories: BTreeSet<String>,
    vendor_access: bool,
}

impl<'tx> ReadTx<'tx> {
    /// An invitation.
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn invitation(&self, id: &InvitationId) -> Result<Invitation, StoreError> {
        let found = self.db().one(sql::INVITATION, values![id.as_str()], |row| invitation(row, self.now()))?;
        found.ok_or_else(|| Failure::new(Code::NotFound, "There is no such invitation.").into())
    }

    /// The invitation that a secret accepts, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn invitation_of(&self, secret: &TokenHash) -> Result<Option<Invitation>, StoreError> {
        self.db().one(sql::INVITATION_BY_SECRET, values![secret.as_str()], |row| invitation(row, self.now()))
    }

    /// The newest invitations first, those of one state or of all, with ids below `before` when it is given.
    ///
    /// # Errors
    /// What the database says.
    pub fn invitations(
        &self,
        state: Option<InvitationState>,
        before: Option<&InvitationId>,
        limit: u32,
    ) -> Result<Vec<Invitation>, StoreError> {
        // The stored state of one that has expired since the last write is still the old one.
        let stored = match state {
            None | Some(InvitationState::Expired) => "",
            Some(state) => state.as_str(),
        };
        let (most, mut found) = (usize::try_from(limit).unwrap_or(usize::MAX), Vec::new());
        let mut before = before.map_or("inv_~".to_owned(), ToString::to_string);
        // What is found may be of another state by now, so one part may not be enough.
        loop {
            let from = values![stored, &before, limit];
            let part = self.db().many(sql::INVITATIONS, from, |row| invitation(row, self.now()))?;
            let is_last = part.len() < most;
            if let Some(last) = part.last() {
                before = last.id.to_string();
            }
            found.extend(part.into_iter().filter(|one| state.is_none_or(|wanted| one.state == wanted)));
            if is_last || found.len() >= most {
                break;
            }
        }
        found.truncate(most);
        Ok(found)
    }

    /// An invitation, for a decision in this transaction.
    #[must_use]
    pub fn invitation_facts(&self, of: &Invitation) -> InvitationFacts<'tx> {
        let seat = (of.user_type.clone(), of.role.clone());
        let waits = (of.expires_at, of.state == InvitationState::Pending);
        InvitationFacts::read_in(self.brand, of.id.clone(), seat, waits)
    }
}

impl<'tx> WriteTx<'tx> {
    /// Keeps an invitation, and the seat that it holds.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn insert_invitation(
        &self,
        permit: InvitePermit<'tx>,
        actor: &Actor,
        new: &NewInvitation,
    ) -> Result<Invitation, StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let id = ids::invitation(self.now(), self.version())?;
            let Extras { groups, categories, vendor_access } = new.extras.clone();
            let extras = KeptExtras { groups, categories, vendor_access };
            let extras = serde_json::to_string(&extras).map_err(StoreError::internal)?;
            let row = values![
                id.as_str(),
                new.secret.as_str(),
                &new.username,
                &new.full_name,
                &new.email,
                grant.user_type.as_str(),
                grant.role.as_str(),
                &extras,
                actor.name(),
                self.now(),
                self.now().plus_seconds(INVITATION_SECONDS),
            ];
            self.db().execute(sql::INSERT_INVITATION, row)?;
            self.change_reserved(&grant.user_type, 1)?;
            let detail = json!({
                "email": new.email, "username": new.username,
                "user_type": grant.user_type.as_str(), "role": grant.role.as_str(),
            });
            self.append_audit(actor, Action::InvitationSent, id.as_str(), &detail)?;
            self.invitation(&id)
        })
    }

    /// Gives an invitation that waits a new secret and a new end; the old secret accepts nothing any more.
    ///
    /// # Errors
    /// What the database says.
    pub fn renew_invitation(
        &self,
        actor: &Actor,
        invitation: &Invitation,
        secret: &TokenHash,
    ) -> Result<Invitation, StoreError> {
        self.whole(|| {
            let until = self.now().plus_seconds(INVITATION_SECONDS);
            self.db().execute(sql::RENEW_INVITATION, values![invitation.id.as_str(), secret.as_str(), until])?;
            let detail = json!({ "expires_at": until.to_string() });
            self.append_audit(actor, Action::InvitationRenewed, invitation.id.as_str(), &detail)?;
            self.invitation(&invitation.id)
        })
    }

    /// Ends an invitation; its seat is free.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn revoke_invitation(&self, permit: RevokePermit<'tx>, actor: &Actor) -> Result<(), StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let id = grant.invitation.as_str();
            let state = InvitationState::Revoked.as_str();
            self.db().execute(sql::END_INVITATION, values![id, state, self.now(), None::<&str>])?;
            self.change_reserved(&grant.user_type, -1)?;
            self.append_audit(actor, Action::InvitationRevoked, id, &json!({}))
        })
    }

    /// Registers the member who accepts an invitation, in the seat that it held.
    ///
    /// # Errors
    /// `username-taken`; the permit is stale; or what the database says.
    pub fn accept_invitation(&self, permit: AcceptPermit<'tx>, new: &NewMember) -> Result<Member, StoreError> {
        let seat = permit.grant().seat.clone();
        self.whole(|| {
            let member = self.seat(new, &seat)?;
            let grant = self.spend(permit)?;
            let id = grant.invitation.as_str();
            let state = InvitationState::Accepted.as_str();
            self.db().execute(sql::END_INVITATION, values![id, state, self.now(), member.id.as_str()])?;
            self.change_reserved(&grant.seat.user_type, -1)?;
            let actor = self.actor_of(&member)?;
            let detail = json!({
                "member": member.id.as_str(), "username": member.username,
                "user_type": member.user_type.as_str(), "role": member.role.as_str(),
            });
            self.append_audit(&actor, Action::InvitationAccepted, id, &detail)?;
            Ok(member)
        })
    }
}

fn invitation(row: &Row<'_>, now: Moment) -> Result<Invitation, StoreError> {
    let KeptExtras { groups, categories, vendor_access } = row.json(6)?;
    let text = row.text(7)?;
    let stored = InvitationState::from_name(text)
        .ok_or_else(|| StoreError::damaged(format!("`{text}` is not a state of an invitation")))?;
    let expires_at = row.moment(10)?;
    let has_expired = stored == InvitationState::Pending && expires_at <= now;
    Ok(Invitation {
        id: row.parsed(0)?,
        username: row.owned(1)?,
        full_name: row.owned(2)?,
        email: row.owned(3)?,
        user_type: row.parsed(4)?,
        role: row.parsed(5)?,
        extras: Extras { groups, categories, vendor_access },
        state: if has_expired { InvitationState::Expired } else { stored },
        invited_by: row.owned(8)?,
        created_at: row.moment(9)?,
        expires_at,
        ended_at: if has_expired { Some(expires_at) } else { row.moment_or_absent(11)? },
        member: row.text_or_absent(12)?.map(str::to_owned),
    })
}
