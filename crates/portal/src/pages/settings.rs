//! The settings: what there is, and one page for each topic (S54, S204 to S206).

use askama::Template;

use crate::pages::choice::{Choice, TypeChoice};
use crate::pages::error_summary::ErrorSummary;
use crate::pages::extras::ExtrasFields;
use crate::pages::frame::Frame;
use crate::pages::when::When;
use crate::pages::words;

/// `/settings`: the topics that the reader may change.
#[derive(Debug, Clone, Template)]
#[template(path = "settings.html")]
pub struct Settings {
    /// The surroundings.
    pub frame: Frame,
    /// The topics.
    pub topics: Vec<TopicLink>,
}

/// A topic to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicLink {
    /// The last part of its address.
    pub id: &'static str,
    /// Its name.
    pub name: String,
    /// What is set there.
    pub about: String,
}

/// What stands on the page of every topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The last part of its address.
    pub topic: &'static str,
    /// The form token.
    pub csrf: String,
    /// The version that the page was made from.
    pub version: u64,
    /// Who changed it last, and when.
    pub changed: Option<(String, When)>,
    /// Why it was not saved.
    pub problem: Option<ErrorSummary>,
    /// What has just happened.
    pub done: Option<String>,
}

impl Form {
    pub(super) fn is_stale(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.code == "stale")
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().and_then(|problem| problem.wrong(field))
    }
}

/// `/settings/defaults`: what new members get where nothing is asked.
#[derive(Debug, Clone, Template)]
#[template(path = "settings_defaults.html")]
pub struct DefaultsSettings {
    /// The surroundings.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// The user types with their room; the chosen one is selected.
    pub user_types: Vec<TypeChoice>,
    /// The roles but the Administrator's; the chosen one is selected.
    pub roles: Vec<Choice>,
    /// Groups, categories and vendor-site access.
    pub extras: ExtrasFields,
    /// The add-ons and extensions; those that are given are selected.
    pub add_ons: Vec<Choice>,
    /// What is wrong with the saved defaults under the file in force.
    pub fault: Option<ErrorSummary>,
}

/// `/settings/security`.
#[derive(Debug, Clone, Template)]
#[template(path = "settings_security.html")]
pub struct SecuritySettings {
    /// The surroundings.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// What is shown before the sign-in.
    pub access_notice: String,
    /// What is shown on every page.
    pub information_banner: String,
    /// The fewest characters of a new password, as typed.
    pub minimum_password_length: String,
}

/// `/settings/offline`.
#[derive(Debug, Clone, Template)]
#[template(path = "settings_offline.html")]
pub struct OfflineSettings {
    /// The surroundings.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// Whether members may take products offline.
    pub allowed: bool,
    /// The most days, as typed; empty for what the license file allows.
    pub most_days: String,
}

/// `/settings/website`.
#[derive(Debug, Clone, Template)]
#[template(path = "settings_website.html")]
pub struct WebsiteSettings {
    /// The surroundings.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// The name of the house; the customer's where it is empty.
    pub name: String,
    /// A line about it.
    pub summary: String,
    /// Whom members turn to.
    pub contact: String,
}

/// `/settings/groups` and `/settings/categories`.
#[derive(Debug, Clone, Template)]
#[template(path = "settings_names.html")]
pub struct NamesSettings {
    /// The surroundings.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// `Groups`, or `Categories`.
    pub title: String,
    /// Each with how many members have it.
    pub used: Vec<(String, u64)>,
    /// The names as typed, one in a line.
    pub names: String,
    /// Whether the reader may change them, or only look.
    pub may_change: bool,
}

impl NamesSettings {
    pub(super) fn used_words(&self, count: &u64) -> String {
        words::members(*count)
    }
}

#[cfg(test)]
mod tests {
    use errors::{Code, Failure};
    use serde_json::json;

    use super::*;
    use crate::pages::{html, sample};

    fn form(problem: Option<&Failure>) -> Form {
        Form {
            topic: "website",
            csrf: "c5f0".to_owned(),
            version: 4,
            changed: Some(("rosei <b>".to_owned(), sample::two_past_two())),
            problem: problem.map(ErrorSummary::from),
            done: None,
        }
    }

    fn website(problem: Option<&Failure>) -> String {
        let name = "\"><script>".to_owned();
        let (summary, contact) = ("Maps.".to_owned(), "gis@example.gov".to_owned());
        html(&WebsiteSettings { frame: sample::administrator(), form: form(problem), name, summary, contact }).unwrap()
    }

    #[test]
    fn the_index_links_the_topics_that_may_be_changed_and_no_others() {
        let topics = vec![TopicLink { id: "website", name: "Website".to_owned(), about: "The name.".to_owned() }];
        let page = html(&Settings { frame: sample::administrator(), topics }).unwrap();
        assert!(page.contains(r#"<a href="/settings/website">Website</a>"#));
        assert!(!page.contains("/settings/defaults"));
    }

    #[test]
    fn a_form_carries_token_and_version_and_tells_who_changed_it_last() {
        let page = website(None);
        assert!(page.contains(r#"<form method="post" action="/settings/website">"#));
        assert!(page.contains(r#"<input type="hidden" name="version" value="4">"#));
        assert!(page.contains(r#"Last changed by rosei &#60;b&#62; on <time datetime="2026-11-22T14:02:00Z">"#));
        assert!(page.contains(r#"name="name" value="&#34;&#62;&#60;script&#62;""#) && !page.contains("<script>"));
        assert!(!page.contains("Show them as they are now"));
    }

    #[test]
    fn somebody_who_was_faster_can_be_looked_at() {
        let page = website(Some(&Failure::plain(Code::Stale)));
        assert!(page.contains(r#"<a href="/settings/website">Show them as they are now</a>"#));
    }

    #[test]
    fn a_wrong_field_says_so_beside_it() {
        let failure = Failure::plain(Code::ValidationFailed)
            .with("errors", json!([{"pointer": "/contact", "message": "is too long"}]));
        let page = website(Some(&failure));
        assert!(page.contains(r#"<span class="wrong" id="contact-wrong">is too long</span>"#));
        assert!(page.contains(r#"aria-invalid="true" aria-describedby="contact-hint contact-wrong""#));
    }

    #[test]
    fn the_defaults_tell_what_the_file_in_force_makes_of_them() {
        let fault = ErrorSummary::from(&Failure::new(Code::ValidationFailed, "Viewer is not licensed."));
        let page = html(&DefaultsSettings {
            frame: sample::administrator(),
            form: Form { topic: "defaults", ..form(None) },
            user_types: sample::user_types(),
            roles: sample::roles(),
            extras: ExtrasFields::default(),
            add_ons: vec![Choice { id: "pro".to_owned(), name: "Pro".to_owned(), selected: true }],
            fault: Some(fault),
        })
        .unwrap();
        assert!(page.contains(r#"<input type="checkbox" name="add_ons" value="pro" checked> Pro</label>"#));
        assert!(page.contains("Viewer is not licensed.") && page.contains("<h2>The saved defaults do not work</h2>"));
        assert!(page.contains(r#"<option value="">None: it is chosen for each member</option><option value="viewer" selected>Viewer (full)</option>"#));
    }

    #[test]
    fn names_stand_one_in_a_line_and_tell_how_many_members_have_them() {
        let names = |may_change| {
            html(&NamesSettings {
                frame: sample::administrator(),
                form: Form { topic: "groups", ..form(None) },
                title: "Groups".to_owned(),
                used: vec![("Parks".to_owned(), 1), ("Roads".to_owned(), 0)],
                names: "Parks\nRoads".to_owned(),
                may_change,
            })
            .unwrap()
        };
        assert!(names(true).contains(">Parks\nRoads</textarea>"));
        assert!(names(true).contains(r#"<th scope="row">Parks</th><td class="number">1 member</td>"#));
        assert!(!names(false).contains("<textarea"));
    }

    #[test]
    fn the_security_form_keeps_what_was_typed() {
        let page = html(&SecuritySettings {
            frame: sample::administrator(),
            form: Form { topic: "security", ..form(None) },
            access_notice: "For <staff>.".to_owned(),
            information_banner: String::new(),
            minimum_password_length: "many".to_owned(),
        })
        .unwrap();
        assert!(page.contains(">For &#60;staff&#62;.</textarea>") && page.contains(r#"value="many""#));
    }
}
