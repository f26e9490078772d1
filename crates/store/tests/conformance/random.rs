//! Random operations: after each, the kept counts are what counting gives, and the audit log has one row for each write.

use errors::Failure;
use rules::MemberId;
use store::{Store, StoreError};

use crate::harness::{
    Portal, assert_recounted, audit_count, change, delete, import, only, open, register, registration, seats,
};

const SEEDS: [u64; 4] = [1, 0x5ea7, 20_261_215, u64::MAX / 3];
const STEPS: usize = 150;
const TYPES: [&str; 3] = ["viewer", "creator", "contributor"];

/// A small generator, so that a seed alone repeats a run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())) }
    }
}

struct Run {
    portal: Portal,
    store: Store,
    chance: Chance,
    members: Vec<MemberId>,
    sequence: u32,
    acknowledged: u64,
}

impl Run {
    fn new(seed: u64) -> Self {
        let (portal, store) = Portal::with_seats(4, 3);
        Self { portal, store, chance: Chance(seed), members: Vec::new(), sequence: 1, acknowledged: 1 }
    }

    fn step(&mut self, number: usize) {
        let written = match self.chance.below(8) {
            0..3 => self.register(number),
            3 => self.delete(),
            4 | 5 => self.move_members(),
            6 => self.import(),
            _ => self.break_off(number),
        };
        self.acknowledged += u64::from(written.is_ok());
        if self.chance.below(20) == 0 {
            self.store = open(&self.portal);
        }
    }

    fn register(&mut self, number: usize) -> Result<(), Failure> {
        let to = self.chance.pick(&TYPES).copied().unwrap_or("viewer");
        let member = register(&self.store, &format!("member-{number}"), to)?;
        self.members.push(member.id);
        Ok(())
    }

    fn delete(&mut self) -> Result<(), Failure> {
        if self.members.is_empty() {
            return Err(Failure::plain(errors::Code::NotFound));
        }
        let at = self.chance.below(self.members.len());
        delete(&self.store, &self.members.remove(at))
    }

    /// One or two members, with a consent that is sometimes the right one.
    fn move_members(&mut self) -> Result<(), Failure> {
        let mut moves = Vec::new();
        for _ in 0..=self.chance.below(2) {
            let member = self.chance.pick(&self.members).cloned();
            let to = self.chance.pick(&TYPES).copied().unwrap_or("viewer");
            moves.extend(member.map(|member| (member, to)));
        }
        let named: Vec<_> = moves.iter().map(|(member, to)| (member, *to)).collect();
        let consent = named.first().map(|(_, to)| (*to, u64::try_from(self.chance.below(6)).unwrap()));
        let consent = if self.chance.below(2) == 0 { consent } else { None };
        change(&self.store, &named, consent.as_slice()).map(|_| ())
    }

    fn import(&mut self) -> Result<(), Failure> {
        let (viewers, creators) = (self.chance.below(6), 1 + self.chance.below(4));
        let number = |n: usize| u32::try_from(n).unwrap();
        let file = seats(self.sequence + 1, number(viewers), number(creators));
        let outcome = import(&self.store, only(file.clone()), None).or_else(|failure| {
            let expected = failure.facts.get("expected").and_then(serde_json::Value::as_u64);
            import(&self.store, only(file), expected)
        });
        self.sequence += u32::from(outcome.is_ok());
        outcome.map(|_| ())
    }

    /// Writes, and then fails.
    fn break_off(&mut self, number: usize) -> Result<(), Failure> {
        let username = format!("nobody-{number}");
        let decision = self.store.write_now(move |tx| {
            registration(tx, &username, "viewer")?;
            Err::<(), _>(StoreError::internal("the test breaks off"))
        });
        decision.map_err(StoreError::into_failure)
    }
}

#[test]
fn the_kept_counts_and_the_log_follow_every_random_sequence() {
    for seed in SEEDS {
        let mut run = Run::new(seed);
        for number in 0..STEPS {
            run.step(number);
            assert_recounted(&run.store);
            assert_eq!(audit_count(&run.store), run.acknowledged, "seed {seed}, step {number}");
        }
        let stored = run.store.read(|tx| tx.members(&store::MemberFilter::default(), None, 1_000)).unwrap();
        assert_eq!(stored.items.len(), run.members.len() + 1, "seed {seed}");
        assert!(run.sequence > 1 && run.acknowledged > 40, "seed {seed} does too little");
    }
}
