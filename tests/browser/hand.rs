//! The three ways in which people use a page: by mouse, by keyboard alone, and by mouse with script off.
//!
//! A journey is written once and is gone in each way.

use std::cell::Cell;

use fantoccini::elements::Element;
use serde_json::{Value, json};
use tests::people::Person;
use tests::portal::{PASSWORD, Portal};

use crate::browser::{Browser, Key};

/// How a person uses the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// Clicks, with script on.
    Mouse,
    /// Tab, arrows, Space and Enter, and no click at all.
    Keyboard,
    /// Clicks, with script off.
    NoScript,
}

/// A person's hand at a browser.
pub struct Hand {
    /// The window, for what is read.
    pub browser: Browser,
    means: Means,
    acts: Cell<u32>,
}

impl Hand {
    /// A hand at a browser with no page open.
    pub async fn at(portal: &Portal, means: Means) -> Self {
        let browser = Browser::at(portal).await;
        if means == Means::NoScript {
            browser.with_script_off().await;
        }
        Self { browser, means, acts: Cell::new(0) }
    }

    /// A hand whose person has signed in and stands at the overview.
    pub async fn of(portal: &Portal, means: Means, username: &str) -> Self {
        let hand = Self::at(portal, means).await;
        hand.browser.opens("/signin").await;
        hand.types("User name", username).await;
        hand.types("Password", PASSWORD).await;
        hand.chooses("Sign in").await;
        hand.browser.is_at("/").await;
        hand.acts.set(0);
        hand
    }

    /// How often something was chosen, picked or ticked.
    pub fn acts(&self) -> u32 {
        self.acts.get()
    }

    /// Opens an address, as one that was kept or handed on.
    pub async fn opens(&self, address: &str) {
        self.browser.opens(address).await;
    }

    /// Follows a link, presses a button, or opens a fold, by its name.
    pub async fn chooses(&self, name: &str) {
        self.uses("act", &json!(name), None).await;
    }

    /// Ticks a checkbox by its label.
    pub async fn ticks(&self, label: &str) {
        self.uses("tick", &json!(label), None).await;
    }

    async fn uses(&self, kind: &str, name: &Value, part: Option<&str>) {
        self.acts.set(self.acts.get() + 1);
        let element = self.browser.found(kind, name, part).await;
        if self.means != Means::Keyboard {
            element.click().await.expect("it can be clicked");
            return;
        }
        self.reaches(&element).await;
        self.browser.presses(if kind == "tick" { Key::Space } else { Key::Enter }).await;
    }

    /// Types into a field, by its label, in place of what was there.
    pub async fn types(&self, label: &str, text: &str) {
        if self.means != Means::Keyboard {
            self.browser.types(label, text).await;
            return;
        }
        let field = self.browser.found("field", &json!(label), None).await;
        self.reaches(&field).await;
        self.browser.selects_all().await;
        self.browser.presses(Key::Delete).await;
        self.browser.keys_in(text).await;
    }

    /// Picks an option of a list, by label and what the option says.
    pub async fn picks(&self, label: &str, option: &str) {
        self.acts.set(self.acts.get() + 1);
        if self.means != Means::Keyboard {
            self.browser.picks(label, option).await;
            return;
        }
        let wanted = self.browser.found("option", &json!([label, option]), None).await;
        let list = self.browser.found("field", &json!(label), None).await;
        self.reaches(&list).await;
        // The first letters choose; the arrows go on to the one of several that begin alike.
        self.browser.presses(Key::Home).await;
        for _ in 0..300 {
            if self.is("return arguments[0].selected", &wanted).await {
                return;
            }
            self.browser.presses(Key::Down).await;
        }
        panic!("the arrows do not come to `{option}`");
    }

    /// Chooses a file. The window in which a file is chosen belongs to the browser and is the same for all means.
    pub async fn chooses_file(&self, label: &str, name: &str, content: &[u8]) {
        self.browser.chooses_file(label, name, content).await;
    }

    /// Waits until the page says something.
    pub async fn sees(&self, text: &str) {
        self.browser.sees(text).await;
    }

    /// Checks that the page does not say something.
    pub async fn sees_no(&self, text: &str) {
        self.browser.sees_no(text).await;
    }

    /// Waits until the page is that one.
    pub async fn is_at(&self, address: &str) {
        self.browser.is_at(address).await;
    }

    /// Presses Tab until the element has the focus.
    async fn reaches(&self, element: &Element) {
        for _ in 0..300 {
            if self.is("return document.activeElement === arguments[0]", element).await {
                return;
            }
            self.browser.presses(Key::Tab).await;
        }
        panic!("Tab does not come to it");
    }

    async fn is(&self, script: &str, element: &Element) -> bool {
        let element = serde_json::to_value(element).expect("a reference to an element");
        self.browser.runs(script, vec![element]).await == json!(true)
    }
}

/// The newest rows of the audit log, the newest first: the action and the target's name in short.
pub async fn newest(ana: &Person, count: usize) -> Vec<String> {
    let log = ana.gets(&format!("/audit-events?limit={count}")).await.expecting(200).json();
    let rows = log["items"].as_array().expect("rows").iter();
    rows.map(|row| {
        format!("{} {}", row["actor"]["name"].as_str().unwrap_or("?"), row["action"].as_str().unwrap_or("?"))
    })
    .collect()
}

/// Goes each journey by each means.
macro_rules! by_every_means {
    ($($journey:ident),+ $(,)?) => {
        mod by_mouse {
            $(#[tokio::test] async fn $journey() { super::$journey(crate::hand::Means::Mouse).await; })+
        }
        mod by_keyboard {
            $(#[tokio::test] async fn $journey() { super::$journey(crate::hand::Means::Keyboard).await; })+
        }
        mod without_script {
            $(#[tokio::test] async fn $journey() { super::$journey(crate::hand::Means::NoScript).await; })+
        }
    };
}
pub(crate) use by_every_means;
