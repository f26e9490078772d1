//! The audit log as people look through it.

use rules::Actor;
use serde_json::json;
use store::{Action, AuditFilter, Store};

use crate::harness::{Portal, at, change, delete, register, write};

fn found(store: &Store, filter: &AuditFilter) -> Vec<u64> {
    let rows = store.read(|tx| tx.audit_where(filter, None, 100)).unwrap();
    let forward = store.read(|tx| tx.audit_after(filter, 0, 100)).unwrap();
    let mut back: Vec<u64> = forward.iter().map(|row| row.seq).collect();
    back.reverse();
    let numbers: Vec<u64> = rows.iter().map(|row| row.seq).collect();
    assert_eq!(numbers, back, "both directions find the same");
    numbers
}

/// 1 the activation; 2 ann, 3 bob; 4 both moved; 5 ann notes something; 6 bob deleted.
fn house() -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    let [ann, bob] = ["ann", "bob"].map(|name| {
        portal.pass(60);
        register(&store, name, "viewer").unwrap()
    });
    portal.pass(60);
    change(&store, &[(&ann.id, "creator"), (&bob.id, "creator")], &[]).unwrap();
    portal.pass(60);
    let by = ann.id.clone();
    write(&store, move |tx| tx.note(&tx.actor(&by)?, "100%_sure!", &json!({ "said": "a \"quoted\" Word" }))).unwrap();
    portal.pass(60);
    delete(&store, &bob.id).unwrap();
    (portal, store)
}

#[test]
fn each_filter_finds_its_rows_and_no_other() {
    let (_portal, store) = house();
    let id = |name: &str| store.read(|tx| tx.member_by_username(name)).unwrap().unwrap().id;
    let ann = id("ann");
    let none = AuditFilter::default;
    let text = |text: &str| AuditFilter { text: Some(text.to_owned()), ..none() };
    let actor = |actor: &str| AuditFilter { actor: Some(actor.to_owned()), ..none() };
    let from_to = |from: &str, to: &str| AuditFilter { from: Some(at(from)), to: Some(at(to)), ..none() };
    let gone = store.read(|tx| tx.audit_row(3)).unwrap().unwrap().target;
    for (filter, numbers) in [
        (none(), vec![6, 5, 4, 3, 2, 1]),
        (actor("ann"), vec![5]),
        (actor("ANN"), vec![5]),
        (actor(ann.as_str()), vec![5]),
        (actor("console"), vec![6, 4, 3, 2, 1]),
        (actor("an"), vec![]),
        (actor("%"), vec![]),
        (AuditFilter { action: Some(Action::MemberAdded), ..none() }, vec![3, 2]),
        (AuditFilter { action: Some(Action::Noted), ..none() }, vec![5]),
        (AuditFilter { target: Some("100%_sure!".to_owned()), ..none() }, vec![5]),
        (AuditFilter { target: Some("100".to_owned()), ..none() }, vec![]),
        // About a member are also changes that moved the member among others, and a member who is gone is found by id.
        (AuditFilter { member: Some(ann.clone()), ..none() }, vec![4, 2]),
        (AuditFilter { member: Some(gone.parse().unwrap()), ..none() }, vec![6, 4, 3]),
        (from_to("2026-12-15T12:01:00Z", "2026-12-15T12:03:00Z"), vec![3, 2]),
        (from_to("2026-12-15T12:05:01Z", "2027-01-01T00:00:00Z"), vec![]),
        (text("quoted"), vec![5]),
        (text("A \"QUOTED\" word"), vec![5]),
        (text("100%_sure!"), vec![5]),
        (text("100_"), vec![]),
        (text("%"), vec![5]),
        (text("bob"), vec![3]),
        (text("change.apply"), vec![6, 4]),
        (AuditFilter { action: Some(Action::MemberAdded), ..text("bob") }, vec![3]),
        (AuditFilter { action: Some(Action::Noted), ..text("bob") }, vec![]),
    ] {
        assert_eq!(found(&store, &filter), numbers, "{filter:?}");
    }
}

#[test]
fn pages_follow_one_another_in_both_directions_without_a_gap() {
    let (_portal, store) = house();
    let all = AuditFilter::default();
    let numbers = |rows: Vec<store::AuditRow>| rows.into_iter().map(|row| row.seq).collect::<Vec<_>>();
    let back = |before| numbers(store.read(|tx| tx.audit_where(&all, before, 4)).unwrap());
    assert_eq!((back(None), back(Some(3)), back(Some(1))), (vec![6, 5, 4, 3], vec![2, 1], vec![]));
    let forward = |after| numbers(store.read(|tx| tx.audit_after(&all, after, 4)).unwrap());
    assert_eq!((forward(0), forward(4), forward(6)), (vec![1, 2, 3, 4], vec![5, 6], vec![]));
    assert_eq!(store.read(|tx| tx.audit_row(7)).unwrap(), None);
}

#[test]
fn a_row_that_was_tampered_with_is_shown_as_it_is() {
    let (portal, store) = house();
    portal.tamper("UPDATE audit SET detail = 'no JSON' WHERE seq = 5");
    assert_eq!(store.read(|tx| tx.audit_row(5)).unwrap().unwrap().detail, json!("no JSON"));
    assert_eq!(found(&store, &AuditFilter::default()).len(), 6);
    // Whoever writes on writes on.
    write(&store, |tx| tx.note(&Actor::console(), "it", &json!({}))).unwrap();
}

#[test]
fn every_action_has_a_text_of_its_own_and_is_found_by_it() {
    let mut texts: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    assert!(Action::ALL.iter().all(|action| Action::from_text(action.as_str()) == Some(*action)));
    texts.sort_unstable();
    texts.dedup();
    assert_eq!((texts.len(), Action::from_text("no.such")), (Action::ALL.len(), None));
}
