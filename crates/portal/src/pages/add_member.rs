//! Adding a member, and the one-time password that is shown once.

use askama::Template;

use crate::pages::barred::Reason;
use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::extras::ExtrasFields;
use crate::pages::frame::Frame;

/// `/members/new`.
#[derive(Debug, Clone, Template)]
#[template(path = "add_member.html")]
pub struct AddMember {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The user name as typed.
    pub username: String,
    /// The full name as typed.
    pub full_name: String,
    /// The mail address as typed.
    pub email: String,
    /// The user types of the catalog; the chosen one is selected.
    pub user_types: Vec<TypeChoice>,
    /// Why nobody can be added at this moment.
    pub barred: Option<Reason>,
    /// The roles; the chosen one is selected.
    pub roles: Vec<Choice>,
    /// Groups, categories and vendor-site access.
    pub extras: ExtrasFields,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

/// The answer to a member that was added. It is an answer to the form itself, never at an address of its own, so that the
/// password cannot be seen again.
#[derive(Debug, Clone, Template)]
#[template(path = "member_added.html")]
pub struct MemberAdded {
    /// The surroundings.
    pub frame: Frame,
    /// The new member.
    pub member: Person,
    /// The one-time password.
    pub one_time_password: String,
}

impl AddMember {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::json;

    use super::*;
    use crate::pages::extras::LabelList;
    use crate::pages::{html, sample};

    fn extras() -> ExtrasFields {
        let choice = Choice { id: "Parks".to_owned(), name: "Parks".to_owned(), selected: true };
        let list = LabelList { field: "groups", legend: "Groups".to_owned(), wrong: None, choices: vec![choice] };
        ExtrasFields { lists: vec![list], vendor_access: None }
    }

    #[test]
    fn what_may_be_given_beside_seat_and_role_is_offered() {
        let page = page(None);
        assert!(page.contains(r#"<input type="hidden" name="offered" value="groups">"#));
        assert!(page.contains(r#"<input type="checkbox" name="groups" value="Parks" checked> Parks</label>"#));
        assert!(!page.contains("vendor_access") && page.contains(r#"href="/invitations/new""#));
    }

    fn page(problem: Option<ErrorSummary>) -> String {
        html(&AddMember {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            username: r#""><script>"#.to_owned(),
            full_name: "Bo Sato".to_owned(),
            email: "bo@example.gov".to_owned(),
            user_types: sample::user_types(),
            barred: None,
            roles: sample::roles(),
            extras: extras(),
            problem,
        })
        .unwrap()
    }

    #[test]
    fn what_was_typed_is_kept_and_escaped() {
        let page = page(None);
        assert!(page.contains(r#"name="username" value="&#34;&#62;&#60;script&#62;""#) && !page.contains("<script>"));
        assert!(page.contains(r#"name="full_name" value="Bo Sato""#));
        assert!(page.contains(r#"name="email" value="bo@example.gov""#));
        assert!(!page.contains("aria-invalid"));
    }

    #[test]
    fn a_full_type_is_told_with_its_numbers() {
        assert!(page(Some(sample::full())).contains("<p>Viewer is full: 25 of 25 assigned.</p>"));
    }

    #[test]
    fn a_wrong_field_says_so_in_the_summary_and_beside_the_field() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/username", "message": "The user name is empty."}]));
        let page = page(Some(ErrorSummary::from(&failure)));
        assert!(page.contains(r##"<li><a href="#username">The user name is empty.</a></li>"##));
        assert!(page.contains(r#"<span class="wrong" id="username-wrong">The user name is empty.</span>"#));
        assert_eq!(page.matches(r#" aria-invalid="true" aria-describedby="username-wrong""#).count(), 1);
        assert_eq!(page.matches("aria-invalid").count(), 1);
    }

    #[test]
    fn the_one_time_password_is_shown_with_what_to_do() {
        let one_time_password = "k3v9-0tqz-8m2n-x4cd-7h1p-w6rs-5byj".to_owned();
        let page = html(&MemberAdded { frame: sample::administrator(), member: sample::mallory(), one_time_password });
        let page = page.unwrap();
        assert!(page.contains(r#"role="group">k3v9-0tqz-8m2n-x4cd-7h1p-w6rs-5byj</p>"#));
        assert!(page.contains("It is shown only now."));
        assert!(
            page.contains("<h1>&#60;script&#62;alert(1)&#60;/script&#62; was added</h1>") && !page.contains("<script>")
        );
    }
}
