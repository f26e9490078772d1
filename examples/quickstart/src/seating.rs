//! Twenty-nine members over HTTP: added, and with the passwords of `accounts.json` in the place of their one-time ones.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::accounts::{Accounts, Login, Seated};
use crate::http::Client;
use crate::output;

/// Adds whoever is missing and gives everybody the password of the list.
pub fn fill(client: &Client, accounts: &Accounts) -> Result<()> {
    output::step("25 Viewers and 4 more Creators are added, up to the full 30");
    let token = sign_in(client, &accounts.administrator)?;
    let present = client.get("/api/v1/members?limit=500", Some(&token))?.expecting(200)?;
    let present = present.body.get("items").and_then(Value::as_array).cloned().context("the list has no items")?;
    for member in &accounts.members {
        let name = &member.login.username;
        let found = present.iter().find(|one| one.get("username").and_then(Value::as_str) == Some(name));
        let one_time = match found {
            None => add(client, &token, member)?,
            Some(one) if one.get("must_change_password") == Some(&json!(true)) => reset(client, &token, one)?,
            Some(_) => continue,
        };
        set_password(client, &member.login, &one_time).with_context(|| format!("the password of {name}"))?;
    }
    client.delete("/api/v1/session", &token)?.expecting(204)?;
    Ok(())
}

/// Signs in; the token.
pub fn sign_in(client: &Client, login: &Login) -> Result<String> {
    let body = json!({"username": login.username, "password": login.password});
    let answer = client.post("/api/v1/session", None, &body)?.expecting(200);
    answer.with_context(|| format!("{} cannot sign in", login.username))?.text("token")
}

fn add(client: &Client, token: &str, member: &Seated) -> Result<String> {
    let name = &member.login.username;
    let body = json!({"username": name, "user_type": member.user_type, "role": member.role()});
    let answer = client.post("/api/v1/members", Some(token), &body)?.expecting(201);
    answer.with_context(|| format!("{name} is not added"))?.text("one_time_password")
}

/// A run that was killed added the member, and nobody knows the one-time password any more.
fn reset(client: &Client, token: &str, member: &Value) -> Result<String> {
    let id = member.get("id").and_then(Value::as_str).context("a member of the list has no id")?;
    client
        .post(&format!("/api/v1/members/{id}/password-reset"), Some(token), &json!({}))?
        .expecting(200)?
        .text("one_time_password")
}

fn set_password(client: &Client, login: &Login, one_time: &str) -> Result<()> {
    let first = Login { username: login.username.clone(), password: one_time.to_owned() };
    let token = sign_in(client, &first)?;
    let body = json!({"current_password": one_time, "new_password": login.password});
    client.put("/api/v1/me/password", &token, &body)?.expecting(204)?;
    let me = client.get("/api/v1/me", Some(&token))?.expecting(200)?;
    ensure!(me.body.get("must_change_password") == Some(&json!(false)), "it is still the one-time password");
    client.delete("/api/v1/session", &token)?.expecting(204)?;
    Ok(())
}
