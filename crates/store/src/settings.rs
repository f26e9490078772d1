//! Settings of the organization, one JSON value per topic.

use entitlement::Moment;
use errors::{Code, Failure};
use rules::Actor;
use rules::defaults::NewMemberDefaults;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::audit::Action;
use crate::backend::values;
use crate::policy::KeptDefaults;
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, sql};

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What new members get (S54, S204).
    Defaults,
    /// Notices and passwords (S205).
    Security,
    /// The name and the words of the house (S206).
    Website,
    /// The groups that there are.
    Groups,
    /// The categories of members (S180).
    Categories,
    /// Whether products may be taken offline, and for how long (S82, S84).
    Offline,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::Defaults, Self::Security, Self::Website, Self::Groups, Self::Categories, Self::Offline];

    /// The topic as programs write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Defaults => "defaults",
            Self::Security => "security",
            Self::Website => "website",
            Self::Groups => "groups",
            Self::Categories => "categories",
            Self::Offline => "offline",
        }
    }

    /// The topic of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == name)
    }
}

/// What is set, and who set it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The value.
    pub value: Value,
    /// The user name of whoever set it.
    pub changed_by: String,
    /// When.
    pub changed_at: Moment,
    /// Counts the changes; 0 while nothing was ever set.
    pub version: u64,
}

impl ReadTx<'_> {
    /// What is set under a topic; nothing while it never was.
    ///
    /// # Errors
    /// What the database says.
    pub fn setting(&self, topic: Topic) -> Result<Option<Setting>, StoreError> {
        self.db().one(sql::SETTING, values![topic.as_str()], |row| {
            let (value, version) = (row.json(0)?, row.count(3)?);
            Ok(Setting { value, changed_by: row.owned(1)?, changed_at: row.moment(2)?, version })
        })
    }

    /// The value of a topic, read into a type.
    ///
    /// # Errors
    /// What stands there is not of that type, or what the database says.
    pub fn setting_as<T: DeserializeOwned>(&self, topic: Topic) -> Result<Option<T>, StoreError> {
        let setting = self.setting(topic)?;
        setting.map(|found| serde_json::from_value(found.value).map_err(StoreError::damaged)).transpose()
    }
}

impl WriteTx<'_> {
    /// Sets the value of a topic. `expected` is the version that the caller read, 0 for what was never set.
    ///
    /// # Errors
    /// `stale`; new-member defaults that could not be read again; or what the database says.
    pub fn save_setting(
        &self,
        actor: &Actor,
        topic: Topic,
        value: &Value,
        expected: Option<u64>,
    ) -> Result<(), StoreError> {
        let before = self.setting(topic)?;
        let version = before.as_ref().map_or(0, |setting| setting.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(Failure::plain(Code::Stale).into());
        }
        if topic == Topic::Defaults {
            // They are read in every decision: what could not be read again would stop them all.
            let kept: KeptDefaults = serde_json::from_value(value.clone()).map_err(StoreError::internal)?;
            kept.read().map_err(StoreError::internal)?;
        }
        self.whole(|| {
            let text = value.to_string();
            self.db().execute(sql::SAVE_SETTING, values![topic.as_str(), &text, actor.name(), self.now()])?;
            self.change_organization(|organization| organization.policy_revision += 1);
            let detail = json!({ "before": before.map(|setting| setting.value), "after": value });
            self.append_audit(actor, Action::SettingsChanged, topic.as_str(), &detail)
        })
    }

    /// Sets what new members get. The rule [`rules::defaults::set`] has been asked.
    ///
    /// # Errors
    /// As [`WriteTx::save_setting`].
    pub fn save_defaults(
        &self,
        actor: &Actor,
        defaults: &NewMemberDefaults,
        expected: Option<u64>,
    ) -> Result<(), StoreError> {
        let value = serde_json::to_value(KeptDefaults::of(defaults)).map_err(StoreError::internal)?;
        self.save_setting(actor, Topic::Defaults, &value, expected)
    }
}
