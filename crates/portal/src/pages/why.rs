//! Whether somebody can do something, and if not, what is missing and who can give it (S227).

use askama::Template;

use crate::pages::choice::{Choice, Person};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// `/members/{id}/why`: what a member can do, for who looks after members.
#[derive(Debug, Clone, Template)]
#[template(path = "why.html")]
pub struct MemberWhy {
    /// The surroundings.
    pub frame: Frame,
    /// The member.
    pub member: Person,
    /// What is asked and answered.
    pub question: Question,
    /// Why there is no answer.
    pub problem: Option<ErrorSummary>,
}

/// A question about what somebody can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where it is sent.
    pub address: String,
    /// What can be asked for.
    pub options: Vec<OptionGroup>,
    /// The answer, once asked.
    pub answer: Option<Answer>,
}

/// Options under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionGroup {
    /// The heading.
    pub label: String,
    /// The options.
    pub options: Vec<Choice>,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was asked for.
    pub wanted: String,
    /// Whether everything that is required is there.
    pub allowed: bool,
    /// What else to know about a workflow.
    pub note: Option<String>,
    /// What it takes.
    pub required: Vec<NeedRow>,
    /// What parts of it take besides.
    pub optional: Vec<NeedRow>,
    /// Who can give what is missing, and how.
    pub ways: Vec<Way>,
}

/// A way to what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The privileges that it leads to.
    pub to: Vec<String>,
    /// Who can do what.
    pub text: String,
}

/// One privilege that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedRow {
    /// Scope, group and name.
    pub name: String,
    /// Whether it is there.
    pub granted: bool,
    /// What stands in the way; empty where it is there.
    pub missing: String,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(answer: Option<Answer>, problem: Option<ErrorSummary>) -> String {
        let choice =
            Choice { id: "members.view".to_owned(), name: "General, Members: View".to_owned(), selected: true };
        let options = vec![OptionGroup { label: "General, Members".to_owned(), options: vec![choice] }];
        let question = Question { address: "/members/mem_b/why".to_owned(), options, answer };
        html(&MemberWhy { frame: sample::administrator(), member: sample::mallory(), question, problem }).unwrap()
    }

    fn row(granted: bool) -> NeedRow {
        let told = |text: &str| if granted { String::new() } else { text.to_owned() };
        NeedRow {
            name: "General, Members: View".to_owned(),
            granted,
            missing: told("The role Viewer does not give it."),
        }
    }

    #[test]
    fn the_form_offers_everything_under_its_heading() {
        let page = page(None, None);
        assert!(page.contains(r#"<form class="filters" method="get" action="/members/mem_b/why">"#));
        assert!(page.contains(r#"<optgroup label="General, Members"><option value="members.view" selected>General, Members: View</option></optgroup>"#));
        assert!(!page.contains("<script>") && !page.contains("id=\"answer\""));
    }

    #[test]
    fn what_is_granted_and_what_is_missing_is_told_in_words() {
        let answer = Answer {
            wanted: "Look at members".to_owned(),
            allowed: false,
            note: Some("A note.".to_owned()),
            required: vec![row(true), row(false)],
            optional: vec![row(false)],
            ways: vec![Way { to: vec!["General, Members: View".to_owned()], text: "Ask <Ana>.".to_owned() }],
        };
        let page = page(Some(answer), None);
        assert!(page.contains(r#"<h2 id="answer">Look at members: not allowed</h2>"#));
        assert!(page.contains(r#"<td><span class="good whole"><span aria-hidden="true">✔</span> granted</span></td>"#));
        assert!(
            page.contains("The role Viewer does not give it.")
                && page.contains("<li>For General, Members: View: Ask &#60;Ana&#62;.</li>")
        );
        assert!(page.contains("A note.") && page.contains("<caption>For parts of it</caption>"));
    }

    #[test]
    fn what_is_not_in_the_catalog_is_told() {
        let problem = ErrorSummary::from(&Failure::new(Code::NotFound, "There is no privilege and no workflow `x`."));
        assert!(page(None, Some(problem)).contains("<p>There is no privilege and no workflow `x`.</p>"));
    }
}
