//! The page on which a member sets a password.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// `/password`: after a one-time password, the only page that opens.
#[derive(Debug, Clone, Template)]
#[template(path = "change_password.html")]
pub struct ChangePassword {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Whose password it is, for password managers.
    pub username: String,
    /// Whether the present password is a one-time password.
    pub one_time: bool,
    /// The fewest characters of a new password.
    pub shortest: usize,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(one_time: bool, problem: Option<ErrorSummary>) -> String {
        let (frame, csrf, username) = (sample::member(), "c5f0".to_owned(), "bsato".to_owned());
        html(&ChangePassword { frame, csrf, username, one_time, shortest: 14, problem }).unwrap()
    }

    #[test]
    fn the_form_asks_for_both_passwords_and_tells_the_rules() {
        let page = page(true, None);
        assert!(page.contains(r#"<label for="current_password">One-time password</label>"#));
        assert!(page.contains("14 to 256 characters, and not your user name."));
        assert!(page.contains(r#"<input type="hidden" name="csrf" value="c5f0">"#));
        assert_eq!(page.matches(r#"autocomplete="new-password""#).count(), 2);
        assert!(!page.contains("There is a problem"));
    }

    #[test]
    fn an_ordinary_change_asks_for_the_present_password_and_shows_what_was_wrong() {
        let page = page(false, Some(ErrorSummary::from(&Failure::plain(Code::PasswordUnsuitable))));
        assert!(page.contains(r#"<label for="current_password">Present password</label>"#));
        assert!(page.contains("<p>A password has 12 to 256 characters and is not the user name.</p>"));
    }
}
