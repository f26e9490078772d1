//! The one file of xtask that prints.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a build tool talks to the terminal, and only here")]

use std::time::Duration;

/// One line of an answer, on standard output.
pub fn line(text: &str) {
    println!("{text}");
}

/// The heading of a step that begins.
pub fn begins(step: &str, what: &str) {
    println!("\n== {step}: {what}");
}

/// The closing line of a step that went well.
pub fn ends(step: &str, took: Duration) {
    println!("== {step}: good, {:.1} s", took.as_secs_f64());
}

/// What went wrong, on standard error.
pub fn failure(text: &str) {
    eprintln!("xtask: {text}");
}
