//! One change for many members, or for one: chosen, foreseen, applied.

use askama::Template;

use crate::pages::barred::{Reason, Unfit};
use crate::pages::choice::{Choice, Person, TypeChoice};
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;
use crate::pages::until::Until;
use crate::pages::words;
use crate::texts::text;

/// `/members/change` (S22 to S36): what would change is shown before it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "bulk_change.html")]
pub struct BulkChange {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// What is done with each.
    pub deed: Deed,
    /// Whom it is for.
    pub selection: Selection,
    /// The user types; the chosen one is selected.
    pub user_types: Vec<TypeChoice>,
    /// The roles, with what else can be wished for them; the chosen one is selected.
    pub roles: Vec<Choice>,
    /// The roles that a single member cannot have with the present user type.
    pub unfit: Option<Unfit>,
    /// The add-ons and extensions that can be given and taken.
    pub add_ons: Vec<AddOnChoice>,
    /// Whether offline licenses that depend on one are released.
    pub release: bool,
    /// Whether as many as can be are changed, and the others left out.
    pub partial: bool,
    /// When they return by themselves, as typed.
    pub until: Until,
    /// The reason as typed.
    pub reason: String,
    /// The effects, or who stands against them; nothing before they were asked for.
    pub plan: Option<Plan>,
    /// Stands for the members as they were shown; only what can be applied has one.
    pub seal: Option<String>,
    /// The consents that it needs.
    pub consents: Vec<Consent>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
}

/// An add-on or extension to give or take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOnChoice {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Licensed less assigned.
    pub available: i64,
    /// Why a single member cannot be given it.
    pub barred: Option<Reason>,
    /// Chosen to be assigned.
    pub assign: bool,
    /// Chosen to be unassigned.
    pub unassign: bool,
}

/// Whom a change is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The ids, where they were chosen one by one.
    pub ids: Vec<String>,
    /// The filter, where everybody whom it finds is meant.
    pub filter: Option<String>,
    /// The first of them.
    pub people: Vec<Person>,
    /// How many there are in all.
    pub count: u64,
}

/// What is done with each member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Another user type.
    UserType,
    /// Another role.
    Role,
    /// Add-ons and extensions assigned and unassigned.
    AddOns,
    /// Let in again.
    Enable,
    /// Kept out.
    Disable,
    /// Access and seat taken away.
    Archive,
    /// Given a seat again.
    Restore,
    /// Removed for good.
    Delete,
}

impl Deed {
    /// All, in the order of the list.
    pub const ALL: [Self; 8] = [
        Self::UserType,
        Self::Role,
        Self::AddOns,
        Self::Enable,
        Self::Disable,
        Self::Archive,
        Self::Restore,
        Self::Delete,
    ];

    /// The spelling in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::UserType => "user-type",
            Self::Role => "role",
            Self::AddOns => "add-ons",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Archive => "archive",
            Self::Restore => "restore",
            Self::Delete => "delete",
        }
    }

    fn of(self, whom: &str) -> String {
        let id = match self {
            Self::UserType => "deed-user-type",
            Self::Role => "deed-role",
            Self::AddOns => "deed-add-ons",
            Self::Enable => "deed-enable",
            Self::Disable => "deed-disable",
            Self::Archive => "deed-archive",
            Self::Restore => "deed-restore",
            Self::Delete => "deed-delete",
        };
        text(id).with("whom", whom).plain()
    }

    pub(super) fn effect(self) -> String {
        let id = match self {
            Self::UserType => "deed-user-type-effect",
            Self::Role => "deed-role-effect",
            Self::AddOns => "deed-add-ons-effect",
            Self::Enable => "deed-enable-effect",
            Self::Disable => "deed-disable-effect",
            Self::Archive => "deed-archive-effect",
            Self::Restore => "deed-restore-effect",
            Self::Delete => "deed-delete-effect",
        };
        text(id).plain()
    }

    /// The texts of the button: for all of them, and for a part.
    fn button(self) -> [&'static str; 2] {
        match self {
            Self::UserType | Self::Role | Self::AddOns => ["deed-apply-change", "deed-apply-change-part"],
            Self::Enable => ["deed-apply-enable", "deed-apply-enable-part"],
            Self::Disable => ["deed-apply-disable", "deed-apply-disable-part"],
            Self::Archive => ["deed-apply-archive", "deed-apply-archive-part"],
            Self::Restore => ["deed-apply-restore", "deed-apply-restore-part"],
            Self::Delete => ["deed-apply-delete", "deed-apply-delete-part"],
        }
    }

    pub(super) fn chooses_type(self) -> bool {
        self == Self::UserType
    }

    pub(super) fn chooses_role(self) -> bool {
        self == Self::UserType || self == Self::Role
    }

    pub(super) fn chooses_add_ons(self) -> bool {
        self == Self::AddOns
    }

    pub(super) fn is_final(self) -> bool {
        self == Self::Delete
    }
}

impl Selection {
    pub(super) fn whom(&self) -> String {
        match self.people.as_slice() {
            [only] if self.count == 1 => only.name.clone(),
            _ => words::members(self.count),
        }
    }

    pub(super) fn more(&self) -> u64 {
        self.count.saturating_sub(u64::try_from(self.people.len()).unwrap_or(u64::MAX))
    }

    pub(super) fn many(&self) -> bool {
        self.count > 1
    }
}

impl AddOnChoice {
    pub(super) fn available_words(&self) -> String {
        text("available").with("count", words::signed(self.available)).plain()
    }
}

impl BulkChange {
    /// Whether a role cannot be chosen. What is chosen already stays, so that nothing else is sent.
    pub(super) fn is_unfit(&self, role: &Choice) -> bool {
        !role.selected && self.unfit.as_ref().is_some_and(|unfit| unfit.has(&role.id))
    }

    pub(super) fn heading(&self) -> String {
        self.deed.of(&self.selection.whom())
    }

    pub(super) fn apply_words(&self) -> String {
        let whom = self.selection.whom();
        let [all, part] = self.deed.button();
        match self.plan.as_ref().filter(|plan| !plan.refused.is_empty()) {
            Some(plan) => text(part).with("count", plan.moved()).with("whom", whom).plain(),
            None => text(all).with("whom", whom).plain(),
        }
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::plan::{PlanRefusal, PlanType};
    use crate::pages::{html, sample};

    fn page(deed: Deed, count: u64) -> BulkChange {
        BulkChange {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            deed,
            selection: Selection { ids: vec!["mem_b".to_owned()], filter: None, people: vec![sample::bo()], count },
            user_types: sample::user_types(),
            roles: sample::roles(),
            unfit: None,
            add_ons: Vec::new(),
            release: false,
            partial: false,
            until: Until::default(),
            reason: String::new(),
            plan: None,
            seal: None,
            consents: Vec::new(),
            problem: None,
        }
    }

    #[test]
    fn nothing_can_be_applied_before_it_was_shown() {
        let page = html(&page(Deed::UserType, 2)).unwrap();
        assert!(page.contains("<h1>Change the user type of 2 members</h1>"));
        assert!(page.contains(r#"<button name="step" value="preview">Show what would change</button>"#));
        assert!(!page.contains(r#"value="apply""#));
        assert!(page.contains(r#"<input type="hidden" name="member" value="mem_b">"#));
        assert!(page.contains(r#"name="mode" value="atomic" checked>"#) && page.contains(r#"name="until_date""#));
    }

    #[test]
    fn what_was_shown_can_be_applied_with_its_seal_and_its_consent() {
        let viewer = PlanType { name: "Viewer".to_owned(), before: 25, after: 26, licensed: 25, locked_out: 26 };
        let plan = Plan { types: vec![viewer], ..Plan::default() };
        let shown = BulkChange {
            plan: Some(plan),
            seal: Some("5ea1".to_owned()),
            consents: vec![sample::consent()],
            ..page(Deed::UserType, 1)
        };
        let page = html(&shown).unwrap();
        assert!(page.contains(r#"<input type="hidden" name="seal" value="5ea1">"#));
        assert!(page.contains(r#"<button name="step" value="apply">Change Bo Sato</button>"#));
        assert!(page.contains("To save anyway, type 26.") && page.contains("19 of them are signed in now"));
        assert!(!page.contains(r#"name="mode""#));
    }

    #[test]
    fn who_cannot_be_changed_is_named_with_the_role_that_fits() {
        let refusal = PlanRefusal {
            name: "Bo Sato".to_owned(),
            reason: "Publisher is above Viewer.".to_owned(),
            proposed_role: Some("Viewer".to_owned()),
        };
        let problem = ErrorSummary::from(&Failure::plain(Code::RoleExceedsUserType));
        let refused = BulkChange {
            plan: Some(Plan { refused: vec![refusal], more_refused: 3, ..Plan::default() }),
            problem: Some(problem),
            ..page(Deed::UserType, 4)
        };
        let page = html(&refused).unwrap();
        assert!(
            page.contains(r#"<tr><th scope="row">Bo Sato</th><td>Publisher is above Viewer.</td><td>Viewer</td></tr>"#)
        );
        assert!(page.contains("Cannot be changed: 4 members") && !page.contains(r#"value="apply""#));
    }

    #[test]
    fn a_partial_change_says_how_many_of_how_many() {
        let refusal = PlanRefusal { name: "Vi".to_owned(), reason: "Viewer is full.".to_owned(), proposed_role: None };
        let plan = Plan { refused: vec![refusal], more_members: 8, ..Plan::default() };
        let shown = BulkChange { plan: Some(plan), seal: Some("5ea1".to_owned()), ..page(Deed::UserType, 9) };
        assert!(html(&shown).unwrap().contains(">Change 8 of 9 members</button>"));
    }

    #[test]
    fn a_deletion_is_final_and_has_no_return() {
        let shown = BulkChange { plan: Some(Plan::default()), seal: Some("5ea1".to_owned()), ..page(Deed::Delete, 1) };
        let page = html(&shown).unwrap();
        assert!(page.contains("<h2>This cannot be undone</h2>") && !page.contains("until_date"));
        assert!(page.contains(r#"<button class="grave" name="step" value="apply">Delete Bo Sato</button>"#));
    }

    #[test]
    fn each_license_can_be_assigned_or_unassigned_and_says_how_many_are_left() {
        let choice = |id: &str, available, unassign| AddOnChoice {
            barred: None,
            id: id.to_owned(),
            name: id.to_owned(),
            available,
            assign: false,
            unassign,
        };
        let add_ons = vec![choice("pro", 3, false), choice("publisher", -2, true)];
        let page = html(&BulkChange { add_ons, ..page(Deed::AddOns, 2) }).unwrap();
        assert!(page.contains("<h1>Manage add-on licenses of 2 members</h1>"));
        assert!(page.contains("<label for=\"add_on.pro\">pro</label>") && page.contains("3 available"));
        assert!(page.contains("\u{2212}2 available") && page.contains("<option value=\"unassign\" selected>"));
        assert!(page.contains("name=\"release\" value=\"true\">") && page.contains("until_date"));
    }

    #[test]
    fn a_filter_travels_in_place_of_the_ids_and_names_are_escaped() {
        let selection = Selection {
            ids: Vec::new(),
            filter: Some("user_type=viewer&q=\"".to_owned()),
            people: vec![sample::mallory()],
            count: 9_000,
        };
        let page = html(&BulkChange { selection, ..page(Deed::Disable, 0) }).unwrap();
        assert!(page.contains(r#"<input type="hidden" name="all" value="true">"#));
        assert!(page.contains(r#"name="filter" value="user_type=viewer&#38;q=&#34;""#));
        assert!(page.contains("and 8999 more") && !page.contains("<script>"));
    }
}
