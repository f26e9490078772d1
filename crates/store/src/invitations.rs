//! Invitations: each holds a seat until it is accepted, revoked, or has expired.

use std::collections::BTreeSet;

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use rules::capacity::{INVITATION_SECONDS, InvitationFacts};
use rules::permit::{AcceptPermit, InvitePermit, RevokePermit};
use rules::{Actor, InvitationId, MemberId};
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
        let state = state.map_or("", InvitationState::as_str);
        let before = before.map_or("inv_~", InvitationId::as_str);
        let values = values![state, before, limit, self.now()];
        self.db().many(sql::INVITATIONS, values, |row| invitation(row, self.now()))
    }

    /// How many invitations run out by then, and when the first of them does.
    ///
    /// # Errors
    /// What the database says.
    pub fn ending_invitations(&self, by: Moment) -> Result<Option<(u64, Moment)>, StoreError> {
        let counted = self.db().one(sql::ENDING_INVITATIONS, values![self.now(), by], |row| {
            let count = row.count(0)?;
            if count == 0 { Ok(None) } else { Ok(Some((count, row.moment(1)?))) }
        });
        Ok(counted?.flatten())
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
    /// `invitation-ended`, or what the database says.
    pub fn renew_invitation(
        &self,
        actor: &Actor,
        invitation: &Invitation,
        secret: &TokenHash,
    ) -> Result<Invitation, StoreError> {
        if self.invitation(&invitation.id)?.state != InvitationState::Pending {
            return Err(Failure::plain(Code::InvitationEnded).into());
        }
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
            self.end_invitation(&grant.invitation, &grant.user_type, InvitationState::Revoked, None)?;
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
            let accepted = InvitationState::Accepted;
            self.end_invitation(&grant.invitation, &grant.seat.user_type, accepted, Some(&member.id))?;
            let actor = self.actor_of(&member)?;
            let detail = json!({
                "member": member.id.as_str(), "username": member.username,
                "user_type": member.user_type.as_str(), "role": member.role.as_str(),
            });
            self.append_audit(&actor, Action::InvitationAccepted, id, &detail)?;
            Ok(member)
        })
    }

    /// Ends an invitation that waits, and gives its seat back. The permit may have been asked for with an invitation read
    /// in an earlier transaction; one that has ended since ends nothing again.
    fn end_invitation(
        &self,
        id: &InvitationId,
        user_type: &UserTypeId,
        state: InvitationState,
        member: Option<&MemberId>,
    ) -> Result<(), StoreError> {
        let row = values![id.as_str(), state.as_str(), self.now(), member.map(MemberId::as_str)];
        match self.db().execute(sql::END_INVITATION, row)? {
            1 => self.change_reserved(user_type, -1),
            n => Err(StoreError::internal(format!("{n} invitations ended where the permit names one that waits"))),
        }
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
