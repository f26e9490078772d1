//! `license verify` and `trust verify`: is the file genuine, and what does it give?

use std::collections::BTreeMap;
use std::path::Path;

use catalog::Catalog;
use entitlement::{Entitlement, Moment, Place, Roots, TermState, TrustList, Use, open_entitlement, open_trust_list};
use errors::{Code, Failure};

use crate::cli::{Against, Verify};
use crate::output::Answer;
use crate::{clock, describe, workspace};

/// Verifies a license file; a good file out of its term is described and still a failure.
pub(super) fn license(dir: &Path, arguments: &Verify) -> Result<Answer, Failure> {
    let now = arguments.against.now.map_or_else(clock::now, Ok)?;
    let roots = roots(dir, &arguments.against)?;
    let trust = match &arguments.trust {
        Some(path) => open_list(path, &roots, now)?,
        None => workspace::trust_list(dir, &roots, now)?,
    };
    let bytes = files::read(&arguments.file)?;
    let about = |error| workspace::about(&arguments.file, error);
    let license = open_entitlement(&bytes, &trust, Use::Importing, now).map_err(about)?;
    // Without `--portal` it is not asked which portal the file is for.
    let portal = arguments.portal.clone().or_else(|| license.portal().map(|portal| portal.kid().clone()));
    let catalogs = vec![Catalog::arcgis_digest()];
    license.admit(&Place { portal, catalogs, highest: BTreeMap::new(), installed: None }).map_err(about)?;
    let state = describe::state(&license, &trust, now);
    let answer = Answer::facts(describe::license_table(&license, state), describe::license_json(&license, state));
    Ok(answer.but(out_of_term(&license, &trust, now)))
}

/// Why a genuine file gives nothing now.
fn out_of_term(license: &Entitlement, trust: &TrustList, now: Moment) -> Option<Failure> {
    if license.revoked_by(trust) {
        return Some(Failure::plain(Code::LicenseRevoked));
    }
    match license.term_state(now) {
        TermState::InTerm => None,
        TermState::NotBegun => Some(Failure::new(
            Code::LicenseNotBegun,
            format!("The file is genuine, but its term begins at {} and now is {now}.", license.from()),
        )),
        TermState::Ended => {
            let until = license.until().map(|until| until.to_string()).unwrap_or_default();
            let detail = format!("The file is genuine, but its term ended at {until} and now is {now}.");
            Some(Failure::new(Code::LicenseEnded, detail))
        }
    }
}

/// Verifies a trust list.
pub(super) fn trust_list(dir: &Path, path: &Path, against: &Against) -> Result<Answer, Failure> {
    let now = against.now.map_or_else(clock::now, Ok)?;
    let list = open_list(path, &roots(dir, against)?, now)?;
    Ok(Answer::facts(describe::trust_table(&list, now), describe::trust_json(&list, now)))
}

fn open_list(path: &Path, roots: &Roots, now: Moment) -> Result<TrustList, Failure> {
    open_trust_list(&files::read(path)?, roots, now).map_err(|error| workspace::about(path, error))
}

fn roots(dir: &Path, against: &Against) -> Result<Roots, Failure> {
    let Some(path) = &against.roots else { return workspace::roots(dir) };
    Roots::from_jwk_set(&files::read(path)?).map_err(|error| {
        Failure::new(Code::KeyInvalid, format!("The roots in `{}` cannot be used: {error}.", path.display()))
    })
}
