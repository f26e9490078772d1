//! The laws of the seats, checked on the members themselves.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{Moment, UserTypeId};
use rules::compliance;
use rules::sign_in::{self, Standing};
use rules::{Facts, MemberRow, MemberState, Refusal, SeatCount};

use crate::license::{Draft, USER_TYPES, user_type};
use crate::oracle;
use crate::organization::{Held, Organization, ensure, is_lockable};

/// By what the number of members above the limit may have grown in one step.
pub enum Growth<'step> {
    /// A smaller file or an ended term: by anything.
    ByLicense,
    /// A change: by one, of these types.
    ByConsent(&'step BTreeMap<UserTypeId, u64>),
    /// Everything else: by nothing.
    Never,
}

/// No type grows beyond its limit but as the step allows.
pub fn growth(before: &Organization, after: &Organization, allowed: &Growth<'_>) -> Held {
    for id in oracle::user_types(after) {
        let excess =
            |one: &Organization| oracle::assigned(&one.members, &id).saturating_sub(oracle::licensed(one, &id));
        let (was, is) = (excess(before), excess(after));
        let one_over = was == 0 && is == 1 && oracle::licensed(after, &id) > 0;
        let may_grow = match allowed {
            Growth::ByLicense => true,
            Growth::ByConsent(types) => one_over && types.get(&id) == Some(&oracle::lockable(&after.members, &id)),
            Growth::Never => false,
        };
        ensure!(is <= was || may_grow, "{id} was {was} over its limit and is {is}");
    }
    Ok(())
}

/// No Administrator enters a type that is over, nor becomes one there.
pub fn administrators_sit(before: &Organization, after: &Organization) -> Held {
    let over = oracle::over(after);
    for row in after.members.values().filter(|row| oracle::is_administrator(&row.role)) {
        let sat = before.members.get(&row.id);
        let sat = sat.filter(|sat| sat.state != MemberState::Archived);
        let stays = sat.is_some_and(|sat| sat.user_type == row.user_type && sat.role == row.role);
        let over = over.contains(&row.user_type) && row.state != MemberState::Archived;
        ensure!(stays || !over, "the administrator {} took a seat of {}, which is over", row.username, row.user_type);
    }
    Ok(())
}

/// What holds at every moment, whatever happened.
pub fn always(organization: &Organization) -> Held {
    let counts = organization.seats.iter().filter(|(_, count)| **count != SeatCount::default());
    let counts = counts.map(|(id, count)| (id.clone(), *count)).collect::<BTreeMap<_, _>>();
    ensure!(counts == organization.recount(), "counts and members differ: {counts:?}");
    let administrators = oracle::enabled_administrators(&organization.members);
    ensure!(organization.administrators == administrators, "{administrators} administrators, counted otherwise");
    ensure!(organization.license.is_none() || administrators > 0, "no enabled administrator is left");
    let transaction = ();
    let facts = organization.facts(&transaction);
    let over = oracle::over(organization);
    organization.members.values().try_for_each(|row| lockout(&facts, &over, row))?;
    reported_over(&facts, &over, organization)
}

/// A lockout hits exactly the enabled members of over types who are not default Administrators.
fn lockout(facts: &Facts<'_>, over: &BTreeSet<UserTypeId>, row: &MemberRow) -> Held {
    let standing = Standing {
        state: row.state,
        is_administrator: oracle::is_administrator(&row.role),
        assigned: facts.count(&row.user_type).assigned,
        licensed: facts.licensed(&row.user_type),
    };
    let over = over.contains(&row.user_type);
    let wanted = match row.state {
        MemberState::Archived => Err(Refusal::MemberArchived),
        MemberState::Disabled => Err(Refusal::MemberDisabled),
        MemberState::Enabled if over && is_lockable(row) => Err(Refusal::UserTypeOverLimit),
        MemberState::Enabled => Ok(()),
    };
    let answer = sign_in::enter(&standing);
    ensure!(answer == wanted, "{} of {} is answered {answer:?}, not {wanted:?}", row.username, row.user_type);
    Ok(())
}

/// What administrators are told is over is what is over, with the people it locks out.
fn reported_over(facts: &Facts<'_>, over: &BTreeSet<UserTypeId>, organization: &Organization) -> Held {
    let told: BTreeMap<_, _> = compliance::over(facts)
        .into_iter()
        .map(|one| (one.user_type, (one.assigned, one.licensed, one.locked_out)))
        .collect();
    let members = &organization.members;
    let numbers = |id: &UserTypeId| {
        (oracle::assigned(members, id), oracle::licensed(organization, id), oracle::lockable(members, id))
    };
    let wanted: BTreeMap<_, _> = over.iter().map(|id| (id.clone(), numbers(id))).collect();
    ensure!(told == wanted, "told to be over: {told:?}, and are: {wanted:?}");
    ensure!(compliance::is_compliant(facts) == wanted.is_empty(), "compliant or not: {wanted:?}");
    Ok(())
}

/// A file gives, so long after its issue, the sum of its lines in term, and announces the next instant that differs.
pub fn lines_in_term(file: &Draft, after: i64) -> Held {
    let issued = Organization::default().now;
    let license = file.opened(issued);
    let at = |now: Moment| {
        let organization = Organization { now, license: Some(license.clone()), ..Organization::default() };
        let counts = (0..USER_TYPES.len()).map(|index| {
            let id = user_type(index);
            (oracle::licensed(&organization, &id), organization.allotment().licensed(&id))
        });
        counts.unzip::<_, _, Vec<u64>, Vec<u64>>()
    };
    let now = issued.plus_seconds(after);
    let (wanted, given) = at(now);
    ensure!(given == wanted, "{given:?} at {now}, not {wanted:?}");
    let Some(next) = license.at(now).next_change() else {
        let (last, _) = at(issued.plus_seconds(400 * crate::license::DAY));
        ensure!(last == wanted, "{wanted:?} at {now} ends at {last:?} and no change is announced");
        return Ok(());
    };
    ensure!(next > now, "the next change of {now} is at {next}");
    ensure!(at(next.plus_seconds(-1)).0 == wanted, "something changes between {now} and {next}");
    ensure!(at(next).0 != wanted, "nothing changes at {next}");
    Ok(())
}
