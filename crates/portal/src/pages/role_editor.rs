//! The pages on which a role is made, changed and deleted.

use askama::Template;

use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::privileges::{Group, PrivilegeRow};
use crate::pages::roles::RoleColumn;
use crate::pages::words;
use crate::texts::text;

/// `/roles/new` and `/roles/{id}/edit` (S127 to S132).
#[derive(Debug, Clone, Template)]
#[template(path = "role_editor.html")]
pub struct RoleEditor {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Id and name of the role that is changed; nothing where one is made.
    pub changed: Option<(String, String)>,
    /// The version of the role that this page was made from.
    pub version: String,
    /// The name as typed.
    pub name: String,
    /// The description as typed.
    pub description: String,
    /// Every privilege, with those ticked that the role gives.
    pub groups: Vec<Group<PrivilegeRow>>,
    /// What the role would be, once asked for.
    pub preview: Option<RolePreview>,
    /// The user names of holders who would get more than their user type allows.
    pub affected: Vec<String>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
}

/// What a role would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePreview {
    /// How many privileges it would give.
    pub privileges: u64,
    /// The names of the user types that could hold it.
    pub fits: Vec<String>,
    /// How many members hold it now.
    pub holders: u64,
    /// What to know about it.
    pub warnings: Vec<String>,
}

impl RoleEditor {
    pub(super) fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }

    pub(super) fn heading(&self) -> String {
        match &self.changed {
            None => text("role-make").plain(),
            Some((_, name)) => text("role-change").with("name", name).plain(),
        }
    }

    pub(super) fn is_stale(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.code == "stale")
    }
}

impl RolePreview {
    pub(super) fn includes(&self) -> String {
        text("privileges").with("count", self.privileges).plain()
    }

    pub(super) fn holders_words(&self) -> String {
        words::members(self.holders)
    }

    pub(super) fn fits_words(&self) -> String {
        if self.fits.is_empty() { text("role-fits-none").plain() } else { self.fits.join(", ") }
    }
}

/// `/roles/{id}/delete`.
#[derive(Debug, Clone, Template)]
#[template(path = "role_deletion.html")]
pub struct RoleDeletion {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The role.
    pub role: RoleColumn,
    /// The version of the role that this page was made from.
    pub version: String,
    /// The user names of up to 100 members who hold it.
    pub holders: Vec<String>,
    /// Whether the reader may see the members.
    pub sees_members: bool,
    /// Why it was refused.
    pub problem: Option<ErrorSummary>,
}

impl RoleDeletion {
    pub(super) fn holders_words(&self) -> String {
        words::members(self.role.holders)
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::json;

    use super::*;
    use crate::pages::{html, sample};

    fn editor(changed: Option<(&str, &str)>) -> RoleEditor {
        let row = |name: &str, given| PrivilegeRow {
            id: format!("content.{}", name.to_lowercase()),
            name: name.to_owned(),
            description: "Make items.".to_owned(),
            conditions: Vec::new(),
            given,
        };
        let rows = vec![row("Create", true), row("Share", false)];
        RoleEditor {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            changed: changed.map(|(id, name)| (id.to_owned(), name.to_owned())),
            version: "3".to_owned(),
            name: "\"><script>".to_owned(),
            description: "For <b>.".to_owned(),
            groups: vec![Group { scope: "General".to_owned(), name: "Content".to_owned(), rows }],
            preview: None,
            affected: Vec::new(),
            problem: None,
        }
    }

    #[test]
    fn each_box_has_a_name_that_says_scope_group_and_privilege() {
        let page = html(&editor(None)).unwrap();
        assert!(page.contains(r#"<form method="post" action="/roles/new">"#));
        assert!(page.contains("<legend>General, Content</legend>"));
        assert!(page.contains(r#"<input type="checkbox" name="privileges" value="content.create" aria-label="General, Content: Create" aria-describedby="about-content.create" checked>"#));
        assert!(page.contains(
            r#"value="content.share" aria-label="General, Content: Share" aria-describedby="about-content.share">"#
        ));
        assert!(page.contains("&#34;&#62;&#60;script&#62;") && !page.contains("<script>") && !page.contains("<b>."));
    }

    #[test]
    fn a_changed_role_is_sent_with_its_version_and_tells_whom_it_would_hit() {
        let failure = Failure::plain(Code::RoleExceedsUserType);
        let page = html(&RoleEditor {
            affected: vec!["vlund".to_owned()],
            problem: Some(ErrorSummary::from(&failure)),
            ..editor(Some(("custom-crew", "Crew")))
        })
        .unwrap();
        assert!(page.contains("<h1>Change the role Crew</h1>"));
        assert!(page.contains(r#"action="/roles/custom-crew/edit""#));
        assert!(page.contains(r#"<input type="hidden" name="version" value="3">"#));
        assert!(page.contains("<li>vlund</li>") && page.contains("role-exceeds-user-type"));
        assert!(!page.contains("as it is now"));
    }

    #[test]
    fn somebody_who_was_faster_can_be_looked_at() {
        let problem = Some(ErrorSummary::from(&Failure::plain(Code::Stale)));
        let page = html(&RoleEditor { problem, ..editor(Some(("custom-crew", "Crew"))) }).unwrap();
        assert!(page.contains(r#"<a href="/roles/custom-crew/edit">Show the role as it is now</a>"#));
    }

    #[test]
    fn the_preview_names_the_user_types_and_warns() {
        let preview = RolePreview {
            privileges: 1,
            fits: vec!["Creator".to_owned(), "Storyteller".to_owned()],
            holders: 2,
            warnings: vec!["Beware.".to_owned()],
        };
        let page = html(&RoleEditor { preview: Some(preview), ..editor(Some(("custom-crew", "Crew"))) }).unwrap();
        assert!(page.contains("<dd>Creator, Storyteller</dd>") && page.contains("<dd>1 privilege</dd>"));
        assert!(page.contains("<dd>2 members</dd>") && page.contains("Beware."));
    }

    #[test]
    fn a_wrong_name_says_so_beside_the_field() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/name", "message": "The name of a role is empty."}]));
        let page = html(&RoleEditor { problem: Some(ErrorSummary::from(&failure)), ..editor(None) }).unwrap();
        assert!(page.contains(r##"<li><a href="#name">The name of a role is empty.</a></li>"##));
        assert!(page.contains(r#" aria-invalid="true" aria-describedby="name-wrong""#));
    }

    #[test]
    fn a_role_in_use_names_who_holds_it_and_the_way_to_them() {
        let role = RoleColumn {
            id: "custom-crew".to_owned(),
            name: "Crew".to_owned(),
            is_custom: true,
            holders: 1,
            fits: Vec::new(),
            fits_all: false,
            fit: None,
        };
        let page = html(&RoleDeletion {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            role,
            version: "3".to_owned(),
            holders: vec!["vlund".to_owned()],
            sees_members: true,
            problem: Some(ErrorSummary::from(&Failure::plain(Code::RoleInUse))),
        })
        .unwrap();
        assert!(page.contains("<h1>Delete the role Crew?</h1>") && page.contains("role-in-use"));
        assert!(page.contains("<li>vlund</li>"));
        assert!(page.contains(r#"<a href="/members?role=custom-crew">Show these members</a>"#));
        assert!(page.contains(r#"<form method="post" action="/roles/custom-crew/delete">"#));
    }
}
