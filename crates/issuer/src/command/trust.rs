//! `trust build`: the next trust list.

use std::collections::BTreeSet;
use std::path::Path;

use entitlement::{KeyId, Moment, Roots, TrustList, TrustListDraft, TrustedKey, open_trust_list};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::changes::Changes;
use crate::cli::Build;
use crate::ledger::Ledger;
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::revocations::Revocations;
use crate::signer::Signer;
use crate::workspace::{self, Purpose, Workspace};
use crate::{clock, standing};
use files::{self, Staged};

/// How long a trust list is fresh where nobody says otherwise: thirteen months, so that a yearly renewal is in time.
const USUAL_LIFE: i64 = 400 * 86_400;

/// Makes the trust list after the newest one: all signing keys of the workspace, and everything that was taken back.
pub(super) fn build(dir: &Path, arguments: &Build, asking: Asking) -> Result<Answer, Failure> {
    let now = arguments.now.map_or_else(clock::now, Ok)?;
    files::must_not_exist(&arguments.out)?;
    let workspace = Workspace::open(dir)?;
    let root = workspace.named(&arguments.root, Purpose::Root)?;
    standing::not_revoked(root.kid(), &Revocations::of(dir)?)?;
    if arguments.dry_run {
        let next = Next::of(dir, (now, arguments.expires))?;
        return Ok(Answer::facts(
            format!("Would make the {}", next.table("; nothing was made.")),
            next.json(arguments),
        ));
    }
    let protection = (&arguments.passphrase, asking);
    let signer = Signer::open(&workspace, (&root, Purpose::Root), &arguments.root, protection)?;

    // From here on alone: who builds at the same time waits, and then sees this list as the one before its own.
    let _lock = Ledger::lock(dir)?;
    standing::not_revoked(root.kid(), &Revocations::of(dir)?)?;
    let next = Next::of(dir, (now, arguments.expires))?;
    let text = seal(&next.draft, &signer)?;
    publish(&workspace, next.draft.version, &arguments.out, text.as_bytes())?;
    let table = next.table(&format!(": {}", arguments.out.display()));
    Ok(Answer::facts(format!("Made the {table}"), next.json(arguments)).and_say(NEXT))
}

const NEXT: &str = "Next: give the list to every portal, with the next license file or on its own.";

/// The next list, and the one before.
struct Next {
    previous: Option<TrustList>,
    draft: TrustListDraft,
}

impl Next {
    fn of(dir: &Path, days: (Moment, Option<Moment>)) -> Result<Self, Failure> {
        let workspace = Workspace::open(dir)?;
        let previous = previous(&workspace, days.0)?;
        let draft = draft(&workspace, previous.as_ref(), days)?;
        Ok(Self { previous, draft })
    }

    fn keys(&self) -> Vec<String> {
        self.draft.keys.iter().map(|key| key.key.kid().to_string()).collect()
    }

    fn table(&self, ending: &str) -> String {
        let changes = Changes::between(self.previous.as_ref(), &self.draft).table();
        format!("trust list version {} with the keys {}{ending}{changes}", self.draft.version, self.keys().join(", "))
    }

    fn json(&self, arguments: &Build) -> Value {
        json!({
            "dry_run": arguments.dry_run,
            "version": self.draft.version,
            "keys": self.keys(),
            "file": arguments.out,
            "changes": Changes::between(self.previous.as_ref(), &self.draft).json(),
        })
    }
}

/// Puts a list into the workspace and a copy of it where it was asked for.
///
/// The workspace comes first: a list that it forgot would be followed by another one of the same version, which every
/// portal that holds the first refuses. Either appears whole or not at all: half a list under its name would stand in
/// the way of every verb that reads the newest one.
fn publish(workspace: &Workspace, version: u32, out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let kept = workspace.folder().join(format!("{version}.trust.json"));
    if is_same_place(&kept, out) {
        return Staged::new(&kept, bytes)?.appear();
    }
    let copy = Staged::new(out, bytes)?;
    Staged::new(&kept, bytes)?.appear()?;
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

/// What the next list says: every key of the workspace, and what was taken back here or by the list before.
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
    // A key that is not here any more has still signed what it signed.
    let here: BTreeSet<KeyId> = keys.iter().map(|key| key.key.kid().clone()).collect();
    let gone = previous.into_iter().flat_map(TrustList::keys).filter(|key| !here.contains(key.key.kid()));
    keys.extend(gone.cloned());
    let mut draft = TrustListDraft {
        version: previous.map_or(1, |previous| previous.version().saturating_add(1)),
        iat: now,
        expires: expires.unwrap_or_else(|| now.plus_seconds(USUAL_LIFE)),
        keys,
        revoked_keys: previous.map(|previous| previous.revoked_keys().clone()).unwrap_or_default(),
        revoked_licenses: previous.map(|previous| previous.revoked_licenses().clone()).unwrap_or_default(),
        min_sequence: previous.map(|previous| previous.draft().min_sequence.clone()).unwrap_or_default(),
    };
    let roots = workspace.keys(Purpose::Root)?.iter().map(|root| root.kid().clone()).collect();
    Revocations::of(workspace.folder())?.apply(&roots, &mut draft);
    Ok(draft)
}

/// The text of a list, opened again as a portal will open it.
pub(super) fn seal(draft: &TrustListDraft, root: &Signer) -> Result<String, Failure> {
    let text = root.trust_list(draft)?;
    let roots = Roots::new(vec![root.public()])
        .map_err(|error| Failure::new(Code::KeyInvalid, format!("The root: {error}.")))?;
    open_trust_list(text.as_bytes(), &roots, draft.iat).map_err(|error| {
        let failure = Failure::from(error);
        let detail = format!("A portal would refuse this list. {}", failure.detail);
        Failure { detail, ..failure }
    })?;
    Ok(text)
}
