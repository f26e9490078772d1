//! `/members/change`: one change for many members, shown before it is done.

use axum::extract::State;
use axum::response::Response;
use catalog::{AddOnKind, Catalog};
use entitlement::AddOnId;
use errors::{Code, Failure};
use rules::capacity;
use rules::change_set::{Act, Mode};
use rules::permit::AddOnMoves;
use store::{Member, ReadTx, StoreError};

use super::members::{self as list, Looked};
use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{barred, names, page, plans, refusal, see_other};
use crate::actions::Caller;
use crate::actions::bulk::{self, Bulk, RoleWish, Selection, Target};
use crate::actions::changes::Outlook;
use crate::actions::input::{add_on_at, invalid_at, reason, role_at, until, user_type_at};
use crate::api::address::Query;
use crate::pages::bulk_change::{self as pages, AddOnChoice, BulkChange, Deed};
use crate::pages::choice::Choice;
use crate::pages::consent::Consent;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::plan::Plan;
use crate::pages::until::Until;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::{Text, text};

/// How many of the chosen are named.
const NAMED: usize = 20;
/// Keep each member's role.
const KEEP: &str = "keep";
/// The present role, or the nearest that fits.
const NEAREST: &str = "nearest";
/// Before the id of an add-on in the name of a field.
const ADD_ON: &str = "add_on.";
/// Assign it.
const GIVE: &str = "assign";
/// Unassign it.
const TAKE: &str = "unassign";

/// What was asked for; fields of a form, or parts of an address.
struct Asked {
    deed: Deed,
    selection: Selection,
    sent: Pairs,
}

impl Asked {
    fn read(sent: Pairs, tx: &ReadTx<'_>) -> Result<Self, Failure> {
        let act = sent.one("act");
        let deed = Deed::ALL.into_iter().find(|deed| deed.id() == act);
        let deed = deed.ok_or_else(|| invalid_at("/act", &format!("`{act}` is nothing to be done with members")))?;
        let selection = if sent.one("all") == "true" {
            let (filter, part) = Looked::of(sent.one("filter"))?.filters(tx.now())?.filter()?;
            Selection::All(Box::new((filter, part)))
        } else {
            Selection::Ids(bulk::ids(&sent.given("member"))?)
        };
        if selection == Selection::Ids(Vec::new()) {
            return Err(Failure::new(Code::ValidationFailed, "Choose at least one member in the list."));
        }
        Ok(Self { deed, selection, sent })
    }

    /// Whether enough is said for the effects to be shown: acts on accounts need no more than whom.
    fn is_complete(&self) -> bool {
        !self.deed_needs_a_choice() || !self.sent.one("step").is_empty()
    }

    fn deed_needs_a_choice(&self) -> bool {
        matches!(self.deed, Deed::UserType | Deed::Role | Deed::AddOns)
    }

    /// The add-ons that are given and taken.
    fn moves(&self) -> Result<AddOnMoves, Failure> {
        let mut moves = AddOnMoves::default();
        for (id, wish) in self.sent.under(ADD_ON) {
            let id = add_on_at(&format!("/{ADD_ON}{id}"), id)?;
            match wish {
                GIVE => moves.assign.insert(id),
                TAKE => moves.unassign.insert(id),
                _ => continue,
            };
        }
        if moves.is_empty() {
            return Err(Failure::new(Code::ValidationFailed, "Choose at least one license to assign or unassign."));
        }
        Ok(moves)
    }

    fn bulk(&self) -> Result<Bulk, Failure> {
        let mode = match self.sent.one("mode") {
            "partial" => Mode::Partial,
            _ => Mode::Atomic,
        };
        Ok(Bulk {
            selection: self.selection.clone(),
            target: self.target()?,
            mode,
            revert_at: until(self.sent.one("until_date"), self.sent.one("until_time"))?,
            reason: reason(Some(self.sent.one("reason").to_owned()))?,
        })
    }

    fn target(&self) -> Result<Target, Failure> {
        let act = match self.deed {
            Deed::UserType => {
                let role = match self.sent.one("role") {
                    "" | KEEP => RoleWish::Keep,
                    NEAREST => RoleWish::Nearest,
                    id => RoleWish::Set(role_at("/role", id)?),
                };
                return Ok(Target::UserType(user_type_at("/user_type", self.sent.one("user_type"))?, role));
            }
            Deed::Role => return Ok(Target::Role(role_at("/role", self.sent.one("role"))?)),
            Deed::AddOns => return Ok(Target::AddOns(self.moves()?, self.sent.one("release") == "true")),
            Deed::Enable => Act::Enable,
            Deed::Disable => Act::Disable,
            Deed::Archive => Act::Archive,
            Deed::Restore => Act::Restore,
            Deed::Delete => Act::Delete,
        };
        Ok(Target::Act(act))
    }
}

/// The form for the chosen members; acts on accounts with their effects.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(State(state): State<AppState>, visit: Visit, Query(sent): Query<Pairs>) -> Result<Response, Refused> {
    answered(&state, visit, sent, None).await
}

/// Shows what would change, or applies what was shown.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn change(State(state): State<AppState>, Posted { visit, form }: Posted<Pairs>) -> Result<Response, Refused> {
    if form.one("step") != "apply" {
        return answered(&state, visit, form, None).await;
    }
    match applied(&state, &visit, form.clone()).await {
        Ok(address) => Ok(see_other(&address)),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            answered(&state, visit, form, Some(failure)).await
        }
    }
}

async fn applied(state: &AppState, visit: &Visit, form: Pairs) -> Result<String, Failure> {
    let (caller, consent) = (visit.caller(), form.consents()?);
    let asked = state.store.read(|tx| Ok(Asked::read(form, tx))).map_err(failure_of)??;
    let (bulk, seal) = (asked.bulk()?, asked.sent.one("seal").to_owned());
    let applied = state.store.write_alone(move |tx| bulk::apply(tx, &caller, &bulk, (&seal, consent))).await;
    let id = applied.map_err(failure_of)?.id;
    Ok(format!("/changes/{id}?done=applied"))
}

/// The page, with why the last step was refused or the change cannot be.
async fn answered(state: &AppState, visit: Visit, sent: Pairs, failure: Option<Failure>) -> Result<Response, Refused> {
    let (caller, token, frame) = (visit.caller(), visit.token(), visit.frame.clone());
    let looked = Looked::of(sent.one("filter")).unwrap_or_default();
    let read = state.read_long(move |tx| {
        let asked = match Asked::read(sent, tx) {
            Ok(asked) => asked,
            Err(failure) => return Ok(Err(failure)),
        };
        let members = bulk::chosen(tx, &caller, &asked.selection)?;
        let outcome = if asked.is_complete() { foreseen(tx, &caller, &asked, &members)? } else { Shown::default() };
        Ok(Ok((form((tx, &caller), &asked, &members, (frame, token))?, outcome)))
    });
    let read = read.await.map_err(|error| visit.refused(failure_of(error)))?;
    let (form, shown) = match read {
        Ok(read) => read,
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            return list::again(state, visit, &failure, looked).await;
        }
    };
    let is_blocked = failure.is_none();
    let failure = failure.or(shown.failure);
    let problem = failure.as_ref().map(|failure| {
        let mut summary = ErrorSummary::from(failure);
        // Operations are no fields of the form; the page names the members.
        summary.fields.retain(|wrong| !wrong.field.starts_with("operations"));
        if let Some(text) = shown.plan.as_ref().filter(|_| is_blocked).and_then(Plan::told) {
            summary.text = text;
        }
        summary
    });
    let content = BulkChange { plan: shown.plan, seal: shown.seal, consents: shown.consents, problem, ..form };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

/// What the page shows of the effects.
#[derive(Default)]
struct Shown {
    plan: Option<Plan>,
    seal: Option<String>,
    consents: Vec<Consent>,
    failure: Option<Failure>,
}

fn foreseen(tx: &ReadTx<'_>, caller: &Caller, asked: &Asked, members: &[Member]) -> Result<Shown, StoreError> {
    let bulk = match asked.bulk() {
        Ok(bulk) => bulk,
        Err(failure) => return Ok(Shown { failure: Some(failure), ..Shown::default() }),
    };
    let catalog = tx.catalog()?;
    Ok(match bulk::outlook(tx, caller, &bulk, members)? {
        Outlook::Possible(foreseen) => Shown {
            plan: Some(plans::plan(tx, &catalog, &foreseen.plan)?),
            seal: Some(bulk::seal(members)),
            consents: plans::consents(&catalog, &foreseen, None),
            failure: None,
        },
        Outlook::Impossible { failure, blockers } => Shown {
            plan: (!blockers.is_empty()).then(|| plans::refused(tx, &catalog, &blockers)).transpose()?,
            failure: Some(*failure),
            ..Shown::default()
        },
    })
}

/// The form as it was sent.
fn form(
    (tx, caller): (&ReadTx<'_>, &Caller),
    asked: &Asked,
    members: &[Member],
    (frame, csrf): (Frame, String),
) -> Result<BulkChange, StoreError> {
    let catalog = tx.catalog()?;
    let Asked { deed, selection, sent } = asked;
    let role = sent.one("role");
    let mut roles = names::roles(&catalog, role);
    if *deed == Deed::UserType {
        let wish = |id: &str, name: Text| Choice { id: id.to_owned(), name: name.plain(), selected: id == role };
        let wishes = [wish(KEEP, text("keep-roles")), wish(NEAREST, text("nearest-roles"))];
        roles.splice(0..0, wishes);
    }
    let (ids, filter) = match selection {
        Selection::Ids(_) => (sent.given("member"), None),
        Selection::All(_) => (Vec::new(), Some(sent.one("filter").to_owned())),
    };
    let only = if let [only] = members { Some(only) } else { None };
    let add_ons =
        if *deed == Deed::AddOns { add_on_choices((tx, caller), &catalog, sent, (only, &frame))? } else { Vec::new() };
    Ok(BulkChange {
        frame,
        csrf,
        deed: *deed,
        selection: pages::Selection {
            ids,
            filter,
            people: members.iter().take(NAMED).map(|member| names::person(&catalog, member)).collect(),
            count: u64::try_from(members.len()).unwrap_or(u64::MAX),
        },
        user_types: names::types_with_room(&catalog, &capacity::room(&tx.facts()?), sent.one("user_type")),
        roles,
        unfit: only.filter(|_| *deed == Deed::Role).and_then(|only| barred::unfit(&catalog, only)),
        add_ons,
        release: sent.one("release") == "true",
        partial: sent.one("mode") == "partial",
        until: Until { date: sent.one("until_date").to_owned(), time: sent.one("until_time").to_owned() },
        reason: sent.one("reason").to_owned(),
        plan: None,
        seal: None,
        consents: Vec::new(),
        problem: None,
    })
}

/// The add-ons and extensions that can be assigned: those that are licensed, or held by somebody.
fn add_on_choices(
    (tx, caller): (&ReadTx<'_>, &Caller),
    catalog: &Catalog,
    sent: &Pairs,
    (only, frame): (Option<&Member>, &Frame),
) -> Result<Vec<AddOnChoice>, StoreError> {
    let of_members = |id: &AddOnId| catalog.add_on(id).is_none_or(|known| known.kind != AddOnKind::Organization);
    let wish = |id: &str| sent.under(ADD_ON).find(|(given, _)| *given == id).map_or("", |(_, wish)| wish);
    let tallies = tx.add_on_tallies()?.into_iter().filter(|one| of_members(&one.add_on));
    let tallies = tallies.filter(|one| one.licensed > 0 || one.assigned > 0);
    let held = only.map(|only| tx.add_ons_of(&only.id)).transpose()?.unwrap_or_default();
    let why = |id: &AddOnId| {
        let Some(only) = only.filter(|_| !held.contains(id)) else { return Ok(None) };
        let refused = barred::add_on(tx, caller, (only, id))?;
        Ok::<_, StoreError>(refused.map(|failure| barred::add_on_reason(only, id, &failure, frame)))
    };
    let choices = tallies.map(|one| {
        Ok(AddOnChoice {
            barred: why(&one.add_on)?,
            name: names::add_on(catalog, &one.add_on),
            available: names::available(one.licensed, one.assigned),
            assign: wish(one.add_on.as_str()) == GIVE,
            unassign: wish(one.add_on.as_str()) == TAKE,
            id: one.add_on.to_string(),
        })
    });
    choices.collect()
}
