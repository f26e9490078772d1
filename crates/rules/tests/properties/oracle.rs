//! The rules read plainly: what the end state would be, counted member by member, and whether it is allowed.
//!
//! Nothing here calls `rules`; it is slow and simple on purpose.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::change_set::ChangeSet;
use rules::{MemberId, MemberRow, MemberState};

use crate::organization::{ADMINISTRATOR, Organization, is_lockable};

/// What the one who asks may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// A default Administrator.
    Full,
    /// Every privilege, and not that role.
    Delegate,
    /// None of the privileges over members and licenses.
    Nothing,
}

/// How far the one-over allowance goes. Only [`Allowance::OF_THE_RULES`] is right; the others tell what it alone prevents.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Members above the licensed number.
    pub most: u64,
    /// Whether reserved seats may be passed over.
    pub reserved_too: bool,
}

impl Allowance {
    /// One member, with nothing reserved.
    pub const OF_THE_RULES: Self = Self { most: 1, reserved_too: false };
}

type Members = BTreeMap<MemberId, MemberRow>;

/// The sum of the lines in term (A-ENF-13).
pub fn licensed(organization: &Organization, user_type: &UserTypeId) -> u64 {
    let Some(license) = &organization.license else { return 0 };
    let now = organization.now;
    if now < license.from() || license.until().is_some_and(|until| until <= now) {
        return 0;
    }
    let lines = license.user_types().iter().filter(|line| line.id == *user_type);
    let in_term = lines.filter(|line| line.from.is_none_or(|from| from <= now));
    in_term.filter(|line| line.until.is_none_or(|until| now < until)).map(|line| u64::from(line.count)).sum()
}

pub fn assigned(members: &Members, user_type: &UserTypeId) -> u64 {
    members.values().filter(|row| row.user_type == *user_type).map(|_| 1).sum()
}

pub fn lockable(members: &Members, user_type: &UserTypeId) -> u64 {
    members.values().filter(|row| row.user_type == *user_type && is_lockable(row)).map(|_| 1).sum()
}

pub fn enabled_administrators(members: &Members) -> u64 {
    let administrators = members.values().filter(|row| is_administrator(&row.role));
    administrators.filter(|row| row.state == MemberState::Enabled).map(|_| 1).sum()
}

pub fn is_administrator(role: &RoleId) -> bool {
    role.as_str() == ADMINISTRATOR
}

pub fn reserved(organization: &Organization, user_type: &UserTypeId) -> u64 {
    organization.seats.get(user_type).map_or(0, |count| count.reserved)
}

/// The user types with members, and those of the file.
pub fn user_types(organization: &Organization) -> BTreeSet<UserTypeId> {
    let held = organization.members.values().map(|row| row.user_type.clone());
    let sold = organization.license.iter().flat_map(|license| license.user_types()).map(|line| line.id.clone());
    held.chain(sold).chain(organization.seats.keys().cloned()).collect()
}

pub fn over(organization: &Organization) -> BTreeSet<UserTypeId> {
    let mut ids = user_types(organization);
    ids.retain(|id| assigned(&organization.members, id) > licensed(organization, id));
    ids
}

/// By the list of user types that each role has, which is written apart from the ceilings that the rules compare.
fn fits(role: &RoleId, user_type: &UserTypeId) -> bool {
    Catalog::arcgis().role(role).is_some_and(|role| role.fits.contains(user_type))
}

pub fn may_register(organization: &Organization, power: Power, user_type: &UserTypeId, role: &RoleId) -> bool {
    let taken = assigned(&organization.members, user_type) + reserved(organization, user_type);
    organization.license.is_some()
        && power != Power::Nothing
        && (power == Power::Full || !is_administrator(role))
        && over(organization).is_empty()
        && fits(role, user_type)
        && taken < licensed(organization, user_type)
}

pub fn may_delete(organization: &Organization, power: Power, member: &MemberId) -> bool {
    let Some(row) = organization.members.get(member) else { return false };
    let mut after = organization.members.clone();
    after.remove(member);
    power != Power::Nothing
        && (power == Power::Full || !is_administrator(&row.role))
        && enabled_administrators(&after) > 0
}

/// The members after the change, if every operation names another one that is there.
pub fn end_state(organization: &Organization, change: &ChangeSet) -> Option<Members> {
    let mut members = organization.members.clone();
    let mut named = BTreeSet::new();
    for operation in &change.operations {
        let row = members.get_mut(&operation.member).filter(|_| named.insert(&operation.member))?;
        row.user_type = operation.set_user_type.clone().unwrap_or_else(|| row.user_type.clone());
        row.role = operation.set_role.clone().unwrap_or_else(|| row.role.clone());
    }
    Some(members)
}

/// The types that the change raises to more than is licensed, with the people that would lock out.
pub fn raised_over(organization: &Organization, after: &Members) -> BTreeMap<UserTypeId, u64> {
    let ids = after.values().map(|row| row.user_type.clone()).collect::<BTreeSet<_>>().into_iter();
    let raised = ids.filter(|id| assigned(after, id) > assigned(&organization.members, id));
    let over = raised.filter(|id| assigned(after, id) > licensed(organization, id));
    over.map(|id| (id.clone(), lockable(after, &id))).collect()
}

pub fn may_change(organization: &Organization, power: Power, change: &ChangeSet, allowance: Allowance) -> bool {
    let Some(after) = end_state(organization, change) else { return false };
    let one_over = organization.allotment().policy().one_over == 1 && power == Power::Full;
    let allowed = one_over.then_some(allowance);
    let moved = change.operations.iter().map(|one| (&organization.members[&one.member], &after[&one.member]));
    !change.operations.is_empty()
        && power != Power::Nothing
        && enabled_administrators(&after) > 0
        && moved.clone().all(|(_, row)| fits(&row.role, &row.user_type))
        && moved.clone().all(|(before, row)| power == Power::Full || !touches_administrator(before, row))
        && moved.clone().all(|(before, row)| has_a_seat(organization, &after, before, row))
        && after.values().all(|row| has_room(organization, allowed, &after, &row.user_type))
        && raised_over(organization, &after) == change.allow_one_over
}

fn touches_administrator(before: &MemberRow, after: &MemberRow) -> bool {
    before.role != after.role && (is_administrator(&before.role) || is_administrator(&after.role))
}

/// An Administrator who enters, or one who becomes one, does so in a type that is not over (design: Seats 5).
fn has_a_seat(organization: &Organization, after: &Members, before: &MemberRow, row: &MemberRow) -> bool {
    let takes = before.user_type != row.user_type || !is_administrator(&before.role);
    !(takes && is_administrator(&row.role)) || assigned(after, &row.user_type) <= licensed(organization, &row.user_type)
}

/// The count ends at or below what it was, or within the limit with what is reserved, or at one over (design: Seats 4).
fn has_room(organization: &Organization, allowed: Option<Allowance>, after: &Members, user_type: &UserTypeId) -> bool {
    let [before, after] = [&organization.members, after].map(|members| assigned(members, user_type));
    let (licensed, reserved) = (licensed(organization, user_type), reserved(organization, user_type));
    let goes_over = |allowance: Allowance| {
        let spares = reserved == 0 || allowance.reserved_too;
        licensed > 0 && before <= licensed && after <= licensed + allowance.most && spares
    };
    after <= before || after + reserved <= licensed || allowed.is_some_and(goes_over)
}

/// The people locked out if so many seats were licensed.
pub fn locked_out(organization: &Organization) -> u64 {
    over(organization).iter().map(|id| lockable(&organization.members, id)).sum()
}
