//! The pages: one typed struct for each, with its template. They are plain data; what is true is decided before.
//!
//! Every page is whole without script, has one stylesheet, and carries a [`frame::Frame`]: the navigation, the notice of
//! user types over their limit, and the footer. All text is escaped by the template engine.

pub mod accept_invitation;
pub mod activity;
pub mod add_member;
pub mod add_on;
pub mod assets;
pub mod audit;
pub mod barred;
pub mod bulk_change;
pub mod change_password;
pub mod change_user_type;
pub mod changes;
pub mod chart;
pub mod choice;
pub mod consent;
pub mod day;
pub mod delete_member;
pub mod directory;
pub mod edit_member;
pub mod error;
pub mod error_summary;
pub mod extras;
pub mod frame;
pub mod help;
pub mod import_members;
pub mod import_preview;
pub mod in_use;
pub mod invitations;
pub mod licenses;
pub mod member;
pub mod member_filter;
pub mod members;
pub mod not_activated;
pub mod overview;
pub mod plan;
pub mod privileges;
pub mod profile;
pub mod reports;
pub mod role_editor;
pub mod roles;
#[cfg(test)]
mod sample;
pub mod seats;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod swap;
pub mod undo;
pub mod until;
pub mod when;
pub mod why;
mod words;

use std::fmt;

use askama::Template;
use errors::{Code, Failure};

/// The HTML of a page.
///
/// # Errors
/// `internal` when a value of the page cannot be written.
pub fn html(page: &(impl Template + fmt::Debug)) -> Result<String, Failure> {
    // Every test that writes a page proves of it that no text was forgotten.
    #[cfg(test)]
    assert_eq!(crate::texts::forgotten(page), Vec::<String>::new(), "words of a page that are in no text");
    page.render().map_err(|error| {
        tracing::error!(target: "portal::pages", %error, "a page cannot be written");
        Failure::plain(Code::Internal)
    })
}
