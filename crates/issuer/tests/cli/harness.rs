//! A folder of its own for each test, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A perpetual order that began long ago, so that no test looks at the clock.
pub(crate) const ORDER: &str = r#"contract = "city-of-example"
customer = { id = "city-of-example", name = "City of Example" }
from = 2020-01-01
[user_types]
viewer = 25
creator = 5
"#;

/// A folder that is removed when the test ends.
pub(crate) struct Scratch(PathBuf);

/// A workspace made once and copied for each test: encrypting keys takes time.
static DESK: LazyLock<Scratch> = LazyLock::new(|| {
    let scratch = Scratch::empty();
    scratch.write("pass", b"correct horse\n");
    let init = [
        "--dir",
        "desk",
        "init",
        "--vendor",
        "Example Vendor",
        "--from",
        "2020-01-01",
        "--until",
        "2999-01-01",
        "--passphrase-file",
        "pass",
    ];
    assert_eq!(scratch.run(&init).code, 0);
    scratch
});

impl Scratch {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("seatwarden-issuer-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        done(fs::create_dir_all(&path));
        Self(path)
    }

    /// A folder with a workspace `desk` (root-1, signing-1), its passphrase `pass`, and `order.toml`.
    pub(crate) fn desk() -> Self {
        let scratch = Self::empty();
        copy(&DESK.0, &scratch.0);
        scratch.write("order.toml", ORDER.as_bytes());
        scratch
    }

    /// The same with a `license.json` issued from the order, unbound.
    pub(crate) fn issued() -> Self {
        let scratch = Self::desk();
        assert_eq!(scratch.issue("license.json").code, 0);
        scratch
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        done(fs::write(self.path(name), bytes));
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The names of the files below a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seatwarden-issuer"));
        command.current_dir(&self.0).args(arguments);
        command
    }

    /// Runs the program in this folder, with nobody to ask.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(done(self.command(arguments).stdin(std::process::Stdio::null()).output()))
    }

    /// Runs the program on the workspace `desk`, with the words of one line.
    pub(crate) fn at_desk(&self, line: &str) -> Said {
        self.run(&["--dir", "desk"].into_iter().chain(line.split_whitespace()).collect::<Vec<_>>())
    }

    /// Issues `order.toml` unbound into a file.
    pub(crate) fn issue(&self, out: &str) -> Said {
        self.at_desk(&format!("license issue order.toml --key signing-1 --unbound --passphrase-file pass --out {out}"))
    }

    /// Verifies a file against the desk.
    pub(crate) fn verify(&self, file: &str) -> Said {
        self.run(&["--dir", "desk", "license", "verify", file])
    }

    /// The number of the license in `license.json`.
    pub(crate) fn license(&self) -> String {
        let said = self.at_desk("license inspect license.json --json").json();
        said.pointer("/payload/jti").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// What a JSON file says.
    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap_or_default()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the program said, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The code that the error ends with.
    pub(crate) fn error(&self) -> &str {
        let last = self.err.trim_end().lines().last().unwrap_or_default().trim();
        last.trim_start_matches('(').trim_end_matches(')')
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_default()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in done(fs::read_dir(from)).flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            done(fs::create_dir_all(&target));
            copy(&entry.path(), &target);
        } else {
            done(fs::copy(entry.path(), &target));
        }
    }
}

/// What the machine must be able to do for any test at all.
#[expect(clippy::panic, reason = "a test without its folder or its program cannot go on")]
pub(crate) fn done<T>(result: std::io::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
