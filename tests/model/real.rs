//! The portal itself: its actions on a real database, with a clock that the sequence turns.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use entitlement::{Moment, UserTypeId, UserTypeLine};
use portal::actions::{Caller, changes, invitations, licenses, members, returns, roles};
use portal::clock::Clock;
use rules::capacity::Registration;
use rules::change_set::{self, ChangeSet, Mode};
use rules::role::Draft;
use rules::{ChangeId, InvitationId, MemberId};
use serde_json::Value;
use store::{
    Extras, Files, MemberFilter, NewMember, Opening, PasswordKind, Store, StoreError, StoredPassword, TokenHash, Wall,
    WriteTx,
};
use tests::files::{order, roots, trust};

use crate::chance::MORNING;
use crate::words::{Act, By, File, Numbers, Operation, Privileges, Role, Set, Step, Type};

/// What the portal answers: what a partial change left out, or the code of the refusal with its numbers.
pub type Answer = Result<Vec<(usize, String)>, (String, BTreeMap<String, Value>)>;

/// A portal, and what the numbers of the model mean in it.
pub struct Real {
    pub store: Store,
    clock: Clock,
    pub members: Vec<MemberId>,
    pub invitations: Vec<InvitationId>,
    pub changes: Vec<ChangeId>,
    pub roles: Vec<String>,
    secrets: Vec<Vec<TokenHash>>,
    files: u32,
    runtime: tokio::runtime::Runtime,
    _folder: Folder,
}

/// The data folder, gone with the portal.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is swept with the other temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// In memory, where the system has a folder there: nothing is to survive.
fn new_folder() -> Folder {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    Folder(parent.join(format!("seatwarden-model-{}-{number}", std::process::id())))
}

fn at(seconds: i64) -> Moment {
    Moment::from_unix(seconds).unwrap()
}

fn in_time(seconds: i64) -> Option<Moment> {
    Moment::from_unix(seconds)
}

fn user_type(id: Type) -> UserTypeId {
    id.parse().unwrap()
}

fn signed(sequence: u32, file: &File) -> Files {
    let mut order = order(sequence, &[]);
    let lines = file.lines.iter().map(|(of, count, from, until)| UserTypeLine {
        id: user_type(of),
        count: u32::try_from(*count).unwrap(),
        from: (*from > 0).then(|| at(*from)),
        until: in_time(*until),
    });
    order.0.user_types = lines.collect();
    (order.0.nbf, order.0.exp) = (at(file.from), in_time(file.until));
    order.0.policy.one_over = u32::from(file.one_over);
    Files { entitlement: order.signed(), trust: Some(trust(1, |_| ())), catalog: None }
}

fn password() -> StoredPassword {
    StoredPassword::new("never asked for".to_owned(), PasswordKind::Own)
}

fn draft(number: usize, privileges: &Privileges) -> Draft {
    let privileges = privileges.iter().map(|id| catalog::PrivilegeId::parse(id).unwrap()).collect();
    Draft { name: format!("Own {number}"), description: String::new(), privileges }
}

fn act(act: Act) -> change_set::Act {
    match act {
        Act::Enable => change_set::Act::Enable,
        Act::Disable => change_set::Act::Disable,
        Act::Archive => change_set::Act::Archive,
        Act::ArchiveAgain => change_set::Act::ArchiveAgain,
        Act::Restore => change_set::Act::Restore,
        Act::RestoreDisabled => change_set::Act::RestoreDisabled,
        Act::Delete => change_set::Act::Delete,
    }
}

fn numbers(of: &Numbers) -> BTreeMap<UserTypeId, u64> {
    of.iter().map(|(id, number)| (user_type(id), u64::try_from(*number).unwrap())).collect()
}

/// A member, an invitation or a change that nobody ever made.
fn nobody<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
    format!("{prefix}_00000000000000000000000001").parse().unwrap()
}

impl Real {
    /// A portal that is activated with the file; its first member is the administrator.
    pub fn activated(file: &File) -> Self {
        let folder = new_folder();
        let clock = Clock::turned(at(MORNING));
        let hands = clock.clone();
        let hands = Arc::new(move || Wall { wall: hands.wall(), elapsed: hands.elapsed().as_secs() });
        let opening = Opening { clock: hands, roots: roots(), built_in_trust: None, portal: None };
        let store = Store::create_or_open(&folder.0, opening).unwrap();
        let (files, extras) = (signed(1, file), Extras::default());
        let ana = NewMember {
            username: "m0".into(),
            full_name: String::new(),
            email: String::new(),
            password: password(),
            extras,
        };
        let seat = user_type("creator");
        let (_, ana) = store.write_now(move |tx| licenses::activate(tx, &files, Some(&seat), ana)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self {
            store,
            clock,
            members: vec![ana.id],
            invitations: Vec::new(),
            changes: Vec::new(),
            roles: Vec::new(),
            secrets: Vec::new(),
            files: 1,
            runtime,
            _folder: folder,
        }
    }

    fn member(&self, who: usize) -> MemberId {
        self.members.get(who).cloned().unwrap_or_else(|| nobody("mem"))
    }

    fn caller(&self, by: By) -> Caller {
        match by {
            By::Console => Caller::Console,
            By::Member(who) => Caller::Member(self.member(who)),
        }
    }

    /// The id of a role.
    pub fn role(&self, role: Role) -> catalog::RoleId {
        match role {
            Role::Viewer => "viewer",
            Role::User => "user",
            Role::Administrator => "administrator",
            Role::Own(number) => self.roles.get(number).map_or("custom-never-made", String::as_str),
        }
        .parse()
        .unwrap()
    }

    fn registration(&self, of: Option<Type>, role: Option<Role>) -> Registration {
        Registration { user_type: of.map(user_type), role: role.map(|role| self.role(role)) }
    }

    fn operation(&self, one: &Operation) -> change_set::Operation {
        let role = one.role.map(|role| self.role(role));
        let moved = change_set::Operation::set(self.member(one.member), one.of.map(user_type), role);
        change_set::Operation { act: one.act.map(act), ..moved }
    }

    fn change_set(&self, set: &Set) -> ChangeSet {
        ChangeSet {
            operations: set.operations.iter().map(|one| self.operation(one)).collect(),
            mode: if set.partial { Mode::Partial } else { Mode::Atomic },
            allow_one_over: numbers(&set.consent),
            revert_at: set.revert_at.map(at),
            ends: None,
        }
    }

    fn write<R: Send + 'static>(
        &self,
        decision: impl for<'tx> FnOnce(&WriteTx<'tx>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        self.store.write_now(decision)
    }

    /// Takes a step.
    ///
    /// # Errors
    /// Something broke that is no refusal.
    pub fn step(&mut self, step: &Step) -> Result<Answer, String> {
        let answer = match step {
            Step::Change(..) | Step::Swap(..) | Step::Revert(..) => self.change(step),
            other => self.other_step(other).map(|()| Vec::new()),
        };
        if matches!(step, Step::Change(..) | Step::Swap(..) | Step::Revert(..) | Step::CarryOut) {
            self.note_changes();
        }
        match answer {
            Ok(left_out) => Ok(Ok(left_out)),
            Err(StoreError::Refused(failure)) => {
                let facts = failure.facts.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())).collect();
                Ok(Err((failure.row().name.to_owned(), facts)))
            }
            Err(broken) => Err(format!("the store broke: {broken}")),
        }
    }

    /// Numbers the changes in the order in which they were applied.
    fn note_changes(&mut self) {
        let mut all = self.store.read(|tx| tx.changes(None, 1000)).unwrap();
        all.reverse();
        self.changes = all.into_iter().map(|change| change.id).collect();
    }

    fn change(&self, step: &Step) -> Result<Vec<(usize, String)>, StoreError> {
        let applied = match step.clone() {
            Step::Change(by, set) => {
                let (caller, set) = (self.caller(by), self.change_set(&set));
                let request = changes::Request { set, ..changes::Request::default() };
                self.write(move |tx| changes::apply(tx, &caller, &request))?
            }
            Step::Swap(by, a, b) => {
                let (caller, pair) = (self.caller(by), [a, b].map(|who| self.member(who)));
                self.write(move |tx| {
                    let seen = |id: &MemberId| Ok((id.clone(), tx.member(id)?.map_or(0, |member| member.version)));
                    let [a, b] = pair.each_ref().map(|id| -> Result<_, StoreError> { seen(id) });
                    changes::exchange(tx, &caller, &[a?, b?], (String::new(), None))
                })?
            }
            Step::Revert(by, change, consent) => {
                let (caller, consent) = (self.caller(by), numbers(&consent));
                let id = self.changes.get(change).cloned().unwrap_or_else(|| nobody("chg"));
                self.write(move |tx| {
                    let mut request = changes::reverting(tx, &caller, &id, String::new())?;
                    request.set.allow_one_over = consent;
                    changes::apply(tx, &caller, &request)
                })?
            }
            _ => return Ok(Vec::new()),
        };
        let left_out = applied.plan.refused.iter();
        Ok(left_out.map(|one| (one.operation, one.refusal.code().row().name.to_owned())).collect())
    }

    fn other_step(&mut self, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::Register(..) | Step::Invite(..) | Step::Accept { .. } | Step::Revoke(..) | Step::Renew(..) => {
                self.door(step)
            }
            Step::CreateRole(..) | Step::EditRole(..) | Step::DeleteRole(..) => self.own_role(step),
            Step::Cancel(by, change) => {
                let id = self.changes.get(*change).cloned().unwrap_or_else(|| nobody("chg"));
                let caller = self.caller(*by);
                self.write(move |tx| changes::cancel(tx, &caller, &id)).map(drop)
            }
            Step::CarryOut => self.runtime.block_on(returns::carry_out(&self.store)).map(drop),
            Step::Import(by, file, confirmed) => {
                self.files += 1;
                let (caller, files) = (self.caller(*by), signed(self.files, file));
                let confirmed = confirmed.map(|people| u64::try_from(people).unwrap());
                self.write(move |tx| licenses::import(tx, &caller, &files, confirmed)).map(drop)
            }
            Step::Wait(seconds) => {
                self.clock.advance(u32::try_from(*seconds).unwrap());
                Ok(())
            }
            Step::Change(..) | Step::Swap(..) | Step::Revert(..) => Ok(()),
        }
    }

    fn door(&mut self, step: &Step) -> Result<(), StoreError> {
        let username = format!("m{}", self.members.len());
        match *step {
            Step::Register(by, of, role) => {
                let (caller, seat) = (self.caller(by), self.registration(of, role));
                let (full_name, email, extras) = (String::new(), String::new(), members::AskedExtras::default());
                let addition = members::Addition { seat, username, full_name, email, password: password(), extras };
                self.members.push(self.write(move |tx| members::add(tx, &caller, addition))?.id);
            }
            Step::Invite(by, of, role) => {
                let (caller, seat, secret) = (self.caller(by), self.registration(of, role), self.secret());
                let (full_name, email, extras) = (String::new(), String::new(), members::AskedExtras::default());
                let username = String::new();
                let request = invitations::Request { seat, username, full_name, email, extras, secret: secret.clone() };
                self.invitations.push(self.write(move |tx| invitations::send(tx, &caller, request))?.id);
                self.secrets.push(vec![secret]);
            }
            Step::Accept { invitation, with_old_secret } => {
                let known = self.secrets.get(invitation).map(Vec::as_slice).unwrap_or_default();
                let secret = if with_old_secret { known.first() } else { known.last() };
                let secret = secret.cloned().unwrap_or_else(|| TokenHash::of(b"a stranger's"));
                let who = invitations::Acceptance { username, full_name: None, password: password() };
                self.members.push(self.write(move |tx| invitations::accept(tx, &secret, who))?.id);
            }
            Step::Revoke(by, invitation) => {
                let (caller, id) = (self.caller(by), self.invitations[invitation].clone());
                self.write(move |tx| invitations::revoke(tx, &caller, &id))?;
            }
            Step::Renew(by, invitation) => {
                let (caller, id, secret) = (self.caller(by), self.invitations[invitation].clone(), self.secret());
                let new = secret.clone();
                self.write(move |tx| invitations::renew(tx, &caller, &id, &new))?;
                self.secrets[invitation].push(secret);
            }
            _ => {}
        }
        Ok(())
    }

    /// A secret that no other invitation has.
    fn secret(&self) -> TokenHash {
        let given: usize = self.secrets.iter().map(Vec::len).sum();
        TokenHash::of(format!("secret {given}").as_bytes())
    }

    fn own_role(&mut self, step: &Step) -> Result<(), StoreError> {
        match step {
            Step::CreateRole(by, privileges) => {
                let (caller, draft) = (self.caller(*by), draft(self.roles.len(), privileges));
                self.roles.push(self.write(move |tx| roles::create(tx, &caller, &draft))?.to_string());
            }
            Step::EditRole(by, role, privileges) => {
                let number = if let Role::Own(number) = role { *number } else { self.roles.len() };
                let (caller, id, draft) = (self.caller(*by), self.role(*role), draft(number, privileges));
                self.write(move |tx| roles::edit(tx, &caller, &id, None, &draft))?;
            }
            Step::DeleteRole(by, role) => {
                let (caller, id) = (self.caller(*by), self.role(*role));
                self.write(move |tx| roles::delete(tx, &caller, &id, None))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What there is, a line for each thing.
    ///
    /// # Errors
    /// A kept count is not what counting gives; or there is somebody whom no step brought in.
    pub fn seen(&self) -> Result<Vec<String>, String> {
        let seen = self.store.read(|tx| {
            let mut seen = Vec::new();
            let miscounts = tx.recount()?;
            if !miscounts.is_empty() {
                return Err(StoreError::internal(format!("miscounted: {miscounts:?}")));
            }
            let archived = MemberFilter { state: Some(rules::MemberState::Archived), ..MemberFilter::default() };
            let mut all = tx.members(&MemberFilter::default(), None, 500)?.items;
            all.extend(tx.members(&archived, None, 500)?.items);
            for one in all {
                let who = self.members.iter().position(|id| *id == one.id);
                let who = who.ok_or_else(|| StoreError::internal(format!("{} came from nowhere", one.username)))?;
                let is_out = members::is_locked_out(tx, &one)?;
                seen.push(member_line(who, (one.user_type.as_str(), one.role.as_str()), one.state.as_str(), is_out));
            }
            for one in tx.headcounts()?.iter().filter(|one| crate::words::TYPES.contains(&one.user_type.as_str())) {
                let counts = [one.licensed, one.seats.assigned, one.seats.reserved].map(|n| i64::try_from(n).unwrap());
                seen.push(type_line(one.user_type.as_str(), counts));
            }
            for (number, one) in tx.changes(None, 1000)?.into_iter().rev().enumerate() {
                let planned = one.planned_return;
                seen.extend(planned.map(|one| return_line(number, one.at.unix(), one.state.as_str())));
            }
            for (number, one) in tx.invitations(None, None, 1000)?.iter().rev().enumerate() {
                seen.push(invitation_line(number, one.state.as_str(), one.expires_at.unix()));
            }
            seen.extend(tx.role_records()?.iter().map(|one| format!("role {}", one.id)));
            seen.push(format!("{} administrators", tx.enabled_administrators()));
            Ok(seen)
        });
        let mut seen = seen.map_err(|broken| broken.to_string())?;
        seen.sort_unstable();
        Ok(seen)
    }
}

pub fn member_line(who: usize, (of, role): (&str, &str), state: &str, is_locked_out: bool) -> String {
    format!("member {who}: {of} {role} {state}{}", if is_locked_out { ", locked out" } else { "" })
}

pub fn type_line(of: &str, [licensed, assigned, reserved]: [i64; 3]) -> String {
    format!("{of}: {licensed} licensed, {assigned} assigned, {reserved} reserved")
}

pub fn return_line(change: usize, at: i64, state: &str) -> String {
    format!("return of change {change} at {at}: {state}")
}

pub fn invitation_line(number: usize, state: &str, until: i64) -> String {
    format!("invitation {number} until {until}: {state}")
}
