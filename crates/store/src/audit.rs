//! The audit log: one row for each write, in the same transaction, numbered without a gap and chained ([`crate::chain`]).

use entitlement::Moment;
use rules::{Actor, MemberId};
use serde_json::Value;

use crate::StoreError;
use crate::backend::{Db, values};
use crate::chain::Columns;
use crate::row::Row;
use crate::sql::{self, Sql};
use crate::text::containing;
use crate::tx::{ReadTx, WriteTx};

/// Declares what can be done, with its text in the log, so that neither can be without the other.
macro_rules! actions {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal;)+) => {
        /// What was done. The texts are stable: people search for them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])+ $variant,)+
        }

        impl Action {
            /// Everything that can be done.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text of the log.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

actions! {
    /// The first license file and the first administrator.
    Activated = "portal.activate";
    /// A license file came in force.
    LicenseImported = "license.import";
    /// A license file was taken in before its term begins.
    LicenseStaged = "license.stage";
    /// A staged file came in force, because its term began.
    LicenseBegun = "license.begin";
    /// A staged file could not come in force when its term began.
    LicenseNotBegun = "license.refuse";
    /// A staged file was given up.
    LicenseWithdrawn = "license.withdraw";
    /// A trust list came by itself.
    TrustListImported = "trust.import";
    /// A person has accepted the wall clock as it is.
    ClockAccepted = "clock.accept";
    /// The data runs somewhere else, or was restored.
    EpochBegun = "portal.epoch";
    /// The data was restored from a backup.
    Restored = "portal.restore";
    /// Somebody has said that no lease is out that a restored backup does not know of.
    OfflineAcknowledged = "offline.acknowledge";
    /// A member was registered.
    MemberAdded = "member.add";
    /// Name, address, labels or vendor-site access of a member changed.
    MemberUpdated = "member.update";
    /// Somebody was invited.
    InvitationSent = "invitation.send";
    /// An invitation got a new secret and a new end.
    InvitationRenewed = "invitation.renew";
    /// An invitation was revoked.
    InvitationRevoked = "invitation.revoke";
    /// An invitation was accepted, and its member registered.
    InvitationAccepted = "invitation.accept";
    /// A planned return was given up, found impossible, or found no seat.
    ReturnEnded = "change.return";
    /// A role of the organization's own was made.
    RoleCreated = "role.create";
    /// A role of the organization's own was changed.
    RoleEdited = "role.edit";
    /// A role of the organization's own was deleted.
    RoleDeleted = "role.delete";
    /// Settings were changed.
    SettingsChanged = "settings.change";
    /// A product session began.
    SessionBegun = "session.begin";
    /// A product session was ended.
    SessionEnded = "session.end";
    /// A product was taken offline.
    CheckedOut = "checkout.begin";
    /// An offline checkout was given back or released.
    CheckoutEnded = "checkout.end";
    /// A change set was applied.
    SeatsChanged = "change.apply";
    /// A password was set.
    PasswordSet = "member.password";
    /// A member signed in.
    SignedIn = "member.sign-in";
    /// A token was given.
    TokenOpened = "token.open";
    /// A token was ended.
    TokenEnded = "token.end";
    /// Something that the portal itself has to say.
    Noted = "note";
}

impl Action {
    /// The action of that text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
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
    /// The hash of the row before; empty for the first.
    pub previous: String,
    /// Its own hash, made of every column and the hash of the row before.
    pub hash: String,
}

/// What a list of rows is narrowed by; what is not given narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who did it: a name as it stands in the log, or the id of a member.
    pub actor: Option<String>,
    /// What was done.
    pub action: Option<Action>,
    /// To what: an id as it stands in the log.
    pub target: Option<String>,
    /// Or to which member: also rows that name the member, and changes that moved the member among others.
    pub member: Option<MemberId>,
    /// Not before.
    pub from: Option<Moment>,
    /// Before.
    pub to: Option<Moment>,
    /// A text anywhere in it.
    pub text: Option<String>,
}

impl AuditFilter {
    /// The rows that one of the two statements finds with this filter.
    fn rows(&self, db: &Db, sql: Sql, (start, limit): (u64, u32)) -> Result<Vec<AuditRow>, StoreError> {
        let actor = self.actor.as_deref().unwrap_or_default();
        let member = self.member.as_ref().map_or("", MemberId::as_str);
        let about = self.target.as_deref().unwrap_or(member);
        let in_detail = containing(&format!("\"{member}\""));
        let text = self.text.as_deref().unwrap_or_default();
        let (in_json, plain) = if text.is_empty() {
            (String::new(), String::new())
        } else {
            let quoted = Value::from(text).to_string();
            (containing(quoted.trim_start_matches('"').strip_suffix('"').unwrap_or(&quoted)), containing(text))
        };
        let row = values![
            start,
            limit,
            actor,
            self.action.map_or("", Action::as_str),
            about,
            member,
            &in_detail,
            self.from.map_or(i64::MIN, Moment::unix),
            self.to.map_or(i64::MAX, Moment::unix),
            &in_json,
            &plain,
        ];
        db.many(sql, row, audit_row)
    }
}

fn audit_row(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    let detail = row.text(7)?;
    Ok(AuditRow {
        seq: row.count(0)?,
        at: row.moment(1)?,
        actor_kind: row.owned(2)?,
        actor_id: row.text_or_absent(3)?.map(str::to_owned),
        actor_name: row.owned(4)?,
        action: row.owned(5)?,
        target: row.owned(6)?,
        // A row that somebody has tampered with is shown as it is; the chain tells that it is not as it was written.
        detail: serde_json::from_str(detail).unwrap_or_else(|_| Value::from(detail)),
        previous: row.owned(8)?,
        hash: row.owned(9)?,
    })
}

impl ReadTx<'_> {
    /// The newest rows first, those numbered below `before` when it is given.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.audit_where(&AuditFilter::default(), before, limit)
    }

    /// The same, of the rows that a filter finds.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit_where(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        filter.rows(self.db(), sql::AUDIT, (before.unwrap_or(u64::MAX), limit))
    }

    /// The rows that a filter finds in the order in which they were written, those numbered above `after`.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit_after(&self, filter: &AuditFilter, after: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        filter.rows(self.db(), sql::AUDIT_FORWARD, (after, limit))
    }

    /// The row of that number.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit_row(&self, seq: u64) -> Result<Option<AuditRow>, StoreError> {
        self.db().one(sql::AUDIT_ROW, values![seq], audit_row)
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

    /// Appends the row of a write to the chain, and counts the write.
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
        let detail = detail.to_string();
        let columns = Columns {
            seq: i64::try_from(organization.version).map_err(StoreError::internal)?,
            at: self.now().unix(),
            actor_kind: actor.kind(),
            actor_id: actor.id().map(MemberId::as_str),
            actor_name: actor.name(),
            action: action.as_str(),
            target,
            detail: &detail,
        };
        let hash = columns.hash_after(&organization.audit_hash)?;
        let previous = std::mem::replace(&mut organization.audit_hash, hash);
        let Columns { seq, at, actor_kind, actor_id, actor_name, action, target, detail } = columns;
        let row = values![
            seq,
            at,
            actor_kind,
            actor_id,
            actor_name,
            action,
            target,
            detail,
            &previous,
            &organization.audit_hash,
        ];
        self.db().execute(sql::APPEND_AUDIT, row)?;
        Ok(())
    }
}
