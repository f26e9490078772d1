//! A person at a browser: what the person does and sees reads like what happened.
//!
//! Everything waits for its condition (an element of that name, an address, a text) and fails with what was there
//! instead. When a test fails, the page's address and text are told and a picture is kept: see [`Driver::tells`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
pub use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use tests::portal::{PASSWORD, Portal};
use url::Url;

use crate::driver::Driver;

/// How long something is waited for before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at the page.
const MOMENT: Duration = Duration::from_millis(20);

/// A browser with one window, open at one portal.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    base: String,
    /// Ends the browser with the test.
    _driver: Driver,
}

/// The folder of the pictures.
pub fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser");
    std::fs::create_dir_all(&folder).expect("the folder of the pictures");
    folder
}

/// A command of the driver that is not in the standard.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// A browser at a portal, 1280 px wide, with no page open.
    pub async fn at(portal: &Portal) -> Self {
        let base = format!("http://{}", portal.serves().await);
        let (driver, client) = Driver::starts().await;
        let browser = Self { client, base, _driver: driver };
        browser.wide().await;
        browser
    }

    /// Opens an address of the portal.
    pub async fn opens(&self, address: &str) {
        self.client.goto(&format!("{}{address}", self.base)).await.expect("the page opens");
    }

    /// Signs in on the page with the password of everybody, and waits until that is done.
    pub async fn signs_in(&self, username: &str) {
        self.opens("/signin").await;
        self.types("User name", username).await;
        self.types("Password", PASSWORD).await;
        self.clicks("Sign in").await;
        self.until("the sign-in is over", async || self.address().await != "/signin").await;
    }

    /// Clicks a link, a button or the head of a fold, by its name: what it is called, or else what it says.
    ///
    /// Of several, that of the page's own part is meant; the test fails if there are still two.
    pub async fn clicks(&self, name: &str) {
        self.found("act", &json!(name), None).await.click().await.expect("it can be clicked");
    }

    /// The same inside of a row of a table, a group or a part of the page, by what that is called.
    pub async fn clicks_in(&self, part: &str, name: &str) {
        self.found("act", &json!(name), Some(part)).await.click().await.expect("it can be clicked");
    }

    /// Types into a field, by its label, in place of what was there.
    pub async fn types(&self, label: &str, text: &str) {
        let field = self.found("field", &json!(label), None).await;
        field.clear().await.expect("the field can be cleared");
        field.send_keys(text).await.expect("the field takes what is typed");
    }

    /// Picks an option of a list, by label and what the option says.
    pub async fn picks(&self, label: &str, option: &str) {
        self.found("option", &json!([label, option]), None).await.click().await.expect("it can be picked");
    }

    /// Ticks a checkbox or a radio button, or takes a tick away, by its label.
    pub async fn ticks(&self, label: &str) {
        self.found("tick", &json!(label), None).await.click().await.expect("it can be ticked");
    }

    /// The same inside of a row, a group or a part of the page.
    pub async fn ticks_in(&self, part: &str, label: &str) {
        self.found("tick", &json!(label), Some(part)).await.click().await.expect("it can be ticked");
    }

    /// Chooses a file for a field, by its label.
    pub async fn chooses_file(&self, label: &str, name: &str, content: &[u8]) {
        let folder = folder().join(format!("files-{:?}", std::thread::current().id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.canonicalize().expect("a folder").join(name);
        std::fs::write(&path, content).expect("a file");
        let field = self.found("field", &json!(label), None).await;
        field.send_keys(&path.display().to_string()).await.expect("the field takes a file");
    }

    /// What a field holds, by its label.
    pub async fn holds(&self, label: &str) -> String {
        let field = self.found("field", &json!(label), None).await;
        field.prop("value").await.expect("a field").unwrap_or_default()
    }

    /// Presses a key, wherever the focus is.
    pub async fn presses(&self, key: Key) {
        self.presses_all(&[key.into()]).await;
    }

    /// Presses a key while Shift is held.
    pub async fn presses_with_shift(&self, key: Key) {
        self.presses_all(&[Key::Shift.into(), key.into()]).await;
    }

    /// Types text on the keyboard, wherever the focus is.
    pub async fn keys_in(&self, text: &str) {
        for letter in text.chars() {
            self.presses_all(&[letter]).await;
        }
    }

    /// Selects all that a field holds.
    pub async fn selects_all(&self) {
        self.presses_all(&[Key::Control.into(), 'a']).await;
    }

    /// Presses a key so many times.
    pub async fn presses_often(&self, key: Key, times: u64) {
        let once = [KeyAction::Down { value: key.into() }, KeyAction::Up { value: key.into() }];
        let all = (0..times).flat_map(|_| once.clone());
        let actions = all.fold(KeyActions::new("keyboard".to_owned()), InputSource::then);
        self.client.perform_actions(actions).await.expect("a key can be pressed");
    }

    async fn presses_all(&self, keys: &[char]) {
        let down = keys.iter().map(|value| KeyAction::Down { value: *value });
        let up = keys.iter().rev().map(|value| KeyAction::Up { value: *value });
        let actions = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), InputSource::then);
        self.client.perform_actions(actions).await.expect("a key can be pressed");
    }

    /// What has the focus: its name and, before it, what it is: `link Members`. Empty where nothing has it.
    pub async fn focus(&self) -> String {
        let read = self.runs(include_str!("focus.js"), vec![]).await;
        read.as_str().unwrap_or_default().to_owned()
    }

    /// Presses Tab until something has the focus: see [`Browser::focus`].
    pub async fn tabs_to(&self, what: &str) {
        let mut passed = Vec::new();
        while passed.len() < 200 {
            self.presses(Key::Tab).await;
            let now = self.focus().await;
            if now == what {
                return;
            }
            passed.push(now);
        }
        panic!("Tab does not come to `{what}`, only to {passed:#?}");
    }

    /// What can be read in the page's own part.
    pub async fn reads(&self) -> String {
        let read = self.runs("return document.querySelector('main').innerText", vec![]).await;
        read.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page's own part says something; spaces and line ends count alike.
    pub async fn sees(&self, text: &str) {
        self.until(&format!("the page says `{text}`"), async || self.plain().await.contains(&plain(text))).await;
    }

    /// Checks that the page's own part does not say something. What comes before it must be waited for.
    pub async fn sees_no(&self, text: &str) {
        let read = self.plain().await;
        assert!(!read.contains(&plain(text)), "the page says `{text}`");
    }

    async fn plain(&self) -> String {
        plain(&self.reads().await)
    }

    /// The title of the window.
    pub async fn title(&self) -> String {
        self.client.title().await.expect("a title")
    }

    /// The address of the page, without the portal's own: path and query.
    pub async fn address(&self) -> String {
        let whole = self.client.current_url().await.expect("an address");
        let query = whole.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", whole.path())
    }

    /// Waits until the page is that one. Without a query in `address`, whatever the page's query is.
    pub async fn is_at(&self, address: &str) {
        let is_there = |now: &str| now == address || now.split('?').next() == Some(address);
        self.until(&format!("the page is {address}"), async || is_there(&self.address().await)).await;
    }

    /// Turns the scripts of pages off; what the tests themselves look at goes on.
    pub async fn with_script_off(&self) {
        self.tells_browser("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Makes the window 320 px wide: the narrowest that pages are made for, and 1280 px at 400 %.
    pub async fn narrow(&self) {
        self.is_wide(320, 640).await;
    }

    /// Makes the window 1280 px wide.
    pub async fn wide(&self) {
        self.is_wide(1280, 800).await;
    }

    /// Makes the window that large.
    pub async fn is_wide(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tells_browser("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Draws no bars beside what scrolls.
    pub async fn without_scrollbars(&self) {
        self.tells_browser("Emulation.setScrollbarsHidden", json!({"hidden": true})).await;
    }

    /// Prefers dark colours from now on.
    pub async fn dark(&self) {
        self.prefers("dark").await;
    }

    /// Prefers light colours from now on.
    pub async fn light(&self) {
        self.prefers("light").await;
    }

    async fn prefers(&self, colours: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": colours}]});
        self.tells_browser("Emulation.setEmulatedMedia", features).await;
    }

    /// Keeps a picture of the window.
    pub async fn takes_picture(&self, path: &Path) {
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(path, picture).expect("the picture is kept");
    }

    /// The lines that the page left on the browser's console since the last look.
    pub async fn console(&self) -> Vec<String> {
        let lines = self.own("se/log", json!({"type": "browser"})).await;
        let line = |one: &Value| format!("{}: {}", one["level"], one["message"].as_str().unwrap_or_default());
        lines.as_array().into_iter().flatten().map(line).collect()
    }

    /// Runs a script of the tests in the page, and gives its answer.
    pub async fn runs(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.expect("the script runs")
    }

    /// What the accessibility checks, or those of colours alone, say about the page, which they were brought to before.
    pub async fn asks_axe(&self, colours: bool) -> Value {
        self.client.execute_async(include_str!("axe.js"), vec![json!(colours)]).await.expect("the checks run")
    }

    async fn tells_browser(&self, command: &str, params: Value) {
        self.own("goog/cdp/execute", json!({"cmd": command, "params": params})).await;
    }

    async fn own(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Own { path, body }).await.expect("the driver knows the command")
    }

    /// Waits until there is exactly one thing of that name.
    pub(crate) async fn found(&self, kind: &str, wanted: &Value, part: Option<&str>) -> Element {
        let mut others = Value::Null;
        let looking = async {
            loop {
                let arguments = vec![json!(kind), wanted.clone(), json!(part)];
                let looked = self.client.execute(include_str!("finder.js"), arguments).await;
                // A page that is just being left has nothing to look at.
                let looked = looked.unwrap_or(Value::Null);
                if let Some([one]) = looked["found"].as_array().map(Vec::as_slice) {
                    return self.element(one);
                }
                others = looked;
                tokio::time::sleep(MOMENT).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, looking).await;
        let (count, there) = (others["found"].as_array().map_or(0, Vec::len), &others["others"]);
        let place = part.map(|part| format!(" in `{part}`")).unwrap_or_default();
        found.unwrap_or_else(|_| panic!("{count} of {kind} {wanted}{place}; there are {there:#}"))
    }

    fn element(&self, reference: &Value) -> Element {
        let id = reference.as_object().and_then(|members| members.values().next()).and_then(Value::as_str);
        let id = id.expect("a reference to an element").to_owned();
        Element::from_element_id(self.client.clone(), ElementRef::from(id))
    }

    async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let waiting = async {
            while !is_so().await {
                tokio::time::sleep(MOMENT).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "not so: {what}");
    }
}

/// One space for each run of spaces and line ends.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
