//! The only file that prints. What happens goes to standard output, line by line; the end of a failed run to standard
//! error.

/// Prints a line.
pub fn line(text: &str) {
    #[expect(clippy::print_stdout, reason = "this is the file that prints")]
    {
        println!("{text}");
    }
}

/// Prints a step of the preparations.
pub fn step(text: &str) {
    line(&format!("- {text}"));
}

/// Prints why the run ends.
pub fn failed(error: &anyhow::Error) {
    #[expect(clippy::print_stderr, reason = "this is the file that prints")]
    {
        eprintln!("quickstart: {error:#}");
    }
}
