//! A clock of the machine that a test turns, for one process: Debian's faketime, beside the program itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::builds::Build;

/// The clock that a process believes in.
pub struct FakedClock {
    file: PathBuf,
    /// Whether the time that the process has run is turned with the wall clock.
    whole: bool,
}

impl FakedClock {
    /// A wall clock that can be turned while the process runs on as it does.
    pub fn of_the_wall(folder: &Path) -> Self {
        Self::new(folder, false)
    }

    /// A clock with all its hands: moved forward while the process runs, the time in between has passed for it.
    pub fn with_all_hands(folder: &Path) -> Self {
        Self::new(folder, true)
    }

    fn new(folder: &Path, whole: bool) -> Self {
        let clock = Self { file: folder.join("clock"), whole };
        clock.turn(0);
        clock
    }

    /// Puts it so many seconds ahead of the right time, or behind it.
    pub fn turn(&self, seconds: i64) {
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{seconds:+}\n")).expect("the clock is written");
        // At once: the process may be reading it.
        fs::rename(next, &self.file).expect("the clock is turned");
    }

    /// A build whose processes believe in it.
    pub fn on(&self, build: Build) -> Build {
        let build = build.with("LD_PRELOAD", preloaded()).with("FAKETIME_TIMESTAMP_FILE", &self.file);
        let build = build.with("FAKETIME_NO_CACHE", "1").with("NO_FAKE_STAT", "1");
        if self.whole { build } else { build.with("FAKETIME_DONT_FAKE_MONOTONIC", "1") }
    }
}

/// The library as faketime itself loads it. The program is not started through faketime, which would stand between a test
/// and its process.
fn preloaded() -> &'static str {
    static LIBRARY: OnceLock<String> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let output = Command::new("faketime").args(["-m", "-f", "+0", "printenv", "LD_PRELOAD"]).output();
        let output = output.expect("this test needs the program faketime, of the Debian package faketime");
        let library = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(!library.is_empty(), "faketime does not say what it loads");
        library
    })
}
