//! `/changes`, and `PUT /members/{id}/user-type` and `/role` as change sets of one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use entitlement::{AddOnId, UserTypeId};
use errors::{Code, Failure};
use rules::change_set::{Act, ChangeSet, Mode, Operation};
use rules::permit::AddOnMoves;
use rules::{ChangeId, MemberId};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use store::{ReadTx, StoreError, WriteTx};

use super::address::{Path, Query, next_page};
use super::body::{Whole, json_body};
use super::members::member_id;
use super::precondition::{self, Once, expected_version};
use super::shape;
use crate::actions::Caller;
use crate::actions::changes::{self, Request};
use crate::actions::input::{add_on_at, instant_at, invalid_at, reason, role_at, user_type_at};
use crate::auth::session::{Session, SignedIn};
use crate::problem::Problem;
use crate::state::AppState;

/// The most operations in one change set.
const MOST_OPERATIONS: usize = 10_000;

/// How many changes stand on one page of the list.
const PAGE: u32 = 100;

/// How many planned returns are told at most.
const MOST_RETURNS: u32 = 500;

/// How a change is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// Only plan it.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// A change set as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    operations: Vec<SentOperation>,
    mode: Option<String>,
    reason: Option<String>,
    revert_at: Option<String>,
    #[serde(default)]
    allow_one_over: Consents,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentOperation {
    member: String,
    set_user_type: Option<String>,
    set_role: Option<String>,
    #[serde(default)]
    enable: bool,
    #[serde(default)]
    disable: bool,
    #[serde(default)]
    archive: bool,
    #[serde(default)]
    restore: bool,
    #[serde(default)]
    delete: bool,
    #[serde(default)]
    assign_add_ons: Vec<String>,
    #[serde(default)]
    unassign_add_ons: Vec<String>,
    #[serde(default)]
    release_checkouts: bool,
}

/// A change of one member's user type as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentUserType {
    user_type: String,
    role: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    allow_one_over: Consents,
    revert_at: Option<String>,
}

/// A change of one member's role as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRole {
    role: String,
    reason: Option<String>,
}

/// User type to number of people, each user type once: a repeated one would otherwise silently replace the first.
#[derive(Debug, Default)]
pub struct Consents(BTreeMap<String, u64>);

impl<'de> Deserialize<'de> for Consents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Consents;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of user types and numbers")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Consents, M::Error> {
                let mut consents = BTreeMap::new();
                while let Some((id, number)) = map.next_entry::<String, u64>()? {
                    if consents.insert(id.to_lowercase(), number).is_some() {
                        return Err(M::Error::custom(format!("`{id}` stands twice")));
                    }
                }
                Ok(Consents(consents))
            }
        }
        deserializer.deserialize_map(Each)
    }
}

impl Consents {
    fn checked(self) -> Result<BTreeMap<UserTypeId, u64>, Failure> {
        self.0.into_iter().map(|(id, number)| Ok((user_type_at("/allow_one_over", &id)?, number))).collect()
    }
}

impl Sent {
    /// The same with every member by id, where some are named otherwise: for the command line.
    ///
    /// # Errors
    /// `not-found` with each operation whose member `find` does not find; what else it answers.
    pub fn naming(mut self, find: &mut dyn FnMut(&str) -> Result<MemberId, StoreError>) -> Result<Self, StoreError> {
        let mut unknown = Vec::new();
        for (at, operation) in self.operations.iter_mut().enumerate() {
            if operation.member.parse::<MemberId>().is_ok() {
                continue;
            }
            match find(&operation.member) {
                Ok(id) => operation.member = id.to_string(),
                Err(StoreError::Refused(failure)) if failure.code == Code::NotFound => {
                    unknown.push(json!({"operation": at, "member": operation.member, "detail": failure.detail}));
                }
                Err(other) => return Err(other),
            }
        }
        if unknown.is_empty() {
            return Ok(self);
        }
        Err(Failure::plain(Code::NotFound).with("blocked", unknown.len()).with("blockers", unknown).into())
    }

    /// The change set, with its names checked.
    ///
    /// # Errors
    /// `validation-failed` with the place.
    pub fn request(self) -> Result<Request, Failure> {
        let mode = match self.mode.as_deref() {
            None | Some("atomic") => Mode::Atomic,
            Some("partial") => Mode::Partial,
            Some(other) => return Err(invalid_at("/mode", &format!("`{other}` is neither atomic nor partial"))),
        };
        if self.operations.len() > MOST_OPERATIONS {
            return Err(invalid_at("/operations", "has more than 10,000 operations"));
        }
        let operations =
            self.operations.into_iter().enumerate().map(|(at, sent)| sent.operation(at)).collect::<Result<_, _>>()?;
        let revert_at = self.revert_at.as_deref().map(|at| instant_at("/revert_at", at)).transpose()?;
        let allow_one_over = self.allow_one_over.checked()?;
        let set = ChangeSet { operations, mode, allow_one_over, revert_at, ends: None };
        Ok(Request { set, reason: reason(self.reason)?, ..Request::default() })
    }
}

impl SentOperation {
    fn operation(self, at: usize) -> Result<Operation, Failure> {
        let asked = [self.enable, self.disable, self.archive, self.restore, self.delete];
        let mut acts = Act::ASKED.into_iter().zip(asked).filter(|(_, asked)| *asked).map(|(act, _)| act);
        let act = acts.next();
        if acts.next().is_some() {
            return Err(invalid_at(&format!("/operations/{at}"), "does two things with one account"));
        }
        let place = |name: &str| format!("/operations/{at}/{name}");
        let add_ons = AddOnMoves {
            assign: add_ons_at(&place("assign_add_ons"), &self.assign_add_ons)?,
            unassign: add_ons_at(&place("unassign_add_ons"), &self.unassign_add_ons)?,
        };
        let sets = self.set_user_type.is_some() || self.set_role.is_some();
        if !sets && act.is_none() && add_ons.is_empty() && !self.release_checkouts {
            return Err(invalid_at(&format!("/operations/{at}"), "does nothing"));
        }
        let member = self
            .member
            .parse()
            .map_err(|_| invalid_at(&place("member"), &format!("`{}` is not the id of a member", self.member)))?;
        Ok(Operation {
            member,
            set_user_type: self.set_user_type.map(|text| user_type_at(&place("set_user_type"), &text)).transpose()?,
            set_role: self.set_role.map(|text| role_at(&place("set_role"), &text)).transpose()?,
            act,
            add_ons,
            release_checkouts: self.release_checkouts,
        })
    }
}

fn add_ons_at(pointer: &str, given: &[String]) -> Result<BTreeSet<AddOnId>, Failure> {
    given.iter().enumerate().map(|(at, id)| add_on_at(&format!("{pointer}/{at}"), id)).collect()
}

/// Applies a change set, or plans it with `?dry_run=true` (S22 to S36).
///
/// # Errors
/// Those of [`rules::change_set::decide`]; `idempotency-key-required`, `idempotency-mismatch`.
pub async fn create(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let request = json_body::<Sent>(&body)?.request()?;
    let caller = session.caller();
    if asked.dry_run {
        return planned(&state, caller, request).await;
    }
    let once = Once::required(&headers, "POST /changes", &body)?;
    applied(&state, &session, (request.set.operations.len(), once), move |_| Ok(request)).await
}

/// Applies what is asked for in the very transaction that decides on it, once. A large change set has a transaction of its
/// own.
async fn applied<F>(
    state: &AppState,
    session: &Session,
    (members, once): (usize, Once),
    ask: F,
) -> Result<Response, Problem>
where
    F: FnOnce(&WriteTx<'_>) -> Result<Request, StoreError> + Send + 'static,
{
    let (caller, by) = (session.caller(), session.member().to_string());
    let answer = state
        .write_about(members, move |tx| {
            precondition::once(tx, &by, Some(&once), |tx| {
                let request = ask(tx)?;
                let applied = changes::apply(tx, &caller, &request)?;
                Ok((StatusCode::CREATED.as_u16(), shape::plan(&applied.plan, Some(applied.id.as_str()))))
            })
        })
        .await?;
    Ok(precondition::answer(answer))
}

async fn planned(state: &AppState, caller: Caller, request: Request) -> Result<Response, Problem> {
    let plan = state.read_long(move |tx| changes::plan(tx, &caller, &request)).await?;
    Ok(Json(shape::plan(&plan, None)).into_response())
}

/// How a change is taken back.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentRevert {
    reason: Option<String>,
    #[serde(default)]
    allow_one_over: Consents,
}

/// Takes a change back, or plans that with `?dry_run=true` (S35).
///
/// # Errors
/// `stale` when members have changed since, `cannot-revert`, `not-found`; those of [`create`].
pub async fn revert(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentRevert = if body.is_empty() { SentRevert::default() } else { json_body(&body)? };
    let (of, consent, why) = (change_id(&id)?, sent.allow_one_over.checked()?, reason(sent.reason)?);
    let reader = session.caller();
    let ask = move |tx: &ReadTx<'_>| {
        let mut request = changes::reverting(tx, &reader, &of, why)?;
        request.set.allow_one_over = consent;
        Ok(request)
    };
    if asked.dry_run {
        let caller = session.caller();
        let plan = state.read_long(move |tx| changes::plan(tx, &caller, &ask(tx)?)).await?;
        return Ok(Json(shape::plan(&plan, None)).into_response());
    }
    let once = Once::required(&headers, &format!("POST /changes/{id}/revert"), &body)?;
    // How many it is about stands in the change itself, so it has a transaction of its own in any case.
    applied(&state, &session, (usize::MAX, once), move |tx| ask(tx)).await
}

/// Gives up the planned return of a change.
///
/// # Errors
/// `nothing-planned`, `not-found`, `privilege-missing`.
pub async fn cancel(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (id, caller) = (change_id(&id)?, session.caller());
    let change = state.store.write(move |tx| changes::cancel(tx, &caller, &id)).await?;
    Ok(Json(shape::change(&change)))
}

fn change_id(text: &str) -> Result<ChangeId, Failure> {
    text.parse().map_err(|_| Failure::new(Code::NotFound, format!("There is no change `{text}`.")))
}

/// Changes the user type of one member, with the role where it is named (S23, S32 to S36).
///
/// # Errors
/// As [`create`]; `role-exceeds-user-type` with `proposed_role`; `precondition-required`, `stale`.
pub async fn set_user_type(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentUserType = json_body(&body)?;
    let user_type = user_type_at("/user_type", &sent.user_type)?;
    let role = sent.role.map(|text| role_at("/role", &text)).transpose()?;
    let set = ChangeSet {
        operations: vec![Operation::set(member_id(&id)?, Some(user_type), role)],
        allow_one_over: sent.allow_one_over.checked()?,
        revert_at: sent.revert_at.as_deref().map(|at| instant_at("/revert_at", at)).transpose()?,
        ..ChangeSet::default()
    };
    let request =
        Request { set, reason: reason(sent.reason)?, expected: expected(&asked, &headers)?, ..Request::default() };
    one(&state, &session, asked, Once::of(&headers, &format!("PUT /members/{id}/user-type"), &body)?, request).await
}

/// Changes the role of one member (S113, S114).
///
/// # Errors
/// As [`set_user_type`].
pub async fn set_role(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<DryRun>,
    Whole { headers, body }: Whole,
) -> Result<Response, Problem> {
    let sent: SentRole = json_body(&body)?;
    let operation = Operation::set(member_id(&id)?, None, Some(role_at("/role", &sent.role)?));
    let set = ChangeSet { operations: vec![operation], ..ChangeSet::default() };
    let request =
        Request { set, reason: reason(sent.reason)?, expected: expected(&asked, &headers)?, ..Request::default() };
    one(&state, &session, asked, Once::of(&headers, &format!("PUT /members/{id}/role"), &body)?, request).await
}

/// The version that the caller read; a plan needs none, because it changes nothing.
pub(super) fn expected(asked: &DryRun, headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    if asked.dry_run && !headers.contains_key(header::IF_MATCH) { Ok(None) } else { expected_version(headers) }
}

pub(super) async fn one(
    state: &AppState,
    session: &Session,
    asked: DryRun,
    once: Option<Once>,
    request: Request,
) -> Result<Response, Problem> {
    if asked.dry_run {
        return planned(state, session.caller(), request).await;
    }
    let (caller, by) = (session.caller(), session.member().to_string());
    let answer = state
        .store
        .write(move |tx| {
            precondition::once(tx, &by, once.as_ref(), |tx| {
                let applied = changes::apply(tx, &caller, &request)?;
                Ok((StatusCode::OK.as_u16(), shape::plan(&applied.plan, Some(applied.id.as_str()))))
            })
        })
        .await?;
    Ok(precondition::answer(answer))
}

/// Where a page of a list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageOf {
    cursor: Option<String>,
    /// Only changes whose return is planned, due, or found impossible.
    #[serde(default)]
    returning: bool,
}

/// The applied change sets, newest first.
///
/// # Errors
/// `privilege-missing`.
pub async fn list(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    RawQuery(query): RawQuery,
    Query(page): Query<PageOf>,
) -> Result<Response, Problem> {
    let caller = session.caller();
    let before =
        page.cursor.as_deref().map(str::parse).transpose().map_err(|_| invalid_at("/cursor", "is none of ours"))?;
    if page.returning {
        let open = state.read_long(move |tx| changes::returns(tx, &caller, MOST_RETURNS)).await?;
        return Ok(Json(shape::list(open.iter().map(shape::change_in_short).collect(), None)).into_response());
    }
    let changes = state.read_long(move |tx| changes::list(tx, &caller, before, PAGE)).await?;
    let more = changes.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = changes.last().filter(|_| more).map(|last| last.version.to_string());
    let items = changes.iter().map(shape::change_in_short).collect();
    let mut response = Json(shape::list(items, next.as_deref())).into_response();
    if let Some(next) = next.as_deref().and_then(|next| next_page(query.as_deref(), next)) {
        response.headers_mut().insert(header::LINK, next);
    }
    Ok(response)
}

/// One applied change set.
///
/// # Errors
/// `not-found`, `privilege-missing`.
pub async fn show(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = change_id(&id)?;
    let caller = session.caller();
    let change = state.store.read(|tx| changes::show(tx, &caller, &id))?;
    Ok(Json(shape::change(&change)))
}
