//! What taking a change back would do, before it is done.

use askama::Template;

use crate::pages::changes::ChangeRow;
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;

/// `/changes/{id}/undo` (S35).
#[derive(Debug, Clone, Template)]
#[template(path = "undo.html")]
pub struct Undo {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The change that is to be taken back.
    pub change: ChangeRow,
    /// The effects; none when it is refused, and then there is nothing to confirm.
    pub plan: Option<Plan>,
    /// The consents that it needs.
    pub consents: Vec<Consent>,
    /// The reason as typed.
    pub reason: String,
    /// Why the last step was refused, or the undoing would be.
    pub problem: Option<ErrorSummary>,
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};

    use super::*;
    use crate::pages::{html, sample};

    fn page(plan: Option<Plan>, problem: Option<ErrorSummary>) -> String {
        html(&Undo {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            change: ChangeRow {
                id: "chg_7".to_owned(),
                at: sample::two_past_two(),
                by: "Ana Kim".to_owned(),
                reason: String::new(),
                what: "bsato Creator → Viewer".to_owned(),
                undone_by: None,
                undoes: None,
            },
            plan,
            consents: vec![sample::consent()],
            reason: String::new(),
            problem,
        })
        .unwrap()
    }

    #[test]
    fn the_effects_are_shown_and_the_consent_is_asked_for_before_it_is_done() {
        let page = page(Some(Plan::default()), None);
        assert!(page.contains(r#"<form method="post" action="/changes/chg_7/undo">"#));
        assert!(page.contains("To save anyway, type 26.") && page.contains("<button>Undo the change</button>"));
    }

    #[test]
    fn what_cannot_be_undone_cannot_be_confirmed() {
        let page = page(None, Some(ErrorSummary::from(&Failure::plain(Code::Stale))));
        assert!(page.contains("There is a problem") && !page.contains("<button>Undo"));
    }
}
