//! The seats of one user type, in numbers and words.

use crate::pages::when::When;
use crate::pages::words;
use crate::texts::text;

/// One user type as the licenses page and the overview show it. The numbers are those of the rules; nothing is clamped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    /// The id of the user type.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Seats in force.
    pub licensed: u64,
    /// Registered members.
    pub assigned: u64,
    /// Seats kept for invitations and planned returns.
    pub reserved: u64,
    /// Licensed without assigned; negative when over.
    pub available: i64,
    /// Since when it is over.
    pub over_since: Option<When>,
    /// Members who are refused now.
    pub locked_out: u64,
    /// Members with the default Administrator role, whom the lockout spares.
    pub exempt: u64,
    /// When the first of its seats ends.
    pub ends: Option<When>,
}

impl Seats {
    /// Assigned beyond licensed.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.available.min(0).unsigned_abs()
    }

    /// The far end of the meter; at least 1, so that an empty type still has a scale.
    pub(super) fn meter_max(&self) -> u64 {
        self.licensed.max(1)
    }

    /// The position of the meter, never beyond its end: `aria-valuenow` must be within the range.
    pub(super) fn meter_now(&self) -> u64 {
        self.assigned.min(self.meter_max())
    }

    /// `26 of 25 assigned, over the limit by 1`.
    pub(super) fn words(&self) -> String {
        let counted = |id| text(id).with("assigned", self.assigned).with("licensed", self.licensed);
        match self.over() {
            0 => counted("seats-assigned").plain(),
            over => counted("seats-over").with("over", over).plain(),
        }
    }

    /// `Viewer 26/25`.
    pub(super) fn in_short(&self) -> String {
        let Self { name, assigned, licensed, .. } = self;
        text("seats-of-type").with("name", name).with("assigned", assigned).with("licensed", licensed).plain()
    }

    pub(super) fn available_signed(&self) -> String {
        words::signed(self.available)
    }

    pub(super) fn available_words(&self) -> String {
        match self.available {
            0 => text("seats-full").plain(),
            available => text("available").with("count", words::signed(available)).plain(),
        }
    }

    /// `1 seat is reserved`.
    pub(super) fn reserved_words(&self) -> String {
        text("seats-reserved").with("count", self.reserved).plain()
    }

    pub(super) fn exempt_words(&self) -> String {
        text("administrators").with("count", self.exempt).plain()
    }
}
