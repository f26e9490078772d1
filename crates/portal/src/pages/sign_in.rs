//! The page to sign in with, which also tells why somebody cannot.

use askama::Template;
use errors::Code;

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

impl SignIn {
    /// Whether the right password was given and the user type is over.
    pub(super) fn locked_out(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.code == Code::UserTypeOverLimit.row().name)
    }
}

#[cfg(test)]
mod tests {
    use errors::Failure;

    use super::*;
    use crate::pages::frame::House;
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
        assert!(!page.contains("There is a problem") && !page.contains("<script>"));
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
    fn the_words_of_the_house_stand_before_the_sign_in_and_the_contact_with_the_lockout_only() {
        let house = House {
            summary: "Maps of the city.".to_owned(),
            contact: "gis@example.gov <script>".to_owned(),
            access_notice: "For staff only.".to_owned(),
            information_banner: "Closed on Sunday.".to_owned(),
        };
        let page = |code: Option<Code>| {
            let frame = crate::pages::frame::Frame { house: house.clone(), ..sample::stranger() };
            let problem = code.map(|code| ErrorSummary::from(&Failure::plain(code)));
            html(&SignIn { frame, username: String::new(), next: None, problem, done: None }).unwrap()
        };
        for code in [None, Some(Code::SignInFailed), Some(Code::UserTypeOverLimit)] {
            let page = page(code);
            assert!(page.contains("<p>Maps of the city.</p>") && page.contains("<p>For staff only.</p>"));
            assert!(!page.contains("Closed on Sunday.") && !page.contains("<script>"));
            let told = page.contains("<p>Your contact: gis@example.gov &#60;script&#62;</p>");
            assert_eq!(told, code == Some(Code::UserTypeOverLimit));
        }
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
        assert!(page.contains(r#"value="&#34;&#62;&#60;script&#62;""#) && !page.contains("<script>"));
    }
}
