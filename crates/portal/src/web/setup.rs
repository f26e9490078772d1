//! `/setup`: the first start in the browser. Whoever started `serve` is known by the code that it printed; before that code
//! is right nothing is opened, told or done. The activation itself is that of the command line.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::Deserialize;
use store::{Extras, Files, NewMember, PasswordKind, StoredPassword};
use zeroize::Zeroizing;

use super::visit::{Anybody, Refused, fields};
use super::{import, names, page, refusal, see_other};
use crate::actions::input::{self, user_type_at};
use crate::actions::licenses::{self, Effects};
use crate::api::licenses::parts;
use crate::api::session::Peer;
use crate::auth::csrf;
use crate::auth::password;
use crate::edge::RequestId;
use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::not_activated::NotActivated;
use crate::pages::setup::{Setup, SetupConfirm};
use crate::problem::{Problem, failure_of};
use crate::state::AppState;

/// Under what the brake on failed sign-ins counts wrong codes; while it does, there are no user names.
const ACCOUNT: &str = "/setup";

/// The form, while there is nobody yet.
pub async fn show(State(state): State<AppState>, anybody: Anybody) -> Response {
    match waiting(&state, anybody) {
        Ok(frame) => page(&Setup { frame, code: String::new(), problem: None }),
        Err(elsewhere) => *elsewhere,
    }
}

/// The frame of a portal that waits to be set up here; else where its reader is led.
fn waiting(state: &AppState, Anybody { frame, activated }: Anybody) -> Result<Frame, Box<Response>> {
    if activated {
        return Err(Box::new(see_other("/signin")));
    }
    if state.setup.is_none() {
        return Err(Box::new(refusal(&NotActivated { frame }, &Failure::plain(Code::NotActivated))));
    }
    Ok(frame)
}

/// The same for a form, which no other site may have sent.
fn sent_from_here(state: &AppState, anybody: Anybody, request: &Request) -> Result<Frame, Box<Response>> {
    let frame = waiting(state, anybody)?;
    match csrf::check_origin(request.headers()) {
        Ok(()) => Ok(frame),
        Err(failure) => Err(Box::new(Refused::new(frame, failure).into_response())),
    }
}

/// Opens the files, for who has the code, and shows what they give.
pub async fn look(
    State(state): State<AppState>,
    peer: Peer,
    reference: RequestId,
    anybody: Anybody,
    request: Request,
) -> Response {
    let frame = match sent_from_here(&state, anybody, &request) {
        Ok(frame) => frame,
        Err(elsewhere) => return *elsewhere,
    };
    let (code, files) = match sent(&state, request).await {
        Ok(sent) => sent,
        Err(failure) => return first_again(frame, String::new(), &reference.on(failure)),
    };
    match opened(&state, &peer, &code, files).await.map_err(|failure| reference.on(failure)) {
        Ok((preview, effects)) => page(&second(frame, (code, preview), &effects, None)),
        Err(failure) => first_again(frame, code, &failure),
    }
}

fn first_again(frame: Frame, code: String, failure: &Failure) -> Response {
    refusal(&Setup { frame, code, problem: Some(ErrorSummary::from(failure)) }, failure)
}

async fn sent(state: &AppState, request: Request) -> Result<(String, Result<Files, Failure>), Failure> {
    let form = Multipart::from_request(request, state).await.map_err(|_| Failure::plain(Code::RequestMalformed))?;
    let mut form = parts(form).await.map_err(|Problem(failure)| failure)?;
    let code = form.code.take().unwrap_or_default();
    Ok((code, form.files()))
}

/// The code comes first: who does not have it is not even told whether there was a file.
async fn opened(
    state: &AppState,
    peer: &Peer,
    code: &str,
    files: Result<Files, Failure>,
) -> Result<(String, Effects), Failure> {
    proven(state, peer, code)?;
    let files = files?;
    let kept = state.store.write(move |tx| licenses::keep_activation(tx, &files)).await;
    kept.map_err(failure_of)
}

/// Lets pass who has the code. A wrong one costs what a failed sign-in costs.
fn proven(state: &AppState, Peer(address): &Peer, typed: &str) -> Result<(), Failure> {
    let code = state.setup.as_ref().ok_or_else(|| Failure::plain(Code::NotActivated))?;
    let attempt = state.throttle.admit(ACCOUNT, *address, state.clock.elapsed())?;
    if !code.is(typed) {
        drop(attempt);
        return Err(Failure::plain(Code::SetupCodeWrong));
    }
    attempt.succeeded();
    Ok(())
}

fn second(
    frame: Frame,
    (code, preview): (String, String),
    effects: &Effects,
    refused: Option<(Typed, &Failure)>,
) -> SetupConfirm {
    let (typed, failure) = refused.map_or((None, None), |(typed, failure)| (Some(typed), Some(failure)));
    let typed = typed.unwrap_or_default();
    let given = effects.user_types.iter().filter(|one| one.licensed_after > 0);
    let types = given.map(|one| (names::user_type(&effects.catalog, &one.user_type), one.licensed_after));
    let given = effects.add_ons.iter().filter(|one| one.licensed_after > 0);
    let add_ons = given.map(|one| (names::add_on(&effects.catalog, &one.add_on), one.licensed_after));
    SetupConfirm {
        frame,
        code,
        preview,
        file: import::facts(effects),
        bound: effects.is_bound,
        gives: types.chain(add_ons).collect(),
        user_types: seats(effects, &typed.user_type),
        username: typed.username,
        full_name: typed.full_name,
        shortest: password::SHORTEST,
        problem: failure.map(ErrorSummary::from),
    }
}

/// The user types of the file in which an administrator can sit.
fn seats(effects: &Effects, selected: &str) -> Vec<Choice> {
    let administrator = effects.catalog.administrator();
    let given = effects.user_types.iter().filter(|one| one.licensed_after > 0);
    let known = given.filter_map(|one| effects.catalog.user_type(&one.user_type));
    let can = known.filter(|one| administrator.is_some_and(|role| one.admits(role)));
    let choice = |one: &catalog::UserType| Choice {
        id: one.id.to_string(),
        name: one.name.clone(),
        selected: one.id.as_str() == selected,
    };
    can.map(choice).collect()
}

/// What the second step sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    code: Zeroizing<String>,
    preview: String,
    username: String,
    #[serde(default)]
    full_name: String,
    user_type: String,
    password: Zeroizing<String>,
}

/// What of it is shown again.
#[derive(Default)]
struct Typed {
    username: String,
    full_name: String,
    user_type: String,
}

/// Activates the portal with the files of the first step, and leads to the sign-in.
pub async fn activate(
    State(state): State<AppState>,
    peer: Peer,
    reference: RequestId,
    anybody: Anybody,
    request: Request,
) -> Response {
    let frame = match sent_from_here(&state, anybody, &request) {
        Ok(frame) => frame,
        Err(elsewhere) => return *elsewhere,
    };
    let chosen: Chosen = match fields(request, &state).await {
        Ok(chosen) => chosen,
        Err(failure) => return Refused::new(frame, failure).into_response(),
    };
    if let Err(failure) = proven(&state, &peer, &chosen.code) {
        return first_again(frame, String::new(), &reference.on(failure));
    }
    let code = (chosen.code.to_string(), chosen.preview.clone());
    let Chosen { username, full_name, user_type, .. } = &chosen;
    let typed = Typed { username: username.clone(), full_name: full_name.clone(), user_type: user_type.clone() };
    match activated(&state, chosen).await.map_err(|failure| reference.on(failure)) {
        Ok(()) => see_other("/signin?done=activated"),
        Err(failure) if failure.code == Code::AlreadyActivated => Refused::new(frame, failure).into_response(),
        Err(failure) => match state.store.read(|tx| licenses::show_activation(tx, &code.1)) {
            Ok(effects) => refusal(&second(frame, code, &effects, Some((typed, &failure))), &failure),
            // The files are not there any more, or not good any more: they are asked for again.
            Err(error) => first_again(frame, code.0, &reference.on(failure_of(error))),
        },
    }
}

async fn activated(state: &AppState, chosen: Chosen) -> Result<(), Failure> {
    let Chosen { preview, username, full_name, user_type, password, .. } = chosen;
    let username = input::username(&username)?;
    let full_name = input::text("/full_name", Some(full_name))?;
    let seat = user_type_at("/user_type", &user_type)?;
    password::suitable(&password, &username, password::SHORTEST)?;
    let password = StoredPassword::new(state.passwords.hash(password).await?, PasswordKind::Own);
    let administrator = NewMember { username, full_name, email: String::new(), password, extras: Extras::default() };
    let done = state.store.write(move |tx| licenses::activate_kept(tx, &preview, &seat, administrator)).await;
    done.map(drop).map_err(failure_of)
}
