//! `license preview|import|show`.

use errors::{Code, Failure};
use serde_json::{Value, json};
use store::{Installation, LicenseState, StagedFile};

use super::activate::read_files;
use super::plan::counted;
use super::{Answer, Desk};
use crate::actions::Caller;
use crate::actions::licenses::{self, Effects};
use crate::actions::overview;
use crate::api;
use crate::cli::License;
use crate::output;

pub(super) fn license(desk: &Desk, verb: &License) -> Result<Answer, Failure> {
    match verb {
        License::Preview { files, data } | License::Import { files, data, dry_run: true, .. } => {
            let files = read_files(files)?;
            let house = desk.open(data)?;
            let effects = house.store.read(|tx| licenses::preview(tx, &Caller::Console, &files))?;
            Ok(Answer::new(lines(&effects), api::licenses::effects(&effects, None)))
        }
        License::Import { files, data, confirm_locked_out, dry_run: false } => {
            let files = read_files(files)?;
            let house = desk.open(data)?;
            let confirmed = *confirm_locked_out;
            let imported = house.store.write_now(move |tx| licenses::import(tx, &Caller::Console, &files, confirmed));
            let (effects, installation) = imported.map_err(|error| repeat_with_the_number(error.into()))?;
            let said = match installation {
                Installation::Installed => format!("{} (sequence {}) is in force.", effects.license, effects.sequence),
                Installation::Staged => waits(&effects),
                Installation::Unchanged => format!(
                    "{} (sequence {}) was in force or waiting already; nothing was changed.",
                    effects.license, effects.sequence
                ),
            };
            let mut facts = api::licenses::effects(&effects, None);
            if let serde_json::Value::Object(members) = &mut facts {
                members.insert("imported".into(), json!(installation == Installation::Installed));
                members.insert("staged".into(), json!(installation == Installation::Staged));
            }
            Ok(Answer::new(format!("{said}\n\n{}", table(&effects)), facts))
        }
        License::Staged { data } => {
            let files = desk.open(data)?.store.read(|tx| licenses::staged(tx, &Caller::Console))?;
            let facts = api::shape::list(files.iter().map(api::trust::staged).collect(), None);
            Ok(Answer::new(staged_table(&files), facts))
        }
        License::Withdraw { license, data, dry_run } => {
            let (house, number) = (desk.open(data)?, license.clone());
            let given_up = super::write(&house, *dry_run, move |tx| licenses::withdraw(tx, &Caller::Console, &number))?;
            let done = format!("{} (sequence {}) does not wait any more.", given_up.license, given_up.sequence);
            Ok(Answer::written(*dry_run, &done, api::trust::staged(&given_up)))
        }
        License::Show { data } => {
            let house = desk.open(data)?;
            let shown = house.store.read(|tx| overview::show(tx, &Caller::Console))?;
            if !shown.license.is_activated() {
                return Err(Failure::plain(Code::NotActivated));
            }
            let facts = api::status::license(&shown.license, shown.now);
            Ok(Answer::new(shown_lines(&shown.license, &facts), facts))
        }
    }
}

/// A file that was taken in before its term.
fn waits(effects: &Effects) -> String {
    let from = effects.begins.unwrap_or(effects.from);
    format!(
        "{} (sequence {}) waits: it comes in force by itself at {from}. Until then the file in force stays.",
        effects.license, effects.sequence
    )
}

fn staged_table(files: &[StagedFile]) -> String {
    if files.is_empty() {
        return "No file waits.".to_owned();
    }
    let row = |one: &StagedFile| {
        let state = one.problem.clone().unwrap_or_else(|| "waits".to_owned());
        vec![one.license.to_string(), one.sequence.to_string(), one.from.to_string(), one.staged_by.clone(), state]
    };
    let rows: Vec<Vec<String>> = files.iter().map(row).collect();
    output::table(&["License", "Sequence", "Comes in force", "Imported by", "State"], &rows)
}

/// The refusal of an unconfirmed import, with the flag that confirms it.
pub(super) fn repeat_with_the_number(failure: Failure) -> Failure {
    match failure.facts.get("expected").and_then(Value::as_u64) {
        Some(number) if failure.code == Code::ConfirmationMismatch && number > 0 => {
            let detail = format!("{} Repeat with --confirm-locked-out {number}.", failure.detail);
            Failure { detail, ..failure }
        }
        Some(_) | None => failure,
    }
}

/// The installed file for people: what is not said of it has no line.
fn shown_lines(license: &LicenseState, facts: &Value) -> String {
    if let LicenseState::Refused(failure) = license {
        return format!("The installed license file does not count: {failure}");
    }
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    };
    let mut rows: Vec<(String, String)> = [
        ("License", "/license"),
        ("State", "/state"),
        ("Contract", "/contract"),
        ("Sequence", "/sequence"),
        ("Customer", "/customer/name"),
        ("Customer id", "/customer/id"),
        ("Issued by", "/issuer"),
        ("Signed with", "/key"),
        ("From", "/from"),
        ("Until", "/until"),
        ("Bound to here", "/bound"),
        ("Note", "/note"),
    ]
    .into_iter()
    .filter_map(|(name, place)| Some((name.to_owned(), text(facts.pointer(place)?)?)))
    .collect();
    for (kind, place) in [("User type", "/user_types"), ("Add-on", "/add_ons")] {
        let counts = facts.pointer(place).and_then(Value::as_object);
        rows.extend(counts.into_iter().flatten().map(|(id, count)| (format!("{kind} {id}"), count.to_string())));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:<width$}  {value}")).collect::<Vec<_>>().join("\n")
}

fn lines(effects: &Effects) -> String {
    let until = effects.until.map_or_else(|| "without an end".to_owned(), |until| format!("until {until}"));
    let fate = if effects.is_installed {
        "It is in force, or waits, already; importing it changes nothing.".to_owned()
    } else if effects.locked_out == 0 {
        "It locks nobody out.".to_owned()
    } else {
        let n = effects.locked_out;
        format!("It locks out {}; to import it say --confirm-locked-out {n}.", counted(n, "member"))
    };
    let fate = effects.begins.map_or(fate.clone(), |from| {
        format!("Its term has not begun: it would wait and come in force by itself at {from}. As the members are now:\n{fate}")
    });
    let fate = if effects.overtakes.is_empty() {
        fate
    } else {
        format!(
            "{fate}\nThese waiting files could never come in force after it and are given up: {}.",
            effects.overtakes.join(", ")
        )
    };
    let fate = if effects.blocks_products() {
        format!("{fate}\nNobody can start a product under it until what is over-assigned is unassigned.")
    } else {
        fate
    };
    format!(
        "{} (sequence {}), signed with {}, from {} {until}\n\n{}\n\n{fate}",
        effects.license,
        effects.sequence,
        effects.key,
        effects.from,
        table(effects)
    )
}

fn table(effects: &Effects) -> String {
    let rows: Vec<Vec<String>> = effects
        .user_types
        .iter()
        .map(|one| {
            vec![
                one.user_type.to_string(),
                one.licensed_before.to_string(),
                one.licensed_after.to_string(),
                one.assigned.to_string(),
                one.available_after.to_string(),
                one.locked_out.to_string(),
            ]
        })
        .chain(effects.add_ons.iter().map(|one| {
            let [now, new, assigned] = [one.licensed_before, one.licensed_after, one.assigned];
            let available = one.available_after.to_string();
            vec![
                one.add_on.to_string(),
                now.to_string(),
                new.to_string(),
                assigned.to_string(),
                available,
                "0".to_owned(),
            ]
        }))
        .collect();
    output::table(&["User type or add-on", "Now", "New", "Assigned", "Available after", "Locked out"], &rows)
}
