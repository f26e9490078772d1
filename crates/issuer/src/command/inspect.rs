//! `license inspect` and `trust show`: what a file says, without asking whether it is true.

use std::path::Path;

use entitlement::peek_kind;
use errors::Failure;
use serde_json::{Value, json};

use crate::output::Answer;
use crate::workspace;

/// The outside of a file and its payload, under a warning.
pub(super) fn inspect(path: &Path) -> Result<Answer, Failure> {
    let found = peek_kind(&files::read(path)?).map_err(|error| workspace::about(path, error))?;
    let payload = serde_json::from_str::<Value>(&found.payload_text).ok();
    let shown = payload.as_ref().map_or_else(|| found.payload_text.clone(), |payload| format!("{payload:#}"));
    let kind = found.kind.map_or("a kind that is not known here".to_owned(), |kind| kind.to_string());
    let table = format!(
        "UNVERIFIED: anybody can write such a file; only `verify` tells whether it is genuine.\n\
         kind      {kind} ({})\nkey       {}\nidentity  {}\nsays\n{shown}",
        found.typ, found.kid, found.identity
    );
    let json = json!({
        "verified": false,
        "kind": found.kind.map(|kind| kind.to_string()),
        "typ": found.typ,
        "key": found.kid,
        "identity": found.identity,
        "payload": payload.unwrap_or(Value::String(found.payload_text)),
    });
    Ok(Answer::facts(table, json).and_say("This file was not verified."))
}
