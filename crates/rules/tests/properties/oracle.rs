//! The rules read plainly: what the end state would be, counted member by member, and whether it is allowed.
//!
//! Nothing here calls `rules`; it is slow and simple on purpose.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, RoleId};
use entitlement::UserTypeId;
use rules::change_set::{Act, ChangeSet, Mode};
use rules::{MemberId, MemberRow, MemberState};

use crate::organization::{ADMINISTRATOR, Invitation, Organization, is_lockable};

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
    /// Whether somebody may be restored besides.
    pub restoring_too: bool,
}

impl Allowance {
    /// One member, with nothing reserved.
    pub const OF_THE_RULES: Self = Self { most: 1, reserved_too: false, restoring_too: false };
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
    members.values().filter(|row| row.user_type == *user_type && holds_a_seat(row)).map(|_| 1).sum()
}

fn holds_a_seat(row: &MemberRow) -> bool {
    row.state != MemberState::Archived
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

/// The seat is held by nobody at this moment, whoever it is kept for, and nothing is over.
pub fn may_accept(organization: &Organization, invitation: &Invitation) -> bool {
    let taken = assigned(&organization.members, &invitation.user_type);
    invitation.waits
        && organization.now < invitation.expires_at
        && over(organization).is_empty()
        && taken < licensed(organization, &invitation.user_type)
}

/// The members after the change, if every operation names another one who is there, in a state that allows it.
pub fn end_state(organization: &Organization, change: &ChangeSet) -> Option<Members> {
    let mut members = organization.members.clone();
    let mut named = BTreeSet::new();
    for operation in &change.operations {
        let row = members.get_mut(&operation.member).filter(|_| named.insert(&operation.member))?;
        let sets = operation.set_user_type.is_some() || operation.set_role.is_some();
        let is_archived = !holds_a_seat(row);
        match operation.act {
            Some(Act::Archive | Act::Delete) if sets => return None,
            Some(Act::Enable | Act::Disable) | None if is_archived => return None,
            Some(Act::Delete) => {
                members.remove(&operation.member);
                continue;
            }
            Some(Act::Archive | Act::ArchiveAgain) => row.state = MemberState::Archived,
            Some(Act::Enable) => row.state = MemberState::Enabled,
            Some(Act::Disable) => row.state = MemberState::Disabled,
            Some(Act::Restore) if is_archived => row.state = MemberState::Enabled,
            Some(Act::RestoreDisabled) if is_archived => row.state = MemberState::Disabled,
            Some(Act::Restore | Act::RestoreDisabled) | None => {}
        }
        row.user_type = operation.set_user_type.clone().unwrap_or_else(|| row.user_type.clone());
        row.role = operation.set_role.clone().unwrap_or_else(|| row.role.clone());
    }
    Some(members)
}

/// The members as they were before that change, if nothing has happened to them since and it can be taken back.
pub fn as_before(organization: &Organization, at: usize) -> Option<Members> {
    let mut members = organization.members.clone();
    let change = &organization.changes[at];
    for one in &change.moves {
        let row = members.get_mut(&one.member).filter(|_| organization.is_last(at, &one.member))?;
        let to = one.to.as_ref()?;
        let is_as_left = (&row.user_type, &row.role, row.state) == (&to.user_type, &to.role, to.state);
        let was = MemberRow {
            user_type: one.from.user_type.clone(),
            role: one.from.role.clone(),
            state: one.from.state,
            ..row.clone()
        };
        if !is_as_left || ends_an_administrator(&was, row) {
            return None;
        }
        *row = was;
    }
    (!change.moves.is_empty()).then_some(members)
}

/// Whether the way from the one to the other ends an Administrator, or the use of one.
fn ends_an_administrator(before: &MemberRow, after: &MemberRow) -> bool {
    let falls_asleep = before.state == MemberState::Enabled && after.state != MemberState::Enabled;
    is_administrator(&before.role) && (!is_administrator(&after.role) || falls_asleep)
}

/// The seats that those who return will need: of each type, by how much it has fewer members.
pub fn kept(before: &Members, after: &Members) -> BTreeMap<UserTypeId, u64> {
    let ids = before.values().map(|row| row.user_type.clone()).collect::<BTreeSet<_>>().into_iter();
    let fewer = ids.map(|id| (assigned(before, &id).saturating_sub(assigned(after, &id)), id));
    fewer.filter(|(seats, _)| *seats > 0).map(|(seats, id)| (id, seats)).collect()
}

/// The types that the change raises to more than is licensed, with the people that would lock out.
pub fn raised_over(organization: &Organization, after: &Members) -> BTreeMap<UserTypeId, u64> {
    let ids = after.values().map(|row| row.user_type.clone()).collect::<BTreeSet<_>>().into_iter();
    let raised = ids.filter(|id| assigned(after, id) > assigned(&organization.members, id));
    let over = raised.filter(|id| assigned(after, id) > licensed(organization, id));
    over.map(|id| (id.clone(), lockable(after, &id))).collect()
}

/// The organization as the change sees it: the seats of the return that it carries out are free.
fn without_its_own(organization: &Organization, change: &ChangeSet) -> Organization {
    let mut free = organization.clone();
    for (id, seats) in change.ends.iter().flat_map(|ended| &ended.reserves) {
        free.seats.entry(id.clone()).and_modify(|count| count.reserved -= seats);
    }
    free
}

/// Whether all operations together may be applied.
pub fn may_change(organization: &Organization, power: Power, change: &ChangeSet, allowance: Allowance) -> bool {
    let Some(after) = end_state(organization, change) else { return false };
    let organization = &without_its_own(organization, change);
    let moved = || change.operations.iter().map(|one| (&organization.members[&one.member], after.get(&one.member)));
    let restores = moved().any(|(before, row)| !holds_a_seat(before) && row.is_some_and(holds_a_seat));
    let one_over = organization.allotment().policy().one_over == 1
        && power == Power::Full
        && (!restores || allowance.restoring_too);
    let allowed = one_over.then_some(allowance);
    let touched = change.operations.iter().zip(moved());
    let returns = change.revert_at.is_none_or(|at| {
        let lost =
            |(before, row): (&MemberRow, Option<&MemberRow>)| row.is_none_or(|row| ends_an_administrator(before, row));
        at > organization.now && !moved().any(lost)
    });
    let mut seated = moved().filter_map(|(before, row)| Some((before, row.filter(|row| holds_a_seat(row))?)));
    !change.operations.is_empty()
        && power != Power::Nothing
        && returns
        && enabled_administrators(&after) > 0
        && (!restores || over(organization).is_empty())
        && touched.into_iter().all(|(one, (before, row))| power == Power::Full || !is_reserved(one.act, before, row))
        && seated.all(|(before, row)| fits(&row.role, &row.user_type) && has_a_seat(organization, &after, before, row))
        && user_types(organization).iter().all(|id| has_room(organization, allowed, &after, id))
        && after.values().all(|row| has_room(organization, allowed, &after, &row.user_type))
        && raised_over(organization, &after) == change.allow_one_over
}

/// The places of the operations that a partial change leaves out, and the members after it; nothing if it is refused.
pub fn partly(organization: &Organization, power: Power, change: &ChangeSet) -> Option<(Vec<usize>, Members)> {
    let (mut so_far, mut left_out, mut named) = (organization.clone(), vec![], BTreeSet::new());
    for (at, operation) in change.operations.iter().enumerate() {
        let alone = ChangeSet { operations: vec![operation.clone()], mode: Mode::Atomic, ..change.clone() };
        if named.insert(&operation.member) && may_change(&so_far, power, &alone, Allowance::OF_THE_RULES) {
            so_far.members = end_state(&so_far, &alone)?;
        } else {
            left_out.push(at);
        }
    }
    let is_done = left_out.len() < change.operations.len() && change.allow_one_over.is_empty();
    is_done.then_some((left_out, so_far.members))
}

/// What only default Administrators do: any act on one of them, and their role given or taken.
fn is_reserved(act: Option<Act>, before: &MemberRow, after: Option<&MemberRow>) -> bool {
    let was = is_administrator(&before.role);
    let is = after.map_or(was, |row| is_administrator(&row.role));
    if act.is_some() { was || is } else { was != is }
}

/// An Administrator who enters, or one who becomes one, does so in a type that is not over (design: Seats 5).
fn has_a_seat(organization: &Organization, after: &Members, before: &MemberRow, row: &MemberRow) -> bool {
    let sat = holds_a_seat(before) && is_administrator(&before.role) && before.user_type == row.user_type;
    sat || !is_administrator(&row.role) || assigned(after, &row.user_type) <= licensed(organization, &row.user_type)
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

/// Whether taking the change back does something to an Administrator that is reserved to one.
pub fn returns_an_administrator(organization: &Organization, at: usize) -> bool {
    organization.changes[at].moves.iter().any(|one| {
        let (from, Some(to)) = (&one.from, &one.to) else { return false };
        let is_touched = is_administrator(&from.role) || is_administrator(&to.role);
        let in_role = from.state != MemberState::Archived && from.role != to.role;
        is_touched && (from.state != to.state || from.state == MemberState::Archived || in_role)
    })
}
