//! The first start, in the browser: the code of the console, the license file, and the first administrator.

use askama::Template;

use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::licenses::LicenseFacts;

/// `/setup`, first step: who asks is known by the code, and the files are opened.
#[derive(Debug, Clone, Template)]
#[template(path = "setup.html")]
pub struct Setup {
    /// The surroundings; nobody is signed in.
    pub frame: Frame,
    /// The code as typed.
    pub code: String,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

/// The second: what the file gives, and who the first administrator is. Nothing has changed yet.
#[derive(Debug, Clone, Template)]
#[template(path = "setup_confirm.html")]
pub struct SetupConfirm {
    /// The surroundings; nobody is signed in.
    pub frame: Frame,
    /// The code, which the form sends again.
    pub code: String,
    /// The id under which the files are kept.
    pub preview: String,
    /// The file.
    pub file: LicenseFacts,
    /// Whether the file is bound to this portal; otherwise it fits any.
    pub bound: bool,
    /// User types and add-ons with how many the file gives.
    pub gives: Vec<(String, u64)>,
    /// The user types in which an administrator can sit.
    pub user_types: Vec<Choice>,
    /// The user name as typed.
    pub username: String,
    /// The full name as typed.
    pub full_name: String,
    /// The fewest characters of a password.
    pub shortest: usize,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

impl Setup {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

impl SetupConfirm {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    #[test]
    fn the_first_step_asks_for_the_code_and_the_files() {
        let frame = sample::stranger();
        let page = html(&Setup { frame, code: "\"><script>".to_owned(), problem: None }).unwrap();
        assert!(page.contains(r#"<form method="post" action="/setup" enctype="multipart/form-data">"#));
        for field in ["code", "license", "trust", "catalog"] {
            assert!(page.contains(&format!("<label for=\"{field}\">")), "{field}");
        }
        assert!(!page.contains("<script>") && page.contains("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    }

    fn confirm(problem: Option<ErrorSummary>) -> String {
        let file = LicenseFacts {
            license: "SW-2026-000123".to_owned(),
            sequence: 1,
            customer: "City of <script>".to_owned(),
            key: "2026-a".to_owned(),
            from: sample::two_past_two(),
            ends: Some(sample::end()),
        };
        html(&SetupConfirm {
            frame: sample::stranger(),
            code: "k3v9".to_owned(),
            preview: "prv_1".to_owned(),
            file,
            bound: true,
            gives: vec![("Viewer".to_owned(), 25), ("Creator".to_owned(), 5)],
            user_types: vec![Choice { id: "creator".to_owned(), name: "Creator".to_owned(), selected: true }],
            username: "ana\"><b>".to_owned(),
            full_name: "Ana Kim".to_owned(),
            shortest: 12,
            problem,
        })
        .unwrap()
    }

    #[test]
    fn the_second_shows_the_file_and_asks_for_the_administrator() {
        let page = confirm(None);
        assert!(page.contains(r#"<tr><th scope="row">Viewer</th><td class="number">25</td></tr>"#));
        assert!(page.contains(r#"<form method="post" action="/setup/activate">"#));
        assert!(page.contains(r#"<input type="hidden" name="preview" value="prv_1">"#));
        assert!(page.contains(r#"<option value="creator" selected>Creator</option>"#));
        let password = page.split("<input type=\"password\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
        assert!(password.contains(r#"autocomplete="new-password""#) && password.contains(r#"minlength="12""#));
        assert!(password.contains(r#"data-show="Show the password""#) && !password.contains("value="));
        assert!(!page.contains("<script>") && !page.contains("<b>"));
    }

    #[test]
    fn what_is_refused_keeps_what_was_typed() {
        let problem = ErrorSummary::from(&Failure::plain(Code::PasswordUnsuitable));
        let page = confirm(Some(problem));
        assert!(page.contains("<title>Problem: ") && page.contains(r#"name="full_name" value="Ana Kim""#));
        assert!(page.contains(Code::PasswordUnsuitable.row().meaning));
    }
}
