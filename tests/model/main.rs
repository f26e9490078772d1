//! The portal against a plain model of the rules: random change sets, doors, files and time.
//!
//! Every step of a sequence is taken by the portal's own actions on a real database and by the model, which knows neither
//! `rules` nor `store`. Answers, codes and numbers must be the same, and afterwards everything that there is. A sequence
//! that differs is made shorter and printed.
//!
//! `SEATWARDEN_SEQUENCES` asks for another number of sequences, `SEATWARDEN_SEED` for another first one; the sequence
//! that differs prints the seed that repeats it alone.

mod answer;
mod chance;
mod model;
mod play;
mod real;
mod steps;
mod stories;
mod words;

use std::sync::atomic::{AtomicU64, Ordering};

use play::{Difference, Events, Sequence};
use words::Mistake;

/// Sequences of an ordinary test run.
const ORDINARY: u64 = 100;
/// Sequences that are played at the same time.
const THREADS: usize = 4;
/// Sequences in which a mistake must be found.
const SOON: u64 = 150;
/// The first seed of an ordinary test run.
const FIRST: u64 = 1;

fn number(name: &str, ordinary: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => ordinary,
    }
}

/// Plays sequences, some at a time: one waits for its database while another goes on. Gives the first that differs.
fn play_on(seeds: std::ops::Range<u64>, mistake: Option<Mistake>) -> Result<Events, (u64, Difference)> {
    let next = AtomicU64::new(seeds.start);
    let play_some = || {
        let mut events = Events::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return Ok(events);
            }
            Sequence::of(seed).play(mistake, &mut events).map_err(|difference| {
                next.store(seeds.end, Ordering::Relaxed);
                (seed, difference)
            })?;
        }
    };
    let outcomes = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(play_some)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    let mut all = Events::new();
    for outcome in outcomes {
        let events = outcome?;
        events.into_iter().for_each(|(event, times)| *all.entry(event).or_default() += times);
    }
    Ok(all)
}

/// What the sequences must reach, or that nothing differs would say little.
const REACHED: &[&str] = &[
    "administrator-in-over-type",
    "archived",
    "cannot-revert",
    "confirmation-mismatch",
    "creation-blocked-not-compliant",
    "deleted",
    "disabled",
    "enabled",
    "exchanged at capacity",
    "file came in force by itself",
    "file given up for another",
    "file staged",
    "invitation accepted",
    "invitation expired",
    "invitation renewed",
    "invitation revoked",
    "invitation-ended",
    "last-administrator",
    "left out: seat-limit-reached",
    "license-ended",
    "member-archived",
    "member-disabled",
    "not-found",
    "not-signed-in",
    "nothing-planned",
    "one-over-exhausted",
    "one-over-needs-consent",
    "over by a file",
    "over by more than one",
    "over by the time",
    "partly applied",
    "privilege-missing",
    "reserved-to-administrators",
    "restored",
    "return done",
    "return due",
    "return given up",
    "return stale",
    "role deleted",
    "role edited",
    "role-exceeds-user-type",
    "role-in-use",
    "role-is-default",
    "seat-limit-reached",
    "stale",
    "taken back by hand",
    "taken one over",
    "user-type-over-limit",
    "validation-failed",
    "wrong-state",
];

#[test]
fn the_portal_never_differs_from_the_model() {
    let (first, count) = (number("SEATWARDEN_SEED", FIRST), number("SEATWARDEN_SEQUENCES", ORDINARY));
    println!("{count} sequences from seed {first} on");
    let events = play_on(first..first + count, None).unwrap_or_else(|(seed, found)| {
        let Difference(what) = Sequence::of(seed).shortest(None, found);
        panic!(
            "the sequence of seed {seed} differs (SEATWARDEN_SEED={seed} SEATWARDEN_SEQUENCES=1 repeats it):\n{what}"
        )
    });
    println!("{events:#?}");
    if count >= ORDINARY {
        let missed: Vec<_> = REACHED.iter().filter(|event| !events.contains_key(**event)).collect();
        assert!(missed.is_empty(), "never reached: {missed:?} of {events:#?}");
    }
}

/// A check that cannot fail proves nothing: a model with a mistake in it must be found out, and soon.
#[test]
fn a_model_with_a_mistake_is_found_out() {
    let is_missed = |mistake: &Mistake| play_on(FIRST..FIRST + SOON, Some(*mistake)).is_ok();
    let missed: Vec<_> = Mistake::ALL.into_iter().filter(is_missed).collect();
    assert!(missed.is_empty(), "not found in {SOON} sequences: {missed:?}");
}

/// The model would prove nothing if it asked the rules, and it would be no model if it were long.
#[test]
fn the_model_is_short_and_knows_nothing_of_the_portal() {
    let (model, words, steps) = (include_str!("model.rs"), include_str!("words.rs"), include_str!("steps.rs"));
    assert!(model.lines().count() < 300, "{} lines", model.lines().count());
    for line in [model, words, steps].iter().flat_map(|text| text.lines()).filter(|line| line.starts_with("use ")) {
        assert!(
            ["use std::", "use crate::steps::", "use crate::words::"].iter().any(|known| line.starts_with(known)),
            "{line}"
        );
    }
    let foreign = ["rules::", "store::", "catalog::", "portal::", "entitlement::", "errors::"];
    let named = foreign.iter().find(|name| [model, words, steps].iter().any(|text| text.contains(**name)));
    assert_eq!(named, None);
}
