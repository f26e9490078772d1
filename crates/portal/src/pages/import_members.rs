//! Members from a table: uploaded, foreseen, brought in.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::texts::text;

/// `/members/import`: the form.
#[derive(Debug, Clone, Template)]
#[template(path = "import_members.html")]
pub struct ImportMembers {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The columns that a table may have.
    pub columns: Vec<&'static str>,
    /// Whether as many rows as can be are brought in.
    pub fill: bool,
    /// The reason as typed.
    pub reason: String,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

/// What an import would do, before it is done. Nothing of it stays.
#[derive(Debug, Clone, Template)]
#[template(path = "import_members_preview.html")]
pub struct ImportMembersPreview {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// What tells a form that is sent twice.
    pub key: String,
    /// The table itself, in base64url, so that the very same bytes are brought in.
    pub table: String,
    /// Whether as many rows as can be are brought in.
    pub fill: bool,
    /// The reason as typed.
    pub reason: String,
    /// What would become of the rows.
    pub report: TableReport,
    /// Why the last attempt was refused.
    pub problem: Option<ErrorSummary>,
}

/// What an import did. It is an answer to the form itself, never at an address of its own, so that the passwords cannot
/// be seen again.
#[derive(Debug, Clone, Template)]
#[template(path = "import_members_done.html")]
pub struct MembersImported {
    /// The surroundings.
    pub frame: Frame,
    /// What became of the rows.
    pub report: TableReport,
    /// The new members.
    pub added: Vec<NewPassword>,
    /// Whether the form was sent again, and the passwords were shown before.
    pub again: bool,
}

/// What becomes of the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// How many rows add a member.
    pub added: u64,
    /// How many change one.
    pub changed: u64,
    /// How many leave one as it is.
    pub unchanged: u64,
    /// The rows that cannot be; the first of them where there are many.
    pub refused: Vec<RefusedRow>,
    /// How many more are refused.
    pub more_refused: u64,
    /// The refused rows as a table with a column `problem`, in base64.
    pub refused_table: String,
}

/// A row that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Its line in the file.
    pub line: u64,
    /// The user name in it.
    pub username: String,
    /// Why not.
    pub problem: String,
}

/// A new member with the one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPassword {
    /// The id.
    pub id: String,
    /// The user name.
    pub username: String,
    /// To be shown once; it is never kept.
    #[serde(skip)]
    pub one_time_password: String,
}

impl ImportMembers {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

impl TableReport {
    fn refused_count(&self) -> u64 {
        u64::try_from(self.refused.len()).unwrap_or(u64::MAX).saturating_add(self.more_refused)
    }

    pub(super) fn refused_words(&self) -> String {
        text("rows").with("count", self.refused_count()).plain()
    }

    fn does_something(&self) -> bool {
        self.added > 0 || self.changed > 0
    }
}

impl ImportMembersPreview {
    pub(super) fn may_confirm(&self) -> bool {
        self.report.does_something() && (self.fill || self.report.refused_count() == 0)
    }

    pub(super) fn mode(&self) -> &'static str {
        if self.fill { "fill" } else { "atomic" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn report(refused: usize) -> TableReport {
        let row = RefusedRow { line: 3, username: "<script>".to_owned(), problem: "Viewer is full.".to_owned() };
        TableReport {
            added: 2,
            changed: 1,
            refused: vec![row; refused],
            refused_table: "YQ==".to_owned(),
            ..TableReport::default()
        }
    }

    fn preview(fill: bool, report: TableReport) -> String {
        html(&ImportMembersPreview {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            key: "k3y".to_owned(),
            table: "dXNlcm5hbWU".to_owned(),
            fill,
            reason: "new staff".to_owned(),
            report,
            problem: None,
        })
        .unwrap()
    }

    #[test]
    fn the_form_tells_the_columns() {
        let page = html(&ImportMembers {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            columns: vec!["username", "role"],
            fill: false,
            reason: String::new(),
            problem: None,
        })
        .unwrap();
        assert!(page.contains("<code>username</code>, <code>role</code>"));
        assert!(page.contains(r#"enctype="multipart/form-data""#));
        assert!(page.contains(r#"name="mode" value="atomic" checked>"#));
    }

    #[test]
    fn the_same_bytes_are_confirmed() {
        let page = preview(false, report(0));
        assert!(page.contains(r#"<input type="hidden" name="table" value="dXNlcm5hbWU">"#));
        assert!(page.contains(r#"<input type="hidden" name="mode" value="atomic">"#));
        assert!(page.contains(r#"<input type="hidden" name="key" value="k3y">"#));
        assert!(page.contains(">Import the table</button>") && page.contains(r#"name="reason" value="new staff""#));
    }

    #[test]
    fn one_row_that_cannot_be_holds_up_all_or_nothing_only() {
        let atomic = preview(false, report(1));
        assert!(atomic.contains("Refused: 1 row") && !atomic.contains(">Import the table</button>"));
        assert!(atomic.contains("<td>Viewer is full.</td>") && !atomic.contains("<script>"));
        assert!(atomic.contains(r#"download="refused.csv" href="data:text/csv;charset=utf-8;base64,YQ==""#));
        assert!(preview(true, report(1)).contains(">Import the table</button>"));
        assert!(!preview(true, TableReport { added: 0, changed: 0, ..report(1) }).contains(">Import the table"));
    }

    #[test]
    fn the_passwords_of_new_members_are_shown_this_once() {
        let new = NewPassword {
            id: "mem_b".to_owned(),
            username: "bsato".to_owned(),
            one_time_password: "k3v9-0tqz".to_owned(),
        };
        let frame = sample::administrator();
        let added = vec![new];
        let first = MembersImported { frame, report: report(0), added, again: false };
        let page = html(&first).unwrap();
        assert!(
            page.contains(r#"<th scope="row"><a href="/members/mem_b">bsato</a></th><td><code>k3v9-0tqz</code></td>"#)
        );
        assert!(page.contains("They are shown only now."));
        let again = html(&MembersImported { again: true, ..first }).unwrap();
        assert!(again.contains("This table has been imported already.") && !again.contains("k3v9-0tqz"));
        assert!(again.contains(r#"<li><a href="/members/mem_b">bsato</a></li>"#));
    }

    #[test]
    fn what_is_kept_of_an_import_has_no_password() {
        let new = NewPassword { id: "mem_b".into(), username: "bsato".into(), one_time_password: "k3v9-0tqz".into() };
        let kept = serde_json::to_value(&new).unwrap();
        assert_eq!(kept, serde_json::json!({"id": "mem_b", "username": "bsato"}));
    }
}
