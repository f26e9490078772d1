//! Product sessions: beginning, using, ending, and what a computer whose session is over is told.

use entitlement::{Moment, Policy};
use errors::{Code, Failure};
use rules::MemberId;
use rules::change_set::Act;
use rules::session::{Cause, SessionFacts};
use serde_json::json;
use store::Store;

use crate::harness::{DAY, START, act, at, audit_count, change, code, delete, import, only, open, register};
use crate::products::{
    BASIC, EXTENSION, INSIGHTS, PRO, STANDARD, add_on, after, applied, ask, assign, end, house, moving, product, renew,
    session, start, unassign, with_policy,
};

const MINUTE: i64 = 60;

fn sessions_of(store: &Store, id: &MemberId, of: &str) -> Vec<SessionFacts> {
    store.read(|tx| tx.sessions_of(id, &product(of))).unwrap()
}

fn devices(store: &Store, id: &MemberId) -> Vec<String> {
    sessions_of(store, id, PRO).into_iter().map(|one| one.device).collect()
}

fn last_used(store: &Store, id: &MemberId, of: &str) -> Option<Moment> {
    store.read(|tx| tx.last_used(id, &product(of))).unwrap()
}

fn ended(store: &Store, session_id: &str) -> Option<(Moment, Cause)> {
    session(store, session_id).unwrap().ended
}

/// The cause and until when work may be saved.
fn told<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> (Code, serde_json::Value, serde_json::Value) {
    let failure = outcome.unwrap_err();
    let fact = |name| failure.facts.get(name).cloned().unwrap();
    (failure.code, fact("cause"), fact("save_until"))
}

#[test]
fn a_session_is_what_was_asked_for_and_the_log_has_its_beginning_and_end() {
    let (portal, store, ann) = house();
    let rows = audit_count(&store);
    let begun = ask(&store, &ann, PRO, ("desk", "request-1")).unwrap();
    let expected = SessionFacts {
        id: begun.id.clone(),
        device: "desk".to_owned(),
        device_name: "DESK".to_owned(),
        request: "request-1".to_owned(),
        created_at: at(START),
        last_used: at(START),
        ended: None,
    };
    assert!(begun.id.starts_with("ses_") && begun.id.len() == 30, "{}", begun.id);
    let other = open(&portal);
    assert_eq!((begun, sessions_of(&other, &ann, PRO)), (expected.clone(), vec![expected.clone()]));
    let found = other.read(|tx| tx.product_session(&expected.id)).unwrap().unwrap();
    assert_eq!((found.member, found.product), (ann.clone(), product(PRO)));
    assert_eq!(other.read(|tx| tx.product_session("ses_none")).unwrap(), None);
    portal.pass(MINUTE);
    end(&other, &expected.id, Cause::Administrator);
    let log = store.read(|tx| tx.audit(None, 2)).unwrap();
    let told: Vec<_> = log.iter().map(|row| (row.actor_name.as_str(), row.action.as_str(), &row.detail)).collect();
    let begin = json!({ "product": PRO, "computer": "DESK", "replaces": null });
    let finish =
        json!({ "product": PRO, "member": ann.as_str(), "computer": "DESK", "cause": "ended-by-administrator" });
    assert_eq!(told, [("console", "session.end", &finish), ("ann", "session.begin", &begin)]);
    assert!(log.iter().all(|row| row.target == expected.id));
    assert_eq!((audit_count(&store), ended(&store, &expected.id)), (rows + 2, Some((after(60), Cause::Administrator))));
}

#[test]
fn a_session_lives_half_an_hour_from_its_last_use_and_not_a_second_longer() {
    let (portal, store, ann) = house();
    let begun = start(&store, &ann, PRO, "desk").unwrap();
    let rows = audit_count(&store);
    portal.pass(30 * MINUTE - 1);
    assert_eq!(renew(&store, &begun.id), Ok(after(60 * MINUTE - 1)));
    assert_eq!(session(&store, &begun.id).unwrap().last_used, after(30 * MINUTE - 1));
    assert_eq!((last_used(&store, &ann, PRO), audit_count(&store)), (Some(after(30 * MINUTE - 1)), rows));
    portal.pass(30 * MINUTE);
    let save_until = after(120 * MINUTE - 1).to_string();
    assert_eq!(told(renew(&store, &begun.id)), (Code::SessionEnded, json!("expired"), json!(save_until)));
    let next = start(&store, &ann, PRO, "desk").unwrap();
    assert!(next.id != begun.id && ended(&store, &begun.id).is_none());
    assert_eq!(devices(&store, &ann), ["desk", "desk"]);
    let in_use = store.read(|tx| Ok(tx.member_facts(&ann)?.row().in_use.sessions.clone())).unwrap();
    assert_eq!(in_use, [product(PRO)]);
}

#[test]
fn the_same_request_gets_the_same_session_and_another_one_of_the_computer_replaces_it() {
    let (portal, store, ann) = house();
    let first = ask(&store, &ann, PRO, ("desk", "request-1")).unwrap();
    let rows = audit_count(&store);
    portal.pass(MINUTE);
    assert_eq!(ask(&store, &ann, PRO, ("desk", "request-1")), Ok(first.clone()));
    assert_eq!(audit_count(&store), rows);
    let second = ask(&store, &ann, PRO, ("desk", "request-2")).unwrap();
    assert_eq!(ended(&store, &first.id), Some((after(60), Cause::Replaced)));
    let save_until = after(61 * MINUTE).to_string();
    assert_eq!(told(renew(&store, &first.id)), (Code::SessionEnded, json!("replaced"), json!(save_until)));
    assert!(renew(&store, &second.id).is_ok());
    // The old request is not answered with what it had: that is over.
    let third = ask(&store, &ann, PRO, ("desk", "request-1")).unwrap();
    assert!(third.id != first.id && ended(&store, &second.id) == Some((after(60), Cause::Replaced)));
}

#[test]
fn a_fourth_computer_is_refused_until_a_place_is_free() {
    let (portal, store, ann) = house();
    let first = start(&store, &ann, PRO, "desk").unwrap();
    portal.pass(MINUTE);
    let second = start(&store, &ann, PRO, "laptop").unwrap();
    start(&store, &ann, PRO, "lab").unwrap();
    let refused = start(&store, &ann, PRO, "home").unwrap_err();
    assert_eq!(refused.code, Code::SessionLimitReached);
    let named: Vec<_> =
        refused.facts["sessions"].as_array().unwrap().iter().map(|one| one["computer"].clone()).collect();
    assert_eq!((named.len(), named.contains(&json!("DESK"))), (3, true));
    // Of another product, and of another member, all places are free.
    assign(&store, &ann, &[INSIGHTS]).unwrap();
    start(&store, &ann, INSIGHTS, "home").unwrap();
    start(&store, &register(&store, "gil", "gis-pro-basic").unwrap().id, PRO, "home").unwrap();
    end(&store, &second.id, Cause::Member);
    start(&store, &ann, PRO, "home").unwrap();
    assert_eq!(told(renew(&store, &second.id)).1, json!("ended-by-member"));
    portal.pass(29 * MINUTE - 1);
    assert_eq!(code(start(&store, &ann, PRO, "laptop")), Code::SessionLimitReached);
    portal.pass(1);
    start(&store, &ann, PRO, "laptop").unwrap();
    assert_eq!(ended(&store, &first.id), None);
}

#[test]
fn a_session_that_is_over_stays_over_and_keeps_its_first_cause() {
    let (portal, store, ann) = house();
    let begun = start(&store, &ann, PRO, "desk").unwrap();
    portal.pass(MINUTE);
    end(&store, &begun.id, Cause::SignedOut);
    portal.pass(MINUTE);
    end(&store, &begun.id, Cause::Administrator);
    let id = begun.id.clone();
    store.write_now(move |tx| tx.use_session(&tx.product_session(&id)?.unwrap())).unwrap();
    let kept = session(&store, &begun.id).unwrap();
    assert_eq!((kept.ended, kept.last_used), (Some((after(60), Cause::SignedOut)), at(START)));
}

#[test]
fn what_is_over_is_told_for_a_day_and_the_last_use_for_ever() {
    let (portal, store, ann) = house();
    let ended_late = start(&store, &ann, PRO, "desk").unwrap();
    let lapsed = start(&store, &ann, PRO, "laptop").unwrap();
    portal.pass(29 * MINUTE);
    end(&store, &ended_late.id, Cause::Administrator);
    assign(&store, &ann, &[INSIGHTS]).unwrap();
    // The day of the one counts from its end, of the other from when it lapsed.
    for (pass, are_kept) in [(DAY, [true, true]), (1, [false, true]), (MINUTE - 1, [false, true]), (1, [false, false])]
    {
        portal.pass(pass);
        start(&store, &ann, INSIGHTS, "desk").unwrap();
        let kept = [&ended_late, &lapsed].map(|one| session(&store, &one.id).is_some());
        assert_eq!(kept, are_kept, "{}", store.read(|tx| Ok(tx.now())).unwrap());
    }
    assert_eq!(last_used(&store, &ann, PRO), Some(at(START)));
    assert_eq!(sessions_of(&store, &ann, PRO), []);
}

#[test]
fn a_session_that_may_rest_for_days_is_not_forgotten_before_it_is_over() {
    let (portal, store, ann) = house();
    let policy = Policy { session_minutes: 3 * 24 * 60, computers: 1, ..Policy::default() };
    import(&store, only(with_policy(3, &[add_on(BASIC, 1)], policy)), None).unwrap();
    let begun = start(&store, &ann, PRO, "desk").unwrap();
    portal.pass(2 * DAY);
    assert_eq!(code(start(&store, &ann, PRO, "laptop")), Code::SessionLimitReached);
    register(&store, "gil", "gis-pro-basic").unwrap();
    assert_eq!(renew(&store, &begun.id), Ok(after(5 * DAY)));
    portal.pass(DAY + 1);
    let again = start(&store, &ann, PRO, "desk").unwrap();
    assert_eq!(ended(&store, &begun.id), Some((after(3 * DAY + 1), Cause::Replaced)));
    assert_eq!(devices(&store, &ann), ["desk", "desk"]);
    assert!(renew(&store, &again.id).is_ok());
}

#[test]
fn a_computer_that_starts_over_and_over_makes_no_room_for_a_fourth() {
    let (portal, store, ann) = house();
    for device in ["laptop", "lab"] {
        start(&store, &ann, PRO, device).unwrap();
        portal.pass(1);
    }
    for _ in 0..101 {
        start(&store, &ann, PRO, "desk").unwrap();
    }
    assert_eq!(devices(&store, &ann).get(..3).unwrap(), ["desk", "lab", "laptop"].map(str::to_owned));
    assert_eq!(code(start(&store, &ann, PRO, "home")), Code::SessionLimitReached);
}

#[test]
fn whoever_loses_the_licence_by_a_change_loses_the_running_session_with_it() {
    let (portal, store, ann) = house();
    assign(&store, &ann, &[INSIGHTS]).unwrap();
    let insights = start(&store, &ann, INSIGHTS, "desk").unwrap();
    let lapsed = start(&store, &ann, PRO, "lab").unwrap();
    portal.pass(30 * MINUTE);
    let running = ["desk", "laptop"].map(|device| start(&store, &ann, PRO, device).unwrap());
    portal.pass(MINUTE);
    let taken = unassign(&store, &ann, &[BASIC]).unwrap();
    let at_once = Some((after(31 * MINUTE), Cause::LicenseLost));
    assert_eq!(running.each_ref().map(|one| ended(&store, &one.id)), [at_once, at_once]);
    // What had lapsed before lapsed, and what is still licensed goes on.
    assert_eq!([&lapsed, &insights].map(|one| ended(&store, &one.id)), [None, None]);
    let plan = store.read(|tx| tx.change(&taken)).unwrap().unwrap().plan;
    assert_eq!(plan["members"][0]["ends_sessions_of"], json!([PRO, PRO]));
    let row = store.read(|tx| tx.audit(None, 1)).unwrap().remove(0);
    assert_eq!(row.detail["moves"][0]["ended_sessions_of"], json!([PRO]), "the log tells it too");
    portal.pass(20 * MINUTE);
    let save_until = json!(after(91 * MINUTE).to_string());
    for one in &running {
        assert_eq!(told(renew(&store, &one.id)), (Code::SessionEnded, json!("license-lost"), save_until.clone()));
    }
    // Given back, the licence opens new sessions, not the old ones.
    assign(&store, &ann, &[BASIC]).unwrap();
    assert_eq!(told(renew(&store, &running[0].id)).1, json!("license-lost"));
    start(&store, &ann, PRO, "desk").unwrap();
}

#[test]
fn another_level_of_the_product_lets_its_session_go_on() {
    let (portal, store, ann) = house();
    let begun = start(&store, &ann, PRO, "desk").unwrap();
    portal.pass(MINUTE);
    applied(&store, vec![moving(&ann, &[STANDARD, EXTENSION], &[BASIC])]).unwrap();
    assert_eq!((ended(&store, &begun.id), renew(&store, &begun.id)), (None, Ok(after(31 * MINUTE))));
}

#[test]
fn archiving_and_another_user_type_end_the_sessions_and_deleting_removes_them() {
    let (portal, store, ann) = house();
    let gil = register(&store, "gil", "gis-pro-basic").unwrap().id;
    let [of_ann, of_gil] = [&ann, &gil].map(|who| start(&store, who, PRO, "desk").unwrap());
    portal.pass(MINUTE);
    act(&store, &ann, Act::Archive).unwrap();
    change(&store, &[(&gil, "viewer")], &[]).unwrap();
    let at_once = Some((after(60), Cause::LicenseLost));
    assert_eq!([of_ann, of_gil].map(|one| ended(&store, &one.id)), [at_once, at_once]);
    change(&store, &[(&gil, "gis-pro-basic")], &[]).unwrap();
    let again = start(&store, &gil, PRO, "desk").unwrap();
    delete(&store, &gil).unwrap();
    assert_eq!((session(&store, &again.id), last_used(&store, &gil, PRO)), (None, None));
}

#[test]
fn a_disabled_member_starts_nothing_and_goes_on_once_enabled_again() {
    let (portal, store, ann) = house();
    let begun = start(&store, &ann, PRO, "desk").unwrap();
    act(&store, &ann, Act::Disable).unwrap();
    assert_eq!(code(start(&store, &ann, PRO, "laptop")), Code::MemberDisabled);
    portal.pass(MINUTE);
    act(&store, &ann, Act::Enable).unwrap();
    assert_eq!(renew(&store, &begun.id), Ok(after(31 * MINUTE)));
}

fn note(store: &Store, session_id: &str) {
    store
        .read(|tx| {
            assert!(tx.note_use(&tx.product_session(session_id)?.unwrap()));
            Ok(())
        })
        .unwrap();
}

fn written(store: &Store) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(store.write_uses()).unwrap();
}

#[test]
fn uses_that_were_noted_are_put_on_record_together_each_with_the_newest() {
    let (portal, store, ann) = house();
    let [desk, laptop] = ["desk", "laptop"].map(|device| ask(&store, &ann, PRO, (device, device)).unwrap().id);
    let rows = audit_count(&store);
    portal.pass(MINUTE);
    note(&store, &desk);
    portal.pass(MINUTE);
    note(&store, &desk);
    note(&store, &laptop);
    let used = |id: &str| session(&store, id).unwrap().last_used;
    let newest = after(2 * MINUTE);
    // Here it is known at once, on the disk not yet.
    let other = open(&portal);
    assert_eq!((used(&desk), session(&other, &desk).unwrap().last_used), (newest, at(START)));
    assert_eq!(last_used(&store, &ann, PRO), Some(at(START)));
    written(&store);
    let kept = [&desk, &laptop].map(|id| session(&other, id).unwrap().last_used);
    assert_eq!((kept, last_used(&other, &ann, PRO)), ([newest; 2], Some(newest)));
    // Nothing waits any more, and the log is not told of each use.
    portal.pass(MINUTE);
    written(&store);
    assert_eq!((used(&desk), audit_count(&store)), (newest, rows));
}

#[test]
fn a_use_that_was_noted_revives_no_session_and_no_member_and_takes_no_later_use_back() {
    let (portal, store, ann) = house();
    let [desk, laptop] = ["desk", "laptop"].map(|device| ask(&store, &ann, PRO, (device, device)).unwrap().id);
    portal.pass(MINUTE);
    note(&store, &desk);
    note(&store, &laptop);
    portal.pass(1);
    end(&store, &desk, Cause::Administrator);
    renew(&store, &laptop).unwrap();
    written(&store);
    let ended = session(&store, &desk).unwrap();
    assert_eq!((ended.last_used, ended.ended), (at(START), Some((after(MINUTE + 1), Cause::Administrator))));
    assert_eq!(session(&store, &laptop).unwrap().last_used, after(MINUTE + 1));
    assert_eq!(last_used(&store, &ann, PRO), Some(after(MINUTE + 1)));
    note(&store, &laptop);
    delete(&store, &ann).unwrap();
    written(&store);
    assert_eq!((session(&store, &laptop), last_used(&store, &ann, PRO)), (None, None));
}
