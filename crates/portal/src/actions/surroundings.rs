//! What stands around every page, whoever reads it: the file in force, and the user types that are over (S11 to S13).

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Moment, UserTypeId};
use rules::MemberId;
use rules::account;
use rules::compliance::is_over;
use rules::notice::{self, Notice};
use rules::refusal::Over;
use serde::Deserialize;
use store::{Installed, ReadTx, StoreError};

use super::overview::next_end;

/// How many of the newest changes are looked through for the one that took a user type over.
const LOOKED_THROUGH: u32 = 200;

/// The surroundings of a page, as far as this reader may know them.
#[derive(Debug)]
pub struct Surroundings {
    /// Whether a file was ever activated here.
    pub activated: bool,
    /// The file in force.
    pub license: Option<Arc<Installed>>,
    /// The user types that are over, for those whom it concerns; empty for everybody else.
    pub over: Vec<Excess>,
    /// The end that is near, for those whom it concerns.
    pub ends_soon: Option<EndsSoon>,
    /// Whether the reader may see the licenses.
    pub sees_licenses: bool,
    /// Whether the reader may see the members.
    pub sees_members: bool,
    /// The names of the ids.
    pub catalog: Arc<Catalog>,
}

/// Something in the file in force ends soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndsSoon {
    /// When.
    pub at: Moment,
    /// The threshold that was passed, in days.
    pub within_days: i64,
}

/// A user type that is over, and how it came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The numbers.
    pub over: Over,
    /// Since when.
    pub since: Option<Moment>,
    /// The change that took it over, where it was a change.
    pub started: Option<Started>,
}

/// A change that took a user type over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The user name of whoever made it.
    pub by: String,
    /// The members whom it brought into the user type: the user name, and where each came from.
    pub entered: Vec<(String, UserTypeId)>,
}

/// The plan of a change as it was kept.
#[derive(Deserialize)]
struct KeptPlan {
    types: Vec<KeptType>,
    members: Vec<KeptMember>,
}

#[derive(Deserialize)]
struct KeptType {
    id: UserTypeId,
    before: u64,
    after: u64,
    licensed: u64,
}

#[derive(Deserialize)]
struct KeptMember {
    username: String,
    /// Nothing for who is archived or deleted by it.
    user_type: Option<UserTypeId>,
    former: KeptFormer,
}

#[derive(Deserialize)]
struct KeptFormer {
    user_type: UserTypeId,
}

/// The surroundings for a reader, or for nobody. A reader who is locked out is told no more than a stranger.
///
/// # Errors
/// What the database says.
pub fn show(tx: &ReadTx<'_>, reader: Option<&MemberId>) -> Result<Surroundings, StoreError> {
    let license = tx.license()?;
    let mut shown = Surroundings {
        activated: license.is_activated(),
        license: license.good().map(Arc::clone),
        over: Vec::new(),
        ends_soon: None,
        sees_licenses: false,
        sees_members: false,
        catalog: tx.catalog()?,
    };
    let actor = match reader.map(|id| tx.actor(id)).transpose() {
        Ok(Some(actor)) => actor,
        Ok(None) | Err(StoreError::Refused(_)) => return Ok(shown),
        Err(broken) => return Err(broken),
    };
    shown.sees_licenses = account::see_licenses(&actor).is_ok();
    shown.sees_members = account::see_members(&actor).is_ok();
    for notice in notice::notices(&tx.facts()?, &actor, next_end(&license, tx.now())) {
        match notice {
            Notice::OverAssigned { over } => shown.over = excesses(tx, over)?,
            Notice::EndsSoon { at, within_days } => shown.ends_soon = Some(EndsSoon { at, within_days }),
        }
    }
    Ok(shown)
}

fn excesses(tx: &ReadTx<'_>, over: Vec<Over>) -> Result<Vec<Excess>, StoreError> {
    let counts = tx.headcounts()?;
    let changes = tx.changes(None, LOOKED_THROUGH)?;
    let with_story = |over: Over| {
        let since = counts.iter().find(|one| one.user_type == over.user_type).and_then(|one| one.over_since);
        let then = changes.iter().filter(|change| Some(change.at) == since);
        // The newest come first; the oldest of that second is the one that began it.
        let mut started = then.rev().filter_map(|change| {
            let plan = KeptPlan::deserialize(&change.plan).ok()?;
            let entered = plan.took_over(&over.user_type)?;
            Some(Started { by: change.actor_name.clone(), entered })
        });
        Excess { since, started: started.next(), over }
    };
    Ok(over.into_iter().map(with_story).collect())
}

impl KeptPlan {
    /// Who entered the user type, if this plan took it over its limit.
    fn took_over(self, id: &UserTypeId) -> Option<Vec<(String, UserTypeId)>> {
        let seats = self.types.iter().find(|one| one.id == *id)?;
        if is_over(seats.before, seats.licensed) || !is_over(seats.after, seats.licensed) {
            return None;
        }
        let entered =
            self.members.into_iter().filter(|one| one.user_type.as_ref() == Some(id) && one.former.user_type != *id);
        Some(entered.map(|one| (one.username, one.former.user_type)).collect())
    }
}
