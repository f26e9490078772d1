//! `key generate|list|show|export`.

use std::path::Path;

use entitlement::{KeyId, Moment, PublicKey, Roots};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::cli::{Days, Generate};
use crate::ledger::Ledger;
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::workspace::{Purpose, Validity, Workspace};
use crate::{clock, key_file};

/// How long a signing key counts where nobody says otherwise: two years.
const USUAL_LIFE: i64 = 731 * 86_400;

/// Makes a key.
pub(super) fn generate(dir: &Path, arguments: &Generate, asking: Asking) -> Result<Answer, Failure> {
    let kid = &arguments.id;
    let validity = match arguments.purpose {
        Purpose::Signing => Some(validity(kid, &arguments.days, clock::now()?)?),
        Purpose::Root => None,
    };
    Workspace::open(dir)?.must_be_free(kid)?;
    if arguments.dry_run {
        let table = format!("Would make the {} key {kid}; nothing was made.", arguments.purpose);
        return Ok(Answer::facts(
            table,
            json!({ "dry_run": true, "kid": kid, "purpose": arguments.purpose.to_string() }),
        ));
    }
    let passphrase = arguments.passphrase.fresh(kid, asking)?;
    let key = key_file::generate(kid)?;
    let _lock = Ledger::lock(dir)?;
    let mut workspace = Workspace::open(dir)?;
    workspace.add(&key, validity, &passphrase)?;
    let answer = describe(&workspace, &key.public(), arguments.purpose)?;
    let next = match arguments.purpose {
        Purpose::Signing => "Next: `trust build`, so that portals know the key before it signs anything.",
        Purpose::Root => "Next: `key export`, and build portals with the roots that it prints.",
    };
    Ok(answer.and_say(next))
}

/// The days on which a new signing key counts.
pub(super) fn validity(kid: &KeyId, days: &Days, now: Moment) -> Result<Validity, Failure> {
    let midnight = now.plus_seconds(-now.unix().rem_euclid(86_400));
    let from = days.from.unwrap_or(midnight);
    let until = days.until.unwrap_or_else(|| from.plus_seconds(USUAL_LIFE));
    if from < until {
        return Ok(Validity { kid: kid.clone(), from, until });
    }
    Err(Failure::new(Code::Usage, format!("--until {until} is not after --from {from}.")))
}

/// All keys of the workspace.
pub(super) fn list(dir: &Path) -> Result<Answer, Failure> {
    let workspace = Workspace::open(dir)?;
    let mut rows = Vec::new();
    let mut items = Vec::new();
    for purpose in [Purpose::Root, Purpose::Signing] {
        for key in workspace.keys(purpose)? {
            rows.push(format!(
                "{:<24}{:<9}{}",
                key.kid().as_str(),
                purpose.to_string(),
                counts(&workspace, &key, purpose)?
            ));
            items.push(facts(&workspace, &key, purpose)?);
        }
    }
    Ok(Answer::facts(rows.join("\n"), json!({ "keys": items })))
}

/// One key.
pub(super) fn show(dir: &Path, kid: &KeyId) -> Result<Answer, Failure> {
    let workspace = Workspace::open(dir)?;
    let (key, purpose) = workspace.key(kid)?;
    describe(&workspace, &key, purpose)
}

/// The public half as a JWK Set.
pub(super) fn export(dir: &Path, kid: &KeyId) -> Result<Answer, Failure> {
    let (key, _) = Workspace::open(dir)?.key(kid)?;
    let set = Roots::new(vec![key]).map_err(|error| Failure::new(Code::KeyInvalid, format!("{error}.")))?;
    Ok(Answer::document(set.to_jwk_set()))
}

fn describe(workspace: &Workspace, key: &PublicKey, purpose: Purpose) -> Result<Answer, Failure> {
    let secret = workspace.path(key.kid(), purpose, "pem");
    let table = format!(
        "{purpose} key {}\n  counts      {}\n  thumbprint  {}\n  secret in   {}",
        key.kid(),
        counts(workspace, key, purpose)?,
        key.thumbprint(),
        secret.display()
    );
    Ok(Answer::facts(table, facts(workspace, key, purpose)?))
}

fn counts(workspace: &Workspace, key: &PublicKey, purpose: Purpose) -> Result<String, Failure> {
    Ok(match purpose {
        Purpose::Root => "until no build holds it".to_owned(),
        Purpose::Signing => {
            let validity = workspace.validity(key.kid())?;
            format!("from {} up to {}", validity.from, validity.until)
        }
    })
}

fn facts(workspace: &Workspace, key: &PublicKey, purpose: Purpose) -> Result<Value, Failure> {
    let validity = match purpose {
        Purpose::Root => None,
        Purpose::Signing => Some(workspace.validity(key.kid())?),
    };
    Ok(json!({
        "kid": key.kid(),
        "purpose": purpose.to_string(),
        "thumbprint": key.thumbprint(),
        "from": validity.map(|validity| validity.from.to_string()),
        "until": validity.map(|validity| validity.until.to_string()),
    }))
}
