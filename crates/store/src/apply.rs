//! Applying a change set as its permit says, and ending planned returns.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{AddOnId, ProductId, UserTypeId};
use errors::{Code, Failure};
use rules::permit::{
    AddOnMoves, CancelPermit, ChangeGrant, ChangePermit, DismissGrant, DismissPermit, EndedReturn, Move, Seat,
};
use rules::{Actor, ChangeId, MemberState, Refusal};
use serde_json::{Map, Value, json};

use crate::audit::Action;
use crate::backend::values;
use crate::changes::ReturnState;
use crate::tx::WriteTx;
use crate::{StoreError, ids, sql};

/// How many moves the audit row tells one by one; the change itself has all of them.
const TOLD: usize = 100;

/// What people said to a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeNote {
    /// Why; may be empty.
    pub reason: String,
    /// The consent that it was applied with: people locked out per type.
    pub allow_one_over: BTreeMap<UserTypeId, u64>,
    /// The change that it takes back.
    pub reverts: Option<ChangeId>,
}

impl<'tx> WriteTx<'tx> {
    /// Applies a change set: every member of it, the counts, the change itself and the audit row, or nothing.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn apply_change(
        &self,
        permit: ChangePermit<'tx>,
        actor: &Actor,
        note: &ChangeNote,
    ) -> Result<ChangeId, StoreError> {
        self.apply_change_telling(permit, actor, note, &mut |_, _| ())
    }

    /// The same, and tells after each member how many of how many are moved. Nothing is durable before all are.
    ///
    /// # Errors
    /// As [`WriteTx::apply_change`].
    pub fn apply_change_telling(
        &self,
        permit: ChangePermit<'tx>,
        actor: &Actor,
        note: &ChangeNote,
        tell: &mut dyn FnMut(usize, usize),
    ) -> Result<ChangeId, StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let id = ids::change(self.now(), self.version())?;
            let overtaken = self.overtaken(&grant)?;
            for (done, one) in grant.moves.iter().enumerate() {
                self.move_member(one, &id)?;
                tell(done + 1, grant.moves.len());
            }
            for (user_type, delta) in &grant.deltas {
                self.change_headcount(user_type, *delta)?;
            }
            for (add_on, by) in &grant.add_ons {
                self.change_add_on(add_on, *by)?;
            }
            self.change_administrators(grant.administrators)?;
            for (user_type, seats) in &grant.plan.reserves {
                self.change_reserved(user_type, signed(*seats)?)?;
            }
            if let Some(ends) = &grant.ends {
                self.end_return(ends, ReturnState::Done, None)?;
            }
            for (ended, usernames) in &overtaken {
                let why = Refusal::ChangedSince { usernames: usernames.clone() }.sentence();
                self.end_return(ended, ReturnState::Stale, Some(&why))?;
            }
            self.keep_change(&id, &grant, actor, note)?;
            let told: Vec<Value> = grant.moves.iter().take(TOLD).map(told).collect();
            let reverts = note.reverts.as_ref().map(ChangeId::as_str);
            let overtaken: Vec<&str> = overtaken.iter().map(|(ended, _)| ended.change.as_str()).collect();
            let detail = json!({ "reason": note.reason, "moved": grant.moves.len(), "moves": told, "reverts": reverts,
                                 "returns_ended": overtaken });
            self.append_audit(actor, Action::SeatsChanged, id.as_str(), &detail)?;
            Ok(id)
        })
    }

    /// The open returns that can never come about once this is applied, with those whom it moves of each: a return needs
    /// everybody as its own change left them. Their seats would be kept for nobody.
    fn overtaken(&self, grant: &ChangeGrant) -> Result<Vec<(EndedReturn, Vec<String>)>, StoreError> {
        let own = grant.ends.as_ref().map(|ends| &ends.change);
        let mut usernames: BTreeMap<ChangeId, Vec<String>> = BTreeMap::new();
        for one in &grant.moves {
            let Some(member) = self.member(&one.member)? else { continue };
            let last = member.former.map(|former| former.change).filter(|change| Some(change) != own);
            if let Some(change) = last {
                usernames.entry(change).or_default().push(member.username);
            }
        }
        let mut overtaken = Vec::new();
        for (change, usernames) in usernames {
            if self.return_state(&change)?.is_some_and(|(state, _)| state.is_open()) {
                let reserves = self.kept_for(&change)?;
                overtaken.push((EndedReturn { change, reserves }, usernames));
            }
        }
        Ok(overtaken)
    }

    /// The rows of the change itself, and of the one that it takes back.
    fn keep_change(
        &self,
        id: &ChangeId,
        grant: &ChangeGrant,
        actor: &Actor,
        note: &ChangeNote,
    ) -> Result<(), StoreError> {
        let plan = serde_json::to_string(&grant.plan).map_err(StoreError::internal)?;
        let consent = note.allow_one_over.iter().map(|(id, n)| (id.as_str().to_owned(), json!(n)));
        let consent = Value::Object(consent.collect::<Map<_, _>>()).to_string();
        let reverts = note.reverts.as_ref().map(ChangeId::as_str);
        let state = grant.plan.revert_at.map(|_| ReturnState::Planned.as_str());
        let row = values![
            id.as_str(),
            self.version() + 1,
            self.now(),
            actor.id().map(rules::MemberId::as_str),
            actor.name(),
            &note.reason,
            &plan,
            &consent,
            grant.plan.revert_at,
            state,
            reverts,
        ];
        self.db().execute(sql::INSERT_CHANGE, row)?;
        if let Some(reverts) = reverts {
            self.db().execute(sql::SET_REVERTED, values![reverts, id.as_str()])?;
        }
        Ok(())
    }

    /// Moves a member from exactly what the rule saw.
    fn move_member(&self, one: &Move, change: &ChangeId) -> Result<(), StoreError> {
        let Move { member, from, to, add_ons, ends_sessions_of, releases } = one;
        self.move_add_ons(member, add_ons)?;
        for product in ends_sessions_of {
            self.end_sessions_of(member, product)?;
        }
        for product in releases {
            self.release_checkouts(member, product)?;
        }
        let moved = match to {
            Some(to) => {
                let (state, archived_at) = match to.state {
                    MemberState::Archived => (MemberState::Enabled, Some(self.now())),
                    MemberState::Enabled | MemberState::Disabled => (to.state, None),
                };
                let row = values![
                    member.as_str(),
                    from.user_type.as_str(),
                    from.role.as_str(),
                    to.user_type.as_str(),
                    to.role.as_str(),
                    state.as_str(),
                    archived_at,
                    change.as_str(),
                    self.now(),
                    from.state.as_str(),
                ];
                self.db().execute(sql::MOVE_MEMBER, row)?
            }
            None => {
                let row = values![member.as_str(), from.user_type.as_str(), from.role.as_str(), from.state.as_str()];
                self.db().execute(sql::DELETE_MEMBER, row)?
            }
        };
        match moved {
            1 => Ok(()),
            n => Err(StoreError::internal(format!("{n} members moved where the permit names one"))),
        }
    }

    /// Gives up a planned return: its seats are free.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn cancel_return(&self, permit: CancelPermit<'tx>, actor: &Actor, why: Option<&str>) -> Result<(), StoreError> {
        self.whole(|| {
            let grant = self.spend(permit)?;
            let state = if why.is_some() { ReturnState::Stale } else { ReturnState::Cancelled };
            self.end_return(&grant.ends, state, why)?;
            let detail = json!({ "state": state.as_str(), "problem": why });
            self.append_audit(actor, Action::ReturnEnded, grant.ends.change.as_str(), &detail)
        })
    }

    /// Puts a return that was found impossible out of sight.
    ///
    /// # Errors
    /// The permit is stale, or what the database says.
    pub fn dismiss_return(&self, permit: DismissPermit<'tx>, actor: &Actor) -> Result<(), StoreError> {
        self.whole(|| {
            let DismissGrant { change } = self.spend(permit)?;
            let state = ReturnState::Cancelled.as_str();
            self.db().execute(sql::SET_RETURN, values![change.as_str(), state, None::<&str>])?;
            let detail = json!({ "state": state, "dismissed": true });
            self.append_audit(actor, Action::ReturnEnded, change.as_str(), &detail)
        })
    }

    /// Notes that a return found no seat: it stays due. It is told once for each reason, not each minute.
    ///
    /// # Errors
    /// `nothing-planned` when the return has ended; or what the database says.
    pub fn put_off_return(&self, actor: &Actor, change: &ChangeId, why: &str) -> Result<(), StoreError> {
        let open = self.return_state(change)?.filter(|(state, _)| state.is_open());
        let (state, problem) = open.ok_or_else(|| Failure::plain(Code::NothingPlanned))?;
        if state == ReturnState::Due && problem.as_deref() == Some(why) {
            return Ok(());
        }
        self.whole(|| {
            let state = ReturnState::Due.as_str();
            self.db().execute(sql::SET_RETURN, values![change.as_str(), state, why])?;
            self.append_audit(actor, Action::ReturnEnded, change.as_str(), &json!({ "state": state, "problem": why }))
        })
    }

    /// The rows alone, for a write that has an audit row of its own.
    fn end_return(&self, ends: &EndedReturn, state: ReturnState, why: Option<&str>) -> Result<(), StoreError> {
        if !self.return_state(&ends.change)?.is_some_and(|(state, _)| state.is_open()) {
            return Err(StoreError::internal("a return ended twice"));
        }
        for (user_type, seats) in &ends.reserves {
            self.change_reserved(user_type, -signed(*seats)?)?;
        }
        self.db().execute(sql::SET_RETURN, values![ends.change.as_str(), state.as_str(), why])?;
        Ok(())
    }
}

fn signed(seats: u64) -> Result<i64, StoreError> {
    i64::try_from(seats).map_err(StoreError::internal)
}

fn told(one: &Move) -> Value {
    let seat = |Seat { user_type, role, state }: &Seat| json!({ "user_type": user_type.as_str(), "role": role.as_str(), "state": state.as_str() });
    let ids = |of: &BTreeSet<AddOnId>| of.iter().map(|id| json!(id.as_str())).collect::<Vec<_>>();
    let products = |of: &BTreeSet<ProductId>| of.iter().map(|id| json!(id.as_str())).collect::<Vec<_>>();
    let AddOnMoves { assign, unassign } = &one.add_ons;
    json!({
        "member": one.member.as_str(), "before": seat(&one.from), "after": one.to.as_ref().map(seat),
        "assigned": ids(assign), "unassigned": ids(unassign),
        "ended_sessions_of": products(&one.ends_sessions_of), "released_checkouts_of": products(&one.releases),
    })
}
