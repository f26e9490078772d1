//! One sequence, played by the model and by the portal side by side, and made shorter where they differ.

use std::collections::BTreeMap;

use crate::answer::same_answer;
use crate::chance::{Chance, MORNING};
use crate::real::{Real, invitation_line, member_line, return_line, type_line};
use crate::words::{
    CREATE, DELETE, DISABLE, FIVE, File, INVITE, MEMBER_ROLES, Member, Mistake, Model, Move, No, Role, Seat, State,
    Step, TYPES,
};

/// How often each thing happened.
pub type Events = BTreeMap<String, u64>;

/// What comes next: this step, or what the number leads to in the state of that moment.
#[derive(Clone)]
pub enum Next {
    Fixed(Step),
    Chance(u64),
}

/// A file and what happens under it.
#[derive(Clone)]
pub struct Sequence {
    file: File,
    steps: Vec<Next>,
}

/// Where the two part ways, with everything that led there.
#[derive(Debug)]
pub struct Difference(pub String);

impl Sequence {
    /// The sequence of that number.
    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let file = chance.first_file(MORNING);
        let mut steps: Vec<Next> = chance.beginning().into_iter().map(Next::Fixed).collect();
        steps.extend((0..24 + chance.next() % 16).map(|_| Next::Chance(chance.next())));
        Self { file, steps }
    }

    /// These steps in a portal with so many seats of each type.
    pub fn told(seats: [i64; 3], steps: Vec<Step>) -> Self {
        let lines = TYPES.into_iter().zip(seats).map(|(of, count)| (of, count, 0, i64::MAX)).collect();
        let file = File { lines, from: MORNING - 1, until: i64::MAX, one_over: true };
        Self { file, steps: steps.into_iter().map(Next::Fixed).collect() }
    }

    /// Plays it to its end.
    ///
    /// # Errors
    /// The first difference.
    pub fn play(&self, mistake: Option<Mistake>, events: &mut Events) -> Result<(), Difference> {
        let mut play = Play::begin(&self.file, mistake);
        for next in &self.steps {
            let step = match next {
                Next::Fixed(step) => step.clone(),
                Next::Chance(seed) => Chance::new(*seed).step(&play.model),
            };
            play.step(&step, events).map_err(|what| Difference(format!("{what}\n{}", play.journal.join("\n"))))?;
        }
        Ok(())
    }

    /// The same difference, or another one, with as few steps as can be found by leaving some out.
    pub fn shortest(&self, mistake: Option<Mistake>, found: Difference) -> Difference {
        let (mut best, mut shown) = (self.clone(), found);
        let mut part = best.steps.len().div_ceil(2);
        loop {
            let mut start = 0;
            while start < best.steps.len() {
                let mut shorter = best.clone();
                shorter.steps.drain(start..(start + part).min(best.steps.len()));
                match shorter.play(mistake, &mut Events::new()) {
                    Err(difference) => (best, shown) = (shorter, difference),
                    Ok(()) => start += part,
                }
            }
            if part == 1 {
                return shown;
            }
            part = part.div_ceil(2);
        }
    }
}

struct Play {
    model: Model,
    real: Real,
    journal: Vec<String>,
}

/// The three default roles that occur, with those of their privileges that the model knows.
fn default_roles() -> BTreeMap<Role, crate::words::Privileges> {
    let all = FIVE.into_iter().chain([INVITE, DISABLE, DELETE, MEMBER_ROLES, CREATE]).collect();
    let user = [FIVE[0], CREATE].into();
    [(Role::Viewer, [].into()), (Role::User, user), (Role::Administrator, all)].into()
}

impl Play {
    fn begin(file: &File, mistake: Option<Mistake>) -> Self {
        let seat = Seat { of: "creator", role: Role::Administrator, state: State::Enabled };
        let model = Model {
            now: MORNING,
            file: file.clone(),
            staged: Vec::new(),
            born: 1,
            members: [(0, Member { seat, last_change: None })].into(),
            invitations: Vec::new(),
            changes: Vec::new(),
            roles: default_roles(),
            roles_made: 0,
            mistake,
        };
        let journal = vec![format!("{file:?}")];
        Self { model, real: Real::activated(file), journal }
    }

    fn step(&mut self, step: &Step, events: &mut Events) -> Result<(), String> {
        let before = self.model.clone();
        let said = self.real.step(step)?;
        let told = self.model.step(step);
        self.journal.push(format!("{step:?}\n    {said:?}"));
        same_answer(&told, &said)?;
        let (expected, seen) = (self.expected(), self.real.seen()?);
        if expected != seen {
            let only = |of: &[String], other: &[String]| {
                of.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>().join("; ")
            };
            return Err(format!("model: {}\nportal: {}", only(&expected, &seen), only(&seen, &expected)));
        }
        laws(&before, &self.model, step, &told)?;
        note(events, &before, &self.model, step, &told);
        Ok(())
    }

    /// What the model says there is, in the words of [`Real::seen`].
    fn expected(&self) -> Vec<String> {
        let model = &self.model;
        let mut all: Vec<String> = model.members.iter().map(|(who, one)| self.member(*who, one.seat)).collect();
        all.extend(TYPES.map(|of| type_line(of, [model.licensed(of), model.assigned(of), model.reserved(of)])));
        for (number, change) in model.changes.iter().enumerate() {
            all.extend(change.planned.as_ref().map(|planned| return_line(number, planned.at, planned.state)));
        }
        for (number, one) in model.invitations.iter().enumerate() {
            let state = if one.state == "pending" && !one.is_pending(model.now) { "expired" } else { one.state };
            all.push(invitation_line(number, state, one.until));
        }
        let own = model.roles.keys().filter(|role| matches!(role, Role::Own(_)));
        all.extend(own.map(|role| format!("role {}", self.real.role(*role))));
        all.push(format!("{} administrators", model.administrators()));
        all.sort_unstable();
        all
    }

    fn member(&self, who: usize, seat: Seat) -> String {
        let state = format!("{:?}", seat.state).to_lowercase();
        member_line(who, (seat.of, self.real.role(seat.role).as_str()), &state, self.model.is_locked_out(seat))
    }
}

/// What holds whatever the rules are: a type is over only where an applied change named it with consent, and then by
/// exactly one, or where an import or the time left it so; and nothing but those two makes it worse (S27, A-ENF-8).
fn laws(before: &Model, after: &Model, step: &Step, told: &Result<Vec<(usize, No)>, No>) -> Result<(), String> {
    for of in TYPES {
        let [was, is] = [before, after].map(|model| model.assigned(of) - model.licensed(of));
        let consented = match step {
            Step::Change(_, set) => set.consent.contains_key(of),
            Step::Revert(_, _, consent) => consent.contains_key(of),
            _ => false,
        };
        let may = match step {
            Step::Import(..) | Step::Wait(_) => after.assigned(of) == before.assigned(of),
            _ => is <= was || (was <= 0 && is == 1 && consented && told.is_ok() && after.licensed(of) > 0),
        };
        if is > 0 && !may {
            return Err(format!("a law is broken: {of} is over by {is}, and was by {was}"));
        }
    }
    if after.administrators() == 0 {
        return Err("a law is broken: there is no administrator".to_owned());
    }
    Ok(())
}

/// Notes what happened that the sequences must reach.
fn note(events: &mut Events, before: &Model, after: &Model, step: &Step, told: &Result<Vec<(usize, No)>, No>) {
    let mut happened = |what: &str| *events.entry(what.to_owned()).or_default() += 1;
    let left_out = match told {
        Err(no) => return happened(no.code()),
        Ok(left_out) => left_out,
    };
    left_out.iter().for_each(|(_, no)| happened(&format!("left out: {}", no.code())));
    let newly_over = TYPES.iter().filter(|of| after.is_over(of) && !before.is_over(of)).count();
    let full = |model: &Model| TYPES.iter().filter(|of| model.assigned(of) == model.licensed(of)).count();
    match step {
        Step::Swap(..) if full(before) > 1 => happened("exchanged at capacity"),
        Step::Change(..) | Step::Revert(..) if newly_over > 1 => happened("two types taken one over at once"),
        Step::Change(..) | Step::Revert(..) if newly_over == 1 => happened("taken one over"),
        Step::Import(..) if after.staged.len() > before.staged.len() => happened("file staged"),
        Step::Import(..) if after.staged.len() < before.staged.len() => happened("file given up for another"),
        Step::Wait(_) if after.staged.len() < before.staged.len() => happened("file came in force by itself"),
        Step::Import(..) if newly_over > 0 => happened("over by a file"),
        Step::Wait(_) if newly_over > 0 => happened("over by the time"),
        Step::Accept { .. } => happened("invitation accepted"),
        Step::Renew(..) => happened("invitation renewed"),
        Step::Revoke(..) => happened("invitation revoked"),
        Step::Revert(..) => happened("taken back by hand"),
        Step::Cancel(..) => happened("return given up"),
        Step::EditRole(..) => happened("role edited"),
        Step::DeleteRole(..) => happened("role deleted"),
        _ => {}
    }
    if !left_out.is_empty() {
        happened("partly applied");
    }
    if TYPES.iter().any(|of| after.assigned(of) > after.licensed(of) + 1) {
        happened("over by more than one");
    }
    let lasted = before.invitations.iter().any(|one| one.is_pending(before.now) && !one.is_pending(after.now));
    if matches!(step, Step::Wait(_)) && lasted {
        happened("invitation expired");
    }
    if matches!(step, Step::CarryOut) {
        for (was, is) in before.changes.iter().zip(&after.changes) {
            let (Some(was), Some(is)) = (&was.planned, &is.planned) else { continue };
            if was.state != is.state {
                happened(&format!("return {}", is.state));
            }
        }
    }
    let new = after.changes.iter().skip(before.changes.len()).flat_map(|change| &change.moves);
    new.filter_map(way).for_each(happened);
}

/// What became of a member.
fn way((_, from, to): &Move) -> Option<&'static str> {
    match (from.state, to.map(|to| to.state)) {
        (State::Archived, Some(State::Enabled)) => Some("restored"),
        (State::Archived, Some(State::Disabled)) => Some("restored as disabled"),
        (State::Enabled | State::Disabled, Some(State::Archived)) => Some("archived"),
        (State::Enabled, Some(State::Disabled)) => Some("disabled"),
        (State::Disabled, Some(State::Enabled)) => Some("enabled"),
        (_, None) => Some("deleted"),
        _ => None,
    }
}
