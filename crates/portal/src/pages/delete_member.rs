//! The question before a member is deleted.

use askama::Template;

use crate::pages::barred::Reason;
use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// `/members/{id}/delete`.
#[derive(Debug, Clone, Template)]
#[template(path = "delete_member.html")]
pub struct DeleteMember {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The member as he is.
    pub member: Person,
    /// The version of the member that this page was made from.
    pub version: String,
    /// Why the member cannot be deleted.
    pub barred: Option<Reason>,
    /// Why the deletion was refused.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(member: Person, problem: Option<ErrorSummary>) -> String {
        let (csrf, version) = ("c5f0".to_owned(), "7".to_owned());
        html(&DeleteMember { frame: sample::administrator(), csrf, member, version, barred: None, problem }).unwrap()
    }

    #[test]
    fn the_question_names_the_member_and_what_becomes_free() {
        let page = page(sample::bo(), None);
        assert!(page.contains("<h1>Delete Bo Sato?</h1>"));
        assert!(page.contains("The account and its sessions end at once, and its Creator seat becomes free."));
        assert!(page.contains(r#"<form method="post" action="/members/mem_b/delete">"#));
        assert!(page.contains(r#"<button class="grave">Delete bsato</button>"#));
    }

    #[test]
    fn the_last_administrator_stays_and_names_are_escaped() {
        let problem = ErrorSummary::from(&Failure::plain(Code::LastAdministrator));
        let page = page(sample::mallory(), Some(problem));
        assert!(page.contains("<p>The portal must keep at least one enabled administrator.</p>"));
        assert!(!page.contains("<script>") && !page.contains("\"><b>"));
    }
}
