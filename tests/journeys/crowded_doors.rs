//! Sixty-four at once at each door, with one seat left: exactly one comes in (S2, S5; A-ENF-16).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use tests::acts::{act, set};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tokio::task::JoinSet;

const CLIENTS: u32 = 64;
const REPETITIONS: u32 = 4;

/// A door to which everybody comes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Page,
    Table,
    TableMoves,
    Invite,
    Default,
    Restore,
    Move,
    ChangeSet,
    PartialChangeSet,
}

const DOORS: [Door; 9] = [
    Door::Page,
    Door::Table,
    Door::TableMoves,
    Door::Invite,
    Door::Default,
    Door::Restore,
    Door::Move,
    Door::ChangeSet,
    Door::PartialChangeSet,
];

/// A portal with that many Viewer and Creator seats, and somebody to come to each door.
async fn house(door: Door) -> (Portal, Person, Vec<Person>) {
    let portal = Portal::with(&order(1, &[("viewer", 65), ("creator", 65)])).await;
    let ana = portal.administrator().await;
    let people = match door {
        Door::Restore => ana.adds_a_table("v", "viewer", CLIENTS).await,
        Door::TableMoves | Door::Move | Door::ChangeSet | Door::PartialChangeSet => {
            ana.adds_a_table("c", "creator", CLIENTS).await
        }
        Door::Page | Door::Table | Door::Invite | Door::Default => {
            (0..CLIENTS).map(|number| portal.person(&format!("n{number}"))).collect()
        }
    };
    if door == Door::Restore {
        let everybody: Vec<Value> = people.iter().map(|one| act(one, "archive")).collect();
        ana.does(&everybody).await.expecting(201);
    }
    if door == Door::Default {
        ana.puts("/settings/defaults", &json!({"user_type": "viewer"})).await.expecting(200);
    }
    ana.imports_license(&order(2, &[("viewer", 1), ("creator", 65)]).signed(), None).await.expecting(200);
    (portal, ana, people)
}

async fn comes_to(door: Door, ana: &Person, who: &Person, round: u32) -> Answer {
    let name = format!("{}r{round}", who.username);
    match door {
        Door::Page => {
            let fields = [("username", name.as_str()), ("user_type", "viewer"), ("role", "viewer")];
            ana.submits("/members/new", &fields).await
        }
        Door::Table => ana.imports("", &format!("username,user_type\n{name},viewer\n")).await,
        Door::TableMoves => {
            ana.imports("", &format!("username,user_type,role\n{},viewer,viewer\n", who.username)).await
        }
        Door::Invite => ana.invites("viewer").await,
        Door::Default => ana.posts("/members", &json!({ "username": name })).await,
        Door::Restore => ana.does(&[act(who, "restore")]).await,
        Door::Move => ana.changes(who, "viewer", "viewer").await,
        Door::ChangeSet => ana.does(&[set(who, "viewer", "viewer")]).await,
        Door::PartialChangeSet => {
            ana.applies(&json!({"mode": "partial", "operations": [set(who, "viewer", "viewer")]})).await
        }
    }
}

/// The seat is free again.
async fn leaves(door: Door, ana: &Person) {
    if door == Door::Invite {
        let waiting = ana.gets("/invitations?state=pending").await.json()["items"][0]["id"].clone();
        assert_eq!(ana.deletes(&format!("/invitations/{}", waiting.as_str().unwrap())).await.status, 204);
        return;
    }
    let seated = ana.gets("/user-types/viewer/members").await.expecting(200).json();
    let id = seated["items"][0]["id"].as_str().unwrap();
    let operation = match door {
        Door::Restore => json!({"member": id, "archive": true}),
        Door::Page | Door::Table | Door::Default | Door::Invite => json!({"member": id, "delete": true}),
        Door::TableMoves | Door::Move | Door::ChangeSet | Door::PartialChangeSet => {
            json!({"member": id, "set_user_type": "creator", "set_role": "viewer"})
        }
    };
    ana.does(&[operation]).await.expecting(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_at_each_door_one_comes_in() {
    for door in DOORS {
        let (portal, ana, people) = house(door).await;
        let ana = Arc::new(ana);
        for round in 0..REPETITIONS {
            let mut crowd = JoinSet::new();
            for who in &people {
                let (ana, who) = (Arc::clone(&ana), who.clone());
                crowd.spawn(async move { comes_to(door, &ana, &who, round).await.status });
            }
            let mut statuses: BTreeMap<bool, u32> = BTreeMap::new();
            for status in crowd.join_all().await {
                assert!([200, 201, 409].contains(&status), "{door:?}: {status}");
                *statuses.entry(status < 300).or_default() += 1;
            }
            assert_eq!(statuses, BTreeMap::from([(true, 1), (false, CLIENTS - 1)]), "{door:?}, round {round}");
            let held = ana.counts("viewer").await.0 + ana.reserved("viewer").await;
            assert_eq!(held, 1, "{door:?}, round {round}");
            leaves(door, &ana).await;
        }
        assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), [], "{door:?}");
    }
}

/// Guests with an invitation each; so many seats that one is left.
async fn guests(count: u32, seats_left: u32) -> (Portal, Person, Vec<String>) {
    let portal = Portal::with(&order(1, &[("viewer", count), ("creator", 1)])).await;
    let ana = portal.administrator().await;
    let mut secrets = Vec::new();
    for _ in 0..count {
        secrets.push(ana.invites("viewer").await.expecting(201).text_of("token"));
    }
    ana.imports_license(&order(2, &[("viewer", seats_left), ("creator", 1)]).signed(), None).await.expecting(200);
    (portal, ana, secrets)
}

async fn all_accept(portal: &Portal, secrets: Vec<String>) -> BTreeMap<String, u32> {
    let mut crowd = JoinSet::new();
    for (number, secret) in secrets.into_iter().enumerate() {
        let stranger = portal.person("stranger");
        crowd.spawn(async move { stranger.accepts(&secret, &format!("guest{number}")).await.in_short() });
    }
    let mut answers = BTreeMap::new();
    for answer in crowd.join_all().await {
        *answers.entry(answer).or_default() += 1;
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_guests_with_one_seat_left_one_takes_it() {
    let (portal, ana, secrets) = guests(16, 1).await;
    let answers = all_accept(&portal, secrets).await;
    let expected = [("201".to_owned(), 1), ("403 creation-blocked-not-compliant".to_owned(), 15)];
    assert_eq!(answers, BTreeMap::from(expected));
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 1, 0), 15));
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_with_the_same_invitation_one_takes_it() {
    let (portal, ana, secrets) = guests(1, 1).await;
    let answers = all_accept(&portal, vec![secrets[0].clone(); 16]).await;
    assert_eq!(answers, BTreeMap::from([("201".to_owned(), 1), ("410 invitation-ended".to_owned(), 15)]));
    assert_eq!((ana.counts("viewer").await, ana.reserved("viewer").await), ((1, 1, 0), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_who_consent_at_once_one_goes_over() {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 66)])).await;
    let ana = Arc::new(portal.administrator().await);
    ana.adds("vera", "viewer").await;
    let people = ana.adds_a_table("c", "creator", CLIENTS).await;
    let mut crowd = JoinSet::new();
    for who in people {
        let ana = Arc::clone(&ana);
        crowd.spawn(async move { ana.changes_with_consent(&who, ("viewer", "viewer"), 2).await.in_short() });
    }
    let mut answers: BTreeMap<String, u32> = BTreeMap::new();
    for answer in crowd.join_all().await {
        *answers.entry(answer).or_default() += 1;
    }
    assert_eq!(answers, BTreeMap::from([("200".to_owned(), 1), ("409 one-over-exhausted".to_owned(), CLIENTS - 1)]));
    assert_eq!(ana.counts("viewer").await, (2, 1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_administrators_who_take_the_role_from_each_other_one_stays() {
    for round in 0..20 {
        let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 2)])).await;
        let ana = portal.administrator().await;
        let bert = ana.adds_with_role("bert", "creator", "administrator").await;
        let lowers = |whom: &Person| json!({"operations": [{"member": whom.id, "set_role": "publisher"}]});
        let (from_ana, from_bert) = (lowers(&bert), lowers(&ana));
        let (first, second) = tokio::join!(ana.applies(&from_ana), bert.applies(&from_bert));
        let done = [first.status, second.status].iter().filter(|status| **status == 201).count();
        assert_eq!(done, 1, "round {round}: {} and {}", first.in_short(), second.in_short());
    }
}
