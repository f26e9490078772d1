//! The state of the portal: compliance, counts, the next end (S3, S7, S11 to S13, S26).

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{Moment, UserTypeId};
use rules::notice::{self, Notice};
use rules::{account, compliance};
use store::{LicenseState, ReadTx, StoreError, TypeCount};

use super::{Caller, actor};

/// What administrators and holders of Manage licenses see of the portal.
#[derive(Debug)]
pub struct Overview {
    /// The moment of this reading.
    pub now: Moment,
    /// Whether no user type is over (S3).
    pub compliant: bool,
    /// Every user type that has members or licensed seats, in catalog order.
    pub user_types: Vec<TypeCount>,
    /// The installed file, or why there is none.
    pub license: LicenseState,
    /// The names of the ids.
    pub catalog: Arc<Catalog>,
    /// The next instant at which what is licensed changes.
    pub next_change: Option<Moment>,
    /// Members in all.
    pub members: u64,
    /// What this caller is told on every page (S11 to S13).
    pub notices: Vec<Notice>,
}

/// The overview, for whom it concerns (S7; design: Who reads).
///
/// # Errors
/// `privilege-missing`.
pub fn show(tx: &ReadTx<'_>, caller: &Caller) -> Result<Overview, StoreError> {
    let actor = actor(tx, caller)?;
    account::see_licenses(&actor)?;
    let facts = tx.facts()?;
    let license = tx.license()?;
    let next_change = license.at(tx.now()).next_change();
    let user_types: Vec<TypeCount> =
        tx.headcounts()?.into_iter().filter(|one| one.licensed > 0 || one.seats.assigned > 0).collect();
    Ok(Overview {
        now: tx.now(),
        compliant: compliance::is_compliant(&facts),
        members: user_types.iter().map(|one| one.seats.assigned).sum(),
        user_types,
        catalog: tx.catalog()?,
        notices: notice::notices(&facts, &actor, next_change),
        license,
        next_change,
    })
}

/// Seats that end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Moment,
    /// The user types that have fewer seats from then on, in catalog order.
    pub user_types: Vec<UserTypeId>,
    /// Whether no user type has a seat from then on.
    pub all: bool,
}

impl Overview {
    /// The instants at which the installed file gives less of some user type than before, the next one first.
    #[must_use]
    pub fn ends(&self) -> Vec<End> {
        let mut ends = Vec::new();
        let mut before = self.license.at(self.now);
        while let (Some(at), Some(file)) = (before.next_change(), self.license.good()) {
            let after = Arc::new(file.entitlement().at(at));
            let less = |one: &&TypeCount| after.licensed(&one.user_type) < before.licensed(&one.user_type);
            let user_types: Vec<UserTypeId> =
                self.user_types.iter().filter(less).map(|one| one.user_type.clone()).collect();
            if !user_types.is_empty() {
                ends.push(End { at, user_types, all: after.user_types().values().all(|count| *count == 0) });
            }
            before = after;
        }
        ends
    }

    /// The name of a user type; its id where the catalog does not know it.
    #[must_use]
    pub fn name_of<'a>(&'a self, count: &'a TypeCount) -> &'a str {
        self.catalog.user_type(&count.user_type).map_or(count.user_type.as_str(), |known| known.name.as_str())
    }
}
