//! `key rotate`: a new signing key in the place of an old one.

use std::path::Path;

use entitlement::{KeyId, Moment};
use errors::{Code, Failure};
use serde_json::json;

use crate::cli::Rotate;
use crate::command::key;
use crate::ledger::{Ledger, Record};
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::revocations::Revocations;
use crate::workspace::{Purpose, Validity, Workspace};
use crate::{clock, key_file, standing};

/// How long both keys count where nobody says otherwise: a month, in which the list reaches the portals.
const USUAL_OVERLAP: i64 = 30 * 86_400;

/// What a rotation does.
struct Plan {
    /// The days of the new key.
    new: Validity,
    /// Whether it is to be made.
    is_made: bool,
    /// The days of the old key before.
    old: Validity,
    /// When it retires.
    retire: Moment,
}

/// Makes the new key and says when the old one retires, both with one write of the settings.
pub(super) fn rotate(dir: &Path, arguments: &Rotate, asking: Asking) -> Result<Answer, Failure> {
    let now = clock::now()?;
    let first = plan(&Workspace::open(dir)?, &Ledger::lock(dir)?, arguments, now)?;
    if arguments.dry_run {
        return Ok(answer(&first, "Would put", "; nothing was made", true));
    }
    let made = if first.is_made {
        let passphrase = arguments.passphrase.fresh(&arguments.to, asking)?;
        Some((key_file::generate(&arguments.to)?, passphrase))
    } else {
        None
    };
    let ledger = Ledger::lock(dir)?;
    let mut workspace = Workspace::open(dir)?;
    let plan = plan(&workspace, &ledger, arguments, now)?;
    workspace.retire(&arguments.old, plan.retire);
    match made {
        Some((secret, passphrase)) => workspace.add(&secret, Some(plan.new.clone()), &passphrase)?,
        None => workspace.keep()?,
    }
    let next = format!(
        "Next: `trust build`, and give the list to the portals; `{}` signs only once a list has published it.",
        arguments.to
    );
    Ok(answer(&plan, "Put", "", false).and_say(next))
}

fn plan(workspace: &Workspace, ledger: &Ledger, arguments: &Rotate, now: Moment) -> Result<Plan, Failure> {
    let (old, to) = (&arguments.old, &arguments.to);
    if old == to {
        return Err(Failure::new(Code::Usage, format!("The new key cannot have the name of the old one, `{old}`.")));
    }
    let revocations = Revocations::of(workspace.folder())?;
    [old, to].into_iter().try_for_each(|kid| standing::not_revoked(kid, &revocations))?;
    workspace.key_for(old, Purpose::Signing).map_err(explained)?;
    let old_days = workspace.validity(old)?.clone();
    let (new, is_made) = new_days(workspace, arguments, now)?;
    let usual = new.from.max(now).plus_seconds(USUAL_OVERLAP);
    let usual = usual.plus_seconds(-usual.unix().rem_euclid(86_400));
    let retire = arguments.retire.unwrap_or(usual).min(old_days.until);
    if retire < new.from && arguments.retire.is_some() {
        let detail = format!("--retire {retire} lies before {}: in between, neither key could sign.", new.from);
        return Err(Failure::new(Code::Usage, detail));
    }
    if retire <= old_days.from {
        let detail = format!("--retire {retire} is not after {}, from when on `{old}` counts.", old_days.from);
        return Err(Failure::new(Code::Usage, detail));
    }
    must_outlive_its_files(ledger, old, retire)?;
    Ok(Plan { new, is_made, old: old_days, retire })
}

/// The days of the new key: those of the key that is there, or those that were asked for.
fn new_days(workspace: &Workspace, arguments: &Rotate, now: Moment) -> Result<(Validity, bool), Failure> {
    let to = &arguments.to;
    if workspace.path(to, Purpose::Signing, "jwk").exists() {
        workspace.key_for(to, Purpose::Signing)?;
        if arguments.days.from.is_some() || arguments.days.until.is_some() {
            let detail =
                format!("The key `{to}` is there already, with days of its own: leave --from and --until out.");
            return Err(Failure::new(Code::Usage, detail));
        }
        return Ok((workspace.validity(to)?.clone(), false));
    }
    workspace.must_be_free(to)?;
    Ok((key::validity(to, &arguments.days, now)?, true))
}

/// A file that was signed after its key retired opens nowhere.
fn must_outlive_its_files(ledger: &Ledger, old: &KeyId, retire: Moment) -> Result<(), Failure> {
    for entry in ledger.records()?.iter().flat_map(Record::issued).filter(|entry| entry.key == *old) {
        let issued = entry.moment()?;
        if retire <= issued {
            let detail = format!("The key `{old}` cannot retire at {retire}: it signed {} at {issued}.", entry.license);
            return Err(Failure::new(Code::KeyInUse, detail).with("license", entry.license.to_string()));
        }
    }
    Ok(())
}

/// A root has no days and no list that names it.
fn explained(failure: Failure) -> Failure {
    if failure.code != Code::KeyWrongPurpose {
        return failure;
    }
    let detail = format!(
        "{} A root is followed by `key generate --purpose root` and a build that holds the new one.",
        failure.detail
    );
    Failure { detail, ..failure }
}

fn answer(plan: &Plan, put: &str, ending: &str, dry_run: bool) -> Answer {
    let (new, old) = (&plan.new, &plan.old);
    let table = format!(
        "{put} the key {} in the place of {}{ending}\n  signs      {} from {} up to {}\n  retires    {} at {} (was {})",
        new.kid, old.kid, new.kid, new.from, new.until, old.kid, plan.retire, old.until
    );
    let facts = json!({
        "dry_run": dry_run,
        "kid": new.kid,
        "made": plan.is_made,
        "from": new.from.to_string(),
        "until": new.until.to_string(),
        "retires": { "kid": old.kid, "at": plan.retire.to_string(), "before": old.until.to_string() },
    });
    Answer::facts(table, facts)
}
