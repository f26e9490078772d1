//! Two different wishes about one license at once: each time one of the two orders comes about, and never a mixture.

use serde_json::Value;
use tests::files::{Order, order};
use tests::people::{Answer, Person};
use tests::portal::Portal;
use tests::products::{STANDARD, bound, give, take};
use tokio::task::JoinHandle;

const REPETITIONS: u32 = 50;

fn file(portal: &Portal, sequence: u32, licenses: u32) -> Order {
    order(sequence, &[("viewer", 5), ("creator", 5)]).with(STANDARD, licenses).bound_to(portal.key.clone())
}

async fn house(licenses: u32) -> (Portal, Person, [Person; 2]) {
    let (portal, ana) = bound(&|portal| file(portal, 1, licenses)).await;
    let carla = ana.adds_signed_in("carla", "creator").await;
    let dora = ana.adds_signed_in("dora", "creator").await;
    (portal, ana, [carla, dora])
}

fn does(who: &Person, operations: &[Value]) -> JoinHandle<Answer> {
    let (who, operations) = (who.clone(), operations.to_vec());
    tokio::spawn(async move { who.does(&operations).await })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_license_is_taken_offline_or_taken_away_on_fifty_repetitions() {
    let (_portal, ana, [carla, _]) = house(1).await;
    for round in 0..REPETITIONS {
        ana.does(&[give(&carla, &[STANDARD])]).await.expecting(201);
        let member = carla.clone();
        let taking = tokio::spawn(async move { member.takes_offline("field", 7).await });
        let (away, out) = (does(&ana, &[take(&carla, &[STANDARD])]).await.unwrap(), taking.await.unwrap());
        match (away.in_short().as_str(), out.in_short().as_str()) {
            ("201", "403 not-licensed") => assert_eq!(ana.tally(STANDARD).await, (1, 0, 1), "round {round}"),
            ("409 checked-out", "201") => {
                assert_eq!(ana.tally(STANDARD).await, (1, 1, 0), "round {round}");
                carla.comes_home(&out.json(), "field").await.expecting(204);
                ana.does(&[take(&carla, &[STANDARD])]).await.expecting(201);
            }
            mixture => panic!("round {round}: {mixture:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_of_a_license_that_is_taken_away_never_goes_on_on_fifty_repetitions() {
    let (_portal, ana, [carla, _]) = house(1).await;
    for round in 0..REPETITIONS {
        ana.does(&[give(&carla, &[STANDARD])]).await.expecting(201);
        let member = carla.clone();
        let starting = tokio::spawn(async move { member.starts("desk").await });
        let (away, begun) = (does(&ana, &[take(&carla, &[STANDARD])]).await.unwrap(), starting.await.unwrap());
        away.expecting(201);
        match begun.in_short().as_str() {
            "403 not-licensed" => {}
            "201" => assert_eq!(carla.is_told_the_end_of(&begun.json()).await.0, "license-lost", "round {round}"),
            other => panic!("round {round}: {other}"),
        }
        assert_eq!(carla.is_on().await, "", "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_administrators_give_the_last_license_to_one_of_two_on_fifty_repetitions() {
    let (portal, ana, [carla, dora]) = house(1).await;
    let bea = ana.adds_with_role("bea", "creator", "administrator").await;
    for round in 0..REPETITIONS {
        let (one, other) = (does(&ana, &[give(&carla, &[STANDARD])]), does(&bea, &[give(&dora, &[STANDARD])]));
        let mut answers = [one.await.unwrap().in_short(), other.await.unwrap().in_short()];
        answers.sort();
        assert_eq!(answers, ["201", "409 add-on-limit-reached"], "round {round}");
        assert_eq!(ana.tally(STANDARD).await, (1, 1, 0), "round {round}");
        ana.does(&[take(&carla, &[STANDARD]), take(&dora, &[STANDARD])]).await.expecting(201);
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_members_at_the_last_license_one_takes_it_offline_on_fifty_repetitions() {
    let (_portal, ana, [carla, dora]) = house(1).await;
    for round in 0..REPETITIONS {
        let wishes = [(&carla, "field"), (&dora, "tablet")].map(|(whom, computer)| {
            let (ana, whom, given) = (ana.clone(), whom.clone(), vec![give(whom, &[STANDARD])]);
            tokio::spawn(async move {
                ana.does(&given).await;
                (whom.takes_offline(computer, 7).await, whom, computer)
            })
        });
        let mut outs = Vec::new();
        for wish in wishes {
            let (answer, whom, computer) = wish.await.unwrap();
            match answer.in_short().as_str() {
                "201" => outs.push((answer.json(), whom, computer)),
                other => assert_eq!(other, "403 not-licensed", "round {round}"),
            }
        }
        let [(out, whom, computer)] = outs.as_slice() else { panic!("round {round}: {} have it", outs.len()) };
        assert_eq!(ana.sees_activity("?state=offline").await.len(), 1, "round {round}");
        whom.comes_home(out, computer).await.expecting(204);
        ana.does(&[take(whom, &[STANDARD])]).await.expecting(201);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_smaller_file_and_an_assignment_leave_what_is_shown_and_the_block_in_accord() {
    let (portal, ana, [carla, dora]) = house(2).await;
    ana.does(&[give(&carla, &[STANDARD])]).await.expecting(201);
    for round in 0..REPETITIONS {
        let licenses = if round % 2 == 0 { 1 } else { 2 };
        let shown = file(&portal, round + 2, licenses).signed();
        let importer = ana.clone();
        let importing = tokio::spawn(async move { importer.imports_license(&shown, None).await.expecting(200) });
        let wish = if round % 2 == 0 { give(&dora, &[STANDARD]) } else { take(&dora, &[STANDARD]) };
        does(&ana, &[wish]).await.unwrap();
        importing.await.unwrap();
        let (licensed, assigned, available) = ana.tally(STANDARD).await;
        assert_eq!((licensed, available), (i64::from(licenses), licensed - assigned), "round {round}");
        let since = ana.gets("/add-ons").await.expecting(200).json()["blocked_since"].clone();
        assert_eq!(since.is_string(), available < 0, "round {round}: {since}");
        let begun = carla.starts("desk").await;
        let expected = if available < 0 { "403 product-over-assigned" } else { "201" };
        assert_eq!(begun.in_short(), expected, "round {round}");
    }
    assert_eq!(portal.state.store.read(|tx| tx.recount_add_ons()).unwrap(), []);
}
