//! A block of products that began under a clock on trial.

use entitlement::Moment;
use store::Store;

use crate::harness::{DAY, import, only, register};
use crate::products::{BASIC, PRO, add_on, assign, licensed, renew, start, with_add_ons};

fn blocked_since(store: &Store) -> Option<Moment> {
    store.read(|tx| tx.blocked_since()).unwrap()
}

#[test]
fn a_session_does_not_evade_the_block_because_the_clock_was_wrong_when_it_began() {
    let (portal, store) = licensed(&[add_on(BASIC, 2)]);
    let people: Vec<_> = ["ann", "bob"].iter().map(|name| register(&store, name, "creator").unwrap()).collect();
    for one in &people {
        assign(&store, &one.id, &[BASIC]).unwrap();
    }
    let session = start(&store, &people[0].id, PRO, "pc").unwrap();
    portal.set_wall(366 * DAY);
    import(&store, only(with_add_ons(3, &[add_on(BASIC, 1)])), None).unwrap();
    portal.set_wall(0);
    let since = blocked_since(&store);
    let mut outcome = renew(&store, &session.id);
    for _ in 0..12 {
        portal.pass(600);
        outcome = renew(&store, &session.id);
    }
    assert!(outcome.is_err(), "blocked since {since:?}, and still renewed after two hours: {outcome:?}");
}
