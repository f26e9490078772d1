//! A row of the audit log in words: to what it was done, and what is another since.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::{Catalog, RoleId, Scope};
use entitlement::{AddOnId, ProductId, UserTypeId};
use rules::{ChangeId, MemberId};
use serde_json::{Map, Value};
use store::{Action, AuditRow, KeptPlan, ReadTx, StoreError};

use super::titles::title;
use crate::texts::text;

/// A row in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What was done.
    pub title: String,
    /// The member who did it, while there is one.
    pub by: Option<MemberId>,
    /// To what.
    pub target: Target,
    /// What is another since, and what else there is to say.
    pub lines: Vec<Line>,
    /// Whether there is more than these lines.
    pub more: bool,
}

/// To what something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name, or its id.
    pub name: String,
    /// Where it is shown, while it is there.
    pub place: Option<Place>,
}

/// Where a target is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A member.
    Member(MemberId),
    /// A change.
    Change(ChangeId),
    /// A role.
    Role(RoleId),
    /// The license files.
    Licenses,
    /// A topic of the settings.
    Settings(String),
}

/// One thing that is said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of what.
    pub of: String,
    /// What it was; nothing where there is no before.
    pub before: Option<String>,
    /// What it is.
    pub after: String,
}

impl Line {
    fn fact(of: impl Into<String>, after: impl Into<String>) -> Self {
        Self { of: of.into(), before: None, after: after.into() }
    }

    /// The line as one text.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { of, before, after } = self;
        before.as_ref().map_or_else(|| format!("{of}: {after}"), |before| format!("{of}: {before} → {after}"))
    }
}

/// Who tells rows in words, with the names of one state of the data.
pub struct Teller<'t, 'tx> {
    tx: &'t ReadTx<'tx>,
    catalog: Arc<Catalog>,
    most: usize,
    names: RefCell<BTreeMap<MemberId, Option<String>>>,
}

impl<'t, 'tx> Teller<'t, 'tx> {
    /// Tells at most so many lines of a row.
    ///
    /// # Errors
    /// What the database says.
    pub fn new(tx: &'t ReadTx<'tx>, most: usize) -> Result<Self, StoreError> {
        Ok(Self { tx, catalog: tx.catalog()?, most, names: RefCell::default() })
    }

    /// A row in words.
    ///
    /// # Errors
    /// What the database says.
    pub fn told(&self, row: &AuditRow) -> Result<Told, StoreError> {
        let mut lines = self.lines(row)?;
        let more = lines.len() > self.most;
        lines.truncate(self.most);
        let by = row.actor_id.as_deref().and_then(|id| id.parse().ok());
        let by = match by {
            Some(id) if self.username(&id)?.is_some() => Some(id),
            Some(_) | None => None,
        };
        Ok(Told { title: title(&row.action), by, target: self.target(row)?, lines, more })
    }

    /// The user name of a member who is there.
    fn username(&self, id: &MemberId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.names.borrow().get(id) {
            return Ok(known.clone());
        }
        let name = self.tx.member(id)?.map(|member| member.username);
        self.names.borrow_mut().insert(id.clone(), name.clone());
        Ok(name)
    }

    fn target(&self, row: &AuditRow) -> Result<Target, StoreError> {
        let said = |name: &str| row.detail.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = row.target.as_str();
        let action = Action::from_text(&row.action);
        if action == Some(Action::SettingsChanged) {
            return Ok(Target { name: id.to_owned(), place: Some(Place::Settings(id.to_owned())) });
        }
        if row.action.starts_with("role.") {
            return Ok(self.role_target(row));
        }
        if let Ok(member) = id.parse::<MemberId>() {
            let name = self.username(&member)?;
            let place = name.is_some().then_some(Place::Member(member));
            let then = || said("username").or_else(|| said("administrator"));
            return Ok(Target { name: name.or_else(then).unwrap_or_else(|| id.to_owned()), place });
        }
        if let Ok(change) = id.parse::<ChangeId>() {
            let place = self.tx.change(&change)?.is_some().then_some(Place::Change(change));
            return Ok(Target { name: id.to_owned(), place });
        }
        let is_installed = matches!(action, Some(Action::LicenseImported | Action::LicenseBegun));
        let name = match (id, said("product")) {
            ("portal", _) => text("audit-target-portal").plain(),
            ("clock", _) => text("audit-target-clock").plain(),
            ("offline", _) => text("audit-target-offline").plain(),
            ("trust-list", _) => text("audit-target-trust-list").plain(),
            (_, Some(product)) => {
                let product = self.named("product", &product)?;
                let on = |computer| text("audit-target-product").with("product", &product).with("computer", &computer);
                said("computer").map_or_else(|| product.clone(), |computer: String| on(computer).plain())
            }
            (other, None) => said("username").unwrap_or_else(|| other.to_owned()),
        };
        Ok(Target { name, place: is_installed.then_some(Place::Licenses) })
    }

    fn role_target(&self, row: &AuditRow) -> Target {
        let id = row.target.parse::<RoleId>().ok();
        let role = id.as_ref().and_then(|id| self.catalog.role(id));
        let then = row.detail.pointer("/after/name").and_then(Value::as_str);
        Target {
            name: role.map_or_else(|| then.unwrap_or(&row.target).to_owned(), |role| role.name.clone()),
            place: role.map(|role| Place::Role(role.id.clone())),
        }
    }

    fn lines(&self, row: &AuditRow) -> Result<Vec<Line>, StoreError> {
        let mut lines = Vec::new();
        let Value::Object(detail) = &row.detail else {
            return Ok(vec![Line::fact(text("audit-detail").plain(), row.detail.to_string())]);
        };
        if let Some(Value::Array(moves)) = detail.get("moves") {
            self.moved(row, moves, &mut lines)?;
        } else if let (Some(before), Some(after)) = (detail.get("before"), detail.get("after")) {
            self.compare((&text("audit-value").plain(), ""), before, after, &mut lines)?;
        }
        let told = ["moves", "moved", "before", "after"];
        for (key, value) in detail.iter().filter(|(key, _)| !told.contains(&key.as_str())) {
            let Value::Object(parts) = value else {
                self.fact(key, value, &mut lines)?;
                continue;
            };
            match (parts.get("before"), parts.get("after"), parts.len()) {
                (Some(before), Some(after), 2) => self.compare((&label(key), key), before, after, &mut lines)?,
                _ => self.facts(parts, &mut lines)?,
            }
        }
        Ok(lines)
    }

    /// What there is to say without a before; what is not there is not said.
    fn facts(&self, parts: &Map<String, Value>, lines: &mut Vec<Line>) -> Result<(), StoreError> {
        parts.iter().try_for_each(|(key, value)| self.fact(key, value, lines))
    }

    fn fact(&self, key: &str, value: &Value, lines: &mut Vec<Line>) -> Result<(), StoreError> {
        let is_empty = value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty {
            lines.push(Line::fact(label(key), self.value(key, value)?));
        }
        Ok(())
    }

    /// What is another.
    fn compare(
        &self,
        (of, key): (&str, &str),
        before: &Value,
        after: &Value,
        lines: &mut Vec<Line>,
    ) -> Result<(), StoreError> {
        match (before, after) {
            _ if before == after => {}
            (Value::Null, Value::Object(parts)) => self.facts(parts, lines)?,
            (Value::Object(then), Value::Object(now)) => {
                let gone = then.keys().filter(|key| !now.contains_key(*key));
                for key in now.keys().chain(gone) {
                    let side = |of: &'_ Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                    self.compare((&label(key), key), &side(then), &side(now), lines)?;
                }
            }
            (Value::Array(then), Value::Array(now)) => {
                let less: Vec<Value> = then.iter().filter(|one| !now.contains(one)).cloned().collect();
                let more: Vec<Value> = now.iter().filter(|one| !then.contains(one)).cloned().collect();
                let (lost, got) = (text("audit-taken-away").with("of", of), text("audit-given").with("of", of));
                for (what, list) in [(lost, less), (got, more)] {
                    if !list.is_empty() {
                        lines.push(Line::fact(what.plain(), self.value(key, &Value::Array(list))?));
                    }
                }
            }
            _ => lines.push(Line {
                of: of.to_owned(),
                before: Some(self.value(key, before)?),
                after: self.value(key, after)?,
            }),
        }
        Ok(())
    }

    /// What a change did with each member, as far as there is room for it.
    fn moved(&self, row: &AuditRow, moves: &[Value], lines: &mut Vec<Line>) -> Result<(), StoreError> {
        for one in moves {
            if lines.len() > self.most {
                return Ok(());
            }
            let id = one.get("member").and_then(Value::as_str).unwrap_or_default();
            let who = self.who_moved(row, id)?;
            let part = |name: &str| one.get(name).unwrap_or(&Value::Null);
            let (before, after) = (part("before"), part("after"));
            if after.is_null() {
                let was = self.value("user_type", before.get("user_type").unwrap_or(&Value::Null))?;
                lines.push(Line { of: who.clone(), before: Some(was), after: text("held-deleted").plain() });
            }
            for key in ["user_type", "role", "state"].iter().filter(|_| after.is_object()) {
                let side = |of: &Value| of.get(key).cloned().unwrap_or_default();
                let of = of_whom(&who, key);
                self.compare((&of, key), &side(before), &side(after), lines)?;
            }
            for key in ["assigned", "unassigned", "ended_sessions_of", "released_checkouts_of"] {
                let value = part(key);
                if value.as_array().is_some_and(|list| !list.is_empty()) {
                    lines.push(Line::fact(of_whom(&who, key), self.value(key, value)?));
                }
            }
        }
        let all = row.detail.get("moved").and_then(Value::as_u64).unwrap_or(0);
        let named = u64::try_from(moves.len()).unwrap_or(u64::MAX);
        if all > named {
            let more = text("audit-more-moved").with("count", all - named);
            lines.push(Line::fact(text("common-members").plain(), more.plain()));
        }
        Ok(())
    }

    /// The name of a member whom a change moved; the change remembers those who are gone.
    fn who_moved(&self, row: &AuditRow, id: &str) -> Result<String, StoreError> {
        let Ok(member) = id.parse::<MemberId>() else { return Ok(id.to_owned()) };
        if let Some(name) = self.username(&member)? {
            return Ok(name);
        }
        let change = row.target.parse().ok().map(|change| self.tx.change(&change)).transpose()?.flatten();
        let plan = change.and_then(|change| KeptPlan::of(&change.plan));
        let kept = plan.into_iter().flat_map(|plan| plan.members).find(|one| one.id == member);
        Ok(kept.map_or_else(|| id.to_owned(), |one| one.username))
    }

    /// A value for people.
    fn value(&self, key: &str, value: &Value) -> Result<String, StoreError> {
        Ok(match value {
            Value::Null => text("common-none").plain(),
            Value::Bool(true) => text("roles-yes").plain(),
            Value::Bool(false) => text("roles-no").plain(),
            Value::Number(number) => number.to_string(),
            Value::String(said) if said.is_empty() => text("common-none").plain(),
            Value::String(said) => self.named(key, said)?,
            Value::Array(list) if list.is_empty() => text("common-none").plain(),
            Value::Array(list) => {
                list.iter().map(|one| self.value(key, one)).collect::<Result<Vec<_>, _>>()?.join(", ")
            }
            Value::Object(parts) => {
                let part = |(key, value): (&String, &Value)| Ok(format!("{}: {}", label(key), self.value(key, value)?));
                parts.iter().map(part).collect::<Result<Vec<_>, StoreError>>()?.join("; ")
            }
        })
    }

    /// The name of an id, by what stands there; anything else as it is.
    fn named(&self, key: &str, id: &str) -> Result<String, StoreError> {
        let catalog = &self.catalog;
        let name = match key {
            "user_type" => {
                let known = id.parse::<UserTypeId>().ok();
                known.and_then(|id| catalog.user_type(&id)).map(|known| known.name.clone())
            }
            "role" => id.parse::<RoleId>().ok().and_then(|id| catalog.role(&id)).map(|known| known.name.clone()),
            "product" | "ended_sessions_of" | "released_checkouts_of" => {
                id.parse::<ProductId>().ok().and_then(|id| catalog.product(&id)).map(|known| known.name.clone())
            }
            "add_ons" | "assigned" | "unassigned" => {
                id.parse::<AddOnId>().ok().and_then(|id| catalog.add_on(&id)).map(|known| known.name.clone())
            }
            // Short names stand in more than one group, and in both scopes.
            "privileges" => catalog.privileges().iter().find(|known| known.id.as_str() == id).map(|known| {
                let said = if known.scope == Scope::Administrative { "audit-administrative" } else { "audit-general" };
                text(said).with("group", &known.group).with("name", &known.name).plain()
            }),
            "member" => id.parse().ok().map(|id| self.username(&id)).transpose()?.flatten(),
            _ => None,
        };
        Ok(name.unwrap_or_else(|| id.to_owned()))
    }
}

/// What the part of a member is called.
fn of_whom(who: &str, key: &str) -> String {
    text("audit-of-whom").with("who", who).with("what", label(key).to_lowercase()).plain()
}

/// What the part of a row is called.
fn label(key: &str) -> String {
    let known = match key {
        "email" => "audit-label-email",
        "full_name" => "audit-label-full-name",
        "username" => "audit-label-username",
        "group" => "audit-label-group",
        "category" => "audit-label-category",
        "vendor_access" => "audit-label-vendor-access",
        "assigned" => "audit-label-assigned",
        "unassigned" => "audit-label-unassigned",
        "ended_sessions_of" => "audit-label-ended-sessions-of",
        "released_checkouts_of" => "audit-label-released-checkouts-of",
        "expires_at" => "audit-label-expires-at",
        "tokens_ended" => "audit-label-tokens-ended",
        "reverts" => "audit-label-reverts",
        "returns_ended" => "audit-label-returns-ended",
        "locked_out" => "audit-label-locked-out",
        "log_given_up" => "audit-label-log-given-up",
        "over_data" => "audit-label-over-data",
        "wall" => "audit-label-wall",
        "why" => "audit-label-why",
        other => return capitalized(other),
    };
    text(known).plain()
}

fn capitalized(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
