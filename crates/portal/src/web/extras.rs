//! Groups, categories and vendor-site access in forms. A form says in `offered` which of them it had; what it did not
//! have is not asked for, and what it had and nobody ticked is asked to be none.

use std::collections::BTreeSet;

use errors::Failure;
use rules::defaults::AskedExtras;

use super::pairs::Pairs;
use crate::actions::input::labels;
use crate::actions::offer::{Labels, Offer};
use crate::pages::choice::Choice;
use crate::pages::error_summary::ErrorSummary;
use crate::pages::extras::{ExtrasFields, LabelList};
use crate::texts::{Text, text};

/// What a form asks for.
///
/// # Errors
/// `validation-failed` for a label that cannot be one.
pub(super) fn asked(form: &Pairs) -> Result<AskedExtras, Failure> {
    let list = |field: &str| {
        let names = form.has("offered", field).then(|| form.all(field));
        names.map(|names| labels(&format!("/{field}"), names)).transpose()
    };
    let (groups, categories) = (list("groups")?, list("categories")?);
    let vendor_access = form.has("offered", "vendor_access").then(|| form.has("vendor_access", "true"));
    Ok(AskedExtras { groups, categories, vendor_access })
}

/// The fields with what is offered; with what was sent, once something was.
pub(super) fn fields(offer: &Offer, sent: Option<&Pairs>, problem: Option<&ErrorSummary>) -> ExtrasFields {
    let list = |field: &'static str, legend: Text, labels: &Option<Labels>| {
        let Labels { known, given } = labels.as_ref().filter(|labels| !labels.known.is_empty())?;
        let sent = sent.map(|form| form.all(field).into_iter().collect::<BTreeSet<_>>());
        let chosen = sent.as_ref().unwrap_or(given);
        let choice = |name: &String| Choice { id: name.clone(), name: name.clone(), selected: chosen.contains(name) };
        let wrong = problem.and_then(|problem| problem.wrong(field)).map(str::to_owned);
        Some(LabelList { field, legend: legend.plain(), wrong, choices: known.iter().map(choice).collect() })
    };
    let lists = [
        list("groups", text("common-groups"), &offer.groups),
        list("categories", text("common-categories"), &offer.categories),
    ];
    ExtrasFields {
        lists: lists.into_iter().flatten().collect(),
        vendor_access: offer.vendor_access.map(|open| sent.map_or(open, |form| form.has("vendor_access", "true"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rules::defaults::AskedExtras;

    use super::asked;
    use crate::web::pairs::Pairs;

    fn form(pairs: &[(&str, &str)]) -> Pairs {
        serde_json::from_value(serde_json::json!(pairs)).unwrap()
    }

    #[test]
    fn what_a_form_did_not_offer_is_not_asked_for() {
        assert_eq!(asked(&form(&[("groups", "Parks")])), Ok(AskedExtras::default()));
    }

    #[test]
    fn what_it_offered_and_nobody_ticked_is_asked_to_be_none() {
        let none = AskedExtras { groups: Some(BTreeSet::new()), vendor_access: Some(false), ..AskedExtras::default() };
        assert_eq!(asked(&form(&[("offered", "groups"), ("offered", "vendor_access")])), Ok(none));
    }

    #[test]
    fn what_was_ticked_is_asked_for() {
        let sent = form(&[("offered", "categories"), ("categories", "Staff"), ("categories", "Seasonal")]);
        let both = ["Staff", "Seasonal"].map(str::to_owned).into();
        assert_eq!(asked(&sent), Ok(AskedExtras { categories: Some(both), ..AskedExtras::default() }));
    }
}
