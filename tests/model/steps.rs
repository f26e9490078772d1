//! Which rule each step asks, and what comes of it.

use crate::words::*;

/// What an act needs, and its way back: who plans one must be one who may go it (S175 to S177, A-ROLE-13).
pub fn way_and_back(act: Act) -> (&'static str, &'static str) {
    match act {
        Act::Enable | Act::Disable => (DISABLE, DISABLE),
        Act::Archive | Act::ArchiveAgain => (DISABLE, INVITE),
        Act::Restore | Act::RestoreDisabled => (INVITE, DISABLE),
        Act::Delete => (DELETE, DELETE),
    }
}

/// Who may do nothing of the kind to anybody is told nothing else.
pub fn may_ask(actor: &Actor, one: &Operation) -> Result<(), No> {
    match one.act {
        Some(act) => actor.needs(&[way_and_back(act).0]),
        None if actor.hands_out() => Ok(()),
        None => Err(No::PrivilegeMissing),
    }
}

impl Model {
    /// One step: what a partial change left out, or why it is refused, and then nothing has changed.
    pub fn step(&mut self, step: &Step) -> Result<Vec<(usize, No)>, No> {
        let applied = match step {
            Step::Change(by, set) => self.change(&self.actor(*by)?, set)?,
            Step::Swap(by, a, b) => {
                let actor = self.actor(*by)?;
                actor.needs(&FIVE)?; // A-ENF-5
                self.change(&actor, &self.swap(*a, *b)?)?
            }
            Step::Revert(by, change, consent) => {
                let actor = self.actor(*by)?;
                actor.needs_one(&SEES_ALL)?;
                let set = Set { consent: consent.clone(), ..self.back(*change)? };
                self.change(&actor, &set)?
            }
            other => return self.other_step(other).map(|()| Vec::new()),
        };
        *self = applied.0;
        Ok(applied.1)
    }

    fn other_step(&mut self, step: &Step) -> Result<(), No> {
        let until = self.now + FOURTEEN_DAYS;
        match step {
            Step::Register(by, of, role) => self.admission(*by, *of, *role).and_then(|seat| self.seat(seat)),
            Step::Invite(by, of, role) => {
                let Seat { of, role, .. } = self.admission(*by, *of, *role)?;
                self.invitations.push(Invitation { of, role, until, state: "pending", renewals: 0 });
                Ok(())
            }
            Step::Accept { invitation, with_old_secret } => self.accept(*invitation, *with_old_secret),
            Step::Revoke(by, invitation) => self.pending(*by, *invitation).map(|one| one.state = "revoked"),
            Step::Renew(by, invitation) => {
                // Who is shown the secret can accept it: the same question as at the sending.
                let role = self.pending(*by, *invitation)?.role;
                self.may_give(&self.actor(*by)?, role)?;
                self.pending(*by, *invitation).map(|one| (one.until, one.renewals) = (until, one.renewals + 1))
            }
            Step::Cancel(by, change) => self.cancel(*by, *change),
            Step::CarryOut => self.carry_out(),
            Step::Import(by, file, confirmed) => self.import(*by, file, *confirmed),
            Step::EditRole(by, role, privileges) => self.edit_role(*by, *role, privileges),
            Step::DeleteRole(by, role) => self.delete_role(*by, *role),
            Step::CreateRole(by, privileges) => {
                self.actor(*by)?.needs(&[MEMBER_ROLES])?; // S128
                self.roles.insert(Role::Own(self.roles_made), privileges.clone());
                self.roles_made += 1;
                Ok(())
            }
            Step::Wait(seconds) => (self.wait(*seconds), Ok(())).1,
            Step::Change(..) | Step::Swap(..) | Step::Revert(..) => Ok(()),
        }
    }

    /// Time passes, and files whose terms begin come in force.
    pub fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        let (begun, waiting): (Vec<_>, Vec<_>) = self.staged.drain(..).partition(|one| one.from <= self.now);
        self.staged = waiting;
        if let Some(file) = begun.into_iter().rfind(|one| self.now < one.until) {
            self.file = file;
        }
    }

    /// Nobody gives a role that he could not have (S114, A-ROLE-5).
    pub fn may_give(&self, actor: &Actor, role: Role) -> Result<(), No> {
        let gives = self.roles.get(&role).ok_or(No::Invalid)?;
        yes(role != Role::Administrator || actor.has_all, No::Reserved)?;
        let lacks = gives.iter().any(|one| one.starts_with("admin.") && !actor.holds(one));
        yes(!lacks || actor.hands_out(), No::PrivilegeMissing)
    }

    /// Who is moved does not return any more, so nothing is kept for such a return (design: Change sets).
    pub fn end_overtaken(&mut self, before: &Self, moves: &[Move]) {
        for (who, ..) in moves.iter().filter(|(_, from, to)| *to != Some(*from)) {
            let last = before.members.get(who).and_then(|member| member.last_change);
            if last.is_some_and(|last| self.changes[last].open().is_some()) {
                self.end_return(last, "stale");
            }
        }
    }

    /// Somebody new.
    pub fn seat(&mut self, seat: Seat) -> Result<(), No> {
        self.members.insert(self.born, Member { seat, last_change: None });
        self.born += 1;
        Ok(())
    }

    /// The end state of some moves.
    pub fn moved(&self, moves: &[Move]) -> Self {
        let mut after = self.clone();
        for &(who, from, to) in moves {
            match (to, after.members.get_mut(&who)) {
                (Some(seat), Some(member)) if seat != from => {
                    *member = Member { seat, last_change: Some(self.changes.len()) }
                }
                (None, _) => drop(after.members.remove(&who)),
                _ => {}
            }
        }
        after
    }

    /// What became of a planned return.
    pub fn end_return(&mut self, change: Option<usize>, state: &'static str) {
        if let Some(planned) = change.and_then(|one| self.changes[one].planned.as_mut()) {
            planned.state = state;
        }
    }
}
