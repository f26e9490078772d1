//! `init`: a workspace from nothing.

use std::path::Path;

use errors::{Code, Failure};
use serde_json::json;

use crate::cli::Init;
use crate::command::{key, trust};
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::signer::Signer;
use crate::workspace::Workspace;
use crate::{clock, key_file};
use files::{self, Staged};

/// Makes the first root, the first signing key and the first trust list.
pub(super) fn init(dir: &Path, arguments: &Init, asking: Asking) -> Result<Answer, Failure> {
    let now = arguments.now.map_or_else(clock::now, Ok)?;
    let (root, signing) = (&arguments.root, &arguments.key);
    if root == signing {
        return Err(Failure::new(Code::Usage, format!("The root and the signing key cannot both be called `{root}`.")));
    }
    let validity = key::validity(signing, &arguments.days, now)?;
    let list = dir.join("trust.json");
    let taken = [&list, &dir.join("workspace.json")].into_iter().try_for_each(|path| files::must_not_exist(path));
    taken?;
    let facts = json!({
        "dry_run": arguments.dry_run,
        "dir": dir,
        "vendor": arguments.vendor,
        "root": root,
        "key": signing,
        "trust": list,
    });
    let what =
        format!("a workspace of `{}` in `{}`: root {root}, signing key {signing}", arguments.vendor, dir.display());
    if arguments.dry_run {
        return Ok(Answer::facts(format!("Would make {what}; nothing was made."), facts));
    }
    let (passphrase, for_signing) = arguments.passphrase.fresh_pair((root, signing), asking)?;
    let secret = key_file::generate(root)?;
    let mut workspace = Workspace::create(dir, arguments.vendor.clone())?;
    workspace.add(&secret, None, &passphrase)?;
    workspace.add(&key_file::generate(signing)?, Some(validity), &for_signing)?;
    let draft = trust::draft(&workspace, None, (now, arguments.expires))?;
    Staged::new(&list, trust::seal(&draft, &Signer::File(secret))?.as_bytes())?.appear()?;
    let next = format!("Next: keep the passphrase, and build portals with the roots of `key export {root}`.");
    Ok(Answer::facts(format!("Made {what}"), facts).and_say(next))
}
