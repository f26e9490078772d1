//! `role list|show|create|edit|delete`.

use std::path::Path;

use catalog::{Catalog, RoleId};
use errors::{Code, Failure};
use rules::role::{Draft, Warning};
use serde_json::json;

use super::{Answer, CONSOLE, Desk, given, write};
use crate::actions::roles::{self, Asked, Shown};
use crate::api::roles::{Sent, shaped};
use crate::cli::{Data, Role};
use crate::output::{self, Column};

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("description", "/description"),
    ("is_custom", "/is_custom"),
    ("is_administrator", "/is_administrator"),
    ("holders", "/holders"),
    ("fits", "/fits"),
    ("privileges", "/privileges"),
];

pub(super) fn role(desk: &Desk, verb: Role) -> Result<Answer, Failure> {
    match verb {
        Role::List { data } => list(desk, &data),
        Role::Show { id, data } => {
            let (house, id) = (desk.open(&data)?, role_id(&id)?);
            let (catalog, shown) = house.store.read(|tx| roles::show(tx, &CONSOLE, &id))?;
            Ok(Answer::new(lines(&catalog, &shown), shaped(&catalog, &shown, &[])))
        }
        Role::Create { file, data, dry_run } => save(desk, &data, None, (draft(&file)?, dry_run)),
        Role::Edit { id, file, data, dry_run } => save(desk, &data, Some(role_id(&id)?), (draft(&file)?, dry_run)),
        Role::Delete { id, data, dry_run } => {
            let (house, id) = (desk.open(&data)?, role_id(&id)?);
            let gone = id.clone();
            write(&house, dry_run, move |tx| roles::delete(tx, &CONSOLE, &gone, None))?;
            let done = format!("The role {id} is deleted.");
            Ok(Answer::written(dry_run, &done, json!({"id": id.as_str(), "deleted": true})))
        }
    }
}

fn role_id(text: &str) -> Result<RoleId, Failure> {
    RoleId::from_input(text).map_err(|_| Failure::new(Code::NotFound, format!("There is no role `{text}`.")))
}

fn draft(file: &Path) -> Result<Draft, Failure> {
    Asked::from(given::json_file::<Sent>(file)?).draft()
}

/// Makes a role, or changes the one of that id.
fn save(desk: &Desk, data: &Data, id: Option<RoleId>, (draft, dry_run): (Draft, bool)) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let what = if id.is_some() { "is changed, for everybody who holds it" } else { "is made" };
    let (catalog, shown, warnings) = write(&house, dry_run, move |tx| {
        let id = match &id {
            Some(id) => roles::edit(tx, &CONSOLE, id, None, &draft)?,
            None => roles::create(tx, &CONSOLE, &draft)?,
        };
        let (catalog, shown) = roles::show(tx, &CONSOLE, &id)?;
        Ok((catalog, shown, roles::warnings(tx, &draft)?))
    })?;
    let warned: String = warnings.iter().map(|one: &Warning| format!("\nNote: {}", one.sentence())).collect();
    let done = format!("{}\n\nThe role {} {what}.{warned}", lines(&catalog, &shown), shown.id);
    Ok(Answer::written(dry_run, &done, shaped(&catalog, &shown, &warnings)))
}

fn list(desk: &Desk, data: &Data) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let (catalog, shown) = house.store.read(|tx| roles::list(tx, &CONSOLE))?;
    let rows: Vec<Vec<String>> = shown.iter().map(|one| row(&catalog, one)).collect();
    let lines = output::table(&["Id", "Name", "Kind", "Holders", "Privileges", "Fits"], &rows);
    Ok(Answer::list(lines, shown.iter().map(|one| shaped(&catalog, one, &[])).collect(), COLUMNS))
}

fn row(catalog: &Catalog, shown: &Shown) -> Vec<String> {
    let Some(role) = catalog.role(&shown.id) else { return vec![shown.id.to_string()] };
    vec![
        role.id.to_string(),
        role.name.clone(),
        if role.is_custom { "own" } else { "default" }.to_owned(),
        shown.holders.count.to_string(),
        if role.is_administrator { "all".to_owned() } else { role.privileges.len().to_string() },
        fits(catalog, role.fits.len()),
    ]
}

/// How many user types a role fits; `role show` names them.
fn fits(catalog: &Catalog, number: usize) -> String {
    match catalog.user_types().len() {
        all if all == number => "every user type".to_owned(),
        all => format!("{number} of {all} user types"),
    }
}

fn names<T: ToString>(of: impl Iterator<Item = T>) -> String {
    of.map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
}

fn lines(catalog: &Catalog, shown: &Shown) -> String {
    let Some(role) = catalog.role(&shown.id) else { return shown.id.to_string() };
    let head = output::pairs(&[
        ("Role", role.id.to_string()),
        ("Name", role.name.clone()),
        ("Description", role.description.clone()),
        ("Kind", if role.is_custom { "your own" } else { "default; stays as it is" }.to_owned()),
        ("Holders", shown.holders.count.to_string()),
        ("Fits", names(role.fits.iter())),
    ]);
    if role.is_administrator {
        return format!("{head}\n\nThe Administrator role gives every privilege.");
    }
    let rows: Vec<Vec<String>> = role
        .privileges
        .iter()
        .map(|id| {
            vec![
                id.to_string(),
                catalog.privilege(id).map_or_else(String::new, |known| format!("{}: {}", known.group, known.name)),
            ]
        })
        .collect();
    if rows.is_empty() { head } else { format!("{head}\n\n{}", output::table(&["Privilege", "What it is"], &rows)) }
}
