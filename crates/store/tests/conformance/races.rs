//! Two at once at every door, through one handle and through two on the same folder: exactly one comes in.

use std::sync::{Arc, Barrier};
use std::thread;

use errors::{Code, Failure};
use rules::change_set::Act;
use store::{Installation, Member, ReturnState, Store};

use crate::deeds::{accept, archived, cancel, invite, lend, return_state, revoke, run_return};
use crate::harness::{
    DAY, Portal, START, act, assert_recounted, at, change, code, delete, held, import, only, open, register, seats,
};

pub const REPETITIONS: usize = 50;

/// Both threads begin at once; what each of them got.
pub fn at_once<T: Send + 'static>(
    handles: &[Store; 2],
    deed: impl Fn(&Store, usize) -> Result<T, Failure> + Send + Sync + 'static,
) -> Vec<Result<T, Failure>> {
    let (start, deed) = (Arc::new(Barrier::new(2)), Arc::new(deed));
    let racers: Vec<_> = handles
        .iter()
        .cloned()
        .enumerate()
        .map(|(number, store)| {
            let (start, deed) = (Arc::clone(&start), Arc::clone(&deed));
            thread::spawn(move || {
                start.wait();
                deed(&store, number)
            })
        })
        .collect();
    racers.into_iter().map(|racer| racer.join().unwrap()).collect()
}

/// Who of the two came in, and why the other did not.
pub fn one_of<T: std::fmt::Debug>(outcomes: Vec<Result<T, Failure>>) -> (usize, T, Code) {
    let (mut admitted, mut refused) = (Vec::new(), Vec::new());
    for (number, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(value) => admitted.push((number, value)),
            Err(failure) => refused.push(failure.code),
        }
    }
    assert_eq!((admitted.len(), refused.len()), (1, 1), "{admitted:?} {refused:?}");
    let (number, value) = admitted.pop().unwrap();
    (number, value, refused.pop().unwrap())
}

/// Runs the race on one handle twice, and on two handles.
fn races(race: impl Fn(&Portal, &[Store; 2])) {
    for has_two in [false, true] {
        let (portal, store) = Portal::with_seats(3, 5);
        let other = if has_two { open(&portal) } else { store.clone() };
        register(&store, "ann", "viewer").unwrap();
        register(&store, "bob", "viewer").unwrap();
        race(&portal, &[store.clone(), other]);
        assert_recounted(&store);
    }
}

const FULL: (u64, u64, u64) = (3, 3, 0);
const ONE_LEFT: (u64, u64, u64) = (3, 2, 0);

#[test]
fn of_two_registrations_at_the_last_seat_one_is_admitted() {
    races(|_, handles| {
        for _ in 0..REPETITIONS {
            let outcomes = at_once(handles, |store, number| register(store, &format!("racer-{number}"), "viewer"));
            let (_, eve, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[0], "viewer")), (Code::SeatLimitReached, FULL));
            delete(&handles[0], &eve.id).unwrap();
        }
    });
}

#[test]
fn of_two_invitations_at_the_last_seat_one_is_sent() {
    races(|_, handles| {
        for _ in 0..REPETITIONS {
            let (_, sent, refused) = one_of(at_once(handles, |store, _| invite(store, "eve", "viewer")));
            assert_eq!((refused, held(&handles[1], "viewer")), (Code::SeatLimitReached, (3, 2, 1)));
            revoke(&handles[1], &sent.id).unwrap();
        }
    });
}

#[test]
fn of_an_invitation_and_a_registration_at_the_last_seat_one_gets_it() {
    races(|_, handles| {
        for _ in 0..REPETITIONS {
            let outcomes = at_once(handles, |store, number| match number {
                0 => invite(store, "eve", "viewer").map(|sent| sent.id.to_string()),
                _ => register(store, "eve", "viewer").map(|member| member.id.to_string()),
            });
            let (who, id, refused) = one_of(outcomes);
            assert_eq!(refused, Code::SeatLimitReached);
            let (_, assigned, reserved) = held(&handles[0], "viewer");
            assert_eq!((assigned, reserved), if who == 0 { (2, 1) } else { (3, 0) });
            match who {
                0 => revoke(&handles[0], &id.parse().unwrap()).unwrap(),
                _ => delete(&handles[0], &id.parse().unwrap()).unwrap(),
            }
        }
    });
}

#[test]
fn one_invitation_is_accepted_once() {
    races(|_, handles| {
        for _ in 0..REPETITIONS {
            let id = invite(&handles[0], "eve", "viewer").unwrap().id;
            let outcomes = at_once(handles, move |store, number| accept(store, &id, &format!("eve-{number}")));
            let (_, eve, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[0], "viewer")), (Code::InvitationEnded, FULL));
            delete(&handles[0], &eve.id).unwrap();
        }
    });
}

#[test]
fn of_an_acceptance_and_a_revocation_of_one_invitation_one_happens() {
    races(|_, handles| {
        for _ in 0..REPETITIONS {
            let id = invite(&handles[0], "eve", "viewer").unwrap().id;
            let outcomes = at_once(handles, move |store, number| match number {
                0 => accept(store, &id, "eve").map(Some),
                _ => revoke(store, &id).map(|()| None),
            });
            let (_, eve, refused) = one_of(outcomes);
            let expected = if eve.is_some() { FULL } else { ONE_LEFT };
            assert_eq!((refused, held(&handles[1], "viewer")), (Code::InvitationEnded, expected));
            eve.iter().for_each(|eve: &Member| delete(&handles[0], &eve.id).unwrap());
        }
    });
}

#[test]
fn of_two_invitations_that_a_smaller_file_left_one_seat_one_is_accepted() {
    races(|_, handles| {
        let store = &handles[0];
        for round in 0..10 {
            import(store, only(seats(2 + 2 * round, 4, 5)), None).unwrap();
            let ids = ["eve", "fay"].map(|name| invite(store, name, "viewer").unwrap().id);
            import(store, only(seats(3 + 2 * round, 3, 5)), None).unwrap();
            let sent = ids.clone();
            let outcomes = at_once(handles, move |store, number| {
                accept(store, sent.get(number).unwrap(), &format!("eve-{number}"))
            });
            let (who, eve, refused) = one_of(outcomes);
            assert_eq!((refused, held(store, "viewer")), (Code::CreationBlocked, (3, 3, 1)));
            delete(store, &eve.id).unwrap();
            revoke(store, ids.get(1 - who).unwrap()).unwrap();
        }
    });
}

#[test]
fn of_two_restorations_at_the_last_seat_one_is_admitted() {
    races(|_, handles| {
        let ids = ["eve", "fay"].map(|name| archived(&handles[0], name, "viewer").id);
        for _ in 0..REPETITIONS {
            let each = ids.clone();
            let outcomes = at_once(handles, move |store, number| act(store, each.get(number).unwrap(), Act::Restore));
            let (who, _, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[1], "viewer")), (Code::SeatLimitReached, FULL));
            act(&handles[1], ids.get(who).unwrap(), Act::Archive).unwrap();
        }
    });
}

#[test]
fn of_two_moves_to_the_last_seat_one_is_made() {
    races(|_, handles| {
        let ids = ["eve", "fay"].map(|name| register(&handles[0], name, "creator").unwrap().id);
        for _ in 0..REPETITIONS {
            let each = ids.clone();
            let outcomes =
                at_once(handles, move |store, number| change(store, &[(each.get(number).unwrap(), "viewer")], &[]));
            let (who, _, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[0], "viewer")), (Code::OneOverNeedsConsent, FULL));
            change(&handles[1], &[(ids.get(who).unwrap(), "creator")], &[]).unwrap();
        }
    });
}

#[test]
fn of_two_moves_one_over_with_the_same_consent_one_is_made() {
    races(|_, handles| {
        register(&handles[0], "cat", "viewer").unwrap();
        let ids = ["eve", "fay"].map(|name| register(&handles[0], name, "creator").unwrap().id);
        for _ in 0..REPETITIONS {
            let each = ids.clone();
            let outcomes = at_once(handles, move |store, number| {
                change(store, &[(each.get(number).unwrap(), "viewer")], &[("viewer", 4)])
            });
            let (who, _, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[1], "viewer")), (Code::OneOverExhausted, (3, 4, 0)));
            change(&handles[0], &[(ids.get(who).unwrap(), "creator")], &[]).unwrap();
        }
    });
}

#[test]
fn of_two_exchanges_with_the_same_member_at_the_limit_one_is_made() {
    races(|_, handles| {
        let cat = register(&handles[0], "cat", "viewer").unwrap().id;
        let ids = ["eve", "fay"].map(|name| register(&handles[0], name, "creator").unwrap().id);
        for _ in 0..REPETITIONS {
            let (each, with) = (ids.clone(), cat.clone());
            let outcomes = at_once(handles, move |store, number| {
                change(store, &[(&with, "creator"), (each.get(number).unwrap(), "viewer")], &[])
            });
            let (who, _, refused) = one_of(outcomes);
            assert_eq!((refused, held(&handles[0], "viewer")), (Code::OneOverNeedsConsent, FULL));
            change(&handles[1], &[(&cat, "viewer"), (ids.get(who).unwrap(), "creator")], &[]).unwrap();
        }
    });
}

#[test]
fn two_returns_to_one_seat_wait_for_each_other_until_one_is_given_up() {
    races(|portal, handles| {
        let store = &handles[0];
        import(store, only(seats(2, 4, 5)), None).unwrap();
        let ids = ["eve", "fay"].map(|name| register(store, name, "viewer").unwrap().id);
        let until = at(START).plus_seconds(DAY);
        let lent = [&ids[0], &ids[1]].map(|id| lend(store, id, "creator", until).unwrap());
        import(store, only(seats(3, 3, 5)), None).unwrap();
        portal.pass(DAY);
        let due = lent.clone();
        let outcomes = at_once(handles, move |store, number| run_return(store, due.get(number).unwrap()));
        // Each finds the seat kept for the other: what is reserved counts against every move in.
        assert_eq!(outcomes, [Ok(ReturnState::Due), Ok(ReturnState::Due)]);
        assert_eq!(held(store, "viewer"), (3, 2, 2));
        cancel(store, &lent[0]).unwrap();
        assert_eq!((run_return(store, &lent[1]), held(store, "viewer")), (Ok(ReturnState::Done), FULL));
    });
}

#[test]
fn of_a_return_that_is_due_and_its_cancellation_one_happens() {
    races(|portal, handles| {
        let eve = register(&handles[0], "eve", "viewer").unwrap().id;
        for _ in 0..REPETITIONS {
            let until = handles[0].read(|tx| Ok(tx.now())).unwrap().plus_seconds(60);
            let lent = lend(&handles[0], &eve, "creator", until).unwrap();
            portal.pass(60);
            let id = lent.clone();
            let outcomes = at_once(handles, move |store, number| match number {
                0 => run_return(store, &id).map(|_| ()),
                _ => cancel(store, &id),
            });
            let (who, (), refused) = one_of(outcomes);
            assert_eq!(refused, Code::NothingPlanned);
            let expected = if who == 0 { (ReturnState::Done, FULL) } else { (ReturnState::Cancelled, ONE_LEFT) };
            assert_eq!((return_state(&handles[1], &lent).0, held(&handles[1], "viewer")), expected);
            if who == 1 {
                change(&handles[1], &[(&eve, "viewer")], &[]).unwrap();
            }
        }
    });
}

#[test]
fn one_return_that_two_programs_find_due_happens_once() {
    races(|portal, handles| {
        let eve = register(&handles[0], "eve", "viewer").unwrap().id;
        for round in 1..=REPETITIONS {
            let until = at(START).plus_seconds(60 * i64::try_from(round).unwrap());
            let lent = lend(&handles[0], &eve, "creator", until).unwrap();
            portal.pass(60);
            let outcomes = at_once(handles, move |store, _| run_return(store, &lent));
            let (_, state, refused) = one_of(outcomes);
            assert_eq!((state, refused), (ReturnState::Done, Code::NothingPlanned));
            assert_eq!(held(&handles[1], "viewer"), FULL);
        }
    });
}

#[test]
fn of_two_files_of_one_number_one_is_installed_and_the_same_file_changes_nothing_the_second_time() {
    races(|_, handles| {
        for round in 1..=10 {
            let outcomes = at_once(handles, move |store, number| {
                import(store, only(seats(2 * round, 3, 4 + u32::try_from(number).unwrap())), None)
            });
            let (_, installed, refused) = one_of(outcomes);
            assert_eq!((installed, refused), (Installation::Installed, Code::LicenseReused));
            let same = at_once(handles, move |store, _| import(store, only(seats(2 * round + 1, 3, 5)), None));
            let unchanged = same.iter().filter(|one| **one == Ok(Installation::Unchanged)).count();
            assert_eq!((unchanged, same.iter().filter(|one| one.is_err()).count()), (1, 0));
        }
    });
}

#[test]
fn of_a_smaller_file_and_a_registration_each_sees_the_other_or_comes_first() {
    races(|_, handles| {
        for round in 0..10 {
            import(&handles[0], only(seats(2 + 2 * round, 3, 5)), None).unwrap();
            let outcomes = at_once(handles, move |store, number| match number {
                0 => import(store, only(seats(3 + 2 * round, 2, 5)), None).map(|_| None),
                _ => register(store, &format!("eve-{round}"), "viewer").map(Some),
            });
            let (_, eve, refused) = one_of(outcomes);
            let Some(eve) = eve else {
                assert_eq!((refused, held(&handles[1], "viewer")), (Code::SeatLimitReached, (2, 2, 0)));
                continue;
            };
            assert_eq!((refused, held(&handles[1], "viewer")), (Code::ConfirmationMismatch, FULL));
            assert_eq!(code(import(&handles[0], only(seats(3 + 2 * round, 2, 5)), None)), Code::ConfirmationMismatch);
            delete(&handles[0], &eve.id).unwrap();
            import(&handles[0], only(seats(3 + 2 * round, 2, 5)), None).unwrap();
        }
    });
}
