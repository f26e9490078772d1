//! Labels, filters and who was here: what lists of members show.

use std::collections::{BTreeMap, BTreeSet};

use errors::Code;
use rules::change_set::Act;
use rules::{Actor, MemberId, MemberState};
use serde_json::json;
use store::{LabelKind, Labels, Member, MemberFilter, Store, TokenHash};

use crate::deeds::archived;
use crate::harness::{
    DAY, Portal, START, act, assert_recounted, at, audit_count, code, delete, member, open, register, role, user_type,
    write,
};

fn set_of(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn label(store: &Store, id: &MemberId, kind: LabelKind, names: &[&str]) {
    let (id, names) = (id.clone(), set_of(names));
    write(store, move |tx| tx.set_labels(&Actor::console(), &id, kind, &names)).unwrap();
}

fn labels(store: &Store, id: &MemberId) -> Labels {
    store.read(|tx| tx.labels(id)).unwrap()
}

fn found(store: &Store, filter: &MemberFilter) -> Vec<String> {
    let page = store.read(|tx| tx.members(filter, None, 100)).unwrap();
    page.items.into_iter().map(|one| one.username).collect()
}

fn any() -> MemberFilter {
    MemberFilter::default()
}

fn sign_in(store: &Store, one: &Member, until: i64) {
    let (id, hash) = (one.id.clone(), TokenHash::of(one.username.as_bytes()));
    let decision = move |tx: &store::WriteTx<'_>| {
        let actor = tx.actor(&id)?;
        tx.record_sign_in(&actor, &id)?;
        tx.open_token(&actor, &hash, &id, tx.now().plus_seconds(until))
    };
    write(store, decision).unwrap();
}

#[test]
fn labels_of_one_kind_are_set_together_and_leave_the_other_kind_alone() {
    let (portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    let bob = register(&store, "bob", "viewer").unwrap();
    label(&store, &ann.id, LabelKind::Group, &["North", "South"]);
    label(&store, &ann.id, LabelKind::Category, &["North"]);
    label(&store, &bob.id, LabelKind::Group, &["South"]);
    portal.pass(60);
    label(&store, &ann.id, LabelKind::Group, &["South", "O'Neil \"%\""]);
    let expected = Labels { groups: set_of(&["South", "O'Neil \"%\""]), categories: set_of(&["North"]) };
    assert_eq!(labels(&open(&portal), &ann.id), expected);
    let used = store.read(|tx| tx.label_use(LabelKind::Group)).unwrap();
    assert_eq!(used, BTreeMap::from([("O'Neil \"%\"".to_owned(), 1), ("South".to_owned(), 2)]));
    let row = member(&store, &ann.id).unwrap();
    assert_eq!((row.version, row.changed_at), (4, at("2026-12-15T12:01:00Z")));
    let version = audit_count(&store);
    label(&store, &ann.id, LabelKind::Group, &["South", "O'Neil \"%\""]);
    assert_eq!((audit_count(&store), member(&store, &ann.id).unwrap().version), (version, 4));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    let detail = json!({ "group": { "before": ["North", "South"], "after": ["O'Neil \"%\"", "South"] } });
    assert_eq!((row.action.as_str(), row.detail), ("member.update", detail));
}

#[test]
fn labels_end_with_their_member_and_outlast_an_archiving() {
    let (_portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    label(&store, &ann.id, LabelKind::Group, &["North"]);
    act(&store, &ann.id, Act::Archive).unwrap();
    act(&store, &ann.id, Act::Restore).unwrap();
    assert_eq!(labels(&store, &ann.id).groups, set_of(&["North"]));
    delete(&store, &ann.id).unwrap();
    assert_eq!(store.read(|tx| tx.label_use(LabelKind::Group)).unwrap(), BTreeMap::new());
    let id = ann.id.clone();
    let gone = write(&store, move |tx| tx.set_labels(&Actor::console(), &id, LabelKind::Group, &BTreeSet::new()));
    assert_eq!(code(gone), Code::NotFound);
    assert_eq!(labels(&store, &ann.id), Labels::default());
}

#[test]
fn vendor_access_is_opened_and_closed_and_told_once() {
    let (_portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    let set = |open: bool| {
        let id = ann.id.clone();
        write(&store, move |tx| tx.set_vendor_access(&Actor::console(), &id, open))
    };
    let version = audit_count(&store);
    assert_eq!(set(false), Ok(()));
    assert_eq!((member(&store, &ann.id).unwrap(), audit_count(&store)), (ann.clone(), version));
    set(true).unwrap();
    set(true).unwrap();
    assert_eq!((member(&store, &ann.id).unwrap().vendor_access, audit_count(&store)), (true, version + 1));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!(row.detail, json!({ "vendor_access": { "before": false, "after": true } }));
    set(false).unwrap();
    assert!(!member(&store, &ann.id).unwrap().vendor_access);
    delete(&store, &ann.id).unwrap();
    assert_eq!(code(set(true)), Code::NotFound);
}

#[test]
fn a_list_is_narrowed_by_group_category_and_state_in_any_combination() {
    let (_portal, store) = Portal::activated();
    let [ann, bob, cleo] = ["ann", "bob", "cleo"].map(|name| register(&store, name, "viewer").unwrap().id);
    let dan = register(&store, "dan", "creator").unwrap().id;
    let eve = archived(&store, "eve", "viewer").id;
    let fay = archived(&store, "fay", "creator").id;
    for (id, groups, categories) in [
        (&ann, &["North"][..], &["Interns"][..]),
        (&bob, &["North", "South"], &[]),
        (&cleo, &[], &["North"]),
        (&dan, &["South"], &["Interns"]),
        (&eve, &["North"], &[]),
        (&fay, &["North"], &["Interns"]),
    ] {
        label(&store, id, LabelKind::Group, groups);
        label(&store, id, LabelKind::Category, categories);
    }
    act(&store, &bob, Act::Disable).unwrap();
    let group = |name: &str| MemberFilter { group: Some(name.to_owned()), ..any() };
    let category = |name: &str| MemberFilter { category: Some(name.to_owned()), ..any() };
    let state = |state, filter: MemberFilter| MemberFilter { state: Some(state), ..filter };
    let of_type = |id: &str, filter: MemberFilter| MemberFilter { user_type: Some(user_type(id)), ..filter };
    let away = MemberState::Archived;
    for (filter, expected) in [
        (any(), &["admin", "ann", "bob", "cleo", "dan"][..]),
        (group("North"), &["ann", "bob"]),
        (category("North"), &["cleo"]),
        (category("Interns"), &["ann", "dan"]),
        (MemberFilter { category: Some("Interns".into()), ..group("South") }, &["dan"]),
        (state(MemberState::Disabled, group("North")), &["bob"]),
        (state(MemberState::Enabled, group("North")), &["ann"]),
        (state(away, any()), &["eve", "fay"]),
        (state(away, group("North")), &["eve", "fay"]),
        (state(away, of_type("viewer", any())), &["eve"]),
        (state(away, of_type("creator", category("Interns"))), &["fay"]),
        (of_type("viewer", any()), &["ann", "bob", "cleo"]),
        (of_type("viewer", group("South")), &["bob"]),
        (state(away, MemberFilter { role: Some(role("administrator")), ..any() }), &[]),
        (state(away, MemberFilter { text: Some("EV".into()), ..any() }), &["eve"]),
        (group("north"), &[]),
    ] {
        assert_eq!(found(&store, &filter), expected, "{filter:?}");
    }
    assert_recounted(&store);
}

#[test]
fn archived_members_are_listed_page_by_page() {
    let (_portal, store) = Portal::activated();
    for name in ["ann", "bob", "cleo", "dan", "eve"] {
        archived(&store, name, "viewer");
        register(&store, &format!("{name}-2"), "viewer").unwrap();
    }
    for of in [None, Some(user_type("viewer"))] {
        let filter = MemberFilter { state: Some(MemberState::Archived), user_type: of, ..any() };
        let (mut cursor, mut pages) = (None, Vec::new());
        loop {
            let page = store.read(|tx| tx.members(&filter, cursor.as_deref(), 2)).unwrap();
            pages.push(page.items.into_iter().map(|one| one.username).collect::<Vec<_>>());
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(pages, [vec!["ann", "bob"], vec!["cleo", "dan"], vec!["eve"]]);
    }
}

#[test]
fn who_has_not_signed_in_since_counts_from_the_registration_where_there_was_no_sign_in() {
    let (portal, store) = Portal::activated();
    let ann = register(&store, "ann", "viewer").unwrap();
    register(&store, "bob", "viewer").unwrap();
    portal.pass(DAY);
    register(&store, "cleo", "viewer").unwrap();
    sign_in(&store, &ann, DAY);
    let since = |text: &str| MemberFilter {
        not_signed_in_since: Some(at(text)),
        user_type: Some(user_type("viewer")),
        ..any()
    };
    assert_eq!(found(&store, &since(START)), Vec::<String>::new());
    assert_eq!(found(&store, &since("2026-12-15T12:00:01Z")), ["bob"]);
    assert_eq!(found(&store, &since("2026-12-16T12:00:00Z")), ["bob"]);
    assert_eq!(found(&store, &since("2026-12-16T12:00:01Z")), ["ann", "bob", "cleo"]);
}

#[test]
fn those_come_first_who_have_not_signed_in_for_the_longest_time() {
    let (portal, store) = Portal::activated();
    let [ann, bob, cleo, dan] = ["ann", "bob", "cleo", "dan"].map(|name| register(&store, name, "viewer").unwrap());
    portal.pass(DAY);
    sign_in(&store, &ann, DAY);
    portal.pass(DAY);
    sign_in(&store, &bob, DAY);
    // New, and so has not been away for long.
    register(&store, "eve", "viewer").unwrap();
    archived(&store, "fay", "viewer");
    act(&store, &dan.id, Act::Disable).unwrap();
    let least = |limit| {
        let all = store.read(|tx| tx.least_recent(&user_type("viewer"), &role("administrator"), limit)).unwrap();
        all.into_iter().map(|one| one.username).collect::<Vec<_>>()
    };
    assert_eq!(least(9), ["cleo", "ann", "bob", "eve"]);
    assert_eq!(least(2), ["cleo", "ann"]);
    portal.pass(DAY);
    sign_in(&store, &cleo, DAY);
    assert_eq!(least(9), ["ann", "bob", "eve", "cleo"]);
    let creators = store.read(|tx| tx.least_recent(&user_type("creator"), &role("administrator"), 9)).unwrap();
    assert_eq!(creators, []);
}

#[test]
fn the_signed_in_are_counted_once_each_while_a_token_of_theirs_lives() {
    let (portal, store) = Portal::activated();
    let [ann, bob, cleo, dan] = ["ann", "bob", "cleo", "dan"].map(|name| register(&store, name, "viewer").unwrap());
    let admin = store.read(|tx| tx.member_by_username("admin")).unwrap().unwrap();
    let now = |type_id: &str| store.read(|tx| tx.signed_in_now(&user_type(type_id), &role("administrator"))).unwrap();
    assert_eq!((now("viewer"), now("creator")), (0, 0));
    for (one, until) in [(&ann, 60), (&bob, 120), (&cleo, 120), (&dan, 120), (&admin, 120)] {
        sign_in(&store, one, until);
    }
    let (id, second) = (bob.id.clone(), TokenHash::of(b"another device"));
    write(&store, move |tx| tx.open_token(&tx.actor(&id)?, &second, &id, tx.now().plus_seconds(120))).unwrap();
    assert_eq!((now("viewer"), now("creator")), (4, 0));
    act(&store, &cleo.id, Act::Disable).unwrap();
    act(&store, &dan.id, Act::Archive).unwrap();
    assert_eq!(now("viewer"), 2);
    portal.pass(60);
    assert_eq!(now("viewer"), 1);
    portal.pass(60);
    assert_eq!(now("viewer"), 0);
}
