//! The help pages: the registry's rows, as `explain` shows them. Everybody may read them, the locked out too.

use askama::Template;
use errors::{Code, Row};

use crate::pages::frame::Frame;

/// `/help/errors`: every code.
#[derive(Debug, Clone, Template)]
#[template(path = "help_errors.html")]
pub struct HelpErrors {
    /// The surroundings.
    pub frame: Frame,
}

/// `/help/errors/{code}`.
#[derive(Debug, Clone, Template)]
#[template(path = "help_error.html")]
pub struct HelpError {
    /// The surroundings.
    pub frame: Frame,
    /// What the registry says.
    pub row: &'static Row,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    #[test]
    fn every_code_has_its_line_and_its_page() {
        let list = html(&HelpErrors { frame: sample::stranger() }).unwrap();
        for code in Code::ALL {
            let row = code.row();
            assert!(list.contains(&format!(r#"<a href="/help/errors/{0}">{0}</a>"#, row.name)), "{}", row.name);
            let page = html(&HelpError { frame: sample::stranger(), row }).unwrap();
            assert!(page.contains(&format!("<dt>Code</dt><dd><code>{}</code></dd>", row.name)), "{}", row.name);
            assert!(page.contains(&format!("<dt>Exit code</dt><dd>{}</dd>", row.exit)), "{}", row.name);
            assert_eq!(page.contains("HTTP status"), row.status > 0, "{}", row.name);
        }
    }

    #[test]
    fn a_page_says_what_it_means_and_what_to_do() {
        let row = Code::UserTypeOverLimit.row();
        let page = html(&HelpError { frame: sample::stranger(), row }).unwrap();
        assert!(page.contains(&format!("<h2>What it means</h2>\n<p>{}</p>", row.meaning)));
        assert!(page.contains(&format!("<h2>What to do</h2>\n<p>{}</p>", row.fix)));
        assert!(page.contains("<dt>HTTP status</dt><dd>403</dd>"));
    }
}
