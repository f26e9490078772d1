//! Two at once at what products have one of: exactly one gets it, through one handle and through two on the same folder.

use errors::Code;
use rules::MemberId;
use rules::offline::CheckoutState;
use rules::session::Cause;
use store::Store;

use crate::harness::{assert_recounted, open, register};
use crate::products::{
    BASIC, PRO, add_on, add_ons_of, ask, assign, check_out, come_home, end, ids, licensed, product, start, tally,
    unassign,
};
use crate::races::{REPETITIONS, at_once, one_of};

/// Ann and Bob, two Creators, of whom Ann has ArcGIS Pro, and one licence more.
fn races(race: impl Fn(&[Store; 2], [MemberId; 2])) {
    for has_two in [false, true] {
        let (portal, store) = licensed(&[add_on(BASIC, 2)]);
        let other = if has_two { open(&portal) } else { store.clone() };
        let [ann, bob] = ["ann", "bob"].map(|name| register(&store, name, "creator").unwrap().id);
        assign(&store, &ann, &[BASIC]).unwrap();
        race(&[store.clone(), other], [ann, bob]);
        assert_recounted(&store);
    }
}

fn running(store: &Store, whom: &MemberId) -> Vec<String> {
    let sessions = store.read(|tx| tx.sessions_of(whom, &product(PRO))).unwrap();
    sessions.into_iter().filter(|one| one.ended.is_none()).map(|one| one.id).collect()
}

#[test]
fn of_two_assignments_of_the_last_licence_one_is_made() {
    races(|handles, [_, bob]| {
        let each = [bob, register(&handles[0], "cat", "creator").unwrap().id];
        for _ in 0..REPETITIONS {
            let whom = each.clone();
            let outcomes = at_once(handles, move |store, number| assign(store, whom.get(number).unwrap(), &[BASIC]));
            let (who, _, refused) = one_of(outcomes);
            assert_eq!((refused, tally(&handles[1], BASIC)), (Code::AddOnLimitReached, (2, 2, None)));
            assert_eq!(add_ons_of(&handles[0], each.get(1 - who).unwrap()), ids(&[]));
            unassign(&handles[1], each.get(who).unwrap(), &[BASIC]).unwrap();
        }
    });
}

#[test]
fn of_two_computers_at_the_last_of_three_places_one_begins() {
    races(|handles, [ann, _]| {
        for device in ["desk", "laptop"] {
            start(&handles[0], &ann, PRO, device).unwrap();
        }
        for _ in 0..REPETITIONS {
            let whom = ann.clone();
            let outcomes =
                at_once(handles, move |store, number| start(store, &whom, PRO, &format!("computer-{number}")));
            let (_, begun, refused) = one_of(outcomes);
            assert_eq!((refused, running(&handles[0], &ann).len()), (Code::SessionLimitReached, 3));
            end(&handles[1], &begun.id, Cause::Member);
        }
    });
}

#[test]
fn one_request_that_comes_twice_begins_one_session() {
    races(|handles, [ann, _]| {
        for round in 0..REPETITIONS {
            let whom = ann.clone();
            let outcomes =
                at_once(handles, move |store, _| ask(store, &whom, PRO, ("desk", &format!("request-{round}"))));
            let ids: Vec<String> = outcomes.into_iter().map(|one| one.unwrap().id).collect();
            assert_eq!((&ids[0], running(&handles[1], &ann)), (&ids[1], vec![ids[0].clone()]));
        }
    });
}

#[test]
fn of_two_computers_that_take_a_product_offline_one_gets_the_lease() {
    races(|handles, [ann, _]| {
        for _ in 0..REPETITIONS {
            let whom = ann.clone();
            let outcomes =
                at_once(handles, move |store, number| check_out(store, &whom, PRO, &format!("computer-{number}")));
            let (who, out, refused) = one_of(outcomes);
            assert_eq!((refused, out.facts.device), (Code::OfflineElsewhere, format!("computer-{who}")));
            let known = handles[1].read(|tx| tx.checkouts_of(&ann, &product(PRO))).unwrap();
            let running = known.iter().filter(|one| one.facts.state == CheckoutState::Out).count();
            assert_eq!(running, 1);
            come_home(&handles[1], &out.facts.id, CheckoutState::Returned);
        }
    });
}

#[test]
fn of_a_checkout_and_a_session_elsewhere_the_checkout_wins_or_comes_second() {
    races(|handles, [ann, _]| {
        for _ in 0..REPETITIONS {
            let whom = ann.clone();
            let outcomes = at_once(handles, move |store, number| match number {
                0 => check_out(store, &whom, PRO, "tablet").map(|out| out.facts.id),
                _ => start(store, &whom, PRO, "desk").map(|session| session.id),
            });
            let [out, session] = <[_; 2]>::try_from(outcomes).unwrap();
            // A session that was there first runs on; one that comes after the lease is refused.
            assert!(session.as_ref().map_or_else(|failure| failure.code == Code::OfflineElsewhere, |_| true));
            session.iter().for_each(|id| end(&handles[0], id, Cause::Member));
            come_home(&handles[1], &out.unwrap(), CheckoutState::Returned);
        }
    });
}

#[test]
fn of_an_unassignment_and_a_checkout_one_waits_for_the_other() {
    races(|handles, [ann, _]| {
        for _ in 0..REPETITIONS {
            let whom = ann.clone();
            let outcomes = at_once(handles, move |store, number| match number {
                0 => unassign(store, &whom, &[BASIC]).map(|_| None),
                _ => check_out(store, &whom, PRO, "tablet").map(|out| Some(out.facts.id)),
            });
            let (_, out, refused) = one_of(outcomes);
            match out {
                Some(id) => {
                    assert_eq!((refused, add_ons_of(&handles[1], &ann)), (Code::CheckedOut, ids(&[BASIC])));
                    come_home(&handles[1], &id, CheckoutState::Returned);
                }
                None => {
                    assert_eq!((refused, add_ons_of(&handles[1], &ann)), (Code::NotLicensed, ids(&[])));
                    assign(&handles[1], &ann, &[BASIC]).unwrap();
                }
            }
        }
    });
}
