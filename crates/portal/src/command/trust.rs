//! `trust show|import`.

use entitlement::{Moment, TrustList};
use errors::{Code, Failure};
use serde_json::{Value, json};
use store::Installation;

use super::license::repeat_with_the_number;
use super::plan::counted;
use super::{Answer, Desk};
use crate::actions::Caller;
use crate::actions::trust::{self, TrustEffects};
use crate::api;
use crate::cli::Trust;
use crate::output;

pub(super) fn trust(desk: &Desk, verb: &Trust) -> Result<Answer, Failure> {
    match verb {
        Trust::Show { data } => {
            let house = desk.open(data)?;
            let (list, now) = house.store.read(|tx| Ok((trust::show(tx, &Caller::Console)?, tx.now())))?;
            let list = list.ok_or_else(|| Failure::plain(Code::TrustListMissing))?;
            Ok(Answer::new(table(&list, now), api::trust::list(&list, now)))
        }
        Trust::Import { file, data, dry_run: true, .. } => {
            let bytes = files::read(file)?;
            let house = desk.open(data)?;
            let (shown, now) = house.store.read(|tx| Ok((trust::preview(tx, &Caller::Console, &bytes)?, tx.now())))?;
            Ok(Answer::written(true, &told(&shown, now), api::trust::effects(&shown, now)))
        }
        Trust::Import { file, data, confirm_locked_out, dry_run: false } => {
            let bytes = files::read(file)?;
            let house = desk.open(data)?;
            let confirmed = *confirm_locked_out;
            let imported = house.store.write_now(move |tx| {
                let now = tx.now();
                trust::import(tx, &Caller::Console, &bytes, confirmed).map(|(shown, done)| (shown, done, now))
            });
            let (shown, done, now) = imported.map_err(|error| repeat_with_the_number(error.into()))?;
            let said = match done {
                Installation::Unchanged => "It was in force already; nothing was changed.",
                Installation::Installed | Installation::Staged => "It is in force.",
            };
            let mut facts = api::trust::effects(&shown, now);
            if let Value::Object(members) = &mut facts {
                members.insert("imported".into(), json!(done == Installation::Installed));
            }
            Ok(Answer::new(format!("{}\n{said}", told(&shown, now)), facts))
        }
    }
}

fn told(shown: &TrustEffects, now: Moment) -> String {
    let mut lines = vec![table(&shown.list, now)];
    if shown.revokes_license {
        lines.push("It revokes the license in force, which then gives nothing.".to_owned());
    }
    if shown.revokes_key {
        lines.push("It revokes the key that signed the file in force; the file stays, under a notice.".to_owned());
    }
    if let Some(failure) = &shown.refused {
        lines.push(format!("The file in force would not count under it: {}", failure.detail));
    }
    lines.push(match shown.locked_out {
        0 => "It locks nobody out.".to_owned(),
        n => format!("It locks out {}; to import it say --confirm-locked-out {n}.", counted(n, "member")),
    });
    lines.join("\n")
}

fn table(list: &TrustList, now: Moment) -> String {
    let state = |key: &entitlement::TrustedKey| match list.revoked_keys().get(key.key.kid()) {
        Some(from) => format!("revoked from {from}"),
        None if now < key.nbf => "signs later".to_owned(),
        None if now >= key.exp => "retired".to_owned(),
        None => "signs".to_owned(),
    };
    let rows: Vec<Vec<String>> = list
        .keys()
        .iter()
        .map(|key| vec![key.key.kid().to_string(), key.nbf.to_string(), key.exp.to_string(), state(key)])
        .collect();
    let expired = if list.is_expired(now) { " A newer one should have come." } else { "" };
    let mut lines = vec![
        format!(
            "Trust list, version {}, signed by the root {} at {}, to be renewed by {}.{expired}",
            list.version(),
            list.signed_by(),
            list.issued_at(),
            list.expires()
        ),
        String::new(),
        output::table(&["Key", "Signs from", "Up to", "State"], &rows),
    ];
    lines.extend(list.revoked_licenses().iter().map(|license| format!("The license {license} is revoked.")));
    let lowest = list.draft().min_sequence.iter();
    lines.extend(lowest.map(|(contract, n)| format!("Of the contract {contract} no file below sequence {n} counts.")));
    lines.join("\n")
}
