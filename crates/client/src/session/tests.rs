//! A session against a portal that says what the test lets it say.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use entitlement::{Label, Moment, Name};

use super::{Cause, Standing};
use crate::{Answer, ClientError, Device, DeviceKey, Portal, ProductSession, Request, SignedIn, Start, Transport};

/// What the portal says next, and what it was asked.
#[derive(Default)]
struct Script {
    answers: VecDeque<Result<Answer, String>>,
    asked: Vec<String>,
    pauses: Vec<u64>,
}

#[derive(Clone, Default)]
struct Scripted(Rc<RefCell<Script>>);

impl Transport for Scripted {
    fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
        let mut script = self.0.borrow_mut();
        let body = request.body.map(|body| String::from_utf8(body.to_vec()).unwrap()).unwrap_or_default();
        script.asked.push(format!("{} {} {body}", request.method.as_str(), request.path).trim_end().to_owned());
        script.answers.pop_front().unwrap_or_else(|| Err("nothing more is said".to_owned()))
    }

    fn pause(&self, pause: Duration) {
        self.0.borrow_mut().pauses.push(pause.as_secs());
    }
}

impl Scripted {
    fn says(&self, status: u16, body: impl Into<String>) {
        self.0.borrow_mut().answers.push_back(Ok(Answer { status, body: body.into() }));
    }

    fn is_silent(&self) {
        self.0.borrow_mut().answers.push_back(Err("connection reset".to_owned()));
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.borrow_mut().asked)
    }
}

fn at(time: &str) -> Moment {
    Moment::parse(&format!("2026-12-01T{time}Z")).unwrap()
}

fn grant(used: &str, until: &str) -> String {
    format!(
        r#"{{"id": "ses_1", "product": "arcgis-pro", "level": "standard", "extensions": ["spatial-analyst"],
            "created_at": "2026-12-01T09:00:00Z", "last_used": "2026-12-01T{used}Z",
            "active_until": "2026-12-01T{until}Z", "lease": null, "a_later_member": 1}}"#
    )
}

fn signed_in(portal: &Scripted) -> SignedIn<Scripted> {
    portal.says(200, r#"{"token": "swp_1", "member": {"id": "mem_1", "username": "ada"}}"#);
    let ada = Portal::over(portal.clone()).sign_in("ada", "a password").unwrap();
    assert_eq!(portal.asked(), [r#"POST /api/v1/session {"username":"ada","password":"a password"}"#]);
    ada
}

fn laptop() -> Device {
    let key = DeviceKey::generate().unwrap();
    Device::new(Label::parse("pc 1").unwrap(), Name::parse("Laptop").unwrap(), key)
}

/// A session that began at nine by both clocks.
fn begun(portal: &Scripted) -> (SignedIn<Scripted>, ProductSession) {
    let ada = signed_in(portal);
    portal.says(201, grant("09:00:00", "09:30:00"));
    let start = Start::again("arcgis-pro".parse().unwrap(), "r1");
    let session = ada.start(&start, &laptop(), at("09:00:00")).unwrap();
    portal.asked();
    (ada, session)
}

#[test]
fn an_idle_session_asks_nothing_and_lapses_at_its_thirtieth_minute() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    assert_eq!(session.attend(&ada, at("09:29:59")), Ok(Standing::Active { until: at("09:30:00") }));
    assert_eq!(session.attend(&ada, at("09:30:00")), Ok(Standing::Lapsed));
    session.used();
    assert_eq!(session.attend(&ada, at("09:30:01")), Ok(Standing::Lapsed));
    assert_eq!(portal.asked(), [""; 0]);
}

#[test]
fn a_used_session_is_renewed_once_a_minute_and_not_more_often() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    let renewal = "POST /api/v1/products/arcgis-pro/sessions/ses_1/renew";
    session.used();
    assert_eq!(session.attend(&ada, at("09:00:59")), Ok(Standing::Active { until: at("09:30:00") }));
    assert_eq!(portal.asked(), [""; 0]);
    portal.says(200, grant("09:01:00", "09:31:00"));
    assert_eq!(session.attend(&ada, at("09:01:00")), Ok(Standing::Active { until: at("09:31:00") }));
    assert_eq!(portal.asked(), [renewal]);
    // Not used since: nothing is asked, however long.
    assert_eq!(session.attend(&ada, at("09:20:00")), Ok(Standing::Active { until: at("09:31:00") }));
    assert_eq!(portal.asked(), [""; 0]);
    // A clock that was set back by an hour puts nothing off.
    session.used();
    portal.says(200, grant("09:21:00", "09:51:00"));
    assert_eq!(session.attend(&ada, at("08:20:00")), Ok(Standing::Active { until: at("08:50:00") }));
    assert_eq!(portal.asked(), [renewal]);
    assert_eq!(session.grant().extensions, ["spatial-analyst"]);
}

#[test]
fn a_renewal_for_a_time_that_is_over_is_a_lapse_and_not_an_active_session() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    for (used, until) in [("09:01:00", "08:31:00"), ("09:01:00", "09:01:00")] {
        session.used();
        portal.says(200, grant(used, until));
        assert_eq!(session.attend(&ada, at("09:01:00")), Ok(Standing::Lapsed), "{until}");
    }
}

#[test]
fn a_computer_whose_clock_differs_counts_by_its_own() {
    let portal = Scripted::default();
    let ada = signed_in(&portal);
    portal.says(201, grant("09:00:00", "09:30:00"));
    let start = Start::again("arcgis-pro".parse().unwrap(), "r1");
    let mut session = ada.start(&start, &laptop(), at("14:00:00")).unwrap();
    assert_eq!(session.attend(&ada, at("14:29:59")), Ok(Standing::Active { until: at("14:30:00") }));
    assert_eq!(session.attend(&ada, at("14:30:00")), Ok(Standing::Lapsed));
}

#[test]
fn an_ended_session_is_told_with_its_cause_and_the_time_to_save_and_stays_ended() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    session.used();
    portal.says(410, ended("ended-by-administrator"));
    let Ok(Standing::Ended(ended)) = session.attend(&ada, at("09:05:00")) else { panic!("it is over") };
    assert_eq!(
        (&ended.cause, ended.ended_at, ended.save_until),
        (&Cause::Administrator, at("09:04:00"), at("10:04:00"))
    );
    assert_eq!(ended.message, "Save your work.");
    session.used();
    assert_eq!(session.attend(&ada, at("09:10:00")), Ok(Standing::Ended(ended)));
    assert_eq!(portal.asked().len(), 1);
}

fn ended(cause: &str) -> String {
    format!(
        r#"{{"code": "session-ended", "status": 410, "detail": "Save your work.", "fix": "Start again.",
            "cause": "{cause}", "ended_at": "2026-12-01T09:04:00Z", "save_until": "2026-12-01T10:04:00Z"}}"#
    )
}

#[test]
fn the_time_to_save_is_told_by_the_clock_of_the_computer() {
    let portal = Scripted::default();
    let ada = signed_in(&portal);
    portal.says(201, grant("09:00:00", "09:30:00"));
    let mut session = ada.start(&Start::again("arcgis-pro".parse().unwrap(), "r1"), &laptop(), at("04:00:00")).unwrap();
    session.used();
    portal.says(410, ended("ended-by-administrator"));
    let Ok(Standing::Ended(ended)) = session.attend(&ada, at("04:05:00")) else { panic!("it is over") };
    assert_eq!((ended.ended_at, ended.save_until), (at("04:04:00"), at("05:04:00")));
}

#[test]
fn a_session_that_has_expired_at_the_portal_has_lapsed_and_nothing_was_taken() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    session.used();
    portal.says(410, ended("expired"));
    assert_eq!(session.attend(&ada, at("09:05:00")), Ok(Standing::Lapsed));
    assert!(session.is_used());
    assert_eq!(session.attend(&ada, at("09:06:00")), Ok(Standing::Lapsed));
}

#[test]
fn a_renewal_without_an_answer_or_during_a_lockout_ends_nothing() {
    let portal = Scripted::default();
    let (ada, mut session) = begun(&portal);
    session.used();
    portal.is_silent();
    assert_eq!(session.attend(&ada, at("09:05:00")), Err(ClientError::Silent { why: "connection reset".to_owned() }));
    // Not before the next minute.
    assert_eq!(session.attend(&ada, at("09:05:30")), Ok(Standing::Active { until: at("09:30:00") }));
    portal.says(403, r#"{"code": "user-type-over-limit", "detail": "Contact your administrator.", "fix": "Wait."}"#);
    let refused = session.attend(&ada, at("09:06:00")).unwrap_err();
    assert_eq!(refused.code(), Some("user-type-over-limit"));
    portal.says(200, grant("09:07:00", "09:37:00"));
    assert_eq!(session.attend(&ada, at("09:07:00")), Ok(Standing::Active { until: at("09:37:00") }));
}

#[test]
fn a_lost_answer_to_a_start_is_asked_for_again_with_the_same_request_id() {
    let portal = Scripted::default();
    let ada = signed_in(&portal);
    let start = Start::new("arcgis-pro".parse().unwrap()).unwrap();
    portal.is_silent();
    portal.says(502, "<html>Bad Gateway</html>");
    portal.says(201, grant("09:00:00", "09:30:00"));
    ada.start(&start, &laptop(), at("09:00:00")).unwrap();
    let asked = portal.asked();
    let same = format!(
        r#"POST /api/v1/products/arcgis-pro/sessions {{"computer":"Laptop","device_id":"pc 1","request_id":"{}"}}"#,
        start.request_id()
    );
    assert_eq!(asked, [same.as_str(); 3]);
    assert_eq!(portal.0.borrow().pauses, [1, 3]);
    assert_ne!(Start::new("arcgis-pro".parse().unwrap()).unwrap().request_id(), start.request_id());
    // Three silences are told; the caller has the same wish in his hand.
    let silent = ada.start(&start, &laptop(), at("09:00:00")).unwrap_err();
    assert_eq!(silent, ClientError::Silent { why: "nothing more is said".to_owned() });
    assert_eq!(portal.asked(), [same.as_str(); 3]);
}

#[test]
fn a_refusal_is_told_once_with_its_code_and_its_facts() {
    let portal = Scripted::default();
    let ada = signed_in(&portal);
    portal.says(
        409,
        r#"{"code": "session-limit-reached", "detail": "Three computers.", "fix": "End one.", "computers": 3,
            "sessions": [{"id": "ses_1", "computer": "PC 1"}, {"id": "ses_2", "computer": "PC 2"}]}"#,
    );
    let start = Start::new("arcgis-pro".parse().unwrap()).unwrap();
    let ClientError::Refused(refusal) = ada.start(&start, &laptop(), at("09:00:00")).unwrap_err() else {
        panic!("a refusal")
    };
    assert_eq!((refusal.status, refusal.to_string().as_str()), (409, "Three computers. (session-limit-reached)"));
    let sessions = [("ses_1", "PC 1"), ("ses_2", "PC 2")].map(|(id, name)| (id.to_owned(), name.to_owned()));
    assert_eq!(refusal.sessions(), sessions);
    assert_eq!(portal.asked().len(), 1);
}

#[test]
fn what_is_no_portal_is_called_strange() {
    let portal = Scripted::default();
    let ada = signed_in(&portal);
    let start = Start::new("arcgis-pro".parse().unwrap()).unwrap();
    for (status, body) in [(200, "<html>"), (200, "{}"), (404, "not here"), (403, r#"{"detail": "No."}"#)] {
        portal.says(status, body);
        let error = ada.start(&start, &laptop(), at("09:00:00")).unwrap_err();
        assert!(matches!(error, ClientError::Strange { .. }), "{status} {body}: {error}");
    }
    // An id from a portal leads to no other address.
    let product = "arcgis-pro".parse().unwrap();
    assert!(matches!(ada.end_session(&product, "../../session"), Err(ClientError::Strange { .. })));
    portal.asked();
    portal.says(204, "");
    ada.check_in(&product, "chk_1", &laptop()).unwrap();
    assert_eq!(portal.asked(), ["DELETE /api/v1/products/arcgis-pro/checkouts/chk_1?device_id=pc%201"]);
}
