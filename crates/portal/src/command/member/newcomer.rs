//! `member add|invite`, `admin create|reset-password`: whatever makes a secret that is shown once.

use errors::Failure;
use rules::capacity::{self, known_user_type};
use serde_json::{Value, json};
use store::{Member as Row, StoredPassword};
use zeroize::Zeroizing;

use super::super::{Answer, CONSOLE, Desk, invitation, write};
use crate::actions::members::{self, Addition, Asked, AskedExtras};
use crate::actions::{input, invitations};
use crate::api::shape;
use crate::auth::password;
use crate::auth::secret_token::SecretToken;
use crate::cli::{Admin, Data, Newcomer};
use crate::house::House;

pub(super) fn add(
    desk: &Desk,
    data: &Data,
    username: String,
    (newcomer, dry_run): (Newcomer, bool),
) -> Result<Answer, Failure> {
    let Newcomer { user_type, role, name, email } = newcomer;
    let asked = Asked { username, user_type, role, full_name: name, email, extras: AskedExtras::default() };
    register(&desk.open(data)?, dry_run, |password| asked.addition(password))
}

pub(super) fn invite(
    desk: &Desk,
    data: &Data,
    username: Option<String>,
    (newcomer, dry_run): (Newcomer, bool),
) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let Newcomer { user_type, role, name, email } = newcomer;
    let extras = AskedExtras::default();
    let asked = invitations::Asked { username, user_type, role, full_name: name, email, extras };
    let secret = SecretToken::generate()?;
    let request = asked.request(secret.hash())?;
    let invitation = write(&house, dry_run, move |tx| invitations::send(tx, &CONSOLE, request))?;
    Ok(invitation::told(&invitation, "is sent", (&secret, dry_run)))
}

pub(in super::super) fn admin(desk: &Desk, verb: Admin) -> Result<Answer, Failure> {
    match verb {
        Admin::Create { user, data, user_type, dry_run } => {
            let house = desk.open(&data)?;
            let wanted = user_type.as_deref().map(input::user_type).transpose()?;
            let username = input::username(&user)?;
            let seat = house.store.read(|tx| {
                let facts = tx.facts()?;
                wanted.iter().try_for_each(|id| known_user_type(facts.catalog(), id).map(drop))?;
                Ok(capacity::administrator_seat(&facts, wanted.as_ref())?)
            })?;
            register(&house, dry_run, |password| {
                let (full_name, email, extras) = (String::new(), String::new(), AskedExtras::default());
                Ok(Addition { seat, username, full_name, email, password, extras })
            })
        }
        Admin::ResetPassword { user, data, dry_run } => {
            let house = desk.open(&data)?;
            let id = house.store.read(|tx| members::find(tx, &user))?;
            let (stored, one_time) = fresh()?;
            let member = write(&house, dry_run, move |tx| members::reset_password(tx, &CONSOLE, &id, &stored))?;
            Ok(welcome("has a new one-time password", &member, (&one_time, dry_run)))
        }
    }
}

fn fresh() -> Result<(StoredPassword, Zeroizing<String>), Failure> {
    let one_time = password::one_time_password()?;
    Ok((members::one_time(&one_time), one_time))
}

fn register(
    house: &House,
    dry_run: bool,
    addition: impl FnOnce(StoredPassword) -> Result<Addition, Failure>,
) -> Result<Answer, Failure> {
    let (stored, one_time) = fresh()?;
    let addition = addition(stored)?;
    let member = write(house, dry_run, move |tx| members::add(tx, &CONSOLE, addition))?;
    Ok(welcome("is a member", &member, (&one_time, dry_run)))
}

/// The password is shown only where it counts.
fn welcome(done: &str, member: &Row, (one_time, dry_run): (&str, bool)) -> Answer {
    let done = format!("{} ({}, {}) {done}.", member.username, member.user_type, member.role);
    let mut facts = shape::member(member);
    if let Value::Object(members) = &mut facts {
        members.insert("one_time_password".into(), json!(Some(one_time).filter(|_| !dry_run)));
    }
    if dry_run {
        return Answer::written(true, &done, facts);
    }
    let once = "It is shown this once and must be changed at the first sign-in.";
    Answer::written(false, &format!("{done}\nOne-time password: {one_time}\n{once}"), facts)
}
