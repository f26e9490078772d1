//! The page of a refusal that belongs to no form.

use askama::Template;
use errors::Failure;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// Any refusal as a page of its own; the status of the answer is the registry's.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The surroundings.
    pub frame: Frame,
    /// The registry's title.
    pub title: &'static str,
    /// The refusal.
    pub problem: ErrorSummary,
}

impl ErrorPage {
    /// The page of a failure.
    #[must_use]
    pub fn new(frame: Frame, failure: &Failure) -> Self {
        Self { frame, title: failure.row().title, problem: ErrorSummary::from(failure) }
    }
}

#[cfg(test)]
mod tests {
    use errors::Code;

    use super::*;
    use crate::pages::{html, sample};

    #[test]
    fn a_refusal_names_its_sentence_its_fix_its_code_and_the_reference() {
        let failure = Failure::new(Code::NotFound, "There is no member <b>.").with("reference", "req_9");
        let page = html(&ErrorPage::new(sample::member(), &failure)).unwrap();
        assert!(page.contains("<title>Not found · City of Example</title>") && page.contains("<h1>Not found</h1>"));
        assert!(
            page.contains(
                "<p>There is no member &#60;b&#62;.</p>\n<p>Check the name; the lists show what there is.</p>"
            )
        );
        assert!(page.contains(r#"<dd><a href="/help/errors/not-found">not-found</a></dd>"#));
        assert!(page.contains("<dt>Reference</dt><dd><code>req_9</code></dd>"));
    }
}
