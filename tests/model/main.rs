//! The portal against a plain model of the rules: random change sets, doors, files and time.
//!
//! Every step of a sequence is taken by the portal's own actions on a real database and by the model, which knows neither
//! `rules` nor `store`. Answers, codes and numbers must be the same, and afterwards everything that there is. A sequence
//! that differs is made shorter and printed.
//!
//! `SEATWARDEN_SEQUENCES` asks for another number of sequences, `SEATWARDEN_SEED` for another first one; the sequence
//! that differs prints the seed that repeats it alone.

mod chance;
mod model;
mod play;
mod real;
mod steps;
mod words;

use play::{Difference, Events, Sequence};
use words::Mistake;

/// Sequences of an ordinary test run.
const ORDINARY: u64 = 100;
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

/// Plays sequences one after the other; the first that differs ends it.
fn play(seeds: std::ops::Range<u64>, mistake: Option<Mistake>) -> Result<Events, (u64, Difference)> {
    let mut events = Events::new();
    for seed in seeds {
        let sequence = Sequence::of(seed);
        if let Err(difference) = sequence.play(mistake, &mut events) {
            return Err((seed, sequence.shortest(mistake, difference)));
        }
    }
    Ok(events)
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
    "invitation accepted",
    "invitation expired",
    "invitation renewed",
    "invitation revoked",
    "invitation-ended",
    "last-administrator",
    "left out: seat-limit-reached",
    "license-ended",
    "license-not-begun",
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
    let events = play(first..first + count, None).unwrap_or_else(|(seed, Difference(what))| {
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
    let missed: Vec<_> = Mistake::ALL.into_iter().filter(|mistake| found_at(*mistake).is_none()).collect();
    assert!(missed.is_empty(), "not found in {SOON} sequences: {missed:?}");
}

/// The first sequence in which the mistake makes a difference.
fn found_at(mistake: Mistake) -> Option<u64> {
    let found = (FIRST..FIRST + SOON).find(|seed| Sequence::of(*seed).play(Some(mistake), &mut Events::new()).is_err());
    println!("{mistake:?} is found in the sequence of seed {found:?}");
    found
}
