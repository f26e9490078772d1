//! Settings: what new members get, notices and passwords, the words of the house, groups and categories.

use std::collections::BTreeSet;

use entitlement::Policy;
use errors::Failure;
use rules::Actor;
use rules::account::{self, SettingsArea};
use rules::defaults::{self, NewMemberDefaults};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{LabelKind, ReadTx, Setting, StoreError, Topic, WriteTx};

use super::{Caller, actor, input};
use crate::auth::password::SHORTEST;

/// The most that can be asked for.
const LONGEST_MINIMUM: usize = 64;
/// The most days that can be set for offline use: the largest number a license file may give.
const MOST_DAYS: u32 = 365;
/// The most groups, and the most categories.
const MOST_LABELS: usize = 1000;

/// Notices and passwords (S205).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// What is shown before the sign-in; may be empty.
    pub access_notice: String,
    /// What is shown on every page; may be empty.
    pub information_banner: String,
    /// The fewest characters of a new password.
    pub minimum_password_length: usize,
}

impl Default for Security {
    fn default() -> Self {
        let minimum_password_length = SHORTEST;
        Self { access_notice: String::new(), information_banner: String::new(), minimum_password_length }
    }
}

/// The words of the house (S206).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Website {
    /// The name of the house; the customer's where it is empty.
    pub name: String,
    /// A line about it.
    pub summary: String,
    /// Whom members turn to; shown to who is locked out.
    pub contact: String,
}

/// Whether products may be taken offline, and for how long at most (S81 to S84).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Offline {
    /// Whether members may take products offline.
    pub allowed: bool,
    /// The most days; the file's where nothing is set.
    pub most_days: Option<u32>,
}

impl Offline {
    /// What members may do under that policy, in a sentence.
    #[must_use]
    pub fn told(&self, policy: Policy) -> String {
        match (rules::offline::days(policy, self.most_days), self.allowed) {
            (0, _) => "The license file allows no offline use.".to_owned(),
            (_, false) => "Members may not take products offline.".to_owned(),
            (1, true) => "Members may take products offline for 1 day.".to_owned(),
            (days, true) => format!("Members may take products offline for up to {days} days."),
        }
    }
}

impl Default for Offline {
    fn default() -> Self {
        Self { allowed: true, most_days: None }
    }
}

/// The names of groups or of categories.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// The names.
    pub names: BTreeSet<String>,
}

/// The new-member defaults as they are sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SentDefaults {
    /// The id of the user type, in any case.
    pub user_type: Option<String>,
    /// The id of the role, in any case.
    pub role: Option<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// The categories.
    pub categories: Vec<String>,
    /// Whether the vendor's own site is open to new members.
    pub vendor_access: bool,
    /// The ids of add-ons and extensions, in any case.
    pub add_ons: Vec<String>,
}

/// What is set under a topic, as it counts: with the values that hold where nothing was set.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The value.
    pub value: Value,
    /// Counts the changes; 0 while nothing was ever set.
    pub version: u64,
    /// Who set it, and when.
    pub changed: Option<(String, entitlement::Moment)>,
    /// What is wrong with it under the file in force.
    pub problem: Option<Failure>,
}

/// What is set under a topic.
///
/// # Errors
/// The caller may not change it either.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, topic: Topic) -> Result<Shown, StoreError> {
    let actor = actor(tx, caller)?;
    match topic {
        Topic::Groups | Topic::Categories if account::see_members(&actor).is_ok() => {}
        Topic::Groups | Topic::Categories | Topic::Defaults | Topic::Security | Topic::Website | Topic::Offline => {
            account::change_settings(&actor, area(topic))?;
        }
    }
    let setting = tx.setting(topic)?;
    let version = setting.as_ref().map_or(0, |setting| setting.version);
    let changed = setting.as_ref().map(|Setting { changed_by, changed_at, .. }| (changed_by.clone(), *changed_at));
    let mut problem = None;
    let value = match topic {
        Topic::Defaults => {
            let defaults = tx.defaults()?;
            problem = defaults::fault(&tx.facts()?, &defaults).map(Failure::from);
            defaults_shape(&defaults)
        }
        Topic::Security => json!(security(tx)?),
        Topic::Website => json!(website(tx)?),
        Topic::Offline => json!(offline(tx)?),
        Topic::Groups => with_use(tx, topic, LabelKind::Group)?,
        Topic::Categories => with_use(tx, topic, LabelKind::Category)?,
    };
    Ok(Shown { value, version, changed, problem })
}

/// The topics that the caller may change.
///
/// # Errors
/// There is none.
pub fn topics(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<Topic>, StoreError> {
    let actor = actor(tx, caller)?;
    let topics = topics_of(&actor);
    if topics.is_empty() {
        account::change_settings(&actor, SettingsArea::Security)?;
    }
    Ok(topics)
}

/// The topics that somebody may change.
pub(super) fn topics_of(actor: &Actor) -> Vec<Topic> {
    let may_change = |topic: &Topic| account::change_settings(actor, area(*topic)).is_ok();
    Topic::ALL.into_iter().filter(may_change).collect()
}

fn area(topic: Topic) -> SettingsArea {
    match topic {
        Topic::Defaults | Topic::Security => SettingsArea::Security,
        Topic::Website => SettingsArea::Website,
        Topic::Groups => SettingsArea::Groups,
        Topic::Categories => SettingsArea::Categories,
        Topic::Offline => SettingsArea::Offline,
    }
}

fn defaults_shape(defaults: &NewMemberDefaults) -> Value {
    json!({
        "user_type": defaults.user_type.as_ref().map(|id| id.as_str()),
        "role": defaults.role.as_ref().map(|id| id.as_str()),
        "groups": defaults.groups,
        "categories": defaults.categories,
        "vendor_access": defaults.vendor_access,
        "add_ons": defaults.add_ons.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
    })
}

fn with_use(tx: &ReadTx<'_>, topic: Topic, kind: LabelKind) -> Result<Value, StoreError> {
    let (names, used) = (names(tx, topic)?, tx.label_use(kind)?);
    let members = names.iter().map(|name| (name.clone(), json!(used.get(name).copied().unwrap_or(0))));
    Ok(json!({ "names": names, "members": members.collect::<serde_json::Map<_, _>>() }))
}

/// Notices and passwords in force.
///
/// # Errors
/// What the database says.
pub fn security(tx: &ReadTx<'_>) -> Result<Security, StoreError> {
    Ok(tx.setting_as(Topic::Security)?.unwrap_or_default())
}

/// The words of the house.
///
/// # Errors
/// What the database says.
pub fn website(tx: &ReadTx<'_>) -> Result<Website, StoreError> {
    Ok(tx.setting_as(Topic::Website)?.unwrap_or_default())
}

/// Whether products may be taken offline.
///
/// # Errors
/// What the database says.
pub fn offline(tx: &ReadTx<'_>) -> Result<Offline, StoreError> {
    Ok(tx.setting_as(Topic::Offline)?.unwrap_or_default())
}

/// Sets whether products may be taken offline, and for how many days at most. What is out already stays out to its end
/// (S82, S84; A-SES-7).
///
/// # Errors
/// A privilege is missing; a number of days that cannot be used; `stale`.
pub fn set_offline(tx: &WriteTx<'_>, caller: &Caller, sent: Offline, expected: Option<u64>) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::change_settings(&actor, SettingsArea::Offline)?;
    if sent.most_days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        let rule = format!("is a number from 1 to {MOST_DAYS}, or null for what the license file allows");
        return Err(input::invalid_at("/most_days", &rule).into());
    }
    tx.save_setting(&actor, Topic::Offline, &json!(sent), expected)
}

/// Lets members take products offline, or not; the most days that are set stay unless others are named.
///
/// # Errors
/// As [`set_offline`].
pub fn allow_offline(
    tx: &WriteTx<'_>,
    caller: &Caller,
    (allowed, most_days): (bool, Option<u32>),
) -> Result<Offline, StoreError> {
    let set = Offline { allowed, most_days: most_days.or(offline(tx)?.most_days) };
    set_offline(tx, caller, set.clone(), None)?;
    Ok(set)
}

/// The groups, or the categories, that there are.
///
/// # Errors
/// What the database says.
pub fn names(tx: &ReadTx<'_>, topic: Topic) -> Result<BTreeSet<String>, StoreError> {
    Ok(tx.setting_as::<Names>(topic)?.unwrap_or_default().names)
}

/// Sets what new members get (S54, S204, A-ROLE-9).
///
/// # Errors
/// What [`defaults::set`] refuses; a group or category that there is not; `stale`.
pub fn set_defaults(
    tx: &WriteTx<'_>,
    caller: &Caller,
    sent: SentDefaults,
    expected: Option<u64>,
) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    let wanted = NewMemberDefaults {
        user_type: sent.user_type.as_deref().map(|id| input::user_type_at("/user_type", id)).transpose()?,
        role: sent.role.as_deref().map(|id| input::role_at("/role", id)).transpose()?,
        groups: input::labels("/groups", sent.groups)?,
        categories: input::labels("/categories", sent.categories)?,
        vendor_access: sent.vendor_access,
        add_ons: sent.add_ons.iter().map(|id| input::add_on_at("/add_ons", id)).collect::<Result<_, _>>()?,
    };
    defaults::set(&tx.facts()?, &actor, &wanted)?;
    super::members::known_labels(tx, Topic::Groups, &wanted.groups)?;
    super::members::known_labels(tx, Topic::Categories, &wanted.categories)?;
    tx.save_defaults(&actor, &wanted, expected)
}

/// Sets notices and passwords.
///
/// # Errors
/// A privilege is missing; a value that cannot be used; `stale`.
pub fn set_security(
    tx: &WriteTx<'_>,
    caller: &Caller,
    sent: Security,
    expected: Option<u64>,
) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::change_settings(&actor, SettingsArea::Security)?;
    if !(SHORTEST..=LONGEST_MINIMUM).contains(&sent.minimum_password_length) {
        let rule = format!("is a number from {SHORTEST} to {LONGEST_MINIMUM}");
        return Err(input::invalid_at("/minimum_password_length", &rule).into());
    }
    let checked = Security {
        access_notice: input::text_of("/access_notice", sent.access_notice, 1000)?,
        information_banner: input::text_of("/information_banner", sent.information_banner, 500)?,
        minimum_password_length: sent.minimum_password_length,
    };
    tx.save_setting(&actor, Topic::Security, &json!(checked), expected)
}

/// Sets the words of the house.
///
/// # Errors
/// A privilege is missing; a value that cannot be used; `stale`.
pub fn set_website(tx: &WriteTx<'_>, caller: &Caller, sent: Website, expected: Option<u64>) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::change_settings(&actor, SettingsArea::Website)?;
    let checked = Website {
        name: input::text_of("/name", sent.name, 100)?,
        summary: input::text_of("/summary", sent.summary, 300)?,
        contact: input::text_of("/contact", sent.contact, 200)?,
    };
    tx.save_setting(&actor, Topic::Website, &json!(checked), expected)
}

/// Sets the groups, or the categories, that there are. One that members have stays.
///
/// # Errors
/// A privilege is missing; a name that cannot be used; one left out that members have; `stale`.
pub fn set_names(
    tx: &WriteTx<'_>,
    caller: &Caller,
    topic: Topic,
    sent: Vec<String>,
    expected: Option<u64>,
) -> Result<(), StoreError> {
    let actor = actor(tx, caller)?;
    account::change_settings(&actor, area(topic))?;
    let names = input::labels("/names", sent)?;
    if names.len() > MOST_LABELS {
        return Err(input::invalid_at("/names", &format!("holds more than {MOST_LABELS} names")).into());
    }
    let kind = if topic == Topic::Groups { LabelKind::Group } else { LabelKind::Category };
    if let Some((name, members)) = tx.label_use(kind)?.iter().find(|(name, _)| !names.contains(*name)) {
        let held = if *members == 1 { "1 member has".to_owned() } else { format!("{members} members have") };
        let rule = format!("leaves out `{name}`, which {held}; take it away first");
        return Err(input::invalid_at("/names", &rule).into());
    }
    tx.save_setting(&actor, topic, &json!(Names { names }), expected)
}
