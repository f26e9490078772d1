//! How long a step took: the only clock read of xtask. Nothing is decided by it.

use std::time::{Duration, Instant};

/// A stopwatch that runs from its creation.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[expect(clippy::disallowed_methods, reason = "a build tool may time its own steps")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
