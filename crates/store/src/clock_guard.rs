//! The effective time: a clock that is set back never lengthens a term.
//!
//! Effective now is the later of the wall clock and the newest instant on record plus the time that this process has run
//! since (design 1, Replay, rollback, clock). A forward jump of over a day counts at once for decisions, but goes on
//! record only after it has held for an hour, so that one wrong start of a machine does not end a license for good.

use std::sync::{Arc, Mutex, PoisonError};

use entitlement::Moment;

/// A jump of the wall clock over what is on record that is taken for a jump: one day, in seconds.
const JUMP: i64 = 24 * 60 * 60;

/// How long a jump must hold before it goes on record: one hour, in seconds.
const HOLD: u64 = 60 * 60;

/// What the clock of the machine says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// The wall clock.
    pub wall: Moment,
    /// Seconds that this process has run, by a clock that nobody can set.
    pub elapsed: u64,
}

/// Where the store reads the time. The programs bring the machine's clock, tests one that they turn.
pub type Clock = Arc<dyn Fn() -> Wall + Send + Sync>;

/// The time as the store sees it at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The effective time: what every decision uses.
    pub now: Moment,
    /// The wall clock.
    pub wall: Moment,
    /// The newest instant that may go on record.
    pub newest: Moment,
}

impl ClockReading {
    /// Seconds by which the wall clock is behind the effective time; 0 when it is not.
    #[must_use]
    pub fn seconds_behind(&self) -> i64 {
        self.now.unix() - self.wall.unix()
    }

    /// Whether the wall clock has jumped ahead by over a day and is on trial.
    #[must_use]
    pub fn is_on_trial(&self) -> bool {
        self.wall > self.newest
    }
}

/// What this process knows of the time, shared by the writer and all readers.
pub(crate) struct ClockGuard {
    clock: Clock,
    state: Mutex<Option<State>>,
}

#[derive(Clone, Copy)]
struct State {
    /// The newest instant known, at the process time `at`.
    floor: Moment,
    at: u64,
    /// Since when, in process time, the wall clock has been on trial.
    ahead_since: Option<u64>,
    /// How often a person had accepted the wall clock when this was learnt.
    accepted: u64,
}

/// What the database knows of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// The newest instant on record.
    pub(crate) newest: Moment,
    /// How often a person has accepted the wall clock as it is: what was known before that counts no more.
    pub(crate) accepted: u64,
}

impl ClockGuard {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, state: Mutex::new(None) }
    }

    /// The wall clock, for the first record of a new portal.
    pub(crate) fn wall(&self) -> Moment {
        (self.clock)().wall
    }

    /// Seconds that this process has run.
    pub(crate) fn run(&self) -> u64 {
        (self.clock)().elapsed
    }

    /// The time, given what is on record in the database.
    pub(crate) fn read(&self, recorded: Recorded) -> ClockReading {
        let wall = (self.clock)();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Recorded { newest, accepted } = recorded;
        let fresh = State { floor: newest, at: wall.elapsed, ahead_since: None, accepted };
        // A reader may still see the record from before the clock was accepted; that takes nothing back.
        let mut next = state.filter(|known| known.accepted >= accepted).unwrap_or(fresh);
        next.advance(wall.elapsed);
        if next.accepted == accepted {
            // Another process may have recorded more.
            next.floor = next.floor.max(newest);
        }
        next.judge(wall);
        *state = Some(next);
        ClockReading { now: next.floor.max(wall.wall), wall: wall.wall, newest: next.floor }
    }
}

impl State {
    fn advance(&mut self, elapsed: u64) {
        let run = elapsed.saturating_sub(self.at);
        self.floor = self.floor.plus_seconds(i64::try_from(run).unwrap_or(i64::MAX));
        self.at = self.at.max(elapsed);
    }

    fn judge(&mut self, wall: Wall) {
        let ahead = wall.wall.unix() - self.floor.unix();
        let since = *self.ahead_since.get_or_insert(wall.elapsed);
        if ahead <= JUMP {
            self.ahead_since = None;
        }
        if (1..=JUMP).contains(&ahead) || (ahead > JUMP && wall.elapsed.saturating_sub(since) >= HOLD) {
            self.floor = wall.wall;
            self.ahead_since = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use entitlement::Moment;

    use super::{ClockGuard, Recorded, Wall};

    const DAY: i64 = 86_400;

    /// Wall clock and process time, in seconds after a fixed start, that a test turns.
    struct Turned(Arc<Mutex<(i64, u64)>>, ClockGuard);

    fn at(seconds: i64) -> Moment {
        const START: Moment = match Moment::from_unix(1_800_000_000) {
            Some(moment) => moment,
            None => panic!("the literal is in range"),
        };
        START.plus_seconds(seconds)
    }

    impl Turned {
        fn new() -> Self {
            let hands = Arc::new(Mutex::new((0, 0)));
            let seen = Arc::clone(&hands);
            let clock = move || {
                seen.lock()
                    .map(|hands| Wall { wall: at(hands.0), elapsed: hands.1 })
                    .unwrap_or(Wall { wall: at(0), elapsed: 0 })
            };
            Self(hands, ClockGuard::new(Arc::new(clock)))
        }

        /// Effective now and what may go on record, when the clocks stand so.
        fn read(&self, wall: i64, elapsed: u64, recorded: i64) -> (Moment, Moment) {
            self.read_after(0, wall, elapsed, recorded)
        }

        /// The same, once a person has accepted the wall clock so often.
        fn read_after(&self, accepted: u64, wall: i64, elapsed: u64, recorded: i64) -> (Moment, Moment) {
            if let Ok(mut hands) = self.0.lock() {
                *hands = (wall, elapsed);
            }
            let reading = self.1.read(Recorded { newest: at(recorded), accepted });
            (reading.now, reading.newest)
        }
    }

    #[test]
    fn the_wall_clock_counts_while_it_runs_forward() {
        let clock = Turned::new();
        assert_eq!(clock.read(0, 0, 0), (at(0), at(0)));
        assert_eq!(clock.read(100, 100, 0), (at(100), at(100)));
        // An adjustment of two minutes is taken as it is.
        assert_eq!(clock.read(320, 200, 100), (at(320), at(320)));
    }

    #[test]
    fn a_clock_set_back_goes_on_from_the_newest_instant_with_the_time_of_the_process() {
        let clock = Turned::new();
        assert_eq!(clock.read(1_000, 0, 1_000), (at(1_000), at(1_000)));
        assert_eq!(clock.read(-5 * DAY, 10, 1_000), (at(1_010), at(1_010)));
        assert_eq!(clock.read(-5 * DAY, 500, 1_010), (at(1_500), at(1_500)));
    }

    #[test]
    fn a_clock_set_back_while_the_portal_was_stopped_does_not_matter() {
        let clock = Turned::new();
        assert_eq!(clock.read(-300 * DAY, 7, 0), (at(0), at(0)));
        assert_eq!(clock.read(-300 * DAY + 5, 12, 0), (at(5), at(5)));
    }

    #[test]
    fn what_another_process_recorded_counts_at_once() {
        let clock = Turned::new();
        assert_eq!(clock.read(0, 0, 0), (at(0), at(0)));
        assert_eq!(clock.read(1, 1, 5_000), (at(5_000), at(5_000)));
    }

    #[test]
    fn a_jump_of_over_a_day_counts_at_once_and_is_recorded_after_an_hour() {
        let clock = Turned::new();
        assert_eq!(clock.read(0, 0, 0), (at(0), at(0)));
        let jump = DAY + 2;
        assert_eq!(clock.read(jump, 1, 0), (at(jump), at(1)));
        assert_eq!(clock.read(jump + 3_599, 3_600, 1), (at(jump + 3_599), at(3_600)));
        assert_eq!(clock.read(jump + 3_600, 3_601, 1), (at(jump + 3_600), at(jump + 3_600)));
    }

    #[test]
    fn a_jump_that_is_taken_back_within_the_hour_leaves_no_trace_and_the_next_one_waits_its_own_hour() {
        let clock = Turned::new();
        assert_eq!(clock.read(0, 0, 0), (at(0), at(0)));
        assert_eq!(clock.read(400 * DAY, 10, 0), (at(400 * DAY), at(10)));
        assert_eq!(clock.read(3_000, 3_000, 10), (at(3_000), at(3_000)));
        assert_eq!(clock.read(400 * DAY, 3_700, 3_000), (at(400 * DAY), at(3_700)));
        assert_eq!(clock.read(400 * DAY, 7_299, 3_700), (at(400 * DAY), at(7_299)));
        assert_eq!(clock.read(400 * DAY, 7_300, 3_700), (at(400 * DAY), at(400 * DAY)));
    }

    #[test]
    fn a_clock_that_a_person_accepted_counts_from_then_on_and_an_older_look_at_the_record_changes_nothing() {
        let clock = Turned::new();
        assert_eq!(clock.read(400 * DAY, 0, 400 * DAY), (at(400 * DAY), at(400 * DAY)));
        assert_eq!(clock.read(50, 50, 400 * DAY), (at(400 * DAY + 50), at(400 * DAY + 50)));
        assert_eq!(clock.read_after(1, 60, 60, 60), (at(60), at(60)));
        assert_eq!(clock.read(61, 61, 400 * DAY), (at(61), at(61)));
        assert_eq!(clock.read_after(1, 62, 62, 60), (at(62), at(62)));
    }

    #[test]
    fn a_jump_of_exactly_a_day_is_recorded_at_once() {
        let clock = Turned::new();
        assert_eq!(clock.read(DAY, 0, 0), (at(DAY), at(DAY)));
    }
}
