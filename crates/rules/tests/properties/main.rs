//! The rules under random sequences of what people, files and time do.
//!
//! An organization in memory writes what the permits grant, as a store would. After every step the laws of the seats are
//! checked on a recount of its members, and every decision is compared with a plain reading of the rules that shares no
//! code with them. A sequence that fails is made shorter and printed, step by step with its outcomes.
//! `PROPTEST_CASES` asks for another number of sequences.

#[cfg(test)]
mod changes;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod license;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod organization;
#[cfg(test)]
mod play;
#[cfg(test)]
mod step;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{ProptestConfig, TestCaseError, any, proptest};
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::test_runner::TestRunner;

    use crate::license::Draft;
    use crate::play::Play;
    use crate::step::{Step, a_sequence};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_sequence_of_steps_breaks_a_law_of_the_seats(sequence in a_sequence()) {
            play(&sequence).map_err(TestCaseError::fail)?;
        }

        #[test]
        fn a_file_gives_at_each_second_the_lines_in_term(file in any::<Draft>(), after in 0..120_i64 * 86_400) {
            crate::laws::lines_in_term(&file, after).map_err(TestCaseError::fail)?;
        }
    }

    fn play(sequence: &(Draft, Vec<Step>)) -> Result<Play, String> {
        let mut play = Play::default();
        let steps = std::iter::once(Step::Activate(sequence.0.clone())).chain(sequence.1.iter().cloned());
        for step in steps {
            play.step(&step).map_err(|broken| format!("{broken}\n{}", play.journal()))?;
        }
        Ok(play)
    }

    /// What several of the sequences must reach, or the laws above would say little.
    const REACHED: &[&str] = &[
        "accepted",
        "administrator-in-over-type",
        "already-activated",
        "archived",
        "archived again",
        "cannot-revert",
        "confirmation-mismatch",
        "creation-blocked-not-compliant",
        "deleted",
        "disabled",
        "due and changed since",
        "due without a seat",
        "enabled",
        "exchanged at capacity",
        "expired",
        "given up",
        "invitation-ended",
        "invited",
        "kept from a reserved seat",
        "kept from going two over",
        "kept from restoring by going over",
        "last-administrator",
        "no-administrator-seat",
        "not-activated",
        "not-found",
        "nothing-planned",
        "one-over-exhausted",
        "one-over-needs-consent",
        "over by a file",
        "over by more than one",
        "over by the time",
        "partly done",
        "planned to return",
        "privilege-missing",
        "reserved-to-administrators",
        "restored",
        "returned",
        "revoked",
        "role-exceeds-user-type",
        "seat-limit-reached",
        "seats kept for a return",
        "stale",
        "stale permit",
        "taken back",
        "taken one over",
        "validation-failed",
        "wrong-state",
    ];

    #[test]
    fn the_sequences_reach_every_refusal_and_every_way_over_the_limit() {
        let mut runner = TestRunner::deterministic();
        let mut reached = BTreeMap::new();
        for _ in 0..256 {
            let sequence = a_sequence().new_tree(&mut runner).unwrap().current();
            for event in play(&sequence).unwrap_or_else(|broken| panic!("{broken}")).reached() {
                *reached.entry(*event).or_insert(0) += 1;
            }
        }
        let rare: Vec<_> = REACHED.iter().filter(|event| reached.get(**event).is_none_or(|times| *times < 3)).collect();
        assert!(rare.is_empty(), "hardly reached: {rare:?} of {reached:?}");
    }
}
