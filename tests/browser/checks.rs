//! What is asked of every page: the accessibility rules, room in a narrow window, the keyboard, a silent console.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::browser::{Browser, Key};

/// A file of the packages that `tests/browser/node` pins.
pub fn package_file(path: &str) -> std::path::PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/pages/node_modules").join(path);
    assert!(file.is_file(), "{} is missing: `cargo xtask test --only tools` brings it", file.display());
    file
}

/// The accessibility checks.
static AXE: LazyLock<String> =
    LazyLock::new(|| fs::read_to_string(package_file("axe-core/axe.min.js")).expect("a script"));

fn lines(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Browser {
    /// What is wrong with the page that is open, in light and dark, wide and narrow.
    pub async fn complaints(&self) -> Vec<String> {
        let mut all = self.keyboard().await;
        self.runs(&AXE, vec![]).await;
        for narrow in [false, true] {
            let width = if narrow { 320 } else { 1280 };
            self.is_wide(width, 800).await;
            for dark in [false, true] {
                if dark {
                    self.dark().await
                } else {
                    self.light().await
                }
                // Colours alone are other in the dark.
                let found = lines(&self.asks_axe(dark).await);
                let how = if dark { "dark" } else { "light" };
                all.extend(found.into_iter().map(|line| format!("{width} px, {how}: {line}")));
            }
            if narrow {
                all.extend(lines(&self.runs(include_str!("reflow.js"), vec![]).await));
            }
        }
        self.wide().await;
        self.light().await;
        all.extend(self.console_of_page().await);
        all
    }

    /// What is wrong with the page as it is shown, by the accessibility rules and the console.
    pub async fn complaints_as_shown(&self) -> Vec<String> {
        self.runs(&AXE, vec![]).await;
        let mut all = lines(&self.asks_axe(false).await);
        all.extend(self.console_of_page().await);
        all
    }

    /// What the browser has to say, but for the status of a page that is a refusal.
    async fn console_of_page(&self) -> Vec<String> {
        let mut told = self.console().await;
        told.retain(|line| !line.contains(" - Failed to load resource: the server responded with a status of 4"));
        told
    }

    /// Presses Tab all the way through the page, and tells where that went wrong.
    pub async fn keyboard(&self) -> Vec<String> {
        let stops = self.runs(include_str!("tab_order.js"), vec![]).await.as_u64().unwrap_or_default();
        self.presses_often(Key::Tab, stops).await;
        lines(&self.runs(include_str!("tab_order.js"), vec![json!(true)]).await)
    }
}
