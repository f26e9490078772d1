//! Many at once for the last seat: over HTTP, at the command line, and both together.

use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::house::{House, Serving, ending};
use crate::http::{Answer, Client};

/// Seats of the type that everybody wants.
const SEATS: u32 = 10;

/// Who tries at once.
struct Crowd {
    clients: Vec<Client>,
    processes: usize,
    /// Between one client and the next, so that processes, which start slowly, are among them.
    apart: Duration,
}

/// How often it was done.
struct Tally {
    by_client: usize,
    by_process: usize,
}

/// A portal with one seat left.
fn one_seat_left(name: &str) -> (House, Serving) {
    let house = House::activated(name, &[("viewer", SEATS), ("creator", 1)]);
    let serving = house.serve();
    let admin = serving.admin();
    for number in 1..SEATS {
        assert_eq!(admin.register(&format!("settled-{number}"), "viewer").expect("an answer").status, 201);
    }
    (house, serving)
}

/// All try at once; the answers.
fn rush(house: &House, crowd: &Crowd, round: usize) -> (Vec<Answer>, Vec<(Option<i32>, String)>) {
    let children: Vec<Child> = (0..crowd.processes)
        .map(|number| {
            let user = format!("process-{round}-{number}");
            let mut command = house.command(&["member", "add", &user, "--type", "viewer"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the portal starts")
        })
        .collect();
    let gate = Barrier::new(crowd.clients.len());
    let try_one = |(number, client): (usize, &Client)| {
        gate.wait();
        thread::sleep(crowd.apart * u32::try_from(number).unwrap_or(0));
        client.register(&format!("client-{round}-{number}"), "viewer").expect("an answer")
    };
    let try_one = &try_one;
    let answers = thread::scope(|scope| {
        let threads: Vec<_> = crowd.clients.iter().enumerate().map(|one| scope.spawn(move || try_one(one))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    let outputs = children.into_iter().map(|child| child.wait_with_output().expect("the portal ends"));
    (answers, outputs.map(|output| ending(&output)).collect())
}

/// Exactly one is let in, everybody else is told the numbers; then the seat is free again.
fn one_wins(house: &House, admin: &Client, crowd: &Crowd, round: usize) -> Tally {
    let (answers, endings) = rush(house, crowd, round);
    let refusal =
        json!({"licensed": SEATS, "assigned": SEATS, "reserved": 0, "user_type": "viewer", "types_with_room": []});
    let refused = |answer: &Answer| {
        let names = ["licensed", "assigned", "reserved", "user_type", "types_with_room"];
        answer.status == 409
            && answer.code() == "seat-limit-reached"
            && names.iter().all(|name| answer.body[*name] == refusal[*name])
    };
    let by_client = answers.iter().filter(|answer| answer.status == 201).count();
    let by_process = endings.iter().filter(|(code, _)| *code == Some(0)).count();
    assert_eq!(by_client + by_process, 1, "round {round}: {answers:?} {endings:?}");
    let others: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 201 && !refused(answer)).collect();
    assert!(others.is_empty(), "round {round}: {others:?}");
    let full = (Some(31), "seat-limit-reached".to_owned());
    assert_eq!(endings.iter().filter(|ending| **ending == full).count(), crowd.processes - by_process, "{endings:?}");
    let count = admin.get("/api/v1/user-types/viewer").expect("an answer");
    assert_eq!(count.body["assigned"], SEATS, "round {round}");
    let winner = admin.members().into_iter().find(|one| !settled(one["username"].as_str().unwrap_or("")));
    let id = winner.expect("a winner")["id"].as_str().expect("an id").to_owned();
    assert_eq!(admin.delete(&format!("/api/v1/members/{id}")).expect("an answer").status, 204);
    Tally { by_client, by_process }
}

fn settled(username: &str) -> bool {
    username == "admin" || username.starts_with("settled-")
}

fn crowd(admin: &Client, clients: usize, processes: usize, apart: Duration) -> Crowd {
    Crowd { clients: (0..clients).map(|_| admin.beside()).collect(), processes, apart }
}

#[test]
fn of_sixty_four_at_once_over_http_one_gets_the_last_seat() {
    let (house, serving) = one_seat_left("race-http");
    let admin = serving.admin();
    let crowd = crowd(&admin, 64, 0, Duration::ZERO);
    let wins: usize = (0..50).map(|round| one_wins(&house, &admin, &crowd, round).by_client).sum();
    assert_eq!(wins, 50);
}

#[test]
fn of_processes_and_clients_at_once_one_gets_the_last_seat() {
    let (house, serving) = one_seat_left("race-both");
    let admin = serving.admin();
    let both = crowd(&admin, 56, 8, Duration::from_millis(2));
    let tallies: Vec<Tally> = (0..12).map(|round| one_wins(&house, &admin, &both, round)).collect();
    assert_eq!(tallies.iter().map(|tally| tally.by_client + tally.by_process).sum::<usize>(), 12);
    // Without clients the processes are alone with each other, and the server only looks on.
    let alone = crowd(&admin, 0, 8, Duration::ZERO);
    let wins: usize = (12..22).map(|round| one_wins(&house, &admin, &alone, round).by_process).sum();
    assert_eq!(wins, 10);
}
