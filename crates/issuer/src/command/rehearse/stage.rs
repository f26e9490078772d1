//! The stage of a rehearsal: a folder that goes away, the desk's own verbs, and a list of what was expected and came.

use std::fs::{self, DirBuilder};
use std::path::PathBuf;

use clap::Parser;
use entitlement::{KeyId, Moment, SecretKey};
use errors::{Code, Failure};
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::output::Answer;
use crate::workspace::{Purpose, Workspace};

/// What a step is expected to end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// It goes well.
    Good,
    /// It is refused with this code.
    Refused(Code),
}

/// One step, and how it ended.
struct Step {
    who: &'static str,
    does: String,
    says: String,
    expected: Expected,
    held: bool,
}

/// Everything that was done so far.
pub(super) struct Stage {
    folder: PathBuf,
    passphrase: String,
    /// The instant at which the rehearsal takes place.
    pub(super) now: Moment,
    acts: Vec<(&'static str, Vec<Step>)>,
}

impl Stage {
    /// An empty folder for the owner only, with a passphrase that nobody knows.
    pub(super) fn set_up(now: Moment) -> Result<Self, Failure> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)
            .map_err(|error| Failure::new(Code::Internal, format!("The system gives no randomness: {error}.")))?;
        let passphrase = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let name = format!("seatwarden-rehearsal-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|error| files::unwritable(&folder, &error))?;
        let stage = Self { folder, passphrase, now, acts: Vec::new() };
        stage.write("pass", &format!("{}\n", stage.passphrase))?;
        Ok(stage)
    }

    /// The next act.
    pub(super) fn act(&mut self, title: &'static str) {
        self.acts.push((title, Vec::new()));
    }

    /// Puts a file on the stage.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        files::write_new(&self.folder.join(name), text.as_bytes(), files::Secrecy::Secret)
    }

    /// What a file says; nothing where a step before has failed to make it.
    pub(super) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap_or_default()
    }

    /// The secret key of a thief, who knows the passphrase.
    pub(super) fn stolen(&self, kid: &str, purpose: Purpose) -> Result<SecretKey, Failure> {
        let kid = KeyId::parse(kid).map_err(|error| Failure::new(Code::Internal, format!("{error}.")))?;
        let workspace = Workspace::open(&self.folder.join("desk"))?;
        workspace.secret(&workspace.key_for(&kid, purpose)?, purpose, &self.passphrase)
    }

    /// Runs a verb of this program. `@NAME` is a file on the stage; a word with blanks stands between `'`.
    pub(super) fn desk(&mut self, line: &str, expected: Expected) -> String {
        let outcome = self.parsed(line).and_then(crate::command::run);
        let (says, text) = match &outcome {
            Ok(answer) => (answer.text().lines().next().unwrap_or_default().to_owned(), answer.text().to_owned()),
            Err(failure) => (sentence(failure), String::new()),
        };
        let does = line.replace(" --passphrase-file @pass", "").replace('@', "");
        self.note("desk", does, says, (outcome.err().map(|failure| failure.code), expected));
        text
    }

    fn parsed(&self, line: &str) -> Result<Cli, Failure> {
        let place = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.folder.join(name).display().to_string(),
            None => word.to_owned(),
        };
        let parts = line.split('\'').enumerate();
        let words =
            parts.flat_map(
                |(index, part)| {
                    if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect::<Vec<_>>() }
                },
            );
        let desk = ["seatwarden-issuer", "--no-input", "--dir", "@desk"].into_iter();
        Cli::try_parse_from(desk.chain(words).map(place)).map_err(|error| Failure::new(Code::Usage, error.to_string()))
    }

    /// Notes what a portal said.
    pub(super) fn portal(&mut self, does: &str, said: Result<String, Failure>, expected: Expected) {
        let (says, code) = match said {
            Ok(says) => (says, None),
            Err(failure) => (sentence(&failure), Some(failure.code)),
        };
        self.note("portal", does.to_owned(), says, (code, expected));
    }

    fn note(&mut self, who: &'static str, does: String, says: String, (came, expected): (Option<Code>, Expected)) {
        let held = expected == came.map_or(Expected::Good, Expected::Refused);
        if let Some((_, steps)) = self.acts.last_mut() {
            steps.push(Step { who, does, says, expected, held });
        }
    }

    /// Everything that happened, and a failure where one expectation did not hold.
    pub(super) fn told(&self) -> Answer {
        let steps = || self.acts.iter().flat_map(|(_, steps)| steps);
        let (held, broken) = (steps().filter(|step| step.held).count(), steps().filter(|step| !step.held).count());
        let mut table = String::new();
        for (number, (title, steps)) in (1..).zip(&self.acts) {
            table += &format!("{number}. {title}\n");
            table.extend(steps.iter().map(Step::table));
        }
        table += &format!("{held} of {} expectations held; the folder and its keys are gone.", held + broken);
        let json = self.acts.iter().flat_map(|(act, steps)| steps.iter().map(|step| step.json(act)));
        let json = json!({ "held": held, "broken": broken, "steps": json.collect::<Vec<_>>() });
        let failure = (broken > 0).then(|| {
            Failure::new(Code::RehearsalFailed, format!("{broken} of {} expectations did not hold.", held + broken))
        });
        Answer::facts(table, json).but(failure)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Step {
    fn table(&self) -> String {
        let row = format!("  {:<8}{}\n          {}\n", self.who, self.does, self.says);
        if self.held { row } else { format!("{row}          UNEXPECTED: this was to be {}\n", self.expected.word()) }
    }

    fn json(&self, act: &str) -> Value {
        json!({
            "act": act,
            "who": self.who,
            "does": self.does,
            "says": self.says,
            "expected": self.expected.word(),
            "held": self.held,
        })
    }
}

impl Expected {
    fn word(self) -> String {
        match self {
            Self::Good => "good".to_owned(),
            Self::Refused(code) => format!("refused ({})", code.row().name),
        }
    }
}

fn sentence(failure: &Failure) -> String {
    let first = failure.detail.lines().next().unwrap_or_default();
    let first = first.strip_prefix("The file is refused: ").unwrap_or(first);
    format!("refused: {first} ({})", failure.row().name)
}

#[cfg(test)]
mod tests {
    use entitlement::Moment;
    use errors::Code;

    use super::{Expected, Stage};

    #[test]
    fn an_expectation_that_does_not_hold_is_shown_and_fails_the_rehearsal() {
        let mut stage = Stage::set_up(Moment::parse("2026-12-01T00:00:00Z").unwrap()).unwrap();
        let folder = stage.folder.clone();
        stage.act("An act");
        stage.desk("key list", Expected::Good);
        stage.portal("imports a file", Ok("taken".to_owned()), Expected::Refused(Code::LicenseKeyRevoked));
        let told = stage.told();
        let shown = told.text();
        assert!(shown.contains("UNEXPECTED: this was to be good\n"), "{shown}");
        assert!(shown.contains("UNEXPECTED: this was to be refused (license-key-revoked)\n"), "{shown}");
        assert!(shown.ends_with("0 of 2 expectations held; the folder and its keys are gone."), "{shown}");
        assert_eq!(told.failure().map(|failure| failure.code), Some(Code::RehearsalFailed));
        assert!(folder.exists());
        drop(stage);
        assert!(!folder.exists());
    }
}
