//! The page on which the profile of a member is edited.

use askama::Template;

use crate::pages::choice::{Choice, Person};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::members::May;

/// `/members/{id}/edit`: only what the reader may change is a field.
#[derive(Debug, Clone, Template)]
#[template(path = "edit_member.html")]
pub struct EditMember {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The member as he is.
    pub member: Person,
    /// The version of the member that this page was made from.
    pub version: String,
    /// The full name as typed.
    pub full_name: String,
    /// The mail address as typed.
    pub email: String,
    /// The groups; the chosen ones are selected.
    pub groups: Vec<Choice>,
    /// The categories; the chosen ones are selected.
    pub categories: Vec<Choice>,
    /// Whether the vendor's own site is open to the member.
    pub vendor_access: bool,
    /// What the reader may do.
    pub may: May,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

impl EditMember {
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

    fn page(may: May, problem: Option<ErrorSummary>) -> String {
        let group = Choice { id: "GIS".to_owned(), name: "GIS".to_owned(), selected: true };
        html(&EditMember {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            member: sample::bo(),
            version: "7".to_owned(),
            full_name: "\"><script>".to_owned(),
            email: "bo@example.gov".to_owned(),
            groups: vec![group],
            categories: Vec::new(),
            vendor_access: true,
            may,
            problem,
        })
        .unwrap()
    }

    #[test]
    fn an_administrator_edits_everything() {
        let page = page(sample::everything(), None);
        assert!(page.contains(r#"<form method="post" action="/members/mem_b/edit">"#) && !page.contains("<script>"));
        assert!(page.contains(r#"name="email" value="bo@example.gov""#));
        assert!(page.contains(r#"<input type="checkbox" name="group" value="GIS" checked> GIS"#));
        assert!(page.contains(r#"<input type="hidden" name="groups" value="sent">"#));
        assert!(page.contains(r#"name="vendor_access" value="true" checked>"#));
        assert!(page.contains("There are no categories yet."));
    }

    #[test]
    fn who_may_only_update_has_no_field_for_what_is_reserved() {
        let page = page(May { update: true, ..May::default() }, None);
        assert!(page.contains(r#"name="full_name""#));
        for reserved in [r#"name="email""#, r#"name="group""#, r#"name="vendor_access""#] {
            assert!(!page.contains(reserved), "{reserved}");
        }
        assert!(page.contains("Only an administrator can change the mail address"));
    }

    #[test]
    fn a_wrong_field_says_so_beside_the_field() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/full_name", "message": "has more than 200 characters"}]));
        let page = page(sample::everything(), Some(ErrorSummary::from(&failure)));
        assert!(page.contains(r#"id="full_name-wrong">has more than 200 characters</span>"#));
        assert!(page.contains(r#" aria-invalid="true" aria-describedby="full_name-wrong""#));
    }
}
