//! Who there is: one administrator, four more Creators, twenty-five Viewers, and their passwords.
//!
//! The passwords are made up before anybody is added and lie in a draft, so that a run that was killed goes on with the
//! same ones. `accounts.json` appears once every account works, and from then on nothing is added or reset again: what
//! people did in the portal since stays as it is.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::workspace::{self, Place};

/// Creators beside the administrator, who is the fifth.
pub const CREATORS: usize = 4;
/// Viewers.
pub const VIEWERS: usize = 25;

/// Somebody who can sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// A member who is no administrator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seated {
    /// User name and password.
    #[serde(flatten)]
    pub login: Login,
    /// The user type at the beginning.
    pub user_type: String,
}

impl Seated {
    /// The role that goes with the user type.
    pub fn role(&self) -> &'static str {
        if self.user_type == "creator" { "publisher" } else { "viewer" }
    }
}

/// `accounts.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Listed {
    address: String,
    administrator: Login,
    members: Vec<Seated>,
}

/// The thirty.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The administrator, a Creator.
    pub administrator: Login,
    /// Creators first, then Viewers.
    pub members: Vec<Seated>,
    /// Whether an earlier run has made them all.
    pub complete: bool,
}

impl Accounts {
    /// The accounts of an earlier run, or new ones.
    pub fn of(place: &Place) -> Result<Self> {
        let (list, draft) = (place.accounts(), place.draft());
        if list.exists() {
            // Somebody may have removed the portal's data; then the same accounts are made again.
            return Ok(Self::from_listed(read(&list)?, place.portal_key().exists()));
        }
        if !draft.exists() {
            write(&draft, &thirty()?)?;
        }
        Ok(Self::from_listed(read(&draft)?, false))
    }

    fn from_listed(listed: Listed, complete: bool) -> Self {
        Self { administrator: listed.administrator, members: listed.members, complete }
    }

    /// Writes `accounts.json`: every account in it works.
    pub fn publish(&self, place: &Place, address: &str) -> Result<()> {
        let (administrator, members) = (self.administrator.clone(), self.members.clone());
        write(&place.accounts(), &Listed { address: address.to_owned(), administrator, members })?;
        workspace::remove_file(&place.draft())
    }

    /// The members of a user type at the beginning.
    pub fn of_type(&self, user_type: &str) -> impl Iterator<Item = &Seated> {
        self.members.iter().filter(move |member| member.user_type == user_type)
    }

    /// A member by number, from 1, among those who began with the user type.
    pub fn one(&self, user_type: &str, number: usize) -> Result<&Seated> {
        let found = self.of_type(user_type).nth(number.saturating_sub(1));
        found.ok_or_else(|| anyhow!("there is no {user_type} number {number}"))
    }
}

fn thirty() -> Result<Listed> {
    let creators = (1..=CREATORS).map(|number| ("creator", format!("creator-{number}")));
    let viewers = (1..=VIEWERS).map(|number| ("viewer", format!("viewer-{number:02}")));
    let seat = |(user_type, username): (&str, String)| {
        Ok(Seated { login: login(&username)?, user_type: user_type.to_owned() })
    };
    let members = creators.chain(viewers).map(seat).collect::<Result<_>>()?;
    Ok(Listed { address: String::new(), administrator: login("admin")?, members })
}

fn login(username: &str) -> Result<Login> {
    Ok(Login { username: username.to_owned(), password: password()? })
}

/// Sixteen characters, five bits of chance in each.
fn password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system gives no randomness: {error}"))?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('a', char::from);
    Ok(bytes.iter().map(letter).collect())
}

fn read(path: &Path) -> Result<Listed> {
    let text = fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("`{}` is not a list of accounts", path.display()))
}

fn write(path: &Path, listed: &Listed) -> Result<()> {
    workspace::put(path, (serde_json::to_string_pretty(listed)? + "\n").as_bytes())
}
