//! The page to sign in with, which also tells why somebody cannot.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// `/signin`. A failed or throttled sign-in and the lockout are the `problem`; the lockout is told only after the right
/// password, so that strangers learn nothing (S14 to S17).
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// The surroundings; nobody is signed in.
    pub frame: Frame,
    /// The user name that was typed.
    pub username: String,
    /// The address within the portal to go to afterwards.
    pub next: Option<String>,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened, such as `You are signed out.`
    pub done: Option<String>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(problem: Option<&Failure>) -> String {
        let problem = problem.map(ErrorSummary::from);
        let username = "bsato".to_owned();
        html(&SignIn { frame: sample::stranger(), username, next: None, problem, done: None }).unwrap()
    }

    #[test]
    fn the_form_suits_password_managers_and_comes_without_script() {
        let page = page(None);
        assert!(page.contains("<title>Sign in · City of Example</title>"));
        assert!(
            page.contains(r#"<input type="text" id="username" name="username" value="bsato" autocomplete="username""#)
        );
        assert!(page.contains(
            r#"<input type="password" id="password" name="password" autocomplete="current-password" required>"#
        ));
        assert!(!page.contains("There is a problem") && !page.contains("<script"));
    }

    #[test]
    fn the_lockout_is_told_with_its_sentence_its_comfort_and_a_reference() {
        let page = page(Some(&Failure::plain(Code::UserTypeOverLimit).with("reference", "req_01JD")));
        let row = Code::UserTypeOverLimit.row();
        assert!(page.contains("<title>Problem: Sign in · City of Example</title>"));
        assert!(
            page.contains(r#"<div class="problem" role="alert" aria-labelledby="problem" tabindex="-1" autofocus>"#)
        );
        assert!(page.contains(&format!("<p>{}</p>", row.meaning)));
        assert!(page.contains(&format!("<p>{}</p>", row.fix)));
        assert!(page.contains(
            r#"<a href="/help/errors/user-type-over-limit">user-type-over-limit</a>, reference <code>req_01JD</code></p>"#
        ));
    }

    #[test]
    fn a_failed_and_a_throttled_sign_in_say_what_to_do() {
        assert!(
            page(Some(&Failure::plain(Code::SignInFailed)))
                .contains("<p>The user name or the password is not right.</p>")
        );
        let throttled = Failure::new(Code::RateLimited, "Too many sign-ins failed. Try again in 30 seconds.");
        assert!(page(Some(&throttled)).contains("<p>Too many sign-ins failed. Try again in 30 seconds.</p>"));
    }

    #[test]
    fn what_was_typed_is_escaped() {
        let (username, next) = (r#""><script>"#.to_owned(), Some(r#"/"><script>"#.to_owned()));
        let page = html(&SignIn { frame: sample::stranger(), username, next, problem: None, done: None }).unwrap();
        assert!(page.contains(r#"value="&#34;&#62;&#60;script&#62;""#) && !page.contains("<script"));
    }
}
