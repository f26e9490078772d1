//! The program that drives a browser, and the session in it: started for one test, gone with it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// What a browser of the tests is told: nothing of its own over the network, and a fresh profile.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
];

/// The driver's process with one browser.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    address: String,
    session: String,
    profile: PathBuf,
}

impl Driver {
    /// Starts a driver on a free port, and a browser by it.
    pub async fn starts() -> (Self, Client) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("seatwarden-browser-{}-{number}", std::process::id()));
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts: `cargo xtask test --only tools` installs it");
        let port = port(&mut process);
        let mut driver = Self { process, address: format!("http://127.0.0.1:{port}"), session: String::new(), profile };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(driver.capabilities())
            .connect(&driver.address)
            .await
            .expect("a browser starts");
        driver.session = client.session_id().await.expect("the driver answers").expect("a session has an id");
        (driver, client)
    }

    fn capabilities(&self) -> Capabilities {
        let profile = format!("--user-data-dir={}", self.profile.display());
        let flags: Vec<&str> = FLAGS.iter().copied().chain([profile.as_str()]).collect();
        let wanted = json!({"goog:chromeOptions": {"args": flags}, "goog:loggingPrefs": {"browser": "ALL"}});
        wanted.as_object().expect("an object").clone()
    }

    /// Asks the driver something without the test's runtime, which has stopped when a test has failed.
    fn asks(&self, what: &str, body: Option<&Value>) -> Option<Value> {
        let address = format!("{}/session/{}/{what}", self.address, self.session);
        let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).build().new_agent();
        let answered = match body {
            Some(body) => agent.post(&address).send_json(body),
            None => agent.get(&address).call(),
        };
        answered
            .ok()?
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_json::<Value>()
            .ok()
            .map(|all| all["value"].clone())
    }

    /// Says which page a failed test was at and what stood on it, and keeps a picture of it.
    pub fn tells(&self) {
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let read = json!({"script": "return document.body.innerText", "args": []});
        eprintln!("the page was {}", text(self.asks("url", None)));
        eprintln!("{}\n{}\n{0}", "-".repeat(40), text(self.asks("execute/sync", Some(&read))));
        let Ok(picture) = STANDARD.decode(text(self.asks("screenshot", None))) else { return };
        let test = std::thread::current().name().unwrap_or("main").replace("::", "-");
        let path = crate::browser::folder().join(format!("failed-{test}.png"));
        if std::fs::write(&path, picture).is_ok() {
            eprintln!("a picture of it is {}", path.display());
        }
    }
}

/// The port that the driver says it listens on.
fn port(process: &mut Child) -> u16 {
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let port = lines.find_map(|line| line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
    port.expect("the driver says on which port it listens")
}

impl Drop for Driver {
    fn drop(&mut self) {
        if std::thread::panicking() && !self.session.is_empty() {
            self.tells();
        }
        // The browser ends with its session; the driver would leave it behind.
        let _ = ureq::delete(&format!("{}/session/{}", self.address, self.session)).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
