//! The one database of both nodes: its rows, the books kept beside them, and what a transaction writes.

use std::collections::BTreeMap;

use crate::request::{ADA, BEN, CAROL, DORA, PEOPLE, Person, Request};

/// A count. It may go below zero where a model is broken, and is found there.
pub type Number = i8;

/// A user type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// May be an administrator.
    Creator,
    /// May not.
    Viewer,
}

/// Every user type; a `Kind` is its place in an array of this length.
pub const KINDS: [Kind; 2] = [Kind::Creator, Kind::Viewer];

/// A registered member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Member {
    /// The user type whose seat is taken.
    pub kind: Kind,
    /// Whether sign-in is possible; a disabled member keeps the seat.
    pub is_enabled: bool,
    /// Whether the role is the default Administrator's.
    pub is_administrator: bool,
}

/// A row of the table of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Row {
    /// There is none.
    Absent,
    /// An archived member, who holds no user type.
    Archived,
    /// A member with a seat.
    Registered(Member),
}

/// Fay's invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Invitation {
    /// Not sent.
    Absent,
    /// Sent; a seat is reserved.
    Pending(Kind),
    /// Accepted.
    Accepted(Kind),
}

/// One member who goes from one user type to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Move {
    /// Who goes.
    pub person: Person,
    /// What is left.
    pub from: Kind,
    /// What is entered.
    pub to: Kind,
}

/// How far a planned return has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Progress {
    /// Its date has not come, or no job has seen that it has.
    Planned,
    /// Its date has come and there was no seat, or the member has changed since.
    Due,
    /// Carried out.
    Done,
    /// Given up by an administrator.
    Cancelled,
}

/// A planned return: the moves that undo a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Return {
    /// The moves back.
    pub moves: Vec<Move>,
    /// What it reserves of each type: its net change where that is positive.
    pub reserves: [Number; 2],
    /// How far it has come.
    pub progress: Progress,
}

impl Return {
    /// Whether it still waits, and so reserves.
    pub fn is_open(&self) -> bool {
        matches!(self.progress, Progress::Planned | Progress::Due)
    }
}

/// The kept counts of one user type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count {
    /// Registered members.
    pub assigned: Number,
    /// Seats held for invitations and returns.
    pub reserved: Number,
    /// Members whom a lockout would meet.
    pub lockable: Number,
}

/// What is kept beside the rows, so that no decision has to count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Books {
    /// Of each user type.
    pub counts: [Count; 2],
    /// Enabled default Administrators.
    pub administrators: Number,
}

impl Books {
    /// These books, moved on by the difference between two countings.
    pub fn moved(mut self, before: &Books, after: &Books) -> Books {
        for kind in KINDS.map(|kind| kind as usize) {
            let (own, before, after) = (&mut self.counts[kind], before.counts[kind], after.counts[kind]);
            own.assigned += after.assigned - before.assigned;
            own.reserved += after.reserved - before.reserved;
            own.lockable += after.lockable - before.lockable;
        }
        self.administrators += after.administrators - before.administrators;
        self
    }
}

/// Why a user type may be over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// A change named it, with consent.
    pub consent: bool,
    /// An import left it so.
    pub file: bool,
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// Nothing was changed.
    Refused,
    /// It is done; so many members does each type have now.
    Done([Number; 2]),
}

/// A state of the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Database {
    /// What the installed file licenses of each type.
    pub licensed: [Number; 2],
    /// The members.
    pub members: [Row; PEOPLE],
    /// Fay's invitation.
    pub invitation: Invitation,
    /// The planned return.
    pub planned: Option<Return>,
    /// What may have taken each type over its number.
    pub causes: [Cause; 2],
    /// The answers of requests that were done, by key.
    pub answers: BTreeMap<Request, [Number; 2]>,
    /// Audit rows: one for each time that a request was carried out.
    pub audit: BTreeMap<Request, Number>,
    /// What is kept beside the rows.
    pub books: Books,
    /// Counts the decisions about seats.
    pub seat_revision: Number,
}

/// A row as a transaction writes it: as a whole, where its key says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Write {
    /// What the installed file licenses.
    Licensed([Number; 2]),
    /// A member.
    Member(Person, Row),
    /// The invitation.
    Invitation(Invitation),
    /// The planned return.
    Planned(Option<Return>),
    /// Why a type may be over.
    Cause(Kind, Cause),
    /// The remembered answer of a request.
    Answer(Request, [Number; 2]),
    /// One more audit row.
    Audit(Request),
    /// The kept counts of a type.
    Count(Kind, Count),
    /// The organization's row: enabled administrators and the seat revision.
    Organization(Number, Number),
}

impl Database {
    /// At the start: three of three Creators, one of two Viewers.
    pub fn start() -> Self {
        let member = |kind, is_administrator| Row::Registered(Member { kind, is_enabled: true, is_administrator });
        let mut members = [Row::Absent; PEOPLE];
        members[ADA] = member(Kind::Creator, true);
        members[BEN] = member(Kind::Creator, true);
        members[CAROL] = member(Kind::Creator, false);
        members[DORA] = member(Kind::Viewer, false);
        let mut start = Self {
            licensed: [3, 2],
            members,
            invitation: Invitation::Absent,
            planned: None,
            causes: [Cause::default(); 2],
            answers: BTreeMap::new(),
            audit: BTreeMap::new(),
            books: Books::default(),
            seat_revision: 0,
        };
        start.books = start.recount();
        start
    }

    /// What the books should say: the rows, counted.
    pub fn recount(&self) -> Books {
        let mut books = Books::default();
        for row in self.members {
            let Row::Registered(member) = row else { continue };
            let count = &mut books.counts[member.kind as usize];
            count.assigned += 1;
            count.lockable += Number::from(member.is_enabled && !member.is_administrator);
            books.administrators += Number::from(member.is_enabled && member.is_administrator);
        }
        if let Invitation::Pending(kind) = self.invitation {
            books.counts[kind as usize].reserved += 1;
        }
        if let Some(planned) = self.planned.as_ref().filter(|planned| planned.is_open()) {
            for kind in KINDS {
                books.counts[kind as usize].reserved += planned.reserves[kind as usize];
            }
        }
        books
    }

    /// The rows, without the books, in which another state differs from this one.
    pub fn rows_to(&self, next: &Self) -> Vec<Write> {
        let mut writes = Vec::new();
        if self.licensed != next.licensed {
            writes.push(Write::Licensed(next.licensed));
        }
        let people = 0..PEOPLE;
        let changed = people.filter(|person| self.members[*person] != next.members[*person]);
        writes.extend(changed.map(|person| Write::Member(person, next.members[person])));
        if self.invitation != next.invitation {
            writes.push(Write::Invitation(next.invitation));
        }
        if self.planned != next.planned {
            writes.push(Write::Planned(next.planned.clone()));
        }
        let changed = KINDS.into_iter().filter(|kind| self.causes[*kind as usize] != next.causes[*kind as usize]);
        writes.extend(changed.map(|kind| Write::Cause(kind, next.causes[kind as usize])));
        let new = next.answers.iter().filter(|(key, _)| !self.answers.contains_key(*key));
        writes.extend(new.map(|(key, answer)| Write::Answer(*key, *answer)));
        let new = next.audit.keys().filter(|key| self.audit.get(*key) != next.audit.get(*key));
        writes.extend(new.map(|key| Write::Audit(*key)));
        writes
    }

    /// The books in which another state differs from this one.
    pub fn books_to(&self, next: &Self) -> Vec<Write> {
        let count = |state: &Self, kind: Kind| state.books.counts[kind as usize];
        let changed = KINDS.into_iter().filter(|kind| count(self, *kind) != count(next, *kind));
        let mut writes: Vec<Write> = changed.map(|kind| Write::Count(kind, count(next, kind))).collect();
        if (self.books.administrators, self.seat_revision) != (next.books.administrators, next.seat_revision) {
            writes.push(Write::Organization(next.books.administrators, next.seat_revision));
        }
        writes
    }

    /// Takes over what a transaction has written.
    pub fn apply(&mut self, writes: &[Write]) {
        for write in writes {
            match write.clone() {
                Write::Licensed(licensed) => self.licensed = licensed,
                Write::Member(person, row) => self.members[person] = row,
                Write::Invitation(invitation) => self.invitation = invitation,
                Write::Planned(planned) => self.planned = planned,
                Write::Cause(kind, cause) => self.causes[kind as usize] = cause,
                Write::Answer(key, answer) => drop(self.answers.insert(key, answer)),
                Write::Audit(key) => *self.audit.entry(key).or_default() += 1,
                Write::Count(kind, count) => self.books.counts[kind as usize] = count,
                Write::Organization(administrators, seat_revision) => {
                    self.books.administrators = administrators;
                    self.seat_revision = seat_revision;
                }
            }
        }
    }
}
