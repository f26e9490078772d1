//! A bound entitlement, a lease under it, and the computer that has the lease.

use entitlement::*;

use crate::fixture::*;

pub const DEVICE: [u8; 32] = [6; 32];

/// The key of the computer.
pub fn device_key() -> SecretKey {
    SecretKey::self_named(&DEVICE)
}

/// The entitlement that is bound to the portal.
pub fn bound() -> Entitlement {
    opened(&full_draft())
}

/// Thirty days offline from now on, with everything that may be absent.
pub fn lease_draft(entitlement: &Entitlement) -> LeaseDraft {
    LeaseDraft {
        jti: LeaseId::parse("lease-0001").unwrap(),
        sub: Label::parse("member-17").unwrap(),
        username: Some(Label::parse("ada").unwrap()),
        product: ProductId::parse("arcgis-pro").unwrap(),
        level: Some(Label::parse("standard").unwrap()),
        extensions: vec![AddOnId::parse("spatial-analyst").unwrap()],
        device: LeaseDevice {
            id: Label::parse("pc-0001").unwrap(),
            name: Name::parse("Ada's laptop").unwrap(),
            key: Some(device_key().public()),
        },
        usage: LeaseUse::Offline,
        iat: now(),
        nbf: now(),
        exp: at("2027-01-14T00:00:00Z"),
        license: *entitlement.identity(),
        epoch: 3,
    }
}

/// A sealed lease under the bound entitlement.
pub fn sealed_lease() -> String {
    seal_lease(&lease_draft(&bound()), &portal()).unwrap()
}

/// The lease of the fixture, opened.
pub fn opened_lease() -> Lease {
    open_lease(sealed_lease().as_bytes(), &bound(), now(), None).unwrap()
}

/// Signs a payload as a lease of the portal.
pub fn portal_signed(payload: &str) -> String {
    sign(&header(portal().kid().as_str(), Kind::Lease), payload, &PORTAL)
}

/// The code with which a lease or return code is refused, or `ok`.
pub fn lease_code<T>(opened: Result<T, LeaseError>) -> &'static str {
    opened.map_or_else(|error| error.code(), |_| "ok")
}

/// What becomes of a draft that the portal seals.
pub fn granted(draft: &LeaseDraft, entitlement: &Entitlement) -> &'static str {
    let file = seal_lease(draft, &portal()).unwrap();
    lease_code(open_lease(file.as_bytes(), entitlement, now(), None))
}
