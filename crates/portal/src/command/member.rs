//! `member add|list|set-type|swap|delete`, `admin create|reset-password`.

use std::collections::BTreeMap;

use errors::{Code, Failure};
use rules::capacity::{self, Registration};
use rules::change_set::{ChangeSet, Operation};
use rules::plan::{MemberEffect, Plan};
use serde_json::{Value, json};
use store::{Member as Row, MemberFilter, ReadTx, StoreError, StoredPassword};
use zeroize::Zeroizing;

use super::{Answer, Desk};
use crate::actions::Caller;
use crate::actions::changes::{self, Request};
use crate::actions::input;
use crate::actions::members::{self, Addition, AskedExtras, Page};
use crate::api::shape;
use crate::auth::password;
use crate::cli::{Admin, Data, Member};
use crate::house::House;
use crate::output;

const CONSOLE: Caller = Caller::Console;
/// How many members are read at a time for a list.
const PAGE: u32 = 500;

pub(super) fn member(desk: &Desk, verb: Member) -> Result<Answer, Failure> {
    match verb {
        Member::Add { user, data, user_type, role, name, email } => {
            let asked = members::Asked {
                username: user,
                user_type: Some(user_type),
                role,
                full_name: name,
                email,
                extras: AskedExtras::default(),
            };
            add(&desk.open(&data)?, |password| asked.addition(password))
        }
        Member::List { data, user_type, search } => list(desk, &data, user_type.as_deref(), search),
        Member::SetType { user, user_type, data, role, allow_one_over, reason, dry_run } => {
            let house = desk.open(&data)?;
            let id = input::user_type(&user_type)?;
            let role = role.as_deref().map(input::role).transpose()?;
            let reason = reason.unwrap_or_default();
            let request = move |tx: &ReadTx<'_>| {
                let member = members::find(tx, &user)?;
                let operation = Operation::set(member, Some(id.clone()), role);
                let allow_one_over: BTreeMap<_, _> = allow_one_over.map(|number| (id, number)).into_iter().collect();
                let set = ChangeSet { operations: vec![operation], allow_one_over, ..ChangeSet::default() };
                Ok(Request { set, reason, ..Request::default() })
            };
            change(&house, request, dry_run).map_err(repeat_with_consent)
        }
        Member::Swap { a, b, data, reason, dry_run } => {
            let house = desk.open(&data)?;
            let reason = reason.unwrap_or_default();
            let request = move |tx: &ReadTx<'_>| {
                let set = changes::swap(tx, &members::find(tx, &a)?, &members::find(tx, &b)?)?;
                Ok(Request { set, reason, ..Request::default() })
            };
            change(&house, request, dry_run)
        }
        Member::Delete { user, data } => {
            let house = desk.open(&data)?;
            let id = house.store.read(|tx| members::find(tx, &user))?;
            let gone = id.clone();
            house.store.write_now(move |tx| members::delete(tx, &CONSOLE, &gone, None))?;
            Ok(Answer::new(
                format!("{user} is deleted; the seat is free."),
                json!({"id": id.as_str(), "deleted": true}),
            ))
        }
    }
}

pub(super) fn admin(desk: &Desk, verb: Admin) -> Result<Answer, Failure> {
    match verb {
        Admin::Create { user, data, user_type } => {
            let house = desk.open(&data)?;
            let wanted = user_type.as_deref().map(input::user_type).transpose()?;
            let username = input::username(&user)?;
            let seat = house.store.read(|tx| {
                let facts = tx.facts()?;
                wanted.iter().try_for_each(|id| members::in_catalog(facts.catalog(), id))?;
                Ok(capacity::administrator_seat(&facts, wanted.as_ref())?)
            })?;
            add(&house, |password| Ok(addition(username, seat, password)))
        }
        Admin::ResetPassword { user, data } => {
            let house = desk.open(&data)?;
            let id = house.store.read(|tx| members::find(tx, &user))?;
            let (stored, one_time) = fresh()?;
            let member = house.store.write_now(move |tx| members::reset_password(tx, &CONSOLE, &id, &stored))?;
            Ok(welcome("has a new one-time password", &member, &one_time))
        }
    }
}

fn addition(username: String, seat: Registration, password: StoredPassword) -> Addition {
    Addition {
        seat,
        username,
        full_name: String::new(),
        email: String::new(),
        password,
        extras: AskedExtras::default(),
    }
}

fn fresh() -> Result<(StoredPassword, Zeroizing<String>), Failure> {
    let one_time = password::one_time_password()?;
    Ok((members::one_time(&one_time), one_time))
}

fn add(house: &House, addition: impl FnOnce(StoredPassword) -> Result<Addition, Failure>) -> Result<Answer, Failure> {
    let (stored, one_time) = fresh()?;
    let addition = addition(stored)?;
    let member = house.store.write_now(move |tx| members::add(tx, &CONSOLE, addition))?;
    Ok(welcome("is a member", &member, &one_time))
}

fn welcome(news: &str, member: &Row, one_time: &str) -> Answer {
    let lines = format!(
        "{} ({}, {}) {news}.\nOne-time password: {one_time}\nIt is shown this once and must be changed at the first sign-in.",
        member.username, member.user_type, member.role
    );
    let mut facts = shape::member(member);
    if let Value::Object(members) = &mut facts {
        members.insert("one_time_password".into(), json!(one_time));
    }
    Answer::new(lines, facts)
}

/// Plans or applies a change that is put together in the very transaction that decides on it.
fn change<F>(house: &House, request: F, dry_run: bool) -> Result<Answer, Failure>
where
    F: FnOnce(&ReadTx<'_>) -> Result<Request, StoreError> + Send + 'static,
{
    if dry_run {
        let plan = house.store.read(|tx| changes::plan(tx, &CONSOLE, &request(tx)?))?;
        return Ok(Answer::new(format!("{}\nNothing was changed.", lines(&plan)), shape::plan(&plan, None)));
    }
    let applied = house.store.write_now(move |tx| changes::apply(tx, &CONSOLE, &request(tx)?))?;
    Ok(Answer::new(
        format!("{}\nApplied as {}.", lines(&applied.plan), applied.id),
        shape::plan(&applied.plan, Some(applied.id.as_str())),
    ))
}

/// The refusal of a change for want of consent, with the flag that gives it.
fn repeat_with_consent(failure: Failure) -> Failure {
    let fact = if failure.code == Code::OneOverNeedsConsent { "locked_out" } else { "expected" };
    let numbers = failure.facts.get(fact).and_then(Value::as_object);
    let number = numbers.and_then(|by_type| by_type.values().next()).and_then(Value::as_u64);
    let Some(number) = number else { return failure };
    let detail = format!("{} Repeat with --allow-one-over {number} to consent.", failure.detail);
    Failure { detail, ..failure }
}

fn lines(plan: &Plan) -> String {
    let members = plan.members.iter().map(|one| {
        format!("{}: {} ({}) -> {} ({})", one.username, one.former.user_type, one.former.role, after(one), one.role)
    });
    let types = plan.types.iter().map(|one| {
        let locked =
            if one.locked_out > 0 { format!("; {} people are locked out", one.locked_out) } else { String::new() };
        format!("{}: {} -> {} of {} licensed{locked}", one.id, one.before, one.after, one.licensed)
    });
    members.chain(types).collect::<Vec<_>>().join("\n")
}

/// The user type afterwards, or what stands in its place.
fn after(one: &MemberEffect) -> String {
    let state = || one.state.map_or("deleted", rules::MemberState::as_str).to_owned();
    one.user_type.as_ref().map_or_else(state, ToString::to_string)
}

fn list(desk: &Desk, data: &Data, user_type: Option<&str>, search: Option<String>) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let filter = MemberFilter {
        user_type: user_type.map(input::user_type).transpose()?,
        text: search,
        ..MemberFilter::default()
    };
    let mut part = Page { locked_out: None, cursor: None, limit: PAGE };
    let mut all = Vec::new();
    loop {
        let page = house.store.read(|tx| members::list(tx, &CONSOLE, &filter, &part))?;
        all.extend(page.items);
        match page.next {
            Some(next) => part.cursor = Some(next),
            None => break,
        }
    }
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let facts = shape::list(all.iter().map(shape::member).collect(), None);
    Ok(Answer::new(output::table(&["User name", "User type", "Role", "State", "Last signed in", "Id"], &rows), facts))
}

fn row(member: &Row) -> Vec<String> {
    vec![
        member.username.clone(),
        member.user_type.to_string(),
        member.role.to_string(),
        member.state.as_str().to_owned(),
        member.last_signed_in_at.map_or_else(|| "never".to_owned(), |at| at.to_string()),
        member.id.to_string(),
    ]
}
