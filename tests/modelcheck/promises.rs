//! What holds in every state that can be reached, and what must be reached for that to mean anything.

use stateright::Property;

use crate::database::{Answer, Invitation, KINDS, Kind, Move, Number, Progress, Row};
use crate::protocol::{Phase, Protocol, System};
use crate::request::{COMING, TAKING};

/// The books beside the rows.
pub const KEPT: &str = "the kept counts are the rows, counted";
/// Reservations.
pub const RESERVED: &str = "what is reserved is the pending invitation and the open return";
/// What a reservation is worth.
pub const HELD: &str = "a reserved seat goes to nobody else, unless a consent or a file takes it";
/// The same for the planned return.
pub const BACK: &str = "a return waits only for a changed member, or where a consent or a file took its seat";
/// The seat limit.
pub const OVER: &str = "a type is over by one with consent, and otherwise only by a file";
/// The doors for new people.
pub const CLOSED: &str = "nobody comes while a type is over";
/// Durability.
pub const DURABLE: &str = "what was told as done is there, with the same answer";
/// The other half of it.
pub const REFUSED: &str = "what was told as refused was not carried out";
/// Idempotency.
pub const ONCE: &str = "nothing is carried out twice for one key";
/// The revision.
pub const REVISION: &str = "every decision has a seat revision of its own";
/// The way back in.
pub const ADMINISTRATOR: &str = "an enabled administrator is left";
/// The lock itself.
pub const LOCK: &str = "whoever is in a transaction holds the lock, and nobody else does";

/// Every promise, and every state that must be reachable.
pub fn all() -> Vec<Property<Protocol>> {
    let mut all = promises();
    all.extend(sights());
    all
}

/// What holds always.
fn promises() -> Vec<Property<Protocol>> {
    vec![
        Property::always(KEPT, |_, state: &System| state.database.books == state.database.recount()),
        Property::always(RESERVED, |_, state: &System| {
            KINDS.into_iter().all(|kind| is_reserved_for_a_reason(state, kind))
        }),
        Property::always(HELD, |_, state: &System| KINDS.into_iter().all(|kind| is_held(state, kind))),
        Property::always(BACK, |_, state: &System| is_kept_waiting_for_a_reason(state)),
        Property::always(OVER, |_, state: &System| KINDS.into_iter().all(|kind| is_over_for_a_reason(state, kind))),
        Property::always(CLOSED, |_, state: &System| is_closed_while_over(state)),
        Property::always(DURABLE, |_, state: &System| is_durable(state)),
        Property::always(REFUSED, |_, state: &System| is_refused_for_good(state)),
        Property::always(ONCE, |_, state: &System| state.database.audit.values().all(|times| *times == 1)),
        Property::always(REVISION, |_, state: &System| {
            state.database.seat_revision == state.database.audit.values().sum::<Number>()
        }),
        Property::always(ADMINISTRATOR, |_, state: &System| state.database.recount().administrators >= 1),
        Property::always(LOCK, |_, state: &System| is_alone(state)),
    ]
}

/// What happens in some order of steps: a promise about what never happens is empty.
fn sights() -> Vec<Property<Protocol>> {
    vec![
        Property::sometimes("a type is one over by consent", |_, state: &System| {
            KINDS.into_iter().any(|kind| over(state, kind) == 1 && state.database.causes[kind as usize].consent)
        }),
        Property::sometimes("a file leaves a type two over", |_, state: &System| {
            KINDS.into_iter().any(|kind| over(state, kind) == 2)
        }),
        Property::sometimes("a return is due", |_, state: &System| has_return(state, Progress::Due, 1)),
        Property::sometimes("a return takes the seat that it had reserved", |_, state: &System| {
            has_return(state, Progress::Done, 1)
        }),
        Property::sometimes("a return that reserved nothing is done", |_, state: &System| {
            has_return(state, Progress::Done, 0)
        }),
        Property::sometimes("an answer lost after the commit is given again", |_, state: &System| {
            state.clients.values().any(|client| client.lost_answer && matches!(client.told, Some(Answer::Done(_))))
        }),
        Property::sometimes("an invitation is accepted at the last seat", |_, state: &System| {
            let kind = if let Invitation::Accepted(kind) = state.database.invitation { Some(kind) } else { None };
            kind.is_some_and(|kind| over(state, kind) == 0)
        }),
        Property::sometimes("a node waits for the lock of the other", |_, state: &System| {
            state.lock.is_some() && state.nodes.iter().any(|phase| matches!(phase, Phase::Asked(_)))
        }),
    ]
}

/// By how many members a type is over, counted from the rows; below zero where it has room.
fn over(state: &System, kind: Kind) -> Number {
    state.database.recount().counts[kind as usize].assigned - state.database.licensed[kind as usize]
}

/// In a run without a consent to one over and without a smaller file, members and reservations have a seat each.
fn is_held(state: &System, kind: Kind) -> bool {
    let is_taken = TAKING.iter().any(|taker| state.database.audit.contains_key(taker));
    let reserved = state.database.recount().counts[kind as usize].reserved;
    is_taken || over(state, kind) + reserved <= 0
}

/// A return that is due though nothing could have taken its seat has a member who is not as the change left them.
fn is_kept_waiting_for_a_reason(state: &System) -> bool {
    let due = state.database.planned.as_ref().filter(|planned| planned.progress == Progress::Due);
    let is_taken = TAKING.iter().any(|taker| state.database.audit.contains_key(taker));
    let is_as_left = |step: &Move| match state.database.members[step.person] {
        Row::Registered(member) => member.kind == step.from,
        Row::Absent | Row::Archived => false,
    };
    due.is_none_or(|planned| is_taken || !planned.moves.iter().all(is_as_left))
}

/// A file may leave any number over. Without one it is one at most, and with consent.
fn is_over_for_a_reason(state: &System, kind: Kind) -> bool {
    let cause = state.database.causes[kind as usize];
    match over(state, kind) {
        ..=0 => true,
        1 => cause.consent || cause.file,
        2.. => cause.file,
    }
}

/// Counted here once more, one by one, and not as the books are.
fn is_reserved_for_a_reason(state: &System, kind: Kind) -> bool {
    let invited = Number::from(state.database.invitation == Invitation::Pending(kind));
    let open = state.database.planned.as_ref().filter(|planned| planned.is_open());
    let returning: Number = open.map_or(0, |planned| {
        let into = planned.moves.iter().filter(|step| step.to == kind).count();
        let out_of = planned.moves.iter().filter(|step| step.from == kind).count();
        Number::try_from(into.saturating_sub(out_of)).unwrap_or(Number::MAX)
    });
    state.database.books.counts[kind as usize].reserved == invited + returning
}

/// A client was told that it is done: it is in the database as it was told, or a node is still about to write it.
fn is_durable(state: &System) -> bool {
    let mut told = state.clients.iter().filter_map(|(request, client)| Some((*request, client.told?)));
    told.all(|(request, answer)| {
        let Answer::Done(answer) = answer else { return true };
        let is_there = state.database.answers.get(&request) == Some(&answer);
        let is_audited = state.database.audit.contains_key(&request);
        is_there && is_audited || state.nodes.iter().any(|phase| phase.request() == Some(request))
    })
}

/// A client that lost its connection may have been refused by one node while the other still worked on its first try.
fn is_refused_for_good(state: &System) -> bool {
    let mut refused = state.clients.iter().filter(|(_, client)| client.told == Some(Answer::Refused));
    refused.all(|(request, client)| client.lost_connection || !state.database.audit.contains_key(request))
}

/// Each node is in a transaction or without the lock.
fn is_alone(state: &System) -> bool {
    let mut nodes = state.nodes.iter().enumerate();
    nodes.all(|(node, phase)| phase.is_in_transaction() == (state.lock == Some(node)))
}

/// Nothing is being written that brings somebody, while what is committed has a type over.
fn is_closed_while_over(state: &System) -> bool {
    let mut writing = state.nodes.iter().filter(|phase| phase.writes()).filter_map(Phase::request);
    KINDS.into_iter().all(|kind| over(state, kind) <= 0) || !writing.any(|request| COMING.contains(&request))
}

/// Whether the planned return has come so far, and reserved so many seats of all types together.
fn has_return(state: &System, progress: Progress, reserved: Number) -> bool {
    let planned = state.database.planned.as_ref().filter(|planned| planned.progress == progress);
    planned.is_some_and(|planned| planned.reserves.iter().sum::<Number>() == reserved)
}
