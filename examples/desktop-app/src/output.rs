//! The only file of this program that prints.

#![expect(clippy::print_stderr, reason = "this is where the program speaks")]

use std::io::Write as _;

/// Says something to the user, on a line of its own.
pub fn say(text: &str) {
    // Whoever has gone away hears nothing, and the work goes on.
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Says why the program does not begin.
pub fn complain(text: &str) {
    eprintln!("{text}");
}
