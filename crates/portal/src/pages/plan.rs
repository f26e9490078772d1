//! What a change does: before it is done, and afterwards as it was kept.

use crate::pages::when::When;
use crate::pages::words;
use crate::texts::text;

/// The effects of a change set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Whether it has been done, and is told as it was kept then.
    pub is_done: bool,
    /// The user types that it touches.
    pub types: Vec<PlanType>,
    /// The add-ons of which more or fewer are assigned afterwards.
    pub add_ons: Vec<PlanAddOn>,
    /// The members that it touches, as they would be; the first of them where there are many.
    pub members: Vec<PlanMember>,
    /// How many more members it touches.
    pub more_members: u64,
    /// The members that it leaves out, or that stand against it; the first of them where there are many.
    pub refused: Vec<PlanRefusal>,
    /// How many more are refused.
    pub more_refused: u64,
    /// When the members return by themselves.
    pub return_on: Option<When>,
    /// The seats that are kept until then, such as `Creator: 1 seat`.
    pub reserves: Vec<String>,
}

/// A user type before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanType {
    /// The name of the user type.
    pub name: String,
    /// Assigned now; or then, before it was done.
    pub before: u64,
    /// Assigned afterwards.
    pub after: u64,
    /// Seats in force.
    pub licensed: u64,
    /// Members who are refused afterwards.
    pub locked_out: u64,
}

/// The number of one add-on before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanAddOn {
    /// The name of the add-on.
    pub name: String,
    /// Assigned now; or then, before it was done.
    pub before: u64,
    /// Assigned afterwards.
    pub after: u64,
    /// Licensed in force.
    pub licensed: u64,
}

/// A member as the change would leave him.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanMember {
    /// The id, where there is still such a member.
    pub id: Option<String>,
    /// The name of the member.
    pub name: String,
    /// What the member holds before, such as `Viewer, Viewer`.
    pub before: String,
    /// What the member holds afterwards.
    pub after: String,
    /// What becomes of add-ons, sessions and offline licences, such as `gets ArcGIS Pro Standard`.
    pub licences: Vec<String>,
}

/// A member whom the change cannot move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRefusal {
    /// The name of the member, or the id of nobody.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The nearest role that fits, where the present one is the reason.
    pub proposed_role: Option<String>,
}

impl Plan {
    /// How many stand against it, where that says more than the reason of the first.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let is_more = self.refused.len() > 1;
        is_more.then(|| text("plan-refused-told").with("count", self.refused_count()).plain())
    }

    pub(super) fn moved(&self) -> u64 {
        u64::try_from(self.members.len()).unwrap_or(u64::MAX).saturating_add(self.more_members)
    }

    pub(super) fn title(&self) -> String {
        text(if self.is_done { "plan-title-done" } else { "plan-title" }).plain()
    }

    pub(super) fn before(&self) -> String {
        text(if self.is_done { "plan-before-done" } else { "plan-before" }).plain()
    }

    pub(super) fn licensed(&self) -> String {
        text(if self.is_done { "plan-licensed-done" } else { "plan-licensed" }).plain()
    }

    pub(super) fn effect_on(&self, seats: &PlanType) -> String {
        if self.is_done {
            words::were_locked_out(seats.locked_out)
        } else {
            words::would_be_locked_out(seats.locked_out)
        }
    }

    /// Whether anybody's add-ons, sessions or offline licences are touched.
    pub(super) fn is_about_licences(&self) -> bool {
        self.members.iter().any(|one| !one.licences.is_empty())
    }

    /// What is left of an add-on, or how many are too many.
    pub(super) fn left_of(&self, add_on: &PlanAddOn) -> String {
        match add_on.licensed.checked_sub(add_on.after) {
            Some(left) => text("licenses-left").with("count", left).plain(),
            None => text("plan-over-assigned").with("count", add_on.after - add_on.licensed).plain(),
        }
    }

    pub(super) fn refused_title(&self) -> String {
        text(if self.is_done { "plan-refused-done" } else { "plan-refused" }).plain()
    }

    fn refused_count(&self) -> u64 {
        u64::try_from(self.refused.len()).unwrap_or(u64::MAX).saturating_add(self.more_refused)
    }

    pub(super) fn refused_words(&self) -> String {
        words::members(self.refused_count())
    }
}
