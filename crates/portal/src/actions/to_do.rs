//! What waits for somebody: only what one look at an index or at the counts answers, and each for those who can mend it.

use entitlement::{AddOnId, LicenseId, Moment, UserTypeId};
use rules::{Actor, ChangeId, account};
use store::{KeptPlan, ReadTx, ReturnState, StoreError, TypeCount};

use super::{Caller, actor};

const SECONDS_A_DAY: i64 = 86_400;
/// How near a planned return or the end of an invitation is told.
const NEAR: i64 = 7 * SECONDS_A_DAY;
/// After how many days without a sign-in a member is told.
pub const UNSEEN_DAYS: i64 = 90;
/// Up to how many of those are counted.
pub const COUNTED: u32 = 1_000;
/// How many planned returns are told.
const RETURNS: u32 = 5;
/// From how many hundredths of its seats on a user type is told as nearly full.
const NEARLY_FULL: u128 = 90;

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Members return by themselves soon, or should have.
    Return {
        /// The change that is taken back.
        change: ChangeId,
        /// The user names.
        members: Vec<String>,
        /// When.
        at: Moment,
        /// Whether it is late.
        is_late: bool,
    },
    /// So many members have not signed in for a long time; counted up to [`COUNTED`].
    Unseen(u64),
    /// So many invitations run out soon, the first of them at that instant.
    Invitations(u64, Moment),
    /// A file waits for its term.
    File(LicenseId, Moment),
    /// A user type has few seats left, or none.
    Filling {
        /// Which.
        user_type: UserTypeId,
        /// Members and reserved seats.
        taken: u64,
        /// Seats in force.
        licensed: u64,
    },
    /// More of an add-on is assigned than licensed.
    Short {
        /// Which.
        add_on: AddOnId,
        /// Assigned to members.
        assigned: u64,
        /// Licenses in force.
        licensed: u64,
    },
}

/// What waits for this caller; nothing for somebody who can mend nothing.
///
/// # Errors
/// What the database says.
pub fn list(tx: &ReadTx<'_>, caller: &Caller) -> Result<Vec<Task>, StoreError> {
    let actor = actor(tx, caller)?;
    let mut tasks = Vec::new();
    if account::see_licenses(&actor).is_ok() {
        tasks.extend(short(tx)?);
        tasks.extend(tx.headcounts()?.into_iter().filter_map(filling));
        let waiting = tx.staged_files()?.into_iter().filter(|one| one.problem.is_none());
        tasks.extend(waiting.map(|one| Task::File(one.license, one.from)));
    }
    if account::see_members(&actor).is_ok() {
        tasks.extend(returns(tx)?);
    }
    tasks.extend(invitations(tx, &actor)?);
    if account::see_members(&actor).is_ok() {
        let unseen = tx.unseen_members(tx.now().plus_seconds(-UNSEEN_DAYS * SECONDS_A_DAY), COUNTED)?;
        tasks.extend((unseen > 0).then_some(Task::Unseen(unseen)));
    }
    Ok(tasks)
}

fn short(tx: &ReadTx<'_>) -> Result<impl Iterator<Item = Task>, StoreError> {
    let over = tx.add_on_tallies()?.into_iter().filter(|one| one.assigned > one.licensed);
    Ok(over.map(|one| Task::Short { add_on: one.add_on, assigned: one.assigned, licensed: one.licensed }))
}

/// A user type that is over is told on every page.
fn filling(count: TypeCount) -> Option<Task> {
    let (taken, licensed) = (count.seats.assigned.saturating_add(count.seats.reserved), count.licensed);
    let is_near = licensed > 0 && u128::from(taken) * 100 >= u128::from(licensed) * NEARLY_FULL;
    (is_near && !count.is_over()).then_some(Task::Filling { user_type: count.user_type, taken, licensed })
}

fn returns(tx: &ReadTx<'_>) -> Result<Vec<Task>, StoreError> {
    let (now, mut tasks) = (tx.now(), Vec::new());
    for change in tx.open_returns(RETURNS)? {
        let Some(planned) = change.planned_return else { continue };
        let is_late = planned.at <= now || planned.state == ReturnState::Stale;
        if is_late || planned.at <= now.plus_seconds(NEAR) {
            let members = KeptPlan::of(&change.plan).map(|plan| plan.members).unwrap_or_default();
            let members = members.into_iter().map(|one| one.username).collect();
            tasks.push(Task::Return { change: change.id, members, at: planned.at, is_late });
        }
    }
    Ok(tasks)
}

fn invitations(tx: &ReadTx<'_>, actor: &Actor) -> Result<Option<Task>, StoreError> {
    if account::add_members(actor).is_err() {
        return Ok(None);
    }
    let ending = tx.ending_invitations(tx.now().plus_seconds(NEAR))?;
    Ok(ending.map(|(count, first)| Task::Invitations(count, first)))
}

#[cfg(test)]
mod tests {
    use rules::facts::SeatCount;

    use super::*;

    #[test]
    fn a_type_is_told_from_nine_tenths_of_its_seats_and_not_once_it_is_over() {
        let told = |assigned, reserved, licensed| {
            let seats = SeatCount { assigned, reserved, lockable: 0 };
            let user_type = UserTypeId::parse("viewer").unwrap();
            match filling(TypeCount { user_type, seats, licensed, over_since: None }) {
                Some(Task::Filling { taken, licensed, .. }) => Some((taken, licensed)),
                other => {
                    assert_eq!(other, None);
                    None
                }
            }
        };
        assert_eq!(told(8, 0, 10), None);
        assert_eq!(told(8, 1, 10), Some((9, 10)));
        assert_eq!(told(10, 0, 10), Some((10, 10)));
        assert_eq!(told(11, 0, 10), None);
        assert_eq!(told(0, 0, 0), None);
    }
}
