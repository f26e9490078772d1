//! The signed files as they come: any bytes.

use entitlement::{
    Entitlement, KeyId, LeaseError, OpenError, SealError, Use, open_activation_request, open_catalog, open_entitlement,
    open_lease, open_return_code, open_trust_list, open_usage_report, peek_kind, seal_activation_request, seal_catalog,
    seal_entitlement, seal_lease, seal_return_code, seal_trust_list, seal_usage_report,
};
use errors::Failure;

use crate::golden::{DEVICE, LEASE, LICENSE, NOW, PORTAL, ROOT, ROOTS, TRUST, VENDOR};
use crate::promise;

/// A trust list.
pub fn trust(bytes: &[u8]) {
    let list = match open_trust_list(bytes, &ROOTS, *NOW) {
        Ok(list) => list,
        Err(error) => return refused(bytes, error),
    };
    shows(bytes, &list.identity().to_string(), list.signed_by());
    let Some(again) = written(seal_trust_list(list.draft(), &ROOT.secret())) else { return };
    let again = open_trust_list(&again, &ROOTS, *NOW).expect("what was sealed opens");
    assert_eq!(again.draft(), list.draft());
    list.admit(Some((list.version(), *list.identity()))).expect("the same list again is admitted");
}

/// An entitlement.
pub fn entitlement(bytes: &[u8]) {
    let installed = open_entitlement(bytes, &TRUST, Use::Installed, *NOW);
    let file = match open_entitlement(bytes, &TRUST, Use::Importing, *NOW) {
        Ok(file) => file,
        Err(error) => return refused(bytes, error),
    };
    assert_eq!(Ok(&file), installed.as_ref(), "what is new here was good where it was installed before");
    shows(bytes, &file.identity().to_string(), file.kid());
    holds(&file);
    if file.kid().as_str() != VENDOR.kid {
        return;
    }
    let Some(again) = written(seal_entitlement(file.draft(), &VENDOR.secret())) else { return };
    let again = open_entitlement(&again, &TRUST, Use::Importing, *NOW).expect("what was sealed opens");
    assert_eq!(again.draft(), file.draft());
}

/// What is asked of an opened entitlement has answers that agree.
fn holds(file: &Entitlement) {
    let now = file.at(*NOW);
    for (id, count) in now.user_types() {
        assert_eq!(now.licensed(id), *count);
    }
    let _ = (file.term_state(*NOW), file.revoked_by(&TRUST));
    if let Err(error) = file.admit(&entitlement::Place::default()) {
        promise::shown(&Failure::from(error));
    }
}

/// A signed catalog, and the catalog in it.
pub fn catalog(bytes: &[u8]) {
    let catalog = match open_catalog(bytes, &TRUST) {
        Ok(catalog) => catalog,
        Err(error) => return refused(bytes, error),
    };
    crate::plain::catalog(catalog.bytes());
    let Some(again) = written(seal_catalog(catalog.bytes(), &VENDOR.secret())) else { return };
    let again = open_catalog(&again, &TRUST).expect("what was sealed opens");
    assert_eq!((again.bytes(), again.digest()), (catalog.bytes(), catalog.digest()));
}

/// A usage report.
pub fn usage(bytes: &[u8]) {
    let report = match open_usage_report(bytes, *NOW) {
        Ok(report) => report,
        Err(error) => return refused(bytes, error),
    };
    assert_eq!(*report.portal(), report.key().thumbprint(), "a portal has the name of its key");
    if report.portal().as_str() == PORTAL.kid {
        let Some(again) = written(seal_usage_report(report.says(), &PORTAL.secret())) else { return };
        let again = open_usage_report(&again, *NOW).expect("what was sealed opens");
        assert_eq!(again.says(), report.says());
    }
}

/// An activation request.
pub fn request(bytes: &[u8]) {
    let request = match open_activation_request(bytes, *NOW) {
        Ok(request) => request,
        Err(error) => return refused(bytes, error),
    };
    assert_eq!(*request.portal(), request.key().thumbprint(), "a portal has the name of its key");
    if request.portal().as_str() == PORTAL.kid {
        let again = seal_activation_request(&PORTAL.secret(), request.issued_at()).expect("what opens can be sealed");
        assert_eq!(open_activation_request(again.as_bytes(), *NOW), Ok(request));
    }
}

/// A lease under the golden license.
pub fn lease(bytes: &[u8]) {
    let lease = match open_lease(bytes, &LICENSE, *NOW, None) {
        Ok(lease) => lease,
        Err(error) => return lease_refused(error),
    };
    let here = lease.device().id.as_str();
    assert_eq!(open_lease(bytes, &LICENSE, *NOW, Some(here)).as_ref(), Ok(&lease));
    let elsewhere = open_lease(bytes, &LICENSE, *NOW, Some("another computer"));
    assert_eq!(elsewhere.map_err(|error| error.code()).err(), Some("lease-other-device"));
    assert!(lease.until() <= LICENSE.until().expect("the golden license ends"));
    let Some(again) = written(seal_lease(lease.draft(), &PORTAL.secret())) else { return };
    let again = open_lease(&again, &LICENSE, *NOW, None).expect("what was sealed opens");
    assert_eq!(again.draft(), lease.draft());
}

/// A return code of the golden lease.
pub fn return_code(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let code = match open_return_code(text, &LEASE) {
        Ok(code) => code,
        Err(error) => return lease_refused(error),
    };
    let again = seal_return_code(&LEASE, &DEVICE.secret(), code.issued_at()).expect("what opens can be sealed");
    assert_eq!(open_return_code(&again, &LEASE), Ok(code));
}

/// Looking into a file shows what opening it found.
fn shows(bytes: &[u8], identity: &str, kid: &KeyId) {
    let seen = peek_kind(bytes).expect("a file that opened shows itself");
    assert_eq!((seen.identity.to_string().as_str(), &seen.kid), (identity, kid));
}

/// What was sealed; nothing where the form that sealing writes is too large for a file, as the one that came was not.
fn written(sealed: Result<String, SealError>) -> Option<Vec<u8>> {
    match sealed {
        Ok(text) => Some(text.into_bytes()),
        Err(SealError::TooLarge { .. }) => None,
        Err(error) => panic!("what opens can be sealed: {error}"),
    }
}

fn refused(bytes: &[u8], error: OpenError) {
    promise::known(error.code());
    promise::shown(&Failure::from(error));
    if let Err(error) = peek_kind(bytes) {
        promise::known(error.code());
    }
}

fn lease_refused(error: LeaseError) {
    promise::known(error.code());
    promise::shown(&Failure::from(error));
}
