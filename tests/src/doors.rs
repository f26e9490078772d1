//! Every door through which somebody comes to a seat, and what it answers: the table of `docs/RULES.md`.
//!
//! The journey `doors` goes through each door in each state and compares; `cargo run -p tests --bin make-rules` writes
//! the table into the document.

/// A door, and for each state of the user type what is answered: status and code, or a word where no program answers.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Which door.
    pub door: Door,
    /// What people call it.
    pub name: &'static str,
    /// With one seat free; full; one over; and not activated.
    pub answers: [&'static str; 4],
}

/// A door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The form for a new member.
    Page,
    /// `POST /members`.
    Rest,
    /// `POST /members` that leaves the user type to the new-member defaults.
    Defaults,
    /// `member add` of the command line.
    CommandLine,
    /// A row of a table for somebody new.
    TableAdds,
    /// A row of a table that gives a member the user type.
    TableMoves,
    /// An invitation is sent.
    Invite,
    /// An invitation that was sent before is accepted.
    Accept,
    /// A disabled member is enabled.
    Enable,
    /// An archived member is restored.
    Restore,
    /// A member of another type is given this one.
    Move,
    /// The same with the consent of the people whom it locks out.
    MoveWithConsent,
    /// The same as a change set of one.
    ChangeSet,
    /// The same in a change set that goes as far as it can.
    PartialChangeSet,
    /// One in and one out in one change set.
    Exchange,
    /// A planned return whose time has come.
    Return,
    /// Another role in the same type.
    Role,
    /// A license file with one seat fewer.
    SmallerFile,
    /// The first administrator.
    Activation,
    /// A member is deleted.
    Delete,
    /// A member is archived.
    Archive,
    /// A member is disabled.
    Disable,
}

impl Door {
    /// Whether somebody holds a seat for it before anybody goes through.
    #[must_use]
    pub fn is_promised(self) -> bool {
        [Self::Accept, Self::Return].contains(&self)
    }
}

const NOBODY: &str = "409 not-activated";
const FULL: &str = "409 seat-limit-reached";
const BLOCKED: &str = "403 creation-blocked-not-compliant";

const fn row(door: Door, name: &'static str, answers: [&'static str; 4]) -> Row {
    Row { door, name, answers }
}

/// The table.
pub const DOORS: &[Row] = &[
    row(Door::Page, "the form for a new member", ["200", FULL, BLOCKED, NOBODY]),
    row(Door::Rest, "`POST /members`", ["201", FULL, BLOCKED, NOBODY]),
    row(Door::Defaults, "`POST /members`, the user type by default", ["201", FULL, BLOCKED, NOBODY]),
    row(Door::CommandLine, "`member add` on the command line", ["added", FULL, BLOCKED, NOBODY]),
    row(
        Door::TableAdds,
        "a table with somebody new",
        ["200", "409 import-refused: seat-limit-reached", "409 import-refused: creation-blocked-not-compliant", NOBODY],
    ),
    row(
        Door::TableMoves,
        "a table that moves a member in",
        ["200", "409 import-refused: seat-limit-reached", "409 import-refused: seat-limit-reached", NOBODY],
    ),
    row(Door::Invite, "an invitation sent", ["201", FULL, BLOCKED, NOBODY]),
    row(Door::Accept, "an invitation accepted", ["201", BLOCKED, BLOCKED, "410 invitation-ended"]),
    row(Door::Enable, "a disabled member enabled", ["201", "201", "201", NOBODY]),
    row(Door::Restore, "an archived member restored", ["201", FULL, BLOCKED, NOBODY]),
    row(Door::Move, "another user type", ["200", "409 one-over-needs-consent", "409 one-over-exhausted", NOBODY]),
    row(
        Door::MoveWithConsent,
        "another user type, with consent",
        ["409 confirmation-mismatch", "200", "409 one-over-exhausted", NOBODY],
    ),
    row(
        Door::ChangeSet,
        "a change set, one in",
        ["201", "409 one-over-needs-consent", "409 one-over-exhausted", NOBODY],
    ),
    row(Door::PartialChangeSet, "a change set as far as it goes, one in", ["201", FULL, FULL, NOBODY]),
    row(Door::Exchange, "a change set, one in and one out", ["201", "201", "201", NOBODY]),
    row(Door::Return, "a planned return", ["returns", "waits", "waits", "–"]),
    row(Door::Role, "another role in the user type", ["200", "200", "200", NOBODY]),
    row(
        Door::SmallerFile,
        "a license file with one seat fewer",
        ["200", "409 confirmation-mismatch", "409 confirmation-mismatch", NOBODY],
    ),
    row(
        Door::Activation,
        "the first administrator",
        ["409 already-activated", "409 already-activated", "409 already-activated", "activated"],
    ),
    row(Door::Delete, "a member deleted", ["204", "204", "204", NOBODY]),
    row(Door::Archive, "a member archived", ["201", "201", "201", NOBODY]),
    row(Door::Disable, "a member disabled", ["201", "201", "201", NOBODY]),
];

/// Where the table begins in the document.
pub const BEGIN: &str = "<!-- doors -->";
/// Where it ends.
pub const END: &str = "<!-- /doors -->";

/// The table as Markdown.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| door | one seat free | full | one over | not activated |\n|---|---|---|---|---|\n");
    for Row { name, answers, .. } in DOORS {
        text.push_str(&format!("| {name} | {} |\n", answers.map(in_code).join(" | ")));
    }
    text
}

/// The code of an answer as Markdown writes it.
fn in_code(answer: &str) -> String {
    match answer.split_once(' ') {
        Some((status, codes)) => {
            let codes: Vec<String> = codes.split(": ").map(|code| format!("`{code}`")).collect();
            format!("{status} {}", codes.join(": "))
        }
        None => answer.to_owned(),
    }
}

/// The document with the table as it is now; nothing where it has no place for one.
#[must_use]
pub fn in_document(document: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}{END}{after}", table()))
}
