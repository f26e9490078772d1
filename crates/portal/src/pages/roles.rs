//! The roles side by side, and one role with what it includes.

use askama::Template;

use crate::pages::choice::Choice;
use crate::pages::frame::Frame;
use crate::pages::privileges::{Group, PrivilegeRow};
use crate::pages::words;
use crate::texts::text;

/// `/roles`: privileges down, roles across, bounded by a user type where one is chosen (S96, S121 to S126, S132).
#[derive(Debug, Clone, Template)]
#[template(path = "roles.html")]
pub struct Roles {
    /// The surroundings.
    pub frame: Frame,
    /// The user types to choose from.
    pub user_types: Vec<Choice>,
    /// The name of the chosen user type.
    pub bound: Option<String>,
    /// The roles, the catalog's first.
    pub roles: Vec<RoleColumn>,
    /// The privileges.
    pub groups: Vec<Group<MatrixRow>>,
    /// The acts that only the default Administrator role gives.
    pub reserved: Vec<String>,
    /// Whether the reader may make and change roles.
    pub may_edit: bool,
    /// Whether the reader may see the members.
    pub sees_members: bool,
    /// What has just happened.
    pub done: Option<String>,
}

/// A role in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleColumn {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether the organization made it.
    pub is_custom: bool,
    /// How many members hold it.
    pub holders: u64,
    /// The names of the user types that can hold it.
    pub fits: Vec<String>,
    /// Whether every user type can.
    pub fits_all: bool,
    /// How it goes with the chosen user type.
    pub fit: Option<Fit>,
}

/// How a role goes with a user type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Its members can hold it.
    Fits,
    /// So many of its privileges are above the user type.
    TooMany(u64),
    /// Members of the user type cannot be administrators.
    CannotAdminister,
}

/// One privilege in all roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// The short name.
    pub name: String,
    /// Whether it is above the chosen user type.
    pub above: bool,
    /// Whether each role gives it.
    pub given: Vec<bool>,
}

impl RoleColumn {
    pub(super) fn kind(&self) -> String {
        text(if self.is_custom { "role-own" } else { "role-default" }).plain()
    }

    pub(super) fn fits_words(&self) -> String {
        match (self.fits_all, self.fits.is_empty()) {
            (true, _) => text("role-fits-all").plain(),
            (false, true) => text("role-fits-none").plain(),
            (false, false) => self.fits.join(", "),
        }
    }
}

impl Fit {
    pub(super) fn is_good(self) -> bool {
        self == Self::Fits
    }

    pub(super) fn words(self, user_type: &str) -> String {
        match self {
            Self::Fits => text("fit").with("user-type", user_type).plain(),
            Self::TooMany(count) => text("fit-too-many").with("user-type", user_type).with("count", count).plain(),
            Self::CannotAdminister => text("fit-cannot-administer").with("user-type", user_type).plain(),
        }
    }
}

/// `/roles/{id}`: Role Information (S112).
#[derive(Debug, Clone, Template)]
#[template(path = "role.html")]
pub struct RoleInformation {
    /// The surroundings.
    pub frame: Frame,
    /// The role.
    pub role: RoleColumn,
    /// What it is for.
    pub description: String,
    /// What it includes.
    pub includes: Vec<Group<PrivilegeRow>>,
    /// The acts that it gives beside its privileges: those of the default Administrator role.
    pub reserved: Vec<String>,
    /// How many members of which user type hold it.
    pub by_type: Vec<(String, u64)>,
    /// Whether the reader may make and change roles.
    pub may_edit: bool,
    /// Whether the reader may see the members.
    pub sees_members: bool,
    /// What has just happened.
    pub done: Option<String>,
}

impl RoleInformation {
    pub(super) fn holders_words(&self) -> String {
        words::members(self.role.holders)
    }

    pub(super) fn includes_words(&self) -> String {
        let count: usize = self.includes.iter().map(|group| group.rows.len()).sum();
        words::privileges(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn column(name: &str, fit: Option<Fit>) -> RoleColumn {
        RoleColumn {
            id: "custom-crew".to_owned(),
            name: name.to_owned(),
            is_custom: true,
            holders: 2,
            fits: vec!["Creator".to_owned(), "Storyteller".to_owned()],
            fits_all: false,
            fit,
        }
    }

    fn matrix(bound: Option<&str>, fit: Option<Fit>) -> Roles {
        let row = |name: &str, above, given| MatrixRow { name: name.to_owned(), above, given: vec![given] };
        Roles {
            frame: sample::administrator(),
            user_types: sample::roles(),
            bound: bound.map(str::to_owned),
            roles: vec![column("Field <crew>", fit)],
            groups: vec![Group {
                scope: "General".to_owned(),
                name: "Content".to_owned(),
                rows: vec![row("Create", true, true), row("View", false, false)],
            }],
            reserved: vec!["Manage licenses".to_owned()],
            may_edit: true,
            sees_members: true,
            done: None,
        }
    }

    #[test]
    fn each_privilege_is_told_with_scope_and_group_and_each_cell_in_words() {
        let page = html(&matrix(None, None)).unwrap();
        assert!(page.contains(r#"<th scope="rowgroup" colspan="2">General, Content</th>"#));
        assert!(page.contains(r#"<th scope="row"><span class="prefix">General, Content:</span> Create</th>"#));
        assert!(page.contains(r#"<span aria-hidden="true">✔</span><span class="aloud">yes</span>"#));
        assert!(page.contains(r#"<span aria-hidden="true">–</span><span class="aloud">no</span>"#));
        assert!(page.contains("Field &#60;crew&#62;") && !page.contains("<crew>"));
        assert!(page.contains(
            r#"<a href="/members?role=custom-crew" aria-label="Members with the role Field &#60;crew&#62;: 2">2</a>"#
        ));
        assert!(!page.contains("above "));
    }

    #[test]
    fn a_chosen_user_type_bounds_the_matrix_in_words() {
        let page = html(&matrix(Some("Viewer"), Some(Fit::TooMany(1)))).unwrap();
        assert!(page.contains(r#"<span class="bad whole"><span aria-hidden="true">▲</span> above Viewer</span></th>"#));
        assert_eq!(page.matches("▲").count(), 3, "at the privilege, in the cell, and in the legend");
        assert!(page.contains("does not fit Viewer: 1 privilege above it"));
        assert_eq!(Fit::Fits.words("Viewer"), "fits Viewer");
        assert_eq!(Fit::TooMany(2).words("Viewer"), "does not fit Viewer: 2 privileges above it");
    }

    #[test]
    fn only_who_may_is_offered_to_make_a_role() {
        assert!(html(&matrix(None, None)).unwrap().contains(r#"href="/roles/new""#));
        let page = html(&Roles { may_edit: false, sees_members: false, ..matrix(None, None) }).unwrap();
        assert!(!page.contains(r#"href="/roles/new""#) && !page.contains("/members?role"));
    }

    fn information(is_custom: bool) -> RoleInformation {
        let row = PrivilegeRow {
            id: "content.create".to_owned(),
            name: "Create".to_owned(),
            description: "Make <items>.".to_owned(),
            conditions: vec!["A quota is left.".to_owned()],
            given: true,
        };
        let group = Group { scope: "General".to_owned(), name: "Content".to_owned(), rows: vec![row] };
        RoleInformation {
            frame: sample::administrator(),
            role: RoleColumn { is_custom, ..column("Field crew", None) },
            description: "For the field.".to_owned(),
            includes: vec![group],
            reserved: Vec::new(),
            by_type: vec![("Creator".to_owned(), 2)],
            may_edit: true,
            sees_members: true,
            done: None,
        }
    }

    #[test]
    fn a_role_tells_what_it_is_includes_and_who_holds_it() {
        let page = html(&information(true)).unwrap();
        assert!(page.contains("<h1>Role information: Field crew</h1>") && page.contains("<p>For the field.</p>"));
        assert!(page.contains("<dd>1 privilege</dd>") && page.contains("Creator 2"));
        assert!(page.contains("Make &#60;items&#62;.") && page.contains("A quota is left."));
        assert!(page.contains(r#"href="/roles/custom-crew/edit""#));
    }

    #[test]
    fn a_role_is_offered_to_be_deleted_once_nobody_holds_it() {
        let held = html(&information(true)).unwrap();
        assert!(!held.contains("/delete\"") && held.contains(r#"aria-disabled="true" aria-describedby="why-delete""#));
        let mut free = information(true);
        free.role.holders = 0;
        let free = html(&free).unwrap();
        assert!(free.contains(r#"href="/roles/custom-crew/delete""#) && !free.contains("why-delete"));
    }

    #[test]
    fn a_default_role_can_only_be_copied() {
        let page = html(&information(false)).unwrap();
        assert!(!page.contains("/edit\"") && !page.contains("/delete\""));
        assert!(page.contains(r#"href="/roles/new?from=custom-crew""#));
    }
}
