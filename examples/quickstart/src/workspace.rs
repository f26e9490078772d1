//! The folder of the quickstart: the vendor's desk, the license file, the portal's data.
//!
//! Every step looks whether it was done before, so that a run that was killed goes on where it stopped.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use time::{Duration, OffsetDateTime};

use crate::accounts::Accounts;
use crate::output;
use crate::processes::{Programs, finished, run};

/// The folder with everything that is made.
#[derive(Debug, Clone)]
pub struct Place(PathBuf);

impl Place {
    /// The folder, made where it is missing.
    pub fn at(folder: &Path) -> Result<Self> {
        make_folder(folder)?;
        let folder = folder.canonicalize().with_context(|| format!("`{}` cannot be opened", folder.display()))?;
        Ok(Self(folder))
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The vendor's workspace, a copy of `keys/`.
    pub fn vendor(&self) -> PathBuf {
        self.0.join("vendor")
    }

    /// The portal's data.
    pub fn portal(&self) -> PathBuf {
        self.0.join("portal")
    }

    /// The portal's key; without it there is no portal.
    pub fn portal_key(&self) -> PathBuf {
        self.portal().join("portal.key")
    }

    /// The license file.
    pub fn license(&self) -> PathBuf {
        self.0.join("license.json")
    }

    /// The activation request.
    pub fn request(&self) -> PathBuf {
        self.0.join("request.json")
    }

    /// The order.
    pub fn order(&self) -> PathBuf {
        self.0.join("order.toml")
    }

    /// What the portal logs.
    pub fn log(&self) -> PathBuf {
        self.0.join("portal.log")
    }

    /// The number of the process that serves it.
    pub fn process(&self) -> PathBuf {
        self.0.join("portal.pid")
    }

    /// The accounts, once they all work.
    pub fn accounts(&self) -> PathBuf {
        self.0.join("accounts.json")
    }

    /// The accounts until then.
    pub fn draft(&self) -> PathBuf {
        self.0.join("accounts.draft.json")
    }
}

/// Everything up to an activated portal that is not served yet.
pub fn prepare(root: &Path, place: &Place, programs: &Programs, accounts: &Accounts) -> Result<()> {
    copy_vendor(&root.join("keys"), &place.vendor())?;
    if !place.portal_key().exists() {
        // What was issued for a portal that is gone opens nowhere else.
        remove_file(&place.request())?;
        remove_file(&place.license())?;
    }
    request(programs, &place.portal(), &place.request())?;
    if !place.license().exists() {
        put(&place.order(), order()?.as_bytes())?;
        issue(programs, place, &place.order(), &place.request(), &place.license())?;
    }
    verify(programs, place)?;
    activate(programs, place, accounts)
}

/// The portal's key, and the request that the vendor binds the file to.
pub fn request(programs: &Programs, data: &Path, out: &Path) -> Result<()> {
    if out.exists() {
        return Ok(());
    }
    output::step("the portal makes its key and an activation request");
    run(programs.portal().arg("request").arg("--data").arg(data).arg("--out").arg(out).arg("--demo"))?;
    Ok(())
}

/// The vendor issues a file for the portal of a request.
pub fn issue(programs: &Programs, place: &Place, order: &Path, request: &Path, out: &Path) -> Result<()> {
    output::step("the vendor issues a license file for this portal: 25 Viewers and 5 Creators");
    let vendor = place.vendor();
    let mut command = programs.issuer();
    command.arg("--dir").arg(&vendor).args(["license", "issue"]).arg(order).args(["--key", "demo"]);
    command.arg("--passphrase-file").arg(vendor.join("demo.passphrase"));
    command.args(["--order", "quickstart"]).arg("--portal").arg(request).arg("--out").arg(out);
    run(&mut command)?;
    Ok(())
}

fn verify(programs: &Programs, place: &Place) -> Result<()> {
    output::step("the file is verified, offline");
    let mut command = programs.issuer();
    command.arg("--dir").arg(place.vendor()).args(["license", "verify"]).arg(place.license());
    let said = run(command.arg("--trust").arg(place.vendor().join("demo.trust.json")))?;
    said.lines().for_each(|line| output::line(&format!("    {line}")));
    Ok(())
}

fn activate(programs: &Programs, place: &Place, accounts: &Accounts) -> Result<()> {
    output::step("the portal is activated with the file; its first administrator is one of the 5 Creators");
    let password = place.folder().join("administrator.password");
    put(&password, format!("{}\n", accounts.administrator.password).as_bytes())?;
    let mut command = programs.portal();
    command.arg("activate").arg(place.license()).arg("--data").arg(place.portal());
    command.arg("--trust").arg(place.vendor().join("demo.trust.json"));
    command.args(["--admin", &accounts.administrator.username, "--admin-type", "creator"]);
    let ended = finished(command.arg("--admin-password-file").arg(&password).arg("--demo"))?;
    remove_file(&password)?;
    // A run that was killed may have come this far.
    if ended.code != Some(0) && !ended.says("already-activated") {
        bail!("the portal is not activated: {}", ended.message());
    }
    Ok(())
}

/// What a salesperson would write: the thirty seats of the handbook and a few licenses of a product, from yesterday,
/// without an end.
pub fn order() -> Result<String> {
    let yesterday = today()?.checked_sub(Duration::DAY).context("there is no yesterday")?.date();
    Ok(format!(
        "contract = \"quickstart\"\n\
         customer = {{ id = \"quickstart\", name = \"Quickstart\" }}\n\
         catalog  = \"arcgis\"\n\
         from     = {yesterday}\n\
         \n\
         [user_types]\n\
         viewer  = 25\n\
         creator = 5\n\
         \n\
         [add_ons]\n\
         arcgis-pro-standard  = 3\n\
         arcgis-pro-extension = 1\n"
    ))
}

#[expect(clippy::disallowed_methods, reason = "the one place of the quickstart that reads the clock")]
fn today() -> Result<OffsetDateTime> {
    let now = OffsetDateTime::now_utc();
    ensure!(
        now.year() >= 2025,
        "the clock of this machine says {}; a license file would not be in its term",
        now.date()
    );
    Ok(now)
}

/// Copies the demonstration workspace, so that what is issued here stands in a ledger of its own.
fn copy_vendor(keys: &Path, vendor: &Path) -> Result<()> {
    make_folder(vendor)?;
    let entries = fs::read_dir(keys).with_context(|| format!("the folder `{}` is missing", keys.display()))?;
    for entry in entries {
        let entry = entry?;
        let copy = vendor.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_vendor(&entry.path(), &copy)?;
        } else if !copy.exists() {
            put(&copy, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Makes a folder of the owner's own, where it is missing.
pub fn make_folder(folder: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("the folder `{}` cannot be made", folder.display()))
}

/// Puts a file in its place, whole or not at all, readable by its owner only.
pub fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let written =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside).and_then(|mut file| {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            file.write_all(bytes)?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&beside, path)).with_context(|| format!("`{}` cannot be written", path.display()))
}

/// Removes a file; one that is not there is gone already.
pub fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("`{}` cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Removes a folder with all that is in it; one that is not there is gone already.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("the folder `{}` cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}
