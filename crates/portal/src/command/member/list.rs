//! `member list|export`.

use std::path::Path;

use errors::Failure;
use files::Secrecy;
use serde_json::{Value, json};
use store::Member as Row;

use super::super::{Answer, CONSOLE, Desk, given};
use crate::actions::{member_table, members};
use crate::api::members::Filters as Query;
use crate::api::shape;
use crate::cli::{Data, Filters};
use crate::output::{self, Column};

/// How many members are read at a time.
const PAGE: u32 = 500;

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("username", "/username"),
    ("full_name", "/full_name"),
    ("email", "/email"),
    ("user_type", "/user_type"),
    ("role", "/role"),
    ("state", "/state"),
    ("vendor_access", "/vendor_access"),
    ("must_change_password", "/must_change_password"),
    ("created_at", "/created_at"),
    ("last_signed_in_at", "/last_signed_in_at"),
    ("archived_at", "/archived_at"),
];

fn query(filters: Filters, locked_out: bool) -> Result<Query, Failure> {
    let Filters { user_type, role, state, group, category, search, not_signed_in_since, sort } = filters;
    let since = not_signed_in_since.as_deref().map(given::since).transpose()?;
    Ok(Query {
        user_type,
        role,
        state,
        group,
        category,
        not_signed_in_since: since.map(|at| at.to_string()),
        locked_out: locked_out.then_some(true),
        q: search,
        sort,
        cursor: None,
        limit: Some(PAGE),
    })
}

pub(super) fn list(desk: &Desk, data: &Data, filters: Filters, locked_out: bool) -> Result<Answer, Failure> {
    let (filter, mut part) = query(filters, locked_out)?.filter()?;
    let house = desk.open(data)?;
    // One reading for all pages, so that nobody stands in two of them.
    let all = house.store.read(|tx| {
        let mut all = Vec::new();
        loop {
            let page = members::list(tx, &CONSOLE, &filter, &part)?;
            all.extend(page.items);
            part.cursor = page.next;
            if part.cursor.is_none() {
                return Ok(all);
            }
        }
    })?;
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let lines = if rows.is_empty() {
        "No member is like that.".to_owned()
    } else {
        output::table(&["User name", "User type", "Role", "State", "Last signed in", "Id"], &rows)
    };
    Ok(Answer::list(lines, all.iter().map(shape::member).collect::<Vec<Value>>(), COLUMNS))
}

fn row(member: &Row) -> Vec<String> {
    let is_seated = member.state.holds_a_seat();
    vec![
        member.username.clone(),
        if is_seated { member.user_type.to_string() } else { format!("({})", member.user_type) },
        member.role.to_string(),
        member.state.as_str().to_owned(),
        member.last_signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string()),
        member.id.to_string(),
    ]
}

pub(super) fn export(desk: &Desk, data: &Data, filters: Filters, out: Option<&Path>) -> Result<Answer, Failure> {
    let (filter, part) = query(filters, false)?.filter()?;
    let house = desk.open(data)?;
    let out = out.filter(|path| path.as_os_str() != "-");
    out.map_or(Ok(()), files::must_not_exist)?;
    let text = house.store.read(|tx| member_table::export(tx, &CONSOLE, &filter, &part))?;
    let Some(out) = out else { return Ok(Answer::new(text.clone(), json!({ "csv": text }))) };
    // Names and addresses of people are their owner's alone.
    files::write_new(out, text.as_bytes(), Secrecy::Secret)?;
    // A line each, after the header: no cell of ours holds a line end.
    let count = text.lines().count().saturating_sub(1);
    let lines = format!("Wrote {count} members to {}.", out.display());
    Ok(Answer::new(lines, json!({"file": out.display().to_string(), "members": count})))
}
