//! The machine's clock turned back and forth under the real program: no term and no session lives longer for it, a jump that
//! was taken back leaves no trace, and an administrator can sign in at any time.

use entitlement::{EntitlementDraft, Moment};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::faked::FakedClock;
use crate::house::{House, PASSWORD, Serving, ending, facts, told};
use crate::http::Client;
use crate::product_line::PRO;
use crate::vendor::{self, Vendor, draft};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// Who works on Pro holds it by type here.
const SEATS: &[(&str, u32)] = &[("viewer", 5), ("creator", 2), ("gis-pro-basic", 2)];

/// A portal on a clock that can be turned, with a license that ends tomorrow at this time, and the viewer ben.
struct Office {
    house: House,
    clock: FakedClock,
    end: Moment,
}

impl Office {
    fn open(name: &str, clock: impl FnOnce(&std::path::Path) -> FakedClock) -> Self {
        let house = House::empty(name);
        let clock = clock(&house.folder);
        let build = clock.on(house.build.clone());
        let (house, end) = (house.under(build), vendor::now().plus_seconds(DAY));
        house.activate(&file(1, end), &vendor::keys().join("demo.trust.json"));
        let office = Self { house, clock, end };
        let serving = office.house.serve();
        serving.adds("ben", "viewer");
        serving.adds("gita", "gis-pro-basic");
        close(serving);
        office
    }

    /// Serves it with the clock so many seconds off.
    fn serve_at(&self, seconds: i64) -> Serving {
        self.clock.turn(seconds);
        self.house.serve()
    }
}

/// The file of that sequence, with its end.
fn file(sequence: u32, end: Moment) -> String {
    Vendor::demonstration().license(&EntitlementDraft { exp: Some(end), ..draft(sequence, SEATS) })
}

fn close(serving: Serving) {
    assert_eq!(serving.ask_to_end(Signal::TERM), Some(0));
}

/// What the portal says of itself to an administrator, who signs in for it.
fn status(serving: &Serving) -> Value {
    let answer = serving.admin().get("/api/v1/status").expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

fn now(status: &Value) -> Moment {
    vendor::at(status["now"].as_str().expect("a time"))
}

/// The code that a member's sign-in ends with; nothing when the member is in.
fn sign_in(serving: &Serving, username: &str) -> Option<String> {
    let entry = json!({"username": username, "password": PASSWORD});
    let answer = serving.anonymous().post("/api/v1/session", &entry).expect("an answer");
    (answer.status != 200).then(|| answer.code().to_owned())
}

/// The license is in its term: it gives its seats, and members come in.
fn counts(serving: &Serving) -> Moment {
    let said = status(serving);
    assert_eq!((&said["license"]["state"], &said["license"]["user_types"]["viewer"]), (&json!("in-term"), &json!(5)));
    assert_eq!((&said["compliant"], sign_in(serving, "ben")), (&json!(true), None));
    now(&said)
}

/// The license has ended: it gives nothing, and nobody but an administrator comes in.
fn has_ended(serving: &Serving) -> Moment {
    let said = status(serving);
    let nothing = json!({"viewer": 0, "creator": 0, "gis-pro-basic": 0});
    assert_eq!((&said["license"]["state"], &said["license"]["user_types"]), (&json!("ended"), &nothing));
    assert_eq!((&said["compliant"], sign_in(serving, "ben").as_deref()), (&json!(false), Some("user-type-over-limit")));
    assert_eq!(serving.admin().register("eve", "viewer").expect("an answer").code(), "creation-blocked-not-compliant");
    now(&said)
}

/// The time that the portal goes by is the right one, give or take the two minutes that a clock may be corrected by.
fn is_right(now: Moment) {
    let off = now.unix() - vendor::now().unix();
    assert!(off.abs() <= 2 * MINUTE, "{off} seconds off");
}

#[test]
fn a_license_that_ends_tomorrow_ends_after_that_day_has_passed_whatever_the_clock_says() {
    for (name, back) in [("clock-day-back", -DAY), ("clock-year-back", -YEAR)] {
        let office = Office::open(name, FakedClock::with_all_hands);
        let serving = office.serve_at(0);
        let before = counts(&serving);
        close(serving);

        // Stopped, turned back, started: it goes on from where it was.
        let serving = office.serve_at(back);
        let after = counts(&serving);
        assert!(before <= after && after.unix() - before.unix() <= 2 * MINUTE, "{before} {after}");
        // The process runs for a day and an hour; the machine's clock says that there is time left.
        office.clock.turn(back + DAY + HOUR);
        assert!(vendor::now().plus_seconds(back + DAY + HOUR) < office.end.plus_seconds(2 * HOUR));
        assert!(has_ended(&serving) >= office.end);
        close(serving);

        let serving = office.serve_at(back);
        assert!(has_ended(&serving) >= office.end);
        close(serving);
        assert_eq!(office.house.run(&["status", "--check"]).status.code(), Some(20));
    }
}

#[test]
fn a_clock_turned_back_while_it_runs_takes_no_second_back() {
    let office = Office::open("clock-running-back", FakedClock::of_the_wall);
    let serving = office.serve_at(0);
    let mut last = counts(&serving);
    for seconds in [-MINUTE, -DAY, -YEAR, -50 * YEAR, 0] {
        office.clock.turn(seconds);
        let now = counts(&serving);
        assert!(last <= now, "{seconds}: {last} {now}");
        is_right(now);
        last = now;
    }
    close(serving);
}

#[test]
fn an_ended_license_stays_ended_after_the_clock_was_turned_back() {
    let office = Office::open("clock-ended", FakedClock::of_the_wall);
    let serving = office.serve_at(0);
    counts(&serving);
    // A day goes by in two steps that a clock may make.
    office.clock.turn(23 * HOUR);
    counts(&serving);
    office.clock.turn(25 * HOUR);
    assert!(has_ended(&serving) >= office.end);
    for seconds in [24 * HOUR - MINUTE, 0, -YEAR] {
        office.clock.turn(seconds);
        assert!(has_ended(&serving) >= office.end, "{seconds}");
    }
    close(serving);

    for seconds in [0, -DAY, -YEAR] {
        let serving = office.serve_at(seconds);
        assert!(has_ended(&serving) >= office.end, "{seconds}");
        // Nor does another file of the same days begin.
        let again = office.house.write("again.json", file(2, office.end).as_bytes());
        let refused = office.house.run(&["license", "import", &again]);
        assert_eq!(ending(&refused), (Some(20), "license-ended".to_owned()), "{seconds}");
        let bytes = file(2, office.end).into_bytes();
        let preview = serving.admin().upload("/api/v1/license-previews", "application/json", bytes).expect("an answer");
        assert_eq!((preview.status, preview.code()), (422, "license-ended"), "{seconds}");
        close(serving);
    }
    // The vendor's next file is the way on.
    let next = office.house.write("next.json", file(3, office.end.plus_seconds(YEAR)).as_bytes());
    assert_eq!(office.house.run(&["license", "import", &next]).status.code(), Some(0));
    counts(&office.serve_at(0));
}

#[test]
fn a_year_ahead_that_is_taken_back_within_the_hour_leaves_no_trace() {
    let office = Office::open("clock-year-ahead", FakedClock::of_the_wall);
    let serving = office.serve_at(0);
    is_right(counts(&serving));
    office.clock.turn(YEAR);
    assert!(has_ended(&serving).unix() - vendor::now().unix() >= YEAR - 2 * MINUTE);
    office.clock.turn(0);
    is_right(counts(&serving));

    // Again, and this time the machine starts so, is stopped, and is set right.
    close(serving);
    let serving = office.serve_at(YEAR);
    has_ended(&serving);
    close(serving);
    assert_eq!(office.house.run(&["status", "--check"]).status.code(), Some(20));
    let serving = office.serve_at(0);
    is_right(counts(&serving));
    close(serving);
    assert_eq!(office.house.run(&["status", "--check"]).status.code(), Some(0));
}

#[test]
fn a_year_ahead_that_holds_for_an_hour_is_on_record_and_a_restart_does_not_take_it_back() {
    let office = Office::open("clock-year-held", FakedClock::with_all_hands);
    let serving = office.serve_at(YEAR);
    has_ended(&serving);
    // An hour and a minute pass in this process.
    office.clock.turn(YEAR + HOUR + MINUTE);
    has_ended(&serving);
    close(serving);
    let serving = office.serve_at(0);
    let now = has_ended(&serving);
    assert!(now.unix() - vendor::now().unix() >= YEAR, "{now}");
    assert_eq!(status(&serving)["notices"][1]["code"], "clock-behind");

    // The way back, beside the portal that is served.
    let shown = facts(&office.house.run(&["clock", "show", "--json"]));
    assert_eq!((&shown["stand"], &shown["accepted"]), (&json!("behind"), &json!(0)));
    let rehearsed = facts(&office.house.run(&["clock", "accept", "--dry-run", "--json"]));
    assert_eq!((&rehearsed["changed"], &rehearsed["dry_run"]), (&json!(true), &json!(true)));
    has_ended(&serving);
    told(&office.house.run(&["clock", "accept"]));
    is_right(counts(&serving));
    let again = facts(&office.house.run(&["clock", "accept", "--json"]));
    assert_eq!((&again["changed"], &again["accepted"]), (&json!(false), &json!(1)));
    close(serving);
    let serving = office.serve_at(0);
    is_right(counts(&serving));
    close(serving);
}

/// What becomes of a request with this token.
fn standing(client: &Client) -> (u16, String) {
    let answer = client.get("/api/v1/me").expect("an answer");
    (answer.status, answer.code().to_owned())
}

#[test]
fn a_sign_in_lasts_a_day_of_the_process_when_the_clock_goes_back() {
    for (name, back) in [("clock-token-day", -DAY), ("clock-token-year", -YEAR)] {
        let office = Office::open(name, FakedClock::with_all_hands);
        let long = office.house.write("long.json", file(2, office.end.plus_seconds(YEAR)).as_bytes());
        assert_eq!(office.house.run(&["license", "import", &long]).status.code(), Some(0));
        let serving = office.serve_at(0);
        let token = Client::signed_in(&serving.address, "ben", PASSWORD);
        close(serving);

        let serving = office.serve_at(back);
        let token = token.moved_to(&serving.address);
        assert_eq!(standing(&token), (200, String::new()));
        office.clock.turn(back + 23 * HOUR);
        assert_eq!(standing(&token), (200, String::new()));
        office.clock.turn(back + DAY + MINUTE);
        assert_eq!(standing(&token), (401, "not-signed-in".to_owned()));
        assert_eq!(sign_in(&serving, "ben"), None);
        status(&serving);
        close(serving);
        let serving = office.serve_at(back);
        assert_eq!(standing(&token.moved_to(&serving.address)), (401, "not-signed-in".to_owned()));
        close(serving);
    }
}

#[test]
fn a_session_of_a_product_lasts_half_an_hour_of_the_process_when_the_clock_goes_back() {
    for (name, back) in [("clock-session-day", -DAY), ("clock-session-year", -YEAR)] {
        let office = Office::open(name, FakedClock::with_all_hands);
        let serving = office.serve_at(0);
        let gita = Client::signed_in(&serving.address, "gita", PASSWORD);
        let wish = json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
        let session = gita.post(&format!("{PRO}/sessions"), &wish).expect("an answer").text(201, "id");
        close(serving);

        let serving = office.serve_at(back);
        let gita = gita.moved_to(&serving.address);
        let running = || {
            let list = gita.get("/api/v1/me/sessions").expect("an answer").body;
            list["items"].as_array().expect("a list").iter().filter(|one| one["id"] == json!(session)).count()
        };
        assert_eq!(running(), 1);
        office.clock.turn(back + 29 * MINUTE);
        assert_eq!(running(), 1);
        office.clock.turn(back + 31 * MINUTE);
        assert_eq!(running(), 0);
        let renewed = gita.post(&format!("{PRO}/sessions/{session}/renew"), &json!({})).expect("an answer");
        assert_eq!((renewed.status, renewed.code()), (410, "session-ended"), "{}", renewed.body);
        assert_eq!(told(&office.house.run(&["session", "list"])), "No session is running.\n");
        status(&serving);
        close(serving);
    }
}

/// A portal whose license has no end near, stopped after the clock stood a year ahead for less than an hour.
fn after_a_year_ahead(name: &str, meanwhile: impl FnOnce(&Serving) -> Client) -> (Office, Serving, Client) {
    let office = Office::open(name, FakedClock::with_all_hands);
    let long = office.house.write("long.json", file(2, office.end.plus_seconds(3 * YEAR)).as_bytes());
    assert_eq!(office.house.run(&["license", "import", &long]).status.code(), Some(0));
    let serving = office.serve_at(YEAR);
    let client = meanwhile(&serving);
    close(serving);
    let serving = office.serve_at(0);
    is_right(counts(&serving));
    let client = client.moved_to(&serving.address);
    (office, serving, client)
}

#[test]
fn a_sign_in_while_the_clock_was_a_year_ahead_lasts_no_longer_than_a_day_after_it_was_set_right() {
    let sign_in = |serving: &Serving| Client::signed_in(&serving.address, "ben", PASSWORD);
    let (office, serving, ben) = after_a_year_ahead("clock-ahead-token", sign_in);
    office.clock.turn(DAY + HOUR);
    assert_eq!(standing(&ben), (401, "not-signed-in".to_owned()));
    status(&serving);
}

#[test]
fn a_session_of_a_product_from_a_year_ahead_ends_within_half_an_hour_after_the_clock_was_set_right() {
    let start = |serving: &Serving| {
        let gita = Client::signed_in(&serving.address, "gita", PASSWORD);
        let wish = json!({"device_id": "desk", "computer": "DESK", "request_id": "r1"});
        assert_eq!(gita.post(&format!("{PRO}/sessions"), &wish).expect("an answer").status, 201);
        gita
    };
    let (office, serving, _) = after_a_year_ahead("clock-ahead-session", start);
    office.clock.turn(31 * MINUTE);
    assert_eq!(told(&office.house.run(&["session", "list"])), "No session is running.\n");
    status(&serving);
}

#[test]
fn a_planned_return_is_not_carried_out_by_a_clock_that_was_a_year_ahead_for_a_moment() {
    let office = Office::open("clock-ahead-return", FakedClock::of_the_wall);
    let long = office.house.write("long.json", file(2, office.end.plus_seconds(3 * YEAR)).as_bytes());
    assert_eq!(office.house.run(&["license", "import", &long]).status.code(), Some(0));
    let until = vendor::now().plus_seconds(30 * DAY).to_string();
    let day = until.split('T').next().expect("a day");
    told(&office.house.run(&["member", "set-type", "ben", "creator", "--until", day]));
    let user_type = || facts(&office.house.run(&["member", "show", "ben", "--json"]))["user_type"].clone();
    assert_eq!(user_type(), json!("creator"));
    let serving = office.serve_at(YEAR);
    status(&serving);
    close(serving);
    let serving = office.serve_at(0);
    is_right(counts(&serving));
    close(serving);
    assert_eq!(user_type(), json!("creator"));
}
