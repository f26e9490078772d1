//! Terms: when a line of a file counts.

use crate::{AddOnLine, Moment, UserTypeLine};

/// From an instant, inclusive, to an instant, exclusive, or for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) from: Moment,
    pub(crate) until: Option<Moment>,
}

impl Term {
    /// Whether the instant lies in the term.
    pub(crate) fn holds(self, now: Moment) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// The part of this term that a line has; nothing where they do not meet.
    pub(crate) fn narrowed(self, from: Option<Moment>, until: Option<Moment>) -> Option<Self> {
        let from = from.map_or(self.from, |from| from.max(self.from));
        let until = match (self.until, until) {
            (Some(own), Some(line)) => Some(own.min(line)),
            (own, line) => own.or(line),
        };
        if until.is_some_and(|until| until <= from) { None } else { Some(Self { from, until }) }
    }
}

/// What user type lines and add-on lines have in common.
pub(crate) trait Line {
    /// The id whose count the line raises.
    type Id: Ord + Clone;
    fn id(&self) -> &Self::Id;
    fn count(&self) -> u32;
    fn bounds(&self) -> (Option<Moment>, Option<Moment>);
}

impl Line for UserTypeLine {
    type Id = crate::UserTypeId;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn count(&self) -> u32 {
        self.count
    }
    fn bounds(&self) -> (Option<Moment>, Option<Moment>) {
        (self.from, self.until)
    }
}

impl Line for AddOnLine {
    type Id = crate::AddOnId;
    fn id(&self) -> &Self::Id {
        &self.id
    }
    fn count(&self) -> u32 {
        self.count
    }
    fn bounds(&self) -> (Option<Moment>, Option<Moment>) {
        (self.from, self.until)
    }
}
