//! Products in use, with the names of their products and licenses.

use std::collections::BTreeSet;

use catalog::Catalog;
use entitlement::{AddOnId, Policy, ProductId};
use rules::offline::CheckoutState;
use rules::product_access::{Access, Source};
use rules::session::SessionFacts;
use store::StoredCheckout;

use super::names;
use crate::actions::activity::InUse;
use crate::pages::choice::Choice;
use crate::pages::in_use::{OfflineRow, ProductRow, SessionRow};
use crate::pages::when::When;
use crate::texts::text;

/// The add-ons and extensions that somebody holds, in the order of the catalog; unknown ones last.
#[must_use]
pub fn add_ons(catalog: &Catalog, held: &BTreeSet<AddOnId>) -> Vec<Choice> {
    let place = |id: &&AddOnId| catalog.add_ons().iter().position(|known| known.id == **id).unwrap_or(usize::MAX);
    let mut held: Vec<&AddOnId> = held.iter().collect();
    held.sort_by_key(place);
    let choice = |id: &AddOnId| Choice { id: id.to_string(), name: names::add_on(catalog, id), selected: true };
    held.into_iter().map(choice).collect()
}

/// A session for people.
#[must_use]
pub fn session(policy: Policy, product: &ProductId, one: &SessionFacts) -> SessionRow {
    SessionRow {
        id: one.id.clone(),
        product: product.to_string(),
        computer: one.device_name.clone(),
        created: When::from(one.created_at),
        last_used: When::from(one.last_used),
        until: When::from(one.active_until(policy)),
    }
}

/// An offline license for people.
#[must_use]
pub fn offline(out: &StoredCheckout) -> OfflineRow {
    OfflineRow {
        id: out.facts.id.clone(),
        product: out.product.to_string(),
        computer: out.facts.device_name.clone(),
        until: When::from(out.facts.until),
        released: out.facts.state == CheckoutState::Released,
    }
}

/// The level and the extensions; a product without either is there or not.
#[must_use]
pub fn level(catalog: &Catalog, access: &Access) -> String {
    let extensions = access.extensions.iter().map(|id| names::add_on(catalog, id));
    let parts: Vec<String> = access.level.iter().cloned().chain(extensions).collect();
    if parts.is_empty() { "–".to_owned() } else { parts.join("; ") }
}

/// What one member uses.
#[must_use]
pub fn products(catalog: &Catalog, policy: Policy, all: &[InUse]) -> Vec<ProductRow> {
    let row = |one: &InUse| ProductRow {
        name: names::product(catalog, &one.product),
        access: one.access.as_ref().map(|access| held(catalog, access)),
        last_used: one.last_used.map(When::from),
        sessions: one.sessions.iter().map(|of| session(policy, &one.product, of)).collect(),
        offline: one.offline.as_ref().map(offline),
    };
    all.iter().map(row).collect()
}

fn held(catalog: &Catalog, access: &Access) -> String {
    let by = match &access.source {
        Source::Included => text("access-included").plain(),
        Source::AddOn(id) => text("access-add-on").with("name", names::add_on(catalog, id)).plain(),
    };
    match level(catalog, access).as_str() {
        "–" => by,
        level => text("access-level").with("level", level).with("by", by).plain(),
    }
}
