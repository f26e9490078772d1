//! `type list|show`.

use errors::Failure;
use rules::capacity::known_user_type;
use serde_json::{Value, json};
use store::TypeCount;

use super::{Answer, CONSOLE, Desk};
use crate::actions::{input, members, overview};
use crate::api::shape;
use crate::cli::{Data, UserType};
use crate::output::{self, Column};

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("licensed", "/licensed"),
    ("assigned", "/assigned"),
    ("reserved", "/reserved"),
    ("available", "/available"),
    ("over_since", "/over_since"),
    ("locked_out", "/locked_out"),
];

pub(super) fn user_type(desk: &Desk, verb: &UserType) -> Result<Answer, Failure> {
    match verb {
        UserType::List { data } => list(desk, data),
        UserType::Show { id, data } => show(desk, data, id),
    }
}

fn list(desk: &Desk, data: &Data) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let overview = house.store.read(|tx| overview::show(tx, &CONSOLE))?;
    let counts = &overview.user_types;
    let rows: Vec<Vec<String>> = counts.iter().map(|count| row(count, overview.name_of(count))).collect();
    let headings = ["Id", "Name", "Licensed", "Assigned", "Reserved", "Available", "Over since", "Locked out"];
    let lines = if rows.is_empty() { "No user type has seats.".to_owned() } else { output::table(&headings, &rows) };
    let items = counts.iter().map(|count| shape::user_type(count, overview.name_of(count))).collect();
    Ok(Answer::list(lines, items, COLUMNS))
}

fn available(count: &TypeCount) -> i128 {
    i128::from(count.licensed) - i128::from(count.seats.assigned)
}

fn locked_out(count: &TypeCount) -> u64 {
    if count.is_over() { count.seats.lockable } else { 0 }
}

fn row(count: &TypeCount, name: &str) -> Vec<String> {
    vec![
        count.user_type.to_string(),
        name.to_owned(),
        count.licensed.to_string(),
        count.seats.assigned.to_string(),
        count.seats.reserved.to_string(),
        available(count).to_string(),
        count.over_since.map_or_else(String::new, |since| since.to_string()),
        locked_out(count).to_string(),
    ]
}

fn show(desk: &Desk, data: &Data, id: &str) -> Result<Answer, Failure> {
    let id = input::user_type(id)?;
    let house = desk.open(data)?;
    let (overview, counts) = house.store.read(|tx| {
        known_user_type(&*tx.catalog()?, &id)?;
        Ok((overview::show(tx, &CONSOLE)?, tx.headcounts()?))
    })?;
    let (known, count) = (overview.catalog.user_type(&id), counts.iter().find(|one| one.user_type == id));
    let (Some(known), Some(count)) = (known, count) else {
        return Err(members::not_found());
    };
    let fitting = overview.catalog.roles().iter().filter(|role| known.admits(role));
    let roles: Vec<&str> = fitting.map(|role| role.id.as_str()).collect();
    let over = count.over_since.filter(|_| count.is_over());
    let lines = output::pairs(&[
        ("User type", id.to_string()),
        ("Name", known.name.clone()),
        ("Description", known.description.clone()),
        ("Licensed", count.licensed.to_string()),
        ("Assigned", count.seats.assigned.to_string()),
        ("Reserved", count.seats.reserved.to_string()),
        ("Available", available(count).to_string()),
        ("Over since", over.map_or_else(|| "not over".to_owned(), |since| since.to_string())),
        ("Locked out", locked_out(count).to_string()),
        ("Can administer", if known.can_administer { "yes" } else { "no" }.to_owned()),
        ("Usual role", known.usual_role.to_string()),
        ("Roles that fit", roles.join(", ")),
    ]);
    let mut facts = shape::user_type(count, &known.name);
    if let Value::Object(members) = &mut facts {
        members.insert("description".into(), json!(known.description));
        members.insert("can_administer".into(), json!(known.can_administer));
        members.insert("usual_role".into(), json!(known.usual_role.as_str()));
        members.insert("roles".into(), json!(roles));
    }
    Ok(Answer::new(format!("{lines}\n\n`member list --type {id}` lists its members."), facts))
}
