//! `key generate|list|show|export`.

use std::path::Path;

use entitlement::{KeyId, Moment, PublicKey, Roots};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::cli::{Days, Generate};
use crate::ledger::Ledger;
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::revocations::Revocations;
use crate::standing;
use crate::token::TokenUri;
use crate::workspace::{Purpose, Validity, Workspace};
use crate::{clock, key_file};

/// How long a signing key counts where nobody says otherwise: two years.
const USUAL_LIFE: i64 = 731 * 86_400;

/// Makes a key.
pub(super) fn generate(dir: &Path, arguments: &Generate, asking: Asking) -> Result<Answer, Failure> {
    let kid = &arguments.id;
    let validity = validity_for(arguments.purpose, kid, &arguments.days, clock::now()?)?;
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
    Ok(answer.and_say(next(arguments.purpose)))
}

/// What to do with a new key.
pub(super) fn next(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signing => "Next: `trust build`, so that portals know the key before it signs anything.",
        Purpose::Root => "Next: `key export`, and build portals with the roots that it prints.",
    }
}

/// The days of a new key; a root has none.
pub(super) fn validity_for(
    purpose: Purpose,
    kid: &KeyId,
    days: &Days,
    now: Moment,
) -> Result<Option<Validity>, Failure> {
    match purpose {
        Purpose::Signing => validity(kid, days, now).map(Some),
        Purpose::Root => Ok(None),
    }
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
    let (workspace, revocations) = (Workspace::open(dir)?, Revocations::of(dir)?);
    let mut rows = Vec::new();
    let mut items = Vec::new();
    for purpose in [Purpose::Root, Purpose::Signing] {
        for key in workspace.keys(purpose)? {
            let shown = Shown::of(&workspace, &revocations, key, purpose)?;
            rows.push(format!("{:<24}{:<9}{}", shown.key.kid().as_str(), purpose.to_string(), shown.counts()));
            items.push(shown.facts());
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

/// Public halves as a JWK Set. A build trusts every key of the set, so one that is revoked or of another purpose is
/// never slipped in.
pub(super) fn export(dir: &Path, kids: &[KeyId]) -> Result<Answer, Failure> {
    let (workspace, revocations) = (Workspace::open(dir)?, Revocations::of(dir)?);
    let mut keys = Vec::new();
    let mut purposes = Vec::new();
    for kid in kids {
        standing::not_revoked(kid, &revocations)?;
        let (key, purpose) = workspace.key(kid)?;
        keys.push(key);
        purposes.push(purpose);
    }
    if purposes.contains(&Purpose::Root) && purposes.contains(&Purpose::Signing) {
        let detail =
            "These keys are of two purposes, and a build that trusts the set would take each of them as a root.";
        return Err(Failure::new(Code::KeyWrongPurpose, detail));
    }
    let set = Roots::new(keys).map_err(|error| Failure::new(Code::Usage, format!("No set of these: {error}.")))?;
    Ok(Answer::document(set.to_jwk_set()))
}

/// What a person and a program are told of one key.
pub(super) fn describe(workspace: &Workspace, key: &PublicKey, purpose: Purpose) -> Result<Answer, Failure> {
    let shown = Shown::of(workspace, &Revocations::of(workspace.folder())?, key.clone(), purpose)?;
    let secret = match &shown.token {
        Some(uri) => format!("the token {uri}"),
        None => workspace.path(key.kid(), purpose, "pem").display().to_string(),
    };
    let table = format!(
        "{purpose} key {}\n  counts      {}\n  thumbprint  {}\n  secret in   {}",
        key.kid(),
        shown.counts(),
        key.thumbprint(),
        secret
    );
    Ok(Answer::facts(table, shown.facts()))
}

/// A key as it is shown.
struct Shown {
    key: PublicKey,
    purpose: Purpose,
    /// The days of a signing key.
    days: Option<(Moment, Moment)>,
    revoked_from: Option<Moment>,
    /// The token that holds its secret half.
    token: Option<TokenUri>,
}

impl Shown {
    fn of(workspace: &Workspace, revocations: &Revocations, key: PublicKey, purpose: Purpose) -> Result<Self, Failure> {
        let days = match purpose {
            Purpose::Root => None,
            Purpose::Signing => Some(workspace.validity(key.kid())?).map(|validity| (validity.from, validity.until)),
        };
        let revoked_from = revocations.key(key.kid()).map(|revoked| revoked.from);
        let token = workspace.token(key.kid(), purpose)?;
        Ok(Self { key, purpose, days, revoked_from, token })
    }

    fn counts(&self) -> String {
        let counts = match self.days {
            None => "until no build holds it".to_owned(),
            Some((from, until)) => format!("from {from} up to {until}"),
        };
        self.revoked_from.map_or(counts.clone(), |from| format!("{counts}, revoked from {from}"))
    }

    fn facts(&self) -> Value {
        json!({
            "kid": self.key.kid(),
            "purpose": self.purpose.to_string(),
            "thumbprint": self.key.thumbprint(),
            "from": self.days.map(|(from, _)| from.to_string()),
            "until": self.days.map(|(_, until)| until.to_string()),
            "revoked_from": self.revoked_from.map(|from| from.to_string()),
            "token": self.token.as_ref().map(TokenUri::to_string),
        })
    }
}
