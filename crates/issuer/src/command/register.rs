//! `key register`: the public half of a key that lies in a token.

use std::path::Path;

use ed25519_dalek::{Signature, VerifyingKey};
use entitlement::PublicKey;
use errors::{Code, Failure};
use serde_json::json;

use crate::cli::Register;
use crate::clock;
use crate::command::key;
use crate::ledger::Ledger;
use crate::output::Answer;
use crate::passphrase::Asking;
use crate::token::TokenKey;
use crate::workspace::{Purpose, Workspace};

/// Takes the public half into the workspace, once the token has shown that it can sign with the secret one.
pub(super) fn register(dir: &Path, arguments: &Register, asking: Asking) -> Result<Answer, Failure> {
    let (kid, purpose, uri) = (&arguments.id, arguments.purpose, &arguments.token);
    let validity = key::validity_for(purpose, kid, &arguments.days, clock::now()?)?;
    Workspace::open(dir)?.must_be_free(kid)?;
    if arguments.dry_run {
        let table =
            format!("Would register the {purpose} key {kid} of the token {}; nothing was done.", uri.token_name());
        return Ok(Answer::facts(
            table,
            json!({ "dry_run": true, "kid": kid, "purpose": purpose.to_string(), "token": uri.to_string() }),
        ));
    }
    let token = TokenKey::open(uri, &arguments.passphrase.pin(uri, asking)?)?;
    let public = PublicKey::new(kid.clone(), token.public()).map_err(|error| {
        Failure::new(Code::TokenKeyUnsuitable, format!("The key of the token cannot be used: {error}."))
    })?;
    must_sign(&token)?;
    let _lock = Ledger::lock(dir)?;
    let mut workspace = Workspace::open(dir)?;
    must_be_new(&workspace, &public)?;
    workspace.register(&public, validity, uri)?;
    Ok(key::describe(&workspace, &public, purpose)?.and_say(key::next(purpose)))
}

/// Has the token sign something of no other meaning.
fn must_sign(token: &TokenKey) -> Result<(), Failure> {
    let bytes = b"seatwarden-issuer key register";
    let signature = Signature::from_bytes(&token.sign(bytes)?);
    let verified = VerifyingKey::from_bytes(token.public()).and_then(|key| key.verify_strict(bytes, &signature));
    verified.map_err(|_| {
        Failure::new(
            Code::TokenKeyUnsuitable,
            "What the token signs does not verify with the public key that it names.",
        )
    })
}

/// One key under two names could be revoked under one of them and go on under the other.
fn must_be_new(workspace: &Workspace, public: &PublicKey) -> Result<(), Failure> {
    for purpose in [Purpose::Root, Purpose::Signing] {
        if let Some(same) = workspace.keys(purpose)?.iter().find(|key| key.as_bytes() == public.as_bytes()) {
            let detail = format!("This key is in the workspace already, as the {purpose} key `{}`.", same.kid());
            return Err(Failure::new(Code::Usage, detail));
        }
    }
    Ok(())
}
