//! The page on which two members exchange user type and role.

use askama::Template;

use crate::pages::choice::Person;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;
use crate::pages::until::Until;

/// `/members/swap`: the exchange of S29 to S35 in one step that never locks anybody out.
#[derive(Debug, Clone, Template)]
#[template(path = "swap.html")]
pub struct Swap {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// One of the two, as he is.
    pub first: Person,
    /// The version of the first that this page was made from.
    pub first_version: String,
    /// The other, as he is.
    pub second: Person,
    /// The version of the second that this page was made from.
    pub second_version: String,
    /// The reason as typed.
    pub reason: String,
    /// When both return by themselves, as typed.
    pub until: Until,
    /// The effects; none when the swap is refused, and then there is nothing to confirm.
    pub plan: Option<Plan>,
    /// Why the swap is refused.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::plan::PlanType;
    use crate::pages::{html, sample};

    fn page(first: Person, plan: Option<Plan>, problem: Option<ErrorSummary>) -> String {
        html(&Swap {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            first,
            first_version: "7".to_owned(),
            second: sample::vi(),
            second_version: "3".to_owned(),
            reason: String::new(),
            until: Until::default(),
            plan,
            problem,
        })
        .unwrap()
    }

    fn plan() -> Plan {
        let viewer = PlanType { name: "Viewer".to_owned(), before: 25, after: 25, licensed: 25, locked_out: 0 };
        Plan { types: vec![viewer], ..Plan::default() }
    }

    #[test]
    fn both_are_shown_as_they_are_and_as_they_would_be() {
        let page = page(sample::bo(), Some(plan()), None);
        assert!(page.contains(
            r#"<tr><th scope="row">Bo Sato</th><td>bsato</td><td>Creator, Publisher</td><td>Viewer, Viewer</td></tr>"#
        ));
        assert!(page.contains(
            r#"<tr><th scope="row">Vi Lund</th><td>vlund</td><td>Viewer, Viewer</td><td>Creator, Publisher</td></tr>"#
        ));
        assert!(page.contains(
            r#"<input type="hidden" name="first" value="mem_b"><input type="hidden" name="first_version" value="7">"#
        ));
        assert!(page.contains(
            r#"<input type="hidden" name="second" value="mem_v"><input type="hidden" name="second_version" value="3">"#
        ));
        assert!(page.contains("<button>Swap</button>"));
    }

    #[test]
    fn a_refused_swap_cannot_be_confirmed() {
        let refused = ErrorSummary::from(&Failure::plain(Code::ReservedToAdministrators));
        let page = page(sample::bo(), None, Some(refused));
        assert!(page.contains("/help/errors/reserved-to-administrators"));
        assert!(!page.contains(r#"action="/members/swap""#));
    }

    #[test]
    fn names_are_escaped() {
        assert!(!page(sample::mallory(), Some(plan()), None).contains("<script>"));
    }
}
