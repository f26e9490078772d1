//! `product list|activity`, `session list|end`, `offline list|release|return|allow`.

use entitlement::{Policy, ProductId};
use errors::Failure;
use rules::MemberId;
use serde_json::{Value, json};
use store::{ReadTx, StoreError};

use super::{Answer, CONSOLE, Desk, given, write};
use crate::actions::activity::{self, Activity, Part};
use crate::actions::products::Named;
use crate::actions::{input, members, products, settings};
use crate::api::products as shapes;
use crate::cli::{Data, Offline, Product, Session, Switch};
use crate::output::{self, Column};

const PRODUCTS: &[Column] =
    &[("id", "/id"), ("name", "/name"), ("members", "/members"), ("online", "/online"), ("offline", "/offline")];
const ACTIVITY: &[Column] = &[
    ("username", "/username"),
    ("full_name", "/full_name"),
    ("level", "/level"),
    ("last_used", "/last_used"),
    ("online", "/recently_used"),
    ("offline_on", "/offline/computer"),
    ("offline_until", "/offline/until"),
];
const SESSIONS: &[Column] = &[
    ("id", "/id"),
    ("product", "/product"),
    ("username", "/username"),
    ("computer", "/computer"),
    ("created_at", "/created_at"),
    ("last_used", "/last_used"),
    ("active_until", "/active_until"),
];
const CHECKOUTS: &[Column] = &[
    ("id", "/id"),
    ("product", "/product"),
    ("username", "/username"),
    ("computer", "/computer"),
    ("until", "/until"),
    ("state", "/state"),
];

/// The cells of an item under its columns.
fn cells(item: &Value, columns: &[Column]) -> Vec<String> {
    let cell = |(_, place): &Column| match item.pointer(place) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(other) => other.to_string(),
    };
    columns.iter().map(cell).collect()
}

/// A list under those columns, or the sentence where there is nothing in it.
fn listed(items: Vec<Value>, columns: &'static [Column], nothing: &str) -> Answer {
    let names: Vec<String> = columns.iter().map(|(name, _)| name.replace('_', " ")).collect();
    let headings: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = items.iter().map(|one| cells(one, columns)).collect();
    let lines = if rows.is_empty() { nothing.to_owned() } else { output::table(&headings, &rows) };
    Answer::list(lines, items, columns)
}

pub(super) fn product(desk: &Desk, verb: Product) -> Result<Answer, Failure> {
    match verb {
        Product::List { data } => {
            let house = desk.open(&data)?;
            let items = house.store.read(|tx| {
                let catalog = tx.catalog()?;
                let each = catalog.products().iter().map(|one| {
                    let numbers = activity::numbers(tx, &CONSOLE, &one.id)?;
                    Ok(json!({"id": one.id.as_str(), "name": one.name, "members": numbers.members,
                              "online": numbers.online, "offline": numbers.offline}))
                });
                each.collect::<Result<Vec<Value>, StoreError>>()
            })?;
            Ok(listed(items, PRODUCTS, "The catalog has no products."))
        }
        Product::Activity { id, data, state, unused_days } => {
            let part = Part::read(state.as_deref(), unused_days.as_deref())?;
            let (house, id) = (desk.open(&data)?, input::product(&id)?);
            let items = house.store.read(|tx| {
                let policy = policy(tx)?;
                let rows = activity::whole(tx, &CONSOLE, (&id, part))?;
                Ok(rows.iter().map(|one| shapes::activity_shape(one, policy)).collect())
            })?;
            Ok(listed(items, ACTIVITY, "Nobody is in this list."))
        }
    }
}

fn policy(tx: &ReadTx<'_>) -> Result<Policy, StoreError> {
    Ok(tx.license()?.at(tx.now()).policy())
}

/// The activity of every product, or of one.
fn everywhere(
    tx: &ReadTx<'_>,
    product: Option<&ProductId>,
    part: Part,
) -> Result<Vec<(ProductId, Activity)>, StoreError> {
    let catalog = tx.catalog()?;
    let mut all = Vec::new();
    let ids = match product {
        Some(only) => vec![only],
        None => catalog.products().iter().map(|one| &one.id).collect(),
    };
    for id in ids {
        let rows = activity::whole(tx, &CONSOLE, (id, part))?;
        all.extend(rows.into_iter().map(|one| (id.clone(), one)));
    }
    Ok(all)
}

/// Adds the product and the user name to what is said of a session or a checkout.
fn named(mut shape: Value, product: &ProductId, username: &str) -> Value {
    if let Value::Object(members) = &mut shape {
        members.insert("product".into(), json!(product.as_str()));
        members.insert("username".into(), json!(username));
    }
    shape
}

pub(super) fn session(desk: &Desk, verb: Session) -> Result<Answer, Failure> {
    match verb {
        Session::List { data, product, member } => {
            let product = product.as_deref().map(input::product).transpose()?;
            let house = desk.open(&data)?;
            let items = house.store.read(|tx| {
                let whom: Option<MemberId> = member.as_deref().map(|name| members::find(tx, name)).transpose()?;
                let policy = policy(tx)?;
                let mut items = Vec::new();
                for (product, one) in everywhere(tx, product.as_ref(), Part::Online)? {
                    if whom.as_ref().is_none_or(|whom| *whom == one.member.id) {
                        let of = one.sessions.iter().map(|session| shapes::session_shape(session, policy));
                        items.extend(of.map(|shape| named(shape, &product, &one.member.username)));
                    }
                }
                Ok(items)
            })?;
            Ok(listed(items, SESSIONS, "No session is running."))
        }
        Session::End { id, data, dry_run } => {
            let house = desk.open(&data)?;
            let (of, policy) =
                house.store.read(|tx| Ok((products::session(tx, &CONSOLE, Named::by_id(&id))?, policy(tx)?)))?;
            let (found, member) = of;
            let ended = id.clone();
            write(&house, dry_run, move |tx| products::end(tx, &CONSOLE, Named::by_id(&ended), false))?;
            let (computer, user) = (&found.facts.device_name, &member.username);
            let done = format!("The session of {user} on {computer} is ended; its user is told and has time to save.");
            let facts = named(shapes::session_shape(&found.facts, policy), &found.product, user);
            Ok(Answer::written(dry_run, &done, facts))
        }
    }
}

pub(super) fn offline(desk: &Desk, verb: Offline) -> Result<Answer, Failure> {
    match verb {
        Offline::List { data, product } => {
            let product = product.as_deref().map(input::product).transpose()?;
            let all = desk.open(&data)?.store.read(|tx| everywhere(tx, product.as_ref(), Part::Offline))?;
            let item = |(product, one): &(ProductId, Activity)| {
                let shape = shapes::checkout_shape(one.offline.as_ref()?);
                Some(named(shape, product, &one.member.username))
            };
            Ok(listed(all.iter().filter_map(item).collect(), CHECKOUTS, "Nothing is offline."))
        }
        Offline::Release { id, data, dry_run } => {
            let house = desk.open(&data)?;
            let released = write(&house, dry_run, move |tx| products::release(tx, &CONSOLE, Named::by_id(&id)))?;
            let (computer, until) = (&released.facts.device_name, released.facts.until);
            let done = format!("The license on {computer} is released. It may still be used there until {until}.");
            Ok(Answer::written(dry_run, &done, shapes::checkout_shape(&released)))
        }
        Offline::Return { id, code, data, dry_run } => {
            let house = desk.open(&data)?;
            let code = String::from_utf8_lossy(&given::bytes(&code)?).split_whitespace().collect::<String>();
            let returned = write(&house, dry_run, move |tx| products::hand_in(tx, &CONSOLE, Named::by_id(&id), &code))?;
            let done = format!("The license is back from {}.", returned.facts.device_name);
            Ok(Answer::written(dry_run, &done, shapes::checkout_shape(&returned)))
        }
        Offline::Allow { switch, most_days, data, dry_run } => allow(desk, &data, (switch, most_days), dry_run),
    }
}

fn allow(
    desk: &Desk,
    data: &Data,
    (switch, most_days): (Switch, Option<u32>),
    dry_run: bool,
) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let sent = settings::Offline { allowed: switch == Switch::On, most_days };
    let (facts, told) = (json!(sent), sent.told(house.store.read(policy)?));
    write(&house, dry_run, move |tx| settings::set_offline(tx, &CONSOLE, sent, None))?;
    let done = match switch {
        Switch::Off => format!("{told} What is out stays out to its end."),
        Switch::On => told,
    };
    Ok(Answer::written(dry_run, &done, facts))
}
