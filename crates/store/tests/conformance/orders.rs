//! Every order of a list, forwards and backwards, page by page.

use errors::Code;
use rules::Actor;
use rules::change_set::Act;
use store::{MemberFilter, MemberOrder, MemberSort, Store, TokenHash};

use crate::deeds::archived;
use crate::harness::{DAY, Portal, act, code, register, user_type, write};

/// The user names of a list, read in pages of two, with no page that is empty but the last.
fn listed(store: &Store, by: MemberSort, descending: bool, filter: &MemberFilter) -> Vec<String> {
    let (mut cursor, mut all) = (None, Vec::new());
    loop {
        let order = MemberOrder { by, descending };
        let page = store.read(|tx| tx.members_in(order, filter, cursor.as_deref(), 2)).unwrap();
        all.extend(page.items.into_iter().map(|one| one.username));
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn name(store: &Store, username: &str, full_name: &str) {
    let (username, full_name) = (username.to_owned(), full_name.to_owned());
    let decision = move |tx: &store::WriteTx<'_>| {
        let id = tx.member_by_username(&username)?.unwrap().id;
        tx.update_profile(&Actor::console(), &id, &full_name, "")
    };
    write(store, decision).unwrap();
}

fn sign_in(store: &Store, username: &str) {
    let (username, hash) = (username.to_owned(), TokenHash::of(username.as_bytes()));
    let decision = move |tx: &store::WriteTx<'_>| {
        let id = tx.member_by_username(&username)?.unwrap().id;
        let actor = tx.actor(&id)?;
        tx.record_sign_in(&actor, &id)?;
        tx.open_token(&actor, &hash, &id, tx.now().plus_seconds(DAY))
    };
    write(store, decision).unwrap();
}

/// The administrator and five others, of whom one is archived.
fn house() -> (Portal, Store) {
    let (portal, store) = Portal::activated();
    portal.pass(60);
    register(&store, "dan", "creator").unwrap();
    portal.pass(60);
    for one in ["cleo", "bob", "ann"] {
        register(&store, one, "viewer").unwrap();
    }
    archived(&store, "eve", "viewer");
    name(&store, "bob", "Zoe/Bob");
    name(&store, "ann", "Émile");
    name(&store, "dan", "adam");
    portal.pass(DAY);
    sign_in(&store, "dan");
    let bob = store.read(|tx| tx.member_by_username("bob")).unwrap().unwrap();
    act(&store, &bob.id, Act::Disable).unwrap();
    (portal, store)
}

#[test]
fn each_order_holds_across_pages_and_turns_round() {
    let (_portal, store) = house();
    let any = MemberFilter::default();
    for (by, expected) in [
        (MemberSort::Username, ["admin", "ann", "bob", "cleo", "dan"]),
        // By the full name in any case, or the user name of who has none; letters with accents come last.
        (MemberSort::Name, ["dan", "admin", "cleo", "bob", "ann"]),
        (MemberSort::UserType, ["admin", "dan", "ann", "bob", "cleo"]),
        (MemberSort::Role, ["admin", "ann", "bob", "cleo", "dan"]),
        // Who never signed in counts from the registration; of equal ones the user name decides.
        (MemberSort::LastSignIn, ["admin", "ann", "bob", "cleo", "dan"]),
        (MemberSort::State, ["bob", "admin", "ann", "cleo", "dan"]),
    ] {
        assert_eq!(listed(&store, by, false, &any), expected, "{by:?}");
        let mut back = expected;
        back.reverse();
        assert_eq!(listed(&store, by, true, &any), back, "{by:?}, backwards");
    }
}

#[test]
fn an_order_within_one_user_type_is_the_same_however_large_the_type_is() {
    let (portal, store) = house();
    let viewers = MemberFilter { user_type: Some(user_type("viewer")), ..MemberFilter::default() };
    let all = |by, descending| listed(&store, by, descending, &viewers);
    let small = MemberSort::ALL.map(|by| [all(by, false), all(by, true)]);
    assert_eq!(small[1], [["cleo", "bob", "ann"], ["ann", "bob", "cleo"]]);
    assert_eq!(small[2], [["ann", "bob", "cleo"], ["cleo", "bob", "ann"]]);
    assert_eq!(small[5], [["bob", "ann", "cleo"], ["cleo", "ann", "bob"]]);
    // The kept count alone decides which way is taken.
    portal.tamper("UPDATE headcounts SET assigned = 6000 WHERE user_type = 'viewer'");
    assert_eq!(MemberSort::ALL.map(|by| [all(by, false), all(by, true)]), small);
}

#[test]
fn a_count_stops_where_it_was_told_to_and_counts_what_the_list_shows() {
    let (_portal, store) = house();
    let count = |filter: &MemberFilter, most| store.read(|tx| tx.count_members(filter, most)).unwrap();
    let any = MemberFilter::default();
    assert_eq!((count(&any, 100), count(&any, 3)), (5, 3));
    let text = MemberFilter { text: Some("ZOE".into()), ..any.clone() };
    let away = MemberFilter { state: Some(rules::MemberState::Archived), ..any };
    assert_eq!((count(&text, 100), count(&away, 100)), (1, 1));
}

#[test]
fn a_cursor_that_no_page_gave_begins_somewhere_and_breaks_nothing() {
    let (_portal, store) = house();
    for by in MemberSort::ALL {
        for cursor in ["", "/", "zz", "not a number/ann", "\u{10ffff}/", "-9/x"] {
            let order = MemberOrder { by, descending: false };
            let found = store.read(|tx| tx.members_in(order, &MemberFilter::default(), Some(cursor), 9));
            assert!(found.is_ok(), "{by:?} {cursor}");
        }
    }
    assert_eq!(code(register(&store, "ann", "viewer")), Code::UsernameTaken);
}
