//! The organization's own roles (S127 to S134).

use std::collections::BTreeMap;

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};
use rules::Actor;
use rules::role::{Draft, Holder, Holders, RoleFacts, RolePermit, RoleRemovalPermit};
use serde_json::json;

use crate::audit::Action;
use crate::backend::values;
use crate::kept_plan::KeptPlan;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, sql};

/// How many holders are named.
const NAMED: u32 = 100;

/// When one of the organization's own roles was made and changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRecord {
    /// Which role.
    pub id: RoleId,
    /// When it was made.
    pub created_at: Moment,
    /// When it last changed.
    pub changed_at: Moment,
    /// Counts its changes: the ETag of the interface.
    pub version: u64,
}

impl<'tx> ReadTx<'tx> {
    /// The organization's own roles.
    ///
    /// # Errors
    /// What the database says.
    pub fn role_records(&self) -> Result<Vec<RoleRecord>, StoreError> {
        self.db().many(sql::ROLES, &[], |row| {
            let (created_at, changed_at) = (row.moment(4)?, row.moment(5)?);
            Ok(RoleRecord { id: row.parsed(0)?, created_at, changed_at, version: row.count(6)? })
        })
    }

    /// How many members hold the role: the archived ones too.
    ///
    /// # Errors
    /// What the database says.
    pub fn holders(&self, role: &RoleId) -> Result<Holders, StoreError> {
        let counts = self.db().many(sql::HOLDERS, values![role.as_str()], |row| Ok((row.owned(0)?, row.count(1)?)))?;
        let count = counts.iter().map(|(_, members)| members).sum();
        let seated = counts.iter().filter(|(user_type, _)| !user_type.is_empty());
        let by_type = seated
            .map(|(user_type, members)| Ok((UserTypeId::parse(user_type).map_err(StoreError::damaged)?, *members)))
            .collect::<Result<BTreeMap<_, _>, StoreError>>()?;
        let some = self.db().many(sql::SOME_HOLDERS, values![role.as_str(), NAMED], |row| {
            Ok(Holder { member: row.parsed(0)?, username: row.owned(1)?, user_type: row.parsed(2)? })
        })?;
        Ok(Holders { count, by_type, some })
    }

    /// A role, for a decision in this transaction.
    ///
    /// # Errors
    /// What the database says.
    pub fn role_facts(&self, role: &RoleId) -> Result<RoleFacts<'tx>, StoreError> {
        let mut uses = Vec::new();
        let values = values![role.as_str(), self.now()];
        let invited = self.db().one(sql::INVITATIONS_NAMING, values, |row| row.count(0))?.unwrap_or(0);
        if invited > 0 {
            uses.push(counted(invited, "pending invitation"));
        }
        let pattern = format!("%\"role\":\"{}\"%", role.as_str());
        let plans = self.db().many(sql::RETURNS_NAMING, values![&pattern], |row| row.json::<KeptPlan>(0))?;
        // A plan also names the roles that it left out, which no return brings back.
        let returning = plans.iter().filter(|plan| plan.moves(role)).count();
        if returning > 0 {
            uses.push(counted(u64::try_from(returning).unwrap_or(u64::MAX), "planned return"));
        }
        if self.defaults()?.role.as_ref() == Some(role) {
            uses.push("the new-member defaults".to_owned());
        }
        Ok(RoleFacts::read_in(self.brand, role.clone(), self.holders(role)?, uses))
    }
}

fn counted(n: u64, of: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {of}{plural}")
}

impl<'tx> WriteTx<'tx> {
    /// Makes or changes a role, as the permit says.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn save_role(&self, permit: RolePermit<'tx>, actor: &Actor) -> Result<RoleId, StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let before = self.catalog()?.role(&grant.id).map(|role| (role.name.clone(), role.privileges.clone()));
            let Draft { name, description, privileges } = &grant.draft;
            let privileges: Vec<&str> = privileges.iter().map(|id| id.as_str()).collect();
            let text = json!(privileges).to_string();
            self.db().execute(sql::SAVE_ROLE, values![grant.id.as_str(), name, description, &text, self.now()])?;
            self.change_organization(|organization| organization.policy_revision += 1);
            let action = if before.is_some() { Action::RoleEdited } else { Action::RoleCreated };
            let before = before.map(|(name, held)| {
                json!({ "name": name, "privileges": held.iter().map(|id| id.as_str()).collect::<Vec<_>>() })
            });
            let detail = json!({ "before": before, "after": { "name": name, "privileges": privileges } });
            self.append_audit(actor, action, grant.id.as_str(), &detail)?;
            Ok(grant.id)
        })
    }

    /// Deletes a role that nobody holds.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn delete_role(&self, permit: RoleRemovalPermit<'tx>, actor: &Actor) -> Result<(), StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            self.db().execute(sql::DELETE_ROLE, values![grant.id.as_str()])?;
            self.change_organization(|organization| organization.policy_revision += 1);
            self.append_audit(actor, Action::RoleDeleted, grant.id.as_str(), &json!({}))
        })
    }
}
