//! Texts that nobody signs: catalogs and orders.

use catalog::Catalog;
use entitlement::{CatalogRef, EntitlementDraft, LicenseId, Name, SealError, Use, open_entitlement, seal_entitlement};
use errors::Failure;
use issuer::order::{self, Order};

use crate::golden::{NOW, TRUST, VENDOR};
use crate::promise;

/// More pairs of user types and roles are not asked for one by one.
const MOST_PAIRS: usize = 1000;

/// The payload of a catalog.
pub fn catalog(bytes: &[u8]) {
    let catalog = match Catalog::parse(bytes) {
        Ok(catalog) => catalog,
        Err(error) => return promise::shown(&Failure::from(error)),
    };
    let again = Catalog::parse(bytes).expect("the same bytes are the same catalog");
    assert_eq!((again.digest(), again.id(), again.roles()), (catalog.digest(), catalog.id(), catalog.roles()));
    assert!(catalog.administrator().is_some(), "a catalog has an administrator");
    if catalog.user_types().len().saturating_mul(catalog.roles().len()) > MOST_PAIRS {
        return;
    }
    for user_type in catalog.user_types() {
        assert_eq!(catalog.user_type(&user_type.id), Some(user_type));
        for role in catalog.roles() {
            let nearest = catalog.nearest_role(role, user_type);
            assert!(nearest.is_none_or(|nearest| catalog.role_fits(nearest, user_type)), "the nearest role fits");
        }
    }
    for add_on in catalog.add_ons() {
        let product = add_on.product.as_ref();
        assert!(product.is_none_or(|product| catalog.product(product).is_some()), "an add-on is of a known product");
    }
}

/// An order.
pub fn order(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let order = match order::read(text, Catalog::arcgis()) {
        Ok(order) => order,
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "an order is refused for a reason");
            assert!(mistakes.is_sorted_by_key(|mistake| mistake.line), "in the order of the lines");
            let lines = text.split('\n').count();
            let placed = |line: usize| (1..=lines).contains(&line);
            assert!(mistakes.iter().all(|mistake| placed(mistake.line) && !mistake.problem.is_empty()), "{mistakes:?}");
            return;
        }
    };
    assert_eq!(order::read(text, Catalog::arcgis()).as_ref(), Ok(&order));
    let draft = draft(order);
    let file = match seal_entitlement(&draft, &VENDOR.secret()) {
        Ok(file) => file,
        Err(SealError::TooLarge { .. }) => return,
        Err(error) => panic!("an order without a mistake makes a file: {error}"),
    };
    let file = open_entitlement(file.as_bytes(), &TRUST, Use::Importing, *NOW).expect("what was sealed opens");
    assert_eq!(*file.draft(), draft);
}

/// The file that would be made of the order.
fn draft(order: Order) -> EntitlementDraft {
    let catalog = Catalog::arcgis();
    EntitlementDraft {
        jti: LicenseId::parse("SW-2026-000001").expect("a license id"),
        contract: order.contract,
        sequence: 1,
        supersedes: None,
        replaces: order.replaces,
        min_trust: 1,
        iss: Name::parse("Example Vendor").expect("a name"),
        iat: *NOW,
        nbf: order.from,
        exp: order.until,
        portal: None,
        customer: order.customer,
        catalog: CatalogRef { id: catalog.id().clone(), sha256: *catalog.digest() },
        user_types: order.user_types,
        add_ons: order.add_ons,
        policy: order.policy,
        ext: None,
        note: order.note,
    }
}
