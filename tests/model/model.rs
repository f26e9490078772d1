//! The rules of the seats once more, written plainly from the statements (S…) and the readings (A-…) of the handbook.
//!
//! It imports the standard library and its own words only, and counts everything anew whenever it is asked.

use std::collections::BTreeSet;

use crate::steps::*;
use crate::words::*;

/// Who had the Administrator role never gets it, or its use, by a return (design: Change sets).
fn gives_back_administrator(from: Seat, to: Seat) -> bool {
    from.is_administrators() && (to.role != from.role || (from.is_used() && !to.is_used()))
}

/// Counting, each time anew.
#[rustfmt::skip]
impl Model {
    /// The lines in term of a file in term (S2, A-ENF-13; design: Seats 1).
    pub fn licensed(&self, of: Type) -> i64 {
        let is_in = |from: i64, until: i64| from <= self.now && self.now < until;
        let lines = self.file.lines.iter().filter(|line| line.0 == of && is_in(line.2, line.3));
        if is_in(self.file.from, self.file.until) { lines.map(|line| line.1).sum() } else { 0 }
    }
    fn seated(&self, of: Type) -> impl Iterator<Item = Seat> {
        self.members.values().map(|one| one.seat).filter(move |seat| seat.of == of && seat.is_held())
    }
    /// Disabled members and administrators count (A-ENF-12).
    pub fn assigned(&self, of: Type) -> i64 {
        let skips_disabled = self.errs(Mistake::DisabledNotCounted);
        self.seated(of).filter(|seat| !skips_disabled || seat.is_used()).count() as i64
    }
    /// Pending invitations and planned returns hold seats (design: Seats 2).
    pub fn reserved(&self, of: Type) -> i64 {
        let invited = self.invitations.iter().filter(|one| one.of == of && one.is_pending(self.now)).count() as i64;
        invited + self.changes.iter().filter_map(|change| change.open()?.keeps.get(of)).sum::<i64>()
    }
    fn held(&self, of: Type) -> i64 {
        self.assigned(of) + if self.errs(Mistake::ReservedIgnored) { 0 } else { self.reserved(of) }
    }
    pub fn is_over(&self, of: Type) -> bool { self.assigned(of) > self.licensed(of) } // S3
    fn is_compliant(&self) -> bool { !TYPES.iter().any(|of| self.is_over(of)) }
    /// The enabled without the default Administrator role (S6, S25, A-ENF-2, A-ENF-4).
    fn can_be_locked(seat: &Seat) -> bool { seat.is_used() && !seat.is_administrators() }
    fn lockable(&self, of: Type) -> i64 { self.seated(of).filter(Self::can_be_locked).count() as i64 }
    pub fn is_locked_out(&self, seat: Seat) -> bool { self.is_over(seat.of) && Self::can_be_locked(&seat) }
    pub fn administrators(&self) -> usize {
        self.members.values().filter(|one| one.seat.is_used() && one.seat.is_administrators()).count()
    }
    fn full(&self, of: Type) -> No { No::Full(of, [self.licensed(of), self.assigned(of), self.reserved(of)]) }
    /// Viewers cannot create or administer; the others can do anything (S97 to S105, A-UT-1).
    fn admits(of: Type, privilege: &str) -> bool { of != "viewer" || privilege == SEE }
    /// Of the Administrator too: that role has privileges above a Viewer's (S95, S96, S126, S132).
    fn fits(&self, of: Type, role: Role) -> bool {
        self.roles.get(&role).is_some_and(|all| all.iter().all(|one| Self::admits(of, one)))
    }
}

impl Model {
    /// Every request is judged by the role and the lockout of its moment (A-ENF-14).
    pub fn actor(&self, by: By) -> Result<Actor, No> {
        let By::Member(who) = by else { return Ok(Actor::console()) };
        let seat = self.members.get(&who).ok_or(No::NotSignedIn)?.seat;
        yes(seat.state != State::Disabled, No::Disabled)?;
        yes(seat.is_held(), No::Archived)?;
        yes(!self.is_locked_out(seat), No::LockedOut)?;
        let holds = self.roles[&seat.role].iter().copied().filter(|one| Self::admits(seat.of, one)).collect();
        Ok(Actor { who: Some(who), role: Some(seat.role), has_all: seat.is_administrators(), holds })
    }

    /// Every door for somebody new (S5, S18 to S21, A-ENF-1, A-ENF-3, A-ENF-16).
    pub fn admission(&self, by: By, of: Option<Type>, role: Option<Role>) -> Result<Seat, No> {
        let actor = self.actor(by)?;
        actor.needs(&[INVITE])?; // A-ROLE-13
        yes(self.is_compliant(), No::CreationBlocked)?;
        let (of, role) = (of.ok_or(No::Invalid)?, role.unwrap_or(Role::Viewer));
        self.may_give(&actor, role)?;
        yes(self.fits(of, role), No::RoleExceedsType)?;
        yes(self.held(of) < self.licensed(of), self.full(of))?;
        Ok(Seat { of, role, state: State::Enabled })
    }

    /// Where an operation leads, and whether it may be done at all.
    fn read(&self, actor: &Actor, one: &Operation, set: &Set) -> Result<Move, No> {
        let from = self.members.get(&one.member).ok_or(No::NotFound)?.seat;
        let sets = one.of.is_some() || one.role.is_some();
        let ends = |state| Some(Seat { of: one.of.unwrap_or(from.of), role: one.role.unwrap_or(from.role), state });
        let to = match (one.act, from.is_held()) {
            (Some(Act::Archive | Act::Delete), _) if sets => return Err(No::Invalid),
            (Some(Act::Delete), _) => None,
            (Some(Act::Archive | Act::ArchiveAgain), _) => ends(State::Archived),
            (None | Some(Act::Enable | Act::Disable), false) => return Err(No::WrongState),
            (Some(Act::Enable), true) | (Some(Act::Restore), false) => ends(State::Enabled),
            (Some(Act::Disable), true) | (Some(Act::RestoreDisabled), false) => ends(State::Disabled),
            (None | Some(Act::Restore | Act::RestoreDisabled), true) => ends(from.state),
        };
        let after = to.filter(Seat::is_held);
        yes(after.is_none_or(|seat| self.roles.contains_key(&seat.role)), No::Invalid)?;
        actor.may_move((one.member, from, to), one.act, set.revert_at.is_some())?;
        let returns = to.is_some_and(|to| !gives_back_administrator(from, to));
        yes(returns || set.revert_at.is_none(), No::CannotRevert)?;
        yes(after.is_none_or(|seat| self.fits(seat.of, seat.role)), No::RoleExceedsType)?; // A-ENF-10
        Ok((one.member, from, to))
    }

    /// Whether the organization may come from here to there (S22 to S36; design: Seats 4, 5, 7).
    pub fn judge(&self, after: &Self, moves: &[Move], actor: &Actor, set: &Set) -> Result<(), No> {
        yes(after.administrators() > 0 || self.administrators() == 0, No::LastAdministrator)?; // S115, A-ENF-11
        let restores = moves.iter().any(|(_, from, to)| !from.is_held() && to.is_some_and(|to| to.is_held()));
        yes(!restores || self.is_compliant() || self.errs(Mistake::RestoredWhileOver), No::CreationBlocked)?; // S18
        for (_, from, to) in moves {
            let Some(to) = to.filter(|to| to.is_held() && to.is_administrators()) else { continue };
            let is_new = !(from.is_held() && from.is_administrators() && from.of == to.of);
            yes(!is_new || !after.is_over(to.of), No::AdministratorInOver(to.of))?;
        }
        let mut one_over = Numbers::new();
        let is_short = |of: &Type| after.assigned(of) > self.assigned(of) && after.held(of) > self.licensed(of);
        for of in TYPES.into_iter().filter(is_short) {
            yes(!restores && !set.partial, self.full(of))?; // A-ENF-1
            let may = self.licensed(of) > 0 && !self.is_over(of) && self.file.one_over; // A-ENF-7
            yes(may, No::Exhausted(of, [self.assigned(of), self.licensed(of)]))?;
            let most = self.licensed(of) + if self.errs(Mistake::AllowanceOfTwo) { 2 } else { 1 }; // S27
            yes(after.assigned(of) <= most && after.held(of) == after.assigned(of), self.full(of))?;
            let may = actor.has_all || self.errs(Mistake::DelegateGoesOver); // A-ENF-5
            yes(may, if set.consent.contains_key(of) { No::Reserved } else { self.full(of) })?;
            one_over.insert(of, after.lockable(of)); // S26
        }
        let asks = if set.consent.is_empty() { No::NeedsConsent } else { No::Mismatch };
        yes(set.consent == one_over, asks(one_over))
    }

    /// A change set: atomic on its end state, or partial, each operation by itself on what those before it left.
    pub fn change(&self, actor: &Actor, set: &Set) -> Result<(Self, Vec<(usize, No)>), No> {
        yes(!set.operations.is_empty() && set.revert_at.is_none_or(|at| at > self.now), No::Invalid)?;
        let (mut moves, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (at, one) in set.operations.iter().enumerate() {
            let read = |()| yes(seen.insert(one.member), No::Invalid).and_then(|()| self.read(actor, one, set));
            match may_ask(actor, one).and_then(read) {
                Ok(step) => moves.push((at, step)),
                Err(No::PrivilegeMissing) => return Err(No::PrivilegeMissing),
                Err(no) => refused.push((at, no)),
            }
        }
        let mut before = self.clone();
        before.end_return(set.ends, "done"); // its own seats are free for it
        let (mut after, mut admitted) = (before.clone(), Vec::new());
        yes(!set.partial || set.consent.is_empty(), No::Mismatch(Numbers::new()))?;
        if set.partial {
            for (at, step) in moves {
                let next = after.moved(&[step]);
                match after.judge(&next, &[step], actor, set) {
                    Ok(()) => (after, _) = (next, admitted.push(step)),
                    Err(no) => refused.push((at, no)),
                }
            }
            refused.sort_by_key(|(at, _)| *at);
            yes(!admitted.is_empty(), refused.first().map_or(No::Invalid, |(_, no)| no.clone()))?;
        } else {
            refused.first().map_or(Ok(()), |(_, no)| Err(no.clone()))?;
            admitted = moves.into_iter().map(|(_, step)| step).collect();
            after = before.moved(&admitted);
            before.judge(&after, &admitted, actor, set)?;
        }
        // A return keeps its positive net change per type (design: Seats 2).
        let left = TYPES.map(|of| (of, (self.assigned(of) - after.assigned(of)).max(0)));
        let planned = set.revert_at.map(|at| Return { at, state: "planned", keeps: left.into() });
        after.end_overtaken(self, &admitted);
        after.changes.push(Change { moves: admitted, planned });
        Ok((after, refused))
    }

    /// What was, for members who are still as the change left them (S35, A-ENF-10).
    pub fn back(&self, change: usize) -> Result<Set, No> {
        let past = self.changes.get(change).ok_or(No::NotFound)?;
        let moves = || past.moves.iter().filter(|(_, from, to)| *to != Some(*from));
        yes(moves().count() > 0 && moves().all(|(.., to)| to.is_some()), No::CannotRevert)?;
        let left = |who| self.members.get(who).filter(|now| now.last_change == Some(change)).map(|now| now.seat);
        yes(moves().all(|(who, _, to)| left(who) == *to) || self.errs(Mistake::ReturnOutOfDate), No::Stale)?;
        let moves = || moves().filter_map(|&(who, from, to)| Some((who, from, to?)));
        yes(!moves().any(|(_, from, to)| gives_back_administrator(from, to)), No::CannotRevert)?;
        let back = |(who, from, to): (_, Seat, Seat)| Operation::to(who, from, Act::between(to.state, from.state));
        let operations = moves().map(back).collect();
        Ok(Set { operations, ends: past.open().map(|_| change), ..Set::default() })
    }

    /// Both exchange user type and role; an Administrator's is never handed over (A-ENF-9, A-ENF-10).
    pub fn swap(&self, a: usize, b: usize) -> Result<Set, No> {
        let seat = |who| self.members.get(&who).map(|member| member.seat).ok_or(No::NotFound);
        let (of_a, of_b) = (seat(a)?, seat(b)?);
        yes(a != b, No::Invalid)?;
        for seat in [of_a, of_b] {
            yes(seat.is_held(), No::WrongState)?;
            yes(!seat.is_administrators(), No::Reserved)?;
        }
        Ok(Set { operations: vec![Operation::to(a, of_b, None), Operation::to(b, of_a, None)], ..Set::default() })
    }

    /// The returns whose time has come: out of date for good, or due until there is a seat (design: Change sets).
    pub fn carry_out(&mut self) -> Result<(), No> {
        let actor = self.actor(By::Console)?;
        let open = self.changes.iter().enumerate().filter_map(|(one, change)| Some((change.open()?.at, one)));
        for (_, one) in open.filter(|(at, _)| *at <= self.now).collect::<BTreeSet<_>>() {
            let state = match self.back(one).and_then(|set| self.change(&actor, &set)) {
                Ok((after, _)) => (*self = after, "done").1,
                Err(No::CannotRevert | No::Stale) => "stale",
                Err(_) => "due",
            };
            self.end_return(Some(one), state);
        }
        Ok(())
    }

    /// A smaller file is a state, not an error: whom it locks out is confirmed by a default Administrator (A-ENF-8).
    pub fn import(&mut self, by: By, file: &File, confirmed: Option<i64>) -> Result<(), No> {
        let actor = self.actor(by)?;
        actor.needs(&[LICENSES])?;
        yes(self.now < file.until, No::LicenseEnded)?; // design: Seats 10
        // It is judged as of when it comes in force.
        let after = Self { file: file.clone(), now: self.now.max(file.from), ..self.clone() };
        let locked_out = TYPES.iter().filter(|of| after.is_over(of)).map(|of| after.lockable(of)).sum();
        yes(locked_out == 0 || actor.has_all, No::Reserved)?;
        let is_confirmed = confirmed.unwrap_or(0) == locked_out;
        yes(is_confirmed, No::Unconfirmed(locked_out))?;
        // Each file is of a higher sequence than those before it, so none of them comes in force after it.
        self.staged.retain(|one| one.from < file.from && self.now < file.from);
        if file.from > self.now {
            self.staged.push(file.clone());
        } else {
            self.file = file.clone();
        }
        Ok(())
    }

    /// The organization's own roles are changed, the default ones are not (S127, S128).
    fn may_configure(&self, by: By, role: Role) -> Result<Actor, No> {
        let actor = self.actor(by)?;
        yes(self.roles.contains_key(&role), No::NotFound)?;
        actor.needs(&[MEMBER_ROLES])?;
        yes(matches!(role, Role::Own(_)), No::RoleIsDefault).map(|()| actor)
    }
    /// Any combination, but not of the role that one holds, and not above a holder's user type (A-ROLE-5, A-ROLE-7).
    pub fn edit_role(&mut self, by: By, role: Role, privileges: &Privileges) -> Result<(), No> {
        let actor = self.may_configure(by, role)?;
        yes(actor.role != Some(role) || actor.has_all, No::Reserved)?;
        let is_above = |of: Type| privileges.difference(&self.roles[&role]).any(|one| !Self::admits(of, one));
        let mut holders = TYPES.into_iter().filter(|of| self.seated(of).any(|seat| seat.role == role));
        yes(!holders.any(is_above), No::RoleExceedsType)?;
        self.roles.insert(role, privileges.clone());
        Ok(())
    }
    /// Nobody is left without a role (S110).
    pub fn delete_role(&mut self, by: By, role: Role) -> Result<(), No> {
        self.may_configure(by, role)?;
        let mut invited = self.invitations.iter().filter(|one| one.is_pending(self.now));
        let names = |(_, from, to): &Move| from.role == role || to.is_some_and(|to| to.role == role);
        let mut returns = self.changes.iter().filter(|change| change.open().is_some()).flat_map(|change| &change.moves);
        yes(!invited.any(|one| one.role == role) && !returns.any(names), No::RoleInUse)?;
        yes(self.members.values().all(|one| one.seat.role != role), No::RoleInUse)?;
        self.roles.remove(&role);
        Ok(())
    }

    /// The seat that the invitation held, if it is there at this moment; else it stays valid (design: Seats 2).
    pub fn accept(&mut self, invitation: usize, with_old_secret: bool) -> Result<(), No> {
        let is_good = |one: &&Invitation| one.is_pending(self.now) && (!with_old_secret || one.renewals == 0);
        let &Invitation { of, role, .. } =
            self.invitations.get(invitation).filter(is_good).ok_or(No::InvitationEnded)?;
        let counted = if self.errs(Mistake::AcceptCountsReserved) { self.held(of) } else { self.assigned(of) };
        yes(counted < self.licensed(of) && self.is_compliant() && self.fits(of, role), No::CreationBlocked)?;
        self.invitations[invitation].state = "accepted";
        self.seat(Seat { of, role, state: State::Enabled })
    }
    pub fn pending(&mut self, by: By, invitation: usize) -> Result<&mut Invitation, No> {
        self.actor(by)?.needs(&[INVITE])?;
        let now = self.now;
        self.invitations.get_mut(invitation).filter(|one| one.is_pending(now)).ok_or(No::InvitationEnded)
    }

    /// A return that is given up keeps nothing; one that was found impossible is put out of sight. Who could plan the way
    /// back may give it up.
    pub fn cancel(&mut self, by: By, change: usize) -> Result<(), No> {
        let actor = self.actor(by)?;
        actor.needs_one(&SEES_ALL)?;
        let past = self.changes.get(change).ok_or(No::NotFound)?;
        for &(who, from, to) in past.moves.iter().filter(|(_, from, to)| *to != Some(*from)) {
            let Some(to) = to else { continue };
            actor.may_move((who, to, Some(from)), Act::between(to.state, from.state), false)?;
        }
        let is_there = past.planned.as_ref().is_some_and(|one| one.is_open() || one.state == "stale");
        yes(is_there, No::NothingPlanned).map(|()| self.end_return(Some(change), "cancelled"))
    }
}
