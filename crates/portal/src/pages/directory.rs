//! The Portal Directory: an answer of the interface, for people.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;

/// An address of `/api/v1` in a browser (S16, S19).
#[derive(Debug, Clone, Template)]
#[template(path = "directory.html")]
pub struct Directory {
    /// The surroundings.
    pub frame: Frame,
    /// The address.
    pub path: String,
    /// The answer, as JSON with line breaks.
    pub answer: String,
    /// Why the interface refused, where it did.
    pub problem: Option<ErrorSummary>,
}

impl Directory {
    /// The lists that one can begin with.
    pub(crate) const LISTS: [&str; 6] = ["me", "status", "licenses", "user-types", "members", "changes"];
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(problem: Option<ErrorSummary>) -> String {
        let answer = "{\n  \"full_name\": \"</pre><script>1</script>\"\n}".to_owned();
        html(&Directory { frame: sample::administrator(), path: "/api/v1/me<b>".to_owned(), answer, problem }).unwrap()
    }

    #[test]
    fn an_answer_is_shown_whole_and_escaped() {
        let page = page(None);
        assert!(page.contains("<h1>Portal Directory</h1>"));
        assert!(page.contains("<code>/api/v1/me&#60;b&#62;</code>"));
        assert!(page.contains("<pre><code>{\n  &#34;full_name&#34;: &#34;&#60;/pre&#62;&#60;script&#62;1&#60;/script&#62;&#34;\n}</code></pre>"));
        assert!(page.contains(r#"<a href="/api/v1/members">members</a>"#) && !page.contains("role=\"alert\""));
    }

    #[test]
    fn a_refusal_is_told_in_its_sentence_and_way_out() {
        let page = page(Some(ErrorSummary::from(&Failure::plain(Code::UserTypeOverLimit).with("reference", "9f"))));
        assert!(page.contains(&format!("<p>{}</p>", Code::UserTypeOverLimit.row().meaning)));
        assert!(page.contains("reference <code>9f</code>"));
    }
}
