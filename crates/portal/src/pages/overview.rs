//! The first page after signing in.

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::frame::Frame;
use crate::pages::licenses::Foreseen;
use crate::pages::seats::Seats;
use crate::pages::when::When;
use crate::texts::text;

/// `/`: the state of the house for those who look after it, and everybody's own account.
#[derive(Debug, Clone, Template)]
#[template(path = "overview.html")]
pub struct Overview {
    /// The surroundings.
    pub frame: Frame,
    /// The whole portal, for those who may see it.
    pub portal: Option<PortalState>,
    /// What waits for the reader.
    pub to_do: Vec<Task>,
    /// The newest rows of the audit log, for those who may see it.
    pub recent: Vec<Recent>,
    /// The reader's own account.
    pub own: Person,
    /// What has just happened.
    pub done: Option<String>,
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What waits.
    pub text: String,
    /// Where it is mended.
    pub address: String,
}

/// A row of the audit log in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Its number.
    pub seq: u64,
    /// When.
    pub at: When,
    /// Who.
    pub by: String,
    /// What was done.
    pub title: String,
    /// To whom or what.
    pub target: String,
}

/// The state of the portal in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalState {
    /// The user types that are licensed or assigned, in catalog order.
    pub user_types: Vec<Seats>,
    /// Registered members.
    pub members: u64,
    /// The next instant at which something ends.
    pub next_end: Option<NextEnd>,
    /// What changes next, and what happens then.
    pub forecast: Vec<Foreseen>,
}

/// What ends next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextEnd {
    /// When.
    pub at: When,
    /// What, such as `all user types`.
    pub what: String,
    /// Whole days until then.
    pub days: u64,
}

impl PortalState {
    pub(super) fn compliant(&self) -> bool {
        self.user_types.iter().all(|seats| seats.over() == 0)
    }

    /// `Viewer 26/25, Creator 6/5`.
    pub(super) fn over_types(&self) -> String {
        let over = self.user_types.iter().filter(|seats| seats.over() > 0);
        let each: Vec<String> = over.map(Seats::in_short).collect();
        each.join(", ")
    }

    pub(super) fn reserved_words(&self) -> String {
        let reserved: u64 = self.user_types.iter().map(|seats| seats.reserved).sum();
        text("seats-reserved-sentence").with("count", reserved).plain()
    }
}

impl NextEnd {
    pub(super) fn days_words(&self) -> String {
        match self.days {
            0 => text("end-within-a-day").plain(),
            days => text("end-in-days").with("count", days).plain(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{html, sample};

    fn page(frame: Frame, user_types: Option<Vec<Seats>>) -> String {
        let next_end = Some(NextEnd { at: sample::end(), what: "all user types".to_owned(), days: 374 });
        let portal = user_types.map(|user_types| PortalState {
            user_types,
            members: 30,
            next_end,
            forecast: vec![Foreseen {
                at: sample::end(),
                changes: vec!["Viewer 25 → 0".to_owned()],
                effects: vec!["Viewer is over by 26".to_owned()],
            }],
        });
        let (mut to_do, mut recent) = (Vec::new(), Vec::new());
        if portal.is_some() {
            let address = "/members?unused_days=90&sort=last_signed_in".to_owned();
            to_do.push(Task { text: "4 members have not signed in".to_owned(), address });
            let at = sample::two_past_two();
            let [by, title, target] = ["ana", "User type changed", "bsato"].map(str::to_owned);
            recent.push(Recent { seq: 7, at, by, title, target });
        }
        html(&Overview { frame, portal, to_do, recent, own: sample::bo(), done: None }).unwrap()
    }

    #[test]
    fn an_administrator_sees_the_state_of_each_type_and_the_next_end() {
        let page = page(sample::over_limit(), Some(vec![sample::viewers_over(), sample::creators()]));
        assert!(page.contains(r#"<a href="/" aria-current="page">Overview</a>"#));
        assert!(page.contains(
            r#"<p class="figure bad"><span aria-hidden="true">✖</span> Not compliant</p><p>Viewer 26/25</p>"#
        ));
        assert!(page.contains(r##"<tr><th scope="row"><a href="/licenses#type-viewer">Viewer</a></th><td class="number">26</td><td class="number">25</td><td><span class="bad"><span aria-hidden="true">✖</span> over by 1</span></td></tr>"##));
        assert!(page.contains(r#"<td class="number">4</td><td class="number">5</td><td>1 available</td></tr>"#));
        assert!(page.contains(r#"<p class="figure"><time datetime="2027-12-01T00:00:00Z">1 Dec 2027 00:00 UTC</time></p><p>all user types, in 374 days.</p>"#));
        assert!(page.contains(r#"<p class="figure">30</p><p>1 seat is reserved.</p>"#));
    }

    #[test]
    fn what_waits_what_ends_and_what_was_done_last_each_lead_on() {
        let page = page(sample::administrator(), Some(vec![sample::creators()]));
        assert!(page.contains(
            "<li><a href=\"/members?unused_days=90&#38;sort=last_signed_in\">4 members have not signed in</a></li>"
        ));
        assert!(page.contains("<td>Viewer 25 → 0</td><td>Viewer is over by 26</td>"));
        assert!(page.contains("<li><a href=\"/audit/7\"><time datetime=\"2026-11-22T14:02:00Z\">22 Nov 2026 14:02 UTC</time></a> ana: User type changed, bsato</li>"));
    }

    #[test]
    fn a_compliant_portal_says_so() {
        let page = page(sample::administrator(), Some(vec![sample::creators()]));
        assert!(page.contains(r#"<span aria-hidden="true">✔</span> Compliant</p>"#) && !page.contains("Not compliant"));
    }

    #[test]
    fn an_ordinary_member_sees_the_own_account_only() {
        let page = page(sample::member(), None);
        assert!(page.contains("<dt>User type</dt><dd>Creator</dd>\n<dt>Role</dt><dd>Publisher</dd>"));
        assert!(!page.contains("Compliance") && !page.contains("Seats"));
        assert!(!page.contains("To do") && !page.contains("Recent activity") && !page.contains("What ends when"));
    }
}
