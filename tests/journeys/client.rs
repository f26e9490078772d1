//! The crate that products use, against a portal whose clock is turned: sessions, their ends, and use offline.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request as HttpRequest;
use client::{
    Answer, Cause, ClientError, Device, DeviceKey, ProductSession, Refusal, Request, SignedIn, Standing, Start,
    Transport,
};
use entitlement::{AddOnLine, Label, Moment, Name, ProductId};
use serde_json::json;
use tests::files::{at, order, roots};
use tests::people::Person;
use tests::portal::{PASSWORD, Portal};
use tokio::runtime::Runtime;

/// Carries the requests of a product to the portal of the journey.
#[derive(Clone)]
struct Wire {
    portal: Portal,
    runtime: Arc<Runtime>,
}

impl Transport for Wire {
    fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
        let mut sent = HttpRequest::builder().method(request.method.as_str()).uri(request.path);
        if let Some(token) = request.token {
            sent = sent.header("authorization", format!("Bearer {token}"));
        }
        let body = request.body.map(|body| body.to_vec()).unwrap_or_default();
        let sent = sent.header("content-type", "application/json").body(Body::from(body)).expect("a request");
        let answer = self.runtime.block_on(self.portal.sends(sent));
        Ok(Answer { status: answer.status, body: answer.text() })
    }

    fn pause(&self, pause: Duration) {
        panic!("nothing is repeated, and this waits {pause:?}")
    }
}

/// A bound portal with licences of Pro, its administrator ana, and the Creator carla who has one.
struct House {
    wire: Wire,
    ana: Person,
}

impl House {
    fn open() -> Self {
        let runtime = Arc::new(Runtime::new().expect("a runtime"));
        let (portal, ana) = runtime.block_on(async {
            let portal = Portal::not_activated();
            let mut file = order(1, &[("viewer", 5), ("creator", 5)]).bound_to(portal.key.clone());
            let id = "arcgis-pro-standard".parse().expect("an id");
            file.0.add_ons.push(AddOnLine { id, count: 2, from: None, until: None, trial: None });
            portal.activate(&file).await.expect("the file is good");
            let ana = portal.administrator().await;
            let carla = ana.adds("carla", "creator").await;
            ana.puts(&format!("/members/{}/add-ons/arcgis-pro-standard", carla.id), &json!({})).await.expecting(200);
            (portal, ana)
        });
        Self { wire: Wire { portal, runtime }, ana }
    }

    /// Carla, signed in on one more computer.
    fn carla(&self) -> SignedIn<Wire> {
        client::Portal::over(self.wire.clone()).sign_in("carla", PASSWORD).expect("carla signs in")
    }

    /// The time of every clock of the journey.
    fn now(&self) -> Moment {
        self.wire.portal.clock.wall()
    }

    fn later(&self, seconds: u32) {
        self.wire.portal.clock.advance(seconds);
    }

    /// Starts Pro for carla on a computer.
    fn starts(&self, carla: &SignedIn<Wire>, computer: &Device) -> Result<ProductSession, ClientError> {
        carla.start(&Start::new(pro()).expect("randomness"), computer, self.now())
    }

    /// Ana ends a session.
    fn ana_ends(&self, session: &ProductSession) {
        let address = format!("/products/arcgis-pro/sessions/{}", session.grant().id);
        self.wire.runtime.block_on(self.ana.deletes(&address)).expecting(204);
    }

    /// Computer, last use and end of each session that ana sees in the activity.
    fn activity(&self) -> Vec<[String; 3]> {
        let activity = self.wire.runtime.block_on(self.ana.gets("/products/arcgis-pro/activity")).expecting(200).json();
        let sessions = activity["items"][0]["sessions"].as_array().expect("sessions").clone();
        let shown = |one: &serde_json::Value| {
            ["computer", "last_used", "active_until"].map(|name| one[name].as_str().expect("a text").to_owned())
        };
        sessions.iter().map(shown).collect()
    }
}

fn pro() -> ProductId {
    "arcgis-pro".parse().expect("an id")
}

fn computer(name: &str) -> Device {
    let (id, name) = (Label::parse(&name.to_lowercase()), Name::parse(name));
    Device::new(id.expect("an id"), name.expect("a name"), DeviceKey::generate().expect("randomness"))
}

fn refused<T>(outcome: Result<T, ClientError>) -> Refusal {
    match outcome {
        Err(ClientError::Refused(refusal)) => *refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was granted"),
    }
}

/// Carla works, and is told that it is over: the cause, and until when she may save.
fn works_and_is_told(house: &House, carla: &SignedIn<Wire>, session: &mut ProductSession) -> (Cause, Moment) {
    session.used();
    match session.attend(carla, house.now()) {
        Ok(Standing::Ended(ended)) => {
            let until = ended.save_until;
            let message =
                format!("This computer is not connected to a licensing portal any more. Save your work by {until}.");
            assert_eq!(ended.message, message);
            (ended.cause, until)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_session_lives_by_use_and_ends_thirty_minutes_after_it() {
    let house = House::open();
    let (carla, desk) = (house.carla(), computer("Desk"));
    let mut session = house.starts(&carla, &desk).unwrap();
    assert_eq!((session.grant().level.as_deref(), session.grant().created_at), (Some("standard"), house.now()));
    // An hour of work, a key every ten minutes: one session all the time.
    for _ in 0..6 {
        house.later(600);
        session.used();
        let until = house.now().plus_seconds(30 * 60);
        assert_eq!(session.attend(&carla, house.now()), Ok(Standing::Active { until }));
        assert_eq!(house.activity(), [["Desk".to_owned(), house.now().to_string(), until.to_string()]]);
    }
    // A last key in the last second.
    house.later(30 * 60 - 1);
    session.used();
    let until = at("2026-12-01T10:59:59Z");
    assert_eq!(session.attend(&carla, house.now()), Ok(Standing::Active { until }));
    house.later(30 * 60);
    assert_eq!(session.attend(&carla, house.now()), Ok(Standing::Lapsed));
    assert!(house.activity().is_empty());
    let next = house.starts(&carla, &desk).unwrap();
    assert_ne!(next.grant().id, session.grant().id);
    assert_eq!(next.grant().created_at, at("2026-12-01T10:59:59Z"));
}

#[test]
fn a_session_that_an_administrator_ends_is_told_at_the_next_use_and_leaves_sixty_minutes_to_save() {
    let house = House::open();
    let (carla, desk) = (house.carla(), computer("Desk"));
    let mut session = house.starts(&carla, &desk).unwrap();
    house.later(5 * 60);
    house.ana_ends(&session);
    house.later(2 * 60);
    let told = works_and_is_told(&house, &carla, &mut session);
    assert_eq!(told, (Cause::Administrator, at("2026-12-01T10:05:00Z")));
    // Said once and for all, whatever the user does.
    house.later(58 * 60);
    assert_eq!(works_and_is_told(&house, &carla, &mut session), told);
    // The place was free at once.
    let again = house.starts(&carla, &desk).unwrap();
    assert_eq!(house.activity().len(), 1);
    carla.leave(&again).unwrap();
    assert!(house.activity().is_empty());
}

#[test]
fn of_four_computers_the_fourth_is_told_the_three_and_may_end_one() {
    let house = House::open();
    let carla = house.carla();
    let [one, two, three, four] = ["Desk", "Laptop", "Field", "Home"].map(computer);
    let mut first = house.starts(&carla, &one).unwrap();
    house.later(60);
    let second = house.starts(&carla, &two).unwrap();
    house.later(60);
    let third = house.starts(&carla, &three).unwrap();
    house.later(60);
    let refusal = refused(house.starts(&carla, &four));
    assert_eq!((refusal.status, refusal.code.as_str()), (409, "session-limit-reached"));
    let detail = "You are signed in on 3 computers: Field, Laptop, Desk. End one of these sessions to continue.";
    assert_eq!(refusal.detail, detail);
    let named = [(&third, "Field"), (&second, "Laptop"), (&first, "Desk")];
    assert_eq!(refusal.sessions(), named.map(|(session, name)| (session.grant().id.clone(), name.to_owned())));
    carla.end_session(&pro(), &first.grant().id).unwrap();
    house.starts(&carla, &four).unwrap();
    assert_eq!(works_and_is_told(&house, &carla, &mut first), (Cause::Member, at("2026-12-01T10:03:00Z")));
}

#[test]
fn starting_again_on_a_computer_takes_the_place_of_its_session_and_signing_out_frees_it() {
    let house = House::open();
    let (carla, desk) = (house.carla(), computer("Desk"));
    let mut old = house.starts(&carla, &desk).unwrap();
    let wish = Start::new(pro()).unwrap();
    let new = carla.start(&wish, &desk, house.now()).unwrap();
    assert_ne!(new.grant().id, old.grant().id);
    // The same wish once more, as after a crash.
    let same = carla.start(&Start::again(pro(), wish.request_id()), &desk, house.now()).unwrap();
    assert_eq!(same.grant(), new.grant());
    house.later(60);
    assert_eq!(works_and_is_told(&house, &carla, &mut old), (Cause::Replaced, at("2026-12-01T10:00:00Z")));
    assert_eq!(house.activity().len(), 1);
    carla.leave(&new).unwrap();
    carla.leave(&new).unwrap();
    let mut left = same;
    assert_eq!(works_and_is_told(&house, &carla, &mut left), (Cause::SignedOut, at("2026-12-01T10:01:00Z")));
}

#[test]
fn offline_a_computer_needs_nobody_until_the_lease_ends_and_brings_it_home_before() {
    let house = House::open();
    let (carla, laptop, desk) = (house.carla(), computer("Laptop"), computer("Desk"));
    let checkout = carla.check_out(&pro(), &laptop).unwrap();
    assert_eq!(checkout.until, at("2026-12-31T09:00:00Z"));
    assert_eq!(carla.check_out(&pro(), &laptop).unwrap(), checkout);
    let files = carla.files_of(&checkout.lease).unwrap();
    let verified = |moment: &str| files.verify(&roots(), "laptop", at(moment)).map(|lease| lease.until());
    assert_eq!(verified("2026-12-01T09:00:00Z"), Ok(checkout.until));
    assert_eq!(verified("2026-12-31T08:59:59Z"), Ok(checkout.until));
    assert_eq!(verified("2026-12-31T09:00:00Z").unwrap_err().code(), "lease-ended");
    assert_eq!(verified("2026-12-01T08:59:59Z").unwrap_err().code(), "lease-not-begun");
    let on_the_desk = files.verify(&roots(), "desk", house.now()).unwrap_err();
    assert_eq!(on_the_desk.code(), "lease-other-device");
    // Meanwhile nowhere else.
    let elsewhere = refused(house.starts(&carla, &desk));
    assert_eq!((elsewhere.status, elsewhere.code.as_str()), (409, "offline-elsewhere"));
    assert_eq!((elsewhere.fact("computer"), elsewhere.fact("until")), (Some("Laptop"), Some("2026-12-31T09:00:00Z")));
    assert_eq!(refused(carla.check_out(&pro(), &desk)).code, "offline-elsewhere");
    assert_eq!(refused(carla.check_in(&pro(), &checkout.id, &desk)).code, "validation-failed");
    carla.check_in(&pro(), &checkout.id, &laptop).unwrap();
    carla.check_in(&pro(), &checkout.id, &laptop).unwrap();
    house.starts(&carla, &desk).unwrap();
    assert_eq!(carla.check_out(&pro(), &desk).unwrap().device_id, "desk");
}

#[test]
fn after_a_release_the_next_checkout_waits_for_the_return_code_of_the_computer() {
    let house = House::open();
    let (carla, laptop, desk) = (house.carla(), computer("Laptop"), computer("Desk"));
    let checkout = carla.check_out(&pro(), &laptop).unwrap();
    let files = carla.files_of(&checkout.lease).unwrap();
    let release = format!("/products/arcgis-pro/checkouts/{}/release", checkout.id);
    house.wire.runtime.block_on(house.ana.posts(&release, &json!({}))).expecting(200);
    // Online at once; offline not, because the laptop may still have its lease.
    house.starts(&carla, &desk).unwrap();
    assert_eq!(refused(carla.check_out(&pro(), &desk)).code, "offline-elsewhere");
    let impostor = computer("Laptop");
    assert!(files.return_code(&roots(), &impostor, house.now()).is_err());
    let code = files.return_code(&roots(), &laptop, house.now()).unwrap();
    let (said, signature) = code.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{said}.{first}{}", &signature[1..]);
    assert_eq!(refused(carla.hand_in(&pro(), &checkout.id, &forged)).code, "license-signature");
    carla.hand_in(&pro(), &checkout.id, &code).unwrap();
    carla.hand_in(&pro(), &checkout.id, &code).unwrap();
    assert_eq!(carla.check_out(&pro(), &desk).unwrap().device_id, "desk");
}

#[test]
fn offline_use_that_is_switched_off_refuses_new_leases_and_lets_the_ones_out_come_home() {
    let house = House::open();
    let (carla, laptop) = (house.carla(), computer("Laptop"));
    let checkout = carla.check_out(&pro(), &laptop).unwrap();
    let off = json!({"allowed": false, "most_days": null});
    house.wire.runtime.block_on(house.ana.puts("/settings/offline", &off)).expecting(200);
    assert_eq!(carla.check_out(&pro(), &laptop).unwrap(), checkout);
    carla.check_in(&pro(), &checkout.id, &laptop).unwrap();
    let refusal = refused(carla.check_out(&pro(), &laptop));
    assert_eq!((refusal.status, refusal.code.as_str()), (403, "offline-disabled"));
}
