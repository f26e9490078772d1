//! The two programs as processes: built, run, served, stopped.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::http::Client;
use crate::output;
use crate::workspace::{self, Place};

/// The build variable that names a vendor's roots.
const TRUST_ROOTS: &str = "SEATWARDEN_TRUST_ROOTS";
/// How long a started portal may take to answer, and a stopped one to end.
const PATIENCE: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(20);

/// The release builds of the two programs.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds both.
    pub fn build(root: &Path) -> Result<Self> {
        if env::var_os(TRUST_ROOTS).is_some() {
            bail!(
                "{TRUST_ROOTS} is set, so the programs would trust a vendor's roots and not the demonstration's. \
                 Unset it and repeat; the quickstart works with demonstration keys only"
            );
        }
        output::step("the two programs are built: cargo build --release -p issuer -p portal");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(&cargo);
        build.args(["build", "--release", "-p", "issuer", "-p", "portal"]).current_dir(root).stdin(Stdio::null());
        let built = build.status().context("cargo could not be started")?;
        ensure!(built.success(), "the two programs do not build");
        let mut asked = Command::new(&cargo);
        let metadata = run(asked.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root))?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata answers no JSON")?;
        let target = metadata.get("target_directory").and_then(Value::as_str);
        Ok(Self { folder: Path::new(target.context("cargo metadata names no target folder")?).join("release") })
    }

    /// The vendor's program, to be given its arguments.
    pub fn issuer(&self) -> Command {
        self.program("seatwarden-issuer")
    }

    /// The customer's program, to be given its arguments.
    pub fn portal(&self) -> Command {
        self.program("seatwarden-portal")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        command.stdin(Stdio::null());
        command
    }

    /// Starts `serve` and waits until it answers.
    pub fn serve(&self, place: &Place, listen: SocketAddr, interrupt: &Interrupt) -> Result<Serving> {
        output::step("the portal is served");
        let log = place.log();
        let lines = OpenOptions::new().create(true).append(true).open(&log);
        let lines = lines.with_context(|| format!("`{}` cannot be written", log.display()))?;
        let began = lines.metadata()?.len();
        let mut command = self.portal();
        command.arg("serve").arg("--data").arg(place.portal()).arg("--listen").arg(listen.to_string()).arg("--demo");
        // Ctrl-C on a terminal goes to every process of a group; the portal is told by us, once.
        command.stdout(Stdio::piped()).stderr(lines).process_group(0);
        let mut child = command.spawn().context("the portal could not be started")?;
        let said = lines_of(child.stdout.take().context("the portal has no standard output")?);
        let child = Running(Arc::new(Mutex::new(child)));
        interrupt.stops(&child)?;
        let mut serving = Serving { child, address: format!("http://{listen}") };
        serving.address = serving.announced(&said).with_context(|| complaint(place, began))?;
        workspace::put(&place.process(), format!("{}\n", serving.number()).as_bytes())?;
        serving.must_answer().with_context(|| complaint(place, began))?;
        Ok(serving)
    }
}

/// What the portal wrote into its log since it was started.
fn complaint(place: &Place, began: u64) -> String {
    let whole = fs::read(place.log()).unwrap_or_default();
    let fresh = whole.get(usize::try_from(began).unwrap_or(0)..).unwrap_or_default();
    let said = String::from_utf8_lossy(fresh);
    let before = fs::read_to_string(place.process()).unwrap_or_default();
    let hint = if said.contains("(already-running)") && !before.is_empty() {
        format!("\nA quickstart that was killed may have left it behind; its process has the number {}.", before.trim())
    } else {
        String::new()
    };
    format!("the portal did not start.\n{}{hint}\nIts log is `{}`", said.trim(), place.log().display())
}

/// Lines of a pipe as they come; the pipe is read to its end, or the portal would stand still one day.
fn lines_of(pipe: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // Nobody may be listening any more.
            let _ = sender.send(line);
        }
    });
    receiver
}

/// A process that can be stopped from two threads.
#[derive(Debug, Clone)]
pub struct Running(Arc<Mutex<Child>>);

impl Running {
    fn child(&self) -> MutexGuard<'_, Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> Result<Option<ExitStatus>> {
        self.child().try_wait().context("the portal cannot be waited for")
    }

    /// Asks the process to end; its number is not another's, because it is still to be waited for.
    fn ask_to_end(&self) {
        let mut child = self.child();
        if let Ok(None) = child.try_wait() {
            let _ = kill_process(Pid::from_child(&child), Signal::TERM);
        }
    }
}

/// A portal that answers. It is stopped when this is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Running,
    address: String,
}

impl Serving {
    /// Where it answers, such as `http://127.0.0.1:8080`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Speaks to it.
    pub fn client(&self) -> Client {
        Client::of(&self.address)
    }

    fn number(&self) -> u32 {
        self.child.child().id()
    }

    /// The address that the portal prints once it listens; for port 0 nobody else knows it.
    fn announced(&self, said: &Receiver<String>) -> Result<String> {
        for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
            if let Ok(line) = said.recv_timeout(GLANCE)
                && let Some(address) = address_in(&line)
            {
                return Ok(address);
            }
            self.must_run()?;
        }
        Err(anyhow!("it names no address"))
    }

    fn must_answer(&self) -> Result<()> {
        let client = self.client();
        for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
            if client.get("/livez", None).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            self.must_run()?;
            thread::sleep(GLANCE);
        }
        Err(anyhow!("/livez does not answer"))
    }

    fn must_run(&self) -> Result<()> {
        match self.child.ended()? {
            None => Ok(()),
            Some(status) => Err(anyhow!("it ended with {status}")),
        }
    }

    /// Waits until the portal ends by itself, or because of Ctrl-C.
    pub fn wait(self) -> Result<()> {
        loop {
            if let Some(status) = self.child.ended()? {
                ensure!(status.success(), "the portal ended with {status}");
                return Ok(());
            }
            thread::sleep(GLANCE * 5);
        }
    }

    /// Stops the portal and says how it ended.
    pub fn stop(self) -> Result<ExitStatus> {
        self.child.ask_to_end();
        for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
            if let Some(status) = self.child.ended()? {
                return Ok(status);
            }
            thread::sleep(GLANCE);
        }
        bail!("the portal does not end when it is asked to")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.ask_to_end();
        for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
            match self.child.ended() {
                Ok(None) => thread::sleep(GLANCE),
                _ => return,
            }
        }
        let _ = self.child.child().kill();
        let _ = self.child.child().wait();
    }
}

/// `http://` and what follows it in a line.
fn address_in(line: &str) -> Option<String> {
    let (_, after) = line.split_once("http://")?;
    let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c))).unwrap_or(after.len());
    after.get(..end).map(|host| format!("http://{}", host.trim_end_matches('.')))
}

/// Ctrl-C, a closed terminal, or a polite `kill`.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    raised: Arc<AtomicBool>,
    portal: Arc<Mutex<Option<Running>>>,
}

impl Interrupt {
    /// From now on a signal stops the portal, and with it this program.
    pub fn watched() -> Result<Self> {
        let interrupt = Self::default();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals cannot be watched")?;
        let watch = interrupt.clone();
        thread::spawn(move || signals.forever().for_each(|_| watch.raise()));
        Ok(interrupt)
    }

    fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
        if let Some(portal) = self.held().as_ref() {
            portal.ask_to_end();
        }
    }

    /// Whether there was one.
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    fn held(&self) -> MutexGuard<'_, Option<Running>> {
        self.portal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This is the process to stop; one that comes too late for the signal is stopped at once.
    fn stops(&self, portal: &Running) -> Result<()> {
        *self.held() = Some(portal.clone());
        if self.is_raised() {
            portal.ask_to_end();
            bail!("interrupted");
        }
        Ok(())
    }
}

/// How a process ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// What it answered.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Ended {
    /// Whether it ended with this code of the error registry.
    pub fn says(&self, code: &str) -> bool {
        self.err.contains(&format!("({code})"))
    }

    /// What it said, for people.
    pub fn message(&self) -> String {
        let code = self.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit {code}"));
        format!("{code}, {}", if self.err.trim().is_empty() { self.out.trim() } else { self.err.trim() })
    }
}

/// Runs a command to its end, whatever that is.
pub fn finished(command: &mut Command) -> Result<Ended> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("`{shown}` could not be started"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
}

/// Runs a command that must succeed; its answer.
pub fn run(command: &mut Command) -> Result<String> {
    let ended = finished(command)?;
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    ensure!(ended.code == Some(0), "{program}: {}", ended.message());
    Ok(ended.out)
}

/// Reads a file of our own.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|mut file| std::io::Read::read_to_end(&mut file, &mut bytes));
    file.with_context(|| format!("`{}` cannot be read", path.display()))?;
    Ok(bytes)
}
