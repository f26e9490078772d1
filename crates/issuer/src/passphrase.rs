//! Passphrases: from a file, a descriptor or a prompt, never from the command line or the environment.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use entitlement::KeyId;
use errors::{Code, Failure};
use zeroize::Zeroizing;

use crate::token::TokenUri;

/// Where the passphrase of a secret key comes from.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PassphraseArgs {
    /// Read the passphrase, or the PIN of a token, from the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_fd")]
    passphrase_file: Option<PathBuf>,
    /// Read the passphrase, or the PIN of a token, from the first line of this open file descriptor
    #[arg(long, value_name = "N")]
    passphrase_fd: Option<u32>,
}

/// Whether a person can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// On a terminal, yes.
    Allowed,
    /// `--no-input`.
    Forbidden,
}

impl PassphraseArgs {
    /// The passphrase of a key that exists.
    pub(crate) fn existing(&self, kid: &KeyId, asking: Asking) -> Result<Zeroizing<String>, Failure> {
        match self.given()? {
            Some(passphrase) => Ok(passphrase),
            None => prompt(&format!("Passphrase of the key {kid}: "), asking),
        }
    }

    /// The passphrase of a key to be made; a person types it twice.
    pub(crate) fn fresh(&self, kid: &KeyId, asking: Asking) -> Result<Zeroizing<String>, Failure> {
        if let Some(passphrase) = self.given()? {
            return Ok(passphrase);
        }
        let first = prompt(&format!("New passphrase of the key {kid}: "), asking)?;
        let second = prompt("The same again: ", asking)?;
        if first == second {
            return Ok(first);
        }
        Err(Failure::new(Code::PassphraseWrong, "The two passphrases are not the same."))
    }

    /// The passphrases of two keys to be made at once: a person gives each its own, a file gives both the same.
    pub(crate) fn fresh_pair(
        &self,
        (first, second): (&KeyId, &KeyId),
        asking: Asking,
    ) -> Result<(Zeroizing<String>, Zeroizing<String>), Failure> {
        if let Some(given) = self.given()? {
            return Ok((given.clone(), given));
        }
        Ok((self.fresh(first, asking)?, self.fresh(second, asking)?))
    }

    /// The PIN of a token: the one that is given here, else the one of its address, else the one that a person types.
    pub(crate) fn pin(&self, uri: &TokenUri, asking: Asking) -> Result<Zeroizing<String>, Failure> {
        match (self.given()?, uri.pin_source()) {
            (Some(pin), _) => Ok(pin),
            (None, Some(path)) => first_line(path),
            (None, None) => prompt(&format!("PIN of the token {}: ", uri.token_name()), asking),
        }
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let path = match (&self.passphrase_file, self.passphrase_fd) {
            (Some(path), _) => path.clone(),
            (None, Some(descriptor)) => PathBuf::from(format!("/dev/fd/{descriptor}")),
            (None, None) => return Ok(None),
        };
        first_line(&path).map(Some)
    }
}

fn first_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let line = files::first_line(path, Code::PassphraseWrong)?;
    if line.is_empty() {
        let detail = format!("The first line of `{}` is empty, and a passphrase is not.", path.display());
        return Err(Failure::new(Code::PassphraseNeeded, detail));
    }
    Ok(line)
}

fn prompt(question: &str, asking: Asking) -> Result<Zeroizing<String>, Failure> {
    let none = || Failure::new(Code::PassphraseNeeded, "A passphrase is needed, and nobody can be asked for it here.");
    if asking == Asking::Forbidden || !std::io::stdin().is_terminal() {
        return Err(none());
    }
    let answer = Zeroizing::new(rpassword::prompt_password(question).map_err(|_| none())?);
    if answer.is_empty() {
        return Err(Failure::new(Code::PassphraseNeeded, "The passphrase is empty."));
    }
    Ok(answer)
}
