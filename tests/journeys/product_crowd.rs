//! Two at once want the last place, the last license, the last offline license: one of them gets it, each time.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::files::order;
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tests::products::{PRO, STANDARD, bound, give, id, take};

const REPETITIONS: u32 = 50;

async fn house(licenses: u32) -> (Portal, Person, [Person; 2]) {
    let (portal, ana) =
        bound(&|portal| order(1, &[("creator", 5)]).with(STANDARD, licenses).bound_to(portal.key.clone())).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    (portal, ana, [carla, dora])
}

/// How often each status was answered.
fn statuses(answers: &[Answer]) -> BTreeMap<u16, usize> {
    let mut counted = BTreeMap::new();
    for answer in answers {
        *counted.entry(answer.status).or_default() += 1;
    }
    counted
}

fn winner(answers: &[Answer]) -> Value {
    answers.iter().find(|one| one.status < 300).expect("somebody has won").json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_computers_at_once_one_gets_the_last_place_on_fifty_repetitions() {
    let (portal, ana, [carla, _]) = house(1).await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    carla.starts("desk").await.expecting(201);
    carla.starts("laptop").await.expecting(201);
    for round in 0..REPETITIONS {
        let (one, other) = (carla.clone(), carla.clone());
        let answers = tokio::join!(
            tokio::spawn(async move { one.asks_to_start(PRO, "lab", &format!("lab-{round}")).await }),
            tokio::spawn(async move { other.asks_to_start(PRO, "home", &format!("home-{round}")).await }),
        );
        let answers = [answers.0.unwrap(), answers.1.unwrap()];
        assert_eq!(statuses(&answers), BTreeMap::from([(201, 1), (409, 1)]), "round {round}");
        assert_eq!(carla.is_on().await.split(' ').count(), 3, "round {round}");
        // The one that was refused gets the place as soon as it is free.
        carla.ends(&winner(&answers)).await.expecting(204);
    }
    drop(portal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_at_once_one_gets_the_last_license_on_fifty_repetitions() {
    let (portal, ana, [carla, dora]) = house(1).await;
    for round in 0..REPETITIONS {
        let assigning = [&carla, &dora].map(|whom| {
            let (ana, operations) = (ana.clone(), vec![give(whom, &[STANDARD])]);
            tokio::spawn(async move { ana.does(&operations).await })
        });
        let mut answers = Vec::new();
        for one in assigning {
            answers.push(one.await.unwrap());
        }
        assert_eq!(statuses(&answers), BTreeMap::from([(201, 1), (409, 1)]), "round {round}");
        assert_eq!(ana.tally(STANDARD).await, (1, 1, 0), "round {round}");
        ana.does(&[take(&carla, &[STANDARD]), take(&dora, &[STANDARD])]).await.expecting(201);
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_computers_at_once_one_gets_the_offline_license_on_fifty_repetitions() {
    let (_portal, ana, [carla, _]) = house(1).await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    for round in 0..REPETITIONS {
        let taking = [("field", 7), ("tablet", 8)].map(|(computer, seed)| {
            let carla = carla.clone();
            tokio::spawn(async move { carla.takes_offline(computer, seed).await })
        });
        let mut answers = Vec::new();
        for one in taking {
            answers.push(one.await.unwrap());
        }
        assert_eq!(statuses(&answers), BTreeMap::from([(201, 1), (409, 1)]), "round {round}");
        let out = winner(&answers);
        let seen = ana.gets(&format!("{PRO}/activity?state=offline")).await.expecting(200).json();
        assert_eq!(seen["items"][0]["offline"]["id"], id(&out), "round {round}");
        let computer = out["device_id"].as_str().unwrap();
        carla.comes_home(&out, computer).await.expecting(204);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_wish_sent_twice_at_once_is_one_grant_on_fifty_repetitions() {
    let (_portal, ana, [carla, _]) = house(1).await;
    ana.gives(&carla, STANDARD).await.expecting(200);
    for round in 0..REPETITIONS {
        let wish = json!({"device_id": "desk", "computer": "DESK", "request_id": format!("wish-{round}")});
        let asking = [0, 1].map(|_| {
            let (carla, wish) = (carla.clone(), wish.clone());
            tokio::spawn(async move { carla.posts(&format!("{PRO}/sessions"), &wish).await })
        });
        let mut ids = Vec::new();
        for one in asking {
            ids.push(id(&one.await.unwrap().expecting(201).json()).to_owned());
        }
        assert_eq!(ids[0], ids[1], "round {round}");
        assert_eq!(carla.is_on().await, "DESK", "round {round}");
    }
}
