//! Random operations: after each, the kept counts are what counting gives, the audit log has one row for each write, and
//! no user type and no add-on was raised beyond what the rules allow.

use catalog::RoleId;
use errors::{Code, Failure};
use rules::change_set::{Act, ChangeSet, Mode, Operation};
use rules::{ChangeId, InvitationId, MemberId};
use store::{AddOnTally, MemberFilter, ReturnState, Store, StoreError, TypeCount};

use crate::deeds::{
    accept, cancel, delete_role, edit_role, invite, make_role, return_state, revert, revoke, run_return,
};
use crate::harness::{
    DAY, Portal, act, apply, assert_recounted, audit_count, import, license, line, only, open, register, registration,
    role, user_type, write,
};
use crate::products::{BASIC, EXTENSION, INSIGHTS, STANDARD, add_on, moving};

const SEEDS: [u64; 6] = [1, 0x5ea7, 20_261_215, u64::MAX / 3, 77, 0xdead_beef];
const STEPS: usize = 300;
const TYPES: [&str; 3] = ["viewer", "creator", "contributor"];
const ADD_ONS: [&str; 4] = [BASIC, STANDARD, EXTENSION, INSIGHTS];
const PRIVILEGES: [&[&str]; 4] = [&[], &["members.view"], &["members.view", "features.edit"], &["content.create"]];
const ACTS: [Act; 4] = [Act::Enable, Act::Disable, Act::Archive, Act::Restore];

/// A small generator, so that a seed alone repeats a run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())).cloned() }
    }
}

/// How far a step may raise a user type.
#[derive(Clone, Copy, PartialEq)]
enum Bound {
    /// As the rules of registrations and changes say.
    Seats,
    /// Only within the licensed number: what is reserved for others does not count.
    Licensed,
    /// A file may leave it anywhere.
    None,
}

struct Run {
    portal: Portal,
    store: Store,
    chance: Chance,
    members: Vec<MemberId>,
    invitations: Vec<InvitationId>,
    changes: Vec<ChangeId>,
    roles: Vec<RoleId>,
    sequence: u32,
    acknowledged: u64,
    returned: usize,
    equipped: usize,
}

/// A file with these numbers of Viewers and Creators, and of each add-on.
fn file(sequence: u32, [viewers, creators]: [u32; 2], each: [u32; 4]) -> store::Files {
    only(license(|draft| {
        draft.sequence = sequence;
        draft.user_types = vec![line("viewer", viewers), line("creator", creators)];
        draft.add_ons = ADD_ONS.iter().zip(each).map(|(id, count)| add_on(id, count)).collect();
    }))
}

/// How many rows a step has written.
type Written = Result<u64, Failure>;

fn nothing_there() -> Failure {
    Failure::plain(Code::NotFound)
}

impl Run {
    fn new(seed: u64) -> Self {
        let (portal, store) = Portal::with_seats(5, 4);
        let (members, invitations, changes, roles) = (vec![], vec![], vec![], vec![]);
        import(&store, file(2, [5, 4], [2; 4]), None).unwrap();
        let (chance, sequence, acknowledged, returned, equipped) = (Chance(seed), 2, 2, 0, 0);
        Self { portal, store, chance, members, invitations, changes, roles, sequence, acknowledged, returned, equipped }
    }

    fn counts(&self) -> Vec<TypeCount> {
        self.store.read(|tx| tx.headcounts()).unwrap()
    }

    fn step(&mut self, number: usize) {
        let (before, tallies) = (self.counts(), self.tallies());
        let (bound, written) = match self.chance.below(27) {
            0..3 => (Bound::Seats, self.register(number)),
            3 => (Bound::Seats, self.delete()),
            4..9 => (Bound::Seats, self.change()),
            9 => (Bound::None, self.import()),
            10 => (Bound::Seats, self.break_off(number)),
            11 | 12 => (Bound::Seats, self.invite(number)),
            13 | 14 => (Bound::Licensed, self.accept(number)),
            15 => (Bound::Seats, self.revoke()),
            16 => (Bound::Seats, self.pass()),
            17 | 18 => (Bound::Seats, self.run_returns()),
            19 => (Bound::Seats, self.take_back()),
            20..25 => (Bound::Seats, self.equip()),
            _ => (Bound::Seats, self.configure_roles(number)),
        };
        self.acknowledged += written.unwrap_or(0);
        self.is_within(bound, &before);
        self.add_ons_are_within(bound, &tallies);
        if self.chance.below(20) == 0 {
            self.store = open(&self.portal);
        }
    }

    fn is_within(&self, bound: Bound, before: &[TypeCount]) {
        for after in self.counts() {
            let was = before.iter().find(|one| one.user_type == after.user_type).map_or(0, |one| one.seats.assigned);
            let (held, kept, licensed) = (after.seats.assigned, after.seats.reserved, after.licensed);
            let is_one_over = held == licensed + 1 && kept == 0 && licensed > 0;
            let is_fine = match bound {
                Bound::Seats => held <= was || held + kept <= licensed || is_one_over,
                Bound::Licensed => held <= was || held <= licensed,
                Bound::None => true,
            };
            assert!(is_fine, "{after:?} after {was}");
        }
    }

    fn tallies(&self) -> Vec<AddOnTally> {
        self.store.read(|tx| tx.add_on_tallies()).unwrap()
    }

    fn add_ons_are_within(&self, bound: Bound, before: &[AddOnTally]) {
        for after in self.tallies() {
            let was = before.iter().find(|one| one.add_on == after.add_on).map_or(0, |one| one.assigned);
            let is_fine = bound == Bound::None || after.assigned <= was.max(after.licensed);
            let is_over = after.assigned > after.licensed;
            assert!(is_fine && after.over_since.is_some() == is_over, "{after:?} after {was}");
        }
    }

    fn register(&mut self, number: usize) -> Written {
        let to = self.chance.pick(&TYPES).unwrap();
        self.members.push(register(&self.store, &format!("member-{number}"), to)?.id);
        Ok(1)
    }

    fn delete(&mut self) -> Written {
        let id = self.chance.pick(&self.members).ok_or_else(nothing_there)?;
        self.changes.push(act(&self.store, &id, Act::Delete)?);
        self.members.retain(|one| *one != id);
        Ok(1)
    }

    /// Up to three members, with a consent that is sometimes the right one, sometimes with a return, sometimes partial.
    fn change(&mut self) -> Written {
        let mut operations = Vec::new();
        for _ in 0..=self.chance.below(3) {
            operations.push(self.operation().ok_or_else(nothing_there)?);
        }
        let mut set = ChangeSet { operations, ..ChangeSet::default() };
        if self.chance.below(3) == 0 {
            set.revert_at = Some(self.now().plus_seconds(DAY));
        }
        match self.chance.below(4) {
            0 => set.mode = Mode::Partial,
            1 | 2 => {
                let to = self.chance.pick(&TYPES).unwrap();
                set.allow_one_over = [(user_type(to), u64::try_from(self.chance.below(6)).unwrap())].into();
            }
            _ => {}
        }
        self.changes.push(apply(&self.store, set)?);
        Ok(1)
    }

    fn operation(&mut self) -> Option<Operation> {
        let member = self.chance.pick(&self.members)?;
        let to = self.chance.pick(&TYPES).map(user_type);
        let own = self.chance.pick(&self.roles).filter(|_| self.chance.below(2) == 0);
        Some(match self.chance.below(3) {
            0 => Operation::act(member, self.chance.pick(&ACTS)?),
            1 => Operation::set(member, None, Some(own.unwrap_or_else(|| role("viewer")))),
            _ => Operation::set(member, to, Some(own.unwrap_or_else(|| role("viewer")))),
        })
    }

    /// One or two members get and lose add-ons; a few move to another user type with it.
    fn equip(&mut self) -> Written {
        let mut operations = Vec::new();
        for _ in 0..=self.chance.below(2) {
            let member = self.chance.pick(&self.members).ok_or_else(nothing_there)?;
            let assign = self.chance.pick(&ADD_ONS).unwrap();
            let unassign: Vec<&str> = ADD_ONS.into_iter().filter(|_| self.chance.below(3) == 0).collect();
            let operation = moving(&member, &[assign], &unassign);
            let to = self.chance.pick(&TYPES).map(user_type).filter(|_| self.chance.below(4) == 0);
            operations.push(Operation { set_user_type: to, ..operation });
        }
        self.changes.push(apply(&self.store, ChangeSet { operations, ..ChangeSet::default() })?);
        self.equipped += 1;
        Ok(1)
    }

    fn import(&mut self) -> Written {
        let seats = [1 + self.chance.below(8), 1 + self.chance.below(6)].map(|n| u32::try_from(n).unwrap());
        let each = [(); 4].map(|()| u32::try_from(self.chance.below(4)).unwrap());
        let file = file(self.sequence + 1, seats, each);
        let outcome = import(&self.store, file.clone(), None).or_else(|failure| {
            let expected = failure.facts.get("expected").and_then(serde_json::Value::as_u64);
            import(&self.store, file, expected)
        });
        outcome?;
        self.sequence += 1;
        Ok(1)
    }

    /// Writes, and then fails; or only rehearses.
    fn break_off(&mut self, number: usize) -> Written {
        let username = format!("nobody-{number}");
        if self.chance.below(2) == 0 {
            // Whatever it answers, nothing of it is written.
            let _ = self.store.rehearse_now(move |tx| registration(tx, &username, "viewer"));
            return Ok(0);
        }
        write(&self.store, move |tx| {
            registration(tx, &username, "viewer")?;
            Err(StoreError::internal("the test breaks off"))
        })
    }

    fn invite(&mut self, number: usize) -> Written {
        let to = self.chance.pick(&TYPES).unwrap();
        self.invitations.push(invite(&self.store, &format!("guest-{number}"), to)?.id);
        Ok(1)
    }

    fn accept(&mut self, number: usize) -> Written {
        let id = self.chance.pick(&self.invitations).ok_or_else(nothing_there)?;
        self.members.push(accept(&self.store, &id, &format!("guest-{number}"))?.id);
        self.invitations.retain(|one| *one != id);
        Ok(1)
    }

    fn revoke(&mut self) -> Written {
        let id = self.chance.pick(&self.invitations).ok_or_else(nothing_there)?;
        self.invitations.retain(|one| *one != id);
        revoke(&self.store, &id).map(|()| 1)
    }

    /// Invitations end and returns come due while nobody writes.
    fn pass(&mut self) -> Written {
        self.portal.pass(i64::try_from(self.chance.below(8)).unwrap() * DAY / 2);
        Ok(0)
    }

    fn run_returns(&mut self) -> Written {
        let due = self.store.read(|tx| tx.due_returns(100)).unwrap();
        let mut rows = 0;
        for id in due {
            let before = return_state(&self.store, &id);
            let state = run_return(&self.store, &id)?;
            self.returned += usize::from(state == ReturnState::Done);
            rows += u64::from(return_state(&self.store, &id) != before);
        }
        Ok(rows)
    }

    fn take_back(&mut self) -> Written {
        let id = self.chance.pick(&self.changes).ok_or_else(nothing_there)?;
        if self.chance.below(2) == 0 {
            return cancel(&self.store, &id).map(|()| 1);
        }
        self.changes.push(revert(&self.store, &id)?);
        Ok(1)
    }

    fn configure_roles(&mut self, number: usize) -> Written {
        let privileges = self.chance.pick(&PRIVILEGES).unwrap();
        if self.chance.below(2) == 0 {
            self.roles.push(make_role(&self.store, &format!("Role {number}"), privileges)?);
            return Ok(1);
        }
        let id = self.chance.pick(&self.roles).ok_or_else(nothing_there)?;
        if self.chance.below(2) == 0 {
            return edit_role(&self.store, &id, &format!("Role {number}"), privileges).map(|_| 1);
        }
        delete_role(&self.store, &id)?;
        self.roles.retain(|one| *one != id);
        Ok(1)
    }

    fn now(&self) -> entitlement::Moment {
        self.store.read(|tx| Ok(tx.now())).unwrap()
    }

    fn stored(&self) -> usize {
        let of = |state| {
            let filter = MemberFilter { state, ..MemberFilter::default() };
            self.store.read(|tx| tx.members(&filter, None, 1_000)).unwrap().items.len()
        };
        of(None) + of(Some(rules::MemberState::Archived))
    }
}

#[test]
fn the_kept_counts_and_the_log_follow_every_random_sequence() {
    let mut returned = 0;
    for seed in SEEDS {
        let mut run = Run::new(seed);
        for number in 0..STEPS {
            run.step(number);
            assert_recounted(&run.store);
            assert_eq!(audit_count(&run.store), run.acknowledged, "seed {seed}, step {number}");
        }
        assert_eq!(run.stored(), run.members.len() + 1, "seed {seed}");
        let roles = run.store.read(|tx| tx.role_records()).unwrap();
        assert_eq!(roles.len(), run.roles.len(), "seed {seed}");
        let accepted = Some(store::InvitationState::Accepted);
        let accepted = run.store.read(|tx| tx.invitations(accepted, None, 1_000)).unwrap().len();
        assert!(accepted > 0 && run.sequence > 2 && run.acknowledged > 80, "seed {seed} does too little");
        assert!(run.equipped > 5, "seed {seed} assigns too little: {}", run.equipped);
        returned += run.returned;
    }
    assert!(returned > SEEDS.len(), "the seeds bring too few members back: {returned}");
}
