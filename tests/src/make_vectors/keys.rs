//! Steps 3 to 6 across files: kinds, keys, signatures, and when a key counts.

use super::index::{Case, refuse};
use super::json::Json;
use super::samples::*;
use super::sign::{IDENTITY_POINT, Key, Sealed, base64url, thumbprint};

const SIGNATURE: &str = "license-signature";

pub fn cases() -> Vec<Case> {
    [kinds(), unknown_keys(), signatures(), weak_signatures(), dates(), requests(), order()]
        .into_iter()
        .flatten()
        .collect()
}

/// Every kind offered as every other that can be opened, all signed by one key that may sign every kind.
fn kinds() -> Vec<Case> {
    let key = one_key();
    let payload = |kind: &str| match kind {
        "trust" => one_key_trust().compact(),
        "catalog" => CATALOG.to_owned(),
        "portal" => request(&key).compact(),
        "lease" => one_key_lease().compact(),
        "return" => return_code().compact(),
        "usage" => r#"{"schema":1}"#.to_owned(),
        _ => entitlement().compact(),
    };
    let mut cases = Vec::new();
    for (kind, typ) in TYPS {
        for wanted in TYPS.map(|kind| kind.0).into_iter().filter(|wanted| *wanted != "usage" && *wanted != kind) {
            let name = format!("the-kind-{kind}-offered-as-the-kind-{wanted}");
            let sealed = key.sign(typ, &payload(kind));
            let text = if wanted == "return" { sealed.compact() } else { sealed.file() };
            cases.push(refuse(&name, "license-wrong-kind", text).as_kind(wanted));
        }
    }
    for (name, typ) in [
        ("unknown", "JWT"),
        ("empty", ""),
        ("in-capitals", "Seatwarden-Entitlement+JWT"),
        ("without-its-ending", "seatwarden-entitlement"),
        ("with-a-prefix", "application/seatwarden-entitlement+jwt"),
        ("with-a-space-behind-it", "seatwarden-entitlement+jwt "),
    ] {
        let file = vendor().sign(typ, &entitlement().compact()).file();
        cases.push(refuse(&format!("a-kind-which-is-{name}"), "license-wrong-kind", file));
    }
    cases
}

fn unknown_keys() -> Vec<Case> {
    let signed = |name: &str, key: &Key| {
        refuse(name, "license-key-unknown", key.sign(ENTITLEMENT_TYP, &entitlement().compact()).file())
    };
    let list = |name: &str, key: &Key| {
        refuse(name, "license-key-unknown", key.sign(TRUST_TYP, &trust().compact()).file()).trust_list(ROOTS)
    };
    let capitals = Key { kid: "VENDOR-2026-A".to_owned(), ..vendor() };
    vec![
        signed("an-entitlement-of-a-key-in-no-list", &stranger()),
        signed("an-entitlement-of-the-root-key", &root()),
        signed("an-entitlement-of-a-portal", &portal()),
        signed("an-entitlement-of-a-key-named-in-capitals", &capitals),
        signed("an-entitlement-of-a-key-that-an-earlier-list-did-not-hold", &coming()).under(EXPIRED_TRUST),
        list("a-trust-list-of-a-vendor-key", &vendor()),
        list("a-trust-list-of-a-key-in-no-list", &stranger()),
        list("a-trust-list-under-other-roots", &root()).trust_list(ONE_KEY_ROOTS),
        refuse("a-catalog-of-a-key-in-no-list", "license-key-unknown", stranger().sign(CATALOG_TYP, CATALOG).file())
            .catalog(),
    ]
}

fn signatures() -> Vec<Case> {
    let base = sealed();
    let case = |name: &str, sealed: &Sealed| refuse(name, SIGNATURE, sealed.file());
    let named = |key: &Key, name: &str| Key { kid: name.to_owned(), ..key.clone() };
    let text = entitlement().compact();
    let more = licensed(&entitlement().with("user_types.1.count", "500"));
    let flipped = |at: usize| {
        let mut changed = base.clone();
        changed.signature[at] ^= 1;
        changed
    };
    let swapped = Sealed {
        signature: [&base.signature[32..], &base.signature[..32]].concat().try_into().expect("64"),
        ..base.clone()
    };
    let respelt = base64url(vendor().header(ENTITLEMENT_TYP).replace("EdDSA", "Ed25519").as_bytes());
    let other_kid = base64url(named(&vendor(), "vendor-2026-b").header(ENTITLEMENT_TYP).as_bytes());
    let list = named(&vendor(), "root-a").sign(TRUST_TYP, &trust().compact());
    let catalog = named(&stranger(), "vendor-2026-a").sign(CATALOG_TYP, CATALOG);
    vec![
        case("the-payload-of-another-file", &Sealed { payload: more.payload, ..base.clone() }),
        case("the-signature-of-another-file", &Sealed { signature: more.signature, ..base.clone() }),
        case("the-header-respelt-after-signing", &Sealed { protected: respelt, ..base.clone() }),
        case("the-header-names-another-trusted-key", &Sealed { protected: other_kid, ..base.clone() }),
        case("one-bit-of-r-is-changed", &flipped(0)),
        case("one-bit-of-s-is-changed", &flipped(32)),
        case("r-and-s-are-swapped", &swapped),
        case("the-signature-is-all-zeros", &Sealed { signature: [0; 64], ..base.clone() }),
        case("s-plus-the-order-of-the-group", &base.clone().with_s_plus_order()),
        case(
            "signed-by-a-stranger-under-the-name-of-the-vendor",
            &named(&stranger(), "vendor-2026-a").sign(ENTITLEMENT_TYP, &text),
        ),
        case(
            "signed-by-the-root-under-the-name-of-the-vendor",
            &named(&root(), "vendor-2026-a").sign(ENTITLEMENT_TYP, &text),
        ),
        refuse("a-trust-list-signed-by-a-vendor-under-the-name-of-the-root", SIGNATURE, list.file()).trust_list(ROOTS),
        refuse("a-catalog-signed-by-a-stranger-under-the-name-of-the-vendor", SIGNATURE, catalog.file()).catalog(),
    ]
}

/// Signatures that plain verification takes: under the identity key for every text, and by a signer with the nonce 0.
fn weak_signatures() -> Vec<Case> {
    let x = base64url(&IDENTITY_POINT);
    let payload =
        request(&portal()).with("jwk.x", &format!("\"{x}\"")).with("portal", &format!("\"{}\"", thumbprint(&x)));
    let nobody = Key { kid: thumbprint(&x), ..stranger() };
    let mut anything = nobody.sign(REQUEST_TYP, &payload.compact());
    anything.signature = [0; 64];
    anything.signature[0] = 1;
    let small = sealed().with_small_order_r(&vendor());
    let request = portal().sign(REQUEST_TYP, &request(&portal()).compact()).with_small_order_r(&portal());
    vec![
        refuse("an-activation-request-under-the-identity-key", "license-key-weak", anything.file()).request(),
        refuse("an-entitlement-signed-with-an-r-of-small-order", SIGNATURE, small.file()),
        refuse("an-activation-request-signed-with-an-r-of-small-order", SIGNATURE, request.file()).request(),
    ]
}

fn dates() -> Vec<Case> {
    let instant = |text: &str| entitlement().with("iat", &at(text).to_string());
    let signed = |name: &str, code: &str, key: &Key, payload: &Json| {
        refuse(name, code, key.sign(ENTITLEMENT_TYP, &payload.compact()).file())
    };
    let (base, later) = (entitlement(), "2029-01-01T00:00:00Z");
    let (early, retired_at, coming_at) =
        (instant("2025-12-31T23:59:59Z"), instant("2026-06-01T00:00:00Z"), instant("2028-01-01T00:00:00Z"));
    let (before, then) = (instant("2026-11-14T23:59:59Z"), instant("2026-11-15T00:00:00Z"));
    let (not_yet, past, revoked_code) = ("license-key-not-yet-valid", "license-key-retired", "license-key-revoked");
    let ahead = base.with("iat", &(at(super::NOW) + 86_401).to_string());
    vec![
        signed("issued-one-second-before-its-key-counted", not_yet, &vendor(), &early),
        signed("issued-by-a-key-that-counts-from-next-year", not_yet, &coming(), &base),
        signed("issued-at-the-end-of-its-key", past, &vendor(), &coming_at).now(later),
        signed("issued-by-a-key-of-last-year", past, &retired(), &base),
        signed("issued-at-the-end-of-the-key-of-last-year", past, &retired(), &retired_at),
        signed("issued-by-a-key-revoked-since", revoked_code, &revoked(), &before),
        signed("issued-by-a-revoked-key", revoked_code, &revoked(), &base),
        signed("installed-and-issued-by-a-revoked-key", revoked_code, &revoked(), &base).installed(),
        signed("installed-and-issued-as-its-key-was-revoked", revoked_code, &revoked(), &then).installed(),
        refuse("a-catalog-of-a-revoked-key", revoked_code, revoked().sign(CATALOG_TYP, CATALOG).file()).catalog(),
        signed("issued-one-second-more-than-a-day-ahead", "license-issued-ahead", &vendor(), &ahead),
        signed("issued-under-a-later-trust-list", "license-needs-newer-trust", &vendor(), &base.with("min_trust", "8")),
        signed("opened-under-an-earlier-trust-list", "license-needs-newer-trust", &vendor(), &base)
            .under(EXPIRED_TRUST),
    ]
}

fn requests() -> Vec<Case> {
    let (key, base) = (portal(), request(&portal()));
    let case = |name: &str, code: &str, sealed: &Sealed| refuse(name, code, sealed.file()).request();
    let other = Key { kid: other_portal().kid, ..portal() };
    let forged = Key { kid: portal().kid, ..other_portal() };
    let not_its_own = base.with("portal", &format!("\"{}\"", other.kid)).compact();
    let text = base.compact();
    let ahead = base.with("iat", &(at(super::NOW) + 86_401).to_string()).compact();
    vec![
        case("an-activation-request-that-another-key-signed", SIGNATURE, &forged.sign(REQUEST_TYP, &text)),
        case(
            "an-activation-request-whose-header-names-another-portal",
            "license-malformed",
            &other.sign(REQUEST_TYP, &text),
        ),
        case(
            "an-activation-request-whose-portal-is-not-its-key",
            "license-malformed",
            &other.sign(REQUEST_TYP, &not_its_own),
        ),
        case(
            "an-activation-request-issued-more-than-a-day-ahead",
            "license-issued-ahead",
            &key.sign(REQUEST_TYP, &ahead),
        ),
        case("an-activation-request-of-a-vendor-key", "license-malformed", &vendor().sign(REQUEST_TYP, &text)),
    ]
}

/// Files that break two rules: the earlier step answers.
fn order() -> Vec<Case> {
    let base = entitlement();
    let forged = Key { kid: "vendor-2026-b".to_owned(), ..stranger() };
    let bad = base.with("iat", &at("2035-01-01T00:00:00Z").to_string()).with("min_trust", "99");
    let edited = about().with("sequence", "5");
    let unknown = Key { kid: "stranger".to_owned(), ..stranger() };
    let typ = TYPS[4].1;
    vec![
        refuse("the-kind-is-told-before-the-key", "license-wrong-kind", unknown.sign(typ, "{}").file()),
        refuse("the-key-is-told-before-the-signature", "license-key-unknown", {
            Sealed { signature: [0; 64], ..unknown.sign(ENTITLEMENT_TYP, "{}") }.file()
        }),
        refuse("the-signature-is-told-before-the-payload", SIGNATURE, {
            Sealed { signature: [0; 64], ..licensed(&Json::Scalar("not JSON".to_owned())) }.file()
        }),
        refuse(
            "the-signature-is-told-before-the-revoked-key",
            SIGNATURE,
            forged.sign(ENTITLEMENT_TYP, &bad.compact()).file(),
        ),
        refuse("the-key-at-its-time-is-told-before-the-time-of-the-file", "license-key-retired", licensed(&bad).file()),
        refuse("the-revoked-key-is-told-before-the-summary", "license-key-revoked", {
            revoked().sign(ENTITLEMENT_TYP, &base.compact()).about(edited.clone()).file()
        }),
        refuse("the-trust-list-is-told-before-the-summary", "license-needs-newer-trust", {
            licensed(&base.with("min_trust", "8")).about(edited.clone()).file()
        }),
        refuse("the-summary-is-told-before-the-portal", "license-summary-edited", {
            licensed(&full()).about(edited).file()
        })
        .at(super::PlaceFacts { portal: None, ..place() }),
    ]
}
