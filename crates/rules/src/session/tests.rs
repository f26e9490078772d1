use entitlement::Policy;

use super::{By, Cause, Place, SessionFacts, Start, end, may_note_later, recently, renew, start};
use crate::Refusal;
use crate::refusal::ProductRefusal;
use crate::sample::now;

const MINUTE: i64 = 60;

/// A session on that computer, last used so many seconds ago.
fn session(device: &str, seconds_ago: i64) -> SessionFacts {
    let last_used = now().plus_seconds(-seconds_ago);
    SessionFacts {
        id: format!("on-{device}"),
        device: device.to_owned(),
        device_name: device.to_uppercase(),
        request: format!("request-of-{device}"),
        created_at: last_used,
        last_used,
        ended: None,
    }
}

fn started(sessions: &[SessionFacts], device: &str, request: &str) -> Result<Start, Refusal> {
    start(Policy::default(), now(), sessions, Place { device, request })
}

fn new(replaces: Option<&str>) -> Result<Start, Refusal> {
    Ok(Start::New { replaces: replaces.map(str::to_owned) })
}

#[test]
fn a_session_is_active_for_less_than_thirty_minutes_after_its_last_use() {
    for (seconds_ago, is_active) in [(0, true), (30 * MINUTE - 1, true), (30 * MINUTE, false), (30 * MINUTE + 1, false)]
    {
        assert_eq!(session("a", seconds_ago).is_active(Policy::default(), now()), is_active, "{seconds_ago}");
    }
    let used = session("a", 12);
    assert_eq!(used.active_until(Policy::default()), used.last_used.plus_seconds(30 * MINUTE));
}

#[test]
fn three_computers_at_the_same_time_and_no_fourth() {
    let three = [session("a", 0), session("b", 60), session("c", 1799)];
    assert_eq!(started(&three[..2], "d", "r"), new(None));
    let refused = ProductRefusal::SessionLimit { computers: 3, sessions: three.to_vec() };
    assert_eq!(started(&three, "d", "r"), Err(refused.into()));
    let one_lapsed = [session("a", 0), session("b", 60), session("c", 1800)];
    assert_eq!(started(&one_lapsed, "d", "r"), new(None));
    let mut one_ended = three.clone();
    one_ended[1].ended = Some((now(), Cause::Administrator));
    assert_eq!(started(&one_ended, "d", "r"), new(None));
}

#[test]
fn the_same_computer_begins_anew_in_its_own_place_and_the_same_request_gets_the_same_session() {
    let three = [session("a", 0), session("b", 60), session("c", 120)];
    assert_eq!(started(&three, "b", "another"), new(Some("on-b")));
    assert_eq!(started(&three, "b", "request-of-b"), Ok(Start::Again { id: "on-b".to_owned() }));
    assert_eq!(started(&[session("a", 1800)], "a", "request-of-a"), new(None));
    assert_eq!(started(&three[..1], "d", "request-of-a"), new(None));
}

#[test]
fn a_session_is_renewed_while_it_is_active_and_licensed_and_told_its_end_otherwise() {
    let policy = Policy::default();
    let over = |cause, seconds_ago: i64| {
        let ended_at = now().plus_seconds(-seconds_ago);
        Err(ProductRefusal::SessionEnded { cause, ended_at, save_until: ended_at.plus_seconds(60 * MINUTE) }.into())
    };
    let ended = |cause| SessionFacts { ended: Some((now().plus_seconds(-90), cause)), ..session("a", 100) };
    let since = |seconds_ago: i64| Some(now().plus_seconds(-seconds_ago));
    let on = Ok(now().plus_seconds(30 * MINUTE));
    for (facts, licence, answer) in [
        (session("a", 1799), (true, None), on.clone()),
        (session("a", 1800), (true, None), over(Cause::Expired, 0)),
        (session("a", 1830), (true, None), over(Cause::Expired, 30)),
        (session("a", 10), (false, None), over(Cause::LicenseLost, 0)),
        (session("a", 10), (true, since(30 * MINUTE)), on),
        // In the time to save it lives to the end of that, and not as long as others.
        (session("a", 10), (true, since(60 * MINUTE - 1)), Ok(now().plus_seconds(1))),
        (session("a", 10), (true, since(60 * MINUTE)), over(Cause::LicenseLost, 60 * MINUTE)),
        (ended(Cause::Administrator), (true, None), over(Cause::Administrator, 90)),
        (ended(Cause::SignedOut), (true, None), over(Cause::SignedOut, 90)),
    ] {
        assert_eq!(renew(policy, now(), &facts, licence), answer, "{facts:?} {licence:?}");
    }
}

#[test]
fn each_cause_has_its_name() {
    let names: Vec<&str> = Cause::ALL.iter().map(|cause| cause.as_str()).collect();
    let expected = ["ended-by-administrator", "ended-by-member", "expired", "license-lost", "signed-out", "replaced"];
    assert_eq!(names, expected);
    assert_eq!(Cause::ALL.map(|cause| Cause::from_name(cause.as_str())), Cause::ALL.map(Some));
    assert_eq!(Cause::from_name("gone"), None);
}

#[test]
fn who_ends_a_session_is_its_cause_and_what_is_over_keeps_its_own() {
    let policy = Policy::default();
    for (by, cause) in
        [(By::Computer, Cause::SignedOut), (By::Member, Cause::Member), (By::Administrator, Cause::Administrator)]
    {
        assert_eq!(end((policy, now()), &session("a", 30 * MINUTE - 1), by), Some(cause));
        assert_eq!(end((policy, now()), &session("a", 30 * MINUTE), by), None);
        let ended = SessionFacts { ended: Some((now(), Cause::Replaced)), ..session("a", 0) };
        assert_eq!(end((policy, now()), &ended, by), None);
    }
}

#[test]
fn recently_is_within_the_life_of_a_session() {
    let at = recently(Policy::default(), now());
    for (seconds_ago, is_active) in [(30 * MINUTE - 1, true), (30 * MINUTE, false)] {
        let one = session("a", seconds_ago);
        assert_eq!((one.last_used > at, one.is_active(Policy::default(), now())), (is_active, is_active));
    }
}

#[test]
fn a_use_is_put_on_record_late_only_a_moment_after_another_and_while_the_session_lives_on_without_it() {
    let policy = Policy::default();
    let late = |seconds_ago: i64| may_note_later(policy, now(), &session("a", seconds_ago));
    assert_eq!([0, MINUTE, 2 * MINUTE - 1].map(late), [true; 3]);
    assert_eq!([2 * MINUTE, 29 * MINUTE, 30 * MINUTE].map(late), [false; 3]);
    let short = Policy { session_minutes: 2, ..policy };
    let late = |seconds_ago: i64| may_note_later(short, now(), &session("a", seconds_ago));
    assert_eq!([0, MINUTE - 1, MINUTE].map(late), [true, true, false]);
    // A policy of one minute leaves no time at all.
    let short = Policy { session_minutes: 1, ..policy };
    assert!(!may_note_later(short, now(), &session("a", 0)));
}
