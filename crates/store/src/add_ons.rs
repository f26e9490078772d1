//! Add-ons and extensions: who holds which, how many there are, and since when more are assigned than licensed.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use entitlement::{AddOnId, Moment, ProductId};
use rules::MemberId;
use rules::compliance::is_over;
use rules::permit::AddOnMoves;

use crate::StoreError;
use crate::backend::values;
use crate::books::AddOnCount;
use crate::license::LicenseState;
use crate::members::{Member, MemberPage};
use crate::row::{self, MEMBER_COLUMNS};
use crate::sql;
use crate::text::folded;
use crate::tx::{ReadTx, WriteTx};

/// The count of one add-on or extension beside what is licensed at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnTally {
    /// Which.
    pub add_on: AddOnId,
    /// Licensed.
    pub licensed: u64,
    /// Assigned to members; licensed less assigned is available, and may be negative (S46).
    pub assigned: u64,
    /// Since when more have been assigned than licensed; nothing while there are not.
    pub over_since: Option<Moment>,
}

/// A kept count that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnMiscount {
    /// Which.
    pub add_on: AddOnId,
    /// What is kept.
    pub kept: u64,
    /// What counting gives.
    pub counted: u64,
}

/// A member who holds an add-on, and when the product was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnHolder {
    /// Who.
    pub member: Member,
    /// The last use of the product in question, or of any.
    pub last_used: Option<Moment>,
}

/// How members used a product, to narrow a list by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Used after this instant.
    pub used_after: Option<Moment>,
    /// Not used after this instant, or never.
    pub unused_after: Option<Moment>,
    /// Whether an offline licence of it may still run.
    pub offline: Option<bool>,
}

impl Usage {
    /// As the statement takes it: no instant is negative, nothing is 0, yes is 1.
    fn values(self) -> [i64; 3] {
        let instant = |at: Option<Moment>| at.map_or(-1, Moment::unix);
        let offline = self.offline.map_or(0, |is_so| if is_so { 1 } else { 2 });
        [instant(self.used_after), instant(self.unused_after), offline]
    }
}

/// The user types that include a product and the add-ons that open it, each as a list between commas.
fn ways_to(catalog: &Catalog, product: &ProductId) -> (String, String) {
    let types = catalog.user_types().iter().filter(|one| one.includes(product)).map(|one| one.id.as_str());
    let opening = catalog.add_ons().iter().filter(|one| one.product.as_ref() == Some(product));
    let listed = |all: String, id: &str| all + id + ",";
    (types.fold(",".to_owned(), listed), opening.map(|one| one.id.as_str()).fold(",".to_owned(), listed))
}

impl ReadTx<'_> {
    /// The add-ons and extensions that a member holds.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_ons_of(&self, member: &MemberId) -> Result<BTreeSet<AddOnId>, StoreError> {
        let held = self.db().many(sql::ADD_ONS_OF, values![member.as_str()], |row| row.parsed(0))?;
        Ok(held.into_iter().collect())
    }

    /// Every add-on and extension of the catalog, the file and the members, in the catalog's order, unknown ones last.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_on_tallies(&self) -> Result<Vec<AddOnTally>, StoreError> {
        let license = self.license()?;
        let licensed = license.at(self.now());
        let counts = self.ground.books.borrow_mut().add_ons(self.db())?.clone();
        let catalog = self.license_catalog()?;
        let mut ids: Vec<&AddOnId> = catalog.add_ons().iter().map(|known| &known.id).collect();
        for id in counts.keys().chain(licensed.add_ons().keys()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let tally = |id: &AddOnId| {
            let count = counts.get(id).copied().unwrap_or_default();
            let over_since = self.add_on_over_since(&license, id, count);
            AddOnTally { add_on: id.clone(), licensed: licensed.add_on(id), assigned: count.assigned, over_since }
        };
        Ok(ids.into_iter().map(tally).collect())
    }

    /// Since when nobody may start a product, because more is assigned than licensed of something (S49); nothing while
    /// everything is in order.
    ///
    /// # Errors
    /// What the database says.
    pub fn blocked_since(&self) -> Result<Option<Moment>, StoreError> {
        let license = self.license()?;
        let mut books = self.ground.books.borrow_mut();
        let counts = books.add_ons(self.db())?;
        let since = counts.iter().filter_map(|(id, count)| self.add_on_over_since(&license, id, *count));
        Ok(since.min())
    }

    fn add_on_over_since(&self, license: &LicenseState, id: &AddOnId, count: AddOnCount) -> Option<Moment> {
        let now = self.now();
        if !is_over(count.assigned, license.at(now).add_on(id)) {
            return None;
        }
        let by_terms = match license {
            LicenseState::Good(installed) if !installed.is_revoked() => {
                installed.exceeded_since(count.assigned, now, |gives| gives.add_on(id))
            }
            LicenseState::Good(_) | LicenseState::Absent | LicenseState::Refused(_) => None,
        };
        // A type that was over before anybody wrote it down is over since now at the latest.
        count.over_since.max(by_terms).or(Some(now))
    }

    /// Members who hold an add-on, by user name, from a cursor that an earlier page gave.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_on_holders(
        &self,
        add_on: &AddOnId,
        product: Option<&ProductId>,
        (cursor, limit): (Option<&str>, u32),
    ) -> Result<Vec<AddOnHolder>, StoreError> {
        let product = product.map_or("", ProductId::as_str);
        let values = values![add_on.as_str(), product, cursor.unwrap_or(""), limit];
        self.db().many(sql::HOLDERS_OF_ADD_ON, values, holder)
    }

    /// Members who can hold a product by their user type or an add-on, by user name, as far as they used it so. A few may
    /// stand among them who cannot: whoever asks looks at each.
    ///
    /// # Errors
    /// What the database says.
    pub fn product_members(
        &self,
        (catalog, product): (&Catalog, &ProductId),
        usage: Usage,
        (cursor, limit): (Option<&str>, u32),
    ) -> Result<MemberPage, StoreError> {
        let (types, opening) = ways_to(catalog, product);
        let [since, until, offline] = usage.values();
        let product = product.as_str();
        let values =
            values![cursor.unwrap_or(""), &types, &opening, since, product, until, offline, self.now(), limit + 1];
        let mut items = self.db().many(sql::PRODUCT_MEMBERS, values, row::member)?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = items.len() <= page;
        items.truncate(page);
        let next = items.last().filter(|_| !is_last).map(|member| folded(&member.username));
        Ok(MemberPage { items, next })
    }

    /// How many there are of [`Self::product_members`].
    ///
    /// # Errors
    /// What the database says.
    pub fn count_product_members(
        &self,
        (catalog, product): (&Catalog, &ProductId),
        usage: Usage,
    ) -> Result<u64, StoreError> {
        let (types, opening) = ways_to(catalog, product);
        let [since, until, offline] = usage.values();
        let values = values!["", &types, &opening, since, product.as_str(), until, offline, self.now()];
        Ok(self.db().one(sql::COUNT_PRODUCT_MEMBERS, values, |row| row.count(0))?.unwrap_or(0))
    }

    /// Members who hold an add-on, those first who have not used its product for the longest time.
    ///
    /// # Errors
    /// What the database says.
    pub fn least_recent_holders(
        &self,
        add_on: &AddOnId,
        product: Option<&ProductId>,
        limit: u32,
    ) -> Result<Vec<AddOnHolder>, StoreError> {
        let product = product.map_or("", ProductId::as_str);
        self.db().many(sql::LEAST_USED_HOLDERS, values![add_on.as_str(), product, limit], holder)
    }

    /// Counts the assignments one by one and names every kept count that differs: for `doctor` and for tests.
    ///
    /// # Errors
    /// What the database says.
    pub fn recount_add_ons(&self) -> Result<Vec<AddOnMiscount>, StoreError> {
        let counted =
            self.db().many(sql::RECOUNT_ADD_ONS, &[], |row| Ok((row.parsed::<AddOnId>(0)?, row.count(1)?)))?;
        let counted: BTreeMap<AddOnId, u64> = counted.into_iter().collect();
        let kept = self.ground.books.borrow_mut().add_ons(self.db())?.clone();
        let ids: BTreeSet<&AddOnId> = kept.keys().chain(counted.keys()).collect();
        let pair = |id: &AddOnId| AddOnMiscount {
            add_on: id.clone(),
            kept: kept.get(id).map_or(0, |count| count.assigned),
            counted: counted.get(id).copied().unwrap_or(0),
        };
        Ok(ids.into_iter().map(pair).filter(|one| one.kept != one.counted).collect())
    }

    /// The add-ons that are over at this moment, and since when, before something is changed.
    pub(crate) fn over_add_ons(&self) -> Result<BTreeMap<AddOnId, Moment>, StoreError> {
        let tallies = self.add_on_tallies()?;
        Ok(tallies.into_iter().filter_map(|one| Some((one.add_on, one.over_since?))).collect())
    }
}

fn holder(row: &row::Row<'_>) -> Result<AddOnHolder, StoreError> {
    let last_used = match row.count(MEMBER_COLUMNS)? {
        0 => None,
        _ => row.moment_or_absent(MEMBER_COLUMNS)?,
    };
    Ok(AddOnHolder { member: row::member(row)?, last_used })
}

impl WriteTx<'_> {
    /// The rows of what a member gets and loses; the counts follow with the change set's own numbers.
    pub(crate) fn move_add_ons(&self, member: &MemberId, moves: &AddOnMoves) -> Result<(), StoreError> {
        for id in &moves.unassign {
            self.db().execute(sql::UNASSIGN_ADD_ON, values![member.as_str(), id.as_str()])?;
        }
        for id in &moves.assign {
            self.db().execute(sql::ASSIGN_ADD_ON, values![member.as_str(), id.as_str(), self.now()])?;
        }
        Ok(())
    }

    /// Changes the count of one add-on, and notes whether it became or ceased to be over.
    pub(crate) fn change_add_on(&self, id: &AddOnId, by: i64) -> Result<(), StoreError> {
        let license = self.license()?;
        let licensed = license.at(self.now()).add_on(id);
        let mut books = self.ground.books.borrow_mut();
        let before = books.add_ons(self.db())?.get(id).copied().unwrap_or_default();
        let assigned = before.assigned.checked_add_signed(by);
        let wrong = || StoreError::damaged(format!("a count of {} of {id} cannot change by {by}", before.assigned));
        let assigned = assigned.ok_or_else(wrong)?;
        let was_over = is_over(before.assigned, licensed);
        let over_since = match (was_over, is_over(assigned, licensed)) {
            (_, false) => None,
            (false, true) => Some(self.on_record()),
            (true, true) => self.add_on_over_since(&license, id, before),
        };
        books.set_add_on(self.db(), id, AddOnCount { assigned, over_since })
    }

    /// After another file came in force: what was over keeps its date, what became so is over since then.
    pub(crate) fn remember_add_ons_over(
        &self,
        before: &BTreeMap<AddOnId, Moment>,
        since: Moment,
    ) -> Result<(), StoreError> {
        let licensed = self.license()?.at(self.now());
        let mut books = self.ground.books.borrow_mut();
        for (id, mut count) in books.add_ons(self.db())?.clone() {
            let kept = count.over_since;
            count.over_since =
                is_over(count.assigned, licensed.add_on(&id)).then(|| before.get(&id).copied().unwrap_or(since));
            if count.over_since != kept {
                books.set_add_on(self.db(), &id, count)?;
            }
        }
        Ok(())
    }
}
