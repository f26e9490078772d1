//! The only file that prints.
//!
//! The language of this program:
//! - An answer goes to standard output, everything else to standard error. An answer can be piped; a message cannot get
//!   between.
//! - A failure is `error: `, what happened with its names and numbers, on the next line what to do, and last its code for
//!   `explain`. No failure is only a code, and no failure blames.
//! - Messages are whole sentences without exclamation marks. Names that somebody else chose stand in backticks.
//! - `--format json` changes answers only: one JSON object, the same members every time.
//! - Nothing that a file says reaches a terminal with control characters in it.
//! - No colours and no progress: every verb is done before either would help.

use std::io::{self, Write};
use std::process::ExitCode;

use errors::Failure;
use serde_json::Value;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON object, for programs.
    Json,
}

/// What a verb has to say.
pub(crate) struct Answer {
    body: Body,
    /// What to tell the person besides.
    message: Option<String>,
    /// The failure that the answer ends with: the file was read, and still the verb did not succeed.
    failure: Option<Failure>,
}

enum Body {
    /// The same for people and for programs.
    Facts { table: String, json: Value },
    /// Bytes that are the answer themselves: a license file, a script.
    Document(String),
}

impl Answer {
    /// An answer in both forms.
    pub(crate) fn facts(table: impl Into<String>, json: Value) -> Self {
        Self { body: Body::Facts { table: table.into(), json }, message: None, failure: None }
    }

    /// A document as it stands, in every format.
    pub(crate) fn document(text: impl Into<String>) -> Self {
        Self { body: Body::Document(text.into()), message: None, failure: None }
    }

    /// The answer with a word to the person.
    pub(crate) fn and_say(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// What it says to people.
    pub(crate) fn text(&self) -> &str {
        match &self.body {
            Body::Facts { table, .. } => table,
            Body::Document(text) => text,
        }
    }

    /// The failure that it ends with.
    #[cfg(test)]
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The answer of a verb that did not succeed in the end.
    pub(crate) fn but(mut self, failure: Option<Failure>) -> Self {
        self.failure = failure;
        self
    }
}

/// Prints the outcome of a verb and turns it into the exit code of the program.
pub(crate) fn finish(outcome: Result<Answer, Failure>, format: Format) -> ExitCode {
    let failure = match outcome {
        Ok(answer) => {
            if let Err(error) = print(&answer, format) {
                // Whoever reads has enough, as `head` has.
                return if error.kind() == io::ErrorKind::BrokenPipe { ExitCode::SUCCESS } else { ExitCode::FAILURE };
            }
            answer.failure
        }
        Err(failure) => Some(failure),
    };
    let Some(failure) = failure else { return ExitCode::SUCCESS };
    tell(&format!("error: {failure}"));
    ExitCode::from(failure.exit())
}

fn print(answer: &Answer, format: Format) -> io::Result<()> {
    let text = match (&answer.body, format) {
        (Body::Document(text), _) => text.clone(),
        (Body::Facts { table, .. }, Format::Table) => clean(table.trim_end()) + "\n",
        (Body::Facts { json, .. }, Format::Json) => format!("{json:#}\n"),
    };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    if let Some(message) = &answer.message {
        tell(message);
    }
    Ok(())
}

fn tell(message: &str) {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{}", clean(message));
}

/// The text with its control and reordering characters written out.
fn clean(text: &str) -> String {
    let misleads =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(misleads) {
        return text.to_owned();
    }
    let written = |c: char| if misleads(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_terminal_never_sees_a_control_character_of_a_file() {
        assert_eq!(clean("City\nof Example é"), "City\nof Example é");
        assert_eq!(clean("a\u{1b}[2Jb\r\u{9b}\u{202e}"), "a\\u{1b}[2Jb\\u{d}\\u{9b}\\u{202e}");
    }
}
