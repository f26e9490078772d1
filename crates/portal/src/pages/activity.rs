//! Products, and who uses them (S61 to S84).

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::in_use::{OfflineRow, SessionRow};
use crate::pages::when::When;
use crate::texts::text;

/// `/products`: the products that there are.
#[derive(Debug, Clone, Template)]
#[template(path = "products.html")]
pub struct Products {
    /// The surroundings.
    pub frame: Frame,
    /// The products of the catalog.
    pub rows: Vec<ProductNumbers>,
}

/// A product in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductNumbers {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Who may use it.
    pub members: u64,
    /// Who uses it now.
    pub online: u64,
    /// Who has taken it offline.
    pub offline: u64,
}

/// `/products/{id}/activity`: the license activity of one product (S61 to S67).
#[derive(Debug, Clone, Template)]
#[template(path = "activity.html")]
pub struct ActivityPage {
    /// The surroundings.
    pub frame: Frame,
    /// The product with its numbers.
    pub product: ProductNumbers,
    /// Which members are shown.
    pub part: PartShown,
    /// Whether products may be taken offline, such as `Members may take products offline for up to 30 days.`.
    pub offline_use: String,
    /// How long a session lives from its last use.
    pub session_minutes: u32,
    /// The members.
    pub rows: Vec<ActivityRow>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Why what was asked for cannot be shown.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

/// Which members an activity page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartShown {
    /// As the address says it: empty, `online`, `offline` or `unused`.
    pub state: String,
    /// The days without use, as typed.
    pub unused_days: String,
}

/// One member who may use the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityRow {
    /// Who.
    pub member: Person,
    /// The level and the extensions, such as `Standard; Publisher`.
    pub level: String,
    /// The last use (S63).
    pub last_used: Option<When>,
    /// Used within a session's life (S64).
    pub online: bool,
    /// The running sessions.
    pub sessions: Vec<SessionRow>,
    /// The license that is offline.
    pub offline: Option<OfflineRow>,
}

impl ProductNumbers {
    pub(super) fn members_words(&self) -> String {
        text("can-use-it").with("count", self.members).plain()
    }
}

impl ActivityPage {
    pub(super) fn address(&self) -> String {
        format!("/products/{}/activity", self.product.id)
    }
}

impl PartShown {
    pub(super) fn is(&self, state: &str) -> bool {
        self.state == state
    }

    /// For the next page and the table.
    pub(super) fn query(&self) -> String {
        match (self.state.as_str(), self.unused_days.as_str()) {
            ("", _) => String::new(),
            (state, "") => format!("state={state}"),
            (state, days) => format!("state={state}&unused_days={days}"),
        }
    }
}

/// `/products/{id}/sessions/{id}/end`: the prompt of S77.
#[derive(Debug, Clone, Template)]
#[template(path = "end_session.html")]
pub struct EndSession {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The session and whose it is.
    pub what: InQuestion,
    /// The session.
    pub session: SessionRow,
    /// The minutes to save.
    pub save_minutes: u32,
    /// Why it was not ended.
    pub problem: Option<ErrorSummary>,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InQuestion {
    /// The name of the product.
    pub product: String,
    /// Whose it is.
    pub member: String,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Where the reader came from.
    pub back: String,
}

/// `/products/{id}/checkouts/{id}/release` (S84, A-SES-6).
#[derive(Debug, Clone, Template)]
#[template(path = "release_checkout.html")]
pub struct ReleaseCheckout {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Whose it is.
    pub what: InQuestion,
    /// The license that is offline.
    pub offline: OfflineRow,
    /// Why it was not released.
    pub problem: Option<ErrorSummary>,
}

/// `/products/{id}/checkouts/{id}/return`: where a return code is handed in.
#[derive(Debug, Clone, Template)]
#[template(path = "return_code.html")]
pub struct ReturnCode {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// Whose it is.
    pub what: InQuestion,
    /// The license that is offline.
    pub offline: OfflineRow,
    /// The code as typed.
    pub code: String,
    /// Why it was not taken.
    pub problem: Option<ErrorSummary>,
}

impl EndSession {
    pub(super) fn effect(&self) -> String {
        if self.what.own {
            text("session-ends-own").with("product", &self.what.product).with("minutes", self.save_minutes).plain()
        } else {
            text("session-ends").with("member", &self.what.member).with("minutes", self.save_minutes).plain()
        }
    }
}

impl ReturnCode {
    pub(super) fn wrong(&self) -> Option<&str> {
        self.problem.as_ref()?.wrong("code")
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn pro() -> ProductNumbers {
        let (id, name) = ("arcgis-pro".to_owned(), "ArcGIS Pro".to_owned());
        ProductNumbers { id, name, members: 12, online: 4, offline: 1 }
    }

    fn row() -> ActivityRow {
        ActivityRow {
            member: sample::bo(),
            level: "Standard; Publisher".to_owned(),
            last_used: Some(sample::two_past_two()),
            online: true,
            sessions: vec![sample::session()],
            offline: Some(sample::offline()),
        }
    }

    fn page(rows: Vec<ActivityRow>) -> ActivityPage {
        ActivityPage {
            frame: sample::administrator(),
            product: pro(),
            part: PartShown { state: "unused".to_owned(), unused_days: "30".to_owned() },
            offline_use: "Members may take products offline for up to 30 days.".to_owned(),
            session_minutes: 30,
            rows,
            continued: false,
            next: Some("bsato".to_owned()),
            problem: None,
            done: None,
        }
    }

    fn about(own: bool) -> InQuestion {
        let back = if own { "/profile" } else { "/products/arcgis-pro/activity" };
        InQuestion { product: "ArcGIS Pro".to_owned(), member: "Bo Sato".to_owned(), own, back: back.to_owned() }
    }

    #[test]
    fn a_member_is_marked_by_shape_and_word_and_every_session_can_be_ended() {
        let html = html(&page(vec![row()])).unwrap();
        assert!(html.contains("<span aria-hidden=\"true\">●</span> online</span>"));
        assert!(html.contains("<span aria-hidden=\"true\">◆</span> offline</span>"));
        assert!(html.contains("12 members can use it") && html.contains("Standard; Publisher"));
        assert!(html.contains("href=\"/products/arcgis-pro/sessions/ses_1/end\""));
        assert!(html.contains("<strong>TABLET-3</strong> until <time"));
        assert!(html.contains("href=\"/licenses\">Back to Licenses</a>"));
        assert!(html.contains(">Online: used in the last 30 minutes</option>"));
        assert!(html.contains("<a href=\"/settings/offline\">Offline use</a>"));
    }

    #[test]
    fn the_filter_stays_in_the_form_the_table_and_the_next_page() {
        let html = html(&page(Vec::new())).unwrap();
        assert!(html.contains("<option value=\"unused\" selected>") && html.contains("value=\"30\""));
        assert!(html.contains("/activity/export?state=unused&#38;unused_days=30"));
        assert!(html.contains("/activity?state=unused&#38;unused_days=30&amp;cursor=bsato"));
        assert!(html.contains("Nobody is in this list."));
        let all = PartShown::default();
        assert_eq!((all.query(), all.is("")), (String::new(), true));
    }

    #[test]
    fn the_products_are_listed_with_their_numbers() {
        let html = html(&Products { frame: sample::administrator(), rows: vec![pro()] }).unwrap();
        let numbers = "<td class=\"number\">12</td><td class=\"number\">4</td><td class=\"number\">1</td>";
        assert!(html.contains(numbers) && html.contains("href=\"/products/arcgis-pro/activity\""));
    }

    #[test]
    fn the_prompt_says_who_is_told_and_how_long_there_is_to_save() {
        let ask = |own| {
            let (frame, csrf, session) = (sample::administrator(), "c5f0".to_owned(), sample::session());
            html(&EndSession { frame, csrf, what: about(own), session, save_minutes: 60, problem: None }).unwrap()
        };
        let theirs = ask(false);
        assert!(theirs.contains("Bo Sato is told there, and has 60 minutes to save the work."));
        assert!(theirs.contains("<h1>End the session on GIS-WS-04?</h1>"));
        assert!(theirs.contains("<form method=\"post\" action=\"/products/arcgis-pro/sessions/ses_1/end\">"));
        assert!(ask(true).contains("ArcGIS Pro tells you there, and you have 60 minutes to save your work."));
    }

    #[test]
    fn a_release_says_that_the_computer_goes_on() {
        let (frame, csrf, offline) = (sample::administrator(), "c5f0".to_owned(), sample::offline());
        let page = html(&ReleaseCheckout { frame, csrf, what: about(false), offline, problem: None }).unwrap();
        assert!(page.contains("can still run there until <time") && page.contains("unless a return code"));
    }

    #[test]
    fn a_code_that_was_not_taken_stays_typed_and_is_marked() {
        let (frame, csrf, offline) = (sample::administrator(), "c5f0".to_owned(), sample::offline());
        let error = serde_json::json!([{"pointer": "/code", "message": "is none of its computer"}]);
        let failure = Failure::plain(Code::ValidationFailed).with("errors", error);
        let problem = Some(ErrorSummary::from(&failure));
        let code = "swr1.<x>".to_owned();
        let page = html(&ReturnCode { frame, csrf, what: about(true), offline, code, problem }).unwrap();
        assert!(page.contains("aria-invalid=\"true\"") && page.contains("is none of its computer"));
        assert!(page.contains(">swr1.&#60;x&#62;</textarea>"));
    }
}
