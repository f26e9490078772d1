//! `product list|activity`, `session list|end`, `offline list|release|return|allow`.

use entitlement::{Policy, ProductId};
use errors::{Code, Failure};
use rules::MemberId;
use rules::offline::CheckoutState;
use serde_json::{Value, json};
use store::{ReadTx, StoreError, Topic};

use super::plan::counted;
use super::{Answer, CONSOLE, Desk, given, write};
use crate::actions::activity::{self, Activity, Part};
use crate::actions::in_use::{self, Ended};
use crate::actions::products::Named;
use crate::actions::{input, members, products, settings};
use crate::api::settings::value_of;
use crate::api::{products as shapes, shape};
use crate::cli::{Data, Offline, Product, Session, Switch};
use crate::house::House;
use crate::output::{self, Column};

const PRODUCTS: &[Column] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("members", "/use/members"),
    ("online", "/use/online"),
    ("offline", "/use/offline"),
];
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

/// A list under those columns, or the sentence where there is nothing in it.
fn listed(items: Vec<Value>, columns: &'static [Column], nothing: &str) -> Answer {
    let names: Vec<String> = columns.iter().map(|(name, _)| name.replace('_', " ")).collect();
    let headings: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> = items.iter().map(|one| output::cells(one, columns)).collect();
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
                    let uses = json!({"members": numbers.members, "online": numbers.online,
                                      "offline": numbers.offline});
                    Ok(with(shapes::product_shape(one), "use", uses))
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

/// Adds one thing to what is said.
fn with(mut shape: Value, name: &str, value: Value) -> Value {
    if let Value::Object(members) = &mut shape {
        members.insert(name.into(), value);
    }
    shape
}

/// Adds the product and the user name to what is said of a session or a checkout; nobody's where the member is gone.
fn named(shape: Value, product: &ProductId, username: Option<&str>) -> Value {
    with(with(shape, "product", json!(product.as_str())), "username", json!(username))
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
                        items.extend(of.map(|shape| named(shape, &product, Some(&one.member.username))));
                    }
                }
                Ok(items)
            })?;
            Ok(listed(items, SESSIONS, "No session is running."))
        }
        Session::End { id, data, member, product, dry_run } => {
            let house = desk.open(&data)?;
            match (id, member, product) {
                (Some(id), _, _) => end_one(&house, id, dry_run),
                (None, Some(user), Some(product)) => end_all(&house, user, input::product(&product)?, dry_run),
                (None, _, _) => {
                    Err(Failure::new(Code::Usage, "Name the session, or --member and --product for all of them."))
                }
            }
        }
    }
}

fn ended_shape(one: &Ended, policy: Policy) -> Value {
    named(shapes::session_shape(&one.session.facts, policy), &one.session.product, Some(&one.member.username))
}

fn end_one(house: &House, id: String, dry_run: bool) -> Result<Answer, Failure> {
    let (ended, policy) = write(house, dry_run, move |tx| Ok((in_use::end(tx, &CONSOLE, &id)?, policy(tx)?)))?;
    let (computer, user) = (&ended.session.facts.device_name, &ended.member.username);
    let done = if ended.was_running {
        format!("The session of {user} on {computer} is ended; its user is told and has time to save.")
    } else {
        format!("The session of {user} on {computer} was over already; nothing was changed.")
    };
    Ok(Answer::written(dry_run, &done, ended_shape(&ended, policy)))
}

fn end_all(house: &House, user: String, product: ProductId, dry_run: bool) -> Result<Answer, Failure> {
    let of = product.clone();
    let (ended, policy) = write(house, dry_run, move |tx| {
        let whom = members::find(tx, &user)?;
        Ok((in_use::end_all(tx, &CONSOLE, &whom, &of)?, policy(tx)?))
    })?;
    let user = ended.first().map_or("", |one| &one.member.username);
    let computers: Vec<&str> = ended.iter().map(|one| one.session.facts.device_name.as_str()).collect();
    let sessions = counted(u64::try_from(ended.len()).unwrap_or(u64::MAX), "session");
    let done = format!(
        "Ended {sessions} of {user} with {product}: {}. The user is told and has time to save.",
        computers.join(", ")
    );
    let items = ended.iter().map(|one| ended_shape(one, policy)).collect();
    Ok(Answer::written(dry_run, &done, shape::list(items, None)))
}

pub(super) fn offline(desk: &Desk, verb: Offline) -> Result<Answer, Failure> {
    match verb {
        Offline::List { data, product } => {
            let product = product.as_deref().map(input::product).transpose()?;
            let all = desk.open(&data)?.store.read(|tx| in_use::offline(tx, &CONSOLE, product.as_ref()))?;
            let items = all.iter().map(|(out, member)| {
                let username = member.as_ref().map(|member| member.username.as_str());
                named(shapes::checkout_shape(out), &out.product, username)
            });
            Ok(listed(items.collect(), CHECKOUTS, "Nothing is offline."))
        }
        Offline::Release { id, data, dry_run } => {
            let house = desk.open(&data)?;
            let released = write(&house, dry_run, move |tx| products::release(tx, &CONSOLE, Named::by_id(&id)))?;
            let (computer, until) = (&released.facts.device_name, released.facts.until);
            let done = if released.facts.state == CheckoutState::Returned {
                format!("The license on {computer} was given back already; nothing was changed.")
            } else {
                format!("The license on {computer} is released. It may still be used there until {until}.")
            };
            Ok(Answer::written(dry_run, &done, shapes::checkout_shape(&released)))
        }
        Offline::Return { id, code, data, dry_run } => {
            let house = desk.open(&data)?;
            let code = String::from_utf8_lossy(&given::bytes(&code)?).split_whitespace().collect::<String>();
            let returned = write(&house, dry_run, move |tx| products::hand_in(tx, &CONSOLE, Named::by_id(&id), &code))?;
            let done = format!("The license is back from {}.", returned.facts.device_name);
            Ok(Answer::written(dry_run, &done, shapes::checkout_shape(&returned)))
        }
        Offline::Acknowledge { data, dry_run } => {
            let house = desk.open(&data)?;
            let held = write(&house, dry_run, |tx| products::acknowledge(tx, &CONSOLE))?;
            let done = held.map_or_else(
                || "Nothing is held: no backup was restored, or its leases have ended.".to_owned(),
                |until| format!("Products may go offline again; they would have waited until {until}."),
            );
            Ok(Answer::written(dry_run, &done, json!({"held_until": held.map(|until| until.to_string())})))
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
    let (told, shown) = write(&house, dry_run, move |tx| {
        let set = settings::allow_offline(tx, &CONSOLE, (switch == Switch::On, most_days))?;
        Ok((set.told(policy(tx)?), settings::show(tx, &CONSOLE, Topic::Offline)?))
    })?;
    let done = match switch {
        Switch::Off => format!("{told} What is out stays out to its end."),
        Switch::On => told,
    };
    Ok(Answer::written(dry_run, &done, value_of(shown)))
}
