//! `backup create|verify|restore`.

use std::fs;
use std::io::{IsTerminal, Read as _};
use std::path::Path;

use entitlement::{Moment, SecretKey};
use errors::{Code, Failure};
use files::Secrecy;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Answer, Desk};
use crate::cli::{Backup, Data};
use crate::house::{self, House};
use crate::key_file;

const DATABASE: &str = "portal.db";
const KEY: &str = "portal.key.pem";
const SHEET: &str = "backup.json";

/// `backup.json`: what the backup is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    schema: u32,
    portal: String,
    made_at: String,
    epoch: u64,
    members: u64,
    license: Option<String>,
    sequence: Option<u32>,
    trust_version: Option<u32>,
    with_key: bool,
    /// SHA-256 of the database in the backup, in hexadecimal digits.
    sha256: String,
}

pub(super) fn backup(desk: &Desk, verb: Backup) -> Result<Answer, Failure> {
    match verb {
        Backup::Create { backup: dir, data, with_key, passphrase_file } => {
            let passphrase = with_key.then(|| passphrase(desk, passphrase_file.as_deref(), true)).transpose()?;
            create(desk, &data, &dir, passphrase.as_ref())
        }
        Backup::Verify { backup: dir } => {
            let (sheet, _) = verified(desk, &dir)?;
            let lines =
                format!("The backup of {} is whole: {} members, {}.", sheet.made_at, sheet.members, file(&sheet));
            Ok(Answer::new(lines, facts(&sheet)?))
        }
        Backup::Restore { backup: dir, data, passphrase_file, demo } => {
            desk.built_in.agree(demo)?;
            restore(desk, &data, &dir, passphrase_file.as_deref())
        }
    }
}

fn facts(sheet: &Sheet) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(sheet).map_err(|error| Failure::new(Code::Internal, error.to_string()))
}

fn file(sheet: &Sheet) -> String {
    match (&sheet.license, sheet.sequence) {
        (Some(license), Some(sequence)) => format!("license {license}, sequence {sequence}"),
        _ => "no license file in force".to_owned(),
    }
}

fn create(desk: &Desk, data: &Data, dir: &Path, passphrase: Option<&Zeroizing<String>>) -> Result<Answer, Failure> {
    files::must_not_exist(dir)?;
    let house = desk.open(data)?;
    let staged = dir.with_file_name(format!(
        ".{}.{}.new",
        dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        std::process::id()
    ));
    let written = written(&house, &staged, passphrase);
    let done = written.and_then(|sheet| {
        fs::rename(&staged, dir).map_err(|error| files::unwritable(dir, &error))?;
        Ok(sheet)
    });
    if done.is_err() {
        let _ = fs::remove_dir_all(&staged);
    }
    let sheet = done?;
    let key = if sheet.with_key {
        "It holds the portal's key, encrypted: keep the passphrase elsewhere."
    } else {
        "The portal's key is not in it: keep `portal.key` of the data folder elsewhere, or ask the vendor to bind the \
         license anew after a loss."
    };
    let lines = format!("Wrote {}: {} members, {}.\n{key}", dir.display(), sheet.members, file(&sheet));
    Ok(Answer::new(lines, facts(&sheet)?))
}

fn written(house: &House, dir: &Path, passphrase: Option<&Zeroizing<String>>) -> Result<Sheet, Failure> {
    house::private_folder(dir)?;
    let database = dir.join(DATABASE);
    let (made_at, epoch, license, trust) = house.store.read(|tx| {
        Ok((tx.now(), tx.epoch(), tx.license()?.good().map(std::sync::Arc::clone), tx.trust_list().ok().flatten()))
    })?;
    let members = house.store.read(|tx| Ok(tx.headcounts()?.iter().map(|one| one.seats.assigned).sum()))?;
    house.store.copy_to(&database)?;
    if let Some(passphrase) = passphrase {
        let sealed = key_file::seal_with(&house.key, passphrase)?;
        files::write_new(&dir.join(KEY), sealed.as_bytes(), Secrecy::Secret)?;
    }
    let sheet = Sheet {
        schema: 1,
        portal: house.portal.to_string(),
        made_at: made_at.to_string(),
        epoch,
        members,
        license: license.as_ref().map(|file| file.entitlement().license().to_string()),
        sequence: license.as_ref().map(|file| file.entitlement().sequence()),
        trust_version: trust.map(|list| list.version()),
        with_key: passphrase.is_some(),
        sha256: digest(&database)?,
    };
    let text = serde_json::to_string_pretty(&sheet).map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
    files::write_new(&dir.join(SHEET), format!("{text}\n").as_bytes(), Secrecy::Secret)?;
    Ok(sheet)
}

fn digest(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| damaged(format!("`{}` cannot be read: {error}.", path.display()));
    let mut file = fs::File::open(path).map_err(unreadable)?;
    let (mut hasher, mut part) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut part).map_err(unreadable)?;
        let Some(bytes) = part.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
    }
    Ok(store::hexadecimal(&hasher.finalize()))
}

fn damaged(detail: impl Into<String>) -> Failure {
    Failure::new(Code::BackupDamaged, detail)
}

/// The sheet of a backup whose database is the one that it names, and can be restored by this program.
fn verified(desk: &Desk, dir: &Path) -> Result<(Sheet, Moment), Failure> {
    must_be_file(&dir.join(SHEET))?;
    let text = files::read_text(&dir.join(SHEET), Code::BackupDamaged)?;
    let sheet: Sheet = serde_json::from_str(&text)
        .map_err(|error| damaged(format!("`{}` cannot be used: {error}.", dir.join(SHEET).display())))?;
    if sheet.schema != 1 {
        return Err(damaged(format!("The backup is of schema {}; this program knows 1.", sheet.schema)));
    }
    let made_at = Moment::parse(&sheet.made_at).map_err(|_| damaged("The backup does not say when it was made."))?;
    let database = dir.join(DATABASE);
    must_be_file(&database)?;
    if digest(&database)? != sheet.sha256 {
        return Err(damaged(format!("`{}` is not the file that was backed up.", database.display())));
    }
    store::verify_copy(&database, &house::opening(&desk.built_in, &desk.clock, None)?)?;
    Ok((sheet, made_at))
}

/// What is no file at all, a pipe for one, would hold up whoever reads it.
fn must_be_file(path: &Path) -> Result<(), Failure> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(damaged(format!("`{}` is not a file.", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::new(Code::FileNotFound, format!("There is no file `{}`.", path.display())))
        }
        Err(error) => Err(damaged(format!("`{}` cannot be read: {error}.", path.display()))),
    }
}

fn restore(desk: &Desk, data: &Data, dir: &Path, passphrase_file: Option<&Path>) -> Result<Answer, Failure> {
    let (sheet, made_at) = verified(desk, dir)?;
    let present = if house::is_portal(&data.dir) { Some(house::settle_key(&data.dir, None)?) } else { None };
    let (key, is_new) = match present {
        Some(key) => (key, false),
        None => match backed_up_key(desk, &sheet, dir, passphrase_file)? {
            Some(key) => (key, false),
            None => (house::new_key()?, true),
        },
    };
    if !is_new && key.kid().as_str() != sheet.portal && !house::is_of_line(&data.dir, &sheet.portal) {
        let detail = format!("The backup is of the portal {}, and the folder holds {}.", sheet.portal, key.kid());
        return Err(Failure::new(Code::BackupOtherPortal, detail));
    }
    house::private_folder(&data.dir)?;
    let _lock = house::lock(&data.dir)?;
    let opening = house::opening(&desk.built_in, &desk.clock, Some(key.kid().clone()))?;
    house::keep_line(&data.dir, &sheet.portal)?;
    let restored = store::restore(&data.dir, &dir.join(DATABASE), opening, made_at)?;
    let epoch = restored.store.read(|tx| Ok(tx.epoch()))?;
    // Last, so that whoever is interrupted can do all of it again.
    let key = house::settle_key(&data.dir, Some(key))?;
    let lines = said(&sheet, is_new, &restored);
    let facts = json!({
        "portal": key.kid().as_str(),
        "made_at": sheet.made_at,
        "epoch": epoch,
        "new_portal": is_new,
        "over_data": restored.over_data,
        "kept": restored.kept.as_ref().map(|path| path.display().to_string()),
    });
    Ok(Answer::new(lines, facts))
}

fn said(sheet: &Sheet, is_new: bool, restored: &store::Restored) -> String {
    let mut lines = vec![format!("Restored the backup of {}. Everybody signs in again.", sheet.made_at)];
    if let Some(kept) = &restored.kept {
        lines.push(format!("What was there before is kept as {}.", kept.display()));
    }
    if restored.over_data {
        lines.push("Newer license files, trust lists and leases of it stay in force.".to_owned());
    } else {
        lines.push(
            "No product goes offline before the leases have ended that were given after the backup; if none is out, say \
             `offline acknowledge`."
                .to_owned(),
        );
    }
    if is_new {
        lines.push(
            "This portal has a new key, because none was in the backup. A license that is bound to the old one does not \
             count here: send the vendor a `request`, and import the file that comes back."
                .to_owned(),
        );
    }
    lines.join("\n")
}

fn backed_up_key(
    desk: &Desk,
    sheet: &Sheet,
    dir: &Path,
    passphrase_file: Option<&Path>,
) -> Result<Option<SecretKey>, Failure> {
    if !sheet.with_key {
        return Ok(None);
    }
    let passphrase = passphrase(desk, passphrase_file, false)?;
    let pem = Zeroizing::new(files::read_text(&dir.join(KEY), Code::BackupDamaged)?);
    let key = key_file::open_with(&pem, &passphrase)?;
    if key.kid().as_str() != sheet.portal {
        return Err(damaged("The key in the backup is not the one of its portal."));
    }
    Ok(Some(key))
}

fn passphrase(desk: &Desk, file: Option<&Path>, is_new: bool) -> Result<Zeroizing<String>, Failure> {
    let needed = || Failure::plain(Code::PassphraseNeeded);
    let line = match file {
        Some(path) => files::first_line(path, Code::PassphraseNeeded)?,
        None if desk.may_ask && std::io::stdin().is_terminal() => {
            let ask = |question: &str| rpassword::prompt_password(question).map(Zeroizing::new).map_err(|_| needed());
            let first = ask("Passphrase of the portal's key: ")?;
            if is_new && *ask("The same again: ")? != *first {
                return Err(Failure::new(Code::PassphraseWrong, "The two passphrases are not the same."));
            }
            first
        }
        None => return Err(needed()),
    };
    if line.is_empty() { Err(needed()) } else { Ok(line) }
}
