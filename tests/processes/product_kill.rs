//! `kill -9` between a grant and its answer: whoever asks again for the same gets the same, and no place is lost.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::house::House;
use crate::http::Client;
use crate::product_line::{self, PASSWORD, PRO, STANDARD, told};

/// How long the portal lives after the request was sent, in tenths of a millisecond: before the grant, in it, after it.
const LIVES: [u64; 12] = [0, 2, 4, 6, 8, 10, 15, 20, 30, 40, 60, 100];

/// Sends a wish and kills the portal meanwhile; the answer, where there was one.
fn killed_while_asked(house: &House, path: &'static str, wish: &Value, life: u64) -> Option<Value> {
    let serving = house.serve();
    let bo = Client::signed_in(&serving.address, "bo", PASSWORD);
    let (asked, wish) = (bo.beside(), wish.clone());
    let asking = thread::spawn(move || asked.post(&format!("{PRO}/{path}"), &wish));
    thread::sleep(Duration::from_micros(life * 100));
    serving.kill();
    let answer = asking.join().expect("the client lives").ok()?;
    assert_eq!(answer.status, 201, "{}", answer.body);
    Some(answer.body)
}

fn items(client: &Client, path: &str) -> Vec<Value> {
    let answer = client.get(path).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["items"].as_array().expect("a list").clone()
}

#[test]
fn a_killed_portal_gives_the_same_session_again_and_no_place_is_lost() {
    let (house, _) = product_line::house("kill-session");
    told(&house.run(&["add-on", "assign", STANDARD, "bo"]));
    product_line::signed_in(&house, &house.serve(), "bo");
    let mut granted_before_the_kill = 0;
    for (round, life) in LIVES.into_iter().enumerate() {
        let wish = json!({"device_id": "desk", "computer": "DESK", "request_id": format!("wish-{round}")});
        let lost = killed_while_asked(&house, "sessions", &wish, life);
        let serving = house.serve();
        let bo = Client::signed_in(&serving.address, "bo", PASSWORD);
        let before = items(&bo, "/api/v1/me/sessions");
        let again = bo.post(&format!("{PRO}/sessions"), &wish).expect("an answer");
        assert_eq!(again.status, 201, "{}", again.body);
        if let Some(lost) = &lost {
            assert_eq!(lost["id"], again.body["id"], "the answer that arrived is that of the retry");
        }
        // A session of this very wish that was there after the restart is the one that the retry got.
        let of_the_wish = before.iter().any(|one| one["id"] == again.body["id"]);
        granted_before_the_kill += u32::from(of_the_wish);
        let held = items(&bo, "/api/v1/me/sessions");
        assert_eq!(held.len(), 1, "one computer, one place: {held:?}");
        assert_eq!(held[0]["id"], again.body["id"]);
        assert_eq!(bo.delete(&format!("{PRO}/sessions/{}", text(&again.body, "id"))).expect("an answer").status, 204);
    }
    assert!(granted_before_the_kill > 0, "no kill came after a grant: the test says nothing");
}

#[test]
fn a_killed_portal_gives_the_same_offline_lease_again() {
    let (house, _) = product_line::house("kill-checkout");
    told(&house.run(&["add-on", "assign", STANDARD, "bo"]));
    product_line::signed_in(&house, &house.serve(), "bo");
    let mut granted_before_the_kill = 0;
    for life in LIVES {
        let wish = json!({"device_id": "field", "computer": "FIELD"});
        let lost = killed_while_asked(&house, "checkouts", &wish, life);
        let offline = told(&house.run(&["offline", "list", "--format", "csv"]));
        let serving = house.serve();
        let bo = Client::signed_in(&serving.address, "bo", PASSWORD);
        let again = bo.post(&format!("{PRO}/checkouts"), &wish).expect("an answer");
        assert_eq!(again.status, 201, "{}", again.body);
        let id = text(&again.body, "id");
        granted_before_the_kill += u32::from(offline.contains(id));
        if let Some(lost) = &lost {
            assert_eq!(lost, &again.body, "byte for byte the same lease");
        }
        let elsewhere = json!({"device_id": "tablet", "computer": "TABLET"});
        assert_eq!(bo.post(&format!("{PRO}/checkouts"), &elsewhere).expect("an answer").code(), "offline-elsewhere");
        let home = format!("{PRO}/checkouts/{id}?device_id=field");
        assert_eq!(bo.delete(&home).expect("an answer").status, 204);
    }
    assert!(granted_before_the_kill > 0, "no kill came after a grant: the test says nothing");
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().expect("a text")
}
