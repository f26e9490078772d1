//! What the organization itself has settled: its own roles beside the catalog's, and what new members get.
//!
//! Both are asked for in almost every decision and change rarely, so they are kept in memory, bound to the catalog and to
//! the policy revision of the organization's row. What a transaction has changed and not committed is kept nowhere.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use catalog::{Catalog, CustomRole, PrivilegeId, RoleId};
use entitlement::{AddOnId, CatalogDigest, UserTypeId};
use rules::defaults::NewMemberDefaults;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::row::Row;
use crate::settings::Topic;
use crate::sql;
use crate::tx::ReadTx;

/// Roles and defaults in force.
#[derive(Debug)]
pub(crate) struct Policy {
    /// The catalog with the organization's own roles.
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) defaults: NewMemberDefaults,
}

/// The last policy that was read, shared by the writer and all readers.
#[derive(Default)]
pub(crate) struct PolicyCache(Mutex<Option<(CatalogDigest, u64, Arc<Policy>)>>);

impl PolicyCache {
    fn find(&self, digest: &CatalogDigest, revision: u64) -> Option<Arc<Policy>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.as_ref().filter(|(of, at, _)| of == digest && *at == revision);
        found.map(|(.., policy)| Arc::clone(policy))
    }

    fn keep(&self, digest: &CatalogDigest, revision: u64, policy: &Arc<Policy>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((*digest, revision, Arc::clone(policy)));
    }
}

/// The new-member defaults as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptDefaults {
    pub(crate) user_type: Option<String>,
    pub(crate) role: Option<String>,
    #[serde(default)]
    pub(crate) groups: BTreeSet<String>,
    #[serde(default)]
    pub(crate) categories: BTreeSet<String>,
    #[serde(default)]
    pub(crate) vendor_access: bool,
    #[serde(default)]
    pub(crate) add_ons: BTreeSet<String>,
}

impl KeptDefaults {
    pub(crate) fn of(defaults: &NewMemberDefaults) -> Self {
        Self {
            user_type: defaults.user_type.as_ref().map(ToString::to_string),
            role: defaults.role.as_ref().map(ToString::to_string),
            groups: defaults.groups.clone(),
            categories: defaults.categories.clone(),
            vendor_access: defaults.vendor_access,
            add_ons: defaults.add_ons.iter().map(ToString::to_string).collect(),
        }
    }

    pub(crate) fn read(self) -> Result<NewMemberDefaults, StoreError> {
        let user_type = self.user_type.as_deref().map(UserTypeId::parse).transpose().map_err(StoreError::damaged)?;
        let role = self.role.as_deref().map(RoleId::parse).transpose().map_err(StoreError::damaged)?;
        let add_ons = self.add_ons.iter().map(|id| AddOnId::parse(id).map_err(StoreError::damaged));
        let add_ons = add_ons.collect::<Result<_, _>>()?;
        let Self { groups, categories, vendor_access, .. } = self;
        Ok(NewMemberDefaults { user_type, role, groups, categories, vendor_access, add_ons })
    }
}

impl ReadTx<'_> {
    /// The policy over the catalog of the installed file.
    pub(crate) fn policy(&self) -> Result<Arc<Policy>, StoreError> {
        self.policy_over(&self.license_catalog()?)
    }

    /// The policy over a catalog, such as that of a file that is to be imported.
    pub(crate) fn policy_over(&self, catalog: &Arc<Catalog>) -> Result<Arc<Policy>, StoreError> {
        let (revision, is_committed) = {
            let books = self.ground.books.borrow();
            (books.organization.policy_revision, books.is_policy_committed())
        };
        let cache = &self.ground.shared.policy;
        if let Some(policy) = cache.find(catalog.digest(), revision).filter(|_| is_committed) {
            return Ok(policy);
        }
        let roles = self.db().many(sql::ROLES, &[], custom_role)?;
        let catalog_with_roles =
            if roles.is_empty() { Arc::clone(catalog) } else { Arc::new(catalog.with_custom_roles(&roles)) };
        let kept: Option<KeptDefaults> = self.setting_as(Topic::Defaults)?;
        let defaults = kept.map(KeptDefaults::read).transpose()?.unwrap_or_default();
        let policy = Arc::new(Policy { catalog: catalog_with_roles, defaults });
        if is_committed {
            cache.keep(catalog.digest(), revision, &policy);
        }
        Ok(policy)
    }

    /// What new members get where nothing is asked (S54).
    ///
    /// # Errors
    /// What the database says.
    pub fn defaults(&self) -> Result<NewMemberDefaults, StoreError> {
        Ok(self.policy()?.defaults.clone())
    }

    /// The catalog that counts now, with the organization's own roles: that of the installed file, or the one compiled in.
    ///
    /// # Errors
    /// What the database says.
    pub fn catalog(&self) -> Result<Arc<Catalog>, StoreError> {
        Ok(Arc::clone(&self.policy()?.catalog))
    }
}

fn custom_role(row: &Row<'_>) -> Result<CustomRole, StoreError> {
    let written: Vec<String> = row.json(3)?;
    let read =
        |id: &String| PrivilegeId::parse(id).ok_or_else(|| StoreError::damaged(format!("`{id}` is no privilege")));
    let privileges = written.iter().map(read).collect::<Result<_, _>>()?;
    Ok(CustomRole { id: row.parsed(0)?, name: row.owned(1)?, description: row.owned(2)?, privileges })
}
