//! `key revoke`, `license revoke`, `license withdraw`: what the vendor takes back. Each is recorded here and reaches the
//! portals with the next trust list.

use std::path::Path;

use entitlement::{KeyId, LicenseId, Moment};
use errors::{Code, Failure};
use serde_json::json;

use crate::cli::{RevokeKey, RevokeLicense, Withdraw};
use crate::clock;
use crate::ledger::{Ledger, Record};
use crate::output::Answer;
use crate::revocations::{Because, Revocations};
use crate::workspace::{Purpose, Workspace};

const NEXT: &str = "Next: `trust build`, and give the list to the portals; until then nothing changes there.";

/// The most names that a table or a sentence lists.
const SHOWN: usize = 12;

/// Revokes a key.
pub(super) fn key(dir: &Path, arguments: &RevokeKey) -> Result<Answer, Failure> {
    let (kid, from) = (&arguments.id, arguments.from);
    let because = Because { reason: &arguments.reason, now: clock::now()? };
    let ledger = Ledger::lock(dir)?;
    let workspace = Workspace::open(dir)?;
    let (_, purpose) = workspace.key(kid)?;
    let mut revocations = Revocations::of(dir)?;
    revocations.revoke_key(kid, from, &because)?;
    let signed = Signed::by(&ledger, kid, from)?;
    let left = roots_left(&workspace, &revocations)?;
    let facts = json!({
        "dry_run": arguments.dry_run,
        "kid": kid,
        "purpose": purpose.to_string(),
        "from": from.to_string(),
        "reason": arguments.reason,
        "stays_where_installed": signed.before,
        "ends": signed.since,
        "roots_left": left,
    });
    let what = format!("the {purpose} key {kid} from {from}: {}", arguments.reason);
    let next = match purpose {
        Purpose::Signing => {
            "Next: `trust build`. A portal imports nothing that this key signed, whatever its date: issue \
                             those files again with another key."
                .to_owned()
        }
        Purpose::Root => after_a_root(&left),
    };
    if arguments.dry_run {
        return Ok(Answer::facts(format!("Would revoke {what}; nothing was revoked.{}", signed.table()), facts));
    }
    revocations.keep(dir)?;
    Ok(Answer::facts(format!("Revoked {what}{}", signed.table()), facts).and_say(next))
}

/// The roots that are not revoked.
fn roots_left(workspace: &Workspace, revocations: &Revocations) -> Result<Vec<KeyId>, Failure> {
    let roots = workspace.keys(Purpose::Root)?.into_iter().map(|root| root.kid().clone());
    Ok(roots.filter(|kid| revocations.key(kid).is_none()).collect())
}

/// What follows when a root is lost: those that are left sign the lists, and the next build holds only them.
fn after_a_root(left: &[KeyId]) -> String {
    let Some(first) = left.first() else {
        return "No root is left. Next: `key generate --purpose root`, and a build of the portals that holds it: no trust \
                list can be made for the portals that are out."
            .to_owned();
    };
    let all = left.iter().map(KeyId::as_str).collect::<Vec<_>>().join(" ");
    format!(
        "No list says that a root is revoked; the next build drops it. Next: `trust build --root {first}`, then build the \
         portals with the roots of `key export {all}`."
    )
}

/// The files that a key signed, before the day of its revocation and since.
struct Signed {
    before: Vec<LicenseId>,
    since: Vec<LicenseId>,
}

impl Signed {
    fn by(ledger: &Ledger, kid: &KeyId, from: Moment) -> Result<Self, Failure> {
        let mut signed = Self { before: Vec::new(), since: Vec::new() };
        for entry in ledger.records()?.iter().flat_map(Record::issued).filter(|entry| entry.key == *kid) {
            let side = if entry.moment()? < from { &mut signed.before } else { &mut signed.since };
            side.push(entry.license.clone());
        }
        Ok(signed)
    }

    fn table(&self) -> String {
        let row = |name: &str, licenses: &[LicenseId]| {
            if licenses.is_empty() { String::new() } else { format!("\n  {name:<24}{}", names(licenses)) }
        };
        row("stays where installed", &self.before) + &row("ends", &self.since)
    }
}

/// Ends one license.
pub(super) fn license(dir: &Path, arguments: &RevokeLicense) -> Result<Answer, Failure> {
    let id = &arguments.id;
    let because = Because { reason: &arguments.reason, now: clock::now()? };
    let ledger = Ledger::lock(dir)?;
    Workspace::open(dir)?;
    let records = ledger.records()?;
    let found = records.iter().find_map(|record| {
        record.issued().iter().find(|entry| entry.license == *id).map(|entry| (record.contract(), entry))
    });
    let Some((contract, entry)) = found else {
        let known: Vec<_> = records.iter().flat_map(Record::issued).map(|entry| entry.license.clone()).collect();
        return Err(unknown(&format_args!("This desk has issued no license `{id}`"), &known));
    };
    let mut revocations = Revocations::of(dir)?;
    revocations.revoke_license(id, &because)?;
    let facts = json!({
        "dry_run": arguments.dry_run,
        "license": id,
        "contract": contract,
        "sequence": entry.sequence,
        "reason": arguments.reason,
    });
    let what = format!("the license {id} (sequence {} of {contract}): {}", entry.sequence, arguments.reason);
    if arguments.dry_run {
        return Ok(Answer::facts(format!("Would revoke {what}; nothing was revoked."), facts));
    }
    revocations.keep(dir)?;
    Ok(Answer::facts(format!("Revoked {what}"), facts).and_say(NEXT))
}

/// Ends the files of a contract below a sequence.
pub(super) fn withdraw(dir: &Path, arguments: &Withdraw) -> Result<Answer, Failure> {
    let (contract, below) = (&arguments.contract, arguments.below);
    let because = Because { reason: &arguments.reason, now: clock::now()? };
    let ledger = Ledger::lock(dir)?;
    Workspace::open(dir)?;
    let records = ledger.records()?;
    let Some(record) = records.iter().find(|record| record.contract() == contract) else {
        let known: Vec<_> = records.iter().map(|record| record.contract().clone()).collect();
        return Err(unknown(&format_args!("This desk has issued nothing for the contract `{contract}`"), &known));
    };
    let last = record.last_sequence();
    // One more than the last ends all of them, until the next file is issued. Beyond that it is a slip of the keyboard.
    if below > last.saturating_add(1) {
        let detail =
            format!("The last file of `{contract}` is sequence {last}, so --below {below} would end the next.");
        return Err(Failure::new(Code::Usage, detail).with("last_sequence", last));
    }
    let mut revocations = Revocations::of(dir)?;
    revocations.withdraw(contract, below, &because)?;
    let ended = record.issued().iter().filter(|entry| entry.sequence < below).map(|entry| entry.license.clone());
    let ended: Vec<LicenseId> = ended.collect();
    let facts = json!({
        "dry_run": arguments.dry_run,
        "contract": contract,
        "below": below,
        "ends": ended,
        "reason": arguments.reason,
    });
    let what = format!("the files of {contract} below sequence {below}: {}", arguments.reason);
    let rows = format!("\n  {:<24}{}", "ends", names(&ended));
    if arguments.dry_run {
        return Ok(Answer::facts(format!("Would withdraw {what}; nothing was withdrawn.{rows}"), facts));
    }
    revocations.keep(dir)?;
    Ok(Answer::facts(format!("Withdrew {what}{rows}"), facts).and_say(NEXT))
}

fn unknown<T: std::fmt::Display>(sentence: &dyn std::fmt::Display, known: &[T]) -> Failure {
    let known = if known.is_empty() { "nothing yet".to_owned() } else { names(known) };
    Failure::new(Code::NotFound, format!("{sentence}; its ledger has: {known}."))
}

/// The last names of a list; the earlier ones are counted.
fn names<T: std::fmt::Display>(known: &[T]) -> String {
    let hidden = known.len().saturating_sub(SHOWN);
    let shown = known.iter().skip(hidden).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if hidden == 0 { shown } else { format!("{hidden} earlier ones, {shown}") }
}
