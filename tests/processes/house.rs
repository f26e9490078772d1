//! A portal as a process, with its data in the target folder.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use entitlement::{EntitlementDraft, PublicKey};
use rustix::process::{Pid, Signal, kill_process};

use serde_json::{Value, json};

use crate::builds::Build;
use crate::http::Client;
use crate::vendor::{self, Vendor, draft};

/// The password of the administrator of every house.
pub const PASSWORD: &str = "four plain unrelated words";
const GLANCE: Duration = Duration::from_millis(10);
/// Ten milliseconds at a time: half a minute.
const GLANCES: usize = 3_000;

/// The portal's program.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("seatwarden-portal"))
}

/// A program, built once with the others for all tests into the folder that holds this one.
pub fn built(program: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let test = std::env::current_exe().expect("the path of this test");
        let profile = test.ancestors().nth(2).expect("a profile folder");
        let target = profile.parent().expect("a target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--target-dir"]).arg(target);
        cargo.args(["issuer", "portal", "desktop-app", "examples"].iter().flat_map(|package| ["-p", package]));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("SEATWARDEN_TRUST_ROOTS").status();
        assert!(built.expect("cargo runs").success(), "the programs do not build");
        profile.to_owned()
    });
    folder.join(program)
}

/// The portal's program with arguments, run to its end.
pub fn portal<'a>(args: impl IntoIterator<Item = &'a str>) -> Output {
    Command::new(program()).args(args).stdin(Stdio::null()).output().expect("the portal runs")
}

/// How a command ended: its exit code and the code of the registry in its last line.
pub fn ending(output: &Output) -> (Option<i32>, String) {
    let said = said(output);
    let code = said.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(code, _)| code);
    (output.status.code(), code.to_owned())
}

/// What a command said to the person at the desk.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command that ended well answered.
#[track_caller]
pub fn told(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// The same as JSON.
#[track_caller]
pub fn facts(output: &Output) -> Value {
    serde_json::from_str(&told(output)).expect("JSON")
}

/// A portal's folder, and the build that runs on it.
pub struct House {
    pub folder: PathBuf,
    pub build: Build,
}

impl House {
    /// A new folder, without data.
    pub fn empty(name: &str) -> Self {
        Self::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("processes").join(name))
    }

    /// A new folder at a place of one's own.
    pub fn at(folder: PathBuf) -> Self {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old folder goes");
        }
        fs::create_dir_all(&folder).expect("a folder");
        Self { folder, build: Build::demonstration() }
    }

    /// The same folder under another build.
    pub fn under(self, build: Build) -> Self {
        Self { build, ..self }
    }

    /// A portal that is activated with so many seats; its administrator is a Creator.
    pub fn activated(name: &str, seats: &[(&str, u32)]) -> Self {
        let house = Self::empty(name);
        let trust = vendor::keys().join("demo.trust.json");
        house.activate(&Vendor::demonstration().license(&draft(1, seats)), &trust);
        house
    }

    /// A portal whose key stands in its file, with so many seats; its administrator is a Creator.
    pub fn bound(name: &str, seats: &[(&str, u32)]) -> Self {
        let house = Self::empty(name);
        let file = EntitlementDraft { portal: Some(house.portal_key()), ..draft(1, seats) };
        house.activate(&Vendor::demonstration().license(&file), &vendor::keys().join("demo.trust.json"));
        house
    }

    /// The public key of the portal, which is made where there is none yet.
    pub fn portal_key(&self) -> PublicKey {
        let request = self.folder.join("request.json");
        // One that was asked for before.
        let _ = fs::remove_file(&request);
        let out = request.display().to_string();
        let output = self.run(&[&["request", "--out", &out], self.build.consent()].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let request = fs::read(&request).expect("a request");
        entitlement::open_activation_request(&request, vendor::now()).expect("a request that opens").key().clone()
    }

    /// Activates it with a file.
    pub fn activate(&self, license: &str, trust: &Path) {
        let output = self.activation(license, &["--trust", &trust.display().to_string()]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// An activation with more arguments, run to its end; its administrator is a Creator.
    pub fn activation(&self, license: &str, more: &[&str]) -> Output {
        let file = self.write("license.json", license.as_bytes());
        let password = self.write("password", PASSWORD.as_bytes());
        let args = ["activate", &file, "--admin", "admin", "--admin-type", "creator"];
        self.run(&[&args[..], &["--admin-password-file", &password], self.build.consent(), more].concat())
    }

    /// Writes a file into the folder; its path.
    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.join(name);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path.display().to_string()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A command on the data, ready to start.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.build.command();
        command.args(args).arg("--data").arg(self.data()).stdin(Stdio::null());
        command
    }

    /// A command on the data, run to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the portal runs")
    }

    /// A command that needs no data folder, run to its end.
    pub fn run_anywhere(&self, args: &[&str]) -> Output {
        self.build.command().args(args).stdin(Stdio::null()).output().expect("the portal runs")
    }

    /// Serves it at a free port.
    pub fn serve(&self) -> Serving {
        let log = File::options().create(true).append(true).open(self.folder.join("log")).expect("a log");
        let mut command = self.command(&[&["serve", "--listen", "127.0.0.1:0"], self.build.consent()].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the portal starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let said = lines.next().and_then(Result::ok).unwrap_or_default();
        let address = said.split_once("http://").map(|(_, address)| format!("http://{}", address.trim()));
        let address = address.unwrap_or_else(|| {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            panic!("the portal says `{said}` and not where it listens:\n{log}")
        });
        Serving { child, address }
    }
}

/// A portal that listens; it ends with this.
pub struct Serving {
    child: Child,
    pub address: String,
}

impl Serving {
    /// The administrator, signed in.
    pub fn admin(&self) -> Client {
        Client::signed_in(&self.address, "admin", PASSWORD)
    }

    /// A member whom the administrator adds, with a password of his own.
    pub fn adds(&self, username: &str, user_type: &str) {
        let once = self.admin().register(username, user_type).expect("an answer").text(201, "one_time_password");
        let newcomer = Client::signed_in(&self.address, username, &once);
        let passwords = json!({"current_password": once, "new_password": PASSWORD});
        assert_eq!(newcomer.put("/api/v1/me/password", &passwords).expect("an answer").status, 204);
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::anonymous(&self.address)
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("the portal is killed");
        self.child.wait().expect("the portal is gone");
    }

    /// Asks it to end; its exit code.
    pub fn ask_to_end(mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), signal).expect("a signal");
        for _ in 0..GLANCES {
            if let Some(status) = self.child.try_wait().expect("the portal can be waited for") {
                return status.code();
            }
            thread::sleep(GLANCE);
        }
        panic!("the portal does not end")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
