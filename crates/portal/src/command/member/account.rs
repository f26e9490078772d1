//! `member show|edit`.

use errors::{Code, Failure};
use serde_json::{Value, json};
use store::{Labels, Member as Row};

use super::super::{Answer, CONSOLE, Desk, write};
use crate::actions::input::{labels, text};
use crate::actions::members::{self, AskedExtras};
use crate::actions::profile::{self, Profile};
use crate::api::shape;
use crate::cli::{Data, Switch};
use crate::output;

pub(super) fn show(desk: &Desk, data: &Data, user: &str) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let (member, (labels, add_ons), locked_out) = house.store.read(|tx| {
        let member = members::show(tx, &CONSOLE, &members::find(tx, user)?)?;
        let (labels, locked_out) =
            ((tx.labels(&member.id)?, tx.add_ons_of(&member.id)?), members::is_locked_out(tx, &member)?);
        Ok((member, labels, locked_out))
    })?;
    let mut facts = shape::labelled(&member, &labels, &add_ons);
    if let Value::Object(members) = &mut facts {
        members.insert("locked_out".into(), json!(locked_out));
    }
    Ok(Answer::new(lines(&member, &labels, locked_out), facts))
}

/// What is not there has no line.
fn lines(member: &Row, labels: &Labels, locked_out: bool) -> String {
    let is_seated = member.state.holds_a_seat();
    let joined = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    let state =
        if locked_out { format!("{}, locked out", member.state.as_str()) } else { member.state.as_str().to_owned() };
    let before = member.former.as_ref().filter(|_| is_seated);
    let access = if member.vendor_access { "open" } else { "" };
    let rows = [
        ("User name", member.username.clone()),
        ("Full name", member.full_name.clone()),
        ("E-mail", member.email.clone()),
        (if is_seated { "User type" } else { "User type before" }, member.user_type.to_string()),
        (if is_seated { "Role" } else { "Role before" }, member.role.to_string()),
        ("State", state),
        ("Groups", joined(&labels.groups)),
        ("Categories", joined(&labels.categories)),
        ("Vendor's site", access.to_owned()),
        (
            "Formerly",
            before.map_or_else(String::new, |was| format!("{} ({}), until {}", was.user_type, was.role, was.change)),
        ),
        ("Registered", member.created_at.to_string()),
        ("Last signed in", member.last_signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string())),
        ("Archived", member.archived_at.map_or_else(String::new, |at| at.to_string())),
        ("Id", member.id.to_string()),
    ];
    output::pairs(&rows.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
}

/// What is to be another; what is not named stays.
pub(super) struct Edit {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) group: Option<Vec<String>>,
    pub(super) category: Option<Vec<String>>,
    pub(super) vendor_access: Option<Switch>,
}

impl Edit {
    fn profile(self) -> Result<Profile, Failure> {
        // A single empty name stands for none.
        let named = |names: Vec<String>| if names == [""] { Vec::new() } else { names };
        let profile = Profile {
            full_name: self.name.map(|name| text("/name", Some(name))).transpose()?,
            email: self.email.map(|email| text("/email", Some(email))).transpose()?,
            extras: AskedExtras {
                groups: self.group.map(|names| labels("/group", named(names))).transpose()?,
                categories: self.category.map(|names| labels("/category", named(names))).transpose()?,
                vendor_access: self.vendor_access.map(|switch| switch == Switch::On),
            },
        };
        if profile == Profile::default() {
            let detail = "Name what is to change: --name, --email, --group, --category or --vendor-access.";
            return Err(Failure::new(Code::Usage, detail));
        }
        Ok(profile)
    }
}

pub(super) fn edit(desk: &Desk, data: &Data, user: String, (edit, dry_run): (Edit, bool)) -> Result<Answer, Failure> {
    let profile = edit.profile()?;
    let house = desk.open(data)?;
    let (before, member, (labels, add_ons)) = write(&house, dry_run, move |tx| {
        let id = members::find(tx, &user)?;
        let before = tx.member(&id)?.map(|member| member.version);
        let member = profile::describe(tx, &CONSOLE, &id, (&profile, None))?;
        let kept = (tx.labels(&id)?, tx.add_ons_of(&id)?);
        Ok((before, member, kept))
    })?;
    let what = if before == Some(member.version) { "was so already; nothing was changed" } else { "is changed" };
    let done = format!("{}\n\n{} {what}.", lines(&member, &labels, false), member.username);
    Ok(Answer::written(dry_run, &done, shape::labelled(&member, &labels, &add_ons)))
}
