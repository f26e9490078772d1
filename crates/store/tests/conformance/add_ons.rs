//! Add-ons and extensions: assigning, counting, fewer than none, who holds them, and changes that take them along.

use errors::Code;
use rules::MemberState;
use rules::change_set::{Act, ChangeSet, Operation};
use rules::offline::CheckoutState;
use serde_json::json;
use store::{Member, ReturnState, Store, Usage};

use crate::deeds::{return_state, revert, run_returns};
use crate::harness::{
    DAY, Portal, START, act, apply, assert_recounted, at, audit_count, code, delete, member, open, register, role,
    user_type,
};
use crate::products::{
    BASIC, EXTENSION, INSIGHTS, PRO, STANDARD, add_on, add_on_id, add_ons_of, applied, assign, check_out, come_home,
    ids, licensed, moving, product, start, tally, unassign,
};

/// Ann, Bob and Cat, three Creators.
fn house(lines: &[entitlement::AddOnLine]) -> (Portal, Store, [Member; 3]) {
    let (portal, store) = licensed(lines);
    let people = ["ann", "bob", "cat"].map(|name| register(&store, name, "creator").unwrap());
    (portal, store, people)
}

#[test]
fn an_add_on_is_assigned_and_given_back_and_its_count_follows() {
    let (portal, store, [ann, bob, cat]) = house(&[add_on(BASIC, 2), add_on(EXTENSION, 1)]);
    assert_eq!(tally(&store, BASIC), (2, 0, None));
    let rows = audit_count(&store);
    assign(&store, &ann.id, &[BASIC, EXTENSION]).unwrap();
    assert_eq!((tally(&store, BASIC), tally(&store, EXTENSION)), ((2, 1, None), (1, 1, None)));
    assign(&store, &bob.id, &[BASIC]).unwrap();
    let refused = assign(&store, &cat.id, &[BASIC]).unwrap_err();
    assert_eq!(refused.code, Code::AddOnLimitReached);
    assert_eq!((&refused.facts["licensed"], &refused.facts["assigned"]), (&json!(2), &json!(2)));
    let other = open(&portal);
    assert_eq!((add_ons_of(&other, &ann.id), add_ons_of(&other, &cat.id)), (ids(&[BASIC, EXTENSION]), ids(&[])));
    assert_eq!((tally(&other, BASIC), audit_count(&other)), ((2, 2, None), rows + 2));
    assert_recounted(&other);
    // What a member has is not assigned twice, and what a member has not is not taken away.
    assign(&store, &ann.id, &[BASIC]).unwrap();
    unassign(&store, &cat.id, &[BASIC]).unwrap();
    assert_eq!(tally(&store, BASIC), (2, 2, None));
    unassign(&store, &ann.id, &[BASIC, EXTENSION]).unwrap();
    assert_eq!((tally(&store, BASIC), tally(&store, EXTENSION)), ((2, 1, None), (1, 0, None)));
    assert_eq!(add_ons_of(&store, &ann.id), ids(&[]));
    assert_recounted(&store);
}

#[test]
fn the_log_tells_what_came_and_went_and_the_kept_plan_too() {
    let (_portal, store, [ann, ..]) = house(&[add_on(BASIC, 1), add_on(STANDARD, 1)]);
    assign(&store, &ann.id, &[BASIC]).unwrap();
    let upgraded = applied(&store, vec![moving(&ann.id, &[STANDARD], &[BASIC])]).unwrap();
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!((row.action.as_str(), row.target.as_str()), ("change.apply", upgraded.as_str()));
    let told = &row.detail["moves"][0];
    assert_eq!((&told["assigned"], &told["unassigned"]), (&json!([STANDARD]), &json!([BASIC])));
    let plan = store.read(|tx| tx.change(&upgraded)).unwrap().unwrap().plan;
    let counts = json!([
        { "id": BASIC, "before": 1, "after": 0, "licensed": 1 },
        { "id": STANDARD, "before": 0, "after": 1, "licensed": 1 },
    ]);
    assert_eq!(plan["add_ons"], counts);
    let told = &plan["members"][0];
    assert_eq!((&told["assigns"], &told["unassigns"]), (&json!([STANDARD]), &json!([BASIC])));
}

#[test]
fn a_licence_passes_to_another_member_at_the_limit_in_one_step() {
    let (_portal, store, [ann, bob, _]) = house(&[add_on(INSIGHTS, 1)]);
    assign(&store, &ann.id, &[INSIGHTS]).unwrap();
    applied(&store, vec![moving(&bob.id, &[INSIGHTS], &[]), moving(&ann.id, &[], &[INSIGHTS])]).unwrap();
    assert_eq!((add_ons_of(&store, &ann.id), add_ons_of(&store, &bob.id)), (ids(&[]), ids(&[INSIGHTS])));
    assert_eq!(tally(&store, INSIGHTS), (1, 1, None));
    assert_recounted(&store);
}

#[test]
fn a_change_that_is_refused_in_the_middle_assigns_nothing() {
    let (_portal, store, [ann, bob, _]) = house(&[add_on(BASIC, 1), add_on(INSIGHTS, 9)]);
    let both = vec![moving(&ann.id, &[BASIC, INSIGHTS], &[]), moving(&bob.id, &[BASIC], &[])];
    assert_eq!(code(applied(&store, both)), Code::AddOnLimitReached);
    assert_eq!((tally(&store, BASIC), tally(&store, INSIGHTS)), ((1, 0, None), (9, 0, None)));
    assert_eq!(add_ons_of(&store, &ann.id), ids(&[]));
    assert_recounted(&store);
}

#[test]
fn who_is_archived_or_deleted_frees_every_licence() {
    let (_portal, store, [ann, bob, cat]) = house(&[add_on(BASIC, 2), add_on(EXTENSION, 2)]);
    for one in [&ann, &bob] {
        assign(&store, &one.id, &[BASIC, EXTENSION]).unwrap();
    }
    act(&store, &ann.id, Act::Archive).unwrap();
    assert_eq!((tally(&store, BASIC), tally(&store, EXTENSION)), ((2, 1, None), (2, 1, None)));
    assert_eq!(add_ons_of(&store, &ann.id), ids(&[]));
    delete(&store, &bob.id).unwrap();
    assert_eq!((tally(&store, BASIC), tally(&store, EXTENSION)), ((2, 0, None), (2, 0, None)));
    assign(&store, &cat.id, &[BASIC]).unwrap();
    // Who is restored holds nothing until somebody assigns it.
    act(&store, &ann.id, Act::Restore).unwrap();
    assert_eq!((add_ons_of(&store, &ann.id), tally(&store, BASIC)), (ids(&[]), (2, 1, None)));
    assert_recounted(&store);
}

#[test]
fn taking_a_change_back_restores_the_add_ons_if_there_are_enough() {
    let (_portal, store, [ann, bob, _]) = house(&[add_on(BASIC, 1), add_on(INSIGHTS, 1)]);
    assign(&store, &ann.id, &[BASIC, INSIGHTS]).unwrap();
    let archived = act(&store, &ann.id, Act::Archive).unwrap();
    assign(&store, &bob.id, &[BASIC]).unwrap();
    let refused = revert(&store, &archived).unwrap_err();
    assert_eq!((refused.code, &refused.facts["add_on"]), (Code::AddOnLimitReached, &json!(BASIC)));
    assert_eq!(member(&store, &ann.id).unwrap().state, MemberState::Archived);
    unassign(&store, &bob.id, &[BASIC]).unwrap();
    revert(&store, &archived).unwrap();
    assert_eq!(member(&store, &ann.id).unwrap().state, MemberState::Enabled);
    assert_eq!((add_ons_of(&store, &ann.id), tally(&store, BASIC)), (ids(&[BASIC, INSIGHTS]), (1, 1, None)));
    assert_recounted(&store);
}

#[test]
fn an_assignment_is_taken_back_and_stale_once_its_member_was_changed_again() {
    let (_portal, store, [ann, bob, _]) = house(&[add_on(BASIC, 2), add_on(INSIGHTS, 2)]);
    let assigned = assign(&store, &ann.id, &[BASIC]).unwrap();
    let back = revert(&store, &assigned).unwrap();
    assert_eq!((add_ons_of(&store, &ann.id), tally(&store, BASIC)), (ids(&[]), (2, 0, None)));
    revert(&store, &back).unwrap();
    assert_eq!((add_ons_of(&store, &ann.id), tally(&store, BASIC)), (ids(&[BASIC]), (2, 1, None)));
    let assigned = assign(&store, &bob.id, &[BASIC]).unwrap();
    assign(&store, &bob.id, &[INSIGHTS]).unwrap();
    let refused = revert(&store, &assigned).unwrap_err();
    assert_eq!((refused.code, &refused.facts["members"]), (Code::Stale, &json!(["bob"])));
    assert_eq!(add_ons_of(&store, &bob.id), ids(&[BASIC, INSIGHTS]));
    assert_recounted(&store);
}

#[test]
fn who_is_lent_to_another_user_type_returns_with_the_add_ons_or_waits_for_them() {
    let (portal, store, [ann, bob, _]) = house(&[add_on(BASIC, 1)]);
    assign(&store, &ann.id, &[BASIC]).unwrap();
    let lent = Operation {
        set_user_type: Some(user_type("viewer")),
        set_role: Some(role("viewer")),
        ..moving(&ann.id, &[], &[BASIC])
    };
    let revert_at = Some(at(START).plus_seconds(DAY));
    let lent = apply(&store, ChangeSet { operations: vec![lent], revert_at, ..ChangeSet::default() }).unwrap();
    assign(&store, &bob.id, &[BASIC]).unwrap();
    portal.pass(DAY);
    assert_eq!(run_returns(&store), [ReturnState::Due]);
    let (state, problem) = return_state(&store, &lent);
    let sentence = "No license of arcgis-pro-basic is left: 1 of 1 assigned.";
    assert_eq!((state, problem.as_deref()), (ReturnState::Due, Some(sentence)));
    assert_eq!(member(&store, &ann.id).unwrap().user_type, user_type("viewer"));
    unassign(&store, &bob.id, &[BASIC]).unwrap();
    assert_eq!(run_returns(&store), [ReturnState::Done]);
    assert_eq!(member(&store, &ann.id).unwrap().user_type, user_type("creator"));
    assert_eq!((add_ons_of(&store, &ann.id), tally(&store, BASIC)), (ids(&[BASIC]), (1, 1, None)));
    assert_recounted(&store);
}

/// The user names with the seconds after the start at which each last used it.
type Used = Vec<(String, Option<i64>)>;

fn used(holders: Vec<store::AddOnHolder>) -> Used {
    let seconds =
        |one: store::AddOnHolder| (one.member.username, one.last_used.map(|used| used.unix() - at(START).unix()));
    holders.into_iter().map(seconds).collect()
}

fn told(of: &[(&str, Option<i64>)]) -> Used {
    of.iter().map(|(name, used)| ((*name).to_owned(), *used)).collect()
}

#[test]
fn holders_are_listed_by_name_and_those_to_give_it_up_first_by_their_last_use() {
    let (portal, store, [ann, bob, cat]) = house(&[add_on(BASIC, 4), add_on(INSIGHTS, 4)]);
    let dan = register(&store, "Dan", "creator").unwrap();
    for one in [&ann, &bob, &cat, &dan] {
        assign(&store, &one.id, &[BASIC, INSIGHTS]).unwrap();
    }
    for (after, who, what) in [(10, &cat, PRO), (10, &ann, PRO), (10, &bob, INSIGHTS)] {
        portal.pass(after);
        start(&store, &who.id, what, "desk").unwrap();
    }
    let (basic, pro) = (add_on_id(BASIC), product(PRO));
    let least = |of, limit| used(store.read(|tx| tx.least_recent_holders(&basic, of, limit)).unwrap());
    assert_eq!(least(Some(&pro), 9), told(&[("bob", None), ("Dan", None), ("cat", Some(10)), ("ann", Some(20))]));
    assert_eq!(least(None, 9), told(&[("Dan", None), ("cat", Some(10)), ("ann", Some(20)), ("bob", Some(30))]));
    assert_eq!(least(Some(&pro), 1), told(&[("bob", None)]));
    let named = |cursor, limit| used(store.read(|tx| tx.add_on_holders(&basic, Some(&pro), (cursor, limit))).unwrap());
    assert_eq!(named(None, 2), told(&[("ann", Some(20)), ("bob", None)]));
    assert_eq!(named(Some("bob"), 2), told(&[("cat", Some(10)), ("Dan", None)]));
    assert_eq!(named(Some("dan"), 2), told(&[]));
    unassign(&store, &bob.id, &[BASIC]).unwrap();
    assert_eq!(least(Some(&pro), 1), told(&[("Dan", None)]));
}

#[test]
fn those_who_can_hold_a_product_are_told_apart_by_how_they_used_it() {
    let (portal, store) = licensed(&[add_on(BASIC, 4)]);
    let people = ["ann", "bob", "cat", "dan"].map(|name| register(&store, name, "gis-pro-basic").unwrap());
    let found = |usage: Usage| {
        let (of, catalog) = (product(PRO), store.read(|tx| tx.catalog()).unwrap());
        let page = store.read(|tx| tx.product_members((&catalog, &of), usage, (None, 9))).unwrap();
        let count = store.read(|tx| tx.count_product_members((&catalog, &of), usage)).unwrap();
        assert_eq!(count, u64::try_from(page.items.len()).unwrap());
        page.items.into_iter().map(|one| one.username).collect::<Vec<_>>().join(" ")
    };
    let since = |seconds| Some(at(START).plus_seconds(seconds));
    start(&store, &people[0].id, PRO, "a").unwrap();
    let out = check_out(&store, &people[1].id, PRO, "b").unwrap();
    portal.pass(100);
    start(&store, &people[2].id, PRO, "c").unwrap();
    assert_eq!(found(Usage::default()), "ann bob cat dan");
    assert_eq!(found(Usage { used_after: since(99), ..Usage::default() }), "cat");
    assert_eq!(found(Usage { used_after: since(100), ..Usage::default() }), "");
    assert_eq!(found(Usage { unused_after: since(0), ..Usage::default() }), "ann bob dan");
    assert_eq!(found(Usage { offline: Some(true), ..Usage::default() }), "bob");
    assert_eq!(found(Usage { offline: Some(false), unused_after: since(0), ..Usage::default() }), "ann dan");
    come_home(&store, &out.facts.id, CheckoutState::Released);
    assert_eq!(found(Usage { offline: Some(true), ..Usage::default() }), "bob", "the lease may still run");
    come_home(&store, &out.facts.id, CheckoutState::Returned);
    assert_eq!(found(Usage { offline: Some(true), ..Usage::default() }), "");
}

#[test]
fn those_who_can_hold_a_product_are_listed_page_by_page_without_the_archived() {
    let (_portal, store, [ann, _, cat]) = house(&[add_on(BASIC, 4), add_on(INSIGHTS, 4)]);
    assign(&store, &ann.id, &[BASIC]).unwrap();
    assign(&store, &cat.id, &[INSIGHTS]).unwrap();
    for name in ["Gil", "gus", "zoe"] {
        register(&store, name, "gis-pro-basic").unwrap();
    }
    register(&store, "vic", "viewer").unwrap();
    let gus = store.read(|tx| tx.member_by_username("gus")).unwrap().unwrap();
    let page = |of: &str, cursor, limit| {
        let (of, catalog) = (product(of), store.read(|tx| tx.catalog()).unwrap());
        let page = store.read(|tx| tx.product_members((&catalog, &of), Usage::default(), (cursor, limit))).unwrap();
        let names: Vec<String> = page.items.into_iter().map(|one| one.username).collect();
        (names.join(" "), page.next)
    };
    assert_eq!(page(PRO, None, 9), ("ann Gil gus zoe".to_owned(), None));
    assert_eq!(page(PRO, None, 2), ("ann Gil".to_owned(), Some("gil".to_owned())));
    assert_eq!(page(PRO, Some("gil"), 2), ("gus zoe".to_owned(), None));
    assert_eq!(page(INSIGHTS, None, 9), ("cat".to_owned(), None));
    act(&store, &gus.id, Act::Archive).unwrap();
    assert_eq!(page(PRO, None, 9), ("ann Gil zoe".to_owned(), None));
    act(&store, &gus.id, Act::Restore).unwrap();
    assert_eq!(page(PRO, None, 9), ("ann Gil gus zoe".to_owned(), None));
}
