//! Every order of steps of two nodes on one database, with a crash before any of them, explored without omission.
//!
//! The model is a second, small writing of what the handbook says of seats, change sets and the store. It imports
//! neither the rules nor the store: where both agree, they agree about the protocol. It leaves out what does not bear on
//! it: privileges, products, and the grouping of several decisions into one commit.
//!
//! A proof that cannot fail is none: three models with a mistake built in must be found out.

mod database;
mod decision;
mod promises;
mod protocol;
mod request;

use stateright::{Checker, HasDiscoveries, Model};

use crate::promises::{ADMINISTRATOR, DURABLE, KEPT, LOCK, ONCE, OVER, REVISION};
use crate::protocol::{Event, Fault, Protocol};

/// The model explores at least as many states, or it has lost some of its moves.
const FLOOR: usize = 100_000;

/// Explores the model as it should be: every promise is kept, and every state that makes it worth something is reached.
fn explore(requests: usize, crashes: u8, broken_connections: u8) {
    let model = Protocol { fault: None, requests, crashes, broken_connections };
    let checker = model.checker().threads(2).symmetry().spawn_dfs().join();
    let (unique, generated, depth) = (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    println!("{requests} requests, crashes: {crashes}, broken connections: {broken_connections}");
    println!("{unique} unique states of {generated} generated, at most {depth} steps deep");
    checker.assert_properties();
    assert!(unique >= FLOOR, "only {unique} states");
}

/// Explores a broken model until each of these promises is seen broken, and gives the shortest way to break the first.
fn find_out(fault: Fault, requests: usize, promises: &[&'static str]) -> Vec<Event> {
    let model = Protocol { fault: Some(fault), requests, crashes: 1, broken_connections: 1 };
    let wanted = HasDiscoveries::AllOf(promises.iter().copied().collect());
    let checker = model.checker().finish_when(wanted).spawn_bfs().join();
    println!("{fault:?}: found out after {} unique states", checker.unique_state_count());
    let mut ways = promises.iter().map(|promise| checker.assert_any_discovery(promise).into_actions());
    ways.next().unwrap_or_default()
}

#[test]
fn two_nodes_keep_every_promise_through_three_requests_and_a_crash_anywhere() {
    explore(3, 1, 0);
}

#[test]
fn two_nodes_keep_every_promise_through_two_requests_two_crashes_and_a_lost_connection() {
    explore(2, 2, 1);
}

#[test]
fn without_the_lock_two_nodes_decide_on_the_same_facts() {
    let way = find_out(Fault::NoLock, 2, &[OVER, KEPT, REVISION, ONCE, ADMINISTRATOR, LOCK]);
    assert!(!way.iter().any(|event| matches!(event, Event::Crash(_))), "it takes no crash: {way:?}");
}

#[test]
fn an_answer_before_the_commit_is_lost_with_its_node() {
    let way = find_out(Fault::AnswerBeforeCommit, 1, &[DURABLE]);
    assert!(matches!(way.last(), Some(Event::Crash(_))), "it takes a crash at the end: {way:?}");
}

#[test]
fn counts_in_a_transaction_of_their_own_part_from_the_rows() {
    find_out(Fault::BooksApart, 2, &[KEPT, OVER, ADMINISTRATOR]);
}
