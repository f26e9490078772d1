//! `/settings` and the page of each topic (S54, S196, S197, S204 to S206).

use axum::extract::State;
use axum::response::Response;
use catalog::AddOnKind;
use errors::Failure;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{StoreError, Topic, WriteTx};

use super::delete_member::version;
use super::done::Told;
use super::pairs::Pairs;
use super::visit::{Posted, Refused, Visit};
use super::{extras, names, page, refusal, see_other};
use crate::actions::Caller;
use crate::actions::offer::{self, Offer};
use crate::actions::settings::{self, Names, Offline, Security, SentDefaults, Shown, Website};
use crate::api::address::{Path, Query};
use crate::api::settings::topic_of;
use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::settings::{
    DefaultsSettings, Form, NamesSettings, OfflineSettings, SecuritySettings, Settings, TopicLink, WebsiteSettings,
};
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// The topics that the reader may change.
///
/// # Errors
/// `privilege-missing`.
pub async fn index(State(state): State<AppState>, visit: Visit) -> Result<Response, Refused> {
    let caller = visit.caller();
    let topics = state.store.read(|tx| settings::topics(tx, &caller)).map_err(|error| visit.refused(error))?;
    Ok(page(&Settings { frame: visit.frame, topics: topics.into_iter().map(link).collect() }))
}

fn link(topic: Topic) -> TopicLink {
    let (name, about) = match topic {
        Topic::Defaults => ("settings-defaults-new-member-defaults", "topic-defaults"),
        Topic::Security => ("settings-security-security", "topic-security"),
        Topic::Website => ("settings-website-website", "topic-website"),
        Topic::Groups => ("common-groups", "topic-groups"),
        Topic::Categories => ("common-categories", "topic-categories"),
        Topic::Offline => ("common-offline-use", "topic-offline"),
    };
    TopicLink { id: topic.as_str(), name: text(name).plain(), about: text(about).plain() }
}

/// One topic.
///
/// # Errors
/// `privilege-missing`, `not-found`.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    Path(topic): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Refused> {
    let topic = topic_of(&topic).map_err(|failure| visit.refused(failure))?;
    answered(&state, visit, topic, Step { sent: None, failure: None, done: told.text() })
}

/// Sets a topic.
///
/// # Errors
/// Refusals that are not about the form.
pub async fn save(
    State(state): State<AppState>,
    Path(topic): Path<String>,
    Posted { visit, form }: Posted<Pairs>,
) -> Result<Response, Refused> {
    let topic = topic_of(&topic).map_err(|failure| visit.refused(failure))?;
    match saved(&state, visit.caller(), topic, &form).await {
        Ok(()) => Ok(see_other(&format!("/settings/{}?done=settings-saved", topic.as_str()))),
        Err(failure) => {
            let failure = visit.at_the_form(failure)?;
            answered(&state, visit, topic, Step { sent: Some(&form), failure: Some(&failure), done: None })
        }
    }
}

async fn saved(state: &AppState, caller: Caller, topic: Topic, form: &Pairs) -> Result<(), Failure> {
    let (expected, sent) = (version(form.one("version"))?, Sent::read(topic, form)?);
    state.store.write(move |tx| sent.set(tx, &caller, expected)).await.map_err(failure_of)
}

/// What is sent for a topic.
enum Sent {
    Defaults(SentDefaults),
    Security(Security),
    Website(Website),
    Offline(Offline),
    Names(Topic, Vec<String>),
}

impl Sent {
    fn read(topic: Topic, form: &Pairs) -> Result<Self, Failure> {
        Ok(match topic {
            Topic::Defaults => Self::Defaults(SentDefaults {
                user_type: form.some("user_type"),
                role: form.some("role"),
                groups: form.all("groups"),
                categories: form.all("categories"),
                vendor_access: form.has("vendor_access", "true"),
                add_ons: form.all("add_ons"),
            }),
            Topic::Security => Self::Security(Security {
                access_notice: form.line("access_notice"),
                information_banner: form.line("information_banner"),
                minimum_password_length: length(form.one("minimum_password_length"))?,
            }),
            Topic::Website => Self::Website(Website {
                name: form.one("name").to_owned(),
                summary: form.line("summary"),
                contact: form.one("contact").to_owned(),
            }),
            Topic::Offline => {
                Self::Offline(Offline { allowed: form.has("allowed", "true"), most_days: days(form.one("most_days"))? })
            }
            Topic::Groups | Topic::Categories => Self::Names(topic, lines(form.one("names"))),
        })
    }

    fn set(self, tx: &WriteTx<'_>, caller: &Caller, expected: u64) -> Result<(), StoreError> {
        match self {
            Self::Defaults(sent) => settings::set_defaults(tx, caller, sent, Some(expected)),
            Self::Security(sent) => settings::set_security(tx, caller, sent, Some(expected)),
            Self::Website(sent) => settings::set_website(tx, caller, sent, Some(expected)),
            Self::Offline(sent) => settings::set_offline(tx, caller, sent, Some(expected)),
            Self::Names(topic, names) => settings::set_names(tx, caller, topic, names, Some(expected)),
        }
    }
}

/// A length as it was typed; what is no number is no length.
fn length(typed: &str) -> Result<usize, Failure> {
    let number = super::import::number("/minimum_password_length", typed)?;
    Ok(number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default())
}

/// A number of days as it was typed; nothing where none was. A larger one than there can be is refused by the action.
fn days(typed: &str) -> Result<Option<u32>, Failure> {
    let number = super::import::number("/most_days", typed)?;
    Ok(number.map(|number| u32::try_from(number).unwrap_or(u32::MAX)))
}

/// The names in a field, one in a line.
fn lines(typed: &str) -> Vec<String> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What was sent to a page, and what came of it.
struct Step<'a> {
    sent: Option<&'a Pairs>,
    failure: Option<&'a Failure>,
    done: Option<String>,
}

fn answered(state: &AppState, visit: Visit, topic: Topic, step: Step<'_>) -> Result<Response, Refused> {
    let caller = visit.caller();
    let read = state.store.read(|tx| {
        let shown = settings::show(tx, &caller, topic)?;
        let offer = (topic == Topic::Defaults).then(|| offer::for_the_defaults(tx, &caller)).transpose()?;
        Ok((shown, offer, settings::topics(tx, &caller).is_ok_and(|topics| topics.contains(&topic))))
    });
    let (shown, offer, may_change) = read.map_err(|error| visit.refused(error))?;
    let form = form(&visit, topic, &shown, &step);
    let frame = visit.frame;
    let Step { sent, failure, .. } = step;
    Ok(match topic {
        Topic::Defaults => {
            let offer = offer.ok_or_else(|| Refused::new(frame.clone(), no_offer()))?;
            told(failure, &defaults(form, frame, (&offer, &shown), sent))
        }
        Topic::Security => told(failure, &security(form, frame, shown.value, sent)),
        Topic::Website => told(failure, &website(form, frame, shown.value, sent)),
        Topic::Offline => told(failure, &offline(form, frame, shown.value, sent)),
        Topic::Groups | Topic::Categories => {
            told(failure, &labels(form, frame, (topic, shown.value, may_change), sent))
        }
    })
}

fn no_offer() -> Failure {
    Failure::plain(errors::Code::Internal)
}

fn told(failure: Option<&Failure>, content: &(impl askama::Template + std::fmt::Debug)) -> Response {
    match failure {
        Some(failure) => refusal(content, failure),
        None => page(content),
    }
}

/// The form; one that was refused keeps the version that it was made from.
fn form(visit: &Visit, topic: Topic, shown: &Shown, step: &Step<'_>) -> Form {
    let made_from = step.sent.and_then(|form| form.one("version").parse().ok());
    Form {
        topic: topic.as_str(),
        csrf: visit.token(),
        version: made_from.unwrap_or(shown.version),
        changed: shown.changed.clone().map(|(who, at)| (who, When::from(at))),
        problem: step.failure.map(ErrorSummary::from),
        done: step.done.clone(),
    }
}

type Framed = crate::pages::frame::Frame;

fn defaults(form: Form, frame: Framed, (offer, shown): (&Offer, &Shown), sent: Option<&Pairs>) -> DefaultsSettings {
    let saved = |id: Option<&str>| id.unwrap_or_default().to_owned();
    let user_type = sent
        .map_or_else(|| saved(offer.user_type.as_ref().map(|id| id.as_str())), |form| form.one("user_type").to_owned());
    let role =
        sent.map_or_else(|| saved(offer.role.as_ref().map(|id| id.as_str())), |form| form.one("role").to_owned());
    let administrator = offer.catalog.administrator().map(|role| role.id.as_str());
    let roles = names::roles(&offer.catalog, &role).into_iter();
    DefaultsSettings {
        frame,
        user_types: names::types_with_room(&offer.catalog, &offer.room, &user_type),
        roles: roles.filter(|choice| Some(choice.id.as_str()) != administrator).collect(),
        extras: extras::fields(offer, sent, form.problem.as_ref()),
        add_ons: default_add_ons(offer, &shown.value, sent),
        fault: shown.problem.as_ref().map(ErrorSummary::from),
        form,
    }
}

/// The add-ons and extensions of the catalog that a member can hold, with those that are saved or were sent.
fn default_add_ons(offer: &Offer, value: &Value, sent: Option<&Pairs>) -> Vec<Choice> {
    let saved = read::<SentDefaults>(serde_json::json!({"add_ons": value.get("add_ons")})).add_ons;
    let chosen = sent.map_or(saved, |form| form.all("add_ons"));
    let held = offer.catalog.add_ons().iter().filter(|add_on| add_on.kind != AddOnKind::Organization);
    held.map(|add_on| Choice {
        id: add_on.id.to_string(),
        name: add_on.name.clone(),
        selected: chosen.iter().any(|id| id == add_on.id.as_str()),
    })
    .collect()
}

/// A value of a topic as its action reads it.
fn read<T: DeserializeOwned + Default>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

fn security(form: Form, frame: Framed, value: Value, sent: Option<&Pairs>) -> SecuritySettings {
    let saved: Security = read(value);
    let typed = |field: &str, saved: String| sent.map_or(saved, |form| form.one(field).to_owned());
    SecuritySettings {
        frame,
        form,
        access_notice: typed("access_notice", saved.access_notice),
        information_banner: typed("information_banner", saved.information_banner),
        minimum_password_length: typed("minimum_password_length", saved.minimum_password_length.to_string()),
    }
}

fn website(form: Form, frame: Framed, value: Value, sent: Option<&Pairs>) -> WebsiteSettings {
    let saved: Website = read(value);
    let typed = |field: &str, saved: String| sent.map_or(saved, |form| form.one(field).to_owned());
    WebsiteSettings {
        frame,
        form,
        name: typed("name", saved.name),
        summary: typed("summary", saved.summary),
        contact: typed("contact", saved.contact),
    }
}

fn offline(form: Form, frame: Framed, value: Value, sent: Option<&Pairs>) -> OfflineSettings {
    let saved: Offline = read(value);
    let days = saved.most_days.map(|days| days.to_string()).unwrap_or_default();
    OfflineSettings {
        frame,
        form,
        allowed: sent.map_or(saved.allowed, |form| form.has("allowed", "true")),
        most_days: sent.map_or(days, |form| form.one("most_days").to_owned()),
    }
}

fn labels(
    form: Form,
    frame: Framed,
    (topic, value, may_change): (Topic, Value, bool),
    sent: Option<&Pairs>,
) -> NamesSettings {
    let count = |name: &String| value.get("members").and_then(|members| members.get(name)).and_then(Value::as_u64);
    let names: Vec<String> =
        read::<Names>(serde_json::json!({"names": value.get("names")})).names.into_iter().collect();
    NamesSettings {
        frame,
        form,
        title: link(topic).name,
        used: names.iter().map(|name| (name.clone(), count(name).unwrap_or(0))).collect(),
        names: sent.map_or_else(|| names.join("\n"), |form| form.one("names").to_owned()),
        may_change,
    }
}

#[cfg(test)]
mod tests {
    use super::{length, lines};

    #[test]
    fn names_are_read_line_by_line_without_blanks() {
        assert_eq!(lines(" Parks \r\n\r\nRoads\n"), ["Parks", "Roads"]);
        assert!(lines(" \n ").is_empty());
    }

    #[test]
    fn a_length_is_a_whole_number_and_nothing_is_none() {
        assert_eq!((length("14"), length("")), (Ok(14), Ok(0)));
        assert!(length("many").is_err());
    }
}
