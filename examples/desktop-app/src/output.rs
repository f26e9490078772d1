//! The only file of this program that prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is where the program speaks")]

/// Says something to the user, on a line of its own.
pub fn say(text: &str) {
    println!("{text}");
}

/// Says why the program does not begin.
pub fn complain(text: &str) {
    eprintln!("{text}");
}
