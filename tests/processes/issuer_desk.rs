//! A vendor's desk in a folder of its own, worked on with the built `seatwarden-issuer`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::house::built;
use crate::vendor;

/// A perpetual order that began long ago.
const ORDER: &str = "contract = \"city\"\n\
                     customer = { id = \"city\", name = \"City\" }\n\
                     from = 2024-01-01\n\
                     [user_types]\n\
                     viewer = 2\n\
                     creator = 2\n";

/// A desk with `order.toml` and the passphrase of its keys in `pass`.
pub struct IssuerDesk {
    pub folder: PathBuf,
    /// What the library of a token needs to know.
    pub environment: Vec<(String, String)>,
}

impl IssuerDesk {
    /// A new desk: root `root-1`, signing key `signing-1`, trust list 1.
    pub fn new(name: &str) -> Self {
        let desk = Self::empty(name);
        fs::write(desk.path("pass"), "correct horse battery staple\n").expect("a passphrase");
        desk.good("init --vendor Vendor --from 2020-01-01 --until 2999-01-01 --passphrase-file pass");
        desk
    }

    /// A copy of the public workspace `keys/`, whose files a demonstration portal believes.
    pub fn of_the_demonstration(name: &str) -> Self {
        let desk = Self::empty(name);
        for entry in fs::read_dir(vendor::keys()).expect("the demonstration keys").flatten() {
            if entry.path().is_file() {
                fs::copy(entry.path(), desk.path("desk").join(entry.file_name())).expect("a copy");
            }
        }
        fs::copy(vendor::keys().join("demo.passphrase"), desk.path("pass")).expect("a passphrase");
        desk
    }

    fn empty(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("processes").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old folder goes");
        }
        fs::create_dir_all(folder.join("desk")).expect("a folder");
        fs::write(folder.join("order.toml"), ORDER).expect("an order");
        Self { folder, environment: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(built("seatwarden-issuer"));
        command.current_dir(&self.folder).args(["--dir", "desk", "--no-input"]).args(args);
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the issuer runs")
    }

    /// Runs the words of one line.
    pub fn at(&self, line: &str) -> Output {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the words of one line, which must go well; what was said.
    pub fn good(&self, line: &str) -> String {
        let output = self.at(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// The same, read as JSON.
    pub fn facts(&self, line: &str) -> Value {
        serde_json::from_str(&self.good(&format!("{line} --json"))).expect("JSON")
    }

    /// Issues the order unbound with a key file.
    pub fn issue(&self, key: &str, out: &str) -> Output {
        self.at(&format!("license issue order.toml --key {key} --unbound --passphrase-file pass --out {out}"))
    }

    /// Builds the next trust list.
    pub fn build(&self, root: &str, out: &str) -> Output {
        self.at(&format!("trust build --root {root} --passphrase-file pass --out {out}"))
    }
}
