//! Every door through which a seat is taken, at one seat under the licensed number, at it, and one over it.

use errors::{Code, Failure};
use rules::MemberId;
use rules::change_set::{Act, ChangeSet, Mode};
use store::{Installation, Member, ReturnState, Store};

use crate::deeds::{accept, archived, invite, lend, return_state, revert, run_return};
use crate::harness::{
    DAY, Portal, START, act, apply, assert_recounted, at, change, count, held, import, member, moves, only, register,
    seats,
};

/// Two Viewers of four, and two Creators beside the administrator; then a file comes with fewer Viewers.
struct House {
    portal: Portal,
    store: Store,
    viewers: [Member; 2],
    creators: [Member; 2],
}

/// The licensed Viewers that leave the two at one under, at, and one over the number.
const LICENSED: [u32; 3] = [3, 2, 1];

impl House {
    fn new() -> Self {
        let (portal, store) = Portal::with_seats(4, 5);
        let new = |username: &str, type_id: &str| register(&store, username, type_id).unwrap();
        let viewers = [new("ann", "viewer"), new("bob", "viewer")];
        let creators = [new("cleo", "creator"), new("dan", "creator")];
        Self { portal, store, viewers, creators }
    }

    /// The smaller file, with the number that it locks out.
    fn shrink(&self, licensed: u32) {
        let smaller = only(seats(2, licensed, 5));
        let locked_out = (licensed < 2).then(|| count(&self.store, "viewer").2);
        assert_eq!(import(&self.store, smaller, locked_out), Ok(Installation::Installed));
    }

    fn viewer(&self) -> &MemberId {
        &self.viewers[0].id
    }

    fn creator(&self) -> &MemberId {
        &self.creators[0].id
    }
}

type Answer = Result<(), Code>;

fn told<T>(outcome: Result<T, Failure>) -> Answer {
    outcome.map(|_| ()).map_err(|failure| failure.code)
}

/// What a door answers at the three counts. The numbers hold after each, whatever it answered.
fn door(
    arrange: impl Fn(&House) -> Option<MemberId>,
    go_in: impl Fn(&House, Option<&MemberId>) -> Answer,
) -> [Answer; 3] {
    LICENSED.map(|licensed| {
        let house = House::new();
        let arranged = arrange(&house);
        house.shrink(licensed);
        let (_, before, reserved) = held(&house.store, "viewer");
        assert_eq!(before, 2);
        let answer = go_in(&house, arranged.as_ref());
        assert_recounted(&house.store);
        let (_, after, reserved_after) = held(&house.store, "viewer");
        if answer.is_err() {
            assert_eq!((after, reserved_after), (before, reserved));
        }
        answer
    })
}

fn nothing(_: &House) -> Option<MemberId> {
    None
}

const FULL: Answer = Err(Code::SeatLimitReached);
const BLOCKED: Answer = Err(Code::CreationBlocked);
const EXHAUSTED: Answer = Err(Code::OneOverExhausted);

#[test]
fn a_registration_and_an_invitation_need_a_seat_and_nobody_over() {
    let registered = door(nothing, |house, _| told(register(&house.store, "eve", "viewer")));
    assert_eq!(registered, [Ok(()), FULL, BLOCKED]);
    let invited = door(nothing, |house, _| told(invite(&house.store, "eve", "viewer")));
    assert_eq!(invited, [Ok(()), FULL, BLOCKED]);
    let elsewhere = door(nothing, |house, _| told(register(&house.store, "eve", "creator")));
    assert_eq!(elsewhere, [Ok(()), Ok(()), BLOCKED]);
}

#[test]
fn an_invitation_is_accepted_while_a_seat_is_there_and_else_stays_good() {
    let answers = LICENSED.map(|licensed| {
        let house = House::new();
        let sent = invite(&house.store, "eve", "viewer").unwrap();
        house.shrink(licensed);
        let answer = told(accept(&house.store, &sent.id, "eve"));
        assert_recounted(&house.store);
        let expected = if answer.is_ok() { (3, 3, 0) } else { (u64::from(licensed), 2, 1) };
        assert_eq!(held(&house.store, "viewer"), expected);
        import(&house.store, only(seats(3, 3, 5)), None).unwrap();
        assert_eq!(accept(&house.store, &sent.id, "eve").is_ok(), answer.is_err());
        answer
    });
    assert_eq!(answers, [Ok(()), BLOCKED, BLOCKED]);
}

#[test]
fn a_restoration_is_a_registration() {
    let restored = door(
        |house| Some(archived(&house.store, "eve", "viewer").id),
        |house, eve| told(act(&house.store, eve.unwrap(), Act::Restore)),
    );
    assert_eq!(restored, [Ok(()), FULL, BLOCKED]);
    let deleted = door(
        |house| Some(archived(&house.store, "eve", "viewer").id),
        |house, eve| told(act(&house.store, eve.unwrap(), Act::Delete)),
    );
    assert_eq!(deleted, [Ok(()); 3]);
}

#[test]
fn a_move_goes_one_over_by_consent_and_from_within_the_limit_only() {
    let unasked = door(nothing, |house, _| told(change(&house.store, &[(house.creator(), "viewer")], &[])));
    assert_eq!(unasked, [Ok(()), Err(Code::OneOverNeedsConsent), EXHAUSTED]);
    let consented =
        door(nothing, |house, _| told(change(&house.store, &[(house.creator(), "viewer")], &[("viewer", 3)])));
    assert_eq!(consented, [Err(Code::ConfirmationMismatch), Ok(()), EXHAUSTED]);
    let mistaken =
        door(nothing, |house, _| told(change(&house.store, &[(house.creator(), "viewer")], &[("viewer", 2)])));
    assert_eq!(mistaken, [Err(Code::ConfirmationMismatch), Err(Code::ConfirmationMismatch), EXHAUSTED]);
    let two = door(nothing, |house, _| {
        let both = [(&house.creators[0].id, "viewer"), (&house.creators[1].id, "viewer")];
        told(change(&house.store, &both, &[("viewer", 4)]))
    });
    assert_eq!(two, [Ok(()), FULL, EXHAUSTED]);
}

#[test]
fn a_partial_change_takes_nothing_over() {
    let partial = door(nothing, |house, _| {
        let both = [(&house.creators[0].id, "viewer"), (&house.creators[1].id, "viewer")];
        let set = ChangeSet { mode: Mode::Partial, ..moves(&both, &[]) };
        let id = apply(&house.store, set).map_err(|failure| failure.code)?;
        let plan = house.store.read(|tx| tx.change(&id)).unwrap().unwrap().plan;
        assert_eq!(plan.pointer("/refused/0/operation"), Some(&serde_json::json!(1)));
        assert_eq!(plan.pointer("/refused/0/code"), Some(&serde_json::json!("seat-limit-reached")));
        assert_eq!(held(&house.store, "viewer"), (3, 3, 0));
        Ok(())
    });
    assert_eq!(partial, [Ok(()), FULL, FULL]);
}

#[test]
fn an_exchange_a_move_out_and_an_end_of_access_always_work() {
    let exchanged = door(nothing, |house, _| {
        told(change(&house.store, &[(house.viewer(), "creator"), (house.creator(), "viewer")], &[]))
    });
    assert_eq!(exchanged, [Ok(()); 3]);
    let out = door(nothing, |house, _| told(change(&house.store, &[(house.viewer(), "creator")], &[])));
    assert_eq!(out, [Ok(()); 3]);
    for one in [Act::Disable, Act::Archive, Act::Delete] {
        let ended = door(nothing, |house, _| told(act(&house.store, house.viewer(), one)));
        assert_eq!(ended, [Ok(()); 3], "{}", one.as_str());
    }
    let enabled = door(
        |house| act(&house.store, house.viewer(), Act::Disable).map(|_| None).unwrap(),
        |house, _| told(act(&house.store, house.viewer(), Act::Enable)),
    );
    assert_eq!(enabled, [Ok(()); 3]);
}

#[test]
fn a_planned_return_takes_the_seat_that_it_kept_and_waits_where_there_is_none() {
    let states = LICENSED.map(|licensed| {
        let House { portal, store, .. } = House::new();
        let eve = register(&store, "eve", "viewer").unwrap();
        let until = at(START).plus_seconds(DAY);
        let lent = lend(&store, &eve.id, "creator", until).unwrap();
        let smaller = only(seats(2, licensed, 5));
        import(&store, smaller, (licensed < 2).then_some(2)).unwrap();
        assert_eq!(held(&store, "viewer"), (u64::from(licensed), 2, 1));
        portal.pass(DAY);
        let state = run_return(&store, &lent).unwrap();
        assert_eq!(return_state(&store, &lent).0, state);
        assert_recounted(&store);
        let (assigned, reserved) = if state == ReturnState::Done { (3, 0) } else { (2, 1) };
        assert_eq!(held(&store, "viewer"), (u64::from(licensed), assigned, reserved));
        state
    });
    assert_eq!(states, [ReturnState::Done, ReturnState::Due, ReturnState::Due]);
}

#[test]
fn taking_a_change_back_needs_a_seat_as_the_change_did() {
    let back = LICENSED.map(|licensed| {
        let house = House::new();
        let eve = register(&house.store, "eve", "viewer").unwrap();
        let moved = change(&house.store, &[(&eve.id, "creator")], &[]).unwrap();
        house.shrink(licensed);
        let answer = told(revert(&house.store, &moved));
        assert_eq!(member(&house.store, &eve.id).unwrap().user_type.as_str() == "viewer", answer.is_ok());
        assert_recounted(&house.store);
        answer
    });
    assert_eq!(back, [Ok(()), Err(Code::OneOverNeedsConsent), EXHAUSTED]);
}

#[test]
fn a_smaller_file_comes_in_with_the_number_of_people_that_it_locks_out_and_keeps_what_is_reserved() {
    let wanted = [(3, None), (2, None), (1, Some(2))];
    for (licensed, locked_out) in wanted {
        let house = House::new();
        invite(&house.store, "eve", "viewer").unwrap();
        let file = || only(seats(2, licensed, 5));
        let unasked = told(import(&house.store, file(), None));
        let expected = if locked_out.is_some() { Err(Code::ConfirmationMismatch) } else { Ok(()) };
        assert_eq!(unasked, expected, "{licensed}");
        if locked_out.is_some() {
            assert_eq!(import(&house.store, file(), locked_out), Ok(Installation::Installed));
        }
        assert_eq!(held(&house.store, "viewer"), (u64::from(licensed), 2, 1));
        assert_recounted(&house.store);
    }
}
