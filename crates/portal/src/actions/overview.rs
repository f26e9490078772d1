//! The state of the portal: compliance, counts, the next end (S3, S7, S11 to S13, S26).

use std::sync::Arc;

use catalog::Catalog;
use entitlement::{AddOnId, Allotment, Moment, UserTypeId};
use rules::notice::{self, Circumstances, Notice};
use rules::{account, compliance};
use store::{LicenseState, ReadTx, StoreError, TypeCount};

use super::schedule::{self, Step, Waiting};
use super::{Caller, actor};

/// How many ends are told at most.
const MOST_ENDS: usize = 50;

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
    /// The files that wait for their terms.
    pub waiting: Vec<Waiting>,
    /// The next instant at which another number is licensed.
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
    let waiting = tx.waiting_licenses()?;
    let next_change = schedule::steps(&license, &waiting, tx.now()).find(Step::is_another).map(|step| step.at);
    let user_types: Vec<TypeCount> =
        tx.headcounts()?.into_iter().filter(|one| one.licensed > 0 || one.seats.assigned > 0).collect();
    Ok(Overview {
        now: tx.now(),
        compliant: compliance::is_compliant(&facts),
        members: user_types.iter().map(|one| one.seats.assigned).sum(),
        user_types,
        catalog: tx.catalog()?,
        notices: notice::notices(&facts, &actor, &circumstances(tx, &license)?),
        waiting,
        license,
        next_change,
    })
}

/// Seats or add-on licenses that end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Moment,
    /// The user types that have fewer seats from then on.
    pub user_types: Vec<UserTypeId>,
    /// The add-ons that have fewer licenses from then on.
    pub add_ons: Vec<AddOnId>,
    /// Whether the file gives nothing any more from then on.
    pub all: bool,
}

impl End {
    /// What is less from that instant on than before it, if anything is.
    fn between(before: &Allotment, at: Moment, after: &Allotment) -> Option<Self> {
        let fewer = |id: &&UserTypeId| after.licensed(id) < before.licensed(id);
        let less = |id: &&AddOnId| after.add_on(id) < before.add_on(id);
        let user_types: Vec<_> = before.user_types().keys().filter(fewer).cloned().collect();
        let add_ons: Vec<_> = before.add_ons().keys().filter(less).cloned().collect();
        let all = after.user_types().values().chain(after.add_ons().values()).all(|count| *count == 0);
        (!user_types.is_empty() || !add_ons.is_empty()).then_some(Self { at, user_types, add_ons, all })
    }
}

/// What administrators are told besides the counts.
pub(super) fn circumstances(tx: &ReadTx<'_>, license: &LicenseState) -> Result<Circumstances, StoreError> {
    let installed = license.good();
    let expired = |good: &Arc<store::Installed>| good.trust().is_expired(tx.now()).then(|| good.trust().expires());
    let revoked =
        |good: &Arc<store::Installed>| good.entitlement().key_revoked().then(|| good.entitlement().kid().clone());
    let staged = tx.staged_files()?;
    Ok(Circumstances {
        ends_at: next_end(license, &tx.waiting_licenses()?, tx.now()),
        times: license.is_activated().then(|| tx.times()),
        trust_expired: installed.and_then(expired),
        key_revoked: installed.and_then(revoked),
        staged_refused: staged.into_iter().filter_map(|one| Some((one.license, one.problem?))).collect(),
    })
}

/// The next instant at which less is given of something than before: what the notice of an end is about. An instant at which
/// seats begin is none, nor one at which a file that waits takes over with as much.
pub(super) fn next_end(license: &LicenseState, waiting: &[Waiting], now: Moment) -> Option<Moment> {
    ends(license, waiting, now).next().map(|end| end.at)
}

/// The instants at which less is given of something than before, the next one first.
fn ends<'a>(license: &'a LicenseState, waiting: &'a [Waiting], now: Moment) -> impl Iterator<Item = End> + 'a {
    schedule::steps(license, waiting, now).filter_map(|step| End::between(&step.before, step.at, &step.after))
}

impl Overview {
    /// The instants at which the installed file gives less of something than before, the next one first.
    #[must_use]
    pub fn ends(&self) -> Vec<End> {
        ends(&self.license, &self.waiting, self.now).take(MOST_ENDS).collect()
    }

    /// The name of a user type; its id where the catalog does not know it.
    #[must_use]
    pub fn name_of<'a>(&'a self, count: &'a TypeCount) -> &'a str {
        self.catalog.user_type(&count.user_type).map_or(count.user_type.as_str(), |known| known.name.as_str())
    }
}
