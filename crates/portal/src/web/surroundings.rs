//! The frame of a page, filled in.

use catalog::Catalog;
use entitlement::{Moment, UserTypeId};
use rules::notice::Notice;
use rules::product_access::Shortfall;

use super::names;
use crate::actions::surroundings::{self, DueReturn, EndsSoon, Excess, Started, Surroundings};
use crate::auth::csrf;
use crate::auth::session::Session;
use crate::pages::frame::{self, Caution, Footer, FooterLicense, Frame, House, OverLimit, ProductsBlocked, Reader};
use crate::pages::when::When;
use crate::problem::failure_of;
use crate::state::AppState;
use crate::texts::text;

/// The house where no file names its customer.
const NAMELESS: &str = "Seatwarden";

/// The frame for a session, or for nobody, and whether the portal is activated. Where the data cannot be read, the frame
/// still stands: a page must tell it.
#[must_use]
pub fn around(state: &AppState, session: Option<&Session>) -> (Frame, bool) {
    let reader = session.map(|session| session.member());
    let read = state.store.read(|tx| surroundings::show(tx, reader)).map_err(failure_of).ok();
    let activated = read.as_ref().is_none_or(|read| read.activated);
    (filled(state, session, read.as_ref()), activated)
}

fn filled(state: &AppState, session: Option<&Session>, read: Option<&Surroundings>) -> Frame {
    let file = read.and_then(|read| read.license.as_deref()).map(store::Installed::entitlement);
    let reader = session.map(|session| Reader {
        name: names::of(&session.view.member),
        csrf: csrf::form_token(&session.token),
        open: read.map(|read| read.open).unwrap_or_default(),
    });
    let over = read.map(|read| read.over.iter().map(|one| over_limit(one, &read.catalog, read.may_change)).collect());
    Frame {
        portal_name: portal_name(read),
        house: read.map(house).unwrap_or_default(),
        demo: state.serving.demo,
        reader,
        over_limit: over.unwrap_or_default(),
        due_returns: read.map(|read| read.due.iter().map(due_return).collect()).unwrap_or_default(),
        products_blocked: read.and_then(|read| read.blocked.as_ref().map(|blocked| products_blocked(blocked, read))),
        ends_soon: read.and_then(|read| read.ends_soon).map(|EndsSoon { at, within_days }| frame::EndsSoon {
            at: When::from(at),
            within_days: within_days.unsigned_abs(),
        }),
        cautions: read.map(|read| read.cautions.iter().filter_map(caution).collect()).unwrap_or_default(),
        footer: Footer {
            portal_id: state.portal.to_string(),
            license: file.map(|file| FooterLicense { id: file.license().to_string(), sequence: file.sequence() }),
            version: env!("CARGO_PKG_VERSION"),
        },
    }
}

/// What is told of the clock, the trust list and the keys, and what to do about it.
fn caution(notice: &Notice) -> Option<Caution> {
    let (id, told) = match notice {
        Notice::OverAssigned { .. } | Notice::EndsSoon { .. } => return None,
        Notice::ClockBehind { wall, now, may_accept } => {
            let told = if *may_accept { "clock-behind-text" } else { "clock-behind-held-text" };
            ("clock-behind", text(told).with("wall", wall.to_string()).with("now", now.to_string()))
        }
        Notice::ClockAhead { wall, newest } => {
            ("clock-ahead", text("clock-ahead-text").with("wall", wall.to_string()).with("newest", newest.to_string()))
        }
        Notice::TrustListExpired { since } => {
            ("trust-list-expired", text("trust-list-expired-text").with("since", since.to_string()))
        }
        Notice::SigningKeyRevoked { key } => {
            ("signing-key-revoked", text("signing-key-revoked-text").with("key", key.to_string()))
        }
        Notice::StagedRefused { license, problem } => (
            "staged-refused",
            text("staged-refused-text").with("license", license.to_string()).with("problem", problem),
        ),
    };
    Some(Caution { id, heading: text(id).plain(), text: told.plain() })
}

fn products_blocked((since, short): &(Moment, Vec<Shortfall>), read: &Surroundings) -> ProductsBlocked {
    let each = short.iter().map(|one| (names::add_on(&read.catalog, &one.add_on), one.assigned, one.licensed));
    ProductsBlocked { since: When::from(*since), short: each.collect() }
}

/// The name that was set, or the customer's.
fn portal_name(read: Option<&Surroundings>) -> String {
    let set = read.map(|read| read.website.name.clone()).filter(|name| !name.is_empty());
    let file = read.and_then(|read| read.license.as_deref()).map(store::Installed::entitlement);
    set.or_else(|| file.map(|file| file.customer().name.to_string())).unwrap_or_else(|| NAMELESS.to_owned())
}

fn house(read: &Surroundings) -> House {
    House {
        summary: read.website.summary.clone(),
        contact: read.website.contact.clone(),
        access_notice: read.security.access_notice.clone(),
        information_banner: read.security.information_banner.clone(),
    }
}

fn over_limit(excess: &Excess, catalog: &Catalog, may_change: bool) -> OverLimit {
    let Excess { over, since, started } = excess;
    OverLimit {
        id: over.user_type.to_string(),
        name: names::user_type(catalog, &over.user_type),
        assigned: over.assigned,
        licensed: over.licensed,
        over: over.assigned.saturating_sub(over.licensed),
        since: since.map(When::from),
        locked_out: over.locked_out,
        started: started.as_ref().map(|started| told(started, &over.user_type, (catalog, may_change))),
    }
}

fn told(started: &Started, into: &UserTypeId, (catalog, may_change): (&Catalog, bool)) -> frame::Started {
    let to = names::user_type(catalog, into);
    let each = started.entered.iter();
    let each = each.map(|(username, from)| {
        text("moved").with("who", username).with("from", names::user_type(catalog, from)).with("to", &to).plain()
    });
    frame::Started {
        change: may_change.then(|| started.change.to_string()),
        who: started.by.clone(),
        what: each.collect::<Vec<_>>().join(", "),
    }
}

fn due_return(due: &DueReturn) -> frame::DueReturn {
    let DueReturn { change, members, since, problem } = due;
    frame::DueReturn {
        change: change.to_string(),
        who: names::shortened(members),
        since: When::from(*since),
        problem: problem.clone(),
    }
}
