//! Files that wait for their term to begin, and come in force by themselves at that instant.
//!
//! Nobody has to be there: every transaction asks first whether a waiting file has begun. One that writes puts it in force
//! for good; one that only reads looks at it as if that had happened. While the clock of the machine is on trial after a
//! jump, all only look: a wrong start of a machine brings no file in force for good.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use entitlement::{ContractId, CustomerId, Entitlement, Identity, LicenseId, Moment, Name, Place};
use errors::{Code, Failure};
use rules::Actor;
use rules::permit::WithdrawPermit;
use serde_json::json;

use crate::StoreError;
use crate::audit::Action;
use crate::backend::values;
use crate::history::PastEntitlement;
use crate::incoming::{Arriving, Incoming, arrival};
use crate::license::Installed;
use crate::row::Row;
use crate::sql;
use crate::tx::{Ground, ReadTx, WriteTx};

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedFile {
    /// Which file; [`ReadTx::license_bytes`] has its bytes.
    pub identity: Identity,
    /// Of which contract.
    pub contract: ContractId,
    /// Its place in it.
    pub sequence: u32,
    /// The number for people.
    pub license: LicenseId,
    /// The vendor.
    pub issuer: Name,
    /// The licensee's id.
    pub customer: CustomerId,
    /// When it comes in force.
    pub from: Moment,
    /// When it was taken in.
    pub staged_at: Moment,
    /// By whom.
    pub staged_by: String,
    /// Why it did not come in force when its term began; nothing while it waits.
    pub problem: Option<String>,
}

impl StagedFile {
    /// What a place knows once this file is in force there.
    fn follow_in(&self, place: &mut Place) {
        place.installed = Some((self.contract.clone(), self.issuer.clone(), self.customer.clone()));
        place.highest.insert(self.contract.clone(), (self.sequence, self.identity));
    }
}

fn staged(row: &Row<'_>) -> Result<StagedFile, StoreError> {
    Ok(StagedFile {
        identity: row.parsed(0)?,
        contract: row.parsed(1)?,
        sequence: u32::try_from(row.count(2)?).map_err(StoreError::damaged)?,
        license: row.parsed(3)?,
        issuer: Name::parse(row.text(4)?).map_err(StoreError::damaged)?,
        customer: row.parsed(5)?,
        from: row.moment(6)?,
        staged_at: row.moment(7)?,
        staged_by: row.owned(8)?,
        problem: row.text_or_absent(9)?.map(str::to_owned),
    })
}

/// Brings the file in force that is due at the time of the transaction, or looks at it.
pub(crate) fn settle(ground: &Ground<'_>) -> Result<(), StoreError> {
    let first = ground.books.borrow().organization.staged_from;
    let time = ground.time();
    if first.is_none_or(|first| time.now < first) {
        return Ok(());
    }
    let tx = WriteTx::on(ground);
    if ground.may_write() {
        while let Some(due) = tx.first_due(time.newest)? {
            tx.begin(&due)?;
        }
    }
    // What has begun and is not on record: for a reader, or by a clock on trial. Each is admitted where those before it are.
    let mut place = tx.place()?;
    for due in tx.waiting()?.into_iter().filter(|one| one.from <= time.now) {
        if tx.opened_staged(&due, &place)?.is_ok() {
            ground.books.borrow_mut().look_at(Some(due.identity.to_string()));
            due.follow_in(&mut place);
        }
    }
    Ok(())
}

impl ReadTx<'_> {
    /// The files that wait, and those that could not come in force, in the order of their terms.
    ///
    /// # Errors
    /// What the database says.
    pub fn staged_files(&self) -> Result<Vec<StagedFile>, StoreError> {
        self.db().many(sql::STAGED, &[], staged)
    }

    /// Those that still wait.
    fn waiting(&self) -> Result<Vec<StagedFile>, StoreError> {
        Ok(self.staged_files()?.into_iter().filter(|one| one.problem.is_none()).collect())
    }

    fn first_due(&self, at: Moment) -> Result<Option<StagedFile>, StoreError> {
        Ok(self.waiting()?.into_iter().find(|one| one.from <= at))
    }

    /// Whether that very file waits.
    pub(crate) fn is_waiting(&self, entitlement: &Entitlement) -> Result<bool, StoreError> {
        Ok(self.waiting()?.iter().any(|one| one.identity == *entitlement.identity()))
    }

    /// The files that wait and open, each with the instant at which it comes in force, in their order.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting_licenses(&self) -> Result<Vec<(Moment, Installed)>, StoreError> {
        let (mut place, mut all) = (self.place()?, Vec::new());
        for one in self.waiting()?.into_iter().filter(|one| one.from > self.now()) {
            if let Ok(installed) = self.opened_staged(&one, &place)? {
                one.follow_in(&mut place);
                all.push((one.from, installed));
            }
        }
        Ok(all)
    }

    /// The licenses of the waiting files that can never come in force after that one.
    ///
    /// # Errors
    /// What the database says.
    pub fn overtaken_by(&self, incoming: &Incoming<'_>) -> Result<Vec<LicenseId>, StoreError> {
        if incoming.is_installed() {
            return Ok(Vec::new());
        }
        let overtaken = self.overtaken(incoming.entitlement(), incoming.arrival().from())?;
        Ok(overtaken.into_iter().map(|one| one.license).collect())
    }

    /// The files of its contract that could never come in force after that one, which begins at `from`, or now: those of
    /// a sequence that is not higher and that begin no earlier.
    fn overtaken(&self, by: &Entitlement, from: Option<Moment>) -> Result<Vec<StagedFile>, StoreError> {
        let is_later = |one: &StagedFile| from.is_none_or(|from| one.from >= from);
        let is_lower = |one: &StagedFile| one.contract == *by.contract() && one.sequence <= by.sequence();
        Ok(self.staged_files()?.into_iter().filter(|one| is_lower(one) && is_later(one)).collect())
    }

    /// What this portal will know when that file comes in force: the files that begin before it are installed then. A
    /// sequence that waits is taken as well, whenever it begins.
    pub(crate) fn place_of(&self, entitlement: &Entitlement) -> Result<Place, StoreError> {
        let mut place = self.place()?;
        for one in self.waiting()? {
            let is_same = one.contract == *entitlement.contract() && one.sequence == entitlement.sequence();
            let is_before = one.from <= entitlement.from();
            if is_before {
                one.follow_in(&mut place);
            } else if is_same {
                place.highest.insert(one.contract, (one.sequence, one.identity));
            }
        }
        Ok(place)
    }

    /// The waiting file, opened as it would be when its term begins.
    fn opened_staged(&self, file: &StagedFile, place: &Place) -> Result<Result<Installed, Failure>, StoreError> {
        let trust = match self.trust_list() {
            Ok(trust) => trust.ok_or_else(|| Failure::plain(Code::TrustListMissing)),
            Err(StoreError::Refused(failure)) => Err(failure),
            Err(broken) => return Err(broken),
        };
        let opened = trust.map_err(StoreError::from);
        let opened = opened.and_then(|trust| self.opened(&file.identity.to_string(), trust, place));
        match opened {
            // What was revoked, or has ended, while it waited does not come in force: the rule of every import.
            Ok(installed) => {
                let arrival = arrival(installed.entitlement(), installed.trust(), self.now());
                Ok(arrival.may_come().map(|()| installed).map_err(Failure::from))
            }
            Err(StoreError::Refused(failure)) => Ok(Err(failure)),
            Err(broken) => Err(broken),
        }
    }
}

impl<'tx> WriteTx<'tx> {
    /// Gives up a file that waits, or that could not come in force.
    ///
    /// # Errors
    /// `not-found`; the permit is stale; or what the database says.
    pub fn withdraw_staged(
        &self,
        permit: WithdrawPermit<'tx>,
        actor: &Actor,
        license: &LicenseId,
    ) -> Result<StagedFile, StoreError> {
        let files = self.staged_files()?;
        let file = files
            .into_iter()
            .find(|one| one.license == *license)
            .ok_or_else(|| Failure::new(Code::NotFound, format!("No file of the license {license} waits here.")))?;
        self.whole(|| {
            self.spend(permit)?;
            self.drop_staged(&file.identity)?;
            let detail = json!({ "sequence": file.sequence, "from": file.from.to_string() });
            self.append_audit(actor, Action::LicenseWithdrawn, license.as_str(), &detail)?;
            Ok(file)
        })
    }

    /// Keeps a file until its term begins.
    pub(crate) fn keep_waiting(&self, by: &str, file: &Entitlement, bytes: &str) -> Result<(), StoreError> {
        let (identity, catalog) = (file.identity().to_string(), file.catalog().sha256.to_string());
        let row = values![
            &identity,
            file.contract().as_str(),
            file.sequence(),
            file.license().as_str(),
            file.issuer().as_str(),
            file.customer().id.as_str(),
            &catalog,
            bytes,
            file.from(),
            self.now(),
            by,
        ];
        self.db().execute(sql::STAGE, row)?;
        self.saw_issue(file.issued_at());
        self.note_first_waiting()
    }

    /// Forgets the waiting files that could never come in force after that one.
    pub(crate) fn forget_overtaken(&self, by: &Entitlement, from: Option<Moment>) -> Result<(), StoreError> {
        for one in self.overtaken(by, from)? {
            self.drop_staged(&one.identity)?;
        }
        Ok(())
    }

    /// The term of a waiting file has begun.
    fn begin(&self, file: &StagedFile) -> Result<(), StoreError> {
        let actor = Actor::schedule();
        match self.opened_staged(file, &self.place()?)? {
            Ok(installed) => {
                let bytes = self.license_bytes(&file.identity)?.unwrap_or_default();
                let before = self.shortfalls()?;
                let catalog: &Catalog = installed.catalog();
                let entitlement = installed.entitlement();
                self.drop_staged(&file.identity)?;
                self.install(&Arriving { entitlement, bytes: &bytes, catalog, at: file.from })?;
                self.change_organization(|organization| organization.seat_revision += 1);
                self.remember_shortfalls(&before, file.from)?;
                let detail = json!({ "sequence": file.sequence, "identity": file.identity.to_string(),
                                     "from": file.from.to_string(), "by": file.staged_by });
                self.append_audit(&actor, Action::LicenseBegun, file.license.as_str(), &detail)
            }
            Err(failure) => {
                self.db().execute(sql::STAGED_PROBLEM, values![&file.identity.to_string(), &failure.to_string()])?;
                self.note_first_waiting()?;
                let detail = json!({ "sequence": file.sequence, "code": failure.row().name });
                self.append_audit(&actor, Action::LicenseNotBegun, file.license.as_str(), &detail)
            }
        }
    }

    fn drop_staged(&self, identity: &Identity) -> Result<(), StoreError> {
        self.db().execute(sql::UNSTAGE, values![&identity.to_string()])?;
        self.note_first_waiting()
    }

    fn note_first_waiting(&self) -> Result<(), StoreError> {
        let first = self.waiting()?.first().map(|one| one.from);
        self.change_organization(|organization| organization.staged_from = first);
        Ok(())
    }
}

impl WriteTx<'_> {
    /// Files that have not begun at that instant, and that a wrong clock brought in force, wait again, and the one before them
    /// comes back. Answers their licenses, the last one first.
    pub(crate) fn take_back_begun(&self, at: Moment) -> Result<Vec<LicenseId>, StoreError> {
        let (ahead, previous) = self.begun_after(at)?;
        let Some(previous) = previous.filter(|_| ahead.first().is_some_and(|(past, _)| past.is_current)) else {
            return Ok(Vec::new());
        };
        let before = self.shortfalls()?;
        let bytes = self.license_bytes(previous.entitlement().identity())?.unwrap_or_default();
        let (entitlement, catalog) = (previous.entitlement(), previous.catalog());
        self.install(&Arriving { entitlement, bytes: &bytes, catalog, at })?;
        // The row of a file can go once nothing points to it.
        self.db().execute(sql::POINT_TO_ENTITLEMENT, values![&entitlement.identity().to_string()])?;
        for (past, file) in &ahead {
            let bytes = self.license_bytes(&past.identity)?.unwrap_or_default();
            self.db().execute(sql::FORGET_ENTITLEMENT, values![&past.identity.to_string()])?;
            self.keep_waiting(&past.imported_by, file.entitlement(), &bytes)?;
        }
        let contracts = ahead.iter().map(|(past, _)| &past.contract).chain([entitlement.contract()]);
        contracts.collect::<BTreeSet<_>>().into_iter().try_for_each(|contract| self.recall_highest(contract))?;
        self.remember_shortfalls(&before, at)?;
        Ok(ahead.into_iter().map(|(past, _)| past.license).collect())
    }

    /// The files that came in force and begin after that instant, the last one first, and the one before them.
    fn begun_after(&self, at: Moment) -> Result<(Begun, Option<Installed>), StoreError> {
        let trust = self.trust_list()?.ok_or_else(|| Failure::plain(Code::TrustListMissing))?;
        let place = Place { highest: BTreeMap::new(), installed: None, ..self.place()? };
        let mut ahead = Begun::new();
        for past in self.entitlement_history()? {
            let Ok(file) = self.opened(&past.identity.to_string(), trust.clone(), &place) else { continue };
            if file.entitlement().from() <= at {
                return Ok((ahead, Some(file)));
            }
            ahead.push((past, file));
        }
        Ok((ahead, None))
    }

    /// The highest sequence of a contract is that of the files which are still said to have been in force.
    fn recall_highest(&self, contract: &ContractId) -> Result<(), StoreError> {
        let history = self.entitlement_history()?;
        let of_it = history.iter().filter(|past| past.contract == *contract);
        match of_it.max_by_key(|past| past.sequence) {
            Some(past) => {
                let identity = past.identity.to_string();
                self.db().execute(sql::SAVE_CONTRACT, values![contract.as_str(), past.sequence, &identity])?
            }
            None => self.db().execute(sql::FORGET_CONTRACT, values![contract.as_str()])?,
        };
        Ok(())
    }
}

/// Files that came in force, as the history has them and as they read.
type Begun = Vec<(PastEntitlement, Installed)>;

/// What is over before something comes in force, and since when.
pub(crate) type Shortfalls =
    (BTreeMap<entitlement::UserTypeId, Option<Moment>>, BTreeMap<entitlement::AddOnId, Moment>);

impl WriteTx<'_> {
    /// What is over at this moment.
    pub(crate) fn shortfalls(&self) -> Result<Shortfalls, StoreError> {
        Ok((self.over_types()?, self.over_add_ons()?))
    }

    /// After something came in force at that instant: what was over keeps its date, what became so is over since then.
    pub(crate) fn remember_shortfalls(&self, before: &Shortfalls, since: Moment) -> Result<(), StoreError> {
        let since = since.min(self.on_record());
        self.remember_over_since(&before.0, since)?;
        self.remember_add_ons_over(&before.1, since)
    }
}
