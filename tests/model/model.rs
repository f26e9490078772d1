//! The rules of the seats once more, written plainly from the statements (S…) and the readings (A-…) of the handbook.
//!
//! The model imports the standard library only, keeps no count, and works out everything by counting each time that it is
//! asked. What it answers must be what the portal answers.

use std::collections::BTreeSet;

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
    /// S95, S96, S126, S132.
    fn fits(&self, of: Type, role: Role) -> bool {
        let is_within = self.roles.get(&role).is_some_and(|all| all.iter().all(|one| Self::admits(of, one)));
        is_within && (of != "viewer" || role != Role::Administrator)
    }
    /// Either permit to change roles (A-ROLE-6).
    fn hands_out(actor: &Actor) -> bool { actor.holds(CHANGE_ROLES) || actor.holds(MEMBER_ROLES) }
}

impl Model {
    /// Every request is judged by the role and the lockout of its moment (A-ENF-14).
    pub fn actor(&self, by: By) -> Result<Actor, No> {
        let all = Actor { who: None, role: None, has_all: true, holds: Privileges::new() };
        let By::Member(who) = by else { return Ok(all) };
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
        let gives = self.roles.get(&role).ok_or(No::Invalid)?;
        yes(role != Role::Administrator || actor.has_all, No::Reserved)?; // S114
        let lacks = gives.iter().any(|one| one.starts_with("admin.") && !actor.holds(one));
        yes(!lacks || Self::hands_out(&actor), No::PrivilegeMissing)?; // A-ROLE-5
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
        let touches = from.is_administrators() || after.is_some_and(|seat| seat.is_administrators());
        if let Some(act) = one.act {
            // S175 to S177; a restoration brings somebody in (A-ROLE-13). Who plans the way back must be one who may go it.
            let (way, back) = match act {
                Act::Enable | Act::Disable => (DISABLE, DISABLE),
                Act::Archive | Act::ArchiveAgain => (DISABLE, INVITE),
                Act::Restore | Act::RestoreDisabled => (INVITE, DISABLE),
                Act::Delete => (DELETE, DELETE),
            };
            actor.needs(&[way, if set.revert_at.is_some() { back } else { way }])?;
            yes(!touches || actor.has_all, No::Reserved)?; // S222
        }
        let moves_role = after.is_some_and(|seat| seat.role != from.role);
        if after.is_some_and(|seat| seat.of != from.of) {
            actor.needs(&FIVE)?; // A-ENF-5
        } else if one.act.is_none() || moves_role {
            yes(Self::hands_out(actor), No::PrivilegeMissing)?; // S113
        }
        let is_own = actor.who == Some(one.member);
        yes(!moves_role || actor.has_all || !(touches || is_own), No::Reserved)?; // S114, A-ROLE-5
        if set.revert_at.is_some() {
            yes(to.is_some_and(|to| !gives_back_administrator(from, to)), No::CannotRevert)?;
        }
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
        for of in TYPES.into_iter().filter(|of| after.assigned(of) > self.assigned(of)) {
            let licensed = self.licensed(of);
            if after.held(of) <= licensed {
                continue;
            }
            yes(!restores && !set.partial, self.full(of))?; // A-ENF-1
            let may = licensed > 0 && !self.is_over(of) && self.file.one_over; // A-ENF-7
            yes(may, No::Exhausted(of, [self.assigned(of), licensed]))?;
            let allowance = if self.errs(Mistake::AllowanceOfTwo) { 2 } else { 1 }; // S27
            yes(after.assigned(of) <= licensed + allowance && after.held(of) == after.assigned(of), self.full(of))?;
            let is_delegated = self.errs(Mistake::DelegateGoesOver);
            yes(!set.consent.contains_key(of) || actor.has_all || is_delegated, No::Reserved)?; // A-ENF-5
            yes(actor.has_all || is_delegated, self.full(of))?;
            one_over.insert(of, after.lockable(of)); // S26
        }
        match set.consent == one_over {
            true => Ok(()),
            false if set.consent.is_empty() => Err(No::NeedsConsent(one_over)),
            false => Err(No::Mismatch(one_over)),
        }
    }

    /// A change set: atomic on its end state, or partial, each operation by itself on what those before it left.
    pub fn change(&self, actor: &Actor, set: &Set) -> Result<(Self, Vec<(usize, No)>), No> {
        yes(!set.operations.is_empty() && set.revert_at.is_none_or(|at| at > self.now), No::Invalid)?;
        let (mut moves, mut refused, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (at, one) in set.operations.iter().enumerate() {
            match if seen.insert(one.member) { self.read(actor, one, set) } else { Err(No::Invalid) } {
                Ok(step) => moves.push((at, step)),
                Err(No::PrivilegeMissing) => return Err(No::PrivilegeMissing),
                Err(no) => refused.push((at, no)),
            }
        }
        let mut before = self.clone();
        if let Some(planned) = set.ends.and_then(|one| before.changes[one].planned.as_mut()) {
            planned.state = "done"; // its own seats are free for it
        }
        let (mut after, mut admitted) = (before.clone(), Vec::new());
        if set.partial {
            yes(set.consent.is_empty(), No::Mismatch(Numbers::new()))?;
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
        let left = |of: &Type| Some((*of, self.assigned(of) - after.assigned(of))).filter(|(_, left)| *left > 0);
        let keeps = |at| Return { at, state: "planned", keeps: TYPES.iter().filter_map(left).collect() };
        let planned = set.revert_at.map(keeps);
        after.changes.push(Change { moves: admitted, planned });
        Ok((after, refused))
    }

    /// What was, for members who are still as the change left them (S35, A-ENF-10).
    pub fn back(&self, change: usize) -> Result<Set, No> {
        let past = self.changes.get(change).ok_or(No::NotFound)?;
        let moves = || past.moves.iter().filter(|(_, from, to)| *to != Some(*from));
        yes(moves().count() > 0 && moves().all(|(.., to)| to.is_some()), No::CannotRevert)?;
        let is_as_left = |(who, _, to): &Move| {
            self.members.get(who).is_some_and(|now| now.last_change == Some(change) && Some(now.seat) == *to)
        };
        yes(moves().all(is_as_left) || self.errs(Mistake::ReturnOutOfDate), No::Stale)?;
        let ended = moves().any(|(_, from, to)| to.is_some_and(|to| gives_back_administrator(*from, to)));
        yes(!ended, No::CannotRevert)?;
        let operation = |&(member, from, to): &Move| {
            let act = to.and_then(|to| Act::between(to.state, from.state));
            Operation { member, of: Some(from.of), role: Some(from.role), act }
        };
        let ends = past.open().map(|_| change);
        Ok(Set { operations: moves().map(operation).collect(), ends, ..Set::default() })
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
        let to = |member, seat: Seat| Operation { member, of: Some(seat.of), role: Some(seat.role), act: None };
        Ok(Set { operations: vec![to(a, of_b), to(b, of_a)], ..Set::default() })
    }

    /// The returns whose time has come, the nearest first. One whose members have changed never happens; one that finds no
    /// seat stays due (design: Change sets).
    pub fn carry_out(&mut self) -> Result<(), No> {
        let actor = self.actor(By::Console)?;
        let open = self.changes.iter().enumerate().filter_map(|(one, change)| Some((change.open()?.at, one)));
        let due: BTreeSet<_> = open.filter(|(at, _)| *at <= self.now).collect();
        for (_, one) in due {
            let state = match self.back(one).and_then(|set| self.change(&actor, &set)) {
                Ok((after, _)) => (*self = after, "done").1,
                Err(No::CannotRevert | No::Stale) => "stale",
                Err(_) => "due",
            };
            self.changes[one].planned.iter_mut().for_each(|planned| planned.state = state);
        }
        Ok(())
    }

    /// A smaller file is a state, not an error: whom it locks out is confirmed by a default Administrator (A-ENF-8).
    pub fn import(&mut self, by: By, file: &File, confirmed: Option<i64>) -> Result<(), No> {
        let actor = self.actor(by)?;
        actor.needs(&[LICENSES])?;
        yes(file.from <= self.now, No::LicenseNotBegun)?;
        yes(self.now < file.until, No::LicenseEnded)?; // design: Seats 10
        let after = Self { file: file.clone(), ..self.clone() };
        let locked_out = TYPES.iter().filter(|of| after.is_over(of)).map(|of| after.lockable(of)).sum();
        yes(locked_out == 0 || actor.has_all, No::Reserved)?;
        yes(confirmed.unwrap_or(0) == locked_out, No::Unconfirmed(locked_out))?;
        *self = after;
        Ok(())
    }

    /// The organization's own roles are changed, the default ones are not (S127, S128).
    fn may_configure(&self, by: By, role: Role) -> Result<Actor, No> {
        let actor = self.actor(by)?;
        yes(self.roles.contains_key(&role), No::NotFound)?;
        actor.needs(&[MEMBER_ROLES])?;
        yes(matches!(role, Role::Own(_)), No::RoleIsDefault)?;
        Ok(actor)
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
        let invited = |one: &Invitation| one.is_pending(self.now) && one.role == role;
        let names = |(_, from, to): &Move| from.role == role || to.is_some_and(|to| to.role == role);
        let returns = |change: &Change| change.open().is_some() && change.moves.iter().any(names);
        let is_used = self.invitations.iter().any(invited) || self.changes.iter().any(returns);
        yes(!is_used && self.members.values().all(|one| one.seat.role != role), No::RoleInUse)?;
        self.roles.remove(&role);
        Ok(())
    }

    /// The seat that the invitation held, if it is there at this moment; else it stays valid (design: Seats 2).
    pub fn accept(&mut self, invitation: usize, with_old_secret: bool) -> Result<(), No> {
        let is_good = |one: &&Invitation| one.is_pending(self.now) && (!with_old_secret || one.renewals == 0);
        let asked = self.invitations.get(invitation).filter(is_good);
        let &Invitation { of, role, .. } = asked.ok_or(No::InvitationEnded)?;
        let others = if self.errs(Mistake::AcceptCountsReserved) { self.reserved(of) } else { 0 };
        let is_free = self.assigned(of) + others < self.licensed(of);
        yes(is_free && self.is_compliant() && self.fits(of, role), No::CreationBlocked)?;
        self.seat(Seat { of, role, state: State::Enabled });
        self.invitations[invitation].state = "accepted";
        Ok(())
    }
    pub fn pending(&mut self, by: By, invitation: usize) -> Result<&mut Invitation, No> {
        self.actor(by)?.needs(&[INVITE])?;
        let now = self.now;
        self.invitations.get_mut(invitation).filter(|one| one.is_pending(now)).ok_or(No::InvitationEnded)
    }

    /// A return that is given up keeps nothing; one that was found impossible is put out of sight.
    pub fn cancel(&mut self, by: By, change: usize) -> Result<(), No> {
        let actor = self.actor(by)?;
        let one = self.changes.get_mut(change).ok_or(No::NotFound)?;
        actor.needs(&FIVE)?;
        let planned = one.planned.as_mut().filter(|planned| planned.is_open() || planned.state == "stale");
        planned.map(|planned| planned.state = "cancelled").ok_or(No::NothingPlanned)
    }
}
