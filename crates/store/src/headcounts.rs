//! The kept counts per user type, and how long a type has been over.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, RoleId};
use entitlement::{Moment, UserTypeId};
use rules::compliance::is_over;
use rules::permit::Delta;
use rules::{MemberState, SeatCount, facts};

use crate::StoreError;
use crate::backend::values;
use crate::books::Headcount;
use crate::kept_plan::KeptPlan;
use crate::license::LicenseState;
use crate::sql;
use crate::tx::{ReadTx, WriteTx};

/// The counts of one user type beside what is licensed at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeCount {
    /// Which user type.
    pub user_type: UserTypeId,
    /// Licensed named users.
    pub licensed: u64,
    /// The members.
    pub seats: SeatCount,
    /// Since when there have been more members than licensed; nothing while there are not.
    pub over_since: Option<Moment>,
}

impl TypeCount {
    /// Whether there are more members than licensed (S3).
    #[must_use]
    pub fn is_over(&self) -> bool {
        is_over(self.seats.assigned, self.licensed)
    }
}

/// A kept count that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscount {
    /// Which user type; nothing for the number of enabled administrators.
    pub user_type: Option<UserTypeId>,
    /// What is kept; of administrators their number stands in `assigned`.
    pub kept: SeatCount,
    /// What counting gives.
    pub counted: SeatCount,
}

impl ReadTx<'_> {
    /// Every user type of the catalog, the file and the members, in the catalog's order, unknown ones last.
    ///
    /// # Errors
    /// What the database says.
    pub fn headcounts(&self) -> Result<Vec<TypeCount>, StoreError> {
        let license = self.license()?;
        let licensed = license.at(self.now());
        let counts = self.ground.books.borrow_mut().headcounts(self.db())?.clone();
        let catalog = self.catalog()?;
        let mut ids: Vec<&UserTypeId> = catalog.user_types().iter().map(|known| &known.id).collect();
        for id in counts.keys().chain(licensed.user_types().keys()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let count = |id: &UserTypeId| {
            let kept = counts.get(id).copied().unwrap_or_default();
            let over_since = self.over_since(&license, id, &kept);
            TypeCount { user_type: id.clone(), licensed: licensed.licensed(id), seats: kept.seats, over_since }
        };
        Ok(ids.into_iter().map(count).collect())
    }

    /// Enabled members with the default Administrator role.
    #[must_use]
    pub fn enabled_administrators(&self) -> u64 {
        self.organization().enabled_administrators
    }

    /// Counts the members one by one and names every kept count that differs. The cost grows with the members: this is for
    /// `doctor` and for tests.
    ///
    /// # Errors
    /// What the database says.
    pub fn recount(&self) -> Result<Vec<Miscount>, StoreError> {
        let (mut counted, administrators) = self.counted(self.catalog()?.as_ref())?;
        for (user_type, seats) in self.reserved()? {
            counted.entry(user_type).or_default().reserved = seats;
        }
        let kept = self.ground.books.borrow_mut().headcounts(self.db())?.clone();
        let ids: BTreeSet<&UserTypeId> = kept.keys().chain(counted.keys()).collect();
        let pair = |id: &UserTypeId| Miscount {
            user_type: Some(id.clone()),
            kept: kept.get(id).copied().unwrap_or_default().seats,
            counted: counted.get(id).copied().unwrap_or_default(),
        };
        let number = |assigned| SeatCount { assigned, ..SeatCount::default() };
        let all =
            Miscount { user_type: None, kept: number(self.enabled_administrators()), counted: number(administrators) };
        Ok(ids.into_iter().map(pair).chain([all]).filter(|one| one.kept != one.counted).collect())
    }

    /// The seats held for invitations that wait and for planned returns, counted one by one.
    fn reserved(&self) -> Result<BTreeMap<UserTypeId, u64>, StoreError> {
        let invited = self
            .db()
            .many(sql::INVITED, values![self.now()], |row| Ok((row.parsed::<UserTypeId>(0)?, row.count(1)?)))?;
        let mut reserved: BTreeMap<UserTypeId, u64> = invited.into_iter().collect();
        for plan in self.db().many(sql::PLANNED_SEATS, &[], |row| row.json::<KeptPlan>(0))? {
            for (user_type, seats) in plan.reserves {
                *reserved.entry(user_type).or_default() += seats;
            }
        }
        Ok(reserved)
    }

    /// The members counted one by one, per user type, and the enabled administrators among them.
    fn counted(&self, catalog: &Catalog) -> Result<(BTreeMap<UserTypeId, SeatCount>, u64), StoreError> {
        let rows = self.db().many(sql::RECOUNT, &[], |row| {
            Ok((row.parsed::<UserTypeId>(0)?, row.parsed::<RoleId>(1)?, row.state(2)?, row.count(3)?))
        })?;
        let mut counted: BTreeMap<UserTypeId, SeatCount> = BTreeMap::new();
        let mut administrators = 0;
        for (user_type, role, state, n) in rows {
            let role = catalog.role(&role);
            let is_enabled = state == MemberState::Enabled;
            let of_type = counted.entry(user_type).or_default();
            of_type.assigned += n;
            of_type.lockable += if role.map_or(is_enabled, |role| facts::is_lockable(role, state)) { n } else { 0 };
            administrators += if is_enabled && role.is_some_and(|role| role.is_administrator) { n } else { 0 };
        }
        Ok((counted, administrators))
    }

    /// Since when a type has been over. A write sees its own changes; that a term ended is seen when somebody looks.
    fn over_since(&self, license: &LicenseState, user_type: &UserTypeId, count: &Headcount) -> Option<Moment> {
        let now = self.now();
        if !is_over(count.seats.assigned, license.at(now).licensed(user_type)) {
            return None;
        }
        let by_terms = match license {
            LicenseState::Good(installed) if !installed.is_revoked() => {
                installed.over_since(user_type, count.seats.assigned, now)
            }
            LicenseState::Good(_) | LicenseState::Absent | LicenseState::Refused(_) => None,
        };
        count.over_since.max(by_terms)
    }

    /// The types that are over at this moment, and since when, before something is changed.
    pub(crate) fn over_types(&self) -> Result<BTreeMap<UserTypeId, Option<Moment>>, StoreError> {
        let license = self.license()?;
        let licensed = license.at(self.now());
        let mut books = self.ground.books.borrow_mut();
        let counts = books.headcounts(self.db())?;
        let over = counts.iter().filter(|(id, count)| is_over(count.seats.assigned, licensed.licensed(id)));
        Ok(over.map(|(id, count)| (id.clone(), self.over_since(&license, id, count))).collect())
    }
}

impl WriteTx<'_> {
    /// Changes the counts of one user type, and notes whether it became or ceased to be over.
    pub(crate) fn change_headcount(&self, user_type: &UserTypeId, delta: Delta) -> Result<(), StoreError> {
        let license = self.license()?;
        let licensed = license.at(self.now()).licensed(user_type);
        let mut books = self.ground.books.borrow_mut();
        let before = books.headcounts(self.db())?.get(user_type).copied().unwrap_or_default();
        let mut after = before;
        after.seats.assigned = changed(before.seats.assigned, delta.assigned)?;
        after.seats.lockable = changed(before.seats.lockable, delta.lockable)?;
        let was_over = is_over(before.seats.assigned, licensed);
        after.over_since = match (was_over, is_over(after.seats.assigned, licensed)) {
            (_, false) => None,
            (false, true) => Some(self.on_record()),
            (true, true) => self.over_since(&license, user_type, &before),
        };
        books.set_headcount(self.db(), user_type, after)
    }

    /// Keeps seats of one user type for an invitation or a planned return, or gives them back.
    pub(crate) fn change_reserved(&self, user_type: &UserTypeId, by: i64) -> Result<(), StoreError> {
        let mut books = self.ground.books.borrow_mut();
        let mut count = books.headcounts(self.db())?.get(user_type).copied().unwrap_or_default();
        count.seats.reserved = changed(count.seats.reserved, by)?;
        books.set_headcount(self.db(), user_type, count)
    }

    /// Counts the members one by one under another catalog, and keeps the result.
    pub(crate) fn count_anew(&self, catalog: &Catalog) -> Result<(), StoreError> {
        let (counted, administrators) = self.counted(catalog)?;
        let mut books = self.ground.books.borrow_mut();
        for (user_type, mut count) in books.headcounts(self.db())?.clone() {
            let SeatCount { assigned, lockable, .. } = counted.get(&user_type).copied().unwrap_or_default();
            count.seats = SeatCount { assigned, lockable, ..count.seats };
            books.set_headcount(self.db(), &user_type, count)?;
        }
        books.change().enabled_administrators = administrators;
        Ok(())
    }

    /// Changes the number of enabled administrators.
    pub(crate) fn change_administrators(&self, by: i64) -> Result<(), StoreError> {
        if by == 0 {
            return Ok(());
        }
        let after = changed(self.enabled_administrators(), by)?;
        self.change_organization(|organization| organization.enabled_administrators = after);
        Ok(())
    }

    /// After another file came in force: a type that was over keeps its date, one that became so is over since then.
    pub(crate) fn remember_over_since(
        &self,
        before: &BTreeMap<UserTypeId, Option<Moment>>,
        since: Moment,
    ) -> Result<(), StoreError> {
        let licensed = self.license()?.at(self.now());
        let mut books = self.ground.books.borrow_mut();
        for (id, mut count) in books.headcounts(self.db())?.clone() {
            let kept = count.over_since;
            count.over_since = if is_over(count.seats.assigned, licensed.licensed(&id)) {
                before.get(&id).copied().flatten().or(Some(since))
            } else {
                None
            };
            if count.over_since != kept {
                books.set_headcount(self.db(), &id, count)?;
            }
        }
        Ok(())
    }
}

/// A count after a change; one that would fall below 0 was wrong before.
fn changed(count: u64, by: i64) -> Result<u64, StoreError> {
    count.checked_add_signed(by).ok_or_else(|| StoreError::damaged(format!("a count of {count} cannot change by {by}")))
}
