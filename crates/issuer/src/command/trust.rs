//! `trust build`: the next trust list.

use std::path::Path;

use entitlement::{Moment, SecretKey, TrustList, TrustListDraft, TrustedKey, seal_trust_list};
use errors::{Code, Failure};
use serde_json::json;

use crate::cli::Build;
use crate::clock;
use crate::ledger::Ledger;
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::workspace::{self, Purpose, Workspace};
use files::{self, Secrecy, Staged};

/// How long a trust list is fresh where nobody says otherwise: thirteen months, so that a yearly renewal is in time.
const USUAL_LIFE: i64 = 400 * 86_400;

/// Makes the trust list after the newest one, of all signing keys of the workspace.
pub(super) fn build(dir: &Path, arguments: &Build, asking: Asking) -> Result<Answer, Failure> {
    let now = arguments.now.map_or_else(clock::now, Ok)?;
    files::must_not_exist(&arguments.out)?;
    let workspace = Workspace::open(dir)?;
    let root = workspace.key_for(&arguments.root, Purpose::Root)?;
    let previous = previous(&workspace, now)?;
    let draft = draft(&workspace, previous.as_ref(), (now, arguments.expires))?;
    let keys = draft.keys.iter().map(|key| key.key.kid().to_string()).collect::<Vec<_>>();
    let what = format!("trust list version {} with the keys {}", draft.version, keys.join(", "));
    let facts = json!({ "dry_run": arguments.dry_run, "version": draft.version, "keys": keys, "file": arguments.out });
    if arguments.dry_run {
        return Ok(Answer::facts(format!("Would make the {what}; nothing was made."), facts));
    }
    let passphrase = arguments.passphrase.existing(root.kid(), asking)?;
    let secret = workspace.secret(&root, Purpose::Root, &passphrase)?;
    let text = seal(&draft, &secret)?;
    let _lock = Ledger::lock(dir)?;
    publish(&workspace, draft.version, &arguments.out, text.as_bytes())?;
    Ok(Answer::facts(format!("Made the {what}: {}", arguments.out.display()), facts))
}

/// Puts a list into the workspace and a copy of it where it was asked for.
///
/// The workspace comes first: a list that it forgot would be followed by another one of the same version, which every
/// portal that holds the first refuses.
fn publish(workspace: &Workspace, version: u32, out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let kept = workspace.folder().join(format!("{version}.trust.json"));
    if is_same_place(&kept, out) {
        return files::write_new(&kept, bytes, Secrecy::Public);
    }
    let copy = Staged::new(out, bytes)?;
    files::write_new(&kept, bytes, Secrecy::Public)?;
    copy.appear().map_err(|failure| {
        let detail = format!("The list is in the workspace as `{}`. {}", kept.display(), failure.detail);
        Failure { detail, ..failure }
    })
}

/// Whether two names are those of one file, which may not be there yet.
fn is_same_place(one: &Path, other: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().ok()
    };
    one.file_name() == other.file_name() && folder(one).is_some() && folder(one) == folder(other)
}

/// The newest list of the workspace; nothing where there is none yet.
fn previous(workspace: &Workspace, now: Moment) -> Result<Option<TrustList>, Failure> {
    match workspace::trust_list(workspace.folder(), &workspace::roots(workspace.folder())?, now) {
        Ok(list) => Ok(Some(list)),
        Err(failure) if failure.code == Code::TrustListMissing => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What the next list says: every key of the workspace, and every revocation of the list before.
pub(super) fn draft(
    workspace: &Workspace,
    previous: Option<&TrustList>,
    (now, expires): (Moment, Option<Moment>),
) -> Result<TrustListDraft, Failure> {
    let mut keys = Vec::new();
    for key in workspace.keys(Purpose::Signing)? {
        let validity = workspace.validity(key.kid())?;
        keys.push(TrustedKey { nbf: validity.from, exp: validity.until, key });
    }
    Ok(TrustListDraft {
        version: previous.map_or(1, |previous| previous.version().saturating_add(1)),
        iat: now,
        expires: expires.unwrap_or_else(|| now.plus_seconds(USUAL_LIFE)),
        keys,
        revoked_keys: previous.map(|previous| previous.revoked_keys().clone()).unwrap_or_default(),
        revoked_licenses: previous.map(|previous| previous.revoked_licenses().clone()).unwrap_or_default(),
        min_sequence: previous.map(|previous| previous.draft().min_sequence.clone()).unwrap_or_default(),
    })
}

/// The text of a list.
pub(super) fn seal(draft: &TrustListDraft, root: &SecretKey) -> Result<String, Failure> {
    seal_trust_list(draft, root).map_err(|error| Failure::new(Code::Usage, format!("The trust list: {error}.")))
}
