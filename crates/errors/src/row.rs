//! One row of the registry, and how it is explained to a person.

/// What the registry says of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The stable name: problem type, `code` of the answer, argument of `explain`.
    pub name: &'static str,
    /// HTTP status; 0 where the code cannot arise over HTTP.
    pub status: u16,
    /// Exit code of both programs.
    pub exit: u8,
    /// A short title, the same for every case.
    pub title: &'static str,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

impl Row {
    /// The text of `explain CODE` and of the page `/help/errors/CODE`.
    #[must_use]
    pub fn explanation(&self) -> String {
        let http = if self.status == 0 { String::new() } else { format!("HTTP status {}, ", self.status) };
        format!(
            "{}: {}\n\nWhat it means\n  {}\n\nWhat to do\n  {}\n\n{http}exit code {}\n",
            self.name, self.title, self.meaning, self.fix, self.exit
        )
    }
}
