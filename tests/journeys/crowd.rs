//! Sixty-four at once want the last seat (S2, S5).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use tests::files::order;
use tests::portal::Portal;
use tokio::task::JoinSet;

const CLIENTS: u32 = 64;
const REPETITIONS: u32 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_at_once_one_gets_the_last_seat_on_fifty_repetitions() {
    let portal = Portal::with(&order(1, &[("viewer", 1), ("creator", 1)])).await;
    let ana = Arc::new(portal.administrator().await);
    for round in 0..REPETITIONS {
        let mut crowd = JoinSet::new();
        for client in 0..CLIENTS {
            let ana = Arc::clone(&ana);
            crowd.spawn(async move {
                let body = json!({"username": format!("r{round}c{client}"), "user_type": "viewer"});
                let answer = ana.posts("/members", &body).await;
                (answer.status, answer.json()["id"].as_str().map(str::to_owned))
            });
        }
        let answers = crowd.join_all().await;
        let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
        for (status, _) in &answers {
            *statuses.entry(*status).or_default() += 1;
        }
        assert_eq!(statuses, BTreeMap::from([(201, 1), (409, CLIENTS - 1)]), "round {round}");
        assert_eq!(ana.counts("viewer").await, (1, 1, 0), "round {round}");
        let seated = answers.into_iter().find_map(|(status, id)| id.filter(|_| status == 201)).unwrap();
        ana.deletes(&format!("/members/{seated}")).await.expecting(204);
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount()).unwrap(), []);
}
