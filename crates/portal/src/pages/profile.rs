//! One's own account.

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::in_use::ProductRow;
use crate::pages::privileges::{Group, PrivilegeRow};
use crate::pages::why::Question;

/// `/profile`: the signed-in member, with Role Information and what he can do (S112, S227).
#[derive(Debug, Clone, Template)]
#[template(path = "profile.html")]
pub struct Profile {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The member.
    pub own: Person,
    /// The version of the member that this page was made from.
    pub version: String,
    /// The full name, as it is or as it was typed.
    pub full_name: String,
    /// The mail address; may be empty.
    pub email: String,
    /// The names of the add-ons and extensions that are assigned.
    pub add_ons: Vec<String>,
    /// The products that the member may use or uses.
    pub products: Vec<ProductRow>,
    /// The groups.
    pub groups: Vec<String>,
    /// The categories.
    pub categories: Vec<String>,
    /// Whether the vendor's own site is open to the member.
    pub vendor_access: bool,
    /// What the role is for.
    pub role_description: String,
    /// What the role includes.
    pub includes: Vec<Group<PrivilegeRow>>,
    /// The acts of the default Administrator role, where it is that.
    pub reserved: Vec<String>,
    /// What is asked and answered.
    pub question: Question,
    /// Why something was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

impl Profile {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::json;

    use super::*;
    use crate::pages::{html, sample};

    fn page(problem: Option<ErrorSummary>) -> String {
        html(&Profile {
            frame: sample::member(),
            csrf: "c5f0".to_owned(),
            own: sample::bo(),
            version: "7".to_owned(),
            full_name: "\"><script>".to_owned(),
            email: String::new(),
            add_ons: vec!["ArcGIS Pro Standard".to_owned()],
            products: vec![sample::pro()],
            groups: vec!["Parks".to_owned(), "Roads <b>".to_owned()],
            categories: Vec::new(),
            vendor_access: false,
            role_description: "Publishes.".to_owned(),
            includes: Vec::new(),
            reserved: Vec::new(),
            question: Question { address: "/profile".to_owned(), options: Vec::new(), answer: None },
            problem,
            done: None,
        })
        .unwrap()
    }

    #[test]
    fn the_own_account_is_told_and_the_own_name_can_be_changed() {
        let page = page(None);
        assert!(page.contains("<dt>User type</dt><dd>Creator</dd>") && page.contains("<dt>Role</dt>"));
        assert!(page.contains("<dt>Groups</dt><dd>Parks, Roads &#60;b&#62;</dd>"));
        assert!(page.contains("<dt>Categories</dt><dd>none</dd>"));
        assert!(page.contains(r#"<input type="hidden" name="version" value="7">"#));
        assert!(page.contains(r#"name="full_name" value="&#34;&#62;&#60;script&#62;""#) && !page.contains("<script>"));
        assert!(page.contains(r#"<a class="button quiet" href="/password">Change the password</a>"#));
        assert!(page.contains("Publishes.") && page.contains(r#"id="role-information""#));
    }

    #[test]
    fn a_wrong_name_says_so_beside_the_field() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/full_name", "message": "is too long"}]));
        let page = page(Some(ErrorSummary::from(&failure)));
        assert!(page.contains(r#"<span class="wrong" id="full_name-wrong">is too long</span>"#));
    }
}
