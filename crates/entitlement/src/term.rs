//! Terms: when a line of a file counts.

use crate::{AddOnLine, Moment, TermState, UserTypeLine};

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

    /// Where an instant lies in the term.
    pub(crate) fn state(self, now: Moment) -> TermState {
        if now < self.from {
            return TermState::NotBegun;
        }
        if self.holds(now) { TermState::InTerm } else { TermState::Ended }
    }

    /// The part of this term that a line has. Where they do not meet it ends as it begins, and holds no instant.
    pub(crate) fn narrowed(self, from: Option<Moment>, until: Option<Moment>) -> Self {
        let from = from.map_or(self.from, |from| from.max(self.from));
        let until = match (self.until, until) {
            (Some(own), Some(line)) => Some(own.min(line)),
            (own, line) => own.or(line),
        };
        Self { from, until: until.map(|until| until.max(from)) }
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

impl UserTypeLine {
    /// Whether it counts at an instant of the file's term: not before its beginning, and not from its end on.
    #[must_use]
    pub fn counts_at(&self, now: Moment) -> bool {
        counts_at(self, now)
    }
}

impl AddOnLine {
    /// Whether it counts at an instant of the file's term: not before its beginning, and not from its end on.
    #[must_use]
    pub fn counts_at(&self, now: Moment) -> bool {
        counts_at(self, now)
    }
}

fn counts_at(line: &impl Line, now: Moment) -> bool {
    let (from, until) = line.bounds();
    from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until)
}
