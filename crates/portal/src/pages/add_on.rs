//! One add-on with who holds it, and what puts an over-assignment right (S37 to S50).

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::licenses::AddOnRow;
use crate::pages::plan::Plan;
use crate::pages::when::When;
use crate::texts::text;

/// `/add-ons/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "add_on.html")]
pub struct AddOnPage {
    /// The surroundings.
    pub frame: Frame,
    /// The add-on with its counts.
    pub add_on: AddOnRow,
    /// The product that it opens or extends.
    pub product: Option<ProductLink>,
    /// The user types whose members can hold it.
    pub user_types: Vec<String>,
    /// Who holds it.
    pub holders: Vec<Holder>,
    /// Whether the reader may assign and unassign.
    pub may_manage: bool,
    /// Whether this is not the first page.
    pub continued: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A product, and its license activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLink {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A member who holds an add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub member: Person,
    /// The last use of its product.
    pub last_used: Option<When>,
}

impl AddOnPage {
    pub(super) fn address(&self) -> String {
        format!("/add-ons/{}", self.add_on.id)
    }

    pub(super) fn counts(&self) -> String {
        let AddOnRow { licensed, assigned, .. } = &self.add_on;
        match assigned {
            Some(assigned) => text("seats-assigned").with("assigned", assigned).with("licensed", licensed).plain(),
            None => text("add-on-organization").with("licensed", licensed).plain(),
        }
    }
}

/// `/add-ons/repair`: whom over-assigned licenses would be taken from, and doing it (S48).
#[derive(Debug, Clone, Template)]
#[template(path = "repair.html")]
pub struct RepairPage {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// What is over-assigned, and whom it would be taken from.
    pub repairs: Vec<RepairRow>,
    /// What the change would do.
    pub plan: Option<Plan>,
    /// Stands for the members as they were shown; only what can be applied has one.
    pub seal: Option<String>,
    /// The reason as typed.
    pub reason: String,
    /// Why it was refused or cannot be.
    pub problem: Option<ErrorSummary>,
}

/// One add-on of which too many are assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairRow {
    /// The add-on.
    pub name: String,
    /// Assigned.
    pub assigned: u64,
    /// Licensed.
    pub licensed: u64,
    /// Those who have not used it for the longest time, as many as are too many.
    pub from: Vec<Holder>,
}

impl RepairPage {
    pub(super) fn button(&self) -> String {
        let whom = self.plan.as_ref().map_or(0, Plan::moved);
        text("unassign-from").with("count", whom).plain()
    }
}

impl RepairRow {
    pub(super) fn over(&self) -> u64 {
        self.assigned.saturating_sub(self.licensed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn holder() -> Holder {
        Holder { member: sample::bo(), last_used: None }
    }

    fn standard(assigned: Option<u64>, available: i64) -> AddOnRow {
        AddOnRow {
            id: "arcgis-pro-standard".to_owned(),
            name: "ArcGIS Pro Standard".to_owned(),
            licensed: 2,
            assigned,
            available,
            over_since: (available < 0).then(sample::two_past_two),
            trial: false,
            ends: None,
        }
    }

    fn page(add_on: AddOnRow) -> AddOnPage {
        AddOnPage {
            frame: sample::administrator(),
            add_on,
            product: Some(ProductLink { id: "arcgis-pro".to_owned(), name: "ArcGIS Pro".to_owned() }),
            user_types: vec!["Creator".to_owned(), "GIS Professional".to_owned()],
            holders: vec![holder()],
            may_manage: true,
            continued: false,
            next: None,
        }
    }

    #[test]
    fn an_add_on_tells_its_counts_below_zero_too_and_who_holds_it() {
        let html = html(&page(standard(Some(3), -1))).unwrap();
        assert!(html.contains("<p class=\"figure bad\">3 of 2 assigned</p>"));
        assert!(html.contains("<dt>Available</dt><dd class=\"bad\">\u{2212}1, since <time"));
        assert!(html.contains("Bo Sato") && html.contains("<td>never</td>"));
        assert!(html.contains("<input type=\"hidden\" name=\"add_on.arcgis-pro-standard\" value=\"unassign\">"));
        assert!(html.contains("<a href=\"/products/arcgis-pro/activity\">"));
        assert!(html.contains("Creator, GIS Professional"));
    }

    #[test]
    fn many_holders_come_in_pages() {
        let between = AddOnPage { continued: true, next: Some("bo/1".to_owned()), ..page(standard(Some(3), -1)) };
        let html = html(&between).unwrap();
        assert!(html.contains("href=\"/add-ons/arcgis-pro-standard\">First page</a>"));
        assert!(html.contains("rel=\"next\" href=\"/add-ons/arcgis-pro-standard?cursor=bo/1\">Next page</a>"));
        assert!(!super::super::html(&page(standard(Some(0), 2))).unwrap().contains("aria-label=\"Pages\""));
    }

    #[test]
    fn who_may_only_look_is_offered_nothing_and_nobody_is_a_sentence() {
        let nobody = AddOnPage { may_manage: false, holders: Vec::new(), ..page(standard(Some(0), 2)) };
        let html = html(&nobody).unwrap();
        assert!(!html.contains("unassign") && html.contains("Nobody holds it."));
        assert!(html.contains("<dt>Available</dt><dd>2</dd>"));
    }

    #[test]
    fn what_puts_it_right_is_shown_with_a_seal_and_can_be_done_only_then() {
        let repairs =
            vec![RepairRow { name: "ArcGIS Pro Standard".to_owned(), assigned: 3, licensed: 2, from: vec![holder()] }];
        let frame = sample::administrator();
        let (csrf, reason, problem) = ("c5f0".to_owned(), String::new(), None);
        let plan = Some(Plan { more_members: 1, ..Plan::default() });
        let shown = RepairPage { frame, csrf, repairs, plan, seal: Some("5ea1".to_owned()), reason, problem };
        let page = html(&shown).unwrap();
        assert!(page.contains("3 assigned, 2 licensed: 1 too many") && page.contains("Unassign from 1 member<"));
        assert!(page.contains("name=\"seal\" value=\"5ea1\""));
        let nothing = html(&RepairPage { repairs: Vec::new(), plan: None, seal: None, ..shown }).unwrap();
        assert!(nothing.contains("Nothing is over-assigned.") && !nothing.contains("<button class=\"grave\""));
    }
}
