//! `/members/{id}/why`: what a member can do, what is missing, and who can give it (S227).

use axum::extract::State;
use axum::response::Response;
use catalog::{Catalog, Privilege, Scope, enforced};
use errors::Failure;
use rules::MemberId;
use rules::why::{self, Need, Why};
use serde::Deserialize;
use store::Member;

use super::visit::{Refused, Visit};
use super::{names, page, privileges, refusal};
use crate::actions::{Caller, members, roles};
use crate::api::address::{Path, Query};
use crate::api::members::member_id;
use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::why::{Answer, MemberWhy, NeedRow, OptionGroup, Question, Way};
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    wanted: String,
}

/// What a member can do.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let id = member_id(&id).map_err(|failure| visit.refused(failure))?;
    let caller = visit.caller();
    let read = state.store.read(|tx| Ok((members::show(tx, &caller, &id)?, tx.catalog()?)));
    let (member, catalog) = read.map_err(|error| visit.refused(error))?;
    let answered = answer(&state, &caller, &id, &asked.wanted);
    let failure = answered.as_ref().err().cloned();
    let content = MemberWhy {
        frame: visit.frame,
        question: Question {
            address: format!("/members/{id}/why"),
            options: options(&catalog, &asked.wanted),
            answer: answered.unwrap_or_default(),
        },
        member: names::person(&catalog, &member),
        problem: failure.as_ref().map(ErrorSummary::from),
    };
    Ok(match failure {
        Some(failure) => refusal(&content, &failure),
        None => page(&content),
    })
}

/// The answer to a question; nothing where nothing is asked.
///
/// # Errors
/// The caller may not ask; there is no such privilege or workflow.
pub(super) fn answer(
    state: &AppState,
    caller: &Caller,
    whom: &MemberId,
    wanted: &str,
) -> Result<Option<Answer>, Failure> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let read = state.store.read(|tx| {
        let asked = roles::wanted(&*tx.catalog()?, wanted)?;
        roles::why(tx, caller, whom, &asked)
    });
    let (catalog, member, why) = read.map_err(failure_of)?;
    Ok(Some(shaped(&catalog, &member, wanted, &why)))
}

fn shaped(catalog: &Catalog, member: &Member, wanted: &str, why: &Why) -> Answer {
    let workflow = catalog.workflows().iter().find(|workflow| workflow.id.as_str() == wanted);
    let rows = |needs: &[Need]| needs.iter().map(|need| row(catalog, member, need)).collect();
    let mut ways: Vec<Way> = Vec::new();
    for need in why.required.iter().chain(&why.optional) {
        let Some(text) = way(catalog, member, need) else { continue };
        let to = privileges::name(catalog, need.privilege.as_str());
        match ways.iter_mut().find(|way| way.text == text) {
            Some(known) => known.to.push(to),
            None => ways.push(Way { to: vec![to], text }),
        }
    }
    Answer {
        ways,
        wanted: workflow.map_or_else(|| privileges::name(catalog, wanted), |workflow| workflow.name.clone()),
        allowed: why.is_allowed(),
        note: workflow.and_then(|workflow| workflow.note.clone()),
        required: rows(&why.required),
        optional: rows(&why.optional),
    }
}

fn row(catalog: &Catalog, member: &Member, need: &Need) -> NeedRow {
    let (role, user_type) = (names::role(catalog, &member.role), names::user_type(catalog, &member.user_type));
    NeedRow {
        name: privileges::name(catalog, need.privilege.as_str()),
        granted: need.answer == why::Answer::Granted,
        missing: match &need.answer {
            why::Answer::Granted => String::new(),
            why::Answer::MissingFromRole { .. } => text("missing-role").with("role", role).plain(),
            why::Answer::AboveUserType { is_in_role: true, .. } => {
                text("missing-user-type").with("user-type", user_type).with("role", role).plain()
            }
            why::Answer::AboveUserType { .. } => {
                text("missing-both").with("user-type", user_type).with("role", role).plain()
            }
            why::Answer::Reserved => text("missing-reserved").plain(),
        },
    }
}

/// Who can give what is missing, and how; nothing where nothing is.
fn way(catalog: &Catalog, member: &Member, need: &Need) -> Option<String> {
    let user_type = names::user_type(catalog, &member.user_type);
    let of = |ids: &[&str]| ids.iter().map(|id| privileges::name(catalog, id)).collect::<Vec<_>>().join("; ");
    match &need.answer {
        why::Answer::Granted => None,
        why::Answer::MissingFromRole { roles_that_have_it_and_fit: fitting, who } => {
            let fitting: Vec<String> = fitting.iter().map(|id| names::role(catalog, id)).collect();
            Some(if fitting.is_empty() {
                let maker = of(&[enforced::MEMBER_ROLES]);
                text("way-new-role").with("user-type", user_type).with("privilege", maker).plain()
            } else {
                text("way-role").with("roles", fitting.join(", ")).with("privileges", of(who)).plain()
            })
        }
        why::Answer::AboveUserType { user_types_that_admit_it: admitting, is_in_role, who } => {
            let admitting: Vec<String> = admitting.iter().map(|id| names::user_type(catalog, id)).collect();
            let way = text(if *is_in_role { "way-user-type" } else { "way-user-type-and-role" });
            Some(way.with("user-types", admitting.join(", ")).with("privileges", of(who)).plain())
        }
        why::Answer::Reserved => Some(text("way-reserved").plain()),
    }
}

/// Everything that can be asked for.
pub(super) fn options(catalog: &Catalog, chosen: &str) -> Vec<OptionGroup> {
    let choice = |id: &str, name: String| Choice { id: id.to_owned(), name, selected: id == chosen };
    let workflows = |scope: Scope| {
        let of_scope = catalog.workflows().iter().filter(|workflow| workflow.scope == scope);
        OptionGroup {
            label: text(match scope {
                Scope::General => "workflows-general",
                Scope::Administrative => "workflows-administrative",
            })
            .plain(),
            options: of_scope.map(|workflow| choice(workflow.id.as_str(), workflow.name.clone())).collect(),
        }
    };
    let named = |one: &Privilege| Some(choice(one.id.as_str(), privileges::name(catalog, one.id.as_str())));
    let by_group = privileges::groups(catalog, named).into_iter();
    let by_group = by_group.map(|group| OptionGroup {
        label: text("privilege-group").with("scope", &group.scope).with("group", &group.name).plain(),
        options: group.rows,
    });
    let acts = catalog.reserved().iter().map(|act| choice(act.id.as_str(), act.name.clone()));
    let reserved =
        OptionGroup { label: text("common-only-for-default-administrators").plain(), options: acts.collect() };
    [workflows(Scope::General), workflows(Scope::Administrative)]
        .into_iter()
        .chain(by_group)
        .chain([reserved])
        .collect()
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::options;

    #[test]
    fn everything_can_be_asked_for_once() {
        let catalog = Catalog::arcgis();
        let groups = options(catalog, "members.view");
        let all: Vec<_> = groups.iter().flat_map(|group| &group.options).collect();
        let known = catalog.workflows().len() + catalog.privileges().len() + catalog.reserved().len();
        assert_eq!(all.len(), known);
        assert_eq!(
            all.iter().filter(|one| one.selected).map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["General, Members: View"]
        );
    }
}
