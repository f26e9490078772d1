//! What new members get beside seat and role, as forms offer it: groups, categories, the vendor's own site.

use crate::pages::choice::Choice;

/// The fields that the writer of the form may fill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExtrasFields {
    /// Groups and categories, where there are some to give.
    pub lists: Vec<LabelList>,
    /// Whether the vendor's own site is to be open, where that may be said.
    pub vendor_access: Option<bool>,
}

/// Labels to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelList {
    /// The name of the field: `groups` or `categories`.
    pub field: &'static str,
    /// The heading.
    pub legend: String,
    /// What is wrong with what was ticked.
    pub wrong: Option<String>,
    /// The labels.
    pub choices: Vec<Choice>,
}
