//! The rules of seats, written down a second time and plainly: facts in, decision out.
//!
//! They read the kept counts, as the portal does, and never count the rows.

use crate::database::{
    Answer, Cause, Database, Invitation, KINDS, Kind, Member, Move, Number, Progress, Return, Row, Write,
};
use crate::request::{ADA, BEN, CAROL, DORA, EVE, FAY, Person, Request};

/// What a decision writes, and what its client is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Transaction {
    /// The rows.
    pub rows: Vec<Write>,
    /// The books kept beside them.
    pub books: Vec<Write>,
    /// The answer.
    pub answer: Answer,
}

/// How a request ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// Nothing is written.
    Tell(Answer),
    /// This is written.
    Write(Transaction),
}

/// Decides on what the transaction has read.
pub fn decide(facts: &Database, request: Request) -> Decision {
    if let Some(answer) = facts.answers.get(&request) {
        return Decision::Tell(Answer::Done(*answer));
    }
    let Some(mut next) = outcome(facts, request).filter(|next| next != facts) else {
        return Decision::Tell(Answer::Refused);
    };
    let assigned = next.books.counts.map(|count| count.assigned);
    next.causes = KINDS.map(|kind| if is_over(&next, kind) { next.causes[kind as usize] } else { Cause::default() });
    let is_only_marked = request == Request::Return && next.planned.as_ref().is_some_and(Return::is_open);
    if !is_only_marked {
        *next.audit.entry(request).or_default() += 1;
        next.seat_revision += 1;
    }
    if request != Request::Return {
        next.answers.insert(request, assigned);
    }
    let (rows, books) = (facts.rows_to(&next), facts.books_to(&next));
    Decision::Write(Transaction { rows, books, answer: Answer::Done(assigned) })
}

/// The state after the request, or nothing where it is refused.
fn outcome(facts: &Database, request: Request) -> Option<Database> {
    match request {
        Request::Register => join(facts, EVE, Row::Absent, Kind::Viewer),
        Request::Invite => invite(facts, Kind::Viewer),
        Request::Accept => accept(facts),
        Request::Exchange => change(facts, &exchange(facts)?, None),
        Request::ExchangeUntil => change_until(facts, &exchange(facts)?),
        Request::Move => change(facts, &[to(facts, CAROL, Kind::Viewer)?], None),
        Request::MoveUntil => change_until(facts, &[to(facts, CAROL, Kind::Viewer)?]),
        Request::MoveOneOver => change(facts, &[to(facts, DORA, Kind::Creator)?], Some((Kind::Creator, 2))),
        Request::MoveAnotherOneOver => change(facts, &[to(facts, EVE, Kind::Creator)?], Some((Kind::Creator, 2))),
        Request::Archive => leave(facts, CAROL, Row::Archived),
        Request::Restore => join(facts, CAROL, Row::Archived, Kind::Creator),
        Request::DisableAdministrator => disable(facts, ADA),
        Request::DeleteAdministrator => leave(facts, BEN, Row::Absent),
        Request::CancelReturn => cancel(facts),
        Request::ImportSmaller => Some(import(facts, [2, 1])),
        Request::ImportFewerViewers => Some(import(facts, [3, 1])),
        Request::Return => come_back(facts),
    }
}

/// Whether a user type has more members than seats.
pub fn is_over(state: &Database, kind: Kind) -> bool {
    state.books.counts[kind as usize].assigned > state.licensed[kind as usize]
}

fn is_any_over(facts: &Database) -> bool {
    KINDS.into_iter().any(|kind| is_over(facts, kind))
}

/// Whether one more member may come, from wherever: nothing over, and assigned and reserved below licensed.
fn has_room(facts: &Database, kind: Kind) -> bool {
    let count = facts.books.counts[kind as usize];
    !is_any_over(facts) && count.assigned + count.reserved < facts.licensed[kind as usize]
}

/// The state with its books moved on by what the rows have gained and lost.
fn kept(facts: &Database, mut next: Database) -> Database {
    next.books = facts.books.moved(&facts.recount(), &next.recount());
    next
}

fn newcomer(kind: Kind) -> Row {
    Row::Registered(Member { kind, is_enabled: true, is_administrator: false })
}

/// Registration, and restoring from the archive.
fn join(facts: &Database, person: Person, from: Row, kind: Kind) -> Option<Database> {
    let mut next = facts.clone();
    next.members[person] = newcomer(kind);
    (facts.members[person] == from && has_room(facts, kind)).then(|| kept(facts, next))
}

fn invite(facts: &Database, kind: Kind) -> Option<Database> {
    let mut next = facts.clone();
    next.invitation = Invitation::Pending(kind);
    (facts.invitation == Invitation::Absent && has_room(facts, kind)).then(|| kept(facts, next))
}

/// The invitation's own reservation does not stand in its way; nor do those of others, which would hold it for ever.
fn accept(facts: &Database) -> Option<Database> {
    let Invitation::Pending(kind) = facts.invitation else { return None };
    if is_any_over(facts) || facts.books.counts[kind as usize].assigned >= facts.licensed[kind as usize] {
        return None;
    }
    let mut next = facts.clone();
    next.members[FAY] = newcomer(kind);
    next.invitation = Invitation::Accepted(kind);
    Some(kept(facts, next))
}

/// Archiving and deletion.
fn leave(facts: &Database, person: Person, row: Row) -> Option<Database> {
    dispensable(facts, person)?;
    let mut next = facts.clone();
    next.members[person] = row;
    Some(kept(facts, next))
}

/// A disabled member keeps the seat.
fn disable(facts: &Database, person: Person) -> Option<Database> {
    let member = Member { is_enabled: false, ..dispensable(facts, person)? };
    let mut next = facts.clone();
    next.members[person] = Row::Registered(member);
    Some(kept(facts, next))
}

/// The registered member, who is not the last enabled administrator.
fn dispensable(facts: &Database, person: Person) -> Option<Member> {
    let Row::Registered(member) = facts.members[person] else { return None };
    let is_last = member.is_enabled && member.is_administrator && facts.books.administrators <= 1;
    (!is_last).then_some(member)
}

/// The move of one member to a user type that is not theirs yet.
fn to(facts: &Database, person: Person, to: Kind) -> Option<Move> {
    let Row::Registered(member) = facts.members[person] else { return None };
    (member.kind != to).then_some(Move { person, from: member.kind, to })
}

fn exchange(facts: &Database) -> Option<[Move; 2]> {
    let (Row::Registered(carol), Row::Registered(dora)) = (facts.members[CAROL], facts.members[DORA]) else {
        return None;
    };
    Some([to(facts, CAROL, dora.kind)?, to(facts, DORA, carol.kind)?])
}

/// The state after the moves, or nothing where a member has changed since they were written down. No administrator
/// moves: the one type admits the role, the other does not.
fn moved(facts: &Database, moves: &[Move]) -> Option<Database> {
    let mut next = facts.clone();
    for step in moves {
        let Row::Registered(member) = &mut next.members[step.person] else { return None };
        if member.kind != step.from || member.is_administrator {
            return None;
        }
        member.kind = step.to;
    }
    Some(kept(facts, next))
}

/// How a user type ends.
#[derive(PartialEq)]
enum Ending {
    Within,
    OneOver,
    TooMany,
}

/// Judges the end state of a user type. `own` is what the change itself had reserved.
fn ending(facts: &Database, next: &Database, kind: Kind, own: Number) -> Ending {
    let (before, after) = (facts.books.counts[kind as usize], next.books.counts[kind as usize].assigned);
    let (reserved, licensed) = (before.reserved - own, facts.licensed[kind as usize]);
    if after <= before.assigned || after + reserved <= licensed {
        Ending::Within
    } else if after == licensed + 1 && reserved == 0 && before.assigned <= licensed && licensed >= 1 {
        Ending::OneOver
    } else {
        Ending::TooMany
    }
}

/// A change set, judged on its end state. The consent, which is Ada's, names the type that goes one over and how many
/// people that locks out.
fn change(facts: &Database, moves: &[Move], consent: Option<(Kind, Number)>) -> Option<Database> {
    let mut next = moved(facts, moves)?;
    let mut one_over = None;
    for kind in KINDS {
        match ending(facts, &next, kind, 0) {
            Ending::Within => {}
            Ending::OneOver => one_over = Some((kind, next.books.counts[kind as usize].lockable)),
            Ending::TooMany => return None,
        }
    }
    if one_over != consent {
        return None;
    }
    if let Some((kind, _)) = consent {
        let is_hers = |ada: Row| matches!(ada, Row::Registered(ada) if ada.is_enabled && ada.is_administrator);
        is_hers(facts.members[ADA]).then_some(())?;
        next.causes[kind as usize].consent = true;
    }
    Some(next)
}

/// A change set that plans its own return, which reserves its net gain of each type. There is one in a run, so that
/// `Request::Return` is the key of one thing.
fn change_until(facts: &Database, moves: &[Move]) -> Option<Database> {
    if facts.planned.is_some() {
        return None;
    }
    let mut next = change(facts, moves, None)?;
    let back = moves.iter().map(|step| Move { person: step.person, from: step.to, to: step.from });
    let net = |kind: Kind| facts.books.counts[kind as usize].assigned - next.books.counts[kind as usize].assigned;
    let reserves = KINDS.map(|kind| net(kind).max(0));
    next.planned = Some(Return { moves: back.collect(), reserves, progress: Progress::Planned });
    Some(kept(facts, next))
}

fn cancel(facts: &Database) -> Option<Database> {
    let mut next = facts.clone();
    let planned = next.planned.as_mut().filter(|planned| planned.is_open())?;
    planned.progress = Progress::Cancelled;
    Some(kept(facts, next))
}

/// The return whose date has come: judged without its own reservation, never one over. Without a seat it is due.
fn come_back(facts: &Database) -> Option<Database> {
    let planned = facts.planned.as_ref().filter(|planned| planned.is_open())?;
    let fits = |next: &Database| {
        let mut endings = KINDS.into_iter().map(|kind| ending(facts, next, kind, planned.reserves[kind as usize]));
        endings.all(|ending| ending == Ending::Within)
    };
    let back = moved(facts, &planned.moves).filter(fits);
    let progress = if back.is_some() { Progress::Done } else { Progress::Due };
    let mut next = back.unwrap_or_else(|| facts.clone());
    next.planned = Some(Return { progress, ..planned.clone() });
    Some(kept(facts, next))
}

/// A file is always let in, whatever it leaves over.
fn import(facts: &Database, licensed: [Number; 2]) -> Database {
    let mut next = Database { licensed, ..facts.clone() };
    for kind in KINDS {
        next.causes[kind as usize].file |= is_over(&next, kind);
    }
    next
}
