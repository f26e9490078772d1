//! The changes that were applied, and the returns that are planned.

use askama::Template;

use crate::pages::barred::Reason;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;
use crate::pages::when::When;
use crate::texts::text;

/// `/changes`: planned returns first, then what was applied, the newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "changes.html")]
pub struct Changes {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The returns that are planned, due, or found impossible.
    pub returns: Vec<ReturnRow>,
    /// This page of applied changes.
    pub rows: Vec<ChangeRow>,
    /// Whether this is not the first page.
    pub continued: bool,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// What has just happened.
    pub done: Option<String>,
}

/// A return that is planned, due, or found impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnRow {
    /// The id of the change that is to be taken back.
    pub change: String,
    /// Who returns to what, such as `bsato back to Viewer`.
    pub what: String,
    /// How it stands.
    pub planned: ReturnFacts,
    /// Whether the reader may bring it about now, give it up, or put it out of sight.
    pub may_end: bool,
}

/// How a planned return stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnFacts {
    /// When.
    pub at: When,
    /// How it stands.
    pub state: ReturnState,
    /// Why it has not happened.
    pub problem: Option<String>,
}

/// How a planned return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnState {
    /// It waits for its time.
    Planned,
    /// Its time has come and it found no seat.
    Due,
    /// The members are back.
    Done,
    /// Somebody gave it up.
    Cancelled,
    /// It will not happen, because members have changed since.
    Impossible,
}

/// An applied change in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: When,
    /// Who did it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What it did, such as `bsato Creator → Viewer`.
    pub what: String,
    /// The change that took it back.
    pub undone_by: Option<String>,
    /// The change that it took back.
    pub undoes: Option<String>,
}

/// `/changes/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "change.html")]
pub struct ChangePage {
    /// The surroundings.
    pub frame: Frame,
    /// The form token.
    pub csrf: String,
    /// The change in short.
    pub change: ChangeRow,
    /// What it did.
    pub plan: Plan,
    /// The return that was planned with it.
    pub planned: Option<ReturnFacts>,
    /// Whether the reader has the privileges to take it back, or to give its return up.
    pub may_go_back: bool,
    /// Why it cannot be taken back; where it was already, that is told as such.
    pub barred: Option<Reason>,
    /// Why the last step was refused.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

impl ReturnFacts {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, ReturnState::Planned | ReturnState::Due)
    }

    pub(super) fn is_due(&self) -> bool {
        self.state == ReturnState::Due
    }

    pub(super) fn is_impossible(&self) -> bool {
        self.state == ReturnState::Impossible
    }

    pub(super) fn word(&self) -> String {
        let id = match self.state {
            ReturnState::Planned => "return-planned",
            ReturnState::Due => "return-due",
            ReturnState::Done => "return-done",
            ReturnState::Cancelled => "return-cancelled",
            ReturnState::Impossible => "return-impossible",
        };
        text(id).plain()
    }
}

impl Changes {
    pub(super) fn may_end_any(&self) -> bool {
        self.returns.iter().any(|row| row.may_end)
    }
}

impl ChangePage {
    /// What was done cannot be taken back twice, and what moved nobody not at all.
    pub(super) fn may_undo(&self) -> bool {
        self.may_go_back && self.barred.is_none() && self.change.undone_by.is_none() && !self.plan.members.is_empty()
    }

    pub(super) fn waits(&self) -> bool {
        self.planned.as_ref().is_some_and(ReturnFacts::is_open)
    }

    pub(super) fn reason(&self) -> String {
        if self.change.reason.is_empty() { text("no-reason").plain() } else { self.change.reason.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::plan::{PlanMember, PlanRefusal, PlanType};
    use crate::pages::{html, sample};

    fn row() -> ChangeRow {
        ChangeRow {
            id: "chg_7".to_owned(),
            at: sample::two_past_two(),
            by: "Ana Kim".to_owned(),
            reason: "urgent <request>".to_owned(),
            what: "bsato Creator → Viewer".to_owned(),
            undone_by: None,
            undoes: None,
        }
    }

    fn facts(state: ReturnState, problem: Option<&str>) -> ReturnFacts {
        ReturnFacts { at: sample::end(), state, problem: problem.map(str::to_owned) }
    }

    fn list(returns: Vec<ReturnRow>) -> String {
        html(&Changes {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            returns,
            rows: vec![row()],
            continued: false,
            next: Some("7".to_owned()),
            done: None,
        })
        .unwrap()
    }

    #[test]
    fn applied_changes_tell_who_when_what_and_why() {
        let page = list(Vec::new());
        assert!(page.contains(r#"<a href="/changes/chg_7">bsato Creator → Viewer</a>"#));
        assert!(page.contains("<td>Ana Kim</td><td>urgent &#60;request&#62;</td>"));
        assert!(page.contains(r#"rel="next" href="/changes?cursor=7""#));
        assert!(page.contains("No return is planned."));
    }

    #[test]
    fn returns_that_are_due_or_impossible_tell_why_and_an_impossible_one_can_be_dismissed() {
        let what = || "bsato back to Creator".to_owned();
        let row = |planned| ReturnRow { change: "chg_7".to_owned(), what: what(), planned, may_end: true };
        let due = row(facts(ReturnState::Due, Some("No seat is free: Creator.")));
        let gone = row(facts(ReturnState::Impossible, Some("Changed since by somebody else: bsato.")));
        let page = list(vec![due.clone(), gone.clone()]);
        assert!(page.contains("due, and waits for a seat") && page.contains("No seat is free: Creator."));
        assert_eq!(page.matches(r#"action="/changes/chg_7/cancel""#).count(), 1);
        let read_only = list(vec![ReturnRow { may_end: false, ..due }, ReturnRow { may_end: false, ..gone }]);
        assert!(!read_only.contains("/cancel") && !read_only.contains("Actions"));
    }

    fn page(change: ChangeRow, planned: Option<ReturnFacts>) -> String {
        let bo = PlanMember {
            id: Some("mem_b".to_owned()),
            name: "Bo Sato".to_owned(),
            before: "Creator, Publisher".to_owned(),
            after: "Viewer, Viewer".to_owned(),
            licences: Vec::new(),
        };
        shown(change, Plan { is_done: true, members: vec![bo], ..Plan::default() }, planned)
    }

    fn shown(change: ChangeRow, plan: Plan, planned: Option<ReturnFacts>) -> String {
        html(&ChangePage {
            frame: sample::administrator(),
            csrf: "c5f0".to_owned(),
            change,
            plan,
            planned,
            may_go_back: true,
            barred: None,
            problem: None,
            done: None,
        })
        .unwrap()
    }

    #[test]
    fn what_a_change_did_is_told_as_of_then() {
        let viewer = PlanType { name: "Viewer".to_owned(), before: 25, after: 26, licensed: 25, locked_out: 26 };
        let refused = PlanRefusal { name: "otto".to_owned(), reason: "Archived then.".to_owned(), proposed_role: None };
        let plan = Plan { is_done: true, types: vec![viewer], refused: vec![refused], ..Plan::default() };
        let page = shown(row(), plan, None);
        for told in [
            "What changed</h2>",
            r#"<th scope="col" class="number">Before</th><th scope="col" class="number">After</th><th scope="col" class="number">Licensed then</th>"#,
            "26 members were locked out",
            "Left out: 1 member</caption>",
            r#"<tr><th scope="row">otto</th><td>Archived then.</td></tr>"#,
        ] {
            assert!(page.contains(told), "{told}");
        }
        assert!(!page.contains("Role that fits"));
    }

    #[test]
    fn a_change_can_be_undone_once() {
        let open = page(row(), None);
        assert!(open.contains(r#"<a class="button quiet" href="/changes/chg_7/undo">Undo…</a>"#));
        let undone = page(ChangeRow { undone_by: Some("chg_8".to_owned()), ..row() }, None);
        assert!(!undone.contains("/undo\"") && undone.contains(r#"<a href="/changes/chg_8">"#));
    }

    #[test]
    fn a_planned_return_can_come_now_or_never() {
        let waiting = page(row(), Some(facts(ReturnState::Planned, None)));
        assert!(waiting.contains(r#"<a class="button quiet" href="/changes/chg_7/undo">Return now…</a>"#));
        assert!(waiting.contains("<button class=\"quiet\">Cancel the return</button>"));
        let done = page(row(), Some(facts(ReturnState::Done, None)));
        assert!(!done.contains("Cancel the return") && !done.contains("Return now"));
    }
}
