//! Members: add, list, show, delete, describe, and a new one-time password.

mod newcomer;

use errors::{Code, Failure};
use rules::account::{Abilities, Sight};
use rules::capacity;
use rules::change_set::{Act, ChangeSet, Operation};
pub use rules::defaults::AskedExtras;
use rules::{MemberId, Refusal, account, sign_in};
use serde_json::json;
use store::{Member, MemberFilter, MemberOrder, MemberPage, MemberSort, ReadTx, StoreError, StoredPassword, WriteTx};

use super::changes::{self, Applied, Request};
use super::input::invalid_at;
use super::{Caller, actor};
pub use newcomer::{Addition, Asked, add, one_time};
pub(super) use newcomer::{checked_labels, extras_of, known_labels};

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Only those whom the lockout hits at this moment, or only those whom it does not.
    pub locked_out: Option<bool>,
    /// In which order.
    pub order: MemberOrder,
    /// Where the part before ended, of the same order.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// Deletes a member, as a change set of one.
///
/// # Errors
/// What [`rules::change_set::decide`] refuses; a member that is not there or has changed since it was read.
pub fn delete(tx: &WriteTx<'_>, caller: &Caller, id: &MemberId, expected: Option<u64>) -> Result<Applied, StoreError> {
    acted(tx, caller, id, (Act::Delete, expected))
}

/// Does one thing with one account, as a change set of one.
///
/// # Errors
/// As [`delete`].
pub fn acted(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &MemberId,
    (act, expected): (Act, Option<u64>),
) -> Result<Applied, StoreError> {
    let set = ChangeSet { operations: vec![Operation::act(id.clone(), act)], ..ChangeSet::default() };
    changes::apply(tx, caller, &Request { set, expected, ..Request::default() })
}

/// Gives a member a new one-time password and ends all sessions of the member.
///
/// # Errors
/// What [`account::reset_password`] refuses; a member that is not there.
pub fn reset_password(
    tx: &WriteTx<'_>,
    caller: &Caller,
    id: &MemberId,
    password: &StoredPassword,
) -> Result<Member, StoreError> {
    let member = to_reset(tx, caller, id)?;
    tx.set_password(&actor(tx, caller)?, id, password, None)?;
    Ok(member)
}

/// The member, if the caller may give a new one-time password.
///
/// # Errors
/// As [`reset_password`].
pub fn to_reset(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId) -> Result<Member, StoreError> {
    let actor = actor(tx, caller)?;
    account::update_members(&actor)?;
    let member = tx.member(id)?.ok_or_else(not_found)?;
    let catalog = tx.catalog()?;
    let role =
        catalog.role(&member.role).ok_or_else(|| StoreError::damaged("a member's role is not in the catalog"))?;
    account::reset_password(&actor, role, &catalog)?;
    Ok(member)
}

/// A page of the members.
///
/// # Errors
/// The caller may not see members; a filter for a user type that there is not.
pub fn list(tx: &ReadTx<'_>, caller: &Caller, filter: &MemberFilter, page: &Page) -> Result<MemberPage, StoreError> {
    let sight = account::sight(&actor(tx, caller)?)?;
    // What somebody does not see does not come out by looking for it either.
    let blind = |filter: &MemberFilter| MemberFilter {
        user_type: filter.user_type.clone(),
        role: filter.role.clone(),
        text: filter.text.clone(),
        ..MemberFilter::default()
    };
    let filter = &if sight == Sight::Whole { filter.clone() } else { blind(filter) };
    let order = seen_order(page.order, sight);
    if let Some(id) = &filter.user_type {
        capacity::known_user_type(&*tx.catalog()?, id)?;
    }
    let locked_out = page.locked_out.filter(|_| sight == Sight::Whole);
    // The store looks for the text in addresses, too.
    let sought = filter.text.as_deref().filter(|_| sight == Sight::Names).map(str::to_lowercase);
    if locked_out.is_none() && sought.is_none() {
        return tx.members_in(order, filter, page.cursor.as_deref(), page.limit);
    }
    let is_named = |member: &Member| {
        let in_name = |name: &str| sought.as_ref().is_none_or(|text| name.to_lowercase().contains(text.trim()));
        in_name(&member.username) || in_name(&member.full_name)
    };
    let mut cursor = page.cursor.clone();
    // A part may come out short; it is empty only when nobody is left.
    loop {
        let part = tx.members_in(order, filter, cursor.as_deref(), page.limit)?;
        let mut items = Vec::new();
        for member in part.items.into_iter().filter(is_named) {
            let is_wanted = locked_out.map(|wanted| Ok::<_, StoreError>(is_locked_out(tx, &member)? == wanted));
            if is_wanted.transpose()?.unwrap_or(true) {
                items.push(member);
            }
        }
        if !items.is_empty() || part.next.is_none() {
            return Ok(MemberPage { items, next: part.next });
        }
        cursor = part.next;
    }
}

/// The order in which somebody may see the members: who does not see states and sign-ins does not see their order either.
fn seen_order(order: MemberOrder, sight: Sight) -> MemberOrder {
    match order.by {
        MemberSort::LastSignIn | MemberSort::State if sight == Sight::Names => MemberOrder::default(),
        MemberSort::Username
        | MemberSort::Name
        | MemberSort::UserType
        | MemberSort::Role
        | MemberSort::LastSignIn
        | MemberSort::State => order,
    }
}

/// Whether the portal refuses the member at this moment because the user type is over (S6).
///
/// # Errors
/// What the database says.
pub fn is_locked_out(tx: &ReadTx<'_>, member: &Member) -> Result<bool, StoreError> {
    Ok(sign_in::enter(&tx.standing(member)?) == Err(Refusal::UserTypeOverLimit))
}

/// How many members match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// More than one change may have ([`super::bulk::MOST`]); nobody has counted on.
    TooMany,
    /// Only looking at each of them would tell.
    Unknown,
}

/// How many members a filter finds; counted no further than one change may go.
///
/// # Errors
/// What the database says.
pub fn total(tx: &ReadTx<'_>, caller: &Caller, filter: &MemberFilter, page: &Page) -> Result<Total, StoreError> {
    let MemberFilter { user_type, .. } = filter;
    let plain = MemberFilter { user_type: user_type.clone(), ..MemberFilter::default() };
    // What a count may not tell to whom sees names only, the list does not use either.
    if page.locked_out.is_some() || (*filter != plain && sight(tx, caller)? == Sight::Names) {
        return Ok(Total::Unknown);
    }
    if *filter != plain {
        let found = tx.count_members(filter, super::bulk::MOST + 1)?;
        return Ok(if found > u64::from(super::bulk::MOST) { Total::TooMany } else { Total::Exactly(found) });
    }
    let counts = tx.headcounts()?;
    let counted = counts.iter().filter(|one| user_type.as_ref().is_none_or(|wanted| *wanted == one.user_type));
    Ok(Total::Exactly(counted.map(|one| one.seats.assigned).sum()))
}

/// How much of the members the caller sees.
///
/// # Errors
/// The caller may not see members.
pub fn sight(tx: &ReadTx<'_>, caller: &Caller) -> Result<Sight, StoreError> {
    Ok(account::sight(&actor(tx, caller)?)?)
}

/// Every member that a filter finds, for a change of all of them; at most so many.
///
/// # Errors
/// As [`list`]; there are more.
pub fn all_of(tx: &ReadTx<'_>, caller: &Caller, filter: &MemberFilter, page: &Page) -> Result<Vec<Member>, StoreError> {
    let most = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let (mut found, mut part) = (Vec::new(), Page { cursor: None, limit: page.limit.min(500), ..page.clone() });
    loop {
        let MemberPage { items, next } = list(tx, caller, filter, &part)?;
        found.extend(items);
        if found.len() > most {
            return Err(invalid_at("", &format!("more than {most} members match; narrow the filter")).into());
        }
        let Some(next) = next else { return Ok(found) };
        part.cursor = Some(next);
    }
}

/// The abilities of the caller.
///
/// # Errors
/// The caller is gone or not let in.
pub fn abilities(tx: &ReadTx<'_>, caller: &Caller) -> Result<Abilities, StoreError> {
    Ok(Abilities::of(&actor(tx, caller)?))
}

/// One member.
///
/// # Errors
/// The caller may not see members; there is none of that id.
pub fn show(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId) -> Result<Member, StoreError> {
    let actor = actor(tx, caller)?;
    // Everybody may look at oneself.
    if actor.id() != Some(id) {
        account::see_members(&actor)?;
    }
    tx.member(id)?.ok_or_else(|| not_found().into())
}

/// One member, for those who see everything about every account; nobody else, not even for the own account.
///
/// # Errors
/// As [`show`].
pub fn account(tx: &ReadTx<'_>, caller: &Caller, id: &MemberId) -> Result<Member, StoreError> {
    account::see_members(&actor(tx, caller)?)?;
    show(tx, caller, id)
}

/// The id of a member by user name or id, for command lines.
///
/// # Errors
/// There is none.
pub fn find(tx: &ReadTx<'_>, name: &str) -> Result<MemberId, StoreError> {
    // An id is never anybody's name, or who chooses a name could stand in the way of somebody else.
    let id = name.parse::<MemberId>().ok();
    if let Some(member) = id.map(|id| tx.member(&id)).transpose()?.flatten() {
        return Ok(member.id);
    }
    let member = tx.member_by_username(name)?;
    member
        .map(|found| found.id)
        .ok_or_else(|| Failure::new(Code::NotFound, format!("There is no member `{name}`.")).into())
}

/// The members of those names, in their order.
///
/// # Errors
/// `not-found` with every name that is nobody's.
pub fn find_all(tx: &ReadTx<'_>, names: &[String]) -> Result<Vec<MemberId>, StoreError> {
    let (mut found, mut unknown) = (Vec::with_capacity(names.len()), Vec::new());
    for (at, name) in names.iter().enumerate() {
        match find(tx, name) {
            Ok(id) => found.push(id),
            Err(StoreError::Refused(failure)) if failure.code == Code::NotFound => {
                unknown.push(json!({"operation": at, "member": name, "detail": failure.detail}));
            }
            Err(other) => return Err(other),
        }
    }
    match unknown.len() {
        0 => Ok(found),
        many => Err(Failure::plain(Code::NotFound).with("blocked", many).with("blockers", unknown).into()),
    }
}

pub(crate) fn unchanged(tx: &ReadTx<'_>, id: &MemberId, expected: Option<u64>) -> Result<(), StoreError> {
    let Some(expected) = expected else { return Ok(()) };
    let member = tx.member(id)?.ok_or_else(not_found)?;
    if member.version == expected { Ok(()) } else { Err(Failure::plain(Code::Stale).into()) }
}

pub(crate) fn not_found() -> Failure {
    Failure::new(Code::NotFound, "There is no such member.")
}
