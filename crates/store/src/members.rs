//! Members: registering, listing and describing them. Seats move in `apply`.

use std::collections::BTreeSet;

use catalog::RoleId;
use entitlement::{Moment, UserTypeId};
use errors::{Code, Failure};
use rules::permit::{ActivationGrant, ActivationPermit, AddOnMoves, Delta, RegisterGrant, RegisterPermit};
use rules::{Actor, ChangeId, MemberId, MemberState};
use serde_json::json;

use crate::audit::Action;
use crate::backend::{Value, values};
use crate::error::is_taken;
use crate::incoming::{Incoming, about};
use crate::labels::LabelKind;
use crate::order::{MemberOrder, MemberSort, Way};
use crate::passwords::{PasswordKind, StoredPassword};
use crate::text::{containing, folded};
use crate::tx::{ReadTx, WriteTx};
use crate::{StoreError, ids, row, sql};

/// Members of a user type up to which a page of it is sorted out of all of them. Of a larger type, every page comes from
/// walking the members in their order: few are passed over for each that is found.
const SMALL_TYPE: u64 = 5_000;

/// A member as stored; the password is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// For ever; user names may change.
    pub id: MemberId,
    /// The name that the member signs in with, as it was written.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub email: String,
    /// Whose seat the member holds; of an archived member, the one to be restored.
    pub user_type: UserTypeId,
    /// What the member may do within it.
    pub role: RoleId,
    /// Enabled, disabled or archived.
    pub state: MemberState,
    /// What the member was before the last change of user type or role.
    pub former: Option<Former>,
    /// Whether the password has to be changed.
    pub password_kind: PasswordKind,
    /// When the member was registered.
    pub created_at: Moment,
    /// When the row last changed, sign-ins aside.
    pub changed_at: Moment,
    /// The last sign-in.
    pub last_signed_in_at: Option<Moment>,
    /// Counts the changes of the row: the ETag of the interface.
    pub version: u64,
    /// Since when the member is archived.
    pub archived_at: Option<Moment>,
    /// Whether the vendor's own site is open to the member (S85 to S88).
    pub vendor_access: bool,
}

/// What else a new member gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// The groups.
    pub groups: BTreeSet<String>,
    /// The categories.
    pub categories: BTreeSet<String>,
    /// Whether the vendor's own site is open to the member.
    pub vendor_access: bool,
}

/// What a member was before a change (S35).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The user type then.
    pub user_type: UserTypeId,
    /// The role then.
    pub role: RoleId,
    /// The change that ended it.
    pub change: ChangeId,
}

/// What a registration brings beside what its permit grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Unique without regard to case.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub email: String,
    /// Hashed by the caller.
    pub password: StoredPassword,
    /// Labels and vendor-site access.
    pub extras: Extras,
}

/// Which members a list shows; an empty filter shows all who hold a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberFilter {
    /// Only this user type.
    pub user_type: Option<UserTypeId>,
    /// Only this role.
    pub role: Option<RoleId>,
    /// Only this state; where none is named, those who hold a seat.
    pub state: Option<MemberState>,
    /// A part of user name, full name or address, without regard to case.
    pub text: Option<String>,
    /// Only members of this group.
    pub group: Option<String>,
    /// Only members of this category.
    pub category: Option<String>,
    /// Only members who have not signed in since then; who never has counts from the registration.
    pub not_signed_in_since: Option<Moment>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberPage {
    /// In the order that was asked for.
    pub items: Vec<Member>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl ReadTx<'_> {
    /// The member of that id.
    ///
    /// # Errors
    /// What the database says.
    pub fn member(&self, id: &MemberId) -> Result<Option<Member>, StoreError> {
        self.db().one(sql::MEMBER, values![id.as_str()], row::member)
    }

    /// The member of that user name, in any case.
    ///
    /// # Errors
    /// What the database says.
    pub fn member_by_username(&self, username: &str) -> Result<Option<Member>, StoreError> {
        self.db().one(sql::MEMBER_BY_USERNAME, values![&folded(username)], row::member)
    }

    /// Members by user name, from a cursor that an earlier page gave.
    ///
    /// # Errors
    /// What the database says.
    pub fn members(&self, filter: &MemberFilter, cursor: Option<&str>, limit: u32) -> Result<MemberPage, StoreError> {
        self.members_in(MemberOrder::default(), filter, cursor, limit)
    }

    /// Members in an order, from a cursor that an earlier page of the same order gave. Without a filter, or with one on
    /// the user type alone, the cost is that of the page.
    ///
    /// # Errors
    /// What the database says.
    pub fn members_in(
        &self,
        order: MemberOrder,
        filter: &MemberFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<MemberPage, StoreError> {
        let limit = limit.max(1);
        let (key, username) = order.place(cursor);
        let asked = Narrowed::of(filter);
        let values = asked.values(key, limit + 1, username);
        let statement = order.statement(self.way(order, filter)?);
        let mut found = self
            .db()
            .many(statement, &values, |row| Ok((row::member(row)?, order.cursor(row, row::MEMBER_COLUMNS)?)))?;
        let page = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = found.len() <= page;
        found.truncate(page);
        let next = found.last().filter(|_| !is_last).map(|(_, cursor)| cursor.clone());
        Ok(MemberPage { items: found.into_iter().map(|(member, _)| member).collect(), next })
    }

    /// How many members a filter finds, counted up to `most`.
    ///
    /// # Errors
    /// What the database says.
    pub fn count_members(&self, filter: &MemberFilter, most: u32) -> Result<u64, StoreError> {
        let asked = Narrowed::of(filter);
        let values = asked.values(Value::Text(""), most, "");
        Ok(self.db().one(sql::COUNT_MEMBERS, &values, |row| row.count(0))?.unwrap_or_default())
    }

    /// How many members have not signed in since then, counted up to `most`; who never did counts from the registration.
    ///
    /// # Errors
    /// What the database says.
    pub fn unseen_members(&self, since: Moment, most: u32) -> Result<u64, StoreError> {
        let found = self.db().many(sql::UNSEEN_MEMBERS, values![since, most], |_| Ok(()))?;
        Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
    }

    /// The members of a small type are sorted; of a large one, few are passed over for each that is found.
    fn way(&self, order: MemberOrder, filter: &MemberFilter) -> Result<Way, StoreError> {
        let Some(user_type) = &filter.user_type else { return Ok(Way::Walk) };
        if matches!(order.by, MemberSort::Username | MemberSort::UserType) {
            return Ok(Way::OfType);
        }
        let mut books = self.ground.books.borrow_mut();
        let assigned = books.headcounts(self.db())?.get(user_type).map(|count| count.seats.assigned);
        Ok(if assigned.unwrap_or_default() <= SMALL_TYPE { Way::OfType } else { Way::Walk })
    }
}

/// A filter as the statements take it.
struct Narrowed<'a> {
    filter: &'a MemberFilter,
    pattern: String,
}

impl<'a> Narrowed<'a> {
    fn of(filter: &'a MemberFilter) -> Self {
        Self { filter, pattern: filter.text.as_deref().map_or_else(String::new, pattern) }
    }

    fn values<'v>(&'v self, key: Value<'v>, limit: u32, username: &'v str) -> [Value<'v>; 10] {
        let filter = self.filter;
        [
            key,
            filter.role.as_ref().map_or("", RoleId::as_str).into(),
            filter.state.map_or("", MemberState::as_str).into(),
            (&self.pattern).into(),
            limit.into(),
            filter.group.as_deref().unwrap_or("").into(),
            filter.category.as_deref().unwrap_or("").into(),
            filter.not_signed_in_since.map_or(0, Moment::unix).into(),
            filter.user_type.as_ref().map_or("", UserTypeId::as_str).into(),
            username.into(),
        ]
    }
}

impl ReadTx<'_> {
    /// How many members of a user type a lockout would hit who are signed in at this moment; `administrator` is the role
    /// that it spares.
    ///
    /// # Errors
    /// What the database says.
    pub fn signed_in_now(&self, user_type: &UserTypeId, administrator: &RoleId) -> Result<u64, StoreError> {
        let values = values![user_type.as_str(), administrator.as_str(), self.now()];
        Ok(self.db().one(sql::SIGNED_IN_NOW, values, |row| row.count(0))?.unwrap_or(0))
    }

    /// Enabled members of a user type without that role, those first who have not signed in for the longest time;
    /// who never has counts from the registration.
    ///
    /// # Errors
    /// What the database says.
    pub fn least_recent(
        &self,
        user_type: &UserTypeId,
        administrator: &RoleId,
        limit: u32,
    ) -> Result<Vec<Member>, StoreError> {
        self.db().many(sql::LEAST_RECENT, values![user_type.as_str(), administrator.as_str(), limit], row::member)
    }
}

impl<'tx> WriteTx<'tx> {
    /// Registers a member in the seat that the permit grants.
    ///
    /// # Errors
    /// `username-taken`; the permit is stale; or what the database says.
    pub fn insert_member(
        &self,
        permit: RegisterPermit<'tx>,
        actor: &Actor,
        new: &NewMember,
    ) -> Result<Member, StoreError> {
        let grant = permit.grant().clone();
        self.whole(|| {
            let member = self.seat(new, &grant)?;
            let grant = self.spend(permit)?;
            let detail = json!({
                "username": member.username, "user_type": grant.user_type.as_str(), "role": grant.role.as_str(),
            });
            self.append_audit(actor, Action::MemberAdded, member.id.as_str(), &detail)?;
            Ok(member)
        })
    }

    /// Activates the portal: its first license file, and its first administrator.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn activate(
        &self,
        permit: ActivationPermit<'tx>,
        actor: &Actor,
        incoming: &Incoming<'tx>,
        new: &NewMember,
    ) -> Result<Member, StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            self.put_in_force(incoming)?;
            let ActivationGrant { user_type, role } = grant.clone();
            let member = self.seat(new, &RegisterGrant { user_type, role, is_administrator: true, add_ons: [].into() })?;
            let detail = json!({ "license": about(incoming), "administrator": member.username, "user_type": grant.user_type.as_str() });
            self.append_audit(actor, Action::Activated, member.id.as_str(), &detail)?;
            Ok(member)
        })
    }

    /// Sets name and address.
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn update_profile(
        &self,
        actor: &Actor,
        id: &MemberId,
        full_name: &str,
        email: &str,
    ) -> Result<Member, StoreError> {
        let before = self.member(id)?.ok_or_else(|| Failure::plain(Code::NotFound).with("member", id.as_str()))?;
        self.whole(|| {
            let key = search_key(&before.username, full_name, email);
            self.db().execute(
                sql::SET_PROFILE,
                values![id.as_str(), full_name, email, &key, self.now(), &name_key(&before.username, full_name)],
            )?;
            let detail = json!({
                "full_name": { "before": before.full_name, "after": full_name },
                "email": { "before": before.email, "after": email },
            });
            self.append_audit(actor, Action::MemberUpdated, id.as_str(), &detail)?;
            self.member(id)?.ok_or_else(|| StoreError::internal("the member just updated is gone"))
        })
    }

    /// Opens or closes the vendor's own site to a member (S85 to S88).
    ///
    /// # Errors
    /// `not-found`, or what the database says.
    pub fn set_vendor_access(&self, actor: &Actor, id: &MemberId, open: bool) -> Result<(), StoreError> {
        let before = self.member(id)?.ok_or_else(|| Failure::plain(Code::NotFound).with("member", id.as_str()))?;
        if before.vendor_access == open {
            return Ok(());
        }
        self.whole(|| {
            self.db().execute(sql::SET_VENDOR_ACCESS, values![id.as_str(), u64::from(open), self.now()])?;
            let detail = json!({ "vendor_access": { "before": before.vendor_access, "after": open } });
            self.append_audit(actor, Action::MemberUpdated, id.as_str(), &detail)
        })
    }

    /// The row and the counts of a new member. The row comes first: that the name is taken is found before anything is
    /// written.
    pub(crate) fn seat(&self, new: &NewMember, grant: &RegisterGrant) -> Result<Member, StoreError> {
        let RegisterGrant { user_type, role, is_administrator, add_ons } = grant;
        let now = self.now();
        let id = ids::member(now, self.version())?;
        let (username_key, key) = (folded(&new.username), search_key(&new.username, &new.full_name, &new.email));
        let name = name_key(&new.username, &new.full_name);
        let row = values![
            id.as_str(),
            &new.username,
            &username_key,
            &new.full_name,
            &new.email,
            &key,
            user_type.as_str(),
            role.as_str(),
            new.password.text(),
            new.password.kind().as_str(),
            now,
            u64::from(new.extras.vendor_access),
            &name,
        ];
        self.db().execute(sql::INSERT_MEMBER, row).map_err(|error| taken(error, &new.username))?;
        self.change_headcount(user_type, Delta { assigned: 1, lockable: i64::from(!*is_administrator) })?;
        self.change_administrators(i64::from(*is_administrator))?;
        self.move_add_ons(&id, &AddOnMoves { assign: add_ons.clone(), ..AddOnMoves::default() })?;
        add_ons.iter().try_for_each(|add_on| self.change_add_on(add_on, 1))?;
        self.add_labels(&id, LabelKind::Group, &new.extras.groups)?;
        self.add_labels(&id, LabelKind::Category, &new.extras.categories)?;
        Ok(Member {
            id,
            username: new.username.clone(),
            full_name: new.full_name.clone(),
            email: new.email.clone(),
            user_type: user_type.clone(),
            role: role.clone(),
            state: MemberState::Enabled,
            former: None,
            password_kind: new.password.kind(),
            created_at: now,
            changed_at: now,
            last_signed_in_at: None,
            version: 1,
            archived_at: None,
            vendor_access: new.extras.vendor_access,
        })
    }
}

fn taken(error: rusqlite::Error, username: &str) -> StoreError {
    if is_taken(&error) {
        let detail = format!("The user name {username} is taken.");
        return Failure::new(Code::UsernameTaken, detail).with("username", username).into();
    }
    error.into()
}

/// What a search looks in, folded. Lines keep a search from matching across two values.
fn search_key(username: &str, full_name: &str, email: &str) -> String {
    folded(&format!("{username}\n{full_name}\n{email}"))
}

/// What a list is sorted by that is sorted by name.
fn name_key(username: &str, full_name: &str) -> String {
    folded(if full_name.is_empty() { username } else { full_name })
}

/// A pattern that finds the text anywhere, with its own signs taken literally.
fn pattern(text: &str) -> String {
    containing(&folded(text))
}
