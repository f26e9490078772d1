//! Chance: what people, files and time do next, drawn from a number and from what the model says there is.

use std::collections::BTreeSet;

use crate::words::{
    Act, By, CHANGE_ROLES, CREATE, DELETE, DISABLE, FIVE, File, INVITE, LICENSES, MEMBER_ROLES, Model, No, Operation,
    Privileges, Role, SEE, Set, State, Step, TYPES, Type,
};

const DAY: i64 = 86_400;
/// 2026-12-01T09:00:00Z, when every sequence begins.
pub const MORNING: i64 = 1_796_115_600;
/// The vendor's key is good for another 13 months; no sequence goes near its end.
const LAST_LONG_WAIT: i64 = MORNING + 250 * DAY;

/// Numbers that follow from the first one (splitmix64).
pub struct Chance(u64);

impl Chance {
    /// The numbers that follow from this one.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.max(1).unsigned_abs()) as i64
    }

    fn index(&mut self, len: usize) -> usize {
        (self.next() % len.max(1) as u64) as usize
    }

    fn in_100(&mut self, of: u64) -> bool {
        self.next() % 100 < of
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.index(of.len())].clone()
    }

    /// The first file: a seat for the administrator, and a few more.
    pub fn first_file(&mut self, now: i64) -> File {
        let seats = [("creator", 1 + self.below(4)), ("storyteller", self.below(4)), ("viewer", self.below(5))];
        let lines = seats.map(|(of, count)| (of, count, 0, i64::MAX)).to_vec();
        File { lines, from: now - DAY, until: i64::MAX, one_over: true }
    }

    /// What is done before chance takes over, so that there is somebody to do something.
    pub fn beginning(&mut self) -> Vec<Step> {
        let all: Privileges = FIVE.into_iter().chain([INVITE, DISABLE, DELETE, MEMBER_ROLES, CREATE]).collect();
        let some = Privileges::from([INVITE, DISABLE, SEE]);
        let console = By::Console;
        let mut steps = vec![Step::CreateRole(console, all), Step::CreateRole(console, some)];
        let seats =
            [("creator", Role::Own(0)), ("viewer", Role::Viewer), ("creator", Role::User), ("viewer", Role::Viewer)];
        steps.extend(seats.map(|(of, role)| Step::Register(console, Some(of), Some(role))));
        steps.extend(
            [("storyteller", Role::Administrator), ("storyteller", Role::Own(1))]
                .map(|(of, role)| Step::Register(console, Some(of), Some(role))),
        );
        let kept = 2 + self.index(steps.len() - 1);
        steps.truncate(kept);
        steps
    }

    /// The next step.
    pub fn step(&mut self, model: &Model) -> Step {
        let by = self.by(model);
        let is_due = model.changes.iter().filter_map(|change| change.open()).any(|planned| planned.at <= model.now);
        if is_due && self.in_100(25) {
            return Step::CarryOut;
        }
        match self.below(100) {
            0..12 => Step::Register(by, self.of(), self.role(model)),
            12..20 => Step::Invite(by, self.of(), self.role(model)),
            20..26 => {
                Step::Accept { invitation: self.index(model.invitations.len()), with_old_secret: self.in_100(15) }
            }
            26..28 if !model.invitations.is_empty() => Step::Revoke(by, self.index(model.invitations.len())),
            28..30 if !model.invitations.is_empty() => Step::Renew(by, self.index(model.invitations.len())),
            26..58 => self.change(model, by),
            58..63 => Step::Swap(by, self.member(model), self.member(model)),
            63..70 => self.revert(model, by),
            70..72 => Step::Cancel(by, self.past(model)),
            72..77 => Step::CarryOut,
            77..84 => self.import(model, by),
            84..86 => Step::CreateRole(by, self.privileges()),
            86..89 => Step::EditRole(by, self.known_role(model), self.privileges()),
            89..91 => Step::DeleteRole(by, self.known_role(model)),
            _ => Step::Wait(self.wait(model)),
        }
    }

    /// Mostly somebody who may do much, sometimes anybody.
    fn by(&mut self, model: &Model) -> By {
        match self.below(10) {
            0..5 => By::Console,
            5..7 => {
                let strong = |seat: &crate::words::Seat| seat.role != Role::Viewer && seat.state == State::Enabled;
                let all: Vec<usize> =
                    model.members.iter().filter(|(_, one)| strong(&one.seat)).map(|(who, _)| *who).collect();
                if all.is_empty() { By::Console } else { By::Member(self.one(&all)) }
            }
            7..9 => {
                let own = |role: Role| matches!(role, Role::Own(_));
                let all: Vec<usize> =
                    model.members.iter().filter(|(_, one)| own(one.seat.role)).map(|(who, _)| *who).collect();
                if all.is_empty() { By::Console } else { By::Member(self.one(&all)) }
            }
            _ => By::Member(self.member(model)),
        }
    }

    fn of(&mut self) -> Option<Type> {
        (!self.in_100(2)).then(|| self.one(&TYPES))
    }

    fn known_role(&mut self, model: &Model) -> Role {
        if self.in_100(4) {
            return Role::Own(self.index(model.roles_made));
        }
        let all: Vec<Role> = model.roles.keys().copied().collect();
        self.one(&all)
    }

    fn role(&mut self, model: &Model) -> Option<Role> {
        match self.below(10) {
            0..3 => None,
            3..7 => Some(Role::Viewer),
            7 => Some(Role::User),
            _ => Some(self.known_role(model)),
        }
    }

    fn privileges(&mut self) -> Privileges {
        let all = FIVE.into_iter().chain([INVITE, DISABLE, DELETE, MEMBER_ROLES, CREATE, CHANGE_ROLES, LICENSES]);
        let kept = 20 + 70 * self.below(2).unsigned_abs();
        if self.in_100(30) { Privileges::from([SEE]) } else { all.filter(|_| self.in_100(kept)).collect() }
    }

    /// Mostly somebody who is there.
    fn member(&mut self, model: &Model) -> usize {
        if self.in_100(4) {
            return self.index(model.born);
        }
        let all: Vec<usize> = model.members.keys().copied().collect();
        self.one(&all)
    }

    /// Mostly one of the last changes.
    fn past(&mut self, model: &Model) -> usize {
        let count = model.changes.len();
        if self.in_100(60) { count.saturating_sub(1 + self.index(3)) } else { self.index(count) }
    }

    fn change(&mut self, model: &Model, by: By) -> Step {
        let count = [1, 1, 1, 2, 2, 3, 4, 6][self.index(8)];
        let mut operations: Vec<Operation> = (0..count).map(|_| self.operation(model)).collect();
        if self.in_100(95) {
            let mut seen = BTreeSet::new();
            operations.retain(|one| seen.insert(one.member));
        }
        if self.in_100(1) {
            operations.clear();
        }
        if self.in_100(25) {
            let squeezed: Vec<Operation> = (0..1 + self.below(3) / 2).filter_map(|_| self.squeeze(model)).collect();
            operations = if squeezed.is_empty() { operations } else { squeezed };
        }
        let at = model.now + self.one(&[-1, 0, 1, 60, 60, DAY, DAY, 5 * DAY, 5 * DAY, 5 * DAY]);
        let revert_at = self.in_100(35).then_some(at);
        let mut set = Set { operations, partial: self.in_100(25), revert_at, ..Set::default() };
        let probe = model.clone().step(&Step::Change(by, set.clone()));
        self.consent(probe.err(), &mut set);
        Step::Change(by, set)
    }

    /// Somebody moves into a type that is full, as in the example of the handbook (S23).
    fn squeeze(&mut self, model: &Model) -> Option<Operation> {
        let is_full = |of: &Type| model.licensed(of) > 0 && model.assigned(of) == model.licensed(of);
        let full: Vec<Type> = TYPES.into_iter().filter(is_full).collect();
        let of = (!full.is_empty()).then(|| self.one(&full))?;
        let others = model.members.iter().filter(|(_, one)| one.seat.of != of && one.seat.role != Role::Administrator);
        let others: Vec<usize> =
            others.filter(|(_, one)| one.seat.state != State::Archived).map(|(who, _)| *who).collect();
        let member = (!others.is_empty()).then(|| self.one(&others))?;
        Some(Operation { member, of: Some(of), role: Some(Role::Viewer), act: None })
    }

    fn operation(&mut self, model: &Model) -> Operation {
        let member = self.member(model);
        let set = |of, role| Operation { member, of, role, act: None };
        match self.below(20) {
            0..6 => set(Some(self.one(&TYPES)), Some(Role::Viewer)),
            6..8 => set(Some(self.one(&TYPES)), None),
            8..10 => set(Some(self.one(&TYPES)), Some(self.known_role(model))),
            10..13 => set(None, Some(self.known_role(model))),
            13 => set(None, None),
            _ => {
                let state = model.members.get(&member).map(|one| one.seat.state);
                let acts = match state {
                    Some(State::Archived) if self.in_100(85) => {
                        vec![Act::Restore, Act::Restore, Act::Restore, Act::Delete]
                    }
                    Some(State::Disabled) if self.in_100(70) => vec![Act::Enable, Act::Archive],
                    _ => vec![
                        Act::Enable,
                        Act::Disable,
                        Act::Disable,
                        Act::Archive,
                        Act::Archive,
                        Act::Restore,
                        Act::Delete,
                    ],
                };
                let of = self.in_100(8).then(|| self.one(&TYPES));
                let role = self.in_100(8).then(|| self.known_role(model));
                Operation { member, of, role, act: Some(self.one(&acts)) }
            }
        }
    }

    /// The consent that is asked for, or a wrong one.
    fn consent(&mut self, probe: Option<No>, set: &mut Set) {
        let Some(No::NeedsConsent(numbers)) = probe else {
            if self.in_100(3) {
                set.consent.insert(self.one(&TYPES), self.below(3));
            }
            return;
        };
        match self.below(10) {
            0..6 => set.consent = numbers,
            6 => set.consent = numbers.into_iter().map(|(of, people)| (of, people + 1)).collect(),
            7 => set.consent = numbers.into_iter().chain([(self.one(&TYPES), 1)]).collect(),
            _ => {}
        }
    }

    fn revert(&mut self, model: &Model, by: By) -> Step {
        let change = self.past(model);
        let mut set = Set::default();
        let probe = model.clone().step(&Step::Revert(by, change, set.consent.clone()));
        self.consent(probe.err(), &mut set);
        Step::Revert(by, change, set.consent)
    }

    /// A file around what is held now; some lines end, some begin later, some files have ended or not begun.
    fn import(&mut self, model: &Model, by: By) -> Step {
        let mut lines = Vec::new();
        for of in TYPES {
            let count = (model.assigned(of) + self.one(&[-2, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2])).clamp(0, 5);
            let until = if self.in_100(20) { model.now + 1 + self.below(12 * DAY) } else { i64::MAX };
            lines.push((of, count, 0, until));
            if self.in_100(15) {
                lines.push((of, 1, model.now + self.below(8 * DAY), i64::MAX));
            }
        }
        let from = if self.in_100(12) { model.now + 1 + self.below(8 * DAY) } else { model.now - self.below(2) };
        let until = match self.below(20) {
            0 => model.now,
            1..3 => from.max(model.now) + 1 + self.below(12 * DAY),
            _ => i64::MAX,
        };
        let file = File { lines, from: from.min(until - 1), until, one_over: !self.in_100(10) };
        let probe = model.clone().step(&Step::Import(by, file.clone(), None)).err();
        let confirmed = match probe {
            Some(No::Unconfirmed(people)) if !self.in_100(20) => Some(people),
            _ => self.in_100(5).then_some(1),
        };
        Step::Import(by, file, confirmed)
    }

    /// Up to the next end of something, exactly or a second short of it, or just some time.
    fn wait(&mut self, model: &Model) -> i64 {
        let terms = model.file.lines.iter().flat_map(|line| [line.2, line.3]).chain([model.file.until]);
        let terms = terms.chain(model.staged.iter().map(|one| one.from));
        let invitations = model.invitations.iter().filter(|one| one.state == "pending").map(|one| one.until);
        let returns = model.changes.iter().filter_map(|one| one.planned.as_ref()).map(|planned| planned.at);
        let ahead = |at: &i64| *at > model.now && *at < model.now + 20 * DAY;
        let returns: Vec<i64> = returns.filter(ahead).collect();
        let others = terms.chain(invitations).filter(ahead).collect();
        let ends: Vec<i64> = if !returns.is_empty() && self.in_100(60) { returns } else { others };
        let is_late = model.now > LAST_LONG_WAIT;
        if ends.is_empty() || is_late || self.in_100(30) {
            return if is_late { 1 } else { self.one(&[1, 60, DAY, 3 * DAY]) };
        }
        (self.one(&ends) - model.now - i64::from(self.in_100(25))).max(1)
    }
}
