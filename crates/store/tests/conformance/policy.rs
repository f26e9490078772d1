//! The organization's own roles and settings: in force at once, everywhere, and never beyond what was committed.

use catalog::RoleId;
use errors::{Code, Failure};
use rules::capacity::{self, Registration};
use rules::defaults::{self, NewMemberDefaults};
use rules::{Actor, MemberId};
use serde_json::{Value, json};
use store::{Extras, Member, NewMember, RoleRecord, Setting, Store, StoreError, Topic};

use crate::deeds::{delete_role, draft, edit_role, give_role, invite, inviting, make_role, making, revoke};
use crate::harness::{
    Portal, START, act, assert_recounted, at, audit_count, code, count, import, member, newcomer, only, open, register,
    role, seats, user_type, write,
};
use crate::license::under_another_catalog;

/// The organization's own roles, with what they give.
fn roles(store: &Store) -> Vec<(String, Vec<String>)> {
    let catalog = store.read(|tx| tx.catalog()).unwrap();
    let own = catalog.roles().iter().filter(|role| role.is_custom);
    own.map(|role| (role.name.clone(), role.privileges.iter().map(ToString::to_string).collect())).collect()
}

fn named(name: &str, privileges: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), privileges.iter().map(ToString::to_string).collect())
}

/// A Viewer in that role.
fn holder(store: &Store, username: &str, of: &RoleId) -> Result<Member, Failure> {
    let (new, asked) = (newcomer(username), asked_for("viewer", of));
    write(store, move |tx| {
        let permit = capacity::register(&tx.facts()?, &Actor::console(), &asked)?;
        tx.insert_member(permit, &Actor::console(), &new)
    })
}

fn asked_for(type_id: &str, of: &RoleId) -> Registration {
    Registration { user_type: Some(user_type(type_id)), role: Some(of.clone()) }
}

fn holds(store: &Store, id: &MemberId, privilege: &str) -> bool {
    store.read(|tx| Ok(tx.actor(id)?.holds(privilege))).unwrap()
}

#[test]
fn a_role_is_there_at_once_for_its_own_transaction_for_readers_and_for_another_handle() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    assert_eq!((roles(&store), roles(&other)), (vec![], vec![]));
    let drawn = draft("Field crew", &["members.view"]);
    let eve = write(&store, move |tx| {
        let id = making(tx, &drawn)?;
        let permit = capacity::register(&tx.facts()?, &Actor::console(), &asked_for("viewer", &id))?;
        tx.insert_member(permit, &Actor::console(), &newcomer("eve"))
    });
    let eve = eve.unwrap();
    assert_eq!(eve.role, role("custom-field-crew"));
    let expected = [named("Field crew", &["members.view"])];
    assert_eq!((roles(&store), roles(&other)), (expected.to_vec(), expected.to_vec()));
    assert!(holds(&other, &eve.id, "members.view"));
    let record = RoleRecord { id: eve.role.clone(), created_at: at(START), changed_at: at(START), version: 1 };
    assert_eq!(store.read(|tx| tx.role_records()).unwrap(), [record]);
    assert_eq!((count(&store, "viewer"), audit_count(&store)), ((25, 1, 1), 3));
    assert_recounted(&store);
}

#[test]
fn an_edit_counts_for_the_holders_at_once_and_its_audit_row_tells_both_sides() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    let crew = make_role(&store, "Field crew", &["members.view"]).unwrap();
    let eve = holder(&other, "eve", &crew).unwrap();
    assert!(holds(&store, &eve.id, "members.view") && holds(&other, &eve.id, "members.view"));
    portal.pass(60);
    assert_eq!(edit_role(&store, &crew, "Field team", &[]), Ok(crew.clone()));
    assert!(!holds(&store, &eve.id, "members.view") && !holds(&other, &eve.id, "members.view"));
    assert_eq!(roles(&other), [named("Field team", &[])]);
    let record = store.read(|tx| tx.role_records()).unwrap().remove(0);
    assert_eq!((record.version, record.changed_at), (2, at("2026-12-15T12:01:00Z")));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    let before = json!({ "name": "Field crew", "privileges": ["members.view"] });
    let after = json!({ "name": "Field team", "privileges": [] });
    assert_eq!((row.action.as_str(), row.detail), ("role.edit", json!({ "before": before, "after": after })));
    // A Viewer may hold no more than a Viewer's ceiling, and the refusal names who would.
    let refused = edit_role(&store, &crew, "Field team", &["content.create"]).unwrap_err();
    let named_first = &refused.facts["members"][0]["id"];
    assert_eq!((refused.code, named_first), (Code::RoleExceedsUserType, &json!(eve.id.as_str())));
    assert_eq!(roles(&store), [named("Field team", &[])]);
}

#[test]
fn a_role_in_use_is_not_deleted_and_a_deleted_one_is_gone_everywhere() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    let crew = make_role(&store, "Field crew", &["members.view"]).unwrap();
    let eve = holder(&store, "eve", &crew).unwrap();
    let gil = holder(&store, "gil", &crew).unwrap();
    act(&store, &gil.id, rules::change_set::Act::Archive).unwrap();
    let id = crew.clone();
    let sent = write(&store, move |tx| inviting(tx, "fay", "viewer", id.as_str())).unwrap();
    let wanted = NewMemberDefaults { role: Some(crew.clone()), ..NewMemberDefaults::default() };
    let set = wanted.clone();
    write(&store, move |tx| tx.save_defaults(&Actor::console(), &set, None)).unwrap();
    let refused = delete_role(&other, &crew).unwrap_err();
    assert_eq!((refused.code, &refused.facts["holders"]), (Code::RoleInUse, &json!(2)));
    assert_eq!(refused.facts["uses"], json!(["1 pending invitation", "the new-member defaults"]));
    let holders = store.read(|tx| tx.holders(&crew)).unwrap();
    assert_eq!((holders.count, holders.by_type), (2, [(user_type("viewer"), 1)].into()));
    assert_eq!(holders.some.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["eve"]);
    give_role(&store, &eve.id, &role("viewer")).unwrap();
    crate::harness::delete(&store, &gil.id).unwrap();
    revoke(&store, &sent.id).unwrap();
    let none = NewMemberDefaults::default();
    write(&store, move |tx| tx.save_defaults(&Actor::console(), &none, None)).unwrap();
    assert_eq!(delete_role(&other, &crew), Ok(()));
    assert_eq!((roles(&store), roles(&other)), (vec![], vec![]));
    assert_eq!(code(holder(&store, "hal", &crew)), Code::ValidationFailed);
    assert_eq!(store.read(|tx| tx.audit(None, 1)).unwrap()[0].action, "role.delete");
    assert_recounted(&store);
}

#[test]
fn a_role_of_a_decision_that_was_taken_back_is_never_seen_though_the_next_has_its_revision() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    let names = |store: &Store| roles(store).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    for round in 0..3 {
        let ghost = draft("Ghost", &[]);
        let broken = write(&store, move |tx| {
            making(tx, &ghost)?;
            let seen = tx.catalog()?.roles().iter().filter(|role| role.name == "Ghost").count();
            assert_eq!((seen, tx.facts()?.catalog().role(&role("custom-ghost")).is_some()), (1, true));
            Err::<(), _>(StoreError::internal("the test breaks off"))
        });
        assert_eq!(code(broken), Code::Internal);
        let ghost = draft("Ghost", &[]);
        let tried = store.rehearse_now(move |tx| {
            making(tx, &ghost)?;
            Ok(tx.catalog()?.role(&role("custom-ghost")).is_some())
        });
        assert!(tried.unwrap());
        assert_eq!(names(&store).len(), round);
        make_role(&store, &format!("Role {round}"), &[]).unwrap();
        let expected: Vec<_> = (0..=round).map(|n| format!("Role {n}")).collect();
        assert_eq!((names(&store), names(&other)), (expected.clone(), expected));
        assert_eq!(code(holder(&store, "eve", &role("custom-ghost"))), Code::ValidationFailed);
    }
}

#[test]
fn defaults_of_a_decision_that_was_taken_back_are_never_used() {
    let (_portal, store) = Portal::activated();
    let set = |id: &str| NewMemberDefaults { user_type: Some(user_type(id)), ..NewMemberDefaults::default() };
    let (wrong, right) = (set("creator"), set("viewer"));
    let broken = write(&store, move |tx| {
        tx.save_defaults(&Actor::console(), &wrong, Some(0))?;
        assert_eq!(tx.defaults()?, wrong);
        Err::<(), _>(Failure::plain(Code::Stale).into())
    });
    assert_eq!(code(broken), Code::Stale);
    assert_eq!(store.read(|tx| tx.defaults()).unwrap(), NewMemberDefaults::default());
    let kept = right.clone();
    write(&store, move |tx| tx.save_defaults(&Actor::console(), &kept, Some(0))).unwrap();
    assert_eq!(store.read(|tx| tx.defaults()).unwrap(), right);
}

#[test]
fn a_role_of_the_organization_locks_out_like_any_other_and_makes_no_administrator() {
    let (_portal, store) = Portal::with_seats(2, 3);
    let all: Vec<String> = {
        let catalog = store.read(|tx| tx.catalog()).unwrap();
        catalog.privileges().iter().map(|one| one.id.to_string()).collect()
    };
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mighty = make_role(&store, "Mighty", &all).unwrap();
    let dan = register(&store, "dan", "creator").unwrap();
    assert_eq!(count(&store, "creator"), (3, 2, 1));
    give_role(&store, &dan.id, &mighty).unwrap();
    assert_eq!((count(&store, "creator"), store.read(|tx| Ok(tx.enabled_administrators())).unwrap()), ((3, 2, 1), 1));
    assert_recounted(&store);
    import(&store, only(seats(2, 2, 1)), Some(1)).unwrap();
    let refused = store.read(|tx| tx.actor(&dan.id)).map_err(StoreError::into_failure);
    assert_eq!(code(refused), Code::UserTypeOverLimit);
}

#[test]
fn a_role_of_the_organization_keeps_its_holders_under_another_catalog() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    let crew = make_role(&store, "Field crew", &["features.edit", "members.view"]).unwrap();
    let eve = register(&store, "eve", "creator").unwrap();
    give_role(&store, &eve.id, &crew).unwrap();
    let fay = invite(&other, "fay", "viewer").unwrap();
    assert_eq!(roles(&other), [named("Field crew", &["features.edit", "members.view"])]);
    let files = under_another_catalog(&[("\"features.edit\"", "\"features.change\"")]);
    import(&store, files, None).unwrap();
    // What the new catalog does not have is not given; what the role was made of stays on record.
    for handle in [&store, &other] {
        assert_eq!(roles(handle), [named("Field crew", &["members.view"])]);
        assert!(holds(handle, &eve.id, "members.view") && !holds(handle, &eve.id, "features.edit"));
        assert_eq!(crate::harness::held(handle, "viewer"), (25, 0, 1));
        assert_recounted(handle);
    }
    holder(&other, "gil", &crew).unwrap();
    revoke(&other, &fay.id).unwrap();
    import(&store, only(seats(3, 25, 5)), None).unwrap();
    assert_eq!(roles(&other), [named("Field crew", &["features.edit", "members.view"])]);
    assert!(holds(&other, &eve.id, "features.edit"));
    assert_recounted(&store);
    drop((store, other));
    assert_eq!(roles(&open(&portal)).len(), 1);
}

fn set(store: &Store, topic: Topic, value: Value, expected: Option<u64>) -> Result<(), Failure> {
    write(store, move |tx| tx.save_setting(&Actor::console(), topic, &value, expected))
}

#[test]
fn a_setting_has_a_version_and_is_not_overwritten_by_who_read_an_older_one() {
    let (portal, store) = Portal::activated();
    let other = open(&portal);
    let read = |topic| other.read(|tx| tx.setting(topic)).unwrap();
    assert_eq!(read(Topic::Website), None);
    assert_eq!(code(set(&store, Topic::Website, json!({ "name": "x" }), Some(1))), Code::Stale);
    set(&store, Topic::Website, json!({ "name": "City" }), Some(0)).unwrap();
    portal.pass(60);
    assert_eq!(code(set(&other, Topic::Website, json!({ "name": "x" }), Some(0))), Code::Stale);
    set(&other, Topic::Website, json!({ "name": "Town" }), Some(1)).unwrap();
    set(&store, Topic::Website, json!({ "name": "County" }), None).unwrap();
    let changed_at = at("2026-12-15T12:01:00Z");
    let expected = Setting { value: json!({ "name": "County" }), changed_by: "console".into(), changed_at, version: 3 };
    assert_eq!((read(Topic::Website), read(Topic::Groups)), (Some(expected), None));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    let detail = json!({ "before": { "name": "Town" }, "after": { "name": "County" } });
    assert_eq!((row.target.as_str(), row.detail, audit_count(&store)), ("website", detail, 4));
    set(&store, Topic::Groups, json!(["Field crew"]), Some(0)).unwrap();
    assert_eq!(store.read(|tx| tx.setting_as::<Vec<String>>(Topic::Groups)).unwrap(), Some(vec!["Field crew".into()]));
    let other_type = store.read(|tx| tx.setting_as::<u64>(Topic::Groups)).map_err(StoreError::into_failure);
    assert_eq!(code(other_type), Code::DatabaseDamaged);
}

#[test]
fn defaults_that_nobody_could_read_again_are_not_kept() {
    let (_portal, store) = Portal::activated();
    let version = audit_count(&store);
    for value in [json!("viewer"), json!({ "user_type": "No Such Form" }), json!({ "who": "knows" })] {
        assert_eq!(code(set(&store, Topic::Defaults, value, None)), Code::Internal);
    }
    assert_eq!((store.read(|tx| tx.defaults()).unwrap(), audit_count(&store)), (NewMemberDefaults::default(), version));
    set(&store, Topic::Defaults, json!({ "user_type": "viewer" }), Some(0)).unwrap();
    assert_eq!(store.read(|tx| tx.defaults()).unwrap().user_type, Some(user_type("viewer")));
}

#[test]
fn every_topic_has_a_name_of_its_own() {
    for topic in Topic::ALL {
        assert_eq!(Topic::from_name(topic.as_str()), Some(topic));
    }
    let names: std::collections::BTreeSet<_> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    assert_eq!((names.len(), Topic::from_name("nothing")), (6, None));
}

#[test]
fn new_members_get_the_defaults_where_nothing_is_asked() {
    let (portal, store) = Portal::activated();
    let crew = make_role(&store, "Field crew", &["members.view"]).unwrap();
    let wanted = NewMemberDefaults {
        user_type: Some(user_type("viewer")),
        role: Some(crew.clone()),
        groups: ["North".to_owned()].into(),
        categories: ["Interns".to_owned()].into(),
        vendor_access: true,
        add_ons: [].into(),
    };
    let unnamed = |store: &Store, username: &str| {
        let new = newcomer(username);
        write(store, move |tx| {
            let permit = capacity::register(&tx.facts()?, &Actor::console(), &Registration::default())?;
            let NewMemberDefaults { groups, categories, vendor_access, .. } = tx.defaults()?;
            let extras = Extras { groups, categories, vendor_access };
            tx.insert_member(permit, &Actor::console(), &NewMember { extras, ..new })
        })
    };
    assert_eq!(code(unnamed(&store, "eve")), Code::ValidationFailed);
    let set = wanted.clone();
    let saved = write(&store, move |tx| {
        defaults::set(&tx.facts()?, &Actor::console(), &set)?;
        tx.save_defaults(&Actor::console(), &set, Some(0))
    });
    saved.unwrap();
    let store = [store, open(&portal)].into_iter().next_back().unwrap();
    assert_eq!(store.read(|tx| tx.defaults()).unwrap(), wanted);
    let eve = unnamed(&store, "eve").unwrap();
    assert_eq!((eve.user_type.as_str(), &eve.role, eve.vendor_access), ("viewer", &crew, true));
    assert_eq!(member(&store, &eve.id), Some(eve.clone()));
    let labels = store.read(|tx| tx.labels(&eve.id)).unwrap();
    assert_eq!((labels.groups, labels.categories), (wanted.groups, wanted.categories));
}
