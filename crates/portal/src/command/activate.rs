//! `request` and `activate`.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use entitlement::seal_activation_request;
use errors::{Code, Failure};
use files::Secrecy;
use serde_json::json;
use store::{Files, NewMember, PasswordKind, StoredPassword};
use zeroize::Zeroizing;

use super::{Answer, Desk};
use crate::actions::{input, licenses, members};
use crate::auth::password::{self, Passwords};
use crate::cli::{Data, LicenseFiles};
use crate::house::House;

/// Who the first administrator is to be.
pub(super) struct Wish {
    pub(super) admin: String,
    pub(super) admin_type: Option<String>,
    pub(super) admin_password_file: Option<PathBuf>,
    pub(super) demo: bool,
}

pub(super) fn request(desk: &Desk, data: &Data, out: &Path, demo: bool) -> Result<Answer, Failure> {
    desk.built_in.agree(demo)?;
    let house = House::make(&data.dir, &desk.built_in, &desk.clock)?;
    let now = house.store.read(|tx| Ok(tx.now()))?;
    let text = seal_activation_request(&house.key, now)
        .map_err(|error| Failure::new(Code::Internal, format!("The request cannot be made: {error}.")))?;
    files::write_new(out, text.as_bytes(), Secrecy::Public)?;
    let lines = format!(
        "Portal {} asks for a license: send {} to the vendor, then run `activate` with the file that comes back.",
        house.portal,
        out.display()
    );
    Ok(Answer::new(lines, json!({"portal": house.portal.as_str(), "request": out.display().to_string()})))
}

/// Reads the files of a license command.
pub(super) fn read_files(named: &LicenseFiles) -> Result<Files, Failure> {
    Ok(Files {
        entitlement: files::read(&named.file)?,
        trust: named.trust.as_deref().map(files::read).transpose()?,
        catalog: named.catalog.as_deref().map(files::read).transpose()?,
    })
}

pub(super) fn activate(desk: &Desk, named: &LicenseFiles, data: &Data, wish: &Wish) -> Result<Answer, Failure> {
    desk.built_in.agree(wish.demo)?;
    let files = read_files(named)?;
    let username = input::username(&wish.admin)?;
    let wanted = wish.admin_type.as_deref().map(input::user_type).transpose()?;
    let (password, shown) = chosen_password(desk, wish, &username)?;
    // Hashing takes a moment; it is done before the data is locked.
    let administrator = NewMember {
        username,
        full_name: String::new(),
        email: String::new(),
        password,
        extras: store::Extras::default(),
    };
    let (portal, effects, member) = in_new_folder(&data.dir, |dir| {
        let house = House::make(dir, &desk.built_in, &desk.clock)?;
        let (effects, member) =
            house.store.write_now(move |tx| licenses::activate(tx, &files, wanted.as_ref(), administrator))?;
        Ok((house.portal, effects, member))
    })?;
    let types: Vec<String> = effects
        .user_types
        .iter()
        .filter(|one| one.licensed_after > 0)
        .map(|one| format!("{} {}", one.licensed_after, one.user_type))
        .collect();
    let secret = shown.as_deref().map_or_else(String::new, |text| {
        format!("\nOne-time password: {text}\nIt is shown this once and must be changed at the first sign-in.")
    });
    let lines = format!(
        "Activated with {} (sequence {}): {}.\nAdministrator: {} ({}){secret}",
        effects.license,
        effects.sequence,
        types.join(", "),
        member.username,
        member.user_type
    );
    let facts = json!({
        "license": effects.license,
        "sequence": effects.sequence,
        "portal": portal.as_str(),
        "administrator": {"id": member.id.as_str(), "username": member.username, "user_type": member.user_type.as_str()},
        "one_time_password": shown.as_deref().map(String::as_str),
    });
    Ok(Answer::new(lines, facts))
}

/// Does something with a data folder. One that is not there yet is made under another name and gets its own when all went
/// well, so that a refusal leaves nothing, and takes nothing from another command that makes the same folder meanwhile.
fn in_new_folder<T>(dir: &Path, work: impl FnOnce(&Path) -> Result<T, Failure>) -> Result<T, Failure> {
    let Some(name) = dir.file_name().filter(|_| !dir.exists()) else { return work(dir) };
    let nowhere = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let above: Vec<&Path> = dir.ancestors().skip(1).take_while(nowhere).collect();
    let staged = dir.with_file_name(format!(".{}.{}.new", name.to_string_lossy(), std::process::id()));
    let done = work(&staged)
        .and_then(|done| fs::rename(&staged, dir).map(|()| done).map_err(|error| files::unwritable(dir, &error)));
    if done.is_err() {
        let _ = fs::remove_dir_all(&staged);
        // Only what is empty goes.
        above.into_iter().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    done
}

/// The administrator's password: from the file, from a prompt, or made here and then shown once.
fn chosen_password(
    desk: &Desk,
    wish: &Wish,
    username: &str,
) -> Result<(StoredPassword, Option<Zeroizing<String>>), Failure> {
    let own = match &wish.admin_password_file {
        Some(path) => Some(files::first_line(path, Code::PasswordUnsuitable)?),
        None if desk.may_ask && std::io::stdin().is_terminal() => prompted()?,
        None => None,
    };
    let Some(own) = own else {
        let one_time = password::one_time_password()?;
        return Ok((members::one_time(&one_time), Some(one_time)));
    };
    password::suitable(&own, username, password::SHORTEST)?;
    Ok((StoredPassword::new(Passwords::hash_here(&own)?, PasswordKind::Own), None))
}

fn prompted() -> Result<Option<Zeroizing<String>>, Failure> {
    let ask = |question: &str| {
        rpassword::prompt_password(question).map(Zeroizing::new).map_err(|_| Failure::plain(Code::PasswordNeeded))
    };
    let first = ask("Password of the administrator (empty: make a one-time password): ")?;
    if first.is_empty() {
        return Ok(None);
    }
    let second = ask("The same again: ")?;
    if first == second {
        Ok(Some(first))
    } else {
        Err(Failure::new(Code::PasswordUnsuitable, "The two passwords are not the same."))
    }
}
