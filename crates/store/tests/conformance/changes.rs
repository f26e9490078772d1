//! Change sets as they are stored: members, counts, the plan, and the date of being over.

use errors::Code;
use rules::MemberId;
use store::{Member, Store};

use crate::harness::{
    Portal, assert_recounted, at, audit_count, change, code, count, member, register, type_count, user_type,
};

/// 2 of 2 Viewers, and 2 Creators of 2: the administrator and Dan.
fn full() -> (Portal, Store, Member, Member) {
    let (portal, store) = Portal::with_seats(2, 2);
    let ann = register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    let dan = register(&store, "dan", "creator").unwrap();
    (portal, store, ann, dan)
}

fn type_of(store: &Store, id: &MemberId) -> String {
    member(store, id).unwrap().user_type.to_string()
}

#[test]
fn a_swap_moves_both_and_no_count() {
    let (_portal, store, ann, dan) = full();
    let id = change(&store, &[(&ann.id, "creator"), (&dan.id, "viewer")], &[]).unwrap();
    assert_eq!((type_of(&store, &ann.id), type_of(&store, &dan.id)), ("creator".to_owned(), "viewer".to_owned()));
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((2, 2, 2), (2, 2, 1)));
    let after = member(&store, &ann.id).unwrap();
    let former = after.former.unwrap();
    assert_eq!((former.user_type, former.role, former.change), (user_type("viewer"), ann.role, id.clone()));
    assert_eq!(after.version, 2);
    let kept = store.read(|tx| tx.change(&id)).unwrap().unwrap();
    assert_eq!((kept.version, kept.reason.as_str(), kept.actor_name.as_str()), (5, "a test", "console"));
    assert_eq!(kept.plan.pointer("/members/0/former/user_type").unwrap(), "viewer");
    assert_eq!(store.read(|tx| tx.changes(None, 10)).unwrap(), [kept]);
    assert_recounted(&store);
}

#[test]
fn one_over_is_dated_and_ends_with_the_exchange() {
    let (portal, store, ann, dan) = full();
    assert_eq!(code(change(&store, &[(&dan.id, "viewer")], &[])), Code::OneOverNeedsConsent);
    portal.pass(60);
    change(&store, &[(&dan.id, "viewer")], &[("viewer", 3)]).unwrap();
    assert_eq!(type_count(&store, "viewer").over_since, Some(at("2026-12-15T12:01:00Z")));
    assert_eq!((count(&store, "viewer"), count(&store, "creator")), ((2, 3, 3), (2, 1, 0)));
    portal.pass(60);
    change(&store, &[(&ann.id, "creator")], &[]).unwrap();
    assert_eq!(type_count(&store, "viewer").over_since, None);
    assert_eq!(store.read(|tx| tx.changes(None, 1)).unwrap().len(), 1);
    let consents = store.read(|tx| tx.changes(None, 10)).unwrap().into_iter().map(|one| one.allow_one_over.to_string());
    assert_eq!(consents.collect::<Vec<_>>(), ["{}", "{\"viewer\":3}"]);
    assert_recounted(&store);
}

#[test]
fn a_refused_change_leaves_no_trace() {
    let (_portal, store, ann, _) = full();
    let version = audit_count(&store);
    assert_eq!(code(change(&store, &[(&ann.id, "creator")], &[("viewer", 1)])), Code::ConfirmationMismatch);
    assert_eq!((audit_count(&store), member(&store, &ann.id).unwrap()), (version, ann));
    assert_recounted(&store);
}

#[test]
fn a_change_of_a_member_that_is_gone_is_not_found() {
    let (_portal, store, ann, _) = full();
    crate::harness::delete(&store, &ann.id).unwrap();
    assert_eq!(code(change(&store, &[(&ann.id, "creator")], &[])), Code::NotFound);
}
