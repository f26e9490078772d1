//! The one clock of the portal.
//!
//! Everything that needs the time is given a [`Clock`] or, better, the moment that was read from it. A turned clock
//! stands still until it is moved, so that a test says `clock.advance(31 * 60)` instead of waiting.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use entitlement::Moment;

/// Tells the wall time and the time that has passed. Copies share one pair of hands.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    System { started: Instant },
    Turned(Mutex<Hands>),
}

#[derive(Debug, Clone, Copy)]
struct Hands {
    wall: Moment,
    elapsed: Duration,
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Kind::System { started: system_instant() }))
    }

    /// A clock that shows `moment` until somebody moves it.
    #[must_use]
    pub fn turned(moment: Moment) -> Self {
        Self(Arc::new(Kind::Turned(Mutex::new(Hands { wall: moment, elapsed: Duration::ZERO }))))
    }

    /// The wall time, to the second. It can jump when the machine's clock is corrected.
    #[must_use]
    pub fn wall(&self) -> Moment {
        match &*self.0 {
            Kind::System { .. } => system_moment(),
            Kind::Turned(hands) => hands.lock().unwrap_or_else(PoisonError::into_inner).wall,
        }
    }

    /// The time since this clock was made. It never runs backwards, so waiting periods are measured by it.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match &*self.0 {
            Kind::System { started } => system_instant().duration_since(*started),
            Kind::Turned(hands) => hands.lock().unwrap_or_else(PoisonError::into_inner).elapsed,
        }
    }

    /// Moves a turned clock forward by whole seconds. The clock of the machine takes no orders.
    pub fn advance(&self, seconds: u32) {
        self.turn(|wall| wall.plus_seconds(i64::from(seconds)));
    }

    /// Puts a turned clock to `moment`. Forward, the time in between has passed; backward, only the wall time changes,
    /// as when a machine's clock is corrected. The clock of the machine takes no orders.
    pub fn set(&self, moment: Moment) {
        self.turn(|_| moment);
    }

    fn turn(&self, next: impl FnOnce(Moment) -> Moment) {
        if let Kind::Turned(hands) = &*self.0 {
            let mut hands = hands.lock().unwrap_or_else(PoisonError::into_inner);
            let wall = next(hands.wall);
            let passed = u64::try_from(wall.unix() - hands.wall.unix()).unwrap_or(0);
            *hands = Hands { wall, elapsed: hands.elapsed + Duration::from_secs(passed) };
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
fn system_instant() -> Instant {
    Instant::now()
}

/// A machine that believes in a time before 1970 is taken at 1970, one beyond 9999 at its last second.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
#[expect(clippy::expect_used, reason = "the seconds are clamped to what a moment can be")]
fn system_moment() -> Moment {
    const LAST: i64 = 253_402_300_799;
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    Moment::from_unix(i64::try_from(since_1970).unwrap_or(LAST).min(LAST)).expect("a clamped second is a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_unix(seconds).unwrap()
    }

    #[test]
    fn a_turned_clock_stands_still_until_it_is_moved() {
        let clock = Clock::turned(at(1_000));
        assert_eq!((clock.wall(), clock.elapsed()), (at(1_000), Duration::ZERO));
        clock.clone().advance(90);
        assert_eq!((clock.wall(), clock.elapsed()), (at(1_090), Duration::from_secs(90)));
    }

    #[test]
    fn a_clock_put_back_changes_the_wall_time_only() {
        let clock = Clock::turned(at(1_000));
        clock.set(at(400));
        assert_eq!((clock.wall(), clock.elapsed()), (at(400), Duration::ZERO));
        clock.set(at(460));
        assert_eq!((clock.wall(), clock.elapsed()), (at(460), Duration::from_secs(60)));
    }

    #[test]
    fn the_clock_of_the_machine_cannot_be_turned() {
        let clock = Clock::system();
        clock.set(at(0));
        clock.advance(1_000_000);
        assert!(clock.wall() > at(1_700_000_000));
        assert!(clock.elapsed() < Duration::from_secs(1_000));
    }
}
