//! `invitation list|resend|revoke`.

use errors::{Code, Failure};
use rules::InvitationId;
use serde_json::{Value, json};
use store::{Invitation as Row, InvitationState};

use super::{Answer, CONSOLE, Desk, write};
use crate::actions::invitations;
use crate::api::invitations::{shaped, with_secret};
use crate::auth::secret_token::SecretToken;
use crate::cli::{Data, Invitation};
use crate::output::{self, Column};

/// How many are read at a time.
const PAGE: u32 = 500;

const COLUMNS: &[Column] = &[
    ("id", "/id"),
    ("username", "/username"),
    ("full_name", "/full_name"),
    ("email", "/email"),
    ("user_type", "/user_type"),
    ("role", "/role"),
    ("state", "/state"),
    ("invited_by", "/invited_by"),
    ("created_at", "/created_at"),
    ("expires_at", "/expires_at"),
    ("ended_at", "/ended_at"),
    ("member", "/member"),
];

pub(super) fn invitation(desk: &Desk, verb: Invitation) -> Result<Answer, Failure> {
    match verb {
        Invitation::List { data, state } => list(desk, &data, state.as_deref().and_then(InvitationState::from_name)),
        Invitation::Resend { id, data, dry_run } => {
            let (house, id, secret) = (desk.open(&data)?, invitation_id(&id)?, SecretToken::generate()?);
            let hash = secret.hash();
            let renewed = write(&house, dry_run, move |tx| invitations::renew(tx, &CONSOLE, &id, &hash))?;
            Ok(told(&renewed, "has a new address; the old one accepts nothing any more", (&secret, dry_run)))
        }
        Invitation::Revoke { id, data, dry_run } => {
            let (house, id) = (desk.open(&data)?, invitation_id(&id)?);
            let gone = id.clone();
            write(&house, dry_run, move |tx| invitations::revoke(tx, &CONSOLE, &gone))?;
            let done = format!("Invitation {id} is revoked; its seat is free.");
            Ok(Answer::written(dry_run, &done, json!({"id": id.as_str(), "revoked": true})))
        }
    }
}

fn invitation_id(text: &str) -> Result<InvitationId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no invitation `{text}`.")))
}

/// An invitation with the address that accepts it, which is shown only where it counts.
pub(super) fn told(invitation: &Row, what: &str, (secret, dry_run): (&SecretToken, bool)) -> Answer {
    let whom = if invitation.username.is_empty() { String::new() } else { format!(" of {}", invitation.username) };
    let (user_type, role) = (&invitation.user_type, &invitation.role);
    let done =
        format!("The invitation{whom} ({user_type}, {role}) {what}; it holds a seat until {}.", invitation.expires_at);
    if dry_run {
        return Answer::written(true, &done, with_secret(shaped(invitation), None));
    }
    let lines = format!(
        "{done}\nAccepted at: /invitations/{}\nPut your portal's address before it. It is shown this once, and no mail is sent. Id: {}",
        secret.as_str(),
        invitation.id
    );
    Answer::written(false, &lines, with_secret(shaped(invitation), Some(secret)))
}

fn list(desk: &Desk, data: &Data, state: Option<InvitationState>) -> Result<Answer, Failure> {
    let house = desk.open(data)?;
    let found = house.store.read(|tx| {
        let mut found: Vec<Row> = Vec::new();
        loop {
            let before = found.last().map(|last| last.id.clone());
            let part = invitations::list(tx, &CONSOLE, state, (before.as_ref(), PAGE))?;
            if part.is_empty() {
                return Ok(found);
            }
            found.extend(part);
        }
    })?;
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let lines = if rows.is_empty() {
        "There are no such invitations.".to_owned()
    } else {
        output::table(&["Id", "State", "For", "E-mail", "User type", "Role", "Holds a seat until"], &rows)
    };
    Ok(Answer::list(lines, found.iter().map(shaped).collect::<Vec<Value>>(), COLUMNS))
}

fn row(one: &Row) -> Vec<String> {
    let until = if one.state == InvitationState::Pending { one.expires_at.to_string() } else { String::new() };
    vec![
        one.id.to_string(),
        one.state.as_str().to_owned(),
        if one.username.is_empty() { one.full_name.clone() } else { one.username.clone() },
        one.email.clone(),
        one.user_type.to_string(),
        one.role.to_string(),
        until,
    ]
}
