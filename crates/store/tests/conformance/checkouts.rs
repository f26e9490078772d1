//! Offline checkouts: the rows that a decision reads, and what a change set does to them.

use errors::Code;
use rules::MemberId;
use rules::change_set::{Act, Operation};
use rules::offline::{CheckoutFacts, CheckoutState};
use serde_json::json;
use store::{Store, StoredCheckout};

use crate::deeds::revert;
use crate::harness::{DAY, START, act, assert_recounted, at, audit_count, code, open, register};
use crate::products::{
    BASIC, EXTENSION, INSIGHTS, PRO, STANDARD, add_ons_of, after, applied, assign, check_out, come_home, house, ids,
    moving, product, start, unassign,
};

fn checkout(store: &Store, id: &str) -> StoredCheckout {
    store.read(|tx| tx.checkout(id)).unwrap().unwrap()
}

fn state(store: &Store, id: &str) -> CheckoutState {
    checkout(store, id).facts.state
}

#[test]
fn a_checkout_is_kept_with_its_lease_and_the_log_has_its_beginning_and_end() {
    let (portal, store, ann) = house();
    let rows = audit_count(&store);
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    let facts = CheckoutFacts {
        id: out.facts.id.clone(),
        device: "tablet".to_owned(),
        device_name: "TABLET".to_owned(),
        until: after(30 * DAY),
        state: CheckoutState::Out,
    };
    let expected = StoredCheckout {
        member: ann.clone(),
        product: product(PRO),
        facts,
        device_key: Some("key-of-tablet".to_owned()),
        lease: "lease-of-tablet".to_owned(),
        created_at: at(START),
    };
    assert!(out.facts.id.starts_with("out_") && out.facts.id.len() == 30, "{}", out.facts.id);
    let other = open(&portal);
    assert_eq!((&out, checkout(&other, &out.facts.id)), (&expected, expected.clone()));
    assert_eq!(other.read(|tx| tx.checkouts_of(&ann, &product(PRO))).unwrap(), [expected]);
    assert_eq!(other.read(|tx| tx.checkout("out_none")).unwrap(), None);
    assert_eq!(other.read(|tx| tx.last_used(&ann, &product(PRO))).unwrap(), Some(at(START)));
    come_home(&other, &out.facts.id, CheckoutState::Returned);
    let log = store.read(|tx| tx.audit(None, 2)).unwrap();
    let told: Vec<_> = log.iter().map(|row| (row.actor_name.as_str(), row.action.as_str(), &row.detail)).collect();
    let begin = json!({ "product": PRO, "computer": "TABLET", "until": after(30 * DAY).to_string() });
    let finish = json!({ "product": PRO, "member": ann.as_str(), "computer": "TABLET", "state": "returned" });
    assert_eq!(told, [("console", "checkout.end", &finish), ("ann", "checkout.begin", &begin)]);
    assert_eq!((audit_count(&store), state(&store, &out.facts.id)), (rows + 2, CheckoutState::Returned));
}

#[test]
fn one_computer_has_it_and_gets_it_again_and_another_waits_until_it_is_home() {
    let (portal, store, ann) = house();
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    portal.pass(60);
    let rows = audit_count(&store);
    assert_eq!((check_out(&store, &ann, PRO, "tablet"), audit_count(&store)), (Ok(out.clone()), rows));
    let refused = check_out(&store, &ann, PRO, "laptop").unwrap_err();
    assert_eq!((refused.code, &refused.facts["computer"]), (Code::OfflineElsewhere, &json!("TABLET")));
    assert_eq!(refused.facts["until"], json!(after(30 * DAY).to_string()));
    assert_eq!(code(start(&store, &ann, PRO, "laptop")), Code::OfflineElsewhere);
    start(&store, &ann, PRO, "tablet").unwrap();
    // Another member and another product are another matter.
    check_out(&store, &register(&store, "gil", "gis-pro-basic").unwrap().id, PRO, "laptop").unwrap();
    assign(&store, &ann, &[INSIGHTS]).unwrap();
    start(&store, &ann, INSIGHTS, "laptop").unwrap();
    come_home(&store, &out.facts.id, CheckoutState::Returned);
    start(&store, &ann, PRO, "laptop").unwrap();
    let next = check_out(&store, &ann, PRO, "laptop").unwrap();
    assert_eq!((next.facts.id == out.facts.id, next.facts.until), (false, after(30 * DAY + 60)));
}

#[test]
fn a_released_lease_frees_online_use_and_the_next_checkout_waits_for_its_end() {
    let (portal, store, ann) = house();
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    come_home(&store, &out.facts.id, CheckoutState::Released);
    start(&store, &ann, PRO, "laptop").unwrap();
    for device in ["laptop", "tablet"] {
        assert_eq!(code(check_out(&store, &ann, PRO, device)), Code::OfflineElsewhere, "{device}");
    }
    portal.pass(30 * DAY - 1);
    assert_eq!(code(check_out(&store, &ann, PRO, "laptop")), Code::OfflineElsewhere);
    portal.pass(1);
    let next = check_out(&store, &ann, PRO, "laptop").unwrap();
    assert_eq!(next.facts.until, after(60 * DAY));
    // The return code of a released lease is taken late, too, and what is home stays home.
    come_home(&store, &out.facts.id, CheckoutState::Returned);
    come_home(&store, &out.facts.id, CheckoutState::Released);
    assert_eq!(state(&store, &out.facts.id), CheckoutState::Returned);
}

#[test]
fn the_leases_of_others_are_counted_once_one_of_them_is_released() {
    let (portal, store, ann) = house();
    let bob = register(&store, "bob", "creator").unwrap().id;
    assign(&store, &bob, &[BASIC]).unwrap();
    let cat = register(&store, "cat", "creator").unwrap().id;
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    portal.pass(60);
    let later = check_out(&store, &bob, PRO, "laptop").unwrap();
    let counted = |but: &MemberId| store.read(|tx| tx.leases_beside_released(&product(PRO), but)).unwrap();
    assert_eq!(counted(&cat), []);
    come_home(&store, &out.facts.id, CheckoutState::Released);
    let (first, second) = ((out.facts.until, out.lease), (later.facts.until, later.lease));
    assert_eq!((counted(&cat), counted(&bob), counted(&ann)), (vec![first.clone(), second], vec![first], vec![]));
    assert_eq!(store.read(|tx| tx.leases_beside_released(&product(INSIGHTS), &cat)).unwrap(), []);
    portal.pass(30 * DAY - 60);
    assert_eq!(counted(&cat), [], "what has ended is on no computer");
}

#[test]
fn a_lease_that_ends_brings_the_checkout_home_by_itself() {
    let (portal, store, ann) = house();
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    portal.pass(30 * DAY - 1);
    let in_use = |store: &Store| store.read(|tx| Ok(tx.member_facts(&ann)?.row().in_use.checkouts.clone())).unwrap();
    let told: Vec<_> = in_use(&store).into_iter().map(|one| (one.product, one.device_name, one.until)).collect();
    assert_eq!(told, [(product(PRO), "TABLET".to_owned(), out.facts.until)]);
    portal.pass(1);
    assert_eq!(in_use(&store), []);
    start(&store, &ann, PRO, "laptop").unwrap();
    check_out(&store, &ann, PRO, "laptop").unwrap();
}

#[test]
fn a_computer_that_takes_it_and_gives_it_back_over_and_over_hides_nothing() {
    let (_portal, store, ann) = house();
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    for _ in 0..40 {
        come_home(&store, &out.facts.id, CheckoutState::Returned);
        let again = check_out(&store, &ann, PRO, "laptop").unwrap();
        assert_eq!(code(check_out(&store, &ann, PRO, "tablet")), Code::OfflineElsewhere);
        come_home(&store, &again.facts.id, CheckoutState::Returned);
    }
    let last = check_out(&store, &ann, PRO, "tablet").unwrap();
    let known = store.read(|tx| tx.checkouts_of(&ann, &product(PRO))).unwrap();
    assert_eq!((known.len(), known.first()), (20, Some(&last)));
}

#[test]
fn a_change_that_takes_the_licence_waits_for_the_checkout_or_releases_it() {
    let (portal, store, ann) = house();
    assign(&store, &ann, &[INSIGHTS]).unwrap();
    let out = check_out(&store, &ann, PRO, "tablet").unwrap();
    for operation in [
        moving(&ann, &[], &[BASIC]),
        moving(&ann, &[STANDARD], &[BASIC]),
        moving(&ann, &[EXTENSION], &[]),
        Operation::act(ann.clone(), Act::Archive),
        Operation::act(ann.clone(), Act::Delete),
    ] {
        let refused = applied(&store, vec![operation]).unwrap_err();
        assert_eq!((refused.code, &refused.facts["computer"]), (Code::CheckedOut, &json!("TABLET")));
    }
    unassign(&store, &ann, &[INSIGHTS]).unwrap();
    assert_eq!(state(&store, &out.facts.id), CheckoutState::Out);
    portal.pass(60);
    let released = Operation { release_checkouts: true, ..moving(&ann, &[], &[BASIC]) };
    let change = applied(&store, vec![released]).unwrap();
    let plan = store.read(|tx| tx.change(&change)).unwrap().unwrap().plan;
    assert_eq!(plan["members"][0]["releases"], json!([PRO]));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!(row.detail["moves"][0]["released_checkouts_of"], json!([PRO]), "the log tells it too");
    assert_eq!((state(&store, &out.facts.id), add_ons_of(&store, &ann)), (CheckoutState::Released, ids(&[])));
    // Taken back, the licence is there again; the lease stays released.
    revert(&store, &change).unwrap();
    assert_eq!((state(&store, &out.facts.id), add_ons_of(&store, &ann)), (CheckoutState::Released, ids(&[BASIC])));
    start(&store, &ann, PRO, "laptop").unwrap();
    assert_eq!(code(check_out(&store, &ann, PRO, "laptop")), Code::OfflineElsewhere);
    assert_recounted(&store);
}

#[test]
fn a_lease_outlives_its_member_and_an_archived_one_keeps_it_released() {
    let (_portal, store, ann) = house();
    let gil = register(&store, "gil", "gis-pro-basic").unwrap().id;
    let [of_ann, of_gil] = [&ann, &gil].map(|who| check_out(&store, who, PRO, "tablet").unwrap());
    let let_go = |who: &MemberId, what| Operation { release_checkouts: true, ..Operation::act(who.clone(), what) };
    applied(&store, vec![let_go(&ann, Act::Archive), let_go(&gil, Act::Delete)]).unwrap();
    for out in [&of_ann, &of_gil] {
        let kept = checkout(&store, &out.facts.id);
        assert_eq!((kept.facts.state, kept.facts.until), (CheckoutState::Released, after(30 * DAY)));
    }
    act(&store, &ann, Act::Restore).unwrap();
    assign(&store, &ann, &[BASIC]).unwrap();
    start(&store, &ann, PRO, "laptop").unwrap();
    assert_eq!(code(check_out(&store, &ann, PRO, "laptop")), Code::OfflineElsewhere);
}
