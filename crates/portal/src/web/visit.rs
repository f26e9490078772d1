//! Who opens a page or sends a form; and what those see who may not.

use std::convert::Infallible;
use std::marker::PhantomData;

use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use errors::{Code, Failure};
use serde::de::DeserializeOwned;
use store::StoreError;

use super::sign_in::address_of;
use super::surroundings::around;
use super::{refusal, see_other};
use crate::actions::Caller;
use crate::auth::csrf;
use crate::auth::session::{Arriving, Session, SignedIn};
use crate::edge::RequestId;
use crate::pages::error::ErrorPage;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::frame::Frame;
use crate::pages::not_activated::NotActivated;
use crate::pages::sign_in::SignIn;
use crate::problem::{Problem, failure_of};
use crate::state::AppState;

/// How far somebody must be let in to open a page.
pub trait Gate: FromRequestParts<AppState, Rejection = Problem> + Send {
    /// The session behind it.
    fn session(self) -> Session;
}

impl Gate for Session {
    fn session(self) -> Session {
        self
    }
}

impl Gate for Arriving {
    fn session(self) -> Session {
        self.0
    }
}

impl Gate for SignedIn {
    fn session(self) -> Session {
        self.0
    }
}

/// A member who opens a page, with the frame of the page.
pub struct Visit<G = SignedIn> {
    /// The session.
    pub session: Session,
    /// The frame of whatever page answers.
    pub frame: Frame,
    request: RequestId,
    gate: PhantomData<G>,
}

impl<G> Visit<G> {
    /// The member as the caller of an action.
    #[must_use]
    pub fn caller(&self) -> Caller {
        self.session.caller()
    }

    /// The form token of the session.
    #[must_use]
    pub fn token(&self) -> String {
        csrf::form_token(&self.session.token)
    }

    /// The refusal as a page of its own.
    #[must_use]
    pub fn refused(&self, failure: impl IntoFailure) -> Refused {
        Refused {
            frame: Box::new(self.frame.clone()),
            failure: Box::new(self.request.on(failure.into_failure())),
            next: None,
        }
    }

    /// The refusal, if it belongs to the form that was sent; one that is about the sender has a page of its own.
    ///
    /// # Errors
    /// The page of its own.
    pub fn at_the_form(&self, failure: impl IntoFailure) -> Result<Failure, Refused> {
        let failure = failure.into_failure();
        if ABOUT_THE_SENDER.contains(&failure.code) { Err(self.refused(failure)) } else { Ok(self.request.on(failure)) }
    }
}

/// Refusals that are no matter of what a form says.
const ABOUT_THE_SENDER: [Code; 7] = [
    Code::NotSignedIn,
    Code::UserTypeOverLimit,
    Code::MemberDisabled,
    Code::MemberArchived,
    Code::PasswordChangeRequired,
    Code::PrivilegeMissing,
    Code::NotFound,
];

/// What can be told to people.
pub trait IntoFailure {
    /// As a failure; what broke goes to the log.
    fn into_failure(self) -> Failure;
}

impl IntoFailure for Failure {
    fn into_failure(self) -> Failure {
        self
    }
}

impl IntoFailure for StoreError {
    fn into_failure(self) -> Failure {
        failure_of(self)
    }
}

impl IntoFailure for Problem {
    fn into_failure(self) -> Failure {
        self.0
    }
}

impl<G: Gate> FromRequestParts<AppState> for Visit<G> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Ok(request) = RequestId::from_request_parts(parts, state).await;
        let gate = G::from_request_parts(parts, state).await;
        let (session, failure) = match gate {
            Ok(gate) => (Some(gate.session()), None),
            Err(Problem(failure)) => (Session::from_request_parts(parts, state).await.ok(), Some(failure)),
        };
        let (frame, activated) = around(state, session.as_ref());
        match (session, failure) {
            (Some(session), None) => Ok(Self { session, frame, request, gate: PhantomData }),
            (_, failure) => {
                let failure = failure.filter(|_| activated).unwrap_or_else(|| Failure::plain(Code::NotActivated));
                let next = parts.method.is_safe().then(|| address_of(&parts.uri)).flatten();
                Err(Refused { frame: Box::new(frame), failure: Box::new(failure), next }.into_response())
            }
        }
    }
}

/// Anybody at all, with the frame of the page.
pub struct Anybody {
    /// The frame.
    pub frame: Frame,
    /// Whether the portal is activated.
    pub activated: bool,
}

impl FromRequestParts<AppState> for Anybody {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let session = Session::from_request_parts(parts, state).await.ok();
        let (frame, activated) = around(state, session.as_ref());
        Ok(Self { frame, activated })
    }
}

/// The fields of a form that carries the token of the session.
pub trait Fields: DeserializeOwned {
    /// The token as it was sent.
    fn csrf(&self) -> &str;
}

/// A form that a member sent from one of our own pages.
pub struct Posted<T, G = SignedIn> {
    /// Who sent it.
    pub visit: Visit<G>,
    /// What it says.
    pub form: T,
}

impl<T: Fields, G: Gate> FromRequest<AppState> for Posted<T, G> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::<G>::from_request_parts(&mut parts, state).await?;
        let form = fields::<T>(Request::from_parts(parts, body), state).await;
        let form = form.and_then(|form| csrf::check_form(&visit.session.token, form.csrf()).map(|()| form));
        match form {
            Ok(form) => Ok(Self { visit, form }),
            Err(failure) => Err(visit.refused(failure).into_response()),
        }
    }
}

/// The fields of a form.
///
/// # Errors
/// `request-malformed`, `request-too-large`.
pub async fn fields<T: DeserializeOwned>(request: Request, state: &AppState) -> Result<T, Failure> {
    let form = Form::<T>::from_request(request, state).await;
    form.map(|Form(form)| form).map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::plain(Code::RequestTooLarge),
        _ => Failure::new(Code::RequestMalformed, "The form does not have the fields that this page sends."),
    })
}

/// A refusal that has a page of its own, or leads to the page where it can be helped.
#[derive(Debug)]
pub struct Refused {
    frame: Box<Frame>,
    failure: Box<Failure>,
    next: Option<String>,
}

impl Refused {
    /// The refusal in that frame.
    #[must_use]
    pub fn new(frame: Frame, failure: impl IntoFailure) -> Self {
        Self { frame: Box::new(frame), failure: Box::new(failure.into_failure()), next: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { frame, failure, next } = self;
        let (frame, failure) = (*frame, *failure);
        if failure.code == Code::NotSignedIn {
            return see_other(&next.map_or_else(|| "/signin".to_owned(), |next| format!("/signin?next={next}")));
        }
        if failure.code == Code::PasswordChangeRequired {
            return see_other("/password");
        }
        if failure.code == Code::NotActivated {
            return refusal(&NotActivated { frame }, &failure);
        }
        if [Code::UserTypeOverLimit, Code::MemberDisabled, Code::MemberArchived].contains(&failure.code) {
            let problem = Some(ErrorSummary::from(&failure));
            return refusal(&SignIn { frame, username: String::new(), next: None, problem, done: None }, &failure);
        }
        refusal(&ErrorPage::new(frame, &failure), &failure)
    }
}
