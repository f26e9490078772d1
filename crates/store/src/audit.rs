//! The audit log: one row for each write, in the same transaction, numbered without a gap.

use entitlement::Moment;
use rules::Actor;
use serde_json::Value;

use crate::StoreError;
use crate::backend::values;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

/// What was done. The texts are stable: people search for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The first license file and the first administrator.
    Activated,
    /// A license file came in force.
    LicenseImported,
    /// A license file was taken in before its term begins.
    LicenseStaged,
    /// A staged file came in force, because its term began.
    LicenseBegun,
    /// A staged file could not come in force when its term began.
    LicenseNotBegun,
    /// A staged file was given up.
    LicenseWithdrawn,
    /// A trust list came by itself.
    TrustListImported,
    /// A person has accepted the wall clock as it is.
    ClockAccepted,
    /// The data runs somewhere else, or was restored.
    EpochBegun,
    /// A member was registered.
    MemberAdded,
    /// Name, address, labels or vendor-site access of a member changed.
    MemberUpdated,
    /// Somebody was invited.
    InvitationSent,
    /// An invitation got a new secret and a new end.
    InvitationRenewed,
    /// An invitation was revoked.
    InvitationRevoked,
    /// An invitation was accepted, and its member registered.
    InvitationAccepted,
    /// A planned return was given up, found impossible, or found no seat.
    ReturnEnded,
    /// A role of the organization's own was made.
    RoleCreated,
    /// A role of the organization's own was changed.
    RoleEdited,
    /// A role of the organization's own was deleted.
    RoleDeleted,
    /// Settings were changed.
    SettingsChanged,
    /// A product session began.
    SessionBegun,
    /// A product session was ended.
    SessionEnded,
    /// A product was taken offline.
    CheckedOut,
    /// An offline checkout was given back or released.
    CheckoutEnded,
    /// A change set was applied.
    SeatsChanged,
    /// A password was set.
    PasswordSet,
    /// A member signed in.
    SignedIn,
    /// A token was given.
    TokenOpened,
    /// A token was ended.
    TokenEnded,
    /// Something that the portal itself has to say.
    Noted,
}

impl Action {
    /// The text of the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activated => "portal.activate",
            Self::LicenseImported => "license.import",
            Self::LicenseStaged => "license.stage",
            Self::LicenseBegun => "license.begin",
            Self::LicenseNotBegun => "license.refuse",
            Self::LicenseWithdrawn => "license.withdraw",
            Self::TrustListImported => "trust.import",
            Self::ClockAccepted => "clock.accept",
            Self::EpochBegun => "portal.epoch",
            Self::MemberAdded => "member.add",
            Self::MemberUpdated => "member.update",
            Self::InvitationSent => "invitation.send",
            Self::InvitationRenewed => "invitation.renew",
            Self::InvitationRevoked => "invitation.revoke",
            Self::InvitationAccepted => "invitation.accept",
            Self::ReturnEnded => "change.return",
            Self::RoleCreated => "role.create",
            Self::RoleEdited => "role.edit",
            Self::RoleDeleted => "role.delete",
            Self::SettingsChanged => "settings.change",
            Self::SessionBegun => "session.begin",
            Self::SessionEnded => "session.end",
            Self::CheckedOut => "checkout.begin",
            Self::CheckoutEnded => "checkout.end",
            Self::SeatsChanged => "change.apply",
            Self::PasswordSet => "member.password",
            Self::SignedIn => "member.sign-in",
            Self::TokenOpened => "token.open",
            Self::TokenEnded => "token.end",
            Self::Noted => "note",
        }
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditRow {
    /// Its number: 1, 2, 3, …
    pub seq: u64,
    /// When, in effective time.
    pub at: Moment,
    /// `member`, `console` or `schedule`.
    pub actor_kind: String,
    /// The member's id; nothing for the console and the schedule.
    pub actor_id: Option<String>,
    /// The user name at that time.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// To what: an id.
    pub target: String,
    /// Before, after, numbers.
    pub detail: Value,
}

impl ReadTx<'_> {
    /// The newest rows first, those numbered below `before` when it is given.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.db().many(sql::AUDIT, values![before.unwrap_or(u64::MAX), limit], |row| {
            Ok(AuditRow {
                seq: row.count(0)?,
                at: row.moment(1)?,
                actor_kind: row.owned(2)?,
                actor_id: row.text_or_absent(3)?.map(str::to_owned),
                actor_name: row.owned(4)?,
                action: row.owned(5)?,
                target: row.owned(6)?,
                detail: serde_json::from_str(row.text(7)?).map_err(StoreError::damaged)?,
            })
        })
    }

    /// How many rows there are. Counting grows with the log: for `doctor` and tests.
    ///
    /// # Errors
    /// `database-damaged` when their numbers are not 1 to the organization's version without a gap.
    pub fn audit_count(&self) -> Result<u64, StoreError> {
        let found = self.db().one(sql::AUDIT_COUNT, &[], |row| Ok((row.count(0)?, row.count(1)?)))?;
        let (count, last) = found.unwrap_or_default();
        if count == last && last == self.version() {
            return Ok(count);
        }
        let version = self.version();
        Err(StoreError::damaged(format!("the audit log has {count} rows up to number {last} at version {version}")))
    }
}

impl WriteTx<'_> {
    /// Appends a row that belongs to no other write, such as a refused sign-in that somebody must be able to find.
    ///
    /// # Errors
    /// What the database says.
    pub fn note(&self, actor: &Actor, target: &str, detail: &Value) -> Result<(), StoreError> {
        self.whole(|| self.append_audit(actor, Action::Noted, target, detail))
    }

    /// Appends the row of a write, and counts the write.
    pub(crate) fn append_audit(
        &self,
        actor: &Actor,
        action: Action,
        target: &str,
        detail: &Value,
    ) -> Result<(), StoreError> {
        let mut books = self.ground.books.borrow_mut();
        let organization = books.change();
        organization.version += 1;
        let id = actor.id().map(rules::MemberId::as_str);
        let kind = actor.kind();
        let detail = detail.to_string();
        let row = values![organization.version, self.now(), kind, id, actor.name(), action.as_str(), target, &detail];
        self.db().execute(sql::APPEND_AUDIT, row)?;
        Ok(())
    }
}
